//! Sign-in links that staff hand over, and signing somebody out.

use serde_json::json;
use waymark::access::{self, Role};

use super::{Person, audited, call, give, member};
use crate::contributions::{small_program, start};
use crate::support::{Store, TestApp, on_both};

on_both!(
    a_link_is_shown_once_works_once_and_is_told,
    nobody_makes_a_link_for_somebody_above,
    signing_out_ends_everything_that_lets_in,
    a_new_owner_signs_in_anew
);

fn paths(member: waymark::ids::MemberId) -> [String; 3] {
    ["", "/link", "/sign-out"].map(|step| format!("/admin/members/{member}/access{step}"))
}

/// The path of the link that a page shows.
fn shown(html: &str) -> Option<String> {
    let (_, rest) = html.split_once("/login/")?;
    Some(format!("/login/{}", rest.split_once('"')?.0))
}

async fn open(test: &TestApp, link: &str) -> (u16, String) {
    let answer = test.http.post(test.url(link)).form(&json!({"csrf": ""})).send().await.expect("answered");
    let location = answer.headers().get("location").map(|to| to.to_str().expect("text").to_owned());
    (answer.status().as_u16(), location.unwrap_or_default())
}

async fn a_link_is_shown_once_works_once_and_is_told(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let hikari = member(&test, "Hikari").await;
    let [page, link, _] = paths(hikari);
    let admin = Person::staff(&test, "Ada Admin", Role::Admin).await;
    assert!(admin.page(&format!("/admin/members/{hikari}"), "en").await.contains(&page), "the person page leads there");
    assert_eq!(admin.send(&link, &json!({})).await.status, 403, "no token, no link");
    let first = admin.post(&link, json!({})).await;
    assert_eq!(first.status, 200);
    let first = shown(&first.html).expect("a link");
    let second = shown(&admin.post(&link, json!({})).await.html).expect("a link");
    assert_ne!(first, second);
    for language in ["en", "ja"] {
        let html = admin.page(&page, language).await;
        assert_eq!(shown(&html), None, "a link is shown once: {html}");
        assert!(html.contains("Ada Admin"), "who made it is listed: {html}");
    }
    assert_eq!(open(&test, &first).await.0, 410, "the newer one took its place");
    assert_eq!(open(&test, &second).await, (303, "/me".to_owned()));
    assert_eq!(open(&test, &second).await.0, 410, "once");
    let me = Person::signed_in(&test, hikari).await;
    for (language, told) in
        [("en", "Staff made a sign-in link for you"), ("ja", "あなたのサインイン用リンクを作りました")]
    {
        assert_eq!(me.page("/me", language).await.matches(told).count(), 2, "the member reads of both");
    }
    test.clock.advance(time::Duration::days(31));
    let me = Person::signed_in(&test, hikari).await;
    assert!(!me.page("/me", "en").await.contains("Staff made a sign-in link"), "for a month");
    assert_eq!(audited(&test, "login_link.create").await, 2);
    let log = waymark::database::audit::recent(test.app.db.read(), None, 100).await.expect("read");
    assert!(log.iter().all(|row| !row.detail.contains(second.trim_start_matches("/login/"))), "no secret in the log");
}

