//! Gatherings: a code inside its time and for so many people, late claims by the organizer's word, once a gathering.

use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::database::Kind;

use super::Hall;
use crate::contributions::enrol;
use crate::home::Visitor;
use crate::support::{Store, on_both};

on_both!(
    whoever_is_there_counts_once,
    a_code_that_is_passed_on_stops_working,
    a_code_that_does_not_rotate_works_inside_its_time,
    a_code_admits_so_many,
    the_organizer_confirms_who_was_late,
    looking_counts_nobody,
    what_is_wrong_with_a_gathering_is_said,
    whoever_reads_the_code_anyway_has_nobodys_word,
    what_a_code_brings_to_a_struck_member_waits_for_a_person,
    gatherings_keep_to_their_people
);

/// From an hour before the tests begin until two hours after.
fn gathering(more: &Value) -> Value {
    let mut body = json!({"title": "Meet-up 12", "opens_at": "2026-11-21T17:00:00+09:00", "closes_at": "2026-11-21T20:00:00+09:00"});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    body
}

async fn made(hall: &Hall, more: &Value) -> Value {
    let (status, body) = hall.post(&hall.admin, "/api/v1/gatherings", gathering(more)).await;
    assert_eq!(status, 201, "{body}");
    body
}

fn id(gathering: &Value) -> &str {
    gathering["id"].as_str().expect("an id")
}

fn code(gathering: &Value) -> &str {
    gathering["attend_url"].as_str().and_then(|url| url.rsplit('/').next()).expect("a code")
}

async fn attend(hall: &Hall, token: &str, gathering: &Value, code: &str) -> (u16, Value) {
    hall.post(token, &format!("/api/v1/gatherings/{}/attendances", id(gathering)), json!({"code": code})).await
}

async fn whoever_is_there_counts_once(store: Store) {
    let hall = Hall::start(store).await;
    let (member, token) = hall.member("hikari").await;
    let meeting = made(&hall, &json!({})).await;
    let (status, first) = attend(&hall, &token, &meeting, code(&meeting)).await;
    assert_eq!((status, &first["state"], &first["late"]), (201, &json!("counted"), &json!(false)), "{first}");
    let (status, second) = attend(&hall, &token, &meeting, code(&meeting)).await;
    assert_eq!((status, &second["id"]), (201, &first["id"]), "a second time changes nothing");
    assert_eq!(hall.have(member).await, json!(1));
    assert_eq!(hall.test.count("SELECT COUNT(*) FROM contribution").await, 1);
    let other = made(&hall, &json!({"title": "Meet-up 13"})).await;
    attend(&hall, &token, &other, code(&other)).await;
    assert_eq!(hall.have(member).await, json!(2));
}

/// Who accepted what each member was credited with, by the name of the member.
async fn accepted_by(hall: &Hall, member: waymark::ids::MemberId) -> Vec<Value> {
    let rows = hall.test.texts(&format!("SELECT document FROM fact WHERE member = '{member}'")).await;
    let details = rows.iter().map(|row| serde_json::from_str::<Value>(row).expect("JSON")["detail"].clone());
    details.filter(|detail| detail["kind"] == "contribution").map(|detail| detail["accepted_by"].clone()).collect()
}

async fn whoever_reads_the_code_anyway_has_nobodys_word(store: Store) {
    let hall = Hall::start(store).await;
    let (maker, _) = hall.colleague("iori", Role::Issuer).await;
    let (colleague, _) = hall.colleague("kaoru", Role::Issuer).await;
    let (guest, guests) = hall.member("hikari").await;
    // Made with a key of theirs, which is their hand.
    let mut ch = hall.test.app.db.change(Actor::Member(maker), Kind::Privileged).await.expect("the door opens");
    let (_, key) = access::create_api_key(&mut ch, "meet-ups", Role::Issuer, None).await.expect("made");
    ch.commit().await.expect("committed");
    let (status, meeting) = hall.post(&key, "/api/v1/gatherings", gathering(&json!({}))).await;
    assert_eq!(status, 201, "{meeting}");
    for token in [hall.token(maker).await, hall.token(colleague).await, guests] {
        assert_eq!(attend(&hall, &token, &meeting, code(&meeting)).await.0, 201);
    }
    assert_eq!(accepted_by(&hall, guest).await, [json!("staff")]);
    for reader in [maker, colleague] {
        assert_eq!(accepted_by(&hall, reader).await, [Value::Null], "{reader}");
    }
    // Without their role they still made it.
    let (_, second) = hall.post(&key, "/api/v1/gatherings", gathering(&json!({"title": "Meet-up 14"}))).await;
    let mut ch = hall.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    access::take_role(&mut ch, maker, Role::Issuer, "moved on").await.expect("taken");
    ch.commit().await.expect("committed");
    assert_eq!(attend(&hall, &hall.token(maker).await, &second, code(&second)).await.0, 201);
    assert_eq!(accepted_by(&hall, maker).await, [Value::Null, Value::Null]);
}

