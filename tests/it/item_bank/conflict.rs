//! Staff who sit an exam whose keys they can read are marked; nobody else is.

use reqwest::Method;
use serde_json::{Value, json};
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::exams;
use waymark_assess::ExamSpec;

use super::{Desk, item, person};
use crate::support::{Store, on_both};

on_both!(whoever_could_read_the_keys_is_marked);

async fn whoever_could_read_the_keys_is_marked(store: Store) {
    let desk = Desk::start(store).await;
    desk.in_use(&item("a1", "one")).await;
    let spec = ExamSpec::from_value(&json!({
        "slug": "small-exam", "bank": "sample", "blueprint": {"domains": {"alpha": 1}}, "timing": {"minutes": 10}, "scoring": {"cut": 1},
        "release": "at_once",
    }))
    .expect("an exam");
    let mut ch = desk.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    exams::publish(&mut ch, &spec).await.expect("published");
    ch.commit().await.expect("committed");
    // One who had a hand in the bank and has no role any more.
    desk.test.run_sql(&format!("DELETE FROM staff_role WHERE member = '{}'", desk.author.id)).await;
    let stranger = person(&desk.test, "stranger@guild.example", "受験 ゆき", &[]).await;
    let auditor = person(&desk.test, "aud@guild.example", "監査 二", &[Role::Auditor]).await;
    for who in [&desk.author, &desk.reviewer, &stranger, &auditor] {
        let begun = desk.call(who, Method::POST, "/api/v1/exams/small-exam/attempts", None, &json!({})).await;
        assert_eq!(begun.status, 201, "{}", begun.text);
        let submit = format!("/api/v1/attempts/{}/submit", begun.json()["id"].as_str().expect("an id"));
        assert_eq!(desk.call(who, Method::POST, &submit, None, &json!({})).await.status, 200);
    }
    let results = desk.call(&auditor, Method::GET, "/api/v1/exams/small-exam/results", None, &Value::Null).await.json();
    let marked = |id: waymark::ids::MemberId| {
        let rows = results["data"].as_array().expect("rows");
        rows.iter().find(|row| row["member"] == id.to_string()).expect("a result")["conflict"].clone()
    };
    assert_eq!(marked(desk.author.id), "hand");
    assert_eq!(marked(desk.reviewer.id), "role");
    assert_eq!((marked(stranger.id), marked(auditor.id)), (Value::Null, Value::Null));
    let page = desk.get(&auditor, "/admin/exams/small-exam/results?lang=en").await.text;
    assert_eq!(page.matches("Could read the answers").count(), 2, "{page}");
}
