//! Late facts and voids against decisions whose credential is out, on its way, revoked, or not there yet.

use serde_json::{Value, json};
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::clock::{parse_rfc3339, rfc3339};
use waymark::credentials::{self, Credential, Status};
use waymark::database::Kind;
use waymark::decisions::{self, TrackProgress};
use waymark::domain_event::DomainEvent;
use waymark::ids::{DecisionId, MemberId};
use waymark::issuer;
use waymark::tracks::{self, TrackDefinition};

use crate::contributions::{enrol, event, small_program, start};
use crate::home::{Visitor, send};
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_late_fact_dates_the_decision_earlier_and_opens_a_review,
    a_void_undoes_the_decision_and_opens_a_review,
    a_review_follows_the_facts_and_is_settled_when_they_agree_again,
    where_nothing_is_issued_yet_the_new_decision_simply_stands,
    an_award_under_way_is_finished_as_it_was_intended,
    what_was_revoked_is_not_awarded_again_by_a_late_fact,
    a_void_that_moves_nothing_leaves_no_review_and_no_fact_that_was_taken_back,
    a_term_that_is_over_stays_on_record_and_can_still_be_moved,
    reviews_keep_to_their_roles
);

pub(crate) struct Square {
    pub(crate) test: TestApp,
    key: String,
    pub(crate) member: MemberId,
}

impl Square {
    pub(crate) async fn start(store: Store) -> Self {
        let test = start(store).await;
        small_program(&test).await;
        let member = enrol(&test, "hikari").await;
        let key = test.api_key(Role::Admin).await;
        Self { test, key, member }
    }

    /// A contribution of that day of November; answers its id.
    pub(crate) async fn give(&self, n: u32, day: u32) -> String {
        send(&self.test, given(n, day)).await
    }

