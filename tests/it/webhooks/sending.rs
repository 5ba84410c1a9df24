//! How messages go out: signed, tried again by the clock, given up, redelivered, a few at a time, and never into a network.

use serde_json::{Value, json};
use time::Duration;
use waymark::actor::Actor;
use waymark::clock::parse_rfc3339;
use waymark::credentials::{self, Reason, ReasonCode, StatusChange};
use waymark::database::Kind;
use waymark::ids::CredentialId;
use waymark::webhooks::{self, MOST_TRIES};

use super::{Receiver, Staff, guild, is_signed_by};
use crate::credentials::Guild;
use crate::support::{Store, on_both};

on_both!(
    a_credential_is_told_signed_and_without_what_is_private,
    what_fails_is_tried_again_by_the_clock_under_the_same_id,
    a_receiver_that_never_answers_is_switched_off_and_staff_see_why,
    one_that_gets_something_through_stays_on,
    gone_switches_off_at_once_and_a_redirect_is_a_failure,
    what_a_dead_process_had_claimed_is_sent_again,
    at_most_four_go_to_one_receiver_at_once,
    an_address_inside_is_refused_also_when_it_was_stored,
    an_event_that_is_heard_twice_is_told_once,
);

const CREDENTIALS: [&str; 4] =
    ["credential.released", "credential.suspended", "credential.reinstated", "credential.revoked"];

async fn change(guild: &Guild, id: CredentialId, step: StatusChange) {
    let reason = Reason {
        code: ReasonCode::Other,
        public: Some("a canary reason".to_owned()),
        internal: Some("a canary note".to_owned()),
    };
    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    assert!(credentials::change_status(&guild.test.app, &mut ch, id, step, &reason).await.expect("changed"));
    ch.commit().await.expect("committed");
    guild.test.settle().await;
}

async fn a_credential_is_told_signed_and_without_what_is_private(store: Store) {
    let (guild, receiver) = (guild(store).await, Receiver::start().await);
    let staff = Staff::of(&guild.test).await;
    let (_, secret) = staff.add(&receiver.url, &CREDENTIALS, &[]).await;
    let known = guild.released("hikari@members.example").await;
    guild.test.settle().await;
    // No time passes between these: each is told as it was, not as it stands when it is sent.
    for step in [StatusChange::Suspend, StatusChange::Reinstate, StatusChange::Revoke] {
        change(&guild, known.id, step).await;
    }
    let mut kinds = receiver.kinds();
    kinds.sort();
    let mut all = CREDENTIALS.map(str::to_owned);
    all.sort();
    assert_eq!(kinds, all);
    for came in receiver.came() {
        assert!(is_signed_by(&came, &secret), "{came:?}");
        assert_eq!(came.header("content-type"), "application/json");
        assert_eq!(came.header("webhook-timestamp"), guild.test.app.db.now().unix_timestamp().to_string());
        let body = came.json();
        let names: Vec<&String> = body.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["data", "timestamp", "type"]);
        assert_eq!(body["data"]["credential"], json!(known.id));
        assert_eq!(body["data"]["track"], "foundations");
        assert_eq!(body["data"]["url"], Value::Null, "nobody but its holder makes a link to it");
        let secrets = ["members.example", "ひかり", "canary", known.share_id.as_str(), known.number.as_str()];
        assert!(secrets.iter().all(|private| !came.body.contains(private)), "{}", came.body);
        let mut forged = came.clone();
        forged.body = came.body.replace("foundations", "foundation5");
        assert!(!is_signed_by(&forged, &secret), "the check itself sees a change");
    }
    let mut ids: Vec<String> = receiver.came().iter().map(|came| came.header("webhook-id")).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4, "each event has an id of its own");
}

/// Sends a test and works off what is due.
async fn tested(guild: &Guild, staff: &Staff<'_>, hook: &str) -> String {
    let (status, sent) = staff.post(&format!("{hook}/test"), &Value::Null).await;
    assert_eq!(status, 202, "{sent}");
    guild.test.settle().await;
    sent["id"].as_str().expect("an id").to_owned()
}

