//! Sections as the server holds them: in order, with clocks and breaks of their own, and never a word of one that is not open.

use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;
use waymark::access::Role;

use super::{Candidate, as_staff, field, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_section_opens_after_the_one_before_it,
    a_section_is_left_once_and_by_the_window_that_writes,
    clocks_and_breaks_run_without_anybody,
    linear_is_forward_only,
    the_review_speaks_of_what_is_open,
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
    let leave = async |section: Value| ada.call(Method::POST, &format!("{attempt}/moves/leave-section"), section).await;
    assert_eq!(leave(Value::Null).await.1["errors"][0]["pointer"], "/section", "whoever leaves says what");
    assert_eq!(leave(json!({"section": "beta"})).await.0, 200);
    assert_eq!(
        ada.get(&format!("{attempt}/clock")).await.1["section"]["name"],
        "alpha",
        "what is not open is not left"
    );
    assert_eq!(leave(json!({"section": "alpha"})).await.0, 200);
    assert_eq!(leave(json!({"section": "alpha"})).await.0, 200, "twice closes nothing more");
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
    assert_eq!(leave(json!({"section": "beta"})).await.1["code"], "last_section");
    let (_, location, _) = ada.open(&format!("/exam/{id}")).await;
    assert_eq!(location, format!("/exam/{id}/{}", shut[0]), "the player leads to what stands open");
}

