//! No byte that a candidate receives holds a key, a rationale, a lasting option id, an item's version or the seed.

use reqwest::Method;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use super::{CANARY, Candidate, field, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(a_whole_attempt_says_nothing_of_the_key, a_right_answer_is_acknowledged_like_a_wrong_one);

/// Every answer of a whole attempt, headers and bodies.
struct Heard(Vec<(String, String)>);

impl Heard {
    async fn hear(&mut self, what: &str, request: reqwest::RequestBuilder) -> String {
        let answer = request.send().await.expect("answered");
        let headers = format!("{:?}", answer.headers());
        let body = String::from_utf8_lossy(&answer.bytes().await.expect("bytes")).into_owned();
        self.0.push((what.to_owned(), format!("{headers}\n{body}")));
        body
    }
}

async fn a_whole_attempt_says_nothing_of_the_key(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let mut heard = Heard(vec![]);
    heard.hear("exams", ada.api(Method::GET, "/exams")).await;
    heard.hear("intro", ada.page(Method::GET, "/exams/sample")).await;
    let begun = heard.hear("start", ada.api(Method::POST, "/exams/sample/attempts")).await;
    let begun: Value = serde_json::from_str(&begun).expect("JSON");
    let id = begun["id"].as_str().expect("an id");
    let (attempt, exam) = (format!("/attempts/{id}"), format!("/exam/{id}"));
    let mut csrf = String::new();
    for position in 1..=3 {
        let item = heard.hear("item", ada.api(Method::GET, &format!("{attempt}/items/{position}"))).await;
        let item: Value = serde_json::from_str(&item).expect("JSON");
        csrf = field(&heard.hear("page", ada.page(Method::GET, &format!("{exam}/{position}"))).await, "csrf");
        let path = format!("{attempt}/responses/{position}");
        let one = [item["options"][0]["handle"].clone()];
        let save = |response: Value, op: &str| json!({"response": response, "revision": 0, "client_op_id": op});
        heard.hear("save", ada.api(Method::PUT, &path).json(&save(json!(one), &format!("a{position}")))).await;
        heard.hear("stale", ada.api(Method::PUT, &path).json(&save(json!([]), &format!("b{position}")))).await;
        heard.hear("bad", ada.api(Method::PUT, &path).json(&save(json!(["x"]), &format!("c{position}")))).await;
        let flag = ada.api(Method::PUT, &format!("{attempt}/positions/{position}/flag"));
        heard.hear("flag", flag.json(&json!({"flagged": true}))).await;
        let form = [("csrf", csrf.as_str()), ("revision", "0"), ("op", "d"), ("choice", "x"), ("was", "")];
        heard.hear("post", ada.page(Method::POST, &format!("{exam}/{position}")).form(&form)).await;
    }
    heard.hear("state", ada.api(Method::GET, &attempt)).await;
    heard.hear("review", ada.page(Method::GET, &format!("{exam}/review"))).await;
    heard.hear("submit", ada.page(Method::POST, &format!("{exam}/submit")).form(&[("csrf", &csrf)])).await;
    for path in [attempt.clone(), format!("{attempt}/result"), format!("{attempt}/items/1")] {
        heard.hear("after", ada.api(Method::GET, &path)).await;
    }
    heard.hear("result", ada.page(Method::GET, &format!("{exam}/result"))).await;

    let secrets = secrets(&test, id).await;
    assert!(secrets.len() > 5 && heard.0.len() > 25);
    for (what, text) in &heard.0 {
        assert!(!text.contains("\"status\":500"), "{what}: {text}");
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{what} says {secret}: {text}");
        }
    }
}

/// The canaries, the seed of the form, and the hash of every version and of the form.
async fn secrets(test: &TestApp, attempt: &str) -> Vec<String> {
    let db = test.app.db.read();
    let column = async |sql: String| {
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("read");
        rows.iter().map(|row| row.try_get_by_index::<String>(0).expect("text")).collect::<Vec<_>>()
    };
    let mut secrets = vec![CANARY.to_owned()];
    for stored in column(format!("SELECT stored FROM form WHERE attempt = '{attempt}'")).await {
        let form: Value = serde_json::from_str(&stored).expect("JSON");
        secrets.push(form["seed"].as_str().expect("a seed").to_owned());
    }
    secrets.extend(column(format!("SELECT hash FROM form WHERE attempt = '{attempt}'")).await);
    secrets.extend(column("SELECT hash FROM item_version".to_owned()).await);
    secrets.extend(column("SELECT id FROM item_version".to_owned()).await);
    secrets
}

/// An answer with what differs from request to request taken out.
async fn shape(request: reqwest::RequestBuilder) -> (u16, Vec<(String, String)>, String) {
    let answer = request.send().await.expect("answered");
    let own = ["x-request-id", "date", "server-timing"];
    let mut headers: Vec<(String, String)> = answer
        .headers()
        .iter()
        .filter(|(name, _)| !own.contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), format!("{value:?}")))
        .collect();
    headers.sort();
    (answer.status().as_u16(), headers, answer.text().await.expect("text"))
}

async fn a_right_answer_is_acknowledged_like_a_wrong_one(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    // Both see the same places in the same order; one answers right, the other wrong.
    let (ada, bea) =
        (Candidate::enrol(&test, "ada@members.example").await, Candidate::enrol(&test, "bea@members.example").await);
    let (first, second) = (ada.start().await, bea.start().await);
    for position in 1..=3 {
        let mut replies = vec![];
        for (who, attempt, word) in [(&ada, &first, "right"), (&bea, &second, "w")] {
            let chosen = who.handles(attempt, position, word).await;
            let chosen: Vec<Value> = chosen.as_array().expect("handles").iter().take(1).cloned().collect();
            assert_eq!(chosen.len(), 1, "{word} at {position}");
            let body = json!({"response": chosen, "revision": 0, "client_op_id": format!("op-{position}")});
            let path = format!("{attempt}/responses/{position}");
            replies.push(shape(who.api(Method::PUT, &path).json(&body)).await);
            // The same again is answered alike, too.
            replies.push(shape(who.api(Method::PUT, &path).json(&body)).await);
        }
        assert_eq!(replies[0].0, 200, "{}", replies[0].2);
        for other in &replies[1..] {
            assert_eq!(&replies[0], other, "nothing of a reply depends on what was answered, its length included");
        }
    }
}
