//! The page that most people will ever see: every state in both languages, light enough for any phone, and nothing told that is not proved.

use serde_json::Value;
use time::Duration;
use waymark::actor::Actor;
use waymark::credentials::{self, Credential, Reason, ReasonCode, StatusChange, Visibility};
use waymark::database::Kind;

use crate::credentials::Guild;
use crate::support::{Store, beginning, on_both};

on_both!(
    every_state_is_the_first_heading_of_a_light_page,
    a_list_that_cannot_be_read_leaves_it_open,
    an_altered_one_shows_nothing_of_itself,
    a_reader_of_the_other_language_is_told_it_too,
    only_the_verifier_may_use_the_camera,
    the_words_and_the_issuers_are_there_for_the_browser
);

/// What may be sent before anything is drawn.
const LIGHT: usize = 30 * 1024;
const LANGUAGES: [&str; 2] = ["ja", "en"];

async fn published(guild: &Guild, email: &str) -> Credential {
    let credential = guild.released(email).await;
    let mut ch =
        guild.test.app.db.change(Actor::Member(credential.member), Kind::Ordinary).await.expect("the door opens");
    let holder = waymark::access::Principal::Session { member: credential.member, roles: vec![], csrf: String::new() };
    credentials::show_to(&mut ch, credential.id, &holder, false, Visibility::Link).await.expect("shown");
    ch.commit().await.expect("committed");
    credential
}

async fn changed(guild: &Guild, credential: &Credential, step: StatusChange) {
    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    let reason = Reason { code: ReasonCode::RequirementsNotMet, public: None, internal: Some("a secret".to_owned()) };
    credentials::change_status(&guild.test.app, &mut ch, credential.id, step, &reason).await.expect("changed");
    ch.commit().await.expect("committed");
    guild.test.settle().await;
}

