//! What staff set up before an exam: windows with their rosters.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::changing::{may_cancel, may_change};
use super::window_form::{WindowForm, Wrong};
use super::windows::{self, NewWindow, Window, open_window, see_identity};
use crate::access::{May, Posted, ScheduleExams};
use crate::app::App;
use crate::attempts::pages::{title, zone};
use crate::attempts::wording::{Person, person};
use crate::clock::Timestamp;
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::exams::{self, Exam};
use crate::ids::{ExamWindowId, MemberId};
use crate::members;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;

pub(super) async fn exam_of(app: &App, slug: &str) -> Result<Exam> {
    exams::find(app.db.read(), slug).await?.ok_or_else(Error::not_found)
}

struct WindowRow {
    id: String,
    name: String,
    from: String,
    to: String,
    seats: Option<u64>,
    taken: u64,
    cuts: bool,
    /// Since when it is called off, and why.
    cancelled: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "attempts/windows.html")]
struct WindowsPage {
    shell: Shell,
    slug: String,
    title: String,
    rows: Vec<WindowRow>,
    /// What was written, where it did not fit.
    form: WindowForm,
    wrong: Wrong,
}

async fn row(app: &App, words: Words, zone: &Zone, window: Window) -> Result<WindowRow> {
    Ok(WindowRow {
        id: window.id.to_string(),
        from: zone.instant(words, window.opens_at),
        to: zone.instant(words, window.closes_at),
        seats: window.seats,
        taken: windows::count(app.db.read(), window.id).await?,
        cuts: window.cuts,
        cancelled: window.cancelled.map(|(at, reason)| (zone.instant(words, at), reason)),
        name: window.name,
    })
}

/// `GET /admin/exams/{slug}/windows`.
pub async fn windows_page(
    staff: May<ScheduleExams>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    let exam = exam_of(&app, &slug).await?;
    Ok(Page(planned(&app, staff.shell(), &exam, WindowForm::default(), Wrong::default()).await?))
}

async fn planned(app: &App, shell: Shell, exam: &Exam, form: WindowForm, wrong: Wrong) -> Result<WindowsPage> {
    let zone = zone(app).await?;
    let mut rows = vec![];
    // Since the beginning: staff look at those that are over or cancelled as well.
    for window in windows::with_cancelled(app.db.read(), exam.id, Timestamp::UNIX_EPOCH).await? {
        rows.push(row(app, shell.w, &zone, window).await?);
    }
    Ok(WindowsPage { title: title(exam, shell.w), slug: exam.spec.slug.clone(), rows, form, wrong, shell })
}

/// `POST /admin/exams/{slug}/windows`.
pub async fn windows_post(
    staff: May<ScheduleExams>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(form): Posted<WindowForm>,
) -> Result<Response> {
    let (exam, zone) = (exam_of(&app, &slug).await?, zone(&app).await?);
    match plan_window(&app, &staff, &exam, form.clone().window(&zone)).await {
        Ok(id) => Ok(see_other(&format!("/admin/windows/{id}"))),
        Err(e) if e.code() == Code::ValidationFailed => {
            let wrong = Wrong::of(staff.visitor.words, &e);
            let page = planned(&app, staff.shell(), &exam, form, wrong).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(e) => Err(e),
    }
}

async fn plan_window(
    app: &App,
    staff: &May<ScheduleExams>,
    exam: &Exam,
    new: Result<NewWindow>,
) -> Result<ExamWindowId> {
    let new = new?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let id = open_window(&mut ch, exam.id, new).await?;
    ch.commit().await?;
    Ok(id)
}

struct SeatRow {
    member: String,
    name: String,
    registered: String,
    /// When staff saw their papers, and who did.
    seen: Option<(String, Person)>,
    /// Whether it is the reader's own: somebody else sees their papers.
    own: bool,
}

#[derive(Template)]
#[template(path = "attempts/window.html")]
struct WindowPage {
    shell: Shell,
    slug: String,
    title: String,
    window: WindowRow,
    identity: bool,
    start_code: Option<String>,
    seats: Vec<SeatRow>,
    /// Whether it may still be changed; whether it may be cancelled.
    may_change: bool,
    may_cancel: bool,
    /// What was done just now.
    done: Option<String>,
}

#[derive(Deserialize)]
pub struct DoneQuery {
    #[serde(default)]
    done: Option<String>,
}

/// The window with its exam.
pub(super) async fn window_of(app: &App, id: &str) -> Result<(Window, Exam)> {
    let window = windows::find(app.db.read(), id.parse().map_err(|_| Error::not_found())?).await?;
    let listed = exams::list(app.db.read()).await?;
    let exam = listed.into_iter().find(|exam| exam.id == window.exam).ok_or_else(Error::not_found)?;
    Ok((window, exam))
}

/// `GET /admin/windows/{id}`: the room: who has a seat, whose papers were seen, and what to say when it begins.
pub async fn window_page(
    staff: May<ScheduleExams>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(DoneQuery { done }): Query<DoneQuery>,
) -> Result<impl IntoResponse> {
    let (shell, zone) = (staff.shell(), zone(&app).await?);
    let (window, exam) = window_of(&app, &id).await?;
    let (id, now) = (window.id, app.db.now());
    let mut seats = vec![];
    for seat in windows::roster(app.db.read(), id).await? {
        let member = members::find(app.db.read(), seat.member).await?;
        let seen = match seat.identity_seen_at {
            Some(at) => {
                let by = seat.identity_seen_by.as_deref().unwrap_or_default();
                Some((zone.clock(at), person(app.db.read(), shell.w, by).await?))
            }
            None => None,
        };
        seats.push(SeatRow {
            member: member.id.to_string(),
            name: member.name,
            registered: zone.instant(shell.w, seat.registered_at),
            own: staff.principal.member() == Some(member.id),
            seen,
        });
    }
    Ok(Page(WindowPage {
        title: title(&exam, shell.w),
        slug: exam.spec.slug,
        identity: window.identity,
        start_code: window.start_code.clone(),
        may_change: may_change(&window, now),
        may_cancel: may_cancel(app.db.read(), &window, now).await?,
        done: done.filter(|done| match done.as_str() {
            "change" => window.cancelled.is_none(),
            "cancel" => window.cancelled.is_some(),
            _ => false,
        }),
        window: row(&app, shell.w, &zone, window).await?,
        seats,
        shell,
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenForm {
    member: String,
}

/// `POST /admin/windows/{id}`: the papers of this person were seen.
pub async fn identity_post(
    staff: May<ScheduleExams>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<SeenForm>,
) -> Result<Response> {
    let id: ExamWindowId = id.parse().map_err(|_| Error::not_found())?;
    let member: MemberId = form.member.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    see_identity(&mut ch, id, member).await?;
    ch.commit().await?;
    Ok(see_other(&format!("/admin/windows/{id}")))
}
