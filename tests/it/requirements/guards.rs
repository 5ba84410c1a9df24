//! Guards that need more than one member, or time.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use time::Duration;
use waymark::access::Role;
use waymark::contributions;
use waymark_criteria::Outcome;

use super::{Square, merged, track};
use crate::contributions::enrol;
use crate::home::Visitor;
use crate::support::{Store, on_both};

on_both!(
    what_one_accepted_oneself_does_not_count,
    what_goes_both_ways_is_limited_and_the_giver_is_counted_anew,
    what_is_held_counts_by_itself_when_its_days_are_over,
    what_is_dated_back_is_held_from_when_it_came,
    whoever_is_no_member_gives_no_more_than_a_member,
    nobody_can_try_a_list_against_the_name_of_a_giver,
    what_is_asked_and_what_is_missing_stand_in_words
);

async fn what_one_accepted_oneself_does_not_count(store: Store) {
    let asked = json!({"types": ["change.merged"], "at_least": 3, "accepted": "peer"});
    let square = Square::start(store, &[track("giver", &asked)]).await;
    enrol(&square.test, "aoi").await;
    square
        .send(&[
            merged("e-1", "hikari", "2026-11-10T09:00:00Z", &json!({"giver": "handle:hikari"})),
            merged("e-2", "hikari", "2026-11-11T09:00:00Z", &json!({"giver": "handle:aoi"})),
            merged("e-3", "hikari", "2026-11-12T09:00:00Z", &json!({})),
        ])
        .await;
    assert_eq!(square.reasons(square.member).await, ["own_action", "not_accepted"]);
    let me = Visitor::signed_in(&square.test, square.member).await;
    let page = me.page("/me", "en").await;
    assert!(page.contains("Done to your own work.") && page.contains("Nobody else has accepted it."), "{page}");
}

async fn what_goes_both_ways_is_limited_and_the_giver_is_counted_anew(store: Store) {
    let asked = json!({"types": ["change.merged"], "at_least": 3, "reciprocal": 1});
    let square = Square::start(store, &[track("giver", &asked)]).await;
    let aoi = enrol(&square.test, "aoi").await;
    let to_hikari = |n: u32, day: u32| {
        let at = format!("2026-11-{day:02}T09:00:00Z");
        merged(&format!("h-{n}"), "hikari", &at, &json!({"giver": "handle:aoi"}))
    };
    let to_aoi = |n: u32, day: u32| {
        let at = format!("2026-11-{day:02}T09:00:00Z");
        merged(&format!("a-{n}"), "aoi", &at, &json!({"giver": "handle:hikari"}))
    };
    square.send(&[to_hikari(1, 1), to_hikari(2, 3), to_hikari(3, 5)]).await;
    let reached = square.progress_of(square.member).await;
    assert!(reached[0].decision.is_met(), "one who is helped three times is no ring");
    // What Hikari gave back becomes known later, and lies between: the decision no longer stands as it was.
    let kept = square.send(&[to_aoi(1, 2), to_aoi(2, 4)]).await;
    assert_eq!(square.reasons(square.member).await, ["over_reciprocal_cap"]);
    assert_eq!(square.reasons(aoi).await, ["over_reciprocal_cap"], "both are counted alike");
    assert!(!square.progress_of(square.member).await[0].decision.is_met());
    square.assert_replayed().await;
    let open = square.get("/api/v1/reviews").await;
    assert_eq!(open["data"][0]["change"], "undone", "the credential stays, and a person is asked: {open}");
    assert_eq!(square.credentials().await.len(), 1);

    let taken_back = kept[1].clone().expect("a contribution");
    let path = format!("/api/v1/contributions/{taken_back}/void");
    assert_eq!(square.post(&path, &json!({"reason": "sent twice"})).await.0, 200);
    square.test.settle().await;
    assert!(square.progress_of(square.member).await[0].decision.is_met(), "what was given and taken back is no return");
    square.assert_replayed().await;
}

