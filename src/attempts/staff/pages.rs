//! `/admin/exams/{slug}/candidates`: who sits the exam, and the steps of staff.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use waymark_assess::attempt::Attempt as Life;

use super::steps::{LONGEST_REASON, StaffStep, take};
use crate::access::{GuideAttempts, MakeVouchers, May, Permission, Posted, ReadMembers, WatchAttempts};
use crate::app::App;
use crate::attempts::in_path::attempt_id;
use crate::attempts::pages::{title, zone};
use crate::attempts::service::{Attempt, at_exam};
use crate::attempts::views;
use crate::database::Kind;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Error, Result};
use crate::exams;
use crate::members;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;

struct Line {
    attempt: String,
    name: String,
    /// Where the visitor may see members.
    member: Option<String>,
    ordinal: u32,
    state: String,
    open: bool,
    paused: bool,
    voided: bool,
    /// While it is open and a clock runs.
    minutes_left: Option<i64>,
    started: String,
    notices: Vec<String>,
}

#[derive(Template)]
#[template(path = "attempts/candidates.html")]
struct CandidatesPage {
    shell: Shell,
    slug: String,
    title: String,
    lines: Vec<Line>,
    next: Option<String>,
    may_guide: bool,
    may_make_vouchers: bool,
    longest_reason: usize,
    done: bool,
}

const ON_A_PAGE: u64 = 50;

#[derive(Deserialize)]
pub struct Done {
    #[serde(default)]
    done: Option<String>,
}

/// `GET /admin/exams/{slug}/candidates`.
pub async fn candidates_page(
    staff: May<WatchAttempts>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(page): Query<PageQuery>,
    Query(done): Query<Done>,
) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let before = page.cursor.as_deref().map(attempt_id).transpose()?;
    let found = at_exam(app.db.read(), exam.id, before, ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, ON_A_PAGE, |attempt| attempt.id.to_string());
    let (zone, sees) = (zone(&app).await?, staff.principal.holds(ReadMembers::ROLES));
    let mut lines = vec![];
    for attempt in &listed.data {
        lines.push(line(&app, (&shell, &zone), attempt, sees, exam.spec.sitting.untimed).await?);
    }
    Ok(Page(CandidatesPage {
        title: title(&exam, shell.w),
        next: listed.next_cursor.map(|cursor| format!("/admin/exams/{slug}/candidates?cursor={cursor}")),
        may_guide: staff.principal.holds(GuideAttempts::ROLES),
        may_make_vouchers: staff.principal.holds(MakeVouchers::ROLES),
        longest_reason: LONGEST_REASON,
        done: done.done.is_some(),
        lines,
        slug,
        shell,
    }))
}

async fn line(app: &App, (shell, zone): (&Shell, &Zone), attempt: &Attempt, sees: bool, untimed: bool) -> Result<Line> {
    let now = app.db.now();
    let member = members::find(app.db.read(), attempt.member).await?;
    let state = attempt.life.state(now);
    let paused = !attempt.life.is_closed() && attempt.life.sitting().is_some_and(|s| s.paused(now).is_some());
    let word = if paused { "paused" } else { state.as_str() };
    Ok(Line {
        attempt: attempt.id.to_string(),
        member: sees.then(|| member.id.to_string()),
        name: member.name,
        ordinal: attempt.ordinal,
        state: shell.w.t(&format!("candidates-state-{}", word.replace('_', "-"))),
        open: !attempt.life.is_closed(),
        paused,
        voided: matches!(attempt.life, Life::Voided(_)),
        minutes_left: (!attempt.life.is_closed() && !untimed).then(|| attempt.life.remaining(now).whole_minutes()),
        started: attempt.life.sitting().map(|s| zone.instant(shell.w, s.started_at)).unwrap_or_default(),
        notices: attempt.notices.iter().map(|notice| views::notice_words(shell.w, zone, notice)).collect(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepForm {
    step: String,
    reason: String,
    #[serde(default)]
    minutes: String,
}

/// `POST /admin/exams/{slug}/candidates/{attempt}`: one step, with its reason.
pub async fn candidates_post(
    staff: May<GuideAttempts>,
    State(app): State<App>,
    Path((slug, attempt)): Path<(String, String)>,
    Posted(form): Posted<StepForm>,
) -> Result<Response> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let id = attempt_id(&attempt)?;
    // What is no number is refused as one that does not fit.
    let minutes =
        Some(form.minutes.trim()).filter(|text| !text.is_empty()).map(|text| text.parse().unwrap_or_default());
    let step = StaffStep::parse(&form.step, minutes)?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let attempt = take(&mut ch, id, step, &form.reason)
        .await?
        .map_err(|refused| views::refused(refused, None, staff.visitor.words))?;
    if attempt.exam != exam.id {
        return Err(Error::not_found());
    }
    ch.commit().await?;
    Ok(see_other(&format!("/admin/exams/{slug}/candidates?done={}", step.as_str())))
}
