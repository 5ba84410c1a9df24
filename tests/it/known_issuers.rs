//! The trust list: who may write it, what it refuses, and what a report says by it.

use serde_json::{Value, json};
use waymark::access::Role;
use waymark::credentials;

use crate::credentials::Guild;
use crate::support::{Store, on_both};

on_both!(
    only_admins_write_it_and_what_cannot_be_read_is_refused,
    a_report_says_known_only_while_it_is_and_by_the_right_key,
    our_own_issuer_goes_by_its_name_in_the_readers_language
);

async fn only_admins_write_it_and_what_cannot_be_read_is_refused(store: Store) {
    let guild = Guild::start(store).await;
    let admin = guild.test.api_key(Role::Admin).await;
    let (path, good) = ("/api/v1/known-issuers", json!({"issuer": "did:web:other.example", "name": "Other Guild"}));
    for role in [Role::Issuer, Role::Auditor, Role::Examiner, Role::Source] {
        let key = guild.test.api_key(role).await;
        assert_eq!(guild.post(&key, path, None, &good).await.0, 403, "{role:?}");
    }
    let refused = [
        (json!({"issuer": "other.example", "name": "x"}), "/issuer"),
        (json!({"issuer": "javascript:alert(1)", "name": "x"}), "/issuer"),
        (json!({"issuer": "did:web:a b", "name": "x"}), "/issuer"),
        (json!({"issuer": "did:web:other.example", "name": " "}), "/name"),
        (json!({"issuer": "did:web:other.example", "name": "x".repeat(201)}), "/name"),
        (json!({"issuer": "did:web:other.example", "name": "x", "keys": ["a b"]}), "/keys"),
        (json!({"issuer": "did:web:other.example", "name": "x", "keys": vec!["k"; 21]}), "/keys"),
        (json!({"issuer": "did:web:other.example", "name": "x", "note": "x".repeat(501)}), "/note"),
        (json!({"issuer": "did:web:other.example", "name": "x", "since": "2999-01-01T00:00:00Z"}), "/since"),
        (json!({"issuer": "did:web:other.example", "name": "x", "trust": 1}), "/trust"),
    ];
    for (body, pointer) in refused {
        let (status, problem) = guild.post(&admin, path, None, &body).await;
        assert_eq!((status, problem["errors"][0]["pointer"].as_str()), (422, Some(pointer)), "{body} {problem}");
    }
    let (status, added) = guild.post(&admin, path, None, &good).await;
    assert_eq!((status, added["name"].as_str()), (201, Some("Other Guild")), "{added}");
    assert_eq!(guild.post(&admin, path, None, &good).await.0, 409, "known already");
    let own = json!({"issuer": guild.get(&admin, "/issuer").await.1["id"], "name": "We"});
    assert_eq!(guild.post(&admin, path, None, &own).await.0, 409, "our own");
    let end = format!("{path}/{}/end", added["id"].as_str().expect("an id"));
    let (_, ended) = guild.post(&admin, &end, None, &json!({})).await;
    assert!(ended["ended_at"].is_string(), "{ended}");
    assert_eq!(guild.post(&admin, &end, None, &json!({})).await.0, 200, "once more changes nothing");
    assert_eq!(guild.post(&admin, path, None, &good).await.0, 201, "what ended may begin anew");
    let (_, list) = guild.get(&admin, path).await;
    assert_eq!(list["data"].as_array().map(Vec::len), Some(2), "what ended stays in the list");
    let done = guild.test.audit_actions().await;
    let written: Vec<&str> = done.iter().map(String::as_str).filter(|a| a.starts_with("known_issuer")).collect();
    assert_eq!(written, ["known_issuer.add", "known_issuer.end", "known_issuer.add"]);
}

async fn a_report_says_known_only_while_it_is_and_by_the_right_key(store: Store) {
    let (guild, other) = (Guild::start(store).await, Guild::start(store).await);
    let theirs = other.released("hikari@members.example").await;
    let document = credentials::signed_json(other.test.app.db.read(), &theirs).await.expect("signed");
    let document: Value = serde_json::from_str(&document).expect("JSON");
    let did = document["issuer"]["id"].as_str().expect("an issuer").to_owned();
    let admin = guild.test.api_key(Role::Admin).await;
    let identity = async || {
        let (status, report) =
            guild.post(&admin, "/api/v1/verifications", None, &json!({"credential": document})).await;
        assert_eq!(status, 200, "{report}");
        assert_eq!(report["state"], "unknown", "knowing an issuer changes no state: its list was not asked for");
        let checks = report["checks"].as_array().expect("checks").clone();
        let check = checks.into_iter().find(|check| check["id"] == "issuer_identity").expect("there");
        (check["outcome"].as_str().expect("text").to_owned(), check["detail"].as_str().expect("text").to_owned())
    };
    assert_eq!(identity().await.0, "not_checked");
    let add = async |keys: Value| {
        let body = json!({"issuer": did, "name": "The Other Guild", "keys": keys, "since": "2026-04-01T00:00:00Z"});
        let (status, added) = guild.post(&admin, "/api/v1/known-issuers", None, &body).await;
        assert_eq!(status, 201, "{added}");
        added["id"].as_str().expect("an id").to_owned()
    };
    let end = async |id: &str| {
        let (status, _) = guild.post(&admin, &format!("/api/v1/known-issuers/{id}/end"), None, &json!({})).await;
        assert_eq!(status, 200);
    };
    let id = add(json!([])).await;
    let (outcome, detail) = identity().await;
    assert!(outcome == "passed" && detail.contains("The Other Guild") && detail.contains("2026"), "{outcome} {detail}");
    end(&id).await;
    assert_eq!(identity().await.0, "not_checked", "the entry ended");
    let id = add(json!(["z6MkhT3veGRgtkcWoTjx94wJJFbH3oZor7bukEJn4iBnK1qG"])).await;
    let (outcome, detail) = identity().await;
    assert!(outcome == "not_checked" && detail.contains("not by the key"), "{outcome} {detail}");
    end(&id).await;
    add(json!([did.trim_start_matches("did:key:")])).await;
    assert_eq!(identity().await.0, "passed");
}

async fn our_own_issuer_goes_by_its_name_in_the_readers_language(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let document: Value = serde_json::from_str(&guild.signed(&known).await.0).expect("JSON");
    for (language, name, other) in [("en", "Example Guild", "例の会"), ("ja", "例の会", "Example Guild")] {
        let call = guild.test.http.post(guild.test.url("/api/v1/verifications")).header("accept-language", language);
        let report: Value =
            call.json(&json!({"credential": document})).send().await.expect("answered").json().await.expect("JSON");
        let checks = report["checks"].as_array().expect("checks");
        let check = checks.iter().find(|check| check["id"] == "issuer_identity").expect("there");
        let detail = check["detail"].as_str().expect("text");
        assert!(detail.contains(name) && !detail.contains(other), "{language}: {detail}");
    }
}
