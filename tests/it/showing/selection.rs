//! `/s/{share_id}`.

use time::Duration;
use waymark::credentials::{Credential, StatusChange, Visibility};
use waymark_credential::verify::{Policy, PresentationVerification, State, Supply, Want};

use super::{Holder, change, copies, is_nowhere, json, stranger};
use crate::credentials::Guild;
use crate::support::{Store, on_both};

on_both!(
    a_selection_opens_when_published_and_ends_for_good,
    it_ends_with_its_last_day,
    a_private_one_is_read_only_where_its_holder_said_so,
    what_is_made_private_later_is_gone,
    nobody_selects_or_touches_what_is_anothers,
    the_presentation_holds_the_credentials_as_they_were_signed,
    it_says_how_each_stands,
    there_are_bounds
);

const NEVER: &str = "/s/00000000000000000000000000";

/// Makes a draft; answers its id.
async fn draft(holder: &Holder<'_>, of: &[&Credential], more: &[(&str, &str)]) -> String {
    let ids: Vec<String> = of.iter().map(|c| c.id.to_string()).collect();
    let fields: Vec<(&str, &str)> =
        ids.iter().map(|id| ("credential", id.as_str())).chain(more.iter().copied()).collect();
    let (status, location, page) = holder.posted("/me/selections", &fields).await;
    assert_eq!(status, 303, "{page}");
    location.rsplit('/').next().expect("an id").to_owned()
}

/// Publishes it; answers the path of its link.
async fn published(holder: &Holder<'_>, id: &str) -> String {
    assert_eq!(holder.post(&format!("/me/selections/{id}/publish"), &[]).await.0, 303);
    link(&holder.page(&format!("/me/selections/{id}")).await)
}

fn link(page: &str) -> String {
    let (_, rest) = page.split_once("href=\"/s/").expect("a link");
    format!("/s/{}", rest.split('"').next().expect("closed"))
}

async fn share_path(guild: &Guild) -> String {
    let row = "SELECT count(*) FROM selection";
    assert_eq!(guild.test.count(row).await, 1);
    use sea_orm::{ConnectionTrait as _, Statement};
    let db = guild.test.app.db.read();
    let query = Statement::from_string(db.get_database_backend(), "SELECT share_id FROM selection");
    let row = db.query_one_raw(query).await.expect("runs").expect("a row");
    format!("/s/{}", row.try_get_by_index::<String>(0).expect("a text"))
}

async fn nowhere_in_every_form(guild: &Guild, path: &str) {
    for suffix in ["", ".json", ".qr.svg"] {
        is_nowhere(guild, &format!("{path}{suffix}"), &format!("{NEVER}{suffix}")).await;
    }
}

async fn a_selection_opens_when_published_and_ends_for_good(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let one = holder.earns(1).await;
    holder.shows(&one, Visibility::Link).await;
    let id = draft(&holder, &[&one], &[("note", "For Ms <Sato>")]).await;
    let path = share_path(&guild).await;
    nowhere_in_every_form(&guild, &path).await;
    assert!(holder.page(&format!("/me/selections/{id}/preview")).await.contains("For Ms &#60;Sato&#62;"));
    assert_eq!(published(&holder, &id).await, path);
    let (status, headers, page) = stranger(&guild, &path, "text/html").await;
    assert!(status == 200 && page.contains("For Ms &#60;Sato&#62;") && page.contains(&one.number), "{page}");
    assert!(headers.iter().any(|(name, value)| name == "x-robots-tag" && value.contains("noindex")));
    let upper = path.to_uppercase();
    assert_eq!(stranger(&guild, &upper, "text/html").await.0, 200, "{upper}");
    assert!(stranger(&guild, &format!("{path}.qr.svg"), "*/*").await.2.starts_with("<svg"));
    assert!(holder.page("/me/selections").await.contains("End now"));
    assert_eq!(holder.post(&format!("/me/selections/{id}/end"), &[]).await.0, 303);
    nowhere_in_every_form(&guild, &path).await;
    assert_eq!(holder.post(&format!("/me/selections/{id}/publish"), &[]).await.0, 409, "it does not open again");
    nowhere_in_every_form(&guild, &path).await;
}