async fn page(guild: &Guild, path: &str, language: &str) -> (u16, String) {
    let request = guild.test.http.get(guild.test.url(path)).header("accept", "text/html");
    let answer = request.header("accept-language", language).send().await.expect("answered");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

/// The first heading of a page, with its tags.
fn first_heading(page: &str) -> &str {
    let at = (1..=6).filter_map(|level| page.find(&format!("<h{level}"))).min().expect("a heading");
    page[at..].lines().next().unwrap_or_default()
}

async fn every_state_is_the_first_heading_of_a_light_page(store: Store) {
    let guild = Guild::start(store).await;
    let one = published(&guild, "hikari@members.example").await;
    let held = published(&guild, "kaede@members.example").await;
    let gone = published(&guild, "ren@members.example").await;
    let forged = published(&guild, "aoi@members.example").await;
    changed(&guild, &held, StatusChange::Suspend).await;
    changed(&guild, &gone, StatusChange::Revoke).await;
    let forge = format!(
        "UPDATE signing_intent SET signed = replace(signed, '七瀬 ひかり', '七瀬 ひかる') WHERE subject = '{}'",
        forged.id
    );
    guild.test.run_sql(&forge).await;

    let look = async |credential: Option<&Credential>, tone: &str, words: [&str; 2]| {
        let path = credential.map_or("/c/nothing".to_owned(), |c| format!("/c/{}", c.share_id));
        for (language, word) in LANGUAGES.into_iter().zip(words) {
            let (status, page) = page(&guild, &path, language).await;
            assert_eq!(status, if credential.is_some() { 200 } else { 404 }, "{tone} {language}");
            assert!(page.len() < LIGHT, "{tone} {language}: {} bytes", page.len());
            assert_eq!(first_heading(&page), format!("<h1 class=\"banner__word\">{word}</h1>"));
            assert!(page.contains(&format!("class=\"banner banner--{tone}\" role=\"status\"")), "{tone} {language}");
            assert!(!page.contains("a secret") && !page.contains('⟦') && !page.contains("<style"), "{tone} {language}");
            let before = page.split("class=\"banner ").next().unwrap_or_default().split("<main").nth(1).unwrap_or("?");
            assert!(!before.contains("<p") && !before.contains("<a"), "nothing stands before the state: {before}");
        }
    };
    look(Some(&one), "valid", ["有効な認定です", "Valid"]).await;
    look(Some(&held), "suspended", ["一時停止中です", "Suspended"]).await;
    look(Some(&gone), "revoked", ["この認定は取り消されました", "Revoked by the issuer"]).await;
    look(Some(&forged), "altered", ["署名が一致しません（改ざん、または破損の可能性）", "Signature does not match"])
        .await;
    look(None, "private", ["この認定は公開されていません", "Not public"]).await;
    let (_, english) = page(&guild, &format!("/c/{}", gone.share_id), "en").await;
    assert!(english.contains("Revoked on 21 Nov 2026. Reason: Requirements were not met"), "{english}");

    guild.test.clock.set(beginning() - Duration::minutes(4));
    look(Some(&one), "not_yet_valid", ["有効期間の開始前です", "Not yet valid"]).await;
    guild.test.clock.set(beginning() + Duration::days(3 * 366 + 31));
    look(Some(&one), "expired", ["有効期限が切れています", "Expired"]).await;
}

async fn a_list_that_cannot_be_read_leaves_it_open(store: Store) {
    let guild = Guild::start(store).await;
    let one = published(&guild, "hikari@members.example").await;
    let path = format!("/c/{}", one.share_id);
    let (_, before) = page(&guild, &path, "en").await;
    assert!(before.contains("banner--valid"), "{before}");
    let hide =
        "UPDATE signing_intent SET signed = replace(signed, 'encodedList', 'list') WHERE purpose = 'status_list'";
    guild.test.run_sql(hide).await;
    for (language, word) in LANGUAGES.into_iter().zip(["確認できませんでした", "Could not be checked"]) {
        let (status, after) = page(&guild, &path, language).await;
        assert_eq!((status, after.len() < LIGHT), (200, true));
        assert_eq!(first_heading(&after), format!("<h1 class=\"banner__word\">{word}</h1>"));
        assert!(after.contains("banner--unknown") && !after.contains("banner--valid"));
    }
}

async fn a_reader_of_the_other_language_is_told_it_too(store: Store) {
    let guild = Guild::start(store).await;
    let one = published(&guild, "hikari@members.example").await;
    let path = format!("/c/{}", one.share_id);
    let (_, english) = page(&guild, &path, "en").await;
    assert!(english.contains("<h2 class=\"credential__title\">基礎</h2>"), "what is signed stays first");
    assert!(english.contains("<p class=\"credential__told\" lang=\"en\">Foundations</p>"), "{english}");
    assert!(english.contains("What is signed is the wording in the other language"), "and is told apart");
    let (_, japanese) = page(&guild, &path, "ja").await;
    assert!(!japanese.contains("credential__told") && !japanese.contains("Foundations"), "nothing twice");
}

async fn an_altered_one_shows_nothing_of_itself(store: Store) {
    let guild = Guild::start(store).await;
    let credential = published(&guild, "hikari@members.example").await;
    let path = format!("/c/{}", credential.share_id);
    let told = ["七瀬 ひかり", "基礎", "3件貢献する", credential.number.as_str()];
    let (_, before) = page(&guild, &path, "ja").await;
    for text in told {
        assert!(before.contains(text), "{text}");
    }
    for way in ["print-only", "data-device=", "mailto:office@guild.example?subject="] {
        assert!(before.contains(way), "{way}");
    }
    guild.test.run_sql("UPDATE signing_intent SET signed = replace(signed, '七瀬 ひかり', '七瀬 ひかる')").await;
    let (_, after) = page(&guild, &path, "ja").await;
    let body = after.split("mailto:").next().unwrap_or_default();
    for text in told.into_iter().chain(["ひかる", "badge.svg", "og:title"]) {
        assert!(!body.contains(text), "{text} is told: {after}");
    }
}

async fn only_the_verifier_may_use_the_camera(store: Store) {
    let guild = Guild::start(store).await;
    let credential = published(&guild, "hikari@members.example").await;
    let headers = async |path: &str| {
        let answer = guild.test.http.get(guild.test.url(path)).send().await.expect("answered");
        let text = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
        (text("permissions-policy"), text("content-security-policy"))
    };
    for path in ["/", "/login", "/verify/device.json", &format!("/c/{}", credential.share_id)] {
        let (leave, policy) = headers(path).await;
        assert!(leave.contains("camera=()"), "{path}: {leave}");
        assert!(policy.contains("connect-src 'self';"), "{path}: {policy}");
    }
    let (leave, policy) = headers("/verify").await;
    assert!(leave.contains("camera=(self)") && leave.contains("microphone=()"), "{leave}");
    assert!(policy.contains("connect-src 'self' https:;") && policy.contains("script-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}

async fn the_words_and_the_issuers_are_there_for_the_browser(store: Store) {
    let guild = Guild::start(store).await;
    let ask = async |path: &str| guild.test.http.get(guild.test.url(path)).send().await.expect("answered");
    let texts: Value = ask("/verify/device.json?lang=ja").await.json().await.expect("JSON");
    assert_eq!((texts["lang"].as_str(), texts["base"].as_str()), (Some("ja"), Some(guild.test.base.as_str())));
    assert_eq!(texts["states"]["revoked"]["word"], "この認定は取り消されました");
    let own = texts["policy"]["own_issuers"][0].as_str().expect("ours");
    assert!(own.starts_with("did:key:"));
    assert_eq!(texts["policy"]["trusted_issuers"][0]["id"], own);
    let before = texts["policy"]["conformance_issuers"].as_array().map_or(0, Vec::len);

    let (_, page) = page(&guild, "/verify", "en").await;
    let script =
        page.split("src=\"").nth(2).or_else(|| page.split("src=\"").nth(1)).and_then(|rest| rest.split('"').next());
    let script = script.expect("a script");
    let folder = script.rsplit_once('/').expect("in a folder").0;
    for file in ["page.mjs", "verifier.mjs", "scanning.mjs", "vendor/noble-ed25519.mjs", "vendor/jsqr.js"] {
        let answer = ask(&format!("{folder}/{file}")).await;
        assert_eq!(answer.status(), 200, "{file}");
        assert_eq!(answer.headers()["content-type"], "text/javascript; charset=utf-8", "{file}");
        assert!(answer.headers()["cache-control"].to_str().expect("text").contains("immutable"));
    }
    for path in ["/assets/device/page.mjs", "/assets/device.000000000000/page.mjs", &format!("{folder}/../waymark.css")]
    {
        assert_eq!(ask(path).await.status(), 404, "{path}");
    }
    assert_eq!(before, 0, "no conformance key was made here");
}
