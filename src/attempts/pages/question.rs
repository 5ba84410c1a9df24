//! One question a page: shown, answered, flagged.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use waymark_assess::attempt::{Refused, Save};
use waymark_assess::candidate::OptionView;
use waymark_assess::form::Handle;
use waymark_assess::item::ItemType;

use super::clock::Clock;
use super::{cell_label, cell_shape, title, zone};
use crate::access::{Candidate, Posted};
use crate::app::App;
use crate::attempts::answering;
use crate::attempts::api::{attempt_id, position_number};
use crate::attempts::closing::look;
use crate::attempts::service::{self, Attempt};
use crate::attempts::views::{self, ItemBody, Progress};
use crate::database::Kind;
use crate::entropy;
use crate::error::Result;
use crate::exams;
use crate::ids::AttemptId;
use crate::web::page::{Page, Shell, see_other};

#[derive(Template)]
#[template(path = "attempts/position.html")]
struct PositionPage {
    shell: Shell,
    attempt: AttemptId,
    title: String,
    item: ItemBody,
    multiple: bool,
    chosen: BTreeSet<String>,
    was: String,
    op: String,
    progress: Vec<Progress>,
    clock: Clock,
    /// Mistakes in what was posted.
    faults: Vec<String>,
    /// The options that were posted while another window had stored other ones.
    conflict: Option<Vec<OptionView>>,
}

impl PositionPage {
    fn is_chosen(&self, option: &OptionView) -> bool {
        self.chosen.contains(option.handle.as_str())
    }

    fn is_first(&self) -> bool {
        self.item.view.position == 1
    }

    fn is_last(&self) -> bool {
        usize::try_from(self.item.view.position) == Ok(self.progress.len())
    }

    /// How many options the question asks for.
    fn instruction(&self) -> String {
        let (min, max) = (self.item.view.min_choices, self.item.view.max_choices);
        match (self.multiple, min == max) {
            (false, _) => self.shell.w.t("player-choose-one"),
            (true, true) => self.shell.w.with1("player-choose-exactly", "count", max),
            (true, false) => self.shell.w.t("player-choose-any"),
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
) -> Result<Response> {
    let (id, position) = (attempt_id(&id)?, position_number(&position)?);
    let attempt = look(&app, id, who.member).await?;
    if attempt.life.at_work(app.db.now()).is_err() {
        return Ok(see_other(&format!("/exam/{id}/result")));
    }
    let words = who.visitor.words;
    if !answering::answer_at(app.db.read(), id, position).await?.seen {
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
    let handles: Vec<String> = answer.saved.response.handles().iter().map(ToString::to_string).collect();
    let op: String = entropy::bytes::<12>(app.db.entropy.as_ref()).iter().map(|b| format!("{b:02x}")).collect();
    Ok(PositionPage {
        shell: who.shell(),
        attempt: attempt.id,
        title: title(&exam, words),
        multiple: item.view.item_type == ItemType::MultipleChoice,
        was: handles.join(" "),
        chosen: handles.into_iter().collect(),
        op: format!("form-{op}"),
        clock: Clock::of(attempt, &progress, app.db.now(), &zone(app).await?),
        item,
        progress,
        faults: vec![],
        conflict: None,
    })
}

/// A posted question: what is chosen now, what was chosen when the page was made, and where to go.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerForm {
    #[serde(default)]
    choice: Vec<String>,
    #[serde(default)]
    was: String,
    revision: u64,
    op: String,
    #[serde(default)]
    go: String,
}

impl AnswerForm {
    fn is_unchanged(&self) -> bool {
        let now: BTreeSet<&str> = self.choice.iter().map(String::as_str).collect();
        now == self.was.split(' ').filter(|handle| !handle.is_empty()).collect()
    }
}

/// `POST /exam/{attempt}/{position}`: saves what changed, then goes where the pressed button says.
pub async fn answer(
    who: Candidate,
    State(app): State<App>,
    Path((id, position)): Path<(String, String)>,
    Posted(form): Posted<AnswerForm>,
) -> Result<Response> {
    let (id, position) = (attempt_id(&id)?, position_number(&position)?);
    let attempt = look(&app, id, who.member).await?;
    if attempt.life.at_work(app.db.now()).is_err() {
        return Ok(see_other(&format!("/exam/{id}/result")));
    }
    if !form.is_unchanged()
        && let Some(refused) = save_form(&who, &app, id, position, &form).await?
    {
        return not_saved(&who, &app, &attempt, position, &form, refused).await;
    }
    if let "flag" | "unflag" = form.go.as_str() {
        let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
        answering::flag(&mut ch, id, who.member, position, form.go == "flag")
            .await?
            .map_err(|refused| views::refused(refused, None, who.visitor.words))?;
        ch.commit().await?;
    }
    let positions = service::form(app.db.read(), id).await?.positions().len();
    let last = u32::try_from(positions).unwrap_or(u32::MAX);
    Ok(see_other(&match form.go.as_str() {
        "back" => format!("/exam/{id}/{}", position.saturating_sub(1).max(1)),
        "flag" | "unflag" | "stay" => format!("/exam/{id}/{position}"),
        "review" => format!("/exam/{id}/review"),
        "next" | "" if position >= last => format!("/exam/{id}/review"),
        "next" | "" => format!("/exam/{id}/{}", position + 1),
        other => format!("/exam/{id}/{}", position_number(other)?),
    }))
}

/// Saves a posted answer. What another window has stored with the same choice is as good as saved.
async fn save_form(
    who: &Candidate,
    app: &App,
    id: AttemptId,
    position: u32,
    form: &AnswerForm,
) -> Result<Option<Refused>> {
    let save = Save { position, response: json!(form.choice), revision: form.revision, client_op_id: form.op.clone() };
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let refused = match answering::save(&mut ch, id, who.member, &save).await? {
        Ok(_) => {
            ch.commit().await?;
            return Ok(None);
        }
        Err(refused) => refused,
    };
    ch.undo().await?;
    let posted: BTreeSet<&str> = form.choice.iter().map(String::as_str).collect();
    Ok(match refused {
        Refused::Stale { stored, .. }
            if stored.response.handles().iter().map(Handle::as_str).collect::<BTreeSet<_>>() == posted =>
        {
            None
        }
        other => Some(other),
    })
}

/// The question again, saying what kept the answer from being saved; nothing that was chosen is lost.
async fn not_saved(
    who: &Candidate,
    app: &App,
    attempt: &Attempt,
    position: u32,
    form: &AnswerForm,
    refused: Refused,
) -> Result<Response> {
    let words = who.visitor.words;
    let sent: Value = json!(form.choice);
    match refused {
        Refused::Closed(_) | Refused::Late(_) => {
            look(app, attempt.id, who.member).await?;
            Ok(see_other(&format!("/exam/{}/result", attempt.id)))
        }
        Refused::Stale { .. } => {
            let mut page = position_page(who, app, attempt, position).await?;
            let mine = |option: &&OptionView| form.choice.iter().any(|handle| handle == option.handle.as_str());
            page.conflict = Some(page.item.view.options.iter().filter(mine).cloned().collect());
            Ok((StatusCode::CONFLICT, Page(page)).into_response())
        }
        Refused::Response(mistakes) => {
            let mut page = position_page(who, app, attempt, position).await?;
            page.faults = mistakes.iter().map(|m| m.message_in(words.lang()).to_owned()).collect();
            page.chosen = form.choice.iter().cloned().collect();
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        other => Err(views::refused(other, Some(&sent), words)),
    }
}
