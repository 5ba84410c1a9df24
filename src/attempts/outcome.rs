//! How an attempt came out, as its candidate may know it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use waymark_assess::Rational;
use waymark_assess::grade::{Scale, Terms};
use waymark_assess::score::{Cut, Level, SectionScore, level};

use crate::error::Result;

/// What a candidate may know of how it came out.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The exam's release policy keeps it back until staff release it.
    Held,
    /// Some responses wait for a person to mark them.
    Waiting,
    Released(Released),
}

/// A released result.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Released {
    pub points: Rational,
    pub max: Rational,
    /// `{"points": 26}` or `{"percent": "75"}`.
    pub cut: Value,
    pub passed: bool,
    pub sections: Vec<Section>,
    /// Where the exam has a scale.
    #[serde(default)]
    pub scaled: Option<Scaled>,
    /// The points that it took, where a dropped item made them fewer than the cut says.
    #[serde(default)]
    pub needed: Option<Rational>,
}

/// A place on the scale of an exam.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scaled {
    pub score: u32,
    #[serde(flatten)]
    pub scale: Scale,
}

impl Released {
    pub(super) fn cut(&self) -> Option<Cut> {
        let points = self.cut["points"].as_u64().and_then(|n| u32::try_from(n).ok()).map(Cut::Points);
        points.or_else(|| Some(Cut::Percent(self.cut["percent"].as_str()?.parse().ok()?)))
    }

    /// The points that it took.
    pub fn needed(&self) -> Option<Rational> {
        self.needed.or_else(|| Terms::from(self.cut()?).needed(self.max, self.max))
    }

    /// How a section went, for sections of at least `from` scored items.
    pub fn level(&self, section: &Section, from: u32) -> Level {
        let score = SectionScore {
            section: String::new(),
            right: section.right,
            of: section.of,
            points: section.points,
            max: section.max,
        };
        self.needed().map_or(Level::TooFew, |needed| level(&score, from, needed, self.max))
    }
}

/// One row of the section table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub section: String,
    pub right: u32,
    pub of: u32,
    /// Points and the most there were, where those are not simply the numbers above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Rational>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Rational>,
}

impl Section {
    pub fn name(&self) -> &str {
        &self.section
    }
}

/// A result as the row of its run holds it.
pub(super) fn released(stored: &str) -> Result<Released> {
    #[derive(Deserialize)]
    struct Stored {
        summary: Released,
    }
    let stored: Stored = serde_json::from_str(stored)?;
    Ok(stored.summary)
}
