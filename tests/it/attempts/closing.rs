//! How an attempt ends: handed in, by time, many at once; and that each end has one result and one fact.

use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;
use waymark::actor::Actor;
use waymark::attempts;
use waymark::database::Kind;
use waymark::facts;
use waymark_criteria::Detail;

use super::{Candidate, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(
    what_comes_late_does_not_count,
    grace_is_granted_and_ends,
    nobody_needs_to_look_for_time_to_end_an_attempt,
    the_worker_sweeps_when_it_starts,
    sixty_four_submits_make_one_result,
    saves_race_with_the_submit,
    a_held_result_waits_for_its_release
);

async fn exam_facts(test: &TestApp, who: &Candidate<'_>) -> Vec<(bool, String)> {
    let facts = facts::of_member(test.app.db.read(), who.member).await.expect("read");
    let exam = |fact: waymark_criteria::Fact| match fact.detail {
        Detail::Exam { slug, passed, score, .. } => {
            let score = score.expect("our own exams have a score");
            assert_eq!(slug, "sample");
            Some((passed, format!("{} of {} at {}", score.points, score.of, waymark::clock::rfc3339(fact.happened_at))))
        }
        _ => None,
    };
    facts.into_iter().filter_map(exam).collect()
}

async fn what_comes_late_does_not_count(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let mut ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let (one, two) = (ada.handles(&attempt, 1, "right").await, ada.handles(&attempt, 2, "right").await);
    test.clock.advance(Duration::minutes(30));
    let (status, at_the_bell) = ada.save(&attempt, 1, &one, 0, "op-1").await;
    assert_eq!(status, 200, "the last moment counts: {at_the_bell}");
    test.clock.advance(Duration::milliseconds(1));
    let (status, late) = ada.save(&attempt, 2, &two, 0, "op-2").await;
    assert_eq!((status.as_u16(), late["code"].as_str()), (410, Some("attempt_over")), "{late}");
    assert_eq!(
        ada.save(&attempt, 1, &one, 0, "op-1").await,
        (status_200(), at_the_bell),
        "a retry still learns that it is safe"
    );
    assert_eq!(ada.get(&format!("{attempt}/items/1")).await.0, 410);
    assert_eq!(ada.call(Method::PUT, &format!("{attempt}/positions/1/flag"), json!({"flagged": true})).await.0, 410);
    test.clock.advance(Duration::hours(5));
    ada.renew().await;
    let (status, submitted) = ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    assert_eq!((status.as_u16(), &submitted["closed_by"]), (200, &json!("expired")), "{submitted}");
    assert_eq!(
        submitted["closed_at"], "2026-11-21T09:30:00Z",
        "it closed at its deadline, however late somebody looked"
    );
    let (_, result) = ada.get(&format!("{attempt}/result")).await;
    assert_eq!((&result["points"], &result["passed"]), (&json!(1), &json!(false)));
    assert_eq!(exam_facts(&test, &ada).await, [(false, "1 of 3 at 2026-11-21T09:30:00Z".to_owned())]);
}

fn status_200() -> reqwest::StatusCode {
    reqwest::StatusCode::OK
}

async fn grace_is_granted_and_ends(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|exam| exam["timing"] = json!({"minutes": 30, "grace_seconds": 10}))).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let right = ada.handles(&attempt, 1, "right").await;
    test.clock.advance(Duration::minutes(30) + Duration::seconds(10));
    let (_, shown) = ada.get(&attempt).await;
    assert_eq!((&shown["deadline"], &shown["remaining_ms"]), (&json!("2026-11-21T09:30:00Z"), &json!(0)));
    assert_eq!(ada.save(&attempt, 1, &right, 0, "op-1").await.0, 200);
    test.clock.advance(Duration::milliseconds(1));
    assert_eq!(ada.save(&attempt, 1, &json!([]), 1, "op-2").await.0, 410);
    let (_, result) = ada.get(&format!("{attempt}/result")).await;
    assert_eq!((&result["points"], &result["closed_at"]), (&json!(1), &json!("2026-11-21T09:30:10Z")));
}

