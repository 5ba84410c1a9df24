//! What a member chose beforehand for all that they will earn.

use serde_json::json;
use waymark::access::Principal;
use waymark::actor::Actor;
use waymark::credentials::{self, Visibility};
use waymark::database::Kind;
use waymark::error::Code;
use waymark::web::i18n::Locale;

use crate::credentials::Guild;
use crate::credentials::pages::Browser;
use crate::support::{Store, on_both};

on_both!(what_is_earned_is_private_unless_its_member_chose_otherwise, the_choice_is_the_members_alone);

async fn what_is_earned_is_private_unless_its_member_chose_otherwise(store: Store) {
    let guild = Guild::start(store).await;
    let (quiet, open) = (
        guild.member("quiet@members.example", Locale::En).await,
        guild.member("open@members.example", Locale::En).await,
    );
    let browser = Browser::of(&guild, open).await;
    let (_, html) = browser.get("/me/visibility", "en").await;
    assert!(html.contains(r#"value="private" checked"#) && html.contains(r#"value="en" checked"#), "{html}");
    let csrf = browser.csrf().await;
    let choose =
        |visibility: &str, language: &str| json!({"csrf": csrf, "visibility": visibility, "language": language});
    assert_eq!(browser.post("/me/visibility", &choose("link", "ja")).await.0, 303);
    let (_, html) = browser.get("/me/visibility?saved=yes", "ja").await;
    assert!(html.contains(r#"value="link" checked"#) && html.contains("保存しました。"), "{html}");
    let (private, shown) = (guild.award(quiet).await, guild.award(open).await);
    assert_eq!(guild.credential(private).await.visibility, Visibility::Private);
    let shown = guild.credential(shown).await;
    assert_eq!((shown.visibility, shown.locale), (Visibility::Link, Locale::Ja), "in the language that they chose");
    let address = guild.test.url(&format!("/c/{}", shown.share_id));
    let look = async || guild.test.http.get(&address).send().await.expect("answered").status();
    assert_eq!(look().await, 404, "not before it is signed");
    credentials::release(&guild.test.app, shown.id).await.expect("released");
    assert_eq!(look().await, 200);
    let history = credentials::history_of(guild.test.app.db.read(), shown.id).await.expect("read");
    assert!(history.iter().any(|entry| entry.what == "visibility.link"), "{history:?}");
    assert_eq!(browser.post("/me/visibility", &choose("private", "ja")).await.0, 303);
    assert_eq!(look().await, 200, "what they hold stays as it is");
    for (visibility, language) in [("everyone", "ja"), ("link", "fr")] {
        assert_eq!(browser.post("/me/visibility", &choose(visibility, language)).await.0, 422);
    }
}

async fn the_choice_is_the_members_alone(store: Store) {
    let guild = Guild::without_key(store).await;
    let member = guild.member("quiet@members.example", Locale::En).await;
    let key = guild.admin().await;
    let (_, token) = guild.post(&key, &format!("/api/v1/members/{member}/tokens"), None, &json!(null)).await;
    let token = token["token"].as_str().expect("a token");
    let form = json!({"csrf": "", "visibility": "public", "language": "en"});
    for who in [token, key.as_str()] {
        let request = guild.test.http.post(guild.test.url("/me/visibility")).bearer_auth(who).form(&form);
        assert_eq!(request.send().await.expect("answered").status(), 403, "staff publish for nobody");
    }
    let mut ch = guild.test.app.db.change(Actor::Member(member), Kind::Ordinary).await.expect("the door opens");
    let (by_token, public) = (Principal::Token { member }, Visibility::Public);
    let refused = credentials::choose_default(&mut ch, &by_token, false, public).await.expect_err("not in person");
    assert_eq!(refused.code(), Code::Forbidden);
    ch.undo().await.expect("undone");
    let chosen = credentials::default_visibility(guild.test.app.db.read(), member).await.expect("read");
    assert_eq!(chosen, Visibility::Private);
    let nobody = guild.test.http.post(guild.test.url("/me/visibility")).form(&form).send().await.expect("answered");
    assert_eq!(nobody.status(), 401);
}
