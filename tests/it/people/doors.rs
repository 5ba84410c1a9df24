//! Ways past the guards: answers that were kept, forms that carry files.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::database::Kind;

use super::Person;
use crate::contributions::{small_program, start};
use crate::support::{Store, on_both};

on_both!(
    an_answer_is_repeated_to_whoever_may_ask,
    a_form_with_a_file_takes_no_key,
    a_form_with_a_file_comes_from_a_page_of_ours
);

async fn an_answer_is_repeated_to_whoever_may_ask(store: Store) {
    let test = start(store).await;
    let ada = Person::staff(&test, "Ada", Role::Issuer).await;
    let enrol = async |csrf: &str| {
        let request = test.http.post(test.url("/api/v1/members")).header("cookie", &ada.cookie);
        let request = request.header("x-csrf-token", csrf).header("idempotency-key", "one");
        let body = json!({"email": "sora@members.example", "name": "Sora", "locale": "en"});
        let answer = request.json(&body).send().await.expect("answered");
        (answer.status().as_u16(), answer.headers().contains_key("idempotency-replayed"))
    };
    assert_eq!(enrol(&ada.csrf).await, (201, false));
    assert_eq!(enrol(&ada.csrf).await, (201, true));
    assert_eq!(enrol("").await, (403, false), "another site is told nothing");
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    access::take_role(&mut ch, ada.id, Role::Issuer, "r").await.expect("taken");
    ch.commit().await.expect("committed");
    assert_eq!(enrol(&ada.csrf).await, (403, false), "nor is whoever may not ask any more");
}

async fn a_form_with_a_file_takes_no_key(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let key = test.api_key(Role::Owner).await;
    for path in ["/admin/members/import", "/admin/credentials/bulk", "/admin/imports", "/verify"] {
        let file = Part::bytes(&b"name,email\nSora,sora@members.example\n"[..]).file_name("members.csv");
        let form = Form::new().text("csrf", "").part("file", file);
        let request = test.http.post(test.url(path)).bearer_auth(&key).header("accept", "application/json");
        let answer = request.multipart(form).send().await.expect("answered");
        assert_eq!(answer.status(), 403, "{path}");
        assert!(answer.text().await.expect("text").contains("forbidden"), "{path}: as forms without files");
    }
    assert_eq!(test.count("SELECT COUNT(*) FROM job").await, 0);
}

/// Handlers read the parts themselves, so each asks for the token itself.
async fn a_form_with_a_file_comes_from_a_page_of_ours(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let ada = Person::staff(&test, "Ada", Role::Owner).await;
    for path in [
        "/admin/members/import",
        "/admin/credentials/bulk",
        "/admin/imports",
        "/admin/banks/sample/import",
        "/admin/banks/sample/new",
        "/verify",
        "/verify/batch",
    ] {
        for csrf in ["", "wrong"] {
            let file = Part::bytes(&b"name,email\nSora,sora@members.example\n"[..]).file_name("members.csv");
            let form = Form::new().text("csrf", csrf).part("file", file);
            let request = test.http.post(test.url(path)).header("cookie", &ada.cookie);
            let answer = request.header("accept", "application/json").multipart(form).send().await.expect("answered");
            let (status, problem) = (answer.status(), answer.json::<Value>().await.expect("JSON"));
            assert_eq!((status.as_u16(), &problem["code"]), (403, &json!("cross_site")), "{path}: {problem}");
        }
    }
    assert_eq!(test.count("SELECT COUNT(*) FROM job").await, 0);
}
