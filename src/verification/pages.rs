//! `/verify`: paste, drop or name a credential and read its report. Works without JavaScript.

use askama::Template;
use axum::body::Body;
use axum::extract::{FromRequest as _, Multipart, Query, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use waymark_credential::verify::RecipientAsked;

use super::again::After;
use super::batch::{self, picked};
use super::service::{Asked, Source, counted, verify};
use super::view::ReportView;
use crate::access::{Public, check_multipart};
use crate::app::{App, Limit};
use crate::error::{Code, Error, Result};
use crate::issuer;
use crate::web::client::Client;
use crate::web::i18n::Words;
use crate::web::input;
use crate::web::layers::{CSP_WITH_OTHERS, UPLOAD_LIMIT};
use crate::web::page::{Page, Shell};

#[derive(Template)]
#[template(path = "verification/verify.html")]
struct VerifyPage {
    shell: Shell,
    /// What was typed, shown again so that it can be corrected.
    given: Pasted,
    report: Option<ReportView>,
    problem: Option<Problem>,
    /// What can be done with the report.
    after: Option<After>,
}

/// Says on a page of its own why nothing was done, and what to do.
#[derive(Template)]
#[template(path = "verification/told.html")]
struct ToldPage {
    shell: Shell,
    title: String,
    why: String,
    help: String,
}

/// The page of the text `key`, its title and its help.
pub(super) fn told(shell: Shell, key: &str) -> Response {
    let [title, why, help] = ["title", "why", "help"].map(|part| shell.w.t(&format!("{key}-{part}")));
    Page(ToldPage { shell, title, why, help }).into_response()
}

/// The same where there is no report.
pub(super) fn told_of(shell: Shell, error: Error) -> Result<Response> {
    match error.code() {
        Code::NoCredential | Code::ValidationFailed => {
            let Problem { title, why, help } = Problem::because(shell.w, &error);
            Ok(Page(ToldPage { shell, title, why, help }).into_response())
        }
        _ => Err(error),
    }
}

/// The browser of whoever asked may show an answer to a form again when they come back to it; nothing is kept here (ADR 18).
pub(super) fn may_go_back_to(mut answer: Response) -> Response {
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    answer
}

/// Why there is no report, and what to do.
struct Problem {
    title: String,
    why: String,
    help: String,
}

impl Problem {
    /// `kind` names the heading and what helps, `why` what happened.
    fn of(words: Words, kind: &str, why: &str) -> Self {
        Self {
            title: words.t(&format!("verify-problem-{kind}")),
            why: words.with1(why, "megabytes", UPLOAD_LIMIT / (1024 * 1024)),
            help: words.t(&format!("verify-problem-{kind}-help")),
        }
    }

    /// What the verifier says where it has no report.
    fn because(words: Words, error: &Error) -> Self {
        let reason = error.reason().unwrap_or("no_credential");
        let kind = match reason {
            "fetch_refused" | "fetch_unreachable" | "fetch_status" | "fetch_too_large" => "address",
            "no_such_address" => "hidden",
            "is_selection" => "selection",
            "is_profile" => "profile",
            "no_such_number" => "number",
            "too_large" | "picture_too_large" => "size",
            "pdf" => "pdf",
            _ => "content",
        };
        let why = format!("verify-why-{}", reason.replace('_', "-"));
        Self::of(words, kind, if words.has(&why) { &why } else { "verify-why-no-credential" })
    }
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
        None => Ok(shown(visitor.shell(), Pasted::default(), None, None)),
    }
}

/// `POST /verify`: a text, or a file.
pub async fn verify_post(
    visitor: Public,
    State(app): State<App>,
    client: Client,
    request: Request,
) -> Result<Response> {
    let mut form = match uploaded(request, &app).await {
        Err(e) if e.code() == Code::TooLarge => {
            let problem = Problem::of(visitor.shell().w, "size", "verify-why-too-large");
            let mut response = shown(visitor.shell(), Pasted::default(), None, Some(problem));
            *response.status_mut() = Code::TooLarge.status();
            return Ok(response);
        }
        other => other?,
    };
    let (mut pasted, mut csrf) = (Pasted::default(), String::new());
    while let Some(part) = form.next_field().await.map_err(|e| input::unread_part(&e))? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            pasted.file = part.bytes().await.map_err(|e| input::unread_part(&e))?.to_vec();
            continue;
        }
        let text = input::part_text(&name, part.text().await.map_err(|e| input::unread_part(&e))?)?;
        match name.as_str() {
            "csrf" => csrf = text,
            "text" => pasted.text = text,
            "number" => pasted.number = text,
            "check_code" => pasted.check_code = text,
            "name" => pasted.name = text,
            "look_up" => pasted.look_up = true,
            _ => {}
        }
    }
    check_multipart(&visitor.principal, &csrf)?;
    answer(&visitor, &app, &client, pasted).await
}

