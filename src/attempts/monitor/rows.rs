//! Who sits an exam now, and how it goes: what the live monitor shows.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use time::Duration;
use waymark_assess::attempt::{Attempt as Life, Closing, State};

use crate::attempts::lease::{QUIET, contacts};
use crate::attempts::log::{self, Kind};
use crate::attempts::service::{Attempt, answered, form, of_exam_since};
use crate::clock::{Timestamp, from_millis, millis, rfc3339};
use crate::database::Read;
use crate::error::Result;
use crate::exams::Exam;
use crate::ids::{AttemptId, MemberId};
use crate::members;

/// Attempts on one page of the monitor.
const MOST: u64 = 500;
/// Attempts that ended so long ago are shown no more.
const RECENT: Duration = Duration::hours(12);

/// One attempt as the monitor shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    pub attempt: AttemptId,
    pub member: MemberId,
    pub name: String,
    pub ordinal: u32,
    pub state: State,
    /// What ended it, while it was not voided.
    pub how: Option<Closing>,
    /// The clock stands: a break, or staff stopped it.
    pub paused: bool,
    pub answered: u32,
    pub positions: u32,
    /// Where the candidate was last.
    pub position: u32,
    pub started_at: Option<Timestamp>,
    pub deadline: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// The player's last sign of life, or the last save; None before either.
    pub contact_at: Option<Timestamp>,
    pub last_saved: Option<Timestamp>,
    /// How long the last save took, as the player measured it; None without JavaScript.
    pub lag_ms: Option<i64>,
    pub unsent: u32,
    pub focus_lost: u32,
    pub late: u32,
}

impl Watched {
    pub fn is_open(&self) -> bool {
        self.state == State::InProgress
    }

    /// Whether a candidate at work was not heard of for a while.
    pub fn is_quiet(&self, now: Timestamp) -> bool {
        self.is_open() && !self.paused && self.contact_at.is_none_or(|at| now - at > QUIET)
    }

    /// As the API and the stream write it.
    pub fn to_value(&self, now: Timestamp) -> Value {
        json!({
            "attempt": self.attempt,
            "member": self.member,
            "ordinal": self.ordinal,
            "state": self.state.as_str(),
            "paused": self.paused,
            "answered": self.answered,
            "positions": self.positions,
            "position": self.position,
            "started_at": self.started_at.map(rfc3339),
            "deadline": self.deadline.map(rfc3339),
            "closed_at": self.closed_at.map(rfc3339),
            "contact_at": self.contact_at.map(rfc3339),
            "last_saved": self.last_saved.map(rfc3339),
            "lag_ms": self.lag_ms,
            "unsent": self.unsent,
            "focus_lost": self.focus_lost,
            "late_answers": self.late,
            "quiet": self.is_quiet(now),
        })
    }
}

/// Whether the clock of an attempt under way stands.
pub fn is_paused(attempt: &Attempt, now: Timestamp) -> bool {
    !attempt.life.is_closed() && attempt.life.sitting().is_some_and(|sitting| sitting.paused(now).is_some())
}

/// What ended an attempt; its state stops telling once it is scored.
pub fn how(attempt: &Attempt) -> Option<Closing> {
    match attempt.life {
        Life::Closed(closed) => Some(closed.how),
        _ => None,
    }
}

/// What does not change while an attempt lasts, remembered from one look to the next.
#[derive(Debug, Default)]
pub struct Known(BTreeMap<AttemptId, (String, u32)>);

impl Known {
    async fn of(&mut self, db: &impl Read, attempt: AttemptId, member: MemberId) -> Result<(String, u32)> {
        if let Some(known) = self.0.get(&attempt) {
            return Ok(known.clone());
        }
        let positions = u32::try_from(form(db, attempt).await?.positions().len()).unwrap_or(u32::MAX);
        let known = (members::find(db, member).await?.name, positions);
        self.0.insert(attempt, known.clone());
        Ok(known)
    }
}

/// The attempts at an exam that are open or ended lately: those at work first, the latest one first.
pub async fn watched(db: &impl Read, exam: &Exam, now: Timestamp, known: &mut Known) -> Result<Vec<Watched>> {
    let attempts = of_exam_since(db, exam.id, millis(now - RECENT), MOST).await?;
    let ids: Vec<String> = attempts.iter().map(|attempt| attempt.id.to_string()).collect();
    let (answered, contacts) = (answered(db, &ids).await?, contacts(db, &ids).await?);
    let focus_lost = log::counts(db, &ids, Kind::FocusLost).await?;
    let late = log::counts(db, &ids, Kind::LateAnswers).await?;
    let mut rows = vec![];
    for attempt in attempts {
        let id = attempt.id.to_string();
        let (number, saved) = answered.get(&id).copied().unwrap_or_default();
        let (contact, last_saved) = (contacts.get(&id), saved.map(from_millis));
        let (name, positions) = known.of(db, attempt.id, attempt.member).await?;
        let count = |counts: &BTreeMap<String, i64>| {
            u32::try_from(counts.get(&id).copied().unwrap_or_default()).unwrap_or(u32::MAX)
        };
        rows.push(Watched {
            attempt: attempt.id,
            member: attempt.member,
            name,
            ordinal: attempt.ordinal,
            state: attempt.life.state(now),
            how: how(&attempt),
            paused: is_paused(&attempt, now),
            answered: u32::try_from(number).unwrap_or_default(),
            positions,
            position: attempt.last_position,
            started_at: attempt.life.sitting().map(|sitting| sitting.started_at),
            deadline: attempt.life.sitting().map(|sitting| sitting.deadline_at(now)),
            closed_at: match attempt.life {
                Life::Closed(closed) => Some(closed.at),
                _ => None,
            },
            contact_at: contact.map(|contact| contact.at).max(last_saved),
            last_saved,
            lag_ms: contact.and_then(|contact| contact.lag_ms),
            unsent: contact.map_or(0, |contact| contact.unsent),
            focus_lost: count(&focus_lost),
            late: count(&late),
        });
    }
    rows.sort_by_key(|row| !row.is_open());
    Ok(rows)
}
