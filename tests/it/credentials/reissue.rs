//! What a compromised key signed is issued anew, one replacement each, also when the run is cut off in the middle.

use std::sync::Arc;

use serde_json::json;
use time::Duration;
use tokio::sync::Notify;
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::config::DidMethod;
use waymark::credentials::{self, Correction, Dating, Reason, ReasonCode, Replaced, Status};
use waymark::database::Kind;
use waymark::error::Code;
use waymark::issuer::{self, IssuerKey, KeyState};
use waymark::signing::Purpose;
use waymark::web::i18n::Locale;

use super::Guild;
use super::pages::Browser;
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_run_that_is_cut_off_goes_on_and_replaces_each_once,
    only_what_stands_is_replaced,
    a_key_that_is_not_compromised_is_refused,
    staff_start_it_on_a_page_and_a_restart_goes_on
);

async fn under_web(store: Store) -> Guild {
    let test = TestApp::start_with(store, |config| {
        config.issuer.did_method = DidMethod::Web;
        config.base_url = "https://guild.example".parse().expect("a URL");
    })
    .await;
    let guild = Guild::in_app(test).await;
    issuer::generate_keys(&guild.test.app, Actor::Operator).await.expect("keys are made");
    guild
}

async fn credential_key(guild: &Guild, state: KeyState) -> IssuerKey {
    let known = issuer::keys(guild.test.app.db.read()).await.expect("read");
    let found = known.into_iter().find(|key| key.purpose == Purpose::Credential && key.state == state);
    found.expect("there is one")
}

/// Somebody else may have the key; another one signs from now on.
async fn compromise(guild: &Guild) -> IssuerKey {
    let now = waymark::clock::millis(guild.test.app.db.now());
    let sql = format!(
        "UPDATE issuer_key SET state = 'compromised', active_for = NULL, revoked_at = {now} WHERE purpose = 'credential'"
    );
    guild.test.run_sql(&sql).await;
    issuer::generate_keys(&guild.test.app, Actor::Operator).await.expect("another one is made");
    credential_key(guild, KeyState::Compromised).await
}

const LIVE: &str = "SELECT COUNT(*) FROM credential WHERE live IS NOT NULL AND stage = 'released'";
const REPLACED: &str = "SELECT COUNT(DISTINCT replaces) FROM credential";

async fn a_run_that_is_cut_off_goes_on_and_replaces_each_once(store: Store) {
    const MANY: usize = 30;
    let guild = under_web(store).await;
    let mut held = vec![];
    for n in 0..MANY {
        held.push(guild.released(&format!("m{n}@members.example")).await);
    }
    guild.test.clock.advance(Duration::days(1));
    let key = compromise(&guild).await;
    let app = &guild.test.app;
    assert_eq!(credentials::outstanding(app, key.id).await.expect("counted").left.len(), MANY);

    // Cut off after the third: the future is dropped wherever it stands then.
    let third = Arc::new(Notify::new());
    let seen = third.clone();
    let run = credentials::reissue(app, Actor::Operator, &key, move |done, of| {
        assert_eq!(of, MANY as u64);
        if done == 3 {
            seen.notify_one();
        }
    });
    tokio::select! {
        biased;
        () = third.notified() => {}
        ended = run => panic!("it was to be cut off: {ended:?}"),
    }
    // And once more between the two commits: replaced, and not signed.
    let left = credentials::outstanding(app, key.id).await.expect("counted").left;
    assert!((1..=MANY - 3).contains(&left.len()), "{}", left.len());
    let mut ch = app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    let why = Reason { code: ReasonCode::KeyCompromise, public: None, internal: None };
    // The last one: what was cut off may still be writing the next one.
    let last = *left.last().expect("some are left");
    let replaced = credentials::replace(app, &mut ch, last, &Correction::because(why), Dating::Kept).await;
    assert!(matches!(replaced, Ok(Replaced::New(_))), "{replaced:?}");
    ch.commit().await.expect("committed");

    let mut told = vec![];
    let run = credentials::reissue(app, Actor::Operator, &key, |done, of| told.push((done, of))).await.expect("runs");
    assert!(run.failed.is_empty(), "{:?}", run.failed);
    let now_left = left.len() as u64 - 1;
    // What was under way when it was cut off may have been written meanwhile.
    assert!((1..=now_left).contains(&run.done), "{} of {now_left}", run.done);
    assert_eq!(told.last().copied(), Some((run.done, run.done)));
    guild.test.settle().await;
    let found = credentials::outstanding(app, key.id).await.expect("counted");
    assert_eq!((found.left.len(), found.done), (0, MANY as u64));
    let many = i64::try_from(MANY).expect("few");
    assert_eq!((guild.test.count(LIVE).await, guild.test.count(REPLACED).await), (many, many), "one each, all signed");
    for old in &held {
        let was = guild.credential(old.id).await;
        assert_eq!((was.status, was.reason), (Status::Revoked, Some(ReasonCode::KeyCompromise)));
        let new = credentials::last_of(app.db.read(), &was).await.expect("read").expect("there is one");
        assert_eq!((&new.number, new.awarded_at), (&old.number, old.awarded_at));
        let signed = guild.signed(&new).await.0;
        assert!(signed.contains(&credential_key(&guild, KeyState::Active).await.multikey()), "by the key of today");
    }
    let again = credentials::reissue(app, Actor::Operator, &key, |_, _| {}).await.expect("runs");
    assert_eq!((again.done, again.failed.len()), (0, 0), "there is nothing more to do");
    guild.test.settle().await;
    assert_eq!(credentials::examine(app).await.expect("examined").damage, []);
}

