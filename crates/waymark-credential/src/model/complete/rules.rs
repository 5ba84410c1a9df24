//! The rules for what we issue: those of Open Badges 3.0 and VCDM 2.0, and our own, which are narrower.

use super::faults::Faults;
use super::{Fault, achievement};
use crate::canonical::{ExpandError, direct, expand, is_plain};
use crate::model::vocabulary::IDENTIFIER_TYPES;
use crate::model::{Contexts, CredentialStatus, DateTime, Iri, Issuer, OpenBadgeCredential, Profile, ReferenceOr};
use serde_json::Value;
use std::collections::HashMap;

pub(super) fn faults(document: &OpenBadgeCredential) -> Vec<Fault> {
    let mut faults = Faults::default();
    envelope(document, &mut faults);
    dates(document, &mut faults);
    match &document.issuer {
        Issuer::Object(profile) => issuer(profile, &mut faults),
        ReferenceOr::Reference(_) => faults.add("/issuer", "must be a Profile object with a name"),
    }
    match &document.credential_status {
        Some(status) => revocable(status, &mut faults),
        None => faults.add("/credentialStatus", "is missing: every credential can be revoked"),
    }
    subject(document, &mut faults);
    achievement::check(&document.credential_subject, &mut faults);
    for (at, evidence) in document.evidence.iter().enumerate() {
        let says = [&evidence.name, &evidence.description, &evidence.narrative].iter().any(|text| text.is_some());
        faults.unless(
            says || evidence.id.is_some(),
            format_args!("/evidence/{at}"),
            "says nothing: it needs an id or a text",
        );
    }
    // Nearly every document passes the short way at once; for another the tree is built, to say what is wrong and where.
    if direct::plain(document, document.context, "").is_some_and(|plain| plain.is_unambiguous()) {
        return faults.0;
    }
    match serde_json::to_value(document) {
        Ok(value) => {
            texts(&value, &mut String::new(), &mut faults);
            one_object_per_id(&value, &mut String::new(), &mut HashMap::new(), &mut faults);
            covered(&value, document.context, &mut faults);
        }
        Err(error) => faults.add("", error.to_string()),
    }
    faults.0
}

fn envelope(document: &OpenBadgeCredential, faults: &mut Faults) {
    let kinds = &document.kinds;
    let badge = kinds.contains("OpenBadgeCredential") || kinds.contains("AchievementCredential");
    let other = kinds.contains("EndorsementCredential") || kinds.contains("BitstringStatusListCredential");
    faults.unless(badge && !other, "/type", "must be VerifiableCredential and OpenBadgeCredential");
    faults.unless(document.proof.is_none(), "/proof", "is there before the document is signed");
    faults.unless(is_random_uuid(&document.id), "/id", "must be urn:uuid: and a version 4 UUID");
    faults.unless(document.name.is_some(), "/name", "is missing: wallets show it");
    let foreign_types = [document.credential_schema.is_some(), document.refresh_service.is_some()].contains(&true);
    match document.context {
        Contexts::Credentials => faults.add("/@context", "must contain the Open Badges context"),
        Contexts::OpenBadgesExtended if !foreign_types => {
            faults.add("/@context", "names the Open Badges extensions, of which no term is used");
        }
        _ => {}
    }
}

fn dates(document: &OpenBadgeCredential, faults: &mut Faults) {
    let from = &document.valid_from;
    let all = [
        ("/validFrom", Some(from)),
        ("/validUntil", document.valid_until.as_ref()),
        ("/awardedDate", document.awarded_date.as_ref()),
    ];
    for (pointer, date) in all {
        if let Some(date) = date {
            faults.unless(
                *date == DateTime::seconds(date.at()),
                pointer,
                "must be in whole seconds of UTC, ending in Z",
            );
        }
    }
    if let Some(until) = &document.valid_until {
        faults.unless(until.at() > from.at(), "/validUntil", "is not after validFrom: it would be issued expired");
    }
    match &document.awarded_date {
        Some(awarded) => faults.unless(awarded.at() <= from.at(), "/awardedDate", "is after validFrom"),
        None => faults.add("/awardedDate", "is missing"),
    }
}

fn issuer(profile: &Profile, faults: &mut Faults) {
    faults.unless(profile.id.as_str().starts_with("did:"), "/issuer/id", "must be the DID that controls the proof");
    faults.unless(profile.name.is_some(), "/issuer/name", "is missing");
    if let Some(email) = &profile.email {
        let parts = email.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
        faults.unless(parts && !email.contains(char::is_whitespace), "/issuer/email", "is not an e-mail address");
    }
    for (at, other) in profile.other_identifier.iter().enumerate() {
        faults.word(
            IDENTIFIER_TYPES,
            &other.identifier_type,
            format_args!("/issuer/otherIdentifier/{at}/identifierType"),
        );
    }
}

