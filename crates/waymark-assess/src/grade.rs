//! From points to a verdict: what counts, which cut, where on the scale.

use crate::{item::VersionHash, rational::Rational};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A scale that everybody reads alike, whichever form they had: two straight lines that meet at the cut.
///
/// Whoever passes stands at `cut` or above, whoever fails below it: the verdict comes first, the scale follows. Ends are included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scale {
    /// Of no points at all.
    pub min: u32,
    /// Of exactly the points that it takes.
    pub cut: u32,
    /// Of all points.
    pub max: u32,
}

impl Scale {
    /// Where `points` of `max` stand, `needed` being the points that it takes; rounded once, half up, and then held on the verdict's side of the cut.
    /// `passed` is the verdict on the points. None beyond 64 bits.
    pub fn place(self, points: Rational, needed: Rational, max: Rational, passed: bool) -> Option<u32> {
        let span = |from: u32, to: u32, part: Rational, of: Rational| {
            // Both ends of a line may fall together: a cut of no points, or of all.
            let share = if of > Rational::ZERO { part.checked_mul(inverse(of)?)? } else { Rational::ONE };
            let share = share.clamp(Rational::ZERO, Rational::ONE);
            Rational::from(from).checked_add(share.checked_mul(Rational::from(to - from))?)
        };
        let minus = |a: Rational, b: Rational| a.checked_add(b.checked_mul(Rational::new(-1, 1)?)?);
        let exact = if points >= needed {
            span(self.cut, self.max, minus(points, needed)?, minus(max, needed)?)?
        } else {
            span(self.min, self.cut, points, needed)?
        };
        let rounded = half_up(exact)?;
        Some(if passed { rounded.max(self.cut) } else { rounded.min(self.cut - 1) })
    }
}

fn inverse(value: Rational) -> Option<Rational> {
    Rational::new(value.denominator(), value.numerator())
}

fn half_up(value: Rational) -> Option<u32> {
    let (n, d) = (i128::from(value.numerator()), i128::from(value.denominator()));
    u32::try_from((2 * n + d).div_euclid(2 * d)).ok()
}

/// What becomes of an item that turned out to be broken after it was sat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Treatment {
    /// Everybody who had it gets its points: nobody is worse off.
    FullCredit,
    /// It is as if it had not been there; a cut in points shrinks with the points there are.
    Drop,
}

impl Treatment {
    pub const ALL: [Self; 2] = [Self::FullCredit, Self::Drop];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::FullCredit => "full_credit",
            Self::Drop => "drop",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|treatment| treatment.as_str() == text)
    }
}

/// The least that passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Cut {
    /// So many points.
    Points(u32),
    /// So many percent of all points; any fraction of a percent is exact.
    Percent(Rational),
}

impl Cut {
    /// Whether `points` of `max` pass.
    pub fn is_passed_by(self, points: Rational, max: Rational) -> bool {
        match self {
            Self::Points(cut) => points >= Rational::from(cut),
            Self::Percent(percent) => {
                let needed = percent.checked_mul(max);
                let have = points.checked_mul(Rational::from(100));
                matches!((have, needed), (Some(have), Some(needed)) if have >= needed)
            }
        }
    }
}

/// By what points become a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub cut: Cut,
    pub scale: Option<Scale>,
    /// Items that were voided.
    pub voided: BTreeMap<VersionHash, Treatment>,
}

impl From<Cut> for Terms {
    fn from(cut: Cut) -> Self {
        Self { cut, scale: None, voided: BTreeMap::new() }
    }
}

impl Terms {
    /// The points that pass, where `max` count and `whole` would have counted had no item been dropped. None beyond 64 bits.
    pub fn needed(&self, max: Rational, whole: Rational) -> Option<Rational> {
        match self.cut {
            Cut::Points(cut) if max == whole => Some(Rational::from(cut)),
            Cut::Points(cut) => Rational::from(cut).checked_mul(max)?.checked_mul(inverse(whole)?),
            Cut::Percent(percent) => percent.checked_mul(max)?.checked_mul(Rational::new(1, 100)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(n: u32) -> Rational {
        Rational::from(n)
    }

    #[test]
    fn the_published_check_values() {
        let scale = Scale { min: 100, cut: 720, max: 1000 };
        let place = |x: u32| scale.place(of(x), of(47), of(65), x >= 47);
        assert_eq!([0, 46, 47, 65].map(place), [Some(100), Some(707), Some(720), Some(1000)]);
    }

    #[test]
    fn ends_that_fall_together_and_a_fail_that_rounds_up() {
        let scale = Scale { min: 0, cut: 2, max: 3 };
        assert_eq!(scale.place(of(5), of(5), of(5), true), Some(3), "all it takes and all there is");
        assert_eq!(
            scale.place(of(99), of(100), of(100), false),
            Some(1),
            "1.98 rounds to the cut and is held below it"
        );
        let half = Scale { min: 0, cut: 1, max: 2 };
        assert_eq!(half.place(of(3), of(2), of(4), true), Some(2), "1.5 rounds up");
    }

    proptest! {
        #[test]
        fn passing_is_standing_at_the_cut_and_more_points_never_stand_lower(
            max in 1_u32..300, need in 0_i64..3_000, min in 0_u32..500, low in 1_u32..500, high in 1_u32..500,
        ) {
            let scale = Scale { min, cut: min + low, max: min + low + high };
            let needed = Rational::new(need.min(i64::from(max) * 10), 10).unwrap();
            let mut last = 0;
            for x in 0..=max {
                let passed = of(x) >= needed;
                let scaled = scale.place(of(x), needed, of(max), passed).unwrap();
                prop_assert_eq!(passed, scaled >= scale.cut);
                prop_assert!(scaled >= last && (scale.min..=scale.max).contains(&scaled));
                last = scaled;
            }
            if needed > Rational::ZERO { prop_assert_eq!(scale.place(of(0), needed, of(max), false), Some(scale.min)); }
            prop_assert_eq!(scale.place(of(max), needed, of(max), true), Some(scale.max));
        }
    }
}
