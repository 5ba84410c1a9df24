//! The code that a gathering shows: 40 bits out of its secret, and out of the time where it rotates.

use sha2::{Digest, Sha256};

use crate::clock::{Timestamp, millis};

/// How long one code is shown, in milliseconds.
const SHOWN: i64 = 2 * 60 * 1000;
/// For how many more turns it is taken: time to open the link and to sign in.
const STILL_TAKEN: i64 = 4;
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 8;

/// The code that is shown now.
pub(super) fn shown(secret: &str, rotates: bool, now: Timestamp) -> String {
    of_turn(secret, turn(rotates, now))
}

/// Whether the code is the one that is shown, or was a moment ago.
pub(super) fn is_good(secret: &str, rotates: bool, now: Timestamp, given: &str) -> bool {
    let given = given.trim().to_lowercase();
    let now = turn(rotates, now);
    let first = if rotates { now - STILL_TAKEN } else { now };
    (first..=now).any(|turn| of_turn(secret, turn) == given)
}

fn turn(rotates: bool, now: Timestamp) -> i64 {
    if rotates { millis(now).div_euclid(SHOWN) } else { 0 }
}

fn of_turn(secret: &str, turn: i64) -> String {
    let hash = Sha256::new()
        .chain_update(b"waymark gathering\x1f")
        .chain_update(secret)
        .chain_update([0x1F])
        .chain_update(turn.to_be_bytes())
        .finalize();
    hash.iter().take(LENGTH).map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::parse_rfc3339;

    fn at(text: &str) -> Timestamp {
        parse_rfc3339(text).expect("a literal time")
    }

    #[test]
    fn a_rotating_code_is_good_for_ten_minutes_at_most() {
        let now = at("2026-11-21T09:00:00Z");
        let code = shown("s", true, now);
        for (later, good) in [("09:01:59", true), ("09:09:59", true), ("09:10:00", false), ("08:59:59", false)] {
            let then = at(&format!("2026-11-21T{later}Z"));
            assert_eq!(is_good("s", true, then, &code), good, "{later}");
        }
        assert!(is_good("s", true, now, &format!(" {} ", code.to_uppercase())));
        assert!(!is_good("other", true, now, &code) && !is_good("s", true, now, ""));
        assert_ne!(shown("s", true, at("2026-11-21T09:02:00Z")), code);
    }

    #[test]
    fn a_code_that_does_not_rotate_stays() {
        let code = shown("s", false, at("2026-11-21T09:00:00Z"));
        assert_eq!(shown("s", false, at("2026-11-22T09:00:00Z")), code);
        assert!(is_good("s", false, at("2026-11-22T09:00:00Z"), &code));
    }
}
