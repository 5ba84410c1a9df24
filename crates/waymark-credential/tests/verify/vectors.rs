//! The cases written out, for every other place that verifies: `tests/vectors/verification.json`.
//!
//! With `WAYMARK_WRITE_VECTORS=1` the file is written anew; else it must equal what the cases give now.

use std::path::Path;

use serde_json::{Value, json};
use waymark_credential::{
    key::encode_multikey,
    model::DateTime,
    verify::{CheckId, OwnRecord, Report, Unreadable, Want},
};

use crate::cases::{self, Case};

fn text_or_base64(bytes: &[u8]) -> Value {
    use base64::{Engine, prelude::BASE64_STANDARD};
    match std::str::from_utf8(bytes) {
        Ok(text) => json!({"text": text}),
        Err(_) => json!({"base64": BASE64_STANDARD.encode(bytes)}),
    }
}

/// Each document once, in the order first met.
#[derive(Default)]
struct Documents(Vec<Vec<u8>>);

impl Documents {
    fn place(&mut self, bytes: &[u8]) -> usize {
        self.0.iter().position(|known| known == bytes).unwrap_or_else(|| {
            self.0.push(bytes.to_vec());
            self.0.len() - 1
        })
    }
}

fn supplies(case: &Case, known: &mut Documents) -> Value {
    let documents = case.world.found.iter().map(|(want, bytes)| {
        let (kind, of) = match want {
            Want::DidDocument(did) => ("did_document", did),
            Want::KeyDocument(url) => ("key_document", url),
            Want::StatusList(url) => ("status_list", url),
            Want::HostedDocument(url) => ("hosted_document", url),
            Want::OwnRecord(id) => ("own_record", id),
            Want::OwnIntent(hash) => ("own_intent", hash),
        };
        let mut supply = json!({"want": kind, "of": of, "found": known.place(bytes)});
        if let Some(at) = case.world.fetched_at {
            supply["fetched_at"] = json!(DateTime::seconds(at));
        }
        supply
    });
    let record = case.world.record.map(|record| {
        let record = match record {
            OwnRecord::Absent => "absent",
            OwnRecord::Live => "live",
            OwnRecord::Suspended => "suspended",
            OwnRecord::Revoked => "revoked",
        };
        json!({"want": "own_record", "record": record})
    });
    let gone = case.world.gone.iter().map(|url| json!({"want": "hosted_document", "of": url, "gone": true}));
    let intents = case.world.intents.iter().map(|held| json!({"want": "own_intent", "held": held}));
    documents.chain(record).chain(gone).chain(intents).collect()
}

fn expected(answer: &Result<Report, Unreadable>) -> Value {
    match answer {
        Err(unreadable) => json!({"unreadable": unreadable.code()}),
        Ok(report) => {
            let checks: Vec<_> = CheckId::ALL
                .map(|id| report.check(id))
                .iter()
                .map(|check| json!({"id": check.id.as_str(), "outcome": check.outcome.as_str(), "code": check.detail.code.as_str()}))
                .collect();
            json!({"state": report.state().as_str(), "shown": report.shown().is_some(), "checks": checks})
        }
    }
}

/// Cases larger than this stay in the Rust tests.
const MAX_SHARED: usize = 40_000;

/// One case a line, so that a change shows as the lines it changes.
fn written() -> String {
    let mut documents = Documents::default();
    let mut cases = Vec::new();
    for case in cases::all() {
        if case.input.len() > MAX_SHARED || case.world.found.iter().any(|(_, bytes)| bytes.len() > MAX_SHARED) {
            continue;
        }
        let policy = &case.policy;
        let trusted: Vec<_> = policy.trusted_issuers.iter().map(|t| json!({"id": t.id, "name": t.name})).collect();
        let own_keys: Vec<_> = policy
            .own_keys
            .iter()
            .map(|own| {
                let uses: Vec<_> = own.uses.iter().map(|to| to.as_str()).collect();
                json!({"key": encode_multikey(&own.key), "uses": uses})
            })
            .collect();
        cases.push(json!({
            "name": case.name,
            "input": text_or_base64(&case.input),
            "now": DateTime::seconds(case.now),
            "policy": {
                "own_issuers": policy.own_issuers,
                "own_keys": own_keys,
                "conformance_issuers": policy.conformance_issuers,
                "trusted_issuers": trusted,
                "recipient": policy.recipient.as_ref().map(|asked| json!({"email": asked.email, "name": asked.name})),
            },
            "supplies": supplies(&case, &mut documents),
            "expected": expected(&case.run()),
        }));
    }
    let documents: Vec<_> = documents.0.iter().map(|bytes| text_or_base64(bytes)).collect();
    let lines = |values: &[Value]| values.iter().map(Value::to_string).collect::<Vec<_>>().join(",\n");
    let note = "found: the place in documents. What is not under supplies is unreachable (own_record, own_intent: not asked). \
        An own_intent names all hashes that are held; every other is not. \
        fetched_at is now where it is absent.";
    format!(
        "{{\"note\":{},\n\"documents\":[\n{}\n],\n\"cases\":[\n{}\n]}}\n",
        json!(note),
        lines(&documents),
        lines(&cases)
    )
}

#[test]
fn the_shared_table_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/verification.json");
    let now = written();
    if std::env::var_os("WAYMARK_WRITE_VECTORS").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).expect("run once with WAYMARK_WRITE_VECTORS=1");
    for (number, (kept, now)) in kept.lines().zip(now.lines()).enumerate() {
        assert_eq!(
            kept,
            now,
            "line {}: if this is meant, write the table anew with WAYMARK_WRITE_VECTORS=1",
            number + 1
        );
    }
    assert_eq!(kept.len(), now.len());
    assert!(serde_json::from_str::<Value>(&kept).unwrap()["cases"].as_array().unwrap().len() > 150);
}
