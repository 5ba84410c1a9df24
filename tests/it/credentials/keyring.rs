//! The key folder: what is refused, why, and that everything but issuing goes on.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::json;
use waymark::actor::Actor;
use waymark::error::Code;
use waymark::issuer::{self, KeyState};
use waymark::web::i18n::Locale;
use waymark::{credentials, signing};

use super::Guild;
use crate::support::{Store, TestApp, on_both};

on_both!(
    without_a_key_nothing_is_issued_and_the_reason_is_named,
    a_folder_that_others_can_read_is_refused,
    a_lost_swapped_or_damaged_key_file_stops_issuing_only,
    the_sample_key_is_refused,
    a_second_key_for_a_purpose_is_a_conflict,
    a_key_signs_for_its_own_purpose_only
);

async fn why(guild: &Guild) -> String {
    guild.test.app.keyring.clear();
    match issuer::keyring(&guild.test.app).await {
        Ok(_) => "open".to_owned(),
        Err(e) => e.to_string(),
    }
}

fn key_file(guild: &Guild) -> PathBuf {
    let folder = guild.test.app.config.keys_dir();
    let mut files: Vec<PathBuf> = fs::read_dir(folder).expect("there").map(|e| e.expect("readable").path()).collect();
    assert_eq!(files.len(), 1);
    files.remove(0)
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("set");
}

async fn without_a_key_nothing_is_issued_and_the_reason_is_named(store: Store) {
    let guild = Guild::without_key(store).await;
    assert!(why(&guild).await.contains("waymark key generate"));
    let body = json!({"track": "foundations", "recipient": {"name": "Aoi", "email": "aoi@members.example"}});
    let (status, refused) = guild.post(&guild.admin().await, "/api/v1/credentials", Some("x"), &body).await;
    assert_eq!((status, &refused["code"]), (503, &json!("issuing_off")));
    assert_eq!(
        guild.test.http.get(guild.test.url("/.well-known/did.json")).send().await.expect("answered").status(),
        404
    );
    let jwks: serde_json::Value = guild
        .test
        .http
        .get(guild.test.url("/.well-known/jwks.json"))
        .send()
        .await
        .expect("answered")
        .json()
        .await
        .expect("JSON");
    assert_eq!(jwks, json!({"keys": []}));
    issuer::generate_keys(&guild.test.app, Actor::Operator).await.expect("made");
    assert_eq!(
        guild.post(&guild.admin().await, "/api/v1/credentials", Some("x"), &body).await.0,
        201,
        "no restart is needed"
    );
}

async fn a_folder_that_others_can_read_is_refused(store: Store) {
    let guild = Guild::start(store).await;
    let (folder, file) = (guild.test.app.config.keys_dir(), key_file(&guild));
    assert_eq!(fs::metadata(&folder).expect("there").permissions().mode() & 0o7777, 0o700);
    assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o7777, 0o600);
    assert!(fs::read_to_string(&file).expect("text").starts_with("-----BEGIN PRIVATE KEY-----"));
    assert_eq!(why(&guild).await, "open");
    mode(&file, 0o640);
    let said = why(&guild).await;
    assert!(said.contains(&format!("chmod 600 {}", file.display())) && said.contains("0640"), "{said}");
    mode(&file, 0o600);
    mode(&folder, 0o755);
    let said = why(&guild).await;
    assert!(said.contains(&format!("chmod 700 {}", folder.display())), "{said}");
    mode(&folder, 0o700);
    assert_eq!(why(&guild).await, "open");
}

