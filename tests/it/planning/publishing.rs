//! A draft is tried on everybody, published now or later, and awards what was earned, dated by when it was.

use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::clock::{parse_rfc3339, rfc3339};
use waymark::database::Kind;
use waymark::web::i18n::Locale;
use waymark::{credentials, members, tracks};

use super::{call, furnish, giver, helper};
use crate::contributions::{small_program, start};
use crate::support::{Store, on_both};

on_both!(
    a_draft_is_tried_published_and_awards_by_the_crossing,
    a_plan_of_many_is_long_work,
    a_version_takes_effect_on_its_day,
    what_files_write_is_left_to_files,
    requirements_that_do_nothing_are_named
);

const PLAN: &str = "/api/v1/tracks/helper/plan";
const PUBLISH: &str = "/api/v1/tracks/helper/publish";

async fn a_draft_is_tried_published_and_awards_by_the_crossing(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let (two, three) =
        (giver(&test, "two", Locale::Ja, &[3, 9]).await, giver(&test, "three", Locale::En, &[1, 4, 20]).await);
    giver(&test, "none", Locale::En, &[]).await;
    let key = test.api_key(Role::Admin).await;
    let put = |etag: Option<&'static str>, body: Value| {
        let (test, key) = (&test, &key);
        async move { call(test, key, Method::PUT, "/api/v1/tracks/helper/draft", etag, Some(&body)).await }
    };
    let (status, etag, kept) = put(None, json!({"kind": "milestone", "requires": {"any": [{"mentoring": {}}]}})).await;
    assert_eq!((status, kept["slug"].as_str()), (200, Some("helper")));
    let codes: Vec<&str> =
        kept["mistakes"].as_array().expect("a list").iter().filter_map(|m| m["code"].as_str()).collect();
    assert!(codes.contains(&"not_available") && codes.contains(&"missing_field"), "{codes:?}");
    assert_eq!(etag, format!("\"{}\"", kept["revision"]));
    assert_eq!(put(Some("\"1\""), helper(2)).await.0, 412, "another draft than the one that was read");
    assert_eq!(call(&test, &key, Method::POST, PLAN, None, Some(&json!({}))).await.0, 422, "a draft with mistakes");
    assert_eq!(put(None, helper(2)).await.0, 200);

    let (status, _, plan) = call(&test, &key, Method::POST, PLAN, None, Some(&json!({}))).await;
    assert_eq!(
        (status, &plan["gain"], &plan["keep"], &plan["lose"], &plan["neither"]),
        (200, &json!(2), &json!(0), &json!(0), &json!(1))
    );
    assert_eq!((&plan["state"], &plan["of_the_draft"]), (&json!("done"), &json!(true)));
    let crossed = |plan: &Value, member: &dyn ToString| {
        let row =
            plan["data"].as_array().expect("a list").iter().find(|row| row["member"] == member.to_string()).cloned();
        row.expect("named")["crossed_at"].clone()
    };
    assert_eq!(crossed(&plan, &two), "2026-05-09T09:00:00Z");
    assert_eq!(crossed(&plan, &three), "2026-05-04T09:00:00Z");
    let language = json!([{"group": "en", "members": 2, "before": 0, "after": 1}, {"group": "ja", "members": 1, "before": 0, "after": 1}]);
    assert_eq!(plan["fairness"]["language"], language);
    assert_eq!(plan["fairness"]["joined"], json!([{"group": "2026", "members": 3, "before": 0, "after": 2}]));
    let read = test.app.db.read();
    assert!(tracks::by_slug(read, "helper").await.expect("read").is_none(), "a plan publishes nothing");
    assert_eq!(call(&test, &key, Method::GET, &format!("{PLAN}?effect=all"), None, None).await.0, 422);
    let page = call(&test, &key, Method::GET, &format!("{PLAN}?limit=1"), None, None).await.2;
    assert_eq!((page["data"].as_array().map(Vec::len), &page["has_more"]), (Some(1), &json!(true)));
    let rest = format!("{PLAN}?limit=1&cursor={}", page["next_cursor"].as_str().expect("a cursor"));
    let next = call(&test, &key, Method::GET, &rest, None, None).await.2;
    assert_ne!(next["data"][0]["member"], page["data"][0]["member"]);

    let tried = call(&test, &key, Method::POST, &format!("{PUBLISH}?dry_run=true"), None, Some(&json!({}))).await;
    assert_eq!((tried.0, &tried.2["changed"]), (200, &json!(true)));
    assert!(tracks::by_slug(read, "helper").await.expect("read").is_none(), "a dry run publishes nothing");
    let (status, etag, done) =
        call(&test, &key, Method::POST, &format!("{PUBLISH}?silent=true"), None, Some(&json!({}))).await;
    assert_eq!((status, etag.as_str(), &done["version"], &done["silent"]), (200, "\"1\"", &json!(1), &json!(true)));
    assert!(tracks::draft(read, "helper").await.expect("read").is_none(), "the draft has become a version");
    test.settle().await;
    let version = tracks::by_slug(read, "helper").await.expect("read").expect("there");
    let held = credentials::of_member(read, two).await.expect("read");
    assert_eq!(held.len(), 1);
    assert_eq!(rfc3339(held[0].awarded_at), "2026-05-09T09:00:00Z", "dated by the crossing, not by the publishing");
    assert!(version.is_quiet_about(held[0].awarded_at), "earned before it was published: nobody is told");
    assert!(!version.is_quiet_about(version.published_at + Duration::days(1)), "what is earned later is told");
    assert_eq!(credentials::count_held(read, version.track, test.app.db.now()).await.expect("read"), 2);

    assert_eq!(put(None, helper(3)).await.0, 200);
    let plan = call(&test, &key, Method::POST, PLAN, None, Some(&json!({}))).await.2;
    assert_eq!(
        (&plan["gain"], &plan["keep"], &plan["lose"], &plan["neither"]),
        (&json!(0), &json!(1), &json!(1), &json!(1))
    );
    let lost = call(&test, &key, Method::GET, &format!("{PLAN}?effect=lose"), None, None).await.2;
    assert_eq!((&lost["data"][0]["member"], &lost["data"][0]["holds"]), (&json!(two), &json!(true)));
    let stale = call(&test, &key, Method::POST, PUBLISH, Some("\"7\""), Some(&json!({}))).await;
    assert_eq!(stale.0, 412, "another version than the one that was read");
    assert_eq!(call(&test, &key, Method::POST, PUBLISH, Some("\"1\""), Some(&json!({}))).await.0, 200);
    test.settle().await;
    assert_eq!(credentials::of_member(read, two).await.expect("read").len(), 1, "what is held is kept");
    let again = call(&test, &key, Method::POST, PUBLISH, None, Some(&helper(3))).await.2;
    assert_eq!((&again["changed"], &again["version"]), (&json!(false), &json!(2)));
    let done = test.audit_actions().await;
    assert_eq!(done.iter().filter(|action| *action == "track.publish").count(), 2);
}

