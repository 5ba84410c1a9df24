//! Points follow the ledger; a rank keeps its date and its ladder; nobody else sees them until the member shows them.

use reqwest::Method;
use serde_json::{Value, json};
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::clock::{parse_rfc3339, rfc3339};
use waymark::database::Kind;
use waymark::facts::{self, NewFact};
use waymark::ids::MemberId;
use waymark::ranks::{self, LadderDefinition, OnLadder};
use waymark::web::i18n::Locale;
use waymark_criteria::{Amount, Detail};

use crate::exam_forms::browser::controls;
use crate::item_bank::{Desk, person};
use crate::openapi::Caller;
use crate::planning::{call, furnish, giver};
use crate::support::{Store, TestApp, on_both};

on_both!(
    points_follow_the_ledger_and_a_void_moves_them_back,
    a_rank_keeps_its_date_and_its_ladder_when_the_ladder_changes,
    counting_onwards_equals_counting_anew_in_any_order,
    ranks_are_the_members_own_until_they_show_them,
    a_ladder_is_built_by_form_in_japanese
);

/// Ten points for a merged change; a rank at 10 and at 30, then one each 20.
pub fn guide() -> Value {
    json!({
        "slug": "guide", "title": {"ja": "森の道", "en": "Forest path"},
        "points": {"contributions": [{"type": "change.merged", "points": 10}]},
        "steps": [{"at": 10, "title": {"ja": "新芽", "en": "Sprout"}}, {"at": 30, "title": {"ja": "若木", "en": "Tree"}}],
        "beyond": {"every": 20, "title": {"ja": "森 {n}", "en": "Forest {n}"}},
    })
}

pub async fn publish(test: &TestApp, ladder: &Value) -> Option<i32> {
    let definition = LadderDefinition::from_value(ladder).expect("valid");
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let number = ranks::publish(&mut ch, &definition).await.expect("published");
    ch.commit().await.expect("committed");
    test.settle().await;
    number
}

/// Records a merged change of a day in May without letting the worker hear of it.
pub async fn give(test: &TestApp, member: MemberId, day: u8) {
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let fact = NewFact {
        member,
        happened_at: parse_rfc3339(&format!("2026-05-{day:02}T09:00:00Z")).expect("a time"),
        object: None,
        giver: None,
        amount: Amount::ONE,
        detail: serde_json::from_value::<Detail>(json!({"kind": "contribution", "type": "change.merged"}))
            .expect("read"),
        origin: format!("test:{member}:{day}"),
    };
    facts::record(&mut ch, fact).await.expect("recorded");
    ch.commit().await.expect("committed");
}

async fn take_back(test: &TestApp, member: MemberId, day: u8) {
    let origin = format!("test:{member}:{day}");
    let fact = facts::by_origin(test.app.db.read(), &origin).await.expect("read").expect("there");
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    facts::void(&mut ch, fact, "a test").await.expect("voided");
    ch.commit().await.expect("committed");
}

pub async fn standing(test: &TestApp, member: MemberId) -> OnLadder {
    ranks::of_member(test.app.db.read(), member).await.expect("read").remove(0)
}

/// The ranks that stand, the first one reached first: name, day, version.
fn held(on: &OnLadder) -> Vec<(String, String, i32)> {
    let standing = on.history.iter().rev().filter(|rank| rank.gone_at.is_none());
    standing.map(|rank| (rank.titles["en"].clone(), rfc3339(rank.reached_at)[..10].to_owned(), rank.version)).collect()
}

fn line(name: &str, day: u8, version: i32) -> (String, String, i32) {
    (name.to_owned(), format!("2026-05-{day:02}"), version)
}

pub async fn sound(test: &TestApp) {
    let replayed = ranks::replay(test.app.db.read()).await.expect("replayed");
    assert!(replayed.differing.is_empty(), "{replayed:?}");
}