fn revocable(status: &CredentialStatus, faults: &mut Faults) {
    faults.unless(
        status.kind == "BitstringStatusListEntry",
        "/credentialStatus/type",
        "must be BitstringStatusListEntry",
    );
    faults.unless(status.id.is_some(), "/credentialStatus/id", "is missing: Open Badges requires it");
    let purpose = status.status_purpose.as_deref();
    faults.unless(
        purpose == Some("revocation"),
        "/credentialStatus/statusPurpose",
        "must be `revocation`: the only one verifiers read",
    );
    let index = status.status_list_index.as_deref().unwrap_or_default();
    let decimal = index.parse::<u64>().is_ok_and(|number| number.to_string() == index);
    faults.unless(decimal, "/credentialStatus/statusListIndex", "must be a whole number as text");
    faults.unless(status.status_list_credential.is_some(), "/credentialStatus/statusListCredential", "is missing");
    faults.unless(
        status.id != status.status_list_credential,
        "/credentialStatus/id",
        "must not be the URL of the list",
    );
}

fn subject(document: &OpenBadgeCredential, faults: &mut Faults) {
    let subject = &document.credential_subject;
    let random = subject.id.as_ref().is_some_and(is_random_uuid);
    faults.unless(random, "/credentialSubject/id", "must be urn:uuid: and a version 4 UUID of this credential's own");
    let Some(name) = &subject.name else {
        return faults.add("/credentialSubject/name", "is missing: the name the member appears under");
    };
    match subject.identifier.as_slice() {
        [one] => {
            let plain = !one.hashed && one.identity_type == "name" && one.salt.is_none();
            faults.unless(plain, "/credentialSubject/identifier/0", "must be the plain name and nothing else");
            faults.unless(
                one.identity_hash == *name,
                "/credentialSubject/identifier/0/identityHash",
                "is not the subject's name",
            );
        }
        _ => faults.add("/credentialSubject/identifier", "must hold the name alone"),
    }
}

/// Whether `id` is `urn:uuid:` and a random UUID in lower case (RFC 9562 §5.4).
fn is_random_uuid(id: &Iri) -> bool {
    let Some(uuid) = id.as_str().strip_prefix("urn:uuid:") else { return false };
    let digits = |at: usize, b: u8| match at {
        8 | 13 | 18 | 23 => b == b'-',
        14 => b == b'4',
        19 => b"89ab".contains(&b),
        _ => b.is_ascii_digit() || (b'a'..=b'f').contains(&b),
    };
    uuid.len() == 36 && uuid.bytes().enumerate().all(|(at, b)| digits(at, b))
}

/// No text is blank or holds control characters, which people cannot see.
fn texts(value: &Value, place: &mut String, faults: &mut Faults) {
    if let Value::String(text) = value {
        faults.unless(!text.trim().is_empty(), &*place, "is blank");
        let hidden = |c: char| c.is_control() && c != '\n' && c != '\t';
        faults.unless(!text.contains(hidden), &*place, "holds control characters");
    }
    within(value, place, &mut |inner, place| texts(inner, place, faults));
}

/// Two objects with one id are one node to RDF, and their members could be exchanged under the same signature.
fn one_object_per_id<'a>(
    value: &'a Value,
    place: &mut String,
    seen: &mut HashMap<&'a str, &'a Value>,
    faults: &mut Faults,
) {
    if let Some(id) = value.get("id").and_then(Value::as_str)
        && let Some(other) = seen.insert(id, value)
    {
        faults.unless(other == value, &*place, format_args!("another object has the id {id} and other members"));
    }
    within(value, place, &mut |inner, place| one_object_per_id(inner, place, seen, faults));
}

fn within<'a>(value: &'a Value, place: &mut String, visit: &mut dyn FnMut(&'a Value, &mut String)) {
    let length = place.len();
    let mut step = |name: &str, inner: &'a Value| {
        place.push('/');
        place.push_str(&name.replace('~', "~0").replace('/', "~1"));
        visit(inner, place);
        place.truncate(length);
    };
    match value {
        Value::Array(elements) => elements.iter().enumerate().for_each(|(at, inner)| step(&at.to_string(), inner)),
        Value::Object(members) => members.iter().for_each(|(name, inner)| step(name, inner)),
        _ => {}
    }
}

/// Every member has a meaning under the contexts, or a signature would not cover it.
fn covered(value: &Value, contexts: Contexts, faults: &mut Faults) {
    let error = match expand(value, contexts.urls()) {
        Err(error) => error,
        Ok(quads) => {
            let problem = "two objects without an id are alike, or a list repeats a value: verifiers may refuse to tell them apart";
            return faults.unless(is_plain(&quads), "", problem);
        }
    };
    let pointer = match &error {
        ExpandError::UndefinedTerm { pointer, .. }
        | ExpandError::UndefinedType { pointer, .. }
        | ExpandError::RelativeReference { pointer, .. }
        | ExpandError::NoTrace { pointer, .. }
        | ExpandError::NotAllowed { pointer, .. } => pointer.clone(),
        ExpandError::UnknownContext(_) | ExpandError::UnsupportedContext(_) | ExpandError::ProtectedTerm(_) => {
            "/@context".into()
        }
    };
    faults.add(pointer, error.to_string());
}