/// More members than are looked at while the caller waits: the work goes on behind, part by part, and a plan begun anew stops the one before.
async fn a_plan_of_many_is_long_work(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    giver(&test, "first", Locale::Ja, &[1]).await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    for n in 0..520 {
        let email = format!("m{n}@members.example");
        members::find_or_enrol(&mut ch, &email, "Further Member", Locale::En).await.expect("enrolled");
    }
    ch.commit().await.expect("committed");
    test.settle().await;
    let key = test.api_key(Role::Admin).await;
    let (status, _, begun) = call(&test, &key, Method::POST, PLAN, None, Some(&helper(1))).await;
    assert_eq!(
        (status, &begun["state"], &begun["total"]),
        (202, &json!("running"), &json!(11)),
        "fifty members a part"
    );
    let job = begun["job"].as_str().expect("an id").to_owned();
    let (status, _, second) = call(&test, &key, Method::POST, PLAN, None, Some(&helper(2))).await;
    assert_eq!(status, 202);
    let before = call(&test, &key, Method::GET, &format!("/api/v1/jobs/{job}"), None, None).await.2;
    assert_eq!(before["state"], "cancelled", "a plan begun anew takes the place of the one before");
    test.settle().await;
    let done = call(&test, &key, Method::GET, PLAN, None, None).await.2;
    assert_eq!((&done["job"], &done["state"], &done["done"]), (&second["job"], &json!("done"), &json!(11)));
    assert_eq!((&done["gain"], &done["neither"]), (&json!(0), &json!(521)));
}

