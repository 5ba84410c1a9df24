//! Reminders before the end, over jumps of time, and in the grace.

use serde_json::{Value, json};
use time::Duration;
use waymark::clock::{Timestamp, parse_rfc3339};
use waymark::ids::MemberId;
use waymark::notices;
use waymark::web::i18n::Locale;

use super::{give, listed, member, publish, told};
use crate::giving::Hall;
use crate::support::{Store, on_both};

on_both!(
    each_reminder_comes_once_and_after_a_pause_only_the_latest,
    what_was_renewed_or_revoked_is_not_reminded_of,
    the_first_look_takes_the_latest_that_is_due,
    a_credential_that_began_late_is_not_reminded_of_what_came_due_before
);

fn renewed_yearly() -> Value {
    json!({
        "validity": {"months": 12},
        "renewal": {"by": [{"id": "again", "contributions": {"types": ["answer.accepted"], "at_least": 1}}], "grace_days": 30},
    })
}

/// A member who holds a credential of a year: who, its id, and when it ends.
async fn holder(hall: &Hall, name: &str) -> (MemberId, String, Timestamp) {
    let holder = member(hall, name, Locale::Ja).await;
    give(&hall.test, holder, &["a"]).await;
    hall.test.settle().await;
    let of = format!("SELECT id FROM credential WHERE member = '{holder}'");
    let id = hall.test.texts(&of).await.remove(0);
    let known = hall.get(&hall.admin, &format!("/api/v1/credentials/{id}")).await;
    let end = parse_rfc3339(known["valid_until"].as_str().expect("an end")).expect("a time");
    (holder, id, end)
}

/// Sets the clock so many days before the end (after it where negative) and looks.
async fn look(hall: &Hall, end: Timestamp, days_before: i64) {
    let at = end - Duration::days(days_before);
    hall.test.clock.advance(at - hall.test.app.db.now());
    notices::sweep(&hall.test.app).await.expect("looked");
}

async fn each_reminder_comes_once_and_after_a_pause_only_the_latest(store: Store) {
    let hall = Hall::start(store).await;
    publish(&hall, "yearly", 1, &renewed_yearly()).await;
    let (ada, id, end) = holder(&hall, "ada").await;
    let reminders = async || told(&hall.test, ada).await[1..].to_vec();
    assert_eq!(told(&hall.test, ada).await, ["earned"]);
    notices::sweep(&hall.test.app).await.expect("looked");
    look(&hall, end, 91).await;
    assert!(reminders().await.is_empty());
    for _ in 0..2 {
        look(&hall, end, 90).await;
        assert_eq!(reminders().await, ["reminder 90"]);
    }
    look(&hall, end, 61).await;
    assert_eq!(reminders().await, ["reminder 90"]);
    look(&hall, end, 59).await;
    assert_eq!(reminders().await, ["reminder 90", "reminder 60"]);
    // The server stood still while thirty and seven days came due.
    look(&hall, end, 3).await;
    assert_eq!(reminders().await, ["reminder 90", "reminder 60", "reminder 7"], "only the latest");
    let list = listed(&hall, ada, "ja").await;
    assert_eq!(
        list[0]["text"],
        "「助ける人 yearly」の有効期限は2027年11月20日です。続けるには、それまでに更新してください。"
    );
    assert!(list[0]["href"].as_str().expect("an address").ends_with(&id));
    look(&hall, end, -1).await;
    look(&hall, end, -2).await;
    assert_eq!(reminders().await.last().map(String::as_str), Some("grace"));
    assert_eq!(reminders().await.len(), 4);
    let list = listed(&hall, ada, "ja").await;
    let text = list[0]["text"].as_str().expect("text");
    assert!(text.contains("2027年11月20日に期限") && text.contains("2027年12月20日までは更新できます"), "{text}");
    look(&hall, end, -60).await;
    assert_eq!(reminders().await.len(), 4, "afterwards there is nothing to remind of");
}

async fn what_was_renewed_or_revoked_is_not_reminded_of(store: Store) {
    let hall = Hall::start(store).await;
    publish(&hall, "yearly", 1, &renewed_yearly()).await;
    let (ada, first, end) = holder(&hall, "ada").await;
    let (bob, second, _) = holder(&hall, "bob").await;
    let (carol, _, _) = holder(&hall, "carol").await;
    notices::sweep(&hall.test.app).await.expect("looked");
    look(&hall, end, 80).await;
    for member in [ada, bob, carol] {
        assert_eq!(told(&hall.test, member).await, ["earned", "reminder 90"]);
    }
    for (path, body) in [
        (format!("/api/v1/credentials/{first}/renew"), json!({})),
        (format!("/api/v1/credentials/{second}/revoke"), json!({"reason_code": "other"})),
    ] {
        hall.test.clock.advance(Duration::SECOND);
        let request = hall.test.http.post(hall.test.url(&path)).bearer_auth(&hall.admin).json(&body);
        let answer = request.header("idempotency-key", &path).send().await.expect("answered");
        assert!(answer.status().is_success(), "{path}");
    }
    hall.test.settle().await;
    let unread =
        format!("SELECT COUNT(*) FROM notice WHERE member = '{ada}' AND what = 'reminder' AND read_at IS NULL");
    assert_eq!(hall.test.count(&unread).await, 0, "who renewed need not think of it");
    look(&hall, end, 50).await;
    look(&hall, end, -1).await;
    assert_eq!(told(&hall.test, ada).await, ["earned", "reminder 90", "renewed"]);
    assert_eq!(told(&hall.test, bob).await, ["earned", "reminder 90", "revoked"]);
    assert_eq!(told(&hall.test, carol).await, ["earned", "reminder 90", "reminder 60", "grace"]);
}

async fn the_first_look_takes_the_latest_that_is_due(store: Store) {
    let hall = Hall::start(store).await;
    publish(&hall, "yearly", 1, &renewed_yearly()).await;
    let (ada, _, end) = holder(&hall, "ada").await;
    look(&hall, end, 50).await;
    assert_eq!(told(&hall.test, ada).await, ["earned", "reminder 60"]);
    // As after a crash between what was written and the note that it was.
    hall.test.run_sql("DELETE FROM notice_sweep").await;
    look(&hall, end, 49).await;
    assert_eq!(told(&hall.test, ada).await, ["earned", "reminder 60"]);
}

async fn a_credential_that_began_late_is_not_reminded_of_what_came_due_before(store: Store) {
    let hall = Hall::start(store).await;
    publish(&hall, "yearly", 1, &renewed_yearly()).await;
    let bob = member(&hall, "bob", Locale::En).await;
    let body = json!({"track": "yearly", "member": bob, "valid_until": "2026-12-31"});
    let request = hall.test.http.post(hall.test.url("/api/v1/credentials")).bearer_auth(&hall.admin).json(&body);
    let answer = request.header("idempotency-key", "k").send().await.expect("answered");
    let made: Value = answer.json().await.expect("JSON");
    let end = parse_rfc3339(made["valid_until"].as_str().expect("an end")).expect("a time");
    hall.test.settle().await;
    notices::sweep(&hall.test.app).await.expect("looked");
    assert_eq!(told(&hall.test, bob).await, ["earned"], "it was issued with forty days to go");
    look(&hall, end, 30).await;
    assert_eq!(told(&hall.test, bob).await, ["earned", "reminder 30"]);
}
