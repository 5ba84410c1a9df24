//! The figures of a period, counted one event after the other from what sources told: however many there are, few are held at a time.

use super::ideas::{Ideas, SHIPPED, SUBMITTED, SUPPORTED};
use super::period::Period;
use super::questions::{ACCEPTED, ASKED, POSTED, Questions};
use super::{ideas, questions};
use crate::contributions::{Wanted, each_stored};
use crate::database::Read;
use crate::error::{Error, Fault, Result};

/// The types that figures read, in the order in which people would tell them.
pub const TYPES: [&str; 6] = [ASKED, POSTED, ACCEPTED, SUBMITTED, SUPPORTED, SHIPPED];

/// Which part of the figures is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    All,
    /// Any answer counts.
    Questions,
    /// Only answers of this type count.
    AnswersOf(&'static str),
    Ideas,
}

impl Part {
    /// The part that reads events of this type.
    ///
    /// # Errors
    /// A type that no figure reads.
    pub fn of(kind: Option<&str>) -> Result<Self> {
        let Some(kind) = kind.map(str::trim).filter(|kind| !kind.is_empty()) else { return Ok(Self::All) };
        match TYPES.into_iter().find(|known| *known == kind) {
            Some(ASKED) => Ok(Self::Questions),
            Some(answers @ (POSTED | ACCEPTED)) => Ok(Self::AnswersOf(answers)),
            Some(_) => Ok(Self::Ideas),
            None => {
                let detail = format!("figures read these types: {}", TYPES.join(", "));
                Err(Error::invalid(vec![Fault::new("/type", "unknown_word", detail)]))
            }
        }
    }

    /// The types of answers that count, where questions are asked for.
    fn answers(self) -> Option<Vec<&'static str>> {
        match self {
            Self::All | Self::Questions => Some(vec![POSTED, ACCEPTED]),
            Self::AnswersOf(kind) => Some(vec![kind]),
            Self::Ideas => None,
        }
    }

    fn has_ideas(self) -> bool {
        matches!(self, Self::All | Self::Ideas)
    }
}

#[derive(Debug, Clone)]
pub struct Figures {
    pub period: Period,
    pub questions: Option<Questions>,
    pub ideas: Option<Ideas>,
}

/// How many events are held at a time.
const AT_ONCE: u64 = 2_000;

/// The figures of a period, of one source or of all.
pub async fn figures(db: &impl Read, period: Period, source: Option<&str>, part: Part) -> Result<Figures> {
    figures_in_pages(db, period, source, part, AT_ONCE).await
}

/// The same, with so many events held at a time.
pub async fn figures_in_pages(
    db: &impl Read,
    period: Period,
    source: Option<&str>,
    part: Part,
    at_once: u64,
) -> Result<Figures> {
    let within = Wanted { source, from: Some(period.first), to: period.last, at_once };
    let questions = match part.answers() {
        None => None,
        Some(answers) => {
            let mut tally = questions::Tally::new(&period);
            each_stored(db, ASKED, within, |e| tally.ask(e)).await?;
            for kind in answers {
                each_stored(db, kind, within, |e| tally.answer(&e)).await?;
            }
            Some(tally.questions())
        }
    };
    let ideas = if part.has_ideas() {
        let (mut tally, ever) = (ideas::Tally::new(&period), Wanted { from: None, ..within });
        each_stored(db, SUBMITTED, ever, |e| tally.submit(e)).await?;
        each_stored(db, SHIPPED, ever, |e| tally.ship(e)).await?;
        each_stored(db, SUPPORTED, within, |e| tally.support(e)).await?;
        Some(tally.ideas())
    } else {
        None
    };
    Ok(Figures { period, questions, ideas })
}
