//! Score and evidence on the page of a credential, the preview, the LinkedIn link.

use serde_json::json;
use waymark::actor::Actor;
use waymark::credentials::{GivenEvidence, GivenResult, Visibility};
use waymark::database::Kind;
use waymark::issuer::{self, IssuerProfile};

use super::{Holder, is_nowhere, stranger};
use crate::credentials::Guild;
use crate::support::{Store, on_both};

on_both!(
    score_and_evidence_are_hidden_until_their_holder_shows_them,
    nobody_switches_for_another,
    the_preview_is_for_the_holder_alone,
    linkedin_knows_the_organization_by_its_number
);

async fn score_and_evidence_are_hidden_until_their_holder_shows_them(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let evidence = vec![GivenEvidence {
        name: Some("The talk".to_owned()),
        url: Some("https://example.org/talk".to_owned()),
        ..GivenEvidence::default()
    }];
    let results = vec![GivenResult {
        name: "Score".to_owned(),
        value: "31".to_owned(),
        result_type: None,
        min: None,
        max: Some("35".to_owned()),
        required: Some("26".to_owned()),
    }];
    let one = holder.earns_with(1, guild.test.app.db.now(), evidence, results).await;
    holder.shows(&one, Visibility::Link).await;
    let (path, own) = (format!("/c/{}", one.share_id), format!("/me/credentials/{}", one.id));
    let seen = async || {
        let (_, _, page) = stranger(&guild, &path, "text/html").await;
        (page.contains("31 / 35"), page.contains("https://example.org/talk"))
    };
    assert_eq!(seen().await, (false, false), "off by default");
    let page = holder.page(&own).await;
    assert!(page.contains("cannot be changed"), "the holder is told that the file holds them: {page}");
    let switches = format!("{own}/switches");
    assert_eq!(holder.post(&switches, &[("score", "yes")]).await, (303, format!("{own}?saved=switches")));
    assert_eq!(seen().await, (true, false));
    assert_eq!(holder.post(&switches, &[("evidence", "yes")]).await.0, 303);
    assert_eq!(seen().await, (false, true));
    assert_eq!(holder.post(&switches, &[]).await.0, 303);
    assert_eq!(seen().await, (false, false));
    let (_, _, file) = stranger(&guild, &format!("{path}.json"), "*/*").await;
    assert_eq!(file, guild.signed(&one).await.0, "the signed document is not touched");
    assert_eq!(holder.post(&switches, &[("colour", "red")]).await.0, 422);
    // A selection obeys the same switches.
    let id = one.id.to_string();
    let (_, location) = holder.post("/me/selections", &[("credential", &id)]).await;
    let preview = format!("{location}/preview");
    assert!(!holder.page(&preview).await.contains("31 / 35"));
    assert_eq!(holder.post(&switches, &[("score", "yes")]).await.0, 303);
    assert!(holder.page(&preview).await.contains("31 / 35"));
}

async fn nobody_switches_for_another(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let other = Holder::of(&guild, "kaede@members.example").await;
    let one = holder.earns(1).await;
    holder.shows(&one, Visibility::Public).await;
    let page = holder.page(&format!("/me/credentials/{}?lang=en", one.id)).await;
    for (name, none) in [("score", "holds no results"), ("evidence", "holds no evidence")] {
        let offered = page.contains(&format!("id=\"s-{name}\""));
        assert_ne!(offered, page.contains(none), "a switch stands where there is something to show: {page}");
    }
    let path = format!("/me/credentials/{}/switches", one.id);
    assert_eq!(other.post(&path, &[("listed", "yes")]).await.0, 404);
    assert_eq!(guild.test.count("SELECT count(*) FROM share_switch").await, 0);
}

async fn the_preview_is_for_the_holder_alone(store: Store) {
    let guild = Guild::start(store).await;
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let other = Holder::of(&guild, "kaede@members.example").await;
    let one = holder.earns(1).await;
    let preview = format!("/me/credentials/{}/preview", one.id);
    let page = holder.page(&preview).await;
    assert!(page.contains("This is how others see it") && page.contains(&one.number), "{page}");
    assert!(!page.contains(&format!("href=\"/me/credentials/{}\"", one.id)), "nothing of the holder's own");
    assert_eq!(other.get(&preview).await.0, 404);
    assert_eq!(stranger(&guild, &preview, "application/json").await.0, 401);
    is_nowhere(&guild, &format!("/c/{}", one.share_id), "/c/00000000000000000000000000").await;
}

async fn linkedin_knows_the_organization_by_its_number(store: Store) {
    let guild = Guild::start(store).await;
    let program = |id: serde_json::Value| {
        IssuerProfile::from_value(&json!({
            "issuer": {"name": "Guild", "url": "https://guild.example", "linkedin": {"organization_id": id}},
            "time_zone": "Asia/Tokyo", "number_format": "EG-{year}-{seq:6}"
        }))
    };
    for bad in [json!("guild"), json!("12 3"), json!("https://www.linkedin.com/company/1"), json!(-1), json!(1.5)] {
        let faults = program(bad.clone()).expect_err("digits only");
        assert_eq!(faults[0].pointer, "/issuer/linkedin/organization_id", "{bad}");
    }
    assert_eq!(program(json!(1_234_567)).expect("a profile"), program(json!("1234567")).expect("a profile"));
    let profile = program(json!("1234567")).expect("a profile");
    let mut ch = guild.test.app.db.change(Actor::Operator, Kind::Ordinary).await.expect("the door opens");
    issuer::keep(&mut ch, &profile).await.expect("kept");
    ch.commit().await.expect("committed");
    let holder = Holder::of(&guild, "hikari@members.example").await;
    let one = holder.earns(1).await;
    holder.shows(&one, Visibility::Link).await;
    let (_, link) = holder.led(&format!("/me/credentials/{}/linkedin", one.id)).await;
    assert!(link.contains("organizationId=1234567") && !link.contains("organizationName"), "{link}");
}
