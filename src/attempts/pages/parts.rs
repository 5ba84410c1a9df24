//! The sections of an attempt as its candidate sees them: where they are, what is closed, what comes, and which questions can be opened now.

use time::Duration;
use waymark_assess::attempt::{Course, Navigation};

use crate::attempts::service::Attempt;
use crate::attempts::views::{Progress, open_positions};
use crate::attempts::wording::section_title;
use crate::clock::Timestamp;
use crate::exams::Exam;
use crate::web::i18n::Words;

/// The section on the page.
pub(super) struct Here {
    pub number: usize,
    pub count: usize,
    pub title: String,
    /// Where it has a clock of its own.
    pub minutes_left: Option<i64>,
}

/// One section in the list of all.
pub(super) struct Line {
    pub number: usize,
    pub title: String,
    /// Closed, open, or not opened yet, in words; and how much of it is answered, or how long it is.
    pub state: String,
    pub tally: String,
    pub open: bool,
}

/// The sections, and what of them stands open.
pub(super) struct Parts {
    /// The questions that can be opened now.
    pub open: Vec<u32>,
    pub here: Option<Here>,
    /// Empty for an exam in one piece.
    pub lines: Vec<Line>,
    /// Whether another section follows those that stand open.
    pub follows: bool,
    /// The name of the first section that stands open: what leaving leaves.
    pub section: String,
    /// Questions of sections that nobody has opened yet.
    pub ahead: usize,
    /// What was left behind cannot be opened again.
    pub forward_only: bool,
}

impl Parts {
    /// At `position`; 0 where no question is on the page.
    pub fn of(
        words: Words,
        exam: &Exam,
        attempt: &Attempt,
        course: &Course,
        progress: &[Progress],
        (position, now): (u32, Timestamp),
    ) -> Self {
        let open = open_positions(&attempt.life, course, progress.len(), now);
        let sections = course.sections();
        let at = attempt.life.sitting().map_or(0, |sitting| sitting.place.at);
        let last = course.last_with(at);
        let on_page = course.section_of(position).unwrap_or(at);
        let forward_only = sections.get(on_page).is_some_and(|section| section.navigation == Navigation::Linear);
        let ahead = progress.iter().filter(|p| course.section_of(p.position).is_some_and(|of| of > last)).count();
        let (mut here, mut lines) = (None, vec![]);
        if sections.len() > 1 {
            here = sections.get(on_page).map(|section| Here {
                number: on_page + 1,
                count: sections.len(),
                title: section_title(exam, words, &section.name),
                minutes_left: attempt.life.section_remaining(now).map(Duration::whole_minutes),
            });
            let line = |(n, section): (usize, &waymark_assess::attempt::Section)| {
                let held: Vec<&Progress> =
                    progress.iter().filter(|p| course.section_of(p.position) == Some(n)).collect();
                let answered = held.iter().filter(|p| p.answered && !p.incomplete).count();
                let tally = if n > last {
                    words.with1("part-questions", "count", held.len())
                } else {
                    words.with2("part-answered", "answered", answered, "count", held.len())
                };
                let state = if n < at {
                    "part-closed"
                } else if n > last {
                    "part-ahead"
                } else {
                    "part-open"
                };
                let title = section_title(exam, words, &section.name);
                Line { number: n + 1, title, state: words.t(state), tally, open: (at..=last).contains(&n) }
            };
            lines = sections.iter().enumerate().map(line).collect();
        }
        let section = sections.get(at).map(|section| section.name.clone()).unwrap_or_default();
        Self { open, here, lines, follows: course.after(at).is_some(), section, ahead, forward_only }
    }

    pub fn is_open(&self, position: u32) -> bool {
        self.open.contains(&position)
    }

    /// For scripts: the open positions with blanks between.
    pub fn open_list(&self) -> String {
        self.open.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")
    }
}
