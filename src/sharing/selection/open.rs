//! The selection as its reader sees it: the page, the presentation, the QR code.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::access::{Public, SignedIn};
use crate::app::App;
use crate::credentials::{self, Credential};
use crate::error::{Error, Result};
use crate::selections::{self as service, Selection};
use crate::sharing::particulars::Particulars;
use crate::sharing::shown::{self, ShownCredential};
use crate::sharing::{documents, switches};
use crate::verification::{Asked, ReportView, Source, verify};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell};
use crate::{issuer, members};

/// One credential with its verdict.
struct Verified {
    line: ShownCredential,
    meaning: String,
    /// Whether the report shows its claims: nothing of an altered one is told as fact.
    tells: bool,
    particulars: Particulars,
    public_reason: Option<String>,
}

#[derive(Template)]
#[template(path = "sharing/selection.html")]
struct SelectionPage {
    shell: Shell,
    name: String,
    note: Vec<String>,
    credentials: Vec<Verified>,
    address: String,
    path: String,
    until: Option<String>,
    checked_at: String,
    preview: bool,
}

/// What is asked for under `/s/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Page,
    Presentation,
    Qr,
}

/// Takes the name apart, upper case like lower case; without a suffix the header decides.
fn form_of(name: &str, headers: &HeaderMap) -> Option<(String, Form)> {
    let name = name.to_lowercase();
    let (share_id, suffix) = name.split_once('.').unwrap_or((&name, ""));
    let form = match suffix {
        "" if wants_presentation(headers) => Form::Presentation,
        "" => Form::Page,
        "json" => Form::Presentation,
        "qr.svg" => Form::Qr,
        _ => return None,
    };
    Some((share_id.to_owned(), form))
}

/// Whether the first media type of ours in the header is a presentation.
fn wants_presentation(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let types = accept.split(',').map(|part| part.split(';').next().unwrap_or_default().trim());
    for name in types {
        match name {
            "text/html" | "application/xhtml+xml" => return false,
            "application/vp" | "application/ld+json" | "application/json" => return true,
            _ => {}
        }
    }
    false
}

/// `GET /s/{share_id}`, with or without a suffix. Draft, ended and unknown answer alike.
pub async fn open_selection(
    visitor: Public,
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let (share_id, form) = form_of(&name, &headers).ok_or_else(Error::not_found)?;
    let known = service::open_now(app.db.read(), &share_id, app.db.now()).await?.ok_or_else(Error::not_found)?;
    let mut response = match form {
        Form::Qr => return documents::qr_image(&app.links.selection(&known.share_id)),
        Form::Presentation => presentation(&app, &known).await?,
        Form::Page => Page(page(&app, visitor.shell(), &known, false).await?).into_response(),
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept, accept-language, cookie"));
    Ok(response)
}

/// A `VerifiablePresentation` (VCDM 2.0 §4.13) without a proof of its own, around the credentials byte for byte as they were signed.
async fn presentation(app: &App, known: &Selection) -> Result<Response> {
    let mut signed = vec![];
    for credential in service::readable(app.db.read(), known).await? {
        signed.push(credentials::signed_json(app.db.read(), &credential).await?);
    }
    let text = format!(
        r#"{{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],"verifiableCredential":[{}]}}"#,
        signed.join(",")
    );
    let mut response = text.into_response();
    let mut put =
        |name: HeaderName, value: &'static str| response.headers_mut().insert(name, HeaderValue::from_static(value));
    put(header::CONTENT_TYPE, "application/vp");
    put(header::CONTENT_DISPOSITION, "inline; filename=\"selection.json\"");
    put(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    put(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
    Ok(response)
}

async fn page(app: &App, shell: Shell, known: &Selection, preview: bool) -> Result<SelectionPage> {
    let db = app.db.read();
    let words = shell.w;
    let mut verified = vec![];
    for credential in service::readable(db, known).await? {
        verified.push(verdict(app, words, &credential).await?);
    }
    let now = app.db.now();
    let zone = issuer::zone(db).await?;
    Ok(SelectionPage {
        name: members::find(db, known.member).await?.name,
        note: known.note.lines().map(str::to_owned).collect(),
        credentials: verified,
        address: app.links.selection(&known.share_id),
        path: format!("/s/{}", known.share_id),
        until: known.until.map(|t| zone.date(words, t)),
        checked_at: words.with1("report-checked-at", "time", zone.instant(words, now)),
        preview,
        shell,
    })
}

/// Verifies the signed bytes, as the credential's own page does.
async fn verdict(app: &App, words: Words, credential: &Credential) -> Result<Verified> {
    let db = app.db.read();
    let bytes = credentials::signed_json(db, credential).await?.into_bytes();
    let checked = verify(app, Asked { source: Source::Bytes(bytes), recipient: None, look_up: false }).await?;
    let issuer = issuer::find(db, credential.issuer).await?;
    let report = ReportView::of(&checked, words, &issuer.profile.zone());
    let mut line = shown::line(db, words, credential, app.db.now()).await?;
    let switches = switches::switches_of(db, credential.id).await?;
    (line.state, line.icon, line.word) = (report.state, report.icon, report.word.clone());
    Ok(Verified {
        line,
        particulars: Particulars::allowed(&checked.report, &report, switches),
        tells: report.claims.is_some(),
        meaning: report.meaning,
        public_reason: credential.public_reason.clone(),
    })
}

/// `GET /me/selections/{id}/preview`.
pub async fn preview_selection(
    me: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let known = service::of(app.db.read(), &id, me.member).await?;
    Ok(Page(page(&app, me.shell(), &known, true).await?))
}
