//! Every call of banks and items, held against its description.

use reqwest::Method;
use serde_json::{Value, json};
use waymark::access::Role;

use crate::openapi::Caller;

/// One item through its whole life.
pub async fn every_call(api: &mut Caller<'_>, author: &str) {
    let reviewer = api.test.api_key(Role::Examiner).await;
    let (get, post, put, none) = (Method::GET, Method::POST, Method::PUT, Value::Null);
    api.call(author, post.clone(), "/api/v1/banks", &[], json!({"slug": "written", "title": "Written"}), 201).await;
    api.call(author, post.clone(), "/api/v1/banks", &[], json!({"slug": "written"}), 409).await;
    api.call(author, get.clone(), "/api/v1/banks", &[], none.clone(), 200).await;
    let items = "/api/v1/banks/{slug}/items";
    let fields = |question: &str| json!({"id": "w1", "question": question, "answers": ["yes", "no"], "correct": 0});
    let written = api.call(author, post.clone(), items, &["written"], fields("One?"), 201).await;
    api.call(author, post.clone(), items, &["written"], json!({"id": "w2", "question": "?"}), 422).await;
    api.call(author, get.clone(), items, &["written"], none.clone(), 200).await;
    let id = written["id"].as_str().expect("an id");
    let one = "/api/v1/items/{id}";
    let mut steps: Vec<(&str, &str, &str)> = vec![
        (author, "submit", "review"),
        (author, "take-back", "draft"),
        (author, "submit", "review"),
        (&reviewer, "send-back", "draft"),
        (author, "submit", "review"),
        (&reviewer, "approve", "approved"),
        (author, "reopen", "draft"),
        (author, "submit", "review"),
        (&reviewer, "approve", "approved"),
        (&reviewer, "pretest", "pretest"),
        (&reviewer, "operate", "operational"),
        (&reviewer, "retire", "retired"),
        (&reviewer, "reinstate", "operational"),
        (&reviewer, "withdraw", "withdrawn"),
        (&reviewer, "reinstate", "operational"),
    ];
    for (who, verb, state) in steps.drain(..) {
        let path = format!("{one}/{verb}");
        let answer = api.call(who, post.clone(), &path, &[id], json!({"reason": "a test"}), 200).await;
        assert_eq!(answer["state"], state, "{verb}");
    }
    api.call(author, put.clone(), one, &[id], fields("Two?"), 200).await;
    api.call(author, post.clone(), "/api/v1/items/{id}/discard", &[id], json!({}), 200).await;
    api.call(author, post.clone(), "/api/v1/items/{id}/approve", &[id], json!({}), 409).await;
    api.call(author, get.clone(), one, &[id], none.clone(), 200).await;
    api.call(author, get.clone(), "/api/v1/items/{id}/key", &[id], none.clone(), 200).await;
    api.call(author, get, "/api/v1/items/{id}/versions", &[id], none, 200).await;
}
