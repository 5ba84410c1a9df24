//! Before handing in: what is unanswered and flagged, and the button that says what it does.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use waymark_assess::attempt::Sitting;

use super::clock::Clock;
use super::{cell_label, cell_shape, title, zone};
use crate::access::{Candidate, Posted};
use crate::app::App;
use crate::attempts::api::attempt_id;
use crate::attempts::closing::{self, look};
use crate::attempts::lease::{Message, messages_of};
use crate::attempts::service;
use crate::attempts::views::{self, Progress};
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
    progress: Vec<Progress>,
    clock: Clock,
    /// The name of the section that stands open, and whether another one follows.
    section: Option<(String, bool)>,
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
        cell_label(self.shell.w, p)
    }

    fn shape_of(&self, p: &Progress) -> &'static str {
        cell_shape(p)
    }
}

/// `GET /exam/{attempt}/review`: what is unanswered and flagged, and the button that hands in.
pub async fn review(who: Candidate, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let attempt = look(&app, attempt_id(&id)?, who.member).await?;
    if attempt.life.at_work(app.db.now()).is_err() {
        return Ok(see_other(&format!("/exam/{}/result", attempt.id)));
    }
    let exam = exams::by_id(app.db.read(), attempt.exam, attempt.exam_version).await?;
    let progress = views::progress(app.db.read(), attempt.id).await?;
    let sitting = attempt.life.sitting();
    let form = service::form(app.db.read(), attempt.id).await?;
    let course = service::course_of(&exam, &form);
    let at = sitting.map_or(0, |sitting| sitting.place.at);
    let section = course.sections().get(at).map(|section| (section.name.clone(), course.after(at).is_some()));
    let page = ReviewPage {
        section,
        break_left: sitting.is_some_and(Sitting::may_rest),
        attempt: attempt.id,
        title: title(&exam, who.visitor.words),
        clock: Clock::of(&attempt, &progress, app.db.now(), &zone(&app).await?),
        progress,
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
