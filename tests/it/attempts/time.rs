//! Time that is added, stopped, allowed and given back: at once, with a reason, audited, and told to the candidate.

use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;
use waymark::access::Role;
use waymark::attempts;

use super::{Candidate, as_staff, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(
    an_accommodation_is_in_force_at_once_and_its_reason_stays_private,
    nobody_decides_on_their_own_time,
    staff_add_time_and_stop_the_clock,
    staff_end_and_void,
    time_that_the_server_was_away_is_given_back,
    a_lost_connection_is_credited_where_the_exam_says_so,
    any_history_through_the_server_keeps_its_promises
);

async fn an_accommodation_is_in_force_at_once_and_its_reason_stays_private(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let (_, before) = ada.get(&format!("{attempt}/clock")).await;
    assert_eq!(before["remaining_ms"], 1_800_000);
    let admin = test.api_key(Role::Admin).await;
    let path = format!("/members/{}/accommodations", ada.member);
    let body =
        json!({"exam": "sample", "percent": 150, "minutes": 5, "break_minutes": 10, "reason": "canary-diagnosis"});
    for wrong in [
        json!({"percent": 100, "reason": "x"}),
        json!({"percent": 401, "reason": "x"}),
        json!({"percent": 150, "reason": " "}),
    ] {
        assert_eq!(as_staff(&test, &admin, Method::POST, &path, wrong).await.0, 422);
    }
    assert_eq!(as_staff(&test, &admin, Method::POST, &path, body).await.0, 201);
    let (_, after) = ada.get(&format!("{attempt}/clock")).await;
    assert_eq!(
        (&after["remaining_ms"], &after["deadline"]),
        (&json!(3_000_000), &json!("2026-11-21T09:50:00Z")),
        "{after}"
    );
    assert_eq!(after["notices"][0]["kind"], "allowed");
    assert!(!after.to_string().contains("canary"), "{after}");
    assert!(!ada.open(&format!("/exam/{}", attempt.trim_start_matches("/attempts/"))).await.2.contains("canary"));
    let (_, listed) = as_staff(&test, &admin, Method::GET, &path, Value::Null).await;
    assert_eq!(listed["data"][0]["reason"], "canary-diagnosis");
    for role in [Role::Examiner, Role::Auditor, Role::Issuer] {
        let key = test.api_key(role).await;
        assert_eq!(as_staff(&test, &key, Method::GET, &path, Value::Null).await.0, 403);
    }
    let audit = waymark::database::audit::recent(test.app.db.read(), None, 1000).await.expect("read");
    let row = audit.iter().find(|row| row.action == "accommodation.approve").expect("audited");
    assert!(!format!("{row:?}").contains("canary"), "the audit log does not say why");
    // A break of those that are allowed: the clock stands, nothing is shown, and it runs again by itself.
    let (status, resting) = ada.call(Method::POST, &format!("{attempt}/moves/take-break"), Value::Null).await;
    assert_eq!((status.as_u16(), &resting["pause"]["kind"]), (200, &json!("own")), "{resting}");
    assert_eq!(ada.get(&format!("{attempt}/items/1")).await.1["code"], "attempt_paused");
    test.clock.advance(Duration::minutes(12));
    let (_, rested) = ada.get(&format!("{attempt}/clock")).await;
    assert_eq!(rested["remaining_ms"], 3_000_000 - 2 * 60_000, "ten minutes were credited, two were not");
    let again = ada.call(Method::POST, &format!("{attempt}/moves/take-break"), Value::Null).await.1;
    assert_eq!(again["code"], "no_break_left");
    // The next attempt begins with it.
    ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    let next = ada.start().await;
    assert_eq!(ada.get(&format!("{next}/clock")).await.1["remaining_ms"], 3_000_000);
}

async fn nobody_decides_on_their_own_time(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let steps = [
        (format!("{attempt}/steps/add-time"), json!({"minutes": 5, "reason": "mine"}), 200),
        (format!("{attempt}/steps/void"), json!({"reason": "mine"}), 200),
        (format!("/members/{}/accommodations", ada.member), json!({"percent": 150, "reason": "mine"}), 201),
    ];
    let (own, other) = (test.key_of(ada.member, Role::Admin).await, test.api_key(Role::Admin).await);
    for (path, body, _) in &steps {
        let (status, refused) = as_staff(&test, &own, Method::POST, path, body.clone()).await;
        assert_eq!(
            (status.as_u16(), &refused["code"]),
            (403, &json!("own_attempt")),
            "{path}: a key is one's own hand"
        );
    }
    let (_, clock) = ada.get(&format!("{attempt}/clock")).await;
    assert_eq!(clock["remaining_ms"], 1_800_000, "{clock}");
    for (path, body, done) in steps {
        assert_eq!(as_staff(&test, &other, Method::POST, &path, body).await.0, done, "{path}: somebody else does");
    }
}

async fn staff_add_time_and_stop_the_clock(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let right = ada.handles(&attempt, 1, "right").await;
    let examiner = test.api_key(Role::Examiner).await;
    let step = |name: &'static str, body: Value| {
        let (test, examiner, path) = (&test, &examiner, format!("{attempt}/steps/{name}"));
        async move { as_staff(test, examiner, Method::POST, &path, body).await }
    };
    assert_eq!(step("add-time", json!({"minutes": 5, "reason": ""})).await.0, 422, "each step has a reason");
    assert_eq!(step("add-time", json!({"reason": "projector"})).await.0, 422);
    assert_eq!(step("pause", json!({"minutes": 0, "reason": "projector"})).await.0, 422);
    assert_eq!(step("dance", json!({"reason": "projector"})).await.0, 404);
    let (status, added) = step("add-time", json!({"minutes": 5, "reason": "the projector failed"})).await;
    assert_eq!((status.as_u16(), &added["deadline"]), (200, &json!("2026-11-21T09:35:00Z")), "{added}");
    let id = attempt.trim_start_matches("/attempts/").to_owned();
    assert_eq!(step("pause", json!({"reason": "fire alarm"})).await.0, 200);
    let (_, paused) = ada.get(&format!("{attempt}/clock")).await;
    assert_eq!((&paused["pause"]["kind"], &paused["state"]), (&json!("staff"), &json!("in_progress")), "{paused}");
    assert_eq!(ada.save(&attempt, 1, &right, 0, "op-1").await.1["code"], "attempt_paused");
    assert_eq!(
        ada.call(Method::POST, &format!("{attempt}/moves/end-break"), Value::Null).await.0,
        409,
        "only staff start it again"
    );
    assert_eq!(ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await.0, 409);
    let (status, _, page) = ada.open(&format!("/exam/{id}")).await;
    assert_eq!(status, 200);
    assert!(page.contains("fire alarm") && page.contains("the projector failed"), "the candidate is told why: {page}");
    test.clock.advance(Duration::hours(2));
    let mut ada = ada;
    ada.renew().await;
    assert_eq!(attempts::expire_due(&test.app).await.expect("swept"), 0, "while it stands, time ends nothing");
    assert_eq!(step("continue", json!({"reason": "all clear"})).await.0, 200);
    assert_eq!(ada.get(&format!("{attempt}/clock")).await.1["remaining_ms"], 35 * 60_000);
    assert_eq!(ada.save(&attempt, 1, &right, 0, "op-1").await.0, 200);
    let actions = test.audit_actions().await;
    for action in ["attempt.add_time", "attempt.pause", "attempt.continue"] {
        assert!(actions.iter().any(|done| done == action), "{action} in {actions:?}");
    }
    let foreign = Candidate::enrol(&test, "eve@members.example").await;
    for path in [format!("{attempt}/clock"), format!("{attempt}/steps/end")] {
        let method = if path.ends_with("clock") { Method::GET } else { Method::POST };
        let body = if path.ends_with("clock") { Value::Null } else { json!({"reason": "x"}) };
        assert!(matches!(foreign.call(method, &path, body).await.0.as_u16(), 403 | 404), "{path}");
    }
}

