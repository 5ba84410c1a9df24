//! `1EdTechRevocationList`: lists of what is revoked, by name and without a signature.

use serde_json::{Value, json};
use waymark_credential::verify::{CheckId, Code, State};

use super::Case;
use crate::made::{LIST, World, at, credential, guild, own};

const METHOD: &str = "1EdTechRevocationList";
const ID: &str = "urn:uuid:5f2c9f2e-2b0a-4e3c-9d58-6d2f0f5f7a01";

/// A badge whose status is in such a list.
fn badge(change: impl FnOnce(&mut Value)) -> Value {
    let mut document = credential(&guild());
    let contexts = document["@context"].as_array_mut().unwrap();
    contexts.push(json!("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"));
    document["credentialStatus"] = json!({"id": LIST, "type": METHOD});
    change(&mut document);
    guild().embed(&document)
}

/// The list, naming others.
fn list() -> Value {
    json!({"id": LIST, "issuer": guild().id, "revokedCredential": [{"id": "urn:uuid:another"}]})
}

fn with(changes: &Value) -> World {
    let mut list = list();
    for (name, change) in changes.as_object().unwrap() {
        match change {
            Value::Null => drop(list.as_object_mut().unwrap().remove(name)),
            change => list[name] = change.clone(),
        }
    }
    World::of_guild(&[]).with_list(&list)
}

pub fn cases() -> Vec<Case> {
    use CheckId::Status;
    let signed = badge(|_| ());
    let told = |name, state, code, changes: Value| Case::new(name, &signed, state, Status, code).world(with(&changes));
    let naming = |name, entry: Value, state, code| told(name, state, code, json!({"revokedCredential": [entry]}));
    let unusable = |name, changes: Value| told(name, State::Unknown, Code::ListUnusable, changes);
    let kept = |fetched: &str| World { fetched_at: Some(at(fetched)), ..with(&json!({})) };
    let mut older = credential(&guild());
    older.as_object_mut().unwrap().remove("awardedDate");
    older["credentialSubject"]["achievement"].as_object_mut().unwrap().remove("inLanguage");
    older["@context"] = json!([
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
        "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
    ]);
    older["credentialStatus"] = json!({"id": LIST, "type": [METHOD]});
    vec![
        told("named list: names others", State::Valid, Code::StatusClear, json!({})),
        told("named list: without an issuer", State::Valid, Code::StatusClear, json!({"issuer": null})),
        told("named list: without its address", State::Valid, Code::StatusClear, json!({"id": null})),
        told("named list: names nobody", State::Valid, Code::StatusClear, json!({"revokedCredential": null})),
        told(
            "named list: the issuer as an object",
            State::Valid,
            Code::StatusClear,
            json!({"issuer": {"id": guild().id}}),
        ),
        naming("named list: names it", json!({"id": ID}), State::Revoked, Code::Revoked),
        naming(
            "named list: names it, with a reason",
            json!({"id": ID, "revoked": true, "revocationReason": "R"}),
            State::Revoked,
            Code::Revoked,
        ),
        naming(
            "named list: names it as not revoked",
            json!({"id": ID, "revoked": false}),
            State::Valid,
            Code::StatusClear,
        ),
        naming(
            "named list: names it by a word that is no truth value",
            json!({"id": ID, "revoked": "no"}),
            State::Revoked,
            Code::Revoked,
        ),
        naming("named list: the id alone", json!(ID), State::Revoked, Code::Revoked),
        naming(
            "named list: an escaped id",
            json!({"id": format!(" {} ", ID.replace('-', "%2d"))}),
            State::Revoked,
            Code::Revoked,
        ),
        naming("named list: half an escape", json!({"id": format!("{ID}%2")}), State::Valid, Code::StatusClear),
        naming("named list: an entry without an id", json!({"revoked": true}), State::Unknown, Code::ListUnusable),
        told(
            "named list: one entry outside an array",
            State::Revoked,
            Code::Revoked,
            json!({"revokedCredential": {"id": ID}}),
        ),
        told(
            "named list: called not revoked, and revoked again",
            State::Revoked,
            Code::Revoked,
            json!({"revokedCredential": [{"id": ID, "revoked": false}, {"id": ID}]}),
        ),
        told(
            "named list: of another issuer",
            State::Unknown,
            Code::ListOfAnother,
            json!({"issuer": "did:web:evil.example"}),
        ),
        unusable("named list: another address", json!({"id": "https://guild.example/status/2"})),
        unusable("named list: neither names nor address", json!({"id": null, "revokedCredential": null})),
        unusable("named list: names of another kind", json!({"revokedCredential": 7})),
        Case::new("named list: unreachable", &signed, State::Unknown, Status, Code::ListUnreachable)
            .world(World::default().with_document(&guild(), &guild().document(&[guild().published()]))),
        Case::new("named list: no JSON", &signed, State::Unknown, Status, Code::ListUnusable)
            .world(World::of_guild(&[]).with_list_bytes(b"<html>".to_vec())),
        Case::new("named list: no object", &signed, State::Unknown, Status, Code::ListUnusable)
            .world(World::of_guild(&[]).with_list(&json!([list()]))),
        Case::new("named list: a day old", &signed, State::Valid, Status, Code::StatusClear)
            .world(kept("2026-05-31T00:00:00Z")),
        Case::new("named list: older than a day", &signed, State::Unknown, Status, Code::ListStale)
            .world(kept("2026-05-30T23:59:59Z")),
        Case::new(
            "named list: over http, where anybody may have written it",
            badge(|document| document["credentialStatus"]["id"] = json!("http://guild.example/status/1")),
            State::Unknown,
            Status,
            Code::ListUnusable,
        ),
        Case::new(
            "named list: of a status without an address",
            badge(|document| drop(document["credentialStatus"].as_object_mut().unwrap().remove("id"))),
            State::Unknown,
            Status,
            Code::ListUnusable,
        ),
        Case::new("named list: in a stranger's badge", guild().embed(&older), State::Revoked, Status, Code::Revoked)
            .world(with(&json!({"revokedCredential": [{"id": ID}]}))),
        Case::new("named list: our own records know better", &signed, State::Suspended, Status, Code::Suspended)
            .policy(own())
            .world(
                with(&json!({"revokedCredential": [{"id": ID}]}))
                    .with_record(waymark_credential::verify::OwnRecord::Suspended),
            ),
    ]
}
