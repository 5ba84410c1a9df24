//! What may stand in a credential: nothing that a verifier would not read gets as far as an intent.

use serde_json::{Value, json};
use waymark::actor::Actor;
use waymark::credentials::{self, GivenEvidence};
use waymark::database::Kind;
use waymark::error::Code;
use waymark::web::i18n::Locale;

use super::Guild;
use crate::support::{Store, on_both};

on_both!(
    what_is_too_long_or_leads_nowhere_is_refused_with_its_pointer_and_issuing_goes_on,
    a_document_that_no_verifier_would_read_is_never_intended,
    a_step_whose_list_is_not_signed_yet_says_so
);

fn asked(evidence: Value, results: Value) -> Value {
    json!({"track": "foundations", "recipient": {"name": "Aoi", "email": "aoi@members.example"}, "evidence": evidence, "results": results})
}

async fn what_is_too_long_or_leads_nowhere_is_refused_with_its_pointer_and_issuing_goes_on(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let long = |n: usize| "あ".repeat(n);
    let many = |n: usize, one: &Value| Value::Array(vec![one.clone(); n]);
    let result = json!({"name": "Score", "value": "1"});
    let web = |url: &str| asked(json!([{"name": "Work", "url": url}]), json!([]));
    for (body, pointer, code) in [
        (asked(json!([{"narrative": "x".repeat(300_000)}]), json!([])), "/evidence/0/narrative", "too_long"),
        (asked(json!([{"name": "a"}, {"name": long(201)}]), json!([])), "/evidence/1/name", "too_long"),
        (asked(json!([{"description": long(2001)}]), json!([])), "/evidence/0/description", "too_long"),
        (asked(json!([{"name": "a", "genre": long(201)}]), json!([])), "/evidence/0/genre", "too_long"),
        (asked(json!([{"name": "a\u{0}b"}]), json!([])), "/evidence/0/name", "forbidden_character"),
        (asked(json!([]), json!([{"name": "Score", "value": long(201)}])), "/results/0/value", "too_long"),
        (asked(many(21, &json!({"name": "a"})), json!([])), "/evidence", "too_many"),
        (asked(json!([]), many(21, &result)), "/results", "too_many"),
        (asked(many(20, &json!({"narrative": long(9_000)})), json!([])), "/evidence", "too_long"),
        (web("javascript:alert(1)"), "/evidence/0/url", "invalid_url"),
        (web("JavaScript:alert(1)"), "/evidence/0/url", "invalid_url"),
        (web("file:///etc/passwd"), "/evidence/0/url", "invalid_url"),
        (web("vbscript:x"), "/evidence/0/url", "invalid_url"),
        (web("data:text/html,<script>1</script>"), "/evidence/0/url", "invalid_url"),
        (
            asked(json!([{"url": "https://a.example/"}, {"url": "https://a.example/", "name": "x"}]), json!([])),
            "/evidence/1/url",
            "repeated",
        ),
    ] {
        for path in ["/api/v1/credentials", "/api/v1/credentials?dry_run=true"] {
            let (status, refused) = guild.post(&key, path, Some(pointer), &body).await;
            let first = &refused["errors"][0];
            assert_eq!((status, &first["pointer"], &first["code"]), (422, &pointer.into(), &code.into()), "{refused}");
        }
    }
    assert_eq!(guild.test.count("SELECT count(*) FROM signing_intent").await, 0);
    assert_eq!(guild.test.count("SELECT count(*) FROM member").await, 0);
    // As much as is allowed is also what a verifier takes, in both forms.
    let texts: Vec<Value> = (0..3).map(|n| json!({"narrative": format!("{n}{}", long(9_999))})).collect();
    let results: Vec<Value> = (0..20).map(|n| json!({"name": format!("Score {n}"), "value": "1"})).collect();
    let full = asked(json!(texts), json!(results));
    let (status, made) = guild.post(&key, "/api/v1/credentials", Some("full"), &full).await;
    assert_eq!((status, &made["number"]), (201, &json!("EG-2026-000001")), "{}", made["errors"]);
}

/// Past the check of the request there is a further gate: the verifier itself.
async fn a_document_that_no_verifier_would_read_is_never_intended(store: Store) {
    let guild = Guild::start(store).await;
    let member = guild.member("aoi@members.example", Locale::En).await;
    let evidence = |name: &str, url: &str| GivenEvidence {
        name: Some(name.to_owned()),
        url: Some(url.to_owned()),
        ..GivenEvidence::default()
    };
    for (given, said) in [
        (vec![evidence(&"x".repeat(300_000), "https://a.example/")], "too large"),
        // The JWT is a third longer than its JSON.
        (vec![evidence(&"x".repeat(200_000), "https://a.example/")], "too large"),
    ] {
        let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
        let mut award = guild.approved(member, ch.now);
        award.evidence = given;
        let refused = credentials::award(&guild.test.app, &mut ch, award).await.expect_err(said);
        ch.undo().await.expect("undone");
        assert!(refused.code() == Code::ValidationFailed && refused.to_string().contains(said), "{refused}");
    }
    let sound = guild.award(member).await;
    assert!(credentials::release(&guild.test.app, sound).await.expect("released"));
}

async fn a_step_whose_list_is_not_signed_yet_says_so(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let known = guild.released("hikari@members.example").await;
    let path = format!("/api/v1/credentials/{}", known.id);
    assert_eq!(guild.get(&key, &path).await.1["status_published"], true);
    let folder = guild.test.app.config.keys_dir();
    let away = folder.with_extension("away");
    std::fs::rename(&folder, &away).expect("moved");
    guild.test.app.keyring.clear();
    let reason = json!({"reason_code": "misconduct"});
    let (status, revoked) = guild.post(&key, &format!("{path}/revoke"), None, &reason).await;
    assert_eq!((status, &revoked["state"]), (200, &json!("revoked")));
    assert_eq!(revoked["status_published"], false, "{revoked}");
    std::fs::rename(&away, &folder).expect("moved back");
    credentials::tend(&guild.test.app).await.expect("tended");
    assert_eq!(guild.get(&key, &path).await.1["status_published"], true);
}