    pub(crate) async fn void(&self, contribution: &str) {
        let path = format!("/api/v1/contributions/{contribution}/void");
        assert_eq!(self.post(&path, json!({"reason": "counted by mistake"})).await.0, 200);
        self.test.settle().await;
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.test.http.get(self.test.url(path)).bearer_auth(&self.key).send().await.expect("answered");
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.expect("JSON")
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let request = self.test.http.post(self.test.url(path)).bearer_auth(&self.key).json(&body);
        let answer = request.send().await.expect("answered");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    pub(crate) async fn reviews(&self, state: &str) -> Vec<Value> {
        let body = self.get(&format!("/api/v1/reviews?state={state}")).await;
        assert_eq!(body["has_more"], false);
        body["data"].as_array().expect("a list").clone()
    }

    pub(crate) async fn credentials(&self) -> Vec<Credential> {
        credentials::of_member(self.test.app.db.read(), self.member).await.expect("read")
    }

    pub(crate) async fn only_credential(&self) -> Credential {
        let mut all = self.credentials().await;
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    async fn progress(&self) -> TrackProgress {
        let db = &self.test.app.db;
        let mut all = decisions::progress_of(db.read(), self.member, db.now()).await.expect("read");
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    async fn decided_at(&self) -> Option<String> {
        self.progress().await.decided.map(|d| rfc3339(d.decided_at))
    }

    pub(crate) async fn recount(&self) {
        let mut ch = self.test.app.db.change(Actor::System("test"), Kind::Ordinary).await.expect("the door opens");
        decisions::recount(&mut ch, self.member).await.expect("counted");
        ch.commit().await.expect("committed");
    }

    async fn signed(&self, known: &Credential) -> [String; 2] {
        let db = self.test.app.db.read();
        [
            credentials::signed_json(db, known).await.expect("signed"),
            credentials::signed_jwt(db, known).await.expect("signed"),
        ]
    }

    async fn deliver(&self, event: &DomainEvent) {
        credentials::on_event(&self.test.app, event).await.expect("heard");
    }
}

pub(crate) fn day(day: u32) -> String {
    format!("2026-11-{day:02}T09:00:00Z")
}

fn given(n: u32, on: u32) -> Value {
    let mut event = event(&format!("e-{n}"), "handle:hikari", &format!("changes/{n}"));
    event["time"] = json!(day(on));
    event
}

/// Everything that must not move: the row and both signed forms.
async fn assert_untouched(square: &Square, before: &Credential, signed: &[String; 2]) {
    let now = square.only_credential().await;
    assert_eq!(&now, before, "the credential stays as it is");
    assert_eq!(&square.signed(&now).await, signed);
}

async fn a_late_fact_dates_the_decision_earlier_and_opens_a_review(store: Store) {
    let square = Square::start(store).await;
    square.give(1, 10).await;
    square.give(2, 15).await;
    let known = square.only_credential().await;
    let signed = square.signed(&known).await;
    assert_eq!(rfc3339(known.awarded_at), day(15));
    assert!(square.reviews("open").await.is_empty());
    let first = square.progress().await.decided.expect("reached");

    square.give(3, 12).await;
    let second = square.progress().await.decided.expect("reached");
    assert_eq!((rfc3339(second.decided_at), second.met), (day(12), true));
    let db = square.test.app.db.read();
    let superseded = decisions::find(db, first.id).await.expect("kept");
    assert_eq!((superseded.superseded_by, superseded.decided_at), (Some(second.id), first.decided_at));
    assert_eq!(superseded.explanation, first.explanation, "the old record is as it was");
    assert_untouched(&square, &known, &signed).await;

    let reviews = square.reviews("open").await;
    assert_eq!(reviews.len(), 1);
    let review = &reviews[0];
    assert_eq!((&review["change"], &review["state"]), (&json!("earlier"), &json!("open")), "{review}");
    assert_eq!((&review["awarded_at"], &review["decided_at"]), (&json!(day(15)), &json!(day(12))));
    assert_eq!((&review["rests_on"], &review["says"]), (&json!(first.id), &json!(second.id)));
    assert_eq!((&review["credential"], &review["track"]), (&json!(known.id), &json!("giver")));
    let counts = |list: &str| review[list].as_array().expect("a list").len();
    assert_eq!((counts("counted_since"), counts("no_longer_counted")), (1, 1), "{review}");
    let actions: Vec<_> = review["actions"].as_array().expect("a list").iter().map(|a| &a["action"]).collect();
    assert_eq!(actions, ["keep", "revoke", "replace"]);

    // Counting and telling again changes nothing.
    square.recount().await;
    square.test.settle().await;
    let told = DomainEvent::DecisionSuperseded { decision: first.id, by: second.id, member: square.member };
    square.deliver(&told).await;
    assert_eq!(square.reviews("open").await, reviews);
    assert_eq!(square.test.count("SELECT COUNT(*) FROM decision").await, 2);

    let keep = format!("/api/v1/reviews/{}/keep", review["id"].as_str().expect("an id"));
    let (status, refused) = square.post(&keep, json!({"note": "x".repeat(501)})).await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!("/note")));
    assert_eq!(square.post(&keep, json!({"outcome": "kept"})).await.0, 422, "unknown fields are refused");
    for _ in 0..2 {
        let (status, kept) = square.post(&keep, json!({"note": "three days do not matter"})).await;
        assert_eq!((status, &kept["state"], &kept["closed"]["outcome"]), (200, &json!("closed"), &json!("kept")));
        assert_eq!((&kept["closed"]["note"], &kept["actions"]), (&json!("three days do not matter"), &json!([])));
    }
    let audited = square.test.audit_actions().await;
    assert_eq!(audited.iter().filter(|action| *action == "review.keep").count(), 1, "one decision, one row");
    square.deliver(&told).await;
    assert!(square.reviews("open").await.is_empty(), "nobody is asked twice about the same");
    assert_eq!(square.reviews("closed").await.len(), 1);
    assert_untouched(&square, &known, &signed).await;
}

async fn a_void_undoes_the_decision_and_opens_a_review(store: Store) {
    let square = Square::start(store).await;
    square.give(1, 10).await;
    let second = square.give(2, 15).await;
    let known = square.only_credential().await;
    let signed = square.signed(&known).await;
    square.void(&second).await;
    assert_eq!(square.decided_at().await, None);
    assert_untouched(&square, &known, &signed).await;
    let reviews = square.reviews("open").await;
    assert_eq!(reviews.len(), 1);
    assert_eq!((&reviews[0]["change"], &reviews[0]["decided_at"]), (&json!("undone"), &Value::Null));
    assert_eq!(reviews[0]["no_longer_counted"].as_array().map(Vec::len), Some(1));

    // Reached again on another day: the same review now says so, and nothing is issued beside what is out.
    square.give(3, 18).await;
    assert_eq!(square.decided_at().await, Some(day(18)));
    let now = square.reviews("open").await;
    assert_eq!((now.len(), &now[0]["id"], &now[0]["change"]), (1, &reviews[0]["id"], &json!("later")));
    assert_untouched(&square, &known, &signed).await;

    let revoke = format!("/api/v1/credentials/{}/revoke", known.id);
    assert_eq!(square.post(&revoke, json!({"reason_code": "requirements_not_met"})).await.0, 200);
    square.test.settle().await;
    assert!(square.reviews("open").await.is_empty());
    let closed = square.reviews("closed").await;
    assert_eq!((closed.len(), &closed[0]["closed"]["outcome"]), (1, &json!("revoked")));
    let keep = format!("/api/v1/reviews/{}/keep", closed[0]["id"].as_str().expect("an id"));
    let (status, late) = square.post(&keep, json!({})).await;
    assert_eq!((status, &late["code"]), (409, &json!("review_closed")));
    assert_eq!(square.only_credential().await.status, Status::Revoked);
}

async fn a_review_follows_the_facts_and_is_settled_when_they_agree_again(store: Store) {
    let square = Square::start(store).await;
    square.give(1, 10).await;
    let second = square.give(2, 12).await;
    square.give(3, 15).await;
    let known = square.only_credential().await;
    let signed = square.signed(&known).await;
    square.void(&second).await;
    assert_eq!(square.decided_at().await, Some(day(15)));
    assert_eq!(square.reviews("open").await[0]["change"], "later");
    square.give(4, 11).await;
    let open = square.reviews("open").await;
    assert_eq!((open.len(), &open[0]["change"], &open[0]["decided_at"]), (1, &json!("earlier"), &json!(day(11))));
    let decisions = square.test.count("SELECT COUNT(*) FROM decision").await;
    assert_eq!(decisions, 3, "each has a record of its own");
    let fourth = square.get(&format!("/api/v1/members/{}/progress", square.member)).await;
    assert_eq!(fourth["data"][0]["decided_at"], day(11));

    square.void("e-4").await;
    square.give(5, 12).await;
    assert!(square.reviews("open").await.is_empty(), "what is signed is what the facts say");
    let closed = square.reviews("closed").await;
    assert_eq!((closed.len(), &closed[0]["closed"]["outcome"]), (1, &json!("agrees")));
    assert_untouched(&square, &known, &signed).await;
}

async fn where_nothing_is_issued_yet_the_new_decision_simply_stands(store: Store) {
    let square = Square::start(store).await;
    square.give(1, 10).await;
    // Decided, and the award not begun, when the late one comes.
    receive_only(&square, given(2, 15)).await;
    square.recount().await;
    assert_eq!(square.decided_at().await, Some(day(15)));
    receive_only(&square, given(3, 12)).await;
    square.test.settle().await;
    assert_eq!(square.decided_at().await, Some(day(12)));
    assert_eq!(rfc3339(square.only_credential().await.awarded_at), day(12), "awarded on the decision that stands");
    assert_eq!(square.test.count("SELECT COUNT(*) FROM decision").await, 2);
    assert!(square.reviews("open").await.is_empty() && square.reviews("closed").await.is_empty());
}

/// Takes an event in without letting the worker go on.
async fn receive_only(square: &Square, event: Value) {
    let event = waymark::contributions::Envelope::structured(event).expect("well formed");
    let mut ch = square.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let all = waymark::contributions::Speaker::Any;
    waymark::contributions::receive(&mut ch, &all, &event).await.expect("received");
    ch.commit().await.expect("committed");
}

async fn an_award_under_way_is_finished_as_it_was_intended(store: Store) {
    let square = Square::start(store).await;
    square.give(1, 10).await;
    receive_only(&square, given(2, 15)).await;
    square.recount().await;
    let decided: DecisionId = square.progress().await.decided.expect("reached").id;
    square.deliver(&DomainEvent::DecisionReached { decision: decided, member: square.member }).await;
    assert!(square.credentials().await.is_empty(), "intended, not released");
    receive_only(&square, given(3, 12)).await;
    square.test.settle().await;
    let known = square.only_credential().await;
    assert_eq!(rfc3339(known.awarded_at), day(15), "what was intended is never rebuilt");
    let reviews = square.reviews("open").await;
    assert_eq!((reviews.len(), &reviews[0]["change"]), (1, &json!("earlier")));
}

async fn what_was_revoked_is_not_awarded_again_by_a_late_fact(store: Store) {
    let square = Square::start(store).await;
    square.give(1, 10).await;
    square.give(2, 15).await;
    let known = square.only_credential().await;
    let revoke = format!("/api/v1/credentials/{}/revoke", known.id);
    assert_eq!(square.post(&revoke, json!({"reason_code": "misconduct"})).await.0, 200);
    square.give(3, 12).await;
    assert_eq!(square.decided_at().await, Some(day(12)));
    credentials::tend(&square.test.app).await.expect("tended");
    square.test.settle().await;
    assert_eq!(square.only_credential().await.status, Status::Revoked);
    assert!(square.reviews("open").await.is_empty());
}

async fn a_void_that_moves_nothing_leaves_no_review_and_no_fact_that_was_taken_back(store: Store) {
    let square = Square::start(store).await;
    square.give(1, 10).await;
    let second = square.give(2, 15).await;
    square.give(3, 15).await;
    let known = square.only_credential().await;
    let signed = square.signed(&known).await;
    square.void(&second).await;
    let decided = square.progress().await.decided.expect("reached");
    assert_eq!(rfc3339(decided.decided_at), day(15));
    let taken_back = square.test.count("SELECT COUNT(*) FROM fact WHERE voided_by IS NOT NULL").await;
    assert_eq!(taken_back, 1);
    for fact in decided.explanation.facts() {
        let sql = format!("SELECT COUNT(*) FROM fact WHERE id = '{fact}' AND voided_by IS NULL");
        assert_eq!(square.test.count(&sql).await, 1, "a decision names no fact that was taken back");
    }
    assert!(square.reviews("open").await.is_empty() && square.reviews("closed").await.is_empty());
    assert_untouched(&square, &known, &signed).await;
}

async fn a_term_that_is_over_stays_on_record_and_can_still_be_moved(store: Store) {
    let square = Square::start(store).await;
    let mut ch = square.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let own = issuer::default_issuer(ch.tx()).await.expect("read").expect("there");
    let track = TrackDefinition::from_value(&json!({
        "slug": "giver", "kind": "title", "title": {"en": "Giver"}, "criteria": {"en": "One contribution"},
        "requires": {"standing": {"term": {"months": 1}}, "id": "give",
                     "contributions": {"types": ["change.merged"], "at_least": 1, "window": {"days": 10}}},
    }))
    .expect("valid");
    tracks::publish(&mut ch, own.id, &track).await.expect("published");
    ch.commit().await.expect("committed");
    let on = |n: u32, time: &str| {
        let mut event = given(n, 1);
        event["time"] = json!(time);
        event
    };
    for (n, time, now) in
        [(1, "2026-11-20T09:00:00Z", "2026-11-21T09:00:00Z"), (2, "2027-01-15T09:00:00Z", "2027-01-16T09:00:00Z")]
    {
        square.test.clock.set(parse_rfc3339(now).expect("valid"));
        send(&square.test, on(n, time)).await;
        assert_eq!(square.decided_at().await.as_deref(), Some(time));
    }
    square.test.clock.set(parse_rfc3339("2027-03-01T09:00:00Z").expect("valid"));
    square.recount().await;
    square.test.settle().await;
    assert_eq!(square.decided_at().await, None, "the last term is over");
    assert!(square.reviews("open").await.is_empty(), "an end that was foreseen asks nobody");
    assert_eq!(square.test.count("SELECT COUNT(*) FROM decision WHERE stands IS NOT NULL").await, 2);

    send(&square.test, on(3, "2026-11-18T09:00:00Z")).await;
    let reviews = square.reviews("open").await;
    assert_eq!(reviews.len(), 1);
    assert_eq!(
        (&reviews[0]["change"], &reviews[0]["decided_at"]),
        (&json!("earlier"), &json!("2026-11-18T09:00:00Z")),
        "the first term alone began earlier"
    );
    assert_eq!(square.test.count("SELECT COUNT(*) FROM decision WHERE stands IS NOT NULL").await, 2);
}

async fn reviews_keep_to_their_roles(store: Store) {
    let square = Square::start(store).await;
    square.give(1, 10).await;
    square.give(2, 15).await;
    let staff = Visitor::staff(&square.test, Role::Issuer).await;
    assert!(staff.page("/admin/reviews", "en").await.contains("Nothing to review."));
    assert!(staff.page("/admin/reviews", "ja").await.contains("見直すものはありません"));
    square.give(3, 12).await;
    let known = square.only_credential().await;
    let id = square.reviews("open").await[0]["id"].as_str().expect("an id").to_owned();
    let english = staff.page("/admin/reviews", "en").await;
    for text in [
        "met earlier than the credential says",
        "Contribution: changes/3",
        "Contribution: changes/2",
        "Keep it as it is",
        "15 Nov 2026",
        "12 Nov 2026",
        "Keeping it is usually right",
        "known since 21 Nov 2026",
    ] {
        assert!(english.contains(text), "{text}: {english}");
    }
    let japanese = staff.page("/admin/reviews", "ja").await;
    for text in
        ["認定に書かれた日時より前に", "貢献：changes/3", "そのままにする", "2026年11月12日", "ふつうはそのままで"]
    {
        assert!(japanese.contains(text), "{text}: {japanese}");
    }
    assert!(staff.page("/admin", "en").await.contains("One open"));
    assert!(staff.page("/admin", "ja").await.contains("1 件が待っています"));
    let one = format!("/admin/credentials/{}", known.id);
    assert!(staff.page(&one, "en").await.contains(&format!("/admin/reviews#{id}")));

    let auditor = Visitor::staff(&square.test, Role::Auditor).await;
    let read_only = auditor.page("/admin/reviews", "en").await;
    assert!(!read_only.contains("<textarea") && read_only.contains("Whoever may revoke credentials decides here."));
    let keep = format!("/admin/reviews/{id}/keep");
    let form = json!({"csrf": auditor.csrf("/admin").await, "note": ""});
    assert_eq!(auditor.post(&keep, form).await, 403);
    let member = Visitor::signed_in(&square.test, square.member).await;
    assert_eq!(member.get("/admin/reviews", "en").await.status(), 403);

    let csrf = staff.csrf("/admin/reviews").await;
    assert_eq!(staff.post(&keep, json!({"note": "no token"})).await, 403);
    let long = "x".repeat(501);
    assert_eq!(staff.post(&keep, json!({"csrf": csrf, "note": long})).await, 422);
    assert_eq!(square.reviews("open").await.len(), 1);
    assert_eq!(staff.post("/admin/reviews/rev_00000000000000000000000000/keep", json!({"csrf": csrf})).await, 404);
    assert_eq!(staff.post(&keep, json!({"csrf": csrf, "note": "fine"})).await, 303);
    assert!(square.reviews("open").await.is_empty());
    assert!(!staff.page(&one, "ja").await.contains("/admin/reviews#"));
    assert!(staff.page(&one, "ja").await.contains("見直し：そのままにした"));
    let unknown = square.test.http.get(square.test.url("/api/v1/reviews?state=half")).bearer_auth(&square.key);
    assert_eq!(unknown.send().await.expect("answered").status(), 422);
}
