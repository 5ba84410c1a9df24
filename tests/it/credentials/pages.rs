//! The staff's pages, and who changes the visibility.

use serde_json::json;
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::credentials::{self, Reason, ReasonCode, Status, StatusChange, Visibility};
use waymark::database::Kind;
use waymark::ids::MemberId;
use waymark::web::i18n::Locale;

use super::Guild;
use crate::support::{Store, on_both};

on_both!(
    staff_find_a_credential_and_revoke_it_with_a_reason,
    a_form_with_mistakes_says_what_to_do_and_keeps_what_was_written,
    the_pages_keep_to_their_roles,
    only_the_member_in_their_own_session_publishes,
    a_page_that_is_refused_still_knows_who_looks,
    what_became_of_a_credential_stands_on_its_holders_pages
);

/// Somebody in a browser.
pub struct Browser<'g> {
    guild: &'g Guild,
    pub cookie: String,
}

impl<'g> Browser<'g> {
    pub async fn of(guild: &'g Guild, member: MemberId) -> Self {
        let app = &guild.test.app;
        let mut ch = app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let secret = access::start_session(&mut ch, member).await.expect("started");
        ch.commit().await.expect("committed");
        Self { guild, cookie: format!("{}={secret}", access::session_cookie(&app.config)) }
    }

    pub async fn staff(guild: &'g Guild, role: Role) -> Self {
        let member = guild.member(&format!("{}@staff.example", role.as_str()), Locale::En).await;
        let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
        access::give_role(&mut ch, member, role).await.expect("given");
        ch.commit().await.expect("committed");
        Self::of(guild, member).await
    }

    pub async fn get(&self, path: &str, language: &str) -> (u16, String) {
        let request = self.guild.test.http.get(self.guild.test.url(path)).header("cookie", &self.cookie);
        let answer =
            request.header("accept", "text/html").header("accept-language", language).send().await.expect("answered");
        let (status, html) = (answer.status().as_u16(), answer.text().await.expect("text"));
        assert!(!html.contains('⟦'), "a text is missing on {path}: {html}");
        assert!(html.is_empty() || html.matches("<h1").count() == 1, "{path}");
        (status, html)
    }

