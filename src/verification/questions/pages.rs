//! The side of the one who asks: `POST /verify/ask`, then a page of their own for the answer.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use waymark_credential::verify::State as CredentialState;

use super::lifecycle::{Answer, KEPT_FOR, OPEN_FOR, Standing};
use super::service::{self, NotAsked, Question};
use crate::access::{Posted, Public};
use crate::app::{App, Limit};
use crate::credentials::{self, Visibility};
use crate::database::Kind;
use crate::error::{Error, Result};
use crate::issuer;
use crate::members;
use crate::verification::again::Again;
use crate::verification::pages::{told, told_of};
use crate::verification::recipient;
use crate::verification::saved::{self, Entry, HolderSaid};
use crate::verification::service::{Asked, Checked, Source, verify};
use crate::verification::view::ReportView;
use crate::web::client::Client;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

#[derive(Deserialize)]
pub struct AskForm {
    #[serde(flatten)]
    again: Again,
    /// Who asks, in their own words.
    #[serde(default)]
    note: String,
}

pub async fn ask_post(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    Posted(form): Posted<AskForm>,
) -> Result<Response> {
    let shell = visitor.shell();
    let AskForm { again, note } = form;
    let Some(asked) = again.asked(None) else { return Ok(told(shell, "after-nothing")) };
    client.spend(&app, Limit::Verification)?;
    if asked.is_guessable() {
        client.spend(&app, Limit::Guessable)?;
    }
    let checked = match verify(&app, asked).await {
        Ok(checked) => checked,
        Err(error) => return told_of(shell, error),
    };
    let own = recipient::own_credential(&app, &checked.report).await?;
    let shown = own.filter(|credential| credential.visibility != Visibility::Private);
    let in_force = checked.report.state() == CredentialState::Valid;
    let Some(credential) = shown.filter(|_| in_force) else { return Ok(told(shell, "ask-not-here")) };
    client.spend(&app, Limit::HolderQuestion)?;
    let mut ch = app.db.change(visitor.actor(), Kind::Ordinary).await?;
    let token = match service::ask(&mut ch, &credential, &note).await? {
        Ok(token) => token,
        Err(NotAsked::Off) => return Ok(told(shell, "ask-off")),
        Err(NotAsked::TooOften) => return Ok(told(shell, "ask-too-often")),
        Err(NotAsked::Note) => return Ok(told(shell, "ask-note-fault")),
    };
    ch.commit().await?;
    tell_by_mail(&app, &credential).await?;
    Ok(see_other(&format!("/verify/asked/{token}")))
}

/// In the holder's language, to the address that they have confirmed. What the stranger wrote stays out of it.
async fn tell_by_mail(app: &App, credential: &credentials::Credential) -> Result<()> {
    let member = members::find(app.db.read(), credential.member).await?;
    let Some(address) = members::verified_email(app.db.read(), member.id).await? else { return Ok(()) };
    let words = Words::new(member.locale);
    let body =
        words.with2("mail-question-body", "number", credential.number.as_str(), "link", app.links.to("/me/questions"));
    app.post.send(&address, &words.t("mail-question-subject"), &body);
    Ok(())
}

#[derive(Template)]
#[template(path = "verification/asked.html")]
struct AskedPage {
    shell: Shell,
    /// `waiting`, `confirmed`, `declined`, `ended`.
    standing: &'static str,
    word: String,
    told: String,
    /// Until when it can be answered, or read.
    until: String,
    address: String,
    note: Option<String>,
    report: ReportView,
    token: String,
}

/// The question behind a token, with its credential as it stands now. What is no longer shown has no page, as if nobody had asked.
async fn found(app: &App, token: &str) -> Result<(Question, credentials::Credential, Checked)> {
    let question = service::by_token(app.db.read(), token, app.db.now()).await?.ok_or_else(Error::not_found)?;
    let credential = credentials::find(app.db.read(), question.credential).await?;
    if credential.visibility == Visibility::Private || !credential.is_released() {
        return Err(Error::not_found());
    }
    let bytes = credentials::signed_json(app.db.read(), &credential).await?.into_bytes();
    let checked = verify(app, Asked { source: Source::Bytes(bytes), recipient: None, look_up: false }).await?;
    Ok((question, credential, checked))
}

/// `GET /verify/asked/{token}`.
pub async fn asked_page(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    Path(token): Path<String>,
) -> Result<impl IntoResponse> {
    client.spend(&app, Limit::Verification)?;
    let (question, credential, checked) = found(&app, &token).await?;
    let shell = visitor.shell();
    let zone = issuer::zone(app.db.read()).await?;
    let time = |at| zone.instant(shell.w, at);
    let (standing, told) = match question.standing(app.db.now()) {
        Standing::Waiting => ("waiting", shell.w.with1("question-asked-at", "time", time(question.asked_at))),
        Standing::Ended => ("ended", shell.w.with1("question-asked-at", "time", time(question.asked_at))),
        Standing::Answered(Answer::Confirmed, at) => {
            ("confirmed", shell.w.with1("question-confirmed-at", "time", time(at)))
        }
        Standing::Answered(Answer::Declined, at) => {
            ("declined", shell.w.with1("question-declined-at", "time", time(at)))
        }
    };
    let until = match standing {
        "waiting" => shell.w.with1("question-open-until", "time", time(question.asked_at + OPEN_FOR)),
        _ => shell.w.with1("question-kept-until", "time", time(question.asked_at + KEPT_FOR)),
    };
    Ok(Page(AskedPage {
        word: shell.w.t(&format!("question-standing-{standing}")),
        standing,
        told,
        until,
        address: app.links.share(&credential.share_id),
        note: question.note,
        report: ReportView::of(&checked, shell.w, &zone),
        token,
        shell,
    }))
}

#[derive(Deserialize)]
pub struct SaveForm {
    #[serde(default)]
    form: String,
}

/// `POST /verify/asked/{token}/report`: the report with what the holder said.
pub async fn asked_report(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    Path(token): Path<String>,
    Posted(form): Posted<SaveForm>,
) -> Result<Response> {
    client.spend(&app, Limit::Verification)?;
    let (question, credential, checked) = found(&app, &token).await?;
    let confirmed_at = match question.answered {
        Some((Answer::Confirmed, at)) => Some(at),
        _ => None,
    };
    let holder = Some(HolderSaid { asked_at: question.asked_at, confirmed_at });
    let entry = Entry { at: None, given: app.links.share(&credential.share_id), found: Ok(&checked), holder };
    saved::answer(&app, visitor.shell(), &form.form, &[entry], checked.at, &issuer::zone(app.db.read()).await?).await
}
