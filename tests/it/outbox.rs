//! The worker takes events many at a time: one that is poisoned, a worker that dies and a lease that runs out harm no other, and order is kept.

use std::future::{Future as _, poll_fn};
use std::task::Poll;

use sea_orm::ConnectionTrait as _;
use time::Duration;
use waymark::actor::Actor;
use waymark::database::{Kind, outbox};
use waymark::domain_event::DomainEvent;
use waymark::error::Code;
use waymark::ids::{self, MemberId};
use waymark::members;
use waymark::web::i18n::Locale;
use waymark::worker::{self, Batch};

use crate::support::{Store, TestApp, on_both};

on_both!(
    many_events_share_one_commit,
    a_poisoned_event_in_the_middle_stops_nobody_else,
    what_is_claimed_together_keeps_its_order,
    a_worker_that_dies_repeats_nothing_that_was_committed,
    what_another_worker_took_up_is_not_settled_twice
);

/// As long as one likes: the clock of a test stands still.
const PATIENT: Batch = Batch { most: 64, change: Duration::MINUTE, whole: Duration::MINUTE };

async fn tell(test: &TestApp, event: &DomainEvent) {
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    ch.tell(event).await.expect("told");
    ch.commit().await.expect("committed");
}

fn somebody(test: &TestApp) -> MemberId {
    ids::fresh(test.app.db.now(), test.app.db.entropy.as_ref())
}

/// Each tells of a member who joined, and joining is a fact.
async fn enrol(test: &TestApp, count: usize, prefix: &str) -> Vec<MemberId> {
    let mut members = vec![];
    for n in 0..count {
        let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let email = format!("{prefix}{n}@members.example");
        members.push(members::find_or_enrol(&mut ch, &email, "七瀬 ひかり", Locale::Ja).await.expect("enrolled").id);
        ch.commit().await.expect("committed");
    }
    members
}

/// Steps once, and answers how many changes were committed for it.
async fn commits(test: &TestApp, size: Batch) -> u64 {
    let before = test.app.db.commits();
    assert!(worker::step(&test.app, size).await.expect("the worker works"));
    test.app.db.commits() - before
}

async fn many_events_share_one_commit(store: Store) {
    let test = TestApp::start(store).await;
    let open = async || outbox::waiting(test.app.db.read()).await.expect("read").0;
    let told = async |count: u64| {
        for _ in 0..count {
            tell(&test, &DomainEvent::WakeUp { member: somebody(&test) }).await;
        }
        assert_eq!(open().await, count);
    };
    told(70).await;
    assert_eq!(commits(&test, PATIENT).await, 2, "one that claims, one that writes");
    assert_eq!(open().await, 6, "64 at a time");
    assert_eq!(commits(&test, PATIENT).await, 2);
    assert!(!worker::step(&test.app, PATIENT).await.expect("the worker works"), "nothing is left");
    // A change whose time is over takes no further event up, and a batch whose time is over gives the rest back.
    told(5).await;
    assert_eq!(commits(&test, Batch { change: Duration::ZERO, ..PATIENT }).await, 1 + 5);
    told(5).await;
    let hurried = Batch { change: Duration::ZERO, whole: Duration::ZERO, ..PATIENT };
    assert_eq!(commits(&test, hurried).await, 3, "claimed, written, given back");
    let as_before = "SELECT count(*) FROM outbox WHERE done_at IS NULL AND attempts = 0 AND due_at = told_at";
    assert_eq!(test.count(as_before).await, 4);
    assert_eq!(commits(&test, PATIENT).await, 2, "and it is at once there again");
    // One member's events are one walk through what is known of them.
    let member = somebody(&test);
    for _ in 0..5 {
        tell(&test, &DomainEvent::WakeUp { member }).await;
    }
    assert_eq!((commits(&test, PATIENT).await, open().await), (2, 0));
}

/// The store refuses every fact about the member, in the middle of whatever transaction that is.
async fn poison(test: &TestApp, store: Store, member: MemberId) {
    let trigger = match store {
        Store::Sqlite => format!(
            "CREATE TRIGGER poison BEFORE INSERT ON fact WHEN NEW.member = '{member}' BEGIN SELECT RAISE(ABORT, 'poisoned'); END"
        ),
        Store::Postgres => format!(
            "CREATE FUNCTION poison() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'poisoned'; END $$ LANGUAGE plpgsql; \
             CREATE TRIGGER poison BEFORE INSERT ON fact FOR EACH ROW WHEN (NEW.member = '{member}') EXECUTE FUNCTION poison()"
        ),
    };
    test.app.db.read().execute_unprepared(&trigger).await.expect("made");
}

async fn cure(test: &TestApp, store: Store) {
    let end = if store == Store::Sqlite { "DROP TRIGGER poison" } else { "DROP TRIGGER poison ON fact" };
    test.app.db.read().execute_unprepared(end).await.expect("dropped");
}

