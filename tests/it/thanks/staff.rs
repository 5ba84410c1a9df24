//! What the program says itself, and where staff step in.

use serde_json::{Value, json};
use waymark::access::Role;

use super::{Circle, refused};
use crate::giving::SQUARE;
use crate::home::Visitor;
use crate::support::{Store, on_both};

on_both!(
    the_program_thanks_without_a_limit_and_audited,
    the_program_speaks_through_its_roles_alone,
    staff_keep_back_give_back_and_take_out,
    what_is_taken_back_as_a_contribution_is_over,
    nobody_steps_in_where_they_are_meant,
    the_staff_page_shows_words_and_pairs
);

async fn the_program_thanks_without_a_limit_and_audited(store: Store) {
    let circle = Circle::start(store).await;
    let (ren, own) = circle.hall.member("ren").await;
    for _ in 0..7 {
        circle.said(&circle.hall.admin, ren).await;
    }
    let received = circle.received(&own, ren).await;
    assert_eq!((received.len(), &received[0]["from"], &received[0]["from_name"]), (7, &Value::Null, &Value::Null));
    let audited = circle.hall.test.audit_actions().await;
    assert_eq!(audited.iter().filter(|action| *action == "thanks.give").count(), 7);
    let objects = circle.hall.test.texts("SELECT DISTINCT object FROM contribution WHERE type = 'thanks.given'").await;
    assert_eq!(objects.len(), 1, "`distinct: object` counts the program once: {objects:?}");
    // A week of the member's own is untouched by it.
    let allowance = circle.hall.get(&own, &format!("/api/v1/members/{ren}/thanks")).await;
    assert_eq!(allowance["allowance"]["left"], 5);
}

async fn the_program_speaks_through_its_roles_alone(store: Store) {
    let circle = Circle::start(store).await;
    let (_, token) = circle.hall.member("hikari").await;
    let (ren, _) = circle.hall.member("ren").await;
    let said = json!({"to": ren.to_string(), "reason": "For the year.", "for_program": true});
    let (status, body) = circle.hall.post(&token, "/api/v1/thanks", said.clone()).await;
    assert_eq!((status, &body["needs"]), (403, &json!("thanks.give")));
    for role in [Role::Auditor, Role::Examiner, Role::Source] {
        let key = circle.hall.test.api_key(role).await;
        assert_eq!(circle.hall.post(&key, "/api/v1/thanks", said.clone()).await.0, 403, "{role:?}");
    }
    let key = circle.hall.test.api_key(Role::Issuer).await;
    assert_eq!(circle.hall.post(&key, "/api/v1/thanks", said).await.0, 201);
    // On the page, too; staff do not thank themselves in the program's name.
    let (own, staff) = circle.hall.colleague("boss", Role::Issuer).await;
    let csrf = staff.csrf("/admin/thanks").await;
    let form = |to: String| json!({"csrf": csrf, "to": to, "reason": "For the year.", "link": ""});
    assert_eq!(staff.post("/admin/thanks", form("ren".into())).await, 303);
    let (status, page) = staff.posted("/admin/thanks", form(own.to_string())).await;
    assert!(status == 422 && page.contains("Nobody decides here on what is their own."), "{page}");
    let (status, page) = staff.posted("/admin/thanks", json!({"csrf": csrf, "to": "re", "reason": "x"})).await;
    assert!(status == 422 && page.contains("We found nobody"), "{page}");
    let auditor = Visitor::staff(&circle.hall.test, Role::Auditor).await;
    assert!(!auditor.page("/admin/thanks", "en").await.contains("in the program’s name</h2>"), "auditors read");
    let csrf = auditor.csrf("/me/thanks").await;
    assert_eq!(auditor.post("/admin/thanks", json!({"csrf": csrf, "to": "ren", "reason": "For it."})).await, 403);
    let examiner = Visitor::staff(&circle.hall.test, Role::Examiner).await;
    assert_eq!(examiner.get("/admin/thanks", "en").await.status(), 403);
}

