//! Boards of a season: who stands there, by what is counted, in which places; and that leaving is leaving.

use serde_json::{Value, json};
use waymark::access::Role;
use waymark::clock::parse_rfc3339;
use waymark::ids::{MemberId, PrefixedId};
use waymark::titles::board;

use super::office::{Office, Person};
use crate::contributions::enrol;
use crate::home::send;
use crate::support::{Store, on_both};

on_both!(
    only_who_asked_stands_there_and_leaving_is_leaving,
    a_board_counts_what_the_track_counts,
    a_season_stays_as_it_was_counted,
    ties_share_a_place_across_pages,
    a_board_is_there_only_where_something_is_counted
);

fn giver() -> Value {
    json!({
        "slug": "giver", "kind": "milestone", "title": {"ja": "与える人", "en": "Giver"}, "criteria": {"ja": "二件", "en": "Two"},
        "requires": {"id": "give", "contributions": {"types": ["change.merged"], "at_least": 2, "distinct": "object"}},
    })
}

fn merged(id: &str, who: &str, object: &str, at: &str) -> Value {
    json!({
        "specversion": "1.0", "id": id, "source": "https://community.example", "type": "change.merged",
        "subject": format!("handle:{who}"), "time": at, "data": {"object": object},
    })
}

impl Office {
    /// So many different changes of a member, at one moment.
    async fn gave(&self, who: &str, many: u32, at: &str) {
        for n in 0..many {
            let id = format!("{who}-{n}-{at}");
            send(&self.test, merged(&id, who, &format!("changes/{id}"), at)).await;
        }
        // A board follows with the last of the events.
        self.test.settle().await;
    }

    async fn count(&self) {
        board::recount_due(&self.test.app).await.expect("counted");
    }

    async fn joins(&self, member: MemberId, step: &str) {
        let person = Person::signed_in(&self.test, member).await;
        assert_eq!(person.form("/me/boards", &[("track", "giver"), ("step", step)]).await.0, 303);
    }

    async fn board(&self, query: &str) -> Value {
        let url = self.test.url(&format!("/api/v1/tracks/giver/board{query}"));
        let answer = self.test.http.get(url).send().await.expect("answered");
        assert_eq!(answer.status(), 200, "{query}");
        answer.json().await.expect("JSON")
    }

    /// Place, name and count of each.
    async fn places(&self, query: &str) -> Vec<(u64, String, u64)> {
        let body = self.board(query).await;
        let rows = body["data"].as_array().expect("a list").clone();
        let number = |value: &Value| value.as_u64().expect("a number");
        rows.iter()
            .map(|row| (number(&row["place"]), row["name"].as_str().expect("a name").to_owned(), number(&row["count"])))
            .collect()
    }

