//! Starting a checked table as long work, and doing one row of it.

use serde_json::{Value, json};

use super::check::{Checked, row_report};
use super::sheet::Settings;
use crate::actor::Actor;
use crate::app::App;
use crate::credentials::award::Awarded;
use crate::credentials::find::{self, Credential};
use crate::credentials::issue::issue;
use crate::credentials::release::release;
use crate::credentials::request::IssueRequest;
use crate::database::{AuditEntry, Kind};
use crate::error::{Code, Error, Result};
use crate::ids::JobId;
use crate::jobs::{self, Claimed, Job, NewRow, Outcome};
use crate::tables;

/// The same file with the same settings is the same work while it has not ended.
pub fn key_of(settings: &Settings) -> Result<String> {
    Ok(tables::hash_of(&serde_json::to_vec(settings)?))
}

/// Stores the file; nothing is issued.
pub async fn prepare(
    app: &App,
    actor: Actor,
    settings: &Settings,
    bytes: Vec<u8>,
    key: Option<String>,
) -> Result<JobId> {
    tables::prepare(app, actor, settings, bytes, key).await
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
    let said = json!({"rows": rows.len(), "refused": checked.errors(), "track": settings.track, "sha256": settings.file.sha256});
    tables::start(app, actor, id, &input, &rows, AuditEntry::new("credential.bulk", id, said)).await
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
