//! How people come in: members from a table, invitations with a link, and what whoever joins chooses first.

mod beforehand;
mod command;
mod links;
mod staff;
mod tables;

use reqwest::Method;
use serde_json::{Value, json};
use waymark::ids::InvitationId;

use crate::credentials::Guild;
use crate::openapi::Caller;
use crate::support::TestApp;

/// Sends a table with a key.
async fn import(test: &TestApp, key: &str, body: &[u8], query: &[(&str, &str)]) -> (u16, Value) {
    let request = test.http.post(test.url("/api/v1/members/import")).bearer_auth(key).query(query);
    let answer = request.header("content-type", "text/csv").body(body.to_vec()).send().await.expect("answered");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

/// Invites a person by a link to hand over; answers the invitation's id and the path of its link.
async fn invited(guild: &Guild, key: &str, email: &str, locale: &str) -> (InvitationId, String) {
    let body = json!({"email": email, "name": "七瀬 ひかり", "locale": locale, "how": "link"});
    let (status, made) = guild.post(key, "/api/v1/invitations", None, &body).await;
    assert_eq!((status, &made["state"]), (201, &json!("open")), "{made}");
    (made["id"].as_str().expect("an id").parse().expect("an id"), path_of(&guild.test, &made["url"]))
}

fn path_of(test: &TestApp, url: &Value) -> String {
    url.as_str().and_then(|url| url.strip_prefix(&test.base)).expect("a link of ours").to_owned()
}

async fn open(test: &TestApp, path: &str, language: &str) -> (u16, String) {
    let request = test.http.get(test.url(path)).header("accept", "text/html").header("accept-language", language);
    let answer = request.send().await.expect("answered");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

async fn press(test: &TestApp, path: &str) -> reqwest::Response {
    let request = test.http.post(test.url(path)).header("accept", "text/html").form(&json!({"csrf": ""}));
    request.send().await.expect("answered")
}

/// Every call of the room, for the test of the API's description.
pub async fn every_call(api: &mut Caller<'_>, admin: &str) {
    let (get, post, none) = (Method::GET, Method::POST, Value::Null);
    let path = "/api/v1/members/import";
    let csv = "氏名,メール,言語\n七瀬 ひかり,hikari.n@members.example,ja\n,nobody,fr\n";
    let mut job = String::new();
    for (dry_run, expected) in [("true", 200), ("false", 202)] {
        let query = [("locale", "ja"), ("dry_run", dry_run)];
        let made = api.send_file(admin, path, (path, &query), ("text/csv", csv.as_bytes()), expected).await;
        made["job"].as_str().unwrap_or_default().clone_into(&mut job);
    }
    api.test.settle().await;
    let path = "/api/v1/members/import/{id}/invitations";
    let made = api.call(admin, post.clone(), path, &[&job], json!({"how": "link"}), 200).await;
    let id = made["data"][0]["id"].as_str().expect("an invitation").to_owned();
    let grace = json!({"email": "grace@members.example", "name": "Grace", "locale": "en", "how": "link"});
    api.call(admin, post.clone(), "/api/v1/invitations", &[], grace, 201).await;
    let mail = json!({"email": "grace@members.example", "name": "Grace", "how": "mail"});
    api.call(admin, post.clone(), "/api/v1/invitations", &[], mail, 422).await;
    api.call(admin, post.clone(), "/api/v1/invitations/{id}/renew", &[&id], json!({"how": "link"}), 200).await;
    api.call(admin, post.clone(), "/api/v1/invitations/{id}/withdraw", &[&id], none.clone(), 200).await;
    api.call(admin, post, "/api/v1/invitations/{id}/withdraw", &[&id], none.clone(), 409).await;
    api.call(admin, get, "/api/v1/invitations", &[], none, 200).await;
    api.fetch(admin, "/api/v1/invitations", "/api/v1/invitations", &[("state", "withdrawn")]).await;
}
