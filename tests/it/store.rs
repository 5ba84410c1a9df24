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
    what_an_undone_change_saw_is_durable
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
    let first = outbox::claim(&mut ch).await.expect("claimed").expect("due");
    let second = outbox::claim(&mut ch).await.expect("claimed").expect("due");
    let third = outbox::claim(&mut ch).await.expect("claimed");
    assert_eq!(first.event, DomainEvent::WakeUp { member: one });
    assert_eq!(
        second.event,
        DomainEvent::WakeUp { member: two },
        "the second event of the first member waits for the first"
    );
    assert!(third.is_none());
    outbox::settle(&mut ch, &first).await.expect("settled");
    assert!(outbox::claim(&mut ch).await.expect("claimed").is_some());
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
