//! Sealed key files: without the passphrase everything but issuing goes on, and nobody ever sees it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use serde_json::json;
use waymark::actor::Actor;
use waymark::issuer;
use waymark::operations;
use waymark::web::i18n::{Locale, Words};
use waymark::{credentials, signing};

use super::Guild;
use super::rotation::fetch;
use crate::support::{Store, TestApp, on_both};

on_both!(a_sealed_start_verifies_and_does_not_issue, plain_files_are_sealed_where_they_stand);

const SECRET: &str = "correct horse battery staple";

/// A guild whose passphrase stands in a file beside its data.
async fn guarded(store: Store) -> (Guild, PathBuf) {
    let test = TestApp::start_with(store, |config| {
        config.base_url = "https://guild.example".parse().expect("a URL");
        config.keys.sealing_cost = Some((4, 8, 1));
        config.keys.passphrase_file = config.data_dir.join("passphrase");
    })
    .await;
    let file = test.app.config.keys.passphrase_file.clone();
    (Guild::in_app(test).await, file)
}

fn beginnings(guild: &Guild) -> Vec<String> {
    let files = fs::read_dir(guild.test.app.config.keys_dir()).expect("there");
    let mut found: Vec<String> = files
        .map(|file| {
            let path = file.expect("readable").path();
            assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o7777, 0o600);
            fs::read_to_string(path).expect("text").lines().next().expect("a line").to_owned()
        })
        .collect();
    found.sort();
    found
}

const SEALED: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
const PLAIN: &str = "-----BEGIN PRIVATE KEY-----";

async fn findings(guild: &Guild, language: Locale) -> (String, String) {
    let findings = operations::examine(&guild.test.app, Words::new(language)).await;
    let keys = findings.into_iter().find(|finding| finding.check == "keys").expect("looked at");
    (keys.text, keys.fix)
}

async fn a_sealed_start_verifies_and_does_not_issue(store: Store) {
    let (guild, file) = guarded(store).await;
    fs::write(&file, format!("{SECRET}\n")).expect("written");
    issuer::generate_keys(&guild.test.app, Actor::Operator).await.expect("made");
    assert_eq!(beginnings(&guild), [SEALED, SEALED]);
    let known = guild.released("hikari@members.example").await;
    let json = guild.signed(&known).await.0;
    assert_eq!(guild.judges(&json).await.0, "valid", "and its list is signed");
    assert_eq!(fetch(&guild, "/readyz").await, json!({"status": "ready", "issuing": "on"}));

    // Started anew, as a machine that comes up by itself: the passphrase is not there.
    for (given, text, ja) in [
        (None, "no passphrase was given", "LoadCredentialEncrypted"),
        (Some("another passphrase"), "does not open", "パスフレーズを渡して"),
    ] {
        match given {
            None => fs::remove_file(&file).expect("removed"),
            Some(wrong) => fs::write(&file, wrong).expect("written"),
        }
        guild.test.app.keyring.clear();
        assert_eq!(fetch(&guild, "/readyz").await, json!({"status": "verifies_only", "issuing": "sealed"}));
        assert_eq!(guild.judges(&json).await.0, "valid");
        let body = json!({"track": "foundations", "recipient": {"name": "Aoi", "email": "aoi@members.example"}});
        let (status, refused) = guild.post(&guild.admin().await, "/api/v1/credentials", Some("x"), &body).await;
        assert_eq!((status, &refused["code"]), (503, &json!("issuing_off")));
        let why = issuer::keyring(&guild.test.app).await.expect_err("sealed");
        assert!(why.to_string().contains(text), "{why}");
        let told = format!("{why} {why:?} {refused} {:?}", guild.test.app.config);
        assert!(!told.contains("horse") && !told.contains("another passphrase"), "{told}");
        let (found, fix) = findings(&guild, Locale::En).await;
        assert!(found.contains(text) && fix.contains("passphrase"), "{found} {fix}");
        let (_, fix) = findings(&guild, Locale::Ja).await;
        assert!(fix.contains(ja), "{fix}");
    }

    // It is put there while the server runs, and what waited goes out.
    let waiting = guild.award(guild.member("aoi@members.example", Locale::En).await).await;
    fs::write(&file, SECRET).expect("written");
    assert!(credentials::release(&guild.test.app, waiting).await.expect("released, without a restart"));
    assert_eq!(fetch(&guild, "/readyz").await, json!({"status": "ready", "issuing": "on"}));
}

async fn plain_files_are_sealed_where_they_stand(store: Store) {
    let (guild, file) = guarded(store).await;
    let app = &guild.test.app;
    issuer::generate_keys(app, Actor::Operator).await.expect("made");
    assert_eq!(beginnings(&guild), [PLAIN, PLAIN]);
    let conformance = issuer::conformance_key(app).await.expect("made");
    for missing in [None, Some("too short")] {
        if let Some(short) = missing {
            fs::write(&file, short).expect("written");
        }
        let refused = issuer::encrypt_keys(app, Actor::Operator).await.expect_err("nothing to seal with");
        assert!(refused.faults()[0].detail.contains("12 characters"), "{refused}");
    }
    fs::write(&file, SECRET).expect("written");
    // What a crash left of an earlier try is in nobody's way.
    let folder = app.config.keys_dir();
    let first = fs::read_dir(&folder).expect("there").next().expect("a file").expect("readable").path();
    fs::write(first.with_extension("pem.new"), "half").expect("written");
    fs::set_permissions(first.with_extension("pem.new"), Permissions::from_mode(0o600)).expect("set");
    assert_eq!(issuer::encrypt_keys(app, Actor::Operator).await.expect("sealed").len(), 2);
    let _ = fs::remove_file(first.with_extension("pem.new"));
    assert_eq!(beginnings(&guild), [SEALED, SEALED, PLAIN], "what signs for conformance suites stands for nothing");
    assert_eq!(conformance.purpose.as_str(), "conformance");
    assert!(issuer::encrypt_keys(app, Actor::Operator).await.expect("again").is_empty());
    assert_eq!(guild.test.audit_actions().await.iter().filter(|action| *action == "key.encrypt").count(), 1);
    assert!(guild.released("hikari@members.example").await.is_released());

    // The next key is sealed from the start, and a sealed file that lost its name is found all the same.
    issuer::rotate_key(app, Actor::Operator, signing::Purpose::Credential).await.expect("rotated");
    assert_eq!(beginnings(&guild), [SEALED, SEALED, SEALED, PLAIN]);
    let named = fs::read_dir(&folder).expect("there").map(|entry| entry.expect("readable").path());
    for (at, path) in named.enumerate() {
        fs::rename(&path, folder.join(format!("renamed-{at}.pem"))).expect("renamed");
    }
    app.keyring.clear();
    assert!(guild.released("aoi@members.example").await.is_released());
}
