//! Before an exam: what it is, and the button that begins.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use waymark_assess::attempt::Attempt as Life;
use waymark_assess::score::Cut;
use waymark_assess::spec::Release;

use super::yours::Yours;
use super::{title, zone};
use crate::access::{Posted, SignedIn};
use crate::app::App;
use crate::attempts::beginning::{self, Given};
use crate::attempts::closing::{Verdict, verdict};
use crate::attempts::scheduling::{Ask, ReasonLine, WindowLine, eligibility, reason_lines, window_lines};
use crate::attempts::seb::Browser;
use crate::attempts::{closing, seb, service, wording};
use crate::error::{Code, Error, Result};
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
    yours: Yours,
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
    practice: bool,
    fee: Option<String>,
    /// The text that is agreed to, and what stands for it; the plain promise where there is none.
    agreement: Option<(String, String)>,
    /// All that is to be given when beginning, in words.
    asks: Vec<String>,
    asks_voucher: bool,
    asks_start_code: bool,
    /// What was refused: the field, and why.
    refused: Option<(&'static str, String)>,
    /// What was posted: a refused form is not emptied.
    given: Kept,
    /// Whether something is missing that neither time nor an attempt left explains.
    eligible: bool,
    reasons: Vec<ReasonLine>,
    windows: Vec<WindowLine>,
    /// What it takes to pass.
    cut: String,
    /// What came of earlier attempts, the first one first.
    earlier: Vec<Earlier>,
    passed: bool,
    /// Where the exam asks for another browser than this one looks like.
    browser: Option<Browser>,
}

/// What stood in a form that was refused.
#[derive(Default)]
struct Kept {
    agreed: bool,
    voucher: String,
    start_code: String,
}

/// An attempt that is over.
struct Earlier {
    id: String,
    ordinal: u32,
    closed_at: String,
    word: String,
    passed: bool,
}

impl IntroPage {
    /// What is wrong with a field.
    fn wrong(&self, field: &str) -> Option<&str> {
        self.refused.as_ref().filter(|(name, _)| *name == field).map(|(_, why)| why.as_str())
    }
}

/// The pass mark in words: "8 of 12"; "8 points" where forms are not all worth the same.
pub(super) fn cut_words(words: Words, cut: Cut, worth: (u32, u32)) -> String {
    match cut {
        Cut::Points(points) if worth.0 == worth.1 && worth.1 > 0 => {
            words.with2("intro-cut-points", "points", points, "of", worth.1)
        }
        Cut::Points(points) => words.with1("intro-cut-points-alone", "points", points),
        Cut::Percent(share) => words.with1("intro-cut-percent", "percent", wording::points(words, share)),
        _ => "–".to_owned(),
    }
}

/// `GET /exams/{slug}`: what it is, how long this person has, how often; a button that begins.
pub async fn intro(
    who: SignedIn,
    State(app): State<App>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let fits = seb::fits_exam(&app, exam.id, who.member, &who.visitor.path, &headers).await?;
    let browser = (!fits).then(|| Browser::of(&slug, false));
    intro_page(&who, &app, slug, Refused::default(), browser).await
}

/// Why a form was not taken, and what stood in it.
#[derive(Default)]
struct Refused {
    must_agree: bool,
    field: Option<(&'static str, &'static str)>,
    given: Kept,
}

