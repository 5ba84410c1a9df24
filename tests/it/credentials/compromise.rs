//! The key drill: somebody else has the key, and dates what they sign as they like. What we signed is told from what they did by our own intents,
//! and is issued anew, also where that is cut off half-way.

use std::sync::Arc;
use std::time::Instant;

use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use ed25519_dalek::{Signer as _, SigningKey};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use time::Duration;
use tokio::sync::Notify;
use waymark::actor::Actor;
use waymark::clock::Timestamp;
use waymark::credentials::{self, ReasonCode, Status};
use waymark::error::Code;
use waymark::issuer::{self, IssuerKey, KeyState};
use waymark::signing::{self, Purpose};
use waymark::web::i18n::Locale;
use waymark_credential::did::{WebDid, jwk_method, multikey_method};
use waymark_credential::key::{PublicKey, Signature};
use waymark_credential::model::{Credential, DateTime, OpenBadgeCredential};
use waymark_credential::proof::{Suite, prepare};
use waymark_credential::verify::{CheckId, Code as Finding, State};

use super::Guild;
use super::rotation::{fetch, signer_of};
use crate::support::{Store, TestApp, on_both};

on_both!(
    the_key_drill,
    a_list_by_a_compromised_key_proves_nothing_and_is_signed_anew_at_once,
    what_was_intended_and_never_released_is_not_ours,
    what_is_said_of_a_compromise_must_make_sense
);

/// The thief: the private half of a key, taken from its file.
struct Thief(SigningKey);

impl Thief {
    fn of(guild: &Guild, key: &IssuerKey) -> Self {
        let folder = guild.test.app.config.keys_dir();
        let found = std::fs::read_dir(folder).expect("there").find_map(|file| {
            let pem = std::fs::read_to_string(file.expect("readable").path()).expect("text");
            let private = SigningKey::from_pkcs8_pem(&pem).expect("a key");
            (private.verifying_key().to_bytes() == key.public).then_some(private)
        });
        Self(found.expect("the file of the key"))
    }

    /// Signs what is `like` an honest one in the name of somebody else, at whatever date.
    fn forge(&self, like: &str, id: Option<&str>, date: Timestamp, suite: Suite) -> String {
        let mut value: Value = serde_json::from_str(like).expect("JSON");
        value.as_object_mut().expect("an object").remove("proof");
        value["credentialSubject"]["name"] = json!("悪井 太郎");
        value["credentialSubject"]["identifier"][0]["identityHash"] = json!("悪井 太郎");
        value["awardedDate"] = json!(DateTime::seconds(date).as_str());
        if let Some(id) = id {
            value["id"] = json!(id);
        }
        let forged: OpenBadgeCredential = serde_json::from_value(value).expect("a credential");
        self.sign(OpenBadgeCredential { valid_from: DateTime::seconds(date), ..forged }, date, suite)
    }

    fn sign(&self, document: OpenBadgeCredential, date: Timestamp, suite: Suite) -> String {
        let did = WebDid::parse("did:web:guild.example").expect("a DID");
        let public = self.0.verifying_key().to_bytes();
        let method = match suite {
            Suite::VcJwt => jwk_method(&did, &public),
            _ => multikey_method(&did, &public),
        };
        let complete = Credential::new(document).expect("complete");
        let key = PublicKey::new(method, public).expect("a key");
        let bytes = prepare(&complete, suite, &key, date).expect("prepared");
        let signature = Signature(self.0.sign(&bytes.bytes).to_bytes());
        bytes.attach(signature).into_string()
    }
}

/// A third of 10,000 credentials in a long run: as many are issued before the theft, before the rotation and after it.
fn many() -> usize {
    if std::env::var_os("WAYMARK_LONG").is_some() {
        return 3_334;
    }
    eprintln!("36 credentials instead of 10,000: ./test --long issues them all");
    12
}

/// How much is under way at a time: changes that come together share a commit, and both processors have something to do.
const AT_A_TIME: usize = 16;

