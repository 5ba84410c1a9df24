//! The overview of a program, and the page about one person: what they show, and to whom.

use serde_json::json;
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::ids::MemberId;
use waymark::members::{self, Affiliation};
use waymark::tracks::{self, TrackDefinition};
use waymark::{credentials, issuer};

use crate::contributions::{enrol, event, small_program, start};
use crate::home::{Visitor, send};
use crate::support::{Store, TestApp, beginning, on_both};

on_both!(
    goals_are_held_against_the_awards_of_this_year,
    queues_are_those_that_the_reader_may_look_into,
    one_page_tells_everything_about_a_person,
    the_person_s_page_keeps_to_the_readers_role,
    what_is_missing_leads_to_where_it_is_done
);

/// A track with a goal, earned by one talk.
async fn publish_speaker(test: &TestApp) {
    let track = json!({
        "slug": "speaker", "kind": "milestone", "title": {"ja": "話す人", "en": "Speaker"},
        "criteria": {"ja": "話す", "en": "Give a talk"},
        "goal": {"ja": "話す人を年3人", "en": "Three speakers a year", "measure": "awards", "target": 3, "owner": "The office"},
        "requires": {"all": [{"id": "talk", "contributions": {"types": ["talk.given"], "at_least": 1}}]},
    });
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let own = issuer::default_issuer(ch.tx()).await.expect("read").expect("there");
    tracks::publish(&mut ch, own.id, &TrackDefinition::from_value(&track).expect("valid")).await.expect("published");
    let source =
        json!({"source": "https://talks.example", "title": "Talks", "types": ["talk.given"], "subjects": ["handle"]});
    let source = waymark::contributions::SourceDefinition::from_value(&source).expect("valid");
    waymark::contributions::keep_source(&mut ch, &source).await.expect("kept");
    ch.commit().await.expect("committed");
}

async fn talk(test: &TestApp, id: &str, who: &str, at: &str) {
    let mut event = event(id, &format!("handle:{who}"), id);
    (event["source"], event["type"], event["time"]) = (json!("https://talks.example"), json!("talk.given"), json!(at));
    send(test, event).await;
}

async fn revoke(test: &TestApp, member: MemberId) {
    let held = credentials::of_member(test.app.db.read(), member).await.expect("read");
    let url = test.url(&format!("/api/v1/credentials/{}/revoke", held[0].id));
    let request = test.http.post(url).bearer_auth(test.api_key(Role::Owner).await);
    let answer = request.json(&json!({"reason_code": "issued_in_error"})).send().await.expect("answered");
    assert_eq!(answer.status(), 200);
    test.settle().await;
}

