//! Five people thank one: a badge by the one path, which speaks warmly and proves no skill.

use reqwest::Method;
use serde_json::{Value, json};
use waymark::ids::MemberId;

use super::Circle;
use crate::home::Visitor;
use crate::support::{Store, on_both};

on_both!(
    five_people_make_a_badge_and_one_person_does_not,
    the_badge_speaks_warmly_and_proves_no_skill,
    what_was_held_first_stands_beside_the_badge_like_the_rest,
    what_is_taken_back_after_the_badge_opens_a_review
);

/// Five members thank this one. Their tokens, and what they said.
async fn thanked(circle: &Circle, member: MemberId) -> Vec<(String, String)> {
    let mut said = vec![];
    for n in 1..=5 {
        let (_, token) = circle.hall.member(&format!("friend-{n}")).await;
        let words =
            json!({"to": member.to_string(), "reason": format!("For the lantern number {n}."), "named": n == 1});
        let (status, body) = circle.hall.post(&token, "/api/v1/thanks", words).await;
        assert_eq!(status, 201, "{body}");
        said.push((token, body["id"].as_str().expect("an id").to_owned()));
    }
    circle.hall.test.settle().await;
    said
}

async fn credentials(circle: &Circle, member: MemberId) -> Vec<Value> {
    circle.hall.test.settle().await;
    let body = circle.hall.get(&circle.hall.admin, &format!("/api/v1/members/{member}/credentials")).await;
    body["data"].as_array().expect("a list").clone()
}

async fn five_people_make_a_badge_and_one_person_does_not(store: Store) {
    let circle = Circle::start(store).await;
    let (ren, _) = circle.hall.member("ren").await;
    for n in 1..=4 {
        let (_, token) = circle.hall.member(&format!("friend-{n}")).await;
        circle.said(&token, "ren").await;
        if n == 1 {
            // As often as one may: still one person.
            circle.said(&token, "ren").await;
        }
    }
    assert_eq!(circle.have(ren).await, json!(4));
    assert!(credentials(&circle, ren).await.is_empty());
    let (_, fifth) = circle.hall.member("friend-5").await;
    circle.said(&fifth, "ren").await;
    let held = credentials(&circle, ren).await;
    let name = &held[0]["credential"]["credentialSubject"]["achievement"]["name"];
    assert_eq!((held.len(), name), (1, &json!("Five Thank-yous")), "{held:?}");
}

