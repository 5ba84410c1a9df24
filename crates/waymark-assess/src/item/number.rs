//! Numeric items: a number to be typed, and the intervals that are right.

use super::{ItemKey, KeyKind, key::of_another_kind, scoring::Share};
use crate::{decimal::Decimal, mistake::Mistake};
use serde::Deserialize;
use serde_json::{Value, json};

/// Most intervals that a key may name.
pub const MAX_ACCEPTED: usize = 50;

/// A number that is right, and how far beside it still is.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptedNumber {
    pub value: Decimal,
    pub tolerance: Tolerance,
    /// What it earns of the part's worth.
    #[serde(default)]
    pub share: Share,
}

/// How far beside the value an answer may lie, and whether the very edge still counts (QTI `equal`, `toleranceMode`).
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Tolerance {
    Exact,
    /// So much below and above.
    Absolute {
        margin: Decimal,
        include_lower: bool,
        include_upper: bool,
    },
    /// So large a part of the value (`0.05` is five percent) below and above.
    Relative {
        part: Decimal,
        include_lower: bool,
        include_upper: bool,
    },
}

impl AcceptedNumber {
    pub fn exactly(value: Decimal) -> Self {
        Self { value, tolerance: Tolerance::Exact, share: Share::WHOLE }
    }

    /// Lower and upper bound; `None` where the numbers lie too far apart in size to be added exactly.
    fn bounds(&self) -> Option<(Decimal, Decimal)> {
        let margin = match &self.tolerance {
            Tolerance::Exact => return Some((self.value.clone(), self.value.clone())),
            Tolerance::Absolute { margin, .. } => margin.abs(),
            Tolerance::Relative { part, .. } => self.value.checked_mul(part)?.abs(),
        };
        Some((self.value.checked_add(&margin.negated())?, self.value.checked_add(&margin)?))
    }

    /// Whether `answer` lies within the bounds. Exact: no rounding anywhere.
    pub(crate) fn accepts(&self, answer: &Decimal) -> bool {
        let Some((low, high)) = self.bounds() else { return false };
        let (lower, upper) = match self.tolerance {
            Tolerance::Exact => (true, true),
            Tolerance::Absolute { include_lower, include_upper, .. }
            | Tolerance::Relative { include_lower, include_upper, .. } => (include_lower, include_upper),
        };
        (if lower { *answer >= low } else { *answer > low }) && (if upper { *answer <= high } else { *answer < high })
    }

    pub(super) fn value(&self) -> Value {
        let tolerance = match &self.tolerance {
            Tolerance::Exact => json!("exact"),
            Tolerance::Absolute { margin, include_lower, include_upper } => json!({"absolute":
                {"margin": margin.to_string(), "include_lower": include_lower, "include_upper": include_upper}}),
            Tolerance::Relative { part, include_lower, include_upper } => json!({"relative":
                {"part": part.to_string(), "include_lower": include_lower, "include_upper": include_upper}}),
        };
        let mut value = json!({"value": self.value.to_string(), "tolerance": tolerance});
        self.share.write(&mut value);
        value
    }
}

pub(super) fn check(key: &ItemKey, mistakes: &mut Vec<Mistake>) {
    match key.kind() {
        KeyKind::Numbers(numbers) => check_accepted(numbers, "/correct", mistakes),
        _ => mistakes.push(of_another_kind()),
    }
}

pub(super) fn check_accepted(numbers: &[AcceptedNumber], at: &str, mistakes: &mut Vec<Mistake>) {
    if numbers.is_empty() || numbers.len() > MAX_ACCEPTED {
        mistakes.push(Mistake::new(
            at,
            "number_of_answers",
            format!("{} numbers are accepted: give 1 to {MAX_ACCEPTED}", numbers.len()),
            format!("正解とする数が{}個あります。1個から{MAX_ACCEPTED}個にしてください", numbers.len()),
        ));
    }
    for (n, number) in numbers.iter().enumerate() {
        let Some((low, high)) = number.bounds() else {
            mistakes.push(Mistake::new(
                format!("{at}/{n}"),
                "number_too_fine",
                "value and tolerance differ too much in size to be computed exactly: write them with fewer digits",
                "値と許容差の桁が離れすぎていて正確に計算できません。桁数を減らしてください",
            ));
            continue;
        };
        if low == high && !number.accepts(&number.value) {
            mistakes.push(Mistake::new(
                format!("{at}/{n}"),
                "nothing_accepted",
                "no number fits: a tolerance of zero with its edges left out accepts nothing",
                "当てはまる数がありません。許容差0で境界を含まないと、どの解答も正解になりません",
            ));
        }
    }
}
