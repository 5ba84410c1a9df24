//! What is held back for a person; strikes; pairs and rings.

use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;
use waymark::access::Role;
use waymark::domain_event::DomainEvent;

use super::{Hall, SQUARE};
use crate::home::Visitor;
use crate::support::{Store, on_both};

on_both!(
    more_than_a_source_may_credit_in_a_day_waits_for_a_person,
    a_limit_holds_for_late_linking_too,
    a_strike_holds_what_arrives_and_ends_by_itself,
    a_strike_is_told_and_can_be_lifted,
    linking_a_handle_releases_nothing_that_waits_for_a_person,
    nobody_decides_on_what_is_their_own,
    pairs_and_rings_are_shown_and_nothing_is_done,
    the_pages_keep_to_their_roles
);

async fn given(hall: &Hall, source: &str, id: &str, to: &str, from: Option<&str>) -> Value {
    let mut data = json!({"object": format!("answers/{id}")});
    if let Some(from) = from {
        data["giver"] = json!(from);
    }
    hall.event(source, id, "answer.accepted", to, data).await
}

fn contribution(result: &Value) -> &str {
    result["contribution"].as_str().expect("kept")
}

async fn more_than_a_source_may_credit_in_a_day_waits_for_a_person(store: Store) {
    let hall = Hall::start(store).await;
    let busy = "https://busy.example";
    hall.source(busy, &json!({"per_member_per_day": 2})).await;
    let (member, _) = hall.member("hikari").await;
    let subject = member.to_string();
    for id in ["e-1", "e-2"] {
        assert_eq!(given(&hall, busy, id, &subject, None).await["outcome"], "accepted");
    }
    let third = given(&hall, busy, "e-3", &subject, None).await;
    assert_eq!((&third["outcome"], &third["reason"]), (&json!("held"), &json!("over_limit")), "{third}");
    assert_eq!(given(&hall, SQUARE, "s-3", &subject, None).await["outcome"], "accepted", "another source has no limit");
    let event = json!({"specversion": "1.0", "id": "e-4", "source": busy, "type": "answer.accepted", "subject": subject, "time": "2026-11-19T14:59:59Z", "data": {"object": "a/4"}});
    let request = hall.test.http.post(hall.test.url("/api/v1/events")).bearer_auth(&hall.admin);
    let answer = request.header("content-type", "application/cloudevents+json").body(event.to_string()).send().await;
    let answer: Value = answer.expect("answered").json().await.expect("JSON");
    assert_eq!(answer["results"][0]["outcome"], "accepted", "the day before, on the program's calendar: {answer}");
    assert_eq!(hall.have(member).await, json!(4));
    let held: Vec<DomainEvent> = hall.told("contribution_held").await;
    assert_eq!(
        held,
        [DomainEvent::ContributionHeld { contribution: contribution(&third).parse().expect("an id"), member }]
    );
    let listed = hall.get(&hall.admin, "/api/v1/held?reason=over_limit").await;
    assert_eq!(listed["data"][0]["id"], third["contribution"]);
    let release = format!("/api/v1/contributions/{}/release", contribution(&third));
    let (status, body) = hall.post(&hall.admin, &release, Value::Null).await;
    assert_eq!((status, &body["state"]), (200, &json!("accepted")), "{body}");
    assert_eq!(hall.have(member).await, json!(5));
    assert_eq!(hall.post(&hall.admin, &release, Value::Null).await.0, 409);
    assert_eq!(hall.test.audit_actions().await.iter().filter(|a| *a == "contribution.release").count(), 1);
}

async fn a_limit_holds_for_late_linking_too(store: Store) {
    let hall = Hall::start(store).await;
    let busy = "https://busy.example";
    hall.source(busy, &json!({"per_member_per_day": 2})).await;
    for id in ["e-1", "e-2", "e-3"] {
        given(&hall, busy, id, "handle:hikari", None).await;
    }
    let (member, _) = hall.member("hikari").await;
    assert_eq!(hall.have(member).await, json!(2));
    let held = hall.test.texts("SELECT held_because FROM contribution WHERE state = 'held'").await;
    assert_eq!(held, ["over_limit"]);
}

