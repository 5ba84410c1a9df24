//! Issuing through the API, and through decisions.

use serde_json::json;
use time::Duration;
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::clock::{parse_rfc3339, rfc3339};
use waymark::database::{Kind, audit};
use waymark::facts::{self, NewFact};
use waymark::web::i18n::Locale;
use waymark::{access, credentials, decisions};
use waymark_credential::verify::{CheckId, Outcome, State};
use waymark_criteria::{Amount, Detail};

use super::Guild;
use crate::support::{Store, on_both};

on_both!(
    an_issued_credential_verifies_in_both_forms_and_says_what_the_contract_says,
    a_dry_run_shows_the_document_and_writes_nothing,
    wrong_requests_are_refused_with_their_pointers,
    nobody_backdates_without_evidence_from_that_day,
    only_those_who_may_issue_and_read_do,
    whoever_issues_to_themselves_is_told_of,
    a_decision_becomes_a_private_credential,
    a_second_award_answers_the_first_and_a_revoked_one_makes_room
);

async fn an_issued_credential_verifies_in_both_forms_and_says_what_the_contract_says(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let body = json!({
        "track": "foundations", "recipient": {"name": "七瀬 ひかり", "email": "hikari@members.example", "locale": "ja"},
        "evidence": [{"name": "三つの変更", "url": "https://guild.example/work/1"}],
        "results": [{"name": "得点", "value": "31", "max": "35", "required": "26"}]
    });
    let (status, made) = guild.post(&key, "/api/v1/credentials", Some("first"), &body).await;
    assert_eq!(status, 201, "{made}");
    let audited = guild.test.audit_actions().await;
    assert_eq!(audited.iter().filter(|action| *action == "credential.award").count(), 1, "{audited:?}");
    assert_eq!(
        (&made["state"], &made["status"], &made["visibility"]),
        (&json!("released"), &json!("valid"), &json!("private"))
    );
    assert_eq!(made["number"], "EG-2026-000001");
    assert_eq!(made["check_code"].as_str().expect("a code").len(), 6);
    let share = made["share_id"].as_str().expect("a share id");
    assert_eq!(made["url"], format!("{}/c/{share}", guild.test.base));

    let document = &made["credential"];
    assert_eq!(document["@context"].as_array().expect("an array").len(), 2);
    assert!(document["id"].as_str().expect("an id").starts_with("urn:uuid:"));
    let subject = &document["credentialSubject"];
    assert_eq!(
        (&subject["name"], &subject["identifier"][0]["identityHash"]),
        (&json!("七瀬 ひかり"), &json!("七瀬 ひかり"))
    );
    assert_eq!(subject["identifier"][0]["hashed"], false);
    assert_ne!(subject["id"], document["id"]);
    assert!(!document.to_string().contains("hikari@members.example"), "an address never stands in a credential");
    let achievement = &subject["achievement"];
    assert_eq!((&achievement["name"], &achievement["inLanguage"]), (&json!("基礎"), &json!("ja")));
    assert_eq!(achievement["related"][0]["inLanguage"], "en");
    assert!(achievement["id"].as_str().expect("an id").starts_with(&format!("{}/achievements/trk_", guild.test.base)));
    assert_eq!(document["validFrom"], "2026-11-21T09:00:00Z");
    assert_eq!(document["proof"][0]["created"], document["validFrom"]);
    assert_eq!(document["awardedDate"], "2026-11-21T09:00:00Z");
    assert_eq!(document["validUntil"], "2029-11-21T14:59:59Z", "the end of that day in Tokyo");
    assert_eq!(document["credentialStatus"]["statusPurpose"], "revocation");
    for member in ["type", "proof", "evidence"] {
        assert!(document[member].is_array(), "{member}");
    }
    assert!(subject["result"].is_array());
    let (_, profile) = guild.get(&key, "/issuer?lang=ja").await;
    assert_eq!(document["issuer"], profile, "/issuer answers that same Profile");

    let known =
        credentials::by_share_id(guild.test.app.db.read(), &share.to_uppercase()).await.expect("read").expect("there");
    let (json, jwt) = guild.signed(&known).await;
    assert_eq!(serde_json::from_str::<serde_json::Value>(&json).expect("JSON"), *document);
    for signed in [json, jwt] {
        let report = guild.as_stranger(&signed).await;
        assert_eq!(report.state(), State::Valid, "{:?}", report.checks());
        assert_eq!(report.check(CheckId::Status).outcome, Outcome::Passed);
        assert_eq!(report.shown().expect("shown").credential().id.as_str(), known.uuid);
    }
}

