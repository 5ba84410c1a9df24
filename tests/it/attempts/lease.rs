//! One window writes: what the lease lets through, and what it refuses.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::desk::{ONE, TWO, kinds, lease, log_of};
use super::{Candidate, answer, field, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(
    one_window_writes_and_the_other_keeps_its_text,
    a_holder_that_fell_silent_has_let_go,
    while_a_window_holds_the_lease_nobody_else_writes,
    a_form_writes_under_the_lease_of_its_page
);

async fn save_as(
    ada: &Candidate<'_>,
    attempt: &str,
    response: &Value,
    revision: u64,
    epoch: &Value,
) -> (StatusCode, Value) {
    let op = format!("op-{epoch}-{revision}");
    let body = json!({"response": response, "revision": revision, "client_op_id": op, "lease": epoch});
    ada.call(Method::PUT, &format!("{attempt}/responses/1"), body).await
}

async fn one_window_writes_and_the_other_keeps_its_text(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let (right, wrong) = (ada.handles(&attempt, 1, "right").await, ada.handles(&attempt, 1, "wrong").await);

    let first = lease(&ada, &attempt, ONE, false).await;
    assert_eq!((&first["held"], &first["epoch"]), (&json!(true), &json!(1)));
    assert_eq!(save_as(&ada, &attempt, &right, 0, &first["epoch"]).await.0, 200);
    let second = lease(&ada, &attempt, TWO, false).await;
    assert_eq!((&second["held"], &second["epoch"]), (&json!(false), &json!(1)), "reading only until it takes over");
    assert_eq!(second["local_key"], first["local_key"], "one device reads what it kept");
    assert_eq!(lease(&ada, &attempt, ONE, false).await["epoch"], 1, "a reload stays the same window");

    let taken = lease(&ada, &attempt, TWO, true).await;
    assert_eq!((&taken["held"], &taken["epoch"]), (&json!(true), &json!(2)));
    let (status, lost) = save_as(&ada, &attempt, &wrong, 1, &first["epoch"]).await;
    assert_eq!(
        (status.as_u16(), lost["code"].as_str(), &lost["epoch"]),
        (409, Some("lease_lost"), &json!(2)),
        "{lost}"
    );
    let (_, item) = ada.get(&format!("{attempt}/items/1")).await;
    assert_eq!((&item["response"], &item["revision"]), (&right, &json!(1)), "nothing was written");
    assert_eq!(save_as(&ada, &attempt, &wrong, 1, &taken["epoch"]).await.0, 200);

    let (_, told) = ada.call(Method::POST, &format!("{attempt}/contact"), json!({"lease": 1})).await;
    assert_eq!((&told["held"], &told["epoch"]), (&json!(false), &json!(2)));
    let log = log_of(&test, &attempt).await;
    assert_eq!(kinds(&log).iter().filter(|kind| **kind == "lease_taken").count(), 2);
    assert_eq!(kinds(&log).iter().filter(|kind| **kind == "lease_lost").count(), 1);

    let bad = ada.call(Method::POST, &format!("{attempt}/lease"), json!({"holder": "short"})).await;
    assert_eq!((bad.0.as_u16(), &bad.1["errors"][0]["pointer"]), (422, &json!("/holder")));
    let bea = Candidate::enrol(&test, "bea@members.example").await;
    for path in ["lease", "contact", "events", "late-answers"] {
        let body = match path {
            "lease" => json!({"holder": ONE}),
            "events" => json!({"events": []}),
            "late-answers" => json!({"answers": []}),
            _ => json!({}),
        };
        assert_eq!(bea.call(Method::POST, &format!("{attempt}/{path}"), body).await.0, 404, "{path} of another person");
    }
}

async fn a_holder_that_fell_silent_has_let_go(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    lease(&ada, &attempt, ONE, false).await;
    test.clock.advance(time::Duration::seconds(44));
    assert_eq!(lease(&ada, &attempt, TWO, false).await["held"], false);
    ada.call(Method::POST, &format!("{attempt}/contact"), json!({"lease": 1})).await;
    test.clock.advance(time::Duration::seconds(44));
    assert_eq!(lease(&ada, &attempt, TWO, false).await["held"], false, "a sign of life counts");
    test.clock.advance(time::Duration::seconds(1));
    let taken = lease(&ada, &attempt, TWO, false).await;
    assert_eq!((&taken["held"], &taken["epoch"]), (&json!(true), &json!(2)));
}

async fn while_a_window_holds_the_lease_nobody_else_writes(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let (right, wrong) = (ada.handles(&attempt, 1, "right").await, ada.handles(&attempt, 1, "wrong").await);
    let flag = async |body: Value| ada.call(Method::PUT, &format!("{attempt}/positions/1/flag"), body).await;
    assert_eq!(
        ada.save(&attempt, 1, &right, 0, "op-1").await.0,
        200,
        "where nobody asks for a lease, nobody needs one"
    );
    assert_eq!(flag(json!({"flagged": true})).await.0, 200);

    lease(&ada, &attempt, ONE, false).await;
    let (status, lost) = ada.save(&attempt, 1, &wrong, 1, "op-2").await;
    assert_eq!((status.as_u16(), &lost["code"], &lost["epoch"]), (409, &json!("lease_lost"), &json!(1)), "{lost}");
    assert_eq!(save_as(&ada, &attempt, &wrong, 1, &json!(7)).await.1["code"], "lease_lost", "an epoch that never was");
    assert_eq!(flag(json!({"flagged": false})).await.1["code"], "lease_lost");
    assert_eq!(flag(json!({"flagged": false, "lease": 1})).await.0, 200);
    let file = ada.api(Method::POST, &format!("{attempt}/positions/1/files"));
    let file = file.header("content-type", "application/octet-stream").body("%PDF-1.7");
    assert_eq!(answer(file).await.1["code"], "lease_lost");
    let (_, item) = ada.get(&format!("{attempt}/items/1")).await;
    assert_eq!((&item["response"], &item["revision"]), (&right, &json!(1)), "nothing was written");
    let (status, again) = ada.save(&attempt, 1, &right, 0, "op-1").await;
    assert_eq!((status.as_u16(), &again["revision"]), (200, &json!(1)), "what was taken before is answered as then");
    assert_eq!(save_as(&ada, &attempt, &wrong, 1, &json!(1)).await.0, 200, "its holder writes");
    let log = log_of(&test, &attempt).await;
    assert_eq!(kinds(&log).iter().filter(|kind| **kind == "lease_lost").count(), 2, "answers that were refused");

    test.clock.advance(time::Duration::seconds(46));
    assert_eq!(ada.save(&attempt, 1, &right, 2, "op-3").await.0, 200, "a holder that fell silent has let go");
}

async fn a_form_writes_under_the_lease_of_its_page(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = ada.start().await;
    let page = format!("/exam/{}/1", attempt.rsplit('/').next().expect("an id"));
    let post = async |html: &str, choice: &Value, go: &str| {
        let mut fields = vec![("choice", choice[0].as_str().expect("a handle").to_owned()), ("go", go.to_owned())];
        fields.extend(["csrf", "lease", "revision", "was", "op"].map(|name| (name, field(html, name))));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        ada.post(&page, &fields).await
    };
    let stored = async || ada.get(&format!("{attempt}/items/1")).await.1["response"].clone();
    let (right, wrong) = (ada.handles(&attempt, 1, "right").await, ada.handles(&attempt, 1, "wrong").await);
    let (_, _, before) = ada.open(&page).await;
    lease(&ada, &attempt, ONE, false).await;
    assert_eq!(post(&before, &right, "stay").await.0, 303, "the page of the first window to ask for the lease");

    // Two windows, one stale: the second one takes over, and the page of the first one is refused.
    let (_, _, stale) = ada.open(&page).await;
    lease(&ada, &attempt, TWO, true).await;
    let (status, _, refused) = post(&stale, &wrong, "next").await;
    assert_eq!(status, 409, "{refused}");
    assert!(
        refused.contains("another window has begun to write") && refused.contains("<li>wrong of "),
        "its text is kept: {refused}"
    );
    assert_eq!(stored().await, right, "nothing was written");
    assert_eq!(post(&stale, &right, "flag").await.0, 409, "nor flagged");
    assert_eq!(post(&refused, &wrong, "stay").await.0, 303, "the page that says so knows of the take-over");
    assert_eq!(stored().await, wrong);
    let (_, _, html) = ada.open(&page).await;
    let fields = [("csrf", field(&html, "csrf")), ("revision", field(&html, "revision")), ("op", "bare".to_owned())];
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.push(("choice", right[0].as_str().expect("a handle")));
    assert_eq!(ada.post(&page, &fields).await.0, 409, "a form without the field");
    assert_eq!(stored().await, wrong);
    let log = log_of(&test, &attempt).await;
    assert!(kinds(&log).contains(&"lease_lost"));
}
