//! While the clock stands: why, until when, and what was saved. And the candidate's own moves by form posts.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use waymark_assess::attempt::PauseKind;

use super::{title, zone};
use crate::access::{Candidate, Posted};
use crate::app::App;
use crate::attempts::api::moved;
use crate::attempts::in_path::attempt_id;
use crate::attempts::lease::{Message, Writer, epoch_of, messages_of};
use crate::attempts::service::{Attempt, find};
use crate::attempts::{seb, views};
use crate::error::Result;
use crate::exams;
use crate::ids::AttemptId;
use crate::web::page::{Page, Shell, see_other};

#[derive(Template)]
#[template(path = "attempts/pause.html")]
struct PausePage {
    shell: Shell,
    attempt: AttemptId,
    title: String,
    voided: bool,
    staff: bool,
    until: Option<String>,
    /// None without a clock.
    minutes_left: Option<i64>,
    notices: Vec<String>,
    /// What staff said and the candidate has not read yet.
    messages: Vec<Message>,
    /// No question.
    position: u32,
    /// The epoch of the lease that this page is made under.
    lease: u64,
}

pub(super) async fn standing(who: &Candidate, app: &App, attempt: &Attempt) -> Result<Response> {
    let (shell, zone, now) = (who.shell(), zone(app).await?, app.db.now());
    let exam = exams::by_id(app.db.read(), attempt.exam, attempt.exam_version).await?;
    let pause = attempt.life.sitting().and_then(|sitting| sitting.paused(now));
    let page = PausePage {
        attempt: attempt.id,
        title: title(&exam, shell.w),
        voided: attempt.life.is_closed(),
        staff: pause.is_some_and(|pause| pause.kind == PauseKind::Staff),
        until: pause.and_then(|pause| pause.ends()).map(|at| zone.clock(at)),
        minutes_left: (!exam.spec.sitting.untimed).then(|| attempt.life.remaining(now).whole_minutes()),
        notices: attempt.notices.iter().map(|notice| views::notice_words(shell.w, &zone, notice)).collect(),
        messages: messages_of(app.db.read(), attempt.id, true).await?,
        position: 0,
        lease: epoch_of(app.db.read(), attempt.id).await?,
        shell,
    };
    Ok(Page(page).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveForm {
    /// The section that stood open when the page was made.
    #[serde(default)]
    section: Option<String>,
    #[serde(default)]
    lease: Option<u64>,
}

/// `POST /exam/{attempt}/moves/{step}`: leaves the section, takes a break or ends it. Pressed twice, or as the time was up, it leads to what stands open.
pub async fn move_post(
    who: Candidate,
    State(app): State<App>,
    Path((id, step)): Path<(String, String)>,
    headers: HeaderMap,
    Posted(form): Posted<MoveForm>,
) -> Result<Response> {
    let id = attempt_id(&id)?;
    let attempt = find(app.db.read(), id, who.member).await?;
    if let Some(page) = seb::gate(&app, &who, &headers, &attempt).await? {
        return Ok(page);
    }
    moved(&who, &app, id, &step, form.section.as_deref(), Writer::posting(form.lease)).await?;
    Ok(see_other(&format!("/exam/{id}")))
}
