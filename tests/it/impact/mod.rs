//! Daily counters: what counts, what does not, who sees which figures.

use std::sync::Arc;

use serde_json::{Value, json};
use time::Duration;
use waymark::access::Role;
use waymark::app::App;
use waymark::credentials::{Credential, Visibility};
use waymark::database::Database;
use waymark::entropy::SeededEntropy;
use waymark::impact;

use crate::credentials::Guild;
use crate::showing::{Holder, stranger};
use crate::support::{Store, on_both};

on_both!(
    every_kind_of_look_counts_once,
    what_carries_nothing_counts_as_nothing,
    holders_own_looks_are_none,
    whoever_asks_over_and_over_moves_no_figure,
    two_processes_add_up_and_nothing_is_written_twice,
    what_cannot_be_written_waits,
    the_worker_writes_them_down,
    while_private_the_figures_are_the_holders,
    a_list_counts_each_credential_once,
    linkedin_is_reached_through_our_own_address,
    days_are_those_of_utc_and_asked_for_strictly,
    staff_see_tracks_and_the_holder_sees_their_own
);

/// Where the figures are asked for, by whom, and what they are: view, verify, linkedin, download, embed.
async fn totals(guild: &Guild, key: &str, path: &str) -> [u64; 5] {
    let (status, body) = guild.get(key, path).await;
    assert_eq!(status, 200, "{path}: {body}");
    assert_eq!(body["time_zone"], "UTC");
    ["view", "verify", "linkedin", "download", "embed"].map(|what| body["totals"][what].as_u64().expect("a number"))
}

async fn written(guild: &Guild, key: &str, of: &Credential) -> [u64; 5] {
    impact::flush(&guild.test.app).await.expect("written");
    totals(guild, key, &format!("/api/v1/credentials/{}/counts", of.id)).await
}

async fn shown(guild: &Guild) -> (Holder<'_>, Credential) {
    let holder = Holder::of(guild, "hikari@members.example").await;
    let one = holder.earns(1).await;
    holder.shows(&one, Visibility::Link).await;
    let one = guild.credential(one.id).await;
    (holder, one)
}

async fn every_kind_of_look_counts_once(store: Store) {
    let guild = Guild::start(store).await;
    let (_, one) = shown(&guild).await;
    let key = guild.test.api_key(Role::Auditor).await;
    let at = format!("/c/{}", one.share_id);
    for (path, accept, expected) in [
        (at.clone(), "text/html", [1, 0, 0, 0, 0]),
        (at.to_uppercase(), "text/html", [2, 0, 0, 0, 0]),
        (format!("{at}.json"), "*/*", [2, 0, 0, 1, 0]),
        // From memory, before the store is asked.
        (format!("{at}.json"), "*/*", [2, 0, 0, 2, 0]),
        (at.clone(), "application/vc+jwt", [2, 0, 0, 3, 0]),
        (format!("{at}.png"), "*/*", [2, 0, 0, 4, 0]),
        (format!("{at}.svg"), "*/*", [2, 0, 0, 5, 0]),
        (format!("{at}.pdf"), "*/*", [2, 0, 0, 6, 0]),
        (format!("/embed/{}", one.share_id), "text/html", [2, 0, 0, 6, 1]),
        (format!("{at}/badge.svg"), "*/*", [2, 0, 0, 6, 2]),
        (format!("{at}.jwt?for=verification"), "*/*", [2, 1, 0, 6, 2]),
        (format!("/verify?q={}{at}", guild.test.base), "text/html", [2, 2, 0, 6, 2]),
        // Parts of pages and of previews.
        (format!("{at}.qr.svg"), "*/*", [2, 2, 0, 6, 2]),
        (format!("{at}.og.png"), "*/*", [2, 2, 0, 6, 2]),
    ] {
        assert_eq!(stranger(&guild, &path, accept).await.0, 200, "{path}");
        assert_eq!(written(&guild, &key, &one).await, expected, "{path}");
    }
    let call = json!({"credential": serde_json::from_str::<Value>(&guild.signed(&one).await.0).expect("JSON")});
    let api = guild.test.http.post(guild.test.url("/api/v1/verifications")).json(&call);
    assert_eq!(api.send().await.expect("answered").status(), 200);
    assert_eq!(written(&guild, &key, &one).await, [2, 3, 0, 6, 2]);
    // An altered one may be anybody's.
    let mut altered = call;
    altered["credential"]["name"] = json!("Another");
    let api = guild.test.http.post(guild.test.url("/api/v1/verifications")).json(&altered);
    assert_eq!(api.send().await.expect("answered").json::<Value>().await.expect("JSON")["state"], "altered");
    assert_eq!(written(&guild, &key, &one).await, [2, 3, 0, 6, 2]);
    assert_eq!(totals(&guild, &key, "/api/v1/tracks/foundations/counts").await, [2, 3, 0, 6, 2]);
}

