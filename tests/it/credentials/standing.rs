//! Revoking, suspending, reinstating, as records, lists and verifiers show it.

use serde_json::json;
use time::Duration;
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::credentials::{self, Reason, ReasonCode, Status, StatusChange};
use waymark::database::{Kind, audit};
use waymark::error;
use waymark::facts;
use waymark::web::i18n::Locale;
use waymark_credential::model::StatusListCredential;
use waymark_credential::status_list::StatusList;
use waymark_credential::verify::{CheckId, Code, OwnRecord, State};
use waymark_criteria::Detail;

use super::Guild;
use crate::support::{Store, on_both};

on_both!(
    a_revoked_credential_is_revoked_everywhere_and_for_ever,
    a_suspended_one_comes_back_as_a_new_document_under_the_same_link,
    nobody_gives_back_what_they_hold,
    the_ledger_follows_the_standing,
    a_list_is_signed_anew_before_it_grows_old,
    sixty_four_awards_at_once_share_no_place_and_no_number
);

async fn list(guild: &Guild, document: &serde_json::Value) -> (String, u64, StatusList) {
    let url = document["credentialStatus"]["statusListCredential"].as_str().expect("a list").to_owned();
    let index = document["credentialStatus"]["statusListIndex"].as_str().expect("text").parse().expect("a number");
    let answer = guild.test.http.get(&url).send().await.expect("answered");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/vc");
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert!(answer.headers()["cache-control"].to_str().expect("text").starts_with("public, max-age="));
    let signed: StatusListCredential = answer.json().await.expect("a status list");
    assert_eq!(signed.id.as_str(), url);
    (url, index, StatusList::decode(&signed.credential_subject.encoded_list).expect("decodes"))
}

async fn a_revoked_credential_is_revoked_everywhere_and_for_ever(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let known = guild.released("hikari@members.example").await;
    let (signed, jwt) = guild.signed(&known).await;
    let document: serde_json::Value = serde_json::from_str(&signed).expect("JSON");
    let (_, index, bits) = list(&guild, &document).await;
    assert_eq!(bits.get(index), Ok(false));
    let rows = audit::recent(guild.test.app.db.read(), None, 100).await.expect("read").len();

    let path = format!("/api/v1/credentials/{}", known.id);
    let reason = json!({"reason_code": "misconduct", "public_reason": "An exam was sat by somebody else.", "internal_note": "case 7"});
    let (status, dry) = guild.post(&key, &format!("{path}/revoke?dry_run=true"), None, &reason).await;
    assert_eq!((status, &dry["changes"]), (200, &json!(true)));
    assert_eq!(guild.credential(known.id).await.status, Status::Valid);
    let (status, revoked) = guild.post(&key, &format!("{path}/revoke"), None, &reason).await;
    assert_eq!(
        (status, &revoked["state"], &revoked["reason_code"]),
        (200, &json!("revoked"), &json!("misconduct")),
        "{revoked}"
    );
    assert_eq!(revoked["public_reason"], "An exam was sat by somebody else.");
    assert!(!revoked.to_string().contains("case 7"), "notes for staff stay with staff");
    let entries = audit::recent(guild.test.app.db.read(), None, 100).await.expect("read");
    assert_eq!(entries.len(), rows + 1, "one change, one row");
    assert_eq!((entries[0].action.as_str(), &entries[0].object), ("credential.revoke", &known.id.to_string()));

    assert_eq!(list(&guild, &document).await.2.get(index), Ok(true));
    for form in [&signed, &jwt] {
        let report = guild.as_stranger(form).await;
        assert_eq!((report.state(), report.check(CheckId::Status).detail.code), (State::Revoked, Code::RevokedByList));
        let own = guild.own_policy().await;
        assert_eq!(guild.verify(form, own, Some(OwnRecord::Revoked)).await.state(), State::Revoked);
    }
    let (status, again) = guild.post(&key, &format!("{path}/revoke"), None, &reason).await;
    assert_eq!((status, &again["state"]), (200, &json!("revoked")), "a repeated step is no error");
    assert_eq!(audit::recent(guild.test.app.db.read(), None, 100).await.expect("read").len(), rows + 1);
    for step in ["suspend", "reinstate"] {
        let (status, refused) = guild.post(&key, &format!("{path}/{step}"), None, &reason).await;
        assert_eq!(
            (status, &refused["code"], &refused["status"]),
            (409, &json!("status_conflict"), &json!("revoked")),
            "{step}"
        );
    }
    assert_eq!(guild.post(&key, &format!("{path}/revoke"), None, &json!({"reason_code": "mood"})).await.0, 422);
    let by_auditor =
        guild.post(&guild.test.api_key(Role::Auditor).await, &format!("{path}/revoke"), None, &reason).await;
    assert_eq!(by_auditor.0, 403);
    assert_eq!(
        audit::verify(guild.test.app.db.read()).await.expect("read").expect("unbroken"),
        entries.len() as u64 + 1
    );
}