async fn a_poisoned_event_in_the_middle_stops_nobody_else(store: Store) {
    let test = TestApp::start(store).await;
    let members = enrol(&test, 7, "m").await;
    let (first, poisoned, unreadable) = (members[0], members[3], members[5]);
    // Something that is not done inside a shared change, and what comes behind the poisoned one.
    tell(&test, &DomainEvent::HandleLinked { member: first }).await;
    tell(&test, &DomainEvent::WakeUp { member: poisoned }).await;
    tell(&test, &DomainEvent::WakeUp { member: first }).await;
    poison(&test, store, poisoned).await;
    let damage = format!("UPDATE outbox SET event = '{{\"event\":\"of_tomorrow\"}}' WHERE member = '{unreadable}'");
    test.run_sql(&damage).await;
    assert!(worker::step(&test.app, PATIENT).await.expect("the worker works"));

    let done = "SELECT count(*) FROM outbox WHERE done_at IS NOT NULL AND attempts = 1 AND last_error IS NULL";
    assert_eq!(test.count(done).await, 5 + 2, "everybody else's, each at the first try");
    assert_eq!(test.count("SELECT count(*) FROM fact").await, 5);
    let now = waymark::clock::millis(test.app.db.now());
    let parked = format!(
        "SELECT last_error FROM outbox WHERE attempts = 1 AND done_at IS NULL AND due_at > {now} AND due_at < {now} + 2000 ORDER BY seq"
    );
    let parked = test.texts(&parked).await;
    assert_eq!(parked.len(), 2, "{parked:?}");
    assert!(parked[0].contains("poisoned") && parked[1].contains("cannot be read"), "{parked:?}");
    let behind =
        format!("SELECT count(*) FROM outbox WHERE member = '{poisoned}' AND attempts = 0 AND due_at <= {now}");
    assert_eq!(test.count(&behind).await, 1, "what is behind it was not begun");
    assert!(worker::step(&test.app, PATIENT).await.expect("the worker works"), "what the others tell goes on");
    assert_eq!(test.count(&behind).await, 1, "and it still waits");

    // They fail again, apart from those who came meanwhile, and are let alone for longer.
    enrol(&test, 3, "later").await;
    test.clock.advance(Duration::seconds(2));
    test.settle().await;
    assert_eq!(test.count("SELECT count(*) FROM outbox WHERE attempts = 2 AND done_at IS NULL").await, 2);
    assert_eq!(test.count("SELECT count(*) FROM fact").await, 8);

    cure(&test, store).await;
    let heal = format!(
        "UPDATE outbox SET event = '{{\"event\":\"member_enrolled\",\"member\":\"{unreadable}\"}}' WHERE member = '{unreadable}' AND done_at IS NULL"
    );
    test.run_sql(&heal).await;
    test.clock.advance(Duration::minutes(5));
    test.settle().await;
    assert_eq!(outbox::waiting(test.app.db.read()).await.expect("read").0, 0);
    assert_eq!(test.count("SELECT count(*) FROM fact").await, 10);
}

async fn what_is_claimed_together_keeps_its_order(store: Store) {
    let test = TestApp::start(store).await;
    let db = &test.app.db;
    let members = enrol(&test, 3, "m").await;
    for member in [members[2], members[0], members[2]] {
        tell(&test, &DomainEvent::WakeUp { member }).await;
    }
    tell(&test, &DomainEvent::TrackPublished { version: ids::fresh(db.now(), db.entropy.as_ref()) }).await;
    let claim = async |most: u64| {
        let mut ch = db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let claimed = outbox::claim(&mut ch, most).await.expect("claimed");
        // Not by dropping it: what is undone some time later still holds its rows.
        ch.undo().await.expect("undone");
        claimed.into_iter().map(|one| one.member.unwrap_or_default()).collect::<Vec<_>>()
    };
    let told = test.texts("SELECT COALESCE(member, '') FROM outbox ORDER BY seq").await;
    assert_eq!(claim(64).await, told, "all of each member, as they were told");
    assert_eq!(claim(2).await, told[..2], "no more than asked for");
    // The first of each come first; only the room that is left goes to what is behind them.
    let four = claim(4).await;
    assert_eq!(four, [&told[..3], &told[6..]].concat());
    let fifth = claim(5).await;
    assert_eq!(fifth, [&told[..4], &told[6..]].concat());
    // Behind one that failed before, or that somebody else has, nothing of its member is taken.
    test.run_sql(&format!("UPDATE outbox SET attempts = 1 WHERE member = '{}' AND event LIKE '%wake_up%'", members[2]))
        .await;
    assert_eq!(claim(64).await, [&told[..3], &told[4..5], &told[6..]].concat());
    test.run_sql("UPDATE outbox SET attempts = 0").await;
    let later = waymark::clock::millis(db.now() + Duration::HOUR);
    test.run_sql(&format!("UPDATE outbox SET due_at = {later} WHERE seq = (SELECT max(seq) - 3 FROM outbox)")).await;
    assert_eq!(claim(64).await, [&told[..3], &told[4..5], &told[6..]].concat(), "a gap is not jumped over");
    test.run_sql("UPDATE outbox SET due_at = told_at").await;

    assert!(worker::step(&test.app, PATIENT).await.expect("the worker works"));
    let facts = test.texts("SELECT member FROM outbox WHERE event LIKE '%fact_recorded%' ORDER BY seq").await;
    assert_eq!(facts, told[..3], "they were dealt with in that order");
    assert_eq!(test.count("SELECT count(*) FROM outbox WHERE done_at IS NULL").await, 3);
}

