//! Drafts by call: the same draft as the form's, kept apart from what is published, and never written over unseen.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use waymark::access::Role;
use waymark::exams;

use super::{fill, opened, press};
use crate::item_bank::Desk;
use crate::support::{Store, TestApp, on_both};

on_both!(
    the_form_and_the_calls_write_the_same_draft,
    a_draft_is_published_as_it_was_read_or_not_at_all,
    whatever_is_kept_the_pages_open,
);

const DRAFT: &str = "/api/v1/exams/sample/draft";

/// A call with what was read before; its status, its tag and its body.
async fn call(test: &TestApp, key: &str, of: (Method, &str), seen: Option<&str>, body: &Value) -> (u16, String, Value) {
    let mut request = test.http.request(of.0, test.url(of.1)).bearer_auth(key);
    if let Some(seen) = seen {
        request = request.header("if-match", seen);
    }
    let request = if body.is_null() { request } else { request.json(body) };
    let answer = request.send().await.expect("answered");
    let tag = answer.headers().get("etag").map(|tag| tag.to_str().expect("text").to_owned()).unwrap_or_default();
    (answer.status().as_u16(), tag, answer.json().await.expect("JSON"))
}

async fn bank(desk: &Desk) {
    let admin = desk.test.api_key(Role::Admin).await;
    let rows = "id,question,a,b,correct,domain\nq1,One?,yes,no,0,alpha\nq2,Two?,yes,no,1,alpha\n";
    let request = desk.test.http.post(desk.test.url("/api/v1/banks/sample/imports")).bearer_auth(admin);
    let answer = request.header("content-type", "text/csv").body(rows).send().await.expect("answered");
    assert_eq!(answer.status(), StatusCode::OK);
}

fn exam(minutes: u32) -> Value {
    json!({
        "bank": "sample", "title": {"en": "Sample exam"}, "blueprint": {"domains": {"alpha": 2}}, "timing": {"minutes": minutes},
        "rules": {"attempts": 1}, "scoring": {"cut": 1},
    })
}

async fn the_form_and_the_calls_write_the_same_draft(store: Store) {
    let desk = Desk::start(store).await;
    bank(&desk).await;
    let (test, key) = (&desk.test, desk.test.api_key(Role::Examiner).await);
    let half = json!({"bank": "sample", "title": {"en": "Half an exam"}, "timing": {"minutes": 45}});
    let (status, tag, kept) = call(test, &key, (Method::PUT, DRAFT), None, &half).await;
    assert_eq!((status, &kept["ready"], &kept["published"]), (201, &json!(false), &Value::Null), "{kept}");
    let named: Vec<&str> = kept["mistakes"]
        .as_array()
        .expect("mistakes")
        .iter()
        .map(|m| m["pointer"].as_str().expect("a pointer"))
        .collect();
    assert!(named.contains(&"/blueprint") && named.contains(&"/scoring"), "{named:?}");
    assert_eq!(exams::list(test.app.db.read()).await.expect("read").len(), 0, "nothing is published by it");

    // The form opens with what the call kept, and the call reads what the form keeps.
    let path = "/admin/exams/sample/settings?lang=en";
    let mut form = opened(&desk, path).await;
    assert_eq!((form["/timing/minutes"].as_str(), form["/title/en"].as_str()), ("45", "Half an exam"));
    fill(&mut form, &[("/timing/minutes", "50")]);
    assert_eq!(press(&desk, &desk.author, path, &form, "draft").await.status, 303);
    let (_, newer, read) = call(test, &key, (Method::GET, DRAFT), None, &Value::Null).await;
    assert_eq!(read["exam"]["timing"]["minutes"], 50, "{read}");
    assert_ne!(newer, tag);

    // Neither writes over what it has not seen.
    let (status, tag_now, refused) = call(test, &key, (Method::PUT, DRAFT), Some(&tag), &exam(30)).await;
    assert_eq!(
        (status, &refused["code"], &refused["etag"]),
        (412, &json!("precondition_failed"), &json!(newer)),
        "{tag_now}"
    );
    let (status, _, refused) = call(test, &key, (Method::PUT, DRAFT), None, &exam(30)).await;
    assert_eq!((status, &refused["code"]), (428, &json!("precondition_required")));
    let stale = opened(&desk, path).await;
    let (status, _, kept) = call(test, &key, (Method::PUT, DRAFT), Some(&newer), &exam(30)).await;
    assert_eq!((status, &kept["ready"], &kept["mistakes"]), (200, &json!(true), &json!([])), "{kept}");
    assert_eq!(press(&desk, &desk.author, path, &stale, "draft").await.status, 409);

    for (role, read) in [(Role::Auditor, 200), (Role::Issuer, 403), (Role::Source, 403)] {
        let other = test.api_key(role).await;
        assert_eq!(call(test, &other, (Method::GET, DRAFT), None, &Value::Null).await.0, read, "{role:?}");
        assert_eq!(call(test, &other, (Method::PUT, DRAFT), Some("*"), &exam(1)).await.0, 403, "{role:?}");
    }
    for (path, body, code) in [
        ("/api/v1/exams/Sample%20exam/draft", exam(30), "not_a_slug"),
        ("/api/v1/exams/other/draft", json!({"slug": "sample"}), "another_slug"),
        ("/api/v1/exams/other/draft", json!([]), "not_an_object"),
    ] {
        let (status, _, refused) = call(test, &key, (Method::PUT, path), None, &body).await;
        assert_eq!((status, &refused["errors"][0]["code"]), (422, &json!(code)), "{refused}");
    }
    assert_eq!(exams::drafts(test.app.db.read()).await.expect("read").len(), 1);
}

