//! Re-issues that staff started on a page: a row for each, worked on in the background, and gone on with after a restart.

use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use serde_json::json;

use super::reissue::reissue;
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::credentials::entity::reissue as row;
use crate::database::{AuditEntry, Change, Kind, Read};
use crate::error::{Error, Result};
use crate::ids::SigningKeyId;
use crate::issuer::{self, IssuerKey};

/// Notes that what the key signed is to be issued anew, or to be gone on with. The change must be privileged: the audit row is written here.
pub async fn begin_reissue(ch: &mut Change<'_>, key: &IssuerKey) -> Result<()> {
    let run = row::ActiveModel {
        key: Set(key.id.to_string()),
        started_by: Set(ch.actor.to_string()),
        started_at: Set(millis(ch.now)),
        finished_at: Set(None),
    };
    let renewed = [row::Column::StartedBy, row::Column::StartedAt, row::Column::FinishedAt];
    row::Entity::insert(run)
        .on_conflict(OnConflict::column(row::Column::Key).update_columns(renewed).to_owned())
        .exec_without_returning(ch.tx())
        .await?;
    ch.audit(AuditEntry::new("credential.reissue", key.id, json!({"kid": key.kid}))).await
}

/// When the run for a key was started and when it ended; none where nobody started one.
pub async fn run_of(db: &impl Read, key: SigningKeyId) -> Result<Option<(Timestamp, Option<Timestamp>)>> {
    let run = row::Entity::find_by_id(key.to_string()).one(db).await?;
    Ok(run.map(|run| (from_millis(run.started_at), run.finished_at.map(from_millis))))
}

/// One process works on one run at a time. Two processes do no harm: a credential is replaced once.
static RUNNING: AtomicBool = AtomicBool::new(false);

struct Turn;

impl Turn {
    fn take() -> Option<Self> {
        (!RUNNING.swap(true, Ordering::AcqRel)).then_some(Self)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        RUNNING.store(false, Ordering::Release);
    }
}

/// Goes on with what was started and is not finished, beside everything else.
pub fn go_on_with_reissues(app: &App) {
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(e) = resume_reissues(&app).await {
            tracing::error!(error = %e, "a re-issue was cut off; it is gone on with within a minute");
        }
    });
}

/// The same, until it is done. Answers how many credentials were replaced.
pub async fn resume_reissues(app: &App) -> Result<u64> {
    let unfinished = row::Entity::find().filter(row::Column::FinishedAt.is_null()).all(app.db.read()).await?;
    if unfinished.is_empty() {
        return Ok(0);
    }
    let Some(_turn) = Turn::take() else { return Ok(0) };
    let known = issuer::keys(app.db.read()).await?;
    let mut done = 0;
    for run in unfinished {
        let Some(key) = known.iter().find(|key| key.id.to_string() == run.key) else { continue };
        let actor = run.started_by.parse().map_or(Actor::System("credentials"), Actor::Member);
        let reissued = reissue(app, actor, key, |_, _| {}).await?;
        done += reissued.done;
        for (credential, why) in &reissued.failed {
            tracing::error!(%credential, why, "could not be issued anew");
        }
        finish(app, &run.key).await?;
    }
    Ok(done)
}

async fn finish(app: &App, key: &str) -> Result<()> {
    let ch = app.db.change(Actor::System("credentials"), Kind::Ordinary).await?;
    row::Entity::update_many()
        .col_expr(row::Column::FinishedAt, Expr::value(millis(ch.now)))
        .filter(row::Column::Key.eq(key))
        .exec(ch.tx())
        .await
        .map_err(Error::from)?;
    ch.commit().await
}