/// The form, once it is there in full.
async fn uploaded(request: Request, app: &App) -> Result<Multipart> {
    let (parts, bytes) = input::upload(request, UPLOAD_LIMIT).await?;
    let whole = Request::from_parts(parts, Body::from(bytes));
    Multipart::from_request(whole, app).await.map_err(|e| Error::malformed(e.body_text()))
}

#[derive(Default)]
struct Pasted {
    text: String,
    file: Vec<u8>,
    number: String,
    check_code: String,
    name: String,
    look_up: bool,
    /// That a certificate was sent, which is verified by what is printed on it.
    pdf: bool,
}

impl Pasted {
    /// Whether something stands in the part of the form that is folded away at first.
    fn opens_more(&self) -> bool {
        self.look_up || self.pdf || [&self.number, &self.check_code, &self.name].iter().any(|text| !text.is_empty())
    }

    /// Whether a text and nothing else was given.
    fn is_alone(&self) -> bool {
        self.file.is_empty() && self.number.trim().is_empty()
    }

    /// What is asked; the problem where it is nothing, or more than one thing.
    fn asked(&self, words: Words) -> Result<Asked, Problem> {
        let (text, number) = (self.text.trim(), self.number.trim());
        let given = [!self.file.is_empty(), !text.is_empty(), !number.is_empty()];
        match given.into_iter().filter(|given| *given).count() {
            0 => return Err(Problem::of(words, "nothing", "verify-why-nothing")),
            1 => {}
            _ => return Err(Problem::of(words, "several", "verify-why-several")),
        }
        let name = Some(self.name.trim().to_owned()).filter(|n| !n.is_empty());
        let source = if !self.file.is_empty() {
            Source::Bytes(self.file.clone())
        } else if !text.is_empty() {
            Source::of_text(text)
        } else if let (Some(name), true) = (&name, self.check_code.trim().is_empty()) {
            Source::NamedNumber { number: number.to_owned(), name: name.clone() }
        } else if self.check_code.trim().is_empty() {
            return Err(Problem::of(words, "number", "verify-why-no-check-code"));
        } else {
            Source::Number { number: number.to_owned(), check_code: self.check_code.clone() }
        };
        let look_up = self.look_up || matches!(source, Source::Url(_));
        Ok(Asked { source, recipient: Some(RecipientAsked { email: None, name }), look_up })
    }
}

async fn answer(visitor: &Public, app: &App, client: &Client, mut pasted: Pasted) -> Result<Response> {
    if pasted.is_alone() && picked::share_id(app, &pasted.text).is_some() {
        return batch::answer_text(visitor, app, client, pasted.text, pasted.look_up).await;
    }
    let shell = visitor.shell();
    let words = shell.w;
    let asked = match pasted.asked(words) {
        Ok(asked) => asked,
        Err(problem) => return Ok(shown(shell, pasted, None, Some(problem))),
    };
    client.spend(app, Limit::Verification)?;
    if asked.is_guessable() {
        client.spend(app, Limit::Guessable)?;
    }
    if pasted.text.len() > LONGEST_SHOWN {
        pasted.text.clear();
    }
    let (source, look_up) = (asked.source.clone(), asked.look_up);
    match verify(app, asked).await {
        Ok(checked) => {
            counted(app, client, &checked, visitor.principal.member()).await?;
            let after = After::of(app, &source, look_up, &checked).await?;
            let report = ReportView::of(&checked, words, &issuer::zone(app.db.read()).await?);
            Ok(shown_with(shell, pasted, report, after))
        }
        Err(e) if matches!(e.code(), Code::NoCredential | Code::ValidationFailed) => {
            pasted.pdf = e.reason() == Some("pdf");
            Ok(shown(shell, pasted, None, Some(Problem::because(words, &e))))
        }
        Err(e) => Err(e),
    }
}

/// A longer text is not shown again.
const LONGEST_SHOWN: usize = 20_000;

fn shown(shell: Shell, given: Pasted, report: Option<ReportView>, problem: Option<Problem>) -> Response {
    with_leave(Page(VerifyPage { shell, given, report, problem, after: None }).into_response())
}

fn shown_with(shell: Shell, given: Pasted, report: ReportView, after: Option<After>) -> Response {
    with_leave(Page(VerifyPage { shell, given, report: Some(report), problem: None, after }).into_response())
}

/// This page alone may use the camera, and may fetch keys and lists of other issuers, each after a press of a button.
fn with_leave(page: Response) -> Response {
    let mut page = may_go_back_to(page);
    let headers = page.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP_WITH_OTHERS));
    let camera = HeaderValue::from_static("camera=(self), microphone=(), geolocation=()");
    headers.insert(HeaderName::from_static("permissions-policy"), camera);
    page
}
