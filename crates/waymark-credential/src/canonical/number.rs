//! Numbers as ECMAScript prints them (RFC 8785 §3.2.2.3) and as JSON-LD writes them into RDF (JSON-LD API §8.6).

use serde_json::Number;

/// 2^53: from here on neighbouring whole numbers share one double.
const INEXACT: u64 = 1 << 53;

/// ECMAScript `Number::toString`.
pub(super) fn ecmascript(number: &Number) -> String {
    match exact_integer(number) {
        Some(integer) => integer.to_string(),
        None => ryu_js::Buffer::new().format(as_double(number)).to_owned(),
    }
}

/// The lexical form of a JSON number in RDF, and whether it is a double (else it is an integer). `double` is for numbers
/// under the datatype `xsd:double`. JSON-LD API §8.6 steps 10, 11.
pub(super) fn rdf(number: &Number, double: bool) -> (String, bool) {
    if let (Some(integer), false) = (exact_integer(number), double) {
        return (integer.to_string(), false);
    }
    let value = as_double(number);
    let whole = value.fract() == 0.0 && value.abs() < 1e21 && !double;
    // `+ 0.0` turns the negative zero into the positive.
    if whole { (format!("{:.0}", value + 0.0), false) } else { (canonical_double(value), true) }
}

/// `%1.15E` with trailing zeros of the mantissa removed, one kept.
fn canonical_double(value: f64) -> String {
    let (sign, digits, exponent) = decimal(&sixteen_digits(value));
    let (first, rest) = digits.split_at(1);
    let rest = rest.trim_end_matches('0');
    format!("{sign}{first}.{}E{exponent}", if rest.is_empty() { "0" } else { rest })
}

/// Sixteen significant digits, a tie rounded away from zero as ECMAScript's `toExponential` does (Rust rounds it to even).
fn sixteen_digits(value: f64) -> String {
    let rounded = format!("{value:.15e}");
    let (sign, longer, exponent) = decimal(&format!("{value:.16e}"));
    // A double has at most 767 significant digits.
    if !longer.ends_with('5') || decimal(&format!("{value:.770e}")).1.trim_end_matches('0').len() != 17 {
        return rounded;
    }
    let kept: u64 = longer[..16].parse().expect("sixteen decimal digits");
    let up = (kept + 1).to_string();
    let carried = i32::from(up.len() > 16);
    format!("{sign}{}.{}e{}", &up[..1], &up[1..16], exponent + carried)
}

/// `-d.ddde-d` taken apart: sign, digits without the point, exponent.
fn decimal(scientific: &str) -> (&'static str, String, i32) {
    let (sign, rest) = scientific.strip_prefix('-').map_or(("", scientific), |rest| ("-", rest));
    let (mantissa, exponent) = rest.split_once('e').expect("Rust prints LowerExp with an e");
    (sign, mantissa.replace('.', ""), exponent.parse().expect("Rust prints the exponent in decimal"))
}

/// The number as an integer that every reader takes to be the same.
fn exact_integer(number: &Number) -> Option<i64> {
    number.as_i64().filter(|integer| integer.unsigned_abs() < INEXACT)
}

fn as_double(number: &Number) -> f64 {
    number.as_f64().expect("serde_json numbers without arbitrary_precision are integers or doubles")
}

/// Whether all canonicalizers write it alike: some print sixteen digits, others the shortest that read back.
pub(crate) fn is_uncontested(number: &Number) -> bool {
    let Some(value) = number.as_f64() else { return false };
    let (_, shortest, _) = decimal(&format!("{value:e}"));
    let (_, sixteen, _) = decimal(&sixteen_digits(value));
    value.abs() < INEXACT as f64 && shortest.trim_end_matches('0') == sixteen.trim_end_matches('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn ecmascript_of_rfc_8785_appendix_b() {
        let cases: &[(u64, &str)] = &[
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5557, "333333333.33333343"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ];
        for (bits, expected) in cases {
            assert_eq!(ecmascript(&Number::from_f64(f64::from_bits(*bits)).unwrap()), *expected);
        }
        assert_eq!(ecmascript(&number("42.0")), "42");
        assert_eq!(ecmascript(&number("18446744073709551615")), "18446744073709552000");
    }

    #[test]
    fn rdf_forms_are_those_of_to_exponential() {
        for (json, lexical, is_double) in [
            ("42", "42", false),
            ("42.0", "42", false),
            ("-0.0", "0", false),
            ("0.1", "1.0E-1", true),
            ("35.6762", "3.56762E1", true),
            ("9.3", "9.300000000000001E0", true),
            ("1e21", "1.0E21", true),
            ("100000000000000.25", "1.000000000000003E14", true),
        ] {
            assert_eq!(rdf(&number(json), false), (lexical.to_owned(), is_double), "{json}");
        }
        assert_eq!(rdf(&number("42"), true), ("4.2E1".to_owned(), true));
        assert!(is_uncontested(&number("35.6762")) && is_uncontested(&number("3")));
        assert!(!is_uncontested(&number("9.3")) && !is_uncontested(&number("0.30000000000000004")));
    }
}
