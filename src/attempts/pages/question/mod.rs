//! One question a page: shown, answered, flagged.

mod fields;
mod post;
mod posted;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use waymark_assess::candidate::shown::Drawn;

use self::fields::Fields;
pub use self::post::answer;
use super::clock::Clock;
use super::parts::Parts;
use super::{cell_label, cell_shape, title, zone};
use crate::access::Candidate;
use crate::app::App;
use crate::attempts::answering;
use crate::attempts::closing::look;
use crate::attempts::in_path::{attempt_id, position_number};
use crate::attempts::lease::{Message, epoch_of, messages_of};
use crate::attempts::seb;
use crate::attempts::service::{self, Attempt};
use crate::attempts::views::{self, ItemBody, Progress};
use crate::database::Kind;
use crate::entropy;
use crate::error::Result;
use crate::exams;
use crate::ids::AttemptId;
use crate::web::page::{Page, Shell, see_other};

/// The header of a request that looks ahead.
const AHEAD: &str = "x-waymark-ahead";

#[derive(Template)]
#[template(path = "attempts/position.html")]
struct PositionPage {
    shell: Shell,
    attempt: AttemptId,
    title: String,
    item: ItemBody,
    fields: Fields,
    was: String,
    op: String,
    /// The epoch of the lease that this page is made under.
    lease: u64,
    progress: Vec<Progress>,
    parts: Parts,
    clock: Clock,
    /// Mistakes in what was posted.
    faults: Vec<String>,
    conflict: Option<Conflict>,
    /// What staff said and the candidate has not read yet.
    messages: Vec<Message>,
    position: u32,
    /// The address of this page.
    here: String,
}

/// What was posted and not stored, line by line.
struct Conflict {
    mine: Vec<String>,
    /// Whether another window holds the lease; else it stored another answer.
    lost: bool,
}

impl PositionPage {
    /// Whether there is nothing before it that can be opened.
    fn is_first(&self) -> bool {
        !self.parts.is_open(self.position.saturating_sub(1))
    }

    /// Whether there is nothing after it that can be opened.
    fn is_last(&self) -> bool {
        !self.parts.is_open(self.position.saturating_add(1))
    }

    /// What the question asks one to do.
    fn instruction(&self) -> String {
        let w = self.shell.w;
        let (min, max) = (self.item.view.min_choices, self.item.view.max_choices);
        match &self.fields {
            Fields::Choice { multiple, .. } | Fields::Hotspot { multiple, .. } => match (multiple, min == max) {
                (false, _) => w.t("player-choose-one"),
                (true, true) => w.with1("player-choose-exactly", "count", max),
                (true, false) => w.t("player-choose-any"),
            },
            Fields::Order { rows } => w.with1("player-order", "count", rows.len()),
            Fields::Match { several: false, .. } => w.t("player-match-one"),
            Fields::Match { .. } => w.t("player-match-any"),
            Fields::Line(typed) if typed.numeric => w.t("player-type-number"),
            Fields::Line(typed) => w.with1("player-type-text", "count", typed.max_length),
            Fields::Essay(typed) => w.with1("player-write", "count", typed.max_length),
            Fields::Gaps { pool, reuse, .. } => match (pool.is_empty(), reuse) {
                (true, _) => w.t("player-fill"),
                (false, true) => w.t("player-fill-reuse"),
                (false, false) => w.t("player-fill-once"),
            },
            Fields::Upload { kinds, megabytes, .. } => {
                w.with2("player-upload", "kinds", kinds.as_str(), "megabytes", megabytes.as_str())
            }
        }
    }

    /// Whether its question can be opened now.
    fn is_open(&self, p: &Progress) -> bool {
        self.parts.is_open(p.position)
    }

    fn label_of(&self, p: &Progress) -> String {
        cell_label(self.shell.w, p, self.is_open(p))
    }

    fn shape_of(&self, p: &Progress) -> &'static str {
        cell_shape(p)
    }
}

/// `GET /exam/{attempt}/{position}`: one question.
pub async fn position(
    who: Candidate,
    State(app): State<App>,
    Path((id, position)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    let (id, position) = (attempt_id(&id)?, position_number(&position)?);
    let mut attempt = look(&app, id, who.member).await?;
    if attempt.life.at_work(app.db.now()).is_err() {
        return Ok(see_other(&format!("/exam/{id}/result")));
    }
    if let Some(page) = seb::gate(&app, &who, &headers, &attempt).await? {
        return Ok(page);
    }
    let words = who.visitor.words;
    // A player that fetches the next questions for a connection that may break has not shown them yet.
    let ahead = headers.contains_key(AHEAD);
    if !ahead && !answering::answer_at(app.db.read(), id, position).await?.seen {
        let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
        answering::see(&mut ch, id, who.member, position)
            .await?
            .map_err(|refused| views::refused(refused, None, words))?;
        ch.commit().await?;
        // In a linear section the next question is open from now on, and the page says so.
        attempt = look(&app, id, who.member).await?;
    }
    let page = position_page(&who, &app, &attempt, position).await?;
    Ok(Page(page).into_response())
}

async fn position_page(who: &Candidate, app: &App, attempt: &Attempt, position: u32) -> Result<PositionPage> {
    let words = who.visitor.words;
    let answer = answering::answer_at(app.db.read(), attempt.id, position).await?;
    let item = views::item(app.db.read(), attempt.id, position, &answer, words).await?;
    let exam = exams::by_id(app.db.read(), attempt.exam, attempt.exam_version).await?;
    let progress = views::progress(app.db.read(), attempt.id).await?;
    let course = service::course_of(&exam, &service::form(app.db.read(), attempt.id).await?);
    let parts = Parts::of(words, &exam, attempt, &course, &progress, (position, app.db.now()));
    let op: String = entropy::bytes::<12>(app.db.entropy.as_ref()).iter().map(|b| format!("{b:02x}")).collect();
    Ok(PositionPage {
        shell: who.shell(),
        attempt: attempt.id,
        title: title(&exam, words),
        fields: fields::of(&item.view, &item.response),
        was: posted::was(&item.response),
        op: format!("form-{op}"),
        clock: Clock::of(attempt, &exam, &progress, app.db.now(), &zone(app).await?),
        lease: epoch_of(app.db.read(), attempt.id).await?,
        item,
        progress,
        parts,
        faults: vec![],
        conflict: None,
        messages: messages_of(app.db.read(), attempt.id, true).await?,
        here: format!("/exam/{}/{position}", attempt.id),
        position,
    })
}

/// The question again, saying what kept a file from being taken.
pub(in crate::attempts) async fn question_with_fault(
    who: &Candidate,
    app: &App,
    attempt: &Attempt,
    position: u32,
    fault: String,
) -> Result<Response> {
    let mut page = position_page(who, app, attempt, position).await?;
    page.faults = vec![fault];
    page.clock.refused = true;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// The question again, where another window writes since this one was loaded: what it sent was not stored.
pub(in crate::attempts) async fn question_while_another_writes(
    who: &Candidate,
    app: &App,
    attempt: &Attempt,
    position: u32,
) -> Result<Response> {
    let mut page = position_page(who, app, attempt, position).await?;
    page.conflict = Some(Conflict { mine: vec![], lost: true });
    Ok((StatusCode::CONFLICT, Page(page)).into_response())
}
