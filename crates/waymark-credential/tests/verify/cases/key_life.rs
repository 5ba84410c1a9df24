//! Keys that were retired, compromised, or are kept for something else: what their signatures are still good for.

use serde_json::{Value, json};
use waymark_credential::{
    did::PublishedKey,
    verify::{CheckId, Code, OwnRecord, Policy, State},
};

use super::Case;
use crate::made::{INDEX, World, at, credential, guild, list, lists_key, own};

const PAST: Option<&str> = Some("2026-03-01T00:00:00Z");
const FUTURE: Option<&str> = Some("2026-09-01T00:00:00Z");

/// The guild's key with these dates; its list is signed by a second, good key.
fn dated(expires: Option<&str>, revoked: Option<&str>) -> World {
    let guild = guild();
    let key = PublishedKey { expires: expires.map(at), revoked: revoked.map(at), ..guild.published() };
    World::of_guild(&[])
        .with_document(&guild, &guild.document(&[key, lists_key().published()]))
        .with_list(&lists_key().embed(&list(&lists_key(), &[])))
}

/// The guild's list, signed by its second key on these dates.
fn list_by_second(expires: Option<&str>, revoked: Option<&str>, set: &[u64]) -> World {
    let guild = guild();
    let key = PublishedKey { expires: expires.map(at), revoked: revoked.map(at), ..lists_key().published() };
    World::of_guild(&[])
        .with_document(&guild, &guild.document(&[guild.published(), key]))
        .with_list(&lists_key().embed(&list(&lists_key(), set)))
}

/// A revoked key that a document still lists for assertions, as others may write it.
fn still_asserting() -> World {
    let mut document = guild().document(&[lists_key().published()]);
    let revoked = guild().document(&[PublishedKey { revoked: PAST.map(at), ..guild().published() }]);
    for method in revoked["verificationMethod"].as_array().unwrap() {
        document["verificationMethod"].as_array_mut().unwrap().push(method.clone());
        document["assertionMethod"].as_array_mut().unwrap().push(method["id"].clone());
    }
    dated(None, PAST).with_document(&guild(), &document)
}

/// A key that is to be revoked later, and asserts until then.
fn revoked_later(asserting: bool) -> World {
    let mut document = guild().document(&[guild().published(), lists_key().published()]);
    for method in document["verificationMethod"].as_array_mut().unwrap() {
        method["revoked"] = json!(FUTURE);
    }
    if !asserting {
        document["assertionMethod"].as_array_mut().unwrap().drain(..2);
    }
    dated(None, None).with_document(&guild(), &document)
}

pub fn cases() -> Vec<Case> {
    [of_others(), at_another_server(), ours(), uses()].into_iter().flatten().collect()
}

