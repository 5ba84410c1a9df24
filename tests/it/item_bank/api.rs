//! The calls: who may, what is refused, what no answer holds.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Desk, item};
use crate::support::{Store, on_both};

on_both!(
    no_answer_but_one_holds_a_key_and_that_one_is_audited,
    what_somebody_else_changed_is_not_written_over,
    bad_input_is_refused_with_its_place,
    lists_are_narrowed_and_paged,
);

async fn no_answer_but_one_holds_a_key_and_that_one_is_audited(store: Store) {
    let desk = Desk::start(store).await;
    let id = desk.in_use(&item("a1", "one")).await;
    let get = async |who, path: &str| desk.call(who, Method::GET, path, None, &Value::Null).await;
    for path in [
        "/api/v1/banks",
        "/api/v1/banks/sample/items",
        &format!("/api/v1/items/{id}"),
        &format!("/api/v1/items/{id}/versions"),
    ] {
        let answer = get(&desk.auditor, path).await;
        assert_eq!(answer.status, 200, "{path}");
        for secret in ["rationale", "correct"] {
            assert!(!answer.text.contains(secret), "{path} holds {secret}: {}", answer.text);
        }
    }
    let looks = async || desk.test.audit_actions().await.iter().filter(|action| *action == "item.read_key").count();
    assert_eq!(looks().await, 0, "none of these was a look at a key");
    let path = format!("/api/v1/items/{id}/key");
    assert_eq!(get(&desk.auditor, &path).await.status, 403);
    assert_eq!(looks().await, 0);
    let fields = get(&desk.reviewer, &path).await.json();
    assert_eq!((&fields["correct"], &fields["rationale"]["en"]), (&json!(0), &json!("canary rationale")));
    assert_eq!(looks().await, 1);
    assert_eq!(get(&desk.author, &path).await.status, 200);
    assert_eq!(looks().await, 2, "every look has its row");
}

async fn what_somebody_else_changed_is_not_written_over(store: Store) {
    let desk = Desk::start(store).await;
    let id = desk.write(&item("a1", "one")).await;
    let path = format!("/api/v1/items/{id}");
    let (_, etag) = desk.read(&id).await;
    let put = async |etag: Option<&str>, body: &Value| desk.call(&desk.author, Method::PUT, &path, etag, body).await;
    assert_eq!(put(None, &item("a1", "two")).await.status, 428);
    let second = put(Some(&etag), &item("a1", "two")).await;
    assert_eq!(second.status, 200);
    let refused = put(Some(&etag), &item("a1", "three")).await;
    assert_eq!(
        (refused.status, refused.json()["etag"].as_str()),
        (412, Some(second.etag.as_str())),
        "{}",
        refused.text
    );
    let same = put(Some(&second.etag), &item("a1", "two")).await;
    assert_eq!((same.status, &same.etag), (200, &second.etag), "the same once more is no change");
    let refused = desk.call(&desk.author, Method::POST, &format!("{path}/submit"), Some(&etag), &json!({})).await;
    assert_eq!(refused.status, 412, "a step names the state too");
    let versions = desk.call(&desk.author, Method::GET, &format!("{path}/versions"), None, &Value::Null).await.json();
    let numbers: Vec<u64> =
        versions["data"].as_array().expect("rows").iter().filter_map(|v| v["number"].as_u64()).collect();
    assert_eq!(numbers, [2, 1]);
    assert_eq!(versions["data"][0]["author"], desk.author.id.to_string());
}

