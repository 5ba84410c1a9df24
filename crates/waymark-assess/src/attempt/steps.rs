//! The steps of an attempt. Each answers the attempt to write, or why it is not taken.

use super::allotted::{Allowance, PauseKind, Terms, minutes};
use super::course::{Course, Shut};
use super::sitting::{Connection, Sitting};
use super::{Attempt, Closed, Closing, Refused, Step, Voided};
use time::{Duration, UtcDateTime as Timestamp};

impl From<Shut> for Refused {
    fn from(shut: Shut) -> Self {
        match shut {
            Shut::Unopened => Self::SectionUnopened,
            Shut::Closed => Self::SectionClosed,
        }
    }
}

impl Attempt {
    /// Starts the clock. Starting again changes nothing.
    pub fn start(&self, now: Timestamp, terms: Terms, course: &Course, connection: Connection) -> Step {
        match self {
            Self::Created => Step::Write(Self::InProgress(Sitting::new(now, terms, course, connection))),
            _ => Step::Already,
        }
    }

    /// What time alone has made of the attempt by `now`, where that is not written yet: a break over, a section's clock over, or the
    /// attempt closed at its effective deadline, however late that is noticed.
    pub fn settle(&self, course: &Course, now: Timestamp) -> Option<Self> {
        let Self::InProgress(before) = self else { return None };
        let mut sitting = *before;
        let after = match sitting.pass(course, now) {
            Some(at) => Self::Closed(Closed { sitting, how: Closing::Expired, at, scored: false }),
            None => Self::InProgress(sitting),
        };
        (after != *self).then_some(after)
    }

    /// When time alone will close the attempt, as things stand; None where it will not: while staff have stopped the clock.
    pub fn ends_at(&self, course: &Course) -> Option<Timestamp> {
        let Self::InProgress(sitting) = self else { return None };
        let mut sitting = *sitting;
        sitting.pass(course, Timestamp::MAX)
    }

    /// When time alone changes something next, short of the end: a pause that is over, or a section's clock; None where it will not.
    pub fn turns_at(&self) -> Option<Timestamp> {
        let Self::InProgress(sitting) = self else { return None };
        match sitting.pause {
            Some(pause) => pause.ends(),
            None => sitting.place.ends.map(|end| sitting.last_moment(end)),
        }
    }

    /// Whether the candidate can work at `now`: look at positions, flag them, answer.
    ///
    /// # Errors
    /// Not started; closed; late; paused.
    pub fn at_work(&self, now: Timestamp) -> Result<(), Refused> {
        match self {
            Self::Created => Err(Refused::NotStarted),
            Self::Closed(Closed { how: Closing::Expired, sitting, .. }) => {
                Err(Refused::Late(sitting.effective_deadline()))
            }
            Self::Closed(_) | Self::Voided(_) => Err(Refused::Closed(self.state(now))),
            Self::InProgress(sitting) if sitting.is_over(now) => Err(Refused::Late(sitting.effective_deadline())),
            Self::InProgress(sitting) => sitting.paused(now).map_or(Ok(()), |pause| Err(Refused::Paused(pause.kind))),
        }
    }

    /// Shows a position: in a linear section, what was before it is closed.
    pub fn show(&self, course: &Course, position: u32, now: Timestamp) -> Result<Self, Refused> {
        let mut sitting = self.running(course, now)?;
        sitting.hear(now);
        sitting.place.reached = course.show(sitting.place.at, sitting.place.reached, position)?;
        Ok(Self::InProgress(sitting))
    }

    /// Whether a position that was shown may be looked at again or answered, as it is written.
    pub fn may_answer(&self, course: &Course, position: u32, now: Timestamp) -> Result<(), Refused> {
        let sitting = self.running(course, now)?;
        Ok(course.answer(sitting.place.at, sitting.place.reached, position)?)
    }

    /// The candidate gave a sign: a lost connection is credited, where the exam does so. Nothing else changes.
    pub fn hear(&self, course: &Course, now: Timestamp) -> Result<Self, Refused> {
        let mut sitting = self.open(course, now)?;
        sitting.hear(now);
        Ok(Self::InProgress(sitting))
    }

    /// Closes what stands open from this section on for good and opens the section after it, after its break where it has one. None where another
    /// section stands open: whoever asks twice, or as the time of the section ends, closes nothing that they have not seen.
    pub fn leave(&self, course: &Course, section: &str, now: Timestamp) -> Result<Option<Self>, Refused> {
        let mut sitting = self.running(course, now)?;
        if course.sections().get(sitting.place.at).is_none_or(|open| open.name != section) {
            return Ok(None);
        }
        sitting.hear(now);
        if sitting.leave(course, now) { Ok(Some(Self::InProgress(sitting))) } else { Err(Refused::LastSection) }
    }