async fn what_is_held_counts_by_itself_when_its_days_are_over(store: Store) {
    let asked = json!({"types": ["change.merged"], "at_least": 2, "hold_days": 7});
    let square = Square::start(store, &[track("giver", &asked)]).await;
    let mut sent = vec![];
    for (id, wait, at) in [
        ("e-1", Duration::ZERO, "2026-11-21T09:00:00Z"),
        ("e-2", Duration::days(1), "2026-11-22T09:00:00Z"),
        ("e-3", Duration::hours(1), "2026-11-22T10:00:00Z"),
    ] {
        square.test.clock.advance(wait);
        sent.extend(square.send(&[merged(id, "hikari", at, &json!({}))]).await);
    }
    let body = square.get(&format!("/api/v1/members/{}/progress", square.member)).await;
    let leaf = &body["data"][0]["requirements"][0];
    assert_eq!((&leaf["state"], &leaf["missing"]["at"]), (&json!("waiting"), &json!("2026-11-29T09:00:00Z")), "{leaf}");
    let me = Visitor::signed_in(&square.test, square.member).await;
    assert!(me.page("/me", "ja").await.contains("取り消されなければ、2026年11月28日から数えます。"));

    let spam = sent[1].clone().expect("a contribution");
    let path = format!("/api/v1/contributions/{spam}/void");
    assert_eq!(square.post(&path, &json!({"reason": "spam"})).await.0, 200);
    square.test.clock.advance(Duration::hours(6 * 24 + 23));
    waymark::decisions::wake_due(&square.test.app).await.expect("woken");
    square.test.settle().await;
    assert_eq!(square.credentials().await.len(), 0, "the third is held for an hour more");
    square.test.clock.advance(Duration::hours(1));
    waymark::decisions::wake_due(&square.test.app).await.expect("woken");
    square.test.settle().await;
    let decision = &square.progress_of(square.member).await[0].decision;
    let at = waymark::clock::parse_rfc3339("2026-11-29T10:00:00Z").expect("valid");
    assert_eq!(decision.outcome, Outcome::Met { at, term: 1 });
    assert_eq!(square.credentials().await.len(), 1);
}

async fn what_is_dated_back_is_held_from_when_it_came(store: Store) {
    let asked = json!({"types": ["change.merged"], "at_least": 1, "hold_days": 7});
    let square = Square::start(store, &[track("giver", &asked)]).await;
    square.send(&[merged("e-1", "hikari", "2026-09-01T09:00:00Z", &json!({}))]).await;
    assert_eq!(square.reasons(square.member).await, ["on_hold"]);
    square.assert_replayed().await;
    square.test.clock.advance(Duration::days(7));
    waymark::decisions::wake_due(&square.test.app).await.expect("woken");
    square.test.settle().await;
    let decision = &square.progress_of(square.member).await[0].decision;
    let at = waymark::clock::parse_rfc3339("2026-11-28T09:00:00Z").expect("valid");
    assert_eq!(decision.outcome, Outcome::Met { at, term: 1 });
    assert_eq!(square.credentials().await.len(), 1);
    square.assert_replayed().await;
}

async fn whoever_is_no_member_gives_no_more_than_a_member(store: Store) {
    let asked = json!({"types": ["change.merged"], "at_least": 5, "per_giver": 1, "reciprocal": 1});
    let square = Square::start(store, &[track("giver", &asked)]).await;
    let from = |n: u32, giver: &str| {
        let at = format!("2026-11-{n:02}T09:00:00Z");
        merged(&format!("e-{n}"), "hikari", &at, &json!({"giver": giver}))
    };
    square.send(&[1, 2, 3, 4, 5].map(|n| from(n, if n == 2 { "handle:GHOST" } else { "handle:ghost" }))).await;
    assert_eq!(square.reasons(square.member).await, ["over_giver_cap"; 4]);
    assert_eq!(square.credentials().await.len(), 0);
    square.send(&[from(6, "handle:other")]).await;
    assert_eq!(square.reasons(square.member).await, ["over_giver_cap"; 4], "another one is another one");
    let me = Visitor::signed_in(&square.test, square.member).await;
    me.page("/me", "en").await;
    square.assert_replayed().await;
    let documents = square.test.texts("SELECT document FROM fact").await;
    assert!(documents.iter().all(|fact| !fact.contains("ghost")), "who they are stands in no fact");
}

/// What facts call a giver who is no member is keyed with the server's secret; what was recorded before it was is keyed later, and is the same giver.
async fn nobody_can_try_a_list_against_the_name_of_a_giver(store: Store) {
    let asked = json!({"types": ["change.merged"], "at_least": 5, "per_giver": 1});
    let square = Square::start(store, &[track("giver", &asked)]).await;
    let from = |n: u32, giver: &str| {
        let at = format!("2026-11-{n:02}T09:00:00Z");
        merged(&format!("e-{n}"), "hikari", &at, &json!({"giver": giver}))
    };
    square.send(&[from(1, "handle:ghost"), from(2, "handle:other")]).await;
    let plain: String = Sha256::digest("handle:ghost").iter().take(16).map(|b| format!("{b:02x}")).collect();
    let names = async || -> Vec<String> {
        let facts =
            square.test.texts("SELECT document FROM fact WHERE kind = 'contribution' ORDER BY happened_at").await;
        let read = |text: &String| serde_json::from_str::<Value>(text).expect("JSON")["detail"]["stranger"].clone();
        facts.iter().map(|text| read(text).as_str().expect("a name").to_owned()).collect()
    };
    let keyed = names().await;
    assert!(keyed.iter().all(|name| name.starts_with("k:") && !name.contains(&plain)), "{keyed:?}");
    assert_ne!(keyed[0], keyed[1]);
    let hash = || square.test.texts("SELECT hash FROM fact WHERE kind = 'contribution' ORDER BY happened_at");
    let before = hash().await;

    let first = &keyed[0];
    let past = format!(
        "UPDATE fact SET document = REPLACE(document, '{first}', '{plain}'), hash = '' WHERE document LIKE '%{first}%'"
    );
    square.test.run_sql(&past).await;
    assert_eq!(names().await[0], plain);
    contributions::tend(&square.test.app).await.expect("tended");
    assert_eq!((names().await, hash().await), (keyed, before), "the same giver, and the fact is proved again");
    square.send(&[from(3, "handle:ghost")]).await;
    assert_eq!(square.reasons(square.member).await, ["over_giver_cap"]);
    square.assert_replayed().await;
}

