//! One credential in the lines of a résumé.

use waymark_criteria::Requirement;

use crate::app::App;
use crate::credentials::{self, Credential, Visibility};
use crate::error::Result;
use crate::ids::MemberId;
use crate::sharing::shown;
use crate::tracks::{Kind, TrackDefinition};
use crate::web::era;
use crate::web::i18n::{Locale, Words};
use crate::{issuer, tracks};

/// The word that ends a line of 免許・資格.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// 合格: a test was passed.
    Passed,
    /// 取得: a certificate or licence was granted.
    Obtained,
    /// 認定: a title or an achievement was recognised.
    Recognised,
    /// 修了: a course was completed.
    Completed,
}

impl Verb {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "合格",
            Self::Obtained => "取得",
            Self::Recognised => "認定",
            Self::Completed => "修了",
        }
    }

    /// By the kind of the track and what it asks for. A title that ends in the word does not say it twice.
    pub fn of(definition: &TrackDefinition, title: &str) -> Self {
        let verb = match definition.kind {
            Kind::Learning => Self::Completed,
            Kind::Title | Kind::Milestone | Kind::Thanks => Self::Recognised,
            Kind::Certification if only_exams(definition) => Self::Passed,
            Kind::Certification => Self::Obtained,
        };
        if title.ends_with(verb.as_str()) { Self::Obtained } else { verb }
    }
}

/// Whether nothing but exams is asked for.
fn only_exams(definition: &TrackDefinition) -> bool {
    let tree = definition.requirements();
    let nodes = tree.nodes();
    let mut leaves = nodes.iter().map(|n| &n.requirement).filter(|r| r.children().is_empty()).peekable();
    leaves.peek().is_some() && leaves.all(|r| matches!(r, Requirement::Exam { .. }))
}

/// Year, month and day on the issuer's calendar.
pub type Day = (i16, i8, i8);

/// One credential, as résumés name it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub kind: Kind,
    pub title_ja: String,
    pub title_en: String,
    pub issuer_ja: String,
    pub issuer_en: String,
    pub awarded: Day,
    pub until: Option<Day>,
    pub number: String,
    /// Its public page, where there is one.
    pub url: Option<String>,
    pub verb: Verb,
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn english_month(day: Day) -> String {
    let name = usize::try_from(day.1 - 1).ok().and_then(|at| MONTHS.get(at)).unwrap_or(&"");
    format!("{name} {}", day.0)
}

/// `2026-04-01`.
pub fn iso(day: Day) -> String {
    format!("{:04}-{:02}-{:02}", day.0, day.1, day.2)
}

impl Entry {
    /// Whether it belongs under 免許・資格: thanks are no qualification.
    pub fn is_qualification(&self) -> bool {
        self.kind != Kind::Thanks
    }

    /// `2026年4月　例の会 基礎 取得`.
    pub fn western(&self) -> String {
        format!("{}年{}月　{}", self.awarded.0, self.awarded.1, self.earned())
    }

    /// `令和8年4月　例の会 基礎 取得`.
    pub fn in_era(&self) -> String {
        format!("{}　{}", era::month(self.awarded), self.earned())
    }

    fn earned(&self) -> String {
        format!("{} {} {}", self.issuer_ja, self.title_ja, self.verb.as_str())
    }

    /// For a 職務経歴書: `基礎（例の会、2026年4月取得、2029年3月まで有効、認定番号 EG-2026-000042）https://…`.
    pub fn career(&self) -> String {
        let done = match self.kind {
            Kind::Thanks => "受領",
            _ => self.verb.as_str(),
        };
        let until = self.until.map(|u| format!("、{}年{}月まで有効", u.0, u.1)).unwrap_or_default();
        let line = format!(
            "{}（{}、{}年{}月{done}{until}、認定番号 {}）",
            self.title_ja, self.issuer_ja, self.awarded.0, self.awarded.1, self.number
        );
        self.url.as_ref().map_or(line.clone(), |url| format!("{line}{url}"))
    }

    /// `Foundations: Example Guild, Apr 2026 (valid to Mar 2029). Certificate no. EG-2026-000042. https://…`
    pub fn english(&self) -> String {
        let until = self.until.map(|u| format!(" (valid to {})", english_month(u))).unwrap_or_default();
        let url = self.url.as_ref().map(|url| format!(" {url}")).unwrap_or_default();
        format!(
            "{}: {}, {}{until}. Certificate no. {}.{url}",
            self.title_en,
            self.issuer_en,
            english_month(self.awarded),
            self.number
        )
    }

    pub fn title(&self, locale: Locale) -> &str {
        if locale == Locale::Ja { &self.title_ja } else { &self.title_en }
    }

    pub fn issuer(&self, locale: Locale) -> &str {
        if locale == Locale::Ja { &self.issuer_ja } else { &self.issuer_en }
    }
}

