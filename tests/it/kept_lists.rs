//! What the server keeps of its own lists and documents: what follows from the same bytes, and nothing that a flip would change.

use std::sync::Arc;

use serde_json::{Value, json};
use time::Duration;
use waymark::app::App;
use waymark::clock::Timestamp;
use waymark::verification::resolve;
use waymark_credential::verify::{CheckId, Code, Policy, ProvedList, Report, State, Supply, Verification, Want};

use crate::credentials::Guild;
use crate::support::{Store, on_both};

on_both!(a_list_of_ours_is_proved_once_and_a_flip_is_seen_at_once);

async fn list(app: &App, want: &Want, now: Timestamp) -> Arc<ProvedList> {
    match resolve(app, want, false, now).await.expect("answered") {
        Supply::List(list) => list,
        other => panic!("{other:?}"),
    }
}

/// As somebody without our records, by what our store answers.
async fn judged(app: &App, signed: &str, now: Timestamp) -> Report {
    let mut verification = Verification::open(signed.as_bytes(), &Policy::product(), now).expect("a credential");
    while let Some(want) = verification.wants().first().cloned() {
        let supply = resolve(app, &want, false, now).await.expect("answered");
        verification.supply(&want, supply);
    }
    verification.report()
}

async fn a_list_of_ours_is_proved_once_and_a_flip_is_seen_at_once(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let other = guild.released("minato@members.example").await;
    let (signed, _) = guild.signed(&known).await;
    let (beside, _) = guild.signed(&other).await;
    let app = &guild.test.app;
    let document: Value = serde_json::from_str(&signed).expect("JSON");
    let url = document["credentialStatus"]["statusListCredential"].as_str().expect("a list");
    let (want, now) = (Want::StatusList(url.to_owned()), app.db.now());

    let first = list(app, &want, now).await;
    assert_eq!(judged(app, &signed, now).await.state(), State::Valid);
    assert_eq!(list(app, &want, now).await, first);
    assert_eq!((app.lists.len(), app.documents.len()), (1, 1), "proved once, and by one document");

    let key = guild.admin().await;
    let path = format!("/api/v1/credentials/{}/revoke", known.id);
    assert_eq!(guild.post(&key, &path, None, &json!({"reason_code": "other"})).await.0, 200);
    let report = judged(app, &signed, now).await;
    assert_eq!((report.state(), report.check(CheckId::Status).detail.code), (State::Revoked, Code::RevokedByList));
    assert_ne!(list(app, &want, now).await, first);
    assert_eq!(judged(app, &beside, now).await.state(), State::Valid, "its neighbour stands");

    // past the age at which a copy is too old: ours was read just now
    let later = now + Duration::minutes(20);
    assert_eq!(judged(app, &beside, later).await.state(), State::Valid);
    assert_eq!(app.lists.len(), 2, "and it was not proved again for that");
}