async fn staff_keep_back_give_back_and_take_out(store: Store) {
    let circle = Circle::start(store).await;
    let (_, token) = circle.hall.member("hikari").await;
    let (ren, own) = circle.hall.member("ren").await;
    let id = circle.said(&token, "ren").await;
    let me = Visitor::signed_in(&circle.hall.test, ren).await;
    let mine = me.csrf("/me/thanks").await;
    let show = json!({"csrf": mine, "step": "show"});
    assert_eq!(me.post(&format!("/me/thanks/{id}"), show.clone()).await, 303);
    let (_, staff) = circle.hall.colleague("boss", Role::Admin).await;
    let csrf = staff.csrf("/admin/thanks").await;
    let step = |step: &str, reason: &str| json!({"csrf": csrf, "step": step, "reason": reason});
    let path = format!("/admin/thanks/{id}");
    assert_eq!(staff.post(&path, step("withhold", " ")).await, 422, "a reason is asked for");
    assert_eq!(staff.post(&path, step("withhold", "It names a third person.")).await, 303);
    let kept = &circle.received(&own, ren).await[0];
    assert_eq!(
        (&kept["reason"], &kept["withheld"], &kept["shown"]),
        (&Value::Null, &json!("It names a third person."), &json!(false))
    );
    assert_eq!(circle.have(ren).await, json!(1), "it goes on counting");
    assert_eq!(me.post(&format!("/me/thanks/{id}"), show.clone()).await, 422, "nobody shows what is kept back");
    assert!(me.page("/me/thanks", "en").await.contains("Staff keep it back: It names a third person."));
    assert_eq!(staff.post(&path, step("return", "")).await, 303);
    assert_eq!(circle.received(&own, ren).await[0]["reason"], "You stayed until it worked.");
    assert_eq!(me.post(&format!("/me/thanks/{id}"), show).await, 303);
    assert_eq!(staff.post(&path, step("void", "Bought.")).await, 303);
    assert_eq!(staff.post(&path, step("void", "Bought.")).await, 422);
    assert_eq!(circle.have(ren).await, json!(0), "the bar moves back");
    let gone = &circle.received(&own, ren).await[0];
    assert_eq!(
        (&gone["state"], &gone["end_reason"], &gone["reason"]),
        (&json!("voided"), &json!("Bought."), &Value::Null)
    );
    let audited = circle.hall.test.audit_actions().await;
    let steps: Vec<&String> = audited.iter().filter(|action| action.starts_with("thanks.")).collect();
    assert_eq!(steps, ["thanks.withhold", "thanks.return", "thanks.void"]);
    // The giver's place of the week stays taken.
    circle.hall.member("aki").await;
    let given = circle.hall.get(&circle.hall.admin, &format!("/api/v1/members/{ren}/thanks")).await;
    assert_eq!(given["data"].as_array().map(Vec::len), Some(1));
    let taken = circle.hall.test.count("SELECT COUNT(*) FROM thanks WHERE slot IS NOT NULL").await;
    assert_eq!(taken, 1);
}

