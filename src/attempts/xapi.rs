//! A released result as xAPI statements (Experience API 1.0.3): began, ended, passed or failed. For staff to hand on.
//!
//! Only after release, and never with an answer, an option or a key. The id of a statement follows from the attempt and the verb, so that handing them on twice
//! makes nothing twice. The actor is an account of ours, never an address.

use axum::Json as Answered;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use waymark_assess::Rational;
use waymark_assess::attempt::{Attempt as Life, Closing};

use super::closing::{Released, Verdict, verdict};
use super::in_path::attempt_id;
use super::service::{Attempt, find_for_staff};
use crate::access::{May, ReadResults};
use crate::app::App;
use crate::clock::{Timestamp, rfc3339};
use crate::error::{Code, Error, Result};
use crate::exams::{self, Exam};

/// `GET /api/v1/attempts/{id}/xapi` → `[statement, …]`.
///
/// # Errors
/// An attempt that is open; a result that is not released.
pub async fn statements(
    _: May<ReadResults>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let attempt = find_for_staff(app.db.read(), attempt_id(&id)?).await?;
    let Life::Closed(closed) = attempt.life else { return Err(Error::new(Code::AttemptOpen)) };
    let Some(Verdict::Released(result)) = verdict(app.db.read(), &attempt).await? else {
        return Err(Error::new(Code::Conflict));
    };
    let exam = exams::by_id(app.db.read(), attempt.exam, attempt.exam_version).await?;
    let ended = match closed.how {
        Closing::Submitted => "http://adlnet.gov/expapi/verbs/completed",
        _ => "http://adlnet.gov/expapi/verbs/terminated",
    };
    let verdict = match result.passed {
        true => "http://adlnet.gov/expapi/verbs/passed",
        false => "http://adlnet.gov/expapi/verbs/failed",
    };
    let began = closed.sitting.started_at;
    let outcome = outcome(&result, began, closed.at);
    let made = |verb: &str, at: Timestamp, result: Option<&Value>| statement(&app, &attempt, &exam, verb, at, result);
    Ok(Answered(json!([
        made("http://adlnet.gov/expapi/verbs/initialized", began, None),
        made(ended, closed.at, None),
        made(verdict, closed.at, Some(&outcome)),
    ])))
}

fn statement(app: &App, attempt: &Attempt, exam: &Exam, verb: &str, at: Timestamp, result: Option<&Value>) -> Value {
    let hash = Sha256::new().chain_update(attempt.id.to_string()).chain_update([0x1F]).chain_update(verb).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    let mut statement = json!({
        "id": uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string(),
        "actor": {"objectType": "Agent", "account": {"homePage": app.links.base(), "name": attempt.member}},
        "verb": {"id": verb},
        "object": {
            "objectType": "Activity",
            "id": format!("{}/exams/{}", app.links.base(), exam.spec.slug),
            "definition": {"type": "http://adlnet.gov/expapi/activities/assessment"},
        },
        "context": {"extensions": {format!("{}/xapi/attempt", app.links.base()): attempt.id}},
        "timestamp": rfc3339(at),
    });
    if let Some(result) = result {
        statement["result"] = result.clone();
    }
    statement
}

/// Points may be thirds; xAPI wants decimal numbers, so these are rounded, and only here.
fn outcome(result: &Released, began: Timestamp, ended: Timestamp) -> Value {
    let decimal = |value: Rational| value.numerator() as f64 / value.denominator() as f64;
    let (raw, max) = (decimal(result.points), decimal(result.max));
    let scaled = if max > 0.0 { raw / max } else { 0.0 };
    json!({
        "score": {"scaled": scaled, "raw": raw, "min": 0, "max": max},
        "success": result.passed,
        "completion": true,
        "duration": format!("PT{}S", (ended - began).whole_seconds()),
    })
}
