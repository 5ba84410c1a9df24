//! Open Badges 2.0 assertions that their issuer hosts, by what the issuer's server answers.

use serde_json::{Value, json};
use waymark_credential::verify::{CheckId, Code, Policy, RecipientAsked, State, TrustedIssuer};

use super::{Case, picture};
use crate::made::World;

const ASSERTION: &str = "https://badges.example/assertions/7";
const CLASS: &str = "https://badges.example/classes/robotics";
const PROFILE: &str = "https://badges.example/issuer";

fn assertion() -> Value {
    json!({"@context": "https://w3id.org/openbadges/v2", "id": ASSERTION, "type": "Assertion", "badge": CLASS,
        "recipient": {"type": "email", "hashed": true, "salt": "Kosher",
            "identity": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"},
        "verification": {"type": "hosted"}, "issuedOn": "2026-01-01T00:00:00Z", "expires": "2027-01-01T00:00:00+00:00",
        "evidence": "https://badges.example/evidence/7"})
}

fn class() -> Value {
    json!({"@context": "https://w3id.org/openbadges/v2", "id": CLASS, "type": "BadgeClass", "name": "Robotics", "issuer": PROFILE,
        "description": "Builds robots", "image": "https://badges.example/robotics.png", "criteria": {"narrative": "Build one."}})
}

fn profile() -> Value {
    json!({"@context": "https://w3id.org/openbadges/v2", "id": PROFILE, "type": ["Issuer", "Profile"], "name": "Example Badges",
        "url": "https://badges.example", "email": "badges@badges.example"})
}

/// A document with one member changed, or taken away where the value is null.
fn with(mut document: Value, member: &str, value: Value) -> Value {
    let members = document.as_object_mut().unwrap();
    match value {
        Value::Null => drop(members.remove(member)),
        value => drop(members.insert(member.into(), value)),
    }
    document
}

fn hosting(assertion: &Value, class: &Value, profile: &Value) -> World {
    [assertion, class, profile]
        .into_iter()
        .fold(World::default(), |world, document| world.with_hosted(document["id"].as_str().unwrap(), document))
}

fn world() -> World {
    hosting(&assertion(), &class(), &profile())
}

fn asking(email: &str) -> Policy {
    Policy { recipient: Some(RecipientAsked { email: Some(email.into()), name: None }), ..Policy::product() }
}

/// A PNG with a text chunk right before its end.
fn carrying(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut png = picture();
    let end = png.split_off(png.len() - 12);
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(data);
    png.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
    png.extend([kind, data].concat());
    png.extend(crc.sum().to_be_bytes());
    png.extend(end);
    png
}

pub fn cases() -> Vec<Case> {
    [given(), pictures(), elsewhere(), refused()].into_iter().flatten().collect()
}

fn given() -> Vec<Case> {
    use CheckId::{IssuerIdentity, Proof, Recipient, Status, Validity};
    let held = with(
        with(assertion(), "badge", class()),
        "@context",
        json!(["https://w3id.org/openbadges/v2", "https://x.example/ext"]),
    );
    let trusted = Policy {
        trusted_issuers: vec![TrustedIssuer {
            id: PROFILE.into(),
            name: "Example Badges".into(),
            ..TrustedIssuer::default()
        }],
        ..Policy::product()
    };
    let revoked = hosting(&with(assertion(), "revoked", json!(true)), &class(), &profile());
    let word_alone = World::default().with_hosted(ASSERTION, &json!({"id": ASSERTION, "revoked": true}));
    let not_revoked = hosting(&with(assertion(), "revoked", json!(false)), &class(), &profile());
    vec![
        Case::new("hosted: the server says the same", assertion(), State::Valid, Proof, Code::HostedSame)
            .world(world()),
        Case::new("hosted: with the badge class inside", held, State::Valid, Status, Code::HostedStands).world(world()),
        Case::new("hosted: nobody asked the server", assertion(), State::Unknown, Proof, Code::HostedUnreachable),
        Case::new("hosted: revoked", assertion(), State::Revoked, Status, Code::Revoked).world(revoked),
        Case::new("hosted: called not revoked", assertion(), State::Valid, Status, Code::HostedStands)
            .world(not_revoked),
        Case::new("hosted: revoked, and nothing else left", assertion(), State::Unknown, Proof, Code::HostedGone)
            .world(word_alone),
        Case::new("hosted: gone", assertion(), State::Unknown, Proof, Code::HostedGone)
            .world(World { gone: vec![ASSERTION.into()], ..world() }),
        Case::new("hosted: expired", assertion(), State::Expired, Validity, Code::Expired)
            .world(world())
            .at("2027-01-01T00:00:01Z"),
        Case::new("hosted: not yet valid", assertion(), State::NotYetValid, Validity, Code::NotYetValid)
            .world(world())
            .at("2025-12-31T00:00:00Z"),
        Case::new(
            "hosted: expired by what the server adds",
            with(assertion(), "expires", Value::Null),
            State::Expired,
            Validity,
            Code::Expired,
        )
        .world(world())
        .at("2027-06-01T00:00:00Z"),
        Case::new("hosted: the hashed recipient", assertion(), State::Valid, Recipient, Code::RecipientMatches)
            .world(world())
            .policy(asking("A@example.com")),
        Case::new("hosted: another recipient", assertion(), State::Valid, Recipient, Code::RecipientDiffers)
            .world(world())
            .policy(asking("b@example.com")),
        Case::new("hosted: a listed issuer", assertion(), State::Valid, IssuerIdentity, Code::IssuerTrusted)
            .world(world())
            .policy(trusted),
    ]
}

fn pictures() -> Vec<Case> {
    use CheckId::{Parse, Proof, Shape};
    let text = assertion().to_string();
    let chunk = [b"openbadges\0\0\0\0\0", text.as_bytes()].concat();
    let old = [b"openbadges\0".as_slice(), ASSERTION.as_bytes()].concat();
    let drawn = |inner: &str| {
        format!(r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org">{inner}</svg>"#)
    };
    let address = drawn(&format!(r#"<openbadges:assertion verify="{ASSERTION}"/>"#));
    let whole =
        drawn(&format!(r#"<openbadges:assertion verify="{ASSERTION}"><![CDATA[{text}]]></openbadges:assertion>"#));
    let other = World::default().with_hosted(ASSERTION, &class());
    vec![
        Case::new("hosted: JSON in a PNG", carrying(b"iTXt", &chunk), State::Valid, Parse, Code::ReadPng)
            .world(world()),
        Case::new("hosted: an address in a PNG", carrying(b"tEXt", &old), State::Valid, Proof, Code::HostedFound)
            .world(world()),
        Case::new(
            "hosted: an address that leads nowhere",
            carrying(b"tEXt", &old),
            State::Unknown,
            Proof,
            Code::HostedUnreachable,
        ),
        Case::new("hosted: an address in an SVG", address.clone(), State::Valid, Shape, Code::HostedAssertion)
            .world(world()),
        Case::new("hosted: JSON in an SVG", whole, State::Valid, Proof, Code::HostedSame).world(world()),
        Case::new("hosted: an address of something else", address, State::Unknown, Proof, Code::HostedUnusable)
            .world(other),
        Case::new(
            "hosted: an address that is none",
            carrying(b"tEXt", b"openbadges\0https://a@badges.example/7"),
            State::Unknown,
            Shape,
            Code::KindUnknown,
        ),
        Case::unreadable("hosted: compressed in a PNG", carrying(b"zTXt", b"openbadges\0\0x"), "open_badges_2"),
    ]
}

/// Documents on servers that are not the issuer's.
fn elsewhere() -> Vec<Case> {
    use CheckId::IssuerKey;
    let moved = |document: Value, id: &str| with(document, "id", json!(id));
    let stranger = moved(assertion(), "https://evil.example/assertions/7");
    let copied = with(assertion(), "badge", json!("https://evil.example/classes/robotics"));
    let class_elsewhere = moved(class(), "https://evil.example/classes/robotics");
    let allowing = with(profile(), "verification", json!({"allowedOrigins": ["evil.example"]}));
    let narrow = |start: &str| with(profile(), "verification", json!({"type": "hosted", "startsWith": start}));
    let key = |name: &'static str, given: &Value, class: &Value, profile: &Value, state: State, code: Code| {
        Case::new(name, given, state, IssuerKey, code).world(hosting(given, class, profile))
    };
    let here = (assertion(), class(), profile());
    vec![
        key(
            "hosted: a stranger's server, a real badge",
            &stranger,
            &here.1,
            &here.2,
            State::Altered,
            Code::HostedElsewhere,
        ),
        key(
            "hosted: a stranger's badge, a real issuer",
            &copied,
            &class_elsewhere,
            &here.2,
            State::Altered,
            Code::HostedElsewhere,
        ),
        key(
            "hosted: another server that the issuer allows",
            &stranger,
            &here.1,
            &allowing,
            State::Valid,
            Code::HostedByIssuer,
        ),
        key(
            "hosted: below the beginning the issuer names",
            &here.0,
            &here.1,
            &narrow("https://badges.example/assertions/"),
            State::Valid,
            Code::HostedByIssuer,
        ),
        key(
            "hosted: beside the beginning the issuer names",
            &here.0,
            &here.1,
            &narrow("https://badges.example/other/"),
            State::Altered,
            Code::HostedElsewhere,
        ),
        key(
            "hosted: a beginning that another host shares",
            &here.0,
            &here.1,
            &narrow("https://badges.exam"),
            State::Altered,
            Code::HostedElsewhere,
        ),
        key(
            "hosted: another scheme is another server",
            &moved(assertion(), "http://badges.example/assertions/7"),
            &here.1,
            &here.2,
            State::Altered,
            Code::HostedElsewhere,
        ),
        key(
            "hosted: another port is another server",
            &moved(assertion(), "https://badges.example:8443/7"),
            &here.1,
            &here.2,
            State::Altered,
            Code::HostedElsewhere,
        ),
        key(
            "hosted: the port that goes without saying",
            &moved(assertion(), "https://BADGES.example:443/7"),
            &here.1,
            &here.2,
            State::Valid,
            Code::HostedByIssuer,
        ),
        Case::new(
            "hosted: no badge class to be had",
            assertion(),
            State::Unknown,
            IssuerKey,
            Code::HostedIssuerUnknown,
        )
        .world(World::default().with_hosted(ASSERTION, &assertion())),
        Case::new("hosted: no profile to be had", assertion(), State::Unknown, IssuerKey, Code::HostedIssuerUnknown)
            .world(World::default().with_hosted(ASSERTION, &assertion()).with_hosted(CLASS, &class())),
        key(
            "hosted: no badge class",
            &here.0,
            &with(class(), "type", json!("Assertion")),
            &here.2,
            State::Unknown,
            Code::HostedIssuerUnknown,
        ),
        key(
            "hosted: a badge class of nobody",
            &here.0,
            &with(class(), "issuer", json!({"name": "N"})),
            &here.2,
            State::Unknown,
            Code::HostedIssuerUnknown,
        ),
        key(
            "hosted: no profile",
            &here.0,
            &here.1,
            &with(profile(), "type", json!("BadgeClass")),
            State::Unknown,
            Code::HostedIssuerUnknown,
        ),
        key(
            "hosted: a profile without a name",
            &here.0,
            &here.1,
            &with(profile(), "name", Value::Null),
            State::Unknown,
            Code::HostedIssuerUnknown,
        ),
        Case::new(
            "hosted: a profile that is another",
            assertion(),
            State::Unknown,
            IssuerKey,
            Code::HostedIssuerUnknown,
        )
        .world(world().with_hosted(PROFILE, &moved(profile(), "https://badges.example/other"))),
    ]
}

fn refused() -> Vec<Case> {
    use CheckId::{Context, Proof, Shape};
    let altered = |name: &'static str, member: &str, value: Value| {
        Case::new(name, with(assertion(), member, value), State::Altered, Proof, Code::HostedDiffers).world(world())
    };
    let shape = |name: &'static str, member: &str, value: Value| {
        Case::new(name, with(assertion(), member, value), State::Altered, Shape, Code::ShapeUnexpected).world(world())
    };
    let kind = |name: &'static str, member: &str, value: Value| {
        Case::new(name, with(assertion(), member, value), State::Unknown, Shape, Code::KindUnknown).world(world())
    };
    let recipient = |member: &str| with(assertion()["recipient"].clone(), member, Value::Null);
    let undated = with(assertion(), "issuedOn", json!("2026-01-01"));
    let other_id = World::default().with_hosted(ASSERTION, &with(assertion(), "id", json!("https://badges.example/8")));
    vec![
        altered(
            "hosted: another recipient written in",
            "recipient",
            json!({"type": "email", "hashed": false, "identity": "b@example.com"}),
        ),
        altered("hosted: another badge written in", "badge", json!("https://badges.example/classes/mastery")),
        altered(
            "hosted: another badge held inside",
            "badge",
            json!({"id": "https://badges.example/classes/mastery", "type": "BadgeClass"}),
        ),
        altered("hosted: another day written in", "issuedOn", json!("2025-01-01T00:00:00Z")),
        altered("hosted: a longer life written in", "expires", json!("2037-01-01T00:00:00Z")),
        altered("hosted: a narrative written in", "narrative", json!("The best of all")),
        shape("hosted: no recipient", "recipient", Value::Null),
        shape("hosted: a recipient without identity", "recipient", recipient("identity")),
        shape("hosted: a recipient without type", "recipient", recipient("type")),
        shape("hosted: hashed or not is not said", "recipient", recipient("hashed")),
        shape("hosted: no day", "issuedOn", Value::Null),
        shape("hosted: no badge", "badge", Value::Null),
        shape("hosted: no verification", "verification", Value::Null),
        shape("hosted: no address", "id", json!("urn:uuid:58172aac-d8ba-41ed-83dd-0b3aef56cc33")),
        shape("hosted: an address with a user in it", "id", json!("https://badges.example@evil.example/7")),
        shape("hosted: an address with a backslash", "id", json!("https://badges.example\\@evil.example/7")),
        kind(
            "hosted: a signed assertion",
            "verification",
            json!({"type": "signed", "creator": "https://badges.example/key"}),
        ),
        kind("hosted: a badge class in place of an assertion", "type", json!("BadgeClass")),
        Case::new("hosted: a copy that is another", assertion(), State::Unknown, Proof, Code::HostedUnusable)
            .world(other_id),
        Case::new("hosted: a day that is no moment", &undated, State::Unknown, Shape, Code::NotMapped).world(hosting(
            &undated,
            &class(),
            &profile(),
        )),
        Case::new(
            "hosted: another vocabulary",
            with(assertion(), "@context", json!("https://w3id.org/openbadges/v1")),
            State::Unknown,
            Context,
            Code::ContextUnknown,
        ),
    ]
}