async fn staff_end_and_void(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let admin = test.api_key(Role::Admin).await;
    let attempt = ada.start().await;
    for position in 1..=3 {
        let right = ada.handles(&attempt, position, "right").await;
        ada.save(&attempt, position, &right, 0, &format!("op-{position}")).await;
    }
    let path = format!("{attempt}/steps");
    let reason = json!({"reason": "left the room"});
    let (_, ended) = as_staff(&test, &admin, Method::POST, &format!("{path}/end"), reason.clone()).await;
    assert_eq!((&ended["closed_by"], &ended["state"]), (&json!("ended"), &json!("scored")), "{ended}");
    assert_eq!(as_staff(&test, &admin, Method::POST, &format!("{path}/end"), reason.clone()).await.0, 409);
    assert_eq!(
        as_staff(&test, &admin, Method::POST, &format!("{path}/add-time"), json!({"minutes": 5, "reason": "late"}))
            .await
            .0,
        409
    );
    assert_eq!(ada.get(&format!("{attempt}/result")).await.1["passed"], true, "what was saved counts");
    assert_eq!(test.count("SELECT COUNT(*) FROM fact WHERE kind = 'exam' AND voided_by IS NULL").await, 1);
    let (_, voided) =
        as_staff(&test, &admin, Method::POST, &format!("{path}/void"), json!({"reason": "a stand-in"})).await;
    assert_eq!(voided["state"], "voided");
    assert_eq!(
        test.count("SELECT COUNT(*) FROM fact WHERE kind = 'exam' AND voided_by IS NULL").await,
        0,
        "the result is taken back"
    );
    assert_eq!(ada.get(&format!("{attempt}/result")).await.1["released"], false);
    // It used up none of the two attempts.
    let (_, eligible) = ada.get("/exams/sample/eligibility").await;
    assert_eq!(eligible["reasons"][0], json!({"id": "attempts", "met": true, "about": "2"}), "{eligible}");
    let next = ada.start().await;
    assert_ne!(next, attempt);
}

