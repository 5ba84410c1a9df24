//! Letters: at once and as a digest, in the member's language, retried, ended by one click.

use serde_json::json;
use time::Duration;
use waymark::ids::MemberId;
use waymark::notices;
use waymark::web::i18n::Locale;

use super::mailbox::{Mailbox, header, text};
use super::{give, member, publish, thank, told, with_mail};
use crate::giving::Hall;
use crate::support::{Store, on_both};

on_both!(
    what_is_due_at_once_goes_in_one_letter_with_a_way_to_end_it,
    digests_go_at_eight_in_each_members_language,
    a_letter_that_no_server_takes_is_tried_again_under_the_same_name,
    a_letter_whose_sender_died_is_sent_by_the_next,
    what_is_not_wanted_is_not_mailed,
    one_click_ends_letters_and_looking_does_not,
    without_mail_everything_stands_on_the_page
);

/// Looks for what is due and sends it; answers how many letters a server took.
async fn post(hall: &Hall) -> usize {
    notices::sweep(&hall.test.app).await.expect("looked");
    notices::send_due(&hall.test.app).await.expect("sent")
}

async fn letters(hall: &Hall, state: &str) -> i64 {
    hall.test.count(&format!("SELECT COUNT(*) FROM notice_letter WHERE state = '{state}'")).await
}

/// The link to unsubscribe, as a path.
fn link(hall: &Hall, letter: &str) -> String {
    let value = header(letter, "List-Unsubscribe");
    let url = value.trim_start_matches('<').trim_end_matches('>');
    url.strip_prefix(&hall.test.base).expect("ours").to_owned()
}

