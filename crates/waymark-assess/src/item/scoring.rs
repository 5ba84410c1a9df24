//! What a right answer is worth, and whether a part of it is worth something.

use super::{ItemKey, KeyKind};
use crate::{mistake::Mistake, rational::Rational};
use serde::Deserialize;
use serde_json::{Value, json};

/// Most points of one item.
pub const MAX_POINTS: u32 = 100;
/// Largest denominator of a share or penalty: points stay exact in 64 bits.
const MAX_DENOMINATOR: i64 = 100;

/// Whether parts count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Everything right and nothing beside it, or no points.
    #[default]
    AllOrNothing,
    /// Each right part earns its share of the points. Parts are: right options (multiple choice, hotspot), pairs, places of
    /// an order, gaps, the whole answer else. Whatever is chosen beyond the number of right ones takes a right one back.
    PerPart,
}

/// How an item is scored: one point, all or nothing, unless said otherwise. Never below 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scoring {
    pub rule: Rule,
    pub points: u32,
    /// With [`Rule::PerPart`]: what each wrong part takes away, as a share of what a right one earns.
    pub penalty: Rational,
}

impl Default for Scoring {
    fn default() -> Self {
        Self { rule: Rule::AllOrNothing, points: 1, penalty: Rational::ZERO }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredScoring {
    rule: Rule,
    points: u32,
    penalty: Rational,
}

impl From<StoredScoring> for Scoring {
    fn from(stored: StoredScoring) -> Self {
        Self { rule: stored.rule, points: stored.points, penalty: stored.penalty }
    }
}

impl Scoring {
    /// `None` for the scoring that needs no words, so that the hashes of items without any stay as they were.
    pub(super) fn value(self) -> Option<Value> {
        let rule = match self.rule {
            Rule::AllOrNothing => "all_or_nothing",
            Rule::PerPart => "per_part",
        };
        (self != Self::default()).then(|| json!({"rule": rule, "points": self.points, "penalty": self.penalty}))
    }

    pub(super) fn check(self, key: &ItemKey, mistakes: &mut Vec<Mistake>) {
        let mut wrong = |code, message: &str, ja: &str| mistakes.push(Mistake::new("/scoring", code, message, ja));
        if !(1..=MAX_POINTS).contains(&self.points) {
            wrong("points_out_of_range", "an item is worth 1 to 100 points", "配点は1点から100点までにしてください");
        }
        let penalty = self.penalty;
        if penalty < Rational::ZERO || penalty > Rational::ONE || penalty.denominator() > MAX_DENOMINATOR {
            wrong(
                "penalty_out_of_range",
                "a penalty is a fraction from 0 to 1, like `1/3`",
                "減点は 1/3 のような0から1までの分数で書いてください",
            );
        }
        if self.rule == Rule::AllOrNothing && penalty != Rational::ZERO {
            wrong(
                "penalty_without_parts",
                "a penalty needs `per_part`: all or nothing cannot fall below nothing",
                "減点は per_part のときだけ使えます。all_or_nothing では0点より下がりません",
            );
        }
        if self.rule == Rule::AllOrNothing && key.has_shares() {
            wrong(
                "shares_without_parts",
                "an answer worth a share of the points needs `per_part`",
                "配点の一部だけを与える解答があるときは per_part にしてください",
            );
        }
        if matches!(key.kind(), KeyKind::Rubric(_)) && self != Self::default() {
            wrong(
                "scoring_with_rubric",
                "a rubric says what the answer is worth: leave `scoring` out",
                "配点は採点基準 (rubric) で決まります。scoring は書かないでください",
            );
        }
    }
}

/// What an accepted answer earns of its part, above 0 and up to the whole.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Rational")]
pub struct Share(Rational);

impl Share {
    pub const WHOLE: Self = Self(Rational::ONE);

    /// `None` outside `0 < share ≤ 1`, or finer than hundredths.
    pub fn new(share: Rational) -> Option<Self> {
        let fits = share > Rational::ZERO && share <= Rational::ONE && share.denominator() <= MAX_DENOMINATOR;
        fits.then_some(Self(share))
    }

    pub fn get(self) -> Rational {
        self.0
    }

    pub fn is_whole(self) -> bool {
        self == Self::WHOLE
    }

    pub(super) fn write(self, value: &mut Value) {
        if !self.is_whole() {
            value["share"] = json!(self.0);
        }
    }
}

impl Default for Share {
    fn default() -> Self {
        Self::WHOLE
    }
}

impl TryFrom<Rational> for Share {
    type Error = &'static str;
    fn try_from(share: Rational) -> Result<Self, Self::Error> {
        Self::new(share).ok_or("a share lies above 0 and up to 1")
    }
}
