//! Every route of an attempt, tried by somebody else: to them it does not exist, whichever route they take, and nothing of it changes.

use reqwest::header::ACCEPT;
use reqwest::multipart::Form;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use waymark::access::Role;
use waymark::router;

use super::{Candidate, as_staff, field, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(no_route_leads_to_a_foreign_attempt);

/// What the route takes, so that what is refused is the attempt and not the body.
fn body(path: &str) -> Value {
    match path.rsplit('/').next().expect("a path") {
        "lease" => json!({"holder": "0123456789abcdef0123456789abcdef"}),
        "contact" => json!({}),
        "events" => json!({"events": [{"kind": "focus_lost"}]}),
        "read" => json!({}),
        "late-answers" => json!({"answers": []}),
        "flag" => json!({"flagged": true}),
        "{position}" => json!({"response": [], "revision": 0, "client_op_id": "op"}),
        _ => Value::Null,
    }
}

/// A request that is good in everything but perhaps the attempt.
fn request(who: &Candidate<'_>, (method, path): (&Method, &str), id: &str, csrf: &str) -> RequestBuilder {
    let filled =
        path.replace("{id}", id).replace("{position}", "1").replace("{number}", "1").replace("{step}", "contact");
    if let Some(call) = filled.strip_prefix("/api/v1") {
        let request = who.api(method.clone(), call);
        return match body(path) {
            _ if path.ends_with("/files") => {
                request.header("content-type", "application/octet-stream").body("%PDF-1.7")
            }
            Value::Null => request,
            body => request.json(&body),
        };
    }
    let request = who.page(method.clone(), &filled);
    match path.rsplit('/').next().expect("a path") {
        _ if *method == Method::GET => request,
        "file" => request.multipart(Form::new().text("csrf", csrf.to_owned()).text("file", "%PDF-1.7")),
        "{position}" => request.form(&[("csrf", csrf), ("revision", "0"), ("op", "op"), ("was", ""), ("go", "stay")]),
        _ => request.form(&[("csrf", csrf)]),
    }
}

async fn no_route_leads_to_a_foreign_attempt(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let (ada, eve) =
        (Candidate::enrol(&test, "ada@members.example").await, Candidate::enrol(&test, "eve@members.example").await);
    let attempt = ada.start().await;
    let admin = test.api_key(Role::Admin).await;
    let message = json!({"text": "Hello.", "reason": "a greeting"});
    assert_eq!(as_staff(&test, &admin, Method::POST, &format!("{attempt}/messages"), message).await.0, 201);
    let id = attempt.trim_start_matches("/attempts/");
    let csrf = async |who: &Candidate<'_>| field(&who.open("/me").await.2, "csrf");
    let (hers, his) = (csrf(&eve).await, csrf(&ada).await);
    let before = test.texts("SELECT kind FROM attempt_event ORDER BY seq").await;
    let routes: Vec<(Method, &str)> = router::matrix()
        .iter()
        .filter(|row| row.asks_for == "own attempt")
        .map(|row| (row.method.to_string().parse().expect("a method"), row.path))
        .collect();
    assert!(routes.len() > 22, "{routes:?}");
    let unknown = "att_00000000000000000000000000";
    for (method, path) in &routes {
        let mut answers = vec![];
        for id in [id, unknown] {
            let answer = request(&eve, (method, path), id, &hers).send().await.expect("answered");
            let status = answer.status().as_u16();
            let text = answer.text().await.expect("text");
            assert_eq!(status, 404, "{method} {path}: {text}");
            let problem = serde_json::from_str::<Value>(&text).map(|problem| problem["code"].clone());
            answers.push((status, problem.unwrap_or_default()));
        }
        assert_eq!(answers[0], answers[1], "{method} {path}: a foreign one and none are told alike");
    }
    assert_eq!(test.texts("SELECT kind FROM attempt_event ORDER BY seq").await, before, "nothing was written");
    // The same requests by whose attempt it is are not refused for want of one. (There is no result yet, and no file is asked for.)
    let there =
        routes.iter().filter(|(_, path)| !["result", "receipt", "file", "files"].iter().any(|end| path.ends_with(end)));
    for (method, path) in there {
        let answer = request(&ada, (method, path), id, &his).header(ACCEPT, "*/*").send().await.expect("answered");
        assert_ne!(answer.status().as_u16(), 404, "{method} {path}: {}", answer.text().await.expect("text"));
    }
}
