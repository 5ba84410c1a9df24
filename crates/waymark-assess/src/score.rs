//! score = f(form, key set, responses): exact, and the same for ever. Choice items are all or nothing: the key, the whole
//! key and nothing else earns the point.

use crate::{
    canonical::{canonical, hash, hex},
    form::{Form, Handle, Position},
    item::{ItemKey, ItemVersion, OptionId, VersionHash},
    rational::Rational,
    response::Response,
};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Number of the rules in this module; other rules get another number.
pub const ENGINE: u32 = 1;

/// The least that passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Cut {
    /// So many points.
    Points(u32),
    /// So many percent of all points; any fraction of a percent is exact.
    Percent(Rational),
}

impl Cut {
    /// Whether `points` of `max` pass.
    pub fn is_passed_by(self, points: Rational, max: Rational) -> bool {
        match self {
            Self::Points(cut) => points >= Rational::from(cut),
            Self::Percent(percent) => {
                let needed = percent.checked_mul(max);
                let have = points.checked_mul(Rational::from(100));
                matches!((have, needed), (Some(have), Some(needed)) if have >= needed)
            }
        }
    }
}

/// The keys of a form's items. Staff only.
#[derive(Debug, Clone, Default)]
pub struct KeySet(BTreeMap<VersionHash, ItemKey>);

impl KeySet {
    pub fn insert(&mut self, version: VersionHash, key: ItemKey) {
        self.0.insert(version, key);
    }
}

impl<'v> FromIterator<&'v ItemVersion> for KeySet {
    fn from_iter<I: IntoIterator<Item = &'v ItemVersion>>(versions: I) -> Self {
        Self(versions.into_iter().map(|version| (version.hash(), version.key().clone())).collect())
    }
}

/// How a position came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    Right,
    Wrong,
    Omitted,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Omitted => "omitted",
        }
    }
}

/// A scored attempt, position by position. Staff only: which positions were right tells the key. A candidate gets a
/// [`Summary`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    summary: Summary,
    positions: Vec<(u32, Outcome)>,
    form: [u8; 32],
    keys: [u8; 32],
}

/// What a candidate may be told once the release policy allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub points: Rational,
    pub max: Rational,
    pub cut: Cut,
    pub passed: bool,
    /// In the order of the form.
    pub sections: Vec<SectionScore>,
}

/// One row of the section table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SectionScore {
    pub section: String,
    pub right: u32,
    pub of: u32,
}

/// Form, keys and responses do not belong together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotScorable {
    #[error("the key of position {0} is not in the key set: load the keys of the versions that the form names")]
    KeyMissing(u32),
    #[error("the response at position {0} names a handle that the form does not have there")]
    ForeignHandle(u32),
    #[error("there is a response at position {0}, which the form does not have")]
    NoSuchPosition(u32),
}

/// Scores the responses (by position number; a missing one is omitted) against the keys.
pub fn score(form: &Form, keys: &KeySet, responses: &BTreeMap<u32, Response>, cut: Cut) -> Result<Score, NotScorable> {
    if let Some(stray) = responses.keys().find(|number| form.position(**number).is_none()) {
        return Err(NotScorable::NoSuchPosition(*stray));
    }
    let (mut sections, mut positions, mut used) = (Vec::<SectionScore>::new(), Vec::new(), BTreeMap::new());
    for position in form.positions() {
        let key = keys.0.get(&position.item).ok_or(NotScorable::KeyMissing(position.number))?;
        used.insert(position.item.to_string(), key.value());
        let outcome = outcome(position, key, responses.get(&position.number))?;
        if sections.last().is_none_or(|last| last.section != position.section) {
            sections.push(SectionScore { section: position.section.clone(), right: 0, of: 0 });
        }
        let section = sections.last_mut().expect("a section was pushed if there was none");
        section.of += 1;
        section.right += u32::from(outcome == Outcome::Right);
        positions.push((position.number, outcome));
    }
    let points = Rational::from(sections.iter().map(|section| section.right).sum::<u32>());
    let max = Rational::from(sections.iter().map(|section| section.of).sum::<u32>());
    let passed = cut.is_passed_by(points, max);
    let summary = Summary { points, max, cut, passed, sections };
    Ok(Score { summary, positions, form: form.hash(), keys: hash(&json!(used)) })
}

fn outcome(position: &Position, key: &ItemKey, response: Option<&Response>) -> Result<Outcome, NotScorable> {
    let Some(response) = response.filter(|response| !response.is_cleared()) else { return Ok(Outcome::Omitted) };
    let option = |handle: &Handle| -> Option<&OptionId> {
        Some(&position.options().iter().find(|placed| placed.handle == *handle)?.option)
    };
    let chosen: Option<BTreeSet<&OptionId>> = response.handles().iter().map(option).collect();
    let chosen = chosen.ok_or(NotScorable::ForeignHandle(position.number))?;
    Ok(if key.is_exactly(&chosen) { Outcome::Right } else { Outcome::Wrong })
}

impl Score {
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Number of each position and how it came out.
    pub fn positions(&self) -> &[(u32, Outcome)] {
        &self.positions
    }

    /// Canonical JSON for storage: everything that a later re-run must reproduce, byte for byte.
    pub fn to_stored(&self) -> String {
        let outcomes: Vec<&str> = self.positions.iter().map(|(_, outcome)| outcome.as_str()).collect();
        let summary: Value = serde_json::to_value(&self.summary).expect("texts and whole numbers always serialize");
        canonical(&json!({
            "engine": ENGINE,
            "form_hash": hex(&self.form),
            "key_set_hash": hex(&self.keys),
            "outcomes": outcomes,
            "summary": summary,
        }))
    }
}
