//! Exact small rationals: points and counts without floats.
//!
//! Promises: always reduced, denominator positive, so equal amounts are equal bits; what does not fit in
//! `i64 / u32` is an error, never a wrap, a rounding or a panic.

use std::{cmp::Ordering, fmt, num::NonZeroU32, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An exact rational, numerator `i64` over denominator `u32`. JSON: an integer where it is whole, else a string `"5/2"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Amount {
    numerator: i64,
    denominator: NonZeroU32,
}

/// Why there is no such amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// The exact result does not fit.
    #[error("the number is too large to be kept exactly")]
    Overflow,
    /// A denominator of zero.
    #[error("a fraction cannot have 0 below the line")]
    DivisionByZero,
    /// Not a number as this type writes it.
    #[error("not a number: write 3, 2.5 or 5/2")]
    Unreadable,
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self::whole(0);
    /// One.
    pub const ONE: Self = Self::whole(1);

    /// A whole number.
    #[must_use]
    pub const fn whole(number: i64) -> Self {
        Self { numerator: number, denominator: NonZeroU32::MIN }
    }

    /// `numerator / denominator`, reduced.
    ///
    /// # Errors
    /// A zero denominator, or a reduced fraction that does not fit.
    pub fn fraction(numerator: i64, denominator: i64) -> Result<Self, AmountError> {
        Self::reduced(numerator.into(), denominator.into())
    }

    /// Above the line, after reduction.
    #[must_use]
    pub const fn numerator(self) -> i64 {
        self.numerator
    }

    /// Below the line, after reduction; at least 1.
    #[must_use]
    pub const fn denominator(self) -> u32 {
        self.denominator.get()
    }

    /// The exact sum.
    ///
    /// # Errors
    /// [`AmountError::Overflow`].
    pub fn checked_add(self, other: Self) -> Result<Self, AmountError> {
        let (below, other_below) = (i128::from(self.denominator()), i128::from(other.denominator()));
        let above = i128::from(self.numerator) * other_below + i128::from(other.numerator) * below;
        Self::reduced(above, below * other_below)
    }

    /// The exact difference.
    ///
    /// # Errors
    /// [`AmountError::Overflow`].
    pub fn checked_sub(self, other: Self) -> Result<Self, AmountError> {
        let (below, other_below) = (i128::from(self.denominator()), i128::from(other.denominator()));
        let above = i128::from(self.numerator) * other_below - i128::from(other.numerator) * below;
        Self::reduced(above, below * other_below)
    }

    /// The exact product.
    ///
    /// # Errors
    /// [`AmountError::Overflow`].
    pub fn checked_mul(self, other: Self) -> Result<Self, AmountError> {
        let above = i128::from(self.numerator) * i128::from(other.numerator);
        Self::reduced(above, i128::from(self.denominator()) * i128::from(other.denominator()))
    }

    /// All callers stay below 2^127: products of an `i64` with a `u32` or an `i64`, and sums of two of them.
    fn reduced(above: i128, below: i128) -> Result<Self, AmountError> {
        if below == 0 {
            return Err(AmountError::DivisionByZero);
        }
        let divisor = gcd(above.unsigned_abs(), below.unsigned_abs());
        let divisor = i128::try_from(divisor).map_err(|_| AmountError::Overflow)? * below.signum();
        let numerator = i64::try_from(above / divisor).map_err(|_| AmountError::Overflow)?;
        let denominator = u32::try_from(below / divisor).map_err(|_| AmountError::Overflow)?;
        let denominator = NonZeroU32::new(denominator).ok_or(AmountError::DivisionByZero)?;
        Ok(Self { numerator, denominator })
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl From<u32> for Amount {
    fn from(number: u32) -> Self {
        Self::whole(number.into())
    }
}

impl Ord for Amount {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = i128::from(self.numerator) * i128::from(other.denominator());
        left.cmp(&(i128::from(other.numerator) * i128::from(self.denominator())))
    }
}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.denominator() {
            1 => write!(f, "{}", self.numerator),
            below => write!(f, "{}/{below}", self.numerator),
        }
    }
}

/// Reads `3`, `-3`, `5/2` and the decimal `2.50` (exactly; at most nine digits after the point).
impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let integer = |text: &str| -> Result<i64, AmountError> {
            let digits = text.strip_prefix('-').unwrap_or(text);
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(AmountError::Unreadable);
            }
            text.parse().map_err(|_| AmountError::Overflow)
        };
        if let Some((above, below)) = text.split_once('/') {
            return Self::fraction(integer(above)?, integer(below)?);
        }
        let Some((whole, decimals)) = text.split_once('.') else {
            return integer(text).map(Self::whole);
        };
        if decimals.starts_with('-') || integer(whole).is_err() {
            return Err(AmountError::Unreadable);
        }
        integer(decimals)?;
        let scale = u32::try_from(decimals.len()).ok().filter(|digits| *digits <= 9).ok_or(AmountError::Overflow)?;
        Self::fraction(integer(&format!("{whole}{decimals}"))?, 10_i64.pow(scale))
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.denominator() {
            1 => serializer.serialize_i64(self.numerator),
            _ => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;
        impl de::Visitor<'_> for Number {
            type Value = Amount;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number or a string such as \"5/2\"")
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Amount, E> {
                Ok(Amount::whole(number))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Amount, E> {
                i64::try_from(number).map(Amount::whole).map_err(|_| E::custom(AmountError::Overflow))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Amount, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Number)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    #[test]
    fn one_value_has_one_form() {
        assert_eq!(amount("4/8"), amount("0.5"));
        assert_eq!(amount("-4/-8"), amount("1/2"));
        assert_eq!(amount("-0.5").to_string(), "-1/2");
        assert_eq!(amount("2.50").to_string(), "5/2");
        assert_eq!(amount("0/7"), Amount::ZERO);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let most = Amount::whole(i64::MAX);
        assert_eq!(most.checked_add(Amount::ONE), Err(AmountError::Overflow));
        assert_eq!(Amount::whole(i64::MIN).checked_sub(Amount::ONE), Err(AmountError::Overflow));
        assert_eq!(most.checked_mul(most), Err(AmountError::Overflow));
        assert_eq!(Amount::whole(i64::MIN).checked_mul(Amount::whole(i64::MIN)), Err(AmountError::Overflow));
        assert_eq!(Amount::fraction(1, i64::MIN), Err(AmountError::Overflow));
        assert_eq!(Amount::fraction(1, 0), Err(AmountError::DivisionByZero));
        assert_eq!("9223372036854775808".parse::<Amount>(), Err(AmountError::Overflow));
        assert_eq!("0.0000000001".parse::<Amount>(), Err(AmountError::Overflow));
        for text in ["", "-", "1/", "/2", "1.", ".5", "1.-5", "+1", "1e3", "１", " 1"] {
            assert_eq!(text.parse::<Amount>(), Err(AmountError::Unreadable), "{text:?}");
        }
    }

    #[test]
    fn json_is_a_number_where_whole() {
        assert_eq!(serde_json::to_string(&[amount("3"), amount("5/2")]).unwrap(), "[3,\"5/2\"]");
        assert_eq!(serde_json::from_str::<Amount>("\"5/2\"").unwrap(), amount("2.5"));
        assert!(serde_json::from_str::<Amount>("2.5").is_err(), "a float is not exact");
        assert!(serde_json::from_str::<Amount>("18446744073709551615").is_err());
    }

    proptest! {
        #[test]
        fn sums_undo_and_order_agrees(a in -1000_i64..1000, b in 1_i64..1000, c in -1000_i64..1000, d in 1_i64..1000) {
            let (left, right) = (Amount::fraction(a, b).unwrap(), Amount::fraction(c, d).unwrap());
            prop_assert_eq!(left.checked_add(right).unwrap().checked_sub(right).unwrap(), left);
            prop_assert_eq!(left.cmp(&right), left.checked_sub(right).unwrap().cmp(&Amount::ZERO));
            prop_assert_eq!(left.to_string().parse::<Amount>().unwrap(), left);
        }

        #[test]
        fn nothing_panics(a: i64, b: i64, c: i64, d: i64) {
            if let (Ok(left), Ok(right)) = (Amount::fraction(a, b), Amount::fraction(c, d)) {
                let _ = (left.checked_add(right), left.checked_sub(right), left.checked_mul(right), left.cmp(&right));
            }
        }
    }
}
