//! The trust list: who may write it, what it refuses, and what a report says by it.

use std::sync::Arc;

use migration::{Migrator, MigratorTrait as _};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use waymark::access::Role;
use waymark::clock::StoppedClock;
use waymark::credentials;
use waymark::database::Database;
use waymark::entropy::SeededEntropy;
use waymark::issuer;

use crate::credentials::Guild;
use crate::credentials::pages::Browser;
use crate::support::{Store, beginning, fresh_postgres, on_both};

on_both!(
    names_are_kept_with_since_when_and_reports_know_them_all,
    names_are_noted_on_the_page,
    the_one_name_of_old_becomes_the_first,
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

async fn names_are_kept_with_since_when_and_reports_know_them_all(store: Store) {
    let (guild, other) = (Guild::start(store).await, Guild::start(store).await);
    let theirs = other.released("hikari@members.example").await;
    // It calls itself 例の会, as the member reads Japanese.
    let document: Value = serde_json::from_str(&other.signed(&theirs).await.0).expect("JSON");
    let admin = guild.test.api_key(Role::Admin).await;
    let identity = async |document: &Value| {
        let (_, report) = guild.post(&admin, "/api/v1/verifications", None, &json!({"credential": document})).await;
        let checks = report["checks"].as_array().expect("checks").clone();
        let check = checks.into_iter().find(|check| check["id"] == "issuer_identity").expect("there");
        let text = |name: &str| check[name].as_str().expect("text").to_owned();
        (text("code"), text("detail"))
    };
    let path = "/api/v1/known-issuers";
    let body = json!({"issuer": document["issuer"]["id"], "name": "例の会", "since": "2026-01-01T00:00:00Z"});
    let (status, added) = guild.post(&admin, path, None, &body).await;
    assert_eq!((status, &added["names"][0]["name"]), (201, &json!("例の会")), "{added}");
    assert_eq!(identity(&document).await.0, "issuer_known_since");
    let names = format!("{path}/{}/names", added["id"].as_str().expect("an id"));
    let rename = async |key: &str, name: &str, since: Value| {
        guild.post(key, &names, None, &json!({"name": name, "since": since})).await
    };
    let issuer_key = guild.test.api_key(Role::Issuer).await;
    assert_eq!(rename(&issuer_key, "灯りの会", Value::Null).await.0, 403);
    for (name, since, pointer) in [
        (" ", Value::Null, "/name"),
        ("two\nlines", Value::Null, "/name"),
        (&*"x".repeat(201), Value::Null, "/name"),
        ("灯りの会", json!("2999-01-01T00:00:00Z"), "/since"),
        ("灯りの会", json!("yesterday"), "/since"),
    ] {
        let (status, problem) = rename(&admin, name, since).await;
        assert_eq!((status, problem["errors"][0]["pointer"].as_str()), (422, Some(pointer)), "{problem}");
    }
    let (status, renamed) = rename(&admin, "灯りの会", json!("2026-06-01T00:00:00Z")).await;
    assert_eq!((status, renamed["name"].as_str()), (201, Some("灯りの会")), "{renamed}");
    let (_, past) = rename(&admin, "見本の会", json!("2020-01-01T00:00:00Z")).await;
    assert_eq!(past["name"], "灯りの会", "a name from the past is not the one of today");
    let told = |value: &Value| -> Vec<(String, String)> {
        let one = |name: &Value| {
            (name["name"].as_str().expect("text").to_owned(), name["since"].as_str().expect("text")[..10].to_owned())
        };
        value["names"].as_array().expect("names").iter().map(one).collect()
    };
    let all = [("灯りの会", "2026-06-01"), ("例の会", "2026-01-01"), ("見本の会", "2020-01-01")];
    let all = all.map(|(name, since)| (name.to_owned(), since.to_owned()));
    assert_eq!(told(&past), all);
    assert_eq!(told(&guild.get(&admin, path).await.1["data"][0]), all);
    assert_eq!(rename(&admin, "別の会", json!("2026-06-01T00:00:00Z")).await.0, 409, "two at one moment");
    assert_eq!(guild.post(&admin, &format!("{path}/kni_0/names"), None, &json!({"name": "x"})).await.0, 404);

    let (code, detail) = identity(&document).await;
    assert_eq!(code, "issuer_known_under_earlier_name");
    assert!(detail.contains("灯りの会") && detail.contains("例の会"), "{detail}");

    let end = format!("{path}/{}/end", added["id"].as_str().expect("an id"));
    assert_eq!(guild.post(&admin, &end, None, &json!({})).await.0, 200);
    assert_eq!(rename(&admin, "別の会", Value::Null).await.0, 409, "it has ended");
    let done = guild.test.audit_actions().await;
    let written: Vec<&str> = done.iter().map(String::as_str).filter(|a| a.starts_with("known_issuer")).collect();
    assert_eq!(written, ["known_issuer.add", "known_issuer.name", "known_issuer.name", "known_issuer.end"]);
}

async fn names_are_noted_on_the_page(store: Store) {
    let guild = Guild::start(store).await;
    let owner = Browser::staff(&guild, Role::Owner).await;
    let csrf = owner.csrf().await;
    let add = json!({"csrf": csrf, "issuer": "did:web:other.example", "name": "Lantern Makers"});
    assert_eq!(owner.post("/admin/known-issuers", &add).await.0, 303, "added");
    let (_, html) = owner.get("/admin/known-issuers", "en").await;
    assert!(html.contains("It has another name") && !html.contains("Its names:"), "{html}");
    let start = html.find("/admin/known-issuers/kni_").expect("a form");
    let path: String = html[start..].chars().take_while(|c| *c != '"').collect();
    assert!(path.ends_with("/names"), "{path}");
    let future = json!({"csrf": csrf, "name": "Example Guild", "since": "2999-01-01"});
    let (status, html) = owner.post(&path, &future).await;
    assert_eq!(status, 422);
    assert!(html.contains("Write a day that has come.") && html.contains("<details open>"), "{html}");
    assert!(html.contains(r#"value="Example Guild""#), "what was typed is kept");
    let since = json!({"csrf": csrf, "name": "Example Guild", "since": "2026-06-01"});
    // The entry's own name is known since the very moment of the test, later than that day.
    assert_eq!(owner.post(&path, &since).await.0, 303);
    assert_eq!(owner.post(&path, &since).await.0, 422, "two from one day");
    guild.test.clock.advance(time::Duration::hours(1));
    assert_eq!(owner.post(&path, &json!({"csrf": csrf, "name": "Lamp Guild"})).await.0, 303);
    for (language, names) in [("en", "Its names:"), ("ja", "名称の移り変わり")] {
        let (_, html) = owner.get("/admin/known-issuers", language).await;
        let order = ["Lamp Guild</h2>", names, "<li>Lamp Guild", "<li>Lantern Makers", "<li>Example Guild"];
        let places = order.map(|text| html.find(text).unwrap_or_else(|| panic!("{text}: {html}")));
        assert!(places.is_sorted(), "{places:?}");
    }
}

async fn the_one_name_of_old_becomes_the_first(store: Store) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = match store {
        Store::Sqlite => format!("sqlite://{}", folder.path().join("waymark.db").display()),
        Store::Postgres => fresh_postgres(folder.path()).await,
    };
    let clock = Arc::new(StoppedClock::at(beginning()));
    let db = Database::open(&url, clock, Arc::new(SeededEntropy::new(b"names"))).await.expect("the store opens");
    let before = Migrator::migrations().iter().position(|m| m.name() == "m0031_issuer_names").expect("it is one");
    Migrator::up(db.read(), Some(u32::try_from(before).expect("few"))).await.expect("up to it");
    let id: waymark::ids::KnownIssuerId = waymark::ids::fresh(beginning(), db.entropy.as_ref());
    let row = format!(
        "INSERT INTO known_issuer (id, issuer, name, keys, note, since, added_by, added_at, live) \
         VALUES ('{id}', 'did:web:other.example', 'Other Guild', '[]', '', 86400000, 'operator', 90000000, 'did:web:other.example')"
    );
    db.read().execute_unprepared(&row).await.expect("inserted");
    db.migrate().await.expect("the rest");
    let known = issuer::known_issuers(db.read()).await.expect("read").remove(0);
    assert_eq!((known.id, known.name(), known.names.len()), (id, "Other Guild", 1));
    let first = &known.names[0];
    assert_eq!((first.since.unix_timestamp(), first.added_at.unix_timestamp()), (86_400, 90_000));
    assert_eq!(first.added_by, "operator");
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
