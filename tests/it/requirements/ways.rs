//! What the page of a credential says of several ways to meet one requirement.

use serde_json::json;
use waymark::access::Principal;
use waymark::actor::Actor;
use waymark::credentials::{self, Visibility};
use waymark::database::Kind;

use super::{Square, merged, track};
use crate::home::Visitor;
use crate::support::{Store, on_both};

on_both!(a_way_that_was_not_taken_has_no_check);

async fn a_way_that_was_not_taken_has_no_check(store: Store) {
    let leaf = |id: &str, kind: &str, at_least: u32, en: &str, ja: &str| json!({"id": id, "text": {"en": en, "ja": ja}, "contributions": {"types": [kind], "at_least": at_least}});
    let mut either = track("giver", &json!({"types": ["change.merged"], "at_least": 1}));
    either["requires"] = json!({"any": [
        leaf("give", "change.merged", 1, "Give a change", "変更を届ける"),
        leaf("talk", "talk.given", 2, "Give two talks", "話を 2 回する"),
    ]});
    let square = Square::start(store, &[either]).await;
    square.send(&[merged("e-1", "hikari", "2026-11-10T09:00:00Z", &json!({}))]).await;
    let credential = square.credentials().await.remove(0);
    let me = Visitor::signed_in(&square.test, square.member).await;
    let mut ch = square.test.app.db.change(Actor::Member(square.member), Kind::Ordinary).await.expect("the door opens");
    let holder = Principal::Session { member: square.member, roles: vec![], csrf: String::new() };
    credentials::show_to(&mut ch, credential.id, &holder, false, Visibility::Link).await.expect("shown");
    ch.commit().await.expect("committed");
    for (language, taken, open, word) in
        [("en", "Give a change", "Give two talks", "Not needed"), ("ja", "変更を届ける", "話を 2 回する", "不要でした")]
    {
        let page = me.page(&format!("/c/{}", credential.share_id), language).await;
        let line = |text: &str| {
            let before = page.split(text).next().unwrap_or_default();
            before.rsplit("<li").next().unwrap_or_default().to_owned()
        };
        assert!(line(taken).contains("check--passed") && line(taken).contains("#check"), "{page}");
        let open = line(open);
        assert!(open.contains("check--not_checked") && open.contains(word) && !open.contains("#check"), "{page}");
    }
}
