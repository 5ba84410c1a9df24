//! Eligibility, vouchers and accommodations as JSON.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::{Extension, Json as Answered};
use serde::Deserialize;
use serde_json::{Value, json};
use waymark_assess::attempt::Allowance;

use super::accommodations::{accommodations_of, approve};
use super::eligibility::{as_json, eligibility};
use super::vouchers::{NewVouchers, make};
use crate::access::{ApproveAccommodations, MakeVouchers, May, NotKept, SignedIn};
use crate::app::App;
use crate::clock::{Timestamp, parse_rfc3339, rfc3339};
use crate::database::Kind;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Error, Fault, Result};
use crate::exams::{self, Exam};
use crate::ids::MemberId;
use crate::members;
use crate::web::input::Json;

pub(super) async fn exam_of(app: &App, slug: &str) -> Result<Exam> {
    exams::find(app.db.read(), slug).await?.ok_or_else(Error::not_found)
}

pub(super) fn moment(text: &str, pointer: &str) -> Result<Timestamp> {
    let detail = "write a time like 2027-04-01T09:00:00Z";
    parse_rfc3339(text).ok_or_else(|| Error::invalid(vec![Fault::new(pointer, "not_a_time", detail)]))
}

/// `GET /api/v1/exams/{slug}/eligibility` → `{exam, eligible, reasons: [{id, met, about?, until?}], asks, agreement?}`, about the member who asks.
pub async fn eligibility_call(
    who: SignedIn,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    let exam = exam_of(&app, &slug).await?;
    let found = eligibility(app.db.read(), &exam, who.member, app.db.now()).await?;
    let mut body = json!({
        "exam": slug,
        "eligible": found.is_met(),
        "attempt": found.open,
        "reasons": found.reasons.iter().map(as_json).collect::<Value>(),
        "asks": found.asks.iter().map(|ask| ask.as_str()).collect::<Vec<_>>(),
    });
    if let (Some(text), Some(hash)) = (&exam.spec.sitting.agreement, exam.spec.sitting.agreement_hash()) {
        body["agreement"] = json!({"hash": hash, "text": text});
    }
    Ok(Answered(body))
}

/// What a page of a list goes on from.
pub(super) fn id_of(row: &Value) -> String {
    row["id"].as_str().unwrap_or_default().to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VouchersBody {
    exam: String,
    count: u32,
    #[serde(default)]
    batch: String,
    #[serde(default)]
    expires_at: Option<String>,
}

/// `POST /api/v1/vouchers` `{exam, count, batch?, expires_at?}` → 201 `{exam, batch, expires_at, vouchers: [{id, code}]}`: the codes are shown this once.
pub async fn make_vouchers(
    staff: May<MakeVouchers>,
    State(app): State<App>,
    Json(body): Json<VouchersBody>,
) -> Result<impl IntoResponse> {
    let exam = exams::find(app.db.read(), &body.exam).await?.ok_or_else(|| {
        Error::invalid(vec![Fault::new(
            "/exam",
            "unknown_exam",
            "name an exam by its slug: GET /api/v1/exams lists them",
        )])
    })?;
    let expires_at = body.expires_at.as_deref().map(|text| moment(text, "/expires_at")).transpose()?;
    let new = NewVouchers { count: body.count, batch: body.batch, expires_at };
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let made = make(&mut ch, exam.id, &new).await?;
    ch.commit().await?;
    let vouchers: Vec<Value> = made.iter().map(|(id, code)| json!({"id": id, "code": code})).collect();
    let body = json!({"exam": exam.spec.slug, "batch": new.batch, "expires_at": expires_at.map(rfc3339), "vouchers": vouchers});
    // The codes are shown this once: no kept answer may show them again.
    Ok((StatusCode::CREATED, Extension(NotKept), Answered(body)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccommodationBody {
    /// Every exam where it is left out.
    #[serde(default)]
    exam: Option<String>,
    #[serde(default = "whole")]
    percent: u32,
    #[serde(default)]
    minutes: u32,
    #[serde(default)]
    break_minutes: u32,
    reason: String,
}

fn whole() -> u32 {
    100
}

async fn member_of(app: &App, id: &str) -> Result<MemberId> {
    let id: MemberId = id.parse().map_err(|_| Error::not_found())?;
    if members::exists(app.db.read(), id).await? { Ok(id) } else { Err(Error::not_found()) }
}

/// `POST /api/v1/members/{id}/accommodations` → 201 `{id}`. In force at once.
pub async fn approve_call(
    staff: May<ApproveAccommodations>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<AccommodationBody>,
) -> Result<impl IntoResponse> {
    let member = member_of(&app, &id).await?;
    let exam = match &body.exam {
        Some(slug) => Some(exam_of(&app, slug).await?.id),
        None => None,
    };
    let allowance = Allowance { percent: body.percent, minutes: body.minutes, break_minutes: body.break_minutes };
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let id = approve(&mut ch, member, exam, allowance, &body.reason).await?;
    ch.commit().await?;
    Ok((StatusCode::CREATED, Answered(json!({"id": id}))))
}

/// `GET /api/v1/members/{id}/accommodations`: with who approved them and why.
pub async fn list_accommodations(
    _: May<ApproveAccommodations>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let member = member_of(&app, &id).await?;
    let all = accommodations_of(app.db.read(), member).await?;
    let row = |each: &super::Accommodation| {
        json!({
            "id": each.id,
            "exam": each.exam,
            "percent": each.allowance.percent,
            "minutes": each.allowance.minutes,
            "break_minutes": each.allowance.break_minutes,
            "reason": each.reason,
            "approved_by": each.approved_by,
            "approved_at": rfc3339(each.approved_at),
            "ended_at": each.ended_at.map(rfc3339),
        })
    };
    Ok(Answered(Listed::of(all.iter().map(row).collect(), &page, id_of)?))
}