/// What the member holds today, oldest first, and how many do not hold any more.
pub async fn entries(app: &App, member: MemberId) -> Result<(Vec<Entry>, usize)> {
    let (db, now) = (app.db.read(), app.db.now());
    let held = credentials::of_member(db, member).await?;
    let (mut valid, lapsed): (Vec<Credential>, Vec<Credential>) =
        held.into_iter().partition(|c| shown::state_of(c, now) == "valid");
    valid.sort_by_key(|c| (c.awarded_at, c.id));
    let mut entries = vec![];
    for c in valid {
        let definition = tracks::version(db, c.track_version).await?.definition;
        let issuer = issuer::find(db, c.issuer).await?.profile;
        let zone = issuer.zone();
        let (ja, en) = (Words::new(Locale::Ja), Words::new(Locale::En));
        let title_ja = one_line(ja.pick(&definition.title));
        entries.push(Entry {
            kind: definition.kind,
            verb: Verb::of(&definition, &title_ja),
            title_ja,
            title_en: one_line(en.pick(&definition.title)),
            issuer_ja: one_line(ja.pick(&issuer.name)),
            issuer_en: one_line(en.pick(&issuer.name)),
            awarded: zone.calendar(c.awarded_at),
            until: c.valid_until.map(|t| zone.calendar(t)),
            number: c.number.clone(),
            url: (c.visibility != Visibility::Private).then(|| app.links.share(&c.share_id)),
        });
    }
    Ok((entries, lapsed.len()))
}

/// A break in a title would begin a line that no issuer wrote.
fn one_line(text: &str) -> String {
    text.split(char::is_control).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_title_stays_on_its_line() {
        assert_eq!(one_line("基礎\r\n\t2026年4月　別の会 上級 取得"), "基礎 2026年4月　別の会 上級 取得");
        assert_eq!(one_line("基礎　認定 (A)"), "基礎　認定 (A)");
    }

    fn track(kind: &str, title: &str, requires: Value) -> TrackDefinition {
        TrackDefinition::from_value(&json!({
            "slug": "t", "kind": kind, "title": {"ja": title, "en": "T"}, "criteria": {"ja": "x", "en": "x"}, "requires": requires
        }))
        .expect("a track")
    }

    #[test]
    fn the_verb_follows_the_kind() {
        let exam = || json!({"all": [{"id": "e", "exam": {"slug": "x"}}]});
        let give = || json!({"all": [{"id": "e", "exam": {"slug": "x"}}, {"id": "g", "contributions": {"types": ["a"], "at_least": 1}}]});
        for (kind, title, requires, verb) in [
            ("certification", "基礎", exam(), "合格"),
            ("certification", "基礎", give(), "取得"),
            ("certification", "基礎試験合格", exam(), "取得"),
            ("learning", "入門", give(), "修了"),
            ("title", "年間最優秀メンバー", give(), "認定"),
            ("title", "名誉会員認定", give(), "取得"),
            ("milestone", "貢献100件", give(), "認定"),
        ] {
            assert_eq!(Verb::of(&track(kind, title, requires), title).as_str(), verb, "{kind} {title}");
        }
    }

    #[test]
    fn lines_read_as_they_do_in_resumes() {
        let entry = Entry {
            kind: Kind::Certification,
            title_ja: "コミュニティ・コントリビューター認定 上級".to_owned(),
            title_en: "Community Contributor Certification, Advanced".to_owned(),
            issuer_ja: "一般社団法人サンプル技術者協会".to_owned(),
            issuer_en: "Sample Engineers Association".to_owned(),
            awarded: (2026, 4, 1),
            until: Some((2029, 3, 31)),
            number: "WM-2026-004213".to_owned(),
            url: Some("https://certs.example/c/x".to_owned()),
            verb: Verb::Obtained,
        };
        assert_eq!(
            entry.western(),
            "2026年4月　一般社団法人サンプル技術者協会 コミュニティ・コントリビューター認定 上級 取得"
        );
        assert_eq!(
            entry.in_era(),
            "令和8年4月　一般社団法人サンプル技術者協会 コミュニティ・コントリビューター認定 上級 取得"
        );
        assert_eq!(
            entry.english(),
            "Community Contributor Certification, Advanced: Sample Engineers Association, Apr 2026 (valid to Mar 2029). \
             Certificate no. WM-2026-004213. https://certs.example/c/x"
        );
        assert_eq!(
            entry.career(),
            "コミュニティ・コントリビューター認定 上級（一般社団法人サンプル技術者協会、2026年4月取得、2029年3月まで有効、認定番号 WM-2026-004213）https://certs.example/c/x"
        );
        assert_eq!(Entry { awarded: (2019, 5, 1), ..entry.clone() }.in_era().split('　').next(), Some("令和元年5月"));
        assert_eq!(
            Entry { until: None, url: None, ..entry }.english().split(". ").next(),
            Some("Community Contributor Certification, Advanced: Sample Engineers Association, Apr 2026")
        );
    }
}
