//! The clock of an attempt that has begun, and how it moves.

use super::allotted::{Allowance, Pause, PauseKind, Silence, Terms};
use super::course::Course;
use serde::{Deserialize, Serialize};
use time::{Duration, UtcDateTime as Timestamp};

/// Where a candidate stands among the sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// The first of the sections that stand open.
    pub at: usize,
    /// When its own clock ends, where it has one; it does not run before the section is opened.
    pub ends: Option<Timestamp>,
    /// The furthest position shown.
    pub reached: u32,
}

/// The clock of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sitting {
    pub started_at: Timestamp,
    /// What the candidate is shown while no pause is open: [`Terms::deadline`]. It can only move later.
    pub deadline: Timestamp,
    pub grace: Duration,
    pub terms: Terms,
    pub pause: Option<Pause>,
    pub silence: Option<Silence>,
    pub place: Place,
    /// How much of the breaks that the candidate is allowed was taken.
    pub rested: Duration,
}

/// How a lost connection is dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// The clock runs on.
    #[default]
    RunsOn,
    /// The clock stands from the last sign of the candidate on, for so many minutes of an attempt at most.
    Pauses { minutes: u32 },
}

/// So long without a sign is a lost connection.
pub const LOST_AFTER: Duration = Duration::seconds(60);

impl Sitting {
    pub fn new(started_at: Timestamp, terms: Terms, course: &Course, connection: Connection) -> Self {
        let silence = match connection {
            Connection::RunsOn | Connection::Pauses { minutes: 0 } => None,
            Connection::Pauses { minutes } => {
                Some(Silence { last: started_at, after: LOST_AFTER, left: Duration::minutes(minutes.into()) })
            }
        };
        let deadline = terms.deadline(started_at);
        let mut sitting = Self {
            started_at,
            deadline,
            grace: terms.grace,
            terms,
            pause: None,
            silence,
            place: Place::default(),
            rested: Duration::ZERO,
        };
        sitting.open(course, 0, started_at);
        sitting
    }

    /// The last moment at which an answer counts, as things stand: a pause that is open is taken to last as long as it may.
    pub fn effective_deadline(&self) -> Timestamp {
        self.last_moment(self.deadline)
    }

    /// The deadline that the candidate is shown: while the clock stands it moves along.
    pub fn deadline_at(&self, now: Timestamp) -> Timestamp {
        self.moved(self.deadline, now)
    }