async fn it_ends_with_its_last_day(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let one = holder.earns(1).await;
    holder.shows(&one, Visibility::Link).await;
    let id = one.id.to_string();
    for (day, why) in [("2026-11-20", "over already"), ("soon", "2026-12-31"), ("2026-02-30", "2026-12-31")] {
        let (status, _, page) = holder.posted("/me/selections", &[("credential", &id), ("until", day)]).await;
        assert!(status == 422 && page.contains(why) && page.contains("error-summary"), "{day} {page}");
    }
    let made = draft(&holder, &[&one], &[("until", "2026-11-22")]).await;
    let path = published(&holder, &made).await;
    // The day ends in Tokyo: 15:00 UTC.
    guild.test.clock.set(waymark::clock::parse_rfc3339("2026-11-22T14:59:59Z").expect("a time"));
    assert_eq!(stranger(&guild, &path, "text/html").await.0, 200);
    guild.test.clock.advance(Duration::seconds(1));
    nowhere_in_every_form(&guild, &path).await;
}

async fn a_private_one_is_read_only_where_its_holder_said_so(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let one = holder.earns(1).await;
    let id = one.id.to_string();
    let (status, _, page) = holder.posted("/me/selections", &[("credential", &id)]).await;
    assert!(status == 422 && page.contains("You ticked a private credential"), "{page}");
    assert_eq!(guild.test.count("SELECT count(*) FROM selection").await, 0);
    let made = draft(&holder, &[&one], &[("private_too", "yes")]).await;
    let path = published(&holder, &made).await;
    let (status, _, page) = stranger(&guild, &path, "text/html").await;
    assert!(status == 200 && page.contains(&one.number), "{page}");
    assert!(!page.contains(&one.share_id), "no link leads to a page that is closed");
    is_nowhere(&guild, &format!("/c/{}", one.share_id), "/c/00000000000000000000000000").await;
    let own = holder.page(&format!("/me/credentials/{id}")).await;
    assert!(own.contains("you opened it to the readers of one selection"), "{own}");
    assert_eq!(holder.post(&format!("/me/selections/{made}/end"), &[]).await.0, 303);
    assert!(!holder.page(&format!("/me/credentials/{id}")).await.contains("you opened it to the readers"));
}

async fn what_is_made_private_later_is_gone(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let (one, two) = (holder.earns(1).await, holder.earns(2).await);
    for c in [&one, &two] {
        holder.shows(c, Visibility::Link).await;
    }
    // The box for private ones is ticked, but neither is private: it opens nothing that is made private later.
    let made = draft(&holder, &[&one, &two], &[("private_too", "yes")]).await;
    let path = published(&holder, &made).await;
    holder.shows(&one, Visibility::Private).await;
    for suffix in ["", ".json"] {
        let (status, _, text) = stranger(&guild, &format!("{path}{suffix}"), "text/html").await;
        assert!(status == 200 && !text.contains(&one.number) && !text.contains(&one.uuid), "{text}");
        assert!(!text.contains(&one.share_id), "{text}");
        assert!(text.contains(if suffix.is_empty() { &two.number } else { &two.uuid }), "{text}");
    }
    assert!(holder.page(&format!("/me/selections/{made}")).await.contains("Private: not shown"));
}

async fn nobody_selects_or_touches_what_is_anothers(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let other = Holder::of(&guild, "kaede@members.example").await;
    let (mine, theirs) = (holder.earns(1).await, other.earns(1).await);
    holder.shows(&mine, Visibility::Link).await;
    other.shows(&theirs, Visibility::Public).await;
    let foreign = theirs.id.to_string();
    assert_eq!(holder.post("/me/selections", &[("credential", &foreign), ("private_too", "yes")]).await.0, 404);
    assert_eq!(guild.test.count("SELECT count(*) FROM selection").await, 0);
    let id = draft(&holder, &[&mine], &[]).await;
    let path = share_path(&guild).await;
    for page in [format!("/me/selections/{id}"), format!("/me/selections/{id}/preview")] {
        assert_eq!(other.get(&page).await.0, 404, "{page}");
    }
    for verb in ["publish", "end"] {
        assert_eq!(other.post(&format!("/me/selections/{id}/{verb}"), &[]).await.0, 404, "{verb}");
    }
    let order = [("credential", &*mine.id.to_string()), ("step", "up")].map(|(n, v)| (n, v.to_owned()));
    let order: Vec<(&str, &str)> = order.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_eq!(other.post(&format!("/me/selections/{id}/order"), &order).await.0, 404);
    let theirs_in_mine = [("credential", foreign.as_str()), ("step", "up")];
    assert_eq!(holder.post(&format!("/me/selections/{id}/order"), &theirs_in_mine).await.0, 404);
    nowhere_in_every_form(&guild, &path).await;
    published(&holder, &id).await;
    // Whatever came into the table, the page and the file ask whose it is.
    let row = format!(
        "INSERT INTO selection_entry (selection, credential, place, private_too) VALUES ('{id}', '{foreign}', 1, true)"
    );
    guild.test.run_sql(&row).await;
    for suffix in ["", ".json"] {
        let (_, _, text) = stranger(&guild, &format!("{path}{suffix}"), "text/html").await;
        assert!(!text.contains(&theirs.number) && !text.contains(&theirs.uuid), "{text}");
        assert!(text.contains(if suffix.is_empty() { &mine.number } else { &mine.uuid }), "{text}");
    }
}

