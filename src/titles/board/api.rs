//! `GET /api/v1/tracks/{slug}/board`: the board as data, for anyone.

use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};

use super::season::Season;
use super::service::{Placed, has_board, page};
use crate::access::Public;
use crate::app::App;
use crate::clock::{Timestamp, rfc3339};
use crate::error::{Error, Fault, Result};
use crate::issuer;
use crate::tracks::{self, TrackVersion};

/// Seasons that are listed.
const SEASONS: usize = 40;
/// No board has more pages.
const LAST_PAGE: u64 = 1_000_000;

/// The board of one season.
pub(super) struct Board {
    pub track: TrackVersion,
    pub season: Season,
    pub span: (Timestamp, Timestamp),
    /// Every season since the track was first published, this one first.
    pub seasons: Vec<Season>,
    pub rows: Vec<Placed>,
    pub number: u64,
    pub more: bool,
}

/// Which season, and which page of it; the running season and its first page where nothing is said.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    pub(super) season: Option<String>,
    pub(super) cursor: Option<u64>,
}

/// The board that is asked for; a track without one, and a season before the track or after today, does not exist.
pub(super) async fn board(app: &App, slug: &str, asked: &Asked) -> Result<Board> {
    let db = app.db.read();
    let track = tracks::by_slug(db, slug).await?.filter(has_board).ok_or_else(Error::not_found)?;
    let zone = issuer::zone(db).await?;
    let today = Season::of(&zone, app.db.now());
    let first = tracks::versions(db, track.track).await?.last().map_or(today, |v| Season::of(&zone, v.published_at));
    let season = match asked.season.as_deref() {
        Some(text) => Season::parse(text).filter(|s| (first..=today).contains(s)).ok_or_else(Error::not_found)?,
        None => today,
    };
    let span = season.span(&zone).ok_or_else(Error::not_found)?;
    let number = asked.cursor.unwrap_or(1).checked_sub(1).ok_or_else(|| {
        Error::invalid(vec![Fault::new("/cursor", "invalid_cursor", "take `next_cursor` of the page before")])
    })?;
    // What is beyond the last page is empty, however far: the neighbours of the page are counted from it.
    let number = number.min(LAST_PAGE);
    let (rows, more) = page(db, track.track, season, number).await?;
    Ok(Board { track, season, span, seasons: today.back_to(first, SEASONS), rows, number, more })
}

#[derive(Serialize)]
struct Row {
    place: u64,
    name: String,
    count: u32,
}

#[derive(Serialize)]
struct BoardBody {
    track: String,
    season: String,
    from: String,
    until: String,
    seasons: Vec<String>,
    data: Vec<Row>,
    next_cursor: Option<String>,
    has_more: bool,
}

/// `GET /api/v1/tracks/{slug}/board?season=2026-q4`.
pub async fn read_board(
    _: Public,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse> {
    let board = board(&app, &slug, &asked).await?;
    let row = |placed: Placed| Row { place: placed.place, name: placed.name, count: placed.count };
    Ok(axum::Json(BoardBody {
        track: slug,
        season: board.season.to_string(),
        from: rfc3339(board.span.0),
        until: rfc3339(board.span.1),
        seasons: board.seasons.iter().map(ToString::to_string).collect(),
        data: board.rows.into_iter().map(row).collect(),
        next_cursor: board.more.then(|| (board.number + 2).to_string()),
        has_more: board.more,
    }))
}