async fn what_fails_is_tried_again_by_the_clock_under_the_same_id(store: Store) {
    let (guild, receiver) = (guild(store).await, Receiver::start().await);
    let staff = Staff::of(&guild.test).await;
    let (hook, secret) = staff.add(&receiver.url, &CREDENTIALS, &[]).await;
    receiver.answer_next(&[500, 302, 202]);
    let delivery = tested(&guild, &staff, &hook).await;
    assert_eq!(receiver.came().len(), 1);
    let waits = staff.get(&format!("{hook}/deliveries/{delivery}")).await;
    assert_eq!((&waits["state"], &waits["status"]), (&json!("waiting"), &json!(500)), "{waits}");
    let next = parse_rfc3339(waits["next_try_at"].as_str().expect("a time")).expect("a time");
    let wait = next - guild.test.app.db.now();
    assert!((Duration::milliseconds(4_500)..=Duration::milliseconds(5_500)).contains(&wait), "{wait}");
    guild.test.clock.advance(wait - Duration::milliseconds(1));
    guild.test.settle().await;
    assert_eq!(receiver.came().len(), 1, "not before its time");
    guild.test.clock.advance(Duration::milliseconds(1));
    guild.test.settle().await;
    assert_eq!(receiver.came().len(), 2, "a redirect is not followed");
    guild.test.clock.advance(Duration::seconds(33));
    guild.test.settle().await;
    let came = receiver.came();
    assert_eq!(came.len(), 3);
    for one in &came {
        assert!(is_signed_by(one, &secret));
        assert_eq!((one.header("webhook-id"), &one.body), (came[0].header("webhook-id"), &came[0].body));
    }
    assert_ne!(came[0].header("webhook-timestamp"), came[2].header("webhook-timestamp"), "signed anew for each try");
    let done = staff.get(&format!("{hook}/deliveries/{delivery}")).await;
    assert_eq!((&done["state"], &done["tries"], &done["status"]), (&json!("delivered"), &json!(3), &json!(202)));
    let statuses: Vec<&Value> = done["log"].as_array().expect("a log").iter().map(|one| &one["status"]).collect();
    assert_eq!(statuses, [&json!(500), &json!(302), &json!(202)]);
    assert_eq!(done["log"][0]["answer"], "thank you", "control characters are taken out");
    // Once more by hand, though it was delivered.
    let (status, again) = staff.post(&format!("{hook}/deliveries/{delivery}/redeliver"), &Value::Null).await;
    assert_eq!((status, &again["state"]), (202, &json!("waiting")));
    guild.test.settle().await;
    assert_eq!(receiver.came().len(), 4);
    assert_eq!(receiver.came()[3].header("webhook-id"), came[0].header("webhook-id"));
}

/// Lets every wait go by until nothing is tried any more; answers how often something came.
async fn wait_it_out(guild: &Guild) {
    for _ in 0..MOST_TRIES {
        guild.test.clock.advance(Duration::hours(27));
        guild.test.settle().await;
    }
}

async fn a_receiver_that_never_answers_is_switched_off_and_staff_see_why(store: Store) {
    let (guild, receiver) = (guild(store).await, Receiver::start().await);
    let staff = Staff::of(&guild.test).await;
    let (hook, _) = staff.add(&receiver.url, &CREDENTIALS, &[]).await;
    receiver.answer_always(Some(503));
    let delivery = tested(&guild, &staff, &hook).await;
    wait_it_out(&guild).await;
    assert_eq!(receiver.came().len(), MOST_TRIES as usize);
    let state = staff.get(&format!("{hook}/deliveries/{delivery}")).await;
    assert_eq!((&state["state"], &state["next_try_at"]), (&json!("given_up"), &Value::Null));
    let known = staff.get(&hook).await;
    assert_eq!((&known["enabled"], &known["disabled_because"]), (&json!(false), &json!("unanswered")));
    assert_eq!(webhooks::count_off(guild.test.app.db.read()).await.expect("read"), 1);
    // While it is off, it is told nothing, and nothing new is kept for it.
    guild.released("hikari@members.example").await;
    guild.test.settle().await;
    assert_eq!(staff.deliveries(&hook).await.len(), 1);
    for step in ["test", &format!("deliveries/{delivery}/redeliver")] {
        let (status, problem) = staff.post(&format!("{hook}/{step}"), &Value::Null).await;
        assert_eq!((status, problem["code"].as_str()), (409, Some("webhook_off")), "{step}");
    }
    receiver.answer_always(None);
    assert_eq!(staff.post(&format!("{hook}/enable"), &Value::Null).await.1["enabled"], json!(true));
    let (status, _) = staff.post(&format!("{hook}/deliveries/{delivery}/redeliver"), &Value::Null).await;
    assert_eq!(status, 202);
    guild.test.settle().await;
    assert_eq!(staff.deliveries(&hook).await[0]["state"], "delivered");
    assert_eq!(staff.get(&hook).await["failing_since"], Value::Null);
}

