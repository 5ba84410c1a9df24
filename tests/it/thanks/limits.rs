//! Every limit as whoever would get round it tries.

use serde_json::{Value, json};
use time::Duration;

use super::{Circle, refused};
use crate::support::{Store, on_both};

on_both!(
    a_week_has_five_places,
    one_person_is_thanked_twice_in_thirty_days,
    back_and_forth_rests_for_a_week,
    taking_back_makes_no_endless_supply,
    a_merged_name_is_no_way_round,
    a_program_says_its_own_numbers,
    sixty_four_at_once_never_exceed_a_limit
);

async fn a_week_has_five_places(store: Store) {
    let circle = Circle::start(store).await;
    let (hikari, token) = circle.hall.member("hikari").await;
    for n in 0..7 {
        circle.hall.member(&format!("friend-{n}")).await;
    }
    for n in 0..5 {
        circle.said(&token, format!("friend-{n}")).await;
    }
    let sixth = circle.say(&token, "friend-5").await;
    assert_eq!(refused(&sixth), (409, "thanks_limit", "week"));
    assert_eq!(sixth.1["not_before"], "2026-11-22T15:00:00Z");
    // To the last millisecond of Sunday, and then no more.
    circle.hall.test.clock.set(waymark::clock::parse_rfc3339("2026-11-22T14:59:59.999Z").expect("valid"));
    let token = circle.hall.token(hikari).await;
    assert_eq!(refused(&circle.say(&token, "friend-5").await).2, "week");
    circle.hall.test.clock.advance(Duration::milliseconds(1));
    circle.said(&token, "friend-5").await;
}

async fn one_person_is_thanked_twice_in_thirty_days(store: Store) {
    let circle = Circle::start(store).await;
    let (hikari, token) = circle.hall.member("hikari").await;
    circle.hall.member("ren").await;
    // A token lives for an hour.
    let ten_days_later = async || {
        circle.hall.test.clock.advance(Duration::days(10));
        circle.hall.token(hikari).await
    };
    circle.said(&token, "ren").await;
    circle.said(&ten_days_later().await, "Member ren").await;
    let token = ten_days_later().await;
    let third = circle.say(&token, "@ren").await;
    assert_eq!(refused(&third), (409, "thanks_limit", "person"));
    assert_eq!(third.1["not_before"], "2026-12-21T09:00:00Z", "thirty days after the first");
    circle.said(&ten_days_later().await, "ren").await;
}

async fn back_and_forth_rests_for_a_week(store: Store) {
    let circle = Circle::start(store).await;
    let (hikari, a) = circle.hall.member("hikari").await;
    let (_, b) = circle.hall.member("ren").await;
    circle.said(&a, "ren").await;
    circle.said(&b, "hikari").await;
    for (token, to) in [(&a, "ren"), (&b, "hikari")] {
        let again = circle.say(token, to).await;
        assert_eq!(refused(&again), (409, "thanks_limit", "both_ways"), "{to}");
        assert_eq!(again.1["not_before"], "2026-11-28T09:00:00Z");
    }
    circle.hall.test.clock.advance(Duration::days(7));
    circle.said(&circle.hall.token(hikari).await, "ren").await;
}

async fn taking_back_makes_no_endless_supply(store: Store) {
    let circle = Circle::start(store).await;
    let (_, token) = circle.hall.member("hikari").await;
    let (ren, _) = circle.hall.member("ren").await;
    for _ in 0..10 {
        let id = circle.said(&token, ren).await;
        assert_eq!(circle.step(&token, &id, "withdraw").await.0, 200);
    }
    assert_eq!(refused(&circle.say(&token, ren).await), (409, "thanks_limit", "written"));
    assert_eq!(circle.have(ren).await, json!(0));
}

async fn a_merged_name_is_no_way_round(store: Store) {
    let circle = Circle::start(store).await;
    let (hikari, token) = circle.hall.member("hikari").await;
    let (ren, _) = circle.hall.member("ren").await;
    let (old, _) = circle.hall.member("ren-old").await;
    let (older, own) = circle.hall.member("hikari-old").await;
    for (gone, kept) in [(old, ren), (older, hikari)] {
        let alias = format!("INSERT INTO member_alias (gone, kept, at) VALUES ('{gone}', '{kept}', 0)");
        circle.hall.test.run_sql(&alias).await;
    }
    circle.said(&token, "ren").await;
    circle.said(&token, old).await;
    assert_eq!(refused(&circle.say(&token, "ren").await).2, "person", "two names, one person");
    let (status, body) = circle.say(&token, older).await;
    assert_eq!((status, &body["errors"][0]["code"]), (422, &json!("own_thanks")));
    // The other side too: whoever was merged gives as the one who was kept.
    assert_eq!(refused(&circle.say(&own, ren).await).2, "person");
}

async fn a_program_says_its_own_numbers(store: Store) {
    let circle = Circle::start(store).await;
    let (_, token) = circle.hall.member("hikari").await;
    circle.hall.member("ren").await;
    circle.hall.member("aki").await;
    circle.rules(json!({"per_week": 3, "per_person": 1, "both_ways_days": 0})).await;
    circle.said(&token, "ren").await;
    assert_eq!(refused(&circle.say(&token, "ren").await).2, "person");
    circle.rules(json!({"per_week": 1})).await;
    assert_eq!(refused(&circle.say(&token, "aki").await).2, "week");
    circle.rules(json!({"per_week": 0})).await;
    let off = circle.say(&token, "aki").await;
    assert_eq!((refused(&off).2, &off.1["not_before"]), ("off", &Value::Null));
}

async fn sixty_four_at_once_never_exceed_a_limit(store: Store) {
    let circle = Circle::start(store).await;
    let (_, token) = circle.hall.member("hikari").await;
    let (_, other) = circle.hall.member("ren").await;
    let mut friends = vec![];
    for n in 0..64 {
        friends.push(crate::contributions::enrol(&circle.hall.test, &format!("friend-{n}")).await);
    }
    let one = friends[0];
    // Sixty-four people at once, and one person sixty-four times.
    for (token, to) in [(&token, friends.clone()), (&other, vec![one; 64])] {
        let mut running = tokio::task::JoinSet::new();
        for member in to {
            let (http, url, token) =
                (circle.hall.test.http.clone(), circle.hall.test.url("/api/v1/thanks"), token.clone());
            let body = json!({"to": member.to_string(), "reason": "You stayed until it worked."});
            running.spawn(async move {
                let answer = http.post(url).bearer_auth(token).json(&body).send().await.expect("answered");
                (answer.status().as_u16(), answer.json::<Value>().await.expect("JSON"))
            });
        }
        let answers = running.join_all().await;
        let made = answers.iter().filter(|answer| answer.0 == 201).count();
        let limit = if token == &other { (2, "person") } else { (5, "week") };
        assert_eq!(made, limit.0, "{answers:?}");
        for answer in answers.iter().filter(|answer| answer.0 != 201) {
            assert_eq!(refused(answer), (409, "thanks_limit", limit.1));
        }
    }
    assert_eq!(circle.hall.test.count("SELECT COUNT(*) FROM thanks WHERE state = 'standing'").await, 7);
    let facts = "SELECT COUNT(*) FROM contribution WHERE type = 'thanks.given' AND state = 'accepted'";
    assert_eq!(circle.hall.test.count(facts).await, 7);
}
