//! An answer posted by form: saved, or shown again with what kept it from being saved.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use waymark_assess::Mistake;
use waymark_assess::attempt::{Refused, Save};
use waymark_assess::form::Position;
use waymark_assess::response::Response as Answer;

use super::fields::{self, Fields};
use super::posted::AnswerForm;
use super::{Conflict, position_page};
use crate::access::{Candidate, Posted};
use crate::app::App;
use crate::attempts::closing::look;
use crate::attempts::in_path::{attempt_id, position_number};
use crate::attempts::lease::{Writer, hold, is_over, note_lost};
use crate::attempts::saving::{self, Outcome, Saving};
use crate::attempts::service::{self, Attempt};
use crate::attempts::{answering, seb, views};
use crate::database::Kind;
use crate::error::Result;
use crate::ids::AttemptId;
use crate::web::page::{Page, see_other};

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
    let writer = Writer::posting(form.lease);
    if let Some(why) = save_form(&who, &app, id, at, &form).await? {
        return not_saved(&who, &app, &attempt, at, &form, why).await;
    }
    if let "flag" | "unflag" = form.go.as_str() {
        let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
        let flagged = answering::flag(&mut ch, id, who.member, position, form.go == "flag").await?;
        if !is_over(&flagged) && hold(&ch, id, writer).await?.is_err() {
            ch.undo().await?;
            return not_saved(&who, &app, &attempt, at, &form, NotSaved::Lost).await;
        }
        flagged.map_err(|refused| views::refused(refused, None, who.visitor.words))?;
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

/// Why a posted answer was not saved.
enum NotSaved {
    Refused(Refused),
    /// Another window writes.
    Lost,
}

/// Saves a posted answer, if it says something else than the page did when it was made. What another window has stored
/// alike is as good as saved.
async fn save_form(
    who: &Candidate,
    app: &App,
    id: AttemptId,
    at: &Position,
    form: &AnswerForm,
) -> Result<Option<NotSaved>> {
    let response = match form.response(at) {
        Err(mistakes) => return Ok(Some(NotSaved::Refused(Refused::Response(mistakes)))),
        Ok(None) => return Ok(None),
        Ok(Some(response)) => response,
    };
    let posted = Answer::check(&response, at);
    if posted.is_ok() && posted == Answer::check(&form.was(), at) {
        return Ok(None);
    }
    let save = Save { position: at.number, response, revision: form.revision, client_op_id: form.op.clone() };
    let writer = Writer::posting(form.lease);
    let outcome = saving::save(app, Saving { attempt: id, member: who.member, save, writer }).await?;
    Ok(match outcome {
        // A form that a nervous hand sends twice has nothing left to save.
        Outcome::Taken(_) => None,
        Outcome::Lost(_) => {
            note_lost(app, who, id, writer.epoch()).await?;
            Some(NotSaved::Lost)
        }
        Outcome::Refused(Refused::Stale { stored, .. }) if posted.as_ref() == Ok(&stored.response) => None,
        Outcome::Refused(other) => Some(NotSaved::Refused(other)),
    })
}

/// The question again, saying what kept the answer from being saved; nothing that was answered is lost.
async fn not_saved(
    who: &Candidate,
    app: &App,
    attempt: &Attempt,
    at: &Position,
    form: &AnswerForm,
    why: NotSaved,
) -> Result<Response> {
    let words = who.visitor.words;
    let sent = form.shown(at);
    let refused = match why {
        NotSaved::Lost => {
            let mut page = position_page(who, app, attempt, at.number).await?;
            page.conflict = Some(Conflict { mine: fields::told(&page.item.view, &sent), lost: true });
            return Ok((StatusCode::CONFLICT, Page(page)).into_response());
        }
        NotSaved::Refused(refused) => refused,
    };
    match refused {
        Refused::Closed(_) | Refused::Late(_) => {
            look(app, attempt.id, who.member).await?;
            Ok(see_other(&format!("/exam/{}/result", attempt.id)))
        }
        Refused::Stale { .. } => {
            let mut page = position_page(who, app, attempt, at.number).await?;
            page.conflict = Some(Conflict { mine: fields::told(&page.item.view, &sent), lost: false });
            Ok((StatusCode::CONFLICT, Page(page)).into_response())
        }
        Refused::Response(mistakes) => {
            let mut page = position_page(who, app, attempt, at.number).await?;
            page.faults = mistakes.iter().map(|m| fault(m, &page.fields, words.lang())).collect();
            page.fields = fields::of(&page.item.view, &sent);
            page.clock.refused = true;
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