    /// Staff stop the clock, for at most so long.
    pub fn pause(&self, course: &Course, now: Timestamp, at_most: Option<Duration>) -> Result<Self, Refused> {
        let mut sitting = self.running(course, now)?;
        sitting.stop(PauseKind::Staff, at_most, now);
        Ok(Self::InProgress(sitting))
    }

    /// The candidate takes a break that they are allowed, for as long as they have one left.
    pub fn rest(&self, course: &Course, now: Timestamp) -> Result<Self, Refused> {
        let mut sitting = self.running(course, now)?;
        let left = minutes(sitting.terms.allowance.break_minutes) - sitting.rested;
        if left <= Duration::ZERO {
            return Err(Refused::NoBreakLeft);
        }
        sitting.stop(PauseKind::Own, Some(left), now);
        Ok(Self::InProgress(sitting))
    }

    /// The clock runs again. What staff stopped only staff start; a break the candidate ends as well.
    pub fn go_on(&self, course: &Course, now: Timestamp, by_staff: bool) -> Result<Self, Refused> {
        let mut sitting = self.open(course, now)?;
        let pause = sitting.pause.ok_or(Refused::NotPaused)?;
        if pause.kind == PauseKind::Staff && !by_staff {
            return Err(Refused::Paused(pause.kind));
        }
        sitting.go_on(course, now);
        Ok(Self::InProgress(sitting))
    }

    /// Staff add time, to the attempt and to the section that stands open.
    pub fn add(&self, course: &Course, now: Timestamp, time: Duration) -> Result<Self, Refused> {
        let mut sitting = self.open(course, now)?;
        sitting.add(time.max(Duration::ZERO));
        Ok(Self::InProgress(sitting))
    }

    /// An accommodation comes into force. One that is smaller than what is in force changes nothing.
    pub fn allow(&self, course: &Course, now: Timestamp, allowance: Allowance) -> Result<Self, Refused> {
        let mut sitting = self.open(course, now)?;
        sitting.allow(course, allowance);
        Ok(Self::InProgress(sitting))
    }

    /// The server was away from `from` until `to`, and the exam credits that. An attempt whose time was over before is left alone.
    pub fn skip(&self, course: &Course, from: Timestamp, to: Timestamp) -> Option<Self> {
        let mut sitting = self.open(course, from).ok()?;
        sitting.skip(from, to);
        let after = Self::InProgress(sitting);
        (after != *self).then_some(after)
    }

    /// Hands the attempt in. After the effective deadline it closes as expired instead, at that deadline.
    pub fn submit(&self, course: &Course, now: Timestamp) -> Result<Step, Refused> {
        self.close(course, now, Closing::Submitted)
    }

    /// Staff end the attempt: what was saved counts.
    pub fn end(&self, course: &Course, now: Timestamp) -> Result<Step, Refused> {
        self.close(course, now, Closing::Ended)
    }

    fn close(&self, course: &Course, now: Timestamp, how: Closing) -> Result<Step, Refused> {
        if self.is_closed() {
            return Ok(Step::Already);
        }
        let settled = self.settle(course, now).unwrap_or_else(|| self.clone());
        match settled {
            Self::Created => Err(Refused::NotStarted),
            Self::InProgress(mut sitting) => {
                if let Some(pause) = sitting.paused(now) {
                    if how == Closing::Submitted && pause.kind == PauseKind::Staff {
                        return Err(Refused::Paused(pause.kind));
                    }
                    sitting.go_on(course, now);
                }
                Ok(Step::Write(Self::Closed(Closed { sitting, how, at: now, scored: false })))
            }
            closed => Ok(Step::Write(closed)),
        }
    }

    /// The attempt counts for nothing, from now on. Nothing leads back.
    pub fn void(&self, now: Timestamp) -> Step {
        let (sitting, closed) = match self {
            Self::Voided(_) => return Step::Already,
            Self::Created => (None, None),
            Self::InProgress(sitting) => (Some(*sitting), None),
            Self::Closed(closed) => (Some(closed.sitting), Some(*closed)),
        };
        Step::Write(Self::Voided(Voided { at: now, sitting, closed }))
    }

    /// As it stands at `now`, if it is under way.
    fn open(&self, course: &Course, now: Timestamp) -> Result<Sitting, Refused> {
        let settled = self.settle(course, now);
        match settled.as_ref().unwrap_or(self) {
            Self::InProgress(sitting) => Ok(*sitting),
            other => Err(other.at_work(now).expect_err("only an attempt under way can be worked at")),
        }
    }

    /// As it stands at `now`, if its clock runs.
    fn running(&self, course: &Course, now: Timestamp) -> Result<Sitting, Refused> {
        let sitting = self.open(course, now)?;
        sitting.paused(now).map_or(Ok(sitting), |pause| Err(Refused::Paused(pause.kind)))
    }
}
