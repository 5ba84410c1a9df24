//! Days are counted where the program is, by the clocks of each event's own time, and a version keeps its calendar.

use serde_json::{Value, json};
use waymark::actor::Actor;
use waymark::clock::parse_rfc3339;
use waymark::database::Kind;
use waymark::decisions;
use waymark::ids::MemberId;
use waymark::issuer::{self, IssuerProfile};
use waymark::tracks::{self, TrackDefinition};

use crate::contributions::{enrol, event, small_program, start};
use crate::home::send;
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_day_ends_by_the_clocks_of_its_own_time,
    a_version_keeps_the_calendar_that_it_was_published_with,
    versions_from_before_take_the_zone_of_their_issuer
);

fn daily() -> TrackDefinition {
    TrackDefinition::from_value(&json!({
        "slug": "daily", "kind": "milestone",
        "title": {"ja": "日々", "en": "Daily"}, "criteria": {"ja": "十日の貢献", "en": "Ten days of contributions"},
        "requires": {"id": "give", "contributions": {"types": ["change.merged"], "at_least": 10, "per_day": 1}},
    }))
    .expect("valid")
}

/// The program moves to a zone; with `publish`, its track is published there. Answers whether that made a new version.
async fn in_zone(test: &TestApp, zone: &str, publish: bool) -> bool {
    let profile = IssuerProfile::from_value(&json!({
        "issuer": {"name": {"en": "Example Guild"}, "url": "https://guild.example"}, "time_zone": zone,
    }));
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    issuer::keep(&mut ch, &profile.expect("valid")).await.expect("kept");
    let own = issuer::default_issuer(ch.tx()).await.expect("read").expect("there");
    let new = match publish {
        true => tracks::publish(&mut ch, own.id, &daily()).await.expect("published").is_some(),
        false => false,
    };
    ch.commit().await.expect("committed");
    test.settle().await;
    new
}

async fn days(test: &TestApp, member: MemberId) -> String {
    let all = decisions::progress_of(test.app.db.read(), member, test.app.db.now()).await.expect("read");
    let daily = all.into_iter().find(|p| p.version.definition.slug == "daily").expect("published");
    daily.decision.nodes[0].have.to_string()
}

/// Around a midnight of New York in July (four hours behind UTC) and one in November (five hours).
const AROUND_MIDNIGHT: [&str; 5] = [
    "2026-07-09T20:00:00Z",
    "2026-07-10T03:30:00Z",
    "2026-07-10T04:30:00Z",
    "2026-11-10T04:30:00Z",
    "2026-11-10T05:30:00Z",
];

async fn give(test: &TestApp) -> MemberId {
    small_program(test).await;
    let member = enrol(test, "hikari").await;
    for (n, time) in AROUND_MIDNIGHT.iter().enumerate() {
        let mut event: Value = event(&format!("e-{n}"), "handle:hikari", &format!("changes/{n}"));
        event["time"] = json!(time);
        send(test, event).await;
    }
    member
}

async fn a_day_ends_by_the_clocks_of_its_own_time(store: Store) {
    let test = start(store).await;
    let member = give(&test).await;
    for (zone, expected) in
        [("America/New_York", "4"), ("Asia/Tokyo", "2"), ("Europe/Berlin", "3"), ("Asia/Dubai", "2")]
    {
        in_zone(&test, zone, true).await;
        for today in ["2026-11-21T09:00:00Z", "2027-07-01T09:00:00Z"] {
            test.clock.set(parse_rfc3339(today).expect("valid"));
            assert_eq!(days(&test, member).await, expected, "{zone}, asked on {today}");
        }
    }
    // One offset for the whole year would find three days in New York, whichever it were.
    for offset in ["Etc/GMT+4", "Etc/GMT+5"] {
        in_zone(&test, offset, true).await;
        assert_eq!(days(&test, member).await, "3", "{offset}");
    }
}

async fn a_version_keeps_the_calendar_that_it_was_published_with(store: Store) {
    let test = start(store).await;
    let member = give(&test).await;
    assert!(in_zone(&test, "America/New_York", true).await);
    assert!(!in_zone(&test, "America/New_York", true).await, "nothing changed");
    in_zone(&test, "Asia/Tokyo", false).await;
    assert_eq!(days(&test, member).await, "4", "what was published stays");
    assert!(in_zone(&test, "Asia/Tokyo", true).await, "another calendar is another version");
    assert_eq!(days(&test, member).await, "2");
    let versions = test.count("SELECT COUNT(*) FROM track_version WHERE calendar LIKE '%America/New_York%'").await;
    assert_eq!(versions, 1);
}

async fn versions_from_before_take_the_zone_of_their_issuer(store: Store) {
    let test = start(store).await;
    let member = give(&test).await;
    in_zone(&test, "America/New_York", true).await;
    // As a store was before versions kept a calendar.
    test.run_sql("ALTER TABLE track_version DROP COLUMN calendar").await;
    test.run_sql("DELETE FROM seaql_migrations WHERE version = 'm0010_calendars'").await;
    assert_eq!(test.app.db.migrate().await.expect("runs"), 1);
    assert_eq!(days(&test, member).await, "4");
    assert!(!in_zone(&test, "America/New_York", true).await, "the calendar is the same as if it were published now");
}