async fn the_badge_speaks_warmly_and_proves_no_skill(store: Store) {
    let circle = Circle::start(store).await;
    let test = &circle.hall.test;
    let (ren, _) = circle.hall.member("ren").await;
    let said = thanked(&circle, ren).await;
    let held = credentials(&circle, ren).await;
    let share = held[0]["share_id"].as_str().expect("a share id").to_owned();
    test.run_sql("UPDATE credential SET visibility = 'link'").await;
    let open = async |path: &str, language: &str| {
        let request = test.http.get(test.url(path)).header("accept", "text/html").header("accept-language", language);
        request.send().await.expect("answered").text().await.expect("text")
    };
    let page = format!("/c/{share}");
    let first = open(&page, "en").await;
    for text in ["Words of thanks", "Member ren keeps the words themselves.", "It proves no skill and no knowledge."] {
        assert!(first.contains(text), "{text}: {first}");
    }
    assert!(!first.contains("lantern number") && !first.contains("Member friend-1"), "{first}");
    let me = Visitor::signed_in(test, ren).await;
    let csrf = me.csrf("/me/thanks").await;
    for (_, id) in &said[..2] {
        assert_eq!(me.post(&format!("/me/thanks/{id}"), json!({"csrf": csrf, "step": "show"})).await, 303);
    }
    let shown = open(&page, "en").await;
    for text in ["For the lantern number 1.", "For the lantern number 2.", "Member friend-1"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    for text in ["number 3", "Member friend-2", "keeps the words themselves"] {
        assert!(!shown.contains(text), "{text}: {shown}");
    }
    let ja = open(&page, "ja").await;
    assert!(ja.contains("感謝のことば") && ja.contains("技能や知識を証明するものではありません。"), "{ja}");

    let document: Value = test
        .http
        .get(test.url(&format!("/c/{share}.json")))
        .send()
        .await
        .expect("answered")
        .json()
        .await
        .expect("JSON");
    assert_eq!(document["credentialSubject"]["achievement"]["achievementType"], "ext:Thanks", "whatever its file says");
    let verify = async |body: &Value, language: &str| -> Value {
        let call = test.http.post(test.url("/api/v1/verifications")).header("accept-language", language).json(body);
        call.send().await.expect("answered").json().await.expect("JSON")
    };
    for (language, words) in [("en", "It proves no skill"), ("ja", "証明するものではありません")] {
        let report = verify(&json!({"credential": document}), language).await;
        assert_eq!(
            (&report["state"], &report["kind"], &report["proves_skill"]),
            (&json!("valid"), &json!("thanks"), &json!(false))
        );
        assert!(report["note"].as_str().is_some_and(|note| note.contains(words)), "{report}");
        let page = open(&format!("/verify?q={}", test.url(&page)), language).await;
        assert!(page.contains(words), "{page}");
    }
    // Another sort of badge is not spoken of so.
    let given = json!({"track": "shown", "member": ren.to_string()});
    let request = test.http.post(test.url("/api/v1/credentials")).bearer_auth(&circle.hall.admin);
    let made: Value = request
        .header("idempotency-key", "one")
        .json(&given)
        .send()
        .await
        .expect("answered")
        .json()
        .await
        .expect("JSON");
    let report = verify(&json!({"credential": made["credential"]}), "en").await;
    assert_eq!(
        (&report["kind"], &report["proves_skill"], &report["note"]),
        (&json!("milestone"), &Value::Null, &Value::Null)
    );
}

/// While a strike stood the words waited for a person; released, they are words like any other.
async fn what_was_held_first_stands_beside_the_badge_like_the_rest(store: Store) {
    let circle = Circle::start(store).await;
    let hall = &circle.hall;
    let test = &hall.test;
    let (ren, _) = hall.member("ren").await;
    hall.post(&hall.admin, &format!("/api/v1/members/{ren}/strikes"), json!({"reason": "A ring of thanks."})).await;
    let said = thanked(&circle, ren).await;
    assert!(credentials(&circle, ren).await.is_empty());
    let strike = test.texts("SELECT id FROM strike").await.remove(0);
    hall.post(&hall.admin, &format!("/api/v1/strikes/{strike}/lift"), json!({"reason": "It was no ring."})).await;
    let waiting = hall.get(&hall.admin, "/api/v1/held?reason=suspicious").await;
    for held in waiting["data"].as_array().expect("a list") {
        let release = format!("/api/v1/contributions/{}/release", held["id"].as_str().expect("an id"));
        assert_eq!(hall.post(&hall.admin, &release, Value::Null).await.0, 200);
    }
    let held = credentials(&circle, ren).await;
    let share = held[0]["share_id"].as_str().expect("a share id").to_owned();
    test.run_sql("UPDATE credential SET visibility = 'link'").await;
    let me = Visitor::signed_in(test, ren).await;
    let form = json!({"csrf": me.csrf("/me/thanks").await, "step": "show"});
    assert_eq!(me.post(&format!("/me/thanks/{}", said[0].1), form).await, 303);
    let page = test.http.get(test.url(&format!("/c/{share}"))).header("accept", "text/html");
    let page = page.send().await.expect("answered").text().await.expect("text");
    assert!(page.contains("For the lantern number 1.") && page.contains("Member friend-1"), "{page}");
    assert!(!page.contains("number 2"), "{page}");
}

async fn what_is_taken_back_after_the_badge_opens_a_review(store: Store) {
    let circle = Circle::start(store).await;
    let (ren, _) = circle.hall.member("ren").await;
    let said = thanked(&circle, ren).await;
    assert_eq!(credentials(&circle, ren).await.len(), 1);
    let (token, id) = &said[0];
    assert_eq!(circle.step(token, id, "withdraw").await.0, 200);
    assert_eq!(circle.have(ren).await, json!(4));
    let held = credentials(&circle, ren).await;
    assert_eq!(held.len(), 1, "what is signed stays");
    let (status, reviews) =
        circle.hall.call(&circle.hall.admin, Method::GET, "/api/v1/reviews?state=open", Value::Null).await;
    assert_eq!((status, reviews["data"].as_array().map(Vec::len)), (200, Some(1)), "{reviews}");
}
