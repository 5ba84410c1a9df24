//! Windows after they were made: changed before they open, cancelled while nobody has begun, and who hears of it.

use reqwest::Method;
use serde_json::{Value, json};
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::attempts;
use waymark::database::Kind;

use super::{Candidate, answer, as_staff, field, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_window_changes_until_it_opens,
    a_cancelled_window_admits_nobody,
    a_cancelled_window_admits_nobody_without_a_seat,
    a_window_in_which_somebody_began_is_not_cancelled,
    a_window_is_held_while_somebody_begins,
    whoever_has_a_seat_hears_in_their_language,
    the_pages_change_and_cancel
);

const AHEAD: [&str; 2] = ["2026-11-21T10:00:00Z", "2026-11-21T12:00:00Z"];
const OPEN: [&str; 2] = ["2026-11-21T08:00:00Z", "2026-11-21T12:00:00Z"];

fn hall([opens, closes]: [&str; 2], seats: u32) -> Value {
    json!({"name": "Hall", "opens_at": opens, "closes_at": closes, "seats": seats})
}

/// An exam with a window, and a key of an examiner.
async fn planned(test: &TestApp, admission: &str, times: [&str; 2]) -> (String, String) {
    publish(test, &spec(|exam| exam["sitting"] = json!({"admission": admission}))).await;
    let key = test.api_key(Role::Examiner).await;
    let (status, made) = as_staff(test, &key, Method::POST, "/exams/sample/windows", hall(times, 2)).await;
    assert_eq!(status, 201, "{made}");
    (key, made["id"].as_str().expect("an id").to_owned())
}

async fn cancel(test: &TestApp, key: &str, window: &str, reason: &str) -> (u16, Value) {
    let path = format!("/windows/{window}/cancel");
    let (status, body) = as_staff(test, key, Method::POST, &path, json!({"reason": reason})).await;
    (status.as_u16(), body)
}

async fn take(person: &Candidate<'_>, window: &str) -> (u16, Value) {
    let (status, body) = person.call(Method::POST, "/exams/sample/seats", json!({"window": window})).await;
    (status.as_u16(), body)
}

async fn audited(test: &TestApp, action: &str) -> usize {
    test.texts("SELECT action FROM audit").await.iter().filter(|known| *known == action).count()
}

async fn a_window_changes_until_it_opens(store: Store) {
    let test = TestApp::start(store).await;
    let (key, window) = planned(&test, "seat", AHEAD).await;
    let path = format!("/windows/{window}");
    let put = async |body: Value| as_staff(&test, &key, Method::PUT, &path, body).await;
    for email in ["ada@members.example", "bob@members.example"] {
        assert_eq!(take(&Candidate::enrol(&test, email).await, &window).await.0, 201);
    }
    let (status, refused) = put(hall(AHEAD, 1)).await;
    assert_eq!(
        (status.as_u16(), &refused["errors"][0]["pointer"]),
        (422, &json!("/seats")),
        "two are taken: {refused}"
    );
    let (status, changed) = put(hall(["2026-11-21T11:00:00Z", AHEAD[1]], 3)).await;
    assert_eq!(status, 200, "{changed}");
    assert_eq!((&changed["seats"], &changed["taken"]), (&json!(3), &json!(2)), "{changed}");
    assert_eq!(changed["opens_at"], "2026-11-21T11:00:00Z");
    let (status, _) = put(json!({"name": "", "opens_at": AHEAD[1], "closes_at": AHEAD[0]})).await;
    assert_eq!(status, 422);
    assert_eq!(audited(&test, "window.change").await, 1);
    let (status, gone) = put(hall(["2020-01-01T00:00:00Z", "2020-01-01T01:00:00Z"], 3)).await;
    assert_eq!((status.as_u16(), &gone["errors"][0]["pointer"]), (422, &json!("/closes_at")), "{gone}");
    let mut strict = hall(AHEAD, 3);
    strict["identity"] = json!(true);
    strict["start_code"] = json!("harbour");
    assert_eq!(put(strict).await.0, 200);
    let (_, kept) = put(hall(AHEAD, 4)).await;
    assert_eq!((&kept["identity"], &kept["seats"]), (&json!(true), &json!(4)), "what a call does not name stays");
    assert_eq!(test.texts("SELECT start_code FROM exam_window").await, ["harbour"]);
    let mut open = hall(AHEAD, 4);
    open["start_code"] = Value::Null;
    assert_eq!(put(open).await.0, 200);
    assert_eq!(test.count("SELECT COUNT(*) FROM exam_window WHERE start_code IS NULL").await, 1);
    let auditor = test.api_key(Role::Auditor).await;
    assert_eq!(as_staff(&test, &auditor, Method::PUT, &path, hall(AHEAD, 3)).await.0, 403);
    test.clock.advance(time::Duration::minutes(121));
    let key = test.api_key(Role::Examiner).await;
    let (status, late) = as_staff(&test, &key, Method::PUT, &path, hall(AHEAD, 3)).await;
    assert_eq!((status.as_u16(), &late["code"]), (409, &json!("window_opened")), "{late}");
}

