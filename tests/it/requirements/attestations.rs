//! Vouching for a member: who may, for what, how often, and how it is taken back.

use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::database::Kind;
use waymark::ids::{self, AttestationId, MemberId};

use super::Square;
use crate::contributions::enrol;
use crate::home::Visitor;
use crate::support::{Store, on_both};

on_both!(
    an_attestation_meets_what_is_asked_and_taking_it_back_opens_a_review,
    nobody_vouches_for_themselves,
    only_roles_that_a_track_asks_for_are_spoken_in,
    staff_vouch_on_a_page,
    vouching_keeps_to_its_roles
);

fn trusted() -> Value {
    json!({
        "slug": "trusted", "kind": "milestone",
        "title": {"ja": "信頼", "en": "Trusted"}, "criteria": {"ja": "認められる", "en": "Be vouched for"},
        "requires": {"id": "word", "attested": {"role": "organizer"}},
    })
}

async fn staff(square: &Square, handle: &str, role: Role) -> MemberId {
    let member = enrol(&square.test, handle).await;
    let mut ch = square.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    access::give_role(&mut ch, member, role).await.expect("given");
    ch.commit().await.expect("committed");
    member
}

async fn an_attestation_meets_what_is_asked_and_taking_it_back_opens_a_review(store: Store) {
    let square = Square::start(store, &[trusted()]).await;
    let path = format!("/api/v1/members/{}/attestations", square.member);
    let body = json!({"role": "organizer", "note": "ran the spring meeting"});
    let (status, said) = square.post(&path, &body).await;
    assert_eq!((status, &said["role"], &said["note"]), (201, &json!("organizer"), &json!("ran the spring meeting")));
    let (status, again) = square.post(&path, &json!({"role": "organizer"})).await;
    assert_eq!((status, &again), (200, &said), "said twice, it is said once");
    square.test.settle().await;
    let known = square.credentials().await;
    assert_eq!(known.len(), 1);

    let void = format!("/api/v1/attestations/{}/void", said["id"].as_str().expect("an id"));
    assert_eq!(square.post(&void, &json!({"reason": " "})).await.0, 422);
    let (status, taken) = square.post(&void, &json!({"reason": "somebody else's work"})).await;
    assert_eq!((status, &taken["voided"]["reason"]), (200, &json!("somebody else's work")), "{taken}");
    assert_eq!(square.post(&void, &json!({"reason": "again"})).await.1, taken, "taken back once");
    square.test.settle().await;
    assert_eq!(square.credentials().await, known, "what was released stays as it is");
    let reviews = square.get("/api/v1/reviews").await;
    assert_eq!(reviews["data"][0]["change"], "undone", "{reviews}");
    let audited = square.test.audit_actions().await;
    let count = |action: &str| audited.iter().filter(|row| *row == action).count();
    assert_eq!((count("attestation.record"), count("attestation.void")), (1, 1));

    // Said anew, it counts anew, from then on.
    let (status, anew) = square.post(&path, &json!({"role": "organizer"})).await;
    assert_eq!(status, 201);
    assert_ne!(anew["id"], said["id"]);
    let listed = square.get(&path).await;
    let listed = listed["data"].as_array().expect("a list");
    assert!(listed.len() == 2 && listed.contains(&taken) && listed.contains(&anew), "{listed:?}");
    square.test.settle().await;
    square.assert_replayed().await;
}

async fn nobody_vouches_for_themselves(store: Store) {
    let square = Square::start(store, &[trusted()]).await;
    let aoi = staff(&square, "aoi", Role::Admin).await;
    let page = Visitor::signed_in(&square.test, aoi).await;
    let csrf = page.csrf("/admin/attestations").await;
    let form = |email: &str| json!({"csrf": csrf, "email": email, "role": "organizer"});
    assert_eq!(page.post("/admin/attestations", form("aoi@members.example")).await, 422);
    assert_eq!(square.test.count("SELECT COUNT(*) FROM attestation").await, 0);
    assert_eq!(page.post("/admin/attestations", form("hikari@members.example")).await, 303);
    square.test.settle().await;
    let giver = square.test.texts("SELECT giver FROM fact WHERE kind = 'attestation'").await;
    assert_eq!(giver, [aoi.to_string()], "the fact says who vouched");

    // A key that she made is her voice: not for herself, and not a second one for others.
    let mut ch = square.test.app.db.change(Actor::Member(aoi), Kind::Privileged).await.expect("the door opens");
    let (_, key) = access::create_api_key(&mut ch, "hers", Role::Admin, None).await.expect("made");
    ch.commit().await.expect("committed");
    let says = async |member: MemberId| {
        let url = square.test.url(&format!("/api/v1/members/{member}/attestations"));
        let answer = square.test.http.post(url).bearer_auth(&key).json(&json!({"role": "organizer"})).send().await;
        answer.expect("answered").status().as_u16()
    };
    assert_eq!((says(aoi).await, says(square.member).await), (403, 200));
    assert_eq!(square.test.count("SELECT COUNT(*) FROM attestation").await, 1);
}

