//! Where an attempt stands, as columns and back. The steps themselves are those of [`waymark_assess::attempt`].

use serde::{Deserialize, Serialize};
use time::Duration;
use waymark_assess::attempt::{
    Allowance, Attempt as Life, Closed, Closing, Pause, PauseKind, Place, Silence, Sitting, State, Terms, Voided,
};

use crate::clock::{Timestamp, from_millis, millis};

/// The columns that say where an attempt stands; times in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub state: String,
    pub started_at: Option<i64>,
    pub deadline: Option<i64>,
    pub grace_ms: i64,
    /// When time alone closes it, as things stand; None while it does not.
    pub effective_deadline: Option<i64>,
    /// When time alone changes something before that: [`Life::turns_at`].
    pub turns_at: Option<i64>,
    pub closed_at: Option<i64>,
    /// `submitted`, `expired` or `ended`.
    pub closed_by: Option<String>,
    /// What its time is made of, as JSON.
    pub terms: Option<String>,
    pub voided_at: Option<i64>,
}

/// The parts of an attempt's time; milliseconds.
#[derive(Serialize, Deserialize)]
struct Stored {
    limit: i64,
    allowance: Allowance,
    added: i64,
    credited: i64,
    rested: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cut: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pause: Option<(PauseKind, i64, Option<i64>)>,
    /// Last sign, patience, what can still be credited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    silence: Option<(i64, i64, i64)>,
    /// The section that stands open, the end of its clock, the furthest position shown.
    place: (usize, Option<i64>, u32),
}

fn ms(time: Duration) -> i64 {
    i64::try_from(time.whole_milliseconds()).unwrap_or(i64::MAX)
}

fn stored(sitting: &Sitting) -> Stored {
    let terms = sitting.terms;
    Stored {
        limit: ms(terms.limit),
        allowance: terms.allowance,
        added: ms(terms.added),
        credited: ms(terms.credited),
        rested: ms(sitting.rested),
        cut: terms.cut.map(millis),
        pause: sitting.pause.map(|pause| (pause.kind, millis(pause.since), pause.at_most.map(ms))),
        silence: sitting.silence.map(|silence| (millis(silence.last), ms(silence.after), ms(silence.left))),
        place: (sitting.place.at, sitting.place.ends.map(millis), sitting.place.reached),
    }
}

fn sitting(started_at: Timestamp, deadline: Timestamp, grace: Duration, stored: Option<Stored>) -> Sitting {
    let Some(stored) = stored else {
        // One that began when there was nothing but a limit.
        return Sitting {
            started_at,
            deadline,
            grace,
            terms: Terms::of(deadline - started_at, grace),
            pause: None,
            silence: None,
            place: Place::default(),
            rested: Duration::ZERO,
        };
    };
    let of = Duration::milliseconds;
    let terms = Terms {
        limit: of(stored.limit),
        allowance: stored.allowance,
        added: of(stored.added),
        credited: of(stored.credited),
        cut: stored.cut.map(from_millis),
        grace,
    };
    let (at, ends, reached) = stored.place;
    Sitting {
        started_at,
        deadline,
        grace,
        terms,
        pause: stored.pause.map(|(kind, since, most)| Pause { kind, since: from_millis(since), at_most: most.map(of) }),
        silence: stored.silence.map(|(last, after, left)| Silence {
            last: from_millis(last),
            after: of(after),
            left: of(left),
        }),
        place: Place { at, ends: ends.map(from_millis), reached },
        rested: of(stored.rested),
    }
}

