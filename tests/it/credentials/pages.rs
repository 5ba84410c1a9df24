//! The staff's pages, and who changes the visibility.

use serde_json::json;
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::credentials::{Status, Visibility};
use waymark::database::Kind;
use waymark::ids::MemberId;
use waymark::web::i18n::Locale;

use super::Guild;
use crate::support::{Store, on_both};

on_both!(
    staff_find_a_credential_and_revoke_it_with_a_reason,
    a_form_with_mistakes_says_what_to_do_and_keeps_what_was_written,
    the_pages_keep_to_their_roles,
    only_the_member_in_their_own_session_publishes
);

struct Browser<'g> {
    guild: &'g Guild,
    cookie: String,
}

impl<'g> Browser<'g> {
    async fn of(guild: &'g Guild, member: MemberId) -> Self {
        let app = &guild.test.app;
        let mut ch = app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let secret = access::start_session(&mut ch, member).await.expect("started");
        ch.commit().await.expect("committed");
        Self { guild, cookie: format!("{}={secret}", access::session_cookie(&app.config)) }
    }

    async fn staff(guild: &'g Guild, role: Role) -> Self {
        let member = guild.member(&format!("{}@staff.example", role.as_str()), Locale::En).await;
        let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
        access::give_role(&mut ch, member, role).await.expect("given");
        ch.commit().await.expect("committed");
        Self::of(guild, member).await
    }

    async fn get(&self, path: &str, language: &str) -> (u16, String) {
        let request = self.guild.test.http.get(self.guild.test.url(path)).header("cookie", &self.cookie);
        let answer =
            request.header("accept", "text/html").header("accept-language", language).send().await.expect("answered");
        let (status, html) = (answer.status().as_u16(), answer.text().await.expect("text"));
        assert!(!html.contains('⟦'), "a text is missing on {path}: {html}");
        assert!(html.is_empty() || html.matches("<h1").count() == 1, "{path}");
        (status, html)
    }

