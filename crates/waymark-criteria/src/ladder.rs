//! Points and the steps of a ladder: a sum for motivation, which no decision ever reads.
//!
//! Promises: a [`Climb`] counted fact by fact, and replayed where [`Climbed::MustReplay`] says so, equals
//! [`Climb::replay`] over all the facts, whatever the order in which they came. A step is dated by the fact that reached
//! it. What a member did to an object of their own brings nothing; an exam and a track bring points once.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use crate::{Detail, Fact, FactId, Timestamp};

/// What facts are worth on one ladder, and where its steps lie.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ladder {
    /// Points for contributions.
    pub contributions: Vec<Worth>,
    /// Points for an exam that was passed, by its slug.
    pub exams: BTreeMap<String, u32>,
    /// Points for a credential that was received, by the slug of its track. That it ended later takes nothing away.
    pub credentials: BTreeMap<String, u32>,
    /// The points at which the named steps lie, ascending.
    pub steps: Vec<u32>,
    /// How far apart the steps after the named ones lie; there are none where this is none.
    pub beyond: Option<NonZeroU32>,
}

/// What a contribution of one type is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worth {
    /// The event type, e.g. `change.merged`.
    pub r#type: String,
    /// The sources from which it is worth this; from any where it is empty and no other entry names the source.
    pub sources: Vec<String>,
    /// Points for each.
    pub points: u32,
}

/// A step that was reached, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crossing {
    /// From 1, the steps beyond the named ones included.
    pub step: u32,
    /// When the fact happened that reached it.
    pub at: Timestamp,
}

impl Ladder {
    /// Whether a fact of this sort can be worth anything here.
    #[must_use]
    pub fn reads(&self, detail: &Detail) -> bool {
        self.worth(detail).is_some()
    }

    /// The points at which a step lies; none where there is no such step.
    #[must_use]
    pub fn points_of(&self, step: u32) -> Option<u64> {
        let named = usize::try_from(step.checked_sub(1)?).ok()?;
        if let Some(at) = self.steps.get(named) {
            return Some(u64::from(*at));
        }
        let further = u64::from(step) - self.named();
        Some(self.last_named() + further * u64::from(self.beyond?.get()))
    }

    /// The highest step that so many points reach; 0 where they reach none.
    #[must_use]
    pub fn step_at(&self, points: u64) -> u32 {
        let named = self.steps.iter().take_while(|at| u64::from(**at) <= points).count() as u64;
        let further = match self.beyond {
            Some(every) if named == self.named() => points.saturating_sub(self.last_named()) / u64::from(every.get()),
            _ => 0,
        };
        u32::try_from(named + further).unwrap_or(u32::MAX)
    }

    fn named(&self) -> u64 {
        self.steps.len() as u64
    }

    fn last_named(&self) -> u64 {
        self.steps.last().copied().map_or(0, u64::from)
    }

    /// What such a fact is worth, and the name under which it is worth it only once.
    fn worth(&self, detail: &Detail) -> Option<(u32, Option<String>)> {
        match detail {
            Detail::Contribution { r#type, source, own: false, .. } => {
                let of_type = || self.contributions.iter().filter(|worth| worth.r#type == *r#type);
                let named = |worth: &&Worth| source.as_ref().is_some_and(|source| worth.sources.contains(source));
                let found = of_type().find(named).or_else(|| of_type().find(|worth| worth.sources.is_empty()));
                found.map(|worth| (worth.points, None))
            }
            Detail::Exam { slug, passed: true, .. } => {
                self.exams.get(slug).map(|points| (*points, Some(format!("exam/{slug}"))))
            }
            Detail::Credential { track, .. } => {
                self.credentials.get(track).map(|points| (*points, Some(format!("track/{track}"))))
            }
            _ => None,
        }
    }
}

/// What one member has gathered on one version of a ladder. Serializes, so that it can be kept between facts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Climb {
    points: u64,
    /// Exams and tracks that have brought their points.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    once: BTreeSet<String>,
    /// The fact that came last of those that brought points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    latest: Option<Place>,
}

/// Where a fact stands in the order of counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    #[serde(with = "crate::rfc3339")]
    happened_at: Timestamp,
    fact: FactId,
}

/// What adding a fact came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a climb that must be replayed does not contain the fact"]
pub enum Climbed {
    /// It is counted, and reached these steps.
    Counted(Vec<Crossing>),
    /// It comes before others that were counted, or may be one of them: the climb is as it was, and [`Climb::replay`]
    /// over all facts of this member must take its place.
    MustReplay,
}

impl Climb {
    /// All of a member's facts, in any order, counted from the start; and every step that they reached.
    #[must_use]
    pub fn replay<'a>(ladder: &Ladder, facts: impl IntoIterator<Item = &'a Fact>) -> (Self, Vec<Crossing>) {
        let mut facts: Vec<&Fact> = facts.into_iter().collect();
        facts.sort_by_key(|fact| (fact.happened_at, fact.id));
        let (mut climb, mut crossings) = (Self::default(), vec![]);
        for fact in facts {
            // In this order only a fact that stands there twice asks for more.
            if let Climbed::Counted(reached) = climb.add(ladder, fact) {
                crossings.extend(reached);
            }
        }
        (climb, crossings)
    }

    /// Counts one more fact, if that can be done without looking back.
    pub fn add(&mut self, ladder: &Ladder, fact: &Fact) -> Climbed {
        let Some((worth, once)) = ladder.worth(&fact.detail) else { return Climbed::Counted(vec![]) };
        let place = Place { happened_at: fact.happened_at, fact: fact.id };
        if self.latest.is_some_and(|latest| place <= latest) {
            return Climbed::MustReplay;
        }
        if fact.voided_by.is_some() || once.is_some_and(|name| !self.once.insert(name)) {
            return Climbed::Counted(vec![]);
        }
        let before = ladder.step_at(self.points);
        self.points = self.points.saturating_add(u64::from(worth));
        self.latest = Some(place);
        let reached = before..ladder.step_at(self.points);
        Climbed::Counted(reached.map(|step| Crossing { step: step + 1, at: fact.happened_at }).collect())
    }

    /// The sum.
    #[must_use]
    pub fn points(&self) -> u64 {
        self.points
    }
}
