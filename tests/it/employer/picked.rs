//! Selections given to the verifier.

use serde_json::{Value, json};
use waymark::credentials::Visibility;

use super::{api, get};
use crate::credentials::Guild;
use crate::showing::Holder;
use crate::support::{Store, on_both};

on_both!(
    each_credential_of_a_selection_gets_its_line,
    one_that_is_not_open_says_so_and_not_more,
    what_is_in_selections_counts_as_lines
);

/// Publishes a selection of these; answers its id and its address.
async fn selected(guild: &Guild, holder: &Holder<'_>, of: &[&waymark::credentials::Credential]) -> (String, String) {
    let ids: Vec<String> = of.iter().map(|c| c.id.to_string()).collect();
    let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("credential", id.as_str())).collect();
    fields.push(("private_too", "yes"));
    let (status, location, page) = holder.posted("/me/selections", &fields).await;
    assert_eq!(status, 303, "{page}");
    let id = location.rsplit('/').next().expect("an id").to_owned();
    assert_eq!(holder.post(&format!("/me/selections/{id}/publish"), &[]).await.0, 303);
    let page = holder.page(&format!("/me/selections/{id}")).await;
    let path = page.split("href=\"/s/").nth(1).and_then(|rest| rest.split('"').next()).expect("a link").to_owned();
    (id, guild.test.url(&format!("/s/{path}")))
}

async fn batch(guild: &Guild, rows: Value) -> (u16, Value) {
    api(guild, "/api/v1/verifications/batch", &json!({"rows": rows})).await
}

fn seen(answer: &Value) -> Vec<(u64, String)> {
    let rows = answer["rows"].as_array().expect("rows");
    let said = |row: &Value| row["state"].as_str().or(row["problem"]["code"].as_str()).unwrap_or_default().to_owned();
    rows.iter().map(|row| (row["row"].as_u64().expect("a number"), said(row))).collect()
}

async fn each_credential_of_a_selection_gets_its_line(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let (first, second) = (holder.earns(1).await, holder.earns(2).await);
    holder.shows(&first, Visibility::Link).await;
    let (_, address) = selected(&guild, &holder, &[&first, &second]).await;
    let own = guild.test.url(&format!("/c/{}", first.share_id));
    let rows = json!([{"url": own}, {"url": address.to_uppercase()}, {"url": format!("{own}0")}]);
    let (status, answer) = batch(&guild, rows).await;
    assert_eq!(status, 200, "{answer}");
    let valid = |row| (row, "valid".to_owned());
    assert_eq!(seen(&answer), [valid(1), valid(2), valid(2), (3, "no_such_address".to_owned())]);
    assert_eq!((&answer["rows"][1]["same_as"], &answer["rows"][2]["same_as"]), (&json!(1), &Value::Null));
    assert_eq!(answer["rows"][2]["credential"]["id"], json!(second.uuid), "a private one, as its reader sees it");
    // By hand: the one address answers as a list.
    for given in [address.clone(), format!("{address}.json")] {
        let (_, page) = get(&guild, &format!("/verify?q={given}")).await;
        assert_eq!(page.matches("chip--valid").count(), 2, "{page}");
        assert_eq!(page.matches("七瀬 ひかり").count(), 2, "{page}");
    }
    // One answer cannot hold several: the call says where to send it.
    let (status, problem) = api(&guild, "/api/v1/verifications", &json!({"url": address})).await;
    assert_eq!((status, &problem["reason"]), (422, &json!("is_selection")), "{problem}");
    // A profile holds what its member chose, too: it is told apart from an address at which nothing is.
    let profile = guild.test.url("/m/ryu-h");
    let answer = batch(&guild, json!([{"url": profile}])).await.1;
    assert_eq!(seen(&answer), [(1, "is_profile".to_owned())]);
    let (_, page) = get(&guild, &format!("/verify?q={profile}")).await;
    assert!(page.contains("This is a profile, not one credential"), "{page}");
}

async fn one_that_is_not_open_says_so_and_not_more(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let one = holder.earns(1).await;
    let (id, address) = selected(&guild, &holder, &[&one]).await;
    let never = guild.test.url("/s/00000000000000000000000000");
    holder.shows(&one, Visibility::Link).await;
    holder.shows(&one, Visibility::Private).await;
    assert_eq!(seen(&batch(&guild, json!([{"url": address}])).await.1)[0].1, "valid", "private, but chosen so");
    assert_eq!(holder.post(&format!("/me/selections/{id}/end"), &[]).await.0, 303);
    let (_, answer) = batch(&guild, json!([{"url": address}, {"url": never}])).await;
    let not_open = |row| (row, "selection_not_open".to_owned());
    assert_eq!(seen(&answer), [not_open(1), not_open(2)], "ended and never alike");
    for path in [&address, &never] {
        let (status, page) = get(&guild, &format!("/verify?q={path}")).await;
        assert!(status == 200 && page.contains("This selection is not open"), "{page}");
        assert!(!page.contains(&one.name), "{page}");
    }
}

async fn what_is_in_selections_counts_as_lines(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let (first, second) = (holder.earns(1).await, holder.earns(2).await);
    let (_, address) = selected(&guild, &holder, &[&first, &second]).await;
    let rows: Vec<Value> = (0..51).map(|_| json!({"url": address})).collect();
    let (status, problem) = batch(&guild, json!(rows)).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/rows")), "{problem}");
    assert_eq!(batch(&guild, json!(rows[..50])).await.0, 200);
}