async fn a_lost_swapped_or_damaged_key_file_stops_issuing_only(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let file = key_file(&guild);
    let good = fs::read(&file).expect("read");
    let other = tempfile::tempdir().expect("a folder");
    mode(other.path(), 0o700);
    let (_, foreign) =
        signing::generate(other.path(), "foreign", guild.test.app.db.entropy.as_ref(), None).expect("made");
    let foreign = fs::read(foreign).expect("read");
    for (bytes, said) in [
        (Some(foreign), "private half"),
        (Some(b"-----BEGIN PRIVATE KEY-----\n".to_vec()), "PKCS#8"),
        (Some(vec![0; 9000]), "small file"),
        (None, "private half"),
    ] {
        match bytes {
            Some(bytes) => fs::write(&file, bytes).expect("written"),
            None => fs::remove_file(&file).expect("removed"),
        }
        let reason = why(&guild).await;
        assert!(reason.contains(said), "{reason}");
        assert!(guild.signed(&known).await.0.contains("proofValue"), "what is signed is still served");
        let waiting = guild.award(guild.member("aoi@members.example", Locale::En).await).await;
        let refused = credentials::release(&guild.test.app, waiting).await.expect_err("no key");
        assert_eq!(refused.code(), Code::IssuingOff);
        guild.test.settle().await;
    }
    for at in 0..good.len() {
        let mut damaged = good.clone();
        damaged[at] ^= 1;
        fs::write(&file, &damaged).expect("written");
        mode(&file, 0o600);
        let reason = why(&guild).await;
        // A flip in the line breaks or the last bits of base64 may leave the very same key.
        assert!(reason == "open" || reason.contains(".pem") || reason.contains("private half"), "byte {at}: {reason}");
    }
    fs::write(&file, &good).expect("written");
    mode(&file, 0o600);
    assert_eq!(why(&guild).await, "open");
    guild.test.clock.advance(time::Duration::minutes(1));
    assert_eq!(
        credentials::resume(&guild.test.app).await.expect("resumes"),
        1,
        "what waited is released once the key is back"
    );
}

async fn the_sample_key_is_refused(store: Store) {
    let guild = Guild::start(store).await;
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("keys.example/sample.pem");
    let copy = guild.test.app.config.keys_dir().join("copied.pem");
    fs::copy(&sample, &copy).expect("copied");
    mode(&copy, 0o600);
    let said = why(&guild).await;
    assert!(said.contains("sample key") && said.contains("copied.pem"), "{said}");
}

async fn a_second_key_for_a_purpose_is_a_conflict(store: Store) {
    let guild = Guild::start(store).await;
    let again = issuer::generate_keys(&guild.test.app, Actor::Operator).await.expect_err("there is one");
    assert_eq!(again.code(), Code::Conflict);
    let keys = issuer::keys(guild.test.app.db.read()).await.expect("read");
    assert_eq!(keys.len(), 1);
    assert_eq!(keys[0].state, KeyState::Active);
    assert_eq!(fs::read_dir(guild.test.app.config.keys_dir()).expect("there").count(), 1, "and no file is left behind");
}

async fn a_key_signs_for_its_own_purpose_only(store: Store) {
    let test =
        TestApp::start_with(store, |config| config.base_url = "https://guild.example".parse().expect("a URL")).await;
    let guild = Guild::in_app(test).await;
    let keys = issuer::generate_keys(&guild.test.app, Actor::Operator).await.expect("made");
    let id = guild.award(guild.member("hikari@members.example", Locale::En).await).await;
    let honest = guild.award(guild.member("aoi@members.example", Locale::En).await).await;
    guild.test.run_sql(&format!("UPDATE signing_intent SET key = '{}' WHERE subject = '{id}'", keys[1].id)).await;
    for intent in guild.test.texts(&format!("SELECT id FROM signing_intent WHERE subject = '{id}'")).await {
        let Err(refused) = issuer::seal(&guild.test.app, intent.parse().expect("an id")).await else {
            panic!("the key of lists signs no credential")
        };
        let refused = refused.to_string();
        assert!(refused.contains("not in the keyring for Credential"), "{refused}");
    }
    assert!(credentials::release(&guild.test.app, id).await.expect("released"), "written down anew for the right key");
    let signed = credentials::signed_json(guild.test.app.db.read(), &guild.credential(id).await).await.expect("signed");
    assert!(signed.contains(&keys[0].multikey()) && !signed.contains(&keys[1].multikey()), "{signed}");
    assert!(
        credentials::release(&guild.test.app, honest).await.expect("released"),
        "nothing was signed, so nothing stopped"
    );
}
