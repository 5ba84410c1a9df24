//! An event that several listen to, one of whom fails: the others have done their part once and do it no second time, and nobody else waits.

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use time::Duration;
use waymark::actor::Actor;
use waymark::credentials::{self, Reason, ReasonCode, StatusChange};
use waymark::database::Kind;
use waymark::domain_event::{DomainEvent, Heard};
use waymark::webhooks;

use super::{Receiver, Staff, guild, telling_loopback};
use crate::credentials::Guild;
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_letter_is_not_written_again_because_a_webhook_failed,
    a_status_is_published_although_a_webhook_fails,
    an_event_that_no_webhook_wants_is_dealt_with_at_once,
);

/// The store refuses everything that a webhook is owed.
async fn poison(test: &TestApp, store: Store) {
    let trigger = match store {
        Store::Sqlite => {
            "CREATE TRIGGER poison BEFORE INSERT ON webhook_delivery BEGIN SELECT RAISE(ABORT, 'poisoned'); END"
        }
        Store::Postgres => {
            "CREATE FUNCTION poison() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'poisoned'; END $$ LANGUAGE plpgsql; \
             CREATE TRIGGER poison BEFORE INSERT ON webhook_delivery FOR EACH ROW EXECUTE FUNCTION poison()"
        }
    };
    test.app.db.read().execute_unprepared(trigger).await.expect("made");
}

async fn cure(test: &TestApp, store: Store) {
    let end = if store == Store::Sqlite { "DROP TRIGGER poison" } else { "DROP TRIGGER poison ON webhook_delivery" };
    test.app.db.read().execute_unprepared(end).await.expect("dropped");
}

/// How many events of the kind nobody has settled.
async fn open(test: &TestApp, kind: &str) -> i64 {
    test.count(&format!("SELECT COUNT(*) FROM outbox WHERE done_at IS NULL AND event LIKE '%{kind}%'")).await
}

async fn a_letter_is_not_written_again_because_a_webhook_failed(store: Store) {
    let test = TestApp::start_reaching(store, telling_loopback(), |config| {
        config.issuer.did_method = waymark::config::DidMethod::Key;
        config.mail.host = "127.0.0.1".to_owned();
        config.mail.from = "Guild <office@guild.example>".to_owned();
    });
    let (guild, receiver) = (Guild::in_app(test.await).await, Receiver::start().await);
    let test = &guild.test;
    waymark::issuer::generate_keys(&test.app, Actor::Operator).await.expect("a key is made");
    Staff::of(test).await.add(&receiver.url, &["credential.released"], &[]).await;
    // Each letter has a link of its own, which takes the place of the one before.
    let link = "SELECT hash FROM claim_link WHERE mailed";
    poison(test, store).await;
    let first = guild.released("hikari@members.example").await;
    test.settle().await;
    let letter = test.texts(link).await;
    assert_eq!(letter.len(), 1, "written, although the webhook failed");
    for tries in 1..=3 {
        test.settle().await;
        assert_eq!(
            (&test.texts(link).await, open(test, "credential_released").await),
            (&letter, 1),
            "after {tries} tries"
        );
        let error =
            &test.texts("SELECT last_error FROM outbox WHERE done_at IS NULL AND last_error IS NOT NULL").await[0];
        assert!(error.contains("poisoned"), "it says why: {error}");
        test.clock.advance(Duration::minutes(10));
    }
    assert_eq!(test.count("SELECT COUNT(*) FROM outbox WHERE done_at IS NULL AND attempts >= 3").await, 1);
    cure(test, store).await;
    test.settle().await;
    assert_eq!((test.texts(link).await, open(test, "credential_released").await), (letter, 0));
    assert_eq!(receiver.bodies().len(), 1);
    assert_eq!(receiver.bodies()[0]["data"]["credential"], json!(first.id));
}

async fn a_status_is_published_although_a_webhook_fails(store: Store) {
    let (guild, receiver) = (guild(store).await, Receiver::start().await);
    let test = &guild.test;
    Staff::of(test).await.add(&receiver.url, &["credential.suspended", "credential.released"], &[]).await;
    let (known, other) = (guild.released("a@members.example").await, guild.released("b@members.example").await);
    test.settle().await;
    poison(test, store).await;
    let reason = Reason { code: ReasonCode::Other, public: None, internal: None };
    for (id, published_before) in [(known.id, true), (other.id, false)] {
        let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
        let step = StatusChange::Suspend;
        assert!(credentials::change_status(&test.app, &mut ch, id, step, &reason).await.expect("changed"));
        ch.commit().await.expect("committed");
        // What is published before the worker comes is only noted by it; the rest it publishes itself.
        if published_before {
            credentials::publish_status(&test.app, id).await;
        }
    }
    test.settle().await;
    for id in [known.id, other.id] {
        let (embedded, _) = guild.signed(&guild.credential(id).await).await;
        assert_eq!(guild.judges(&embedded).await.0, "suspended", "a receiver that cannot be told holds back no status");
    }
    assert_eq!(open(test, "credential_status_changed").await, 2);
    let heard = "SELECT COUNT(*) FROM delivery WHERE listener = 'credentials'";
    assert_eq!(test.count(heard).await, 2, "what was done is noted, for each");
    test.clock.advance(Duration::minutes(10));
    test.settle().await;
    assert_eq!(
        (open(test, "credential_status_changed").await, test.count(heard).await, receiver.kinds().len()),
        (2, 2, 2),
        "still poisoned"
    );
    cure(test, store).await;
    test.clock.advance(Duration::minutes(10));
    test.settle().await;
    assert_eq!(open(test, "credential_status_changed").await, 0);
    let mut told: Vec<Value> = receiver.bodies().into_iter().filter(|b| b["type"] == "credential.suspended").collect();
    told.sort_by_key(|body| body["data"]["credential"].to_string());
    let mut all = [json!(known.id), json!(other.id)];
    all.sort_by_key(ToString::to_string);
    let told: Vec<&Value> = told.iter().map(|body| &body["data"]["credential"]).collect();
    assert_eq!(told, all.iter().collect::<Vec<_>>(), "each once");
}

async fn an_event_that_no_webhook_wants_is_dealt_with_at_once(store: Store) {
    let (guild, receiver) = (guild(store).await, Receiver::start().await);
    let (db, now) = (guild.test.app.db.read(), guild.test.app.db.now());
    let staff = Staff::of(&guild.test).await;
    let (hook, _) = staff.add(&receiver.url, &["attempt.ended", "credential.revoked"], &[]).await;
    let entropy = guild.test.app.db.entropy.as_ref();
    let attempt = waymark::ids::fresh(now, entropy);
    let closed = DomainEvent::AttemptSubmitted { attempt, member: waymark::ids::fresh(now, entropy) };
    let hear = async |at, event: &DomainEvent| webhooks::hear(db, at, event).await.expect("heard");
    assert_eq!(hear(now, &closed).await, Heard::Apart, "closed may mean ended");
    for unwanted in [DomainEvent::AttemptStarted { attempt }, DomainEvent::ResultReleased { attempt }] {
        assert_eq!(hear(now, &unwanted).await, Heard::Whole, "{unwanted:?}");
    }
    assert_eq!(hear(now - Duration::SECOND, &closed).await, Heard::Whole, "it was not there yet");
    staff.post(&format!("{hook}/disable"), &Value::Null).await;
    assert_eq!(hear(now, &closed).await, Heard::Whole, "one that is off is not told");
}