async fn nobody_makes_a_link_for_somebody_above(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let plain = member(&test, "Plain").await;
    let mut at = vec![(None, plain)];
    for role in Role::STAFF {
        let one = member(&test, &format!("The {}", role.as_str())).await;
        give(&test, one, role).await;
        at.push((Some(role), one));
    }
    for by in Role::STAFF {
        let staff = Person::staff(&test, &format!("By {}", by.as_str()), by).await;
        for (role, who) in &at {
            let [page, link, out] = paths(*who);
            let may = match by {
                Role::Owner => true,
                Role::Admin => *role != Some(Role::Owner),
                _ => false,
            };
            let answer = staff.post(&link, json!({})).await;
            assert_eq!(answer.status, if may { 200 } else { 403 }, "{by:?} for {role:?}");
            let made = test.count(&format!("SELECT COUNT(*) FROM login_link WHERE member = '{who}'")).await;
            assert_eq!(made, i64::from(may), "{by:?} for {role:?}");
            assert_eq!(shown(&answer.html).is_some(), may, "{by:?} for {role:?}");
            assert_eq!(staff.post(&out, json!({})).await.status, if may { 303 } else { 403 }, "{by:?} for {role:?}");
            if matches!(by, Role::Owner | Role::Admin) {
                assert_eq!(staff.page(&page, "en").await.contains(&link), may, "the form is offered to those who may");
            }
        }
    }
    let owner = at[1].1;
    assert_eq!(test.count(&format!("SELECT COUNT(*) FROM handed_link WHERE member = '{owner}'")).await, 1);
    // One of several roles is enough to stand above.
    give(&test, plain, Role::Auditor).await;
    give(&test, plain, Role::Owner).await;
    let admin = Person::staff(&test, "By admin", Role::Admin).await;
    assert_eq!(admin.post(&paths(plain)[1], json!({})).await.status, 403);
    assert_eq!(admin.post("/admin/members/mem_00000000000000000000000000/access/link", json!({})).await.status, 404);
    assert_eq!(admin.get("/admin/members/nonsense/access", "en").await.0, 404);
}

async fn signing_out_ends_everything_that_lets_in(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let hikari = member(&test, "Hikari").await;
    let [page, link, out] = paths(hikari);
    let (me, admin) = (Person::signed_in(&test, hikari).await, Person::staff(&test, "Ada Admin", Role::Admin).await);
    let waiting = shown(&admin.post(&link, json!({})).await.html).expect("a link");
    let key = test.api_key(Role::Admin).await;
    let (_, minted) = call(&test, &key, &format!("/api/v1/members/{hikari}/tokens"), json!(null)).await;
    let token = minted["token"].as_str().expect("a token").to_owned();
    let progress = test.url(&format!("/api/v1/members/{hikari}/progress"));
    let acts = async || test.http.get(&progress).bearer_auth(&token).send().await.expect("answered").status().as_u16();
    assert_eq!((me.get("/me", "en").await.0, acts().await), (200, 200));
    assert_eq!(admin.send(&out, &json!({})).await.status, 403, "no token, no change");
    let done = admin.post(&out, json!({})).await;
    assert_eq!((done.status, done.location), (303, format!("{page}?done=out")));
    assert_eq!(me.get("/me", "en").await.0, 303, "to the sign-in page");
    assert_eq!((acts().await, open(&test, &waiting).await.0), (401, 410));
    assert_eq!(admin.get("/admin", "en").await.0, 200, "nobody else is signed out");
    assert_eq!(audited(&test, "session.end_all").await, 1);
    let again = Person::signed_in(&test, hikari).await;
    assert!(again.page("/me", "en").await.contains("made a token"), "a token that ended is still told of");
}

/// An admin could otherwise make a link for somebody below, wait, and be an owner by it.
async fn a_new_owner_signs_in_anew(store: Store) {
    let test = start(store).await;
    small_program(&test).await;
    let (owner, admin) =
        (Person::staff(&test, "Olga Owner", Role::Owner).await, Person::staff(&test, "Ada Admin", Role::Admin).await);
    let hikari = member(&test, "Hikari").await;
    let waiting = shown(&admin.post(&paths(hikari)[1], json!({})).await.html).expect("a link");
    let begun = Person::signed_in(&test, hikari).await;
    let give = async |role: &str| {
        let form = json!({"email": "hikari@members.example", "role": role, "reason": "she helps"});
        owner.post("/admin/staff", form).await
    };
    assert_eq!(give("admin").await.location, format!("/admin/staff?done=given&member={hikari}"));
    assert_eq!(begun.get("/admin", "en").await.0, 303, "to the sign-in page");
    let again = Person::signed_in(&test, hikari).await;
    assert_eq!(give("owner").await.location, format!("/admin/staff?done=owner&member={hikari}"));
    assert_eq!(again.get("/admin", "en").await.0, 303);
    assert_eq!(open(&test, &waiting).await.0, 410);
    assert_eq!(access::roles_of(test.app.db.read(), hikari).await.expect("read").len(), 2);
}
