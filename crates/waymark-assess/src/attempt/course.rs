//! Sections of a form as one walks through them: which stand open, which are closed for good, and which nobody has seen yet.

use super::allotted::{Allowance, minutes};
use serde::{Deserialize, Serialize};
use time::Duration;

/// How one moves within a section and back to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Navigation {
    /// Any order. Free sections that follow each other without clock or break stand open together.
    #[default]
    Free,
    /// Forward only: what was left is closed.
    Linear,
    /// Any order within; closed for good once left.
    Locked,
}

impl Navigation {
    pub const ALL: [Self; 3] = [Self::Free, Self::Linear, Self::Locked];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Linear => "linear",
            Self::Locked => "locked",
        }
    }
}

/// One section of an exam.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub name: String,
    /// A clock of its own.
    pub minutes: Option<u32>,
    pub navigation: Navigation,
    /// A break after this section, for at most so long.
    pub break_minutes: Option<u32>,
}

/// The sections of a form in order, and the section of each position. Without sections the whole form is one, and free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    sections: Vec<Section>,
    /// For each position, counted from 0, the index of its section; never falling.
    of: Vec<usize>,
}

/// What keeps a position from being shown or answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// Its section, or in a linear one the position, is not open yet.
    Unopened,
    /// It was left, or its time is over.
    Closed,
}

impl Course {
    /// The sections, and the name of the section of each position. A position of an unknown section belongs to the section before
    /// it, so that nothing of a form is ever out of reach.
    pub fn new<'n>(sections: Vec<Section>, names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut reached = 0;
        let of = names.into_iter().map(|name| {
            let ahead = sections.iter().skip(reached).position(|section| section.name == name);
            reached += ahead.unwrap_or_default();
            reached
        });
        let of = of.collect();
        Self { sections, of }
    }

    /// A form without sections.
    pub fn whole(positions: usize) -> Self {
        Self { sections: vec![], of: vec![0; positions] }
    }

    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The section of a position that counts from 1.
    pub fn section_of(&self, position: u32) -> Option<usize> {
        self.of.get(usize::try_from(position.checked_sub(1)?).ok()?).copied()
    }

    /// The positions that stand open together with section `at`.
    pub fn open_with(&self, at: usize) -> impl Iterator<Item = u32> {
        let last = self.last_with(at);
        (1_u32..).zip(&self.of).filter(move |(_, section)| (at..=last).contains(*section)).map(|(position, _)| position)
    }

    /// The last of the sections that stand open together with `at`, which is the first of them.
    pub fn last_with(&self, at: usize) -> usize {
        let joins = |at: usize| {
            let (Some(this), Some(next)) = (self.sections.get(at), self.sections.get(at + 1)) else { return false };
            let free = |section: &Section| section.navigation == Navigation::Free && section.minutes.is_none();
            free(this) && free(next) && this.break_minutes.is_none()
        };
        let mut last = at;
        while joins(last) {
            last += 1;
        }
        last
    }

    /// The section that is opened after those that stand open with `at`.
    pub fn after(&self, at: usize) -> Option<usize> {
        let next = self.last_with(at) + 1;
        (next < self.sections.len()).then_some(next)
    }

    /// The break between those that stand open with `at` and what comes after.
    pub(super) fn break_after(&self, at: usize) -> Option<Duration> {
        self.sections.get(self.last_with(at))?.break_minutes.filter(|length| *length > 0).map(minutes)
    }

    /// The clock of section `at` for a person.
    pub(super) fn clock(&self, at: usize, allowance: Allowance, limit: Duration) -> Option<Duration> {
        Some(allowance.of_part(minutes(self.sections.get(at)?.minutes?), limit))
    }

    /// Whether a position can be shown, and where the walk then stands. `reached` is the furthest position shown so far.
    pub(super) fn show(&self, at: usize, reached: u32, position: u32) -> Result<u32, Shut> {
        let section = self.section_of(position).ok_or(Shut::Unopened)?;
        if section < at {
            return Err(Shut::Closed);
        }
        if section > self.last_with(at) {
            return Err(Shut::Unopened);
        }
        if self.is_linear(section) {
            if position < reached {
                return Err(Shut::Closed);
            }
            let next = self.open_with(at).find(|open| *open > reached);
            if position > reached && next != Some(position) {
                return Err(Shut::Unopened);
            }
        }
        Ok(reached.max(position))
    }

    /// Whether a position takes an answer.
    pub(super) fn answer(&self, at: usize, reached: u32, position: u32) -> Result<(), Shut> {
        let after = self.show(at, reached, position)?;
        let section = self.section_of(position).ok_or(Shut::Unopened)?;
        if self.is_linear(section) && after != reached { Err(Shut::Unopened) } else { Ok(()) }
    }

    fn is_linear(&self, section: usize) -> bool {
        self.sections.get(section).is_some_and(|section| section.navigation == Navigation::Linear)
    }
}