async fn a_worker_that_dies_repeats_nothing_that_was_committed(store: Store) {
    let test = TestApp::start(store).await;
    let one_each = Batch { change: Duration::ZERO, ..PATIENT };
    // What was written for an event, and that it was dealt with, are known together or not at all.
    let torn = "SELECT count(*) FROM outbox WHERE event LIKE '%member_enrolled%' AND (done_at IS NOT NULL) <> EXISTS (SELECT 1 FROM fact WHERE fact.member = outbox.member)";
    let done = "SELECT CONCAT(seq, ' at ', done_at, ' by try ', attempts) FROM outbox WHERE done_at IS NOT NULL";
    let (mut enrolled, mut half) = (0, 0);
    for polls in 0..30 {
        enrolled += enrol(&test, 3, &format!("killed-at-{polls}-")).await.len();
        let mut dying = Some(Box::pin(worker::step(&test.app, one_each)));
        let mut polled = 0;
        let ended = poll_fn(|context| {
            polled += 1;
            match &mut dying {
                Some(step) if polled <= polls => step.as_mut().poll(context),
                _ => {
                    dying = None;
                    Poll::Ready(Ok(false))
                }
            }
        });
        half += usize::from(!ended.await.expect("the worker works"));
        assert_eq!(test.count(torn).await, 0, "killed at poll {polls}");
        let committed = test.texts(done).await;
        test.clock.advance(Duration::seconds(31));
        test.settle().await;
        let after = test.texts(done).await;
        assert!(committed.iter().all(|one| after.contains(one)), "killed at poll {polls}: {committed:?} {after:?}");
        assert_eq!(outbox::waiting(test.app.db.read()).await.expect("read").0, 0, "and the rest is made up for");
        assert_eq!(test.count("SELECT count(*) FROM fact").await, i64::try_from(enrolled).expect("few"));
    }
    assert!(half > 1, "it was killed on the way");
}

async fn what_another_worker_took_up_is_not_settled_twice(store: Store) {
    let test = TestApp::start(store).await;
    let db = &test.app.db;
    for _ in 0..2 {
        tell(&test, &DomainEvent::WakeUp { member: somebody(&test) }).await;
    }
    let claim = async || {
        let mut ch = db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let claimed = outbox::claim(&mut ch, 64).await.expect("claimed");
        ch.commit().await.expect("committed");
        claimed
    };
    let slow = claim().await;
    assert_eq!((slow.len(), claim().await.len()), (2, 0), "the lease keeps them");
    test.clock.advance(Duration::seconds(31));
    let quick = claim().await;
    assert_eq!((quick.len(), quick[0].attempts), (2, 2));
    let settle = async |claimed: &[outbox::Claimed]| {
        let mut ch = db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        outbox::settle(&mut ch, claimed).await?;
        ch.commit().await
    };
    // The slow one neither puts off nor gives back what is another's now.
    let mut ch = db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    outbox::postpone(&mut ch, &slow[0], "it is not ours any more").await.expect("nothing happens");
    outbox::give_back(&mut ch, &slow).await.expect("nothing happens");
    ch.commit().await.expect("committed");
    assert_eq!(test.count("SELECT count(*) FROM outbox WHERE attempts = 2 AND last_error IS NULL").await, 2);
    assert_eq!(claim().await.len(), 0, "the other one's lease keeps them");
    settle(&slow[..1]).await.expect("it was the first to end with this one");
    assert!(!outbox::is_open(db.read(), &quick[0]).await.expect("read"));
    assert!(outbox::is_open(db.read(), &quick[1]).await.expect("read"));
    assert_eq!(settle(&quick).await.expect_err("one of them was settled before").code(), Code::Conflict);
    assert!(outbox::is_open(db.read(), &quick[1]).await.expect("read"), "and nothing was written for the other");
    settle(&quick[1..]).await.expect("alone it can be");
    assert_eq!(settle(&slow[1..]).await.expect_err("it was settled before").code(), Code::Conflict);
}