    pub async fn csrf(&self) -> String {
        let (_, html) = self.get("/admin/credentials", "en").await;
        let html = if html.contains("csrf") { html } else { self.get("/", "en").await.1 };
        let (_, rest) = html.split_once(r#"name="csrf" value=""#).expect("a form");
        rest.split_once('"').expect("closed").0.to_owned()
    }

    pub async fn post(&self, path: &str, form: &serde_json::Value) -> (u16, String) {
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
    let (status, asked) = staff.post(&format!("{page}/standing"), &form).await;
    assert!(status == 200 && asked.contains(r#"name="confirm" value="yes""#), "it asks once more");
    assert!(asked.contains("Sat by &#60;b&#62;somebody") || asked.contains("Sat by &lt;b&gt;somebody"), "{asked}");
    assert_eq!(guild.credential(known.id).await.status, Status::Valid, "and nothing is changed before that");
    let mut meant = form.clone();
    meant["confirm"] = json!("yes");
    assert_eq!(staff.post(&format!("{page}/standing"), &meant).await.0, 303);
    assert_eq!(guild.credential(known.id).await.status, Status::Revoked);
    for language in ["en", "ja"] {
        let (_, html) = staff.get(&format!("{page}?done=revoke"), language).await;
        assert!(html.contains("case 7") && html.contains("notice--success"));
        assert!(!html.contains("<b>somebody"), "text stays text");
        assert!(!html.contains(r#"name="step""#), "nothing more can be done");
    }
    let by_key = guild
        .post(
            &guild.admin().await,
            "/api/v1/credentials",
            Some("k"),
            &json!({"track": "foundations", "member": known.member}),
        )
        .await
        .1;
    let (_, html) = staff.get(&format!("/admin/credentials/{}", by_key["id"].as_str().expect("an id")), "en").await;
    assert!(html.contains("API key “test”") && !html.contains("API key key_"), "a key goes by its name");
    let entries = waymark::database::audit::recent(guild.test.app.db.read(), None, 1).await.expect("read");
    assert_eq!(entries[0].action, "credential.award");
    let entries = waymark::database::audit::recent(guild.test.app.db.read(), None, 10).await.expect("read");
    let revoked = entries.iter().find(|row| row.action == "credential.revoke").expect("a row");
    assert!(revoked.actor.starts_with("mem_"));
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

async fn a_page_that_is_refused_still_knows_who_looks(store: Store) {
    let guild = Guild::start(store).await;
    let known = guild.released("hikari@members.example").await;
    let member = Browser::of(&guild, known.member).await;
    for (path, expected) in [("/admin", 403), ("/nowhere", 404), ("/c/00000000000000000000000000", 404)] {
        let (status, html) = member.get(path, "en").await;
        assert_eq!(status, expected, "{path}");
        assert!(html.contains(r#"href="/me""#) && html.contains(r#"action="/logout""#), "{path}: {html}");
        assert!(!html.contains(r#"href="/login""#), "{path}");
    }
    let (_, html) = member.get("/admin", "en").await;
    assert!(html.contains("This takes a staff role") && !html.contains("staff.enter"), "{html}");
    assert!(member.get("/admin", "ja").await.1.contains("運営の役割"));
    let key = guild.test.api_key(Role::Source).await;
    let (status, refused) = guild.get(&key, "/api/v1/reviews").await;
    assert_eq!((status, &refused["needs"]), (403, &json!("credentials.read")), "programs read the permission");
}

async fn stand(guild: &Guild, id: waymark::ids::CredentialId, step: StatusChange, public: Option<&str>) {
    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    let reason = Reason { code: ReasonCode::Other, public: public.map(str::to_owned), internal: None };
    credentials::change_status(&guild.test.app, &mut ch, id, step, &reason).await.expect("taken");
    ch.commit().await.expect("committed");
}

async fn what_became_of_a_credential_stands_on_its_holders_pages(store: Store) {
    let guild = Guild::start(store).await;
    let revoked = guild.released("hikari@members.example").await;
    let suspended = guild.released("kaede@members.example").await;
    let expired = guild.released("aoi@members.example").await;
    stand(&guild, revoked.id, StatusChange::Revoke, Some("Sat by somebody else.")).await;
    stand(&guild, suspended.id, StatusChange::Suspend, None).await;
    let staff = Browser::staff(&guild, Role::Admin).await;
    for (known, word, to_do) in [
        (&revoked, "Revoked on 21 Nov 2026", "It does not come back by itself."),
        (&suspended, "Suspended since 21 Nov 2026", "it can be reinstated"),
    ] {
        let (_, me) = Browser::of(&guild, known.member).await.get("/me", "en").await;
        for said in [word, to_do, "office@guild.example"] {
            assert!(me.contains(said), "{said}: {me}");
        }
        assert!(!me.contains("Reached on"), "nothing is reached any more");
        let (_, member) = staff.get(&format!("/admin/members/{}", known.member), "en").await;
        assert!(member.contains(word) && !member.contains(to_do), "{member}");
        assert!(
            !member.contains("/exams/") && member.contains(&format!("/admin/credentials/{}", known.id)),
            "{member}"
        );
        assert!(staff.get("/admin/members", "en").await.1.contains(word));
        assert!(!Browser::of(&guild, known.member).await.get("/me", "ja").await.1.contains("に達成</span>"));
    }
    let (_, me) = Browser::of(&guild, revoked.member).await.get("/me", "en").await;
    assert!(me.contains("Sat by somebody else."), "the reason is theirs to read");
    let (_, own) =
        Browser::of(&guild, revoked.member).await.get(&format!("/me/credentials/{}", revoked.id), "en").await;
    assert!(!own.contains("/linkedin\"") && own.contains("office@guild.example"), "{own}");

    assert!(!Browser::of(&guild, expired.member).await.get("/me", "en").await.1.contains("Expired on"));
    guild.test.clock.advance(time::Duration::days(3 * 365 + 3));
    let (_, me) = Browser::of(&guild, expired.member).await.get("/me", "en").await;
    assert!(me.contains("Expired on 21 Nov 2029") && me.contains("To have it renewed, ask Example Guild"), "{me}");
}
