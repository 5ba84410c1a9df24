//! The calls of a candidate, one by one.

use reqwest::Method;
use serde_json::{Value, json};
use waymark::access::Role;

use super::{Candidate, answer, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_whole_attempt_through_the_api,
    an_answer_is_saved_once_and_stale_ones_lose_nothing,
    bad_answers_are_named,
    a_program_that_never_stops_saving_is_stopped,
    a_start_without_an_exam_or_with_a_strange_body,
    attempts_and_cool_down_are_limited,
    a_foreign_attempt_does_not_exist,
    two_starts_make_one_attempt
);

async fn a_whole_attempt_through_the_api(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let (status, list) = ada.get("/exams").await;
    assert_eq!((status.as_u16(), list["data"][0]["slug"].as_str()), (200, Some("sample")));

    let (status, begun) = ada.call(Method::POST, "/exams/sample/attempts", json!({})).await;
    assert_eq!(status, 201, "{begun}");
    assert_eq!(begun["state"], "in_progress");
    assert_eq!(begun["positions"], 3);
    assert_eq!(begun["server_now"], "2026-11-21T09:00:00Z");
    assert_eq!(begun["deadline"], "2026-11-21T09:30:00Z");
    assert_eq!(begun["remaining_ms"], 1_800_000);
    let attempt = format!("/attempts/{}", begun["id"].as_str().expect("an id"));

    let (status, item) = ada.get(&format!("{attempt}/items/3")).await;
    assert_eq!(status, 200, "{item}");
    assert_eq!(item["type"], "multiple_choice");
    assert_eq!(item["section"], "beta");
    assert!(item["stem_html"].as_str().expect("HTML").contains("<strong>b"), "{item}");
    assert_eq!((&item["min_choices"], &item["max_choices"]), (&json!(2), &json!(2)));
    assert_eq!((&item["response"], &item["revision"], &item["flagged"]), (&json!([]), &json!(0), &json!(false)));

    for position in [1, 3] {
        let right = ada.handles(&attempt, position, "right").await;
        let (status, receipt) = ada.save(&attempt, position, &right, 0, &format!("op-{position}")).await;
        assert_eq!(status, 200, "{receipt}");
        assert_eq!(receipt["revision"], 1);
        assert_eq!(receipt["saved_at"], "2026-11-21T09:00:00Z");
    }
    let (_, flagged) = ada.call(Method::PUT, &format!("{attempt}/positions/2/flag"), json!({"flagged": true})).await;
    assert_eq!(flagged, json!({"position": 2, "flagged": true}));
    let (_, shown) = ada.get(&attempt).await;
    assert_eq!((&shown["answered"], &shown["items"][1]["flagged"]), (&json!(2), &json!(true)));
    assert_eq!(shown["items"][1]["seen"], false, "flagging is not looking");

    let (status, early) = ada.get(&format!("{attempt}/result")).await;
    assert_eq!((status.as_u16(), early["code"].as_str()), (409, Some("attempt_open")));
    let (status, submitted) = ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    assert_eq!(status, 200, "{submitted}");
    assert_eq!((&submitted["state"], &submitted["closed_by"]), (&json!("scored"), &json!("submitted")));
    let (status, result) = ada.get(&format!("{attempt}/result")).await;
    assert_eq!(status, 200, "{result}");
    assert_eq!((&result["passed"], &result["points"], &result["max"]), (&json!(true), &json!(2), &json!(3)));
    let sections = json!([{"section": "alpha", "right": 1, "of": 2}, {"section": "beta", "right": 1, "of": 1}]);
    assert_eq!(result["sections"], sections);
}

