//! `/admin/keys`: what a step does is said before it can be taken.

use serde_json::json;
use waymark::access::Role;
use waymark::actor::Actor;
use waymark::issuer::{self, KeyState};
use waymark::signing::Purpose;

use super::Guild;
use super::pages::Browser;
use crate::support::{Store, on_both};

on_both!(staff_change_keys_after_reading_what_breaks, the_key_pages_keep_to_their_roles);

async fn staff_change_keys_after_reading_what_breaks(store: Store) {
    let guild = Guild::on_the_web(store).await;
    guild.released("hikari@members.example").await;
    guild.test.clock.advance(time::Duration::hours(30));
    let app = &guild.test.app;
    let key = issuer::active_key(app.db.read(), Purpose::Credential).await.expect("one");
    let staff = Browser::staff(&guild, Role::Admin).await;
    for (language, words) in [("en", ["For credentials", "In use"]), ("ja", ["認定用", "使用中"])] {
        let (status, html) = staff.get("/admin/keys", language).await;
        assert_eq!(status, 200);
        assert!(words.iter().all(|word| html.contains(word)) && html.contains(&key.kid), "{html}");
        for (step, word) in [
            ("rotate", ["stay", "有効なまま"]),
            ("retire", ["Nothing can be issued", "発行できません"]),
            ("compromise", ["show it as unknown", "確認できません"]),
        ] {
            let (status, html) = staff.get(&format!("/admin/keys/{}/{step}", key.kid), language).await;
            let word = word[usize::from(language == "ja")];
            assert!(status == 200 && html.contains(word), "{step} {word}: {html}");
        }
    }
    let csrf = {
        let (_, html) = staff.get(&format!("/admin/keys/{}/rotate", key.kid), "en").await;
        html.split_once(r#"name="csrf" value=""#).expect("a form").1.split_once('"').expect("closed").0.to_owned()
    };
    let post = async |kid: &str, step: &str, form: serde_json::Value| {
        let mut form = form;
        form["csrf"] = json!(csrf);
        staff.post(&format!("/admin/keys/{kid}/{step}"), &form).await
    };
    assert_eq!(post(&key.kid, "rotate", json!({})).await.0, 303);
    let key = issuer::find_key(app.db.read(), &key.kid).await.expect("there");
    assert_eq!(key.state, KeyState::Retired);
    assert_eq!(post(&key.kid, "rotate", json!({})).await.0, 409, "it is retired already");

    for (form, text) in [
        (json!({"at": "2026-11-20", "reason": "lost"}), "on which the key existed"),
        (json!({"at": "2027-01-01", "reason": "lost"}), "on which the key existed"),
        (json!({"at": "someday", "reason": "lost"}), "on which the key existed"),
        (json!({"at": "", "reason": ""}), "what happened"),
    ] {
        let (status, html) = post(&key.kid, "compromise", form).await;
        assert!(status == 422 && html.contains(text), "{status} {html}");
    }
    let (status, _) = post(&key.kid, "compromise", json!({"at": "2026-11-21", "reason": "a <lost> backup"})).await;
    assert_eq!(status, 303);
    let key = issuer::find_key(app.db.read(), &key.kid).await.expect("there");
    assert_eq!((key.state, key.revoked_at), (KeyState::Compromised, Some(key.created_at)), "not before it was made");
    let (_, html) = staff.get("/admin/keys?done=compromise", "en").await;
    assert!(html.contains("a &#60;lost&#62; backup") && html.contains("marked as compromised"), "{html}");
    let actions = guild.test.audit_actions().await;
    assert_eq!(
        actions.iter().filter(|action| action.starts_with("key.")).collect::<Vec<_>>(),
        ["key.generate", "key.generate", "key.rotate", "key.compromise"]
    );

    let active = issuer::active_key(app.db.read(), Purpose::Credential).await.expect("one");
    assert_eq!(post(&active.kid, "retire", json!({})).await.0, 303);
    let (_, html) = staff.get("/admin/keys?done=retire", "en").await;
    assert!(html.contains("Nothing is issued now"), "{html}");
    for missing in ["/admin/keys/nothing/rotate".to_owned(), format!("/admin/keys/{}/burn", active.kid)] {
        assert_eq!(staff.get(&missing, "en").await.0, 404, "{missing}");
    }
}

async fn the_key_pages_keep_to_their_roles(store: Store) {
    let guild = Guild::start(store).await;
    let key = issuer::active_key(guild.test.app.db.read(), Purpose::Credential).await.expect("one");
    for role in [Role::Issuer, Role::Examiner, Role::Auditor] {
        let staff = Browser::staff(&guild, role).await;
        for path in ["/admin/keys".to_owned(), format!("/admin/keys/{}/compromise", key.kid)] {
            assert_eq!(staff.get(&path, "en").await.0, 403, "{role:?} {path}");
        }
        assert!(!staff.get("/admin", "en").await.1.contains("/admin/keys"));
    }
    let admin = Browser::staff(&guild, Role::Admin).await;
    assert!(admin.get("/admin", "en").await.1.contains("/admin/keys"));
    let (status, html) = admin.get("/admin/keys", "en").await;
    assert!(status == 200 && html.contains("move to did:web") && !html.contains("/rotate"), "under did:key: {html}");
    assert_eq!(admin.get(&format!("/admin/keys/{}/rotate", key.kid), "en").await.0, 409);
    assert_eq!(
        issuer::generate_keys(&guild.test.app, Actor::Operator).await.expect_err("there is one").code().as_str(),
        "conflict"
    );
}
