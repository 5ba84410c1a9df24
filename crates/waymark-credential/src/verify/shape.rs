//! The gate that makes restructuring useless: a document passes only as one of our closed types, and says there what it
//! says as JSON.
//!
//! An RDF signature covers statements, not the JSON that people read. So nothing is read from JSON that has a member
//! too many, a member in another place, an alias, or two objects that share an identifier and differ.

use std::collections::{HashMap, HashSet};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{
    detail::{Code, Detail},
    report::{CheckId, Outcome},
};
use crate::contexts::{EXAMPLES_V2, embedded};
use crate::model::{
    CREDENTIALS_V2, Contexts, CredentialKinds, Invalid, OpenBadgeCredential, StatusListCredential, read_closed,
};
use crate::open::{CREDENTIALS_V1, Latitude, OpenDocument, Refused, Role};
use crate::work::Work;

/// How the addresses of all Open Badges 3.0 contexts begin.
const OPEN_BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context";

/// The most proofs on one document.
pub(super) const MAX_PROOFS: usize = 8;

/// The most status entries of one document, which may all stand on one list.
const MOST_STATUSES: usize = 16;

/// Why the gate stays shut: the check that decides, its outcome and the finding.
pub(super) type Refusal = (CheckId, Outcome, Detail);

/// Reads an Open Badges credential, or says which check stopped it.
pub(super) fn open_badge(value: &Value) -> Result<OpenBadgeCredential, Refusal> {
    let contexts = contexts(value)?;
    match value.get("type") {
        Some(Value::Array(names)) if names.iter().all(Value::is_string) => {
            let named = |name: &str| names.iter().any(|found| found == name);
            let known = names.iter().all(|name| CredentialKinds::KNOWN.iter().any(|known| name == known));
            let badge = named("OpenBadgeCredential") || named("AchievementCredential");
            let other = named("EndorsementCredential") || named("BitstringStatusListCredential");
            if !known || !badge || other || !named("VerifiableCredential") {
                return Err(unknown_kind(names));
            }
        }
        Some(Value::String(name)) => return Err(unknown_kind(&[name.as_str().into()])),
        _ => return Err(unexpected("type must be an array of names")),
    }
    if contexts == Contexts::Credentials {
        return Err(unknown_context(value));
    }
    count_proofs(value)?;
    let credential: OpenBadgeCredential = closed(value)?;
    let subject = &credential.credential_subject;
    if subject.id.is_none() && subject.identifier.is_empty() {
        return Err(unexpected("credentialSubject needs an id or an identifier"));
    }
    Ok(credential)
}

/// Whether a document that is not of our form may still be an Open Badge that can be read: its contexts are embedded ones.
pub(super) fn may_be_a_strangers_badge(value: &Value) -> bool {
    let Some(contexts) = value.get("@context").and_then(Value::as_array) else { return false };
    let based = contexts.first().is_some_and(|first| first == CREDENTIALS_V1 || first == CREDENTIALS_V2);
    let each_once = contexts.iter().enumerate().all(|(at, url)| !contexts[..at].contains(url));
    let known =
        contexts.iter().all(|url| url.as_str().is_some_and(|url| embedded(url).is_some() && url != EXAMPLES_V2));
    let badges = contexts.iter().filter_map(Value::as_str).any(|url| url.starts_with(OPEN_BADGES));
    let kinds = match value.get("type") {
        Some(Value::Array(kinds)) => kinds.as_slice(),
        _ => &[],
    };
    based
        && each_once
        && known
        && badges
        && kinds.iter().any(|kind| kind == "OpenBadgeCredential" || kind == "AchievementCredential")
}

/// Reads a document of any kind.
pub(super) fn open(value: &Value, role: Role, latitude: Latitude, work: &mut Work) -> Result<OpenDocument, Refusal> {
    count_proofs(value)?;
    count_statuses(value)?;
    let document = OpenDocument::read_within(value, role, latitude, work).map_err(|refused| match refused {
        Refused::Context(found) => {
            (CheckId::Context, Outcome::Failed, Detail::of(Code::ContextUnknown).with("found", found))
        }
        Refused::Kind(found) => {
            (CheckId::Shape, Outcome::NotChecked, Detail::of(Code::KindUnknown).with("found", found))
        }
        Refused::Shape(faults) => unexpected(Invalid(faults)),
        Refused::Mapping(problem) => {
            // where something is shown, what cannot be read is no proof of forgery
            let outcome = if latitude == Latitude::Known { Outcome::NotChecked } else { Outcome::Failed };
            (CheckId::Shape, outcome, Detail::of(Code::NotMapped).with("problem", problem))
        }
    })?;
    match role {
        Role::Credential => one_object_per_id(value)?,
        // each credential inside is looked at by itself
        Role::Presentation => {}
    }
    Ok(document)
}

