//! The write door, the audit chain and the outbox, on both stores.

use serde_json::json;
use waymark::actor::Actor;
use waymark::database::{AuditEntry, Kind, audit, outbox};
use waymark::domain_event::DomainEvent;
use waymark::error::Code;
use waymark::ids::{self, MemberId};

use crate::support::{Store, TestApp, beginning, on_both};

on_both!(
    a_privileged_change_without_its_audit_row_is_undone,
    the_audit_chain_names_a_changed_row,
    events_of_one_member_keep_their_order,
    a_newer_schema_is_refused,
    changes_at_once_stand_alone,
    a_caller_that_goes_away_undoes_no_other_change,
    what_an_undone_change_saw_is_durable,
    a_transaction_that_broke_takes_no_later_change_with_it,
    a_commit_that_fails_is_told_to_all_who_shared_it,
    a_full_store_is_no_fault_of_ours
);

async fn a_privileged_change_without_its_audit_row_is_undone(store: Store) {
    let test = TestApp::start(store).await;
    let member: MemberId = ids::fresh(beginning(), test.app.db.entropy.as_ref());
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    ch.tell(&DomainEvent::WakeUp { member }).await.expect("told");
    assert_eq!(ch.commit().await.expect_err("no row, no change").code(), Code::Internal);
    assert_eq!(outbox::waiting(test.app.db.read()).await.expect("read").0, 0);
}

async fn the_audit_chain_names_a_changed_row(store: Store) {
    let test = TestApp::start(store).await;
    for n in 0..5 {
        let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
        ch.audit(AuditEntry::new("test.act", n, json!({"n": n}))).await.expect("written");
        ch.commit().await.expect("committed");
    }
    assert_eq!(audit::verify(test.app.db.read()).await.expect("read"), Ok(5));
    use sea_orm::ConnectionTrait as _;
    test.app.db.read().execute_unprepared("UPDATE audit SET object = 'x' WHERE seq = 3").await.expect("forged");
    assert_eq!(audit::verify(test.app.db.read()).await.expect("read"), Err(3));
}

async fn events_of_one_member_keep_their_order(store: Store) {
    let test = TestApp::start(store).await;
    let db = &test.app.db;
    let (one, two): (MemberId, MemberId) =
        (ids::fresh(beginning(), db.entropy.as_ref()), ids::fresh(beginning(), db.entropy.as_ref()));
    for member in [one, one, two] {
        let mut ch = db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        ch.tell(&DomainEvent::WakeUp { member }).await.expect("told");
        ch.commit().await.expect("committed");
    }
    let mut ch = db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    // One at a time: the second event of the first member waits for the first.
    let first = outbox::claim(&mut ch, 1).await.expect("claimed").remove(0);
    let second = outbox::claim(&mut ch, 1).await.expect("claimed").remove(0);
    assert_eq!(first.event, Ok(DomainEvent::WakeUp { member: one }));
    assert_eq!(second.event, Ok(DomainEvent::WakeUp { member: two }));
    assert!(outbox::claim(&mut ch, 64).await.expect("claimed").is_empty());
    outbox::settle(&mut ch, &[first]).await.expect("settled");
    assert_eq!(outbox::claim(&mut ch, 64).await.expect("claimed").len(), 1);
}

async fn a_newer_schema_is_refused(store: Store) {
    let test = TestApp::start(store).await;
    use sea_orm::ConnectionTrait as _;
    test.app
        .db
        .read()
        .execute_unprepared("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_from_the_future', 0)")
        .await
        .expect("inserted");
    let refused = test.app.db.migrate().await.expect_err("refused").to_string();
    assert!(refused.contains("newer Waymark") && refused.contains("m9999_from_the_future"), "{refused}");
}

fn wake_up(test: &TestApp) -> DomainEvent {
    DomainEvent::WakeUp { member: ids::fresh(beginning(), test.app.db.entropy.as_ref()) }
}

async fn changes_at_once_stand_alone(store: Store) {
    let test = TestApp::start(store).await;
    let all = (0..60).map(|n| {
        let (app, event) = (test.app.clone(), wake_up(&test));
        tokio::spawn(async move {
            let mut ch = app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
            ch.tell(&event).await.expect("told");
            match n % 4 {
                0 => ch.commit().await.expect("committed"),
                1 => ch.undo().await.expect("undone"),
                2 => drop(ch),
                _ => {
                    use sea_orm::ConnectionTrait as _;
                    ch.tx().execute_unprepared("INSERT INTO nowhere VALUES (1)").await.expect_err("no such table");
                }
            }
        })
    });
    for one in all.collect::<Vec<_>>() {
        one.await.expect("ended");
    }
    assert_eq!(outbox::waiting(test.app.db.read()).await.expect("read").0, 15, "the committed ones and no other");
}

