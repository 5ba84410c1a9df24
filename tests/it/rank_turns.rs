//! Two processes on one store: a member is never counted by a ladder that is no longer today's.

use waymark::actor::Actor;
use waymark::database::{Change, Kind};
use waymark::domain_event::DomainEvent;
use waymark::facts;
use waymark::ids::MemberId;
use waymark::ranks::{self, Counted, LadderDefinition};
use waymark::web::i18n::Locale;

use crate::planning::{furnish, giver};
use crate::ranks::{give, guide, sound, standing};
use crate::support::{Store, TestApp, on_both};

on_both!(a_ladder_that_changes_under_a_count_is_the_one_that_counts, an_older_ladder_gives_way_to_the_newer_one);

/// Publishes the ladder with another first step, and lets nobody hear of it yet.
async fn publish(test: &TestApp, at: u32) {
    let mut ladder = guide();
    ladder["steps"][0]["at"] = at.into();
    let definition = LadderDefinition::from_value(&ladder).expect("valid");
    let mut ch = door(test).await;
    ranks::publish(&mut ch, &definition).await.expect("published").expect("another version");
    ch.commit().await.expect("committed");
}

async fn door(test: &TestApp) -> Change<'_> {
    test.app.db.change(Actor::System("worker"), Kind::Ordinary).await.expect("the door opens")
}

/// A ladder that counted Hikari, and a fact of theirs that no one heard of.
async fn climbing(test: &TestApp) -> (MemberId, DomainEvent) {
    furnish(test).await;
    publish(test, 10).await;
    let member = giver(test, "hikari", Locale::Ja, &[3]).await;
    assert_eq!(standing(test, member).await.version.number, 1);
    give(test, member, 9).await;
    let fact = facts::by_origin(test.app.db.read(), &format!("test:{member}:9")).await.expect("read").expect("there");
    (member, DomainEvent::FactRecorded { fact, member })
}

async fn a_ladder_that_changes_under_a_count_is_the_one_that_counts(store: Store) {
    let test = TestApp::start(store).await;
    let (member, told) = climbing(&test).await;
    let (mut ch, mut counted) = (door(&test).await, Counted::default());
    let none = DomainEvent::FactVoided { fact: ch.id(), member };
    ranks::hear(&mut ch, &mut counted, &none).await.expect("the ladders of today are known");
    if store == Store::Postgres {
        // On SQLite nobody else writes while a change is open.
        publish(&test, 20).await;
        test.settle().await;
        assert_eq!(standing(&test, member).await.points, 20, "the other process counted everybody");
    }
    ranks::hear(&mut ch, &mut counted, &told).await.expect("heard");
    ch.commit().await.expect("committed");
    sound(&test).await;
    assert_eq!(standing(&test, member).await.points, 20);
}

async fn an_older_ladder_gives_way_to_the_newer_one(store: Store) {
    let test = TestApp::start(store).await;
    let (member, _) = climbing(&test).await;
    publish(&test, 20).await;
    let ch = door(&test).await;
    ch.take_turn(&format!("ranks {member}")).await.expect("their turn");
    let counting = tokio::spawn({
        let app = test.app.clone();
        async move { ranks::on_event(&app, &DomainEvent::LadderPublished { ladder: "guide".to_owned() }).await }
    });
    test.somebody_waits().await;
    if store == Store::Postgres {
        publish(&test, 25).await;
    }
    ch.commit().await.expect("committed");
    counting.await.expect("not cancelled").expect("counted");
    if store == Store::Postgres {
        let versions = test.count("SELECT COUNT(*) FROM ladder_climb WHERE version = 2").await;
        assert_eq!(versions, 0, "the second version was over before anybody was counted by it");
    }
    test.settle().await;
    sound(&test).await;
}
