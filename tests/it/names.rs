//! Another name: changed by staff with the state they read, asked for by the member.

use serde_json::{Value, json};
use waymark::access::Role;
use waymark::ids::MemberId;
use waymark::members;

use crate::contributions::{enrol, small_program, start};
use crate::home::Visitor;
use crate::support::{Store, TestApp, on_both};

on_both!(
    an_edit_names_the_state_that_it_edits,
    a_member_asks_and_staff_decide,
    names_are_changed_by_those_who_may,
    nobody_renames_somebody_above
);

async fn patch(test: &TestApp, key: &str, member: MemberId, tag: Option<&str>, body: Value) -> (u16, Value) {
    let mut request = test.http.patch(test.url(&format!("/api/v1/members/{member}"))).bearer_auth(key).json(&body);
    if let Some(tag) = tag {
        request = request.header("if-match", tag);
    }
    let answer = request.send().await.expect("answered");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

async fn tag(test: &TestApp, key: &str, member: MemberId) -> String {
    let answer = test.http.get(test.url(&format!("/api/v1/members/{member}"))).bearer_auth(key).send().await;
    let answer = answer.expect("answered");
    assert_eq!(answer.status(), 200);
    answer.headers()["etag"].to_str().expect("text").to_owned()
}

async fn name(test: &TestApp, member: MemberId) -> String {
    members::find(test.app.db.read(), member).await.expect("there").name
}

async fn an_edit_names_the_state_that_it_edits(store: Store) {
    let test = start(store).await;
    let (member, key) = (enrol(&test, "hikari").await, test.api_key(Role::Admin).await);
    let first = tag(&test, &key, member).await;
    let new = json!({"name": "  Hikari Tsukishima "});
    let (status, refused) = patch(&test, &key, member, None, new.clone()).await;
    assert_eq!((status, &refused["code"]), (428, &json!("precondition_required")));
    let (status, refused) = patch(&test, &key, member, Some("\"other\""), new.clone()).await;
    assert_eq!((status, &refused["code"], &refused["etag"]), (412, &json!("precondition_failed"), &json!(first)));
    let (status, body) = patch(&test, &key, member, Some(&first), new.clone()).await;
    assert_eq!((status, &body["name"]), (200, &json!("Hikari Tsukishima")), "{body}");
    assert_eq!(patch(&test, &key, member, Some(&first), json!({"name": "Late"})).await.0, 412, "one edit of two");
    let second = tag(&test, &key, member).await;
    assert_ne!(first, second);
    assert_eq!(patch(&test, &key, member, Some(&second), new).await.0, 200, "the same again changes nothing");
    let renamed = test.audit_actions().await.into_iter().filter(|action| action == "member.rename").count();
    assert_eq!(renamed, 1);
    for (body, pointer) in [
        (json!({"name": ""}), "/name"),
        (json!({"name": "two\nlines"}), "/name"),
        (json!({"name": "x".repeat(121)}), "/name"),
        (json!({"name": "X", "email": "x@members.example"}), "/email"),
    ] {
        let (status, refused) = patch(&test, &key, member, Some(&second), body).await;
        assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!(pointer)), "{refused}");
    }
    let log = waymark::database::audit::recent(test.app.db.read(), None, 100).await.expect("read");
    assert!(log.iter().all(|row| !row.detail.contains("Tsukishima")), "names stay out of the log");
}

