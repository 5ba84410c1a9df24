//! Decimal numbers as people write them, exact to the last digit: never a float, never NaN or infinite.

use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, fmt, str::FromStr};

/// Longest text that is read as a number, in characters.
pub const MAX_NUMBER: usize = 60;
/// Largest exponent, either way.
const MAX_EXPONENT: i32 = 400;
/// Digits with which is reckoned exactly.
const EXACT: usize = 18;

/// A decimal number. As text: plain digits with a point, or with an exponent where that is far away.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal {
    negative: bool,
    /// Digits 0 to 9 without zeros at either end; none is zero.
    digits: Vec<u8>,
    /// The place of the point, counted from before the first digit: 12.5 has digits 125 and point 2.
    point: i32,
}

/// Text that is no number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no number: write digits, with a point for decimals, like -12.5 or 6.02e23")]
pub struct NotANumber(String);

impl Decimal {
    /// Reads what a candidate typed: digits of any width, a decimal point or comma, an exponent (`e3`, `E-3`, `×10^3` is
    /// not read), any of the Unicode minus signs, thin or other spaces and apostrophes between groups of three digits.
    /// A comma or point that could only be a thousands separator because the other one follows is taken as one, and so is one comma alone with
    /// exactly three digits behind it: `4,800` is 4800, `0,800` and `4,80` have a decimal comma.
    ///
    /// # Errors
    /// Anything else, NaN and infinities among it; more than [`MAX_NUMBER`] characters.
    pub fn typed(text: &str) -> Result<Self, NotANumber> {
        let refused = || NotANumber(text.chars().take(40).filter(|c| !c.is_control()).collect());
        if text.chars().count() > MAX_NUMBER {
            return Err(refused());
        }
        let plain: String = text.trim().chars().map(to_ascii).collect();
        let (mantissa, exponent) = match plain.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent),
            None => (plain.as_str(), "0"),
        };
        let mantissa = without_groups(mantissa).ok_or_else(refused)?;
        format!("{mantissa}e{exponent}").parse().map_err(|_| refused())
    }

    pub fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    #[must_use]
    pub fn abs(&self) -> Self {
        Self { negative: false, ..self.clone() }
    }

    #[must_use]
    pub fn negated(&self) -> Self {
        Self { negative: !self.negative && !self.is_zero(), ..self.clone() }
    }

    /// The exact sum; `None` where the two lie too far apart for 38 digits.
    pub fn checked_add(&self, other: &Self) -> Option<Self> {
        if self.is_zero() {
            return Some(other.clone());
        }
        if other.is_zero() {
            return Some(self.clone());
        }
        let ((a, scale_a), (b, scale_b)) = (self.whole()?, other.whole()?);
        let scale = scale_a.min(scale_b);
        let lift = |n: i128, from: i32| n.checked_mul(10_i128.checked_pow(u32::try_from(from - scale).ok()?)?);
        Self::of(lift(a, scale_a)?.checked_add(lift(b, scale_b)?)?, scale)
    }

    /// The exact product; `None` for more digits than can be reckoned with.
    pub fn checked_mul(&self, other: &Self) -> Option<Self> {
        let ((a, scale_a), (b, scale_b)) = (self.whole()?, other.whole()?);
        Self::of(a.checked_mul(b)?, scale_a + scale_b)
    }

    /// The exact half.
    pub fn half(&self) -> Option<Self> {
        self.checked_mul(&Self { negative: false, digits: vec![5], point: 0 })
    }

    /// The number as `n × 10^scale`.
    fn whole(&self) -> Option<(i128, i32)> {
        if self.digits.len() > EXACT {
            return None;
        }
        let n = self.digits.iter().fold(0_i128, |n, digit| n * 10 + i128::from(*digit));
        let length = i32::try_from(self.digits.len()).ok()?;
        Some((if self.negative { -n } else { n }, self.point - length))
    }

    fn of(n: i128, scale: i32) -> Option<Self> {
        let digits: Vec<u8> = n.unsigned_abs().to_string().bytes().map(|b| b - b'0').collect();
        Self::tidy(n < 0, &digits, i32::try_from(digits.len()).ok()? + scale)
    }

    fn tidy(negative: bool, digits: &[u8], point: i32) -> Option<Self> {
        let leading = digits.iter().take_while(|digit| **digit == 0).count();
        let kept = &digits[leading..];
        let kept = &kept[..kept.iter().rposition(|digit| *digit != 0).map_or(0, |last| last + 1)];
        if kept.is_empty() {
            return Some(Self { negative: false, digits: Vec::new(), point: 0 });
        }
        let point = point - i32::try_from(leading).ok()?;
        (point.abs() <= MAX_EXPONENT + 100).then(|| Self { negative, digits: kept.to_vec(), point })
    }
}

