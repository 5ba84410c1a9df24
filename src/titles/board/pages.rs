//! `/p/{slug}/board`, for anyone; `/me/boards`, where a member says on which boards they stand.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::api::{Asked, board};
use super::season::Season;
use super::service::{self, has_board, joined};
use crate::access::{Posted, Public, SignedIn};
use crate::app::App;
use crate::database::Kind;
use crate::error::{Error, Result};
use crate::issuer;
use crate::tracks;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

struct Line {
    place: u64,
    name: String,
    count: u32,
    /// Whether it is whoever looks.
    own: bool,
}

struct Choice {
    season: String,
    word: String,
    shown: bool,
}

#[derive(Template)]
#[template(path = "titles/board.html")]
struct BoardPage {
    shell: Shell,
    slug: String,
    title: String,
    season: String,
    word: String,
    span: String,
    /// Whether it is still counted.
    running: bool,
    rows: Vec<Line>,
    seasons: Vec<Choice>,
    previous: Option<u64>,
    next: Option<u64>,
}

fn season_word(w: Words, season: Season) -> String {
    w.with2("board-season", "year", season.year.to_string(), "quarter", u32::from(season.quarter.unsigned_abs()))
}

/// `GET /p/{slug}/board`.
pub async fn board_page(
    visitor: Public,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse> {
    let shell = visitor.shell();
    let w = shell.w;
    let board = board(&app, &slug, &asked).await?;
    let zone = issuer::zone(app.db.read()).await?;
    let last = board.span.1 - time::Duration::milliseconds(1);
    let looks = visitor.principal.member();
    let choice = |season: &Season| Choice {
        season: season.to_string(),
        word: season_word(w, *season),
        shown: *season == board.season,
    };
    Ok(Page(BoardPage {
        title: w.pick(&board.track.definition.title).to_owned(),
        word: season_word(w, board.season),
        span: w.with2("titles-span", "from", zone.date(w, board.span.0), "to", zone.date(w, last)),
        running: app.db.now() < board.span.1,
        seasons: board.seasons.iter().map(choice).collect(),
        rows: board
            .rows
            .iter()
            .map(|row| Line {
                place: row.place,
                name: row.name.clone(),
                count: row.count,
                own: looks == Some(row.member),
            })
            .collect(),
        previous: (board.number > 0).then_some(board.number),
        next: board.more.then(|| board.number + 2),
        season: board.season.to_string(),
        slug,
        shell,
    }))
}

struct Mine {
    slug: String,
    title: String,
    stands: bool,
}

#[derive(Template)]
#[template(path = "titles/boards.html")]
struct BoardsPage {
    shell: Shell,
    rows: Vec<Mine>,
    done: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// `GET /me/boards`.
pub async fn boards_page(me: SignedIn, State(app): State<App>, Query(done): Query<Done>) -> Result<impl IntoResponse> {
    let shell = me.shell();
    let w = shell.w;
    let stands = joined(app.db.read(), me.member).await?;
    let tracks = tracks::current(app.db.read()).await?.into_iter().filter(has_board);
    let rows = tracks.map(|version| Mine {
        title: w.pick(&version.definition.title).to_owned(),
        stands: stands.contains(&version.track),
        slug: version.definition.slug,
    });
    let done = ["join", "leave"].contains(&&*done.done).then(|| w.t(&format!("board-done-{}", done.done)));
    Ok(Page(BoardsPage { rows: rows.collect(), done, shell }))
}

#[derive(Debug, Deserialize)]
pub struct BoardForm {
    track: String,
    step: String,
}

/// `POST /me/boards`: the member alone decides to be seen there.
pub async fn boards_post(
    me: SignedIn,
    State(app): State<App>,
    Posted(form): Posted<BoardForm>,
) -> Result<impl IntoResponse> {
    let member = me.principal.in_person(app.config.demo)?;
    let track = tracks::by_slug(app.db.read(), &form.track).await?.ok_or_else(Error::not_found)?;
    let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
    match form.step.as_str() {
        "join" => service::join(&mut ch, member, &track).await?,
        "leave" => service::leave(&mut ch, member, track.track).await?,
        _ => return Err(Error::not_found()),
    };
    ch.commit().await?;
    Ok(see_other(&format!("/me/boards?done={}", form.step)))
}
