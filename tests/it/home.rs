//! The front page, a track in words, the member's own page and the staff's, in both languages.

use reqwest::Response;
use serde_json::json;
use waymark::access::{self, Role};
use waymark::actor::Actor;
use waymark::contributions::{self, Envelope, Outcome, Speaker};
use waymark::database::Kind;
use waymark::ids::MemberId;

use crate::contributions::{enrol, event, small_program, start};
use crate::support::{Store, TestApp, on_both};

on_both!(
    my_page_says_what_is_missing_and_why_something_does_not_count,
    a_long_list_names_the_latest_and_says_how_many_there_are,
    my_page_is_for_whoever_is_signed_in,
    the_fragment_is_the_part_that_changes,
    the_front_page_and_a_track_are_for_anyone,
    titles_from_outside_stay_text,
    staff_credit_what_is_held,
    nobody_gives_themselves_a_handle,
    staff_take_a_contribution_back,
    staff_pages_keep_to_their_roles,
    the_start_page_groups_what_its_reader_may_open
);

pub struct Visitor<'t> {
    test: &'t TestApp,
    cookie: String,
}

impl<'t> Visitor<'t> {
    pub async fn signed_in(test: &'t TestApp, member: MemberId) -> Self {
        let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
        let secret = access::start_session(&mut ch, member).await.expect("started");
        ch.commit().await.expect("committed");
        Self { test, cookie: format!("{}={secret}", access::session_cookie(&test.app.config)) }
    }

    pub async fn staff(test: &'t TestApp, role: Role) -> Self {
        let member = enrol(test, role.as_str()).await;
        let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
        access::give_role(&mut ch, member, role).await.expect("given");
        ch.commit().await.expect("committed");
        Self::signed_in(test, member).await
    }

    pub async fn get(&self, path: &str, language: &str) -> Response {
        let request = self.test.http.get(self.test.url(path)).header("cookie", &self.cookie);
        request.header("accept", "text/html").header("accept-language", language).send().await.expect("answered")
    }

    pub async fn page(&self, path: &str, language: &str) -> String {
        let response = self.get(path, language).await;
        assert_eq!(response.status(), 200, "{path}");
        readable(&response.text().await.expect("text"))
    }

    pub async fn post(&self, path: &str, form: serde_json::Value) -> u16 {
        let request = self.test.http.post(self.test.url(path)).header("cookie", &self.cookie);
        request.header("accept", "text/html").form(&form).send().await.expect("answered").status().as_u16()
    }

    /// The status and the page that answers.
    pub async fn posted(&self, path: &str, form: serde_json::Value) -> (u16, String) {
        let request = self.test.http.post(self.test.url(path)).header("cookie", &self.cookie);
        let answer = request.header("accept", "text/html").form(&form).send().await.expect("answered");
        (answer.status().as_u16(), readable(&answer.text().await.expect("text")))
    }

    pub async fn upload(&self, path: &str, form: reqwest::multipart::Form) -> Response {
        let request = self.test.http.post(self.test.url(path)).header("cookie", &self.cookie);
        request.header("accept", "text/html").multipart(form).send().await.expect("answered")
    }

