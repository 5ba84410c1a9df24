//! `/p/{slug}/holders`.

use time::Duration;
use waymark::credentials::{Credential, StatusChange, Visibility};

use super::{Holder, change, copies, stranger};
use crate::credentials::Guild;
use crate::support::{Store, on_both};

on_both!(only_who_asked_for_it_is_listed, what_does_not_hold_is_not_listed, the_list_has_pages);

const LIST: &str = "/p/foundations/holders";

async fn lists(holder: &Holder<'_>, credential: &Credential) -> u16 {
    holder.post(&format!("/me/credentials/{}/switches", credential.id), &[("listed", "yes")]).await.0
}

async fn list(guild: &Guild) -> (bool, String) {
    let (status, headers, page) = stranger(guild, LIST, "text/html").await;
    assert_eq!(status, 200);
    assert_eq!(page.matches("<h1").count(), 1);
    let robots = headers.into_iter().find(|(name, _)| name == "x-robots-tag").expect("told").1;
    (!robots.contains("noindex"), page)
}

async fn only_who_asked_for_it_is_listed(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let one = holder.earns(1).await;
    assert_eq!(lists(&holder, &one).await, 422, "private");
    holder.shows(&one, Visibility::Link).await;
    assert_eq!(lists(&holder, &one).await, 422, "by link");
    holder.shows(&one, Visibility::Public).await;
    let (found, page) = list(&guild).await;
    assert!(!found && page.contains("Nobody is listed yet") && !page.contains(&one.share_id), "public is not listed");
    assert_eq!(lists(&holder, &one).await, 303);
    let (found, page) = list(&guild).await;
    assert!(found && page.contains("七瀬 ひかり") && page.contains(&one.share_id), "{page}");
    for visibility in [Visibility::Link, Visibility::Private] {
        holder.shows(&one, visibility).await;
        let (found, page) = list(&guild).await;
        assert!(!found && !page.contains(&one.share_id) && !page.contains("ひかり"), "{visibility:?}");
    }
    let (_, _, track) = stranger(&guild, "/p/foundations", "text/html").await;
    assert!(track.contains(&format!("href=\"{LIST}\"")));
    assert_eq!(stranger(&guild, "/p/nothing/holders", "text/html").await.0, 404);
    assert_eq!(stranger(&guild, "/p/foundations/holders?after=x", "text/html").await.0, 404);
}

async fn what_does_not_hold_is_not_listed(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let mut held = vec![];
    for term in 1..=3 {
        let one = holder.earns(term).await;
        holder.shows(&one, Visibility::Public).await;
        assert_eq!(lists(&holder, &one).await, 303);
        held.push(one);
    }
    change(&guild, &held[0], StatusChange::Revoke).await;
    change(&guild, &held[1], StatusChange::Suspend).await;
    let (_, page) = list(&guild).await;
    let there = |page: &str| held.iter().map(|c| page.contains(&c.share_id)).collect::<Vec<_>>();
    assert_eq!(there(&page), [false, false, true]);
    guild.test.clock.advance(Duration::days(4 * 365));
    let (found, page) = list(&guild).await;
    assert_eq!((found, there(&page)), (false, vec![false, false, false]), "expired");
}

async fn the_list_has_pages(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let one = holder.earns(1).await;
    holder.shows(&one, Visibility::Public).await;
    assert_eq!(lists(&holder, &one).await, 303);
    for id in copies(&guild, &one, 129).await {
        let switch = format!(
            "INSERT INTO share_switch (credential, track, score, evidence, listed, changed_at) \
             VALUES ('{id}', '{}', false, false, true, 0)",
            one.track
        );
        guild.test.run_sql(&switch).await;
    }
    let mut path = LIST.to_owned();
    let mut seen = vec![];
    let mut sizes = vec![];
    loop {
        let (status, _, page) = stranger(&guild, &path, "text/html").await;
        assert_eq!(status, 200);
        let links: Vec<String> =
            page.split("href=\"/c/").skip(1).map(|rest| rest.split('"').next().expect("closed").to_owned()).collect();
        sizes.push(links.len());
        seen.extend(links);
        let Some((_, next)) = page.split_once("<link rel=\"next\" href=\"") else { break };
        path = next.split('"').next().expect("closed").replace("&#38;", "&");
    }
    assert_eq!(sizes, [50, 50, 30]);
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((all, seen.len()), (130, 130), "each once");
}
