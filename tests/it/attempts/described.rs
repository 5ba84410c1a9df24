//! The calls of this room that need files, essays and fixed exams, held against their description (`crate::openapi`).

use reqwest::Method;
use serde_json::{Value, json};

use crate::openapi::Caller;

const GIFT: &str = "$CATEGORY: papers\n\n::One:: 2+2 {=4 ~3 ~5}\n";
/// What a file of another system cannot say: an essay with its rubric, and a file to hand in.
const PAPERS: &str = "
- {id: essay-1, type: essay, domain: papers, question: Answer a complaint., max_length: 2000, rubric: [{text: Kind and clear, points: 2}]}
- {id: file-1, type: file_upload, domain: papers, question: Hand in a report., files: [pdf, text], rubric: [{text: Whole, points: 1}]}
";
const FILES: &str = "/api/v1/attempts/{id}/positions/{position}/files";
const IMPORTS: &str = "/api/v1/banks/{slug}/imports";
const EXPORT: &str = "/api/v1/banks/{slug}/export";

/// Every call about exams as files, banks as files, files of candidates, marks and voids, once at least.
pub async fn every_call(api: &mut Caller<'_>, admin: &str, token: &str) {
    let (get, post, none) = (Method::GET, Method::POST, Value::Null);
    let imports = "/api/v1/banks/papers/imports";
    api.send_file(admin, IMPORTS, (imports, &[("dry_run", "true")]), ("text/plain", GIFT.as_bytes()), 200).await;
    let report =
        api.send_file(admin, IMPORTS, (imports, &[("format", "gift")]), ("text/plain", GIFT.as_bytes()), 200).await;
    assert_eq!(report["imported"], 1, "{report}");
    let report = api.send_file(admin, IMPORTS, (imports, &[]), ("application/yaml", PAPERS.as_bytes()), 200).await;
    assert_eq!(report["imported"], 2, "{report}");
    api.send_file(admin, IMPORTS, (imports, &[]), ("text/plain", b"hello"), 422).await;
    for format in ["qti3", "qti21", "moodle", "gift", "aiken", "csv", "json", "yaml"] {
        api.fetch(admin, EXPORT, "/api/v1/banks/papers/export", &[("format", format), ("language", "en")]).await;
    }
    api.fetch(admin, EXPORT, "/api/v1/banks/papers/export", &[("format", "aiken"), ("dry_run", "true")]).await;

    let exam = json!({
        "bank": "papers", "blueprint": {"domains": {"papers": 3}}, "timing": {"minutes": 30}, "scoring": {"cut": 1}, "rules": {"attempts": 1},
    });
    let path = "/api/v1/exams/{slug}/plan";
    api.call(admin, post.clone(), path, &["papers"], exam.clone(), 200).await;
    let mut short = exam.clone();
    short["blueprint"]["domains"]["papers"] = json!(9);
    let plan = api.call(admin, post.clone(), path, &["papers"], short, 200).await;
    assert_eq!(plan["feasible"], false, "{plan}");
    api.call(admin, post.clone(), path, &["papers"], json!({"bank": "papers"}), 422).await;
    drafts(api, admin, &exam).await;
    let path = "/api/v1/exams/{slug}/publish";
    for expected in [201, 200] {
        api.call(admin, post.clone(), path, &["papers"], exam.clone(), expected).await;
    }
    api.call(admin, get.clone(), "/api/v1/exams/{slug}", &["papers"], none.clone(), 200).await;

    let begun = api.call(token, post.clone(), "/api/v1/exams/{slug}/attempts", &["papers"], none.clone(), 201).await;
    let attempt = begun["id"].as_str().expect("an id");
    for position in ["1", "2", "3"] {
        let path = "/api/v1/attempts/{id}/items/{position}";
        let item = api.call(token, get.clone(), path, &[attempt, position], none.clone(), 200).await;
        let response = match item["type"].as_str().expect("a type") {
            "essay" => json!("Dear customer, we are sorry."),
            "file_upload" => {
                let filled = format!("/api/v1/attempts/{attempt}/positions/{position}/files");
                let report = ("application/octet-stream", &b"%PDF-1.7 report"[..]);
                api.send_file(token, FILES, (&filled, &[]), report, 201).await
            }
            _ => json!([item["options"][0]["handle"]]),
        };
        let body = json!({"response": response, "revision": 0, "client_op_id": format!("paper-{position}")});
        api.call(token, Method::PUT, "/api/v1/attempts/{id}/responses/{position}", &[attempt, position], body, 200)
            .await;
    }
    api.call(token, post.clone(), "/api/v1/attempts/{id}/submit", &[attempt], none.clone(), 200).await;
    let waiting = api.call(admin, get.clone(), "/api/v1/markings", &[], none.clone(), 200).await;
    let waiting = waiting["data"].as_array().expect("a list").clone();
    assert_eq!(waiting.len(), 2, "the essay and the file");
    for marking in &waiting {
        let id = marking["id"].as_str().expect("an id");
        api.call(admin, get.clone(), "/api/v1/markings/{id}", &[id], none.clone(), 200).await;
        let wrong = json!({"points": ["99"]});
        api.call(admin, post.clone(), "/api/v1/markings/{id}", &[id], wrong, 422).await;
        api.call(admin, post.clone(), "/api/v1/markings/{id}", &[id], json!({"points": ["1"], "note": "fine"}), 200)
            .await;
        api.call(admin, get.clone(), "/api/v1/markings/{id}", &[id], none.clone(), 200).await;
    }
    let erase = "/api/v1/members/{id}/attempts/erase";
    let member = begun_by(api, attempt).await;
    let gone =
        api.call(admin, post.clone(), erase, &[&member], json!({"reason": "the person asked for it"}), 200).await;
    assert_eq!((&gone["erased"]["answers"], &gone["erased"]["files"]), (&json!(1), &json!(1)), "{gone}");
    api.call(admin, post.clone(), erase, &["mem_nobody"], json!({"reason": "x"}), 404).await;
    let void = json!({"item": "essay-1", "treatment": "full_credit", "reason": "it asked too much"});
    let done = api.call(admin, post, "/api/v1/exams/{slug}/voids", &["papers"], void, 200).await;
    assert_eq!(done["attempts"], 1, "{done}");
}