async fn goals_are_held_against_the_awards_of_this_year(store: Store) {
    let test = start(store).await;
    let admin = Visitor::staff(&test, Role::Admin).await;
    assert!(admin.page("/admin/overview", "en").await.contains("There are no tracks yet."));
    small_program(&test).await;
    publish_speaker(&test).await;
    let none = admin.page("/admin/overview", "en").await;
    for text in [
        "Three speakers a year",
        "0 of 3",
        "Measured by awards",
        "Answers for it: The office",
        "No goal is written down for it.",
    ] {
        assert!(none.contains(text), "{text}: {none}");
    }
    // One of last year, in Tokyo's last minute of it, and two of this one.
    for (who, at) in
        [("hikari", "2025-12-31T14:59:59Z"), ("tsukumo", "2025-12-31T15:00:00Z"), ("petra", "2026-11-20T09:00:00Z")]
    {
        enrol(&test, who).await;
        talk(&test, &format!("talk-{who}"), who, at).await;
    }
    let page = admin.page("/admin/overview", "en").await;
    for text in [
        "2 of 3",
        "value=\"2\" max=\"3\"",
        "Awards by month: 3 in all, 1 in the highest month.",
        "Nov 2026",
        "Dec 2025",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let petra = members::by_handle(test.app.db.read(), "petra").await.expect("read").expect("there");
    revoke(&test, petra).await;
    let page = admin.page("/admin/overview", "ja").await;
    for text in ["1 / 3", "話す人を年3人", "担当：The office", "2026年の目標", "授与の数で測ります"]
    {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(admin.page("/admin", "en").await.contains("href=\"/admin/overview\""), "the start page leads there");
    let member = Visitor::signed_in(&test, petra).await;
    assert_eq!(member.get("/admin/overview", "en").await.status(), 403);
}

async fn queues_are_those_that_the_reader_may_look_into(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let admin = Visitor::staff(&test, Role::Admin).await;
    assert!(admin.page("/admin/overview", "en").await.contains("Nothing waits."));
    send(&test, event("e-1", "handle:nobody", "changes/1")).await;
    let page = admin.page("/admin/overview", "en").await;
    assert!(
        page.contains("<a href=\"/admin/held\">Contributions of unknown people</a></dt><dd class=\"num\">1</dd>"),
        "{page}"
    );
    assert!(!page.contains("Nothing waits.") && page.contains("href=\"/admin/handles\""), "{page}");
    let examiner = Visitor::staff(&test, Role::Examiner).await.page("/admin/overview", "en").await;
    assert!(!examiner.contains("href=\"/admin/held\"") && !examiner.contains("href=\"/admin/handles\""), "{examiner}");
    assert!(examiner.contains("href=\"/admin/marking\""));
}

/// A member of whom everything is on record.
async fn known(test: &TestApp, admin: &Visitor<'_>) -> MemberId {
    small_program(test).await;
    publish_speaker(test).await;
    let member = enrol(test, "hikari").await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let tie = Affiliation {
        organization: "Lantern Works".to_owned(),
        title: Some("Keeper".to_owned()),
        from: beginning() - time::Duration::days(400),
        until: Some(beginning() - time::Duration::days(30)),
    };
    members::affiliate(&mut ch, member, tie).await.expect("stated");
    ch.commit().await.expect("committed");
    talk(test, "talk-1", "hikari", "2026-11-20T09:00:00Z").await;
    let page = format!("/admin/members/{member}");
    let csrf = admin.csrf(&page).await;
    let strike = json!({"csrf": csrf, "reason": "a look is needed", "days": "30"});
    assert_eq!(admin.post(&format!("{page}/strikes"), strike).await, 303);
    assert_eq!(admin.post(&format!("{page}/name"), json!({"csrf": csrf, "name": "Hikari Aoyama"})).await, 303);
    send(test, event("e-9", "handle:hikari", "changes/9")).await;
    test.settle().await;
    member
}

async fn one_page_tells_everything_about_a_person(store: Store) {
    let test = start(store).await;
    let admin = Visitor::staff(&test, Role::Admin).await;
    let member = known(&test, &admin).await;
    let page = admin.page(&format!("/admin/members/{member}"), "en").await;
    let parts =
        ["progress", "credentials", "attempts", "contributions", "handles", "ties", "attestations", "strikes", "audit"];
    let places: Vec<usize> = parts
        .iter()
        .map(|part| page.find(&format!("id=\"{part}\"")).unwrap_or_else(|| panic!("{part}: {page}")))
        .collect();
    assert!(places.is_sorted(), "in one order: {places:?}");
    for part in parts {
        assert!(page.contains(&format!("href=\"#{part}\"")), "a link leads to {part}");
    }
    for text in [
        "Hikari Aoyama",
        "Speaker",
        "They have not sat an exam here.",
        "Waiting for a person",
        "It waits for somebody to look at it before it counts.",
        "Linked by staff, for all sources",
        "Lantern Works",
        "Stated by the operator, on the command line",
        "17 Oct 2025 to 22 Oct 2026",
        "Nobody has vouched for them.",
        "a look is needed",
        "member.rename",
        "strike.record",
        "credential.award",
        &format!("href=\"/admin/members/{member}/access\""),
        &format!("href=\"/admin/members/{member}/timeline\""),
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let japanese = admin.page(&format!("/admin/members/{member}"), "ja").await;
    for text in ["まだ受験していません。", "確認を待っている貢献", "監査ログ", "運営が登録（すべての送信元）"]
    {
        assert!(japanese.contains(text), "{text}: {japanese}");
    }
    for wrong in ["audit=x", "attempts=x"] {
        assert_eq!(admin.get(&format!("/admin/members/{member}?{wrong}"), "en").await.status(), 404, "{wrong}");
    }
}

async fn the_person_s_page_keeps_to_the_readers_role(store: Store) {
    let test = start(store).await;
    let admin = Visitor::staff(&test, Role::Admin).await;
    let member = known(&test, &admin).await;
    let path = format!("/admin/members/{member}");
    let issuer = Visitor::staff(&test, Role::Issuer).await.page(&path, "en").await;
    for part in ["attempts", "strikes", "audit"] {
        assert!(!issuer.contains(&format!("id=\"{part}\"")), "an issuer does not see {part}");
    }
    assert!(!issuer.contains("a look is needed") && !issuer.contains("member.rename"), "{issuer}");
    let auditor = Visitor::staff(&test, Role::Auditor).await.page(&path, "en").await;
    for part in ["attempts", "strikes", "audit"] {
        assert!(auditor.contains(&format!("id=\"{part}\"")), "an auditor sees {part}");
    }
    assert!(!auditor.contains("/void\""), "and changes nothing");
}

async fn what_is_missing_leads_to_where_it_is_done(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    publish_speaker(&test).await;
    let member = enrol(&test, "hikari").await;
    let me = Visitor::signed_in(&test, member).await;
    let page = me.page("/me", "en").await;
    assert!(page.contains("<a class=\"btn\" href=\"/me/links\""), "a talk can be handed in: {page}");
    assert!(page.contains("href=\"/p/giver#asked-give\""), "a merged change cannot: {page}");
}
