//! A corrected credential takes the place of another: number, moment and visibility stay, and the other ends in the same step.

use serde_json::{Value, json};
use time::Duration;
use waymark::actor::Actor;
use waymark::credentials::{
    self, Correction, Credential, Dating, Reason, ReasonCode, Replaced, Stage, Status, StatusChange, Visibility,
};
use waymark::database::Kind;
use waymark::ids::{CredentialId, MemberId};
use waymark::web::i18n::Locale;
use waymark::{facts, members};
use waymark_credential::verify::State;
use waymark_criteria::Detail;

use super::Guild;
use super::pages::Browser;
use crate::support::{Store, on_both};

on_both!(
    a_corrected_one_takes_over_number_moment_and_visibility,
    the_ledger_never_says_that_nothing_is_held,
    what_does_not_stand_is_not_replaced,
    eight_at_once_make_one_replacement,
    a_private_one_stays_private_and_is_named_to_nobody,
    the_pages_say_what_will_be_and_do_it,
    evidence_and_results_stay_unless_they_are_corrected
);

async fn rename(guild: &Guild, member: MemberId, name: &str) {
    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    assert!(members::rename(&mut ch, member, name).await.expect("renamed"));
    ch.commit().await.expect("committed");
}

async fn show(guild: &Guild, known: &Credential, visibility: &str) {
    let own = Browser::of(guild, known.member).await;
    let form = json!({"csrf": own.csrf().await, "visibility": visibility});
    assert_eq!(own.post(&format!("/me/credentials/{}/visibility", known.id), &form).await.0, 303);
}

fn superseded() -> Correction {
    Correction::because(Reason { code: ReasonCode::Superseded, public: None, internal: None })
}

async fn live(guild: &Guild) -> i64 {
    guild.test.count("SELECT COUNT(*) FROM credential WHERE live IS NOT NULL").await
}

async fn undamaged(guild: &Guild) {
    let examined = credentials::examine(&guild.test.app).await.expect("examined");
    assert_eq!(examined.damage, [], "{:?}", examined.damage);
}

fn id_of(body: &Value) -> CredentialId {
    body["id"].as_str().expect("an id").parse().expect("one of ours")
}