    pub async fn csrf(&self, page: &str) -> String {
        let html = self.get(page, "en").await.text().await.expect("text");
        let (_, rest) = html.split_once(r#"name="csrf" value=""#).expect("a form");
        rest.split_once('"').expect("closed").0.to_owned()
    }
}

/// What a test checks in every page it reads: one h1, no text missing. Answers the page with its white space made single.
fn readable(html: &str) -> String {
    assert_eq!(html.matches("<h1").count(), usize::from(html.contains("<!doctype")), "one h1");
    assert!(!html.contains('⟦'), "a text is missing: {html}");
    html.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub async fn send(test: &TestApp, event: serde_json::Value) -> String {
    let event = Envelope::structured(event).expect("well formed");
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    let receipt = contributions::receive(&mut ch, &Speaker::Any, &event).await.expect("received");
    ch.commit().await.expect("committed");
    assert!(matches!(receipt.outcome, Outcome::Accepted | Outcome::Held), "{receipt:?}");
    test.settle().await;
    receipt.contribution.expect("a contribution")
}

async fn my_page_says_what_is_missing_and_why_something_does_not_count(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    let me = Visitor::signed_in(&test, member).await;
    let empty = me.page("/me", "en").await;
    for text in
        ["Member hikari", "Next for you", "Not started", "2 more: a merged change, an accepted answer.", "None yet."]
    {
        assert!(empty.contains(text), "{text}: {empty}");
    }
    assert!(me.page("/me", "ja").await.contains("あと 2 件（取り込まれた変更、採用された回答）"));

    let mut titled = event("e-1", "handle:hikari", "changes/1");
    titled["data"]["titles"] = json!({"ja": "誤字を直す", "en": "Mend the typos"});
    send(&test, titled).await;
    let mut again = event("e-2", "handle:hikari", "changes/1");
    again["time"] = json!("2026-11-20T09:30:00Z");
    send(&test, again).await;
    let english = me.page("/me", "en").await;
    for text in ["In progress", "1 of 2", r#"value="1" max="2""#, "One more:", "Mend the typos", "Counts</span>"] {
        assert!(english.contains(text), "{text}: {english}");
    }
    let same = "Giver: The same piece of work was counted already on 20 Nov 2026: “Mend the typos”.";
    assert!(english.contains(same), "{english}");
    let japanese = me.page("/me", "ja").await;
    for text in [
        "途中",
        "1 / 2 件",
        "あと 1 件",
        "誤字を直す",
        "同じ対象への貢献『誤字を直す』（2026年11月20日）をすでに数えています。",
    ] {
        assert!(japanese.contains(text), "{text}: {japanese}");
    }

    let mut last = event("e-3", "handle:hikari", "changes/3");
    last["time"] = json!("2026-11-20T10:00:00Z");
    send(&test, last).await;
    let met = me.page("/me", "en").await;
    assert!(met.contains("Reached on 20 Nov 2026") && met.contains("You have reached everything"), "{met}");
    assert!(me.page("/me", "ja").await.contains("2026年11月20日に達成"));
}

async fn a_long_list_names_the_latest_and_says_how_many_there_are(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    for n in 0..60 {
        let mut event = event(&format!("e-{n}"), "handle:hikari", "changes/1");
        event["time"] = json!(format!("2026-11-20T09:{n:02}:00Z"));
        event["data"]["url"] = json!(format!("https://community.example/works/{n}/"));
        let event = Envelope::structured(event).expect("well formed");
        contributions::receive(&mut ch, &Speaker::Any, &event).await.expect("received");
    }
    ch.commit().await.expect("committed");
    test.settle().await;
    let me = Visitor::signed_in(&test, member).await;
    let english = me.page("/me", "en").await;
    let summary = "1 counted, 59 not";
    assert!(english.contains(summary) && english.contains("and 9 earlier"), "{english}");
    let named = |n: u32| english.contains(&format!("/works/{n}/"));
    assert!(named(0), "what counts is named");
    assert!((1..10).all(|n| !named(n)) && (10..60).all(named), "of what does not, the latest fifty");
    assert!(me.page("/me", "ja").await.contains("ほかに、これより前のものが 9 件"));
}

async fn my_page_is_for_whoever_is_signed_in(store: Store) {
    let test = start(store).await;
    let page = |path: &str| test.http.get(test.url(path)).header("accept", "text/html").send();
    let away = page("/me").await.expect("answered");
    assert_eq!(
        (away.status().as_u16(), &away.headers()["location"]),
        (303, &"/login?next=%2Fme".parse().expect("valid"))
    );
    assert_eq!(test.http.get(test.url("/me/progress")).send().await.expect("answered").status(), 401);
    let member = enrol(&test, "hikari").await;
    let me = Visitor::signed_in(&test, member).await;
    assert!(
        me.page("/me", "en").await.contains("Nothing can be earned here yet."),
        "an empty installation has its page too"
    );
}

async fn the_fragment_is_the_part_that_changes(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    let me = Visitor::signed_in(&test, member).await;
    let before = me.page("/me/progress", "en").await;
    assert!(!before.contains("<html") && me.page("/me", "en").await.contains(&before));
    assert_eq!(before, me.page("/me/progress", "en").await, "nothing happened, nothing changes");
    send(&test, event("e-1", "handle:hikari", "changes/1")).await;
    assert_ne!(before, me.page("/me/progress", "en").await);
}

async fn the_front_page_and_a_track_are_for_anyone(store: Store) {
    let test = start(store).await;
    let page = async |path: &str, language: &str| {
        let response =
            test.http.get(test.url(path)).header("accept-language", language).send().await.expect("answered");
        assert_eq!(response.status(), 200, "{path}");
        readable(&response.text().await.expect("text"))
    };
    assert!(page("/", "en").await.contains("Nothing can be earned here yet."));
    small_program(&test).await;
    let front = page("/", "en").await;
    for text in [
        "Example Guild: recognition",
        "Giver",
        "Milestone badge",
        "Two contributions",
        r#"action="/verify""#,
        r#"href="/p/giver""#,
    ] {
        assert!(front.contains(text), "{text}: {front}");
    }
    assert!(page("/", "ja").await.contains("例の会の認定"));
    let track = page("/p/giver", "en").await;
    for text in [
        "Make 2 contributions",
        "What counts: a merged change, an accepted answer.",
        "Only contributions of the last 365 days count.",
        "Each piece of work counts once.",
        "It does not expire.",
    ] {
        assert!(track.contains(text), "{text}: {track}");
    }
    assert!(page("/p/giver", "ja").await.contains("数えるもの：取り込まれた変更、採用された回答。"));
    assert_eq!(test.http.get(test.url("/p/nowhere")).send().await.expect("answered").status(), 404);
}

async fn titles_from_outside_stay_text(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    let mut evil = event("e-1", "handle:hikari", "changes/1");
    evil["data"]["title"] = json!("<script>alert(1)</script>\"'><img src=x>");
    evil["data"]["url"] = json!("https://community.example/\"><script>alert(2)</script>");
    send(&test, evil).await;
    let me = Visitor::signed_in(&test, member).await;
    let page = me.page("/me", "en").await;
    assert!(page.contains("alert(1)"));
    assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "{page}");
}

async fn staff_credit_what_is_held(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let admin = Visitor::staff(&test, Role::Admin).await;
    assert!(admin.page("/admin/held", "en").await.contains("Nothing is held."));
    let member = enrol(&test, "hikari").await;
    let held = send(&test, event("e-1", "handle:tsukumo", "changes/1")).await;
    let page = admin.page("/admin/held", "ja").await;
    assert!(page.contains("handle:tsukumo") && page.contains("このハンドルのメンバーがまだいません。"), "{page}");
    let csrf = admin.csrf("/admin/held").await;
    let path = format!("/admin/held/{held}/member");
    assert_eq!(admin.post(&path, json!({"email": "hikari@members.example"})).await, 403, "without the token");
    assert_eq!(admin.post(&path, json!({"csrf": csrf, "email": "nobody@members.example"})).await, 422);
    assert_eq!(admin.post(&path, json!({"csrf": csrf, "email": "hikari@members.example"})).await, 303);
    test.settle().await;
    assert!(admin.page("/admin/held", "en").await.contains("Nothing is held."));
    let id = held.parse().expect("well formed");
    let credited = contributions::find(test.app.db.read(), id).await.expect("there");
    assert_eq!((credited.state, credited.member), (contributions::State::Accepted, Some(member)));
    assert_eq!(test.audit_actions().await.last().map(String::as_str), Some("handle.link"));
    assert_eq!(
        admin.post(&path, json!({"csrf": csrf, "email": "hikari@members.example"})).await,
        404,
        "no longer held"
    );
}

async fn nobody_gives_themselves_a_handle(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    let mut ch = test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    access::give_role(&mut ch, member, Role::Admin).await.expect("given");
    ch.commit().await.expect("committed");
    let me = Visitor::signed_in(&test, member).await;
    let held = send(&test, event("e-1", "handle:tsukumo", "changes/1")).await;
    let csrf = me.csrf("/admin/held").await;
    let own = json!({"csrf": csrf, "email": "hikari@members.example"});
    assert_eq!(me.post(&format!("/admin/held/{held}/member"), own).await, 403);
    test.settle().await;
    let held = contributions::find(test.app.db.read(), held.parse().expect("well formed")).await.expect("there");
    assert_eq!((held.state, held.member), (contributions::State::Held, None));
}

async fn staff_take_a_contribution_back(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let admin = Visitor::staff(&test, Role::Admin).await;
    let member = enrol(&test, "hikari").await;
    let id = send(&test, event("e-1", "handle:hikari", "changes/1")).await;
    let page = format!("/admin/members/{member}");
    let csrf = admin.csrf(&page).await;
    let path = format!("/admin/contributions/{id}/void");
    assert_eq!(admin.post(&path, json!({"csrf": csrf, "reason": "another person's work"})).await, 303);
    test.settle().await;
    assert!(admin.page(&page, "en").await.contains("Taken back: another person&#39;s work"));
    let me = Visitor::signed_in(&test, member).await;
    assert!(me.page("/me", "ja").await.contains("取り消されました：another person&#39;s work"));
    let unknown = "/admin/contributions/ctr_00000000000000000000000000/void";
    assert_eq!(admin.post(unknown, json!({"csrf": csrf, "reason": "x"})).await, 404);
}

async fn staff_pages_keep_to_their_roles(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let member = enrol(&test, "hikari").await;
    let me = Visitor::signed_in(&test, member).await;
    let pages = ["/admin", "/admin/members", "/admin/held", &format!("/admin/members/{member}")];
    for path in pages {
        assert_eq!(me.get(path, "en").await.status(), 403, "{path}");
    }
    let examiner = Visitor::staff(&test, Role::Examiner).await;
    let start = examiner.page("/admin", "en").await;
    assert!(!start.contains("/admin/members"), "an examiner does not see members: {start}");
    for path in &pages[1..] {
        assert_eq!(examiner.get(path, "en").await.status(), 403, "{path}");
    }
    let auditor = Visitor::staff(&test, Role::Auditor).await;
    let held = send(&test, event("e-1", "handle:tsukumo", "changes/1")).await;
    for path in pages {
        for language in ["en", "ja"] {
            let page = auditor.page(path, language).await;
            assert!(!page.contains("/void\""), "an auditor changes nothing: {path}");
        }
    }
    assert!(auditor.page("/admin/members", "en").await.contains("Member hikari"));
    let csrf = auditor.csrf("/admin").await;
    let form = json!({"csrf": csrf, "reason": "x", "email": "hikari@members.example"});
    assert_eq!(auditor.post(&format!("/admin/contributions/{held}/void"), form.clone()).await, 403);
    assert_eq!(auditor.post(&format!("/admin/held/{held}/member"), form).await, 403);
    assert_eq!(auditor.get("/admin/members/mem_00000000000000000000000000", "en").await.status(), 404);
    assert_eq!(auditor.get("/admin/members/x", "en").await.status(), 404);
    assert_eq!(auditor.get("/admin/held?cursor=x", "en").await.status(), 404);
}

/// The headings of the start page with the addresses of the cards below each.
fn groups(page: &str) -> Vec<(String, Vec<String>)> {
    let heading =
        |part: &str| part.split_once("id=\"").and_then(|(_, id)| id.split_once('"')).map(|(id, _)| id.to_owned());
    let cards = |part: &str| {
        let cards = part.split("<a class=\"card\" href=\"").skip(1);
        cards.filter_map(|card| card.split_once('"').map(|(href, _)| href.to_owned())).collect()
    };
    let sections = page.split("<section aria-labelledby=").skip(1);
    sections.filter_map(|part| Some((heading(part)?, cards(part)))).filter(|(id, _)| id != "setup").collect()
}

async fn the_start_page_groups_what_its_reader_may_open(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let names = ["people", "exams", "courses", "contributions", "credentials", "operations"];
    for role in [Role::Owner, Role::Admin, Role::Issuer, Role::Examiner, Role::Auditor] {
        let staff = Visitor::staff(&test, role).await;
        let found = groups(&staff.page("/admin", "en").await);
        assert_eq!(found, groups(&staff.page("/admin", "ja").await), "{role:?}");
        let shown: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
        assert!(names.iter().filter(|name| shown.contains(name)).eq(shown.iter()), "{role:?}: {shown:?}");
        for (id, cards) in &found {
            assert!(!cards.is_empty(), "{role:?}: nothing below {id}");
            for href in cards {
                assert_eq!(staff.get(href, "en").await.status(), 200, "{role:?}: {href}");
            }
        }
        let has =
            |id: &str, href: &str| found.iter().any(|(name, cards)| name == id && cards.iter().any(|c| c == href));
        assert!(has("courses", "/admin/ladders"), "{role:?}: {found:?}");
        assert_eq!(has("people", "/admin/names"), role != Role::Examiner, "{role:?}: {found:?}");
    }
}
