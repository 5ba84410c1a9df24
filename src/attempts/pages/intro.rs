//! Before an exam: what it is, and the button that begins.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use waymark_assess::spec::Release;

use super::{title, zone};
use crate::access::{Posted, SignedIn};
use crate::app::App;
use crate::attempts::{beginning, closing};
use crate::error::{Error, Result};
use crate::exams;
use crate::web::page::{Page, Shell, see_other};

#[derive(Template)]
#[template(path = "attempts/intro.html")]
struct IntroPage {
    shell: Shell,
    slug: String,
    title: String,
    description: String,
    minutes: u32,
    positions: u32,
    limit: u32,
    left: Option<u32>,
    cool_down_days: u32,
    not_before: Option<String>,
    open: Option<String>,
    at_once: bool,
    must_agree: bool,
}

/// `GET /exams/{slug}`: what it is, how long, how often; a button that begins.
pub async fn intro(who: SignedIn, State(app): State<App>, Path(slug): Path<String>) -> Result<Response> {
    intro_page(&who, &app, slug, false).await
}

async fn intro_page(who: &SignedIn, app: &App, slug: String, must_agree: bool) -> Result<Response> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    closing::close_overdue_of(app, &exam, who.member).await?;
    let plan = exams::plan(app, &exam).await?;
    let chances = beginning::chances(app.db.read(), &exam, who.member, app.db.now()).await?;
    let (shell, zone) = (who.shell(), zone(app).await?);
    let page = IntroPage {
        title: title(&exam, shell.w),
        description: exam.spec.description.as_ref().map_or("", |text| text.pick(shell.w.lang()).1).to_owned(),
        slug,
        minutes: exam.spec.timing.minutes,
        positions: plan.as_ref().map_or(0, |plan| plan.positions()),
        limit: exam.spec.rules.attempts.unwrap_or_default(),
        left: chances.left,
        cool_down_days: exam.spec.rules.cool_down_days,
        not_before: chances.not_before.map(|until| zone.instant(shell.w, until)),
        open: chances.open.map(|id| id.to_string()),
        at_once: exam.spec.release == Release::AtOnce,
        must_agree,
        shell,
    };
    let status = if must_agree { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Page(page)).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreeForm {
    #[serde(default)]
    agree: Option<String>,
}

/// `POST /exams/{slug}`: begins, or goes on with the attempt that is under way.
pub async fn agree(
    who: SignedIn,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(form): Posted<AgreeForm>,
) -> Result<Response> {
    if form.agree.as_deref() != Some("yes") {
        return intro_page(&who, &app, slug, true).await;
    }
    let begun = beginning::begin(&app, who.actor(), who.member, &slug, true).await?;
    Ok(see_other(&format!("/exam/{}", begun.attempt)))
}
