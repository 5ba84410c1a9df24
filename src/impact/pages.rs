//! `/admin/counts`: how often the credentials of a track are looked at, for staff.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::counting::What;
use super::day::start_of;
use super::plot::Plot;
use super::service::{self, Figures, Period};
use crate::access::{May, ReadCredentials};
use crate::app::App;
use crate::error::{Error, Result};
use crate::tracks;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell};
use crate::web::zone::Zone;

struct TrackLine {
    slug: String,
    title: String,
    /// As in [`What::ALL`].
    totals: [u64; 5],
}

#[derive(Template)]
#[template(path = "impact/tracks.html")]
struct TracksPage {
    shell: Shell,
    columns: Vec<String>,
    rows: Vec<TrackLine>,
}

#[derive(Template)]
#[template(path = "impact/track.html")]
struct TrackPage {
    shell: Shell,
    slug: String,
    title: String,
    /// The lengths that can be chosen, in days, and whether it is this one.
    lengths: Vec<(i32, String, bool)>,
    plots: Vec<Plot>,
    columns: Vec<String>,
    rows: Vec<(String, [u64; 5])>,
}

const LENGTHS: [i32; 3] = [Period::USUAL, 90, 365];

fn columns(words: Words) -> Vec<String> {
    What::ALL.iter().map(|what| words.t(&format!("counts-{}", what.as_str()))).collect()
}

/// `GET /admin/counts`: every track over the last days.
pub async fn counts_page(staff: May<ReadCredentials>, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let period = Period::last(Period::USUAL, app.db.now());
    let mut rows = vec![];
    for track in tracks::current(app.db.read()).await? {
        rows.push(TrackLine {
            totals: service::of_track(app.db.read(), track.track, period).await?.totals(),
            title: shell.w.pick(&track.definition.title).to_owned(),
            slug: track.definition.slug,
        });
    }
    Ok(Page(TracksPage { columns: columns(shell.w), rows, shell }))
}

#[derive(Debug, Default, Deserialize)]
pub struct Length {
    #[serde(default)]
    days: Option<i32>,
}

/// `GET /admin/counts/{slug}?days=30|90|365`.
pub async fn track_counts_page(
    staff: May<ReadCredentials>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(length): Query<Length>,
) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let track = tracks::by_slug(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let days = length.days.filter(|days| LENGTHS.contains(days)).unwrap_or(Period::USUAL);
    let figures = service::of_track(app.db.read(), track.track, Period::last(days, app.db.now())).await?;
    let choice = |of: i32| (of, shell.w.with1("counts-last-days", "n", of), of == days);
    Ok(Page(TrackPage {
        title: shell.w.pick(&track.definition.title).to_owned(),
        lengths: LENGTHS.into_iter().map(choice).collect(),
        plots: Plot::all(&figures, shell.w),
        columns: columns(shell.w),
        rows: rows(&figures, shell.w),
        slug,
        shell,
    }))
}

/// The days on which there was something, newest first.
fn rows(figures: &Figures, words: Words) -> Vec<(String, [u64; 5])> {
    figures.days.iter().rev().map(|(day, looks)| (Zone::utc().date(words, start_of(*day)), *looks)).collect()
}