async fn what_is_asked_and_what_is_missing_stand_in_words(store: Store) {
    let leaf = |id: &str, asked: Value| json!({"id": id, "contributions": asked});
    let types = json!(["change.merged", "talk.given"]);
    let mut all = track("giver", &json!({"types": types, "at_least": 1}));
    all["requires"] = json!({"all": [
        leaf("sum", json!({"types": types, "sum": 50, "window": {"calendar": "quarter"}, "hold_days": 7})),
        leaf("days", json!({"types": types, "active_days": 10, "window": {"since": "joining"}, "per_object": 2})),
        leaf("row", json!({"types": types, "streak": {"weeks": 4}, "accepted": "peer", "reciprocal": 2})),
        leaf("kinds", json!({"types": types, "at_least": 2, "distinct": "type", "window": {"since": {"award": "giver"}}})),
        leaf("places", json!({"types": types, "at_least": 2, "distinct": "source", "sources": [SOURCE_A, SOURCE_B], "own": true})),
        leaf("season", json!({"types": types, "at_least": 2, "window": {"since": {"event": "talk.given"}}})),
        {"id": "exam", "exam": {"slug": "basics", "score": {"percent": 80}}},
        {"id": "named", "panel": {"title": "giver"}},
    ]});
    let square = Square::start(store, &[all]).await;
    square.send(&[merged("e-1", "hikari", "2026-11-20T09:00:00Z", &json!({}))]).await;
    let me = Visitor::signed_in(&square.test, square.member).await;
    let staff = Visitor::staff(&square.test, Role::Admin).await;
    for (language, asked, missing) in [
        (
            "en",
            [
                "Contribute 50 in all",
                "Only contributions of the current quarter count. A contribution counts once it has stood for 7 days.",
                "Contribute on 10 different days",
                "Each piece of work counts 2 times at most.",
                "Contribute in 4 weeks in a row",
                "Someone else has to have accepted it.",
                "Contribute in 2 different ways",
                "Only what came after the latest award of “Giver” counts.",
                "Score at least 80 %",
            ],
            [
                "49 more: a merged change",
                "10 more days with a contribution",
                "4 more weeks, without a break",
                "Counting begins with the next of these: a talk.",
                "Take the exam and score at least 80 %.",
                "The title “Giver” is given by the people who decide on it.",
            ],
        ),
        (
            "ja",
            [
                "合わせて 50 の貢献をする",
                "今の四半期の貢献を数えます。7 日たって取り消されていないものを数えます。",
                "10 日、貢献をする",
                "同じ対象への貢献は 2 件まで数えます。",
                "4 週続けて貢献をする",
                "ほかの人に認められたものを数えます。",
                "2 種類の貢献をする",
                "「貢献」を最後に受けてからの貢献を数えます。",
                "80% 以上をとる",
            ],
            [
                "あと 49（取り込まれた変更",
                "貢献をする日が、あと 10 日",
                "続けてあと 4 週",
                "から数えはじめます。",
                "試験を受けて 80% 以上をとってください。",
                "称号「貢献」は、審査する人が決めます。",
            ],
        ),
    ] {
        let page = me.page("/p/giver", language).await;
        for text in asked {
            assert!(page.contains(text), "{language}: {text}: {page}");
        }
        let page = me.page("/me", language).await;
        for text in missing {
            assert!(page.contains(text), "{language}: {text}: {page}");
        }
        let page = staff.page(&format!("/admin/members/{}", square.member), language).await;
        assert!(
            page.contains(if language == "en" { "has not been reached yet" } else { "にまだ届いていません" }),
            "{page}"
        );
    }
}

const SOURCE_A: &str = "https://community.example";
const SOURCE_B: &str = "https://elsewhere.example";
