//! Before an exam: what it is, and the button that begins.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use waymark_assess::attempt::Attempt as Life;
use waymark_assess::score::Cut;
use waymark_assess::spec::Release;

use super::{title, zone};
use crate::access::{Posted, SignedIn};
use crate::app::App;
use crate::attempts::closing::{Verdict, verdict};
use crate::attempts::{beginning, closing, service};
use crate::error::{Error, Result};
use crate::exams;
use crate::web::i18n::Words;
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
    /// When results are released by themselves.
    release_on: Option<String>,
    must_agree: bool,
    /// What it takes to pass.
    cut: String,
    /// What came of earlier attempts, the first one first.
    earlier: Vec<Earlier>,
    passed: bool,
}

/// An attempt that is over.
struct Earlier {
    id: String,
    ordinal: u32,
    closed_at: String,
    word: String,
    passed: bool,
}

/// The pass mark in words: "8 of 12".
pub(super) fn cut_words(words: Words, cut: Cut, positions: u32) -> String {
    match cut {
        Cut::Points(points) => words.with2("intro-cut-points", "points", points, "of", positions),
        Cut::Percent(percent) => format!("{percent} %"),
        _ => "–".to_owned(),
    }
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
    let positions = plan.as_ref().map_or(0, |plan| plan.positions());
    let mut earlier = vec![];
    for attempt in service::of_member(app.db.read(), exam.id, who.member).await? {
        let Life::Closed(closed) = attempt.life else { continue };
        let (word, passed) = match verdict(app.db.read(), &attempt).await? {
            Some(Verdict::Released(result)) if result.passed => ("intro-earlier-passed", true),
            Some(Verdict::Released(_)) => ("intro-earlier-failed", false),
            _ => ("intro-earlier-held", false),
        };
        earlier.push(Earlier {
            id: attempt.id.to_string(),
            ordinal: attempt.ordinal,
            closed_at: zone.instant(shell.w, closed.at),
            word: shell.w.t(word),
            passed,
        });
    }
    let page = IntroPage {
        title: title(&exam, shell.w),
        description: exam.spec.description.as_ref().map_or("", |text| text.pick(shell.w.lang()).1).to_owned(),
        slug,
        minutes: exam.spec.timing.minutes,
        positions,
        cut: cut_words(shell.w, exam.spec.scoring.cut, plan.as_ref().map_or(0, |plan| plan.scored())),
        passed: earlier.iter().any(|attempt| attempt.passed),
        earlier,
        limit: exam.spec.rules.attempts.unwrap_or_default(),
        left: chances.left,
        cool_down_days: exam.spec.rules.cool_down_days,
        not_before: chances.not_before.map(|until| zone.instant(shell.w, until)),
        open: chances.open.map(|id| id.to_string()),
        at_once: exam.spec.release == Release::AtOnce,
        release_on: match exam.spec.release {
            Release::On(at) => Some(zone.instant(shell.w, at)),
            _ => None,
        },
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
