//! `POST /api/v1/exams/{slug}/results`, and the list of what came.

use axum::Json as Answered;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};

use super::entry::Entry;
use super::list::{Received, received};
use super::service::{self, Outcome};
use crate::access::{May, ReadResults, SendResults};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::rfc3339;
use crate::database::Kind;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Code, Error, Fault, Result};
use crate::exams::{self, Exam};
use crate::ids::OutsideResultId;
use crate::web::input::Json;

/// Results in one batch.
pub(super) const BATCH_LIMIT: usize = 1_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiveQuery {
    #[serde(default)]
    dry_run: bool,
}

/// `POST /api/v1/exams/{slug}/results`: one result or a list of them, `{candidate, form?, score, of?, sections?, delivered_by, at, reference?}` → 202
/// `{results: [{id, outcome: accepted|duplicate|held|rejected, corrects?, reason?, errors?}], dry_run}`. A malformed single one → 422; in a list, one
/// rejected entry. With `?dry_run=true` nothing is stored: 200 with what would become of each.
pub async fn receive_outside(
    may: May<SendResults>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<ReceiveQuery>,
    Json(body): Json<Value>,
) -> Result<impl IntoResponse> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    // Whoever may not send learns nothing of what is wrong with it either.
    service::admitted(app.db.read(), &exam, may.actor()).await?;
    let now = app.db.now();
    let entries = match &body {
        Value::Array(list) if list.len() > BATCH_LIMIT => return Err(Error::new(Code::TooLarge)),
        Value::Array(list) => {
            list.iter().enumerate().map(|(n, value)| Entry::read(value, &format!("/{n}"), now)).collect()
        }
        single => vec![Ok(Entry::read(single, "", now).map_err(Error::invalid)?)],
    };
    let results = if asked.dry_run {
        try_all(&app, may.actor(), &exam, &entries).await?
    } else {
        take_all(&app, may.actor(), &exam, entries).await?
    };
    if let ([Err(faults)], false) = (results.as_slice(), body.is_array()) {
        return Err(Error::invalid(faults.clone()));
    }
    let status = if asked.dry_run { StatusCode::OK } else { StatusCode::ACCEPTED };
    let results: Vec<Value> = results.iter().map(|result| described(result, asked.dry_run)).collect();
    Ok((status, Answered(json!({"results": results, "dry_run": asked.dry_run}))))
}

/// What would become of each, one after the other; nothing is stored.
pub(super) async fn try_all(
    app: &App,
    actor: Actor,
    exam: &Exam,
    entries: &[Result<Entry, Vec<Fault>>],
) -> Result<Vec<Result<Outcome, Vec<Fault>>>> {
    let most = service::most_points(app, exam).await?;
    let mut ch = app.db.change(actor, Kind::Ordinary).await?;
    service::admitted(ch.tx(), exam, actor).await?;
    let mut results = vec![];
    for entry in entries {
        let tried = match entry {
            Ok(entry) => service::receive(&mut ch, exam, most, entry).await,
            Err(faults) => Err(Error::invalid(faults.clone())),
        };
        results.push(match tried {
            Err(e) if e.code() == Code::ValidationFailed => Err(e.faults().to_vec()),
            other => Ok(other?),
        });
    }
    ch.undo().await?;
    Ok(results)
}

/// What became of each, in order; a wrong one stops no other.
///
/// # Errors
/// A sender whom the exam does not admit.
pub(super) async fn take_all(
    app: &App,
    actor: Actor,
    exam: &Exam,
    entries: Vec<Result<Entry, Vec<Fault>>>,
) -> Result<Vec<Result<Outcome, Vec<Fault>>>> {
    service::admitted(app.db.read(), exam, actor).await?;
    let most = service::most_points(app, exam).await?;
    let mut results = vec![];
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(faults) => {
                results.push(Err(faults));
                continue;
            }
        };
        let mut ch = app.db.change(actor, Kind::Ordinary).await?;
        match service::receive(&mut ch, exam, most, &entry).await {
            Ok(outcome) => {
                ch.commit().await?;
                results.push(Ok(outcome));
            }
            Err(e) if e.code() == Code::ValidationFailed => results.push(Err(e.faults().to_vec())),
            Err(e) => return Err(e),
        }
    }
    Ok(results)
}

/// The id of a result that was only tried is nobody's.
fn described(result: &Result<Outcome, Vec<Fault>>, dry_run: bool) -> Value {
    let own = |id: &OutsideResultId| (!dry_run).then_some(*id);
    match result {
        Ok(Outcome::Accepted { id, corrects }) => json!({"id": own(id), "outcome": "accepted", "corrects": corrects}),
        // Of a list that is tried, the one before may be nobody's, too.
        Ok(Outcome::Duplicate { id }) => json!({"id": own(id), "outcome": "duplicate"}),
        Ok(Outcome::Held { id, corrects }) => {
            json!({"id": own(id), "outcome": "held", "reason": "unknown_candidate", "corrects": corrects})
        }
        Err(faults) => json!({
            "id": null,
            "outcome": "rejected",
            "reason": faults.first().map(|fault| fault.code),
            "errors": faults,
        }),
    }
}

/// `GET /api/v1/exams/{slug}/outside-results` → every version of each, those received last first.
pub async fn read_outside(
    _: May<ReadResults>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let exam = exams::find(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let rows = received(app.db.read(), &exam, page.cursor.as_deref(), page.limit() + 1).await?;
    let listed = Listed::cut(rows, page.limit(), |row| row.id.clone());
    let data = listed.data.iter().map(written).collect::<Vec<Value>>();
    Ok(Answered(Listed { data, next_cursor: listed.next_cursor, has_more: listed.has_more }))
}

fn written(row: &Received) -> Value {
    json!({
        "id": row.id,
        "version": row.version,
        "state": row.state(),
        "candidate": row.candidate,
        "member": row.member,
        "score": row.content["score"],
        "of": row.content["of"],
        "form": row.content["form"],
        "sections": row.content["sections"],
        "delivered_by": row.delivered_by,
        "at": rfc3339(row.happened_at),
        "received_at": rfc3339(row.received_at),
    })
}
