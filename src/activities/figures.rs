//! The figures of a period, read from what sources told.

use super::ideas::{Ideas, SHIPPED, SUBMITTED, SUPPORTED};
use super::period::Period;
use super::questions::{ACCEPTED, ASKED, POSTED, Questions};
use crate::contributions::{self, Stored};
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

    fn questions(self) -> Option<Vec<&'static str>> {
        match self {
            Self::All | Self::Questions => Some(vec![ASKED, POSTED, ACCEPTED]),
            Self::AnswersOf(kind) => Some(vec![ASKED, kind]),
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

/// The figures of a period, of one source or of all.
pub async fn figures(db: &impl Read, period: Period, source: Option<&str>, part: Part) -> Result<Figures> {
    let questions = match part.questions() {
        None => None,
        Some(types) => {
            let span = (Some(period.first), period.last);
            Some(Questions::of(&contributions::stored(db, &types, source, span).await?, &period))
        }
    };
    let ideas = match part.has_ideas() {
        false => None,
        true => {
            let mut events: Vec<Stored> =
                contributions::stored(db, &[SUBMITTED, SHIPPED], source, (None, period.last)).await?;
            let span = (Some(period.first), period.last);
            events.extend(contributions::stored(db, &[SUPPORTED], source, span).await?);
            Some(Ideas::of(&events, &period))
        }
    };
    Ok(Figures { period, questions, ideas })
}
