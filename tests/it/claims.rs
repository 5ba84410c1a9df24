//! Claiming: who was awarded something before they had an account comes in by a link, once, and by no other way.

use serde_json::{Value, json};
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::credentials::{self, Visibility};
use waymark::database::Kind;
use waymark::error::Code;
use waymark::members;
use waymark::web::i18n::Locale;

use crate::credentials::Guild;
use crate::credentials::pages::Browser;
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_link_is_looked_at_often_and_used_once,
    a_link_dies_with_time_with_a_new_one_and_with_a_sign_in,
    no_link_leads_into_the_account_of_staff,
    only_a_link_that_was_mailed_proves_the_address,
    nobody_learns_from_a_link_that_is_worth_nothing,
    the_letter_is_in_its_recipients_language_and_outside_the_transaction,
    staff_see_that_nobody_claimed_and_make_a_new_link,
    whoever_signed_in_before_has_claimed
);

async fn link(guild: &Guild, id: waymark::ids::CredentialId) -> (u16, Value) {
    let key = guild.test.api_key(Role::Issuer).await;
    guild.post(&key, &format!("/api/v1/credentials/{id}/claim-link"), None, &Value::Null).await
}

/// The path of a new link.
async fn path(guild: &Guild, id: waymark::ids::CredentialId) -> String {
    let (status, made) = link(guild, id).await;
    assert_eq!(status, 201, "{made}");
    let url = made["url"].as_str().expect("a link");
    url.strip_prefix(&guild.test.base).expect("ours").to_owned()
}

