//! What staff set up before an exam: windows with their rosters.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::windows::{self, NewWindow, Window, open_window, see_identity};
use crate::access::{May, Posted, ScheduleExams};
use crate::app::App;
use crate::attempts::pages::{title, zone};
use crate::attempts::wording::{Person, person};
use crate::clock::{Timestamp, parse_rfc3339};
use crate::database::Kind;
use crate::error::{Code, Error, Fault, Result};
use crate::exams::{self, Exam};
use crate::ids::{ExamWindowId, MemberId};
use crate::members;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;

pub(super) async fn exam_of(app: &App, slug: &str) -> Result<Exam> {
    exams::find(app.db.read(), slug).await?.ok_or_else(Error::not_found)
}

struct WindowRow {
    id: String,
    name: String,
    from: String,
    to: String,
    seats: Option<u64>,
    taken: u64,
    cuts: bool,
}

#[derive(Template)]
#[template(path = "attempts/windows.html")]
struct WindowsPage {
    shell: Shell,
    slug: String,
    title: String,
    rows: Vec<WindowRow>,
    /// What was written, where it did not fit.
    form: WindowForm,
    /// The fields at fault with what to write there.
    wrong: Vec<(&'static str, String)>,
}

impl WindowsPage {
    /// What to write in the field, where what stands there does not fit.
    fn beside(&self, field: &str) -> &str {
        self.wrong.iter().find(|(name, _)| *name == field).map_or("", |(_, text)| text.as_str())
    }
}

async fn row(app: &App, words: Words, zone: &Zone, window: Window) -> Result<WindowRow> {
    Ok(WindowRow {
        id: window.id.to_string(),
        from: zone.instant(words, window.opens_at),
        to: zone.instant(words, window.closes_at),
        seats: window.seats,
        taken: windows::count(app.db.read(), window.id).await?,
        cuts: window.cuts,
        name: window.name,
    })
}

/// `GET /admin/exams/{slug}/windows`.
pub async fn windows_page(
    staff: May<ScheduleExams>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    let exam = exam_of(&app, &slug).await?;
    Ok(Page(planned(&app, staff.shell(), &exam, WindowForm::default(), vec![]).await?))
}

async fn planned(
    app: &App,
    shell: Shell,
    exam: &Exam,
    form: WindowForm,
    wrong: Vec<(&'static str, String)>,
) -> Result<WindowsPage> {
    let zone = zone(app).await?;
    let mut rows = vec![];
    // Since the beginning: staff look at those that are over as well.
    for window in windows::of_exam(app.db.read(), exam.id, Timestamp::UNIX_EPOCH).await? {
        rows.push(row(app, shell.w, &zone, window).await?);
    }
    Ok(WindowsPage { title: title(exam, shell.w), slug: exam.spec.slug.clone(), rows, form, wrong, shell })
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowForm {
    name: String,
    /// Day of the program's calendar and time of its clock: `2027-04-01`, `09:30`.
    day: String,
    from: String,
    until_day: String,
    until: String,
    #[serde(default)]
    seats: String,
    #[serde(default)]
    cuts: Option<String>,
    #[serde(default)]
    identity: Option<String>,
    #[serde(default)]
    start_code: String,
}

/// A day and a time of the zone's clock. On the day of a change of clocks the time counts from the beginning of that day.
fn moment(zone: &Zone, day: &str, clock: &str, pointer: &str) -> Result<Timestamp> {
    let wrong =
        || Error::invalid(vec![Fault::new(pointer, "not_a_time", "write a day like 2027-04-01 and a time like 09:30")]);
    let (first, _) = zone.day(day).ok_or_else(wrong)?;
    let of_day = parse_rfc3339(&format!("1970-01-01T{clock}:00Z")).filter(|_| clock.len() == 5).ok_or_else(wrong)?;
    Ok(first + (of_day - Timestamp::UNIX_EPOCH))
}

impl WindowForm {
    fn window(self, zone: &Zone) -> Result<NewWindow> {
        let seats = Some(self.seats.trim()).filter(|text| !text.is_empty());
        Ok(NewWindow {
            opens_at: moment(zone, &self.day, &self.from, "/day")?,
            closes_at: moment(zone, &self.until_day, &self.until, "/until_day")?,
            // What is no number is refused as one that does not fit.
            seats: seats.map(|text| text.parse().unwrap_or_default()),
            name: self.name,
            cuts: self.cuts.is_some(),
            identity: self.identity.is_some(),
            start_code: Some(self.start_code),
        })
    }
}

/// The field that a fault is about, and what to write there.
fn worded(words: Words, fault: &Fault) -> (&'static str, String) {
    let (field, key) = match fault.pointer.as_str() {
        "/name" => ("name", "windows-fault-name"),
        "/day" => ("day", "windows-fault-opens"),
        "/until_day" => ("until_day", "windows-fault-closes"),
        "/closes_at" => ("until_day", "windows-fault-backwards"),
        "/seats" => ("seats", "windows-fault-seats"),
        _ => ("start_code", "windows-fault-start-code"),
    };
    (field, words.t(key))
}

/// `POST /admin/exams/{slug}/windows`.
pub async fn windows_post(
    staff: May<ScheduleExams>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(form): Posted<WindowForm>,
) -> Result<Response> {
    let (exam, zone) = (exam_of(&app, &slug).await?, zone(&app).await?);
    match plan_window(&app, &staff, &exam, form.clone().window(&zone)).await {
        Ok(id) => Ok(see_other(&format!("/admin/windows/{id}"))),
        Err(e) if e.code() == Code::ValidationFailed => {
            let wrong = e.faults().iter().map(|fault| worded(staff.visitor.words, fault)).collect();
            let page = planned(&app, staff.shell(), &exam, form, wrong).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(e) => Err(e),
    }
}

async fn plan_window(
    app: &App,
    staff: &May<ScheduleExams>,
    exam: &Exam,
    new: Result<NewWindow>,
) -> Result<ExamWindowId> {
    let new = new?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let id = open_window(&mut ch, exam.id, new).await?;
    ch.commit().await?;
    Ok(id)
}

struct SeatRow {
    member: String,
    name: String,
    registered: String,
    /// When staff saw their papers, and who did.
    seen: Option<(String, Person)>,
}

#[derive(Template)]
#[template(path = "attempts/window.html")]
struct WindowPage {
    shell: Shell,
    slug: String,
    title: String,
    window: WindowRow,
    identity: bool,
    start_code: Option<String>,
    seats: Vec<SeatRow>,
}

/// `GET /admin/windows/{id}`: the room: who has a seat, whose papers were seen, and what to say when it begins.
pub async fn window_page(
    staff: May<ScheduleExams>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let (shell, zone) = (staff.shell(), zone(&app).await?);
    let id: ExamWindowId = id.parse().map_err(|_| Error::not_found())?;
    let window = windows::find(app.db.read(), id).await?;
    let listed = exams::list(app.db.read()).await?;
    let exam = listed.into_iter().find(|exam| exam.id == window.exam).ok_or_else(Error::not_found)?;
    let mut seats = vec![];
    for seat in windows::roster(app.db.read(), id).await? {
        let member = members::find(app.db.read(), seat.member).await?;
        let seen = match seat.identity_seen_at {
            Some(at) => {
                let by = seat.identity_seen_by.as_deref().unwrap_or_default();
                Some((zone.clock(at), person(app.db.read(), shell.w, by).await?))
            }
            None => None,
        };
        seats.push(SeatRow {
            member: member.id.to_string(),
            name: member.name,
            registered: zone.instant(shell.w, seat.registered_at),
            seen,
        });
    }
    Ok(Page(WindowPage {
        title: title(&exam, shell.w),
        slug: exam.spec.slug,
        identity: window.identity,
        start_code: window.start_code.clone(),
        window: row(&app, shell.w, &zone, window).await?,
        seats,
        shell,
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenForm {
    member: String,
}

/// `POST /admin/windows/{id}`: the papers of this person were seen.
pub async fn identity_post(
    staff: May<ScheduleExams>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<SeenForm>,
) -> Result<Response> {
    let id: ExamWindowId = id.parse().map_err(|_| Error::not_found())?;
    let member: MemberId = form.member.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    see_identity(&mut ch, id, member).await?;
    ch.commit().await?;
    Ok(see_other(&format!("/admin/windows/{id}")))
}