/// One character of a number as ASCII, where it stands for one.
fn to_ascii(c: char) -> char {
    match c {
        '０'..='９' => char::from(b'0' + u8::try_from(u32::from(c) - u32::from('０')).unwrap_or_default()),
        '−' | '－' | '‐' | '‑' | '‒' | '–' | '﹣' => '-',
        '＋' => '+',
        '．' => '.',
        '，' => ',',
        'ｅ' => 'e',
        'Ｅ' => 'E',
        '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2007}' | '\u{3000}' => ' ',
        '’' => '\'',
        other => other,
    }
}

/// The mantissa with a point and without separators of groups; `None` where they do not stand between groups of three.
fn without_groups(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (&text[..1], rest.trim_start()),
        None => ("", text),
    };
    let (commas, points) = (digits.matches(',').count(), digits.matches('.').count());
    let decimal = match (commas, points) {
        (0, 0) => None,
        (0, 1) => Some('.'),
        // One comma alone with three digits after it separates thousands, as Japanese and English write them; else it is the decimal comma.
        (1, 0) if parts_thousands(digits) => None,
        (1, 0) => Some(','),
        (_, 1) if digits.rfind(',') < digits.rfind('.') => Some('.'),
        (1, _) if digits.rfind('.') < digits.rfind(',') => Some(','),
        (0, _) | (_, 0) => None,
        _ => return None,
    };
    let (whole, fraction) = match decimal.and_then(|mark| digits.rsplit_once(mark)) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let mut groups = whole.split([' ', '\'', ',', '.']);
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let separators: std::collections::BTreeSet<char> = whole.chars().filter(|c| !c.is_ascii_digit()).collect();
    let grouped = rest.is_empty()
        || ((1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3) && separators.len() == 1);
    let digits_only = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let whole_digits: String = std::iter::once(first).chain(rest.iter().copied()).collect();
    let fits = grouped && digits_only(&whole_digits) && fraction.is_none_or(digits_only);
    let some = !whole_digits.is_empty() || fraction.is_some_and(|fraction| !fraction.is_empty());
    let sign = if sign == "-" { "-" } else { "" };
    let (whole, fraction) = (
        if whole_digits.is_empty() { "0" } else { &whole_digits },
        fraction.filter(|fraction| !fraction.is_empty()).unwrap_or("0"),
    );
    (fits && some).then(|| format!("{sign}{whole}.{fraction}"))
}

/// Whether the one comma of `digits` stands where a thousands separator would: `4,800`, not `0,800`, `48000,500` or `4,80`.
fn parts_thousands(digits: &str) -> bool {
    digits
        .split_once(',')
        .is_some_and(|(first, rest)| (1..=3).contains(&first.len()) && !first.starts_with('0') && rest.len() == 3)
}

impl FromStr for Decimal {
    type Err = NotANumber;

