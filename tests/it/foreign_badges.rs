//! Badges of other issuers on `/verify` and by the API, where their servers are asked, and where they are not.

use std::collections::HashMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use waymark::outbound::{Connector, FetchError};

use crate::support::{Store, TestApp};

const ASSERTION: &str = "https://badges.example/assertions/7";
const CLASS: &str = "https://badges.example/classes/robotics";
const PROFILE: &str = "https://badges.example/issuer";

fn assertion() -> Value {
    json!({"@context": "https://w3id.org/openbadges/v2", "id": ASSERTION, "type": "Assertion", "badge": CLASS,
        "recipient": {"type": "email", "hashed": false, "identity": "a@example.com"}, "verification": {"type": "hosted"},
        "issuedOn": "2026-01-01T00:00:00Z"})
}

fn documents() -> HashMap<String, Value> {
    let class = json!({"@context": "https://w3id.org/openbadges/v2", "id": CLASS, "type": "BadgeClass", "name": "Robotics",
        "description": "Builds robots", "issuer": PROFILE, "criteria": {"narrative": "Build one."}, "image": "https://badges.example/r.png"});
    let profile = json!({"@context": "https://w3id.org/openbadges/v2", "id": PROFILE, "type": "Profile", "name": "Example Badges",
        "url": "https://badges.example", "email": "badges@badges.example"});
    [(ASSERTION, assertion()), (CLASS, class), (PROFILE, profile)]
        .map(|(url, document)| (url.to_owned(), document))
        .into()
}

/// Servers that answer these documents, 410 to null, and 404 to all else.
async fn start(documents: HashMap<String, Value>) -> TestApp {
    let connector = Connector::answering(move |url, accept| {
        assert!(accept.contains("json"), "{url} is asked for JSON: {accept}");
        match documents.get(url) {
            Some(Value::Null) => Err(FetchError::Status(410)),
            Some(document) => Ok(document.to_string().into_bytes()),
            None => Err(FetchError::Status(404)),
        }
    });
    TestApp::start_reaching(Store::Sqlite, connector, |_| {}).await
}

async fn page(test: &TestApp, language: &str, form: Form) -> String {
    let request = test.http.post(test.url("/verify")).header("accept-language", language).header("accept", "text/html");
    request.multipart(form).send().await.expect("answered").text().await.expect("text")
}

async fn report(test: &TestApp, body: &Value) -> Value {
    let answer = test.http.post(test.url("/api/v1/verifications")).json(body).send().await.expect("answered");
    assert_eq!(answer.status(), 200);
    answer.json().await.expect("JSON")
}

fn finding<'r>(report: &'r Value, check: &str) -> &'r str {
    let checks = report["checks"].as_array().expect("checks");
    checks.iter().find(|found| found["id"] == check).and_then(|found| found["code"].as_str()).expect("the check")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hosted_badge_is_told_only_after_its_server_was_asked() {
    let test = start(documents()).await;
    let unasked = report(&test, &json!({"credential": assertion()})).await;
    assert_eq!((&unasked["state"], finding(&unasked, "proof")), (&json!("unknown"), "hosted_not_asked"));
    assert!(unasked.get("credential").is_none(), "nothing of it is shown: {unasked}");
    let asked = report(&test, &json!({"credential": assertion(), "look_up": true})).await;
    assert_eq!((&asked["state"], finding(&asked, "issuer_key")), (&json!("valid"), "hosted_by_issuer"));
    assert_eq!(asked["credential"], assertion());
    let by_address = report(&test, &json!({"url": ASSERTION})).await;
    assert_eq!(by_address["state"], "valid", "{by_address}");

    let mut changed = assertion();
    changed["recipient"]["identity"] = json!("b@example.com");
    let altered = report(&test, &json!({"credential": changed, "look_up": true})).await;
    assert_eq!((&altered["state"], finding(&altered, "proof")), (&json!("altered"), "hosted_differs"));

    let form = || Form::new().text("text", assertion().to_string()).text("look_up", "true");
    let english = page(&test, "en", form()).await;
    for words in
        ["banner--valid", "Robotics", "Example Badges", "An Open Badges 2.0 badge. Badges of this kind are not signed"]
    {
        assert!(english.contains(words), "{words}: {english}");
    }
    let japanese = page(&test, "ja", form()).await;
    assert!(japanese.contains("Open Badges 2.0 のバッジです。この方式には署名がなく"), "{japanese}");
    let unasked = page(&test, "ja", Form::new().text("text", assertion().to_string())).await;
    assert!(unasked.contains("banner--unknown") && !unasked.contains("Robotics"), "{unasked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_took_away_or_never_had_is_no_valid_badge() {
    let mut revoked = documents();
    revoked.insert(ASSERTION.to_owned(), {
        let mut all = assertion();
        all["revoked"] = json!(true);
        all
    });
    let mut gone = documents();
    gone.insert(ASSERTION.to_owned(), Value::Null);
    let mut moved = documents();
    moved.get_mut(CLASS).expect("the class")["issuer"] = json!("https://elsewhere.example/issuer");
    let mut other = moved[PROFILE].clone();
    other["id"] = json!("https://elsewhere.example/issuer");
    moved.insert("https://elsewhere.example/issuer".to_owned(), other);
    for (documents, state, check, code) in [
        (revoked, "revoked", "status", "revoked"),
        (gone, "unknown", "proof", "hosted_gone"),
        (moved, "altered", "issuer_key", "hosted_elsewhere"),
        (HashMap::new(), "unknown", "proof", "hosted_unreachable"),
    ] {
        let test = start(documents).await;
        let found = report(&test, &json!({"credential": assertion(), "look_up": true})).await;
        assert_eq!((found["state"].as_str(), finding(&found, check)), (Some(state), code), "{found}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_of_open_badges_2_leads_to_its_server() {
    let test = start(documents()).await;
    // one pixel
    let plain = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";
    let mut png = BASE64_STANDARD.decode(plain).expect("base64");
    let end = png.split_off(png.len() - 12);
    let text = [b"tEXtopenbadges\0".as_slice(), ASSERTION.as_bytes()].concat();
    let mut crc = flate2::Crc::new();
    crc.update(&text);
    png.extend(u32::try_from(text.len() - 4).expect("short").to_be_bytes());
    png.extend(text);
    png.extend(crc.sum().to_be_bytes());
    png.extend(end);
    let svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org"><openbadges:assertion verify="{ASSERTION}"/></svg>"#
    );
    for (name, picture) in [("badge.png", png), ("badge.svg", svg.into_bytes())] {
        let form = |look_up: &'static str| {
            Form::new().part("file", Part::bytes(picture.clone()).file_name(name)).text("look_up", look_up)
        };
        let asked = page(&test, "en", form("true")).await;
        assert!(asked.contains("banner--valid") && asked.contains("Robotics"), "{name}: {asked}");
        assert!(asked.contains("The picture carries an address alone"), "{name}: {asked}");
    }
}
