//! `fsck` finds each kind of damage, and finds nothing in a store that is sound.

use serde_json::json;
use time::Duration;
use waymark::app::App;
use waymark::config::Config;
use waymark::credentials;
use waymark::database::Database;
use waymark::web::i18n::Locale;

use super::Guild;
use crate::support::{Store, on_both};

on_both!(another_address_is_no_damage, a_sound_store_has_no_damage, each_kind_of_damage_is_named);

async fn damage(guild: &Guild) -> Vec<String> {
    let examined = credentials::examine(&guild.test.app).await.expect("examined");
    examined.damage.into_iter().map(|d| format!("{}: {}", d.object, d.problem)).collect()
}

async fn lived(store: Store) -> Guild {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let reason = json!({"reason_code": "other"});
    for (n, steps) in
        [vec![], vec!["suspend"], vec!["suspend", "reinstate"], vec!["revoke"], vec!["suspend", "reinstate", "revoke"]]
            .into_iter()
            .enumerate()
    {
        let known = guild.released(&format!("m{n}@members.example")).await;
        for step in steps {
            guild.test.clock.advance(Duration::minutes(1));
            let (status, body) =
                guild.post(&key, &format!("/api/v1/credentials/{}/{step}", known.id), None, &reason).await;
            assert_eq!(status, 200, "{body}");
        }
    }
    guild
}

async fn a_sound_store_has_no_damage(store: Store) {
    let guild = lived(store).await;
    assert_eq!(damage(&guild).await, Vec::<String>::new());
    let examined = credentials::examine(&guild.test.app).await.expect("examined");
    assert_eq!((examined.credentials, examined.status_lists), (5, 1));
    let waiting = guild.award(guild.member("late@members.example", Locale::En).await).await;
    assert_eq!(damage(&guild).await, Vec::<String>::new(), "what was just begun is no damage");
    guild.test.clock.advance(Duration::minutes(3));
    assert!(damage(&guild).await.iter().any(|d| d.starts_with(&waiting.to_string()) && d.contains("signatures")));
}

async fn each_kind_of_damage_is_named(store: Store) {
    for (harm, named) in [
        ("UPDATE signing_intent SET payload = payload || ' ' WHERE suite = 'vc+jwt'", "not what was intended"),
        ("UPDATE signing_intent SET message = '' WHERE suite <> 'vc+jwt'", "not what was intended"),
        (
            "UPDATE signing_intent SET signed = replace(signed, '七瀬', '別人') WHERE suite <> 'vc+jwt'",
            "does not verify",
        ),
        ("UPDATE signing_intent SET signed = NULL WHERE suite = 'vc+jwt'", "without a signed document"),
        ("UPDATE status_entry SET set_at = NULL", "its bit says otherwise"),
        ("UPDATE status_entry SET set_at = 1", "its bit says otherwise"),
        ("UPDATE credential SET status = 'valid'", "its bit says otherwise"),
        ("UPDATE credential_document SET place = place + 1", "has no place"),
        ("DELETE FROM credential_document", "has no document"),
        ("UPDATE credential SET uuid = 'urn:uuid:' || id", "another id"),
        ("UPDATE credential SET locale = 'xx'", "cannot be read"),
        ("UPDATE status_list SET used = used + 1", "counters"),
        // The end of the chain cut off: what is left follows from the row before it.
        ("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)", "0 rows credential.revoke"),
        ("DELETE FROM audit WHERE action = 'credential.award'", "0 rows credential.award"),
        ("DELETE FROM audit WHERE action = 'credential.suspend'", "0 rows credential.suspend"),
        ("DELETE FROM audit WHERE action = 'credential.reinstate'", "0 rows credential.reinstate"),
        ("UPDATE audit SET action = 'credential.award' WHERE action = 'credential.revoke'", "2 rows credential.award"),
        (
            "DELETE FROM credential_history WHERE what = 'revoke'; DELETE FROM audit WHERE action = 'credential.revoke'",
            "0 rows credential.revoke",
        ),
        ("DELETE FROM signing_intent WHERE purpose = 'status_list'", "signed list is missing"),
    ] {
        let guild = lived(store).await;
        guild.test.run_sql(harm).await;
        let found = damage(&guild).await;
        assert!(found.iter().any(|d| d.contains(named)), "{harm}: {found:?}");
    }
}

async fn another_address_is_no_damage(store: Store) {
    let guild = lived(store).await;
    let app = &guild.test.app;
    assert_eq!(credentials::examine(app).await.expect("examined").other_address, None);
    let db =
        Database::open(&app.config.database.url, app.db.clock.clone(), app.db.entropy.clone()).await.expect("opens");
    let config = Config { base_url: "https://waymark.example".parse().expect("a URL"), ..app.config.clone() };
    let elsewhere = App::new(db, config).expect("the capabilities are there");
    let examined = credentials::examine(&elsewhere).await.expect("examined");
    assert_eq!((examined.damage, examined.other_address), (vec![], Some(guild.test.base.clone())));
}
