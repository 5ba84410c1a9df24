//! How sources fare, and who is told.

use serde_json::{Value, json};
use time::Duration;
use waymark::access::Role;
use waymark::web::i18n::{Locale, Words};

use super::{deliver, keep, payload, put_secret, two_members, with_sources};
use crate::contributions::event;
use crate::home::Visitor;
use crate::support::{Store, TestApp, on_both};

on_both!(a_source_tells_how_it_fares, staff_see_sources_and_what_was_refused);

async fn sources(test: &TestApp) -> Vec<Value> {
    let key = test.api_key(Role::Auditor).await;
    let answer = test.http.get(test.url("/api/v1/sources")).bearer_auth(key).send().await.expect("answered");
    let body = answer.text().await.expect("text");
    assert!(!body.contains("hook.secret"), "where the secret stands is nobody's business: {body}");
    let body: Value = serde_json::from_str(&body).expect("JSON");
    body["data"].as_array().expect("a list").clone()
}

async fn github(test: &TestApp) -> Value {
    sources(test).await.into_iter().find(|source| source["slug"] == "github").expect("there")
}

async fn finding(test: &TestApp) -> String {
    let found = waymark::operations::examine(&test.app, Words::new(Locale::En)).await;
    found.into_iter().find(|finding| finding.check == "sources").expect("looked at").text
}

async fn a_source_tells_how_it_fares(store: Store) {
    let test = with_sources(store).await;
    two_members(&test).await;
    let new = github(&test).await;
    assert_eq!((&new["health"]["standing"], &new["health"]["last_seen_at"]), (&json!("new"), &Value::Null));
    deliver(&test, "github", "pull_request", "1", &payload("github_pull_request_closed")).await;
    deliver(&test, "github", "pull_request", "2", &payload("github_pull_request_closed")).await;
    deliver(&test, "github", "ping", "3", &payload("github_ping")).await;
    let fine = github(&test).await;
    assert_eq!(fine["health"]["standing"], "fine");
    assert_eq!(fine["health"]["last_seen_at"], "2026-11-21T09:00:00Z");
    let counts = &fine["health"]["counts"];
    assert_eq!((&counts["accepted"], &counts["duplicate"], &counts["ignored"]), (&json!(2), &json!(2), &json!(1)));

    test.clock.advance(Duration::days(7) - Duration::SECOND);
    assert_eq!(github(&test).await["health"]["standing"], "fine");
    test.clock.advance(Duration::SECOND);
    assert_eq!(github(&test).await["health"]["standing"], "quiet");
    assert!(finding(&test).await.contains("github (quiet)"));
    deliver(&test, "github", "pull_request", "4", &json!({"action": "closed", "pull_request": {"merged": true}})).await;
    let waits = github(&test).await;
    assert_eq!((&waits["health"]["standing"], &waits["health"]["dead_letters"]), (&json!("waiting"), &json!(1)));
    put_secret(&test, "");
    assert_eq!(github(&test).await["health"]["standing"], "secret_missing");
    test.clock.advance(Duration::days(40));
    assert_eq!(github(&test).await["health"]["counts"]["accepted"], 0, "what is long ago is not in the last 30 days");
}

async fn staff_see_sources_and_what_was_refused(store: Store) {
    let test = with_sources(store).await;
    two_members(&test).await;
    deliver(&test, "github", "pull_request", "1", &payload("github_pull_request_closed")).await;
    let key = test.api_key(Role::Admin).await;
    let mut wrong = event("<b>e</b>", "tel:1", "changes/1");
    wrong["type"] = json!("talk.given");
    let request = test.http.post(test.url("/api/v1/events")).bearer_auth(key);
    let request = request.header("content-type", "application/cloudevents+json").body(wrong.to_string());
    assert_eq!(request.send().await.expect("answered").status(), 202);
    // Two sources whose addresses read alike.
    keep(&test, json!({"source": "https://community-example", "title": "Twin", "types": ["x"]})).await;

    let staff = Visitor::staff(&test, Role::Examiner).await;
    for (language, title, state) in [("en", "Sources and their health", "All is well"), ("ja", "送信元の状況", "正常")]
    {
        let html = staff.page("/admin/sources", language).await;
        assert!(html.contains(title) && html.contains(state) && html.contains("<rect "), "{html}");
        assert!(
            html.contains("/admin/sources/community-example\"")
                && html.contains("/admin/sources/community-example-2\"")
        );
        let one = staff.page("/admin/sources/github", language).await;
        assert!(one.contains(&test.url("/hooks/github")) && one.contains("example-guild/*"), "{one}");
        assert!(!one.contains("hook.secret"));
    }
    let names = test.texts("SELECT source FROM source ORDER BY source").await;
    let at = names
        .iter()
        .filter(|name| name.starts_with("https://community"))
        .position(|name| name == "https://community.example");
    let page = if at == Some(0) { "/admin/sources/community-example" } else { "/admin/sources/community-example-2" };
    let html = staff.page(page, "en").await;
    assert!(html.contains("does not list this type") && html.contains("&#60;b&#62;e"), "{html}");
    let nobody = test.http.get(test.url("/admin/sources")).send().await.expect("answered").status();
    assert_eq!(nobody, 401);
    assert_eq!(staff.get("/admin/sources/nothing", "en").await.status(), 404);
}