    async fn page(&self, path: &str, language: &str) -> String {
        let request = self.test.http.get(self.test.url(path)).header("accept", "text/html");
        let answer = request.header("accept-language", language).send().await.expect("answered");
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.expect("text").split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn row(place: u64, handle: &str, count: u64) -> (u64, String, u64) {
    (place, format!("Member {handle}"), count)
}

const NOW: &str = "2026-11-20T09:00:00Z";

async fn only_who_asked_stands_there_and_leaving_is_leaving(store: Store) {
    let office = Office::start(store).await;
    office.publish(&giver()).await;
    let (aki, sora, mio) =
        (enrol(&office.test, "aki").await, enrol(&office.test, "sora").await, enrol(&office.test, "mio").await);
    enrol(&office.test, "rin").await;
    for (who, many) in [("aki", 2), ("sora", 2), ("mio", 1), ("rin", 5)] {
        office.gave(who, many, NOW).await;
    }
    assert_eq!(office.places("").await, [], "nobody stands there who did not ask to");
    assert!(office.page("/p/giver/board", "en").await.contains("Nobody stands here yet."));
    assert!(office.page("/p/giver/board", "ja").await.contains("まだだれも載っていません。"));
    for member in [mio, sora, aki] {
        office.joins(member, "join").await;
    }
    office.joins(aki, "join").await;
    let mut places = office.places("").await;
    places.sort();
    assert_eq!(places, [row(1, "aki", 2), row(1, "sora", 2), row(3, "mio", 1)], "ties are ties");
    let html = office.page("/p/giver/board", "en").await;
    assert!(html.contains("October to December 2026") && html.contains("Member mio"), "{html}");
    assert!(!html.contains("Member rin"), "{html}");
    let ja = office.page("/p/giver/board", "ja").await;
    assert!(ja.contains("2026年10〜12月") && ja.contains("実力の証明ではありません"), "{ja}");
    assert!(office.page("/p/giver", "en").await.contains("/p/giver/board"));
    let mine = Person::signed_in(&office.test, aki).await.page("/me/boards", "en").await;
    assert!(mine.contains("You appear") && mine.contains("Leave the board of “Giver”"), "{mine}");

    office.joins(aki, "leave").await;
    assert_eq!(office.places("").await, [row(1, "sora", 2), row(2, "mio", 1)], "gone at once");
    assert!(!office.page("/p/giver/board", "en").await.contains("Member aki"));
    office.gave("aki", 3, "2026-11-20T10:00:00Z").await;
    assert_eq!(office.places("").await.len(), 2, "what comes later brings nobody back");

    // The member alone decides: no key, no staff, nobody without a session.
    let key = office.test.api_key(Role::Owner).await;
    let request = office.test.http.post(office.test.url("/me/boards")).bearer_auth(key);
    let answer = request.form(&[("track", "giver"), ("step", "join")]).send().await.expect("answered");
    assert_eq!(answer.status(), 403);
    let token = office.test.api_key(Role::Admin).await;
    let minted = office.test.http.post(office.test.url(&format!("/api/v1/members/{aki}/tokens"))).bearer_auth(token);
    let minted: Value = minted.send().await.expect("answered").json().await.expect("JSON");
    let token = minted["token"].as_str().expect("a token");
    let request = office.test.http.post(office.test.url("/me/boards")).bearer_auth(token);
    let answer = request.form(&[("track", "giver"), ("step", "join")]).send().await.expect("answered");
    assert_eq!(answer.status(), 403, "a token that staff made shows nobody");
    assert_eq!(office.places("").await.len(), 2);
}

async fn a_board_counts_what_the_track_counts(store: Store) {
    let office = Office::start(store).await;
    let at = |text: &str| office.test.clock.set(parse_rfc3339(text).expect("a time"));
    at("2026-11-12T09:00:00Z");
    let mut held = giver();
    held["requires"]["contributions"]["hold_days"] = json!(3);
    office.publish(&held).await;
    let aki = enrol(&office.test, "aki").await;
    office.joins(aki, "join").await;
    send(&office.test, merged("a", "aki", "changes/1", "2026-11-10T09:00:00Z")).await;
    send(&office.test, merged("b", "aki", "changes/1", "2026-11-11T09:00:00Z")).await;
    let id = send(&office.test, merged("c", "aki", "changes/2", "2026-11-12T09:00:00Z")).await;
    at("2026-11-20T09:00:00Z");
    send(&office.test, merged("d", "aki", "changes/3", "2026-11-20T09:00:00Z")).await;
    at("2026-11-21T09:00:00Z");
    office.count().await;
    assert_eq!(office.places("").await, [row(1, "aki", 2)], "one object once, and what is held back not yet");
    at("2026-11-23T09:00:00Z");
    office.count().await;
    assert_eq!(office.places("").await, [row(1, "aki", 3)], "time alone brings it");
    let key = office.test.api_key(Role::Admin).await;
    let void = office.test.http.post(office.test.url(&format!("/api/v1/contributions/{id}/void"))).bearer_auth(key);
    assert_eq!(void.json(&json!({"reason": "by mistake"})).send().await.expect("answered").status(), 200);
    office.test.settle().await;
    assert_eq!(office.places("").await, [row(1, "aki", 2)], "what is taken back leaves the board");
}

async fn a_season_stays_as_it_was_counted(store: Store) {
    let office = Office::start(store).await;
    office.test.clock.set(parse_rfc3339("2026-08-01T00:00:00Z").expect("a time"));
    office.publish(&giver()).await;
    office.test.clock.set(parse_rfc3339("2026-11-21T09:00:00Z").expect("a time"));
    let aki = enrol(&office.test, "aki").await;
    office.joins(aki, "join").await;
    office.gave("aki", 2, "2026-09-30T14:59:59Z").await;
    office.gave("aki", 1, "2026-09-30T15:00:00Z").await;
    assert_eq!(office.places("").await, [row(1, "aki", 1)], "a season is one of the program's calendar");
    let past = office.board("?season=2026-q3").await;
    assert_eq!((&past["data"][0]["count"], &past["until"]), (&json!(2), &json!("2026-09-30T15:00:00Z")));
    assert_eq!(past["seasons"], json!(["2026-q4", "2026-q3"]));
    let mut stricter = giver();
    stricter["requires"]["contributions"]["types"] = json!(["talk.given"]);
    office.publish(&stricter).await;
    office.count().await;
    assert_eq!(office.places("").await, [], "the running season follows the track");
    assert_eq!(office.places("?season=2026-q3").await, [row(1, "aki", 2)], "a season that is over does not");
    assert!(office.page("/p/giver/board?season=2026-q3", "en").await.contains("July to September 2026"));
    for season in ["2026-q2", "2027-q1", "2026-q5", "soon"] {
        let url = office.test.url(&format!("/api/v1/tracks/giver/board?season={season}"));
        assert_eq!(office.test.http.get(url).send().await.expect("answered").status(), 404, "{season}");
    }
    office.joins(aki, "leave").await;
    assert_eq!(office.places("?season=2026-q3").await, [], "leaving takes every season along");
}

async fn ties_share_a_place_across_pages(store: Store) {
    let office = Office::start(store).await;
    office.publish(&giver()).await;
    let track = office.test.texts("SELECT id FROM track WHERE slug = 'giver'").await.remove(0);
    // 90 with three, 40 with two, 20 with one.
    let counts = [(90, 3), (40, 2), (20, 1)].into_iter().flat_map(|(many, count)| std::iter::repeat_n(count, many));
    let mut rows = vec![];
    for (n, count) in counts.enumerate() {
        let member = MemberId::from_bits(n as u128 + 1);
        rows.push(format!("('{track} 2026-q4 {member}', '{track}', '2026-q4', '{member}', {count})"));
    }
    office
        .test
        .run_sql(&format!("INSERT INTO board_count (id, track, season, member, count) VALUES {}", rows.join(", ")))
        .await;
    let body = office.board("").await;
    assert_eq!((body["data"].as_array().map(Vec::len), &body["next_cursor"]), (Some(100), &json!("2")));
    let places = |body: &Value| -> Vec<u64> {
        body["data"].as_array().expect("a list").iter().map(|row| row["place"].as_u64().expect("a place")).collect()
    };
    assert_eq!(places(&body), [vec![1; 90], vec![91; 10]].concat());
    let second = office.board("?cursor=2").await;
    assert_eq!(places(&second), [vec![91; 30], vec![131; 20]].concat(), "1, 2, 2, 4: also across pages");
    assert_eq!((&second["next_cursor"], &second["has_more"]), (&Value::Null, &json!(false)));
    let html = office.page("/p/giver/board", "en").await;
    assert!(html.contains("cursor=2") && html.matches("<tr>").count() == 101, "a page has a hundred rows");
    let none = office.test.http.get(office.test.url("/api/v1/tracks/giver/board?cursor=0")).send().await;
    assert_eq!(none.expect("answered").status(), 422);
    for (beyond, previous) in [(9, 8), (u64::MAX, 1_000_000)] {
        assert_eq!(places(&office.board(&format!("?cursor={beyond}")).await), Vec::<u64>::new());
        let html = office.page(&format!("/p/giver/board?cursor={beyond}"), "en").await;
        assert!(html.contains(&format!("cursor={previous}\"")), "a page back, however far one asks: {html}");
    }
}

async fn a_board_is_there_only_where_something_is_counted(store: Store) {
    let office = Office::start(store).await;
    for path in ["/p/fellow/board", "/p/nothing/board", "/api/v1/tracks/fellow/board"] {
        let answer = office.test.http.get(office.test.url(path)).send().await.expect("answered");
        assert_eq!(answer.status(), 404, "{path}");
    }
    let me = Person::signed_in(&office.test, office.member).await;
    assert!(me.page("/me/boards", "ja").await.contains("ボードはありません"));
    assert_eq!(me.form("/me/boards", &[("track", "fellow"), ("step", "join")]).await.0, 404);
    assert_eq!(office.test.count("SELECT COUNT(*) FROM board_member").await, 0);
}
