//! The chain itself, without a store: what an event is, how its hash follows from the one before it, and whether a chain holds. `waymark attempt verify-log`
//! runs this over a downloaded log, away from the server.
//!
//! `hash = SHA-256(previous hash ‖ 0x1F-joined attempt, seq, at, client_at, kind, payload)`, in lower-case hex; the first event follows the empty text.
//! Times are RFC 3339 in UTC, a missing client time is the empty text, and the payload is its JSON with sorted members and no blanks.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// One event as it is stored, sent and hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Counts from 1.
    pub seq: u64,
    /// The server's time.
    pub at: String,
    /// What the candidate's device took for the time; never used to judge anything.
    pub client_at: Option<String>,
    pub kind: String,
    pub payload: Value,
    pub prev_hash: String,
    pub hash: String,
}

/// A whole log, as `GET /api/v1/attempts/{id}/events` answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    pub attempt: String,
    pub events: Vec<Link>,
}

/// Where a chain does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("event {0} is missing, doubled or out of order")]
    Order(u64),
    #[error("event {0} does not follow from the one before it")]
    Previous(u64),
    #[error("event {0} was changed after it was written")]
    Content(u64),
}

/// The hash of an event that follows `link.prev_hash`; `link.hash` is not read.
pub fn hash(attempt: &str, link: &Link) -> String {
    let payload = canonical(&link.payload);
    let client_at = link.client_at.as_deref().unwrap_or_default();
    let mut hash = Sha256::new().chain_update(&link.prev_hash);
    for field in [attempt, &link.seq.to_string(), &link.at, client_at, &link.kind, &payload] {
        hash.update([0x1F]);
        hash.update(field.as_bytes());
    }
    hex(&hash.finalize())
}

/// The head of the chain when all of it holds.
///
/// # Errors
/// The first event that does not.
pub fn verify(log: &Log) -> Result<String, Broken> {
    let mut previous = String::new();
    for (expected, link) in (1..).zip(&log.events) {
        if link.seq != expected {
            return Err(Broken::Order(expected));
        }
        if link.prev_hash != previous {
            return Err(Broken::Previous(expected));
        }
        if link.hash != hash(&log.attempt, link) {
            return Err(Broken::Content(expected));
        }
        previous.clone_from(&link.hash);
    }
    Ok(previous)
}

/// What stands in a payload for something said of a person: nobody can tell it without the salt, which is erased together with what was said.
pub fn reference(salt: &str, content: &str) -> String {
    hex(&Sha256::new().chain_update(salt).chain_update([0x1F]).chain_update(content).finalize())
}

/// JSON with sorted members and no blanks: `serde_json` keeps members sorted unless told otherwise, and the test below holds it to that.
pub fn canonical(value: &Value) -> String {
    value.to_string()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn log() -> Log {
        let mut log = Log { attempt: "att_1".to_owned(), events: vec![] };
        for seq in 1..=4 {
            let prev_hash = log.events.last().map(|link: &Link| link.hash.clone()).unwrap_or_default();
            let mut link = Link {
                seq,
                at: format!("2026-11-21T09:00:0{seq}Z"),
                client_at: (seq == 2).then(|| "2031-01-01T00:00:00Z".to_owned()),
                kind: "answered".to_owned(),
                payload: json!({"revision": 1, "position": seq}),
                prev_hash,
                hash: String::new(),
            };
            link.hash = hash(&log.attempt, &link);
            log.events.push(link);
        }
        log
    }

    #[test]
    fn a_chain_holds_and_every_change_breaks_it_at_its_place() {
        let whole = log();
        assert_eq!(verify(&whole), Ok(whole.events[3].hash.clone()));
        type Harm = fn(&mut Log);
        let harms: [(Harm, Broken); 8] = [
            (|log| log.events[1].at = "2026-11-21T09:00:09Z".to_owned(), Broken::Content(2)),
            (|log| log.events[1].client_at = None, Broken::Content(2)),
            (|log| log.events[2].kind = "viewed".to_owned(), Broken::Content(3)),
            (|log| log.events[2].payload = json!({"position": 3, "revision": 2}), Broken::Content(3)),
            (|log| log.attempt = "att_2".to_owned(), Broken::Content(1)),
            (|log| drop(log.events.remove(1)), Broken::Order(2)),
            (|log| log.events.swap(1, 2), Broken::Order(2)),
            (
                |log| {
                    log.events[1].payload = json!({});
                    log.events[1].hash = hash(&log.attempt.clone(), &log.events[1].clone());
                },
                Broken::Previous(3),
            ),
        ];
        for (harm, broken) in harms {
            let mut harmed = log();
            harm(&mut harmed);
            assert_eq!(verify(&harmed), Err(broken));
        }
    }

    #[test]
    fn members_are_sorted_and_a_reference_needs_its_salt() {
        assert_eq!(canonical(&json!({"b": [1, {"d": 1, "c": 2}], "a": null})), r#"{"a":null,"b":[1,{"c":2,"d":1}]}"#);
        assert_ne!(reference("salt", "Ada"), reference("other", "Ada"));
        assert_ne!(reference("salt", "Ada"), reference("salt", "Bea"));
    }
}