async fn what_a_code_brings_to_a_struck_member_waits_for_a_person(store: Store) {
    let hall = Hall::start(store).await;
    let (member, token) = hall.member("hikari").await;
    hall.post(&hall.admin, &format!("/api/v1/members/{member}/strikes"), json!({"reason": "Copied answers."})).await;
    let meeting = made(&hall, &json!({})).await;
    let (status, there) = attend(&hall, &token, &meeting, code(&meeting)).await;
    assert_eq!((status, &there["state"]), (201, &json!("counted")), "{there}");
    assert_eq!(hall.have(member).await, json!(0));
    let held = hall.get(&hall.admin, "/api/v1/held?reason=suspicious").await;
    let held = held["data"][0]["id"].as_str().expect("held").to_owned();
    let (status, _) = hall.post(&hall.admin, &format!("/api/v1/contributions/{held}/release"), Value::Null).await;
    assert_eq!((status, hall.have(member).await), (200, json!(1)));
    // Whoever the organizer says was there, a person has looked at.
    let other = made(&hall, &json!({"title": "Meet-up 13"})).await;
    let path = format!("/api/v1/gatherings/{}/attendances", id(&other));
    let (_, asked) = hall.post(&token, &path, json!({"note": "By the window."})).await;
    let confirm = format!("/api/v1/attendances/{}/confirm", asked["id"].as_str().expect("an id"));
    assert_eq!(hall.post(&hall.admin, &confirm, Value::Null).await.0, 200);
    assert_eq!(hall.have(member).await, json!(2));
}

async fn a_code_that_is_passed_on_stops_working(store: Store) {
    let hall = Hall::start(store).await;
    let (member, token) = hall.member("hikari").await;
    let meeting = made(&hall, &json!({})).await;
    let shown = code(&meeting).to_owned();
    hall.test.clock.advance(Duration::minutes(11));
    let (status, body) = attend(&hall, &token, &meeting, &shown).await;
    assert_eq!((status, &body["code"]), (409, &json!("attendance_code_refused")), "the photo is too old");
    assert!(body["late_until"].is_string(), "{body}");
    let now = hall.get(&hall.admin, &format!("/api/v1/gatherings/{}", id(&meeting))).await;
    assert_ne!(code(&now), shown);
    assert_eq!(attend(&hall, &token, &meeting, "00000000").await.0, 409);
    assert_eq!(hall.have(member).await, json!(0));
    assert_eq!(attend(&hall, &token, &meeting, &code(&now).to_uppercase()).await.0, 201);
}

async fn a_code_that_does_not_rotate_works_inside_its_time(store: Store) {
    let hall = Hall::start(store).await;
    let ((early_id, early), (late_id, _)) = (hall.member("early").await, hall.member("late").await);
    let still = json!({"rotates": false, "opens_at": "2026-11-21T18:30:00+09:00", "late_days": 0});
    let meeting = made(&hall, &still).await;
    assert_eq!(attend(&hall, &early, &meeting, code(&meeting)).await.0, 409, "not yet");
    hall.test.clock.advance(Duration::minutes(90));
    // A token lives for an hour.
    let early = hall.token(early_id).await;
    assert_eq!(attend(&hall, &early, &meeting, code(&meeting)).await.0, 201, "the printed code still works");
    hall.test.clock.advance(Duration::hours(1));
    let late = hall.token(late_id).await;
    let (status, body) = attend(&hall, &late, &meeting, code(&meeting)).await;
    assert_eq!((status, &body["late_until"]), (409, &Value::Null), "over, and nobody takes late claims");
}