async fn a_caller_that_goes_away_undoes_no_other_change(store: Store) {
    let test = TestApp::start(store).await;
    let mut kept = 0;
    for polls in 0..40 {
        let db = &test.app.db;
        let (gone, stays) = (wake_up(&test), wake_up(&test));
        let leaving = async {
            let mut ch = db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
            ch.tell(&gone).await.expect("told");
            ch.undo().await.expect("undone");
        };
        let staying = async {
            let mut ch = db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
            ch.tell(&stays).await.expect("told");
            ch.commit().await.expect("committed");
        };
        let mut leaving = Some(Box::pin(leaving));
        let mut left = 0;
        let until_it_leaves = std::future::poll_fn(|context| {
            left += 1;
            match &mut leaving {
                Some(going) if left <= polls => going.as_mut().poll(context),
                _ => {
                    leaving = None;
                    std::task::Poll::Ready(())
                }
            }
        });
        tokio::join!(staying, until_it_leaves);
        kept += 1;
        assert_eq!(outbox::waiting(test.app.db.read()).await.expect("read").0, kept, "left at poll {polls}");
    }
}

async fn what_an_undone_change_saw_is_durable(store: Store) {
    let test = TestApp::start(store).await;
    let db = &test.app.db;
    let mut first = db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    first.tell(&wake_up(&test)).await.expect("told");
    let second = async {
        let ch = db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let seen = outbox::waiting(ch.tx()).await.expect("read").0;
        ch.undo().await.expect("undone");
        (seen, outbox::waiting(db.read()).await.expect("read").0)
    };
    let (committed, (seen, durable)) = tokio::join!(first.commit(), second);
    committed.expect("committed");
    assert!(durable >= seen, "seen {seen}, durable {durable}");
    assert_eq!(outbox::waiting(db.read()).await.expect("read").0, 1);
}

async fn told(test: &TestApp) -> waymark::error::Result<()> {
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await?;
    ch.tell(&wake_up(test)).await?;
    ch.commit().await
}

async fn a_transaction_that_broke_takes_no_later_change_with_it(store: Store) {
    use sea_orm::ConnectionTrait as _;
    let test = TestApp::start(store).await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    ch.tell(&wake_up(&test)).await.expect("told");
    // what SQLite does by itself when the disk is full
    ch.tx().execute_unprepared("ROLLBACK").await.expect("rolled back");
    let outcome = ch.commit().await;
    assert!(outcome.is_err() || store == Store::Postgres, "a change that is gone is not acknowledged");
    drop(test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens"));
    for _ in 0..3 {
        told(&test).await.expect("committed");
    }
    assert_eq!(outbox::waiting(test.app.db.read()).await.expect("read").0, 3);
}

async fn a_commit_that_fails_is_told_to_all_who_shared_it(store: Store) {
    use sea_orm::ConnectionTrait as _;
    if store == Store::Postgres {
        eprintln!("skipped: on PostgreSQL each change has a transaction of its own, so none shares a commit");
        return;
    }
    let test = TestApp::start(store).await;
    test.app.db.read().execute_unprepared("CREATE TABLE parent (id INTEGER PRIMARY KEY)").await.expect("made");
    test.app
        .db
        .read()
        .execute_unprepared("CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)")
        .await
        .expect("made");
    let breaking = async {
        let ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await?;
        ch.tx().execute_unprepared("INSERT INTO child VALUES (7)").await?;
        ch.commit().await
    };
    let outcomes = tokio::join!(breaking, told(&test), told(&test));
    let stored = outbox::waiting(test.app.db.read()).await.expect("read").0;
    let acknowledged = [&outcomes.1, &outcomes.2].into_iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(outcomes.0.as_ref().expect_err("no parent").code(), Code::OutcomeUnknown);
    assert_eq!(stored, acknowledged as u64, "{outcomes:?}");
    told(&test).await.expect("the next is well");
}

async fn a_full_store_is_no_fault_of_ours(store: Store) {
    use sea_orm::ConnectionTrait as _;
    if store == Store::Postgres {
        eprintln!("skipped: on PostgreSQL the size of the store is not a client's to limit");
        return;
    }
    let test = TestApp::start(store).await;
    let ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    ch.tx().execute_unprepared("CREATE TABLE filler (bytes BLOB)").await.expect("made");
    ch.tx().execute_unprepared("PRAGMA max_page_count = 1").await.expect("set");
    let full: waymark::error::Result<_> =
        ch.tx().execute_unprepared("INSERT INTO filler VALUES (zeroblob(10000000))").await.map_err(Into::into);
    assert_eq!(full.expect_err("full").code(), Code::Unavailable);
    drop(ch);
}
