//! Exact fractions for points and cuts. No floating point number ever decides who passes.

use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, fmt, str::FromStr};

/// A fraction in lowest terms with a positive denominator. As text and in JSON: `"26"`, `"105/2"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rational {
    numerator: i64,
    denominator: i64,
}

/// The text is no fraction, or it does not fit 64 bits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an exact number: write it like 26, 52.5 or 105/2")]
pub struct NotRational(String);

impl Rational {
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// `numerator / denominator`; `None` for a zero denominator or a result outside 64 bits.
    pub fn new(numerator: i64, denominator: i64) -> Option<Self> {
        Self::reduce(numerator.into(), denominator.into())
    }

    pub fn numerator(self) -> i64 {
        self.numerator
    }

    /// Always positive.
    pub fn denominator(self) -> i64 {
        self.denominator
    }

    /// The exact sum; `None` when it does not fit 64 bits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let (a, b) = (i128::from(self.numerator), i128::from(self.denominator));
        let (c, d) = (i128::from(other.numerator), i128::from(other.denominator));
        Self::reduce(a * d + c * b, b * d)
    }

    /// The exact difference; `None` when it does not fit 64 bits.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let (a, b) = (i128::from(self.numerator), i128::from(self.denominator));
        let (c, d) = (i128::from(other.numerator), i128::from(other.denominator));
        Self::reduce(a * d - c * b, b * d)
    }

    /// The exact product; `None` when it does not fit 64 bits.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        Self::reduce(
            i128::from(self.numerator) * i128::from(other.numerator),
            i128::from(self.denominator) * i128::from(other.denominator),
        )
    }

    fn reduce(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let shared = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        let shared = i128::try_from(shared).ok()? * denominator.signum();
        Some(Self {
            numerator: i64::try_from(numerator / shared).ok()?,
            denominator: i64::try_from(denominator / shared).ok()?,
        })
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl From<u32> for Rational {
    fn from(n: u32) -> Self {
        Self { numerator: n.into(), denominator: 1 }
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = i128::from(self.numerator) * i128::from(other.denominator);
        left.cmp(&(i128::from(other.numerator) * i128::from(self.denominator)))
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.denominator == 1 {
            write!(f, "{}", self.numerator)
        } else {
            write!(f, "{}/{}", self.numerator, self.denominator)
        }
    }
}

impl FromStr for Rational {
    type Err = NotRational;
    fn from_str(text: &str) -> Result<Self, NotRational> {
        let parse = || {
            if let Some((numerator, denominator)) = text.split_once('/') {
                return Self::new(digits(numerator)?, digits(denominator)?);
            }
            let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
            let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).ok().filter(|n| *n <= 18)?)?;
            let magnitude = i128::from(digits(whole)?).abs() * scale + i128::from(unsigned(fraction)?);
            Self::reduce(if whole.starts_with('-') { -magnitude } else { magnitude }, scale)
        };
        parse().ok_or_else(|| NotRational(text.chars().take(40).collect()))
    }
}

fn digits(text: &str) -> Option<i64> {
    match text.strip_prefix('-') {
        Some(rest) => unsigned(rest).map(|n| -n),
        None => unsigned(text),
    }
}

fn unsigned(text: &str) -> Option<i64> {
    Some(text).filter(|t| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
}

impl TryFrom<String> for Rational {
    type Error = NotRational;
    fn try_from(text: String) -> Result<Self, NotRational> {
        text.parse()
    }
}

impl From<Rational> for String {
    fn from(value: Rational) -> Self {
        value.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_whole_numbers_decimals_and_fractions() {
        let read = |text: &str| text.parse::<Rational>().map(|r| r.to_string());
        assert_eq!(read("26").unwrap(), "26");
        assert_eq!(read("52.50").unwrap(), "105/2");
        assert_eq!(read("-0.5").unwrap(), "-1/2");
        assert_eq!(read("10/4").unwrap(), "5/2");
        for bad in ["", ".5", "1.", "1/0", "1e3", "+1", " 1", "0.1234567890123456789", "99999999999999999999", "1/-"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn overflow_is_an_answer_not_a_panic() {
        let most = Rational::new(i64::MAX, 1).unwrap();
        assert_eq!(most.checked_add(Rational::ONE), None);
        assert_eq!(most.checked_mul(most), None);
        assert_eq!(Rational::new(1, i64::MIN), None);
        assert!(most > Rational::ONE);
    }

    proptest! {
        #[test]
        fn sums_and_order_agree_with_integers(a in -999i64..999, b in 1i64..99, c in -999i64..999, d in 1i64..99) {
            let (x, y) = (Rational::new(a, b).unwrap(), Rational::new(c, d).unwrap());
            prop_assert_eq!(x.checked_add(y), Rational::new(a * d + c * b, b * d));
            prop_assert_eq!(x.cmp(&y), (a * d).cmp(&(c * b)));
            prop_assert_eq!(x.to_string().parse::<Rational>().unwrap(), x);
        }
    }
}