async fn a_strike_holds_what_arrives_and_ends_by_itself(store: Store) {
    let hall = Hall::start(store).await;
    let (member, _) = hall.member("hikari").await;
    let subject = member.to_string();
    let path = format!("/api/v1/members/{member}/strikes");
    for (body, pointer) in [
        (json!({"reason": " "}), "/reason"),
        (json!({"reason": "x", "days": 0}), "/days"),
        (json!({"reason": "x", "days": 366}), "/days"),
        (json!({"reason": "x", "about": "ctr_1"}), "/about"),
    ] {
        let (status, answer) = hall.post(&hall.admin, &path, body.clone()).await;
        assert_eq!((status, &answer["errors"][0]["pointer"]), (422, &json!(pointer)), "{body}");
    }
    let before = given(&hall, SQUARE, "e-0", &subject, None).await;
    let strike = json!({"reason": "Copied answers.", "days": 30, "about": before["contribution"]});
    let (status, strike) = hall.post(&hall.admin, &path, strike).await;
    assert_eq!((status, &strike["expires_at"]), (201, &json!("2026-12-21T09:00:00Z")), "{strike}");
    assert_eq!(hall.state(contribution(&before)).await, "accepted", "a strike takes nothing back");
    let during = given(&hall, SQUARE, "e-1", &subject, None).await;
    assert_eq!((&during["outcome"], &during["reason"]), (&json!("held"), &json!("suspicious")));
    hall.test.clock.advance(Duration::days(30));
    assert_eq!(given(&hall, SQUARE, "e-2", &subject, None).await["outcome"], "accepted");
    assert_eq!(hall.have(member).await, json!(2));
    assert_eq!(hall.state(contribution(&during)).await, "held", "what was held waits for a person");
    assert_eq!(hall.told("strike_recorded").await.len(), 1);
}

async fn a_strike_is_told_and_can_be_lifted(store: Store) {
    let hall = Hall::start(store).await;
    let (member, token) = hall.member("hikari").await;
    let path = format!("/api/v1/members/{member}/strikes");
    let (_, strike) = hall.post(&hall.admin, &path, json!({"reason": "Copied answers."})).await;
    let me = Visitor::signed_in(&hall.test, member).await;
    assert!(me.page("/me/links", "en").await.contains("Copied answers."));
    assert_eq!(hall.get(&token, &path).await["data"][0]["reason"], "Copied answers.");
    let (_, other) = hall.member("ren").await;
    assert_eq!(hall.call(&other, Method::GET, &path, Value::Null).await.0, 404);
    let lift = format!("/api/v1/strikes/{}/lift", strike["id"].as_str().expect("an id"));
    assert_eq!(hall.post(&hall.admin, &lift, json!({"reason": ""})).await.0, 422);
    assert_eq!(hall.post(&hall.admin, &lift, json!({"reason": "It was another's."})).await.0, 200);
    assert_eq!(hall.post(&hall.admin, &lift, json!({"reason": "Again."})).await.0, 409);
    assert!(!me.page("/me/links", "en").await.contains("Copied answers."));
    assert_eq!(given(&hall, SQUARE, "e-1", &member.to_string(), None).await["outcome"], "accepted");
    let actions = hall.test.audit_actions().await;
    assert!(
        actions.contains(&"strike.record".to_owned()) && actions.contains(&"strike.lift".to_owned()),
        "{actions:?}"
    );
}