async fn issue(guild: &Guild, count: usize, prefix: &str) -> Vec<credentials::Credential> {
    let one = async |n: usize| guild.released(&format!("{prefix}{n}@members.example")).await;
    let mut issued: Vec<credentials::Credential> =
        stream::iter(0..count).map(one).buffer_unordered(AT_A_TIME).collect().await;
    issued.sort_by_key(|known| known.id);
    issued
}

/// Tells how long each part of a long run took; nothing is asserted of it.
struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "the time that a test takes is told and decides nothing")]
    fn start() -> Self {
        Self(Instant::now())
    }

    fn lap(&mut self, what: &str) {
        eprintln!("{what}: {} s", self.0.elapsed().as_secs());
        *self = Self::start();
    }
}

async fn compromise(guild: &Guild, key: &IssuerKey, at: Timestamp) -> issuer::Compromised {
    issuer::compromise_key(&guild.test.app, Actor::Operator, key, at, "a backup was lost").await.expect("written down")
}

async fn the_key_drill(store: Store) {
    let test = TestApp::start_with(store, |config| {
        config.base_url = "https://guild.example".parse().expect("a URL");
        // The clock stands still, and nothing would ever come back into the purse.
        config.limits.verifications_per_minute = 1_000_000;
    })
    .await;
    let guild = Guild::in_app(test).await;
    issuer::generate_keys(&guild.test.app, Actor::Operator).await.expect("keys are made");
    let (n, mut watch) = (many(), Stopwatch::start());
    let before = issue(&guild, n, "before").await;
    let stolen_at = guild.test.app.db.now() + Duration::seconds(2);
    guild.test.clock.advance(Duration::hours(1));
    // signed by the key while the thief had it already
    let between = issue(&guild, n, "between").await;
    guild.test.clock.advance(Duration::hours(1));
    let rotated = issuer::rotate_key(&guild.test.app, Actor::Operator, Purpose::Credential).await.expect("rotated");
    guild.test.clock.advance(Duration::hours(1));
    let after = issue(&guild, n, "after").await;

    watch.lap("issued");

    let thief = Thief::of(&guild, &rotated.old);
    let honest = guild.signed(&before[0]).await.0;
    let early = stolen_at - Duration::hours(1);
    let new_id = Some("urn:uuid:5f2c9f2e-2b0a-4e3c-9d58-6d2f0f5f7a01");
    let forgeries: Vec<String> = [Suite::EddsaRdfc2022, Suite::EddsaJcs2022, Suite::VcJwt]
        .into_iter()
        .flat_map(|suite| [new_id, None].map(|id| thief.forge(&honest, id, early, suite)))
        .collect();
    // An honest document, its proof made again by the same key on another date.
    let redated = {
        let mut value: Value = serde_json::from_str(&honest).expect("JSON");
        value.as_object_mut().expect("an object").remove("proof");
        value["awardedDate"] = json!(DateTime::seconds(early).as_str());
        let document: OpenBadgeCredential = serde_json::from_value(value).expect("a credential");
        thief.sign(
            OpenBadgeCredential { valid_from: DateTime::seconds(early), ..document },
            early,
            Suite::EddsaRdfc2022,
        )
    };
    for forged in &forgeries {
        // Nobody knows yet: the documents alone vouch for what a retired key signed in its time. Our own records do not.
        assert_eq!(guild.by_the_documents(forged).await.state(), State::Valid);
        assert_eq!(guild.judges(forged).await, ("altered".to_owned(), "not_in_records".to_owned()));
    }

    assert!(issuer::compromised(guild.test.app.db.read()).await.expect("read").is_empty());
    let done = compromise(&guild, &rotated.old, stolen_at).await;
    assert!(done.successor.is_none(), "another signs already");
    guild.test.clock.advance(Duration::seconds(2));
    guild.test.settle().await;
    watch.lap("settled");
    let listed = issuer::compromised(guild.test.app.db.read()).await.expect("read");
    assert_eq!(listed.iter().map(|key| &key.kid).collect::<Vec<_>>(), [&rotated.old.kid]);
    let resting = issuer::resting_on(guild.test.app.db.read(), &rotated.old).await.expect("read");
    assert_eq!((resting.credentials, resting.lists, resting.waiting), (2 * n as u64, 0, 0));
    let mut subjects = vec![];
    loop {
        let last: String = subjects.last().cloned().unwrap_or_default();
        let page = signing::subjects_of(guild.test.app.db.read(), rotated.old.id, Purpose::Credential, &last, 5);
        let page: Vec<String> = page.await.expect("read");
        if page.is_empty() {
            break;
        }
        subjects.extend(page);
    }
    let mut of_the_key: Vec<String> = before.iter().chain(&between).map(|known| known.id.to_string()).collect();
    of_the_key.sort();
    assert_eq!(subjects, of_the_key, "all that is to be issued anew, page by page");

    let stolen = async |known: &credentials::Credential| {
        let (json, jwt) = guild.signed(known).await;
        for signed in [&json, &jwt] {
            assert_eq!(guild.judges(signed).await, ("valid".to_owned(), "key_revoked_but_recorded".to_owned()));
            let report = guild.by_the_documents(signed).await;
            let key = report.check(CheckId::IssuerKey).detail.code;
            assert_eq!((report.state(), key), (State::Unknown, Finding::KeyRevoked));
        }
    };
    stream::iter(before.iter().chain(&between)).for_each_concurrent(AT_A_TIME, stolen).await;
    let sound = async |known: &credentials::Credential| {
        let json = guild.signed(known).await.0;
        assert_eq!(guild.judges(&json).await.0, "valid");
        assert_eq!(guild.by_the_documents(&json).await.state(), State::Valid);
    };
    stream::iter(&after).for_each_concurrent(AT_A_TIME, sound).await;
    for forged in forgeries.iter().chain([&redated]) {
        assert_eq!(guild.judges(forged).await, ("altered".to_owned(), "not_in_records".to_owned()));
        let report = guild.by_the_documents(forged).await;
        assert_eq!(report.state(), State::Unknown, "by the documents alone nobody can tell");
        assert!(report.shown().is_none());
    }

    watch.lap("verified");

    let did = fetch(&guild, "/.well-known/did.json").await.to_string();
    let document: Value = serde_json::from_str(&did).expect("JSON");
    let names = [rotated.old.multikey(), rotated.old.kid.clone()].map(|name| format!("did:web:guild.example#{name}"));
    let methods = document["verificationMethod"].as_array().expect("methods");
    let of_key: Vec<_> = methods.iter().filter(|m| names.iter().any(|name| m["id"] == json!(name))).collect();
    assert_eq!(of_key.len(), 2, "the history keeps it");
    assert!(of_key.iter().all(|method| method["revoked"] == json!(DateTime::seconds(stolen_at))));
    let asserts = document["assertionMethod"].as_array().expect("methods");
    assert!(names.iter().all(|name| !asserts.contains(&json!(name))), "and lets it assert nothing");
    let jwks = fetch(&guild, "/.well-known/jwks.json").await;
    let listed: Vec<_> =
        jwks["keys"].as_array().expect("keys").iter().filter(|k| k["kid"] == json!(rotated.old.kid)).collect();
    assert_eq!(listed.len(), 1, "the history keeps it");
    assert_eq!(
        (&listed[0]["key_ops"], &listed[0]["use"]),
        (&json!([]), &Value::Null),
        "and lets it be used for nothing"
    );
    let key = fetch(&guild, &format!("/keys/{}", rotated.old.kid)).await;
    assert_eq!(
        key["revoked"],
        json!({"revoked_at": stolen_at.unix_timestamp(), "reason": "compromised"}),
        "nothing of the reason that staff gave"
    );
    assert_eq!(guild.test.audit_actions().await.last().map(String::as_str), Some("key.compromise"));

    reissued_although_cut_off(&guild, &rotated.old, n, &mut watch).await;
    for known in before.iter().chain(&between) {
        let was = guild.credential(known.id).await;
        assert_eq!((was.status, was.reason), (Status::Revoked, Some(ReasonCode::KeyCompromise)));
    }
    for known in &after {
        assert_eq!(&guild.credential(known.id).await, known, "what another key signed stays as it is");
    }
    // One in so many, from the first to the last.
    for was in before.iter().chain(&between).step_by(n.div_ceil(10)) {
        let new = credentials::last_of(guild.test.app.db.read(), was).await.expect("read").expect("there is one");
        assert_eq!((&new.number, new.awarded_at), (&was.number, was.awarded_at));
        let (json, jwt) = guild.signed(&new).await;
        for signed in [&json, &jwt] {
            assert_eq!(guild.judges(signed).await.0, "valid");
            assert_eq!(guild.by_the_documents(signed).await.state(), State::Valid, "to everybody again");
        }
        let old = guild.signed(&guild.credential(was.id).await).await.0;
        assert_eq!(guild.judges(&old).await.0, "revoked");
    }
    for forged in forgeries.iter().chain([&redated]) {
        assert_eq!(guild.judges(forged).await, ("altered".to_owned(), "not_in_records".to_owned()));
    }
    let damage = credentials::examine(&guild.test.app).await.expect("read").damage;
    assert!(damage.is_empty(), "{damage:?}");
    watch.lap("verified and examined");
}