/// What anybody sees who has the documents alone: the command line, the browser, another server.
fn of_others() -> Vec<Case> {
    use CheckId::{IssuerKey, Status};
    let guild = guild();
    let signed = guild.embed(&credential(&guild));
    let jwt = guild.jwt(&credential(&guild));
    let at_the_moment = guild.embed_as(&credential(&guild), &json!({"created": PAST}));
    let undated = guild.embed_as(&credential(&guild), &json!({"created": Value::Null}));
    let key = |name, input: &Value, state, code| Case::new(name, input, state, IssuerKey, code);
    let late_jwt = {
        let mut late = credential(&guild);
        late["validFrom"] = json!(PAST);
        guild.jwt(&late)
    };
    vec![
        key("a revoked key", &signed, State::Unknown, Code::KeyRevoked).world(dated(None, PAST)),
        key("a revoked key, still listed for assertions", &signed, State::Unknown, Code::KeyRevoked)
            .world(still_asserting()),
        key("a revoked key, dated after", &at_the_moment, State::Unknown, Code::KeyRevoked).world(dated(None, PAST)),
        key("a revoked key that was retired first", &signed, State::Unknown, Code::KeyRevoked).world(dated(PAST, PAST)),
        key("a key that will be revoked", &signed, State::Valid, Code::KeyOfIssuer).world(revoked_later(true)),
        key("a key that will be revoked and asserts nothing", &signed, State::Altered, Code::KeyNotForAssertions)
            .world(revoked_later(false)),
        key("a retired key, signed before", &signed, State::Valid, Code::KeySignedBefore).world(dated(PAST, None)),
        Case::new("a retired key, a JWT from before", &*jwt, State::Valid, IssuerKey, Code::KeySignedBefore)
            .world(dated(PAST, None)),
        key("a retired key, signed at that moment", &at_the_moment, State::Unknown, Code::KeyExpired)
            .world(dated(PAST, None)),
        Case::new("a retired key, a JWT of that moment", &*late_jwt, State::Unknown, IssuerKey, Code::KeyExpired)
            .world(dated(PAST, None)),
        key("a retired key, no date of signing", &undated, State::Unknown, Code::KeyExpired).world(dated(PAST, None)),
        key("a key that will be retired", &signed, State::Valid, Code::KeyOfIssuer).world(dated(FUTURE, None)),
        Case::new("a list by a retired key, signed before", &signed, State::Valid, Status, Code::StatusClear)
            .world(list_by_second(Some("2026-05-31T12:00:01Z"), None, &[])),
        Case::new("a list by a retired key that says revoked", &signed, State::Revoked, Status, Code::RevokedByList)
            .world(list_by_second(Some("2026-05-31T12:00:01Z"), None, &[INDEX])),
        Case::new("a list by a retired key, signed later", &signed, State::Unknown, Status, Code::ListNotProved)
            .world(list_by_second(PAST, None, &[])),
        Case::new("a list by a revoked key", &signed, State::Unknown, Status, Code::ListNotProved)
            .world(list_by_second(None, Some("2026-05-31T23:00:00Z"), &[])),
        Case::new("a list by a revoked key that says revoked", &signed, State::Unknown, Status, Code::ListNotProved)
            .world(list_by_second(None, PAST, &[INDEX])),
    ]
}

/// What a server sees that issues itself, and of whose records this is none.
fn at_another_server() -> Vec<Case> {
    let guild = guild();
    let signed = guild.embed(&credential(&guild));
    let elsewhere = || Policy { own_issuers: vec!["did:web:elsewhere.example".to_owned()], ..Policy::product() };
    let case =
        |name, input: &Value, state, code| Case::new(name, input, state, CheckId::IssuerKey, code).policy(elsewhere());
    vec![
        case("a stranger's revoked key, where records are kept", &signed, State::Altered, Code::KeyRevokedUnrecorded)
            .world(dated(None, PAST)),
        case("a stranger's retired key, where records are kept", &signed, State::Valid, Code::KeySignedBefore)
            .world(dated(PAST, None)),
    ]
}

