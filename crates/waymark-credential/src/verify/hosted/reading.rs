//! The documents of Open Badges 2.0 as far as a reader needs them: which members must be there, and what they become when they are shown.

use serde_json::{Value, json};

use super::super::{CheckId, Code, Detail, Outcome, shape::Refusal};
use crate::model::{CREDENTIALS_V2, Iri, OPEN_BADGES_3_0_3, OpenBadgeCredential};

const VOCABULARY: &str = "https://w3id.org/openbadges/v2";

/// Whether a document is written in the vocabulary of Open Badges 2.0. Extensions beside it change nothing that is read here.
pub(in super::super) fn uses_vocabulary(value: &Value) -> bool {
    match value.get("@context") {
        Some(Value::String(url)) => url == VOCABULARY,
        Some(Value::Array(urls)) => urls.iter().any(|url| url == VOCABULARY),
        _ => false,
    }
}

/// The id that a member refers to, whether as a text or as an object; of `id` itself, the text.
pub(super) fn id_of<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    let found = value.get(member)?;
    found.as_str().or_else(|| found.get("id")?.as_str())
}

fn is_a(value: &Value, kind: &str) -> bool {
    match value.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|found| found == kind),
        Some(found) => found == kind,
        None => false,
    }
}

fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member)?.as_str()
}

/// The address at which a hosted assertion stands, after the members that it must have.
pub(super) fn assertion(value: &Value) -> Result<&str, Refusal> {
    let unknown =
        |found: &str| Err((CheckId::Shape, Outcome::NotChecked, Detail::of(Code::KindUnknown).with("found", found)));
    if !is_a(value, "Assertion") {
        return unknown("a document of Open Badges 2.0 that is no assertion");
    }
    match value.get("verification").and_then(|verification| text(verification, "type")) {
        Some("hosted" | "HostedBadge") => {}
        Some("signed" | "SignedBadge") => return unknown("a signed assertion of Open Badges 2.0"),
        _ => return Err(unexpected("verification/type must be hosted")),
    }
    let recipient = value.get("recipient");
    let stated = |member: &str| recipient.and_then(|recipient| recipient.get(member));
    if !stated("type").is_some_and(Value::is_string) || !stated("identity").is_some_and(Value::is_string) {
        return Err(unexpected("recipient needs a type and an identity"));
    }
    if !stated("hashed").is_some_and(Value::is_boolean) {
        return Err(unexpected("recipient/hashed must be true or false"));
    }
    if text(value, "issuedOn").is_none() {
        return Err(unexpected("issuedOn is missing"));
    }
    if id_of(value, "badge").and_then(origin).is_none() {
        return Err(unexpected("badge must be the address of a badge class"));
    }
    match text(value, "id") {
        Some(id) if origin(id).is_some() => Ok(id),
        _ => Err(unexpected("id must be the address at which the assertion stands")),
    }
}

fn unexpected(problem: &str) -> Refusal {
    (CheckId::Shape, Outcome::Failed, Detail::of(Code::ShapeUnexpected).with("problem", problem))
}

/// A badge class names its issuer by address.
pub(super) fn badge_class(value: &Value) -> Result<(), &'static str> {
    match (is_a(value, "BadgeClass"), id_of(value, "issuer").and_then(origin)) {
        (false, _) => Err("what stands there is no badge class"),
        (true, None) => Err("the badge class does not name the address of its issuer"),
        (true, Some(_)) => Ok(()),
    }
}

/// The profile of an issuer says who it is.
pub(super) fn profile(value: &Value) -> Result<(), &'static str> {
    match ["Issuer", "Profile"].iter().any(|kind| is_a(value, kind)) {
        true if text(value, "name").is_some() => Ok(()),
        true => Err("the profile of the issuer has no name"),
        false => Err("what stands there is no profile of an issuer"),
    }
}

/// Only `true` revokes; anything else that stands there does, too, rather than being overlooked.
pub(super) fn is_revoked(assertion: &Value) -> bool {
    assertion.get("revoked").is_some_and(|revoked| *revoked != Value::Bool(false))
}

/// The first member in which the copy that was handed in differs from the hosted one. A badge class is compared by its address, because
/// one copy may hold it whole; what the hosted copy has beyond that is the issuer's to add.
pub(super) fn difference<'a>(given: &'a Value, hosted: &Value) -> Option<&'a str> {
    let members = given.as_object()?;
    let differs = |name: &str, value: &Value| match name {
        "@context" => false,
        "badge" => id_of(given, name) != id_of(hosted, name),
        _ => hosted.get(name) != Some(value),
    };
    members.iter().find(|(name, value)| differs(name, value)).map(|(name, _)| name.as_str())
}

