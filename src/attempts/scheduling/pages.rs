//! What a candidate sees before an exam: the catalogue with what is met and what is not, seats, and a check of their system.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::eligibility::{Eligibility, Reason, catalogue_of};
use super::windows::{self, cancel_seat, register};
use crate::access::{Posted, Public, SignedIn};
use crate::app::App;
use crate::attempts::pages::{time_of, title, zone};
use crate::attempts::wording::length;
use crate::clock::Timestamp;
use crate::database::Kind;
use crate::error::{Error, Result};
use crate::exams::{self, Exam};
use crate::ids::{ExamWindowId, MemberId};
use crate::issuer;
use crate::tracks;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;

/// One thing that is asked for, in words.
pub(in crate::attempts) struct ReasonLine {
    pub met: bool,
    pub text: String,
    /// What to do about it and when, where it is not met.
    pub todo: String,
    /// Where that is done: address and name.
    pub link: Option<(String, String)>,
}

/// What the exam asks of the member, each thing with its date in the program's zone and what to do about it.
pub(in crate::attempts) async fn reason_lines(
    app: &App,
    words: Words,
    zone: &Zone,
    exam: &Exam,
    found: &Eligibility,
) -> Result<Vec<ReasonLine>> {
    let mut lines = vec![];
    for reason in &found.reasons {
        lines.push(reason_line(app, words, zone, (exam, found), reason).await?);
    }
    Ok(lines)
}

async fn reason_line(
    app: &App,
    words: Words,
    zone: &Zone,
    (exam, found): (&Exam, &Eligibility),
    reason: &Reason,
) -> Result<ReasonLine> {
    let db = app.db.read();
    let asked = reason.about.as_deref().unwrap_or_default();
    let at = |moment: Timestamp| zone.instant(words, moment);
    let (mut text, mut todo, mut link) = (String::new(), String::new(), None);
    match reason.id {
        "attempts" => {
            let limit = exam.spec.rules.attempts.unwrap_or_default();
            text = words.with2("eligible-attempts", "left", found.left.unwrap_or_default(), "limit", limit);
        }
        "cool_down" => {
            text = words.with1("eligible-cool-down", "days", exam.spec.rules.cool_down_days);
            todo =
                reason.until.map(|until| words.with1("eligible-cool-down-until", "at", at(until))).unwrap_or_default();
        }
        "exam" => {
            let known = exams::find(db, asked).await?.map(|exam| title(&exam, words));
            text = words.with1("eligible-exam", "about", known.as_deref().unwrap_or(asked));
            link = known.map(|name| (format!("/exams/{asked}"), name));
        }
        "credential" => {
            let track = tracks::by_slug(db, asked).await?;
            let known = track.map(|track| words.pick(&track.definition.title).to_owned());
            text = words.with1("eligible-credential", "about", known.as_deref().unwrap_or(asked));
            link = known.map(|name| (format!("/p/{asked}"), name));
        }
        "window" => match &found.window {
            Some(window) => {
                text = words.with2("eligible-window-open", "name", window.name.as_str(), "at", at(window.closes_at));
            }
            None => {
                text = words.t("eligible-window");
                todo =
                    reason.until.map(|until| words.with1("eligible-window-from", "at", at(until))).unwrap_or_default();
            }
        },
        "seat" if reason.hindered.is_none() && !reason.met => {
            link = Some((format!("/exams/{}#windows", exam.spec.slug), words.t("intro-windows")));
        }
        _ => {}
    }
    let id = reason.id.replace('_', "-");
    if let Some(hindered) = reason.hindered {
        todo = words.t(&format!("eligible-{id}-{}", hindered.replace('_', "-")));
        link = whom_to_ask(app, words).await?;
    }
    if text.is_empty() {
        text = words.t(&format!("eligible-{id}"));
    }
    if todo.is_empty() {
        todo = words.t(&format!("eligible-{id}-todo"));
    }
    let open = !reason.met;
    Ok(ReasonLine { met: reason.met, text, todo: if open { todo } else { String::new() }, link: link.filter(|_| open) })
}

/// What an address of mail may hold as it stands in a link.
const MAILBOX: &AsciiSet = &NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'-').remove(b'_').remove(b'+');

/// Whoever runs the program, by mail where they say an address; None before a program says who that is.
async fn whom_to_ask(app: &App, words: Words) -> Result<Option<(String, String)>> {
    let Some(issuer) = issuer::default_issuer(app.db.read()).await? else { return Ok(None) };
    let (profile, name) = (&issuer.profile, words.pick(&issuer.profile.name));
    Ok(Some(match &profile.email {
        Some(email) => {
            let mailbox = utf8_percent_encode(email, MAILBOX);
            (format!("mailto:{mailbox}"), words.with2("eligible-ask", "name", name, "email", email.as_str()))
        }
        None => (profile.url.clone(), name.to_owned()),
    }))
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
    /// Why it was cancelled.
    pub cancelled: Option<String>,
}

/// The windows of an exam that are open or lie ahead, those that were cancelled marked as such.
pub(in crate::attempts) async fn window_lines(
    app: &App,
    words: Words,
    zone: &Zone,
    exam: &Exam,
    member: MemberId,
) -> Result<Vec<WindowLine>> {
    let mut lines = vec![];
    for window in windows::with_cancelled(app.db.read(), exam.id, app.db.now()).await? {
        let taken = windows::count(app.db.read(), window.id).await?;
        let seat = windows::seat_of(app.db.read(), window.id, member).await?;
        lines.push(WindowLine {
            id: window.id.to_string(),
            from: zone.instant(words, window.opens_at),
            to: zone.instant(words, window.closes_at),
            free: window.seats.map(|seats| seats.saturating_sub(taken)),
            mine: seat.is_some(),
            seen: seat.is_some_and(|seat| seat.identity_seen_at.is_some()),
            cancelled: window.cancelled.map(|(_, reason)| reason),
            name: window.name,
        });
    }
    Ok(lines)
}

struct Entry {
    slug: String,
    title: String,
    description: String,
    /// How long this person has; None without a clock.
    time: Option<String>,
    practice: bool,
    fee: Option<String>,
    /// What is to be given when beginning, in words.
    asks: Vec<String>,
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
        let (_, own, _) = time_of(app.db.read(), &exam, who.member).await?;
        let asks = found.asks.iter().map(|ask| shell.w.t(ask.key()));
        entries.push(Entry {
            time: (!exam.spec.sitting.untimed).then(|| length(shell.w, own)),
            asks: asks.collect(),
            reasons: reason_lines(&app, shell.w, &zone, &exam, &found).await?,
            title: title(&exam, shell.w),
            description: exam.spec.description.as_ref().map(pick).unwrap_or_default(),
            practice: exam.spec.sitting.practice,
            fee: exam.spec.sitting.fee.as_ref().map(pick),
            open: found.open.is_some(),
            eligible: found.is_met(),
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
