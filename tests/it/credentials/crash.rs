//! What is left between intent and release is finished from the stored bytes, and bytes that were changed are never signed.

use sea_orm::{ConnectionTrait as _, Statement};
use sha2::{Digest as _, Sha256};
use time::Duration;
use waymark::credentials::{self, Stage};
use waymark::error::Code;
use waymark::operations::{self, Level};
use waymark::web::i18n::{Locale, Words};
use waymark_credential::verify::State;

use super::Guild;
use crate::support::{Store, on_both};

on_both!(
    what_a_crash_left_is_released_from_the_stored_bytes,
    an_intent_whose_bytes_were_changed_is_never_signed,
    what_would_not_verify_is_set_aside_and_named_and_the_others_go_on,
    sealing_twice_gives_the_same_bytes,
    an_award_that_is_not_committed_leaves_nothing,
    two_awards_at_once_make_one_credential
);

async fn what_a_crash_left_is_released_from_the_stored_bytes(store: Store) {
    let guild = Guild::start(store).await;
    let id = guild.award(guild.member("hikari@members.example", Locale::Ja).await).await;
    // The process ends here: nobody hears the event.
    assert_eq!(credentials::resume(&guild.test.app).await.expect("resumes"), 0, "what is young is being worked on");
    assert_eq!(guild.credential(id).await.stage, Stage::Intended);
    let member = guild.credential(id).await.member;
    assert!(
        credentials::of_member(guild.test.app.db.read(), member).await.expect("read").is_empty(),
        "nobody sees it yet"
    );
    guild.test.clock.advance(Duration::seconds(31));
    assert_eq!(credentials::resume(&guild.test.app).await.expect("resumes"), 1);
    let known = guild.credential(id).await;
    assert_eq!(known.stage, Stage::Released);
    let (json, jwt) = guild.signed(&known).await;
    assert!(json.contains(r#""validFrom":"2026-11-21T09:00:00Z""#), "the bytes of the intent, not of the resuming");
    assert_eq!(guild.as_stranger(&json).await.state(), State::Valid);
    assert_eq!(guild.as_stranger(&jwt).await.state(), State::Valid);
    assert_eq!(credentials::resume(&guild.test.app).await.expect("resumes"), 0);
    guild.test.settle().await;
    assert_eq!(guild.signed(&guild.credential(id).await).await, (json, jwt), "a late event changes nothing");
}

async fn an_intent_whose_bytes_were_changed_is_never_signed(store: Store) {
    let message = "(SELECT message FROM signing_intent WHERE suite = 'vc+jwt' LIMIT 1)";
    for (forge, expected) in [
        ("UPDATE signing_intent SET payload = replace(payload, '七瀬', '別人')".to_owned(), Code::Internal),
        (format!("UPDATE signing_intent SET message = {message} WHERE suite <> 'vc+jwt'"), Code::Internal),
        ("UPDATE signing_intent SET payload_hash = id".to_owned(), Code::Internal),
        ("UPDATE signing_intent SET document_hash = id".to_owned(), Code::Internal),
        ("DELETE FROM signing_intent".to_owned(), Code::Internal),
        // Hashes that fit are not enough: what was signed must verify, for its purpose.
        ("UPDATE signing_intent SET purpose = 'status_list'".to_owned(), Code::SetAside),
        ("UPDATE signing_intent SET created_at = created_at - 2000".to_owned(), Code::SetAside),
    ] {
        let guild = Guild::start(store).await;
        let id = guild.award(guild.member("hikari@members.example", Locale::Ja).await).await;
        guild.test.app.db.read().execute_unprepared(&forge).await.expect("forged");
        let refused = credentials::release(&guild.test.app, id).await.expect_err(&forge);
        assert_eq!(refused.code(), expected, "{forge}: {refused}");
        let known = guild.credential(id).await;
        assert_eq!(known.stage, Stage::Intended, "{forge}");
        assert!(credentials::signed_json(guild.test.app.db.read(), &known).await.is_err(), "{forge}");
        guild.test.clock.advance(Duration::minutes(1));
        assert_eq!(credentials::resume(&guild.test.app).await.expect("resumes"), 0, "{forge}");
    }
}

async fn what_would_not_verify_is_set_aside_and_named_and_the_others_go_on(store: Store) {
    let guild = Guild::start(store).await;
    let forged = guild.award(guild.member("hikari@members.example", Locale::Ja).await).await;
    let honest = guild.award(guild.member("aoi@members.example", Locale::Ja).await).await;
    // Somebody who can write to the store changes the text together with its hash.
    let (db, of_forged) = (guild.test.app.db.read(), format!("suite <> 'vc+jwt' AND subject = '{forged}'"));
    let query = format!("SELECT payload FROM signing_intent WHERE {of_forged}");
    let row =
        db.query_one_raw(Statement::from_string(db.get_database_backend(), query)).await.expect("read").expect("there");
    let payload = row.try_get::<String>("", "payload").expect("text").replace("七瀬", "別人");
    let hash: String = Sha256::digest(&payload).iter().map(|b| format!("{b:02x}")).collect();
    let forge = format!("UPDATE signing_intent SET payload = '{payload}', document_hash = '{hash}' WHERE {of_forged}");
    db.execute_unprepared(&forge).await.expect("forged");
    let refused = credentials::release(&guild.test.app, forged).await.expect_err("forged");
    assert!(refused.code() == Code::SetAside && refused.to_string().contains("does not verify"), "{refused}");
    assert!(credentials::release(&guild.test.app, honest).await.expect("released"), "one bad intent stops no key");

    for start in 0..2 {
        guild.test.clock.advance(Duration::minutes(1));
        let later = guild.award(guild.member(&format!("m{start}@members.example"), Locale::En).await).await;
        guild.test.clock.advance(Duration::minutes(1));
        credentials::tend(&guild.test.app).await.expect("tends");
        assert_eq!(guild.credential(later).await.stage, Stage::Released, "nor does a start that takes it up again");
        // A start of the process.
        guild.test.app.keyring.clear();
    }
    let damage = credentials::examine(&guild.test.app).await.expect("examined").damage;
    let named = damage.iter().any(|d| d.object == forged.to_string() && d.problem.contains("set aside"));
    assert!(named, "{damage:?}");
    let doctor = async || {
        let findings = operations::examine(&guild.test.app, Words::new(Locale::En)).await;
        findings.into_iter().find(|f| f.check == "aside").expect("a check of its own")
    };
    let found = doctor().await;
    assert!(found.level == Level::Problem && found.text.contains(&forged.to_string()), "{found:?}");

    // It can be revoked, which makes room for a sound one.
    let key = guild.admin().await;
    let reason = serde_json::json!({"reason_code": "issued_in_error"});
    assert_eq!(guild.post(&key, &format!("/api/v1/credentials/{forged}/suspend"), None, &reason).await.0, 404);
    let (status, revoked) = guild.post(&key, &format!("/api/v1/credentials/{forged}/revoke"), None, &reason).await;
    assert_eq!((status, &revoked["state"], &revoked["credential"]), (200, &"revoked".into(), &().into()), "{revoked}");
    assert_eq!(doctor().await.level, Level::Ok);
    assert_eq!(credentials::examine(&guild.test.app).await.expect("examined").damage, vec![]);
    let anew = guild.award(guild.credential(forged).await.member).await;
    assert_ne!(anew, forged);
    assert!(credentials::release(&guild.test.app, anew).await.expect("released"));
    assert!(!credentials::release(&guild.test.app, forged).await.expect("nothing to do"), "revoked is never signed");
}

async fn sealing_twice_gives_the_same_bytes(store: Store) {
    let guild = Guild::start(store).await;
    let id = guild.award(guild.member("hikari@members.example", Locale::Ja).await).await;
    let intents: Vec<String> = {
        let backend = guild.test.app.db.read().get_database_backend();
        let rows = guild
            .test
            .app
            .db
            .read()
            .query_all_raw(Statement::from_string(backend, "SELECT id FROM signing_intent ORDER BY id"))
            .await;
        rows.expect("read").iter().map(|row| row.try_get("", "id").expect("text")).collect()
    };
    let keys = waymark::issuer::keyring(&guild.test.app).await.expect("open");
    let mut first = vec![];
    for intent in &intents {
        let intent = intent.parse().expect("an id");
        let one = waymark::signing::seal(&guild.test.app.db, &keys, intent).await.expect("sealed").text().to_owned();
        let two = waymark::signing::seal(&guild.test.app.db, &keys, intent).await.expect("sealed").text().to_owned();
        assert_eq!(one, two);
        first.push(one);
    }
    credentials::release(&guild.test.app, id).await.expect("released");
    let (json, jwt) = guild.signed(&guild.credential(id).await).await;
    assert!(first.contains(&json) && first.contains(&jwt));
}

async fn an_award_that_is_not_committed_leaves_nothing(store: Store) {
    let guild = Guild::start(store).await;
    let member = guild.member("hikari@members.example", Locale::Ja).await;
    {
        let db = &guild.test.app.db;
        let mut ch = db
            .change(waymark::actor::Actor::Operator, waymark::database::Kind::Privileged)
            .await
            .expect("the door opens");
        let award = guild.approved(member, ch.now);
        credentials::award(&guild.test.app, &mut ch, award).await.expect("awarded");
    }
    let id = guild.award(member).await;
    assert_eq!(guild.credential(id).await.number, "EG-2026-000001", "what was undone used up no number");
}

async fn two_awards_at_once_make_one_credential(store: Store) {
    let guild = std::sync::Arc::new(Guild::start(store).await);
    let member = guild.member("hikari@members.example", Locale::Ja).await;
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let guild = guild.clone();
        running.spawn(async move {
            let app = &guild.test.app;
            let mut ch = app
                .db
                .change(waymark::actor::Actor::Operator, waymark::database::Kind::Privileged)
                .await
                .expect("the door opens");
            let award = guild.approved(member, ch.now);
            match credentials::award(app, &mut ch, award).await {
                Ok(credentials::Awarded::New { .. }) => ch.commit().await.map(|()| true),
                Ok(credentials::Awarded::Held(_)) => Ok(false),
                Err(e) => Err(e),
            }
        });
    }
    let outcomes = running.join_all().await;
    assert_eq!(outcomes.iter().filter(|o| matches!(o, Ok(true))).count(), 1);
    for refused in outcomes.iter().filter_map(|o| o.as_ref().err()) {
        assert_eq!(refused.code(), Code::Conflict, "{refused}");
    }
    let id = guild.award(member).await;
    credentials::release(&guild.test.app, id).await.expect("released");
    assert_eq!(credentials::of_member(guild.test.app.db.read(), member).await.expect("read").len(), 1);
}
