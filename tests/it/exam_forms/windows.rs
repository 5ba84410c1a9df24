//! Forms around an exam that refuse something keep what was typed.

use super::browser::controls;
use super::views::{SETTINGS, desk};
use super::{fill, opened, press};
use crate::item_bank::person;
use crate::support::{Store, on_both};

on_both!(a_window_that_is_refused_keeps_what_was_typed);

async fn a_window_that_is_refused_keeps_what_was_typed(store: Store) {
    let desk = desk(store, 1).await;
    let path = "/admin/exams/sample/windows";
    let long = "heron ".repeat(9);
    let typed = [
        ("name", "会場 A"),
        ("day", "2026-11-21"),
        ("from", "10:00"),
        ("until_day", "2026-11-21"),
        ("until", "09:00"),
        ("seats", "many"),
        ("identity", "yes"),
        ("start_code", long.trim()),
    ];
    let refused = desk.post(&desk.author, &format!("{path}?lang=ja"), &typed).await;
    assert_eq!(refused.status, 422);
    let again = controls(&refused.text, path);
    for (name, value) in typed {
        assert_eq!(again[name], value, "{name}");
    }
    for id in ["until_day-wrong", "seats-wrong", "start_code-wrong"] {
        assert!(refused.text.contains(&format!("id=\"{id}\"")), "{id}: {}", refused.text);
    }
    let mut right = again.clone();
    fill(&mut right, &[("until", "20:00"), ("seats", ""), ("start_code", "blue heron"), ("day", "2026-11-20")]);
    right.remove("csrf");
    let pairs: Vec<(&str, &str)> = right.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(desk.post(&desk.author, path, &pairs).await.status, 303);
    // The candidate's form likewise: what was typed for the one field stays when the other is refused.
    let published = press(
        &desk,
        &desk.author,
        SETTINGS,
        &{
            let mut form = opened(&desk, SETTINGS).await;
            fill(&mut form, &[("/sitting/admission", "window"), ("/sitting/voucher", "yes")]);
            form
        },
        "publish",
    )
    .await;
    assert_eq!(published.status, 303, "{}", published.text);
    let member = person(&desk.test, "hana@members.example", "受験 はな", &[]).await;
    let window = desk.test.texts("SELECT id FROM exam_window").await.remove(0);
    desk.post(&member, "/exams/sample/seats", &[("window", &window)]).await;
    let see = format!("/admin/windows/{window}");
    assert_eq!(desk.post(&desk.author, &see, &[("member", &member.id.to_string())]).await.status, 303);
    let given = [("agree", "yes"), ("voucher", "ABCD-1234"), ("start_code", "grey heron")];
    let refused = desk.post(&member, "/exams/sample?lang=ja", &given).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let again = controls(&refused.text, "/exams/sample");
    for (name, value) in given {
        assert_eq!(again.get(name).map(String::as_str), Some(value), "{name}: {}", refused.text);
    }
    assert!(refused.text.contains("id=\"start_code-error\""), "{}", refused.text);
}
