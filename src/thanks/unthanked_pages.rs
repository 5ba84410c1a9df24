//! `/admin/thanks/unthanked`: who gave much in a month and was not thanked, as a page and as a table.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;

use super::calendar::Month;
use super::unthanked::{MUCH, NAMED, unthanked};
use crate::access::{GiveThanks, May, Permission as _, WatchThanks};
use crate::app::App;
use crate::error::{Error, Result};
use crate::issuer;
use crate::web::page::{Page, Shell};
use crate::web::table::csv;

struct Line {
    id: String,
    name: String,
    contributions: u64,
    latest: String,
}

#[derive(Template)]
#[template(path = "thanks/unthanked.html")]
struct UnthankedPage {
    shell: Shell,
    month: String,
    before: String,
    /// The month after, where it has begun.
    after: Option<String>,
    first: String,
    last: String,
    much: u64,
    named: usize,
    may_give: bool,
    rows: Vec<Line>,
}

#[derive(Deserialize)]
pub struct UnthankedQuery {
    /// `2026-11`; the one that runs where nothing is said.
    #[serde(default)]
    month: Option<String>,
}

/// The month that is asked for; none that lies ahead.
fn asked(query: &UnthankedQuery, running: Month) -> Result<Month> {
    let month = query.month.as_deref().map_or(Some(running), Month::parse);
    month.filter(|month| *month <= running).ok_or_else(Error::not_found)
}

/// `GET /admin/thanks/unthanked`.
pub async fn unthanked_page(
    may: May<WatchThanks>,
    State(app): State<App>,
    Query(query): Query<UnthankedQuery>,
) -> Result<impl IntoResponse> {
    let (shell, db) = (may.shell(), app.db.read());
    let zone = issuer::zone(db).await?;
    let running = Month::of(&zone, app.db.now());
    let month = asked(&query, running)?;
    let span = month.span(&zone)?;
    let rows = unthanked(db, month).await?.into_iter().map(|row| Line {
        id: row.member.to_string(),
        name: row.name,
        contributions: row.contributions,
        latest: zone.date(shell.w, row.latest),
    });
    Ok(Page(UnthankedPage {
        rows: rows.collect(),
        month: month.to_string(),
        before: month.before().to_string(),
        after: (month < running).then(|| month.after().to_string()),
        first: zone.date(shell.w, span.first),
        last: zone.date(shell.w, span.last),
        much: MUCH,
        named: NAMED,
        may_give: may.principal.holds(GiveThanks::ROLES),
        shell,
    }))
}

/// `GET /admin/thanks/unthanked.csv`.
pub async fn unthanked_csv(
    may: May<WatchThanks>,
    State(app): State<App>,
    Query(query): Query<UnthankedQuery>,
) -> Result<impl IntoResponse> {
    let (w, db) = (may.shell().w, app.db.read());
    let zone = issuer::zone(db).await?;
    let month = asked(&query, Month::of(&zone, app.db.now()))?;
    let head = ["unthanked-name", "unthanked-id", "unthanked-count", "unthanked-latest"].map(|key| w.t(key));
    let mut table = vec![head];
    for row in unthanked(db, month).await? {
        let latest = zone.date(w, row.latest);
        table.push([row.name, row.member.to_string(), row.contributions.to_string(), latest]);
    }
    let bytes = csv(table.iter().map(|row| row.iter().map(String::as_str)))?;
    let named = format!("attachment; filename=\"unthanked-{month}.csv\"");
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, named)];
    Ok((headers, bytes))
}
