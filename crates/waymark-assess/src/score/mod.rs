//! score = f(form, key set, responses, marks): exact, and the same for ever. Unless its key says otherwise an item is all or
//! nothing: the key, the whole key and nothing else earns the point. What people mark comes in as `marks`.

mod credit;
mod level;
mod not_scorable;

pub use crate::grade::Cut;
pub use level::{Level, level};
pub use not_scorable::NotScorable;

use crate::{
    canonical::{canonical, hash, hex},
    form::{Form, Position},
    grade::{Scale, Terms, Treatment},
    item::{ItemKey, ItemVersion, VersionHash},
    rational::Rational,
    response::Response,
};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Number of the rules under which a form of choice items, each one point, all or nothing, is scored.
pub const ENGINE: u32 = 1;
/// Number of the rules for all other forms: parts, points and marks by people.
pub const ENGINE_WITH_PARTS: u32 = 2;

/// The keys of a form's items. Staff only.
#[derive(Debug, Clone, Default)]
pub struct KeySet(BTreeMap<VersionHash, ItemKey>);

impl KeySet {
    pub fn insert(&mut self, version: VersionHash, key: ItemKey) {
        self.0.insert(version, key);
    }

    /// A key as storage has it, for whoever scores again elsewhere; null where the set does not hold it.
    pub fn shown(&self, version: &VersionHash) -> Value {
        self.get(version).map_or(Value::Null, ItemKey::value)
    }

    pub(crate) fn get(&self, version: &VersionHash) -> Option<&ItemKey> {
        self.0.get(version)
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
    /// Some points, but not all.
    Partial,
    Wrong,
    Omitted,
    /// Answered, but no person has marked it yet: counts nothing so far.
    Waiting,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Partial => "partial",
            Self::Wrong => "wrong",
            Self::Omitted => "omitted",
            Self::Waiting => "waiting",
        }
    }
}

/// A scored attempt, position by position. Staff only: which positions were right tells the key. A candidate gets a
/// [`Summary`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    summary: Summary,
    positions: Vec<(u32, Outcome)>,
    /// Points and the most there were, position by position.
    points: Vec<(Rational, Rational)>,
    voided: BTreeMap<String, Treatment>,
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
    /// Where the exam has a scale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scaled: Option<Scaled>,
    /// The points that it took, where a dropped item made them fewer than the cut says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needed: Option<Rational>,
}

/// A place on the scale of an exam.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Scaled {
    pub score: u32,
    #[serde(flatten)]
    pub scale: Scale,
}

/// One row of the section table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SectionScore {
    pub section: String,
    /// Questions answered wholly right, and how many there are.
    pub right: u32,
    pub of: u32,
    /// Points and the most there were, where those are not simply the numbers above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<Rational>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Rational>,
}

/// Scores the responses (by position number; a missing one is omitted) against the keys, before anybody has marked.
pub fn score(form: &Form, keys: &KeySet, responses: &BTreeMap<u32, Response>, cut: Cut) -> Result<Score, NotScorable> {
    score_marked(form, keys, responses, &BTreeMap::new(), cut)
}

/// Scores the responses against the keys, with the points that people gave (by position number).
pub fn score_marked(
    form: &Form,
    keys: &KeySet,
    responses: &BTreeMap<u32, Response>,
    marks: &BTreeMap<u32, Rational>,
    cut: Cut,
) -> Result<Score, NotScorable> {
    score_on(form, keys, responses, marks, &cut.into())
}