async fn a_draft_is_published_as_it_was_read_or_not_at_all(store: Store) {
    let desk = Desk::start(store).await;
    bank(&desk).await;
    let (test, key) = (&desk.test, desk.test.api_key(Role::Examiner).await);
    let step = |verb: &str| format!("{DRAFT}/{verb}");
    assert_eq!(call(test, &key, (Method::POST, &step("publish")), Some("*"), &Value::Null).await.0, 404, "no draft");
    let mut short = exam(30);
    short["blueprint"]["domains"]["alpha"] = json!(9);
    let (_, tag, kept) = call(test, &key, (Method::PUT, DRAFT), None, &short).await;
    assert_eq!((&kept["plan"]["feasible"], &kept["plan"]["version"]), (&json!(false), &Value::Null), "{kept}");
    assert_eq!(kept["plan"]["binding"], kept["mistakes"]);
    let (status, _, refused) = call(test, &key, (Method::POST, &step("publish")), Some(&tag), &Value::Null).await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!("/blueprint/domains/alpha")), "{refused}");

    let (_, tag, _) = call(test, &key, (Method::PUT, DRAFT), Some(&tag), &exam(30)).await;
    assert_eq!(call(test, &key, (Method::POST, &step("publish")), None, &Value::Null).await.0, 428);
    let tried = format!("{}?dry_run=true", step("publish"));
    let (status, _, would) = call(test, &key, (Method::POST, &tried), Some(&tag), &Value::Null).await;
    assert_eq!(
        (status, would),
        (200, json!({"id": null, "slug": "sample", "version": 1, "changed": true, "dry_run": true}))
    );
    assert_eq!(exams::list(test.app.db.read()).await.expect("read").len(), 0);
    let (status, _, done) = call(test, &key, (Method::POST, &step("publish")), Some(&tag), &Value::Null).await;
    assert_eq!((status, &done["version"]), (201, &json!(1)), "{done}");
    assert_eq!(call(test, &key, (Method::GET, DRAFT), None, &Value::Null).await.0, 404, "the draft is gone");

    // Over what is published: the plan says line by line what would change, for a draft as for a body.
    let (_, tag, kept) = call(test, &key, (Method::PUT, DRAFT), None, &exam(31)).await;
    assert_eq!(kept["plan"]["version"], 2, "{kept}");
    let changes = kept["plan"]["changes"].as_array().expect("changes");
    let told = |n: usize, change: &str, part: &str| {
        changes[n]["change"] == change && changes[n]["line"].as_str().is_some_and(|line| line.contains(part))
    };
    assert!(changes.len() == 2 && told(0, "removed", "minutes: 30") && told(1, "added", "minutes: 31"), "{kept}");
    let (_, _, planned) = call(test, &key, (Method::POST, "/api/v1/exams/sample/plan"), None, &exam(31)).await;
    assert_eq!(planned, kept["plan"]);
    let (_, _, same) = call(test, &key, (Method::POST, "/api/v1/exams/sample/plan"), None, &exam(30)).await;
    assert_eq!((&same["version"], &same["changes"]), (&json!(1), &json!([])), "nothing would change");
    // A version that came out meanwhile was not read by whoever wrote the draft.
    let direct = call(test, &key, (Method::POST, "/api/v1/exams/sample/publish"), None, &exam(40)).await;
    assert_eq!(direct.2["version"], 2);
    for verb in ["publish", "discard"] {
        let (status, _, refused) = call(test, &key, (Method::POST, &step(verb)), Some(&tag), &Value::Null).await;
        assert_eq!((status, &refused["code"]), (412, &json!("precondition_failed")), "{verb}");
    }
    assert_eq!(call(test, &key, (Method::POST, &step("discard")), Some("*"), &Value::Null).await.0, 200);
    let exam = exams::find(test.app.db.read(), "sample").await.expect("read").expect("published");
    assert_eq!((exam.version, exam.spec.timing.minutes), (2, 40), "what is published stays");
    let audited = test.audit_actions().await.iter().filter(|action| *action == "exam.publish").count();
    assert_eq!(audited, 2, "drafts are nobody's standing");
}

