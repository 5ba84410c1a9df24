//! Making links to claim, by staff: audited, shown once.

use serde_json::json;

use crate::actor::Actor;
use crate::app::App;
use crate::credentials::find::{self, Credential};
use crate::credentials::lifecycle::Status;
use crate::database::{AuditEntry, Kind};
use crate::error::{Code, Error, Result};
use crate::ids::{CredentialId, JobId};
use crate::{jobs, members};

/// One link, made for one credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRow {
    pub name: String,
    pub email: String,
    pub number: String,
    pub link: String,
}

/// A new link for the credential's recipient, in the name of `actor`. The link made before is worth nothing from then on.
///
/// # Errors
/// [`Code::AlreadyClaimed`]; [`Code::StatusConflict`] for what was revoked.
pub async fn link_for(app: &App, actor: Actor, known: &Credential, mailed: bool) -> Result<String> {
    if known.status == Status::Revoked {
        return Err(Error::new(Code::StatusConflict).with("status", known.status.as_str()));
    }
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    let member = members::resolve(ch.tx(), known.member).await?;
    let token = members::create_claim_link(&ch, member, known.id, mailed).await?;
    let said = json!({"credential": known.id, "mailed": mailed});
    ch.audit(AuditEntry::new("claim_link.create", member, said)).await?;
    ch.commit().await?;
    Ok(app.links.claim(&token))
}

/// New links for everybody in a table who never signed in, in one change. Whoever has several credentials gets one link for each.
pub async fn links_for(app: &App, actor: Actor, job: JobId) -> Result<Vec<ClaimRow>> {
    let mut ids: Vec<CredentialId> = vec![];
    for row in jobs::rows(app.db.read(), job, 0, u64::from(u32::MAX)).await? {
        let id = row.outcome.as_ref().and_then(|said| said["credential"].as_str());
        ids.extend(id.and_then(|text| text.parse::<CredentialId>().ok()));
    }
    ids.sort_unstable();
    ids.dedup();
    let mut made = vec![];
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    for id in ids {
        let known = find::find(ch.tx(), id).await?;
        let member = members::find(ch.tx(), known.member).await?;
        if known.status == Status::Revoked || !members::may_be_claimed(ch.tx(), member.id).await? {
            continue;
        }
        let token = members::create_claim_link(&ch, member.id, known.id, false).await?;
        made.push(ClaimRow {
            name: member.name,
            email: member.email,
            number: known.number,
            link: app.links.claim(&token),
        });
    }
    if made.is_empty() {
        ch.undo().await?;
        return Ok(made);
    }
    ch.audit(AuditEntry::new("claim_link.create", job, json!({"links": made.len(), "mailed": false}))).await?;
    ch.commit().await?;
    Ok(made)
}
