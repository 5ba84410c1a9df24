//! One key takes the place of another: what the old one signed holds, what waits is signed by the new one, and every process sees it at once.

use std::sync::Arc;

use serde_json::{Value, json};
use time::Duration;
use waymark::actor::Actor;
use waymark::app::App;
use waymark::credentials;
use waymark::database::{Database, audit};
use waymark::entropy::SeededEntropy;
use waymark::error::Code;
use waymark::issuer::{self, IssuerKey, KeyState};
use waymark::signing::Purpose;
use waymark::web::i18n::Locale;
use waymark_credential::verify::{CheckId, State};

use super::Guild;
use crate::support::{Store, on_both};

on_both!(
    what_was_signed_before_a_rotation_goes_on_being_valid,
    what_waits_for_a_key_that_is_given_up_is_signed_by_the_next,
    a_rotated_list_key_leaves_no_list_behind,
    two_processes_see_each_others_rotations,
    a_key_retired_without_a_successor_stops_issuing_until_there_is_one,
    under_did_key_no_key_can_be_exchanged
);

pub(super) async fn fetch(guild: &Guild, path: &str) -> Value {
    let answer = guild.test.http.get(guild.test.url(path)).send().await.expect("answered");
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.expect("JSON")
}

pub(super) fn signer_of(json: &str) -> String {
    let document: Value = serde_json::from_str(json).expect("JSON");
    let method = document["proof"][0]["verificationMethod"].as_str().expect("a method").to_owned();
    method.split_once('#').expect("a fragment").1.to_owned()
}

async fn rotate(guild: &Guild, purpose: Purpose) -> issuer::Rotated {
    guild.test.clock.advance(Duration::seconds(2));
    let rotated = issuer::rotate_key(&guild.test.app, Actor::Operator, purpose).await.expect("rotated");
    guild.test.clock.advance(Duration::seconds(2));
    rotated
}

fn methods<'d>(document: &'d Value, key: &IssuerKey) -> Vec<&'d Value> {
    let own = |method: &&Value| {
        let id = method["id"].as_str().expect("an id");
        id.ends_with(&key.multikey()) || id.ends_with(&key.kid)
    };
    document["verificationMethod"].as_array().expect("methods").iter().filter(own).collect()
}

async fn what_was_signed_before_a_rotation_goes_on_being_valid(store: Store) {
    let guild = Guild::on_the_web(store).await;
    let first = guild.released("hikari@members.example").await;
    let rows = audit::recent(guild.test.app.db.read(), None, 100).await.expect("read").len();
    let rotated = rotate(&guild, Purpose::Credential).await;
    let second = guild.released("aoi@members.example").await;

    let entries = audit::recent(guild.test.app.db.read(), None, 100).await.expect("read");
    let told: Vec<&str> = entries[..entries.len() - rows].iter().map(|row| row.action.as_str()).collect();
    assert_eq!(told, ["credential.award", "key.rotate"], "one change, one row");
    let keys = issuer::keys(guild.test.app.db.read()).await.expect("read");
    let states: Vec<_> = keys.iter().filter(|k| k.purpose == Purpose::Credential).map(|k| (k.state, &k.kid)).collect();
    assert_eq!(states, [(KeyState::Retired, &rotated.old.kid), (KeyState::Active, &rotated.new.kid)]);

    let (old, old_jwt) = guild.signed(&first).await;
    let (new, new_jwt) = guild.signed(&second).await;
    assert_eq!((signer_of(&old), signer_of(&new)), (rotated.old.multikey(), rotated.new.multikey()));
    for (signed, own, others) in [
        (&old, "key_expired_but_recorded", "key_signed_before"),
        (&old_jwt, "key_expired_but_recorded", "key_signed_before"),
        (&new, "key_of_issuer", "key_of_issuer"),
        (&new_jwt, "key_of_issuer", "key_of_issuer"),
    ] {
        assert_eq!(guild.judges(signed).await, ("valid".to_owned(), own.to_owned()));
        let report = guild.by_the_documents(signed).await;
        assert_eq!(report.check(CheckId::IssuerKey).detail.code.as_str(), others);
        assert_eq!(report.state(), State::Valid, "{:?}", report.checks());
    }

    let did = fetch(&guild, "/.well-known/did.json").await;
    let asserts = did["assertionMethod"].as_array().expect("methods");
    assert_eq!(methods(&did, &rotated.old).len(), 2);
    for method in methods(&did, &rotated.old) {
        assert_eq!(method["expires"], "2026-11-21T09:00:03Z", "whoever signed in its last second signed before");
        assert!(method.get("revoked").is_none() && asserts.contains(&method["id"]));
    }
    assert!(methods(&did, &rotated.new).iter().all(|method| method.get("expires").is_none()));
    let jwks = fetch(&guild, "/.well-known/jwks.json").await;
    let ends: Vec<_> = jwks["keys"].as_array().expect("keys").iter().map(|jwk| (&jwk["kid"], &jwk["exp"])).collect();
    let retired_at = rotated.old.retired_at.expect("retired").unix_timestamp();
    assert_eq!(ends.len(), 3);
    assert!(ends.contains(&(&json!(rotated.old.kid), &json!(retired_at))));
    assert!(ends.contains(&(&json!(rotated.new.kid), &Value::Null)));
    assert_eq!(fetch(&guild, &format!("/keys/{}", rotated.old.kid)).await["exp"], json!(retired_at));
    let damage = credentials::examine(&guild.test.app).await.expect("read").damage;
    assert!(damage.is_empty(), "{damage:?}");
}