async fn points_follow_the_ledger_and_a_void_moves_them_back(store: Store) {
    let test = TestApp::start(store).await;
    furnish(&test).await;
    assert_eq!(publish(&test, &guide()).await, Some(1));
    let member = giver(&test, "hikari", Locale::Ja, &[3, 9, 15, 20, 25]).await;
    let on = standing(&test, member).await;
    assert_eq!((on.points, on.rank.as_ref().map(|rank| rank.titles["ja"].as_str())), (50, Some("森 1")));
    let next = on.next.as_ref().expect("ranks go on");
    assert_eq!((next.titles["en"].as_str(), next.at, next.missing), ("Forest 2", 70, 20));
    assert_eq!(held(&on), [line("Sprout", 3, 1), line("Tree", 15, 1), line("Forest 1", 25, 1)]);

    take_back(&test, member, 15).await;
    test.settle().await;
    let on = standing(&test, member).await;
    assert_eq!(on.points, 40);
    assert_eq!(held(&on), [line("Sprout", 3, 1), line("Tree", 20, 1)], "the later fact reached it, then");
    let gone: Vec<&str> =
        on.history.iter().filter(|rank| rank.gone_at.is_some()).map(|rank| rank.titles["en"].as_str()).collect();
    assert_eq!(gone, ["Forest 1", "Tree"], "what had stood is told of");

    // What comes late counts from when it happened; what comes twice counts once.
    give(&test, member, 1).await;
    give(&test, member, 1).await;
    test.settle().await;
    let on = standing(&test, member).await;
    assert_eq!(on.points, 50);
    assert_eq!(held(&on), [line("Sprout", 1, 1), line("Tree", 9, 1), line("Forest 1", 25, 1)]);
    sound(&test).await;

    for (damage, repair) in [
        ("UPDATE ladder_climb SET points = points + 1", "UPDATE ladder_climb SET points = points - 1"),
        (
            "UPDATE rank_reached SET reached_at = reached_at + 1 WHERE stands IS NOT NULL",
            "UPDATE rank_reached SET reached_at = reached_at - 1 WHERE stands IS NOT NULL",
        ),
        ("UPDATE rank_reached SET stands = NULL", "SELECT 1"),
    ] {
        sound(&test).await;
        test.run_sql(damage).await;
        let replayed = ranks::replay(test.app.db.read()).await.expect("replayed");
        assert_eq!(replayed.differing.len(), 1, "{damage}: {replayed:?}");
        test.run_sql(repair).await;
    }
}

async fn a_rank_keeps_its_date_and_its_ladder_when_the_ladder_changes(store: Store) {
    let test = TestApp::start(store).await;
    furnish(&test).await;
    publish(&test, &guide()).await;
    let member = giver(&test, "hikari", Locale::Ja, &[3, 9, 15]).await;
    let harder = json!({
        "slug": "guide", "title": {"ja": "森の道", "en": "Forest path"},
        "points": {"contributions": [{"type": "change.merged", "points": 10}]},
        "steps": [
            {"at": 20, "title": {"ja": "新芽", "en": "Sprout"}}, {"at": 25, "title": {"ja": "低木", "en": "Shrub"}},
            {"at": 100, "title": {"ja": "若木", "en": "Tree"}}, {"at": 200, "title": {"ja": "大樹", "en": "Great tree"}},
        ],
    });
    assert_eq!(publish(&test, &harder).await, Some(2));
    assert_eq!(publish(&test, &harder).await, None, "the same again is no version");
    let on = standing(&test, member).await;
    assert_eq!(held(&on), [line("Sprout", 3, 1), line("Tree", 15, 1), line("Shrub", 15, 2)]);
    let rank = on.rank.as_ref().expect("a rank");
    assert_eq!((rank.titles["en"].as_str(), rank.version, rank.points), ("Tree", 1, 30), "nobody is moved down");
    assert_eq!(on.next.as_ref().map(|next| (next.at, next.missing)), Some((200, 170)));

    // Others are counted by the ladder of today.
    let late = giver(&test, "akira", Locale::En, &[4, 10, 16]).await;
    assert_eq!(held(&standing(&test, late).await), [line("Sprout", 10, 2), line("Shrub", 16, 2)]);
    // Only facts take back what was reached by an earlier version, by that version.
    take_back(&test, member, 9).await;
    test.settle().await;
    let on = standing(&test, member).await;
    assert_eq!((on.points, held(&on)), (20, vec![line("Sprout", 3, 1)]));
    sound(&test).await;
}

async fn counting_onwards_equals_counting_anew_in_any_order(store: Store) {
    let test = TestApp::start(store).await;
    furnish(&test).await;
    publish(&test, &guide()).await;
    // A small generator: the orders are the same in every run.
    let mut seed: u64 = 20_261_122;
    let mut draw = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("fits") % below
    };
    let mut ends = vec![];
    for name in ["aoi", "beniko", "chihiro"] {
        let member = giver(&test, name, Locale::Ja, &[]).await;
        let mut days: Vec<u8> = (1..=14).collect();
        while !days.is_empty() {
            let day = days.remove(draw(days.len()));
            give(&test, member, day).await;
            if day.is_multiple_of(4) {
                take_back(&test, member, day).await;
            }
            // Some are heard one by one, some many at once.
            if draw(3) == 0 {
                test.settle().await;
                sound(&test).await;
            }
        }
        test.settle().await;
        let on = standing(&test, member).await;
        ends.push((on.points, held(&on)));
    }
    sound(&test).await;
    assert_eq!(ends[0].0, 110, "fourteen, three of them taken back");
    assert!(ends.iter().all(|end| *end == ends[0]), "{ends:?}");
}

