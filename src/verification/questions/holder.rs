//! The holder's side: what waits on `/me`, and `/me/questions` with what was asked, the answers and the switch.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::lifecycle::{Answer, OPEN_FOR, Standing};
use super::service;
use crate::access::{Posted, SignedIn};
use crate::app::App;
use crate::credentials;
use crate::database::Kind;
use crate::error::{Error, Fault, Result};
use crate::ids::{HolderQuestionId, MemberId};
use crate::issuer;
use crate::tracks;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

/// One question, as its holder reads it.
pub struct QuestionCard {
    pub id: String,
    pub credential: String,
    pub title: String,
    pub language: &'static str,
    pub note: Option<String>,
    pub asked: String,
    pub until: String,
    /// `waiting`, `confirmed`, `declined`, `ended`.
    pub standing: &'static str,
    pub word: String,
}

/// What a holder can answer now.
///
/// # Errors
/// The store does not answer.
pub async fn waiting(app: &App, words: Words, member: MemberId) -> Result<Vec<QuestionCard>> {
    let mut cards = cards(app, words, member).await?;
    cards.retain(|card| card.standing == "waiting");
    Ok(cards)
}

async fn cards(app: &App, words: Words, member: MemberId) -> Result<Vec<QuestionCard>> {
    let (db, now) = (app.db.read(), app.db.now());
    let zone = issuer::zone(db).await?;
    let mut cards = vec![];
    for question in service::of_member(db, member, now).await? {
        let credential = credentials::find(db, question.credential).await?;
        let version = tracks::version(db, credential.track_version).await?;
        let (title, language) = words.pick_tagged(&version.definition.title);
        let standing = match question.standing(now) {
            Standing::Waiting => "waiting",
            Standing::Answered(answer, _) => answer.as_str(),
            Standing::Ended => "ended",
        };
        cards.push(QuestionCard {
            id: question.id.to_string(),
            credential: credential.id.to_string(),
            title: title.to_owned(),
            language,
            word: words.t(&format!("questions-standing-{standing}")),
            standing,
            asked: zone.instant(words, question.asked_at),
            until: zone.instant(words, question.asked_at + OPEN_FOR),
            note: question.note,
        });
    }
    Ok(cards)
}

#[derive(Template)]
#[template(path = "verification/questions.html")]
struct QuestionsPage {
    shell: Shell,
    questions: Vec<QuestionCard>,
    taken: bool,
}

/// `GET /me/questions`.
pub async fn questions_page(me: SignedIn, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = me.shell();
    let questions = cards(&app, shell.w, me.member).await?;
    let taken = service::takes_questions(app.db.read(), me.member).await?;
    Ok(Page(QuestionsPage { shell, questions, taken }))
}

#[derive(Deserialize)]
pub struct AnswerForm {
    #[serde(default)]
    answer: String,
}

/// `POST /me/questions/{id}`: one press.
pub async fn answer_post(
    me: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<AnswerForm>,
) -> Result<Response> {
    let id: HolderQuestionId = id.parse().map_err(|_| Error::not_found())?;
    let answer = Answer::parse(&form.answer)
        .ok_or_else(|| Error::invalid(vec![Fault::new("/answer", "unknown_word", "use confirmed or declined")]))?;
    let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
    service::answer(&mut ch, me.member, id, answer).await?;
    ch.commit().await?;
    Ok(see_other("/me/questions"))
}

#[derive(Deserialize)]
pub struct SwitchForm {
    /// `yes` or `no`.
    #[serde(default)]
    take: String,
}

/// `POST /me/questions`: whether anybody may ask.
pub async fn switch_post(me: SignedIn, State(app): State<App>, Posted(form): Posted<SwitchForm>) -> Result<Response> {
    let take = match form.take.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::invalid(vec![Fault::new("/take", "unknown_word", "use yes or no")])),
    };
    let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
    service::take_questions(&mut ch, me.member, take).await?;
    ch.commit().await?;
    Ok(see_other("/me/questions"))
}