async fn a_section_is_left_once_and_by_the_window_that_writes(store: Store) {
    let test = TestApp::start(store).await;
    let locked = || json!({"navigation": "locked", "minutes": 10});
    publish(&test, &two(locked(), locked())).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let id = attempt.trim_start_matches("/attempts/").to_owned();
    let open = async || ada.get(&format!("{attempt}/clock")).await.1["section"]["name"].clone();
    let (_, _, page) = ada.open(&format!("/exam/{id}/review")).await;
    let (csrf, section, lease) = (field(&page, "csrf"), field(&page, "section"), field(&page, "lease"));
    let form = [("csrf", csrf.as_str()), ("section", section.as_str()), ("lease", lease.as_str())];
    // Pressed as the time of the section was up: the next one stands open, and stays.
    test.clock.advance(Duration::minutes(10) + Duration::seconds(1));
    let (status, location, _) = ada.post(&format!("/exam/{id}/moves/leave-section"), &form).await;
    assert_eq!((status.as_u16(), location), (303, format!("/exam/{id}")));
    assert_eq!(open().await, json!("beta"));

    let bea = Candidate::enrol(&test, "bea@members.example").await;
    let attempt = bea.start().await;
    let held = bea.call(Method::POST, &format!("{attempt}/lease"), json!({"holder": "window-number-one"})).await.1;
    let leave = async |lease: Value| {
        let body = json!({"section": "alpha", "lease": lease});
        bea.call(Method::POST, &format!("{attempt}/moves/leave-section"), body).await
    };
    assert_eq!(leave(Value::Null).await.1["code"], "lease_lost", "another window writes");
    assert_eq!(bea.get(&format!("{attempt}/clock")).await.1["section"]["name"], "alpha");
    assert_eq!(leave(held["epoch"].clone()).await.0, 200);
    assert_eq!(bea.get(&format!("{attempt}/clock")).await.1["section"]["name"], "beta");
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

async fn the_review_speaks_of_what_is_open(store: Store) {
    let test = TestApp::start(store).await;
    let titled = |ja: &str, en: &str| json!({"navigation": "locked", "title": {"ja": ja, "en": en}});
    publish(&test, &two(titled("前半", "First half"), titled("後半", "Second half"))).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let (_, _, intro) = ada.open("/exams/sample").await;
    assert!(
        intro.contains("<strong>First half</strong>") && intro.contains("once you have left it, it stays closed"),
        "{intro}"
    );
    assert!(!intro.contains("alpha"), "no raw name: {intro}");
    let attempt = ada.start().await;
    let id = attempt.trim_start_matches("/attempts/").to_owned();
    let (_, clock) = ada.get(&format!("{attempt}/clock")).await;
    assert_eq!(clock["section"]["title"], "First half", "{clock}");
    let open: Vec<u64> =
        clock["section"]["positions"].as_array().expect("positions").iter().filter_map(Value::as_u64).collect();
    let shut = (1..=3).find(|position| !open.contains(position)).expect("one");
    let review = async |lang: &str| ada.open(&format!("/exam/{id}/review?lang={lang}")).await.2;
    let page = review("en").await;
    assert!(!page.contains(&format!("href=\"/exam/{id}/{shut}\"")), "nothing leads to what is not open: {page}");
    for position in &open {
        assert!(page.contains(&format!("href=\"/exam/{id}/{position}\"")), "{page}");
    }
    for said in [
        "Of the 2 questions that are open now you answered 0.",
        "1. First half",
        "<strong>open now</strong>",
        "2. Second half",
        "not opened yet",
        "Finish “First half”",
        "handed in without answers: 1 question.",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let ja = review("ja").await;
    // The name stands in the hidden field alone.
    let said = ja.replace("name=\"section\" value=\"alpha\"", "");
    assert!(
        ja.contains("「前半」を終える") && ja.contains("これから") && !said.contains("alpha") && !ja.contains('⟦'),
        "{ja}"
    );
    let (_, _, question) = ada.open(&format!("/exam/{id}/{}?lang=en", open[0])).await;
    assert!(
        question.contains("Section 1 of 2:") && question.contains(&format!("data-open=\"{} {}\"", open[0], open[1]))
    );
    let cell = format!("value=\"{shut}\" aria-label=\"Question {shut}, cannot be opened now\" disabled");
    assert!(question.contains(&cell), "{question}");

    let first = u32::try_from(open[0]).expect("small");
    let right = ada.handles(&attempt, first, "right").await;
    ada.save(&attempt, first, &right, 0, "op-1").await;
    ada.call(Method::POST, &format!("{attempt}/moves/leave-section"), json!({"section": "alpha"})).await;
    let page = review("en").await;
    assert!(page.contains("1 of 2 answered") && page.contains(">closed<") && !page.contains("Finish “"), "{page}");
    assert!(
        !page.contains(&format!("href=\"/exam/{id}/{first}\"")) && page.contains("Hand in all 3 questions"),
        "{page}"
    );

    let forward = TestApp::start(store).await;
    publish(&forward, &spec(|exam| exam["navigation"] = json!("linear"))).await;
    let bea = Candidate::enrol(&forward, "bea@members.example").await;
    let attempt = bea.start().await;
    let id = attempt.trim_start_matches("/attempts/").to_owned();
    for position in 1..=2 {
        assert_eq!(bea.open(&format!("/exam/{id}/{position}")).await.0, 200);
    }
    let (_, clock) = bea.get(&format!("{attempt}/clock")).await;
    assert_eq!(clock["section"]["positions"], json!([2, 3]), "where one is, and the next: {clock}");
    let page = bea.open(&format!("/exam/{id}/review")).await.2;
    assert!(page.contains("Forward only") && !page.contains(&format!("href=\"/exam/{id}/1\"")), "{page}");
}

async fn practice_counts_for_nothing(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|exam| exam["sitting"] = json!({"practice": true, "untimed": true}))).await;
    let mut ada = Candidate::enrol(&test, "ada@members.example").await;
    let admin = test.api_key(Role::Admin).await;
    let more = async |percent: u32| {
        let allowed = json!({"percent": percent, "reason": "approved"});
        let path = format!("/members/{}/accommodations", ada.member);
        as_staff(&test, &admin, Method::POST, &path, allowed).await.0.as_u16()
    };
    assert_eq!(more(150).await, 201);
    let (_, _, intro) = ada.open("/exams/sample?lang=en").await;
    assert!(intro.contains("No clock") && intro.contains("for 30 days from when you begin"), "{intro}");
    let attempt = ada.start().await;
    let thirty = Duration::days(30).whole_milliseconds();
    let left = async || i128::from(ada.get(&attempt).await.1["remaining_ms"].as_i64().expect("a number"));
    assert_eq!(left().await, thirty, "where no clock runs nobody gets more of it");
    assert_eq!(more(200).await, 201);
    assert_eq!(left().await, thirty, "nor while it is under way");
    let exam = attempt.replace("/attempts/", "/exam/");
    for page in [format!("{exam}/1?lang=en"), format!("{exam}/review?lang=en")] {
        let (_, _, page) = ada.open(&page).await;
        assert!(page.contains("No clock") && !page.contains("min left</span>"), "{page}");
        assert!(!page.contains("data-timer"), "nothing for a script to count down");
    }
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
    let (_, _, result) =
        Candidate::enrol(&test, "ada@members.example").await.open(&format!("{exam}/result?lang=en")).await;
    assert!(
        result.contains("This was practice") && result.contains("1 attempt is left"),
        "as often as the exam says: {result}"
    );
    assert_eq!(test.count("SELECT COUNT(*) FROM fact WHERE kind = 'exam'").await, 0, "no fact, so no credential");
}
