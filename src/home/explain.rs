//! Facts, and why they do not count, in words.

use std::collections::{BTreeMap, HashMap};

use waymark_criteria::{Detail, Fact, Why};

use crate::clock::Timestamp;
use crate::contributions::Contribution;
use crate::ids::FactId;
use crate::web::i18n::{Locale, Words};
use crate::web::zone::Zone;

/// An event type in words: `change.merged` → "a merged change". A source's own type stands for itself.
pub(super) fn kind_words(w: Words, kind: &str) -> String {
    let key = format!("kind-{}", kind.replace(['.', '_'], "-").to_lowercase());
    if w.has(&key) { w.t(&key) } else { kind.to_owned() }
}

/// Several event types in one line.
pub(super) fn kinds_words(w: Words, kinds: &[String]) -> String {
    let words: Vec<String> = kinds.iter().map(|kind| kind_words(w, kind)).collect();
    words.join(&w.t("list-comma"))
}

/// The title of a contribution in this language, else what kind it is.
pub(super) fn title_of(w: Words, contribution: &Contribution) -> String {
    match w.pick(&contribution.titles) {
        "" => kind_words(w, &contribution.kind),
        title => title.to_owned(),
    }
}

/// One fact as a person reads it.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub at: Timestamp,
    pub title: String,
    pub url: Option<String>,
    void_reason: Option<String>,
}

/// What a member's facts are called. A fact is put into words when it is asked for: a page names few of many.
pub(super) struct FactBook<'f> {
    facts: HashMap<FactId, &'f Fact>,
    contributions: HashMap<FactId, &'f Contribution>,
    tracks: &'f BTreeMap<String, String>,
    /// Who decided on a title, when, and for which term, by its fact.
    decided: BTreeMap<FactId, String>,
    w: Words,
    zone: Zone,
}

impl<'f> FactBook<'f> {
    /// `tracks`: titles by slug.
    pub fn new(
        w: Words,
        zone: Zone,
        facts: &'f [Fact],
        contributions: &'f [Contribution],
        tracks: &'f BTreeMap<String, String>,
    ) -> Self {
        let facts = facts.iter().map(|fact| (fact.id, fact)).collect();
        let contributions = contributions.iter().filter_map(|c| c.fact.map(|fact| (fact, c))).collect();
        Self { facts, contributions, tracks, decided: BTreeMap::new(), w, zone }
    }

    /// The same book, which also knows who decided on titles.
    pub fn with_decided(self, decided: BTreeMap<FactId, String>) -> Self {
        Self { decided, ..self }
    }

    pub fn told(&self, fact: FactId) -> Option<Told> {
        if let Some(contribution) = self.contributions.get(&fact) {
            return Some(Told {
                at: contribution.happened_at,
                title: title_of(self.w, contribution),
                url: contribution.url.clone(),
                void_reason: contribution.void_reason.clone(),
            });
        }
        let fact = self.facts.get(&fact)?;
        let words = detail_words(self.w, &fact.detail, self.tracks);
        let title = match self.decided.get(&fact.id) {
            Some(decided) => self.w.with2("titles-fact-of", "what", words, "decided", decided.as_str()),
            None => words,
        };
        Some(Told { at: fact.happened_at, title, url: None, void_reason: None })
    }

    pub fn date(&self, at: Timestamp) -> String {
        self.zone.date(self.w, at)
    }

    /// Why the fact does not count.
    pub fn why(&self, fact: FactId, why: &Why) -> String {
        let w = self.w;
        match why {
            Why::Voided { .. } => match self.told(fact).and_then(|told| told.void_reason) {
                Some(reason) => w.with1("why-voided-because", "reason", reason),
                None => w.t("why-voided"),
            },
            Why::OutsideWindow { since } => w.with1("why-window", "date", self.date(*since)),
            Why::OverDailyCap { day, limit } => w.with2("why-daily", "date", day_words(w, *day), "n", *limit),
            Why::OverGiverCap { limit, .. } => w.with1("why-giver", "n", *limit),
            Why::SameObject { counted } => match self.told(*counted) {
                Some(first) => w.with2("why-same-as", "title", first.title.as_str(), "date", self.date(first.at)),
                None => w.t("why-same"),
            },
            Why::OverObjectCap { limit } => w.with1("why-object", "n", *limit),
            Why::SameType { counted } => self.same(*counted, "why-same-type"),
            Why::SameSource { counted } => self.same(*counted, "why-same-source"),
            Why::OwnAction => w.t("why-own"),
            Why::NotAccepted => w.t("why-not-accepted"),
            Why::OverReciprocalCap { limit, .. } => w.with1("why-reciprocal", "n", *limit),
            Why::OnHold { until } => w.with1("why-hold", "date", self.date(*until)),
            Why::BeforeStart => w.t("why-before-start"),
            Why::StreakBroken { since } => w.with1("why-streak", "date", self.date(*since)),
            Why::NoAmount => w.t("why-no-amount"),
            Why::BelowScore { score: Some(score), .. } => {
                w.with2("why-below-score", "points", score.points.to_string(), "of", score.of.to_string())
            }
            Why::BelowScore { score: None, .. } => w.t("why-no-score"),
            Why::NotPassed { score: Some(score) } => {
                w.with2("why-not-passed-score", "points", score.points.to_string(), "of", score.of.to_string())
            }
            Why::NotPassed { score: None } => w.t("why-not-passed"),
            Why::Superseded { .. } => w.t("why-superseded"),
            Why::Ended { at } => w.with1("why-ended", "date", self.date(*at)),
            Why::HappenedAhead { at } => w.with1("why-ahead", "date", self.zone.instant(w, *at)),
            Why::AfterMet { at } => w.with1("why-after", "date", self.date(*at)),
        }
    }
}

impl FactBook<'_> {
    /// That another one counts already for what should differ.
    fn same(&self, counted: FactId, key: &str) -> String {
        match self.told(counted) {
            Some(first) => {
                let named = format!("{key}-as");
                self.w.with2(&named, "title", first.title.as_str(), "date", self.date(first.at))
            }
            None => self.w.t(key),
        }
    }
}

fn detail_words(w: Words, detail: &Detail, tracks: &BTreeMap<String, String>) -> String {
    match detail {
        Detail::Exam { score: Some(score), .. } => {
            w.with2("fact-exam-score", "points", score.points.to_string(), "of", score.of.to_string())
        }
        Detail::Exam { .. } => w.t("fact-exam"),
        Detail::Contribution { r#type, .. } => kind_words(w, r#type),
        Detail::Credential { track, .. } => {
            w.with1("fact-credential", "track", tracks.get(track).map_or(track.as_str(), String::as_str))
        }
        Detail::Attestation { role } => w.with1("fact-attestation", "role", role.as_str()),
        Detail::Panel { title, .. } => {
            w.with1("fact-panel", "title", tracks.get(title).map_or(title.as_str(), String::as_str))
        }
        Detail::Given { r#type, .. } => w.with1("fact-given", "kind", kind_words(w, r#type)),
        Detail::Membership {} => w.t("fact-membership"),
    }
}

fn day_words(w: Words, day: time::Date) -> String {
    match w.locale {
        Locale::Ja => format!("{}年{}月{}日", day.year(), u8::from(day.month()), day.day()),
        Locale::En => {
            let month = day.month().to_string();
            format!("{} {} {}", day.day(), month.get(..3).unwrap_or(&month), day.year())
        }
    }
}