async fn a_cancelled_window_admits_nobody(store: Store) {
    let test = TestApp::start(store).await;
    let (key, window) = planned(&test, "seat", OPEN).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    assert_eq!(take(&ada, &window).await.0, 201);
    assert_eq!(ada.get("/exams/sample/eligibility").await.1["eligible"], true);
    for silent in [" ", "\u{200b}", "seen \u{202e}backwards"] {
        assert_eq!(cancel(&test, &key, &window, silent).await.0, 422, "it says why");
    }
    let (status, cancelled) = cancel(&test, &key, &window, "The hall is flooded.").await;
    assert_eq!((status, &cancelled["cancel_reason"]), (200, &json!("The hall is flooded.")), "{cancelled}");
    assert_eq!(audited(&test, "window.cancel").await, 1);
    assert_eq!(ada.begin(Value::Null).await.1["code"], "not_eligible", "a seat in it is no seat");
    let (_, _, page) = ada.open("/exams/sample?lang=en").await;
    assert!(page.contains("Cancelled") && page.contains("The hall is flooded."), "{page}");
    let bob = Candidate::enrol(&test, "bob@members.example").await;
    assert_eq!(take(&bob, &window).await.1["code"], "window_cancelled");
    assert_eq!(bob.get("/exams/sample/windows").await.1["data"], json!([]));
    let (status, again) = cancel(&test, &key, &window, "Again.").await;
    assert_eq!((status, &again["code"]), (409, &json!("window_cancelled")));
    let (status, changed) = as_staff(&test, &key, Method::PUT, &format!("/windows/{window}"), hall(AHEAD, 9)).await;
    assert_eq!((status.as_u16(), &changed["code"]), (409, &json!("window_cancelled")));
    assert_eq!(test.count("SELECT COUNT(*) FROM attempt").await, 0);
}

async fn a_cancelled_window_admits_nobody_without_a_seat(store: Store) {
    let test = TestApp::start(store).await;
    let (key, window) = planned(&test, "window", OPEN).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    assert_eq!(ada.get("/exams/sample/eligibility").await.1["eligible"], true);
    assert_eq!(cancel(&test, &key, &window, "No staff.").await.0, 200);
    assert_eq!(ada.begin(Value::Null).await.1["code"], "not_eligible");
}

async fn a_window_in_which_somebody_began_is_not_cancelled(store: Store) {
    let test = TestApp::start(store).await;
    let (key, window) = planned(&test, "window", OPEN).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    assert_eq!(ada.begin(Value::Null).await.0, 201);
    let (status, refused) = cancel(&test, &key, &window, "Too late.").await;
    assert_eq!((status, &refused["code"]), (409, &json!("window_in_use")), "{refused}");
    assert_eq!(test.count("SELECT COUNT(*) FROM exam_window WHERE cancelled_at IS NOT NULL").await, 0);
    let (_, unused) = as_staff(&test, &key, Method::POST, "/exams/sample/windows", hall(OPEN, 1)).await;
    test.clock.advance(time::Duration::hours(4));
    let key = test.api_key(Role::Examiner).await;
    let (status, over) = cancel(&test, &key, unused["id"].as_str().expect("an id"), "Too late.").await;
    assert_eq!((status, &over["code"]), (409, &json!("window_over")), "{over}");
}

/// Of a start and a cancellation side by side, one is refused: nobody sits in a window that was cancelled.
async fn a_window_is_held_while_somebody_begins(store: Store) {
    let test = TestApp::start(store).await;
    let (key, window) = planned(&test, "window", OPEN).await;
    let mut people = vec![];
    for n in 0..8 {
        people.push(Candidate::enrol(&test, &format!("person{n}@members.example")).await);
    }
    let path = test.url(&format!("/api/v1/windows/{window}/cancel"));
    let off = answer(test.http.post(path).bearer_auth(&key).json(&json!({"reason": "Off."})));
    let starts = futures_util::future::join_all(people.iter().map(|person| person.begin(Value::Null)));
    let (begun, (status, off)) = futures_util::future::join(starts, off).await;
    let begun = begun.iter().filter(|(status, _)| *status == 201).count();
    assert_eq!(status == 200, begun == 0, "{begun} began, and it answered {status}: {off}");
}