async fn linking_a_handle_releases_nothing_that_waits_for_a_person(store: Store) {
    let hall = Hall::start(store).await;
    let (member, token) = hall.member("hikari").await;
    hall.post(&hall.admin, &format!("/api/v1/members/{member}/strikes"), json!({"reason": "Copied answers."})).await;
    let held = given(&hall, SQUARE, "e-1", "handle:hikari", None).await;
    assert_eq!(held["reason"], "suspicious");
    let (_, claim) = hall.post(&token, "/api/v1/handles", json!({"source": SQUARE, "handle": "second"})).await;
    let confirm = format!("/api/v1/handles/{}/confirm", claim["id"].as_str().expect("an id"));
    hall.test.clock.advance(Duration::minutes(1));
    let strikes = hall.get(&hall.admin, &format!("/api/v1/members/{member}/strikes")).await;
    let lift = format!("/api/v1/strikes/{}/lift", strikes["data"][0]["id"].as_str().expect("an id"));
    hall.post(&hall.admin, &lift, json!({"reason": "Cleared."})).await;
    assert_eq!(hall.post(&hall.admin, &confirm, Value::Null).await.0, 200);
    assert_eq!(hall.have(member).await, json!(0));
    assert_eq!(hall.state(contribution(&held)).await, "held");
}

async fn nobody_decides_on_what_is_their_own(store: Store) {
    let hall = Hall::start(store).await;
    let (boss, staff) = hall.colleague("boss", Role::Admin).await;
    hall.post(&hall.admin, &format!("/api/v1/members/{boss}/strikes"), json!({"reason": "Copied answers."})).await;
    let held = given(&hall, SQUARE, "e-1", &boss.to_string(), None).await;
    let csrf = staff.csrf("/me/links").await;
    let path = format!("/admin/quarantine/{}", contribution(&held));
    assert_eq!(staff.post(&path, json!({"csrf": csrf, "step": "release", "why": "suspicious"})).await, 422);
    assert_eq!(hall.state(contribution(&held)).await, "held");
    let strikes = format!("/admin/members/{boss}/strikes");
    assert_eq!(staff.post(&strikes, json!({"csrf": csrf, "reason": "me", "days": "1"})).await, 422);
    let id = hall.test.texts("SELECT id FROM strike").await.remove(0);
    assert_eq!(staff.post(&format!("/admin/strikes/{id}/lift"), json!({"csrf": csrf, "reason": "me"})).await, 422);
    assert_eq!(hall.test.count("SELECT COUNT(*) FROM strike WHERE lifted_at IS NULL").await, 1);
}

async fn pairs_and_rings_are_shown_and_nothing_is_done(store: Store) {
    let hall = Hall::start(store).await;
    let mut people = vec![];
    for name in ["hikari", "ren", "mio", "sora", "yui"] {
        people.push(hall.member(name).await.0);
    }
    let mut n = 0;
    // A pair, a ring of three, and gifts that come from outside.
    for (from, to, times) in [(0, 1, 3), (1, 0, 4), (2, 3, 3), (3, 4, 3), (4, 2, 3), (4, 0, 7)] {
        for _ in 0..times {
            n += 1;
            let giver = people[from].to_string();
            let (id, to) = (format!("g-{n}"), people[to].to_string());
            assert_eq!(given(&hall, SQUARE, &id, &to, Some(&giver)).await["outcome"], "accepted");
        }
    }
    let report = hall.get(&hall.admin, "/api/v1/reciprocity?threshold=3").await;
    assert_eq!(report["facts"], n);
    let groups = report["groups"].as_array().expect("a list");
    assert_eq!(groups.len(), 2, "{report}");
    assert_eq!((groups[0]["members"].as_array().map(Vec::len), &groups[0]["share_percent"]), (Some(3), &json!(100)));
    assert_eq!(
        (&groups[1]["inside"], &groups[1]["received"], &groups[1]["share_percent"]),
        (&json!(7), &json!(14), &json!(50))
    );
    assert_eq!(hall.get(&hall.admin, "/api/v1/reciprocity?threshold=4").await["groups"], json!([]));
    let first = hall.test.texts("SELECT id FROM contribution WHERE event = 'g-1'").await.remove(0);
    hall.post(&hall.admin, &format!("/api/v1/contributions/{first}/void"), json!({"reason": "a test"})).await;
    let report = hall.get(&hall.admin, "/api/v1/reciprocity?threshold=3").await;
    assert_eq!(report["groups"].as_array().map(Vec::len), Some(1), "what was taken back is not counted");
    hall.test.clock.advance(Duration::days(91));
    assert_eq!(hall.get(&hall.admin, "/api/v1/reciprocity").await["facts"], 0);
    assert_eq!(hall.test.count("SELECT COUNT(*) FROM strike").await, 0);
    let (_, auditor) = hall.colleague("auditor2", Role::Auditor).await;
    let page = auditor.page("/admin/rings?days=365&threshold=3", "en").await;
    assert!(page.contains("A ring of 3") && page.contains("<svg") && page.contains("Member sora"), "{page}");
    auditor.page("/admin/rings", "ja").await;
}

