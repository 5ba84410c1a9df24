//! `/me/resume` and its files.

use waymark::clock::parse_rfc3339;
use waymark::credentials::{StatusChange, Visibility};

use super::{Holder, change, json};
use crate::credentials::Guild;
use crate::support::{Store, on_both};

on_both!(lines_are_ready_to_copy, only_what_holds_is_named, the_files_say_the_same);

async fn lines_are_ready_to_copy(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    assert!(holder.page("/me/resume").await.contains("You hold nothing to put here yet"));
    // The later one first; the earlier lies on the edge of a month and of an era in Tokyo.
    let at = |text: &str| parse_rfc3339(text).expect("a time");
    let later = holder.earns_with(1, at("2026-03-31T15:00:00Z"), vec![], vec![]).await;
    let earlier = holder.earns_with(2, at("2025-12-31T14:59:59Z"), vec![], vec![]).await;
    holder.shows(&later, Visibility::Link).await;
    let page = holder.page("/me/resume").await;
    for line in [
        "2025年12月　例の会 基礎 取得\n2026年4月　例の会 基礎 取得",
        "令和7年12月　例の会 基礎 取得\n令和8年4月　例の会 基礎 取得",
    ] {
        assert!(page.contains(line), "{line} in {page}");
    }
    let address = guild.test.url(&format!("/c/{}", later.share_id));
    assert!(
        page.contains(&format!("Apr 2026 (valid to Apr 2029). Certificate no. {}. {address}", later.number)),
        "{page}"
    );
    assert!(page.contains(&earlier.number) && !page.contains(&earlier.share_id), "a private one goes by its number");
    assert!(page.contains("without a link"));
}

async fn only_what_holds_is_named(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let (one, two) = (holder.earns(1).await, holder.earns(2).await);
    change(&guild, &one, StatusChange::Revoke).await;
    let page = holder.page("/me/resume").await;
    assert!(!page.contains(&one.number) && page.contains(&two.number), "{page}");
    assert!(page.contains("One credential that is"), "what is left out is told: {page}");
    let other = Holder::of(&guild, "kaede@members.example").await;
    assert!(!other.page("/me/resume").await.contains(&two.number));
}

async fn the_files_say_the_same(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let one = holder.earns(1).await;
    holder.shows(&one, Visibility::Link).await;
    let (status, text) = holder.get("/me/resume.json").await;
    let document = json(&text);
    assert_eq!(status, 200);
    let certificate = &document["certificates"][0];
    assert_eq!((&certificate["name"], &certificate["date"]), (&"Foundations".into(), &"2026-11-21".into()));
    assert_eq!(certificate["url"], guild.test.url(&format!("/c/{}", one.share_id)));
    assert!(document["basics"].get("email").is_none() && document["basics"].get("url").is_none());
    let (_, csv) = holder.get("/me/resume.csv").await;
    assert!(csv.contains(&format!("Foundations,Example Guild,2026-11-21,2029-11-21,{}", one.number)), "{csv}");
    let (_, plain) = holder.get("/me/resume.txt?lang=ja").await;
    assert!(plain.contains("令和8年11月　例の会 基礎 取得"), "{plain}");
}
