//! The next term, and awards that are withdrawn before anybody claimed them.

use serde_json::{Value, json};
use time::Duration;
use waymark::clock::rfc3339;
use waymark::credentials::{self, Status};
use waymark::facts;
use waymark_credential::verify::State;
use waymark_criteria::Detail;

use super::Guild;
use super::pages::Browser;
use crate::support::{Store, on_both};

on_both!(
    a_renewal_counts_on_from_the_old_end,
    after_the_end_it_counts_from_now,
    what_cannot_be_renewed_says_why,
    what_nobody_claimed_is_withdrawn_in_silence,
    what_was_claimed_is_not_cancelled,
    staff_renew_and_cancel_on_pages
);

async fn show(guild: &Guild, body: &Value) {
    let sql = format!("UPDATE credential SET visibility = 'link' WHERE id = {}", quoted(&body["id"]));
    guild.test.run_sql(&sql).await;
}

fn quoted(id: &Value) -> String {
    format!("'{}'", id.as_str().expect("an id"))
}

async fn a_renewal_counts_on_from_the_old_end(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let old = guild.released("hikari@members.example").await;
    assert_eq!(old.valid_until.map(rfc3339).as_deref(), Some("2029-11-21T14:59:59Z"));
    guild.test.clock.advance(Duration::days(1000));
    let path = format!("/api/v1/credentials/{}/renew", old.id);
    let (status, dry) = guild.post(&key, &format!("{path}?dry_run=true"), None, &json!({})).await;
    assert_eq!((status, &dry["credential"]["validUntil"]), (200, &json!("2032-11-21T14:59:59Z")), "{dry}");
    assert_eq!(guild.post(&key, &path, None, &json!({})).await.0, 400, "an idempotency key is asked for");
    let (status, next) = guild.post(&key, &path, Some("k"), &json!({})).await;
    assert_eq!((status, &next["term"], &next["valid_until"]), (201, &json!(2), &json!("2032-11-21T14:59:59Z")));
    assert_ne!(next["number"], json!(old.number), "a term has a number of its own");
    assert_eq!(next["visibility"], "private");
    let (status, again) = guild.post(&key, &path, Some("l"), &json!({})).await;
    assert_eq!((status, &again["id"]), (200, &next["id"]), "asking again answers the same one");

    let was = guild.credential(old.id).await;
    assert_eq!((was.status, was.valid_until), (Status::Valid, old.valid_until));
    assert_eq!(
        guild.as_stranger(&guild.signed(&was).await.0).await.state(),
        State::Valid,
        "it stays what its dates say"
    );
    let (_, told) = guild.get(&key, &format!("/api/v1/credentials/{}", old.id)).await;
    assert_eq!(told["renewed_by"], next["id"]);
    show(&guild, &told).await;
    let url = guild.test.url(&format!("/c/{}", old.share_id));
    let page = async || guild.test.http.get(&url).send().await.expect("answered").text().await.expect("text");
    let share = next["share_id"].as_str().expect("an id");
    let html = page().await;
    assert!(html.contains("It was renewed on") && !html.contains(share), "{html}");
    show(&guild, &next).await;
    assert!(page().await.contains(&format!("/c/{share}")), "it leads on where its holder shows the other");
    let own = Browser::of(&guild, old.member).await;
    assert!(own.get("/me", "ja").await.1.contains("更新されました"));
    guild.test.settle().await;
    assert_eq!(credentials::examine(&guild.test.app).await.expect("examined").damage, []);
}

async fn after_the_end_it_counts_from_now(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let old = guild.released("hikari@members.example").await;
    guild.test.clock.advance(Duration::days(1200));
    assert!(guild.credential(old.id).await.has_expired(guild.test.app.db.now()));
    let path = format!("/api/v1/credentials/{}/renew", old.id);
    let (status, next) = guild.post(&key, &path, Some("k"), &json!({})).await;
    assert_eq!((status, &next["valid_until"]), (201, &json!("2033-03-05T14:59:59Z")), "{next}");
    let body = json!({"valid_until": "2035-01-31", "evidence": [{"name": "A course"}]});
    let path = format!("/api/v1/credentials/{}/renew", next["id"].as_str().expect("an id"));
    let (status, third) = guild.post(&key, &path, Some("k"), &body).await;
    assert_eq!((status, &third["term"], &third["valid_until"]), (201, &json!(3), &json!("2035-01-31T14:59:59Z")));
    assert_eq!(third["credential"]["evidence"][0]["name"], "A course");
}

