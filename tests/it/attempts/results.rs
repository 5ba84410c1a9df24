//! The staff's door to results: who may look, and what letting a held one go does.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use time::Duration;
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::database::{Kind, audit};
use waymark::{exams, facts};

use super::{Candidate, answer, field, publish, spec};
use crate::support::{Store, TestApp, on_both};

on_both!(
    staff_see_results_and_let_them_go,
    only_those_who_may_see_or_release,
    nobody_lets_their_own_result_go,
    the_pages_say_who_how_and_where_it_stands,
    a_plan_is_kept_until_the_bank_changes
);

async fn held(test: &TestApp) {
    publish(test, &spec(|exam| exam["release"] = json!("held"))).await;
}

async fn hand_in(who: &Candidate<'_>, right: u32) -> String {
    let attempt = who.start().await;
    for position in 1..=right {
        let handles = who.handles(&attempt, position, "right").await;
        who.save(&attempt, position, &handles, 0, &format!("op-{position}")).await;
    }
    who.call(Method::POST, &format!("{attempt}/submit"), Value::Null).await;
    attempt.trim_start_matches("/attempts/").to_owned()
}

async fn make(test: &TestApp, who: &Candidate<'_>, role: Role) {
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    access::give_role(&mut ch, who.member, role).await.expect("given");
    ch.commit().await.expect("committed");
}

async fn asked(test: &TestApp, key: &str, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    let request = test.http.request(method, test.url(&format!("/api/v1{path}"))).bearer_auth(key);
    answer(if body.is_null() { request } else { request.json(&body) }).await
}

async fn staff_see_results_and_let_them_go(store: Store) {
    let test = TestApp::start(store).await;
    held(&test).await;
    let key = test.api_key(Role::Examiner).await;
    let list = async || asked(&test, &key, Method::GET, "/exams/sample/results", Value::Null).await.1;
    assert_eq!(list().await, json!({"data": [], "next_cursor": null, "has_more": false}));
    let (ada, bob) =
        (Candidate::enrol(&test, "ada@members.example").await, Candidate::enrol(&test, "bob@members.example").await);
    let first = hand_in(&ada, 3).await;
    test.clock.advance(Duration::seconds(1));
    let second = hand_in(&bob, 1).await;

    let listed = list().await;
    let shown = |n: usize, name: &str| listed["data"][n][name].clone();
    assert_eq!((shown(0, "attempt"), shown(1, "attempt")), (json!(second), json!(first)), "the latest first: {listed}");
    assert_eq!((shown(1, "member"), shown(1, "points"), shown(1, "max")), (json!(ada.member), json!(3), json!(3)));
    assert_eq!((shown(1, "passed"), shown(0, "passed")), (json!(true), json!(false)));
    assert_eq!((shown(0, "state"), shown(0, "released_at")), (json!("held"), Value::Null));
    let (_, page) = asked(&test, &key, Method::GET, "/exams/sample/results?limit=1", Value::Null).await;
    let rest = format!("/exams/sample/results?limit=1&cursor={}", page["next_cursor"].as_str().expect("more"));
    assert_eq!(asked(&test, &key, Method::GET, &rest, Value::Null).await.1["data"][0]["attempt"], json!(first));

    let release = async |body: Value| asked(&test, &key, Method::POST, "/exams/sample/results/release", body).await;
    for bad in [json!({}), json!({"all": false}), json!({"all": true, "attempts": [first]}), json!({"attempt": first})]
    {
        assert_eq!(release(bad.clone()).await.0, 422, "{bad}");
    }
    assert_eq!(release(json!({"all": true, "reason": "x".repeat(501)})).await.0, 422);
    for foreign in ["nothing", "att_00000000000000000000000000"] {
        assert_eq!(release(json!({"attempts": [first, foreign]})).await.0, 404, "{foreign}");
    }
    assert_eq!(
        facts::of_member(test.app.db.read(), ada.member).await.expect("read").len(),
        0,
        "nothing was let go yet"
    );

    let (status, one) = release(json!({"attempts": [first], "reason": "checked by two"})).await;
    assert_eq!((status.as_u16(), &one), (200, &json!({"released": [first]})));
    assert_eq!(
        release(json!({"attempts": [first]})).await.1,
        json!({"released": []}),
        "releasing again changes nothing"
    );
    assert_eq!(ada.get(&format!("/attempts/{first}/result")).await.1["passed"], json!(true));
    assert_eq!(bob.get(&format!("/attempts/{second}/result")).await.1["released"], json!(false));
    assert_eq!(release(json!({"all": true})).await.1, json!({"released": [second]}));
    for who in [&ada, &bob] {
        assert_eq!(facts::of_member(test.app.db.read(), who.member).await.expect("read").len(), 1);
    }
    let rows = audit::recent(test.app.db.read(), None, 100).await.expect("read");
    let told: Vec<&str> =
        rows.iter().filter(|row| row.action == "result.release").map(|row| row.detail.as_str()).collect();
    assert_eq!(told.len(), 2, "one row for each change");
    assert!(told[1].contains(&first) && told[1].contains("checked by two"), "{told:?}");
}

