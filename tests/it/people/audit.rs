//! The audit log is read by page and by call, by whoever may, and narrowed by who, what and to what.

use serde_json::{Value, json};
use waymark::access::Role;

use super::{Person, member};
use crate::contributions::start;
use crate::support::{Store, TestApp, on_both};

on_both!(rows_are_read_newest_first_and_narrowed, nobody_reads_it_who_may_not);

async fn read(test: &TestApp, key: &str, query: &str) -> (u16, Value) {
    let answer =
        test.http.get(test.url(&format!("/api/v1/audit{query}"))).bearer_auth(key).send().await.expect("answered");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

async fn rows_are_read_newest_first_and_narrowed(store: Store) {
    let test = start(store).await;
    let admin = Person::staff(&test, "Ada Admin", Role::Admin).await;
    member(&test, "Hikari").await;
    for role in ["examiner", "auditor"] {
        let form = json!({"email": "Hikari@members.example", "role": role, "reason": "she asked <b>"});
        assert_eq!(admin.post("/admin/staff", form).await.status, 303);
    }
    let key = test.api_key(Role::Auditor).await;
    let actor = admin.id.to_string();
    let (status, all) = read(&test, &key, &format!("?actor={actor}")).await;
    assert_eq!((status, all["data"].as_array().map(Vec::len)), (200, Some(2)), "{all}");
    assert!(all["data"][0]["seq"].as_i64() > all["data"][1]["seq"].as_i64(), "the newest first");
    let action = all["data"][0]["action"].as_str().expect("text").to_owned();
    let noun = action.split('.').next().expect("a noun").to_owned();
    let (_, one) = read(&test, &key, &format!("?actor={actor}&action={noun}&limit=1")).await;
    assert_eq!((one["data"].as_array().map(Vec::len), &one["has_more"]), (Some(1), &json!(true)));
    let cursor = one["next_cursor"].as_str().expect("a cursor");
    let (_, two) = read(&test, &key, &format!("?actor={actor}&action={noun}&limit=1&cursor={cursor}")).await;
    assert_eq!((&two["data"][0]["seq"], &two["has_more"]), (&all["data"][1]["seq"], &json!(false)));
    let part = &noun[..noun.len() - 1];
    for nothing in [format!("?action={part}"), "?object=mem_nobody".to_owned()] {
        assert_eq!(read(&test, &key, &nothing).await.1["data"], json!([]), "{nothing}");
    }
    assert_eq!(read(&test, &key, "?cursor=x").await.0, 422);

    let html = admin.page(&format!("/admin/audit?action={noun}&actor={actor}"), "ja").await;
    assert!(html.contains("Ada Admin") && html.contains(&action) && !html.contains("<b>"), "{html}");
    assert!(admin.page("/admin/audit?object=nothing", "en").await.contains("No row fits."));
    assert!(admin.page("/admin", "en").await.contains("href=\"/admin/audit\""));
}

async fn nobody_reads_it_who_may_not(store: Store) {
    let test = start(store).await;
    for role in [Role::Issuer, Role::Examiner] {
        assert_eq!(read(&test, &test.api_key(role).await, "").await.0, 403);
        let person = Person::staff(&test, &format!("Of {}", role.as_str()), role).await;
        assert_eq!(person.get("/admin/audit", "en").await.0, 403);
        assert!(!person.page("/admin", "en").await.contains("href=\"/admin/audit\""));
    }
}
