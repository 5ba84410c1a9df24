//! One byte string per value: canonical JSON (RFC 8785 for the values used here, which hold no fractions), so that hashes
//! do not depend on how a map happens to be ordered in memory.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// `value` with object members sorted and no white space.
pub(crate) fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// SHA-256 of the canonical form.
pub(crate) fn hash(value: &Value) -> [u8; 32] {
    Sha256::digest(canonical(value).as_bytes()).into()
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            // Sorted here and not by the map: another crate of the build may make serde_json keep the order of insertion.
            let mut members: Vec<_> = map.iter().collect();
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (n, (name, member)) in members.into_iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(name.clone()).to_string());
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|n| char::from(b"0123456789abcdef"[usize::from(n)])).collect()
}

/// Reads exactly 64 lower-case hexadecimal digits.
pub(crate) fn unhex(text: &str) -> Option<[u8; 32]> {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    let bytes = text.as_bytes();
    if bytes.len() != 64 {
        return None;
    }
    let mut out = [0; 32];
    for (n, pair) in bytes.chunks_exact(2).enumerate() {
        out[n] = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn sorts_members_and_escapes_as_rfc_8785() {
        let value = json!({"ja": "い\n", "a": [1, {"z": null, "b": true}], "\u{20ac}": "\u{1}\"\\"});
        assert_eq!(canonical(&value), "{\"a\":[1,{\"b\":true,\"z\":null}],\"ja\":\"い\\n\",\"€\":\"\\u0001\\\"\\\\\"}");
    }

    #[test]
    fn hex_round_trips_and_refuses_the_rest() {
        let bytes = hash(&json!(1));
        assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        assert_eq!(unhex(&hex(&bytes).to_uppercase()), None);
        assert_eq!(unhex("00"), None);
    }
}