async fn ranks_are_the_members_own_until_they_show_them(store: Store) {
    let test = TestApp::start(store).await;
    furnish(&test).await;
    publish(&test, &guide()).await;
    let desk = desk(test).await;
    let (me, other) = (&desk.author, &desk.auditor);
    give(&desk.test, me.id, 3).await;
    desk.test.settle().await;
    let page = desk.get(me, "/me?lang=en").await;
    assert!(page.text.contains("Sprout") && page.text.contains("20 more points to “Tree”"), "{}", page.text);
    let page = desk.get(me, "/me/ranks?lang=en").await;
    assert!(page.text.contains("Nobody but you") && page.text.contains("<time>"), "{}", page.text);

    let path = format!("/api/v1/members/{}/ranks", me.id);
    let none = Value::Null;
    let own = desk.call(me, Method::GET, &path, None, &none).await;
    assert_eq!((own.status, own.json()["shown"].clone()), (200, json!(false)), "{}", own.text);
    assert_eq!(own.json()["data"][0]["rank"]["reached_at"], "2026-05-03T09:00:00Z");
    assert_eq!(
        desk.call(other, Method::GET, &path, None, &none).await.status,
        404,
        "to others there is no such member"
    );
    let key = desk.test.api_key(Role::Auditor).await;
    assert_eq!(call(&desk.test, &key, Method::GET, &path, None, None).await.0, 200);
    let key = desk.test.api_key(Role::Examiner).await;
    assert_eq!(call(&desk.test, &key, Method::GET, &path, None, None).await.0, 403);
    let staff = format!("/admin/members/{}/ranks?lang=en", me.id);
    assert_eq!(desk.get(other, &staff).await.status, 403);

    const PREVIEW: &str = "/me/profile/preview?lang=en";
    assert!(!desk.get(me, PREVIEW).await.text.contains("Sprout"), "hidden until it is shown");
    assert_eq!(desk.post(me, "/me/ranks", &[("shown", "perhaps")]).await.status, 400);
    for _ in 0..2 {
        assert_eq!(desk.post(me, "/me/ranks", &[("shown", "yes")]).await.status, 303);
    }
    let shown = desk.get(me, PREVIEW).await.text;
    assert!(shown.contains("Sprout") && shown.contains("no proof of skill"), "{shown}");
    assert_eq!(desk.post(me, "/me/ranks", &[("shown", "no")]).await.status, 303);
    assert!(!desk.get(me, PREVIEW).await.text.contains("Sprout"));
}

/// One who writes ladders, one who issues, one member.
async fn desk(test: TestApp) -> Desk {
    let author = person(&test, "designer@guild.example", "設計 あおい", &[Role::Admin]).await;
    let reviewer = person(&test, "issuer@guild.example", "発行 みどり", &[Role::Issuer]).await;
    let auditor = person(&test, "member@guild.example", "会員 あか", &[]).await;
    Desk { test, author, reviewer, auditor }
}

