//! The third outcome of a review: another credential, dated as the facts say now; and what later facts mean for what was replaced.

use serde_json::{Value, json};
use waymark::access::Role;
use waymark::clock::rfc3339;
use waymark::credentials::{self, Correction, Credential, Dating, Reason, ReasonCode, Status};

use crate::home::Visitor;
use crate::reviews::{Square, day};
use crate::support::{Store, on_both};

on_both!(
    a_review_ends_with_a_replacement_dated_as_the_facts_say,
    what_is_not_met_is_not_replaced,
    a_later_fact_asks_about_the_one_that_stands,
    a_reissue_decides_no_review
);

impl Square {
    async fn replace(&self, known: &Credential) -> (u16, Value) {
        let path = format!("/api/v1/credentials/{}/replace", known.id);
        let request = self.test.http.post(self.test.url(&path)).bearer_auth(self.test.api_key(Role::Admin).await);
        let answer = request.header("idempotency-key", "k").json(&json!({})).send().await.expect("answered");
        let told = (answer.status().as_u16(), answer.json().await.expect("JSON"));
        self.test.settle().await;
        told
    }

    async fn standing(&self) -> Credential {
        let mut all = self.credentials().await;
        all.retain(|known| known.status == Status::Valid);
        assert_eq!(all.len(), 1);
        all.remove(0)
    }
}

async fn a_review_ends_with_a_replacement_dated_as_the_facts_say(store: Store) {
    let square = Square::start(store).await;
    square.give(1, 10).await;
    square.give(2, 15).await;
    let old = square.only_credential().await;
    square.give(3, 12).await;
    assert_eq!(square.reviews("open").await[0]["change"], "earlier");
    let staff = Visitor::staff(&square.test, Role::Issuer).await;
    for language in ["en", "ja"] {
        let html = staff.page("/admin/reviews", language).await;
        assert!(html.contains(&format!("/admin/credentials/{}/replace", old.id)), "{html}");
    }
    let html = staff.page(&format!("/admin/credentials/{}/replace", old.id), "en").await;
    assert!(html.contains("15 Nov 2026") && html.contains("12 Nov 2026"), "it says what will be different: {html}");

    let (status, made) = square.replace(&old).await;
    assert_eq!((status, &made["awarded_at"], &made["number"]), (201, &json!(day(12)), &json!(old.number)), "{made}");
    assert!(square.reviews("open").await.is_empty());
    let closed = square.reviews("closed").await;
    assert_eq!((closed.len(), &closed[0]["closed"]["outcome"]), (1, &json!("replaced")));
    square.recount().await;
    square.test.settle().await;
    assert!(square.reviews("open").await.is_empty(), "the replacement agrees with the facts");
    assert_eq!(square.test.count("SELECT COUNT(*) FROM credential").await, 2);

    // It rests on the decision of today: one that moves it again asks again, about the one that stands.
    let new = square.standing().await;
    square.give(4, 8).await;
    let reviews = square.reviews("open").await;
    assert_eq!((reviews.len(), &reviews[0]["credential"]), (1, &json!(new.id)));
    assert_eq!((&reviews[0]["awarded_at"], &reviews[0]["decided_at"]), (&json!(day(12)), &json!(day(10))));
    assert_eq!(reviews[0]["rests_on"], closed[0]["says"]);
    assert_eq!(credentials::examine(&square.test.app).await.expect("examined").damage, []);
}

async fn what_is_not_met_is_not_replaced(store: Store) {
    let square = Square::start(store).await;
    square.give(1, 10).await;
    let second = square.give(2, 15).await;
    let old = square.only_credential().await;
    square.void(&second).await;
    let review = &square.reviews("open").await[0];
    let actions: Vec<&Value> = review["actions"].as_array().expect("a list").iter().map(|a| &a["action"]).collect();
    assert_eq!(actions, ["keep", "revoke"]);
    let (status, refused) = square.replace(&old).await;
    assert_eq!((status, &refused["reason"]), (409, &json!("undone")), "{refused}");
    let staff = Visitor::staff(&square.test, Role::Issuer).await;
    let html = staff.page(&format!("/admin/credentials/{}/replace", old.id), "en").await;
    assert!(html.contains("Decide its review first"), "{html}");
    assert_eq!(square.only_credential().await, old);
}

async fn a_later_fact_asks_about_the_one_that_stands(store: Store) {
    let square = Square::start(store).await;
    square.give(1, 10).await;
    square.give(2, 15).await;
    let (status, made) = square.replace(&square.only_credential().await).await;
    assert_eq!((status, &made["awarded_at"]), (201, &json!(day(15))), "without a review its date stays");
    let new = square.standing().await;
    square.give(3, 12).await;
    let reviews = square.reviews("open").await;
    assert_eq!((reviews.len(), &reviews[0]["credential"]), (1, &json!(new.id)));
    // Kept once, it is not asked again about a replacement of it.
    let keep = format!("/api/v1/reviews/{}/keep", reviews[0]["id"].as_str().expect("an id"));
    assert_eq!(square.post(&keep, json!({})).await.0, 200);
    assert_eq!(square.replace(&new).await.0, 201);
    square.recount().await;
    square.test.settle().await;
    assert!(square.reviews("open").await.is_empty());
    assert_eq!(rfc3339(square.standing().await.awarded_at), day(15), "what was kept stays as it was kept");
}

async fn a_reissue_decides_no_review(store: Store) {
    let square = Square::start(store).await;
    square.give(1, 10).await;
    let second = square.give(2, 15).await;
    let old = square.only_credential().await;
    square.void(&second).await;
    let review = square.reviews("open").await[0]["id"].clone();
    let app = &square.test.app;
    let why = Reason { code: ReasonCode::KeyCompromise, public: None, internal: None };
    let correction = Correction::because(why);
    let actor = waymark::actor::Actor::Operator;
    let (new, made) = credentials::replace_now(app, actor, old.id, &correction, Dating::Kept).await.expect("replaced");
    assert!(made && new.awarded_at == old.awarded_at);
    square.test.settle().await;
    let open = square.reviews("open").await;
    assert_eq!((open.len(), &open[0]["id"], &open[0]["credential"]), (1, &review, &json!(new.id)), "it goes on");
    assert_eq!(credentials::examine(app).await.expect("examined").damage, []);
}
