//! A code in a title proves whose a handle is only where whoever is credited wrote the title.

use serde_json::{Value, json};
use waymark::access::Role;

use super::{deliver, keep, payload, with_sources};
use crate::contributions::enrol;
use crate::support::{Store, on_both};

on_both!(a_title_that_another_wrote_proves_no_handle);

async fn a_title_that_another_wrote_proves_no_handle(store: Store) {
    let test = with_sources(store).await;
    let source = "https://github.com/example-guild";
    keep(
        &test,
        json!({
            "source": source, "slug": "github", "title": "GitHub", "adapter": "github", "secret": {"file": "hook.secret"},
            "map": [
                {"when": "review.submitted", "type": "content.published"},
                {"when": "discussion.answered", "type": "content.published"},
                {"when": "pull_request.merged", "type": "content.published", "credit": ["author", "co_authors", "merger"]},
                {"when": "issue.opened", "type": "content.published"},
            ],
        }),
    )
    .await;
    let thief = enrol(&test, "thief").await;
    let key = test.api_key(Role::Admin).await;
    let path = test.url(&format!("/api/v1/members/{thief}/tokens"));
    let minted = test.http.post(path).bearer_auth(&key).send().await.expect("answered");
    let minted: Value = minted.json().await.expect("JSON");
    let token = minted["token"].as_str().expect("a token").to_owned();
    let claimed = async |handle: &str| -> String {
        let request = test.http.post(test.url("/api/v1/handles")).bearer_auth(&token);
        let answer = request.json(&json!({"source": source, "handle": handle})).send().await.expect("answered");
        let claim: Value = answer.json().await.expect("JSON");
        claim["code"].as_str().unwrap_or_else(|| panic!("{claim}")).to_owned()
    };
    let proved = async || test.count("SELECT COUNT(*) FROM handle_claim WHERE state = 'proved'").await;
    for (event, name, title, handle) in [
        ("pull_request_review", "github_pull_request_review_submitted", "/pull_request/title", "/review/user/login"),
        ("discussion", "github_discussion_answered", "/discussion/title", "/answer/user/login"),
        ("pull_request", "github_pull_request_closed", "/pull_request/title", "/pull_request/merged_by/login"),
    ] {
        let mut body = payload(name);
        let victim = body.pointer(handle).and_then(Value::as_str).expect("a login").to_lowercase();
        *body.pointer_mut(title).expect("a title") = json!(claimed(&victim).await);
        let outcome = deliver(&test, "github", event, name, &body).await;
        assert!(["accepted", "held"].contains(&outcome.as_str()), "{name}: {outcome}");
        assert_eq!(proved().await, 0, "{name}: the title is another's");
    }
    // Whoever opens an issue writes its title.
    let mut body = payload("github_issues_opened");
    body["issue"]["user"]["login"] = json!("thief-dev");
    body["issue"]["title"] = json!(claimed("thief-dev").await);
    deliver(&test, "github", "issues", "mine", &body).await;
    assert_eq!(proved().await, 1);
}