/// Issues anew what the key signed: killed on the way, begun again, and each replaced once.
async fn reissued_although_cut_off(guild: &Guild, key: &IssuerKey, n: usize, watch: &mut Stopwatch) {
    let app = &guild.test.app;
    let all = 2 * n as u64;
    let there = Arc::new(Notify::new());
    let seen = there.clone();
    let run = credentials::reissue(app, Actor::Operator, key, move |done, of| {
        assert_eq!(of, all);
        if done == all / 8 {
            seen.notify_one();
        }
    });
    tokio::select! {
        biased;
        () = there.notified() => {}
        ended = run => panic!("it was to be cut off: {ended:?}"),
    }
    let left = credentials::outstanding(app, key.id).await.expect("counted").left.len() as u64;
    assert!(0 < left && left <= all - all / 8, "{left}");
    let run = credentials::reissue(app, Actor::Operator, key, |_, _| {}).await.expect("runs");
    assert!(run.failed.is_empty() && 0 < run.done && run.done <= left, "{} of {left}: {:?}", run.done, run.failed);
    watch.lap("issued anew");
    guild.test.settle().await;
    watch.lap("settled");
    let found = credentials::outstanding(app, key.id).await.expect("counted");
    assert_eq!((found.left.len(), found.done), (0, all));
    let once = "SELECT COUNT(DISTINCT replaces) FROM credential WHERE stage = 'released' AND live IS NOT NULL";
    assert_eq!(guild.test.count(once).await.unsigned_abs(), all);
    let live = "SELECT COUNT(*) FROM credential WHERE stage = 'released' AND live IS NOT NULL";
    assert_eq!(guild.test.count(live).await.unsigned_abs(), 3 * n as u64);
}