async fn get(test: &TestApp, path: &str, cookie: &str) -> (u16, String) {
    let request = test.http.get(test.url(path)).header("accept", "text/html").header("cookie", cookie);
    let answer = request.send().await.expect("answered");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

async fn press(test: &TestApp, path: &str) -> reqwest::Response {
    test.http.post(test.url(path)).form(&json!({"csrf": ""})).send().await.expect("answered")
}

async fn a_link_is_looked_at_often_and_used_once(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let test = &guild.test;
    assert!(!members::is_claimed(test.app.db.read(), known.member).await.expect("read"));
    let path = path(&guild, known.id).await;
    for _ in 0..3 {
        let (status, html) = get(test, &path, "").await;
        assert!(
            status == 200
                && html.contains("七瀬 ひかり")
                && html.contains("lang=\"en\"><strong>Foundations")
                && !html.contains("hikari@"),
            "{html}"
        );
    }
    assert!(!members::is_claimed(test.app.db.read(), known.member).await.expect("read"), "looking claims nothing");
    let elsewhere = test.http.post(test.url(&path)).header("sec-fetch-site", "cross-site").form(&json!({})).send();
    assert_eq!(elsewhere.await.expect("answered").status(), 403, "another site cannot press the button");
    let claimed = press(test, &path).await;
    assert_eq!(claimed.status(), 303);
    let welcome = claimed.headers()["location"].to_str().expect("text").to_owned();
    let cookie =
        claimed.headers()["set-cookie"].to_str().expect("text").split(';').next().expect("a cookie").to_owned();
    assert!(members::is_claimed(test.app.db.read(), known.member).await.expect("read"));
    let (status, html) = get(test, &welcome, &cookie).await;
    assert!(status == 200 && html.contains(r#"value="private" checked"#), "private unless they say otherwise: {html}");
    assert_eq!(guild.credential(known.id).await.visibility, Visibility::Private, "claiming publishes nothing");
    assert_eq!((get(test, &path, "").await.0, press(test, &path).await.status().as_u16()), (410, 410));
    let audit = test.audit_actions().await;
    let times = |action: &str| audit.iter().filter(|a| *a == action).count();
    assert_eq!((times("claim_link.create"), times("member.claim")), (1, 1));
    let (status, problem) = link(&guild, known.id).await;
    assert_eq!((status, &problem["code"]), (409, &json!("already_claimed")), "from now on they sign in by themselves");
    let other = Browser::of(&guild, guild.member("other@members.example", Locale::En).await).await;
    assert_eq!(other.get(&welcome, "en").await.0, 404, "it is nobody else's");
}

async fn a_link_dies_with_time_with_a_new_one_and_with_a_sign_in(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let test = &guild.test;
    let first = path(&guild, known.id).await;
    let second = path(&guild, known.id).await;
    assert_eq!(
        (get(test, &first, "").await.0, get(test, &second, "").await.0),
        (410, 200),
        "a new one takes its place"
    );
    test.clock.advance(members::CLAIM_LINK - time::Duration::SECOND);
    assert_eq!(get(test, &second, "").await.0, 200);
    test.clock.advance(time::Duration::SECOND);
    assert_eq!((get(test, &second, "").await.0, press(test, &second).await.status().as_u16()), (410, 410));
    let third = path(&guild, known.id).await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let token = access::create_login_link(&mut ch, known.member).await.expect("made");
    ch.commit().await.expect("committed");
    assert_eq!(press(test, &format!("/login/{token}")).await.status(), 303);
    assert!(members::is_claimed(test.app.db.read(), known.member).await.expect("read"), "any sign-in claims");
    assert_eq!((get(test, &third, "").await.0, press(test, &third).await.status().as_u16()), (410, 410));
}

async fn no_link_leads_into_the_account_of_staff(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("boss@members.example").await;
    let test = &guild.test;
    let before = path(&guild, known.id).await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    access::give_role(&mut ch, known.member, Role::Owner).await.expect("given");
    ch.commit().await.expect("committed");
    assert_eq!(press(test, &before).await.status(), 410, "nor does one that was made before they got the role");
    let (status, problem) = link(&guild, known.id).await;
    assert_eq!((status, &problem["code"]), (409, &json!("already_claimed")));
}

async fn only_a_link_that_was_mailed_proves_the_address(store: Store) {
    let guild = Guild::start(store).await;
    let (handed, mailed) = (guild.released("a@members.example").await, guild.released("b@members.example").await);
    let test = &guild.test;
    press(test, &path(&guild, handed.id).await).await;
    let ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let token = members::create_claim_link(&ch, mailed.member, mailed.id, true).await.expect("made");
    ch.commit().await.expect("committed");
    press(test, &format!("/claim/{token}")).await;
    let db = test.app.db.read();
    assert_eq!(members::verified_email(db, handed.member).await.expect("read"), None);
    assert_eq!(members::verified_email(db, mailed.member).await.expect("read").as_deref(), Some("b@members.example"));
}

async fn nobody_learns_from_a_link_that_is_worth_nothing(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let test = &guild.test;
    let used = path(&guild, known.id).await;
    press(test, &used).await;
    let strip = |html: &str, path: &str| {
        let html = html.replace(path.trim_start_matches('/'), "");
        let id = html.find("req_").map(|at| html[at..at + 22].to_owned()).unwrap_or_default();
        html.replace(&id, "")
    };
    let unknown = format!("/claim/{}", "A".repeat(43));
    let (a, b) = (get(test, &used, "").await, get(test, &unknown, "").await);
    assert_eq!((a.0, strip(&a.1, &used)), (b.0, strip(&b.1, &unknown)), "used and unknown are one and the same");
    let key = test.api_key(Role::Auditor).await;
    let tried = guild.post(&key, &format!("/api/v1/credentials/{}/claim-link", known.id), None, &Value::Null).await;
    assert_eq!(tried.0, 403);
    let key = test.api_key(Role::Issuer).await;
    assert_eq!(
        guild.post(&key, "/api/v1/credentials/crd_00000000000000000000000000/claim-link", None, &Value::Null).await.0,
        404
    );
}

async fn the_letter_is_in_its_recipients_language_and_outside_the_transaction(store: Store) {
    let test = TestApp::start_with(store, |config| {
        config.issuer.did_method = waymark::config::DidMethod::Key;
        // Nobody listens there: what matters is what would be sent.
        config.mail.host = "127.0.0.1".to_owned();
        config.mail.from = "Guild <office@guild.example>".to_owned();
    })
    .await;
    let guild = Guild::in_app(test).await;
    waymark::issuer::generate_keys(&guild.test.app, Actor::Operator).await.expect("a key is made");
    let app = &guild.test.app;
    for (email, locale, title, word) in [
        ("ja@members.example", Locale::Ja, "基礎", "授与されました"),
        ("en@members.example", Locale::En, "Foundations", "has awarded you"),
    ] {
        let id = guild.award(guild.member(email, locale).await).await;
        credentials::release(app, id).await.expect("released");
        let before = guild.test.count("SELECT COUNT(*) FROM claim_link").await;
        guild.test.settle().await;
        assert_eq!(
            guild.test.count("SELECT COUNT(*) FROM claim_link WHERE mailed").await,
            before + 1,
            "one letter each"
        );
        let letter =
            credentials::award_letter(app, Actor::Operator, &guild.credential(id).await).await.expect("written");
        assert_eq!(letter.to, email);
        assert!(
            letter.subject.contains(title) && letter.body.contains(word) && letter.body.contains("七瀬 ひかり"),
            "{letter:?}"
        );
        let link = letter
            .body
            .lines()
            .find_map(|l| l.trim().strip_prefix(&guild.test.base))
            .expect("a link on a line of its own");
        assert_eq!(press(&guild.test, link).await.status(), 303);
    }
    // Whoever signs in by themselves gets no such letter.
    let links = guild.test.count("SELECT COUNT(*) FROM claim_link").await;
    guild.test.run_sql("UPDATE credential SET live = NULL, status = 'revoked'").await;
    let member = guild.member("en@members.example", Locale::En).await;
    let again = guild.award(member).await;
    credentials::release(app, again).await.expect("released");
    guild.test.settle().await;
    assert_eq!(guild.test.count("SELECT COUNT(*) FROM claim_link").await, links);
    let error =
        credentials::award_letter(app, Actor::Operator, &guild.credential(again).await).await.expect_err("claimed");
    assert_eq!(error.code(), Code::AlreadyClaimed);
}

async fn staff_see_that_nobody_claimed_and_make_a_new_link(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let staff = Browser::staff(&guild, Role::Issuer).await;
    let page = format!("/admin/credentials/{}", known.id);
    for (language, word) in [("en", "Not claimed yet"), ("ja", "まだ受け取られていません")] {
        let (_, html) = staff.get(&page, language).await;
        assert!(html.contains(word) && html.contains(r#"value="show""#) && !html.contains(r#"value="mail""#), "{html}");
    }
    let auditor = Browser::staff(&guild, Role::Auditor).await;
    let (_, html) = auditor.get(&page, "en").await;
    assert!(html.contains("Not claimed yet") && !html.contains(r#"value="show""#), "who may only look makes none");
    let csrf = staff.csrf().await;
    let make = format!("{page}/claim-link");
    assert_eq!(staff.post(&make, &json!({"csrf": "wrong", "how": "show"})).await.0, 403);
    assert_eq!(staff.post(&make, &json!({"csrf": csrf, "how": "mail"})).await.0, 422, "there is no mail here");
    let (status, html) = staff.post(&make, &json!({"csrf": csrf, "how": "show"})).await;
    let (_, rest) = html.split_once("/claim/").expect("a link");
    let token = rest.split('"').next().expect("its end");
    assert_eq!((status, press(&guild.test, &format!("/claim/{token}")).await.status().as_u16()), (200, 303));
    let (_, html) = staff.get(&page, "en").await;
    assert!(!html.contains("Not claimed yet"), "{html}");
    assert_eq!(staff.post(&make, &json!({"csrf": csrf, "how": "show"})).await.0, 409);
    let revoked = guild.released("other@members.example").await;
    guild.test.run_sql("UPDATE credential SET status = 'revoked'").await;
    let (status, problem) = link(&guild, revoked.id).await;
    assert_eq!((status, &problem["code"]), (409, &json!("status_conflict")), "what was revoked is handed to nobody");
}

async fn whoever_signed_in_before_has_claimed(store: Store) {
    let guild = Guild::start(store).await;
    let member = guild.member("hikari@members.example", Locale::En).await;
    let browser = Browser::of(&guild, member).await;
    assert_eq!(browser.get("/me", "en").await.0, 200);
    let fresh = guild.member("fresh@members.example", Locale::En).await;
    let db = guild.test.app.db.read();
    assert_eq!(members::claimed_at(db, fresh).await.expect("read"), None);
    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    access::start_session(&mut ch, fresh).await.expect("signed in");
    ch.commit().await.expect("committed");
    let first = members::claimed_at(db, fresh).await.expect("read");
    guild.test.clock.advance(time::Duration::DAY);
    ch = guild.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    access::start_session(&mut ch, fresh).await.expect("signed in");
    ch.commit().await.expect("committed");
    assert!(first.is_some());
    assert_eq!(members::claimed_at(db, fresh).await.expect("read"), first, "the first time counts");
}
