//! A corrected credential on what its member shows: it stands where the old one stood, and nobody finds a withdrawn one there.

use serde_json::{Value, json};
use waymark::actor::Actor;
use waymark::credentials::Visibility;
use waymark::database::Kind;
use waymark::members;

use super::{Holder, stranger};
use crate::credentials::Guild;
use crate::support::{Store, on_both};

on_both!(the_corrected_one_stands_on_profile_and_selection);

async fn the_corrected_one_stands_on_profile_and_selection(store: Store) {
    let guild = Guild::start(store).await;
    let key = guild.admin().await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let old = holder.earns(1).await;
    holder.shows(&old, Visibility::Link).await;
    let id = old.id.to_string();
    assert_eq!(holder.post("/me/profile", &[("handle", "hikari")]).await.0, 303);
    assert_eq!(holder.post("/me/profile/publish", &[]).await.0, 303);
    assert_eq!(holder.post("/me/profile/credentials", &[("credential", &id)]).await.0, 303);
    let (status, location) = holder.post("/me/selections", &[("credential", &id)]).await;
    assert_eq!(status, 303);
    assert_eq!(holder.post(&format!("{location}/publish"), &[]).await.0, 303);
    let own = holder.page(&location).await;
    let shared = own.split("/s/").nth(1).and_then(|rest| rest.split(['"', '<', '.']).next()).expect("an address");

    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Privileged).await.expect("the door opens");
    assert!(members::rename(&mut ch, old.member, "月島 ひかり").await.expect("renamed"));
    ch.commit().await.expect("committed");
    let path = format!("/api/v1/credentials/{id}/replace");
    let (status, made) = guild.post(&key, &path, Some("one"), &json!({})).await;
    assert_eq!(status, 201, "{made}");
    let new = made["share_id"].as_str().expect("an address");

    let (_, _, page) = stranger(&guild, "/m/hikari", "text/html").await;
    assert!(page.contains(new) && !page.contains(&old.share_id), "{page}");
    assert!(page.contains("月島 ひかり"));
    assert_eq!(page.matches("badge-card__title").count(), 1);
    let (_, _, page) = stranger(&guild, &format!("/s/{shared}"), "text/html").await;
    assert!(page.contains(new) && !page.contains(&old.share_id), "{page}");
    let (_, _, presentation) = stranger(&guild, &format!("/s/{shared}.json"), "application/vp").await;
    let presentation: Value = serde_json::from_str(&presentation).expect("JSON");
    let shown = presentation["verifiableCredential"].as_array().expect("a list");
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0]["credentialSubject"]["name"], "月島 ひかり");

    let page = holder.page("/me/profile").await;
    assert!(page.contains(&id), "the forms speak of what was chosen: {page}");
    let new_id = made["id"].as_str().expect("an id");
    assert_eq!(holder.post("/me/profile/credentials", &[("credential", new_id)]).await.0, 303);
    let (_, _, page) = stranger(&guild, "/m/hikari", "text/html").await;
    assert_eq!(page.matches("badge-card__title").count(), 1, "{page}");
}
