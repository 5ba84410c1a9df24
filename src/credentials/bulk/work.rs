//! Starting a checked table as long work, and doing one row of it.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::check::{Checked, row_report};
use super::sheet::Settings;
use crate::actor::Actor;
use crate::app::App;
use crate::credentials::award::Awarded;
use crate::credentials::find::{self, Credential};
use crate::credentials::issue::{IssueRequest, issue};
use crate::credentials::release::release;
use crate::database::{AuditEntry, Kind};
use crate::error::{Code, Error, Result};
use crate::ids::JobId;
use crate::jobs::{self, Claimed, Job, JobKind, NewJob, NewRow, Outcome};

/// The same file with the same settings is the same work while it has not ended.
pub fn key_of(settings: &Settings) -> Result<String> {
    Ok(hex(&Sha256::digest(serde_json::to_vec(settings)?)))
}

/// SHA-256 of a file, as it stands in [`Settings`].
pub fn hash_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Stores the file; nothing is issued.
pub async fn prepare(
    app: &App,
    actor: Actor,
    settings: &Settings,
    bytes: Vec<u8>,
    key: Option<String>,
) -> Result<JobId> {
    let ch = app.db.change(actor, Kind::Ordinary).await?;
    let new = NewJob { kind: JobKind::BulkIssue, input: serde_json::to_value(settings)?, attachment: Some(bytes), key };
    let id = jobs::prepare(&ch, new).await?;
    ch.commit().await?;
    Ok(id)
}

/// Starts issuing the good rows, in the name of `actor`; the others stand in the report as refused. Answers false where it was started before.
pub async fn start(app: &App, actor: Actor, id: JobId, settings: &Settings, checked: &Checked) -> Result<bool> {
    let rows: Vec<NewRow> = checked
        .sheet
        .rows
        .iter()
        .map(|row| {
            let mut said = row_report(row);
            if let Value::Object(said) = &mut said {
                said.remove("ok");
            }
            match &row.request {
                Some(request) => NewRow { input: json!({"request": request, "said": said}), refused: None },
                None => NewRow { input: json!({"cells": row.cells}), refused: Some(said) },
            }
        })
        .collect();
    let mut input = serde_json::to_value(settings)?;
    input["header"] = json!(checked.sheet.header);
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    if !jobs::start(&ch, id, &input, &rows).await? {
        ch.undo().await?;
        return Ok(false);
    }
    let said =
        json!({"rows": rows.len(), "refused": checked.errors(), "track": settings.track, "sha256": settings.sha256});
    ch.audit(AuditEntry::new("credential.bulk", id, said)).await?;
    ch.commit().await?;
    // A worker that rests looks again.
    app.db.bell.notify_one();
    Ok(true)
}

/// Does one row: proposal, award, audit row and the row's own end are one change. Signing follows it; what a crash leaves unsigned is released
/// like every other award. Answers whether there was something to do.
pub async fn work(app: &App, job: &Job) -> Result<bool> {
    let mut ch = app.db.change(job.actor(), Kind::Privileged).await?;
    let Some(row) = jobs::claim(&ch, job.id).await? else {
        ch.undo().await?;
        return jobs::close(app, job.id).await;
    };
    let said = row.input["said"].clone();
    let request = serde_json::from_value::<IssueRequest>(row.input["request"].clone()).map_err(Error::from);
    let request = match request.and_then(IssueRequest::checked) {
        Ok(request) => request,
        Err(e) => {
            ch.undo().await?;
            return failed(app, &row, said, &e).await;
        }
    };
    match issue(app, &mut ch, &request).await {
        Ok(Awarded::New { credential, .. }) => {
            let known = find::find(ch.tx(), credential).await?;
            jobs::settle(&ch, &row, Outcome::Done(result(app, said, "issued", &known))).await?;
            ch.commit().await?;
            if let Err(e) = release(app, credential).await {
                tracing::warn!(%credential, error = %e, "a credential of a table is signed later");
            }
            Ok(true)
        }
        Ok(Awarded::Held(held)) => {
            ch.undo().await?;
            jobs::settle_alone(app, &row, Outcome::Done(result(app, said, "held", &held))).await?;
            Ok(true)
        }
        Err(e) => {
            ch.undo().await?;
            failed(app, &row, said, &e).await
        }
    }
}

/// What the row itself is to blame for ends it; all else is tried again.
async fn failed(app: &App, row: &Claimed, mut said: Value, e: &Error) -> Result<bool> {
    if e.code() != Code::ValidationFailed {
        jobs::put_off(app, row, e).await?;
        return Ok(true);
    }
    let errors: Vec<Value> = e
        .faults()
        .iter()
        .map(|f| json!({"severity": "error", "code": f.code, "column": f.pointer, "detail": f.detail}))
        .collect();
    said["errors"] = json!(errors);
    jobs::settle_alone(app, row, Outcome::Failed(said)).await?;
    Ok(true)
}

fn result(app: &App, mut said: Value, result: &str, known: &Credential) -> Value {
    said["result"] = json!(result);
    said["credential"] = json!(known.id);
    said["number"] = json!(known.number);
    said["url"] = json!(app.links.share(&known.share_id));
    said
}
