//! Who is meant, what is kept of it, taking it back, and who reads it.

use serde_json::{Value, json};
use time::Duration;
use waymark::domain_event::DomainEvent;

use super::{Circle, refused};
use crate::home::Visitor;
use crate::support::{Store, on_both};

on_both!(
    a_person_is_meant_by_the_whole_of_what_one_knows,
    who_tries_names_is_stopped,
    everything_wrong_is_said_at_once,
    thanks_count_for_their_receiver,
    taking_back_voids_the_fact_and_moves_the_bar_back,
    thanks_to_a_struck_member_wait_for_a_person,
    the_receiver_shows_and_hides,
    each_reads_their_own_alone,
    the_page_leads_through_it
);

async fn a_person_is_meant_by_the_whole_of_what_one_knows(store: Store) {
    let circle = Circle::start(store).await;
    let (_, token) = circle.hall.member("hikari").await;
    let (ren, _) = circle.hall.member("ren").await;
    circle.hall.member("aki").await;
    let (sora, _) = circle.hall.member("sora").await;
    let (status, body) = circle.say(&token, "@Ren").await;
    assert_eq!((status, &body["to"]), (201, &json!("@ren")), "what the giver knew is what they read");
    let told = body.to_string();
    assert!(!told.contains(&ren.to_string()) && !told.contains("members.example"), "{told}");
    assert_eq!(circle.say(&token, "Member aki").await.1["to"], "Member aki");
    assert_eq!(circle.say(&token, sora).await.1["to"], "Member sora");
    for nobody in ["re", "Member", "member ren", "ren@members.example", "@", " ", "Member ren ren", "mem_x"] {
        let (status, body) = circle.say(&token, nobody).await;
        assert_eq!((status, &body["errors"][0]["code"]), (422, &json!("nobody")), "{nobody}: {body}");
    }
    circle.hall.test.run_sql("UPDATE member SET name = 'Member sora' WHERE name = 'Member ren'").await;
    let (_, two) = circle.say(&token, "Member sora").await;
    let (_, none) = circle.say(&token, "Member nobody").await;
    assert_eq!(two["errors"], none["errors"], "nobody and more than one answer alike");
}

async fn who_tries_names_is_stopped(store: Store) {
    let circle = Circle::start(store).await;
    let (_, token) = circle.hall.member("hikari").await;
    circle.hall.member("ren").await;
    let (_, other) = circle.hall.member("aki").await;
    let (mut statuses, mut last) = (vec![], Value::Null);
    for n in 0..21 {
        let (status, body) = circle.say(&token, format!("guess{n}")).await;
        statuses.push(status);
        last = body;
    }
    assert_eq!((&statuses[..20], statuses[20], &last["code"]), (&[422; 20][..], 429, &json!("rate_limited")));
    assert_eq!(circle.say(&token, "ren").await.0, 429, "a right name does not open the door again");
    assert_eq!(circle.say(&other, "ren").await.0, 201, "others go on");
}

async fn everything_wrong_is_said_at_once(store: Store) {
    let circle = Circle::start(store).await;
    let (own, token) = circle.hall.member("hikari").await;
    let (ren, _) = circle.hall.member("ren").await;
    let wrong = json!({"to": ren.to_string(), "reason": " hi ", "link": "javascript:alert(1)"});
    let (status, body) = circle.hall.post(&token, "/api/v1/thanks", wrong).await;
    let pointers: Vec<&Value> = body["errors"].as_array().expect("a list").iter().map(|e| &e["pointer"]).collect();
    assert_eq!((status, pointers), (422, vec![&json!("/reason"), &json!("/link")]));
    let long = json!({"to": ren.to_string(), "reason": "x".repeat(501)});
    assert_eq!(circle.hall.post(&token, "/api/v1/thanks", long).await.0, 422);
    let (status, body) = circle.say(&token, own).await;
    assert_eq!((status, &body["errors"][0]["code"]), (422, &json!("own_thanks")), "nobody thanks themselves");
    let more = json!({"to": ren.to_string(), "reason": "For the map.", "giver": ren.to_string()});
    assert_eq!(circle.hall.post(&token, "/api/v1/thanks", more).await.1["errors"][0]["code"], "unknown_field");
    assert_eq!(circle.hall.test.count("SELECT COUNT(*) FROM thanks").await, 0);
    // Nobody outside speaks for it, whatever their role.
    let forged = circle.hall.event("waymark:thanks", "e-1", "thanks.given", &ren.to_string(), json!({})).await;
    assert_eq!(forged["reason"], "not_your_source", "{forged}");
}

