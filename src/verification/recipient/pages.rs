//! `POST /verify/whose`: the answer to "is it theirs?". Never by GET, so that no name and no address stands in a URL.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use waymark_credential::verify::{CheckId, Code, Outcome, Report};

use super::of_one_field;
use crate::access::{Posted, Public};
use crate::app::{App, Limit};
use crate::error::Result;
use crate::issuer;
use crate::verification::again::{After, Again};
use crate::verification::pages::{told, told_of};
use crate::verification::service::verify;
use crate::verification::view::ReportView;
use crate::web::client::Client;
use crate::web::page::{Page, Shell};

#[derive(Template)]
#[template(path = "verification/whose.html")]
struct WhosePage {
    shell: Shell,
    /// `matches`, `differs`, `cannot-tell`.
    answer: &'static str,
    word: String,
    means: String,
    /// What was typed.
    given: String,
    report: ReportView,
    after: Option<After>,
}

#[derive(Deserialize)]
pub struct WhoseForm {
    #[serde(flatten)]
    again: Again,
    /// A full name or an e-mail address.
    #[serde(default)]
    given: String,
}

pub async fn whose_post(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    Posted(form): Posted<WhoseForm>,
) -> Result<Response> {
    let shell = visitor.shell();
    let WhoseForm { again, given } = form;
    let Some(asked) = of_one_field(&given) else { return Ok(told(shell, "whose-nothing")) };
    let by_email = asked.email.is_some();
    let Some(asked) = again.asked(Some(asked)) else { return Ok(told(shell, "after-nothing")) };
    client.spend(&app, Limit::Verification)?;
    client.spend(&app, Limit::Guessable)?;
    let (source, look_up) = (asked.source.clone(), asked.look_up);
    let checked = match verify(&app, asked).await {
        Ok(checked) => checked,
        Err(error) => return told_of(shell, error),
    };
    let (answer, means) = answer(&checked.report, by_email);
    let report = ReportView::of(&checked, shell.w, &issuer::zone(app.db.read()).await?);
    let after = After::of(&app, &source, look_up, &checked).await?;
    let means = shell.w.t(means);
    let word = shell.w.t(&format!("whose-answer-{answer}"));
    Ok(Page(WhosePage { answer, word, means, given: given.trim().to_owned(), report, after, shell }).into_response())
}

/// The answer, and the sentence that says how far it goes.
fn answer(report: &Report, by_email: bool) -> (&'static str, &'static str) {
    let check = report.check(CheckId::Recipient);
    match (check.outcome, check.detail.code) {
        _ if report.shown().is_none() => ("cannot-tell", "whose-unproved"),
        (Outcome::Passed, _) if by_email => ("matches", "whose-matches-email"),
        (Outcome::Passed, _) => ("matches", "whose-matches-name"),
        (Outcome::Failed, Code::RecipientAddressDiffers) => ("differs", "whose-differs-address"),
        (Outcome::Failed, _) if by_email => ("differs", "whose-differs-email"),
        (Outcome::Failed, _) => ("differs", "whose-differs-name"),
        (Outcome::NotChecked, Code::RecipientAddressUnknown) => ("cannot-tell", "whose-no-address"),
        (Outcome::NotChecked, _) if by_email => ("cannot-tell", "whose-no-email"),
        (Outcome::NotChecked, _) => ("cannot-tell", "whose-no-name"),
    }
}