async fn drafts(api: &mut Caller<'_>, admin: &str, exam: &Value) {
    let (get, put, post, none) = (Method::GET, Method::PUT, Method::POST, Value::Null);
    let path = "/api/v1/exams/{slug}/draft";
    api.call(admin, get.clone(), path, &["drafted"], none.clone(), 404).await;
    let half = json!({"bank": "papers", "timing": {"minutes": "many"}, "rules": {"attempts": 1}});
    let kept = api.call(admin, put.clone(), path, &["drafted"], half.clone(), 201).await;
    assert_eq!(
        (&kept["ready"], &kept["plan"], &kept["exam"]["bank"]),
        (&json!(false), &none, &json!("papers")),
        "{kept}"
    );
    api.call(admin, put.clone(), path, &["drafted"], exam.clone(), 428).await;
    api.call(admin, get.clone(), path, &["drafted"], none.clone(), 200).await;
    api.call(admin, post.clone(), "/api/v1/exams/{slug}/draft/publish", &["drafted"], none.clone(), 422).await;
    api.call(admin, post.clone(), "/api/v1/exams/{slug}/draft/discard", &["drafted"], none.clone(), 200).await;
    api.call(admin, put, path, &["drafted"], exam.clone(), 201).await;
    let ready = api.call(admin, get, path, &["drafted"], none.clone(), 200).await;
    assert_eq!((&ready["ready"], &ready["plan"]["version"]), (&json!(true), &json!(1)), "{ready}");
    api.call(admin, post, "/api/v1/exams/{slug}/draft/publish", &["drafted"], none, 201).await;
}

/// Whose attempt it is.
async fn begun_by(api: &Caller<'_>, attempt: &str) -> String {
    let of = format!("SELECT member FROM attempt WHERE id = '{attempt}'");
    api.test.texts(&of).await.remove(0)
}
