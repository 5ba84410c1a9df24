//! How often one address may ask, through the API and on pages, and that nothing remembers who asked.

use reqwest::StatusCode;
use serde_json::{Value, json};
use time::Duration;

use crate::support::{Store, TestApp, on_both};

on_both!(
    three_hundred_verifications_a_minute_and_no_more,
    what_can_be_guessed_is_asked_less_often,
    sign_in_links_are_asked_for_and_opened_seldom,
    a_trusted_proxy_names_the_client
);

async fn check(test: &TestApp, body: &Value, from: Option<&str>) -> (StatusCode, Option<String>, Value) {
    let request = test.http.post(test.url("/api/v1/verifications")).json(body);
    let request = from.into_iter().fold(request, |request, from| request.header("x-forwarded-for", from));
    let answer = request.send().await.expect("answered");
    let wait = answer.headers().get("retry-after").map(|value| value.to_str().expect("text").to_owned());
    (answer.status(), wait, answer.json().await.expect("JSON"))
}

async fn three_hundred_verifications_a_minute_and_no_more(store: Store) {
    let test = TestApp::start(store).await;
    let nothing = json!({"credential": "no credential"});
    for n in 0..300 {
        let (status, ..) = check(&test, &nothing, Some("198.51.100.7")).await;
        assert_eq!(status, 422, "number {n} is answered, and a header that no proxy of ours wrote changes nothing");
    }
    let (status, wait, problem) = check(&test, &nothing, Some("198.51.100.8")).await;
    assert_eq!((status.as_u16(), wait.as_deref()), (429, Some("1")), "{problem}");
    assert_eq!(problem["code"], "rate_limited");
    let page = test.http.get(test.url("/verify?q=x")).header("accept", "text/html").header("accept-language", "ja");
    let page = page.send().await.expect("answered");
    assert_eq!(page.status(), 429);
    assert_eq!(page.headers()["retry-after"], "1");
    let text = page.text().await.expect("text");
    assert!(text.starts_with("<!doctype html>") && text.contains("1 秒後に"), "{text}");
    assert_eq!(
        test.http.get(test.url("/verify")).send().await.expect("answered").status(),
        200,
        "the form costs nothing"
    );
    test.clock.advance(Duration::minutes(1));
    assert_eq!(check(&test, &nothing, None).await.0, 422);
}

async fn what_can_be_guessed_is_asked_less_often(store: Store) {
    let test = TestApp::start(store).await;
    let number = json!({"number": "EG-2026-000001", "check_code": "AAAA"});
    let recipient = json!({"credential": "none", "recipient": {"name": "Ada"}});
    for n in 0..60 {
        let (status, _, problem) = check(&test, if n % 2 == 0 { &number } else { &recipient }, None).await;
        assert_eq!(status, 422, "{problem}");
    }
    for body in [&number, &recipient] {
        assert_eq!(check(&test, body, None).await.0, 429);
    }
    assert_eq!(check(&test, &json!({"credential": "none"}), None).await.0, 422, "other checks go on");
}

async fn sign_in_links_are_asked_for_and_opened_seldom(store: Store) {
    let test = TestApp::start(store).await;
    let ask = async |email: &str| {
        test.http.post(test.url("/login")).form(&[("email", email)]).send().await.expect("answered").status().as_u16()
    };
    for n in 0..5 {
        assert_eq!(ask("ada@members.example").await, 200, "{n}");
    }
    assert_eq!(ask("ADA@members.example").await, 429, "one mailbox, whoever asks");
    for n in 0..4 {
        assert_eq!(ask(&format!("{n}@members.example")).await, 200);
    }
    assert_eq!(ask("new@members.example").await, 429, "one address, whatever the mailbox");
    for n in 0..30 {
        assert_eq!(test.http.get(test.url("/login/none")).send().await.expect("answered").status(), 410, "{n}");
    }
    let post = test.http.post(test.url("/login/none")).form(&[("csrf", "")]).send().await.expect("answered");
    assert_eq!(post.status(), 429, "looking and using spend from one purse");
    test.clock.advance(Duration::hours(1));
    assert_eq!(ask("ada@members.example").await, 200);
}

async fn a_trusted_proxy_names_the_client(store: Store) {
    let test = TestApp::start_with(store, |config| config.trusted_proxies = "127.0.0.0/8".to_owned()).await;
    let recipient = json!({"credential": "none", "recipient": {"name": "Ada"}});
    for _ in 0..60 {
        check(&test, &recipient, Some("203.0.113.9, 198.51.100.7")).await;
    }
    assert_eq!(check(&test, &recipient, Some("192.0.2.1, 198.51.100.7")).await.0, 429);
    assert_eq!(check(&test, &recipient, Some("198.51.100.7, 192.0.2.1")).await.0, 422);
}