async fn bad_input_is_refused_with_its_place(store: Store) {
    let desk = Desk::start(store).await;
    let id = desk.write(&item("a1", "one")).await;
    let post = async |path: &str, body: &Value| desk.call(&desk.author, Method::POST, path, None, body).await;
    let items = "/api/v1/banks/sample/items";
    assert_eq!(post(items, &item("a1", "again")).await.status, 409, "an id is given once");
    for (body, pointer) in [
        (json!({"id": "b", "question": "?", "answers": ["x", "y"]}), "/correct"),
        (json!({"id": "b", "question": "?", "answers": ["x", "y"], "correct": 7}), "/correct"),
        (json!({"id": "b", "question": "?", "answers": ["x", "y"], "correct": 0, "state": "operational"}), "/state"),
        (json!({"id": "b", "question": "?", "answers": ["x", "y"], "correct": 0, "figure": "0".repeat(64)}), "/figure"),
        (json!([1]), ""),
    ] {
        let refused = post(items, &body).await;
        assert_eq!((refused.status, refused.json()["errors"][0]["pointer"].as_str()), (422, Some(pointer)), "{body}");
    }
    for body in [json!({"slug": "Not a slug"}), json!({"slug": "x", "title": "a\nb"}), json!({"slug": "x", "owner": 1})]
    {
        assert_eq!(post("/api/v1/banks", &body).await.status, 422, "{body}");
    }
    assert_eq!(post("/api/v1/banks", &json!({"slug": "sample"})).await.status, 409);
    let (_, etag) = desk.read(&id).await;
    let renamed =
        desk.call(&desk.author, Method::PUT, &format!("/api/v1/items/{id}"), Some(&etag), &item("a2", "one")).await;
    assert_eq!((renamed.status, renamed.json()["errors"][0]["pointer"].as_str()), (422, Some("/id")));
    for path in [
        "/api/v1/banks/other/items",
        "/api/v1/items/itm_00000000000000000000000000",
        "/api/v1/items/x/versions",
        "/api/v1/items/x/key",
    ] {
        assert_eq!(desk.call(&desk.author, Method::GET, path, None, &Value::Null).await.status, 404, "{path}");
    }
    let nowhere = "/api/v1/items/itm_00000000000000000000000000/approve";
    assert_eq!(desk.call(&desk.author, Method::POST, nowhere, Some("\"1\""), &json!({})).await.status, 404);
}

async fn lists_are_narrowed_and_paged(store: Store) {
    let desk = Desk::start(store).await;
    for n in 1..=5 {
        let mut new = item(&format!("a{n}"), &format!("thing {n}"));
        if n > 3 {
            new["domain"] = json!("beta");
            new["question"] = json!({"ja": format!("物{n}")});
            new["answers"] = json!([{"ja": "甲"}, {"ja": "乙"}]);
            new["rationale"] = Value::Null;
        }
        desk.write(&new).await;
    }
    let slugs = async |query: &str| {
        let answer = desk
            .call(&desk.auditor, Method::GET, &format!("/api/v1/banks/sample/items?{query}"), None, &Value::Null)
            .await;
        assert_eq!(answer.status, 200, "{query} {}", answer.text);
        let rows = answer.json();
        rows["data"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| row["slug"].as_str().expect("a slug").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(slugs("limit=2").await, ["a1", "a2"]);
    assert_eq!(slugs("limit=2&cursor=a2").await, ["a3", "a4"]);
    assert_eq!(slugs("domain=beta").await, ["a4", "a5"]);
    assert_eq!(slugs("missing=en").await, ["a4", "a5"]);
    assert_eq!(slugs("text=THING%202").await, ["a2"]);
    assert_eq!(slugs("state=operational").await, Vec::<String>::new());
    assert_eq!(slugs("tag=easy&type=single_choice&state=draft").await.len(), 5);
    assert_eq!(slugs("tag=hard").await, Vec::<String>::new());
    // Texts that name no language are in the first one of the program: English, until it says otherwise.
    let mut plain = item("a6", "thing 6");
    (plain["question"], plain["answers"]) = (json!("What is it?"), json!(["yes", "no"]));
    plain["rationale"] = Value::Null;
    desk.write(&plain).await;
    assert_eq!(slugs("missing=en").await, ["a4", "a5"]);
    assert_eq!(slugs("missing=ja").await, ["a6"]);
    let refused =
        desk.call(&desk.auditor, Method::GET, "/api/v1/banks/sample/items?state=odd", None, &Value::Null).await;
    assert_eq!(refused.status, 422);
}