async fn a_suspended_one_comes_back_as_a_new_document_under_the_same_link(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let known = guild.released("hikari@members.example").await;
    let before: serde_json::Value = serde_json::from_str(&guild.signed(&known).await.0).expect("JSON");
    let path = format!("/api/v1/credentials/{}", known.id);
    let reason = json!({"reason_code": "holder_request"});
    let (status, suspended) = guild.post(&key, &format!("{path}/suspend"), None, &reason).await;
    assert_eq!((status, &suspended["state"]), (200, &json!("suspended")));
    let own = guild.own_policy().await;
    assert_eq!(
        guild.verify(&before.to_string(), own.clone(), Some(OwnRecord::Suspended)).await.state(),
        State::Suspended
    );
    assert_eq!(guild.as_stranger(&before.to_string()).await.state(), State::Revoked, "others see the bit alone");

    guild.test.clock.advance(Duration::hours(2));
    let (status, back) = guild.post(&key, &format!("{path}/reinstate"), None, &json!({"reason_code": "other"})).await;
    assert_eq!((status, &back["state"], &back["status"]), (200, &json!("released"), &json!("valid")), "{back}");
    assert_eq!(back["share_id"], known.share_id);
    let after = &back["credential"];
    assert_eq!(
        (&after["id"], &after["awardedDate"], &after["validUntil"]),
        (&before["id"], &before["awardedDate"], &before["validUntil"])
    );
    assert_eq!(after["credentialSubject"], before["credentialSubject"]);
    assert_eq!(after["validFrom"], "2026-11-21T11:00:00Z");
    assert_ne!(after["credentialStatus"]["statusListIndex"], before["credentialStatus"]["statusListIndex"]);
    assert_eq!(guild.as_stranger(&after.to_string()).await.state(), State::Valid);
    assert_eq!(guild.verify(&after.to_string(), own, Some(OwnRecord::Live)).await.state(), State::Valid);
    assert_eq!(guild.as_stranger(&before.to_string()).await.state(), State::Revoked, "a set bit never goes back");
    let known = guild.credential(known.id).await;
    assert_eq!(guild.as_stranger(&guild.signed(&known).await.1).await.state(), State::Valid, "the JWT too");
    let told: Vec<String> = credentials::history_of(guild.test.app.db.read(), known.id)
        .await
        .expect("read")
        .into_iter()
        .map(|h| h.what)
        .collect();
    assert_eq!(told, ["award", "release", "suspend", "reinstate", "release"]);
}

async fn nobody_gives_back_what_they_hold(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let path = format!("/api/v1/credentials/{}", known.id);
    let reason = json!({"reason_code": "other"});
    let own = guild.test.key_of(known.member, Role::Admin).await;
    assert_eq!(guild.post(&own, &format!("{path}/suspend"), None, &reason).await.0, 200, "giving up is one's own");
    // The same person under an id that was merged into theirs.
    let gone = guild.member("hikari@elsewhere.example", Locale::Ja).await;
    let alias = format!("INSERT INTO member_alias (gone, kept, at) VALUES ('{gone}', '{}', 0)", known.member);
    guild.test.run_sql(&alias).await;
    for key in [own, guild.test.key_of(gone, Role::Owner).await] {
        let (status, refused) = guild.post(&key, &format!("{path}/reinstate"), None, &reason).await;
        assert_eq!((status, &refused["code"]), (403, &json!("own_credential")), "a key is the hand of its maker");
    }
    let app = &guild.test.app;
    for person in [known.member, gone] {
        let mut ch = app.db.change(Actor::Member(person), Kind::Privileged).await.expect("the door opens");
        let why = Reason { code: ReasonCode::Other, public: None, internal: None };
        let step = credentials::change_status(app, &mut ch, known.id, StatusChange::Reinstate, &why).await;
        assert_eq!(step.expect_err("refused").code(), error::Code::OwnCredential, "nor in person");
    }
    assert_eq!(guild.credential(known.id).await.status, Status::Suspended);
    let other = guild.test.key_of(guild.member("ren@members.example", Locale::Ja).await, Role::Admin).await;
    assert_eq!(guild.post(&other, &format!("{path}/reinstate"), None, &reason).await.0, 200, "somebody else does");
}