    /// Plain ASCII: `-12.50`, `6.02e23`. What a bank file and a store hold.
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let read = || {
            let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
            let (negative, mantissa) = match mantissa.strip_prefix('-') {
                Some(rest) => (true, rest),
                None => (false, mantissa),
            };
            let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
            if whole.is_empty() || fraction.is_empty() || whole.len() + fraction.len() > 2 * MAX_NUMBER {
                return None;
            }
            let digits: Option<Vec<u8>> =
                whole.bytes().chain(fraction.bytes()).map(|b| b.is_ascii_digit().then(|| b - b'0')).collect();
            let exponent: i32 = exponent
                .strip_prefix('+')
                .unwrap_or(exponent)
                .parse()
                .ok()
                .filter(|n: &i32| n.abs() <= MAX_EXPONENT)?;
            Self::tidy(negative, &digits?, i32::try_from(whole.len()).ok()? + exponent)
        };
        read().ok_or_else(|| NotANumber(text.chars().take(40).filter(|c| !c.is_control()).collect()))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        let digits: String = self.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let length = i32::try_from(digits.len()).unwrap_or(i32::MAX);
        match usize::try_from(self.point) {
            _ if digits.is_empty() => f.write_str("0"),
            _ if !(-6..=21).contains(&self.point) => {
                let (first, rest) = digits.split_at(1);
                let point = if rest.is_empty() { "" } else { "." };
                write!(f, "{first}{point}{rest}e{}", self.point - 1)
            }
            Ok(point) if self.point >= length => write!(f, "{digits}{}", "0".repeat(point - digits.len())),
            Ok(point) if point > 0 => write!(f, "{}.{}", &digits[..point], &digits[point..]),
            _ => write!(f, "0.{}{digits}", "0".repeat(usize::try_from(-self.point).unwrap_or_default())),
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |n: &Self| match (n.is_zero(), n.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let size = |a: &Self, b: &Self| a.point.cmp(&b.point).then_with(|| a.digits.cmp(&b.digits));
        sign(self).cmp(&sign(other)).then_with(|| match sign(self) {
            -1 => size(other, self),
            _ => size(self, other),
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl TryFrom<String> for Decimal {
    type Error = NotANumber;
    fn try_from(text: String) -> Result<Self, NotANumber> {
        text.parse()
    }
}

impl From<Decimal> for String {
    fn from(number: Decimal) -> Self {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_numbers_as_people_type_them() {
        for (typed, number) in [
            ("42", "42"),
            (" 42 ", "42"),
            ("0042", "42"),
            ("4２．５", "42.5"),
            ("−3", "-3"),
            ("－３", "-3"),
            ("–3.0", "-3"),
            ("+7", "7"),
            ("3,5", "3.5"),
            ("0,001", "0.001"),
            ("4,800", "4800"),
            ("４，８００", "4800"),
            ("-1,234", "-1234"),
            ("0,800", "0.8"),
            ("4,80", "4.8"),
            ("4800,500", "4800.5"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1 234 567", "1234567"),
            ("1\u{202f}234,5", "1234.5"),
            ("1,234.5", "1234.5"),
            ("1.234,5", "1234.5"),
            ("1,234,567", "1234567"),
            ("1’000", "1000"),
            ("1e3", "1000"),
            ("1.5E-3", "0.0015"),
            ("6.02e23", "6.02e23"),
            ("-0", "0"),
            ("-0.00", "0"),
            ("1e-10", "1e-10"),
        ] {
            assert_eq!(Decimal::typed(typed).map(|n| n.to_string()).as_deref(), Ok(number), "{typed}");
        }
        for bad in [
            "",
            " ",
            "-",
            ".",
            ",",
            "e",
            "e3",
            "1e",
            "1e1.5",
            "NaN",
            "nan",
            "inf",
            "Infinity",
            "-∞",
            "0x1F",
            "1_000",
            "3.5 V",
            "½",
            "1 23",
            "12 34",
            "1,23,456",
            "1.2.3,4,5",
            "--1",
            "1-1",
            "1e999999999999",
            "1e401",
            "٣",
            "一",
            "1 234,567.8",
            "99999999999999999999999999999999999999999999999999999999999999",
        ] {
            assert!(Decimal::typed(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn size_does_not_round() {
        let n = |text: &str| text.parse::<Decimal>().unwrap();
        assert!(n("0.1") < n("0.10000000000000000000000000000000000001"));
        assert!(n("1e400") > n("9e399") && n("-1e400") < n("-9e399") && n("-1") < n("0") && n("0") < n("1e-400"));
        assert_eq!(n("1.50"), n("15e-1"));
        assert_eq!(n("0.1").checked_add(&n("0.2")), Some(n("0.3")));
        assert_eq!(n("1e30").checked_add(&n("1e-30")), None, "too far apart to be exact");
        assert_eq!(n("12").checked_mul(&n("0.05")), Some(n("0.6")));
        assert_eq!(n("6.283").half(), Some(n("3.1415")));
    }

    proptest! {
        #[test]
        fn agrees_with_whole_numbers(a in -9_999_999_i64..9_999_999, b in -9_999_999_i64..9_999_999, scale in 0_u32..5) {
            let of = |n: i64| format!("{n}e-{scale}").parse::<Decimal>().unwrap();
            prop_assert_eq!(of(a).cmp(&of(b)), a.cmp(&b));
            prop_assert_eq!(of(a).checked_add(&of(b)), Some(of(a + b)));
            prop_assert_eq!(of(a).to_string().parse::<Decimal>().unwrap(), of(a));
        }

        #[test]
        fn whatever_is_typed_is_a_number_or_refused(text in "[-+0-9.,eE '−０ ]{0,20}") {
            if let Ok(number) = Decimal::typed(&text) {
                prop_assert_eq!(number.to_string().parse::<Decimal>().unwrap(), number);
            }
        }
    }
}