async fn one_that_gets_something_through_stays_on(store: Store) {
    let (guild, receiver) = (guild(store).await, Receiver::start().await);
    let staff = Staff::of(&guild.test).await;
    let (hook, _) = staff.add(&receiver.url, &CREDENTIALS, &[]).await;
    receiver.answer_always(Some(500));
    let bad = tested(&guild, &staff, &hook).await;
    assert!(staff.get(&hook).await["failing_since"].is_string());
    receiver.answer_always(None);
    tested(&guild, &staff, &hook).await;
    assert_eq!(staff.get(&hook).await["failing_since"], Value::Null);
    receiver.answer_always(Some(500));
    wait_it_out(&guild).await;
    assert_eq!(staff.get(&format!("{hook}/deliveries/{bad}")).await["state"], "given_up");
    assert_eq!(staff.get(&hook).await["enabled"], json!(true), "something got through since its first try");
}

async fn gone_switches_off_at_once_and_a_redirect_is_a_failure(store: Store) {
    let (guild, receiver) = (guild(store).await, Receiver::start().await);
    let staff = Staff::of(&guild.test).await;
    let (hook, _) = staff.add(&receiver.url, &CREDENTIALS, &[]).await;
    receiver.answer_next(&[307]);
    tested(&guild, &staff, &hook).await;
    assert_eq!(staff.get(&hook).await["enabled"], json!(true));
    receiver.answer_next(&[410]);
    guild.test.clock.advance(Duration::seconds(6));
    guild.test.settle().await;
    let known = staff.get(&hook).await;
    assert_eq!((&known["enabled"], &known["disabled_because"]), (&json!(false), &json!("gone")), "{known}");
    assert_eq!(receiver.came().len(), 2);
}

async fn what_a_dead_process_had_claimed_is_sent_again(store: Store) {
    let (guild, receiver) = (guild(store).await, Receiver::start().await);
    let staff = Staff::of(&guild.test).await;
    let (hook, _) = staff.add(&receiver.url, &CREDENTIALS, &[]).await;
    let (status, _) = staff.post(&format!("{hook}/test"), &Value::Null).await;
    assert_eq!(status, 202);
    // What a process leaves that died between claiming and telling.
    let until = waymark::clock::millis(guild.test.app.db.now() + Duration::seconds(60));
    guild.test.run_sql(&format!("UPDATE webhook_delivery SET leased_until = {until}")).await;
    guild.test.settle().await;
    assert_eq!(receiver.came().len(), 0, "another process may be at it");
    guild.test.clock.advance(Duration::seconds(61));
    guild.test.settle().await;
    assert_eq!(receiver.came().len(), 1);
    guild.test.settle().await;
    assert_eq!(receiver.came().len(), 1, "what was delivered is done");
}