async fn the_pages_keep_to_their_roles(store: Store) {
    let hall = Hall::start(store).await;
    let (member, _) = hall.member("hikari").await;
    given(&hall, SQUARE, "e-0", "handle:nobody", None).await;
    let (_, admin) = hall.colleague("admin2", Role::Admin).await;
    let strikes = format!("/admin/members/{member}/strikes");
    let csrf = admin.csrf(&strikes).await;
    assert_eq!(admin.post(&strikes, json!({"csrf": csrf, "reason": "Copied answers.", "days": "soon"})).await, 422);
    assert_eq!(admin.post(&strikes, json!({"csrf": csrf, "reason": "Copied answers.", "days": "30"})).await, 303);
    let page = admin.page("/admin/quarantine", "en").await;
    assert!(
        page.contains("handle:nobody") && page.contains("href=\"/admin/held\""),
        "it opens where there is something: {page}"
    );
    let held = given(&hall, SQUARE, "e-1", &member.to_string(), None).await;
    let unknown = admin.page("/admin/held", "en").await;
    assert!(
        unknown.contains("handle:nobody") && !unknown.contains("Member hikari"),
        "whose it is, is known: {unknown}"
    );
    let page = admin.page("/admin/quarantine", "en").await;
    assert!(page.contains("Member hikari") && page.contains("A strike stood"), "{page}");
    assert!(admin.page("/admin/quarantine?why=unknown_handle", "ja").await.contains("handle:nobody"));
    let path = format!("/admin/quarantine/{}", contribution(&held));
    let (_, auditor) = hall.colleague("auditor2", Role::Auditor).await;
    assert!(!auditor.page("/admin/quarantine", "en").await.contains("Credit it"));
    let csrf_auditor = auditor.csrf("/me/links").await;
    for step in ["release", "void"] {
        let form = json!({"csrf": csrf_auditor, "step": step, "why": "suspicious", "reason": "x"});
        assert_eq!(auditor.post(&path, form).await, 404, "{step}");
    }
    assert_eq!(auditor.post(&strikes, json!({"csrf": csrf_auditor, "reason": "x", "days": "1"})).await, 403);
    let (_, issuer) = hall.colleague("issuer2", Role::Issuer).await;
    for page in ["/admin/quarantine", "/admin/rings", strikes.as_str()] {
        assert_eq!(issuer.get(page, "en").await.status(), 403, "{page}");
    }
    assert_eq!(admin.post(&path, json!({"csrf": csrf, "step": "void", "why": "suspicious", "reason": ""})).await, 422);
    assert_eq!(hall.state(contribution(&held)).await, "held");
    assert_eq!(
        admin.post(&path, json!({"csrf": csrf, "step": "void", "why": "suspicious", "reason": "Copied."})).await,
        303
    );
    assert_eq!(hall.state(contribution(&held)).await, "voided");
    assert_eq!(hall.have(member).await, json!(0));
}
