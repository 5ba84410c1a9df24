//! Sections as the server holds them: in order, with clocks and breaks of their own, and never a word of one that is not open.

use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;

use super::{Candidate, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_section_opens_after_the_one_before_it,
    clocks_and_breaks_run_without_anybody,
    linear_is_forward_only,
    practice_counts_for_nothing
);

fn two(first: Value, second: Value) -> waymark_assess::ExamSpec {
    let named = |mut section: Value, name: &str| {
        section["name"] = json!(name);
        section["domains"] = json!([name]);
        section
    };
    spec(|exam| {
        exam["sections"] = json!([named(first, "alpha"), named(second, "beta")]);
        let minutes = |n: usize| exam["sections"][n]["minutes"].as_u64();
        if let (Some(first), Some(second)) = (minutes(0), minutes(1)) {
            exam["timing"]["minutes"] = json!(first + second);
        }
    })
}

async fn a_section_opens_after_the_one_before_it(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &two(json!({"navigation": "locked"}), json!({}))).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let (_, clock) = ada.get(&format!("{attempt}/clock")).await;
    let open: Vec<u64> =
        clock["section"]["positions"].as_array().expect("positions").iter().filter_map(Value::as_u64).collect();
    let shut: Vec<u64> = (1..=3).filter(|position| !open.contains(position)).collect();
    assert_eq!((open.len(), shut.len(), &clock["section"]["last"]), (2, 1, &json!(false)), "{clock}");
    let id = attempt.trim_start_matches("/attempts/").to_owned();
    for position in &shut {
        let (status, item) = ada.get(&format!("{attempt}/items/{position}")).await;
        assert_eq!((status.as_u16(), &item["code"]), (409, &json!("section_not_open")), "{item}");
        let (status, _, page) = ada.open(&format!("/exam/{id}/{position}")).await;
        assert!(status == 409 && !page.contains("What about"), "no word of it: {page}");
        assert_eq!(
            ada.save(&attempt, u32::try_from(*position).expect("small"), &json!([]), 0, "early").await.1["code"],
            "section_not_open"
        );
    }
    let first = u32::try_from(open[0]).expect("small");
    let right = ada.handles(&attempt, first, "right").await;
    assert_eq!(ada.save(&attempt, first, &right, 0, "op-1").await.0, 200);
    assert_eq!(ada.call(Method::POST, &format!("{attempt}/moves/leave-section"), Value::Null).await.0, 200);
    for position in &open {
        let (status, item) = ada.get(&format!("{attempt}/items/{position}")).await;
        assert_eq!((status.as_u16(), &item["code"]), (409, &json!("section_closed")), "{item}");
        assert!(!item.to_string().contains("What about"));
        let (status, _, page) = ada.open(&format!("/exam/{id}/{position}")).await;
        assert!(status == 409 && !page.contains("What about"), "{page}");
    }
    assert_eq!(ada.save(&attempt, first, &json!([]), 1, "op-2").await.1["code"], "section_closed");
    assert_eq!(ada.save(&attempt, first, &right, 0, "op-1").await.0, 200, "a retry learns that it is safe");
    assert_eq!(ada.get(&format!("{attempt}/items/{}", shut[0])).await.0, 200);
    assert_eq!(
        ada.call(Method::POST, &format!("{attempt}/moves/leave-section"), Value::Null).await.1["code"],
        "last_section"
    );
    let (_, location, _) = ada.open(&format!("/exam/{id}")).await;
    assert_eq!(location, format!("/exam/{id}/{}", shut[0]), "the player leads to what stands open");
}

async fn clocks_and_breaks_run_without_anybody(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &two(json!({"minutes": 10, "navigation": "locked", "break_minutes": 5}), json!({"minutes": 8})))
        .await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    assert_eq!(ada.get(&format!("{attempt}/clock")).await.1["section"]["remaining_ms"], 600_000);
    test.clock.advance(Duration::minutes(12));
    let (_, resting) = ada.get(&format!("{attempt}/clock")).await;
    assert_eq!(
        (&resting["pause"]["kind"], &resting["pause"]["until"]),
        (&json!("break"), &json!("2026-11-21T09:15:00Z")),
        "{resting}"
    );
    let id = attempt.trim_start_matches("/attempts/").to_owned();
    assert_eq!(ada.open(&format!("/exam/{id}")).await.0, 200, "the break has a page");
    assert_eq!(ada.call(Method::POST, &format!("{attempt}/moves/end-break"), Value::Null).await.0, 200);
    let (_, second) = ada.get(&format!("{attempt}/clock")).await;
    assert_eq!(
        (&second["section"]["name"], &second["section"]["remaining_ms"]),
        (&json!("beta"), &json!(480_000)),
        "{second}"
    );
    test.clock.advance(Duration::minutes(8) + Duration::milliseconds(1));
    assert_eq!(
        waymark::attempts::expire_due(&test.app).await.expect("swept"),
        1,
        "the last section's clock ends the attempt"
    );
    assert_eq!(ada.get(&attempt).await.1["closed_at"], "2026-11-21T09:20:00Z");
}

async fn linear_is_forward_only(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &two(json!({"navigation": "linear"}), json!({"navigation": "linear"}))).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    assert_eq!(ada.get(&format!("{attempt}/items/2")).await.1["code"], "section_not_open", "one after the other");
    let first = ada.handles(&attempt, 1, "right").await;
    assert_eq!(ada.get(&format!("{attempt}/items/2")).await.0, 200);
    assert_eq!(ada.get(&format!("{attempt}/items/1")).await.1["code"], "section_closed");
    assert_eq!(ada.save(&attempt, 1, &first, 0, "op-1").await.1["code"], "section_closed");
}

async fn practice_counts_for_nothing(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|exam| exam["sitting"] = json!({"practice": true, "untimed": true}))).await;
    let mut ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    test.clock.advance(Duration::days(20));
    ada.renew().await;
    let (_, clock) = ada.get(&format!("{attempt}/clock")).await;
    assert_eq!((&clock["untimed"], &clock["state"]), (&json!(true), &json!("in_progress")), "{clock}");
    for position in 1..=3 {
        let right = ada.handles(&attempt, position, "right").await;
        ada.save(&attempt, position, &right, 0, &format!("op-{position}")).await;
    }
    ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    assert_eq!(ada.get(&format!("{attempt}/result")).await.1["passed"], true);
    assert_eq!(test.count("SELECT COUNT(*) FROM fact WHERE kind = 'exam'").await, 0, "no fact, so no credential");
}
