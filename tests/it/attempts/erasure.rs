//! What exams keep of a person: erased on request or forgotten by itself, and neither scores nor logs suffer.

use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;
use waymark::access::Role;
use waymark::attempts;

use super::{Candidate, answer, as_staff};
use crate::support::{Store, TestApp, on_both};

on_both!(own_words_go_and_what_they_counted_for_stays, what_came_too_late_is_forgotten_after_ninety_days);

const ITEMS: &str = "
- {id: essay-1, type: essay, domain: papers, question: Answer a complaint., max_length: 2000, rubric: [{text: Kind and clear, points: 2}]}
- {id: file-1, type: file_upload, domain: papers, question: Hand in a report., files: [pdf, text], rubric: [{text: Whole, points: 1}]}
- {id: short-1, type: short_text, domain: papers, question: Name a colour., correct: [canary yellow]}
";

async fn papers(test: &TestApp, admin: &str) {
    let imports = test.http.post(test.url("/api/v1/banks/papers/imports")).bearer_auth(admin);
    let (status, report) = answer(imports.header("content-type", "application/yaml").body(ITEMS)).await;
    assert_eq!((status.as_u16(), &report["imported"]), (200, &json!(3)), "{report}");
    let exam = json!({
        "bank": "papers", "blueprint": {"domains": {"papers": 3}}, "timing": {"minutes": 30}, "scoring": {"cut": 1}, "rules": {"attempts": 5},
    });
    let (status, body) = as_staff(test, admin, Method::POST, "/exams/papers/publish", exam).await;
    assert_eq!(status, 201, "{body}");
}

/// Everything that the store holds in its rows, but the audit log, which nobody may change.
async fn stored(test: &TestApp) -> String {
    let tables = [
        ("response", "response"),
        ("response_save", "response"),
        ("marking", "COALESCE(note, '')"),
        ("attempt", "COALESCE(notices, '')"),
        ("attempt_message", "content"),
        ("attempt_note", "content"),
        ("late_answer", "response"),
        ("accommodation", "reason"),
        ("outside_result", "candidate"),
        ("outside_result", "content"),
    ];
    let mut all = String::new();
    for (table, column) in tables {
        for text in test.texts(&format!("SELECT {column} FROM {table}")).await {
            all.push_str(&text);
            all.push('\n');
        }
    }
    all
}

/// Sits the exam in canary words; the attempt's path.
async fn sit(test: &TestApp, who: &Candidate<'_>, admin: &str) -> String {
    let attempt = who.start_exam("papers").await;
    let more = json!({"reason": "canary why", "minutes": 1});
    assert_eq!(as_staff(test, admin, Method::POST, &format!("{attempt}/steps/add-time"), more).await.0, 200);
    let message = json!({"text": "canary message", "reason": "routine"});
    assert_eq!(as_staff(test, admin, Method::POST, &format!("{attempt}/messages"), message).await.0, 201);
    for position in 1..=3 {
        let (_, item) = who.get(&format!("{attempt}/items/{position}")).await;
        let response = match item["type"].as_str().expect("a type") {
            "essay" => json!("canary letter"),
            "short_text" => json!("canary yellow"),
            _ => {
                let path = format!("{attempt}/positions/{position}/files");
                let sent = who.api(Method::POST, &path).header("content-type", "application/octet-stream");
                let (status, file) = answer(sent.body(&b"%PDF-1.7 canary report"[..])).await;
                assert_eq!(status, 201, "{file}");
                file
            }
        };
        let (status, body) = who.save(&attempt, position, &response, 0, &format!("op-{position}")).await;
        assert_eq!(status, 200, "{body}");
    }
    assert_eq!(who.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await.0, 200);
    attempt
}

async fn mark_all(test: &TestApp, admin: &str) {
    let (_, waiting) = as_staff(test, admin, Method::GET, "/markings", Value::Null).await;
    for marking in waiting["data"].as_array().expect("a list") {
        let path = format!("/markings/{}", marking["id"].as_str().expect("an id"));
        let given = json!({"points": ["1"], "note": "canary note"});
        assert_eq!(as_staff(test, admin, Method::POST, &path, given).await.0, 200);
    }
}

async fn late(who: &Candidate<'_>, attempt: &str) {
    let sent = json!({"answers": [{"position": 1, "response": "canary late", "client_op_id": "late-1"}]});
    let (status, body) = who.call(Method::POST, &format!("{attempt}/late-answers"), sent).await;
    assert!(status.is_success(), "{body}");
}

