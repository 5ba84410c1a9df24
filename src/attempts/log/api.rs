//! The player reports what it noticed; staff read the whole log.

use axum::Json as Answered;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::json;

use super::chain;
use super::kind::Kind;
use super::service::{self, Reported};
use crate::access::{Candidate, May, WatchAttempts};
use crate::app::App;
use crate::attempts::in_path::attempt_id;
use crate::attempts::service::{find_for_staff, lock};
use crate::clock::parse_rfc3339;
use crate::database::Kind as ChangeKind;
use crate::error::{Error, Fault, Result};
use crate::web::input::Json;

/// Events in one report.
const AT_ONCE: usize = 50;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportBody {
    events: Vec<EventBody>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventBody {
    kind: String,
    #[serde(default)]
    position: Option<u32>,
    /// By the clock of the device.
    #[serde(default)]
    at: Option<String>,
}

/// `POST /api/v1/attempts/{id}/events` `{events: [{kind, position?, at?}]}` → 202 `{taken, dropped}`. Also after the end: a player that was offline tells late.
pub async fn report_events(
    who: Candidate,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(body): Json<ReportBody>,
) -> Result<impl IntoResponse> {
    let id = attempt_id(&id)?;
    if body.events.len() > AT_ONCE {
        let detail = format!("send at most {AT_ONCE} events at once");
        return Err(Error::invalid(vec![Fault::new("/events", "too_many", detail)]));
    }
    let mut reported = vec![];
    for (n, event) in body.events.iter().enumerate() {
        let at = |name: &str| format!("/events/{n}/{name}");
        let kind = Kind::from_player(&event.kind).ok_or_else(|| {
            Error::invalid(vec![Fault::new(at("kind"), "unknown_kind", "this is nothing that a player may report")])
        })?;
        let client_at = match &event.at {
            None => None,
            Some(text) => Some(parse_rfc3339(text).ok_or_else(|| {
                Error::invalid(vec![Fault::new(at("at"), "not_a_time", "a time like 2026-11-21T09:00:00Z")])
            })?),
        };
        reported.push(Reported { kind, position: event.position, client_at });
    }
    let mut ch = app.db.change(who.actor(), ChangeKind::Ordinary).await?;
    lock(&mut ch, id, who.member).await?;
    let taken = service::report(&mut ch, id, &reported).await?;
    ch.commit().await?;
    Ok((StatusCode::ACCEPTED, Answered(json!({"taken": taken, "dropped": reported.len() - taken}))))
}

/// `GET /api/v1/attempts/{id}/events` → `{attempt, events: [{seq, at, client_at, kind, payload, prev_hash, hash}], holds}`: for staff.
pub async fn read_events(
    _: May<WatchAttempts>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let attempt = find_for_staff(app.db.read(), attempt_id(&id)?).await?;
    let log = service::of_attempt(app.db.read(), attempt.id).await?;
    let broken = chain::verify(&log).err().map(|broken| broken.to_string());
    Ok(Answered(json!({"attempt": log.attempt, "events": log.events, "holds": broken.is_none(), "broken": broken})))
}
