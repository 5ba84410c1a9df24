//! Results from outside that are only tried: the report is the one that sending them gives, and nothing is stored.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Candidate, as_staff, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(a_dry_run_reports_as_sending_does_and_stores_nothing);

const CENTRE: &str = "https://centre.example";

async fn a_dry_run_reports_as_sending_does_and_stores_nothing(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|exam| exam["outside"] = json!({"sources": [CENTRE]}))).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    test.settle().await;
    let (key, other) = (test.source_key(CENTRE).await, test.source_key("https://elsewhere.example").await);
    let one = |candidate: &str, score: Value| json!({"candidate": candidate, "form": "A-7", "score": score, "delivered_by": "Harbour Test Centre", "at": "2026-11-20T10:00:00Z"});
    let (name, path) = (ada.member.to_string(), "/exams/sample/results");
    let (_, first) = as_staff(&test, &key, Method::POST, path, one(&name, json!(1))).await;
    assert_eq!((&first["results"][0]["outcome"], &first["dry_run"]), (&json!("accepted"), &json!(false)), "{first}");
    test.settle().await;
    // A correction, the same again, somebody unknown, too many points, and nonsense.
    let list = json!([
        one(&name, json!(2)),
        one(&name, json!(2)),
        one("mailto:who@members.example", json!(2)),
        one(&name, json!(9)),
        7
    ]);
    let stored = async || {
        let mut all = vec![];
        for table in ["outside_result", "fact", "outbox", "audit"] {
            all.push(test.count(&format!("SELECT COUNT(*) FROM {table}")).await);
        }
        all.push(test.count("SELECT COUNT(*) FROM outside_result WHERE replaced_by IS NULL").await);
        all.push(test.count("SELECT COUNT(*) FROM fact_void").await);
        all
    };
    let before = stored().await;
    let tried_path = format!("{path}?dry_run=true");
    let (status, tried) = as_staff(&test, &key, Method::POST, &tried_path, list.clone()).await;
    assert_eq!((status.as_u16(), &tried["dry_run"]), (200, &json!(true)), "{tried}");
    assert_eq!(stored().await, before, "nothing is stored");
    let outcomes = |answer: &Value| -> Vec<String> {
        let results = answer["results"].as_array().expect("results");
        results.iter().map(|r| r["outcome"].as_str().expect("an outcome").to_owned()).collect()
    };
    assert_eq!(outcomes(&tried), ["accepted", "duplicate", "held", "rejected", "rejected"], "{tried}");
    assert_eq!(tried["results"][0]["corrects"], 1, "{tried}");

    let (status, refused) = as_staff(&test, &key, Method::POST, &tried_path, one(&name, json!(9))).await;
    assert_eq!((status.as_u16(), &refused["errors"][0]["code"]), (422, &json!("more_than_all")), "{refused}");
    let (status, refused) = as_staff(&test, &other, Method::POST, &tried_path, list.clone()).await;
    assert_eq!((status.as_u16(), &refused["code"]), (403, &json!("source_not_admitted")), "{refused}");
    let misspelt = test.http.post(test.url(&format!("/api/v1{path}?dry-run=true"))).bearer_auth(&key);
    let status = misspelt.json(&one(&name, json!(2))).send().await.expect("answered").status();
    assert!(status.is_client_error(), "what is misspelt is not taken for a real sending: {status}");
    assert_eq!(stored().await, before);

    let (status, sent) = as_staff(&test, &key, Method::POST, path, list).await;
    assert_eq!(status, 202);
    let mut same = sent.clone();
    same["dry_run"] = json!(true);
    for result in same["results"].as_array_mut().expect("results") {
        result["id"] = Value::Null;
    }
    assert_eq!(same, tried, "the report was true; ids that were only tried are nobody's");
    assert_ne!(stored().await, before);
}