/// The same on the terms of an exam: a scale, and items that were voided. Unscored positions count nowhere.
pub fn score_on(
    form: &Form,
    keys: &KeySet,
    responses: &BTreeMap<u32, Response>,
    marks: &BTreeMap<u32, Rational>,
    terms: &Terms,
) -> Result<Score, NotScorable> {
    if let Some(stray) = responses.keys().chain(marks.keys()).find(|number| form.position(**number).is_none()) {
        return Err(NotScorable::NoSuchPosition(*stray));
    }
    let (mut sections, mut positions, mut used) = (Vec::<SectionScore>::new(), Vec::new(), BTreeMap::new());
    let (mut points, mut totals) = (Vec::new(), Vec::<(Rational, Rational)>::new());
    let (mut voided, mut dropped) = (BTreeMap::new(), Rational::ZERO);
    for position in form.positions() {
        let key = keys.0.get(&position.item).ok_or(NotScorable::KeyMissing(position.number))?;
        used.insert(position.item.to_string(), key.value());
        let (outcome, earned) =
            outcome(position, key, responses.get(&position.number), marks.get(&position.number).copied())?;
        positions.push((position.number, outcome));
        points.push((earned, key.max_points()));
        let treatment = terms.voided.get(&position.item).copied();
        voided.extend(treatment.map(|treatment| (position.item.to_string(), treatment)));
        if !position.scored {
            continue;
        }
        if treatment == Some(Treatment::Drop) {
            dropped = dropped.checked_add(key.max_points()).ok_or(NotScorable::TooFine(position.number))?;
            continue;
        }
        let given = treatment == Some(Treatment::FullCredit);
        let earned = if given { key.max_points() } else { earned };
        if sections.last().is_none_or(|last| last.section != position.section) {
            let section = position.section.clone();
            sections.push(SectionScore { section, right: 0, of: 0, points: None, max: None });
            totals.push((Rational::ZERO, Rational::ZERO));
        }
        let section = sections.last_mut().expect("a section was pushed if there was none");
        section.of += 1;
        section.right += u32::from(given || outcome == Outcome::Right);
        let total = totals.last_mut().expect("pushed with its section");
        *total = sum(*total, (earned, key.max_points())).ok_or(NotScorable::TooFine(position.number))?;
    }
    for (section, (earned, most)) in sections.iter_mut().zip(&totals) {
        if (*earned, *most) != (Rational::from(section.right), Rational::from(section.of)) {
            (section.points, section.max) = (Some(*earned), Some(*most));
        }
    }
    let whole = totals.into_iter().try_fold((Rational::ZERO, Rational::ZERO), sum);
    let (earned, max) = whole.ok_or(NotScorable::TooFine(0))?;
    let too_fine = || NotScorable::TooFine(0);
    let all = max.checked_add(dropped).ok_or_else(too_fine)?;
    let needed = terms.needed(max, all).ok_or_else(too_fine)?;
    let passed = earned >= needed;
    let place = |scale: Scale| {
        let score = scale.place(earned, needed, max, passed).ok_or_else(too_fine)?;
        Ok(Scaled { score, scale })
    };
    let scaled = terms.scale.map(place).transpose()?;
    let needed = (dropped > Rational::ZERO).then_some(needed);
    let summary = Summary { points: earned, max, cut: terms.cut, passed, sections, scaled, needed };
    Ok(Score { summary, positions, points, voided, form: form.hash(), keys: hash(&json!(used)) })
}

fn sum(a: (Rational, Rational), b: (Rational, Rational)) -> Option<(Rational, Rational)> {
    Some((a.0.checked_add(b.0)?, a.1.checked_add(b.1)?))
}

fn outcome(
    position: &Position,
    key: &ItemKey,
    response: Option<&Response>,
    mark: Option<Rational>,
) -> Result<(Outcome, Rational), NotScorable> {
    let max = key.max_points();
    let refused = NotScorable::Mark(position.number);
    if mark.is_some_and(|mark| !key.is_marked_by_people() || mark < Rational::ZERO || mark > max) {
        return Err(refused);
    }
    let Some(response) = response.filter(|response| !response.is_cleared()) else {
        return if mark.is_some() { Err(refused) } else { Ok((Outcome::Omitted, Rational::ZERO)) };
    };
    let earned = match mark {
        Some(mark) => mark,
        None if key.is_marked_by_people() => return Ok((Outcome::Waiting, Rational::ZERO)),
        None => credit::points(position, key, response)?,
    };
    let outcome = match earned {
        _ if earned == max => Outcome::Right,
        Rational::ZERO => Outcome::Wrong,
        _ => Outcome::Partial,
    };
    Ok((outcome, earned))
}

impl Score {
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Number of each position and how it came out.
    pub fn positions(&self) -> &[(u32, Outcome)] {
        &self.positions
    }

    /// Points and the most there were, in the order of [`Self::positions`].
    pub fn points(&self) -> &[(Rational, Rational)] {
        &self.points
    }

    /// Positions that wait for a person to mark them. While there are any, nothing is decided.
    pub fn waiting(&self) -> impl Iterator<Item = u32> {
        self.positions.iter().filter(|(_, outcome)| *outcome == Outcome::Waiting).map(|(number, _)| *number)
    }

    fn has_parts(&self) -> bool {
        let parts = |outcome: Outcome| matches!(outcome, Outcome::Partial | Outcome::Waiting);
        self.positions.iter().any(|(_, outcome)| parts(*outcome))
            || self.points.iter().any(|(_, max)| *max != Rational::ONE)
    }

    /// Canonical JSON for storage: everything that a later re-run must reproduce, byte for byte.
    pub fn to_stored(&self) -> String {
        let outcomes: Vec<&str> = self.positions.iter().map(|(_, outcome)| outcome.as_str()).collect();
        let summary: Value = serde_json::to_value(&self.summary).expect("texts and whole numbers always serialize");
        let mut stored = json!({
            "engine": ENGINE,
            "form_hash": hex(&self.form),
            "key_set_hash": hex(&self.keys),
            "outcomes": outcomes,
            "summary": summary,
        });
        if self.has_parts() {
            stored["engine"] = json!(ENGINE_WITH_PARTS);
            stored["points"] = self.points.iter().map(|(points, max)| json!([points, max])).collect();
        }
        if !self.voided.is_empty() {
            stored["voided"] = json!(self.voided);
        }
        canonical(&stored)
    }
}