    /// The end of the section's own clock, likewise.
    pub fn section_ends_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.place.ends.map(|end| self.moved(end, now))
    }

    fn moved(&self, end: Timestamp, now: Timestamp) -> Timestamp {
        let credit = match (self.pause, self.silence) {
            (Some(pause), _) => pause.credit(now),
            (None, Some(silence)) if end - silence.last > silence.after => silence.credit(now),
            (None, Some(_)) => Duration::ZERO,
            (None, None) => Duration::ZERO,
        };
        end.checked_add(credit).unwrap_or(Timestamp::MAX)
    }

    /// Of a moment at which something ends: how late that can become without anybody's doing, grace included.
    pub(super) fn last_moment(&self, end: Timestamp) -> Timestamp {
        let later = match (self.pause, self.silence) {
            (Some(Pause { at_most: None, .. }), _) => return Timestamp::MAX,
            (Some(Pause { at_most: Some(most), .. }), _) => most,
            // Whoever was heard of shortly before the end has not lost the connection.
            (None, Some(silence)) if end - silence.last > silence.after => silence.left,
            (None, _) => Duration::ZERO,
        };
        end.checked_add(later).and_then(|end| end.checked_add(self.grace)).unwrap_or(Timestamp::MAX)
    }

    /// The pause that is open at `now`.
    pub fn paused(&self, now: Timestamp) -> Option<Pause> {
        self.pause.filter(|pause| pause.stands(now))
    }

    /// Whether a break of those that the candidate is allowed is left.
    pub fn may_rest(&self) -> bool {
        self.rested < Duration::minutes(self.terms.allowance.break_minutes.into())
    }

    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        now > self.effective_deadline()
    }

    pub(super) fn credit(&mut self, time: Duration) {
        let time = time.max(Duration::ZERO);
        self.terms.credited += time;
        self.deadline = self.terms.deadline(self.started_at);
        self.place.ends = self.place.ends.map(|end| end.checked_add(time).unwrap_or(Timestamp::MAX));
    }

    /// Opens section `at`: its clock runs from `now` on.
    pub(super) fn open(&mut self, course: &Course, at: usize, now: Timestamp) {
        let clock = course.clock(at, self.terms.allowance, self.terms.limit);
        self.place.at = at;
        self.place.ends = clock.and_then(|clock| now.checked_add(clock));
    }

    /// The candidate gave a sign: what a lost connection is worth is credited, as far as the exam allows.
    pub(super) fn hear(&mut self, now: Timestamp) {
        if self.pause.is_some() {
            return;
        }
        if let Some(silence) = self.silence {
            let credit = silence.credit(now);
            self.credit(credit);
            let last = silence.last.max(now);
            self.silence = Some(Silence { last, left: silence.left - credit, ..silence });
        }
    }

    pub(super) fn stop(&mut self, kind: PauseKind, at_most: Option<Duration>, now: Timestamp) {
        self.hear(now);
        self.pause = Some(Pause { kind, since: now, at_most });
    }

    /// The clock runs again. After a break between sections the next one is opened.
    pub(super) fn go_on(&mut self, course: &Course, now: Timestamp) {
        let Some(pause) = self.pause.take() else { return };
        let end = pause.ends().map_or(now, |end| end.min(now)).max(pause.since);
        self.credit(pause.credit(end));
        if pause.kind == PauseKind::Own {
            self.rested += pause.credit(end);
        }
        if pause.kind == PauseKind::Break {
            self.open(course, self.place.at, end);
        }
        if let Some(silence) = &mut self.silence {
            silence.last = silence.last.max(end);
        }
    }

    /// Closes what stands open and goes to the section after it: at once, or by way of a break. `false` where there is none.
    pub(super) fn leave(&mut self, course: &Course, now: Timestamp) -> bool {
        let Some(next) = course.after(self.place.at) else { return false };
        match course.break_after(self.place.at) {
            Some(length) => {
                self.stop(PauseKind::Break, Some(length), now);
                self.place.at = next;
                self.place.ends = None;
            }
            None => self.open(course, next, now),
        }
        true
    }

    pub(super) fn allow(&mut self, course: &Course, allowance: Allowance) {
        let (before, limit) = (self.terms.allowance, self.terms.limit);
        self.terms.allowance = before.joined(allowance);
        self.deadline = self.terms.deadline(self.started_at);
        let clock = |allowance| course.clock(self.place.at, allowance, limit).unwrap_or_default();
        let more = clock(self.terms.allowance) - clock(before);
        self.place.ends = self.place.ends.and_then(|end| end.checked_add(more));
    }

    pub(super) fn add(&mut self, time: Duration) {
        self.terms.added += time;
        self.deadline = self.terms.deadline(self.started_at);
        self.place.ends = self.place.ends.and_then(|end| end.checked_add(time));
    }

    /// What became of this by `now` by time alone: a pause over, a section's clock over, or the attempt closed, at the moment given.
    pub(super) fn pass(&mut self, course: &Course, now: Timestamp) -> Option<Timestamp> {
        loop {
            if let Some(pause) = self.pause {
                if pause.stands(now) {
                    return None;
                }
                self.go_on(course, now);
                continue;
            }
            let over = self.effective_deadline();
            let section = self.place.ends.map(|end| (end, self.last_moment(end))).filter(|(_, last)| *last < over);
            let Some((end, last)) = section else { return (now > over).then_some(over) };
            if now <= last {
                return None;
            }
            if let Some(silence) = self.silence {
                if end - silence.last > silence.after {
                    self.hear(last);
                }
                self.silence = self.silence.map(|silence| Silence { last: silence.last.max(last), ..silence });
            }
            if !self.leave(course, last) {
                return Some(last);
            }
        }
    }

    /// The server was away from `from` until `to`: neither the clock nor a pause ran.
    pub(super) fn skip(&mut self, from: Timestamp, to: Timestamp) {
        let gap = to - from;
        if gap <= Duration::ZERO || self.pause.is_some_and(|pause| pause.at_most.is_none()) {
            return;
        }
        self.hear(from);
        self.credit(gap);
        if let Some(pause) = &mut self.pause {
            pause.since = pause.since.checked_add(gap).unwrap_or(Timestamp::MAX);
        }
        if let Some(silence) = &mut self.silence {
            silence.last = silence.last.max(to);
        }
    }
}
