//! The page that a wrong browser gets, where a browser hands its proof in, and the file that configures one.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::proof::{self, Given};
use super::settings::of_exam;
use super::{admit, fits_exam};
use crate::access::{Candidate, May, Posted, SetDelivery, SignedIn};
use crate::app::App;
use crate::attempts::pages::title;
use crate::attempts::service::Attempt;
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::exams::{self, Exam};
use crate::web::page::{Page, Shell, see_other};

/// What a page needs to let the browser prove itself.
pub(in crate::attempts) struct Browser {
    /// Where the proof goes.
    pub action: String,
    /// Whether a proof was handed in and did not fit.
    pub refused: bool,
}

impl Browser {
    pub fn of(slug: &str, refused: bool) -> Self {
        Self { action: format!("/exams/{slug}/browser"), refused }
    }
}

#[derive(Template)]
#[template(path = "attempts/browser.html")]
struct BrowserPage {
    shell: Shell,
    slug: String,
    title: String,
    browser: Browser,
}

fn page(shell: Shell, exam: &Exam, refused: bool) -> Response {
    let page = BrowserPage {
        title: title(exam, shell.w),
        browser: Browser::of(&exam.spec.slug, refused),
        slug: exam.spec.slug.clone(),
        shell,
    };
    (StatusCode::FORBIDDEN, Page(page)).into_response()
}

/// The page that a browser gets which the attempt's exam does not ask for; None where it may go on.
pub(in crate::attempts) async fn gate(
    app: &App,
    who: &Candidate,
    headers: &HeaderMap,
    attempt: &Attempt,
) -> Result<Option<Response>> {
    match admit(app, who, headers, attempt).await {
        Ok(()) => Ok(None),
        Err(e) if e.code() == Code::BrowserRequired => {
            let exam = exams::by_id(app.db.read(), attempt.exam, attempt.exam_version).await?;
            Ok(Some(page(who.shell(), &exam, false)))
        }
        Err(e) => Err(e),
    }
}

/// The same before an attempt: no clock starts in a browser in which no question would open.
pub(in crate::attempts) async fn gate_exam(
    app: &App,
    who: &SignedIn,
    headers: &HeaderMap,
    slug: &str,
) -> Result<Option<Response>> {
    let exam = exams::find(app.db.read(), slug).await?.ok_or_else(Error::not_found)?;
    let fits = fits_exam(app, exam.id, who.member, &who.visitor.path, headers).await?;
    Ok((!fits).then(|| page(who.shell(), &exam, false)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrowserForm {
    /// The address of the page, which the hashes are over.
    address: String,
    #[serde(default)]
    config_key: String,
    #[serde(default)]
    browser_key: String,
}

/// `POST /exams/{slug}/browser`: the hashes that the browser offers to scripts; where they fit, it may go on.
pub async fn browser_post(
    who: SignedIn,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(form): Posted<BrowserForm>,
) -> Result<Response> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let given = Given { address: form.address, config_key: form.config_key, browser_key: form.browser_key };
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let Some(cookie) = proof::take(&app, &mut ch, exam.id, who.member, &given).await? else {
        ch.undo().await?;
        return Ok(page(who.shell(), &exam, true));
    };
    ch.commit().await?;
    let back = proof::page_of(&app, &given.address).unwrap_or("/exams");
    let cookie = HeaderValue::from_str(&cookie).map_err(Error::internal)?;
    Ok(([(header::SET_COOKIE, cookie)], see_other(back)).into_response())
}

/// `GET /admin/exams/{slug}/exam.seb`: the file that configures the browser for this exam.
pub async fn settings_file(
    _: May<SetDelivery>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let slug = &exam.spec.slug;
    let file = of_exam(&app.links.to(&format!("/exams/{slug}"))).file();
    let name = format!("attachment; filename=\"{slug}.seb\"");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/seb")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(Error::internal)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, file))
}
