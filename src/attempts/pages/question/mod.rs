//! One question a page: shown, answered, flagged.

mod fields;
mod posted;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use waymark_assess::Mistake;
use waymark_assess::attempt::{Refused, Save};
use waymark_assess::form::Position;
use waymark_assess::response::Response as Answer;

pub(in crate::attempts) use self::fields::tenths;
use self::fields::{Drawn, Fields};
use self::posted::AnswerForm;
use super::clock::Clock;
use super::{cell_label, cell_shape, title, zone};
use crate::access::{Candidate, Posted};
use crate::app::App;
use crate::attempts::answering;
use crate::attempts::api::{attempt_id, position_number};
use crate::attempts::closing::look;
use crate::attempts::lease::{Message, messages_of};
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
    progress: Vec<Progress>,
    clock: Clock,
    /// Mistakes in what was posted.
    faults: Vec<String>,
    /// What was posted while another window had stored something else, line by line.
    conflict: Option<Vec<String>>,
    /// What staff said and the candidate has not read yet.
    messages: Vec<Message>,
    position: u32,
    /// The address of this page.
    here: String,
}

impl PositionPage {
    fn is_first(&self) -> bool {
        self.item.view.position == 1
    }

    fn is_last(&self) -> bool {
        usize::try_from(self.item.view.position) == Ok(self.progress.len())
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

    fn label_of(&self, p: &Progress) -> String {
        cell_label(self.shell.w, p)
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
    let attempt = look(&app, id, who.member).await?;
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
    let op: String = entropy::bytes::<12>(app.db.entropy.as_ref()).iter().map(|b| format!("{b:02x}")).collect();
    Ok(PositionPage {
        shell: who.shell(),
        attempt: attempt.id,
        title: title(&exam, words),
        fields: fields::of(&item.view, &item.response),
        was: posted::was(&item.response),
        op: format!("form-{op}"),
        clock: Clock::of(attempt, &progress, app.db.now(), &zone(app).await?),
        item,
        progress,
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
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// `POST /exam/{attempt}/{position}`: saves what changed, then goes where the pressed button says.
pub async fn answer(
    who: Candidate,
    State(app): State<App>,
    Path((id, position)): Path<(String, String)>,
    headers: HeaderMap,
    Posted(fields): Posted<Vec<(String, String)>>,
) -> Result<Response> {
    let form = AnswerForm::read(fields)?;
    let (id, position) = (attempt_id(&id)?, position_number(&position)?);
    let attempt = look(&app, id, who.member).await?;
    if attempt.life.at_work(app.db.now()).is_err() {
        return Ok(see_other(&format!("/exam/{id}/result")));
    }
    if let Some(page) = seb::gate(&app, &who, &headers, &attempt).await? {
        return Ok(page);
    }
    let whole = service::form(app.db.read(), id).await?;
    let at = whole.position(position).ok_or_else(crate::error::Error::not_found)?;
    if let Some(refused) = save_form(&who, &app, id, at, &form).await? {
        return not_saved(&who, &app, &attempt, at, &form, refused).await;
    }
    if let "flag" | "unflag" = form.go.as_str() {
        let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
        answering::flag(&mut ch, id, who.member, position, form.go == "flag")
            .await?
            .map_err(|refused| views::refused(refused, None, who.visitor.words))?;
        ch.commit().await?;
    }
    let course = service::course(app.db.read(), &attempt).await?;
    let next = position.saturating_add(1);
    let goes_on = whole.position(next).is_some() && attempt.life.show(&course, next, app.db.now()).is_ok();
    Ok(see_other(&match form.go.as_str() {
        "back" => format!("/exam/{id}/{}", position.saturating_sub(1).max(1)),
        "flag" | "unflag" | "stay" => format!("/exam/{id}/{position}"),
        "review" => format!("/exam/{id}/review"),
        // At the end of the exam, and of a section that others follow.
        "next" | "" if !goes_on => format!("/exam/{id}/review"),
        "next" | "" => format!("/exam/{id}/{next}"),
        other => format!("/exam/{id}/{}", position_number(other)?),
    }))
}

/// Saves a posted answer, if it says something else than the page did when it was made. What another window has stored
/// alike is as good as saved.
async fn save_form(
    who: &Candidate,
    app: &App,
    id: AttemptId,
    at: &Position,
    form: &AnswerForm,
) -> Result<Option<Refused>> {
    let response = match form.response(at) {
        Err(mistakes) => return Ok(Some(Refused::Response(mistakes))),
        Ok(None) => return Ok(None),
        Ok(Some(response)) => response,
    };
    let posted = Answer::check(&response, at);
    if posted.is_ok() && posted == Answer::check(&form.was(), at) {
        return Ok(None);
    }
    let save = Save { position: at.number, response, revision: form.revision, client_op_id: form.op.clone() };
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let refused = match answering::save(&mut ch, id, who.member, &save).await? {
        Ok(_) => {
            ch.commit().await?;
            return Ok(None);
        }
        Err(refused) => refused,
    };
    ch.undo().await?;
    Ok(match refused {
        Refused::Stale { stored, .. } if posted.as_ref() == Ok(&stored.response) => None,
        other => Some(other),
    })
}

/// The question again, saying what kept the answer from being saved; nothing that was answered is lost.
async fn not_saved(
    who: &Candidate,
    app: &App,
    attempt: &Attempt,
    at: &Position,
    form: &AnswerForm,
    refused: Refused,
) -> Result<Response> {
    let words = who.visitor.words;
    let sent = form.shown(at);
    match refused {
        Refused::Closed(_) | Refused::Late(_) => {
            look(app, attempt.id, who.member).await?;
            Ok(see_other(&format!("/exam/{}/result", attempt.id)))
        }
        Refused::Stale { .. } => {
            let mut page = position_page(who, app, attempt, at.number).await?;
            page.conflict = Some(fields::told(&page.item.view, &sent));
            Ok((StatusCode::CONFLICT, Page(page)).into_response())
        }
        Refused::Response(mistakes) => {
            let mut page = position_page(who, app, attempt, at.number).await?;
            page.faults = mistakes.iter().map(|m| fault(m, &page.fields, words.lang())).collect();
            page.fields = fields::of(&page.item.view, &sent);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        other => Err(views::refused(other, Some(&sent), words)),
    }
}

/// The sentence for a person, with the number of the gap that it is about.
fn fault(mistake: &Mistake, fields: &Fields, lang: &str) -> String {
    let told = mistake.message_in(lang).to_owned();
    let Fields::Gaps { pieces, .. } = fields else { return told };
    let gaps = pieces.iter().filter_map(|piece| piece.gap.as_ref());
    match gaps.into_iter().find(|gap| mistake.pointer == format!("/{}", gap.handle)) {
        Some(gap) => format!("({}) {told}", gap.number),
        None => told,
    }
}
