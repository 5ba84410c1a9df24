//! What staff do to a window after it was made: change it, or cancel it for a reason.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::changing::{cancel_window, change_window, may_cancel, may_change};
use super::staff_pages::window_of;
use super::window_form::{WindowForm, Wrong};
use super::windows::{self, NewWindow, Window};
use crate::access::{May, Posted, ScheduleExams};
use crate::app::App;
use crate::attempts::pages::{title, zone};
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::exams::Exam;
use crate::ids::ExamWindowId;
use crate::web::page::{Page, Shell, see_other};

#[derive(Template)]
#[template(path = "attempts/window_edit.html")]
struct EditPage {
    shell: Shell,
    id: String,
    slug: String,
    title: String,
    name: String,
    taken: u64,
    form: WindowForm,
    wrong: Wrong,
}

async fn edit_page(
    app: &App,
    shell: Shell,
    (window, exam): (Window, Exam),
    form: WindowForm,
    wrong: Wrong,
) -> Result<EditPage> {
    Ok(EditPage {
        id: window.id.to_string(),
        title: title(&exam, shell.w),
        slug: exam.spec.slug,
        taken: windows::count(app.db.read(), window.id).await?,
        name: window.name,
        form,
        wrong,
        shell,
    })
}

/// `GET /admin/windows/{id}/edit`.
pub async fn window_edit_page(
    staff: May<ScheduleExams>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let (window, exam) = window_of(&app, &id).await?;
    if !may_change(&window, app.db.now()) {
        return Err(Error::new(if window.cancelled.is_some() { Code::WindowCancelled } else { Code::WindowOpened }));
    }
    let form = WindowForm::of(&zone(&app).await?, &window);
    Ok(Page(edit_page(&app, staff.shell(), (window, exam), form, Wrong::default()).await?))
}

/// `POST /admin/windows/{id}/edit`.
pub async fn window_edit_post(
    staff: May<ScheduleExams>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<WindowForm>,
) -> Result<Response> {
    let (window, exam) = window_of(&app, &id).await?;
    let new = form.clone().instead_of(&zone(&app).await?, &window);
    match change(&app, &staff, window.id, new).await {
        Ok(()) => Ok(see_other(&format!("/admin/windows/{}?done=change", window.id))),
        Err(e) if e.code() == Code::ValidationFailed => {
            let wrong = Wrong::of(staff.visitor.words, &e);
            let page = edit_page(&app, staff.shell(), (window, exam), form, wrong).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(e) => Err(e),
    }
}

async fn change(app: &App, staff: &May<ScheduleExams>, id: ExamWindowId, new: Result<NewWindow>) -> Result<()> {
    let new = new?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    change_window(&mut ch, id, |_| new).await?;
    ch.commit().await
}

#[derive(Template)]
#[template(path = "attempts/window_cancel.html")]
struct CancelPage {
    shell: Shell,
    id: String,
    slug: String,
    title: String,
    name: String,
    from: String,
    to: String,
    taken: u64,
    reason: String,
    /// Whether the reason does not fit.
    wrong: bool,
}

async fn cancel_page(
    app: &App,
    shell: Shell,
    (window, exam): (Window, Exam),
    reason: String,
    wrong: bool,
) -> Result<CancelPage> {
    let zone = zone(app).await?;
    Ok(CancelPage {
        id: window.id.to_string(),
        title: title(&exam, shell.w),
        slug: exam.spec.slug,
        from: zone.instant(shell.w, window.opens_at),
        to: zone.instant(shell.w, window.closes_at),
        taken: windows::count(app.db.read(), window.id).await?,
        name: window.name,
        reason,
        wrong,
        shell,
    })
}

/// `GET /admin/windows/{id}/cancel`: what it means, and why.
pub async fn window_cancel_page(
    staff: May<ScheduleExams>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let (window, exam) = window_of(&app, &id).await?;
    let now = app.db.now();
    if !may_cancel(app.db.read(), &window, now).await? {
        return Err(Error::new(match &window.cancelled {
            Some(_) => Code::WindowCancelled,
            None if window.closes_at <= now => Code::WindowOver,
            None => Code::WindowInUse,
        }));
    }
    Ok(Page(cancel_page(&app, staff.shell(), (window, exam), String::new(), false).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelForm {
    reason: String,
}

/// `POST /admin/windows/{id}/cancel`.
pub async fn window_cancel_post(
    staff: May<ScheduleExams>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<CancelForm>,
) -> Result<Response> {
    let (window, exam) = window_of(&app, &id).await?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    match cancel_window(&mut ch, window.id, &form.reason).await {
        Ok(()) => {
            ch.commit().await?;
            Ok(see_other(&format!("/admin/windows/{}?done=cancel", window.id)))
        }
        Err(e) if e.code() == Code::ValidationFailed => {
            drop(ch);
            let page = cancel_page(&app, staff.shell(), (window, exam), form.reason, true).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(e) => Err(e),
    }
}
