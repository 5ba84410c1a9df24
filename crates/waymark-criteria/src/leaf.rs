//! Counting for one leaf: each fact is taken, for a stretch of time, or refused, once.
//!
//! Promises: what is taken depends only on this fact and on those before it in the order of (moment, id); nothing later
//! and no clock changes it. So counting onwards equals counting again from the start.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::{Date, Duration};

use crate::{
    Calendar, Contributions, Detail, Fact, FactId, HeldAt, MemberId, ObjectKey, Requirement, Span, Timestamp, Why,
    interval::Interval,
};

/// How far a place's date can go back while time goes on: from 14 hours east of UTC to 14 hours west.
const DAYS_BACK: Duration = Duration::days(2);

/// What one leaf has counted so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Leaf {
    /// In the order in which they happened.
    pub taken: Vec<Taken>,
    /// In the order in which they happened.
    pub refused: Vec<Refused>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    objects: BTreeMap<ObjectKey, FactId>,
    /// How many were taken on each of the latest days; earlier ones are over, since facts come in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    days: Vec<(Date, u32)>,
    /// The taken facts of each giver that the window may still hold, as positions in `taken`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    givers: BTreeMap<MemberId, Vec<usize>>,
}

/// A fact that counts from one moment up to, but not at, another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Taken {
    pub fact: FactId,
    #[serde(with = "crate::rfc3339")]
    pub happened_at: Timestamp,
    #[serde(with = "crate::rfc3339")]
    pub from: Timestamp,
    #[serde(default, with = "crate::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
}

impl Taken {
    pub fn interval(&self) -> Interval {
        Interval { from: self.from, to: self.to }
    }
}

/// A fact of the right sort that never counts here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refused {
    pub fact: FactId,
    #[serde(with = "crate::rfc3339")]
    pub happened_at: Timestamp,
    pub why: Why,
}

/// Whether a fact is of the sort that this leaf looks at.
pub(crate) fn reads(asked: &Requirement, detail: &Detail) -> bool {
    match (asked, detail) {
        (Requirement::Exam { slug: asked }, Detail::Exam { slug, .. }) => asked == slug,
        (Requirement::Contributions(asked), Detail::Contribution { r#type, .. }) => asked.types.contains(r#type),
        (Requirement::Held { track: asked, .. }, Detail::Credential { track, .. }) => asked == track,
        (Requirement::Attested { role: asked }, Detail::Attestation { role }) => asked == role,
        (Requirement::Tenure(_), Detail::Membership {}) => true,
        _ => false,
    }
}

impl Leaf {
    /// Takes or refuses the next fact. The caller keeps the order, gives each fact once, and none that is not read.
    pub fn push(&mut self, asked: &Requirement, calendar: &Calendar, fact: &Fact) {
        let verdict = match fact.voided_by {
            Some(by) => Err(Why::Voided { by }),
            None => self.judge(asked, calendar, fact),
        };
        let happened_at = fact.happened_at;
        match verdict {
            Ok(Interval { from, to }) => self.taken.push(Taken { fact: fact.id, happened_at, from, to }),
            Err(why) => self.refused.push(Refused { fact: fact.id, happened_at, why }),
        }
    }

    /// During which stretch the fact counts, or why it does not.
    fn judge(&mut self, asked: &Requirement, calendar: &Calendar, fact: &Fact) -> Result<Interval, Why> {
        let from = fact.happened_at;
        match (asked, &fact.detail) {
            (Requirement::Exam { .. }, Detail::Exam { passed: false, score, .. }) => {
                Err(Why::NotPassed { score: *score })
            }
            (Requirement::Tenure(span), _) => self.first(calendar.after(from, *span)),
            (Requirement::Held { at: HeldAt::Now, .. }, Detail::Credential { valid_until, ended_at, .. }) => {
                // Ended before it began: an empty stretch, never true.
                Ok(Interval { from, to: valid_until.iter().chain(ended_at).min().copied() })
            }
            (Requirement::Contributions(asked), _) => self.admit(asked, calendar, fact),
            _ => self.first(from),
        }
    }

    /// Only the first such fact is needed, and it never ends.
    fn first(&self, from: Timestamp) -> Result<Interval, Why> {
        match self.taken.first() {
            Some(first) => Err(Why::Superseded { by: first.fact }),
            None => Ok(Interval { from, to: None }),
        }
    }

    /// A refused contribution uses up nothing: neither its object, nor a place in its day, nor its giver's share.
    fn admit(&mut self, asked: &Contributions, calendar: &Calendar, fact: &Fact) -> Result<Interval, Why> {
        let from = fact.happened_at;
        let object = fact.object.as_ref().filter(|_| asked.distinct_objects);
        if let Some(counted) = object.and_then(|object| self.objects.get(object)) {
            return Err(Why::SameObject { counted: *counted });
        }
        let day = calendar.day(from);
        let of_day = self.days.iter().find(|(known, _)| *known == day).map_or(0, |(_, taken)| *taken);
        if let Some(limit) = asked.per_day.filter(|limit| of_day >= *limit) {
            return Err(Why::OverDailyCap { day, limit });
        }
        if let (Some(giver), Some(limit)) = (fact.giver, asked.per_giver) {
            let taken = &self.taken;
            let given = self.givers.entry(giver).or_default();
            given.retain(|position| taken.get(*position).is_some_and(|taken| taken.interval().contains(from)));
            if given.len() >= limit as usize {
                return Err(Why::OverGiverCap { giver, limit });
            }
            given.push(taken.len());
        }
        if let Some(object) = object {
            self.objects.insert(object.clone(), fact.id);
        }
        if asked.per_day.is_some() {
            self.days.retain(|(known, _)| *known != day && day - *known <= DAYS_BACK);
            self.days.push((day, of_day + 1));
        }
        let to = asked.window_days.map(|days| calendar.after(from, Span::Days(days)));
        Ok(Interval { from, to })
    }
}
