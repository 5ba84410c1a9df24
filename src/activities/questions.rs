//! Questions and their answers: a pure count over stored events, one by one.

use std::collections::BTreeMap;

use super::period::Period;
use crate::clock::{Timestamp, millis};
use crate::contributions::Stored;
use crate::ids::MemberId;

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

/// What is known of one question while events are counted: of the event that told of it first, no more than is needed.
struct Asked {
    activity: String,
    member: Option<MemberId>,
    subject: Option<String>,
    asked_at: Timestamp,
    answered_at: Option<Timestamp>,
    accepted: bool,
}

/// Counts events one by one: questions first, in the order in which they happened, then answers in any order. What it holds grows with the questions
/// of the period, and not with the answers.
pub(super) struct Tally<'p> {
    period: &'p Period,
    /// By source and object.
    asked: BTreeMap<(String, String), Asked>,
    to_others: u64,
}

impl<'p> Tally<'p> {
    pub fn new(period: &'p Period) -> Self {
        Self { period, asked: BTreeMap::new(), to_others: 0 }
    }

    /// The same question told again is the same question.
    pub fn ask(&mut self, e: Stored) {
        if !self.period.holds(e.at) {
            return;
        }
        let Stored { id, source, object, subject, member, at, .. } = e;
        self.asked.entry((source, object)).or_insert_with(|| Asked {
            activity: id,
            member,
            subject,
            asked_at: at,
            answered_at: None,
            accepted: false,
        });
    }

    pub fn answer(&mut self, e: &Stored) {
        if !self.period.holds(e.at) {
            return;
        }
        let thing = (e.source.clone(), e.thing().to_owned());
        let Some(asked) = self.asked.get_mut(&thing) else {
            self.to_others += 1;
            return;
        };
        if e.own || e.is_by(&thing.0, asked.member, asked.subject.as_deref()) {
            return;
        }
        asked.accepted |= e.kind == ACCEPTED;
        asked.answered_at = Some(asked.answered_at.map_or(e.at, |first| first.min(e.at)));
    }

    pub fn questions(self) -> Questions {
        let question = |((source, object), asked): ((String, String), Asked)| Question {
            activity: asked.activity,
            source,
            object,
            asked_at: asked.asked_at,
            answered_at: asked.answered_at,
            accepted: asked.accepted,
        };
        let mut all: Vec<Question> = self.asked.into_iter().map(question).collect();
        all.sort_by(|a, b| (a.asked_at, &a.activity).cmp(&(b.asked_at, &b.activity)));
        Questions { all, to_others: self.to_others }
    }
}

impl Questions {
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
