//! The clock and the save state of the player.

use time::Duration;

use crate::attempts::service::Attempt;
use crate::attempts::views::Progress;
use crate::clock::{Timestamp, from_millis, millis, rfc3339};
use crate::exams::Exam;
use crate::web::zone::Zone;

/// The clock and the save state, as every page of the player shows them.
pub(super) struct Clock {
    pub server_now: String,
    pub deadline: String,
    /// Milliseconds until the deadline, and until the last moment at which answers are taken.
    pub remaining_ms: i64,
    pub closes_ms: i64,
    pub limit_ms: i64,
    pub minutes_left: i64,
    /// Nothing is counted down: the end of such an attempt lies weeks ahead.
    pub untimed: bool,
    /// What was posted last was not taken: the page does not say that it was saved.
    pub refused: bool,
    pub last_saved: Option<Saved>,
    /// In which the times of the page are.
    pub zone: String,
    /// What staff did: when, the key of its text, minutes, the reason.
    pub notices: Vec<Told>,
}

pub(super) struct Told {
    pub at: String,
    pub key: String,
    pub minutes: u32,
    pub reason: String,
}

pub(super) struct Saved {
    pub at: String,
    pub clock: String,
}

impl Clock {
    pub fn of(attempt: &Attempt, exam: &Exam, progress: &[Progress], now: Timestamp, zone: &Zone) -> Self {
        let sitting = attempt.life.sitting();
        let ms = |d: Duration| i64::try_from(d.whole_milliseconds()).unwrap_or_default();
        let remaining_ms = ms(attempt.life.remaining(now));
        let saved = |at: Timestamp| Saved { at: rfc3339(at), clock: zone.clock(at) };
        Self {
            server_now: rfc3339(now),
            deadline: sitting.map(|s| rfc3339(s.deadline_at(now))).unwrap_or_default(),
            remaining_ms,
            closes_ms: sitting.map_or(0, |s| millis(s.effective_deadline()) - millis(now)),
            limit_ms: sitting.map_or(0, |s| ms(s.deadline - s.started_at)),
            minutes_left: remaining_ms / 60_000,
            untimed: exam.spec.sitting.untimed,
            refused: false,
            notices: attempt
                .notices
                .iter()
                .map(|notice| Told {
                    at: zone.clock(from_millis(notice.at)),
                    key: format!("notice-{}", notice.kind.replace('_', "-")),
                    minutes: notice.minutes.unwrap_or_default(),
                    reason: notice.reason.clone(),
                })
                .collect(),
            zone: zone.name().to_owned(),
            last_saved: progress.iter().filter_map(|p| p.saved_at).max().map(saved),
        }
    }
}
