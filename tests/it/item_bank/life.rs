//! From draft to withdrawn, and who may do which step.

use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::banks;
use waymark::database::Kind;
use waymark_assess::blueprint::Drawable;

use super::{Desk, item};
use crate::support::{Store, on_both};

on_both!(
    nothing_is_drawn_that_nobody_else_approved,
    a_new_version_waits_while_the_old_one_stays_in_use,
    what_is_withdrawn_leaves_the_forms_and_comes_back_as_it_was,
    pretest_items_are_drawn_as_such,
    a_file_brings_back_nothing_that_was_withdrawn,
);

async fn drawn(desk: &Desk) -> usize {
    let drawables: Vec<Drawable> =
        banks::drawables(desk.test.app.db.read(), "sample").await.expect("read").expect("there");
    drawables.len()
}

async fn nothing_is_drawn_that_nobody_else_approved(store: Store) {
    let desk = Desk::start(store).await;
    let id = desk.write(&item("a1", "one")).await;
    assert_eq!(desk.step(&desk.reviewer, &id, "approve").await.status, 409, "nobody asked for a review");
    assert_eq!(desk.step(&desk.author, &id, "operate").await.status, 409);
    assert_eq!(desk.step(&desk.author, &id, "submit").await.status, 200);
    let refused = desk.step(&desk.author, &id, "approve").await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (403, Some("own_item")), "{}", refused.text);
    assert_eq!(desk.step(&desk.auditor, &id, "approve").await.status, 403);
    let mut ch =
        desk.test.app.db.change(Actor::Member(desk.author.id), Kind::Privileged).await.expect("the door opens");
    let (_, key) = access::create_api_key(&mut ch, "mine", Role::Examiner, None).await.expect("made");
    ch.commit().await.expect("committed");
    let (_, etag) = desk.read(&id).await;
    let request = desk.test.http.post(desk.test.url(&format!("/api/v1/items/{id}/approve"))).bearer_auth(key);
    let request = request.header("if-match", etag).json(&json!({"reason": "by my key"}));
    let refused: Value = request.send().await.expect("answered").json().await.expect("JSON");
    assert_eq!(refused["code"], "own_item", "a key is the hand of its maker: {refused}");
    assert_eq!(drawn(&desk).await, 0);
    // Whoever changes a word has a hand in it, and whoever else wrote it keeps theirs.
    let (_, etag) = desk.read(&id).await;
    let edited = desk
        .call(&desk.reviewer, reqwest::Method::PUT, &format!("/api/v1/items/{id}"), Some(&etag), &item("a1", "two"))
        .await;
    assert_eq!((edited.status, edited.json()["state"].as_str()), (200, Some("draft")), "an edit calls the review off");
    assert_eq!(desk.step(&desk.reviewer, &id, "submit").await.status, 200);
    for who in [&desk.author, &desk.reviewer] {
        assert_eq!(desk.step(who, &id, "approve").await.json()["code"], "own_item");
    }
    let third = super::person(&desk.test, "third@guild.example", "第三 ふゆ", &[Role::Examiner]).await;
    assert_eq!(desk.step(&third, &id, "approve").await.status, 200);
    assert_eq!(drawn(&desk).await, 0, "approved is not in use");
    assert_eq!(desk.step(&third, &id, "operate").await.status, 200);
    assert_eq!(drawn(&desk).await, 1);
    let told: Vec<String> =
        desk.test.audit_actions().await.into_iter().filter(|action| action.starts_with("item.")).collect();
    assert_eq!(told, ["item.write", "item.submit", "item.edit", "item.submit", "item.approve", "item.operate"]);
}

