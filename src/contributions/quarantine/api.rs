//! `/api/v1/held`, `/api/v1/contributions/{id}/release`, strikes, and `/api/v1/reciprocity`.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::report::reciprocity;
use super::strikes::{self, Strike};
use super::{report, service};
use crate::access::{May, RecordStrikes, ReleaseContributions, SelfOr, WatchContributions};
use crate::app::App;
use crate::clock::rfc3339;
use crate::contributions::api::ContributionBody;
use crate::contributions::lifecycle::HeldBecause;
use crate::database::pagination::{Listed, PageQuery};
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Fault, Result};
use crate::ids::{ContributionId, MemberId, StrikeId};
use crate::web::input::Json;

#[derive(Deserialize)]
pub struct HeldQuery {
    reason: String,
    #[serde(default)]
    limit: Option<u64>,
    #[serde(default)]
    cursor: Option<String>,
}

/// `GET /api/v1/held?reason=…`.
pub async fn list_held(
    _: May<WatchContributions>,
    State(app): State<App>,
    Query(query): Query<HeldQuery>,
) -> Result<impl IntoResponse> {
    let why = HeldBecause::parse(&query.reason).ok_or_else(|| {
        let words: Vec<&str> = HeldBecause::ALL.into_iter().map(HeldBecause::as_str).collect();
        Error::invalid(vec![Fault::new("/reason", "unknown_word", format!("use one of: {}", words.join(", ")))])
    })?;
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let after = query.cursor.as_deref().map(str::parse).transpose().map_err(|_| Error::not_found())?;
    let found = service::list(app.db.read(), why, after, limit + 1).await?;
    let listed = Listed::cut(found, limit, |c| c.id.to_string());
    let data: Vec<ContributionBody> = listed.data.into_iter().map(ContributionBody::from).collect();
    Ok(axum::Json(Listed { data, next_cursor: listed.next_cursor, has_more: listed.has_more }))
}

/// `POST /api/v1/contributions/{id}/release`.
pub async fn release_contribution(
    may: May<ReleaseContributions>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let id: ContributionId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let released = service::release(&mut ch, id).await?;
    ch.audit(AuditEntry::new("contribution.release", id, json!({"member": released.member}))).await?;
    ch.commit().await?;
    Ok(axum::Json(ContributionBody::from(released)))
}

#[derive(Serialize)]
pub struct StrikeBody {
    id: String,
    member: String,
    reason: String,
    about: Option<String>,
    recorded_at: String,
    expires_at: String,
    lifted_at: Option<String>,
    lift_reason: Option<String>,
}

impl From<Strike> for StrikeBody {
    fn from(s: Strike) -> Self {
        Self {
            id: s.id.to_string(),
            member: s.member.to_string(),
            reason: s.reason,
            about: s.about,
            recorded_at: rfc3339(s.recorded_at),
            expires_at: rfc3339(s.expires_at),
            lifted_at: s.lifted_at.map(rfc3339),
            lift_reason: s.lift_reason,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrikeForm {
    reason: String,
    #[serde(default = "quarter")]
    days: u32,
    #[serde(default)]
    about: Option<String>,
}

fn quarter() -> u32 {
    90
}

/// `POST /api/v1/members/{id}/strikes`.
pub async fn record_strike(
    may: May<RecordStrikes>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<StrikeForm>,
) -> Result<impl IntoResponse> {
    let member: MemberId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let strike = strikes::record(&mut ch, member, &body.reason, body.days, body.about.as_deref()).await?;
    let said = json!({"strike": strike.id, "reason": strike.reason, "expires_at": rfc3339(strike.expires_at)});
    ch.audit(AuditEntry::new("strike.record", strike.member, said)).await?;
    ch.commit().await?;
    Ok((StatusCode::CREATED, axum::Json(StrikeBody::from(strike))))
}

/// `GET /api/v1/members/{id}/strikes`: the member sees their own.
pub async fn list_strikes(
    who: SelfOr<WatchContributions>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let member: MemberId = id.parse().map_err(|_| Error::not_found())?;
    who.about(member)?;
    let member = crate::members::find(app.db.read(), member).await?.id;
    let strikes = strikes::of_member(app.db.read(), member).await?;
    let all: Vec<StrikeBody> = strikes.into_iter().map(StrikeBody::from).collect();
    Ok(axum::Json(Listed::of(all, &page, |strike| strike.id.clone())?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiftBody {
    reason: String,
}

/// `POST /api/v1/strikes/{id}/lift`.
pub async fn lift_strike(
    may: May<RecordStrikes>,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<LiftBody>,
) -> Result<impl IntoResponse> {
    let id: StrikeId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let strike = strikes::lift(&ch, id, &body.reason).await?;
    ch.audit(AuditEntry::new("strike.lift", strike.member, json!({"strike": id, "reason": strike.lift_reason})))
        .await?;
    ch.commit().await?;
    Ok(axum::Json(StrikeBody::from(strike)))
}

#[derive(Deserialize)]
pub struct ReciprocityQuery {
    #[serde(default)]
    pub days: Option<u32>,
    #[serde(default)]
    pub threshold: Option<u32>,
}

impl ReciprocityQuery {
    /// Days back, and gifts each way.
    pub fn bounds(&self) -> (u32, u32) {
        (self.days.unwrap_or(90).clamp(1, 730), self.threshold.unwrap_or(3).clamp(1, 1000))
    }
}

/// `GET /api/v1/reciprocity`.
pub async fn read_reciprocity(
    _: May<WatchContributions>,
    State(app): State<App>,
    Query(query): Query<ReciprocityQuery>,
) -> Result<impl IntoResponse> {
    let (days, threshold) = query.bounds();
    let report: report::Reciprocity = reciprocity(app.db.read(), app.db.now(), days, threshold).await?;
    let groups = report.groups.iter().map(|group| {
        let edges = group.edges.iter().map(|(from, to, n)| json!({"from": from, "to": to, "count": n}));
        json!({
            "members": group.members, "inside": group.inside, "received": group.received, "share_percent": group.share(),
            "edges": edges.collect::<Vec<_>>(),
        })
    });
    Ok(axum::Json(json!({
        "since": rfc3339(report.since), "threshold": report.threshold, "facts": report.facts,
        "groups": groups.collect::<Vec<_>>(),
    })))
}