async fn thanks_count_for_their_receiver(store: Store) {
    let circle = Circle::start(store).await;
    let (hikari, token) = circle.hall.member("hikari").await;
    let (ren, own) = circle.hall.member("ren").await;
    let id = circle.said(&token, "ren").await;
    let told = circle.hall.told("thanks_given").await;
    assert_eq!(told, [DomainEvent::ThanksGiven { thanks: id.parse().expect("an id"), member: ren }]);
    assert_eq!((circle.have(ren).await, circle.have(hikari).await), (json!(1), json!(0)));
    let fact = format!("SELECT giver FROM fact WHERE member = '{ren}' AND kind = 'contribution'");
    assert_eq!(circle.hall.test.texts(&fact).await, [hikari.to_string()]);
    let received = circle.received(&own, ren).await;
    assert_eq!(
        (&received[0]["from_name"], &received[0]["reason"], &received[0]["shown"]),
        (&json!("Member hikari"), &json!("You stayed until it worked."), &json!(false))
    );
    let given = circle.hall.get(&token, &format!("/api/v1/members/{hikari}/thanks?side=given")).await;
    assert_eq!((&given["data"][0]["id"], &given["allowance"]["left"]), (&json!(id), &json!(4)));
    assert_eq!(given["allowance"]["until"], "2026-11-22T15:00:00Z", "Monday of the program's calendar");
}

async fn taking_back_voids_the_fact_and_moves_the_bar_back(store: Store) {
    let circle = Circle::start(store).await;
    let (hikari, token) = circle.hall.member("hikari").await;
    let (ren, own) = circle.hall.member("ren").await;
    let id = circle.said(&token, "ren").await;
    assert_eq!(circle.have(ren).await, json!(1));
    assert_eq!(circle.step(&own, &id, "withdraw").await.0, 404, "its receiver did not give it");
    let (status, body) = circle.step(&token, &id, "withdraw").await;
    assert_eq!((status, &body["state"]), (200, &json!("withdrawn")));
    assert_eq!(circle.have(ren).await, json!(0));
    let voided =
        format!("SELECT COUNT(*) FROM fact WHERE member = '{ren}' AND kind = 'contribution' AND voided_by IS NULL");
    assert_eq!(circle.hall.test.count(&voided).await, 0);
    assert!(circle.received(&own, ren).await.is_empty(), "its receiver reads it no more");
    assert_eq!(refused(&circle.step(&token, &id, "withdraw").await).1, "thanks_settled");
    let left = circle.hall.get(&token, &format!("/api/v1/members/{hikari}/thanks")).await;
    assert_eq!(left["allowance"]["left"], 5, "its place is free again");
    let id = circle.said(&token, "ren").await;
    circle.hall.test.clock.advance(Duration::hours(1) + Duration::milliseconds(1));
    // A token lives for an hour, too.
    let token = circle.hall.token(hikari).await;
    assert_eq!(refused(&circle.step(&token, &id, "withdraw").await).1, "thanks_settled", "the hour is over");
    assert_eq!(circle.have(ren).await, json!(1));
}

