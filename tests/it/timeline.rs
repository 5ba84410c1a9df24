//! A member's timeline: every contribution, fifty a page, by year, what counts it, why not, and what to do; and the same for staff.

use serde_json::{Value, json};
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::contributions::{self, Envelope, Speaker};
use waymark::database::Kind;
use waymark::issuer;
use waymark::tracks::{self, TrackDefinition};

use crate::contributions::{enrol, event, small_program, start};
use crate::home::{Visitor, send};
use crate::support::{Store, TestApp, on_both};

on_both!(
    pages_follow_one_another_and_lose_nothing,
    each_line_says_what_became_of_it_and_what_to_do,
    a_year_shows_its_own,
    what_is_kept_in_memory_follows_the_ledger,
    a_page_is_read_from_an_index
);

async fn receive(test: &TestApp, events: Vec<Value>) {
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    for event in events {
        let event = Envelope::structured(event).expect("well formed");
        contributions::receive(&mut ch, &Speaker::Any, &event).await.expect("received");
    }
    ch.commit().await.expect("committed");
    test.settle().await;
}

fn work(n: u32, at: &str) -> Value {
    let mut event = event(&format!("e-{n}"), "handle:hikari", &format!("works/{n}/"));
    event["time"] = json!(at);
    event["data"]["title"] = json!(format!("Work {n}."));
    event
}

/// The works that a page names, in its order, and where the next page is.
fn named(page: &str) -> (Vec<u32>, Option<String>) {
    let works =
        page.split("/works/").skip(1).map(|rest| rest.split('/').next().expect("a number").parse().expect("a number"));
    let next = page.split("href=\"").skip(1).map(|rest| rest.split('"').next().expect("closed"));
    // The link to the other language keeps the place, too.
    let next = next
        .filter(|href| href.contains("after=") && !href.contains("lang="))
        .map(|href| href.replace("&#38;", "&").replace("&amp;", "&"))
        .next();
    (works.collect(), next)
}

async fn pages_follow_one_another_and_lose_nothing(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    // All at one moment: the order among them is that of their ids, and no page repeats or leaves out.
    receive(&test, (0..120).map(|n| work(n, "2026-11-20T09:00:00Z")).collect()).await;
    let me = Visitor::signed_in(&test, member).await;
    let (mut all, mut path, mut sizes) = (vec![], Some("/me/timeline".to_owned()), vec![]);
    while let Some(at) = path {
        let page = me.page(&at, "en").await;
        assert!(page.contains("120 contributions in all"), "{page}");
        let (works, next) = named(&page);
        sizes.push(works.len());
        all.extend(works);
        path = next;
    }
    assert_eq!(sizes, [50, 50, 20]);
    all.sort_unstable();
    assert_eq!(all, (0..120).collect::<Vec<u32>>());
    let portal = me.page("/me", "en").await;
    assert!(portal.contains("See all 120") && portal.contains("href=\"/me/timeline\""), "{portal}");

    let other = enrol(&test, "tsukumo").await;
    let others = send(&test, event("o-1", "handle:tsukumo", "works/900/")).await;
    for path in
        [format!("/me/timeline?after={others}"), "/me/timeline?after=x".to_owned(), "/me/timeline?year=x".to_owned()]
    {
        assert_eq!(me.get(&path, "en").await.status(), 404, "{path}");
    }
    assert_eq!(me.get(&format!("/admin/members/{other}/timeline"), "en").await.status(), 403);
    let admin = Visitor::staff(&test, Role::Admin).await;
    let staff = admin.page(&format!("/admin/members/{member}/timeline"), "en").await;
    assert!(staff.contains("Member hikari") && staff.contains("/void\"") && named(&staff).0.len() == 50, "{staff}");
    let auditor = Visitor::staff(&test, Role::Auditor).await;
    assert!(!auditor.page(&format!("/admin/members/{member}/timeline"), "ja").await.contains("/void\""));
    assert_eq!(admin.get("/admin/members/mem_00000000000000000000000000/timeline", "en").await.status(), 404);
}

