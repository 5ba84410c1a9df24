//! What a candidate sees before an exam: the catalogue with what is met and what is not, seats, and a check of their system.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::eligibility::{Eligibility, Reason, catalogue_of};
use super::windows::{self, cancel_seat, register};
use crate::access::{Posted, Public, SignedIn};
use crate::app::App;
use crate::attempts::pages::{title, zone};
use crate::database::Kind;
use crate::error::{Error, Result};
use crate::exams;
use crate::ids::{ExamWindowId, MemberId};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;

/// One thing that is asked for, in words.
pub(in crate::attempts) struct ReasonLine {
    pub met: bool,
    pub text: String,
    /// What to do about it, where it is not met.
    pub todo: String,
}

pub(in crate::attempts) fn reason_lines(words: Words, zone: &Zone, found: &Eligibility) -> Vec<ReasonLine> {
    found.reasons.iter().map(|reason| reason_line(words, zone, reason)).collect()
}

fn reason_line(words: Words, zone: &Zone, reason: &Reason) -> ReasonLine {
    let about = reason.about.as_deref().unwrap_or_default();
    let id = reason.id.replace('_', "-");
    let todo = match reason.until {
        _ if reason.met => String::new(),
        Some(until) => words.with1("eligible-from", "at", zone.instant(words, until)),
        None => words.with1(&format!("eligible-{id}-todo"), "about", about),
    };
    ReasonLine { met: reason.met, text: words.with1(&format!("eligible-{id}"), "about", about), todo }
}

/// A window as a candidate may choose it.
pub(in crate::attempts) struct WindowLine {
    pub id: String,
    pub name: String,
    pub from: String,
    pub to: String,
    pub free: Option<u64>,
    pub mine: bool,
    pub seen: bool,
}

/// The windows of an exam that are open or lie ahead.
pub(in crate::attempts) async fn window_lines(
    app: &App,
    words: Words,
    zone: &Zone,
    exam: &exams::Exam,
    member: MemberId,
) -> Result<Vec<WindowLine>> {
    let mut lines = vec![];
    for window in windows::of_exam(app.db.read(), exam.id, app.db.now()).await? {
        let taken = windows::count(app.db.read(), window.id).await?;
        let seat = windows::seat_of(app.db.read(), window.id, member).await?;
        lines.push(WindowLine {
            id: window.id.to_string(),
            from: zone.instant(words, window.opens_at),
            to: zone.instant(words, window.closes_at),
            free: window.seats.map(|seats| seats.saturating_sub(taken)),
            mine: seat.is_some(),
            seen: seat.is_some_and(|seat| seat.identity_seen_at.is_some()),
            name: window.name,
        });
    }
    Ok(lines)
}

struct Entry {
    slug: String,
    title: String,
    description: String,
    minutes: u32,
    untimed: bool,
    practice: bool,
    fee: Option<String>,
    open: bool,
    eligible: bool,
    reasons: Vec<ReasonLine>,
}

#[derive(Template)]
#[template(path = "attempts/catalogue.html")]
struct CataloguePage {
    shell: Shell,
    entries: Vec<Entry>,
}

/// `GET /exams`: every exam, and whether the member may begin it, with the reasons.
pub async fn catalogue(who: SignedIn, State(app): State<App>) -> Result<impl IntoResponse> {
    let (shell, zone) = (who.shell(), zone(&app).await?);
    let pick = |text: &waymark_assess::text::Text| text.pick(shell.w.lang()).1.to_owned();
    let mut entries = vec![];
    for (exam, found) in catalogue_of(app.db.read(), who.member, app.db.now()).await? {
        entries.push(Entry {
            title: title(&exam, shell.w),
            description: exam.spec.description.as_ref().map(pick).unwrap_or_default(),
            minutes: exam.spec.timing.minutes,
            untimed: exam.spec.sitting.untimed,
            practice: exam.spec.sitting.practice,
            fee: exam.spec.sitting.fee.as_ref().map(pick),
            open: found.open.is_some(),
            eligible: found.is_met(),
            reasons: reason_lines(shell.w, &zone, &found),
            slug: exam.spec.slug,
        });
    }
    Ok(Page(CataloguePage { shell, entries }))
}

#[derive(Template)]
#[template(path = "attempts/check.html")]
struct CheckPage {
    shell: Shell,
    server_now: String,
}

/// `GET /exams/system-check`: whether this browser and this connection carry an exam, before any clock runs.
pub async fn system_check(who: Public, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = who.shell();
    Ok(Page(CheckPage { shell, server_now: crate::clock::rfc3339(app.db.now()) }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatForm {
    window: String,
    #[serde(default)]
    step: String,
}

/// `POST /exams/{slug}/seats`: takes a seat, or gives it back.
pub async fn register_post(
    who: SignedIn,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(form): Posted<SeatForm>,
) -> Result<Response> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let id: ExamWindowId = form.window.parse().map_err(|_| Error::not_found())?;
    if windows::find(app.db.read(), id).await?.exam != exam.id {
        return Err(Error::not_found());
    }
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    match form.step.as_str() {
        "cancel" => cancel_seat(&mut ch, id, who.member).await?,
        _ => register(&mut ch, id, who.member).await?,
    }
    ch.commit().await?;
    Ok(see_other(&format!("/exams/{slug}")))
}