async fn thanks_to_a_struck_member_wait_for_a_person(store: Store) {
    let circle = Circle::start(store).await;
    let hall = &circle.hall;
    let (_, token) = hall.member("hikari").await;
    let (ren, own) = hall.member("ren").await;
    hall.post(&hall.admin, &format!("/api/v1/members/{ren}/strikes"), json!({"reason": "A ring of thanks."})).await;
    let id = circle.said(&token, ren).await;
    assert_eq!(circle.have(ren).await, json!(0));
    assert_eq!(circle.received(&own, ren).await.len(), 1, "they read it all the same");
    let held = hall.get(&hall.admin, "/api/v1/held?reason=suspicious").await;
    let held = held["data"][0]["id"].as_str().expect("held").to_owned();
    assert_eq!(hall.post(&hall.admin, &format!("/api/v1/contributions/{held}/release"), Value::Null).await.0, 200);
    assert_eq!(circle.have(ren).await, json!(1));
    assert_eq!(circle.step(&token, &id, "withdraw").await.0, 200);
    assert_eq!(circle.have(ren).await, json!(0));
}

async fn the_receiver_shows_and_hides(store: Store) {
    let circle = Circle::start(store).await;
    let (_, first) = circle.hall.member("hikari").await;
    let (aki, second) = circle.hall.member("aki").await;
    let (ren, own) = circle.hall.member("ren").await;
    let test = &circle.hall.test;
    let me = Visitor::signed_in(test, ren).await;
    let csrf = me.csrf("/me/profile").await;
    assert_eq!(me.post("/me/profile", json!({"csrf": csrf, "handle": "ren-san", "about": ""})).await, 303);
    assert_eq!(me.post("/me/profile/publish", json!({"csrf": csrf})).await, 303);
    let quiet = circle.said(&first, "ren").await;
    let said = json!({"to": "ren", "reason": "For <b>the map</b> of the caves.", "named": true});
    let (_, named) = circle.hall.post(&second, "/api/v1/thanks", said).await;
    let named = named["id"].as_str().expect("an id").to_owned();
    let stranger =
        async || test.http.get(test.url("/m/ren-san")).send().await.expect("answered").text().await.expect("text");
    assert!(!stranger().await.contains("Words of thanks"), "nobody sees them at first");
    // Only their receiver, in person: neither the giver, nor another, nor a token that staff made, nor staff.
    let theirs = Visitor::signed_in(test, aki).await;
    let other = theirs.csrf("/me/thanks").await;
    assert_eq!(theirs.post(&format!("/me/thanks/{named}"), json!({"csrf": other, "step": "show"})).await, 404);
    assert_eq!(circle.step(&own, &named, "show").await.0, 403);
    assert_eq!(circle.step(&circle.hall.admin, &named, "show").await.0, 403);
    assert!(!stranger().await.contains("Words of thanks"));
    for id in [&quiet, &named] {
        assert_eq!(me.post(&format!("/me/thanks/{id}"), json!({"csrf": csrf, "step": "show"})).await, 303);
    }
    let page = stranger().await;
    assert!(page.contains("Words of thanks") && page.contains("You stayed until it worked."), "{page}");
    assert!(page.contains("Member aki") && !page.contains("Member hikari") && page.contains("A member"), "{page}");
    assert!(page.contains("&#60;b&#62;the map") || page.contains("&lt;b&gt;the map"), "it stays text: {page}");
    assert_eq!(circle.step(&second, &named, "hide").await.0, 404);
    assert_eq!(circle.step(&own, &named, "hide").await.1["shown"], json!(false));
    assert!(!stranger().await.contains("Member aki"));
    // What its giver takes back stands nowhere.
    assert_eq!(circle.step(&first, &quiet, "withdraw").await.0, 200);
    assert!(!stranger().await.contains("Words of thanks"));
    // From a profile one comes to where its member is thanked.
    let answer = theirs.get("/m/ren-san/thank", "en").await;
    assert_eq!(answer.headers()["location"].to_str().ok(), Some(format!("/me/thanks?to={ren}#give").as_str()));
    assert_eq!(theirs.get("/m/nobody-here/thank", "en").await.status(), 404);
}

