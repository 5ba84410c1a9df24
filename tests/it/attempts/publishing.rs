//! Exams drafted and published by call, and items on trial in what they draw.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::{attempts, banks, exams};

use super::{Candidate, answer, as_staff, bank, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(
    an_item_on_trial_is_answered_like_the_others_and_counts_for_nothing,
    a_draft_is_planned_and_published_by_call,
    only_the_version_that_was_read_is_replaced
);

/// The sample bank; `trial` names the item that is on trial.
async fn furnish(test: &TestApp, trial: &str) {
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    banks::import(&mut ch, "sample", bank()).await.expect("imported");
    ch.commit().await.expect("committed");
    test.run_sql(&format!("UPDATE item SET state = 'pretest' WHERE slug = '{trial}'")).await;
}

/// The exam as a body; `adjust` changes it.
fn draft(adjust: impl FnOnce(&mut Value)) -> Value {
    let mut value = spec(|_| {}).to_value();
    adjust(&mut value);
    value
}

async fn an_item_on_trial_is_answered_like_the_others_and_counts_for_nothing(store: Store) {
    let test = TestApp::start(store).await;
    furnish(&test, "b3").await;
    let exam = spec(|exam| {
        exam["blueprint"]["pretest"] = json!(1);
        exam["scoring"] = json!({"cut": 3});
    });
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    exams::publish(&mut ch, &exam).await.expect("published");
    ch.commit().await.expect("committed");

    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let id = attempt.trim_start_matches("/attempts/").parse().expect("an id");
    let form = attempts::form(test.app.db.read(), id).await.expect("there");
    let unscored: Vec<_> = form.positions().iter().filter(|position| !position.scored).collect();
    assert_eq!((form.positions().len(), unscored.len()), (4, 1), "three that count and one on trial");
    assert_eq!(unscored[0].slug, "b3");
    let trial = unscored[0].number;
    let mut members = BTreeSet::new();
    for position in 1..=4 {
        let (_, item) = ada.get(&format!("{attempt}/items/{position}")).await;
        members.insert(item.as_object().expect("an item").keys().cloned().collect::<Vec<_>>());
        let (_, _, page) = ada.open(&format!("{}/{position}", attempt.replace("/attempts/", "/exam/"))).await;
        for word in ["pretest", "scored", "trial"] {
            assert!(!item.to_string().contains(word), "{word}: {item}");
        }
        assert!(!page.to_lowercase().contains("pretest"), "the page of question {position} tells");
        if position != trial {
            let right = ada.handles(&attempt, position, "right").await;
            ada.save(&attempt, position, &right, 0, &format!("op-{position}")).await;
        }
    }
    assert_eq!(members.len(), 1, "all four are told alike: {members:?}");
    ada.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    let (_, result) = ada.get(&format!("{attempt}/result")).await;
    assert_eq!(
        (&result["passed"], &result["points"], &result["max"]),
        (&json!(true), &json!(3), &json!(3)),
        "{result}"
    );
    assert_eq!(result["sections"][1]["of"], 1, "the one on trial stands in no count: {result}");

    // Where the score comes from outside, the most there is to reach is what counts, too.
    let key = test.api_key(Role::Admin).await;
    let sent = json!({"candidate": ada.member, "score": 4, "delivered_by": "Centre", "at": "2026-11-20T10:00:00Z"});
    let (status, refused) = as_staff(&test, &key, Method::POST, "/exams/sample/results", sent).await;
    assert_eq!((status.as_u16(), &refused["errors"][0]["code"]), (422, &json!("more_than_all")), "{refused}");

    // The bank's only item on trial is asked for twice: that is refused, and the constraint named.
    let (_, plan) = as_staff(
        &test,
        &key,
        Method::POST,
        "/exams/sample/plan",
        draft(|exam| exam["blueprint"]["pretest"] = json!(2)),
    )
    .await;
    assert_eq!(
        (&plan["feasible"], &plan["binding"][0]["pointer"]),
        (&json!(false), &json!("/blueprint/pretest")),
        "{plan}"
    );
}

async fn a_draft_is_planned_and_published_by_call(store: Store) {
    let test = TestApp::start(store).await;
    furnish(&test, "b3").await;
    let key = test.api_key(Role::Examiner).await;
    let call = async |method: Method, path: &str, body: Value| as_staff(&test, &key, method, path, body).await;
    let with_trial = || draft(|exam| exam["blueprint"]["pretest"] = json!(1));
    let (status, plan) = call(Method::POST, "/exams/sample/plan", with_trial()).await;
    assert_eq!(status, 200, "{plan}");
    assert_eq!(
        plan,
        json!({
            "slug": "sample", "feasible": true, "positions": 4, "scored": 3, "pretest": 1, "forms": [], "binding": [],
            "sections": [{"name": "alpha", "needed": 2, "available": 2}, {"name": "beta", "needed": 1, "available": 2}],
            "version": 1, "changes": [],
        })
    );
    assert_eq!(test.count("SELECT COUNT(*) FROM exam").await, 0, "a plan keeps nothing");
    let short = draft(|exam| exam["blueprint"] = json!({"domains": {"alpha": 2, "beta": 5}}));
    let (_, plan) = call(Method::POST, "/exams/sample/plan", short.clone()).await;
    assert_eq!((&plan["feasible"], &plan["positions"]), (&json!(false), &Value::Null), "{plan}");
    assert_eq!(plan["binding"][0]["pointer"], "/blueprint/domains/beta", "{plan}");
    let request =
        test.http.post(test.url("/api/v1/exams/sample/plan")).bearer_auth(&key).header("accept-language", "ja");
    let (_, plan) = answer(request.json(&short)).await;
    assert!(plan["binding"][0]["detail"].as_str().expect("text").contains("問"), "{plan}");

    for path in ["/exams/sample/plan", "/exams/sample/publish"] {
        let (status, wrong) = call(Method::POST, path, json!({"bank": "sample", "blueprin": {}})).await;
        assert_eq!((status.as_u16(), &wrong["code"]), (422, &json!("validation_failed")), "{wrong}");
        assert!(wrong["errors"].as_array().is_some_and(|errors| errors.len() > 2), "all of them: {wrong}");
        let (_, wrong) = call(Method::POST, path, draft(|exam| exam["slug"] = json!("other"))).await;
        assert_eq!(wrong["errors"][0]["code"], "another_slug", "{wrong}");
        assert_eq!(call(Method::POST, path, json!([])).await.0, 422);
        for role in [Role::Auditor, Role::Issuer, Role::Source] {
            let other = test.api_key(role).await;
            assert_eq!(as_staff(&test, &other, Method::POST, path, with_trial()).await.0, 403, "{role:?} {path}");
        }
    }
    let (status, refused) = call(Method::POST, "/exams/sample/publish", short).await;
    assert_eq!((status.as_u16(), &refused["errors"][0]["pointer"]), (422, &json!("/blueprint/domains/beta")));

    let (status, tried) = call(Method::POST, "/exams/sample/publish?dry_run=true", with_trial()).await;
    assert_eq!(
        (status.as_u16(), tried),
        (200, json!({"id": null, "slug": "sample", "version": 1, "changed": true, "dry_run": true}))
    );
    assert_eq!(test.count("SELECT COUNT(*) FROM exam").await, 0);
    let (status, first) = call(Method::POST, "/exams/sample/publish", with_trial()).await;
    assert_eq!((status.as_u16(), &first["version"], &first["changed"]), (201, &json!(1), &json!(true)), "{first}");
    let (status, again) = call(Method::POST, "/exams/sample/publish", with_trial()).await;
    assert_eq!((status.as_u16(), &again["version"], &again["changed"]), (200, &json!(1), &json!(false)), "{again}");
    assert_eq!(again["id"], first["id"]);
    assert_eq!(test.audit_actions().await.iter().filter(|action| *action == "exam.publish").count(), 1);

    let (status, read) =
        as_staff(&test, &test.api_key(Role::Auditor).await, Method::GET, "/exams/sample", Value::Null).await;
    assert_eq!((status.as_u16(), &read["version"], &read["exam"]), (200, &json!(1), &with_trial()), "{read}");
    let (_, back) = call(Method::POST, "/exams/sample/publish", read["exam"].clone()).await;
    assert_eq!(back["changed"], false, "what is read is what is sent");
    assert_eq!(call(Method::GET, "/exams/nothing", Value::Null).await.0, 404);
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    assert_eq!(ada.get("/exams/sample").await.0, 403, "members have the exam's page");
}

async fn only_the_version_that_was_read_is_replaced(store: Store) {
    let test = TestApp::start(store).await;
    furnish(&test, "none").await;
    let key = test.api_key(Role::Admin).await;
    let publish = async |read: Option<&str>, minutes: u32| {
        let request = test.http.post(test.url("/api/v1/exams/sample/publish")).bearer_auth(&key);
        let request = request.json(&draft(|exam| exam["timing"]["minutes"] = json!(minutes)));
        answer(if let Some(read) = read { request.header("if-match", read) } else { request }).await
    };
    for read in ["\"1\"", "*"] {
        let (status, refused) = publish(Some(read), 30).await;
        assert_eq!(
            (status, &refused["code"]),
            (StatusCode::PRECONDITION_FAILED, &json!("precondition_failed")),
            "nothing is there: {refused}"
        );
    }
    assert_eq!(publish(None, 30).await.0, 201);
    let answered = test.http.get(test.url("/api/v1/exams/sample")).bearer_auth(&key).send().await.expect("answered");
    let tag = answered.headers()["etag"].to_str().expect("text").to_owned();
    assert_eq!(publish(Some(&tag), 31).await.1["version"], 2);
    let (status, refused) = publish(Some(&tag), 32).await;
    assert_eq!((status, &refused["etag"]), (StatusCode::PRECONDITION_FAILED, &json!("\"2\"")), "{refused}");
    assert_eq!(publish(Some("*"), 33).await.1["version"], 3);
    assert_eq!(publish(None, 34).await.1["version"], 4);
}