async fn own_words_go_and_what_they_counted_for_stays(store: Store) {
    let test = TestApp::start(store).await;
    let admin = test.api_key(Role::Admin).await;
    papers(&test, &admin).await;
    let (ada, bea) =
        (Candidate::enrol(&test, "ada@members.example").await, Candidate::enrol(&test, "bea@members.example").await);
    let allowed = json!({"percent": 125, "reason": "canary diagnosis"});
    let (status, _) =
        as_staff(&test, &admin, Method::POST, &format!("/members/{}/accommodations", ada.member), allowed).await;
    assert_eq!(status, 201);
    let outside = json!({"candidate": "mailto:ada@members.example", "score": 1, "delivered_by": "Centre", "at": "2026-11-20T10:00:00Z"});
    let (_, held) = as_staff(&test, &admin, Method::POST, "/exams/papers/results", outside).await;
    let held = held["results"][0]["id"].as_str().expect("an id").to_owned();
    test.run_sql(&format!("UPDATE outside_result SET member = '{}' WHERE id = '{held}'", ada.member)).await;
    let call = async |member: &str, more: &str, body: Value| {
        as_staff(&test, &admin, Method::POST, &format!("/members/{member}/attempts/erase{more}"), body).await
    };
    let (member, why) = (ada.member.to_string(), json!({"reason": "asked for by the person"}));

    let open = ada.start_exam("papers").await;
    assert_eq!(call(&member, "", why.clone()).await.1["code"], "attempt_open");
    as_staff(&test, &admin, Method::POST, &format!("{open}/steps/void"), json!({"reason": "canary void"})).await;
    let attempt = sit(&test, &ada, &admin).await;
    let others = sit(&test, &bea, &admin).await;
    assert_eq!(call(&member, "", why.clone()).await.1["code"], "marking_waits");
    mark_all(&test, &admin).await;
    late(&ada, &attempt).await;
    let (_, before) = ada.get(&format!("{attempt}/result")).await;
    assert_eq!(before["points"], 3, "{before}");

    // Nothing without a reason, for nobody, by nobody else.
    assert_eq!(call(&member, "", json!({"reason": "  "})).await.0, 422);
    assert_eq!(call("mem_nobody", "", why.clone()).await.0, 404);
    for role in [Role::Examiner, Role::Issuer, Role::Auditor] {
        let key = test.api_key(role).await;
        let path = format!("/members/{member}/attempts/erase");
        assert_eq!(as_staff(&test, &key, Method::POST, &path, why.clone()).await.0, 403, "{role:?}");
    }
    let whole = stored(&test).await;
    let (status, tried) = call(&member, "?dry_run=true", why.clone()).await;
    assert_eq!((status.as_u16(), &tried["dry_run"]), (200, &json!(true)), "{tried}");
    assert_eq!(stored(&test).await, whole, "only counted");
    let (_, done) = call(&member, "", why.clone()).await;
    assert_eq!(done["erased"], tried["erased"], "as it was counted");
    let one = json!(1);
    let erased = &done["erased"];
    assert_eq!((&erased["attempts"], &erased["answers"], &erased["files"]), (&json!(2), &one, &one), "{done}");
    assert_eq!((&erased["late_answers"], &erased["accommodations"], &erased["outside_results"]), (&one, &one, &one));
    assert!(erased["notes"].as_u64() >= Some(4) && erased["messages"] == 1, "{done}");

    // Of Ada nothing is left but what was chosen and counted; of Bea everything.
    let left = stored(&test).await;
    for word in ["canary diagnosis", "canary late", "canary void", "ada@members.example"] {
        assert!(whole.contains(word) && !left.contains(word), "{word}: {left}");
    }
    for word in ["canary letter", "canary note", "canary message", "canary why"] {
        assert!(left.contains(word) && left.matches(word).count() * 2 == whole.matches(word).count(), "{word}: {left}");
    }
    assert_eq!(left.matches("canary yellow").count(), whole.matches("canary yellow").count(), "a short answer is kept");
    assert_eq!(left.matches(attempts::ERASED).count(), 2, "the answer and its one save");
    assert_eq!(test.count("SELECT COUNT(*) FROM candidate_file").await, 1, "Bea's");
    assert_eq!(
        test.count("SELECT COUNT(*) FROM candidate_file_bytes").await,
        1,
        "the same bytes, which Bea handed in, too"
    );

    // Log and score hold, and the result reads as before.
    let read = attempts::examine(&test.app).await.expect("read");
    assert_eq!((read.scores, read.damage.len()), (2, 0), "{read:?}");
    let mut read = before.clone();
    // What staff wrote to the candidate is words about them, and went with the rest.
    read["notices"][0].as_object_mut().expect("a notice").remove("reason");
    assert_eq!(ada.get(&format!("{attempt}/result")).await.1, read);
    assert_eq!(bea.get(&format!("{others}/result")).await.0, 200);
    let id = attempt.trim_start_matches("/attempts/");
    let page =
        test.http.get(test.url(&format!("/admin/attempts/{id}"))).bearer_auth(&admin).header("accept", "text/html");
    let (status, _, html) = super::seen(page).await;
    assert!(status == 200 && !html.contains("canary") && !html.contains('⟦'), "{html}");
    let (_, again) = call(&member, "", why).await;
    assert_eq!((&again["erased"]["answers"], &again["erased"]["notes"]), (&json!(0), &json!(0)), "{again}");
    let rows = test.audit_actions().await;
    assert_eq!(rows.iter().filter(|action| *action == "member.erase_exam_traces").count(), 2);
}

async fn what_came_too_late_is_forgotten_after_ninety_days(store: Store) {
    let test = TestApp::start(store).await;
    let admin = test.api_key(Role::Admin).await;
    papers(&test, &admin).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start_exam("papers").await;
    let bea = Candidate::enrol(&test, "bea@members.example").await;
    let open = bea.start_exam("papers").await;
    for (who, of) in [(&ada, &attempt), (&bea, &open)] {
        let lease = json!({"holder": "0123456789abcdef0123456789abcdef"});
        assert_eq!(who.call(Method::POST, &format!("{of}/lease"), lease).await.0, 200);
    }
    ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    late(&ada, &attempt).await;
    let counts = async || {
        let mut counts = vec![];
        for table in ["late_answer", "attempt_lease", "response", "attempt"] {
            counts.push(test.count(&format!("SELECT COUNT(*) FROM {table}")).await);
        }
        counts
    };
    let before = counts().await;
    assert_eq!(before[0], 1);
    test.clock.advance(Duration::days(89));
    attempts::tend(&test.app).await.expect("tended");
    assert_eq!(counts().await, before);
    test.clock.advance(Duration::days(2));
    attempts::tend(&test.app).await.expect("tended");
    let after = counts().await;
    // What was never closed keeps its lease, however old that is.
    assert_eq!((after[0], after[1], &after[2..]), (0, 1, &before[2..]));
}