async fn time_that_the_server_was_away_is_given_back(store: Store) {
    for (lost, expected) in [(false, 35 * 60_000), (true, 0)] {
        let test = TestApp::start(store).await;
        publish(
            &test,
            &spec(|exam| {
                if lost {
                    exam["sitting"] = json!({"downtime": "lost"});
                }
            }),
        )
        .await;
        let mut ada = Candidate::enrol(&test, "ada@members.example").await;
        attempts::live(&test.app).await.expect("says that it runs");
        let attempt = ada.start().await;
        for _ in 0..12 {
            test.clock.advance(Duration::seconds(25));
            attempts::live(&test.app).await.expect("says that it runs");
        }
        let examiner = test.api_key(Role::Examiner).await;
        let body = json!({"minutes": 10, "reason": "late begin"});
        as_staff(&test, &examiner, Method::POST, &format!("{attempt}/steps/add-time"), body).await;
        // The server is gone for a day; when it is back, credit comes before the sweep.
        test.clock.advance(Duration::days(1));
        assert_eq!(attempts::credit_downtime(&test.app).await.expect("credited"), usize::from(!lost));
        assert_eq!(attempts::credit_downtime(&test.app).await.expect("credited"), 0, "once");
        attempts::expire_due(&test.app).await.expect("swept");
        ada.renew().await;
        let (_, clock) = ada.get(&format!("{attempt}/clock")).await;
        assert_eq!(clock["remaining_ms"], expected, "{clock}");
    }
}