async fn the_ledger_follows_the_standing(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let known = guild.released("hikari@members.example").await;
    let held = async || {
        let facts = facts::of_member(guild.test.app.db.read(), known.member).await.expect("read");
        let standing = facts.into_iter().filter(|f| f.voided_by.is_none());
        standing
            .filter_map(|f| match f.detail {
                Detail::Credential { ended_at, .. } => Some(ended_at.is_none()),
                _ => None,
            })
            .collect::<Vec<bool>>()
    };
    assert_eq!(held().await, [true]);
    let path = format!("/api/v1/credentials/{}", known.id);
    for (step, reason, expected) in [
        ("suspend", "misconduct", vec![false]),
        ("reinstate", "other", vec![true]),
        ("suspend", "misconduct", vec![false]),
        ("revoke", "issued_in_error", vec![]),
    ] {
        let (status, body) = guild.post(&key, &format!("{path}/{step}"), None, &json!({"reason_code": reason})).await;
        assert_eq!(status, 200, "{step}: {body}");
        assert_eq!(held().await, expected, "{step}");
    }
}

async fn a_list_is_signed_anew_before_it_grows_old(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let document: serde_json::Value = serde_json::from_str(&guild.signed(&known).await.0).expect("JSON");
    let url = document["credentialStatus"]["statusListCredential"].as_str().expect("a list").to_owned();
    let fetch = async || guild.test.http.get(&url).send().await.expect("answered").text().await.expect("read");
    let first = fetch().await;
    guild.test.clock.advance(Duration::hours(11));
    assert_eq!(fetch().await, first, "the same bytes while they are fresh");
    guild.test.clock.advance(Duration::hours(2));
    let second: StatusListCredential = serde_json::from_str(&fetch().await).expect("a list");
    assert_eq!(second.valid_from.expect("dated").as_str(), "2026-11-21T22:00:00Z");
    assert_eq!(second.valid_until.expect("ends").as_str(), "2026-11-22T22:00:00Z");
    guild.test.clock.advance(Duration::days(30));
    assert_eq!(guild.as_stranger(&document.to_string()).await.state(), State::Valid);
    let asked = guild.test.http.get(&url).header("accept", "application/json").send().await.expect("answered");
    assert_eq!(asked.headers()["content-type"], "application/json");
    assert_eq!(guild.test.http.get(format!("{url}x")).send().await.expect("answered").status(), 404);
}

async fn sixty_four_awards_at_once_share_no_place_and_no_number(store: Store) {
    let guild = std::sync::Arc::new(Guild::start(store).await);
    let mut members = vec![];
    for n in 0..64 {
        members.push(guild.member(&format!("m{n}@members.example"), Locale::En).await);
    }
    let mut running = tokio::task::JoinSet::new();
    for member in members {
        let guild = guild.clone();
        running.spawn(async move {
            let id = guild.award(member).await;
            credentials::release(&guild.test.app, id).await.expect("released");
            guild.credential(id).await
        });
    }
    let made = running.join_all().await;
    let mut numbers: Vec<String> = made.iter().map(|c| c.number.clone()).collect();
    numbers.sort();
    let expected: Vec<String> = (1..=64).map(|n| format!("EG-2026-{n:06}")).collect();
    assert_eq!(numbers, expected);
    let mut places = std::collections::BTreeSet::new();
    for known in &made {
        let document: serde_json::Value = serde_json::from_str(&guild.signed(known).await.0).expect("JSON");
        places.insert(document["credentialStatus"]["id"].as_str().expect("a place").to_owned());
    }
    assert_eq!(places.len(), 64);
}