/// Reads a status list credential; the error is a sentence.
pub(super) fn status_list(value: &Value) -> Result<StatusListCredential, String> {
    let read = || {
        contexts(value)?;
        count_proofs(value)?;
        closed::<StatusListCredential>(value)
    };
    let list = read().map_err(|(_, _, detail)| detail.to_string())?;
    if !list.kinds.contains("BitstringStatusListCredential") {
        return Err("its type is not BitstringStatusListCredential".into());
    }
    Ok(list)
}

fn contexts(value: &Value) -> Result<Contexts, Refusal> {
    let urls: Option<Vec<&str>> =
        value.get("@context").and_then(Value::as_array).and_then(|urls| urls.iter().map(Value::as_str).collect());
    urls.and_then(|urls| Contexts::of(&urls).ok()).ok_or_else(|| unknown_context(value))
}

fn count_proofs(value: &Value) -> Result<(), Refusal> {
    let count = value.get("proof").and_then(Value::as_array).map_or(0, Vec::len);
    if count > MAX_PROOFS {
        let detail = Detail::of(Code::TooManyProofs).with("count", count).with("limit", MAX_PROOFS);
        return Err((CheckId::Shape, Outcome::Failed, detail));
    }
    Ok(())
}

/// A limit of ours: that there are more of them is no fault of the document.
fn count_statuses(value: &Value) -> Result<(), Refusal> {
    let count = value.get("credentialStatus").and_then(Value::as_array).map_or(0, Vec::len);
    if count > MOST_STATUSES {
        let detail = Detail::of(Code::TooManyStatuses).with("count", count).with("limit", MOST_STATUSES);
        return Err((CheckId::Shape, Outcome::NotChecked, detail));
    }
    Ok(())
}

/// The value as `T`, and `T` as the value: no member is unknown, and none is lost or changed on the way.
fn closed<T: Serialize + DeserializeOwned>(value: &Value) -> Result<T, Refusal> {
    let typed = read_closed(value).map_err(unexpected)?;
    one_object_per_id(value)?;
    Ok(typed)
}

/// In RDF, objects with one `id` are one node, and a set holds an entry once: members could be moved between such objects, and
/// entries doubled, without touching the signature. What the issuer wrote can then not be told, so such a document is not
/// checked.
fn one_object_per_id(value: &Value) -> Result<(), Refusal> {
    fn ambiguous(id: &str) -> Refusal {
        (CheckId::Shape, Outcome::NotChecked, Detail::of(Code::AmbiguousNode).with("id", id))
    }
    fn walk<'a>(value: &'a Value, seen: &mut HashMap<&'a str, &'a Value>) -> Result<(), Refusal> {
        match value {
            Value::Array(entries) => {
                let mut names = HashSet::new();
                for entry in entries {
                    let name = entry.as_str().or_else(|| entry.get("id").and_then(Value::as_str));
                    if let Some(name) = name.filter(|name| entries.len() > 1 && !names.insert(*name)) {
                        return Err(ambiguous(name));
                    }
                    walk(entry, seen)?;
                }
                Ok(())
            }
            Value::Object(members) => {
                // an id alone refers to the node and says nothing of it; what an endorsement says of the node has a place of its own, and
                // the endorsement's own proof holds it there
                let apart = members.len() == 1 || is_endorsed(members);
                if let Some(id) = members.get("id").and_then(Value::as_str).filter(|_| !apart)
                    && let Some(twin) = seen.insert(id, value)
                    && twin != value
                {
                    return Err(ambiguous(id));
                }
                members.values().try_for_each(|member| walk(member, seen))
            }
            _ => Ok(()),
        }
    }
    walk(value, &mut HashMap::new())
}

/// Whether this is the subject of an endorsement, and says nothing that could stand elsewhere.
fn is_endorsed(members: &Map<String, Value>) -> bool {
    const NAME: &str = "EndorsementSubject";
    let kind = members
        .get("type")
        .map(|kind| kind.get(0).filter(|_| kind.as_array().map(Vec::len) == Some(1)).unwrap_or(kind));
    kind.is_some_and(|kind| kind == NAME)
        && members.keys().all(|name| ["id", "type", "endorsementComment"].contains(&name.as_str()))
}

fn unexpected(problem: impl std::fmt::Display) -> Refusal {
    (CheckId::Shape, Outcome::Failed, Detail::of(Code::ShapeUnexpected).with("problem", problem))
}

fn unknown_context(value: &Value) -> Refusal {
    let found = value.get("@context").map_or("none".to_owned(), Value::to_string);
    (CheckId::Context, Outcome::Failed, Detail::of(Code::ContextUnknown).with("found", found))
}

fn unknown_kind(names: &[Value]) -> Refusal {
    let found = names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
    (CheckId::Shape, Outcome::NotChecked, Detail::of(Code::KindUnknown).with("found", found))
}