async fn intro_page(
    who: &SignedIn,
    app: &App,
    slug: String,
    refused: Refused,
    browser: Option<Browser>,
) -> Result<Response> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    closing::close_overdue_of(app, &exam, who.member).await?;
    let plan = exams::plan(app, &exam).await?;
    let found = eligibility(app.db.read(), &exam, who.member, app.db.now()).await?;
    let (shell, zone, now) = (who.shell(), zone(app).await?, app.db.now());
    let yours = Yours::of(app.db.read(), (shell.w, &zone), &exam, (who.member, &found), now).await?;
    let Refused { must_agree, field, given } = refused;
    let is_refused = must_agree || field.is_some();
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
    let rules = exam.spec.sitting.clone();
    let pick = |text: &waymark_assess::text::Text| text.pick(shell.w.lang()).1.to_owned();
    let page = IntroPage {
        yours,
        practice: rules.practice,
        fee: rules.fee.as_ref().map(pick),
        agreement: rules.agreement.as_ref().map(pick).zip(rules.agreement_hash()),
        asks: found.asks.iter().map(|ask| shell.w.t(ask.key())).collect(),
        asks_voucher: found.asks.contains(&Ask::Voucher),
        asks_start_code: found.asks.contains(&Ask::StartCode),
        refused: field.map(|(field, why)| (field, shell.w.t(why))),
        given,
        eligible: found.is_met(),
        reasons: reason_lines(app, shell.w, &zone, &exam, &found).await?,
        windows: window_lines(app, shell.w, &zone, &exam, who.member).await?,
        title: title(&exam, shell.w),
        description: exam.spec.description.as_ref().map_or("", |text| text.pick(shell.w.lang()).1).to_owned(),
        slug,
        positions,
        cut: cut_words(shell.w, exam.spec.scoring.cut, plan.as_ref().map_or((0, 0), |plan| plan.points())),
        passed: earlier.iter().any(|attempt| attempt.passed),
        earlier,
        limit: exam.spec.rules.attempts.unwrap_or_default(),
        left: found.left,
        cool_down_days: exam.spec.rules.cool_down_days,
        not_before: found.not_before.map(|until| zone.instant(shell.w, until)),
        open: found.open.map(|id| id.to_string()),
        at_once: exam.spec.release == Release::AtOnce,
        release_on: match exam.spec.release {
            Release::On(at) => Some(zone.instant(shell.w, at)),
            _ => None,
        },
        must_agree,
        browser,
        shell,
    };
    let status = if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Page(page)).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreeForm {
    #[serde(default)]
    agree: Option<String>,
    /// The hash of the text that was on the page.
    #[serde(default)]
    agreement: Option<String>,
    #[serde(default)]
    voucher: Option<String>,
    #[serde(default)]
    start_code: Option<String>,
}

/// `POST /exams/{slug}`: begins, or goes on with the attempt that is under way.
pub async fn agree(
    who: SignedIn,
    State(app): State<App>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    Posted(form): Posted<AgreeForm>,
) -> Result<Response> {
    if let Some(page) = seb::gate_exam(&app, &who, &headers, &slug).await? {
        return Ok(page);
    }
    let agreed = form.agree.as_deref() == Some("yes");
    let kept = Kept {
        agreed,
        voucher: form.voucher.clone().unwrap_or_default(),
        start_code: form.start_code.clone().unwrap_or_default(),
    };
    if !agreed {
        return intro_page(&who, &app, slug, Refused { must_agree: true, given: kept, ..Refused::default() }, None)
            .await;
    }
    let given = Given { agreed: true, agreement: form.agreement, voucher: form.voucher, start_code: form.start_code };
    let refused = match beginning::begin(&app, who.actor(), who.member, &slug, &given).await {
        Ok(begun) => return Ok(see_other(&format!("/exam/{}", begun.attempt))),
        // The text changed since the page was made: it is asked again, as it reads now.
        Err(e) if e.code() == Code::AgreementRequired => {
            Refused { must_agree: true, given: Kept { agreed: false, ..kept }, ..Refused::default() }
        }
        Err(e) => match e.code() {
            Code::VoucherRefused => wrong("voucher", "intro-voucher-refused", kept),
            Code::StartCodeWrong => wrong("start_code", "intro-start-code-wrong", kept),
            Code::RateLimited if !kept.start_code.is_empty() => wrong("start_code", "intro-start-code-limited", kept),
            _ => return Err(e),
        },
    };
    intro_page(&who, &app, slug, refused, None).await
}

fn wrong(field: &'static str, why: &'static str, given: Kept) -> Refused {
    Refused { must_agree: false, field: Some((field, why)), given }
}
