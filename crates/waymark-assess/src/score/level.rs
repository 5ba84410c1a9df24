//! How each section went, in a word.

use super::SectionScore;
use crate::rational::Rational;
use serde::{Deserialize, Serialize};

/// How a section went, in a word: numbers of few items say less than they seem to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Level {
    /// At least the share of the points that the exam as a whole takes.
    Meets,
    NeedsWork,
    /// Too few scored items to say.
    TooFew,
}

/// How a section went, for sections of at least `from` scored items; `needed` of `max` is what the exam as a whole takes.
pub fn level(section: &SectionScore, from: u32, needed: Rational, max: Rational) -> Level {
    if section.of < from {
        return Level::TooFew;
    }
    let (points, most) = (
        section.points.unwrap_or_else(|| Rational::from(section.right)),
        section.max.unwrap_or_else(|| Rational::from(section.of)),
    );
    let reached = points.checked_mul(max).zip(needed.checked_mul(most));
    if reached.is_some_and(|(have, need)| have >= need) { Level::Meets } else { Level::NeedsWork }
}
