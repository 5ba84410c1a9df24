//! Who gave much and was not thanked: the page, the table, the letter of the month.

use serde_json::json;
use waymark::access::Role;
use waymark::clock::parse_rfc3339;
use waymark::thanks;

use super::Circle;
use crate::giving::SQUARE;
use crate::home::{Visitor, send};
use crate::support::{Store, on_both};

on_both!(who_gave_much_and_was_not_thanked_is_named, a_month_is_that_of_the_program, the_letter_comes_once_a_month);

/// So many answers of this member, accepted on that moment.
async fn gave(circle: &Circle, handle: &str, times: usize, at: &str) {
    for n in 0..times {
        let id = format!("{handle}-{at}-{n}");
        let event = json!({
            "specversion": "1.0", "id": id, "source": SQUARE, "type": "answer.accepted", "subject": format!("handle:{handle}"),
            "time": at, "data": {"object": id},
        });
        send(&circle.hall.test, event).await;
    }
}

async fn who_gave_much_and_was_not_thanked_is_named(store: Store) {
    let circle = Circle::start(store).await;
    let staff = Visitor::staff(&circle.hall.test, Role::Issuer).await;
    assert!(staff.page("/admin/thanks/unthanked", "en").await.contains("everyone who gave much this month"));
    let (hikari, token) = circle.hall.member("hikari").await;
    for handle in ["ren", "aki", "sora"] {
        circle.hall.member(handle).await;
    }
    for (handle, times) in [("hikari", 4), ("ren", 3), ("aki", 2), ("sora", 5)] {
        gave(&circle, handle, times, "2026-11-10T09:00:00Z").await;
    }
    let id = circle.said(&token, "sora").await;
    let page = staff.page("/admin/thanks/unthanked", "en").await;
    assert!(page.contains("3 or more accepted contributions"), "the definition is printed: {page}");
    let at = |name: &str| page.find(&format!(">{name}</a>"));
    assert!(at("Member hikari").is_some() && at("Member hikari") < at("Member ren"), "{page}");
    assert!(at("Member aki").is_none(), "two are not much: {page}");
    assert!(at("Member sora").is_none(), "sora was thanked: {page}");
    assert!(
        page.contains(&format!("/admin/thanks?to={hikari}&#38;reason="))
            || page.contains(&format!("/admin/thanks?to={hikari}&amp;reason=")),
        "{page}"
    );
    let csv = staff.get("/admin/thanks/unthanked.csv", "en").await;
    assert_eq!(csv.headers()["content-type"], "text/csv; charset=utf-8");
    let csv = csv.text().await.expect("text");
    let rows: Vec<&str> = csv.trim_start_matches('\u{FEFF}').lines().collect();
    assert_eq!((rows.len(), rows[1].starts_with(&format!("Member hikari,{hikari},4,"))), (3, true), "{csv}");
    assert!(!csv.contains('@'), "no address: {csv}");
    // Thanks that were taken back are none; those of the program are.
    assert_eq!(circle.step(&token, &id, "withdraw").await.0, 200);
    assert!(staff.page("/admin/thanks/unthanked", "en").await.contains(">Member sora</a>"));
    assert!(staff.page("/admin/thanks/unthanked", "en").await.contains(">Member ren</a>"));
    let told = json!({
        "specversion": "1.0", "id": "kudos-1", "source": SQUARE, "type": "thanks.given", "subject": "handle:ren",
        "time": "2026-11-12T09:00:00Z", "data": {"object": "kudos-1"},
    });
    send(&circle.hall.test, told).await;
    let page = staff.page("/admin/thanks/unthanked", "en").await;
    assert!(!page.contains(">Member ren</a>"), "a source told that ren was thanked: {page}");
    circle.said(&circle.hall.admin, hikari).await;
    let page = staff.page("/admin/thanks/unthanked", "ja").await;
    assert!(!page.contains(">Member hikari</a>") && page.contains("多くの貢献に、まだ感謝が届いていない人"), "{page}");
    let examiner = Visitor::staff(&circle.hall.test, Role::Examiner).await;
    for path in ["/admin/thanks/unthanked", "/admin/thanks/unthanked.csv"] {
        assert_eq!(examiner.get(path, "en").await.status(), 403);
    }
}

async fn a_month_is_that_of_the_program(store: Store) {
    let circle = Circle::start(store).await;
    let staff = Visitor::staff(&circle.hall.test, Role::Admin).await;
    circle.hall.member("hikari").await;
    circle.hall.member("ren").await;
    gave(&circle, "hikari", 3, "2026-10-31T15:00:00Z").await;
    gave(&circle, "ren", 3, "2026-10-31T14:59:59Z").await;
    let november = staff.page("/admin/thanks/unthanked?month=2026-11", "en").await;
    let october = staff.page("/admin/thanks/unthanked?month=2026-10", "en").await;
    let named = |page: &str| (page.contains(">Member hikari</a>"), page.contains(">Member ren</a>"));
    assert_eq!((named(&november), named(&october)), ((true, false), (false, true)));
    assert!(november.contains("From 1 Nov 2026 to 30 Nov 2026"), "{november}");
    for nowhere in ["2026-12", "2026-13", "soon", ""] {
        assert_eq!(
            staff.get(&format!("/admin/thanks/unthanked?month={nowhere}"), "en").await.status(),
            404,
            "{nowhere}"
        );
    }
}

async fn the_letter_comes_once_a_month(store: Store) {
    let circle = Circle::start(store).await;
    let app = &circle.hall.test.app;
    circle.hall.colleague("boss", Role::Admin).await;
    circle.hall.colleague("reader", Role::Auditor).await;
    circle.hall.member("hikari").await;
    gave(&circle, "hikari", 3, "2026-11-10T09:00:00Z").await;
    let at = |text: &str| parse_rfc3339(text).expect("valid");
    thanks::tend(app).await.expect("tended");
    assert_eq!(
        circle.hall.test.count("SELECT COUNT(*) FROM thanks_digest").await,
        0,
        "without mail there is no letter"
    );
    // The month that runs is not told of.
    let letters = thanks::letters_due(app, at("2026-11-30T14:59:59Z")).await.expect("read");
    assert!(letters.is_empty(), "{letters:?}");
    let letters = thanks::letters_due(app, at("2026-11-30T15:00:00Z")).await.expect("read");
    assert_eq!(letters.len(), 1, "{letters:?}");
    let letter = &letters[0];
    assert_eq!(letter.to, "boss@members.example", "owners and admins read it");
    for text in ["Member hikari: 3", "2026-11", "/admin/thanks/unthanked?month=2026-11"] {
        assert!(letter.body.contains(text), "{text}: {}", letter.body);
    }
    assert!(letter.subject.contains("One person gave much"), "{}", letter.subject);
    for later in ["2026-11-30T15:01:00Z", "2026-12-20T00:00:00Z"] {
        assert!(thanks::letters_due(app, at(later)).await.expect("read").is_empty(), "{later}");
    }
}
