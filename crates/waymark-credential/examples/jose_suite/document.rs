//! What a credential and a presentation of the VC data model look like (VCDM 2.0 §4), as far as the suite asks. Members at the top
//! must be the data model's own: an unknown one would be signed and mean nothing, or anything.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;
use waymark_credential::{
    canonical::expand,
    model::{CREDENTIALS_V2, DateTime, Iri},
    proof::CompactJws,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Credential,
    Presentation,
}

const CREDENTIAL: [&str; 16] = [
    "@context",
    "confidenceMethod",
    "credentialSchema",
    "credentialStatus",
    "credentialSubject",
    "description",
    "evidence",
    "id",
    "issuer",
    "name",
    "refreshService",
    "relatedResource",
    "termsOfUse",
    "type",
    "validFrom",
    "validUntil",
];
const PRESENTATION: [&str; 6] = ["@context", "holder", "id", "termsOfUse", "type", "verifiableCredential"];

/// Registered claims that may stand beside the members (VC-JOSE-COSE §3.1.3).
const CLAIMS: [&str; 7] = ["iss", "sub", "jti", "nbf", "exp", "iat", "cnf"];

/// The forms of enveloped credentials, by the beginning of their data: address (VCDM 2.0 §4.13).
const JWT: &str = "data:application/vc+jwt,";
const SD_JWT: &str = "data:application/vc+sd-jwt,";
const COSE: &str = "data:application/vc+cose;base64,";

impl Kind {
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Credential => "vc+jwt",
            Self::Presentation => "vp+jwt",
        }
    }

    pub const fn content(self) -> &'static str {
        match self {
            Self::Credential => "vc",
            Self::Presentation => "vp",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Credential => "VerifiableCredential",
            Self::Presentation => "VerifiablePresentation",
        }
    }
}

/// One value or each of several.
fn each(value: Option<&Value>) -> &[Value] {
    match value {
        None => &[],
        Some(Value::Array(entries)) => entries,
        Some(one) => std::slice::from_ref(one),
    }
}

/// The id of a value that is an id or an object with one.
fn id(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.get("id")?.as_str())
}

/// The payload without its registered claims, which must not say otherwise than it does. `iat` says nothing about the document.
pub fn without_claims(kind: Kind, mut payload: Value) -> Result<Value, String> {
    let issuer = payload.get(if kind == Kind::Credential { "issuer" } else { "holder" }).and_then(id);
    let seconds = |name: &str| {
        let date = payload.get(name).and_then(Value::as_str)?;
        DateTime::parse(date).ok().map(|at| at.at().unix_timestamp())
    };
    let contradicts = |claim: &str, says: Option<Value>| {
        says.is_some_and(|says| payload.get(claim).is_some_and(|claimed| *claimed != says))
    };
    let said = [
        ("iss", issuer.map(Value::from)),
        ("jti", payload.get("id").cloned()),
        ("sub", payload.get("credentialSubject").and_then(id).map(Value::from)),
        ("nbf", seconds("validFrom").map(Value::from)),
        ("exp", seconds("validUntil").map(Value::from)),
    ];
    for (claim, says) in said {
        if contradicts(claim, says) {
            return Err(format!("the claim {claim} contradicts the document"));
        }
    }
    let members = payload.as_object_mut().ok_or("the payload is not an object")?;
    members.retain(|name, _| !CLAIMS.contains(&name.as_str()));
    Ok(payload)
}

/// Whether `document` is one of `kind`, and nothing in it is unknown.
pub fn check(kind: Kind, document: &Value) -> Result<(), String> {
    let members = document.as_object().ok_or("the document is not an object")?;
    let known: &[&str] = if kind == Kind::Credential { &CREDENTIAL } else { &PRESENTATION };
    if let Some(unknown) = members.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(format!("the member {unknown} is not one of the data model"));
    }
    let contexts: Option<Vec<&str>> = each(document.get("@context")).iter().map(Value::as_str).collect();
    let contexts = contexts
        .filter(|urls| urls.first() == Some(&CREDENTIALS_V2))
        .ok_or("@context does not begin with credentials/v2")?;
    if !each(document.get("type")).iter().any(|name| name == kind.name()) {
        return Err(format!("type does not name {}", kind.name()));
    }
    if members.get("id").is_some_and(|id| id.as_str().is_none_or(|id| Iri::parse(id).is_err())) {
        return Err("id is not a URL".into());
    }
    match kind {
        Kind::Credential => credential(document, &contexts),
        Kind::Presentation => presentation(document),
    }
}

fn credential(document: &Value, contexts: &[&str]) -> Result<(), String> {
    let is_url = |value: &Value| id(value).is_some_and(|id| Iri::parse(id).is_ok());
    if !document.get("issuer").is_some_and(is_url) {
        return Err("issuer is neither a URL nor an object with one".into());
    }
    let subjects = each(document.get("credentialSubject"));
    if subjects.is_empty()
        || !subjects.iter().all(|subject| subject.as_object().is_some_and(|subject| !subject.is_empty()))
    {
        return Err("credentialSubject says nothing".into());
    }
    let date = |name: &str| match document.get(name) {
        None => Ok(None),
        Some(date) => {
            let date = date.as_str().and_then(|date| DateTime::parse(date).ok());
            date.map(Some).ok_or(format!("{name} is not a dateTimeStamp"))
        }
    };
    if let (Some(from), Some(until)) = (date("validFrom")?, date("validUntil")?)
        && from.at() > until.at()
    {
        return Err("validUntil lies before validFrom".into());
    }
    expand(document, contexts).map(|_| ()).map_err(|error| error.to_string())
}

fn presentation(document: &Value) -> Result<(), String> {
    if document.get("holder").is_some_and(|holder| id(holder).is_none_or(|id| Iri::parse(id).is_err())) {
        return Err("holder is neither a URL nor an object with one".into());
    }
    for entry in each(document.get("verifiableCredential")) {
        let enveloped = each(entry.get("type")).iter().any(|name| name == "EnvelopedVerifiableCredential");
        let data = entry.get("id").and_then(Value::as_str).unwrap_or_default();
        if !enveloped || ![JWT, SD_JWT, COSE].iter().any(|form| data.starts_with(form)) {
            return Err("a credential in the presentation is not secured".into());
        }
    }
    Ok(())
}

/// The compact JWS of the credentials in a presentation that are in that form; of the others only the encoding is looked at.
pub fn credential_jwts(presentation: &Value) -> Vec<&str> {
    let data = each(presentation.get("verifiableCredential")).iter().filter_map(id);
    data.filter_map(|data| data.strip_prefix(JWT)).collect()
}

/// Whether the enveloped credentials of other forms are at least what they say they are.
pub fn check_other_forms(presentation: &Value) -> Result<(), String> {
    for data in each(presentation.get("verifiableCredential")).iter().filter_map(id) {
        if let Some(disclosed) = data.strip_prefix(SD_JWT) {
            let issued = disclosed.split('~').next().unwrap_or_default();
            CompactJws::parse(issued).and_then(|jws| jws.algorithm()).map_err(|error| error.to_string())?;
        }
        if let Some(signed) = data.strip_prefix(COSE) {
            let bytes = BASE64_STANDARD.decode(signed.trim()).map_err(|_| "COSE that is not base64")?;
            // the tag of COSE_Sign1 (RFC 9052 §2)
            if bytes.first() != Some(&0xd2) {
                return Err("not a COSE_Sign1".into());
            }
        }
    }
    Ok(())
}
