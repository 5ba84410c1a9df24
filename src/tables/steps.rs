//! The steps from a file to long work: stored, its columns confirmed, started once, stopped.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::actor::Actor;
use crate::app::App;
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Result};
use crate::ids::JobId;
use crate::jobs::{self, Job, JobKind, NewJob, NewRow};

/// SHA-256 of a file, in hexadecimal.
pub fn hash_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// The table of this id; other long work is not one.
pub async fn of_path(app: &App, id: &str, kind: JobKind) -> Result<Job> {
    let id: JobId = id.parse().map_err(|_| Error::not_found())?;
    let job = jobs::find(app.db.read(), id).await?;
    if job.kind == kind { Ok(job) } else { Err(Error::not_found()) }
}

/// Stores the file with what is said about it; nothing else happens. Of tables with the same `key` one is open at a time.
pub async fn prepare(
    app: &App,
    actor: Actor,
    kind: JobKind,
    settings: &impl Serialize,
    bytes: Vec<u8>,
    key: Option<String>,
) -> Result<JobId> {
    let input = serde_json::to_value(settings)?;
    let ch = app.db.change(actor, Kind::Ordinary).await?;
    let id = jobs::prepare(&ch, NewJob { kind, input, attachment: Some(bytes), key }).await?;
    ch.commit().await?;
    Ok(id)
}

/// What was uploaded and has not been started.
pub async fn handed_in<S: DeserializeOwned>(app: &App, job: &Job) -> Result<(S, Vec<u8>)> {
    let settings = serde_json::from_value(job.input.clone())?;
    let bytes = jobs::attachment(app.db.read(), job.id).await?.ok_or_else(Error::not_found)?;
    Ok((settings, bytes))
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
