//! Questions and their answers: a pure count over stored events.

use std::collections::BTreeMap;

use super::period::Period;
use crate::clock::{Timestamp, millis};
use crate::contributions::Stored;

pub(super) const ASKED: &str = "question.asked";
pub(super) const POSTED: &str = "answer.posted";
pub(super) const ACCEPTED: &str = "answer.accepted";

/// One question of the period, with what became of it within the period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The activity that told of it first.
    pub activity: String,
    pub source: String,
    pub object: String,
    pub asked_at: Timestamp,
    /// When somebody else answered it first.
    pub answered_at: Option<Timestamp>,
    /// Whether an answer of somebody else was accepted.
    pub accepted: bool,
}

/// The questions of a period, in the order in which they were asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Questions {
    pub all: Vec<Question>,
    /// Answers of the period to none of these questions: theirs was asked before it, or nothing says which one it was.
    pub to_others: u64,
}

impl Questions {
    /// `events` in the order in which they happened: questions, and answers of the types that count.
    pub fn of(events: &[Stored], period: &Period) -> Self {
        let mut all: BTreeMap<(&str, &str), (&Stored, Question)> = BTreeMap::new();
        for asked in events.iter().filter(|e| e.kind == ASKED && period.holds(e.at)) {
            let question = || Question {
                activity: asked.id.clone(),
                source: asked.source.clone(),
                object: asked.object.clone(),
                asked_at: asked.at,
                answered_at: None,
                accepted: false,
            };
            all.entry((asked.source.as_str(), asked.object.as_str())).or_insert_with(|| (asked, question()));
        }
        let mut to_others = 0;
        for answer in events.iter().filter(|e| [POSTED, ACCEPTED].contains(&&*e.kind) && period.holds(e.at)) {
            let Some((asked, question)) = all.get_mut(&(answer.source.as_str(), answer.thing())) else {
                to_others += 1;
                continue;
            };
            if answer.own || answer.is_same_person(asked) {
                continue;
            }
            question.accepted |= answer.kind == ACCEPTED;
            question.answered_at = Some(question.answered_at.map_or(answer.at, |first| first.min(answer.at)));
        }
        let mut all: Vec<Question> = all.into_values().map(|(_, question)| question).collect();
        all.sort_by(|a, b| (a.asked_at, &a.activity).cmp(&(b.asked_at, &b.activity)));
        Self { all, to_others }
    }

    pub fn asked(&self) -> u64 {
        self.all.len() as u64
    }

    pub fn answered(&self) -> u64 {
        self.all.iter().filter(|q| q.answered_at.is_some()).count() as u64
    }

    pub fn accepted(&self) -> u64 {
        self.all.iter().filter(|q| q.accepted).count() as u64
    }

    /// Those that nobody else answered, oldest first.
    pub fn unanswered(&self) -> impl Iterator<Item = &Question> {
        self.all.iter().filter(|q| q.answered_at.is_none())
    }

    /// Of the answered ones, the time to the first answer that as many waited longer for as shorter; of an even number the mean of the middle two.
    /// None where none is answered.
    pub fn median_ms(&self) -> Option<i64> {
        let wait = |q: &Question| Some((millis(q.answered_at?) - millis(q.asked_at)).max(0));
        let mut waits: Vec<i64> = self.all.iter().filter_map(wait).collect();
        waits.sort_unstable();
        let upper = *waits.get(waits.len() / 2)?;
        if waits.len() % 2 == 1 {
            return Some(upper);
        }
        let lower = waits[waits.len() / 2 - 1];
        Some(lower + (upper - lower) / 2)
    }
}