async fn each_line_says_what_became_of_it_and_what_to_do(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    let me = Visitor::signed_in(&test, member).await;
    assert!(me.page("/me/timeline", "en").await.contains("None yet."), "an empty timeline has its page");
    receive(&test, vec![work(1, "2026-11-20T09:00:00Z")]).await;
    let mut same = work(2, "2026-11-20T10:00:00Z");
    same["data"]["object"] = json!("works/1/");
    receive(&test, vec![same]).await;
    let mut unasked = work(3, "2026-11-20T11:00:00Z");
    unasked["type"] = json!("answer.accepted");
    unasked["data"]["own"] = json!(true);
    receive(&test, vec![unasked]).await;
    let taken = send(&test, work(4, "2026-11-20T12:00:00Z")).await;
    let admin = Visitor::staff(&test, Role::Admin).await;
    let csrf = admin.csrf(&format!("/admin/members/{member}")).await;
    let path = format!("/admin/contributions/{taken}/void");
    assert_eq!(admin.post(&path, json!({"csrf": csrf, "reason": "another person's"})).await, 303);
    let strike = json!({"csrf": csrf, "reason": "a look is needed", "days": "30"});
    assert_eq!(admin.post(&format!("/admin/members/{member}/strikes"), strike).await, 303);
    let held = send(&test, work(5, "2026-11-20T13:00:00Z")).await;

    let page = me.page("/me/timeline", "en").await;
    for text in [
        "Giver: The same piece of work was counted already on 20 Nov 2026: “Work 1.”.",
        "Another piece of work counts.",
        "It counts once somebody else accepts it where you made it.",
        "Taken back: another person&#39;s",
        "If you think that is a mistake, tell those who run the program.",
        "It waits for somebody to look at it before it counts.",
        "There is nothing to do: you see here what comes of it.",
        "Square",
        &format!("id=\"{held}\""),
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert_eq!(page.matches("Counts</span>").count(), 1, "only the first counts: {page}");
    let japanese = me.page("/me/timeline", "ja").await;
    for text in ["別の対象への貢献は数えます。", "数える前に、担当者の確認を待っています。", "広場", "取消し"]
    {
        assert!(japanese.contains(text), "{text}: {japanese}");
    }
    let staff = admin.page(&format!("/admin/members/{member}/timeline"), "en").await;
    assert!(!staff.contains("Another piece of work counts."), "staff are not advised");

    // Once the track is reached the ledger is not read; what is told stays the same.
    let held = format!("/admin/quarantine/{}", contributions_held(&test).await);
    let csrf = admin.csrf("/admin/quarantine").await;
    assert_eq!(admin.post(&held, json!({"csrf": csrf, "step": "release", "reason": "", "why": ""})).await, 303);
    test.settle().await;
    let reached = me.page("/me/timeline", "en").await;
    assert!(reached.contains("counted already on 20 Nov 2026: “Work 1.”."), "{reached}");
}

/// The oldest contribution that waits for a person.
async fn contributions_held(test: &TestApp) -> String {
    test.texts("SELECT id FROM contribution WHERE state = 'held' ORDER BY id").await.remove(0)
}

async fn a_year_shows_its_own(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    // In Tokyo the second one lies in the new year.
    receive(
        &test,
        vec![work(1, "2024-12-31T14:59:59Z"), work(2, "2024-12-31T15:00:00Z"), work(3, "2026-11-20T09:00:00Z")],
    )
    .await;
    let me = Visitor::signed_in(&test, member).await;
    let all = me.page("/me/timeline", "en").await;
    assert_eq!(named(&all).0, [3, 2, 1], "the latest first");
    for (year, works) in [("2024", vec![1]), ("2025", vec![2]), ("2026", vec![3])] {
        assert!(all.contains(&format!("?year={year}\"")), "{year} can be chosen");
        assert_eq!(named(&me.page(&format!("/me/timeline?year={year}"), "en").await).0, works, "{year}");
    }
    assert!(me.page("/me/timeline?year=2019", "en").await.contains("There is nothing in this year."));
    for wrong in ["99999", "-1", "x"] {
        assert_eq!(me.get(&format!("/me/timeline?year={wrong}"), "en").await.status(), 404, "{wrong}");
    }
}

async fn what_is_kept_in_memory_follows_the_ledger(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let track = json!({
        "slug": "much", "kind": "milestone", "title": {"ja": "たくさん", "en": "Much"}, "criteria": {"ja": "たくさん", "en": "Much"},
        "requires": {"all": [{"id": "give", "contributions": {"types": ["change.merged"], "at_least": 1000}}]},
    });
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let own = issuer::default_issuer(ch.tx()).await.expect("read").expect("there");
    tracks::publish(&mut ch, own.id, &TrackDefinition::from_value(&track).expect("valid")).await.expect("published");
    ch.commit().await.expect("committed");
    let member = enrol(&test, "hikari").await;
    let key = test.api_key(Role::Admin).await;
    let have = async || {
        let url = test.url(&format!("/api/v1/members/{member}/progress"));
        let body: Value =
            test.http.get(url).bearer_auth(&key).send().await.expect("answered").json().await.expect("JSON");
        let much =
            body["data"].as_array().expect("a list").iter().find(|track| track["track"] == "much").expect("there");
        much["requirements"].as_array().expect("a list").iter().find(|n| n["id"] == "give").expect("there")["have"]
            .clone()
    };
    receive(&test, (0..210).map(|n| work(n, "2026-11-20T09:00:00Z")).collect()).await;
    assert_eq!((have().await, have().await), (json!(210), json!(210)));
    let one = send(&test, work(210, "2026-11-20T09:00:00Z")).await;
    assert_eq!(have().await, json!(211), "what came is seen at once");
    let url = test.url(&format!("/api/v1/contributions/{one}/void"));
    let voided =
        test.http.post(url).bearer_auth(&key).json(&json!({"reason": "taken back"})).send().await.expect("answered");
    assert_eq!((voided.status().as_u16(), have().await), (200, json!(210)), "and what was taken back");
}

async fn a_page_is_read_from_an_index(store: Store) {
    if store != Store::Sqlite {
        return; // the other store plans by what the tables hold
    }
    let test = start(store).await;
    let page = "SELECT * FROM contribution WHERE member = 'm' AND happened_at <= 5 AND (happened_at < 5 OR id < 'c') \
                ORDER BY happened_at DESC, id DESC LIMIT 51";
    let plan = test.plan_of(page).await;
    assert!(plan.contains("ix_contribution_member_happened_at_id") && !plan.contains("TEMP B-TREE"), "{plan}");
    let types = test.plan_of("SELECT id FROM contribution WHERE type IN ('idea.shipped') AND happened_at <= 5").await;
    assert!(types.contains("ix_contribution_type_happened_at"), "{types}");
    let facts = test.plan_of("SELECT COUNT(member), COUNT(voided_by) FROM fact WHERE member = 'm'").await;
    assert!(facts.contains("COVERING INDEX ix_fact_member_happened_at_voided_by"), "{facts}");
}
