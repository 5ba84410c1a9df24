//! The staff's page of invitations, and links for a whole table.

use serde_json::json;
use waymark::access::Role;
use waymark::web::i18n::Locale;

use super::{import, press};
use crate::credentials::Guild;
use crate::credentials::pages::Browser;
use crate::support::{Store, on_both};

on_both!(
    staff_invite_send_again_and_withdraw,
    links_for_a_table_are_made_once_and_new_ones_end_the_old,
    invitations_keep_to_their_roles
);

/// The path of the one link on a page.
fn link_on(html: &str) -> String {
    let (_, rest) = html.split_once("/invite/").expect("a link");
    format!("/invite/{}", rest.split('"').next().expect("its end"))
}

async fn staff_invite_send_again_and_withdraw(store: Store) {
    let guild = Guild::without_key(store).await;
    let staff = Browser::staff(&guild, Role::Issuer).await;
    let page = "/admin/invitations";
    for (language, word) in [("en", "None here."), ("ja", "該当する招待はありません。")] {
        let (_, html) = staff.get(page, language).await;
        assert!(html.contains(word) && html.contains(r#"value="link""#) && !html.contains(r#"value="mail""#), "{html}");
    }
    let csrf = staff.csrf().await;
    let form =
        |email: &str, how: &str| json!({"csrf": csrf, "name": "Ada", "email": email, "language": "en", "how": how});
    assert_eq!(
        staff
            .post(page, &json!({"csrf": "wrong", "name": "A", "email": "a@b.example", "language": "en", "how": "link"}))
            .await
            .0,
        403
    );
    let (status, html) = staff.post(page, &form("not an address", "link")).await;
    assert!(status == 422 && html.contains("value=\"not an address\"") && html.contains("name@example.org"), "{html}");
    assert_eq!(staff.post(page, &form("ada@members.example", "mail")).await.0, 422, "there is no mail here");
    let (status, html) = staff.post(page, &form("ada@members.example", "link")).await;
    let first = link_on(&html);
    assert_eq!(status, 200);
    let (_, html) = staff.get(page, "en").await;
    assert!(html.contains("ada@members.example") && !html.contains("/invite/"), "it is shown once: {html}");
    let (_, rest) = html.split_once("action=\"/admin/invitations/").expect("a form of its own");
    let one = format!("{page}/{}", rest.split('"').next().expect("its end"));
    let (_, html) = staff.post(&one, &json!({"csrf": csrf, "step": "link"})).await;
    let second = link_on(&html);
    assert!(first != second && press(&guild.test, &first).await.status() == 410);
    assert_eq!(staff.post(&one, &json!({"csrf": csrf, "step": "shred"})).await.0, 422);
    assert_eq!(staff.post(&one, &json!({"csrf": csrf, "step": "withdraw"})).await.0, 303);
    assert_eq!(press(&guild.test, &second).await.status(), 410);
    let (_, html) = staff.get("/admin/invitations?state=withdrawn&done=withdrawn", "ja").await;
    assert!(html.contains("取り下げました。") && html.contains("ada@members.example"), "{html}");
    let (_, html) = staff.post(&one, &json!({"csrf": csrf, "step": "link"})).await;
    assert_eq!(press(&guild.test, &link_on(&html)).await.status(), 303, "a withdrawal can be taken back");
    let (status, html) = staff.post(page, &form("ada@members.example", "link")).await;
    assert!(status == 422 && html.contains("signs in here already"), "{html}");
    let (_, html) = staff.get("/admin/invitations?state=accepted", "en").await;
    assert!(html.contains("ada@members.example"), "{html}");
}

async fn links_for_a_table_are_made_once_and_new_ones_end_the_old(store: Store) {
    let guild = Guild::without_key(store).await;
    let test = &guild.test;
    let known = guild.member("known@members.example", Locale::En).await;
    Browser::of(&guild, known).await;
    let staff = Browser::staff(&guild, Role::Admin).await;
    let key = guild.admin().await;
    let list = "name,email\n=HYPERLINK(1),ada@members.example\nBob,bob@members.example\nKnown,known@members.example\n";
    let (_, started) = import(test, &key, list.as_bytes(), &[]).await;
    test.settle().await;
    let at = format!("/admin/members/import/{}/invitations", started["job"].as_str().expect("a job"));
    let csrf = staff.csrf().await;
    let (status, csv) = staff.post(&at, &json!({"csrf": csrf, "how": "link"})).await;
    assert_eq!((status, csv.matches("/invite/").count()), (200, 2), "whoever signed in gets none: {csv}");
    assert!(csv.contains("'=HYPERLINK(1)"), "no cell is a formula: {csv}");
    let links = |csv: &str| -> Vec<String> {
        let lines = csv.lines().filter_map(|line| line.split_once("/invite/"));
        lines.map(|(_, token)| format!("/invite/{}", token.trim().trim_end_matches('"'))).collect()
    };
    let (_, again) = staff.post(&at, &json!({"csrf": csrf, "how": "link"})).await;
    for (old, new) in links(&csv).iter().zip(links(&again)) {
        assert_eq!((press(test, old).await.status().as_u16(), press(test, &new).await.status().as_u16()), (410, 303));
    }
    let (_, none) = staff.post(&at, &json!({"csrf": csrf, "how": "link"})).await;
    assert_eq!(none.matches("/invite/").count(), 0);
    assert_eq!(test.audit_actions().await.iter().filter(|a| *a == "invitation.make").count(), 2);
    assert_eq!(staff.post(&at, &json!({"csrf": csrf, "how": "mail"})).await.0, 422, "there is no mail here");
}

async fn invitations_keep_to_their_roles(store: Store) {
    let guild = Guild::without_key(store).await;
    let key = guild.admin().await;
    let (id, _) = super::invited(&guild, &key, "ada@members.example", "en").await;
    for role in [Role::Examiner, Role::Auditor, Role::Source] {
        let key = guild.test.api_key(role).await;
        let body = json!({"email": "bob@members.example", "name": "Bob", "how": "link"});
        assert_eq!(guild.get(&key, "/api/v1/invitations").await.0, 403);
        assert_eq!(guild.post(&key, "/api/v1/invitations", None, &body).await.0, 403);
        for step in ["renew", "withdraw"] {
            let path = format!("/api/v1/invitations/{id}/{step}");
            assert_eq!(guild.post(&key, &path, None, &json!({"how": "link"})).await.0, 403, "{role:?} {step}");
        }
    }
    let auditor = Browser::staff(&guild, Role::Auditor).await;
    assert_eq!(auditor.get("/admin/invitations", "en").await.0, 403);
    let csrf = auditor.csrf().await;
    let form = json!({"csrf": csrf, "name": "B", "email": "b@members.example", "language": "en", "how": "link", "step": "withdraw"});
    for path in ["/admin/invitations".to_owned(), format!("/admin/invitations/{id}")] {
        assert_eq!(auditor.post(&path, &form).await.0, 403, "{path}");
    }
    assert_eq!(guild.get(&key, "/api/v1/invitations").await.1["data"][0]["state"], "open");
    let other = "/api/v1/invitations/inv_00000000000000000000000000/withdraw";
    assert_eq!(guild.post(&key, other, None, &json!(null)).await.0, 404);
}