async fn what_waits_for_a_key_that_is_given_up_is_signed_by_the_next(store: Store) {
    let guild = Guild::on_the_web(store).await;
    let waiting = guild.award(guild.member("hikari@members.example", Locale::Ja).await).await;
    let key = issuer::active_key(guild.test.app.db.read(), Purpose::Credential).await.expect("one");
    assert_eq!(issuer::resting_on(guild.test.app.db.read(), &key).await.expect("read").waiting, 1);
    let rotated = rotate(&guild, Purpose::Credential).await;
    guild.test.settle().await;
    let known = guild.credential(waiting).await;
    assert!(known.is_released());
    let (json, jwt) = guild.signed(&known).await;
    assert_eq!(signer_of(&json), rotated.new.multikey());
    let document: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(document["validFrom"], "2026-11-21T09:00:04Z", "dated by when it was written down anew");
    assert_eq!(document["id"], known.uuid);
    for signed in [&json, &jwt] {
        assert_eq!(guild.judges(signed).await.0, "valid");
        assert_eq!(guild.by_the_documents(signed).await.state(), State::Valid);
    }
    assert_eq!(guild.test.audit_actions().await.last().map(String::as_str), Some("credential.intend_anew"));
    assert!(!credentials::release(&guild.test.app, waiting).await.expect("nothing is left to do"));
    let damage = credentials::examine(&guild.test.app).await.expect("read").damage;
    assert!(damage.is_empty(), "{damage:?}");
}

async fn list_of(guild: &Guild, json: &str) -> String {
    let document: Value = serde_json::from_str(json).expect("JSON");
    let list = document["credentialStatus"]["statusListCredential"].as_str().expect("a list");
    fetch(guild, list.strip_prefix("https://guild.example").expect("ours")).await.to_string()
}

async fn a_rotated_list_key_leaves_no_list_behind(store: Store) {
    let guild = Guild::on_the_web(store).await;
    let known = guild.released("hikari@members.example").await;
    let (json, _) = guild.signed(&known).await;
    let before = list_of(&guild, &json).await;
    let rotated = rotate(&guild, Purpose::StatusList).await;
    assert_eq!(signer_of(&before), rotated.old.multikey());
    assert_eq!(guild.by_the_documents(&json).await.state(), State::Valid, "what it signed holds while it is fresh");
    guild.test.settle().await;
    assert_eq!(signer_of(&list_of(&guild, &json).await), rotated.new.multikey());
    assert_eq!(guild.by_the_documents(&json).await.state(), State::Valid);
    assert_eq!(guild.judges(&json).await, ("valid".to_owned(), "key_of_issuer".to_owned()));
}

/// A further process on the same store and the same key folder.
async fn beside(guild: &Guild) -> App {
    let app = &guild.test.app;
    let entropy = Arc::new(SeededEntropy::new(b"beside"));
    let db = Database::open(&app.config.database_url(), guild.test.clock.clone(), entropy).await.expect("opens");
    App::new(db, app.config.clone()).expect("an app")
}