async fn each_reads_their_own_alone(store: Store) {
    let circle = Circle::start(store).await;
    let (_, token) = circle.hall.member("hikari").await;
    let (ren, own) = circle.hall.member("ren").await;
    let id = circle.said(&token, "ren").await;
    let path = format!("/api/v1/members/{ren}/thanks");
    let call = async |who: &str| circle.hall.call(who, reqwest::Method::GET, &path, Value::Null).await.0;
    assert_eq!((call(&own).await, call(&circle.hall.admin).await, call(&token).await), (200, 200, 404));
    let key = circle.hall.test.api_key(waymark::access::Role::Examiner).await;
    assert_eq!(call(&key).await, 403);
    for step in ["show", "hide", "withdraw"] {
        let stranger = circle.hall.member(&format!("stranger-{step}")).await.1;
        let status = circle.step(&stranger, &id, step).await.0;
        assert_eq!(status, if step == "show" { 403 } else { 404 }, "{step}");
        assert_eq!(circle.step(&token, "thx_none", step).await.0, if step == "show" { 403 } else { 404 });
    }
    let bad = circle.hall.call(&own, reqwest::Method::GET, &format!("{path}?side=all"), Value::Null).await;
    assert_eq!(bad.0, 422);
}

async fn the_page_leads_through_it(store: Store) {
    let circle = Circle::start(store).await;
    let (hikari, _) = circle.hall.member("hikari").await;
    let (ren, own) = circle.hall.member("ren").await;
    let me = Visitor::signed_in(&circle.hall.test, hikari).await;
    let empty = me.page("/me/thanks", "en").await;
    for text in [
        "You can say it 5 more times this week.",
        "Nothing yet.",
        "You have not thanked anybody here yet.",
        "neither thanks the other again for 7 days",
    ] {
        assert!(empty.contains(text), "{text}: {empty}");
    }
    let ja = me.page("/me/thanks", "ja").await;
    assert!(
        ja.contains("今週はあと 5 回送れます。") && ja.contains("同じ人には、30 日のあいだに 2 回までです。"),
        "{ja}"
    );
    let csrf = me.csrf("/me/thanks").await;
    let typed =
        json!({"csrf": csrf, "to": "nobody-of-us", "reason": "For the long night.", "link": "", "named": "yes"});
    let (status, page) = me.posted("/me/thanks", typed).await;
    assert_eq!(status, 422);
    for kept in ["nobody-of-us", "For the long night.", "We found nobody who alone is called exactly so.", "checked"] {
        assert!(page.contains(kept), "{kept}: {page}");
    }
    let typed = json!({"csrf": csrf, "to": ren.to_string(), "reason": "For the long night.", "link": ""});
    assert_eq!(me.post("/me/thanks", typed).await, 303);
    let page = me.page("/me/thanks?done=yes", "en").await;
    for text in ["Said. They will find it on their page.", "Member ren", "You can take it back until", "4 more times"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let theirs = Visitor::signed_in(&circle.hall.test, ren).await.page("/me/thanks", "en").await;
    assert!(theirs.contains("Member hikari") && theirs.contains("Only you read it"), "{theirs}");
    let id = circle.received(&own, ren).await[0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(me.post(&format!("/me/thanks/{id}"), json!({"csrf": csrf, "step": "withdraw"})).await, 303);
    let (status, page) = me.posted(&format!("/me/thanks/{id}"), json!({"csrf": csrf, "step": "withdraw"})).await;
    assert!(status == 422 && page.contains("taken back or taken out before"), "{page}");
    assert_eq!(me.post(&format!("/me/thanks/{id}"), json!({"csrf": csrf, "step": "dance"})).await, 404);
    assert!(me.page("/me", "ja").await.contains("ありがとうを伝える"));
}