impl Standing {
    /// How `life` is written down; `ends_at` is when time alone closes it.
    pub fn of(life: &Life, ends_at: Option<Timestamp>) -> Self {
        let state = match life {
            Life::Created => State::Created,
            Life::InProgress(_) => State::InProgress,
            Life::Closed(closed) if closed.scored => State::Scored,
            Life::Closed(closed) => closed.how.state(),
            Life::Voided(_) => State::Voided,
        };
        let sitting = life.sitting();
        let (closed, voided) = match life {
            Life::Closed(closed) => (Some(closed), None),
            Life::Voided(voided) => (voided.closed.as_ref(), Some(voided.at)),
            _ => (None, None),
        };
        Self {
            state: state.as_str().to_owned(),
            started_at: sitting.map(|s| millis(s.started_at)),
            deadline: sitting.map(|s| millis(s.deadline)),
            grace_ms: sitting.map_or(0, |s| ms(s.grace)),
            effective_deadline: ends_at.map(millis),
            turns_at: life.turns_at().map(millis),
            closed_at: closed.map(|c| millis(c.at)),
            closed_by: closed.map(|c| c.how.state().as_str().to_owned()),
            terms: sitting.and_then(|sitting| serde_json::to_string(&stored(sitting)).ok()),
            voided_at: voided.map(millis),
        }
    }

    /// What was written down; None for columns that contradict each other.
    pub fn life(&self) -> Option<Life> {
        let state = State::parse(&self.state)?;
        let parts = match &self.terms {
            Some(text) => Some(serde_json::from_str(text).ok()?),
            None => None,
        };
        let sitting = || {
            let (started_at, deadline) = (from_millis(self.started_at?), from_millis(self.deadline?));
            Some(sitting(started_at, deadline, Duration::milliseconds(self.grace_ms), parts))
        };
        let how = match self.closed_by.as_deref() {
            Some("submitted") => Some(Closing::Submitted),
            Some("expired") => Some(Closing::Expired),
            Some("ended") => Some(Closing::Ended),
            _ => None,
        };
        let closed = |sitting, how, scored| Some(Closed { sitting, how, at: from_millis(self.closed_at?), scored });
        Some(match state {
            State::Created => Life::Created,
            State::InProgress => Life::InProgress(sitting()?),
            State::Submitted | State::Expired | State::Ended | State::Scored => {
                Life::Closed(closed(sitting()?, how?, state == State::Scored)?)
            }
            State::Voided => {
                let sitting = sitting();
                let closed = sitting.zip(how).and_then(|(sitting, how)| closed(sitting, how, true));
                Life::Voided(Voided { at: from_millis(self.voided_at?), sitting, closed })
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_rfc3339;
    use waymark_assess::attempt::{Connection, Course};

    #[test]
    fn every_standing_reads_back() {
        let at = |text: &str| parse_rfc3339(text).expect("a literal time");
        let (started, later) = (at("2026-11-21T09:00:00Z"), at("2026-11-21T09:30:00.125Z"));
        let terms = Terms { cut: Some(later), ..Terms::of(Duration::hours(1), Duration::seconds(30)) };
        let plain = Sitting::new(started, terms, &Course::whole(3), Connection::Pauses { minutes: 20 });
        let pause = Pause { kind: PauseKind::Own, since: later, at_most: Some(Duration::minutes(5)) };
        let place = Place { at: 1, ends: Some(later), reached: 7 };
        let sitting = Sitting { pause: Some(pause), place, rested: Duration::seconds(9), ..plain };
        let mut lives = vec![Life::Created, Life::InProgress(plain), Life::InProgress(sitting)];
        for (how, scored) in [(Closing::Submitted, false), (Closing::Expired, true), (Closing::Ended, true)] {
            let closed = Closed { sitting, how, at: later, scored };
            lives.push(Life::Closed(closed));
        }
        let closed = Closed { sitting, how: Closing::Ended, at: later, scored: true };
        lives.push(Life::Voided(Voided { at: later, sitting: Some(sitting), closed: Some(closed) }));
        lives.push(Life::Voided(Voided { at: later, sitting: None, closed: None }));
        for life in lives {
            let standing = Standing::of(&life, None);
            assert_eq!(standing.life().as_ref(), Some(&life), "{standing:?}");
        }
        let mut damaged = Standing::of(&Life::InProgress(sitting), None);
        damaged.deadline = None;
        assert_eq!(damaged.life(), None);
        let before_there_were_terms = Standing { terms: None, ..Standing::of(&Life::InProgress(plain), None) };
        let read = before_there_were_terms.life().expect("reads");
        assert_eq!(
            read.sitting().map(|s| (s.deadline, s.terms.limit)),
            Some((plain.deadline, plain.deadline - started))
        );
    }
}