    async fn csrf(&self) -> String {
        let (_, html) = self.get("/admin/credentials", "en").await;
        let html = if html.contains("csrf") { html } else { self.get("/", "en").await.1 };
        let (_, rest) = html.split_once(r#"name="csrf" value=""#).expect("a form");
        rest.split_once('"').expect("closed").0.to_owned()
    }

    async fn post(&self, path: &str, form: &serde_json::Value) -> (u16, String) {
        let request = self.guild.test.http.post(self.guild.test.url(path)).header("cookie", &self.cookie);
        let answer = request
            .header("accept", "text/html")
            .header("accept-language", "en")
            .form(form)
            .send()
            .await
            .expect("answered");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    }
}

async fn staff_find_a_credential_and_revoke_it_with_a_reason(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let staff = Browser::staff(&guild, Role::Issuer).await;
    let page = format!("/admin/credentials/{}", known.id);
    for (search, found) in
        [("", true), ("七瀬", true), ("eg-2026-000001", true), ("nobody", false), ("100%", false), ("_", false)]
    {
        let query = url::form_urlencoded::byte_serialize(search.as_bytes()).collect::<String>();
        for language in ["en", "ja"] {
            let (status, html) = staff.get(&format!("/admin/credentials?q={query}"), language).await;
            assert_eq!((status, html.contains(&page)), (200, found), "{search} {language}");
        }
    }
    for language in ["en", "ja"] {
        let (status, html) = staff.get(&page, language).await;
        assert_eq!(status, 200);
        assert!(html.contains("step-revoke") && html.contains("step-suspend") && !html.contains("step-reinstate"));
        assert!(!html.contains(&known.share_id), "what is private has no link");
    }
    let csrf = staff.csrf().await;
    let form = json!({"csrf": csrf, "step": "revoke", "reason_code": "misconduct", "public_reason": "Sat by <b>somebody</b> else.", "internal_note": "case 7"});
    assert_eq!(
        staff.post(&format!("{page}/standing"), &json!({"step": "revoke", "reason_code": "other"})).await.0,
        403,
        "no token, no change"
    );
    assert_eq!(staff.post(&format!("{page}/standing"), &form).await.0, 303);
    assert_eq!(guild.credential(known.id).await.status, Status::Revoked);
    for language in ["en", "ja"] {
        let (_, html) = staff.get(&format!("{page}?done=revoke"), language).await;
        assert!(html.contains("case 7") && html.contains("notice--success"));
        assert!(!html.contains("<b>somebody"), "text stays text");
        assert!(!html.contains(r#"name="step""#), "nothing more can be done");
    }
    let entries = waymark::database::audit::recent(guild.test.app.db.read(), None, 1).await.expect("read");
    assert_eq!(entries[0].action, "credential.revoke");
    assert!(entries[0].actor.starts_with("mem_"));
}

async fn a_form_with_mistakes_says_what_to_do_and_keeps_what_was_written(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let staff = Browser::staff(&guild, Role::Admin).await;
    let path = format!("/admin/credentials/{}/standing", known.id);
    let csrf = staff.csrf().await;
    let (status, html) = staff.post(&path, &json!({"csrf": csrf, "public_reason": "a thought"})).await;
    assert_eq!(status, 422);
    assert!(html.contains("error-summary"));
    assert!(
        html.contains(r##"href="#step""##) && html.contains(r##"href="#reason_code""##) && html.contains("a thought"),
        "{html}"
    );
    let long = "x".repeat(501);
    let (status, html) = staff
        .post(&path, &json!({"csrf": csrf, "step": "suspend", "reason_code": "other", "internal_note": long}))
        .await;
    assert_eq!((status, html.contains(r##"href="#internal_note""##)), (422, true));
    assert_eq!(guild.credential(known.id).await.status, Status::Valid);
    let (status, _) = staff.post(&path, &json!({"csrf": csrf, "step": "reinstate", "reason_code": "other"})).await;
    assert_eq!(status, 303, "it is valid already");
}

async fn the_pages_keep_to_their_roles(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let page = format!("/admin/credentials/{}", known.id);
    for (role, expected) in [(Role::Auditor, 200), (Role::Examiner, 403)] {
        let browser = Browser::staff(&guild, role).await;
        assert_eq!(browser.get(&page, "en").await.0, expected, "{role:?}");
        assert_eq!(browser.get("/admin/credentials", "en").await.0, expected, "{role:?}");
    }
    let auditor = Browser::staff(&guild, Role::Auditor).await;
    assert!(!auditor.get(&page, "en").await.1.contains(r#"name="step""#), "who may only read sees no form");
    let csrf = auditor.csrf().await;
    assert_eq!(
        auditor
            .post(&format!("{page}/standing"), &json!({"csrf": csrf, "step": "revoke", "reason_code": "other"}))
            .await
            .0,
        403
    );
    let member = Browser::of(&guild, known.member).await;
    assert_eq!(member.get(&page, "en").await.0, 403);
    let staff = Browser::staff(&guild, Role::Owner).await;
    for missing in
        ["/admin/credentials/crd_00000000000000000000000000", "/admin/credentials/x", "/admin/credentials?cursor=x"]
    {
        assert_eq!(staff.get(missing, "en").await.0, 404, "{missing}");
    }
    let nobody =
        guild.test.http.get(guild.test.url(&page)).header("accept", "text/html").send().await.expect("answered");
    assert_eq!(nobody.status(), 303, "sign in first");
}

async fn only_the_member_in_their_own_session_publishes(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let put = async |browser: &Browser<'_>, visibility: &str| {
        let path = guild.test.url(&format!("/api/v1/credentials/{}/visibility", known.id));
        let csrf = browser.csrf().await;
        let request = guild.test.http.put(path).header("cookie", &browser.cookie).header("x-csrf-token", csrf);
        request.json(&json!({"visibility": visibility})).send().await.expect("answered").status().as_u16()
    };
    let staff = Browser::staff(&guild, Role::Owner).await;
    assert_eq!(put(&staff, "public").await, 403, "staff cannot publish for a member");
    let other = guild.member("aoi@members.example", Locale::En).await;
    assert_eq!(put(&Browser::of(&guild, other).await, "public").await, 404, "to others it does not exist");
    let own = Browser::of(&guild, known.member).await;
    assert_eq!(put(&own, "everybody").await, 422);
    assert_eq!(guild.credential(known.id).await.visibility, Visibility::Private);
    for (word, expected) in
        [("public", Visibility::Public), ("link", Visibility::Link), ("private", Visibility::Private)]
    {
        assert_eq!(put(&own, word).await, 200);
        assert_eq!(guild.credential(known.id).await.visibility, expected);
    }
    let nobody = guild.test.http.put(guild.test.url(&format!("/api/v1/credentials/{}/visibility", known.id)));
    assert_eq!(nobody.json(&json!({"visibility": "link"})).send().await.expect("answered").status(), 401);
}
