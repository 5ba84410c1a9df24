//! The steps from a file to long work: stored, its columns confirmed, started once, stopped.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::import::Import;
use crate::actor::Actor;
use crate::app::App;
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Result};
use crate::ids::JobId;
use crate::jobs::{self, Job, NewJob, NewRow};

/// SHA-256 of a file, in hexadecimal.
pub fn hash_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// The table of this id; other long work is not one.
pub async fn of_path<I: Import>(app: &App, id: &str) -> Result<Job> {
    let id: JobId = id.parse().map_err(|_| Error::not_found())?;
    let job = jobs::find(app.db.read(), id).await?;
    if job.kind == I::KIND { Ok(job) } else { Err(Error::not_found()) }
}

/// Stores the file with what is said about it; nothing else happens. Of tables with the same `key` one is open at a time.
pub async fn prepare<I: Import>(
    app: &App,
    actor: Actor,
    settings: &I,
    bytes: Vec<u8>,
    key: Option<String>,
) -> Result<JobId> {
    let input = serde_json::to_value(settings)?;
    let ch = app.db.change(actor, Kind::Ordinary).await?;
    let id = jobs::prepare(&ch, NewJob { kind: I::KIND, input, attachment: Some(bytes), key }).await?;
    ch.commit().await?;
    Ok(id)
}

/// What was uploaded and has not been started.
pub async fn handed_in<I: Import>(app: &App, job: &Job) -> Result<(I, Vec<u8>)> {
    let settings = serde_json::from_value(job.input.clone())?;
    let bytes = jobs::attachment(app.db.read(), job.id).await?.ok_or_else(Error::not_found)?;
    Ok((settings, bytes))
}

/// The answer to the report of what would become of each row.
#[derive(Debug, Deserialize)]
pub struct Confirmed {
    confirm: String,
}

/// What is to be started: what was handed in, once its columns are known and somebody confirmed the report. None where it was started before.
pub async fn confirmed<I: Import>(app: &App, job: &Job, answer: &Confirmed) -> Result<Option<(I, Vec<u8>)>> {
    let Some(bytes) = jobs::attachment(app.db.read(), job.id).await? else { return Ok(None) };
    let settings: I = serde_json::from_value(job.input.clone())?;
    let known = settings.file().columns.is_some() || !settings.has_columns();
    Ok((answer.confirm == "yes" && known).then_some((settings, bytes)))
}

/// Keeps what somebody confirmed about it, as long as it has not been started.
pub async fn confirm(app: &App, actor: Actor, id: JobId, settings: &impl Serialize) -> Result<()> {
    let input = serde_json::to_value(settings)?;
    let ch = app.db.change(actor, Kind::Ordinary).await?;
    jobs::change_input(&ch, id, &input).await?;
    ch.commit().await
}

/// Starts these rows in the name of `actor`, with one audit row. Answers false where it was started before.
pub async fn start(
    app: &App,
    actor: Actor,
    id: JobId,
    input: &Value,
    rows: &[NewRow],
    entry: AuditEntry,
) -> Result<bool> {
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    if !jobs::start(&ch, id, input, rows).await? {
        ch.undo().await?;
        return Ok(false);
    }
    ch.audit(entry).await?;
    ch.commit().await?;
    // A worker that rests looks again.
    app.db.bell.notify_one();
    Ok(true)
}

/// Stops it; what was done until then stands.
pub async fn cancel(app: &App, actor: Actor, job: &Job) -> Result<()> {
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    if jobs::cancel(&ch, job.id).await? {
        ch.audit(AuditEntry::new("job.cancel", job.id, json!({"kind": job.kind}))).await?;
        ch.commit().await
    } else {
        ch.undo().await
    }
}