async fn the_presentation_holds_the_credentials_as_they_were_signed(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let (one, two) = (holder.earns(1).await, holder.earns(2).await);
    for c in [&one, &two] {
        holder.shows(c, Visibility::Link).await;
    }
    let id = draft(&holder, &[&two, &one], &[]).await;
    let path = published(&holder, &id).await;
    let (status, headers, by_header) = stranger(&guild, &path, "application/vp").await;
    let (_, _, by_suffix) = stranger(&guild, &format!("{path}.JSON"), "text/html").await;
    assert!(status == 200 && by_header == by_suffix);
    assert!(headers.iter().any(|(name, value)| name == "content-type" && value == "application/vp"), "{headers:?}");
    let document = json(&by_header);
    assert_eq!(document["@context"], serde_json::json!(["https://www.w3.org/ns/credentials/v2"]));
    assert_eq!(document["type"], serde_json::json!(["VerifiablePresentation"]));
    for known in [&one, &two] {
        assert!(by_header.contains(&guild.signed(known).await.0), "byte for byte");
    }
    assert_eq!(document["verifiableCredential"][0]["id"], two.uuid, "in the member's order");
    // Our own verifier opens it and finds each valid.
    let now = guild.test.app.db.now();
    let mut verification =
        PresentationVerification::open(by_header.as_bytes(), &Policy::product(), now).expect("a presentation");
    while let Some(want) = verification.wants().first().cloned() {
        let supply = match &want {
            Want::StatusList(url) => {
                let answer = guild.test.http.get(url).send().await.expect("answered");
                Supply::Found { bytes: answer.bytes().await.expect("read").to_vec(), fetched_at: now }
            }
            _ => Supply::NotAsked,
        };
        verification.supply(&want, &supply);
    }
    let report = verification.report();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    let states: Vec<State> = report.credentials.iter().map(|r| r.as_ref().expect("read").state()).collect();
    assert_eq!(states, [State::Valid, State::Valid]);
}

async fn it_says_how_each_stands(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let (one, two) = (holder.earns(1).await, holder.earns(2).await);
    for c in [&one, &two] {
        holder.shows(c, Visibility::Link).await;
    }
    let id = draft(&holder, &[&one, &two], &[]).await;
    let path = published(&holder, &id).await;
    let (_, _, page) = stranger(&guild, &path, "text/html").await;
    assert_eq!(page.matches("banner--valid").count(), 2);
    change(&guild, &one, StatusChange::Revoke).await;
    change(&guild, &two, StatusChange::Suspend).await;
    let (_, _, page) = stranger(&guild, &path, "text/html").await;
    assert_eq!((page.matches("banner--revoked").count(), page.matches("banner--suspended").count()), (1, 1), "{page}");
    assert!(page.contains("mixed up") && !page.contains("banner--valid"));
    assert_eq!(page.matches("<h1").count(), 1);
}

async fn there_are_bounds(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let one = holder.earns(1).await;
    holder.shows(&one, Visibility::Link).await;
    let ids = copies(&guild, &one, 61).await;
    let fields: Vec<(&str, &str)> = ids.iter().map(|id| ("credential", id.as_str())).collect();
    let (status, _, page) = holder.posted("/me/selections", &fields[..21]).await;
    assert!(status == 422 && page.contains("at most 20"), "{page}");
    let (status, _, page) = holder.posted("/me/profile/credentials", &fields).await;
    assert!(status == 422 && page.contains("at most 60"), "{page}");
    let long = "あ".repeat(1_001);
    let (status, _, page) = holder.posted("/me/selections", &[fields[0], ("note", &long)]).await;
    assert!(status == 422 && page.contains("1,000 characters"), "{page}");
    for n in 0..50 {
        let sql = format!(
            "INSERT INTO selection (id, member, share_id, note, created_at) VALUES ('sel_{n:026}', '{}', 's{n}', '', 0)",
            holder.member
        );
        guild.test.run_sql(&sql).await;
    }
    let (status, _, page) = holder.posted("/me/selections", &fields[..1]).await;
    assert!(status == 422 && page.contains("50 selections"), "{page}");
    guild.test.run_sql("UPDATE selection SET ended_at = 1 WHERE share_id = 's0'").await;
    draft(&holder, &[&one], &[]).await;
}