async fn a_ladder_is_built_by_form_in_japanese(store: Store) {
    let test = TestApp::start(store).await;
    furnish(&test).await;
    let member = giver(&test, "hikari", Locale::Ja, &[3, 9]).await;
    let desk = desk(test).await;
    let who = &desk.author;
    const NEW: &str = "/admin/ladders/new";
    let empty = desk.get(who, "/admin/ladders?lang=ja").await.text;
    assert!(empty.contains("ランク表はまだありません"), "{empty}");
    let blank = desk.get(who, "/admin/ladders/new?lang=ja").await;
    let mut form = controls(&blank.text, NEW);
    for (name, value) in [
        ("/slug", "guide"),
        ("/title/ja", "森の道"),
        ("/points/contributions/1/type", "change.merged"),
        ("/points/contributions/1/points", "１０"),
        ("/steps/0/at", "10"),
        ("/steps/2/at", "5"),
        ("/steps/2/title/ja", "若木"),
    ] {
        form.insert(name.to_owned(), value.to_owned());
    }
    let press = async |path: &str, form: &std::collections::BTreeMap<String, String>, step: &str| {
        let mut pairs: Vec<(&str, &str)> = form
            .iter()
            .filter(|(name, _)| *name != "csrf")
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        pairs.push(("step", step));
        desk.post(who, path, &pairs).await
    };
    let wrong = press("/admin/ladders/new?lang=ja", &form, "publish").await;
    assert_eq!(wrong.status, 422, "{}", wrong.text);
    for (field, label) in
        [("/steps/0/title/ja", "ランク 1の名前（日本語）"), ("/steps/1/at", "ランク 2の必要なポイント")]
    {
        let link = format!("<a href=\"#{field}\">{label}</a>");
        assert!(
            wrong.text.contains(&link) && wrong.text.contains(&format!("id=\"{field}\"")),
            "{field}: {}",
            wrong.text
        );
    }
    let mut form = controls(&wrong.text, NEW);
    assert_eq!(form["/points/contributions/0/points"], "10", "empty rows are gone, full-width digits are read");
    form.insert("/steps/0/title/ja".to_owned(), "新芽".to_owned());
    form.insert("/steps/1/at".to_owned(), "30".to_owned());
    let more = press("/admin/ladders/new?lang=ja", &form, "more").await;
    assert!(more.text.contains("name=\"/steps/5/at\"") && more.text.contains("value=\"新芽\""), "{}", more.text);
    let tried = press("/admin/ladders/new?lang=ja", &form, "preview").await;
    assert!(tried.text.contains("hikari") && tried.text.contains("記録のあるメンバー 1 人"), "{}", tried.text);
    assert_eq!(desk.test.count("SELECT COUNT(*) FROM ladder").await, 0, "a preview publishes nothing");
    let done = press(NEW, &form, "publish").await;
    assert_eq!((done.status, done.location.as_str()), (303, "/admin/ladders/guide?done=published"), "{}", done.text);
    assert_eq!(press(NEW, &form, "publish").await.status, 409, "the name is taken");
    desk.test.settle().await;
    assert_eq!(standing(&desk.test, member).await.points, 20, "what was given before counts");
    assert!(desk.test.audit_actions().await.contains(&"ladder.publish".to_owned()));

    const GUIDE: &str = "/admin/ladders/guide";
    let opened = controls(&desk.get(who, GUIDE).await.text, GUIDE);
    let mut changed = opened.clone();
    changed.insert("/beyond/every".to_owned(), "20".to_owned());
    changed.insert("/beyond/title/ja".to_owned(), "森 {n}".to_owned());
    assert_eq!(press(GUIDE, &opened, "publish").await.location, "/admin/ladders/guide?done=same");
    assert_eq!(press(GUIDE, &changed, "publish").await.location, "/admin/ladders/guide?done=published");
    assert_eq!(press(GUIDE, &changed, "publish").await.status, 409, "somebody who saw another version");
    let known = ranks::find(desk.test.app.db.read(), "guide").await.expect("read").expect("there");
    assert_eq!((known.number, known.definition.title_of(4).map(|t| t["ja"].clone())), (2, Some("森 2".to_owned())));

    let mut mistyped = controls(&desk.get(who, GUIDE).await.text, GUIDE);
    let hint = "種類「talks」の貢献を送る送信元がない";
    assert!(!press("/admin/ladders/guide?lang=ja", &mistyped, "preview").await.text.contains(hint));
    mistyped.insert("/points/contributions/0/type".to_owned(), "talks".to_owned());
    let told = press("/admin/ladders/guide?lang=ja", &mistyped, "preview").await.text;
    assert!(told.contains(hint), "{told}");

    assert_eq!(desk.get(&desk.reviewer, "/admin/ladders").await.status, 200);
    assert_eq!(desk.get(&desk.reviewer, NEW).await.status, 403);
    assert_eq!(desk.get(&desk.reviewer, GUIDE).await.status, 403);
    assert_eq!(desk.post(&desk.reviewer, GUIDE, &[("step", "publish")]).await.status, 403);
    assert_eq!(desk.post(&desk.reviewer, NEW, &[("step", "publish")]).await.status, 403);
    assert_eq!(desk.get(&desk.auditor, "/admin/ladders").await.status, 403);
    // What files write is shown, and left to them.
    publish(&desk.test, &guide()).await;
    let locked = desk.get(who, "/admin/ladders/guide?lang=ja").await.text;
    assert!(locked.contains("ファイルで管理") && !locked.contains("name=\"/title/ja\""), "{locked}");
    assert_eq!(press(GUIDE, &changed, "publish").await.status, 409);
    assert_eq!(desk.get(who, "/admin/ladders/nobody").await.status, 404);
}

/// Every call of this room, held against its description.
pub async fn every_call(api: &mut Caller<'_>, admin: &str, member: &str) {
    publish(api.test, &guide()).await;
    let id: MemberId = member.parse().expect("an id");
    give(api.test, id, 3).await;
    api.test.settle().await;
    let (get, none) = (Method::GET, Value::Null);
    let listed = api.call("", get.clone(), "/api/v1/ladders", &[], none.clone(), 200).await;
    assert_eq!(listed["data"][0]["slug"], "guide");
    let ranks = api.call(admin, get.clone(), "/api/v1/members/{id}/ranks", &[member], none.clone(), 200).await;
    assert!(ranks["data"][0]["points"].as_u64() >= Some(10), "{ranks}");
    api.call("", get, "/api/v1/members/{id}/ranks", &[member], none, 401).await;
}