async fn a_dry_run_shows_the_document_and_writes_nothing(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let before = audit::recent(guild.test.app.db.read(), None, 100).await.expect("read").len();
    let body = json!({"track": "foundations", "recipient": {"name": "Aoi", "email": "aoi@members.example"}});
    let (status, shown) = guild.post(&key, "/api/v1/credentials?dry_run=true", None, &body).await;
    assert_eq!((status, &shown["dry_run"]), (200, &json!(true)), "{shown}");
    assert_eq!(
        shown["credential"]["credentialSubject"]["achievement"]["name"], "基礎",
        "who names no language gets the program's first"
    );
    assert!(shown["credential"].get("proof").is_none());
    let after = audit::recent(guild.test.app.db.read(), None, 100).await.expect("read").len();
    assert_eq!(before, after);
    assert!(waymark::members::by_email(guild.test.app.db.read(), "aoi@members.example").await.expect("read").is_none());
}

async fn wrong_requests_are_refused_with_their_pointers(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let aoi = json!({"name": "Aoi", "email": "aoi@members.example"});
    for (body, pointer) in [
        (json!({"track": "nowhere", "recipient": aoi}), "/track"),
        (json!({"track": "foundations", "member": "mem_00000000000000000000000000"}), "/member"),
        (json!({"track": "foundations", "member": "somebody"}), "/member"),
        (json!({"track": "foundations"}), ""),
        (json!({"track": "foundations", "recipient": {"name": "Aoi", "email": "aoi"}}), "/recipient/email"),
        (
            json!({"track": "foundations", "recipient": {"name": " ", "email": "aoi@members.example"}}),
            "/recipient/name",
        ),
        (json!({"track": "foundations", "recipient": aoi, "awarded_at": "soon"}), "/awarded_at"),
        (json!({"track": "foundations", "recipient": aoi, "awarded_at": "2026-11-22"}), "/awarded_at"),
        (json!({"track": "foundations", "recipient": aoi, "valid_until": "2020-01-01"}), "/validUntil"),
        (json!({"track": "foundations", "recipient": aoi, "valid_until": "x"}), "/valid_until"),
        (json!({"track": "foundations", "recipient": aoi, "evidence": [{"url": "work/1"}]}), "/evidence/0/url"),
        (json!({"track": "foundations", "recipient": aoi, "evidence": [{}]}), "/evidence/0"),
        (json!({"track": "foundations", "recipient": aoi, "score": 3}), "/score"),
    ] {
        let (status, refused) = guild.post(&key, "/api/v1/credentials", Some("wrong"), &body).await;
        assert_eq!((status, refused["errors"][0]["pointer"].as_str()), (422, Some(pointer)), "{body} → {refused}");
    }
    let (status, refused) =
        guild.post(&key, "/api/v1/credentials", None, &json!({"track": "foundations", "recipient": aoi})).await;
    assert_eq!((status, &refused["code"]), (400, &json!("idempotency_key_required")));
    assert!(waymark::members::by_email(guild.test.app.db.read(), "aoi@members.example").await.expect("read").is_none());
}

async fn nobody_backdates_without_evidence_from_that_day(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let mut body = json!({"track": "foundations", "recipient": {"name": "Aoi", "email": "aoi@members.example"}, "awarded_at": "2026-04-01",
        "evidence": [{"name": "Minutes of the spring meeting", "date": "2026-04-02"}]});
    let (status, refused) = guild.post(&key, "/api/v1/credentials", Some("a"), &body).await;
    assert_eq!((status, &refused["errors"][0]["code"]), (422, &json!("no_evidence")));
    body["evidence"][0]["date"] = json!("2026-04-01T12:00:00+09:00");
    let (status, made) = guild.post(&key, "/api/v1/credentials", Some("b"), &body).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["credential"]["awardedDate"], "2026-03-31T15:00:00Z", "the first moment of that day in Tokyo");
    assert_eq!(made["credential"]["validFrom"], "2026-11-21T09:00:00Z", "signed today and dated so");
}

