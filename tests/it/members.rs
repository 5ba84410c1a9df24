//! Enrolling, signing in by a one-time link, tokens that act as a member.

use std::sync::Arc;

use migration::{Migrator, MigratorTrait as _};
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::clock::StoppedClock;
use waymark::database::{Database, Kind};
use waymark::entropy::SeededEntropy;
use waymark::members;

use crate::support::{Store, TestApp, beginning, fresh_postgres, on_both};

on_both!(
    only_the_post_consumes_a_sign_in_link,
    a_link_dies_after_half_an_hour,
    asking_for_a_link_tells_nobody_who_is_known,
    one_email_is_one_member,
    a_token_acts_as_its_member_for_one_hour,
    who_names_no_language_gets_that_of_the_program,
    names_that_are_there_already_are_found_in_any_form
);

async fn link_for(test: &TestApp, email: &str) -> String {
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let member = members::find_or_enrol(&mut ch, email, "Hikari Nanase", waymark::web::i18n::Locale::En)
        .await
        .expect("enrolled");
    let token = access::create_login_link(&mut ch, member.id).await.expect("made");
    ch.commit().await.expect("committed");
    format!("/login/{token}")
}

async fn only_the_post_consumes_a_sign_in_link(store: Store) {
    let test = TestApp::start(store).await;
    let link = link_for(&test, "hikari@members.example").await;
    for _ in 0..3 {
        let page = test.http.get(test.url(&link)).send().await.expect("answered");
        assert_eq!(page.status(), 200);
        assert!(page.headers()["content-security-policy"].to_str().expect("text").contains("default-src 'none'"));
    }
    let signed_in = test.http.post(test.url(&link)).form(&json!({"csrf": ""})).send().await.expect("answered");
    assert_eq!(signed_in.status(), 303);
    let cookie = signed_in.headers()["set-cookie"].to_str().expect("text").to_owned();
    assert!(
        cookie.starts_with("waymark-session=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let again = test.http.post(test.url(&link)).form(&json!({"csrf": ""})).send().await.expect("answered");
    assert_eq!(again.status(), 410);
    let elsewhere = test
        .http
        .post(test.url(&link))
        .header("sec-fetch-site", "cross-site")
        .form(&json!({"csrf": ""}))
        .send()
        .await
        .expect("answered");
    assert_eq!(elsewhere.status(), 403, "another site cannot sign anybody in");
}

async fn a_link_dies_after_half_an_hour(store: Store) {
    let test = TestApp::start(store).await;
    let link = link_for(&test, "hikari@members.example").await;
    test.clock.advance(access::LOGIN_LINK);
    assert_eq!(test.http.get(test.url(&link)).send().await.expect("answered").status(), 410);
    assert_eq!(test.http.post(test.url(&link)).form(&json!({})).send().await.expect("answered").status(), 410);
}

/// What is done for a member is done after the answer: neither its time nor its trouble shows.
async fn asking_for_a_link_tells_nobody_who_is_known(store: Store) {
    let test = TestApp::start_with(store, |config| {
        config.mail.host = "127.0.0.1".to_owned();
        config.mail.from = "office@guild.example".to_owned();
    })
    .await;
    link_for(&test, "hikari@members.example").await;
    test.run_sql("ALTER TABLE login_link RENAME TO out_of_reach").await;
    for email in ["hikari@members.example", "nobody@members.example"] {
        let asked = test.http.post(test.url("/login")).form(&[("csrf", ""), ("email", email)]).send().await;
        assert_eq!(asked.expect("answered").status(), 200, "{email}");
    }
}

async fn one_email_is_one_member(store: Store) {
    let test = TestApp::start(store).await;
    let key = test.api_key(Role::Admin).await;
    let body = json!({"email": "Aoi@Members.Example", "name": "葵", "locale": "ja"});
    let first =
        test.http.post(test.url("/api/v1/members")).bearer_auth(&key).json(&body).send().await.expect("answered");
    assert_eq!(first.status(), 201);
    let first: serde_json::Value = first.json().await.expect("JSON");
    let second =
        test.http.post(test.url("/api/v1/members")).bearer_auth(&key).json(&body).send().await.expect("answered");
    assert_eq!(second.status(), 409);
    let second: serde_json::Value = second.json().await.expect("JSON");
    assert_eq!((second["code"].as_str(), &second["id"]), (Some("member_exists"), &first["id"]));
    let wrong = test
        .http
        .post(test.url("/api/v1/members"))
        .bearer_auth(&key)
        .json(&json!({"email": "x", "name": "x", "age": 3}))
        .send()
        .await
        .expect("answered");
    assert_eq!(wrong.status(), 422);
    let wrong: serde_json::Value = wrong.json().await.expect("JSON");
    assert_eq!(wrong["errors"][0]["pointer"], "/age");
}

async fn a_token_acts_as_its_member_for_one_hour(store: Store) {
    let test = TestApp::start(store).await;
    let admin = test.api_key(Role::Admin).await;
    let body = json!({"email": "aoi@members.example", "name": "Aoi"});
    let member: serde_json::Value = test
        .http
        .post(test.url("/api/v1/members"))
        .bearer_auth(&admin)
        .json(&body)
        .send()
        .await
        .expect("answered")
        .json()
        .await
        .expect("JSON");
    let path = format!("/api/v1/members/{}/tokens", member["id"].as_str().expect("an id"));
    let minted = test.http.post(test.url(&path)).bearer_auth(&admin).send().await.expect("answered");
    assert_eq!(minted.status(), 201);
    let minted: serde_json::Value = minted.json().await.expect("JSON");
    let token = minted["token"].as_str().expect("a token");
    assert_eq!(minted["expires_at"], "2026-11-21T10:00:00Z");
    let as_member = test.http.post(test.url(&path)).bearer_auth(token).send().await.expect("answered");
    assert_eq!(as_member.status(), 403, "a member's token mints no tokens");
    test.clock.advance(time::Duration::hours(1));
    let expired = test.http.post(test.url(&path)).bearer_auth(token).send().await.expect("answered");
    assert_eq!(expired.status(), 401);
}

async fn who_names_no_language_gets_that_of_the_program(store: Store) {
    let test = TestApp::start(store).await;
    let key = test.api_key(Role::Admin).await;
    let enrol = async |email: &str| {
        let body = json!({"email": email, "name": "Hikari Nanase"});
        let sent = test.http.post(test.url("/api/v1/members")).bearer_auth(&key).json(&body).send().await;
        let answer = sent.expect("answered");
        assert_eq!(answer.status(), 201);
        answer.json::<serde_json::Value>().await.expect("JSON")["locale"].clone()
    };
    assert_eq!(enrol("before@members.example").await, "en", "there is no program yet");
    let document = json!({
        "issuer": {"name": {"ja": "例の会", "en": "Example Guild"}, "url": "https://guild.example"},
        "time_zone": "Asia/Tokyo", "locales": ["ja", "en"], "number_format": "EG-{year}-{seq:6}",
    });
    let profile = waymark::issuer::IssuerProfile::from_value(&document).expect("valid");
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    waymark::issuer::keep(&mut ch, &profile).await.expect("kept");
    ch.commit().await.expect("committed");
    assert_eq!(enrol("after@members.example").await, "ja");
}

async fn names_that_are_there_already_are_found_in_any_form(store: Store) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = match store {
        Store::Sqlite => format!("sqlite://{}", folder.path().join("waymark.db").display()),
        Store::Postgres => fresh_postgres(folder.path()).await,
    };
    let clock = Arc::new(StoppedClock::at(beginning()));
    let db = Database::open(&url, clock, Arc::new(SeededEntropy::new(b"folded"))).await.expect("the store opens");
    let before = Migrator::migrations().iter().position(|m| m.name() == "m0047_folded_names").expect("it is one");
    Migrator::up(db.read(), Some(u32::try_from(before).expect("few"))).await.expect("up to it");
    let id: waymark::ids::MemberId = waymark::ids::fresh(beginning(), db.entropy.as_ref());
    let row = format!(
        "INSERT INTO member (id, email, name, locale, joined_at) VALUES ('{id}', 'ichiro@members.example', '髙橋 一郎', 'ja', 0)"
    );
    db.read().execute_unprepared(&row).await.expect("inserted");
    db.migrate().await.expect("the rest");
    for text in ["高橋", "髙橋", "高橋一郎"] {
        let found = members::search(db.read(), text, None, 9).await.expect("looked up");
        assert_eq!(found.iter().map(|member| member.id).collect::<Vec<_>>(), [id], "{text}");
    }
}