async fn a_member_asks_and_staff_decide(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    let me = Visitor::signed_in(&test, member).await;
    let csrf = me.csrf("/me/name").await;
    let ask =
        async |name: &str, note: &str| me.post("/me/name", json!({"csrf": csrf, "name": name, "note": note})).await;
    assert_eq!(ask("", "").await, 422);
    assert_eq!(ask("Member hikari", "").await, 422, "that is the name already");
    assert_eq!(ask("Hikari", &"x".repeat(501)).await, 422);
    assert_eq!(ask("Hikari T", "").await, 303);
    assert_eq!(ask("Hikari <b>Tsukishima", "I married.").await, 303, "the last wish counts");
    for (language, word) in [("en", "You asked for"), ("ja", "申し込みました")] {
        let html = me.page("/me/name?asked=yes", language).await;
        assert!(html.contains(word) && html.contains("Hikari &#60;b&#62;Tsukishima"), "{html}");
    }
    assert_eq!(name(&test, member).await, "Member hikari", "asking changes nothing");

    let staff = Visitor::staff(&test, Role::Issuer).await;
    assert!(staff.page("/admin", "en").await.contains("One request"));
    for language in ["en", "ja"] {
        let html = staff.page("/admin/names", language).await;
        assert!(html.contains("I married.") && html.contains(&format!("/admin/members/{member}#name")), "{html}");
    }
    let html = staff.page(&format!("/admin/members/{member}"), "ja").await;
    assert!(html.contains(r#"value="Hikari &#60;b&#62;Tsukishima""#), "what was asked for stands in the form: {html}");
    let csrf = staff.csrf(&format!("/admin/members/{member}")).await;
    let path = format!("/admin/members/{member}/name");
    assert_eq!(staff.post(&path, json!({"csrf": csrf, "name": " "})).await, 422);
    assert_eq!(staff.post(&path, json!({"name": "X"})).await, 403, "no token, no change");
    assert_eq!(staff.post(&path, json!({"csrf": csrf, "name": "Hikari Tsukishima"})).await, 303);
    assert_eq!(name(&test, member).await, "Hikari Tsukishima");
    assert!(staff.page("/admin/names", "en").await.contains("Nobody waits"));

    assert_eq!(ask("Somebody Else", "").await, 303);
    assert_eq!(staff.post(&path, json!({"csrf": csrf, "name": "ignored", "step": "decline"})).await, 303);
    assert_eq!(name(&test, member).await, "Hikari Tsukishima");
    assert!(staff.page("/admin/names", "en").await.contains("Nobody waits"));
    let actions = test.audit_actions().await;
    for (action, times) in [("member.rename", 1), ("member.rename.decline", 1)] {
        assert_eq!(actions.iter().filter(|a| *a == action).count(), times, "{action}");
    }
}

async fn names_are_changed_by_those_who_may(store: Store) {
    let test = start(store).await;
    let member = enrol(&test, "hikari").await;
    let admin = test.api_key(Role::Admin).await;
    let tag = tag(&test, &admin, member).await;
    for (role, expected) in [(Role::Auditor, 403), (Role::Examiner, 403), (Role::Issuer, 200)] {
        let key = test.api_key(role).await;
        assert_eq!(patch(&test, &key, member, Some(&tag), json!({"name": "H T"})).await.0, expected, "{role:?}");
    }
    let path = format!("/admin/members/{member}/name");
    let own = Visitor::signed_in(&test, member).await;
    let csrf = own.csrf("/me/name").await;
    assert_eq!(own.post(&path, json!({"csrf": csrf, "name": "Myself"})).await, 403);
    let auditor = Visitor::staff(&test, Role::Auditor).await;
    let html = auditor.page(&format!("/admin/members/{member}"), "en").await;
    assert!(!html.contains(&path), "who may only read sees no form: {html}");
    for missing in ["mem_00000000000000000000000000", "x"] {
        let url = test.url(&format!("/api/v1/members/{missing}"));
        let request = test.http.patch(url).bearer_auth(&admin).header("if-match", "*").json(&json!({"name": "X"}));
        assert_eq!(request.send().await.expect("answered").status(), 404);
    }
    let other = enrol(&test, "aoi").await;
    let url = test.url(&format!("/api/v1/members/{other}"));
    let token = {
        let (_, body) = {
            let url = test.url(&format!("/api/v1/members/{member}/tokens"));
            let answer = test.http.post(url).bearer_auth(&admin).send().await.expect("answered");
            (answer.status(), answer.json::<Value>().await.expect("JSON"))
        };
        body["token"].as_str().expect("a token").to_owned()
    };
    assert_eq!(test.http.get(url).bearer_auth(&token).send().await.expect("answered").status(), 404, "not theirs");
}

async fn nobody_renames_somebody_above(store: Store) {
    let test = start(store).await;
    let owner = crate::people::member(&test, "Olga").await;
    crate::people::give(&test, owner, Role::Owner).await;
    let new = json!({"name": "Nobody"});
    for role in [Role::Issuer, Role::Admin] {
        let key = test.api_key(role).await;
        let (status, refused) = patch(&test, &key, owner, Some("*"), new.clone()).await;
        assert_eq!((status, &refused["code"]), (403, &json!("role_above")), "{role:?}: {refused}");
    }
    let staff = Visitor::staff(&test, Role::Issuer).await;
    let csrf = staff.csrf("/me/name").await;
    let form = json!({"csrf": csrf, "name": "Nobody"});
    assert_eq!(staff.post(&format!("/admin/members/{owner}/name"), form).await, 403);
    assert_eq!(name(&test, owner).await, "Olga");
    assert_eq!(patch(&test, &test.api_key(Role::Owner).await, owner, Some("*"), new).await.0, 200);
}