async fn nobody_needs_to_look_for_time_to_end_an_attempt(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let bob = Candidate::enrol(&test, "bob@members.example").await;
    ada.start().await;
    test.clock.advance(Duration::minutes(20));
    let later = bob.start().await;
    assert_eq!(attempts::expire_due(&test.app).await.expect("swept"), 0);
    test.clock.advance(Duration::minutes(11));
    assert_eq!(attempts::expire_due(&test.app).await.expect("swept"), 1);
    assert_eq!(attempts::expire_due(&test.app).await.expect("swept"), 0, "a second sweep finds nothing");
    assert_eq!(exam_facts(&test, &ada).await, [(false, "0 of 3 at 2026-11-21T09:30:00Z".to_owned())]);
    assert_eq!(bob.get(&later).await.1["state"], "in_progress");
}

async fn the_worker_sweeps_when_it_starts(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    ada.start().await;
    test.clock.advance(Duration::hours(8));
    // Told to stop from the beginning, the worker makes one round.
    let (_stop, stopped) = tokio::sync::watch::channel(true);
    waymark::worker::run(test.app.clone(), stopped).await;
    assert_eq!(exam_facts(&test, &ada).await.len(), 1, "what time ended while no server ran is closed at once");
}

async fn sixty_four_submits_make_one_result(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    for position in 1..=3 {
        let right = ada.handles(&attempt, position, "right").await;
        ada.save(&attempt, position, &right, 0, &format!("op-{position}")).await;
    }
    let path = format!("{attempt}/submit");
    let answers = futures_util::future::join_all((0..64).map(|_| ada.call(Method::POST, &path, Value::Null))).await;
    for (status, body) in &answers {
        assert_eq!((status.as_u16(), body), (200, &answers[0].1));
    }
    assert_eq!(exam_facts(&test, &ada).await, [(true, "3 of 3 at 2026-11-21T09:00:00Z".to_owned())]);
    let (status, closed) = ada.save(&attempt, 1, &json!([]), 1, "op-late").await;
    assert_eq!((status.as_u16(), closed["code"].as_str()), (409, Some("attempt_closed")));
    assert_eq!(ada.get(&format!("{attempt}/items/1")).await.0, 409);
}

async fn saves_race_with_the_submit(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let right = [
        ada.handles(&attempt, 1, "right").await,
        ada.handles(&attempt, 2, "right").await,
        ada.handles(&attempt, 3, "right").await,
    ];
    let saves = (1..=3_u32).zip(&right).map(|(position, right)| {
        let (ada, attempt) = (&ada, &attempt);
        async move { ada.save(attempt, position, right, 0, &format!("op-{position}")).await.0 == 200 }
    });
    let path = format!("{attempt}/submit");
    let submit = ada.call(Method::POST, &path, Value::Null);
    let (saved, _) = futures_util::future::join(futures_util::future::join_all(saves), submit).await;
    let acknowledged = saved.iter().filter(|saved| **saved).count();
    let (_, result) = ada.get(&format!("{attempt}/result")).await;
    assert_eq!(result["points"], json!(acknowledged), "what was acknowledged counts, what was refused does not");
}

async fn a_held_result_waits_for_its_release(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|exam| exam["release"] = json!("held"))).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    let (status, held) = ada.get(&format!("{attempt}/result")).await;
    assert_eq!((status.as_u16(), &held["released"]), (200, &json!(false)));
    assert!(held.get("passed").is_none() && held.get("points").is_none(), "{held}");
    assert!(exam_facts(&test, &ada).await.is_empty(), "a held result has no effect");
    let id = attempt.trim_start_matches("/attempts/").parse().expect("an id");
    let held = attempts::find(test.app.db.read(), id, ada.member).await.expect("there");
    for _ in 0..2 {
        let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        attempts::release(&mut ch, &held).await.expect("released");
        ch.commit().await.expect("committed");
    }
    let (_, result) = ada.get(&format!("{attempt}/result")).await;
    assert_eq!((&result["released"], &result["passed"]), (&json!(true), &json!(false)));
    assert_eq!(exam_facts(&test, &ada).await.len(), 1);
}
