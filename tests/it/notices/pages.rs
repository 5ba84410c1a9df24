//! `/me/notices` and its settings.

use serde_json::json;
use waymark::web::i18n::Locale;

use super::mailbox::Mailbox;
use super::{member, thank, with_mail};
use crate::giving::Hall;
use crate::home::Visitor;
use crate::support::{Store, on_both};

on_both!(the_list_marks_what_is_new, settings_are_chosen_and_say_plainly_where_mail_goes);

async fn the_list_marks_what_is_new(store: Store) {
    let hall = Hall::start(store).await;
    let ada = member(&hall, "ada", Locale::En).await;
    let me = Visitor::signed_in(&hall.test, ada).await;
    for (language, nothing) in [("en", "Nothing yet."), ("ja", "お知らせはまだありません")] {
        assert!(me.page("/me/notices", language).await.contains(nothing));
        assert!(!me.page("/me", language).await.contains("class=\"count\""), "nothing is new");
    }
    for _ in 0..2 {
        thank(&hall, ada).await;
    }
    for (language, text, new) in
        [("en", "Somebody thanked you.", "2 unread"), ("ja", "感謝の言葉が届きました。", "未読 2 件")]
    {
        let html = me.page("/me/notices", language).await;
        assert_eq!((html.matches(text).count(), html.matches("chip--info").count()), (2, 2), "{html}");
        assert!(me.page("/me", language).await.contains(new));
    }
    let ids = hall.test.texts("SELECT id FROM notice ORDER BY id").await;
    let csrf = me.csrf("/me/notices").await;
    let unread = async || hall.test.count("SELECT COUNT(*) FROM notice WHERE read_at IS NULL").await;
    assert_eq!(me.post("/me/notices", json!({"csrf": "wrong", "read": ids[0]})).await, 403);
    assert_eq!(me.post("/me/notices", json!({"csrf": csrf, "read": "nothing"})).await, 404);
    assert_eq!(me.post("/me/notices", json!({"csrf": csrf})).await, 404);
    assert_eq!(unread().await, 2);
    assert_eq!((me.post("/me/notices", json!({"csrf": csrf, "read": ids[0]})).await, unread().await), (303, 1));
    assert_eq!((me.post("/me/notices", json!({"csrf": csrf, "unread": ids[0]})).await, unread().await), (303, 2));
    // What came after the page was read stays new.
    hall.test.clock.advance(time::Duration::SECOND);
    thank(&hall, ada).await;
    assert_eq!((me.post("/me/notices", json!({"csrf": csrf, "until": ids[1]})).await, unread().await), (303, 1));
    let other = member(&hall, "bob", Locale::En).await;
    let other = Visitor::signed_in(&hall.test, other).await;
    let theirs = other.csrf("/me/notices").await;
    assert_eq!(other.post("/me/notices", json!({"csrf": theirs, "unread": ids[0]})).await, 303);
    assert_eq!(unread().await, 1, "nobody marks what is another's");
}

async fn settings_are_chosen_and_say_plainly_where_mail_goes(store: Store) {
    let hall = Hall::start(store).await;
    let ada = member(&hall, "ada", Locale::En).await;
    let me = Visitor::signed_in(&hall.test, ada).await;
    let path = "/me/notices/settings";
    for (language, plainly) in [("en", "This site sends no mail"), ("ja", "このサイトはメールを送らない設定")]
    {
        assert!(me.page(path, language).await.contains(plainly));
    }
    let csrf = me.csrf(path).await;
    assert_eq!(me.post(path, json!({"csrf": csrf, "near": "daily", "thanks": "here"})).await, 303);
    let html = me.page(path, "en").await;
    assert!(html.contains(r#"<option value="here" selected>only on my page"#), "{html}");
    for wrong in [json!({"csrf": csrf, "near": "never"}), json!({"csrf": csrf, "nothing": "daily"})] {
        assert_eq!(me.post(path, wrong).await, 422);
    }
    assert_eq!(me.post(path, json!({"csrf": csrf, "letters": "perhaps"})).await, 404);

    let mailbox = Mailbox::open().await;
    let hall = with_mail(store, &mailbox).await;
    let proved = member(&hall, "ada", Locale::En).await;
    let me = Visitor::signed_in(&hall.test, proved).await;
    assert!(me.page(path, "en").await.contains("Mail goes to ada@members.example."));
    let csrf = me.csrf(path).await;
    assert_eq!(me.post(path, json!({"csrf": csrf, "letters": "end"})).await, 303);
    assert!(me.page(path, "en").await.contains("You have ended all mail"));
    assert_eq!(me.post(path, json!({"csrf": csrf, "letters": "begin"})).await, 303);
    assert!(me.page(path, "ja").await.contains("メールの宛先：ada@members.example"));
    let (unproved, _) = hall.member("bob").await;
    let me = Visitor::signed_in(&hall.test, unproved).await;
    assert!(me.page(path, "en").await.contains("No mail goes out yet"));
}