async fn what_carries_nothing_counts_as_nothing(store: Store) {
    let guild = Guild::start(store).await;
    let (_, one) = shown(&guild).await;
    let key = guild.test.api_key(Role::Auditor).await;
    let url = guild.test.url(&format!("/c/{}", one.share_id));
    for path in ["", ".json", ".pdf", "/badge.svg"] {
        let answer = guild.test.http.head(format!("{url}{path}")).send().await.expect("answered");
        assert_eq!(answer.status(), 200, "{path}");
    }
    assert_eq!(written(&guild, &key, &one).await, [0; 5], "HEAD");
    for (path, expected) in [(".json", [0, 0, 0, 1, 0]), (".png", [0, 0, 0, 2, 0]), ("/badge.svg", [0, 0, 0, 2, 1])] {
        let first = guild.test.http.get(format!("{url}{path}")).send().await.expect("answered");
        let tag = first.headers()["etag"].clone();
        for _ in 0..2 {
            let again = guild.test.http.get(format!("{url}{path}")).header("if-none-match", &tag);
            assert_eq!(again.send().await.expect("answered").status(), 304, "{path}");
        }
        assert_eq!(written(&guild, &key, &one).await, expected, "304 of {path}");
    }
    assert_eq!(stranger(&guild, &format!("/c/{}.exe", one.share_id), "*/*").await.0, 404);
    assert_eq!(stranger(&guild, &format!("/c/{}", one.share_id), "text/csv").await.0, 406);
    assert_eq!(written(&guild, &key, &one).await, [0, 0, 0, 2, 1]);
}

async fn holders_own_looks_are_none(store: Store) {
    let guild = Guild::start(store).await;
    let (holder, one) = shown(&guild).await;
    let other = Holder::of(&guild, "kaede@members.example").await;
    let key = guild.test.api_key(Role::Auditor).await;
    let at = format!("/c/{}", one.share_id);
    for path in [at.clone(), format!("{at}.json"), format!("{at}.json"), format!("/embed/{}", one.share_id)] {
        assert_eq!(holder.get(&path).await.0, 200, "{path}");
    }
    assert_eq!(holder.get(&format!("/me/credentials/{}/files/pdf", one.id)).await.0, 200);
    assert_eq!(holder.get(&format!("/verify?q={}{at}", guild.test.base)).await.0, 200);
    assert_eq!(written(&guild, &key, &one).await, [0; 5]);
    for path in [at.clone(), format!("{at}.json")] {
        assert_eq!(other.get(&path).await.0, 200, "{path}");
    }
    assert_eq!(written(&guild, &key, &one).await, [1, 0, 0, 1, 0], "another member is like anybody");
}

