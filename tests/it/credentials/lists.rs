//! Status lists: the next one begins when one is full, copies may be kept for a while, and every process says the same at once.

use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::{Value, json};
use waymark::app::App;
use waymark::credentials::Credential;
use waymark::database::Database;
use waymark::entropy::SeededEntropy;
use waymark::router;
use waymark_credential::model::StatusListCredential;
use waymark_credential::status_list::StatusList;
use waymark_credential::verify::State;

use super::Guild;
use super::pages::Browser;
use crate::support::{Store, on_both};

on_both!(
    a_full_list_is_followed_by_the_next_and_goes_on_telling,
    a_copy_is_asked_after_and_not_sent_twice,
    a_second_process_says_the_same_at_once
);

async fn place(guild: &Guild, known: &Credential) -> (String, u64) {
    let document: Value = serde_json::from_str(&guild.signed(known).await.0).expect("JSON");
    let status = &document["credentialStatus"];
    let list = status["statusListCredential"].as_str().expect("a list").to_owned();
    (list, status["statusListIndex"].as_str().expect("text").parse().expect("a number"))
}

async fn bit(guild: &Guild, (list, index): &(String, u64)) -> bool {
    let answer = guild.test.http.get(list).send().await.expect("answered");
    let signed: StatusListCredential = answer.json().await.expect("a status list");
    StatusList::decode(&signed.credential_subject.encoded_list).expect("decodes").get(*index).expect("inside")
}

async fn a_full_list_is_followed_by_the_next_and_goes_on_telling(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let first = guild.released("hikari@members.example").await;
    guild.test.run_sql("UPDATE status_list SET used = entries / 2 - 1").await;
    let last = guild.released("kaede@members.example").await;
    let next = guild.released("aoi@members.example").await;
    let places = [place(&guild, &first).await, place(&guild, &last).await, place(&guild, &next).await];
    assert_eq!(places[0].0, places[1].0, "the list is used up to its half");
    assert_ne!(places[1].0, places[2].0, "then the next one begins");
    assert_eq!(guild.test.count("SELECT COUNT(*) FROM status_list WHERE open_for IS NOT NULL").await, 1);
    for known in [&first, &next] {
        let path = format!("/api/v1/credentials/{}/revoke", known.id);
        assert_eq!(guild.post(&key, &path, None, &json!({"reason_code": "other"})).await.0, 200);
    }
    let told = [bit(&guild, &places[0]).await, bit(&guild, &places[1]).await, bit(&guild, &places[2]).await];
    assert_eq!(told, [true, false, true], "a closed list goes on telling");
}

async fn a_copy_is_asked_after_and_not_sent_twice(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let (list, _) = place(&guild, &known).await;
    let fetch = async |tag: Option<&str>| {
        let mut request = guild.test.http.get(&list);
        if let Some(tag) = tag {
            request = request.header("if-none-match", tag);
        }
        let answer = request.send().await.expect("answered");
        assert_eq!(answer.headers()["cache-control"], "public, max-age=300", "the ttl of the list");
        let tag = answer.headers()["etag"].to_str().expect("text").to_owned();
        (answer.status().as_u16(), tag, answer.text().await.expect("read"))
    };
    let (_, tag, body) = fetch(None).await;
    let document: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(document["credentialSubject"]["ttl"], 300_000);
    let (status, same, empty) = fetch(Some(&tag)).await;
    assert_eq!((status, same.as_str(), empty.as_str()), (304, tag.as_str(), ""));
    let path = format!("/api/v1/credentials/{}/revoke", known.id);
    let key = guild.admin().await;
    assert_eq!(guild.post(&key, &path, None, &json!({"reason_code": "other"})).await.0, 200);
    let (status, other, _) = fetch(Some(&tag)).await;
    assert_eq!((status, other == tag), (200, false), "a bit that was set is a new list");
}

/// Another process on the same store: what it serves, under the address of its own.
async fn second(guild: &Guild) -> String {
    let first = &guild.test.app;
    let entropy = Arc::new(SeededEntropy::new(b"the second process"));
    let db = Database::open(&first.config.database.url, guild.test.clock.clone(), entropy).await.expect("opens");
    let app = App::new(db, first.config.clone()).expect("the capabilities are there");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("bound"));
    let service = router::build(app).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    base
}

async fn a_second_process_says_the_same_at_once(store: Store) {
    let guild = Guild::start(store).await;
    let other = second(&guild).await;
    let key = guild.admin().await;
    let known = guild.released("hikari@members.example").await;
    let own = Browser::of(&guild, known.member).await;
    let csrf = own.csrf().await;
    let show = async |visibility: &str| {
        let form = json!({"csrf": csrf, "visibility": visibility});
        assert_eq!(own.post(&format!("/me/credentials/{}/visibility", known.id), &form).await.0, 303);
    };
    show("link").await;
    let (list, index) = place(&guild, &known).await;
    let list = list.replace(&guild.test.base, &other);
    let look = async |suffix: &str| {
        let url = format!("{other}/c/{}{suffix}", known.share_id);
        let answer = guild.test.http.get(url).header("accept-language", "en").send().await.expect("answered");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    };
    let verdict = async || {
        let asked = json!({"number": known.number, "check_code": known.check_code});
        let url = format!("{other}/api/v1/verifications");
        let report: Value =
            guild.test.http.post(url).json(&asked).send().await.expect("answered").json().await.expect("JSON");
        report["state"].as_str().expect("a state").to_owned()
    };
    // Every look is a look at the store: the clock stands still, and nothing is older than the look before.
    assert_eq!(verdict().await, "valid");
    assert!(look("").await.1.contains(r#"banner__word">Valid"#), "{}", look("").await.1);
    for (step, expected, set) in
        [("suspend", "Suspended", true), ("reinstate", "Valid", false), ("revoke", "Revoked", true)]
    {
        let path = format!("/api/v1/credentials/{}/{step}", known.id);
        assert_eq!(guild.post(&key, &path, None, &json!({"reason_code": "other"})).await.0, 200);
        assert_eq!(verdict().await, expected.to_lowercase(), "{step}");
        assert!(look("").await.1.contains(&format!(r#"banner__word">{expected}"#)), "{step}");
        let now = place(&guild, &guild.credential(known.id).await).await.1;
        let signed: StatusListCredential =
            guild.test.http.get(&list).send().await.expect("answered").json().await.expect("a list");
        let bits = StatusList::decode(&signed.credential_subject.encoded_list).expect("decodes");
        assert_eq!((bits.get(now), bits.get(index)), (Ok(set), Ok(true)), "{step}");
    }
    show("private").await;
    for suffix in ["", ".json", ".jwt", ".png", ".svg", ".qr.svg"] {
        assert_eq!(look(suffix).await.0, 404, "{suffix}");
    }
    assert_eq!(guild.as_stranger(&guild.signed(&known).await.0).await.state(), State::Revoked);
}
