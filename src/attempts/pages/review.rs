//! Before handing in: what is unanswered and flagged, and the button that says what it does.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use waymark_assess::attempt::Sitting;

use super::clock::Clock;
use super::parts::Parts;
use super::{cell_label, cell_shape, title, zone};
use crate::access::{Candidate, Posted};
use crate::app::App;
use crate::attempts::closing::{self, look};
use crate::attempts::in_path::attempt_id;
use crate::attempts::lease::{Message, epoch_of, messages_of};
use crate::attempts::views::{self, Progress};
use crate::attempts::{seb, service};
use crate::database::Kind;
use crate::error::Result;
use crate::exams;
use crate::ids::AttemptId;
use crate::web::page::{Page, Shell, see_other};

#[derive(Template)]
#[template(path = "attempts/review.html")]
struct ReviewPage {
    shell: Shell,
    attempt: AttemptId,
    title: String,
    /// All questions of the form.
    count: usize,
    /// Those that can be opened now: of a section that is closed or not opened yet there is none here.
    progress: Vec<Progress>,
    parts: Parts,
    /// The epoch of the lease that this page is made under.
    lease: u64,
    clock: Clock,
    /// Whether a break of those that are allowed is left.
    break_left: bool,
    messages: Vec<Message>,
    /// No question.
    position: u32,
    here: String,
}

impl ReviewPage {
    fn unanswered(&self) -> Vec<&Progress> {
        self.progress.iter().filter(|p| !p.answered).collect()
    }

    fn incomplete(&self) -> Vec<&Progress> {
        self.progress.iter().filter(|p| p.incomplete).collect()
    }

    fn flagged(&self) -> Vec<&Progress> {
        self.progress.iter().filter(|p| p.flagged).collect()
    }

    fn answered(&self) -> usize {
        self.progress.iter().filter(|p| p.answered && !p.incomplete).count()
    }

    fn label_of(&self, p: &Progress) -> String {
        cell_label(self.shell.w, p, true)
    }

    fn shape_of(&self, p: &Progress) -> &'static str {
        cell_shape(p)
    }
}

/// `GET /exam/{attempt}/review`: what is unanswered and flagged, and the button that hands in.
pub async fn review(
    who: Candidate,
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let attempt = look(&app, attempt_id(&id)?, who.member).await?;
    if attempt.life.at_work(app.db.now()).is_err() {
        return Ok(see_other(&format!("/exam/{}/result", attempt.id)));
    }
    if let Some(page) = seb::gate(&app, &who, &headers, &attempt).await? {
        return Ok(page);
    }
    let exam = exams::by_id(app.db.read(), attempt.exam, attempt.exam_version).await?;
    let (words, now) = (who.visitor.words, app.db.now());
    let all = views::progress(app.db.read(), attempt.id).await?;
    let form = service::form(app.db.read(), attempt.id).await?;
    let course = service::course_of(&exam, &form);
    let parts = Parts::of(words, &exam, &attempt, &course, &all, (0, now));
    let page = ReviewPage {
        break_left: attempt.life.sitting().is_some_and(Sitting::may_rest),
        attempt: attempt.id,
        title: title(&exam, words),
        clock: Clock::of(&attempt, &exam, &all, now, &zone(&app).await?),
        count: all.len(),
        progress: all.into_iter().filter(|p| parts.is_open(p.position)).collect(),
        parts,
        lease: epoch_of(app.db.read(), attempt.id).await?,
        messages: messages_of(app.db.read(), attempt.id, true).await?,
        position: 0,
        here: format!("/exam/{}/review", attempt.id),
        shell: who.shell(),
    };
    Ok(Page(page).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// `POST /exam/{attempt}/submit`: hands the attempt in.
pub async fn finish(
    who: Candidate,
    State(app): State<App>,
    Path(id): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response> {
    let id = attempt_id(&id)?;
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    closing::submit(&mut ch, id, who.member)
        .await?
        .map_err(|refused| views::refused(refused, None, who.visitor.words))?;
    ch.commit().await?;
    Ok(see_other(&format!("/exam/{id}/result")))
}