async fn page(guild: &Guild, known: &Credential) -> (u16, String) {
    let url = guild.test.url(&format!("/c/{}", known.share_id));
    let answer = guild.test.http.get(url).header("accept", "text/html").send().await.expect("answered");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

async fn a_corrected_one_takes_over_number_moment_and_visibility(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let old = guild.released("hikari@members.example").await;
    show(&guild, &old, "link").await;
    let old = guild.credential(old.id).await;
    let signed_old = guild.signed(&old).await;
    rename(&guild, old.member, "月島 ひかり").await;
    guild.test.clock.advance(Duration::days(40));
    let path = format!("/api/v1/credentials/{}/replace", old.id);
    let body = json!({"public_reason": "The name was changed.", "internal_note": "case 9"});

    let (status, dry) = guild.post(&key, &format!("{path}?dry_run=true"), None, &body).await;
    let expected = json!([{"what": "name", "before": "七瀬 ひかり", "after": "月島 ひかり"}]);
    assert_eq!((status, &dry["differences"]), (200, &expected), "{dry}");
    assert_eq!(guild.credential(old.id).await, old, "a dry run writes nothing");
    let (status, refused) = guild.post(&key, &path, None, &body).await;
    assert_eq!((status, &refused["code"]), (400, &json!("idempotency_key_required")));

    let before = guild.test.audit_actions().await.len();
    let (status, made) = guild.post(&key, &path, Some("one"), &body).await;
    assert_eq!((status, &made["state"]), (201, &json!("released")), "{made}");
    assert_eq!(guild.test.audit_actions().await[before..], ["credential.replace"], "one change, one row");
    let (new, was) = (guild.credential(id_of(&made)).await, guild.credential(old.id).await);
    assert_eq!((&new.number, &new.check_code), (&old.number, &old.check_code));
    assert_eq!((new.awarded_at, new.valid_until, new.term), (old.awarded_at, old.valid_until, old.term));
    assert_eq!((new.visibility, new.name.as_str()), (Visibility::Link, "月島 ひかり"));
    assert!(new.share_id != old.share_id && new.uuid != old.uuid);
    assert_eq!((was.status, was.reason), (Status::Revoked, Some(ReasonCode::Superseded)));
    assert_eq!((&made["replaces"], &made["basis"]), (&json!(old.id), &json!({"replaces": old.id})));
    let (_, told) = guild.get(&key, &format!("/api/v1/credentials/{}", old.id)).await;
    assert_eq!((&told["replaced_by"], &told["status_published"]), (&json!(new.id), &json!(true)), "{told}");
    assert_eq!(live(&guild).await, 1);

    let signed_new = guild.signed(&new).await;
    for (form, state) in [
        (&signed_old.0, State::Revoked),
        (&signed_old.1, State::Revoked),
        (&signed_new.0, State::Valid),
        (&signed_new.1, State::Valid),
    ] {
        assert_eq!(guild.as_stranger(form).await.state(), state);
    }
    let document: Value = serde_json::from_str(&signed_new.0).expect("JSON");
    assert_eq!(document["validFrom"], "2026-12-31T09:00:00Z");
    assert_eq!(document["awardedDate"], "2026-11-21T09:00:00Z");

    let (status, html) = page(&guild, &was).await;
    assert_eq!(status, 200);
    assert!(html.contains(&format!(r#"href="/c/{}""#, new.share_id)), "it leads on: {html}");
    assert!(html.contains("The name was changed.") && !html.contains("月島") && !html.contains("case 9"));
    let (_, html) = page(&guild, &new).await;
    assert!(html.contains(&format!(r#"href="/c/{}""#, old.share_id)), "and back: {html}");
    let asked = json!({"number": old.number, "check_code": old.check_code});
    let (status, report) = guild.post(&key, "/api/v1/verifications", None, &asked).await;
    assert_eq!((status, &report["state"]), (200, &json!("valid")), "the number leads to the one that stands: {report}");

    let (status, again) = guild.post(&key, &path, Some("two"), &body).await;
    assert_eq!((status, &again["id"]), (200, &made["id"]), "asking again answers the same one");
    let own = Browser::of(&guild, old.member).await;
    for (language, word) in [("en", "replaced by a corrected one"), ("ja", "差し替えられました")] {
        let (_, me) = own.get("/me", language).await;
        assert!(me.contains(word) && me.contains(&format!("/me/credentials/{}", new.id)), "{me}");
        assert!(own.get(&format!("/me/credentials/{}", old.id), language).await.1.contains(&new.id.to_string()));
    }
    guild.test.settle().await;
    undamaged(&guild).await;
}

async fn the_ledger_never_says_that_nothing_is_held(store: Store) {
    let guild = Guild::start(store).await;
    let old = guild.released("hikari@members.example").await;
    let held = async || {
        let facts = facts::of_member(guild.test.app.db.read(), old.member).await.expect("read");
        let standing = facts.into_iter().filter(|fact| fact.voided_by.is_none());
        let told = standing.filter_map(|fact| match fact.detail {
            Detail::Credential { credential, ended_at, .. } => Some((credential.expect("named"), ended_at.is_none())),
            _ => None,
        });
        told.collect::<Vec<_>>()
    };
    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    let replaced = credentials::replace(&guild.test.app, &mut ch, old.id, &superseded(), Dating::Reviewed).await;
    let Replaced::New(new) = replaced.expect("replaced") else { panic!("it is new") };
    ch.commit().await.expect("committed");
    assert_eq!(held().await, [(old.id.to_string(), true)], "until the other is signed");
    assert_eq!(live(&guild).await, 1);
    assert_eq!(guild.credential(new.credential).await.stage, Stage::Intended);
    // The process ends here.
    guild.test.clock.advance(Duration::seconds(31));
    assert_eq!(credentials::resume(&guild.test.app).await.expect("resumes"), 1);
    assert_eq!(held().await, [(new.credential.to_string(), true)]);

    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    let replaced =
        credentials::replace(&guild.test.app, &mut ch, new.credential, &superseded(), Dating::Reviewed).await;
    let Replaced::New(third) = replaced.expect("replaced") else { panic!("it is new") };
    ch.commit().await.expect("committed");
    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    let reason = Reason { code: ReasonCode::Misconduct, public: None, internal: None };
    credentials::change_status(&guild.test.app, &mut ch, third.credential, StatusChange::Revoke, &reason)
        .await
        .expect("stopped");
    ch.commit().await.expect("committed");
    assert_eq!(held().await, [(third.credential.to_string(), false)], "what is stopped ends the holding");
    guild.test.settle().await;
    undamaged(&guild).await;
}

async fn what_does_not_stand_is_not_replaced(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    for (steps, reason) in [(vec!["suspend"], "suspended"), (vec!["suspend", "revoke"], "revoked")] {
        let known = guild.released(&format!("{reason}@members.example")).await;
        let path = format!("/api/v1/credentials/{}", known.id);
        for step in steps {
            let why = json!({"reason_code": "misconduct"});
            assert_eq!(guild.post(&key, &format!("{path}/{step}"), None, &why).await.0, 200);
        }
        let (status, refused) = guild.post(&key, &format!("{path}/replace"), Some("k"), &json!({})).await;
        assert_eq!(
            (status, &refused["code"], &refused["reason"]),
            (409, &json!("not_replaceable"), &json!(reason)),
            "{refused}"
        );
        assert!(!refused["detail"].as_str().expect("told").is_empty());
    }
    let known = guild.released("late@members.example").await;
    let path = format!("/api/v1/credentials/{}/replace", known.id);
    for (body, pointer) in [
        (json!({"reason_code": "misconduct"}), "/reason_code"),
        (json!({"reason_code": "mood"}), "/reason_code"),
        (json!({"valid_until": "2026-11-20"}), "/validUntil"),
        (json!({"valid_until": "soon"}), "/valid_until"),
        (json!({"evidence": [{"url": "javascript:alert(1)"}]}), "/evidence/0/url"),
        (json!({"name": "Somebody Else"}), "/name"),
    ] {
        let (status, refused) = guild.post(&key, &path, Some(&format!("k{pointer}{body}")), &body).await;
        assert_eq!((status, &refused["errors"][0]["pointer"]), (422, &json!(pointer)), "{refused}");
    }
    assert_eq!(guild.credential(known.id).await, known);
    guild.test.clock.advance(Duration::days(4 * 365));
    let (status, refused) = guild.post(&key, &path, Some("late"), &json!({})).await;
    assert_eq!((status, &refused["reason"]), (409, &json!("expired")), "{refused}");
    for missing in ["crd_00000000000000000000000000", "x"] {
        let path = format!("/api/v1/credentials/{missing}/replace");
        assert_eq!(guild.post(&key, &path, Some("k"), &json!({})).await.0, 404);
    }
    let auditor = guild.test.api_key(waymark::access::Role::Auditor).await;
    assert_eq!(guild.post(&auditor, &path, Some("k"), &json!({})).await.0, 403);
}

async fn eight_at_once_make_one_replacement(store: Store) {
    let guild = std::sync::Arc::new(Guild::start(store).await);
    let old = guild.released("hikari@members.example").await;
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let guild = guild.clone();
        running.spawn(async move {
            let app = &guild.test.app;
            credentials::replace_now(app, Actor::Operator, old.id, &superseded(), Dating::Reviewed).await
        });
    }
    let mut made = 0;
    let mut answered = std::collections::BTreeSet::new();
    for outcome in running.join_all().await {
        let (new, by_this) = outcome.expect("replaced");
        made += usize::from(by_this);
        answered.insert(new.id.to_string());
    }
    assert_eq!((made, answered.len(), live(&guild).await), (1, 1, 1));
}

async fn a_private_one_stays_private_and_is_named_to_nobody(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let old = guild.released("hikari@members.example").await;
    let path = format!("/api/v1/credentials/{}/replace", old.id);
    let (status, made) = guild.post(&key, &path, Some("k"), &json!({})).await;
    assert_eq!((status, &made["visibility"]), (201, &json!("private")));
    let new = guild.credential(id_of(&made)).await;
    assert_eq!(page(&guild, &new).await.0, 404);
    show(&guild, &old, "link").await;
    let (_, html) = page(&guild, &old).await;
    assert!(!html.contains(&new.share_id), "what is private is not linked: {html}");
    assert!(html.contains("put a corrected one in its place"), "{html}");
    show(&guild, &old, "private").await;
    show(&guild, &new, "public").await;
    let (_, html) = page(&guild, &new).await;
    assert!(!html.contains(&old.share_id) && !html.contains("an earlier one"), "{html}");
}

async fn the_pages_say_what_will_be_and_do_it(store: Store) {
    let guild = Guild::start(store).await;
    let old = guild.released("hikari@members.example").await;
    rename(&guild, old.member, "月島 ひかり").await;
    let staff = Browser::staff(&guild, waymark::access::Role::Issuer).await;
    let one = format!("/admin/credentials/{}", old.id);
    for language in ["en", "ja"] {
        assert!(staff.get(&one, language).await.1.contains(&format!("{one}/replace")));
        let (status, html) = staff.get(&format!("{one}/replace"), language).await;
        assert_eq!(status, 200);
        assert!(html.contains("七瀬 ひかり") && html.contains("月島 ひかり"), "{html}");
        let (_, member) = staff.get(&format!("/admin/members/{}", old.member), language).await;
        assert!(member.contains(&format!("{one}/replace")), "the member's page offers it: {member}");
    }
    assert_eq!(guild.credential(old.id).await.status, Status::Valid, "looking changes nothing");
    let csrf = staff.csrf().await;
    let long = "x".repeat(501);
    let bad = json!({"csrf": csrf, "reason_code": "superseded", "public_reason": long, "valid_until": ""});
    let (status, html) = staff.post(&format!("{one}/replace"), &bad).await;
    assert_eq!((status, html.contains(r##"href="#public_reason""##)), (422, true), "{html}");
    let ended = json!({"csrf": csrf, "reason_code": "superseded", "valid_until": "2026-11-01"});
    let (status, html) = staff.post(&format!("{one}/replace"), &ended).await;
    assert_eq!((status, html.contains(r##"href="#valid_until""##)), (422, true), "{html}");
    assert_eq!(staff.post(&format!("{one}/replace"), &json!({"reason_code": "superseded"})).await.0, 403);
    let good = json!({"csrf": csrf, "reason_code": "superseded", "public_reason": "", "internal_note": "case 9"});
    assert_eq!(staff.post(&format!("{one}/replace"), &good).await.0, 303);
    assert_eq!(staff.post(&format!("{one}/replace"), &good).await.0, 303, "a second click finds it done");
    assert_eq!((guild.credential(old.id).await.status, live(&guild).await), (Status::Revoked, 1));
    for language in ["en", "ja"] {
        let (_, html) = staff.get(&one, language).await;
        assert!(html.contains("case 9") && !html.contains(&format!("{one}/replace")), "{html}");
        let (status, html) = staff.get(&format!("{one}/replace"), language).await;
        assert!(status == 200 && !html.contains("<textarea"), "{html}");
    }
    let auditor = Browser::staff(&guild, waymark::access::Role::Auditor).await;
    assert_eq!(auditor.get(&format!("{one}/replace"), "en").await.0, 403);
}

async fn evidence_and_results_stay_unless_they_are_corrected(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let issued = json!({"track": "foundations", "recipient": {"name": "Hikari", "email": "hikari@members.example", "locale": "ja"},
        "evidence": [{"name": "Talk", "narrative": "Gave a talk.", "url": "https://guild.example/talk"}],
        "results": [{"name": "Score", "value": "26", "min": "0", "max": "35", "required": "26"}], "valid_until": "2027-03-31"});
    let (status, first) = guild.post(&key, "/api/v1/credentials", Some("i"), &issued).await;
    assert_eq!(status, 201, "{first}");
    let replace = async |id: &Value, key_name: &str, body: Value| {
        let path = format!("/api/v1/credentials/{}/replace", id.as_str().expect("an id"));
        let (status, made) = guild.post(&key, &path, Some(key_name), &body).await;
        assert_eq!(status, 201, "{made}");
        made
    };
    let content = |body: &Value| {
        let document = &body["credential"];
        let subject = &document["credentialSubject"];
        let kept = [&document["evidence"], &subject["result"], &subject["achievement"], &document["validUntil"]];
        kept.map(Value::clone)
    };
    let second = replace(&first["id"], "r1", json!({})).await;
    assert_eq!(content(&second), content(&first));
    let corrected = json!({"results": [{"name": "Score", "value": "30"}], "valid_until": "2028-03-31"});
    let third = replace(&second["id"], "r2", corrected).await;
    assert_eq!(third["credential"]["credentialSubject"]["result"][0]["value"], "30");
    assert_eq!(third["credential"]["evidence"], first["credential"]["evidence"]);
    assert_eq!(third["valid_until"], "2028-03-31T14:59:59Z");
    let (_, told) = guild.get(&key, &format!("/api/v1/credentials/{}", first["id"].as_str().expect("an id"))).await;
    assert_eq!(told["replaced_by"], third["id"], "the one that stands, over any number of replacements");
    assert_eq!(
        guild.member("hikari@members.example", Locale::Ja).await.to_string(),
        first["member"].as_str().expect("there")
    );
    undamaged(&guild).await;
}
