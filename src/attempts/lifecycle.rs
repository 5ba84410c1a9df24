//! Where an attempt stands, as columns and back. The steps themselves are those of [`waymark_assess::attempt`].

use time::Duration;
use waymark_assess::attempt::{Attempt as Life, Closed, Closing, Sitting, State};

use crate::clock::{from_millis, millis};

/// The columns that say where an attempt stands; times in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub state: String,
    pub started_at: Option<i64>,
    pub deadline: Option<i64>,
    pub grace_ms: i64,
    pub effective_deadline: Option<i64>,
    pub closed_at: Option<i64>,
    /// `submitted` or `expired`.
    pub closed_by: Option<String>,
}

impl Standing {
    /// How `life` is written down.
    pub fn of(life: &Life) -> Self {
        let state = match life {
            Life::Created => State::Created,
            Life::InProgress(_) => State::InProgress,
            Life::Closed(closed) if closed.scored => State::Scored,
            Life::Closed(closed) => closing_state(closed.how),
        };
        let sitting = life.sitting();
        let closed = match life {
            Life::Closed(closed) => Some(closed),
            _ => None,
        };
        Self {
            state: state.as_str().to_owned(),
            started_at: sitting.map(|s| millis(s.started_at)),
            deadline: sitting.map(|s| millis(s.deadline)),
            grace_ms: sitting.map_or(0, |s| i64::try_from(s.grace.whole_milliseconds()).unwrap_or(i64::MAX)),
            effective_deadline: sitting.map(|s| millis(s.effective_deadline())),
            closed_at: closed.map(|c| millis(c.at)),
            closed_by: closed.map(|c| closing_state(c.how).as_str().to_owned()),
        }
    }

    /// What was written down; None for columns that contradict each other.
    pub fn life(&self) -> Option<Life> {
        let state = State::parse(&self.state)?;
        let sitting = || {
            Some(Sitting {
                started_at: from_millis(self.started_at?),
                deadline: from_millis(self.deadline?),
                grace: Duration::milliseconds(self.grace_ms),
            })
        };
        let how = match self.closed_by.as_deref() {
            Some("submitted") => Some(Closing::Submitted),
            Some("expired") => Some(Closing::Expired),
            _ => None,
        };
        Some(match state {
            State::Created => Life::Created,
            State::InProgress => Life::InProgress(sitting()?),
            State::Submitted | State::Expired | State::Scored => Life::Closed(Closed {
                sitting: sitting()?,
                how: how?,
                at: from_millis(self.closed_at?),
                scored: state == State::Scored,
            }),
        })
    }
}

fn closing_state(how: Closing) -> State {
    match how {
        Closing::Submitted => State::Submitted,
        Closing::Expired => State::Expired,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_rfc3339;

    #[test]
    fn every_standing_reads_back() {
        let at = |text: &str| parse_rfc3339(text).expect("a literal time");
        let sitting = Sitting {
            started_at: at("2026-11-21T09:00:00Z"),
            deadline: at("2026-11-21T10:00:00Z"),
            grace: Duration::seconds(30),
        };
        let mut lives = vec![Life::Created, Life::InProgress(sitting)];
        for (how, scored) in [(Closing::Submitted, false), (Closing::Expired, true)] {
            lives.push(Life::Closed(Closed { sitting, how, at: at("2026-11-21T09:30:00.125Z"), scored }));
        }
        for life in lives {
            let standing = Standing::of(&life);
            assert_eq!(standing.life().as_ref(), Some(&life), "{standing:?}");
        }
        let mut damaged = Standing::of(&Life::InProgress(sitting));
        damaged.deadline = None;
        assert_eq!(damaged.life(), None);
    }
}