async fn what_cannot_be_renewed_says_why(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    for (n, (harm, reason)) in [
        ("UPDATE credential SET valid_until = NULL WHERE id = ", "endless"),
        ("UPDATE credential SET status = 'suspended' WHERE id = ", "suspended"),
        ("UPDATE credential SET status = 'revoked', live = NULL WHERE id = ", "revoked"),
        ("UPDATE credential SET stage = 'intended' WHERE id = ", "waiting"),
    ]
    .into_iter()
    .enumerate()
    {
        let known = guild.released(&format!("m{n}@members.example")).await;
        guild.test.run_sql(&format!("{harm}'{}'", known.id)).await;
        let path = format!("/api/v1/credentials/{}/renew", known.id);
        let (status, refused) = guild.post(&key, &path, Some("k"), &json!({})).await;
        assert_eq!((status, &refused["reason"]), (409, &json!(reason)), "{refused}");
    }
}

async fn what_nobody_claimed_is_withdrawn_in_silence(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let known = guild.released("hikari@members.example").await;
    let signed = guild.signed(&known).await.0;
    let path = format!("/api/v1/credentials/{}/cancel", known.id);
    let (status, dry) = guild.post(&key, &format!("{path}?dry_run=true"), None, &json!({})).await;
    assert_eq!((status, &dry["changes"]), (200, &json!(true)));
    assert_eq!(guild.credential(known.id).await.status, Status::Valid);
    let (status, body) = guild.post(&key, &path, None, &json!({"internal_note": "the wrong list"})).await;
    assert_eq!((status, &body["state"], body["cancelled_at"].is_string()), (200, &json!("revoked"), true), "{body}");
    assert_eq!(guild.post(&key, &path, None, &json!({})).await.0, 200, "a second time changes nothing");
    assert_eq!(guild.test.audit_actions().await.iter().filter(|action| *action == "credential.cancel").count(), 1);
    assert_eq!(guild.as_stranger(&signed).await.state(), State::Revoked);
    let facts = facts::of_member(guild.test.app.db.read(), known.member).await.expect("read");
    let held = facts.iter().filter(|f| f.voided_by.is_none() && matches!(f.detail, Detail::Credential { .. })).count();
    assert_eq!(held, 0, "it was never held");
    let own = Browser::of(&guild, known.member).await;
    assert!(!own.get("/me", "en").await.1.contains(&known.id.to_string()), "they never see it");
    let (_, listed) = guild.get(&key, &format!("/api/v1/members/{}/credentials", known.member)).await;
    assert_eq!(listed["data"], json!([]));
    let anew = json!({"track": "foundations", "member": known.member});
    let again = guild.post(&key, "/api/v1/credentials", Some("n"), &anew).await;
    assert_eq!(again.0, 201, "they can be awarded it anew");
    guild.test.settle().await;
    assert_eq!(credentials::examine(&guild.test.app).await.expect("examined").damage, []);
}

async fn what_was_claimed_is_not_cancelled(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let known = guild.released("hikari@members.example").await;
    let own = Browser::of(&guild, known.member).await;
    // Signing out does not undo that they have seen it.
    let csrf = own.csrf().await;
    assert_eq!(own.post("/logout", &json!({"csrf": csrf})).await.0, 303);
    let path = format!("/api/v1/credentials/{}/cancel", known.id);
    let (status, refused) = guild.post(&key, &path, None, &json!({})).await;
    assert_eq!((status, &refused["code"]), (409, &json!("claimed")), "{refused}");
    assert_eq!(guild.credential(known.id).await.status, Status::Valid);
}

async fn staff_renew_and_cancel_on_pages(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let staff = Browser::staff(&guild, waymark::access::Role::Issuer).await;
    let one = format!("/admin/credentials/{}", known.id);
    let csrf = staff.csrf().await;
    for language in ["en", "ja"] {
        for step in ["renew", "cancel"] {
            assert!(staff.get(&one, language).await.1.contains(&format!("{one}/{step}")));
            assert_eq!(staff.get(&format!("{one}/{step}"), language).await.0, 200);
        }
    }
    let (_, html) = staff.get(&format!("{one}/renew"), "en").await;
    assert!(html.contains("21 Nov 2029") && html.contains("21 Nov 2032"), "{html}");
    let wrong = json!({"csrf": csrf, "valid_until": "2026-01-01"});
    assert_eq!(staff.post(&format!("{one}/renew"), &wrong).await.0, 422);
    assert_eq!(staff.post(&format!("{one}/renew"), &json!({"csrf": csrf})).await.0, 303);
    assert_eq!(staff.post(&format!("{one}/cancel"), &json!({"csrf": csrf})).await.0, 303);
    assert!(guild.credential(known.id).await.cancelled_at.is_some());
    let (_, html) = staff.get(&one, "en").await;
    assert!(html.contains("Cancelled before it was claimed"), "{html}");
    let claimed = guild.released("aoi@members.example").await;
    Browser::of(&guild, claimed.member).await;
    let one = format!("/admin/credentials/{}", claimed.id);
    assert!(!staff.get(&one, "en").await.1.contains(&format!("{one}/cancel")), "the button is gone");
    let (status, html) = staff.post(&format!("{one}/cancel"), &json!({"csrf": csrf})).await;
    assert!(status == 422 && html.contains("Its holder has signed in"), "{html}");
}
