//! Issuing anew what a compromised key signed, a few replacements at a time. The work list is read from the store each time: whoever is cut off
//! runs it again and goes on where it stopped.

use sea_orm::entity::prelude::*;
use serde::Serialize;
use tokio::task::JoinSet;

use super::replace::{Correction, Dating, replace_now};
use crate::actor::Actor;
use crate::app::App;
use crate::credentials::entity::{credential, document};
use crate::credentials::find::{self, Credential};
use crate::credentials::history::Reason;
use crate::credentials::lifecycle::{ReasonCode, Stage, Status};
use crate::credentials::{lists, release};
use crate::database::Read;
use crate::error::{Code, Error, Result};
use crate::ids::{CredentialId, SigningKeyId};
use crate::issuer::{self, IssuerKey, KeyState};
use crate::signing::{self, Purpose};

const PAGE: u64 = 200;
/// After so many the lists are signed, so that other verifiers learn of it while the rest is under way.
const PUBLISH_EVERY: u64 = 200;
/// Under way at a time: their changes share commits, and what one of them waits for, another one uses. Few enough for others to come between.
const AT_A_TIME: usize = 8;

/// What a key signed, as it stands now.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Outstanding {
    /// Still to be replaced, oldest first.
    #[serde(skip)]
    pub left: Vec<CredentialId>,
    /// Replaced because the key was compromised.
    pub done: u64,
    /// Suspended: whoever reinstates it has it signed by the key of then.
    pub suspended: u64,
    /// Their validity has ended: there is nothing to sign anew.
    pub expired: u64,
}

/// What came of a run.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Reissued {
    /// Replaced in this run.
    pub done: u64,
    /// What could not be replaced, and why.
    pub failed: Vec<(CredentialId, String)>,
}

/// The compromised key for credentials that `named` means, as [`issuer::find_key`] reads it.
pub async fn compromised_key(db: &impl Read, named: &str) -> Result<IssuerKey> {
    let key = issuer::find_key(db, named).await?;
    if key.purpose != Purpose::Credential {
        return Err(Error::not_found());
    }
    match key.state {
        KeyState::Compromised => Ok(key),
        other => Err(Error::new(Code::KeyNotCompromised).with("state", other.as_str()).member("state", other.as_str())),
    }
}

/// Goes through everything that the key signed.
pub async fn outstanding(app: &App, key: SigningKeyId) -> Result<Outstanding> {
    let (db, now) = (app.db.read(), app.db.now());
    let (mut found, mut after) = (Outstanding::default(), String::new());
    loop {
        let ids = signing::subjects_of(db, key, Purpose::Credential, &after, PAGE).await?;
        let Some(last) = ids.last().cloned() else { return Ok(found) };
        for known in signed_by(db, key, &ids).await? {
            match known.status {
                Status::Revoked if known.reason == Some(ReasonCode::KeyCompromise) => found.done += 1,
                Status::Revoked => {}
                Status::Suspended => found.suspended += 1,
                Status::Valid if known.has_expired(now) => found.expired += 1,
                Status::Valid => found.left.push(known.id),
            }
        }
        after = last;
    }
}

/// Those of the credentials whose document of today is the key's; what was reinstated under another key since is not.
async fn signed_by(db: &impl Read, key: SigningKeyId, ids: &[String]) -> Result<Vec<Credential>> {
    let mut rows = credential::Entity::find().filter(credential::Column::Id.is_in(ids)).all(db).await?;
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    let documents = document::Entity::find().filter(document::Column::Credential.is_in(ids)).all(db).await?;
    let intents: Vec<String> = documents.iter().map(|row| row.json_intent.clone()).collect();
    let own = signing::intents_of(db, key, &intents).await?;
    let mut found = vec![];
    for row in rows {
        // What waits for its first signature has a document of generation 1 only.
        let standing = row.generation.max(1);
        let of_today = documents.iter().find(|d| d.credential == row.id && d.generation == standing);
        if of_today.is_some_and(|d| own.contains(&d.json_intent)) {
            found.push(find::read(row)?);
        }
    }
    Ok(found)
}

/// Replaces everything that the key signed and that stands. `tell` hears of each, with how many of how many are done. A store that goes away ends the
/// run with its error; a credential that cannot be replaced does not.
pub async fn reissue(
    app: &App,
    actor: Actor,
    key: &IssuerKey,
    mut tell: impl FnMut(u64, u64) + Send,
) -> Result<Reissued> {
    finish_released(app).await?;
    let left = outstanding(app, key.id).await?.left;
    let total = left.len() as u64;
    let mut run = Reissued::default();
    let mut left = left.into_iter();
    // Tasks of their own: what is under way goes on while a list is signed. They end with this call.
    let mut under_way = JoinSet::new();
    loop {
        for id in left.by_ref().take(AT_A_TIME - under_way.len()) {
            under_way.spawn(one(app.clone(), actor, id));
        }
        let Some(ended) = under_way.join_next().await else { break };
        let (id, replaced) = ended.map_err(Error::internal)?;
        match replaced {
            Ok(()) => run.done += 1,
            Err(e) if matches!(e.code(), Code::Unavailable | Code::OutcomeUnknown | Code::IssuingOff) => {
                under_way.shutdown().await;
                lists::refresh_all(app).await.ok();
                return Err(e);
            }
            Err(e) => run.failed.push((id, e.to_string())),
        }
        tell(run.done + run.failed.len() as u64, total);
        if run.done % PUBLISH_EVERY == 0 {
            lists::refresh_all(app).await?;
        }
    }
    // A run that was cut off may have left one behind only now.
    finish_released(app).await?;
    lists::refresh_all(app).await?;
    Ok(run)
}

async fn one(app: App, actor: Actor, id: CredentialId) -> (CredentialId, Result<()>) {
    let reason = Reason { code: ReasonCode::KeyCompromise, public: None, internal: None };
    let replaced = replace_now(&app, actor, id, &Correction::because(reason), Dating::Kept).await;
    (id, replaced.map(drop))
}

/// Releases the replacements that an earlier run left waiting for their signatures.
async fn finish_released(app: &App) -> Result<()> {
    let waiting = credential::Entity::find()
        .filter(credential::Column::Stage.eq(Stage::Intended.as_str()))
        .filter(credential::Column::Live.is_not_null())
        .filter(credential::Column::Replaces.is_not_null())
        .all(app.db.read())
        .await?;
    for row in waiting {
        match release(app, row.id.parse().map_err(Error::internal)?).await {
            // It waits for a person, and does not hold up the others.
            Err(e) if e.code() == Code::SetAside => tracing::error!(credential = %row.id, error = %e, "set aside"),
            other => other.map(|_| ())?,
        }
    }
    Ok(())
}