async fn a_lost_connection_is_credited_where_the_exam_says_so(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|exam| exam["sitting"] = json!({"connection": {"pauses_minutes": 20}}))).await;
    let mut ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let right = ada.handles(&attempt, 1, "right").await;
    test.clock.advance(Duration::minutes(45));
    attempts::expire_due(&test.app).await.expect("swept");
    ada.renew().await;
    let (status, saved) = ada.save(&attempt, 1, &right, 0, "op-1").await;
    assert_eq!(status, 200, "the candidate is back within what the exam credits: {saved}");
    assert_eq!(ada.get(&format!("{attempt}/clock")).await.1["remaining_ms"], 5 * 60_000);
    test.clock.advance(Duration::minutes(6));
    assert_eq!(ada.save(&attempt, 1, &right, 1, "op-2").await.0, 410, "and no more than that");
}

/// The same promises as on the pure model, a sample of histories through the server: nothing acknowledged is lost, an attempt has one end and one result.
async fn any_history_through_the_server_keeps_its_promises(store: Store) {
    let rounds = if std::env::var_os("WAYMARK_LONG").is_some() { 200 } else { 6 };
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut draw = move |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % below
    };
    let test = TestApp::start(store).await;
    publish(&test, &spec(|exam| exam["rules"] = json!({}))).await;
    let admin = test.api_key(Role::Admin).await;
    for round in 0..rounds {
        let mut ada = Candidate::enrol(&test, &format!("ada{round}@members.example")).await;
        let attempt = ada.start().await;
        let mut handles = vec![];
        for position in 1..=3 {
            handles.push(ada.handles(&attempt, position, "").await);
        }
        let mut held = [(Value::Null, 0_u64), (Value::Null, 0), (Value::Null, 0)];
        for n in 0..20 {
            match draw(8) {
                0 => test.clock.advance(Duration::minutes(i64::try_from(draw(9)).expect("small"))),
                1 => drop(
                    as_staff(
                        &test,
                        &admin,
                        Method::POST,
                        &format!("{attempt}/steps/add-time"),
                        json!({"minutes": 3, "reason": "x"}),
                    )
                    .await,
                ),
                2 if draw(3) == 0 => drop(ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await),
                3 => drop(attempts::expire_due(&test.app).await.expect("swept")),
                _ => {
                    let at = usize::try_from(draw(3)).expect("small");
                    let options = handles[at].as_array().expect("options");
                    let response = json!([options[usize::try_from(draw(4)).expect("small")]]);
                    let behind = u64::from(draw(4) == 0);
                    let sent = held[at].1.saturating_sub(behind);
                    ada.renew().await;
                    let (status, body) = ada
                        .save(&attempt, u32::try_from(at + 1).expect("small"), &response, sent, &format!("op-{n}"))
                        .await;
                    if status == 200 {
                        assert_eq!((sent, body["revision"].as_u64()), (held[at].1, Some(sent + 1)), "{body}");
                        held[at] = (response, sent + 1);
                    } else {
                        assert!(matches!(status.as_u16(), 409 | 410 | 422), "{status} {body}");
                    }
                }
            }
        }
        ada.renew().await;
        let (_, shown) = ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
        assert_eq!(shown["state"], "scored", "{shown}");
        let id = attempt.trim_start_matches("/attempts/");
        for (at, (response, revision)) in held.iter().enumerate().filter(|(_, (_, revision))| *revision > 0) {
            let at_position = format!("WHERE attempt = '{id}' AND position = {}", at + 1);
            let stored = test.texts(&format!("SELECT response FROM response {at_position}")).await;
            assert_eq!(stored, [response.to_string()], "an acknowledged answer is there");
            assert_eq!(
                test.count(&format!("SELECT revision FROM response {at_position}")).await,
                i64::try_from(*revision).expect("small")
            );
        }
        assert_eq!(test.count(&format!("SELECT COUNT(*) FROM score_run WHERE attempt = '{id}'")).await, 1);
    }
}
