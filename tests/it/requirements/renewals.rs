//! Renewal by what was done in the term: from the old end, within its grace, by a higher credential, and what a void does to it.

use serde_json::{Value, json};
use time::Duration;
use waymark::clock::rfc3339;

use super::{Square, merged};
use crate::home::Visitor;
use crate::support::{Store, on_both};

on_both!(
    contributions_in_the_term_renew_it_from_the_old_end,
    whoever_renews_in_the_grace_loses_nothing_and_after_it_everything,
    a_higher_credential_renews_a_lower_one,
    a_void_of_what_renewed_opens_a_review
);

/// Earned by one merged change, good for twelve months, renewed by two in the term.
fn basics() -> Value {
    json!({
        "slug": "basics", "kind": "certification",
        "title": {"ja": "基礎", "en": "Basics"}, "criteria": {"ja": "貢献する", "en": "Give"},
        "requires": {"id": "give", "contributions": {"types": ["change.merged"], "at_least": 1}},
        "validity": {"months": 12},
        "renewal": {"by": [
            {"id": "again", "contributions": {"types": ["change.merged"], "at_least": 2}},
            {"id": "higher", "held": {"track": "expert"}},
        ], "grace_days": 30},
    })
}

fn expert() -> Value {
    json!({
        "slug": "expert", "kind": "certification",
        "title": {"ja": "上級", "en": "Expert"}, "criteria": {"ja": "話す", "en": "Give a talk"},
        "requires": {"id": "talk", "contributions": {"types": ["talk.given"], "at_least": 1}},
    })
}

/// So many days after the beginning of the test; answers the moment.
async fn give(square: &Square, id: &str, days: i64) -> String {
    let begin = crate::support::beginning();
    let at = begin + Duration::days(days);
    square.test.clock.advance(at - square.test.app.db.now());
    let kept = square.send(&[merged(id, "hikari", &rfc3339(at), &json!({}))]).await;
    kept[0].clone().expect("a contribution")
}

/// The ends of the terms held, by term.
async fn ends(square: &Square) -> Vec<(u32, String)> {
    let mut all: Vec<(u32, String)> =
        square.credentials().await.iter().filter_map(|known| Some((known.term, rfc3339(known.valid_until?)))).collect();
    all.sort();
    all
}

async fn contributions_in_the_term_renew_it_from_the_old_end(store: Store) {
    let square = Square::start(store, &[basics(), expert()]).await;
    give(&square, "e-1", 0).await;
    assert_eq!(ends(&square).await, [(1, "2027-11-21T14:59:59Z".to_owned())]);
    let path = format!("/api/v1/members/{}/progress", square.member);
    let renewal = square.get(&path).await["data"][0]["renewal"].clone();
    assert_eq!(
        (&renewal["state"], &renewal["until"]),
        (&json!("not_started"), &json!("2027-11-21T15:00:00Z")),
        "{renewal}"
    );
    assert_eq!(renewal["renewable_until"], "2027-12-21T15:00:00Z");
    let me = Visitor::signed_in(&square.test, square.member).await;
    let page = me.page("/me", "en").await;
    for text in [
        "It holds until 21 Nov 2027. A renewal goes on from that day. It can still be renewed until 21 Dec 2027.",
        "2 more: a merged change.",
        "id=\"basics-renewal-again\"",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(me.page("/me", "ja").await.contains("有効期限は2027年11月21日です。更新すると、その日から続きます。"));

    give(&square, "e-2", 10).await;
    let renewal = square.get(&path).await["data"][0]["renewal"].clone();
    assert_eq!(
        (&renewal["state"], &renewal["requirements"][1]["have"]),
        (&json!("in_progress"), &json!(1)),
        "{renewal}"
    );
    give(&square, "e-3", 20).await;
    let renewed = [(1, "2027-11-21T14:59:59Z".to_owned()), (2, "2028-11-21T14:59:59Z".to_owned())];
    assert_eq!(ends(&square).await, renewed, "the new end counts from the old one");
    // A busy first month does not renew the next term, too.
    give(&square, "e-4", 30).await;
    give(&square, "e-5", 40).await;
    assert_eq!(ends(&square).await, renewed);
    square.test.settle().await;
    square.assert_replayed().await;
    assert_eq!(square.test.count("SELECT COUNT(*) FROM decision WHERE renews IS NOT NULL").await, 1);
    let earned = &square.progress_of(square.member).await[0];
    assert_eq!(earned.decided.as_ref().map(|decided| decided.term), Some(1), "what earned it is still what earned it");

    // In the second term, two more do.
    give(&square, "e-6", 400).await;
    give(&square, "e-7", 410).await;
    let third = ends(&square).await.pop().expect("three terms");
    assert_eq!(third, (3, "2029-11-21T14:59:59Z".to_owned()));
}

async fn whoever_renews_in_the_grace_loses_nothing_and_after_it_everything(store: Store) {
    let square = Square::start(store, &[basics(), expert()]).await;
    give(&square, "e-1", 0).await;
    give(&square, "e-2", 300).await;
    give(&square, "e-3", 365 + 29).await;
    assert_eq!(ends(&square).await.pop().expect("renewed"), (2, "2028-11-21T14:59:59Z".to_owned()));
    // The second term runs out without anything in it; what comes after its grace renews nothing.
    give(&square, "e-4", 366 + 365 + 31).await;
    give(&square, "e-5", 366 + 365 + 32).await;
    assert_eq!(ends(&square).await.len(), 2);
    let progress = square.progress_of(square.member).await;
    assert!(progress[0].renewal.is_none(), "there is nothing to renew any more");
}

async fn a_higher_credential_renews_a_lower_one(store: Store) {
    let square = Square::start(store, &[basics(), expert()]).await;
    give(&square, "e-1", 0).await;
    square.test.clock.advance(Duration::days(100));
    let mut talk = merged("t-1", "hikari", "2027-02-20T09:00:00Z", &json!({}));
    talk["type"] = json!("talk.given");
    square.send(&[talk]).await;
    assert_eq!(square.credentials().await.len(), 3, "the higher one, and the lower one twice");
    assert_eq!(ends(&square).await.pop().expect("renewed"), (2, "2028-11-21T14:59:59Z".to_owned()));
}

async fn a_void_of_what_renewed_opens_a_review(store: Store) {
    let square = Square::start(store, &[basics(), expert()]).await;
    give(&square, "e-1", 0).await;
    give(&square, "e-2", 10).await;
    let last = give(&square, "e-3", 20).await;
    let before = square.credentials().await;
    assert_eq!(before.len(), 2);
    let path = format!("/api/v1/contributions/{last}/void");
    assert_eq!(square.post(&path, &json!({"reason": "spam"})).await.0, 200);
    square.test.settle().await;
    assert_eq!(square.credentials().await, before, "what was released stays as it is");
    let reviews = square.get("/api/v1/reviews").await;
    let [review] = &reviews["data"].as_array().expect("a list")[..] else { panic!("one review: {reviews}") };
    let second = before.iter().find(|known| known.term == 2).expect("renewed");
    assert_eq!((&review["change"], &review["credential"]), (&json!("undone"), &json!(second.id)), "{review}");
    square.assert_replayed().await;
}