async fn a_list_by_a_compromised_key_proves_nothing_and_is_signed_anew_at_once(store: Store) {
    let guild = Guild::on_the_web(store).await;
    let known = guild.released("hikari@members.example").await;
    let json = guild.signed(&known).await.0;
    let document: Value = serde_json::from_str(&json).expect("JSON");
    let list = document["credentialStatus"]["statusListCredential"].as_str().expect("a list");
    let list = list.strip_prefix("https://guild.example").expect("ours");
    assert_eq!(guild.by_the_documents(&json).await.state(), State::Valid);
    let key = issuer::active_key(guild.test.app.db.read(), Purpose::StatusList).await.expect("one");
    guild.test.clock.advance(Duration::seconds(2));
    let done = compromise(&guild, &key, guild.test.app.db.now()).await;
    let new = done.successor.expect("made in its place");
    assert_eq!((new.purpose, new.state), (Purpose::StatusList, KeyState::Active));
    // Before anybody has signed it anew, the old copy is no answer, neither here nor elsewhere.
    let report = guild.by_the_documents(&json).await;
    assert_eq!((report.state(), report.check(CheckId::Status).detail.code), (State::Unknown, Finding::ListNotProved));
    assert_eq!(guild.judges(&json).await.0, "unknown");
    guild.test.settle().await;
    assert_eq!(signer_of(&fetch(&guild, list).await.to_string()), new.multikey());
    assert_eq!(guild.by_the_documents(&json).await.state(), State::Valid);
    assert_eq!(guild.judges(&json).await.0, "valid");

    // A list key is no key for credentials, whatever the document lists it for.
    let thief = Thief::of(&guild, &new);
    let forged = thief.forge(&json, None, guild.test.app.db.now(), Suite::EddsaRdfc2022);
    assert_eq!(guild.judges(&forged).await, ("altered".to_owned(), "key_for_other_use".to_owned()));
}