async fn a_new_version_waits_while_the_old_one_stays_in_use(store: Store) {
    let desk = Desk::start(store).await;
    let id = desk.in_use(&item("a1", "one")).await;
    let before = banks::current(desk.test.app.db.read(), "sample").await.expect("read");
    let (read, etag) = desk.read(&id).await;
    let path = format!("/api/v1/items/{id}");
    let edited = desk.call(&desk.author, reqwest::Method::PUT, &path, Some(&etag), &item("a1", "two")).await;
    assert_eq!(edited.status, 200, "{}", edited.text);
    let now = edited.json();
    assert_eq!((now["state"].as_str(), now["proposal"].as_str()), (Some("operational"), Some("draft")), "{now}");
    assert_eq!(now["version"], read["version"]);
    assert_eq!(now["item"]["question"]["en"], "What is two?", "people work on the new one");
    assert_eq!(
        banks::current(desk.test.app.db.read(), "sample").await.expect("read"),
        before,
        "and forms hold the old one"
    );
    assert_eq!(desk.step(&desk.author, &id, "submit").await.status, 200);
    assert_eq!(desk.step(&desk.author, &id, "approve").await.json()["code"], "own_item");
    let approved = desk.step(&desk.reviewer, &id, "approve").await.json();
    assert_eq!((approved["state"].as_str(), approved["proposal"].as_str()), (Some("operational"), None));
    assert_eq!(approved["version"], now["proposed"]);
    assert_ne!(banks::current(desk.test.app.db.read(), "sample").await.expect("read"), before);
    // Once more, given up this time.
    let (_, etag) = desk.read(&id).await;
    desk.call(&desk.author, reqwest::Method::PUT, &path, Some(&etag), &item("a1", "three")).await;
    let given_up = desk.step(&desk.author, &id, "discard").await.json();
    assert_eq!((given_up["version"].as_str(), given_up["proposed"].as_str()), (approved["version"].as_str(), None));
}

async fn what_is_withdrawn_leaves_the_forms_and_comes_back_as_it_was(store: Store) {
    let desk = Desk::start(store).await;
    let id = desk.in_use(&item("a1", "one")).await;
    let edition = banks::edition(desk.test.app.db.read(), "sample").await.expect("read");
    let (_, etag) = desk.read(&id).await;
    let path = format!("/api/v1/items/{id}/withdraw");
    let refused = desk.call(&desk.reviewer, reqwest::Method::POST, &path, Some(&etag), &json!({"reason": " "})).await;
    assert_eq!(
        (refused.status, refused.json()["errors"][0]["pointer"].as_str()),
        (422, Some("/reason")),
        "a reason is due"
    );
    assert_eq!(desk.step(&desk.reviewer, &id, "withdraw").await.json()["state"], "withdrawn");
    assert_eq!(drawn(&desk).await, 0);
    assert_ne!(
        banks::edition(desk.test.app.db.read(), "sample").await.expect("read"),
        edition,
        "no kept plan holds it"
    );
    let told = desk.test.texts("SELECT event FROM outbox").await;
    assert!(told.iter().any(|event| event.contains("item_withdrawn") && event.contains(&id)), "{told:?}");
    assert_eq!(desk.step(&desk.reviewer, &id, "reinstate").await.json()["state"], "operational");
    assert_eq!(drawn(&desk).await, 1);
    assert_eq!(banks::edition(desk.test.app.db.read(), "sample").await.expect("read"), edition);
}

async fn pretest_items_are_drawn_as_such(store: Store) {
    let desk = Desk::start(store).await;
    let id = desk.write(&item("a1", "one")).await;
    desk.step(&desk.author, &id, "submit").await;
    desk.step(&desk.reviewer, &id, "approve").await;
    assert_eq!(desk.step(&desk.reviewer, &id, "pretest").await.json()["state"], "pretest");
    let read = || async { banks::drawables(desk.test.app.db.read(), "sample").await.expect("read").expect("there") };
    assert!(read().await.iter().all(Drawable::is_pretest));
    let edition = banks::edition(desk.test.app.db.read(), "sample").await.expect("read");
    desk.step(&desk.reviewer, &id, "operate").await;
    assert!(!read().await[0].is_pretest());
    assert_ne!(banks::edition(desk.test.app.db.read(), "sample").await.expect("read"), edition);
    desk.step(&desk.reviewer, &id, "retire").await;
    assert!(read().await.is_empty());
}

async fn a_file_brings_back_nothing_that_was_withdrawn(store: Store) {
    let desk = Desk::start(store).await;
    let id = desk.in_use(&item("a1", "one")).await;
    desk.step(&desk.reviewer, &id, "withdraw").await;
    let report = crate::banks::import(&desk.test, "sample", &json!([item("a1", "two"), item("a2", "two")])).await;
    assert_eq!((report.imported(), report.updated()), (1, 1));
    assert_eq!(desk.read(&id).await.0["state"], "withdrawn");
    assert_eq!(drawn(&desk).await, 1, "what a file brings anew is in use");
}
