//! Numbers of other formats as exact decimals.

use crate::rational::Rational;

/// A number as a plain decimal: `1.50`, `-3`, `.5`, `2e3`. Up to 18 significant digits, so that sums of two stay exact.
pub(super) fn decimal(text: &str) -> Option<String> {
    let (units, scale) = scaled(text)?;
    Some(shown(units, scale))
}

/// Per cent as a part of one, and the way back.
pub(super) fn hundredth(percent: &str) -> Option<String> {
    let (units, scale) = scaled(percent)?;
    Some(shown(units, scale + 2))
}

pub(super) fn hundredfold(part: &str) -> Option<String> {
    let (units, scale) = scaled(part)?;
    Some(shown(units.checked_mul(100)?, scale))
}

/// A share of the points from per cent, -100 to 100. `33.33333` and its like are the thirds that they stand for.
pub(super) fn percent(text: &str) -> Option<Rational> {
    let (units, scale) = scaled(text)?;
    for part in 2..=9_i64 {
        let near = 100.0 / part as f64 * if units < 0 { -1.0 } else { 1.0 };
        let given = units as f64 / 10_f64.powi(i32::try_from(scale).ok()?);
        let whole = (given / near).round();
        if scale >= 2 && (given - near * whole).abs() < 0.01 && (1.0..=f64::from(9)).contains(&whole) {
            let sign = if units < 0 { -1 } else { 1 };
            return Rational::new(sign * whole as i64, part).filter(|r| *r <= Rational::ONE);
        }
    }
    let bottom = 10_i64.checked_pow(u32::try_from(scale).ok()?)?.checked_mul(100)?;
    let share = Rational::new(i64::try_from(units).ok()?, bottom)?;
    (share <= Rational::ONE && share >= Rational::new(-1, 1)?).then_some(share)
}

/// A share of the points in per cent, with five digits where it does not come out even: `33.33333`.
pub(super) fn percent_text(share: Rational) -> String {
    let (top, bottom) = (i128::from(share.numerator()) * 10_000_000, i128::from(share.denominator()));
    shown((top + top.signum() * bottom / 2) / bottom, 5)
}

/// Points as a decimal, with up to nine digits behind the point.
pub(super) fn points_text(points: Rational) -> String {
    let (top, bottom) = (i128::from(points.numerator()) * 1_000_000_000, i128::from(points.denominator()));
    shown((top + top.signum() * bottom / 2) / bottom, 9)
}

/// From `low` to `high` as the value in the middle and what it may be off by.
pub(super) fn middle(low: &str, high: &str) -> Option<(String, String)> {
    let ((low, a), (high, b)) = (scaled(low)?, scaled(high)?);
    let scale = a.max(b) + 1;
    let at = |units: i128, own: usize| units.checked_mul(10_i128.checked_pow(u32::try_from(scale - own).ok()?)?);
    let (low, high) = (at(low, a)?, at(high, b)?);
    let tolerance = high.checked_sub(low)? / 2;
    if tolerance < 0 {
        return None;
    }
    Some((shown(high.checked_add(low)? / 2, scale), shown(tolerance, scale)))
}

/// Significant digits that are reckoned with exactly, as of [`crate::decimal::Decimal`].
const EXACT: usize = 18;
/// Digits with the zeros in front, and powers of ten.
const MOST_DIGITS: usize = 60;
const FARTHEST: i32 = 40;

/// Units of a power of ten, and how many digits stand behind the point.
fn scaled(text: &str) -> Option<(i128, usize)> {
    let text = text.trim();
    let (mantissa, exponent) =
        text.split_once(['e', 'E']).map_or((text, 0), |(m, e)| (m, e.parse::<i32>().unwrap_or(99)));
    let (sign, digits) = match mantissa.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (-1, rest),
        None => (1, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all: String = [whole, fraction].concat();
    // Zeros in front are no digits to reckon with, and programs write as many as it takes.
    let significant = all.trim_start_matches('0').len();
    let digits = all.bytes().all(|b| b.is_ascii_digit());
    let fits = (1..=MOST_DIGITS).contains(&all.len()) && significant <= EXACT && digits && exponent.abs() <= FARTHEST;
    let units: i128 = all.parse().ok().filter(|_| fits)?;
    let scale = i32::try_from(fraction.len()).ok()? - exponent;
    match usize::try_from(scale) {
        Ok(scale) => Some((sign * units, scale)),
        Err(_) => Some((sign * units.checked_mul(10_i128.checked_pow(scale.unsigned_abs())?)?, 0)),
    }
}

fn shown(units: i128, scale: usize) -> String {
    let digits = units.unsigned_abs().to_string();
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let fraction = fraction.trim_end_matches('0');
    let sign = if units < 0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_exact() {
        let read: Vec<_> = [
            "1.50",
            "-3",
            ".5",
            "2e3",
            "1.25e-2",
            "−7",
            "0.1",
            "1e99",
            "abc",
            "",
            "1,5",
            "0.031415926535897934",
            "6.6e-34",
            "6.02e23",
        ]
        .map(decimal)
        .into();
        let read: Vec<_> = read.iter().map(Option::as_deref).collect();
        assert_eq!(
            read,
            [
                Some("1.5"),
                Some("-3"),
                Some("0.5"),
                Some("2000"),
                Some("0.0125"),
                Some("-7"),
                Some("0.1"),
                None,
                None,
                None,
                None,
                Some("0.031415926535897934"),
                Some("0.00000000000000000000000000000000066"),
                Some("602000000000000000000000"),
            ]
        );
        assert_eq!(middle("3.141", "3.142"), Some(("3.1415".into(), "0.0005".into())));
        assert_eq!(middle("2", "1"), None);
        assert_eq!(middle("1e37", "1.6e37"), None, "too far for exact sums");
    }

    #[test]
    fn thirds_are_thirds() {
        let share = |text: &str| percent(text).map(|r| r.to_string());
        assert_eq!(share("33.33333").as_deref(), Some("1/3"));
        assert_eq!(share("-16.66667").as_deref(), Some("-1/6"));
        assert_eq!(share("66.667").as_deref(), Some("2/3"));
        assert_eq!(share("50").as_deref(), Some("1/2"));
        assert_eq!(share("100").as_deref(), Some("1"));
        assert_eq!(share("101"), None);
    }
}
