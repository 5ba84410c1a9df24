//! `/verify`: paste, drop or name a credential and read its report. Works without JavaScript.

use askama::Template;
use axum::extract::{Multipart, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use waymark_credential::verify::RecipientAsked;

use super::service::{Asked, Source, verify};
use super::view::ReportView;
use crate::access::{Public, check_multipart};
use crate::app::{App, Limit};
use crate::error::{Code, Error, Result};
use crate::issuer;
use crate::web::client::Client;
use crate::web::page::{Page, Shell};

#[derive(Template)]
#[template(path = "verification/verify.html")]
struct VerifyPage {
    shell: Shell,
    /// What was pasted, shown again so that it can be corrected.
    text: String,
    report: Option<ReportView>,
    /// Why there is no report.
    problem: Option<String>,
}

#[derive(Deserialize)]
pub struct VerifyQuery {
    /// An address or a text; also how other pages lead here.
    #[serde(default)]
    q: Option<String>,
}

/// `GET /verify`, also `?q=https://…`.
pub async fn verify_page(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    Query(query): Query<VerifyQuery>,
) -> Result<Response> {
    match query.q.filter(|q| !q.trim().is_empty()) {
        Some(text) => answer(&visitor, &app, &client, Pasted { text, ..Pasted::default() }).await,
        None => Ok(Page(VerifyPage { shell: visitor.shell(), text: String::new(), report: None, problem: None })
            .into_response()),
    }
}

/// `POST /verify`: a text, or a file.
pub async fn verify_post(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    mut form: Multipart,
) -> Result<Response> {
    let unreadable = |e: axum::extract::multipart::MultipartError| Error::malformed(e.body_text());
    let (mut pasted, mut csrf) = (Pasted::default(), String::new());
    while let Some(part) = form.next_field().await.map_err(unreadable)? {
        match part.name().unwrap_or_default() {
            "csrf" => csrf = part.text().await.map_err(unreadable)?,
            "text" => pasted.text = part.text().await.map_err(unreadable)?,
            "file" => pasted.file = part.bytes().await.map_err(unreadable)?.to_vec(),
            "number" => pasted.number = part.text().await.map_err(unreadable)?,
            "check_code" => pasted.check_code = part.text().await.map_err(unreadable)?,
            "name" => pasted.name = part.text().await.map_err(unreadable)?,
            "look_up" => pasted.look_up = true,
            _ => {}
        }
    }
    check_multipart(&visitor.principal, &csrf)?;
    answer(&visitor, &app, &client, pasted).await
}

#[derive(Default)]
struct Pasted {
    text: String,
    file: Vec<u8>,
    number: String,
    check_code: String,
    name: String,
    look_up: bool,
}

impl Pasted {
    fn asked(&self) -> Option<Asked> {
        let text = self.text.trim();
        let source = if !self.file.is_empty() {
            Source::Bytes(self.file.clone())
        } else if text.starts_with("http://")
            || text.starts_with("https://")
            || text.to_lowercase().starts_with("http") && !text.contains('\n')
        {
            Source::Url(text.to_owned())
        } else if !text.is_empty() {
            Source::Bytes(text.as_bytes().to_vec())
        } else if !self.number.trim().is_empty() {
            Source::Number { number: self.number.clone(), check_code: self.check_code.clone() }
        } else {
            return None;
        };
        let look_up = self.look_up || matches!(source, Source::Url(_));
        let name = Some(self.name.trim().to_owned()).filter(|n| !n.is_empty());
        Some(Asked { source, recipient: Some(RecipientAsked { email: None, name }), look_up })
    }
}

async fn answer(visitor: &Public, app: &App, client: &Client, pasted: Pasted) -> Result<Response> {
    let shell = visitor.shell();
    let words = shell.w;
    let shown = if pasted.text.len() <= 20_000 { pasted.text.clone() } else { String::new() };
    let Some(asked) = pasted.asked() else {
        let problem = Some(words.t("verify-nothing-given"));
        return Ok(Page(VerifyPage { shell, text: shown, report: None, problem }).into_response());
    };
    client.spend(app, Limit::Verification)?;
    if asked.is_guessable() {
        client.spend(app, Limit::Guessable)?;
    }
    let (report, problem) = match verify(app, asked).await {
        Ok(checked) => (Some(ReportView::of(&checked, words, &issuer::zone(app.db.read()).await?)), None),
        Err(e) if matches!(e.code(), Code::NoCredential | Code::ValidationFailed) => {
            let why = e.faults().first().map_or_else(|| words.t("verify-no-credential"), |f| f.detail.clone());
            (None, Some(why))
        }
        Err(e) => return Err(e),
    };
    Ok(Page(VerifyPage { shell, text: shown, report, problem }).into_response())
}