async fn whoever_asks_over_and_over_moves_no_figure(store: Store) {
    let guild = Guild::start(store).await;
    let (holder, one) = shown(&guild).await;
    let two = holder.earns(2).await;
    holder.shows(&two, Visibility::Link).await;
    let key = guild.test.api_key(Role::Auditor).await;
    let forged = format!("/c/{}.jwt?for=verification", one.share_id);
    for _ in 0..62 {
        assert_eq!(stranger(&guild, &forged, "*/*").await.0, 200, "it is answered all the same");
    }
    assert_eq!(written(&guild, &key, &one).await, [0, 60, 0, 0, 0]);
    // Nor by another way of asking, from the same address.
    let url = format!("{}/c/{}", guild.test.base, one.share_id);
    for path in [format!("/c/{}", one.share_id), format!("/embed/{}", one.share_id), format!("/verify?q={url}")] {
        assert_eq!(stranger(&guild, &path, "text/html").await.0, 200, "{path}");
    }
    let api = guild.test.http.post(guild.test.url("/api/v1/verifications")).json(&json!({"url": url}));
    assert_eq!(api.send().await.expect("answered").status(), 200);
    assert_eq!(written(&guild, &key, &one).await, [0, 60, 0, 0, 0]);
    assert_eq!(stranger(&guild, &format!("/c/{}.json", two.share_id), "*/*").await.0, 200);
    assert_eq!(written(&guild, &key, &two).await, [0, 0, 0, 1, 0], "another credential is not concerned");
    guild.test.clock.advance(Duration::minutes(1));
    assert_eq!(stranger(&guild, &forged, "*/*").await.0, 200);
    assert_eq!(written(&guild, &key, &one).await, [0, 61, 0, 0, 0]);
}

async fn two_processes_add_up_and_nothing_is_written_twice(store: Store) {
    let guild = Guild::start(store).await;
    let (_, one) = shown(&guild).await;
    let key = guild.test.api_key(Role::Auditor).await;
    let config = guild.test.app.config.clone();
    let entropy = Arc::new(SeededEntropy::new(b"another process"));
    let db = Database::open(&config.database.url, guild.test.clock.clone(), entropy).await.expect("the store opens");
    let other = App::new(db, config).expect("the capabilities are there");
    let subject = impact::subject(&one);
    for app in [&guild.test.app, &other, &other] {
        impact::count(app, &subject, impact::What::View, None);
    }
    impact::flush(&other).await.expect("written");
    impact::flush(&other).await.expect("nothing is left");
    assert_eq!(written(&guild, &key, &one).await, [3, 0, 0, 0, 0]);
    assert_eq!(guild.test.count("SELECT COUNT(*) FROM daily_count").await, 1, "one row a day, credential and kind");
}

async fn what_cannot_be_written_waits(store: Store) {
    let guild = Guild::start(store).await;
    let (_, one) = shown(&guild).await;
    let key = guild.test.api_key(Role::Auditor).await;
    impact::count(&guild.test.app, &impact::subject(&one), impact::What::View, None);
    guild.test.run_sql("ALTER TABLE daily_count RENAME TO elsewhere").await;
    assert!(impact::flush(&guild.test.app).await.is_err());
    guild.test.run_sql("ALTER TABLE elsewhere RENAME TO daily_count").await;
    assert_eq!(written(&guild, &key, &one).await, [1, 0, 0, 0, 0]);
}

async fn the_worker_writes_them_down(store: Store) {
    let guild = Guild::start(store).await;
    let (_, one) = shown(&guild).await;
    let key = guild.test.api_key(Role::Auditor).await;
    impact::count(&guild.test.app, &impact::subject(&one), impact::What::View, None);
    // One that is told to stop looks after the rooms once, and ends.
    let (_stop, stopped) = tokio::sync::watch::channel(true);
    waymark::worker::run(guild.test.app.clone(), stopped).await;
    assert_eq!(totals(&guild, &key, &format!("/api/v1/credentials/{}/counts", one.id)).await, [1, 0, 0, 0, 0]);
}

