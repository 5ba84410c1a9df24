//! What a program's files would mean for everybody, as `waymark program plan` says it before anything is applied.

use serde_json::json;
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::planning::outlook;
use waymark::tracks::TrackDefinition;
use waymark::web::i18n::Locale;
use waymark::{issuer, tracks};

use super::{furnish, giver, helper};
use crate::contributions::start;
use crate::support::{Store, on_both};

on_both!(who_gains_and_who_would_not_get_there_is_counted_and_named);

fn asks(at_least: u32) -> TrackDefinition {
    let mut file = helper(at_least);
    file["slug"] = json!("helper");
    TrackDefinition::from_value(&file).expect("valid")
}

async fn who_gains_and_who_would_not_get_there_is_counted_and_named(store: Store) {
    let test = start(store).await;
    furnish(&test).await;
    let three = giver(&test, "three", Locale::Ja, &[1, 2, 3]).await;
    let one = giver(&test, "one", Locale::En, &[4]).await;
    giver(&test, "none", Locale::En, &[]).await;
    let (db, now) = (test.app.db.read(), test.app.db.now());

    let new = outlook(db, &asks(2), now).await.expect("counted");
    assert_eq!((new.gain, new.lose, new.keep), (1, 0, 0), "nothing is published yet");
    assert_eq!((new.people[0].member, new.people[0].crossed_at.as_deref()), (three, Some("2026-05-02T09:00:00Z")));

    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let own = issuer::default_issuer(ch.tx()).await.expect("read").expect("furnished");
    tracks::publish(&mut ch, own.id, &asks(1)).await.expect("published");
    ch.commit().await.expect("committed");
    test.settle().await;
    let (higher, same) = (outlook(db, &asks(3), now).await, outlook(db, &asks(1), now).await);
    let (higher, same) = (higher.expect("counted"), same.expect("counted"));
    assert_eq!((higher.gain, higher.lose, higher.keep), (0, 1, 1));
    assert_eq!((higher.people.len(), higher.people[0].member), (1, one));
    assert_eq!((same.gain, same.lose, same.keep, same.people.len()), (0, 0, 2, 0));
}
