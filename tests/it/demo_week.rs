//! The demo as `demo/README.md` tells it: twelve people with a past, and a recorded week in which two of them reach something.

use std::collections::BTreeMap;

use serde_json::json;
use waymark::actor::Actor;
use waymark::cli::demo::recorded_week;
use waymark::clock::rfc3339;
use waymark::config::DidMethod;
use waymark::contributions::{self, Envelope, Outcome, Speaker};
use waymark::credentials::{self, Visibility};
use waymark::database::Kind;
use waymark::facts::{self, NewFact};
use waymark::ids::MemberId;
use waymark::{decisions, demo, members};
use waymark_criteria::{Amount, Detail, NodeState, Why};

use crate::people::Person;
use crate::support::{Store, TestApp, on_both};

on_both!(
    the_week_ends_as_the_story_says,
    what_the_cast_holds_is_in_their_hands,
    what_others_decide_or_say_is_nobodys_next_step
);

struct Demo {
    test: TestApp,
}

impl Demo {
    async fn start(store: Store) -> Self {
        let test = TestApp::start_with(store, |config| config.issuer.did_method = DidMethod::Key).await;
        let entropy = test.app.db.entropy.clone();
        demo::load(&test.app.config, test.app.db.now(), entropy).await.expect("the demo loads");
        Self { test }
    }

    async fn member(&self, handle: &str) -> MemberId {
        members::by_handle(self.test.app.db.read(), handle).await.expect("read").expect("one of the cast")
    }

    /// Slugs of the tracks for which each member holds a credential, whatever its state.
    async fn shelves(&self) -> BTreeMap<String, Vec<String>> {
        let db = self.test.app.db.read();
        let mut shelves = BTreeMap::new();
        for member in members::list(db, None, 100).await.expect("read") {
            let mut slugs = vec![];
            for credential in credentials::of_member(db, member.id).await.expect("read") {
                let version = waymark::tracks::version(db, credential.track_version).await.expect("there");
                slugs.push(version.definition.slug);
            }
            slugs.sort();
            shelves.insert(members::handles_of(db, member.id).await.expect("read").remove(0), slugs);
        }
        shelves
    }

    async fn requirement(&self, handle: &str, track: &str, node: &str) -> waymark_criteria::Explained {
        let db = self.test.app.db.read();
        let member = self.member(handle).await;
        let all = decisions::progress_of(db, member, self.test.app.db.now()).await.expect("read");
        let progress = all.into_iter().find(|p| p.version.definition.slug == track).expect("published");
        progress.decision.nodes.into_iter().find(|e| e.node.as_str() == node).expect("a requirement")
    }

    async fn pass_the_exam(&self, handle: &str) {
        let member = self.member(handle).await;
        let mut ch = self.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let detail =
            Detail::Exam { slug: "foundations-exam".to_owned(), passed: true, score: None, delivered_by: None };
        let fact = NewFact {
            member,
            happened_at: ch.now,
            object: None,
            giver: None,
            amount: Amount::ONE,
            detail,
            origin: "test:exam".to_owned(),
        };
        facts::record(&mut ch, fact).await.expect("recorded");
        ch.commit().await.expect("committed");
        self.test.settle().await;
    }
}

async fn the_week_ends_as_the_story_says(store: Store) {
    let demo = Demo::start(store).await;
    let test = &demo.test;
    let before = demo.shelves().await;
    assert_eq!((before.len(), before["hikari"].len(), before["hamasaki"].len()), (12, 0, 3));
    demo.pass_the_exam("hikari").await;

    let now = test.app.db.now();
    let week = recorded_week(now);
    assert_eq!(week.last().expect("events")["time"], rfc3339(now));
    let speaker = Speaker::Only(Some("https://community.example/demo".to_owned()));
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let last = week.len() - 1;
    for (n, event) in week.into_iter().enumerate() {
        if n == last {
            let give = demo.requirement("hikari", "foundations", "give").await;
            assert_eq!((give.state, give.have), (NodeState::InProgress, Amount::from(2)));
        }
        let read = vec![Envelope::structured(event)];
        let receipts = contributions::receive_all(&test.app.db, Actor::Operator, &speaker, read).await.expect("taken");
        for receipt in receipts.into_iter().filter(|r| r.outcome != Outcome::Accepted) {
            let outcome = json!(receipt.outcome).as_str().expect("a word").to_owned();
            seen.entry(outcome).or_default().push(receipt.id.expect("each has an id"));
        }
        test.settle().await;
    }
    let expected = BTreeMap::from([
        ("duplicate".to_owned(), vec!["2026-w46-013".to_owned(), "2026-w46-020".to_owned()]),
        ("held".to_owned(), vec!["2026-w46-026".to_owned()]),
        ("rejected".to_owned(), vec!["2026-w46-037".to_owned()]),
    ]);
    assert_eq!(seen, expected);

    let mut after = before;
    after.get_mut("hikari").expect("one of the cast").push("foundations".to_owned());
    after.get_mut("fujishiro").expect("one of the cast").push("contributor".to_owned());
    assert_eq!(demo.shelves().await, after, "these two reach something, nobody else does");

    for handle in ["fujishiro", "hamasaki", "tamaki", "ingrid"] {
        let thanked = demo.requirement(handle, "thanked", "three").await;
        assert_eq!((thanked.state, thanked.have), (NodeState::InProgress, Amount::ONE), "{handle} was thanked once");
    }
    let give = demo.requirement("hikari", "foundations", "give").await;
    assert_eq!(give.met_at, Some(now), "the last event completes it");
    assert_eq!(give.uncounted.len(), 1);
    assert!(matches!(give.uncounted[0].why, Why::SameObject { .. }), "{:?}", give.uncounted);
    let member = demo.member("hikari").await;
    let shelf = credentials::of_member(test.app.db.read(), member).await.expect("read");
    assert_eq!((shelf[0].visibility, shelf[0].awarded_at), (Visibility::Private, now));
}

async fn what_the_cast_holds_is_in_their_hands(store: Store) {
    let demo = Demo::start(store).await;
    let db = demo.test.app.db.read();
    for member in members::list(db, None, 100).await.expect("read") {
        assert!(members::is_claimed(db, member.id).await.expect("read"), "{} can sign in", member.name);
    }
}

async fn what_others_decide_or_say_is_nobodys_next_step(store: Store) {
    let demo = Demo::start(store).await;
    // One act of two other people would give the title: fewer than anything else.
    for handle in ["hikari", "genzo"] {
        let person = Person::signed_in(&demo.test, demo.member(handle).await).await;
        for language in ["en", "ja"] {
            let html = person.page("/me", language).await;
            let (_, next) = html.split_once("card--next").expect("there is a next track");
            let (next, _) = next.split_once("</section>").expect("closed");
            assert!(next.contains("#track-foundations"), "{handle}: {next}");
            assert!(html.contains("/p/watch-captain") && html.contains("/p/thanked"), "both are among the tracks");
        }
    }
}