async fn while_private_the_figures_are_the_holders(store: Store) {
    let guild = Guild::start(store).await;
    let (holder, one) = shown(&guild).await;
    let key = guild.test.api_key(Role::Auditor).await;
    let at = format!("/c/{}", one.share_id);
    stranger(&guild, &at, "text/html").await;
    let call = json!({"credential": serde_json::from_str::<Value>(&guild.signed(&one).await.0).expect("JSON")});
    holder.shows(&one, Visibility::Private).await;
    assert_eq!(
        stranger(&guild, &at, "text/html").await.0,
        404,
        "what is private answers like nothing, and counts as nothing"
    );
    assert_eq!(stranger(&guild, &format!("{at}.json"), "*/*").await.0, 404);
    let api = guild.test.http.post(guild.test.url("/api/v1/verifications")).json(&call);
    assert_eq!(api.send().await.expect("answered").json::<Value>().await.expect("JSON")["state"], "valid");
    assert_eq!(written(&guild, &key, &one).await, [1, 0, 0, 0, 0], "to staff");
    assert_eq!(totals(&guild, &key, "/api/v1/tracks/foundations/counts").await, [1, 0, 0, 0, 0]);
    let (status, own) = holder.get(&format!("/api/v1/credentials/{}/counts", one.id)).await;
    let own: Value = serde_json::from_str(&own).expect("JSON");
    assert_eq!(
        (status, &own["totals"]["view"], &own["totals"]["verify"]),
        (200, &json!(1), &json!(1)),
        "to the holder"
    );
    // What was counted keeps its standing, whatever becomes of the credential.
    holder.shows(&one, Visibility::Public).await;
    assert_eq!(written(&guild, &key, &one).await, [1, 0, 0, 0, 0]);
}

async fn a_list_counts_each_credential_once(store: Store) {
    let guild = Guild::start(store).await;
    let (_, one) = shown(&guild).await;
    let key = guild.test.api_key(Role::Auditor).await;
    let url = guild.test.url(&format!("/c/{}", one.share_id));
    let rows = json!({"rows": [{"url": url}, {"url": url.to_uppercase()}, {"url": format!("{url}0")}]});
    let api = guild.test.http.post(guild.test.url("/api/v1/verifications/batch")).json(&rows);
    assert_eq!(api.send().await.expect("answered").status(), 200);
    assert_eq!(written(&guild, &key, &one).await, [0, 1, 0, 0, 0]);
    for (form, expected) in [("", 2), ("csv", 2), ("json", 2), ("page", 2)] {
        let list = reqwest::multipart::Form::new().text("text", url.clone()).text("form", form);
        let page = guild.test.http.post(guild.test.url("/verify/batch")).multipart(list);
        assert_eq!(page.send().await.expect("answered").status(), 200, "{form}");
        assert_eq!(written(&guild, &key, &one).await, [0, expected, 0, 0, 0], "the same list in another form: {form}");
    }
}

async fn linkedin_is_reached_through_our_own_address(store: Store) {
    let guild = Guild::start(store).await;
    let (holder, one) = shown(&guild).await;
    let other = Holder::of(&guild, "kaede@members.example").await;
    let key = guild.test.api_key(Role::Auditor).await;
    let path = format!("/me/credentials/{}/linkedin", one.id);
    assert!(holder.page(&format!("/me/credentials/{}", one.id)).await.contains(&path));
    let to = async |holder: &Holder<'_>, path: &str| {
        let (status, location) = holder.led(path).await;
        (status, location.split('?').next().unwrap_or_default().to_owned())
    };
    let form = (303, "https://www.linkedin.com/profile/add".to_owned());
    assert_eq!(to(&holder, &format!("{path}?url=https://evil.example/&next=//evil.example")).await, form);
    assert_eq!(to(&holder, &path).await, form);
    assert_eq!(written(&guild, &key, &one).await, [0, 0, 2, 0, 0]);
    assert_eq!(to(&other, &path).await.0, 404);
    holder.shows(&one, Visibility::Private).await;
    assert_eq!(
        to(&holder, &path).await,
        (303, format!("/me/credentials/{}", one.id)),
        "nobody could open what is linked"
    );
    assert_eq!(written(&guild, &key, &one).await, [0, 0, 2, 0, 0]);
}

