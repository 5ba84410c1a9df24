//! What there is to choose from in this installation.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::control::plain;
use super::words::{Names, kind_name, title};
use crate::contributions::{self, is_activity};
use crate::database::Read;
use crate::error::Result;
use crate::web::i18n::Words;
use crate::{attestations, exams, tracks};

/// Event types that every installation offers: those of the contract that credit somebody.
const TYPES: [&str; 12] = [
    "answer.accepted",
    "idea.submitted",
    "idea.shipped",
    "content.published",
    "event.held",
    "event.attended",
    "talk.given",
    "review.published",
    "referral.made",
    "mentoring.session",
    "thanks.given",
    "change.merged",
];

/// Slugs and names.
pub struct Stock {
    pub exams: Vec<(String, String)>,
    pub tracks: Vec<(String, String)>,
    /// Tracks of which people decide who holds them.
    pub titles: Vec<(String, String)>,
    /// The slug of the track that is written; empty while it has none.
    pub own: String,
    /// Event types and what they are called.
    pub types: Vec<(String, String)>,
    /// Roles in which somebody can speak already.
    pub roles: Vec<String>,
    /// The event types that some way in brings.
    sent: BTreeSet<String>,
    /// The addresses by which sources are known.
    sources: BTreeSet<String>,
}

impl Stock {
    /// What the form of this document offers.
    pub async fn of(db: &impl Read, w: Words, document: &Value) -> Result<Self> {
        let exams = exams::list(db).await?.into_iter().map(|exam| {
            let name = title(w, &exam.spec.to_value(), &exam.spec.slug);
            (exam.spec.slug, name)
        });
        let exams = exams.collect();
        let (mut tracks, mut titles) = (vec![], vec![]);
        for version in tracks::current(db).await? {
            let named = (version.definition.slug.clone(), w.pick(&version.definition.title).to_owned());
            if version.definition.is_decided_title() {
                titles.push(named.clone());
            }
            tracks.push(named);
        }
        let known = contributions::sources(db).await?;
        let sources = known.iter().map(|source| source.source.clone()).collect();
        let by_sources: BTreeSet<String> = known.into_iter().flat_map(|source| source.types).collect();
        let more = by_sources.iter().filter(|kind| !is_activity(kind) && !TYPES.contains(&kind.as_str())).cloned();
        let types = TYPES.map(str::to_owned).into_iter().chain(more);
        let types = types.map(|kind| (kind.clone(), kind_name(w, &kind))).collect();
        let sent = contributions::own_types().map(str::to_owned).chain(by_sources).collect();
        let roles = attestations::roles(db).await?.into_iter().collect();
        Ok(Self { exams, tracks, titles, own: plain(&document["slug"]), types, roles, sent, sources })
    }

    pub fn names(&self) -> Names {
        let map = |list: &[(String, String)]| -> BTreeMap<String, String> { list.iter().cloned().collect() };
        Names { exams: map(&self.exams), tracks: map(&self.tracks), own: self.own.clone() }
    }

    /// Those of these addresses under which no source is known: nothing of theirs can count yet.
    pub fn unknown_sources<'k>(&self, asked: &'k Value) -> Vec<&'k str> {
        let asked = asked.as_array().into_iter().flatten().filter_map(Value::as_str);
        asked.filter(|source| !self.sources.contains(*source) && !contributions::is_own(source)).collect()
    }

    /// Those of these types that nothing brings: none of them can count yet.
    pub fn unsent<'k>(&self, kinds: &'k [String]) -> Vec<&'k str> {
        let missing = |kind: &&str| !is_activity(kind) && !self.sent.contains(*kind);
        kinds.iter().map(String::as_str).filter(missing).collect()
    }
}