async fn whatever_is_kept_the_pages_open(store: Store) {
    let desk = Desk::start(store).await;
    bank(&desk).await;
    let (test, key) = (&desk.test, desk.test.api_key(Role::Admin).await);
    let odd = [
        json!({}),
        json!({"bank": 7, "title": 5, "blueprint": [1], "timing": "long", "rules": 3, "scoring": null, "sections": {"a": 1}, "domains": "x"}),
        json!({"bank": "sample", "blueprint": {"domains": ["alpha"], "forms": {"a": "b"}, "tags": 1, "weights": {"x": {}}, "group_by": 4}}),
        json!({"bank": "sample", "sitting": {"requires": {"exams": "x", "credentials": {}}, "agreement": 4, "connection": []}, "release": {"on": 5}, "outside": 9}),
        json!({"bank": "sample", "sections": [1, null, {"name": [], "domains": {"x": 1}, "minutes": -1}], "domains": [{"domain": 4}], "scoring": {"cuts": [], "scale": "wide"}}),
        json!({"<script>": "<script>alert(1)</script>", "title": {"en": "<script>alert(1)</script>"}}),
    ];
    let mut tag: Option<String> = None;
    for document in odd {
        let (status, newer, kept) = call(test, &key, (Method::PUT, DRAFT), tag.as_deref(), &document).await;
        assert!(status == 201 || status == 200, "{kept}");
        assert_eq!((&kept["ready"], kept["exam"]["slug"].as_str()), (&json!(false), Some("sample")), "{kept}");
        tag = Some(newer);
        for page in ["/admin/exams/sample/settings", "/admin/exams/sample/settings/file", "/admin/exams"] {
            let seen = desk.get(&desk.author, page).await;
            assert_eq!(seen.status, 200, "{page} with {document}: {}", seen.text);
            assert!(!seen.text.contains("<script>alert"), "{page}");
        }
    }
}
