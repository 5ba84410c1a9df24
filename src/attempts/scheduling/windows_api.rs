//! Windows and seats as JSON.

use axum::Json as Answered;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::api::{exam_of, id_of, moment};
use super::changing::{cancel_window, change_window};
use super::windows::{self, NewWindow, Window, open_window, register};
use crate::access::{May, ScheduleExams, SignedIn};
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::Kind;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Error, Result};
use crate::ids::ExamWindowId;
use crate::web::input::Json;

fn window_json(window: &Window, taken: u64) -> Value {
    json!({
        "id": window.id,
        "name": window.name,
        "opens_at": rfc3339(window.opens_at),
        "closes_at": rfc3339(window.closes_at),
        "seats": window.seats,
        "taken": taken,
        "cuts": window.cuts,
        "identity": window.identity,
        "cancelled_at": window.cancelled.as_ref().map(|(at, _)| rfc3339(*at)),
        "cancel_reason": window.cancelled.as_ref().map(|(_, reason)| reason),
    })
}

/// `GET /api/v1/exams/{slug}/windows`: those that are open or lie ahead.
pub async fn list_windows(
    _: SignedIn,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let exam = exam_of(&app, &slug).await?;
    let mut data = vec![];
    for window in windows::of_exam(app.db.read(), exam.id, app.db.now()).await? {
        let taken = windows::count(app.db.read(), window.id).await?;
        data.push(window_json(&window, taken));
    }
    Ok(Answered(Listed::of(data, &page, id_of)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowBody {
    name: String,
    opens_at: String,
    closes_at: String,
    #[serde(default)]
    seats: Option<u64>,
    #[serde(default)]
    cuts: bool,
    #[serde(default)]
    identity: bool,
    #[serde(default)]
    start_code: Option<String>,
}

/// What is shown to nobody, and what keeps people out, stays as it is where the call does not speak of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeBody {
    name: String,
    opens_at: String,
    closes_at: String,
    #[serde(default)]
    seats: Option<u64>,
    #[serde(default)]
    cuts: Option<bool>,
    #[serde(default)]
    identity: Option<bool>,
    #[serde(default, deserialize_with = "said")]
    start_code: Option<Option<String>>,
}

/// Null takes away; what is absent was not said.
fn said<'de, D: Deserializer<'de>>(from: D) -> std::result::Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

impl WindowBody {
    fn window(self) -> Result<NewWindow> {
        Ok(NewWindow {
            opens_at: moment(&self.opens_at, "/opens_at")?,
            closes_at: moment(&self.closes_at, "/closes_at")?,
            name: self.name,
            seats: self.seats,
            cuts: self.cuts,
            identity: self.identity,
            start_code: self.start_code,
        })
    }
}

/// `POST /api/v1/exams/{slug}/windows` → 201.
pub async fn open_window_call(
    staff: May<ScheduleExams>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Json(body): Json<WindowBody>,
) -> Result<impl IntoResponse> {
    let exam = exam_of(&app, &slug).await?;
    let new = body.window()?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let id = open_window(&mut ch, exam.id, new).await?;
    ch.commit().await?;
    let window = windows::find(app.db.read(), id).await?;
    Ok((StatusCode::CREATED, Answered(window_json(&window, 0))))
}

async fn answered(app: &App, id: ExamWindowId) -> Result<Answered<Value>> {
    let window = windows::find(app.db.read(), id).await?;
    Ok(Answered(window_json(&window, windows::count(app.db.read(), id).await?)))
}

/// `PUT /api/v1/windows/{id}`: other times, seats and rules, before it opens.
pub async fn change_window_call(
    staff: May<ScheduleExams>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<ChangeBody>,
) -> Result<impl IntoResponse> {
    let id: ExamWindowId = id.parse().map_err(|_| Error::not_found())?;
    let (opens_at, closes_at) = (moment(&body.opens_at, "/opens_at")?, moment(&body.closes_at, "/closes_at")?);
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let new = |known: &Window| NewWindow {
        name: body.name,
        opens_at,
        closes_at,
        seats: body.seats,
        cuts: body.cuts.unwrap_or(known.cuts),
        identity: body.identity.unwrap_or(known.identity),
        start_code: body.start_code.unwrap_or_else(|| known.start_code.clone()),
    };
    change_window(&mut ch, id, new).await?;
    ch.commit().await?;
    answered(&app, id).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelBody {
    reason: String,
}

/// `POST /api/v1/windows/{id}/cancel` `{reason}`: nobody begins in it any more, and whoever has a seat hears of it.
pub async fn cancel_window_call(
    staff: May<ScheduleExams>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<CancelBody>,
) -> Result<impl IntoResponse> {
    let id: ExamWindowId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    cancel_window(&mut ch, id, &body.reason).await?;
    ch.commit().await?;
    answered(&app, id).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterBody {
    window: String,
}

/// `POST /api/v1/exams/{slug}/seats` `{window}`: takes a seat, as the member; a second time answers the first.
pub async fn register_call(
    who: SignedIn,
    State(app): State<App>,
    Path(slug): Path<String>,
    Json(body): Json<RegisterBody>,
) -> Result<impl IntoResponse> {
    let exam = exam_of(&app, &slug).await?;
    let id: ExamWindowId = body.window.parse().map_err(|_| Error::not_found())?;
    let window = windows::find(app.db.read(), id).await?;
    if window.exam != exam.id {
        return Err(Error::not_found());
    }
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    register(&mut ch, id, who.member).await?;
    ch.commit().await?;
    Ok((StatusCode::CREATED, answered(&app, id).await?))
}