async fn only_what_stands_is_replaced(store: Store) {
    let guild = under_web(store).await;
    let key = guild.admin().await;
    let step = async |id: waymark::ids::CredentialId, step: &str| {
        let path = format!("/api/v1/credentials/{id}/{step}");
        assert_eq!(guild.post(&key, &path, None, &json!({"reason_code": "other"})).await.0, 200, "{step}");
    };
    let suspended = guild.released("suspended@members.example").await;
    step(suspended.id, "suspend").await;
    let revoked = guild.released("revoked@members.example").await;
    step(revoked.id, "revoke").await;
    let expired = guild.released("expired@members.example").await;
    guild.test.run_sql(&format!("UPDATE credential SET valid_until = 0 WHERE id = '{}'", expired.id)).await;
    let waiting = guild.award(guild.member("waiting@members.example", Locale::En).await).await;
    let compromised = compromise(&guild).await;
    let later = guild.released("later@members.example").await;
    step(suspended.id, "reinstate").await;
    step(suspended.id, "suspend").await;

    let app = &guild.test.app;
    let found = credentials::outstanding(app, compromised.id).await.expect("counted");
    assert_eq!(
        (found.left, found.expired, found.suspended),
        (vec![waiting], 1, 0),
        "reinstated under the key of today"
    );
    let run = credentials::reissue(app, Actor::Operator, &compromised, |_, _| {}).await.expect("runs");
    assert_eq!((run.done, run.failed.len()), (1, 0), "what was not signed yet is signed by the key of today");
    let was = guild.credential(waiting).await;
    let new = credentials::last_of(app.db.read(), &was).await.expect("read").expect("there is one");
    assert!(new.is_released());
    assert_eq!(guild.credential(later.id).await, later);
    assert_eq!(guild.credential(revoked.id).await.reason, Some(ReasonCode::Other));
}

async fn a_key_that_is_not_compromised_is_refused(store: Store) {
    let guild = under_web(store).await;
    let active = credential_key(&guild, KeyState::Active).await;
    let db = guild.test.app.db.read();
    assert_eq!(
        credentials::compromised_key(db, &active.kid).await.expect_err("refused").code(),
        Code::KeyNotCompromised
    );
    assert_eq!(credentials::compromised_key(db, "nobody").await.expect_err("refused").code(), Code::NotFound);
    let lists = issuer::keys(db).await.expect("read").into_iter().find(|key| key.purpose == Purpose::StatusList);
    let lists = lists.expect("there is one");
    assert_eq!(credentials::compromised_key(db, &lists.kid).await.expect_err("refused").code(), Code::NotFound);
    let key = compromise(&guild).await;
    for named in [&key.kid, &key.id.to_string()] {
        assert_eq!(credentials::compromised_key(db, named).await.expect("found"), key);
    }
}

async fn staff_start_it_on_a_page_and_a_restart_goes_on(store: Store) {
    let guild = under_web(store).await;
    for n in 0..3 {
        guild.released(&format!("m{n}@members.example")).await;
    }
    let owner = Browser::staff(&guild, Role::Owner).await;
    assert!(owner.get("/admin/reissue", "en").await.1.contains("No key is compromised"));
    let key = compromise(&guild).await;
    let path = format!("/admin/reissue/{}", key.kid);
    for language in ["en", "ja"] {
        let (status, html) = owner.get("/admin/reissue", language).await;
        assert!(status == 200 && html.contains(&path) && html.contains(r#"value="0" max="100""#), "{html}");
    }
    let issuer = Browser::staff(&guild, Role::Issuer).await;
    let (_, seen) = issuer.get("/admin/reissue", "en").await;
    assert!(seen.contains(&key.kid) && !seen.contains("<button class=\"btn btn--primary\""), "{seen}");
    assert_eq!(issuer.post(&path, &json!({"csrf": issuer.csrf().await})).await.0, 403);
    // What is noted and was never worked on: the process ended right after the button.
    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    credentials::begin_reissue(&mut ch, &key).await.expect("noted");
    ch.commit().await.expect("committed");
    assert!(owner.get("/admin/reissue", "en").await.1.contains("It is under way"));
    assert_eq!(credentials::resume_reissues(&guild.test.app).await.expect("goes on"), 3);
    assert_eq!(guild.test.count(LIVE).await, 3);
    for language in ["en", "ja"] {
        let (_, html) = owner.get("/admin/reissue", language).await;
        assert!(html.contains(r#"value="100" max="100""#) && !html.contains(&path), "{html}");
        let url = guild.test.url("/admin/reissue/progress");
        let part = guild.test.http.get(url).header("cookie", &owner.cookie).header("accept-language", language);
        let part = part.send().await.expect("answered").text().await.expect("text");
        assert!(part.contains(r#"value="100" max="100""#) && !part.contains("<h1") && !part.contains('⟦'), "{part}");
    }
    assert_eq!(owner.post(&path, &json!({"csrf": owner.csrf().await})).await.0, 303, "it may be started again");
    assert_eq!(owner.post("/admin/reissue/nobody", &json!({"csrf": owner.csrf().await})).await.0, 404);
    assert_eq!(guild.test.audit_actions().await.iter().filter(|a| *a == "credential.reissue").count(), 2);
}