/// What our own server sees: our intents decide, no date does.
fn ours() -> Vec<Case> {
    use CheckId::{IssuerKey, Status};
    let guild = guild();
    let signed = guild.embed(&credential(&guild));
    let text = signed.to_string();
    let jwt = guild.jwt(&credential(&guild));
    let forged = {
        let mut other = credential(&guild);
        other["credentialSubject"]["name"] = json!("悪井 太郎");
        other["credentialSubject"]["identifier"][0]["identityHash"] = json!("悪井 太郎");
        other
    };
    let (forgery, forged_jwt) = (guild.embed(&forged), guild.jwt(&forged));
    let twice = {
        let mut twice = signed.clone();
        let backdated = guild.embed_as(&credential(&guild), &json!({"created": "2026-01-02T00:00:00Z"}));
        twice["proof"].as_array_mut().unwrap().push(backdated["proof"][0].clone());
        twice
    };
    let compromised = || dated(None, PAST);
    let retired = || dated(PAST, None);
    let live = OwnRecord::Live;
    let case = |name, input: &Value, state, code| Case::new(name, input, state, IssuerKey, code).policy(own());
    let known = |world: World| world.with_record(live).with_intents(&[&text, &jwt]);
    vec![
        case("ours, by a revoked key, in our intents", &signed, State::Valid, Code::KeyRevokedButRecorded)
            .world(known(compromised())),
        Case::new(
            "ours, a JWT by a revoked key, in our intents",
            &*jwt,
            State::Valid,
            IssuerKey,
            Code::KeyRevokedButRecorded,
        )
        .policy(own())
        .world(known(compromised())),
        case(
            "ours, by a revoked key, the id of a live one and other bytes",
            &forgery,
            State::Altered,
            Code::NotInRecords,
        )
        .world(known(compromised())),
        Case::new(
            "ours, a JWT by a revoked key, other bytes",
            &*forged_jwt,
            State::Altered,
            IssuerKey,
            Code::NotInRecords,
        )
        .policy(own())
        .world(known(compromised())),
        case("ours, by a revoked key, a second proof of other bytes", &twice, State::Altered, Code::NotInRecords)
            .world(known(compromised())),
        case("ours, by a revoked key, intended and never released", &signed, State::Altered, Code::NotInRecords)
            .world(known(compromised()).with_record(OwnRecord::Absent)),
        case("ours, by a revoked key, records not asked", &signed, State::Unknown, Code::RecordNotSupplied)
            .world(compromised()),
        case("ours, by a revoked key, intents not asked", &signed, State::Unknown, Code::RecordNotSupplied)
            .world(compromised().with_record(live)),
        case("ours, by a revoked key, only the intents asked", &signed, State::Unknown, Code::RecordNotSupplied)
            .world(compromised().with_intents(&[&text])),
        Case::new("ours, by a revoked key, revoked since", &signed, State::Revoked, Status, Code::Revoked)
            .policy(own())
            .world(known(compromised()).with_record(OwnRecord::Revoked)),
        case("ours, by a retired key, in our intents", &signed, State::Valid, Code::KeyExpiredButRecorded)
            .world(known(retired())),
        case("ours, by a retired key, other bytes dated before", &forgery, State::Altered, Code::NotInRecords)
            .world(known(retired())),
        case("ours, by a retired key, not in our records", &signed, State::Altered, Code::NotInRecords)
            .world(retired().with_record(OwnRecord::Absent).with_intents(&[])),
        case("ours, by a good key, intents are not asked", &signed, State::Valid, Code::KeyOfIssuer)
            .world(World::of_guild(&[]).with_record(live)),
    ]
}

/// Keys kept apart by what they are used for, as only the issuer itself can tell.
fn uses() -> Vec<Case> {
    use CheckId::{IssuerKey, Status};
    let guild = guild();
    let signed = guild.embed(&credential(&guild));
    let by_lists_key = lists_key().embed(&credential(&guild));
    let both = || {
        World::of_guild(&[])
            .with_document(&guild, &guild.document(&[guild.published(), lists_key().published()]))
            .with_record(OwnRecord::Live)
    };
    let for_credentials_only = || {
        let mut policy = own();
        policy.own_keys[0].uses.truncate(1);
        policy
    };
    let unknown_key = || {
        let mut policy = own();
        policy.own_keys.clear();
        policy
    };
    vec![
        Case::new("ours, signed by the key of lists", &by_lists_key, State::Altered, IssuerKey, Code::KeyForOtherUse)
            .policy(own())
            .world(both()),
        Case::new("another's, whose uses nobody knows", &by_lists_key, State::Valid, IssuerKey, Code::KeyOfIssuer)
            .world(both()),
        Case::new("ours, by a key that we do not know", &signed, State::Altered, IssuerKey, Code::KeyForOtherUse)
            .policy(unknown_key())
            .world(both()),
        Case::new("ours, its list by the key of credentials", &signed, State::Unknown, Status, Code::ListNotProved)
            .policy(for_credentials_only())
            .world(both()),
        Case::new("ours, its list by the key of lists", &signed, State::Valid, Status, Code::StatusClear)
            .policy(for_credentials_only())
            .world(both().with_list(&lists_key().embed(&list(&lists_key(), &[])))),
    ]
}