async fn what_was_intended_and_never_released_is_not_ours(store: Store) {
    let guild = Guild::on_the_web(store).await;
    let waiting = guild.award(guild.member("hikari@members.example", Locale::En).await).await;
    let intended = guild
        .test
        .count(&format!("SELECT count(*) FROM signing_intent WHERE subject = '{waiting}' AND signed IS NULL"))
        .await;
    assert_eq!(intended, 2);
    let key = issuer::active_key(guild.test.app.db.read(), Purpose::Credential).await.expect("one");
    let thief = Thief::of(&guild, &key);
    // The thief reads in the store what is to be signed, and signs it in our place.
    let db = guild.test.app.db.read();
    let query = format!("SELECT id FROM signing_intent WHERE subject = '{waiting}' AND suite = 'vc+jwt'");
    let query = sea_orm::Statement::from_string(sea_orm::ConnectionTrait::get_database_backend(db), query);
    let row = sea_orm::ConnectionTrait::query_one_raw(db, query).await.expect("runs").expect("a row");
    let id: String = row.try_get_by_index(0).expect("text");
    let payload = signing::intended(db, id.parse().expect("an id")).await.expect("read");
    use base64::Engine as _;
    let signature = base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(thief.0.sign(payload.as_bytes()).to_bytes());
    let signed = format!("{payload}.{signature}");
    guild.test.clock.advance(Duration::seconds(2));
    compromise(&guild, &key, guild.test.app.db.now()).await;
    guild.test.clock.advance(Duration::seconds(2));
    assert_eq!(guild.judges(&signed).await, ("altered".to_owned(), "not_in_records".to_owned()));
    guild.test.settle().await;
    assert_eq!(guild.credential(waiting).await.status, Status::Valid, "it was released by the new key meanwhile");
    assert_eq!(guild.judges(&signed).await, ("altered".to_owned(), "not_in_records".to_owned()), "and not by this one");
}

async fn what_is_said_of_a_compromise_must_make_sense(store: Store) {
    let guild = Guild::on_the_web(store).await;
    let app = &guild.test.app;
    guild.test.clock.advance(Duration::hours(1));
    let key = issuer::active_key(app.db.read(), Purpose::Credential).await.expect("one");
    let now = app.db.now();
    let long = "x".repeat(501);
    for (at, reason, pointer) in [
        (now + Duration::seconds(1), "lost", "/at"),
        (key.created_at - Duration::seconds(1), "lost", "/at"),
        (now, " ", "/reason"),
        (now, "two\nlines", "/reason"),
        (now, long.as_str(), "/reason"),
    ] {
        let refused = issuer::compromise_key(app, Actor::Operator, &key, at, reason).await.expect_err("refused");
        let refused = waymark::error::Error::from(refused);
        assert_eq!((refused.code(), refused.faults()[0].pointer.as_str()), (Code::ValidationFailed, pointer));
    }
    assert_eq!(issuer::keys(app.db.read()).await.expect("read").len(), 2);
    let files = || std::fs::read_dir(app.config.keys_dir()).expect("there").count();
    assert_eq!(files(), 2, "and no file is left behind");
    compromise(&guild, &key, key.created_at).await;
    let again = issuer::find_key(app.db.read(), &key.kid).await.expect("there");
    assert_eq!(again.revoked_why.as_deref(), Some("a backup was lost"));
    let refused = issuer::compromise_key(app, Actor::Operator, &again, now, "lost").await.expect_err("once is enough");
    assert!(refused.to_string().contains("compromised already"), "{refused}");
    assert_eq!(files(), 3);
}