async fn what_is_taken_back_as_a_contribution_is_over(store: Store) {
    let circle = Circle::start(store).await;
    let (_, token) = circle.hall.member("hikari").await;
    let (ren, own) = circle.hall.member("ren").await;
    let (_, staff) = circle.hall.colleague("boss", Role::Admin).await;
    for n in 0..3 {
        let id = format!("much-{n}");
        let told = circle.hall.event(SQUARE, &id, "answer.accepted", "handle:ren", json!({"object": id})).await;
        assert_eq!(told["outcome"], "accepted", "{told}");
    }
    let (first, second) = (circle.said(&token, "ren").await, circle.said(&token, "ren").await);
    let me = Visitor::signed_in(&circle.hall.test, ren).await;
    let show = json!({"csrf": me.csrf("/me/thanks").await, "step": "show"});
    assert_eq!(me.post(&format!("/me/thanks/{first}"), show.clone()).await, 303);
    assert_eq!(circle.have(ren).await, json!(1), "one person");
    let forgotten = async || staff.page("/admin/thanks/unthanked", "en").await.contains(">Member ren</a>");
    let pairs = async || !staff.page("/admin/thanks", "en").await.contains("No pair yet.");
    assert!(!forgotten().await && pairs().await, "ren was thanked twice");
    let received = circle.received(&circle.hall.admin, ren).await;
    for id in [&first, &second] {
        let word = received.iter().find(|word| word["id"] == json!(id)).expect("the word");
        let contribution = word["contribution"].as_str().expect("an id");
        let path = format!("/api/v1/contributions/{contribution}/void");
        let (status, body) = circle.hall.post(&circle.hall.admin, &path, json!({"reason": "Bought."})).await;
        assert_eq!((status, &body["state"]), (200, &json!("voided")), "{body}");
    }
    assert_eq!(circle.have(ren).await, json!(0), "the bar moves back");
    for word in circle.received(&own, ren).await {
        let told = (&word["state"], &word["end_reason"], &word["reason"], &word["shown"]);
        assert_eq!(told, (&json!("voided"), &json!("Bought."), &Value::Null, &json!(false)));
    }
    assert!(forgotten().await && !pairs().await, "no word stands");
    assert_eq!(me.post(&format!("/me/thanks/{first}"), show).await, 422, "nothing is left to show");
    assert_eq!(circle.step(&token, &first, "withdraw").await.0, 409, "and nothing to take back");
    // What had to be taken out makes no room: neither in the week nor for this person.
    let taken = circle.hall.test.count("SELECT COUNT(*) FROM thanks WHERE slot IS NOT NULL").await;
    assert_eq!((taken, refused(&circle.say(&token, "ren").await).2), (2, "person"));
}

async fn nobody_steps_in_where_they_are_meant(store: Store) {
    let circle = Circle::start(store).await;
    let (_, token) = circle.hall.member("hikari").await;
    let (boss, staff) = circle.hall.colleague("boss", Role::Admin).await;
    let received = circle.said(&token, boss).await;
    let given = circle.said(&circle.hall.token(boss).await, "hikari").await;
    let csrf = staff.csrf("/admin/thanks").await;
    for id in [&received, &given] {
        for step in ["void", "withhold"] {
            let form = json!({"csrf": csrf, "step": step, "reason": "Mine."});
            assert_eq!(staff.post(&format!("/admin/thanks/{id}"), form).await, 422, "{step}");
        }
    }
    assert_eq!(circle.hall.test.count("SELECT COUNT(*) FROM thanks WHERE state = 'standing'").await, 2);
    let (_, issuer) = circle.hall.colleague("second", Role::Issuer).await;
    let csrf = issuer.csrf("/admin/thanks").await;
    let form = json!({"csrf": csrf, "step": "void", "reason": "No."});
    assert_eq!(issuer.post(&format!("/admin/thanks/{received}"), form).await, 403, "owners and admins step in");
    assert_eq!(refused(&circle.say(&token, boss).await).2, "both_ways");
}

async fn the_staff_page_shows_words_and_pairs(store: Store) {
    let circle = Circle::start(store).await;
    let (_, staff) = circle.hall.colleague("boss", Role::Admin).await;
    let empty = staff.page("/admin/thanks", "en").await;
    assert!(empty.contains("Nobody has been thanked yet.") && empty.contains("No pair yet."), "{empty}");
    assert!(staff.page("/admin", "ja").await.contains("運営として感謝を伝える"));
    let (_, a) = circle.hall.member("hikari").await;
    let (_, b) = circle.hall.member("ren").await;
    circle.said(&a, "ren").await;
    assert!(staff.page("/admin/thanks", "en").await.contains("No pair yet."), "one word is no habit");
    circle.said(&b, "hikari").await;
    let page = staff.page("/admin/thanks", "en").await;
    assert!(!page.contains("No pair yet.") && page.contains("You stayed until it worked."), "{page}");
    assert!(staff.page("/admin/thanks", "ja").await.contains("よく感謝を送っている二人"));
}
