//! What is missing, in words, and where to go for it.

use waymark_criteria::{Cycle, Distinct, Missing, NodeId};

use super::asked::{called, score_key};
use super::explain::{kind_words, kinds_words};
use super::given::by_link;
use super::requirement::Teller;

impl Teller<'_> {
    /// One line; staff are told what is so, the member what to do.
    pub(super) fn missing(&self, missing: &Missing) -> Option<String> {
        if self.for_staff
            && let Some(said) = self.for_staff(missing)
        {
            return Some(said);
        }
        let w = self.w;
        let more = |key: &str, n: u32, types: &[String]| w.with2(key, "n", n, "kinds", kinds_words(w, types));
        Some(match missing {
            Missing::TakeExam { score: None, .. } => w.t("missing-exam"),
            Missing::TakeExam { score: Some(need), .. } => {
                let (key, n) = score_key(*need);
                w.with1(&format!("missing-exam-{key}"), "n", n)
            }
            Missing::Contribute { types, count } => more("missing-contribute", *count, types),
            Missing::Gather { types, amount } => {
                w.with2("missing-sum", "amount", amount.to_string(), "kinds", kinds_words(w, types))
            }
            Missing::Vary { of: Distinct::Source, types, count } => more("missing-sources", *count, types),
            Missing::Vary { types, count, .. } => more("missing-types", *count, types),
            Missing::BeActive { types, days } => more("missing-active-days", *days, types),
            Missing::KeepUp { types, cycle, count, before } => {
                let key = match cycle {
                    Cycle::Day => "missing-streak-days",
                    Cycle::Week => "missing-streak-weeks",
                    Cycle::Month | Cycle::Quarter | Cycle::Year => "missing-streak-months",
                };
                let all = more(key, *count, types);
                match before {
                    Some(at) => w.sentences(&[all, w.with1("missing-streak-before", "date", self.book.date(*at))]),
                    None => all,
                }
            }
            Missing::AwaitEvent { r#type } => w.with1("missing-event", "kind", kind_words(w, r#type)),
            Missing::HoldCredential { track } => w.with1("missing-hold", "track", called(self.tracks, track)),
            Missing::WaitUntil { at } => w.with1("missing-wait", "date", self.book.date(*at)),
            Missing::BeAttested { role } => w.with1("missing-attested", "role", role.as_str()),
            Missing::BeGivenTitle { title } => w.with1("missing-panel", "title", called(self.tracks, title)),
            Missing::Join => w.t("missing-join"),
            Missing::AnyOf { .. } => w.t("missing-any"),
            Missing::SomeOf { count, .. } => w.with1("missing-some", "n", *count),
        })
    }

    /// What is worded otherwise for staff; none where one wording serves both.
    fn for_staff(&self, missing: &Missing) -> Option<String> {
        let w = self.w;
        Some(match missing {
            Missing::TakeExam { score: None, .. } => w.t("staff-missing-exam"),
            Missing::TakeExam { score: Some(need), .. } => {
                let (key, n) = score_key(*need);
                w.with1(&format!("staff-missing-exam-{key}"), "n", n)
            }
            Missing::HoldCredential { track } => w.with1("staff-missing-hold", "track", called(self.tracks, track)),
            Missing::WaitUntil { at } => w.with1("staff-missing-wait", "date", self.book.date(*at)),
            Missing::BeAttested { role } => w.with1("staff-missing-attested", "role", role.as_str()),
            Missing::BeGivenTitle { title } => w.with1("staff-missing-panel", "title", called(self.tracks, title)),
            Missing::Join => w.t("staff-missing-join"),
            Missing::Contribute { .. }
            | Missing::Gather { .. }
            | Missing::Vary { .. }
            | Missing::BeActive { .. }
            | Missing::KeepUp { .. }
            | Missing::AwaitEvent { .. }
            | Missing::AnyOf { .. }
            | Missing::SomeOf { .. } => return None,
        })
    }

    /// Where to go for it.
    pub(super) fn action(&self, missing: &Missing, node: &NodeId) -> Option<(String, String)> {
        match missing {
            Missing::TakeExam { slug, .. } => Some((format!("/exams/{slug}"), self.w.t("action-exam"))),
            Missing::Contribute { types, .. }
            | Missing::Gather { types, .. }
            | Missing::Vary { types, .. }
            | Missing::BeActive { types, .. }
            | Missing::KeepUp { types, .. }
                if by_link(types) =>
            {
                Some(("/me/links".to_owned(), self.w.t("action-link")))
            }
            Missing::Contribute { .. }
            | Missing::Gather { .. }
            | Missing::Vary { .. }
            | Missing::BeActive { .. }
            | Missing::KeepUp { .. }
            | Missing::AwaitEvent { .. } => {
                Some((format!("/p/{}#asked-{node}", self.slug), self.w.t("action-contribute")))
            }
            Missing::HoldCredential { track } => Some((format!("/p/{track}"), self.w.t("action-track"))),
            Missing::BeGivenTitle { title } if self.tracks.contains_key(title) => {
                Some((format!("/p/{title}"), self.w.t("action-track")))
            }
            _ => None,
        }
    }
}
