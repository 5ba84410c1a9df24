//! One history, known in several orders, through the server: the same milestones on the same dates. The pure model tries many more
//! (`crates/waymark-criteria/tests/it/histories.rs`).

use serde_json::{Value, json};
use waymark::actor::Actor;
use waymark::clock::rfc3339;
use waymark::database::Kind;
use waymark::ids::MemberId;
use waymark::members;

use super::{Square, merged, track};
use crate::contributions::enrol;
use crate::support::{Store, on_both};

on_both!(the_order_in_which_things_become_known_changes_no_date);

const EVENTS: u64 = 60;
const ORDERS: u64 = 6;

/// Numbers that look drawn and are the same each time.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

fn asked() -> Vec<Value> {
    let types = json!(["change.merged"]);
    let all = [
        json!({"types": types, "at_least": 12, "per_day": 2, "distinct": "object", "own": true}),
        json!({"types": types, "at_least": 8, "per_giver": 2, "window": {"days": 20}}),
        json!({"types": types, "active_days": 15, "accepted": "peer"}),
        json!({"types": types, "streak": {"days": 4}, "hold_days": 2}),
        json!({"types": types, "sum": 20, "window": {"calendar": "month"}, "per_object": 3}),
        json!({"types": types, "at_least": 6, "reciprocal": 1, "window": {"since": "joining"}}),
    ];
    all.iter().zip(0..).map(|(asked, n)| track(&format!("track-{n}"), asked)).collect()
}

/// The history of one member: (event, whether it is taken back in the end).
fn history(handle: &str) -> Vec<(Value, bool)> {
    let mut drawn = Drawn(7);
    (0..EVENTS)
        .map(|n| {
            let (day, hour, object) = (drawn.below(40), drawn.below(4), drawn.below(30));
            let date = if day < 20 { format!("2026-10-{:02}", day + 12) } else { format!("2026-11-{:02}", day - 19) };
            let giver = ["aoi", "mio", "ren", handle][usize::try_from(drawn.below(4)).expect("small")];
            let mut data = json!({"object": format!("changes/{object}")});
            if drawn.below(3) > 0 {
                data["giver"] = json!(format!("handle:{giver}"));
            }
            let at = format!("{date}T{:02}:00:00Z", hour * 6);
            (merged(&format!("{handle}-{n}"), handle, &at, &data), drawn.below(8) == 0)
        })
        .collect()
}

async fn the_order_in_which_things_become_known_changes_no_date(store: Store) {
    let square = Square::start(store, &asked()).await;
    for other in ["aoi", "mio", "ren"] {
        enrol(&square.test, other).await;
    }
    let mut outcomes = vec![];
    for order in 0..ORDERS {
        let handle = format!("member-{order}");
        let member = live(&square, &handle, order).await;
        let progress = square.progress_of(member).await;
        let reached: Vec<_> = progress
            .iter()
            .map(|p| (p.version.definition.slug.clone(), p.decided.as_ref().map(|d| rfc3339(d.decided_at))))
            .collect();
        outcomes.push(reached);
    }
    let reached = outcomes[0].iter().filter(|(_, at)| at.is_some()).count();
    assert!(reached >= 3, "the history reaches something: {:?}", outcomes[0]);
    for other in &outcomes[1..] {
        assert_eq!(other, &outcomes[0]);
    }
    square.assert_replayed().await;
}

/// One member lives the history; what becomes known when is drawn by `order`. Some of it comes before the handle is linked.
async fn live(square: &Square, handle: &str, order: u64) -> MemberId {
    let db = &square.test.app.db;
    let email = format!("{handle}@members.example");
    let mut drawn = Drawn(order + 100);
    let mut history = history(handle);
    for n in (1..history.len()).rev() {
        history.swap(n, usize::try_from(drawn.below(n as u64 + 1)).expect("small"));
    }
    let linked_at = usize::try_from(drawn.below(EVENTS)).expect("small");
    let mut member = None;
    let mut voids = vec![];
    for (place, batch) in history.chunks(7).enumerate() {
        if member.is_none() && place * 7 >= linked_at {
            member = Some(join(square, &email, handle).await);
        }
        let mut events: Vec<Value> = batch.iter().map(|(event, _)| event.clone()).collect();
        events.extend(batch.iter().filter(|_| drawn.below(3) == 0).map(|(event, _)| event.clone()).collect::<Vec<_>>());
        let kept = square.send(&events).await;
        voids.extend(batch.iter().zip(&kept).filter(|((_, void), _)| *void).filter_map(|(_, kept)| kept.clone()));
        if drawn.below(2) == 0 {
            take_back(square, &mut voids).await;
        }
    }
    let member = match member {
        Some(member) => member,
        None => join(square, &email, handle).await,
    };
    take_back(square, &mut voids).await;
    square.test.settle().await;
    members::resolve(db.read(), member).await.expect("known")
}

/// Everybody joined on the same day, however late their handle became known.
async fn join(square: &Square, email: &str, handle: &str) -> MemberId {
    let joined_at = waymark::clock::parse_rfc3339("2026-10-15T00:00:00Z").expect("valid");
    let mut ch = square.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let new = members::NewMember {
        email: email.to_owned(),
        name: handle.to_owned(),
        locale: waymark::web::i18n::Locale::En,
        handle: Some(handle.to_owned()),
        affiliation: None,
        joined_at: Some(joined_at),
    };
    let member = members::enrol(&mut ch, new).await.expect("enrolled").id;
    ch.commit().await.expect("committed");
    square.test.settle().await;
    member
}

async fn take_back(square: &Square, voids: &mut Vec<String>) {
    for contribution in voids.drain(..) {
        let path = format!("/api/v1/contributions/{contribution}/void");
        assert_eq!(square.post(&path, &json!({"reason": "taken back"})).await.0, 200);
    }
    square.test.settle().await;
}