async fn a_version_takes_effect_on_its_day(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let member = giver(&test, "early", Locale::Ja, &[3, 9]).await;
    let key = test.api_key(Role::Admin).await;
    let day = parse_rfc3339("2026-12-01T00:00:00Z").expect("a time");
    let later = format!("{PUBLISH}?effective_at=2026-12-01T00:00:00Z");
    assert_eq!(
        call(&test, &key, Method::POST, &format!("{PUBLISH}?effective_at=soon"), None, Some(&helper(2))).await.0,
        422
    );
    let (status, _, body) = call(&test, &key, Method::POST, &later, None, Some(&helper(2))).await;
    assert_eq!(
        (status, &body["version"], &body["takes_effect_at"]),
        (202, &Value::Null, &json!("2026-12-01T00:00:00Z"))
    );
    let read = test.app.db.read();
    test.clock.set(day - Duration::seconds(1));
    assert_eq!(tracks::take_effect_due(&test.app).await.expect("looked"), 0);
    assert!(tracks::by_slug(read, "helper").await.expect("read").is_none(), "not a second before its day");
    test.clock.set(day);
    assert_eq!(tracks::take_effect_due(&test.app).await.expect("looked"), 1);
    assert_eq!(tracks::take_effect_due(&test.app).await.expect("looked"), 0, "once");
    test.settle().await;
    assert_eq!(tracks::by_slug(read, "helper").await.expect("read").expect("there").published_at, day);
    let held = credentials::of_member(read, member).await.expect("read");
    assert_eq!(held.iter().map(|held| rfc3339(held.awarded_at)).collect::<Vec<_>>(), ["2026-05-09T09:00:00Z"]);
    let done = test.audit_actions().await;
    assert!(done.contains(&"track.schedule".to_owned()) && done.contains(&"track.take_effect".to_owned()), "{done:?}");
}

async fn what_files_write_is_left_to_files(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let key = test.api_key(Role::Admin).await;
    let body = Some(helper(1));
    for (method, path) in [(Method::PUT, "/api/v1/tracks/giver/draft"), (Method::POST, "/api/v1/tracks/giver/publish")]
    {
        let (status, _, problem) = call(&test, &key, method, path, None, body.as_ref()).await;
        assert_eq!((status, &problem["code"]), (409, &json!("managed_by_files")), "{path}");
    }
    let issuer = test.api_key(Role::Issuer).await;
    assert_eq!(call(&test, &issuer, Method::PUT, "/api/v1/tracks/helper/draft", None, body.as_ref()).await.0, 403);
}

async fn requirements_that_do_nothing_are_named(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    giver(&test, "one", Locale::Ja, &[3, 9]).await;
    giver(&test, "two", Locale::En, &[4]).await;
    let key = test.api_key(Role::Admin).await;
    let mut track = helper(1);
    track["requires"] = json!({"all": [
        {"id": "one", "contributions": {"types": ["change.merged"], "at_least": 1}},
        {"id": "two", "contributions": {"types": ["change.merged"], "at_least": 2}},
        {"id": "talk", "contributions": {"types": ["talk.given"], "at_least": 1}},
    ]});
    assert_eq!(call(&test, &key, Method::POST, PUBLISH, None, Some(&track)).await.0, 200);
    let (status, _, health) = call(&test, &key, Method::POST, "/api/v1/requirement-health", None, None).await;
    assert_eq!((status, &health["members"], &health["state"]), (200, &json!(2), &json!("done")));
    let lines = health["data"][0]["requirements"].as_array().expect("a list");
    let verdict = |name: &str| lines.iter().find(|line| line["requirement"] == name).expect("named")["verdict"].clone();
    assert_eq!((verdict("one"), verdict("talk")), (json!("everyone"), json!("never")));
    assert_eq!(verdict("two"), "quiet", "last met on 9 May, looked at in November");
    let two = lines.iter().find(|line| line["requirement"] == "two").expect("named");
    assert_eq!((&two["met_by"], &two["last_met_at"]), (&json!(1), &json!("2026-05-09T09:00:00Z")));
}