async fn two_processes_see_each_others_rotations(store: Store) {
    let guild = Guild::on_the_web(store).await;
    let other = beside(&guild).await;
    issuer::keyring(&other).await.expect("opened before the rotation");
    let rotated = rotate(&guild, Purpose::Credential).await;
    let id = guild.award(guild.member("hikari@members.example", Locale::En).await).await;
    assert!(credentials::release(&other, id).await.expect("signed by the other process"));
    assert_eq!(signer_of(&guild.signed(&guild.credential(id).await).await.0), rotated.new.multikey());

    let back = issuer::rotate_key(&other, Actor::Operator, Purpose::Credential).await.expect("rotated over there");
    assert_eq!(back.old.kid, rotated.new.kid);
    assert_eq!(guild.judges(&guild.signed(&guild.credential(id).await).await.0).await.0, "valid");
    let second = guild.released("aoi@members.example").await;
    assert_eq!(signer_of(&guild.signed(&second).await.0), back.new.multikey());

    let stale = rotated.new;
    let refused = issuer::retire_key(&guild.test.app, Actor::Operator, &stale).await.expect_err("retired meanwhile");
    assert!(refused.to_string().contains("changed by somebody else"), "{refused}");
    other.db.close().await;
}

async fn a_key_retired_without_a_successor_stops_issuing_until_there_is_one(store: Store) {
    let guild = Guild::on_the_web(store).await;
    let known = guild.released("hikari@members.example").await;
    let waiting = guild.award(guild.member("aoi@members.example", Locale::En).await).await;
    let key = issuer::active_key(guild.test.app.db.read(), Purpose::Credential).await.expect("one");
    guild.test.clock.advance(Duration::seconds(2));
    issuer::retire_key(&guild.test.app, Actor::Operator, &key).await.expect("retired");
    guild.test.clock.advance(Duration::seconds(2));
    guild.test.settle().await;
    assert!(!guild.credential(waiting).await.is_released());
    let body = json!({"track": "foundations", "recipient": {"name": "Ren", "email": "ren@members.example"}});
    let (status, refused) = guild.post(&guild.admin().await, "/api/v1/credentials", Some("x"), &body).await;
    assert_eq!((status, &refused["code"]), (503, &json!("issuing_off")));
    assert_eq!(guild.judges(&guild.signed(&known).await.0).await.0, "valid", "verification goes on");
    assert_eq!(fetch(&guild, "/readyz").await, json!({"status": "verifies_only", "issuing": "off"}));

    issuer::generate_keys(&guild.test.app, Actor::Operator).await.expect("made");
    assert!(credentials::release(&guild.test.app, waiting).await.expect("released by the new key"));
    assert_eq!(fetch(&guild, "/readyz").await, json!({"status": "ready", "issuing": "on"}));
    let already = issuer::find_key(guild.test.app.db.read(), &key.kid).await.expect("there");
    let refused = issuer::retire_key(&guild.test.app, Actor::Operator, &already).await.expect_err("once is enough");
    assert!(refused.to_string().contains("retired already"), "{refused}");
}

async fn under_did_key_no_key_can_be_exchanged(store: Store) {
    let guild = Guild::start(store).await;
    let app = &guild.test.app;
    let key = issuer::active_key(app.db.read(), Purpose::Credential).await.expect("one");
    let rows = guild.test.audit_actions().await.len();
    let rotated = issuer::rotate_key(app, Actor::Operator, Purpose::Credential).await.map(drop);
    let retired = issuer::retire_key(app, Actor::Operator, &key).await.map(drop);
    let compromised = issuer::compromise_key(app, Actor::Operator, &key, app.db.now(), "lost").await.map(drop);
    for refused in [rotated, retired, compromised] {
        let refused = refused.expect_err("refused");
        assert!(refused.to_string().contains("WAYMARK_ISSUER__DID_METHOD=web"), "{refused}");
        assert_eq!(waymark::error::Error::from(refused).code(), Code::Conflict);
    }
    assert_eq!(guild.test.audit_actions().await.len(), rows);
    assert_eq!(issuer::keys(app.db.read()).await.expect("read"), [key]);
}