async fn what_is_due_at_once_goes_in_one_letter_with_a_way_to_end_it(store: Store) {
    let mailbox = Mailbox::open().await;
    let hall = with_mail(store, &mailbox).await;
    hall.test.clock.advance(Duration::DAY);
    let hikari = member(&hall, "hikari", Locale::Ja).await;
    publish(&hall, "one", 1, &json!({})).await;
    publish(&hall, "two", 2, &json!({})).await;
    hall.test.clock.advance(Duration::days(2));
    give(&hall.test, hikari, &["a", "b"]).await;
    hall.test.settle().await;
    assert_eq!(told(&hall.test, hikari).await, ["earned", "earned"]);
    assert!(mailbox.take().is_empty(), "nothing is sent inside a change");
    assert_eq!(post(&hall).await, 1, "two notices, one letter");
    let came = mailbox.take();
    let body = text(&came[0]);
    assert!(body.contains("hikari 様") && body.contains("「助ける人 one」を取得しました。"), "{body}");
    assert!(body.contains("「助ける人 two」を取得しました。") && body.contains("/me/credentials/crd_"), "{body}");
    assert_eq!(header(&came[0], "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert_eq!(header(&came[0], "Content-Type"), "text/plain; charset=utf-8");
    let path = link(&hall, &came[0]);
    assert!(path.starts_with("/unsubscribe/") && body.contains(&path), "{path}");
    let token = path.rsplit('/').next().expect("a token");
    let kept = hall.test.texts("SELECT hash FROM notice_link").await;
    assert!(kept.len() == 1 && kept[0] != token, "only a hash of it is kept");
    assert_eq!((post(&hall).await, letters(&hall, "sent").await), (0, 1), "it goes once");
}

async fn digests_go_at_eight_in_each_members_language(store: Store) {
    let mailbox = Mailbox::open().await;
    let hall = with_mail(store, &mailbox).await;
    let (hikari, ada) = (member(&hall, "hikari", Locale::Ja).await, member(&hall, "ada", Locale::En).await);
    for who in [hikari, hikari, ada] {
        thank(&hall, who).await;
    }
    // Eighteen o'clock on a Saturday in Tokyo.
    assert_eq!(post(&hall).await, 0);
    hall.test.clock.advance(Duration::hours(13) + Duration::minutes(59));
    assert_eq!(post(&hall).await, 0);
    hall.test.clock.advance(Duration::minutes(1));
    assert_eq!(post(&hall).await, 2);
    let came = mailbox.take();
    let of = |name: &str| came.iter().find(|letter| header(letter, "To").contains(name)).expect("a letter").clone();
    let (ja, en) = (text(&of("hikari@")), text(&of("ada@")));
    assert_eq!((ja.matches("感謝の言葉が届きました。").count(), ja.contains("メールを停止する")), (2, true), "{ja}");
    assert!(en.contains("Hello ada,") && en.contains("Somebody thanked you.") && en.contains("/me/thanks"), "{en}");
    // By the week: from Sunday morning to Monday morning.
    let token = hall.token(ada).await;
    let path = format!("/api/v1/members/{ada}/notice-settings");
    let weekly = json!({"ways": {"thanks": "weekly"}});
    assert_eq!(hall.call(&token, reqwest::Method::PUT, &path, weekly).await.0, 200);
    thank(&hall, ada).await;
    hall.test.clock.advance(Duration::hours(23));
    assert_eq!(post(&hall).await, 0);
    hall.test.clock.advance(Duration::HOUR);
    assert_eq!(post(&hall).await, 1);
}

async fn a_letter_that_no_server_takes_is_tried_again_under_the_same_name(store: Store) {
    let mailbox = Mailbox::open().await;
    let hall = with_mail(store, &mailbox).await;
    publish(&hall, "one", 1, &json!({})).await;
    let ada = member(&hall, "ada", Locale::En).await;
    give(&hall.test, ada, &["a"]).await;
    hall.test.settle().await;
    mailbox.answer(&[451]);
    assert_eq!((post(&hall).await, letters(&hall, "waiting").await), (0, 1));
    assert_eq!(post(&hall).await, 0, "not at once");
    hall.test.clock.advance(Duration::minutes(2));
    assert_eq!((post(&hall).await, letters(&hall, "sent").await), (1, 1));
    let id = hall.test.texts("SELECT id FROM notice_letter").await.remove(0);
    assert_eq!(header(&mailbox.take()[0], "Message-ID"), format!("<{id}@guild.example>"));

    let bob = member(&hall, "bob", Locale::En).await;
    give(&hall.test, bob, &["a"]).await;
    hall.test.settle().await;
    mailbox.answer(&[550]);
    assert_eq!((post(&hall).await, letters(&hall, "given_up").await), (0, 1), "refused for good");
    hall.test.clock.advance(Duration::days(3));
    assert_eq!(post(&hall).await, 0);

    let carol = member(&hall, "carol", Locale::En).await;
    give(&hall.test, carol, &["a"]).await;
    hall.test.settle().await;
    mailbox.answer(&[451; 8]);
    for _ in 0..7 {
        assert_eq!((post(&hall).await, letters(&hall, "waiting").await), (0, 1));
        hall.test.clock.advance(Duration::DAY);
    }
    assert_eq!((post(&hall).await, letters(&hall, "given_up").await), (0, 2), "the eighth try was the last");
}

async fn a_letter_whose_sender_died_is_sent_by_the_next(store: Store) {
    let mailbox = Mailbox::open().await;
    let hall = with_mail(store, &mailbox).await;
    publish(&hall, "one", 1, &json!({})).await;
    let ada = member(&hall, "ada", Locale::En).await;
    give(&hall.test, ada, &["a"]).await;
    hall.test.settle().await;
    notices::sweep(&hall.test.app).await.expect("looked");
    // As a process leaves it that dies between claiming and settling.
    let until = (hall.test.app.db.now() + Duration::minutes(5)).unix_timestamp() * 1000;
    hall.test.run_sql(&format!("UPDATE notice_letter SET tries = 1, leased_until = {until}")).await;
    assert_eq!(post(&hall).await, 0, "somebody sends it");
    hall.test.clock.advance(Duration::minutes(5));
    assert_eq!((post(&hall).await, mailbox.take().len()), (1, 1));
}

async fn what_is_not_wanted_is_not_mailed(store: Store) {
    let mailbox = Mailbox::open().await;
    let hall = with_mail(store, &mailbox).await;
    let settings = |who: MemberId| format!("/api/v1/members/{who}/notice-settings");
    let put = reqwest::Method::PUT;

    let (unproved, _) = hall.member("unproved").await;
    let (unclaimed, _) = hall.member("unclaimed").await;
    hall.test.run_sql(&format!("UPDATE member SET email_verified_at = 0 WHERE id = '{unclaimed}'")).await;
    let here = member(&hall, "here", Locale::En).await;
    let choice = json!({"ways": {"thanks": "here"}});
    assert_eq!(hall.call(&hall.token(here).await, put.clone(), &settings(here), choice).await.0, 200);
    let reader = member(&hall, "reader", Locale::En).await;
    let late = member(&hall, "late", Locale::En).await;
    for who in [unproved, unclaimed, here, reader, late] {
        thank(&hall, who).await;
    }
    let newest = hall.test.texts(&format!("SELECT id FROM notice WHERE member = '{reader}'")).await.remove(0);
    let path = format!("/api/v1/members/{reader}/notices/read");
    assert_eq!(hall.post(&hall.token(reader).await, &path, json!({"until": newest})).await.0, 200);
    hall.test.clock.advance(Duration::days(1));
    // One letter is put together, and read before it goes.
    notices::sweep(&hall.test.app).await.expect("looked");
    assert_eq!(letters(&hall, "waiting").await, 1, "for the one who is late alone");
    let newest = hall.test.texts(&format!("SELECT id FROM notice WHERE member = '{late}'")).await.remove(0);
    let path = format!("/api/v1/members/{late}/notices/read");
    assert_eq!(hall.post(&hall.token(late).await, &path, json!({"until": newest})).await.0, 200);
    assert_eq!((post(&hall).await, letters(&hall, "dropped").await), (0, 1));
    assert!(mailbox.take().is_empty());
    assert_eq!(hall.test.count("SELECT COUNT(*) FROM notice").await, 5, "it stands on the page for each");
}

async fn one_click_ends_letters_and_looking_does_not(store: Store) {
    let mailbox = Mailbox::open().await;
    let hall = with_mail(store, &mailbox).await;
    let ada = member(&hall, "ada", Locale::En).await;
    let bob = member(&hall, "bob", Locale::En).await;
    for who in [ada, bob] {
        let at_once = json!({"ways": {"thanks": "at_once"}});
        let path = format!("/api/v1/members/{who}/notice-settings");
        assert_eq!(hall.call(&hall.token(who).await, reqwest::Method::PUT, &path, at_once).await.0, 200);
        thank(&hall, who).await;
    }
    assert_eq!(post(&hall).await, 2);
    let came = mailbox.take();
    let of_ada = came.iter().find(|letter| header(letter, "To").contains("ada@")).expect("a letter");
    let path = link(&hall, of_ada);
    let url = hall.test.url(&path);
    let stopped = async || hall.test.texts("SELECT member FROM notice_stop").await;
    for language in ["en", "ja"] {
        let page = hall.test.http.get(&url).header("accept", "text/html").header("accept-language", language);
        let page = page.send().await.expect("answered");
        assert_eq!(page.status(), 200);
        let html = page.text().await.expect("text");
        assert!(
            html.contains(&format!("action=\"{path}\"")) && !html.contains("ada@") && !html.contains('⟦'),
            "{html}"
        );
    }
    assert!(stopped().await.is_empty(), "looking changes nothing");
    let untyped = hall.test.http.post(&url).header("content-type", "text/plain").body("x").send().await;
    assert_eq!(untyped.expect("answered").status(), 415);
    let unknown = hall.test.url(&format!("/unsubscribe/{}", "A".repeat(43)));
    let unknown = hall.test.http.post(&unknown).form(&json!({"List-Unsubscribe": "One-Click"})).send().await;
    assert_eq!(unknown.expect("answered").status(), 404);
    assert!(stopped().await.is_empty());

    // What waits is not sent either.
    thank(&hall, ada).await;
    let pressed = hall.test.http.post(&url).form(&json!({"List-Unsubscribe": "One-Click"})).send().await;
    assert_eq!(pressed.expect("answered").status(), 200, "no redirect: mail programs follow none");
    assert_eq!(stopped().await, [ada.to_string()], "hers alone");
    thank(&hall, ada).await;
    thank(&hall, bob).await;
    assert_eq!(post(&hall).await, 1);
    assert!(header(&mailbox.take()[0], "To").contains("bob@"));
    let again = hall.test.http.post(&url).form(&json!({"List-Unsubscribe": "One-Click"})).send().await;
    assert_eq!(again.expect("answered").status(), 200, "pressed twice is pressed once");

    let undone = hall.test.http.post(format!("{url}/undo")).form(&json!({"csrf": ""})).send().await;
    assert_eq!(undone.expect("answered").status(), 200);
    assert!(stopped().await.is_empty());
    assert_eq!(post(&hall).await, 0, "what came meanwhile stands on the page");
    thank(&hall, ada).await;
    assert_eq!(post(&hall).await, 1);
}

async fn without_mail_everything_stands_on_the_page(store: Store) {
    let hall = Hall::start(store).await;
    publish(&hall, "one", 1, &json!({})).await;
    let ada = member(&hall, "ada", Locale::En).await;
    give(&hall.test, ada, &["a"]).await;
    hall.test.settle().await;
    assert_eq!(told(&hall.test, ada).await, ["earned"]);
    notices::tend(&hall.test.app).await.expect("looked");
    assert_eq!(post(&hall).await, 0);
    let waiting = "SELECT COUNT(*) FROM notice WHERE mail_at IS NOT NULL";
    assert_eq!(hall.test.count(waiting).await, 0, "nothing piles up for the day on which there is mail");
    assert_eq!(hall.test.count("SELECT COUNT(*) FROM notice_letter").await, 0);
}