async fn days_are_those_of_utc_and_asked_for_strictly(store: Store) {
    let guild = Guild::start(store).await;
    let (_, one) = shown(&guild).await;
    let key = guild.test.api_key(Role::Auditor).await;
    let subject = impact::subject(&one);
    // It is 2026-11-21T09:00Z.
    for hours in [14, 1, 24] {
        impact::count(&guild.test.app, &subject, impact::What::View, None);
        guild.test.clock.advance(Duration::hours(hours));
    }
    impact::flush(&guild.test.app).await.expect("written");
    let path = format!("/api/v1/credentials/{}/counts", one.id);
    let (_, body) = guild.get(&key, &path).await;
    assert_eq!((&body["from"], &body["to"]), (&json!("2026-10-25"), &json!("2026-11-23")));
    let days: Vec<(&str, u64)> = body["days"]
        .as_array()
        .expect("days")
        .iter()
        .map(|day| (day["day"].as_str().expect("a day"), day["view"].as_u64().expect("a number")))
        .collect();
    assert_eq!(days, [("2026-11-21", 2), ("2026-11-22", 1)]);
    let (_, body) = guild.get(&key, &format!("{path}?from=2026-11-22&to=2026-11-22")).await;
    assert_eq!(body["totals"]["view"], 1);
    for (query, pointer) in [
        ("from=22.11.2026", "/from"),
        ("to=2026-02-30", "/to"),
        ("from=2026-11-23&to=2026-11-22", "/from"),
        ("from=2020-01-01", "/from"),
    ] {
        let (status, problem) = guild.get(&key, &format!("{path}?{query}")).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{query}: {problem}");
    }
}

async fn staff_see_tracks_and_the_holder_sees_their_own(store: Store) {
    let guild = Guild::start(store).await;
    let (holder, one) = shown(&guild).await;
    let other = Holder::of(&guild, "kaede@members.example").await;
    let staff = Holder::of(&guild, "staff@members.example").await;
    staff.becomes(Role::Issuer).await;
    for _ in 0..7 {
        impact::count(&guild.test.app, &impact::subject(&one), impact::What::Embed, None);
    }
    impact::flush(&guild.test.app).await.expect("written");
    let path = format!("/api/v1/credentials/{}/counts", one.id);
    assert_eq!((holder.get(&path).await.0, other.get(&path).await.0), (200, 404));
    for (path, member) in
        [("/api/v1/tracks/foundations/counts", 403), ("/admin/counts", 403), ("/admin/counts/foundations", 403)]
    {
        assert_eq!((holder.get(path).await.0, staff.get(path).await.0), (member, 200), "{path}");
    }
    assert_eq!(staff.get("/admin/counts/nothing").await.0, 404);
    for language in ["en", "ja"] {
        let list = staff.page(&format!("/admin/counts?lang={language}")).await;
        assert!(list.contains("/admin/counts/foundations") && list.contains(">7<"), "{list}");
        for days in ["30", "90", "365", "7"] {
            let page = staff.page(&format!("/admin/counts/foundations?days={days}&lang={language}")).await;
            assert_eq!(page.matches("<svg viewBox").count(), 5, "a plot for each kind");
            assert_eq!(page.matches("<rect").count(), 1, "one day, one kind");
            assert!(page.contains("<td class=\"num\">7</td>"), "and the table beneath: {page}");
        }
        let own = holder.page(&format!("/me/credentials/{}?lang={language}", one.id)).await;
        assert!(own.contains("<rect") && own.contains("plot__total num\">7<"), "{own}");
    }
    let empty = Guild::start(store).await;
    let staff = Holder::of(&empty, "staff@members.example").await;
    staff.becomes(Role::Issuer).await;
    assert!(staff.page("/admin/counts/foundations").await.contains("class=\"empty\""));
}