async fn only_roles_that_a_track_asks_for_are_spoken_in(store: Store) {
    let square = Square::start(store, &[trusted()]).await;
    let path = format!("/api/v1/members/{}/attestations", square.member);
    let (status, refused) = square.post(&path, &json!({"role": "chair"})).await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!("/role")), "{refused}");
    assert!(refused["errors"][0]["detail"].as_str().is_some_and(|detail| detail.contains("organizer")), "{refused}");
    let (status, refused) = square.post(&path, &json!({"role": "organizer", "note": "x".repeat(1001)})).await;
    assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!("/note")), "{refused}");
    assert_eq!(square.post(&path, &json!({"role": "organizer", "company": "x"})).await.0, 422);
    let db = &square.test.app.db;
    let nobody = ids::fresh::<MemberId>(db.now(), db.entropy.as_ref());
    let none = ids::fresh::<AttestationId>(db.now(), db.entropy.as_ref());
    let body = json!({"role": "organizer"});
    assert_eq!(square.post(&format!("/api/v1/members/{nobody}/attestations"), &body).await.0, 404);
    assert_eq!(square.post(&format!("/api/v1/attestations/{none}/void"), &json!({"reason": "x"})).await.0, 404);
    assert_eq!(square.test.count("SELECT COUNT(*) FROM attestation").await, 0);
}

async fn staff_vouch_on_a_page(store: Store) {
    let square = Square::start(store, &[trusted()]).await;
    let page = Visitor::staff(&square.test, Role::Examiner).await;
    for (language, title) in [("en", "Attestations"), ("ja", "推薦・証言の記録")] {
        assert!(page.page("/admin/attestations", language).await.contains(title));
        assert!(page.page("/admin", language).await.contains(title));
    }
    let prefilled = page.page(&format!("/admin/attestations?member={}", square.member), "en").await;
    assert!(prefilled.contains(r#"value="hikari@members.example""#), "{prefilled}");
    let csrf = page.csrf("/admin/attestations").await;
    let form =
        |role: &str, email: &str| json!({"csrf": csrf, "email": email, "role": role, "note": "<b>ran</b> the meeting"});
    assert_eq!(page.post("/admin/attestations", form("organizer", "nobody@members.example")).await, 422);
    assert_eq!(page.post("/admin/attestations", form("chair", "hikari@members.example")).await, 422);
    for _ in 0..2 {
        assert_eq!(page.post("/admin/attestations", form("organizer", "hikari@members.example")).await, 303);
    }
    assert_eq!(square.test.count("SELECT COUNT(*) FROM attestation").await, 1);
    let html = page.page("/admin/attestations?done=said", "en").await;
    assert!(html.contains("role “organizer”, by Member examiner") && html.contains("Recorded."), "{html}");
    assert!(html.contains("&#60;b&#62;ran") && !html.contains("<b>ran"), "what staff write stays text: {html}");
    let id = square.test.texts("SELECT id FROM attestation").await.remove(0);
    let void = format!("/admin/attestations/{id}/void");
    assert_eq!(page.post(&void, json!({"csrf": csrf, "reason": ""})).await, 422);
    assert_eq!(page.post(&void, json!({"csrf": csrf, "reason": "by mistake"})).await, 303);
    assert!(page.page("/admin/attestations", "ja").await.contains("取り消し：by mistake"));
    let me = Visitor::signed_in(&square.test, square.member).await;
    square.test.settle().await;
    assert!(me.page("/me", "en").await.contains("Taken back"), "the member is told");
}

async fn vouching_keeps_to_its_roles(store: Store) {
    let square = Square::start(store, &[trusted()]).await;
    let path = format!("/api/v1/members/{}/attestations", square.member);
    for (role, expected) in [
        (Role::Owner, 201),
        (Role::Admin, 201),
        (Role::Issuer, 201),
        (Role::Examiner, 201),
        (Role::Auditor, 403),
        (Role::Source, 403),
        (Role::Conformance, 403),
    ] {
        let key = square.test.api_key(role).await;
        let request = square.test.http.post(square.test.url(&path)).bearer_auth(&key);
        let answer = request.json(&json!({"role": "organizer"})).send().await.expect("answered");
        assert_eq!(answer.status().as_u16(), expected, "{role:?}");
    }
    let me = Visitor::signed_in(&square.test, square.member).await;
    assert_eq!(me.get("/admin/attestations", "en").await.status(), 403);
    let nobody = square.test.http.post(square.test.url(&path)).json(&json!({"role": "organizer"}));
    assert_eq!(nobody.send().await.expect("answered").status(), 401);
}
