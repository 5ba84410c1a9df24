//! Counting for one leaf: each fact is taken, for a stretch of time, or refused, once.
//!
//! Promises: what is taken depends only on this fact and on those before it in the order of counting; nothing later and no
//! clock changes it. So counting onwards equals counting again from the start. Only where counting begins anew
//! ([`Anchor`](crate::Anchor)) does what was taken before end there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::Date;

use crate::{
    Amount, Calendar, Detail, Fact, FactId, HeldAt, MemberId, ObjectKey, Requirement, Score, ScoreAtLeast, Timestamp,
    Why, interval::Interval,
};

/// What one leaf has counted so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Leaf {
    /// In the order of counting.
    pub taken: Vec<Taken>,
    /// In the order of counting.
    pub refused: Vec<Refused>,
    /// From when on what is taken counts, each time that counting began anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starts: Vec<Start>,
    #[serde(default, skip_serializing_if = "Used::is_empty")]
    pub(super) used: Used,
}

/// What the guards of a count have seen; nothing of it where there is no such guard.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Used {
    /// The first fact taken of each object, and how many were.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub objects: BTreeMap<ObjectKey, (FactId, u32)>,
    /// How many were taken on each of the latest days; earlier ones are over, since facts come in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<(Date, u32)>,
    /// The taken facts of each giver that the window may still hold, as positions in `taken`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub givers: BTreeMap<MemberId, Vec<usize>>,
    /// The same of givers who are no members.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub strangers: BTreeMap<String, Vec<usize>>,
    /// What the member gave to each other member and the window may still hold.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub given: BTreeMap<MemberId, Vec<End>>,
    /// The sources met, in the order in which they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Option<String>>,
    /// Where in `taken` that begins which the next new start will end.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub open: usize,
}

impl Used {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Start(#[serde(with = "crate::rfc3339")] pub Timestamp);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct End(#[serde(with = "crate::rfc3339::option")] pub Option<Timestamp>);

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
    /// What it shares with others of which only one counts: its type, its source, its day, its step of a streak.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub key: i64,
    /// What it adds to a sum, in thousandths.
    #[serde(default, skip_serializing_if = "is_weightless")]
    pub weight: u64,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

fn is_nothing(number: &i64) -> bool {
    *number == 0
}

fn is_weightless(number: &u64) -> bool {
    *number == 0
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
        (Requirement::Exam { slug: asked, .. }, Detail::Exam { slug, .. }) => asked == slug,
        (Requirement::Contributions(asked), _) => asked.counts(detail) || asked.looks_at(detail),
        (Requirement::Held { track: asked, .. }, Detail::Credential { track, .. }) => asked == track,
        (Requirement::Attested { role: asked }, Detail::Attestation { role }) => asked == role,
        (Requirement::Panel { title: asked }, Detail::Panel { title, .. }) => asked == title,
        (Requirement::Tenure(_), Detail::Membership {}) => true,
        _ => false,
    }
}

impl Leaf {
    /// Takes or refuses the next fact. The caller keeps the order, gives each fact once, and none that is not read.
    pub fn push(&mut self, asked: &Requirement, calendar: &Calendar, fact: &Fact) {
        if let Requirement::Contributions(asked) = asked {
            if fact.voided_by.is_none() {
                self.look_at(asked, calendar, fact);
            }
            if !asked.counts(&fact.detail) {
                return;
            }
        }
        let verdict = match fact.voided_by {
            Some(by) => Err(Why::Voided { by }),
            None => self.judge(asked, calendar, fact),
        };
        match verdict {
            Ok(taken) => self.taken.push(taken),
            Err(why) => self.refused.push(Refused { fact: fact.id, happened_at: fact.happened_at, why }),
        }
    }

    /// During which stretch the fact counts, or why it does not.
    fn judge(&mut self, asked: &Requirement, calendar: &Calendar, fact: &Fact) -> Result<Taken, Why> {
        let happened_at = fact.happened_at;
        let during = |from, to| Taken { fact: fact.id, happened_at, from, to, key: 0, weight: 0 };
        match (asked, &fact.detail) {
            (Requirement::Exam { score: None, .. }, Detail::Exam { passed: false, score, .. }) => {
                Err(Why::NotPassed { score: *score })
            }
            (Requirement::Exam { score: Some(need), .. }, Detail::Exam { score, .. })
                if !score.is_some_and(|score| need.is_reached_by(&score)) =>
            {
                Err(Why::BelowScore { score: *score, need: *need })
            }
            (Requirement::Tenure(span), _) => self.first().map(|()| during(calendar.after(happened_at, *span), None)),
            (Requirement::Held { at: HeldAt::Now, .. }, Detail::Credential { valid_until, ended_at, .. }) => {
                // Ended before it began: an empty stretch, never true.
                Ok(during(happened_at, valid_until.iter().chain(ended_at).min().copied()))
            }
            (Requirement::Panel { .. }, Detail::Panel { from, until, .. }) => {
                Ok(during(from.map_or(happened_at, |from| from.max(happened_at)), *until))
            }
            (Requirement::Contributions(asked), Detail::Contribution { own: true, .. }) if !asked.own => {
                Err(Why::OwnAction)
            }
            (Requirement::Contributions(asked), Detail::Contribution { accepted_by: None, .. })
                if asked.peer_accepted && fact.giver.is_none() =>
            {
                Err(Why::NotAccepted)
            }
            (Requirement::Contributions(asked), Detail::Contribution { r#type, source, .. }) => {
                self.admit(asked, calendar, fact, (r#type, source.as_ref()))
            }
            _ => self.first().map(|()| during(happened_at, None)),
        }
    }

    /// Only the first such fact is needed, and it never ends.
    fn first(&self) -> Result<(), Why> {
        match self.taken.first() {
            Some(first) => Err(Why::Superseded { by: first.fact }),
            None => Ok(()),
        }
    }
}

impl ScoreAtLeast {
    /// What cannot be reckoned exactly, and a share of nothing, is not reached.
    fn is_reached_by(self, score: &Score) -> bool {
        match self {
            Self::Points(need) => score.points >= Amount::from(need),
            Self::Percent(need) => {
                let share = Amount::fraction(need.into(), 100).and_then(|share| share.checked_mul(score.of));
                score.of > Amount::ZERO && share.is_ok_and(|need| score.points >= need)
            }
            Self::Scaled(need) => score.scaled.is_some_and(|scaled| scaled >= need),
        }
    }
}