async fn an_answer_is_saved_once_and_stale_ones_lose_nothing(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let (right, wrong) = (ada.handles(&attempt, 1, "right").await, ada.handles(&attempt, 1, "wrong").await);

    let first = ada.save(&attempt, 1, &right, 0, "op-1").await;
    assert_eq!(first.0, 200);
    test.clock.advance(time::Duration::seconds(5));
    assert_eq!(ada.save(&attempt, 1, &right, 0, "op-1").await, first, "the same operation is answered as then");
    let (status, reused) = ada.save(&attempt, 1, &wrong, 0, "op-1").await;
    assert_eq!((status.as_u16(), reused["code"].as_str()), (422, Some("client_op_id_reused")));

    let (status, stale) = ada.save(&attempt, 1, &wrong, 0, "op-2").await;
    assert_eq!((status.as_u16(), stale["code"].as_str()), (409, Some("response_stale")));
    assert_eq!(stale["stored"], json!({"response": right, "revision": 1}));
    assert_eq!(stale["sent"], json!({"response": wrong, "revision": 0}));

    let (_, second) = ada.save(&attempt, 1, &json!([]), 1, "op-3").await;
    assert_eq!((&second["revision"], &second["seq"]), (&json!(2), &json!(2)));
    assert_eq!(second["saved_at"], "2026-11-21T09:00:05Z");
    let (_, item) = ada.get(&format!("{attempt}/items/1")).await;
    assert_eq!((&item["response"], &item["revision"]), (&json!([]), &json!(2)));
}

async fn bad_answers_are_named(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let right = ada.handles(&attempt, 3, "").await;
    for (response, pointer, code) in [
        (json!("x"), "/response", "not_a_list"),
        (json!(["nobody"]), "/response/0", "unknown_handle"),
        (json!([right[0], right[0]]), "/response/1", "duplicate_handle"),
        (json!([right[0], right[1], right[2]]), "/response", "too_many_choices"),
        (json!([{"$ne": 1}]), "/response/0", "unknown_handle"),
    ] {
        let (status, problem) = ada.save(&attempt, 3, &response, 0, "op").await;
        assert_eq!(status, 422, "{problem}");
        assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!(pointer), &json!(code)));
    }
    for op in ["", "a b", &"x".repeat(101), "実"] {
        let (status, problem) = ada.save(&attempt, 3, &json!([]), 0, op).await;
        assert_eq!((status.as_u16(), &problem["errors"][0]["pointer"]), (422, &json!("/client_op_id")), "{problem}");
    }
    let path = format!("{attempt}/responses/3");
    let extra = json!({"response": [], "revision": 0, "client_op_id": "op", "deadline": "2099-01-01T00:00:00Z"});
    let (status, problem) = ada.call(Method::PUT, &path, extra).await;
    assert_eq!((status.as_u16(), &problem["errors"][0]["code"]), (422, &json!("unknown_field")), "{problem}");
    for bad in [
        json!({"revision": 0, "client_op_id": "op"}),
        json!({"response": [], "revision": -1, "client_op_id": "op"}),
        json!([]),
    ] {
        assert_eq!(ada.call(Method::PUT, &path, bad).await.0, 422);
    }
    let text =
        ada.api(Method::PUT, &path).header("content-type", "text/plain").body("{}").send().await.expect("answered");
    assert_eq!(text.status(), 415);
    for position in ["0", "4", "01", "+1", "-1", "x", "4294967297"] {
        let body = json!({"response": [], "revision": 0, "client_op_id": "op"});
        assert_eq!(ada.call(Method::PUT, &format!("{attempt}/responses/{position}"), body).await.0, 404, "{position}");
        assert_eq!(ada.get(&format!("{attempt}/items/{position}")).await.0, 404, "{position}");
        let flag = json!({"flagged": true});
        assert_eq!(
            ada.call(Method::PUT, &format!("{attempt}/positions/{position}/flag"), flag).await.0,
            404,
            "{position}"
        );
    }
    let (_, state) = ada.get(&attempt).await;
    assert_eq!(state["answered"], 0, "nothing of all this was stored");
}

async fn a_program_that_never_stops_saving_is_stopped(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let right = ada.handles(&attempt, 1, "right").await;
    use sea_orm::ConnectionTrait as _;
    test.app.db.read().execute_unprepared("UPDATE attempt SET seq = 9999").await.expect("set");
    let (status, last) = ada.save(&attempt, 1, &right, 0, "op-1").await;
    assert_eq!((status.as_u16(), &last["seq"]), (200, &json!(10_000)));
    let (status, problem) = ada.save(&attempt, 1, &json!([]), 1, "op-2").await;
    assert_eq!((status.as_u16(), problem["code"].as_str()), (429, Some("too_many")), "{problem}");
    assert_eq!(ada.save(&attempt, 1, &right, 0, "op-1").await.0, 200, "what was saved is still known");
}