async fn at_most_four_go_to_one_receiver_at_once(store: Store) {
    let (guild, receiver) = (guild(store).await, Receiver::start().await);
    let staff = Staff::of(&guild.test).await;
    let (hook, _) = staff.add(&receiver.url, &CREDENTIALS, &[]).await;
    for _ in 0..6 {
        assert_eq!(staff.post(&format!("{hook}/test"), &Value::Null).await.0, 202);
    }
    assert!(webhooks::send_due(&guild.test.app).await.expect("sent"));
    assert_eq!(receiver.came().len(), 4);
    // Those that another process has under way count as well.
    let until = waymark::clock::millis(guild.test.app.db.now() + Duration::seconds(60));
    let one = "(SELECT MIN(id) FROM webhook_delivery WHERE state = 'waiting')";
    guild.test.run_sql(&format!("UPDATE webhook_delivery SET leased_until = {until} WHERE id = {one}")).await;
    for _ in 0..4 {
        assert_eq!(staff.post(&format!("{hook}/test"), &Value::Null).await.0, 202);
    }
    assert!(webhooks::send_due(&guild.test.app).await.expect("sent"));
    assert_eq!(receiver.came().len(), 7);
    guild.test.settle().await;
    assert_eq!(receiver.came().len(), 9, "all but the one that is under way elsewhere");
}

async fn an_address_inside_is_refused_also_when_it_was_stored(store: Store) {
    let receiver = Receiver::start().await;
    // The server as it runs outside the demo: its connector tells the public internet alone.
    let guild = Guild::start(store).await;
    let staff = Staff::of(&guild.test).await;
    for url in [
        receiver.url.as_str(),
        "http://hooks.example/",
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://localhost/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://hooks.example:8443/",
        "https://user:word@hooks.example/",
        "ftp://hooks.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "",
    ] {
        let (status, problem) = staff.post("", &json!({"url": url, "kinds": ["credential.released"]})).await;
        assert_eq!((status, problem["errors"][0]["pointer"].as_str()), (422, Some("/url")), "{url} {problem}");
    }
    let (hook, _) = staff.add("https://hooks.example/waymark", &["credential.released"], &[]).await;
    guild.test.run_sql(&format!("UPDATE webhook SET url = '{}'", receiver.url)).await;
    let delivery = tested(&guild, &staff, &hook).await;
    let state = staff.get(&format!("{hook}/deliveries/{delivery}")).await;
    assert_eq!((&state["error"], &state["tries"]), (&json!("refused"), &json!(1)), "{state}");
    assert_eq!(receiver.came().len(), 0);
}

async fn an_event_that_is_heard_twice_is_told_once(store: Store) {
    let (guild, receiver) = (guild(store).await, Receiver::start().await);
    let staff = Staff::of(&guild.test).await;
    let (hook, _) = staff.add(&receiver.url, &CREDENTIALS, &[]).await;
    guild.released("hikari@members.example").await;
    guild.test.settle().await;
    assert_eq!(receiver.came().len(), 1);
    // A listener that died before its delivery was recorded hears the event again.
    guild.test.run_sql("DELETE FROM delivery WHERE listener = 'webhooks'").await;
    guild.test.run_sql("UPDATE outbox SET done_at = NULL, due_at = 0").await;
    guild.test.settle().await;
    assert_eq!((receiver.came().len(), staff.deliveries(&hook).await.len()), (1, 1));
    // What happened before a receiver was there it is not told.
    let (late, _) = staff.add(&receiver.url, &CREDENTIALS, &[]).await;
    guild.test.run_sql(&format!("UPDATE webhook SET created_at = created_at + 1 WHERE id = '{}'", &late[1..])).await;
    guild.test.run_sql("DELETE FROM delivery WHERE listener = 'webhooks'").await;
    guild.test.run_sql("UPDATE outbox SET done_at = NULL, due_at = 0").await;
    guild.test.settle().await;
    assert_eq!(staff.deliveries(&late).await.len(), 0);
    // Finished deliveries are forgotten after 30 days.
    guild.test.clock.advance(Duration::days(29));
    webhooks::tend(&guild.test.app).await.expect("tended");
    assert_eq!(staff.deliveries(&hook).await.len(), 1);
    guild.test.clock.advance(Duration::days(2));
    webhooks::tend(&guild.test.app).await.expect("tended");
    assert_eq!(staff.deliveries(&hook).await.len(), 0);
    let left = guild.test.count("SELECT COUNT(*) FROM webhook_try").await;
    assert_eq!(left, 0);
}
