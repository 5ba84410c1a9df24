//! `/admin/marking`: the queue, one sheet, and the file that was handed in.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use waymark_assess::Rational;

use super::{LONGEST_NOTE, count_waiting, file, give, marking_id, sheet, waiting};
use crate::access::{MarkResponses, May, Posted};
use crate::app::App;
use crate::attempts::pages::{title, zone};
use crate::attempts::wording::{Person, person, points};
use crate::database::Kind;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::MarkingId;
use crate::web::page::{Page, Shell, see_other};

struct QueueLine {
    id: MarkingId,
    exam: String,
    since: String,
}

#[derive(Template)]
#[template(path = "attempts/markings.html")]
struct QueuePage {
    shell: Shell,
    rows: Vec<QueueLine>,
    waiting: u64,
    next: Option<String>,
    done: bool,
}

const ON_A_PAGE: u64 = 50;

/// `GET /admin/marking`: what waits, the longest waiting first.
pub async fn markings_page(
    may: May<MarkResponses>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
    Query(done): Query<std::collections::BTreeMap<String, String>>,
) -> Result<impl IntoResponse> {
    let shell = may.shell();
    let after = page.cursor.as_deref().map(marking_id).transpose()?;
    let found = waiting(app.db.read(), after, ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, ON_A_PAGE, |row| row.id.to_string());
    let zone = zone(&app).await?;
    let mut rows = vec![];
    for row in listed.data {
        let sheet = sheet(app.db.read(), row.id).await?;
        let since = zone.instant(shell.w, row.since);
        rows.push(QueueLine { id: row.id, exam: title(&sheet.exam, shell.w), since });
    }
    Ok(Page(QueuePage {
        waiting: count_waiting(app.db.read()).await?,
        next: listed.next_cursor.map(|cursor| format!("/admin/marking?cursor={cursor}")),
        done: done.contains_key("done"),
        rows,
        shell,
    }))
}

struct Line {
    number: usize,
    text: String,
    most: u32,
    /// As posted, or as marked.
    given: String,
}

#[derive(Template)]
#[template(path = "attempts/marking.html")]
struct SheetPage {
    shell: Shell,
    id: MarkingId,
    exam: String,
    since: String,
    /// Safe HTML.
    stem: String,
    stimulus: Option<String>,
    /// What was written; None where a file was handed in.
    written: Option<String>,
    lines: Vec<Line>,
    note: String,
    longest_note: usize,
    /// Who marked it, and when.
    marked: Option<(Person, String)>,
    faults: Vec<String>,
}

async fn sheet_page(may: &May<MarkResponses>, app: &App, id: MarkingId) -> Result<SheetPage> {
    let shell = may.shell();
    let sheet = sheet(app.db.read(), id).await?;
    let (content, lang) = (sheet.version.content(), shell.w.lang());
    let given = |n: usize| sheet.marking.points.as_ref()?.get(n).map(|given| points(shell.w, *given));
    let zone = zone(app).await?;
    let marked = match &sheet.marking.marked {
        Some((by, at)) => Some((person(app.db.read(), shell.w, by).await?, zone.instant(shell.w, *at))),
        None => None,
    };
    let lines = sheet.rubric()?.criteria.iter().enumerate().map(|(n, line)| Line {
        number: n + 1,
        text: line.text.pick(lang).1.to_owned(),
        most: line.points,
        given: given(n).unwrap_or_default(),
    });
    Ok(SheetPage {
        lines: lines.collect(),
        id,
        exam: title(&sheet.exam, shell.w),
        since: zone.instant(shell.w, sheet.marking.since),
        stem: waymark_assess::candidate::to_html(content.stem.pick(lang).1),
        stimulus: content.stimulus.as_ref().map(|s| waymark_assess::candidate::to_html(s.text.pick(lang).1)),
        written: sheet.response.as_str().map(str::to_owned),
        note: sheet.marking.note.clone().unwrap_or_default(),
        longest_note: LONGEST_NOTE,
        marked,
        faults: vec![],
        shell,
    })
}

/// `GET /admin/marking/{id}`: question, rubric and answer, and not whose it is.
pub async fn marking_page(may: May<MarkResponses>, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    Ok(Page(sheet_page(&may, &app, marking_id(&id)?).await?).into_response())
}

/// `POST /admin/marking/{id}`: gives the mark.
pub async fn mark_page(
    may: May<MarkResponses>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(fields): Posted<Vec<(String, String)>>,
) -> Result<Response> {
    let id = marking_id(&id)?;
    let (mut points, mut note) = (vec![], String::new());
    for (name, value) in fields {
        match name.as_str() {
            "points" => points.push(value),
            "note" => note = value,
            _ => return Err(Error::invalid(vec![Fault::new("", "invalid_form", "a field here is unknown")])),
        }
    }
    let read: std::result::Result<Vec<Rational>, _> = points.iter().map(|text| text.trim().parse()).collect();
    let note_given = Some(note.trim()).filter(|note| !note.is_empty());
    let given = match read {
        Err(_) => Err(Error::invalid(vec![])),
        Ok(points) => {
            let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
            match give(&mut ch, id, &points, note_given).await {
                Ok(_) => ch.commit().await,
                Err(refused) => {
                    ch.undo().await?;
                    Err(refused)
                }
            }
        }
    };
    match given {
        Ok(()) => Ok(see_other("/admin/marking?done=1")),
        Err(e) if e.code() == Code::ValidationFailed => {
            let mut page = sheet_page(&may, &app, id).await?;
            page.faults = vec![page.shell.w.t("marking-points-wrong")];
            for (line, posted) in page.lines.iter_mut().zip(points) {
                line.given = posted;
            }
            page.note = note;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(other) => Err(other),
    }
}

/// `GET /admin/marking/{id}/file`: the file that was handed in, to be saved and never shown in the browser.
pub async fn marked_file(_: May<MarkResponses>, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let file = file(app.db.read(), marking_id(&id)?).await?;
    let disposition = format!("attachment; filename=\"{}\"", file.name);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(Error::internal)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, file.bytes).into_response())
}
