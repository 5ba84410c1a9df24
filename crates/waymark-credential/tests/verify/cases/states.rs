//! Each state, and what does and does not change it.

use serde_json::json;
use waymark_credential::verify::{CheckId, Code, OwnRecord, Policy, RecipientAsked, State, TrustedIssuer};

use super::Case;
use crate::made::{INDEX, Party, World, credential, guild, own};

/// The guild with an empty list that lasts until then.
fn fresh_until(end: &str) -> World {
    let guild = guild();
    let mut list = crate::made::list(&guild, &[]);
    list["validUntil"] = json!(end);
    World::of_guild(&[]).with_list(&guild.embed(&list))
}

fn asking(name: &str, email: Option<&str>) -> Policy {
    let recipient = Some(RecipientAsked { name: Some(name.into()), email: email.map(Into::into) });
    Policy { recipient, ..Policy::product() }
}

pub fn cases() -> Vec<Case> {
    use CheckId::{IssuerIdentity, IssuerKey, Proof, Recipient, Shape, Status, Validity};
    let guild = guild();
    let key = Party::of_key(2);
    let signed = guild.embed(&credential(&guild));
    let with = |changes: &[(&str, Option<serde_json::Value>)]| {
        let mut document = credential(&guild);
        for (name, value) in changes {
            match value {
                Some(value) => document[*name] = value.clone(),
                None => drop(document.as_object_mut().unwrap().remove(*name)),
            }
        }
        guild.embed(&document)
    };
    let endless = with(&[("validUntil", None)]);
    let without_status = with(&[("credentialStatus", None)]);
    let mut by_key = credential(&key);
    by_key.as_object_mut().unwrap().remove("credentialStatus");
    let trusting = TrustedIssuer { id: guild.id.clone(), name: "Example Guild".into(), ..TrustedIssuer::default() };
    let revoked = World::of_guild(&[INDEX]);
    vec![
        Case::new("valid, issuer on the web", &signed, State::Valid, Validity, Code::InForce),
        Case::new("valid, did:key without status", key.embed(&by_key), State::Valid, Status, Code::StatusNotDeclared),
        Case::new("valid without an end", &endless, State::Valid, Validity, Code::InForce)
            .at("2090-01-01T00:00:00Z")
            .world(fresh_until("2090-01-01T06:00:00Z")),
        Case::new("valid until the last second", &signed, State::Valid, Validity, Code::InForce)
            .at("2027-01-01T00:00:00Z")
            .world(fresh_until("2027-01-01T06:00:00Z")),
        Case::new("expired a second later", &signed, State::Expired, Validity, Code::Expired)
            .at("2027-01-01T00:00:01Z")
            .world(fresh_until("2027-01-01T06:00:00Z")),
        Case::new(
            "expired",
            with(&[("validUntil", Some(json!("2026-05-31T23:59:59Z")))]),
            State::Expired,
            Validity,
            Code::Expired,
        ),
        Case::new(
            "not yet valid",
            with(&[("validFrom", Some(json!("2026-06-01T00:00:01Z")))]),
            State::NotYetValid,
            Validity,
            Code::NotYetValid,
        ),
        Case::new(
            "expiry in another time zone",
            with(&[("validUntil", Some(json!("2026-06-01T08:59:59+09:00")))]),
            State::Expired,
            Validity,
            Code::Expired,
        ),
        Case::new(
            "proof expired",
            guild.embed_as(&credential(&guild), &json!({"expires": "2026-06-01T00:00:00Z"})),
            State::Expired,
            Validity,
            Code::ProofExpired,
        ),
        Case::new("revoked", &signed, State::Revoked, Status, Code::RevokedByList).world(revoked.clone()),
        Case::new(
            "revoked and expired is revoked",
            with(&[("validUntil", Some(json!("2026-05-01T00:00:00Z")))]),
            State::Revoked,
            Status,
            Code::RevokedByList,
        )
        .world(revoked.clone()),
        Case::new("a neighbour's bit is not ours", &signed, State::Valid, Status, Code::StatusClear)
            .world(World::of_guild(&[INDEX - 1, INDEX + 1, 0])),
        Case::new("ours, revoked in our records", &signed, State::Revoked, Status, Code::Revoked)
            .policy(own())
            .world(revoked.clone().with_record(OwnRecord::Revoked)),
        Case::new("ours, revoked before the list says so", &signed, State::Revoked, Status, Code::Revoked)
            .policy(own())
            .world(World::of_guild(&[]).with_record(OwnRecord::Revoked)),
        Case::new("ours, suspended in our records", &signed, State::Suspended, Status, Code::Suspended)
            .policy(own())
            .world(revoked.clone().with_record(OwnRecord::Suspended)),
        Case::new("ours, live, but this copy's bit is set", &signed, State::Revoked, Status, Code::RevokedByList)
            .policy(own())
            .world(revoked.clone().with_record(OwnRecord::Live)),
        Case::new("ours and live", &signed, State::Valid, Status, Code::StatusClear)
            .policy(own())
            .world(World::of_guild(&[]).with_record(OwnRecord::Live)),
        Case::new("ours without status", &without_status, State::Altered, Shape, Code::StatusMissing).policy(own()),
        Case::new("a foreign issuer without status", &without_status, State::Valid, Status, Code::StatusNotDeclared),
        Case::new("a trusted issuer", &signed, State::Valid, IssuerIdentity, Code::IssuerTrusted)
            .policy(Policy { trusted_issuers: vec![trusting], ..Policy::product() }),
        Case::new("an unlisted issuer changes nothing", &signed, State::Valid, IssuerIdentity, Code::IssuerNotListed),
        Case::new("the recipient asked for", &signed, State::Valid, Recipient, Code::RecipientMatches)
            .policy(asking("山田太郎", None)),
        Case::new("another recipient changes no state", &signed, State::Valid, Recipient, Code::RecipientDiffers)
            .policy(asking("山田花子", None)),
        Case::new("an e-mail that is not stated", &signed, State::Valid, Recipient, Code::RecipientNotStated)
            .policy(asking("山田太郎", Some("taro@example.org"))),
        Case::new("no recipient asked", &signed, State::Valid, Recipient, Code::RecipientNotAsked),
        Case::new(
            "the conformance key stands for nothing",
            key.embed(&by_key),
            State::Altered,
            IssuerKey,
            Code::ConformanceKey,
        )
        .policy(Policy { conformance_issuers: vec![key.id.clone()], ..Policy::product() }),
        Case::new("unsigned", credential(&guild), State::Altered, Proof, Code::ProofMissing),
        Case::new("keys unreachable", &signed, State::Unknown, IssuerKey, Code::KeyUnreachable).world(World::default()),
    ]
}