async fn only_those_who_may_issue_and_read_do(store: Store) {
    let guild = Guild::start(store).await;
    let body = json!({"track": "foundations", "recipient": {"name": "Aoi", "email": "aoi@members.example"}});
    for role in [Role::Examiner, Role::Auditor, Role::Source, Role::Conformance] {
        let key = guild.test.api_key(role).await;
        let (status, _) = guild.post(&key, "/api/v1/credentials", Some("x"), &body).await;
        assert_eq!(status, 403, "{role:?}");
    }
    let known = guild.released("hikari@members.example").await;
    let other = guild.member("aoi@members.example", Locale::En).await;
    let token = async |member| {
        let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
        let (token, _) = access::mint_member_token(&mut ch, member).await.expect("made");
        ch.commit().await.expect("committed");
        token
    };
    let (own, foreign) = (token(known.member).await, token(other).await);
    let (path, list) =
        (format!("/api/v1/credentials/{}", known.id), format!("/api/v1/members/{}/credentials", known.member));
    for (key, expected) in [
        (&own, 200),
        (&foreign, 404),
        (&guild.test.api_key(Role::Auditor).await, 200),
        (&guild.test.api_key(Role::Examiner).await, 403),
    ] {
        assert_eq!(guild.get(key, &path).await.0, expected);
        assert_eq!(guild.get(key, &list).await.0, expected);
    }
    assert_eq!(guild.get(&own, &list).await.1["data"][0]["id"], known.id.to_string());
    let unknown = "/api/v1/credentials/crd_00000000000000000000000000";
    assert_eq!(guild.get(&own, unknown).await.0, 404);
    assert_eq!(guild.get(&own, "/api/v1/credentials/x").await.0, 404);
    let reason = json!({"reason_code": "other"});
    assert_eq!(guild.post(&own, &format!("{path}/revoke"), None, &reason).await.0, 403, "a member revokes nothing");
    assert_eq!(guild.post(&guild.admin().await, &format!("{unknown}/revoke"), None, &reason).await.0, 404);
    for key in [&own, &guild.admin().await] {
        let show = guild
            .test
            .http
            .put(guild.test.url(&format!("{path}/visibility")))
            .bearer_auth(key)
            .json(&json!({"visibility": "public"}));
        assert_eq!(show.send().await.expect("answered").status(), 403, "only the member's own session publishes");
    }
}

async fn whoever_issues_to_themselves_is_told_of(store: Store) {
    let guild = Guild::start(store).await;
    let (ada, bob) =
        (guild.member("ada@members.example", Locale::En).await, guild.member("bob@members.example", Locale::En).await);
    let mut ch = guild.test.app.db.change(Actor::Member(ada), Kind::Privileged).await.expect("the door opens");
    let (_, hers) = access::create_api_key(&mut ch, "hers", Role::Issuer, None).await.expect("made");
    ch.commit().await.expect("committed");
    for member in [ada, bob] {
        let body = json!({"track": "foundations", "member": member});
        assert_eq!(guild.post(&hers, "/api/v1/credentials", Some(&member.to_string()), &body).await.0, 201);
    }
    let rows = guild.test.texts("SELECT detail FROM audit WHERE action = 'credential.award' ORDER BY seq").await;
    let own = rows.iter().map(|row| serde_json::from_str::<serde_json::Value>(row).expect("JSON")["own"].clone());
    assert_eq!(own.collect::<Vec<_>>(), [json!(true), json!(null)]);
}

async fn a_decision_becomes_a_private_credential(store: Store) {
    let guild = Guild::start(store).await;
    let member = guild.member("hikari@members.example", Locale::En).await;
    guild.test.settle().await;
    for (n, at) in ["2026-11-01T10:00:00Z", "2026-11-05T10:00:00Z", "2026-11-09T10:00:00Z"].into_iter().enumerate() {
        let mut ch = guild.test.app.db.change(Actor::System("test"), Kind::Ordinary).await.expect("the door opens");
        let fact = NewFact {
            member,
            happened_at: parse_rfc3339(at).expect("a time"),
            object: None,
            giver: None,
            amount: Amount::ONE,
            detail: Detail::Contribution {
                r#type: "change.merged".to_owned(),
                source: None,
                own: false,
                accepted_by: None,
                stranger: None,
            },
            origin: format!("test:{n}"),
        };
        facts::record(&mut ch, fact).await.expect("recorded");
        ch.commit().await.expect("committed");
    }
    guild.test.settle().await;
    let decided = decisions::of_member(guild.test.app.db.read(), member).await.expect("read");
    let held = credentials::of_member(guild.test.app.db.read(), member).await.expect("read");
    assert_eq!((decided.len(), held.len()), (1, 1));
    assert_eq!(held[0].basis, credentials::Basis::Decided(decided[0].id));
    assert_eq!(rfc3339(held[0].awarded_at), "2026-11-09T10:00:00Z", "earned when the third contribution happened");
    assert_eq!((held[0].visibility, held[0].status), (credentials::Visibility::Private, credentials::Status::Valid));
    let known = facts::of_member(guild.test.app.db.read(), member).await.expect("read");
    let held_fact =
        known.iter().find(|f| matches!(f.detail, Detail::Credential { .. })).expect("the ledger says it is held");
    assert_eq!(rfc3339(held_fact.happened_at), "2026-11-09T10:00:00Z");
    guild.test.settle().await;
    assert_eq!(credentials::of_member(guild.test.app.db.read(), member).await.expect("read").len(), 1);
}