async fn only_those_who_may_see_or_release(store: Store) {
    let test = TestApp::start(store).await;
    held(&test).await;
    let may = async |role: Role| {
        let key = test.api_key(role).await;
        let see = asked(&test, &key, Method::GET, "/exams/sample/results", Value::Null).await.0;
        let go = asked(&test, &key, Method::POST, "/exams/sample/results/release", json!({"all": true})).await.0;
        (see.as_u16(), go.as_u16())
    };
    assert_eq!(may(Role::Admin).await, (200, 200));
    assert_eq!(may(Role::Auditor).await, (200, 403));
    assert_eq!(may(Role::Issuer).await, (403, 403));
    let key = test.api_key(Role::Owner).await;
    assert_eq!(asked(&test, &key, Method::GET, "/exams/other/results", Value::Null).await.0, 404);
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    assert_eq!(ada.get("/exams/sample/results").await.0, 403, "a token is the member's alone");
    assert_eq!(ada.open("/admin/exams").await.0, 403);
}

async fn nobody_lets_their_own_result_go(store: Store) {
    let test = TestApp::start(store).await;
    held(&test).await;
    let (ada, bob) =
        (Candidate::enrol(&test, "ada@members.example").await, Candidate::enrol(&test, "bob@members.example").await);
    let (mine, theirs) = (hand_in(&ada, 3).await, hand_in(&bob, 3).await);
    let own = test.key_of(ada.member, Role::Examiner).await;
    let path = "/exams/sample/results/release";
    let (status, refused) = asked(&test, &own, Method::POST, path, json!({"attempts": [theirs, mine]})).await;
    assert_eq!((status.as_u16(), &refused["code"]), (403, &json!("own_attempt")), "a key is one's own hand");
    let (_, all) = asked(&test, &own, Method::POST, path, json!({"all": true})).await;
    assert_eq!(all, json!({"released": [theirs]}), "all but one's own");
    make(&test, &ada, Role::Examiner).await;
    let (_, _, page) = ada.open("/admin/exams/sample/results").await;
    let csrf = field(&page, "csrf");
    let form = [("csrf", csrf.as_str()), ("attempt", ""), ("reason", "")];
    assert_eq!(ada.post("/admin/exams/sample/results", &form).await.0, StatusCode::SEE_OTHER);
    assert_eq!(ada.get(&format!("/attempts/{mine}/result")).await.1["released"], json!(false), "nor in person");
    let other = test.key_of(bob.member, Role::Examiner).await;
    let (_, all) = asked(&test, &other, Method::POST, path, json!({"all": true})).await;
    assert_eq!(all, json!({"released": [mine]}), "somebody else does");
}

async fn the_pages_say_who_how_and_where_it_stands(store: Store) {
    let test = TestApp::start(store).await;
    let staff = Candidate::enrol(&test, "staff@members.example").await;
    make(&test, &staff, Role::Examiner).await;
    let (_, _, page) = staff.open("/admin/exams").await;
    assert!(page.contains("There is no exam yet."), "{page}");
    held(&test).await;
    let (_, _, page) = staff.open("/admin/exams/sample/results").await;
    assert!(page.contains("Nobody has handed in yet.") && !page.contains("name=\"csrf\" value=\"\""), "{page}");
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let attempt = hand_in(&ada, 3).await;
    let (_, _, page) = staff.open("/admin").await;
    assert!(page.contains(">Exams<") && page.contains("1 result waits"), "{page}");
    let (_, _, page) = staff.open("/admin/exams/sample/results").await;
    assert!(page.contains("Candidate") && page.contains("3 of 3") && page.contains("Passed"), "{page}");
    assert!(page.contains("Release 1 held result") && page.contains("Held"), "{page}");
    assert!(!page.contains("/admin/members/"), "an examiner may not see members");
    let (_, _, ja) = staff.open("/admin/exams/sample/results?lang=ja").await;
    assert!(ja.contains("保留中の 1 件を公開する"), "{ja}");

    let path = "/admin/exams/sample/results";
    let csrf = field(&page, "csrf");
    assert_eq!(staff.post(path, &[("csrf", "forged"), ("attempt", &attempt)]).await.0, 403);
    assert_eq!(staff.post(path, &[("csrf", &csrf), ("attempt", "att_none")]).await.0, 404);
    let (status, back, _) = staff.post(path, &[("csrf", &csrf), ("attempt", &attempt), ("reason", "")]).await;
    assert_eq!((status.as_u16(), back.as_str()), (303, "/admin/exams/sample/results?done=1"));
    let (_, _, page) = staff.open(&back).await;
    assert!(page.contains("One result is released.") && page.contains("Released 21 Nov 2026"), "{page}");
    assert!(!page.contains("Release 1 held"), "{page}");
    assert_eq!(ada.get(&format!("/attempts/{attempt}/result")).await.1["released"], json!(true));
}

async fn a_plan_is_kept_until_the_bank_changes(store: Store) {
    let test = TestApp::start(store).await;
    publish(&test, &spec(|_| {})).await;
    let ada = Candidate::enrol(&test, "ada@members.example").await;
    let exam = exams::find(test.app.db.read(), "sample").await.expect("read").expect("there");
    let plan = async || exams::plan(&test.app, &exam).await.expect("read").expect("feasible");
    for _ in 0..3 {
        assert!(ada.open("/exams/sample").await.2.contains("3 questions"));
    }
    assert_eq!(test.app.plans.len(), 1);
    let before = plan().await;
    assert!(std::sync::Arc::ptr_eq(&before, &plan().await), "planned once");
    test.run_sql("UPDATE item SET hash = (SELECT hash FROM item WHERE slug = 'b2') WHERE slug = 'b3'").await;
    let after = plan().await;
    assert!(!std::sync::Arc::ptr_eq(&before, &after), "another version came into use");
    assert_eq!(test.app.plans.len(), 2);
}