async fn whoever_has_a_seat_hears_in_their_language(store: Store) {
    let test = TestApp::start(store).await;
    let (key, window) = planned(&test, "seat", AHEAD).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let (bob, eve) =
        (Candidate::enrol(&test, "bob@members.example").await, Candidate::enrol(&test, "eve@members.example").await);
    for person in [&ada, &bob] {
        assert_eq!(take(person, &window).await.0, 201);
    }
    // Bob gave it back.
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    attempts::cancel_seat(&mut ch, window.parse().expect("an id"), bob.member).await.expect("given back");
    ch.commit().await.expect("committed");
    let path = format!("/windows/{window}");
    let put = async |body: Value| assert_eq!(as_staff(&test, &key, Method::PUT, &path, body).await.0, 200);
    put(hall(AHEAD, 5)).await;
    put(hall(["2026-11-21T11:00:00Z", AHEAD[1]], 5)).await;
    assert_eq!(cancel(&test, &key, &window, "会場が使えません。").await.0, 200);
    test.settle().await;
    let moved_and_off = vec!["window_cancelled".to_owned(), "window_moved".to_owned()];
    for (person, expected) in [(&ada, moved_and_off), (&bob, vec![]), (&eve, vec![])] {
        let told =
            test.texts(&format!("SELECT what FROM notice WHERE member = '{}' ORDER BY what", person.member)).await;
        assert_eq!(told, expected, "more seats are no news, and only who has a seat hears");
    }
    for (language, words) in [("en", "was cancelled. The reason: "), ("ja", "は中止になりました。理由：")]
    {
        let (_, _, page) = ada.open(&format!("/me/notices?lang={language}")).await;
        assert!(page.contains(words) && page.contains("会場が使えません。") && !page.contains('⟦'), "{page}");
    }
}

async fn the_pages_change_and_cancel(store: Store) {
    let test = TestApp::start(store).await;
    let (_, window) = planned(&test, "seat", AHEAD).await;
    let boss = Candidate::enrol(&test, "boss@members.example").await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    waymark::access::give_role(&mut ch, boss.member, Role::Examiner).await.expect("given");
    ch.commit().await.expect("committed");
    let room = format!("/admin/windows/{window}");
    for language in ["en", "ja"] {
        for path in [room.clone(), format!("{room}/edit"), format!("{room}/cancel")] {
            let (status, _, page) = boss.open(&format!("{path}?lang={language}")).await;
            assert!(status == 200 && !page.contains('⟦'), "{path}: {page}");
        }
    }
    let (_, _, page) = boss.open(&format!("{room}/edit?lang=en")).await;
    let kept = |name: &str| {
        page.split_once(&format!("name=\"{name}\"")).expect("a field").1.split('>').next().expect("a tag").to_owned()
    };
    let value = |name: &str| {
        kept(name)
            .split_once("value=\"")
            .map_or(String::new(), |(_, rest)| rest.split('"').next().unwrap_or_default().to_owned())
    };
    let (csrf, day, from) = (field(&page, "csrf"), value("day"), value("from"));
    let (until_day, until) = (value("until_day"), value("until"));
    let form = |seats: &'static str| {
        [
            ("csrf", csrf.as_str()),
            ("name", "Hall 2"),
            ("day", day.as_str()),
            ("from", from.as_str()),
            ("until_day", until_day.as_str()),
            ("until", until.as_str()),
            ("seats", seats),
        ]
    };
    let (status, _, wrong) = boss.post(&format!("{room}/edit?lang=en"), &form("many")).await;
    assert!(status == 422 && wrong.contains("value=\"Hall 2\"") && wrong.contains("seats-wrong"), "{wrong}");
    let (status, back, _) = boss.post(&format!("{room}/edit"), &form("7")).await;
    assert_eq!((status.as_u16(), back), (303, format!("{room}?done=change")));
    let (_, _, page) = boss.open(&format!("{room}?done=change&lang=en")).await;
    assert!(page.contains("The window was changed.") && page.contains("0 of 7 taken"), "{page}");
    let kept = test.texts("SELECT CAST(opens_at AS TEXT) || ' ' || CAST(closes_at AS TEXT) FROM exam_window").await;
    assert_eq!(kept, ["1795255200000 1795262400000"], "times that nobody touched stay");
    let (status, _, wrong) = boss.post(&format!("{room}/cancel?lang=en"), &[("csrf", &csrf), ("reason", " ")]).await;
    assert!(status == 422 && wrong.contains("reason-wrong"), "{wrong}");
    let off = [("csrf", csrf.as_str()), ("reason", "The hall is <b>closed</b>.")];
    assert_eq!(boss.post(&format!("{room}/cancel"), &off).await.0, 303);
    let (_, _, page) = boss.open(&format!("{room}?lang=en")).await;
    assert!(page.contains("Cancelled at") && page.contains("&#60;b&#62;closed"), "{page}");
    assert!(!page.contains("/edit") && !page.contains("/cancel"), "nothing is left to do: {page}");
    let (_, _, page) = boss.open("/admin/exams/sample/windows?lang=ja").await;
    assert!(page.contains("Hall 2") && page.contains("中止"), "{page}");
    for step in ["edit", "cancel"] {
        let (status, _, page) = boss.open(&format!("{room}/{step}?lang=en")).await;
        assert!(status == 409 && page.contains("This date was cancelled"), "{step}: {page}");
    }
}