async fn a_start_without_an_exam_or_with_a_strange_body(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    assert_eq!(ada.call(Method::POST, "/exams/nothing/attempts", Value::Null).await.0, 404);
    assert_eq!(ada.call(Method::POST, "/exams/sample/attempts", json!({"deadline": "never"})).await.0, 422);
    let text = ada.api(Method::POST, "/exams/sample/attempts").body("hello").send().await.expect("answered");
    assert_eq!(text.status(), 415);
    let nobody = test.http.post(test.url("/api/v1/exams/sample/attempts"));
    assert_eq!(answer(nobody).await.0, 401);
    let key = test.api_key(Role::Admin).await;
    let staff = test.http.post(test.url("/api/v1/exams/sample/attempts")).bearer_auth(&key);
    assert_eq!(answer(staff).await.0, 403, "a key is no member");
}

async fn attempts_and_cool_down_are_limited(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|exam| exam["rules"] = json!({"attempts": 2, "cool_down_days": 1}))).await;
    let mut ada = Candidate::enrol(&test, "ada@members.example").await;
    let first = ada.start().await;
    let (status, again) = ada.call(Method::POST, "/exams/sample/attempts", Value::Null).await;
    assert_eq!((status.as_u16(), format!("/attempts/{}", again["id"].as_str().expect("an id"))), (200, first.clone()));
    ada.call(Method::POST, &format!("{first}/submit"), Value::Null).await;
    let (status, early) = ada.call(Method::POST, "/exams/sample/attempts", Value::Null).await;
    assert_eq!((status.as_u16(), early["code"].as_str()), (409, Some("cool_down")), "{early}");
    assert_eq!(early["not_before"], "2026-11-22T09:00:00Z");
    test.clock.advance(time::Duration::days(1));
    ada.renew().await;
    // The second attempt is left to time, which also counts.
    let (status, _) = ada.call(Method::POST, "/exams/sample/attempts", Value::Null).await;
    assert_eq!(status, 201);
    test.clock.advance(time::Duration::days(3));
    ada.renew().await;
    let (status, over) = ada.call(Method::POST, "/exams/sample/attempts", Value::Null).await;
    assert_eq!((status.as_u16(), over["code"].as_str()), (409, Some("attempts_used_up")), "{over}");
}

async fn a_foreign_attempt_does_not_exist(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let eve = Candidate::enrol(&test, "eve@members.example").await;
    let key = test.api_key(Role::Owner).await;
    let save = json!({"response": [], "revision": 0, "client_op_id": "op"});
    let id = attempt.trim_start_matches("/attempts/");
    let unknown = "att_00000000000000000000000000";
    for id in [id, unknown, "att_", "1", "mem_00000000000000000000000000"] {
        for (method, path, body) in [
            (Method::GET, format!("/attempts/{id}"), Value::Null),
            (Method::GET, format!("/attempts/{id}/items/1"), Value::Null),
            (Method::PUT, format!("/attempts/{id}/responses/1"), save.clone()),
            (Method::PUT, format!("/attempts/{id}/positions/1/flag"), json!({"flagged": true})),
            (Method::POST, format!("/attempts/{id}/submit"), Value::Null),
            (Method::GET, format!("/attempts/{id}/result"), Value::Null),
        ] {
            let (status, problem) = eve.call(method.clone(), &path, body.clone()).await;
            assert_eq!((status.as_u16(), problem["code"].as_str()), (404, Some("not_found")), "{method} {path}");
            let staff = test.http.request(method.clone(), test.url(&format!("/api/v1{path}"))).bearer_auth(&key);
            let staff = if body.is_null() { staff } else { staff.json(&body) };
            assert_eq!(answer(staff).await.0, 404, "{method} {path} with a key");
        }
        for path in ["", "/1", "/review", "/result"] {
            assert_eq!(eve.open(&format!("/exam/{id}{path}")).await.0, 404, "page {path} of {id}");
        }
    }
    let (_, shown) = ada.get(&attempt).await;
    assert_eq!((&shown["state"], &shown["answered"]), (&json!("in_progress"), &json!(0)));
}

async fn two_starts_make_one_attempt(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let starts = (0..16).map(|_| ada.call(Method::POST, "/exams/sample/attempts", Value::Null));
    let answers = futures_util::future::join_all(starts).await;
    let ids: std::collections::BTreeSet<_> = answers.iter().map(|(_, body)| body["id"].to_string()).collect();
    assert_eq!(ids.len(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|(status, _)| *status == 201).count(), 1);
}