/// Scheme, host and port of an http address, in lower case; nothing for what could be read in two ways.
pub(super) fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let default = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let authority = rest.split(['/', '?', '#']).next()?.to_ascii_lowercase();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]_".contains(&byte);
    if authority.is_empty() || !authority.bytes().all(plain) || url.bytes().any(|byte| byte <= b' ' || byte == b'\\') {
        return None;
    }
    Some(format!("{scheme}://{}", authority.strip_suffix(default).unwrap_or(&authority)))
}

/// Whether the issuer answers for what stands at `url`: at its own origin, or at a host that its profile allows (Open Badges 2.0,
/// `VerificationObject`).
pub(super) fn answers_for(profile: &Value, url: &str) -> bool {
    let Some(place) = origin(url) else { return false };
    let own = id_of(profile, "id").and_then(origin);
    let host = place.split_once("://").map_or("", |(_, host)| host);
    own.is_some_and(|own| own == place)
        || rule(profile, "allowedOrigins").any(|allowed| allowed.eq_ignore_ascii_case(host))
}

/// Whether an assertion stands below one of the beginnings that the profile lists, where it lists any.
pub(super) fn in_scope(profile: &Value, url: &str) -> bool {
    let mut beginnings = rule(profile, "startsWith").peekable();
    beginnings.peek().is_none()
        || beginnings.any(|beginning| origin(beginning) == origin(url) && url.starts_with(beginning))
}

fn rule<'a>(profile: &'a Value, name: &str) -> impl Iterator<Item = &'a str> {
    let entries = match profile.get("verification").and_then(|rules| rules.get(name)) {
        Some(Value::Array(entries)) => entries.as_slice(),
        Some(entry) => std::slice::from_ref(entry),
        None => &[],
    };
    entries.iter().filter_map(Value::as_str)
}

/// The three documents as the type that reports show. A member that Open Badges 3.0 cannot say is left out.
pub(super) fn shown(assertion: &Value, badge: &Value, profile: &Value) -> Result<OpenBadgeCredential, String> {
    let recipient = &assertion["recipient"];
    let mut identifier = Vec::new();
    if recipient["type"] == "email" {
        let mut identity = json!({"type": "IdentityObject", "hashed": recipient["hashed"], "identityType": "emailAddress",
            "identityHash": recipient["identity"]});
        if let Some(salt) = text(recipient, "salt") {
            identity["salt"] = json!(salt);
        }
        identifier.push(identity);
    }
    let criteria = match badge.get("criteria") {
        Some(Value::String(page)) => json!({"id": page}),
        Some(Value::Object(members)) => Value::Object(
            members
                .iter()
                .filter(|(name, _)| *name == "id" || *name == "narrative")
                .map(|(n, v)| (n.clone(), v.clone()))
                .collect(),
        ),
        _ => json!({}),
    };
    let mut achievement = json!({"id": badge["id"], "type": ["Achievement"], "name": text(badge, "name").unwrap_or_default(),
        "description": text(badge, "description").unwrap_or_default(), "criteria": criteria});
    let mut issuer = json!({"id": profile["id"], "type": ["Profile"], "name": text(profile, "name")});
    for (from, to) in [(badge, &mut achievement), (profile, &mut issuer)] {
        if let Some(picture) = id_of(from, "image").filter(|image| Iri::parse(*image).is_ok()) {
            to["image"] = json!({"id": picture, "type": "Image"});
        }
    }
    if let Some(url) = text(profile, "url").filter(|url| Iri::parse(*url).is_ok()) {
        issuer["url"] = json!(url);
    }
    let mut credential = json!({
        "@context": [CREDENTIALS_V2, OPEN_BADGES_3_0_3],
        "id": assertion["id"], "type": ["VerifiableCredential", "OpenBadgeCredential"], "issuer": issuer,
        "validFrom": assertion["issuedOn"],
        "credentialSubject": {"type": ["AchievementSubject"], "identifier": identifier, "achievement": achievement},
    });
    if let Some(expires) = assertion.get("expires").filter(|expires| !expires.is_null()) {
        credential["validUntil"] = expires.clone();
    }
    serde_json::from_value(credential).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_could_be_read_in_two_ways_has_no_origin() {
        assert_eq!(origin("HTTPS://Badges.example:443/a?b#c").as_deref(), Some("https://badges.example"));
        assert_eq!(origin("http://badges.example:8080").as_deref(), Some("http://badges.example:8080"));
        for hidden in [
            "https://badges.example/a b",
            "https://badges.example/a\\b",
            "https://badges.example/\u{1}",
            "https://badges.example\\.evil.example/a",
            "https://badges.example@evil.example/a",
            "https:///a",
            "ftp://badges.example/a",
            "badges.example/a",
        ] {
            assert_eq!(origin(hidden), None, "{hidden:?}");
        }
    }
}
