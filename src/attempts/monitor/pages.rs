//! `/admin/exams/{slug}/live`: the table of who sits the exam.

use askama::Template;
use axum::Json as Answered;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde_json::json;
use waymark_assess::attempt::{Closing, State as Standing};

use super::rows::{Known, Watched, watched};
use crate::access::{May, WatchAttempts};
use crate::app::App;
use crate::attempts::pages::{title, zone};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::exams::{self, Exam};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell};
use crate::web::zone::Zone;

/// In whose language and zone the rows are written.
pub(super) struct Reader {
    pub words: Words,
    pub zone: Zone,
}

impl Reader {
    pub async fn of(staff: &May<WatchAttempts>, app: &App) -> Result<Self> {
        Ok(Self { words: staff.visitor.words, zone: zone(app).await? })
    }
}

/// A row as it is read.
struct Line {
    attempt: String,
    name: String,
    ordinal: u32,
    state: String,
    open: bool,
    quiet: bool,
    progress: String,
    deadline: String,
    contact: String,
    saved: String,
    lag: String,
    unsent: u32,
    focus_lost: u32,
    late: u32,
}

#[derive(Template)]
#[template(path = "attempts/_live_rows.html")]
struct Body<'r> {
    w: Words,
    rows: &'r [Line],
}

#[derive(Template)]
#[template(path = "attempts/live.html")]
struct LivePage {
    shell: Shell,
    slug: String,
    title: String,
    /// The body of the table.
    body: String,
    any: bool,
    now: String,
    zone: String,
}

/// The word for where an attempt stands.
pub(super) fn state_word(words: Words, state: Standing, how: Option<Closing>, paused: bool) -> String {
    if paused {
        return words.t("live-state-paused");
    }
    let state = match how {
        Some(Closing::Ended) => Standing::Ended,
        Some(Closing::Expired) => Standing::Expired,
        _ => state,
    };
    words.t(&format!("live-state-{}", state.as_str().replace('_', "-")))
}

fn line(row: Watched, reader: &Reader, now: Timestamp) -> Line {
    let clock = |at: Option<Timestamp>| at.map_or_else(|| "–".to_owned(), |at| reader.zone.clock(at));
    Line {
        open: row.is_open(),
        quiet: row.is_quiet(now),
        state: state_word(reader.words, row.state, row.how, row.paused),
        progress: reader.words.with2("live-progress", "answered", row.answered, "count", row.positions),
        deadline: clock(row.deadline),
        contact: clock(row.contact_at),
        saved: clock(row.last_saved),
        lag: row.lag_ms.map_or_else(|| "–".to_owned(), |ms| format!("{ms} ms")),
        attempt: row.attempt.to_string(),
        name: row.name,
        ordinal: row.ordinal,
        unsent: row.unsent,
        focus_lost: row.focus_lost,
        late: row.late,
    }
}

/// The body of the table as it stands.
pub(super) async fn body(app: &App, exam: &Exam, reader: &Reader, known: &mut Known) -> Result<String> {
    let now = app.db.now();
    let rows = watched(app.db.read(), exam, now, known).await?;
    let rows: Vec<Line> = rows.into_iter().map(|row| line(row, reader, now)).collect();
    Body { w: reader.words, rows: &rows }.render().map_err(Error::internal)
}

/// `GET /admin/exams/{slug}/live`.
pub async fn live_page(
    staff: May<WatchAttempts>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let reader = Reader::of(&staff, &app).await?;
    let body = body(&app, &exam, &reader, &mut Known::default()).await?;
    let shell = staff.shell();
    Ok(Page(LivePage {
        title: title(&exam, shell.w),
        any: body.contains("<tr"),
        now: reader.zone.clock(app.db.now()),
        zone: reader.zone.name().to_owned(),
        slug,
        body,
        shell,
    }))
}

/// `GET /api/v1/exams/{slug}/live` → `{data: [{attempt, member, state, answered, positions, contact_at, lag_ms, …}]}`.
pub async fn live_rows(
    _: May<WatchAttempts>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let now = app.db.now();
    let rows = watched(app.db.read(), &exam, now, &mut Known::default()).await?;
    let data: Vec<_> = rows.iter().map(|row| row.to_value(now)).collect();
    Ok(Answered(json!({"data": data, "next_cursor": null, "has_more": false})))
}
