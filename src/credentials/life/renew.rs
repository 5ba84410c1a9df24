//! Renewing: the next term of the same track, from the end of the earlier one.

use serde_json::{Value, json};

use super::{refused, successors};
use crate::actor::Actor;
use crate::app::App;
use crate::credentials::award::{Award, Awarded, award};
use crate::credentials::document::{GivenEvidence, GivenResult};
use crate::credentials::find::{self, Credential};
use crate::credentials::lifecycle::{Basis, Status};
use crate::credentials::{history, issue, release, request};
use crate::database::{Change, Kind};
use crate::decisions::Decided;
use crate::domain_event::DomainEvent;
use crate::error::{Code, Error, Fault, Result};
use crate::ids::CredentialId;
use crate::{issuer, tracks};

/// What a renewal says beside what the track gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renewal {
    pub evidence: Vec<GivenEvidence>,
    pub results: Vec<GivenResult>,
    /// A day or a moment; what the track's validity gives where nothing is said.
    pub valid_until: Option<String>,
}

#[derive(Debug, Clone)]
pub enum Renewed {
    New {
        credential: CredentialId,
        document: Value,
    },
    /// The next term is held already; nothing was written.
    Held(Box<Credential>),
}

/// Renews, under the version of the track that counts today and on an approval of this call. The validity counts on from the old end where that lies
/// ahead, else from now. The change must be privileged: the audit row is written by the award.
pub async fn renew(app: &App, ch: &mut Change<'_>, id: CredentialId, renewal: &Renewal) -> Result<Renewed> {
    request::check_given(&renewal.evidence, &renewal.results)?;
    let known = find::find(ch.tx(), id).await?;
    match known.status {
        Status::Revoked => return Err(refused("revoked")),
        Status::Suspended => return Err(refused("suspended")),
        Status::Valid if !known.is_released() => return Err(refused("waiting")),
        Status::Valid => {}
    }
    let Some(end) = known.valid_until else { return Err(refused("endless")) };
    let last = find::last_term(ch.tx(), known.member, known.track).await?.map_or(known.term, |last| last.term);
    let later = successors::succession(ch.tx(), &known).await?.renewed_by;
    if let Some(held) = later {
        return Ok(Renewed::Held(Box::new(held)));
    }
    let version = tracks::find(ch.tx(), known.track).await?;
    if version.definition.kind == tracks::Kind::Title {
        let detail = "a title needs the two people that its rules name; it cannot be renewed by this call";
        return Err(Error::invalid(vec![Fault::new("", "title", detail)]));
    }
    let zone = issuer::find(ch.tx(), version.issuer).await?.profile.zone();
    let valid_until = match (&renewal.valid_until, version.definition.validity) {
        (Some(text), _) => Some(issue::end_of_validity(&zone, text)?),
        (None, Some(validity)) => zone.end_after_months(end.max(ch.now), validity.months),
        (None, None) => None,
    };
    let body = json!({"renews": id, "member": known.member, "track": version.id, "valid_until": renewal.valid_until,
                      "evidence": renewal.evidence, "results": renewal.results});
    let proposal = issue::approved(ch, "credential.renew", body.to_string()).await?;
    let next = Award {
        basis: Basis::Approved(proposal),
        member: known.member,
        version: version.id,
        term: last + 1,
        awarded_at: ch.now,
        valid_until,
        evidence: renewal.evidence.clone(),
        results: renewal.results.clone(),
    };
    match award(app, ch, next).await? {
        Awarded::Held(held) => Ok(Renewed::Held(held)),
        Awarded::New { credential, document } => {
            history::note(ch, id, "renew").await?;
            let renewed = DomainEvent::CredentialRenewed { credential: id, by: credential, member: known.member };
            ch.tell(&renewed).await?;
            Ok(Renewed::New { credential, document })
        }
    }
}

/// Renews on a decision: the next term ends as long after the old end as the track's validity says, however early or late, within its grace,
/// it was renewed. The change must be privileged: the audit row is written by the award.
///
/// # Errors
/// [`Code::NotReplaceable`] where the credential no longer stands or never ended.
pub(in crate::credentials) async fn renew_decided(
    app: &App,
    ch: &mut Change<'_>,
    credential: &str,
    decided: &Decided,
) -> Result<Awarded> {
    let id: CredentialId = credential.parse().map_err(|_| Error::not_found())?;
    let known = find::find(ch.tx(), id).await?;
    let known = successors::last_of(ch.tx(), &known).await?.unwrap_or(known);
    match known.status {
        Status::Revoked => return Err(refused("revoked")),
        Status::Suspended => return Err(refused("suspended")),
        Status::Valid => {}
    }
    let version = tracks::version(ch.tx(), decided.track_version).await?;
    let (Some(end), Some(validity)) = (known.valid_until, version.definition.validity) else {
        return Err(refused("endless"));
    };
    if let Some(held) = successors::succession(ch.tx(), &known).await?.renewed_by {
        return Ok(Awarded::Held(Box::new(held)));
    }
    let zone = issuer::find(ch.tx(), version.issuer).await?.profile.zone();
    let last = find::last_term(ch.tx(), known.member, known.track).await?.map_or(known.term, |last| last.term);
    let valid_until = zone.end_after_months(end, validity.months);
    let awarded = award(app, ch, Award { term: last + 1, valid_until, ..Award::on(decided) }).await?;
    if let Awarded::New { credential, .. } = &awarded {
        history::note(ch, known.id, "renew").await?;
        let renewed = DomainEvent::CredentialRenewed { credential: known.id, by: *credential, member: known.member };
        ch.tell(&renewed).await?;
    }
    Ok(awarded)
}

/// Renews and releases. Answers the credential of the next term, and whether this call made it.
pub async fn renew_now(app: &App, actor: Actor, id: CredentialId, renewal: &Renewal) -> Result<(Credential, bool)> {
    issuer::keyring(app).await?;
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    let renewed = match renew(app, &mut ch, id, renewal).await {
        Err(e) if e.code() == Code::Conflict => {
            ch.undo().await?;
            ch = app.db.change(actor, Kind::Privileged).await?;
            renew(app, &mut ch, id, renewal).await?
        }
        other => other?,
    };
    let (next, made) = match renewed {
        Renewed::New { credential, .. } => {
            ch.commit().await?;
            (credential, true)
        }
        Renewed::Held(held) => {
            ch.undo().await?;
            (held.id, false)
        }
    };
    release(app, next).await?;
    Ok((find::find(app.db.read(), next).await?, made))
}
