//! `/api/v1/gatherings` and `/api/v1/attendances`.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::deciding::{self, Word};
use super::service::{self, Attendance, Gathering, NewGathering};
use crate::access::{HoldGatherings, May, SelfOr, SignedIn};
use crate::app::App;
use crate::clock::{Timestamp, parse_rfc3339, rfc3339};
use crate::database::pagination::{Listed, PageQuery};
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Fault, Result};
use crate::ids::{AttendanceId, GatheringId};
use crate::web::input::Json;

const MOST: u64 = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewGatheringBody {
    title: String,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    organizer: Option<String>,
    opens_at: String,
    closes_at: String,
    #[serde(default = "two_weeks")]
    late_days: u32,
    #[serde(default = "hundred")]
    use_limit: u32,
    #[serde(default = "yes")]
    rotates: bool,
}

fn two_weeks() -> u32 {
    14
}

fn hundred() -> u32 {
    100
}

fn yes() -> bool {
    true
}

#[derive(Serialize)]
pub struct GatheringBody {
    id: String,
    title: String,
    url: Option<String>,
    organizer: Option<String>,
    opens_at: String,
    closes_at: String,
    late_until: String,
    use_limit: u32,
    rotates: bool,
    /// Where whoever is there says so, now. It changes where the code rotates.
    attend_url: String,
    /// How many the code has let in.
    by_code: u64,
}

impl GatheringBody {
    async fn of(app: &App, g: Gathering) -> Result<Self> {
        Ok(Self {
            by_code: service::by_code(app.db.read(), g.id).await?,
            attend_url: app.links.to(&format!("/attend/{}/{}", g.id, g.code(app.db.now()))),
            id: g.id.to_string(),
            title: g.title,
            url: g.url,
            organizer: g.organizer.map(|m| m.to_string()),
            opens_at: rfc3339(g.opens_at),
            closes_at: rfc3339(g.closes_at),
            late_until: rfc3339(g.late_until),
            use_limit: g.use_limit,
            rotates: g.rotates,
        })
    }
}

#[derive(Serialize)]
pub struct AttendanceBody {
    id: String,
    gathering: String,
    member: String,
    state: &'static str,
    late: bool,
    note: Option<String>,
    claimed_at: String,
    reason: Option<String>,
    contribution: Option<String>,
}

impl From<Attendance> for AttendanceBody {
    fn from(a: Attendance) -> Self {
        Self {
            id: a.id.to_string(),
            gathering: a.gathering.to_string(),
            member: a.member.to_string(),
            state: a.state.as_str(),
            late: a.late,
            note: a.note,
            claimed_at: rfc3339(a.claimed_at),
            reason: a.reason,
            contribution: a.contribution,
        }
    }
}

fn moment(text: &str, pointer: &str) -> Result<Timestamp> {
    parse_rfc3339(text).ok_or_else(|| {
        let detail = "write a time such as 2026-11-21T18:00:00+09:00 (RFC 3339)";
        Error::invalid(vec![Fault::new(pointer, "invalid_time", detail)])
    })
}

/// `POST /api/v1/gatherings`.
pub async fn make_gathering(
    may: May<HoldGatherings>,
    State(app): State<App>,
    Json(body): Json<NewGatheringBody>,
) -> Result<impl IntoResponse> {
    let organizer = body.organizer.as_deref().map(str::parse).transpose();
    let new = NewGathering {
        title: body.title,
        url: body.url,
        organizer: organizer
            .map_err(|_| Error::invalid(vec![Fault::new("/organizer", "unknown_member", "no member has this id")]))?,
        opens_at: moment(&body.opens_at, "/opens_at")?,
        closes_at: moment(&body.closes_at, "/closes_at")?,
        late_days: body.late_days,
        use_limit: body.use_limit,
        rotates: body.rotates,
    };
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let made = service::make(&mut ch, new).await?;
    ch.audit(AuditEntry::new("gathering.make", made.id, json!({"use_limit": made.use_limit}))).await?;
    ch.commit().await?;
    Ok((StatusCode::CREATED, axum::Json(GatheringBody::of(&app, made).await?)))
}

/// `GET /api/v1/gatherings`.
pub async fn list_gatherings(
    _: May<HoldGatherings>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let mut data = vec![];
    for gathering in service::list(app.db.read(), MOST).await? {
        data.push(GatheringBody::of(&app, gathering).await?);
    }
    Ok(axum::Json(Listed::of(data, &page, |gathering: &GatheringBody| gathering.id.clone())?))
}

/// `GET /api/v1/gatherings/{id}`: with everybody who was there or says so.
pub async fn read_gathering(
    _: May<HoldGatherings>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let id: GatheringId = id.parse().map_err(|_| Error::not_found())?;
    let gathering = service::find(app.db.read(), id).await?;
    let people: Vec<AttendanceBody> =
        service::attendances(app.db.read(), id).await?.into_iter().map(AttendanceBody::from).collect();
    let mut body = serde_json::to_value(GatheringBody::of(&app, gathering).await?)?;
    body["attendances"] = serde_json::to_value(people)?;
    Ok(axum::Json(body))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttendBody {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    note: Option<String>,
}

/// `POST /api/v1/gatherings/{id}/attendances`, as the member: with the code, or with a note for the organizer.
pub async fn attend_call(
    who: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<AttendBody>,
) -> Result<impl IntoResponse> {
    let id: GatheringId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let attendance = match (body.code, body.note) {
        (Some(code), None) => service::attend(&mut ch, id, who.member, &code).await?,
        (None, Some(note)) => service::ask_late(&mut ch, id, who.member, &note).await?,
        _ => {
            let detail = "give `code`, or `note` where you have none";
            return Err(Error::invalid(vec![Fault::new("", "code_or_note", detail)]));
        }
    };
    ch.commit().await?;
    Ok((StatusCode::CREATED, axum::Json(AttendanceBody::from(attendance))))
}

/// `POST /api/v1/attendances/{id}/confirm`, by the organizer or by staff who hold gatherings.
pub async fn confirm_attendance(
    who: SelfOr<HoldGatherings>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let id: AttendanceId = id.parse().map_err(|_| Error::not_found())?;
    let decided = deciding::decide(&app, &who.principal, id, Word::WasThere).await?;
    Ok(axum::Json(AttendanceBody::from(decided)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefuseBody {
    reason: String,
}

/// `POST /api/v1/attendances/{id}/refuse`.
pub async fn refuse_attendance(
    who: SelfOr<HoldGatherings>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<RefuseBody>,
) -> Result<impl IntoResponse> {
    let id: AttendanceId = id.parse().map_err(|_| Error::not_found())?;
    let decided = deciding::decide(&app, &who.principal, id, Word::WasNot(&body.reason)).await?;
    Ok(axum::Json(AttendanceBody::from(decided)))
}