async fn a_code_admits_so_many(store: Store) {
    let hall = Hall::start(store).await;
    let (_, first) = hall.member("hikari").await;
    let (second_id, second) = hall.member("ren").await;
    let meeting = made(&hall, &json!({"use_limit": 1})).await;
    let (a, b) =
        tokio::join!(attend(&hall, &first, &meeting, code(&meeting)), attend(&hall, &second, &meeting, code(&meeting)));
    let mut statuses = [a.0, b.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{a:?} {b:?}");
    let full = if a.0 == 409 { a.1 } else { b.1 };
    assert_eq!(full["code"], "attendance_full");
    let asks = if hall.have(second_id).await == json!(1) { &first } else { &second };
    let path = format!("/api/v1/gatherings/{}/attendances", id(&meeting));
    let (status, asked) = hall.post(asks, &path, json!({"note": "Standing outside."})).await;
    assert_eq!((status, &asked["state"]), (201, &json!("waiting")), "whoever found no room can ask");
}

async fn the_organizer_confirms_who_was_late(store: Store) {
    let hall = Hall::start(store).await;
    let organizer = enrol(&hall.test, "organizer").await;
    let meeting = made(&hall, &json!({"organizer": organizer.to_string()})).await;
    hall.test.clock.advance(Duration::days(3));
    let organizer_token = hall.token(organizer).await;
    let (member, token) = hall.member("hikari").await;
    let (other, other_token) = hall.member("ren").await;
    let path = format!("/api/v1/gatherings/{}/attendances", id(&meeting));
    assert_eq!(hall.post(&token, &path, json!({"note": ""})).await.0, 422);
    assert_eq!(hall.post(&token, &path, json!({"note": "a", "code": "b"})).await.0, 422);
    let (_, asked) = hall.post(&token, &path, json!({"note": "I asked about badges."})).await;
    let (_, theirs) = hall.post(&other_token, &path, json!({"note": "I was online."})).await;
    let (_, own) = hall.post(&organizer_token, &path, json!({"note": "I held it."})).await;
    assert_eq!(hall.have(member).await, json!(0));
    let confirm = |a: &Value| format!("/api/v1/attendances/{}/confirm", a["id"].as_str().expect("an id"));
    assert_eq!(hall.post(&other_token, &confirm(&asked), Value::Null).await.0, 404, "to others there is nothing");
    let (status, body) = hall.post(&organizer_token, &confirm(&own), Value::Null).await;
    assert_eq!((status, &body["code"]), (403, &json!("own_contribution")));
    let (status, body) = hall.post(&organizer_token, &confirm(&asked), Value::Null).await;
    assert_eq!((status, &body["state"], &body["late"]), (200, &json!("counted"), &json!(true)), "{body}");
    assert_eq!(hall.post(&organizer_token, &confirm(&asked), Value::Null).await.0, 409);
    assert_eq!(hall.have(member).await, json!(1));
    let data = hall.test.texts("SELECT data FROM contribution").await.remove(0);
    assert!(data.contains(&format!(r#""accepted_by":"{organizer}""#)), "{data}");
    let refuse = format!("/api/v1/attendances/{}/refuse", theirs["id"].as_str().expect("an id"));
    assert_eq!(hall.post(&organizer_token, &refuse, json!({"reason": "There was no stream."})).await.0, 200);
    assert_eq!(hall.have(other).await, json!(0));
    assert_eq!(hall.told("contribution_refused").await.len(), 1);
    let page = Visitor::signed_in(&hall.test, other).await.page("/me/links", "en").await;
    assert!(page.contains("There was no stream."), "{page}");
    hall.test.clock.advance(Duration::days(12));
    let (_, third_token) = hall.member("third").await;
    assert_eq!(hall.post(&third_token, &path, json!({"note": "Too late."})).await.0, 409);
}

async fn looking_counts_nobody(store: Store) {
    let hall = Hall::start(store).await;
    let (member, _) = hall.member("hikari").await;
    let meeting = made(&hall, &json!({})).await;
    let path = format!("/attend/{}/{}", id(&meeting), code(&meeting));
    let stranger =
        hall.test.http.get(hall.test.url(&path)).header("accept", "text/html").send().await.expect("answered");
    assert_eq!(stranger.status(), 200);
    assert!(stranger.text().await.expect("text").contains("/login"));
    let me = Visitor::signed_in(&hall.test, member).await;
    assert!(me.page(&path, "en").await.contains("I am here"));
    assert_eq!(hall.test.count("SELECT COUNT(*) FROM attendance").await, 0);
    assert_eq!(me.post(&path, json!({"csrf": "wrong"})).await, 403);
    let csrf = me.csrf(&path).await;
    assert_eq!(me.post(&path, json!({"csrf": csrf})).await, 303);
    assert!(me.page(&format!("/attend/{}", id(&meeting)), "ja").await.contains("出席を受け付けました"));
    assert_eq!(hall.have(member).await, json!(1));
    let old = format!("/attend/{}/00000000", id(&meeting));
    assert_eq!(me.get(&old, "en").await.status(), 422);
}

async fn what_is_wrong_with_a_gathering_is_said(store: Store) {
    let hall = Hall::start(store).await;
    for (more, pointer) in [
        (json!({"title": " "}), "/title"),
        (json!({"closes_at": "2026-11-21T17:00:00+09:00"}), "/closes_at"),
        (json!({"closes_at": "2026-12-21T17:00:00+09:00"}), "/closes_at"),
        (json!({"opens_at": "2037-11-21T17:00:00Z", "closes_at": "2037-11-21T20:00:00Z"}), "/closes_at"),
        // Later there is no day to count to.
        (
            json!({"opens_at": "9999-12-31T00:00:00Z", "closes_at": "9999-12-31T23:59:59Z", "late_days": 60}),
            "/closes_at",
        ),
        (json!({"opens_at": "tomorrow"}), "/opens_at"),
        (json!({"use_limit": 0}), "/use_limit"),
        (json!({"late_days": 61}), "/late_days"),
        (json!({"organizer": "mem_00000000000000000000000001"}), "/organizer"),
        (json!({"url": "guild.example"}), "/url"),
    ] {
        let (status, body) = hall.post(&hall.admin, "/api/v1/gatherings", gathering(&more)).await;
        assert_eq!((status, &body["errors"][0]["pointer"]), (422, &json!(pointer)), "{more}: {body}");
    }
    assert_eq!(hall.test.count("SELECT COUNT(*) FROM gathering").await, 0);
}

async fn gatherings_keep_to_their_people(store: Store) {
    let hall = Hall::start(store).await;
    let (organizer, _) = hall.member("organizer").await;
    let (member, token) = hall.member("hikari").await;
    let (_, staff) = hall.colleague("issuer2", Role::Issuer).await;
    let csrf = staff.csrf("/admin/gatherings").await;
    let mut form = json!({
        "csrf": csrf, "title": "Meet-up", "url": "", "organizer": "organizer@members.example", "day": "2026-11-21", "from": "17:00",
        "until": "2100", "until_day": "", "use_limit": "50", "late_days": "14", "rotates": "yes",
    });
    assert_eq!(staff.post("/admin/gatherings", form.clone()).await, 422);
    form["until"] = json!("21:00");
    assert_eq!(staff.post("/admin/gatherings", form).await, 303);
    let meeting = hall.get(&hall.admin, "/api/v1/gatherings").await["data"][0].clone();
    assert_eq!(meeting["opens_at"], "2026-11-21T08:00:00Z", "on the program's clock");
    let path = format!("/gatherings/{}", id(&meeting));
    let holds = Visitor::signed_in(&hall.test, organizer).await;
    let screen = holds.page(&format!("{path}/code"), "en").await;
    assert!(screen.contains("<svg") && screen.contains(code(&meeting)), "{screen}");
    assert!(screen.contains(r#"http-equiv="refresh""#));
    holds.page(&path, "ja").await;
    let me = Visitor::signed_in(&hall.test, member).await;
    for page in [path.clone(), format!("{path}/code")] {
        assert_eq!(me.get(&page, "en").await.status(), 404, "{page}");
    }
    assert_eq!(me.get("/admin/gatherings", "en").await.status(), 403);
    assert_eq!(hall.call(&token, Method::GET, "/api/v1/gatherings", Value::Null).await.0, 403);
    let late = format!("/attend/{}", id(&meeting));
    let csrf = me.csrf(&late).await;
    assert_eq!(me.post(&late, json!({"csrf": csrf, "note": "In the last row."})).await, 303);
    let asked = hall.test.texts("SELECT id FROM attendance").await.remove(0);
    let confirm = format!("{path}/attendances/{asked}");
    assert_eq!(me.post(&confirm, json!({"csrf": csrf, "step": "confirm"})).await, 404);
    assert!(holds.page(&path, "en").await.contains("In the last row."));
    let csrf = holds.csrf(&path).await;
    assert_eq!(holds.post(&confirm, json!({"csrf": csrf, "step": "refuse", "reason": ""})).await, 422);
    assert_eq!(holds.post(&confirm, json!({"csrf": csrf, "step": "confirm"})).await, 303);
    assert_eq!(hall.have(member).await, json!(1));
}