async fn a_second_award_answers_the_first_and_a_revoked_one_makes_room(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let body = json!({"track": "foundations", "recipient": {"name": "Aoi", "email": "aoi@members.example"}});
    let (first_status, first) = guild.post(&key, "/api/v1/credentials", Some("a"), &body).await;
    let (second_status, second) = guild.post(&key, "/api/v1/credentials", Some("b"), &body).await;
    assert_eq!((first_status, second_status), (201, 200));
    assert_eq!((&first["id"], &first["number"]), (&second["id"], &second["number"]));
    let path = format!("/api/v1/credentials/{}/revoke", first["id"].as_str().expect("an id"));
    assert_eq!(guild.post(&key, &path, None, &json!({"reason_code": "issued_in_error"})).await.0, 200);
    let (status, third) = guild.post(&key, "/api/v1/credentials", Some("c"), &body).await;
    assert_eq!(status, 201);
    assert_ne!(first["id"], third["id"]);
    let left = guild.award(guild.member("ren@members.example", Locale::En).await).await;
    let body_of_left = json!({"track": "foundations", "recipient": {"name": "Ren", "email": "ren@members.example"}});
    let (status, finished) = guild.post(&key, "/api/v1/credentials", Some("e"), &body_of_left).await;
    assert_eq!((status, finished["id"].as_str()), (200, Some(left.to_string().as_str())));
    assert_eq!(finished["state"], "released", "what a crash left is finished for whoever asks again");
    assert_eq!(third["number"], "EG-2026-000002", "no number is skipped and none comes twice");
    guild.test.clock.advance(Duration::days(365 * 3 + 2));
    let (status, renewed) = guild.post(&key, "/api/v1/credentials", Some("d"), &body).await;
    assert_eq!((status, &renewed["term"]), (201, &json!(3)), "what has expired is followed by the next term");
}

on_both!(what_was_decided_without_a_key_is_awarded_once_there_is_one);

async fn what_was_decided_without_a_key_is_awarded_once_there_is_one(store: Store) {
    use waymark::contributions::{Envelope, SourceDefinition, Speaker, keep_source, receive};

    let guild = Guild::without_key(store).await;
    let member = guild.member("kaede@members.example", Locale::En).await;
    let source =
        SourceDefinition::from_value(&json!({"source": "https://c.example", "title": "C", "types": ["change.merged"]}))
            .expect("a source");
    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    keep_source(&mut ch, &source).await.expect("kept");
    for n in 0..3 {
        let event = json!({"specversion": "1.0", "id": format!("{n}"), "source": "https://c.example", "type": "change.merged",
            "subject": member.to_string(), "data": {"object": format!("o/{n}")}});
        receive(&mut ch, &Speaker::Any, &Envelope::structured(event).expect("an event")).await.expect("received");
    }
    ch.commit().await.expect("committed");
    guild.test.settle().await;
    assert_eq!(credentials::of_member(guild.test.app.db.read(), member).await.expect("read").len(), 0);
    let waiting = waymark::database::outbox::waiting(guild.test.app.db.read()).await.expect("read").0;
    assert_eq!(waiting, 0, "a missing key holds nothing back");
    waymark::issuer::generate_keys(&guild.test.app, Actor::Operator).await.expect("a key");
    credentials::tend(&guild.test.app).await.expect("tended");
    guild.test.settle().await;
    assert_eq!(credentials::of_member(guild.test.app.db.read(), member).await.expect("read").len(), 1);
}
