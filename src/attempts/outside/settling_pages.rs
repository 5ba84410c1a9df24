//! `/admin/exams/{slug}/outside/settle`: what of the results from outside asks for a person, and what to do about each.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use waymark_assess::Rational;

use super::line::{Line, line};
use super::service::most_points;
use super::settling::{Correction, take_back, to_settle};
use crate::access::{May, Permission, Posted, ReadResults, SendResults};
use crate::app::App;
use crate::attempts::pages::{title, zone};
use crate::clock::Timestamp;
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::exams::{self, Exam};
use crate::ids::OutsideResultId;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;

/// A correction in words.
struct Corrected {
    now: Line,
    /// "26, passed → 20, not passed".
    was: String,
    is: String,
    received: String,
    todo: String,
    /// Whether a review is to be looked for.
    review: bool,
}

#[derive(Template)]
#[template(path = "attempts/settle.html")]
pub(super) struct SettlePage {
    shell: Shell,
    slug: String,
    title: String,
    unknown: Vec<Line>,
    doubles: Vec<[Line; 2]>,
    corrections: Vec<Corrected>,
    may_send: bool,
    done: Option<String>,
    unknown_member: bool,
    no_reason: bool,
}

impl SettlePage {
    pub(super) fn unknown_member(self) -> Self {
        Self { unknown_member: true, ..self }
    }
}

pub(super) async fn settling_page(app: &App, shell: Shell, exam: &Exam, may_send: bool) -> Result<SettlePage> {
    let (zone, w) = (zone(app).await?, shell.w);
    let most = most_points(app, exam).await?;
    let found = to_settle(app.db.read(), exam).await?;
    let lines = |row| line(w, &zone, row);
    Ok(SettlePage {
        slug: exam.spec.slug.clone(),
        title: title(exam, w),
        unknown: found.unknown.into_iter().map(lines).collect(),
        doubles: found.doubles.into_iter().map(|(one, other)| [lines(one), lines(other)]).collect(),
        corrections: found.corrections.into_iter().map(|both| corrected(w, &zone, exam, most, both)).collect(),
        may_send,
        done: None,
        unknown_member: false,
        no_reason: false,
        shell,
    })
}

fn corrected(w: Words, zone: &Zone, exam: &Exam, most: Rational, both: Correction) -> Corrected {
    let (passed, passes) = (both.before.passes(exam, most), both.now.passes(exam, most));
    let received: Timestamp = both.now.received_at;
    let (before, now) = (line(w, zone, both.before), line(w, zone, both.now));
    let told = |score: &str, passes: bool| {
        let verdict = if passes { "outside-passes" } else { "outside-fails" };
        w.with1(verdict, "score", score)
    };
    // Another member's, too: then the one before lost what counted for them.
    let moved = before.member != now.member;
    let todo = match (passed, passes) {
        _ if moved => "settle-moved",
        (true, false) => "settle-fell",
        (false, true) => "settle-rose",
        _ => "settle-same",
    };
    Corrected {
        was: told(&before.score, passed),
        is: told(&now.score, passes),
        received: zone.instant(w, received),
        todo: w.t(todo),
        review: passed && (moved || !passes),
        now,
    }
}

#[derive(Deserialize)]
pub struct Done {
    #[serde(default)]
    done: Option<String>,
}

/// `GET /admin/exams/{slug}/outside/settle`.
pub async fn settle_page(
    staff: May<ReadResults>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(done): Query<Done>,
) -> Result<impl IntoResponse> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let page = settling_page(&app, staff.shell(), &exam, staff.principal.holds(SendResults::ROLES)).await?;
    let done = match done.done.as_deref() {
        Some("member") => Some(page.shell.w.t("outside-done")),
        Some("back") => Some(page.shell.w.t("settle-taken-back")),
        _ => None,
    };
    Ok(Page(SettlePage { done, ..page }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeBackForm {
    reason: String,
}

/// `POST /admin/exams/{slug}/outside/{id}/take-back`: the result counts no more.
pub async fn take_back_post(
    staff: May<SendResults>,
    State(app): State<App>,
    Path((slug, id)): Path<(String, String)>,
    Posted(form): Posted<TakeBackForm>,
) -> Result<Response> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let id: OutsideResultId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    match take_back(&mut ch, &exam, id, &form.reason).await {
        Ok(()) => {
            ch.commit().await?;
            Ok(see_other(&format!("/admin/exams/{slug}/outside/settle?done=back")))
        }
        Err(e) if e.code() == Code::ValidationFailed => {
            ch.undo().await?;
            let page = settling_page(&app, staff.shell(), &exam, true).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(SettlePage { no_reason: true, ..page })).into_response())
        }
        Err(e) => Err(e),
    }
}
