//! Replacing: the one ends and the other is awarded, in one change.

use sea_orm::entity::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use waymark_credential::model::OpenBadgeCredential;
use waymark_credential::strict_json;

use super::{refused, stands, successors};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, millis, rfc3339};
use crate::credentials::award::{self, Award, Heritage};
use crate::credentials::document::{GivenEvidence, GivenResult};
use crate::credentials::entity::credential;
use crate::credentials::find::{self, Credential};
use crate::credentials::history::{self, Reason};
use crate::credentials::lifecycle::{Basis, ReasonCode, ReviewOutcome, Status};
use crate::credentials::{issue, lists, release, request, reviews, standing};
use crate::database::{AuditEntry, Change, Kind, Read};
use crate::domain_event::{DomainEvent, Standing};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::CredentialId;
use crate::{decisions, issuer, members, signing, tracks};

/// More than any credential we sign.
const LONGEST_DOCUMENT: usize = 256 * 1024;

/// What is put right. The name is the one that the member has today; what is not given stays as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// `superseded` or `key_compromise`.
    pub reason: Reason,
    pub evidence: Option<Vec<GivenEvidence>>,
    pub results: Option<Vec<GivenResult>>,
    /// A day or a moment.
    pub valid_until: Option<String>,
}

impl Correction {
    /// Nothing but the name of today, and a new document.
    pub fn because(reason: Reason) -> Self {
        Self { reason, evidence: None, results: None, valid_until: None }
    }
}

/// From which moment a replacement counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dating {
    /// Where a review is open, from the moment that the facts say now: replacing it is the review's outcome.
    Reviewed,
    /// As it was signed; an open review goes on about the replacement.
    Kept,
}

/// One thing that the two documents say differently; none where the one says nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `name`, `awarded_at`, `valid_until`, `evidence` or `results`.
    pub what: &'static str,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// What takes the place of another, waiting for its signatures.
#[derive(Debug, Clone)]
pub struct Replacement {
    pub credential: CredentialId,
    pub document: Value,
    pub differences: Vec<Difference>,
}

#[derive(Debug, Clone)]
pub enum Replaced {
    New(Box<Replacement>),
    /// It was replaced before, by this one; nothing was written.
    Already(Box<Credential>),
}

/// Replaces. The change must be privileged: the audit row is written here. Two at once: one of the changes fails with a conflict, and asking again
/// answers the other's replacement.
pub async fn replace(
    app: &App,
    ch: &mut Change<'_>,
    id: CredentialId,
    correction: &Correction,
    dating: Dating,
) -> Result<Replaced> {
    check(correction)?;
    let known = find::find(ch.tx(), id).await?;
    if let Some(last) = successors::last_of(ch.tx(), &known).await? {
        return Ok(Replaced::Already(Box::new(last)));
    }
    stands(&known, ch.now)?;
    // A title's term is what two people decided: nobody alone gives it another end.
    if correction.valid_until.is_some() {
        issue::refuse_title(&tracks::version(ch.tx(), known.track_version).await?)?;
    }
    let (evidence, results) = content_of(ch.tx(), &known).await?;
    let dates = dates(ch, &known, correction, dating).await?;
    take_out(ch, &known, &correction.reason).await?;
    // Only now: the holder may have changed it until the row was ours.
    let visibility = find::find(ch.tx(), id).await?.visibility;
    let award = Award {
        basis: Basis::Replaces(id),
        member: members::resolve(ch.tx(), known.member).await?,
        version: dates.version,
        term: known.term,
        awarded_at: dates.awarded_at,
        valid_until: dates.valid_until,
        evidence: correction.evidence.clone().unwrap_or_else(|| evidence.clone()),
        results: correction.results.clone().unwrap_or_else(|| results.clone()),
    };
    let heritage = Heritage {
        replaces: id,
        number: known.number.clone(),
        check_code: known.check_code.clone(),
        visibility,
        fact: known.fact,
    };
    let member = members::find(ch.tx(), award.member).await?;
    let written = award::write_down(app, ch, &award, &member, known.locale, Some(heritage)).await?;
    let new = find::find(ch.tx(), written.credential).await?;
    match dating {
        Dating::Reviewed => reviews::close_with(ch, id, ReviewOutcome::Replaced).await?,
        Dating::Kept => reviews::hand_on(ch, id, new.id).await?,
    }
    history::note_why(ch, id, "replace", &correction.reason).await?;
    history::note(ch, new.id, "replacement").await?;
    ch.audit(AuditEntry::new(
        "credential.replace",
        id,
        json!({"by": new.id, "reason_code": correction.reason.code, "number": known.number,
               "awarded_at": rfc3339(new.awarded_at), "hashes": written.hashes}),
    ))
    .await?;
    if known.is_released() {
        let to = Some(Standing::Revoked);
        ch.tell(&DomainEvent::CredentialStatusChanged { credential: id, member: known.member, to }).await?;
    }
    ch.tell(&DomainEvent::CredentialReplaced { credential: id, by: new.id, member: member.id }).await?;
    let mut differences = differences(&known, &new);
    for (what, changed) in [("evidence", award.evidence != evidence), ("results", award.results != results)] {
        let count = |n: usize| Some(n.to_string());
        let counts = match what {
            "evidence" => (count(evidence.len()), count(award.evidence.len())),
            _ => (count(results.len()), count(award.results.len())),
        };
        if changed {
            differences.push(Difference { what, before: counts.0, after: counts.1 });
        }
    }
    Ok(Replaced::New(Box::new(Replacement { credential: new.id, document: written.document, differences })))
}

/// Replaces and releases. Answers the credential that stands in its place, and whether this call made it.
pub async fn replace_now(
    app: &App,
    actor: Actor,
    id: CredentialId,
    correction: &Correction,
    dating: Dating,
) -> Result<(Credential, bool)> {
    // Nothing is begun that could not be finished.
    issuer::keyring(app).await?;
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    let replaced = match replace(app, &mut ch, id, correction, dating).await {
        // Somebody replaced it in this moment: theirs is the answer.
        Err(e) if e.code() == Code::Conflict => {
            ch.undo().await?;
            ch = app.db.change(actor, Kind::Privileged).await?;
            replace(app, &mut ch, id, correction, dating).await?
        }
        other => other?,
    };
    let (new, made) = match replaced {
        Replaced::New(new) => {
            ch.commit().await?;
            (new.credential, true)
        }
        Replaced::Already(known) => {
            ch.undo().await?;
            (known.id, false)
        }
    };
    release(app, new).await?;
    Ok((find::find(app.db.read(), new).await?, made))
}

fn check(correction: &Correction) -> Result<()> {
    standing::check(&correction.reason)?;
    if !matches!(correction.reason.code, ReasonCode::Superseded | ReasonCode::KeyCompromise) {
        let detail =
            "what is replaced is `superseded`, or a `key_compromise` made it necessary; for anything else revoke it";
        return Err(Error::invalid(vec![Fault::new("/reason_code", "unknown_word", detail)]));
    }
    let none = (vec![], vec![]);
    request::check_given(
        correction.evidence.as_ref().unwrap_or(&none.0),
        correction.results.as_ref().unwrap_or(&none.1),
    )
}

struct Dates {
    version: crate::ids::TrackVersionId,
    awarded_at: Timestamp,
    /// None where the track's validity gives it.
    valid_until: Option<Timestamp>,
}

async fn dates(ch: &Change<'_>, known: &Credential, correction: &Correction, dating: Dating) -> Result<Dates> {
    let zone = issuer::find(ch.tx(), known.issuer).await?.profile.zone();
    let given = correction.valid_until.as_deref().map(|text| issue::end_of_validity(&zone, text)).transpose()?;
    let kept =
        Dates { version: known.track_version, awarded_at: known.awarded_at, valid_until: given.or(known.valid_until) };
    let review = match dating {
        Dating::Reviewed => reviews::open_of(ch.tx(), known.id).await?,
        Dating::Kept => None,
    };
    let Some(review) = review else { return Ok(kept) };
    let says = decisions::find(ch.tx(), review.says).await?;
    if !says.met {
        return Err(refused("undone"));
    }
    // An end that the track gave moves with the moment; one that was named stays.
    let months = tracks::version(ch.tx(), known.track_version).await?.definition.validity.map(|v| v.months);
    let of_track = months.and_then(|months| zone.end_after_months(known.awarded_at, months)).map(award::whole_seconds);
    let moves = given.is_none() && of_track == known.valid_until;
    Ok(Dates {
        version: says.track_version,
        awarded_at: says.decided_at,
        valid_until: if moves { None } else { kept.valid_until },
    })
}

/// Ends the one that is replaced. What the ledger says of it is handed on and stands until the other is released, so that nothing that rests
/// on it moves in between.
async fn take_out(ch: &mut Change<'_>, known: &Credential, reason: &Reason) -> Result<()> {
    let taken = credential::Entity::update_many()
        .col_expr(credential::Column::Status, Expr::value(Status::Revoked.as_str()))
        .col_expr(credential::Column::StatusChangedAt, Expr::value(millis(ch.now)))
        .col_expr(credential::Column::ReasonCode, Expr::value(reason.code.as_str()))
        .col_expr(credential::Column::PublicReason, Expr::value(reason.public.clone()))
        .col_expr(credential::Column::Live, Expr::value(Option::<String>::None))
        .col_expr(credential::Column::Fact, Expr::value(Option::<String>::None))
        .filter(credential::Column::Id.eq(known.id.to_string()))
        .filter(credential::Column::Live.is_not_null())
        .filter(credential::Column::Status.eq(Status::Valid.as_str()))
        .exec(ch.tx())
        .await?;
    if taken.rows_affected != 1 {
        return Err(Error::new(Code::Conflict).because(format!("{} was changed in the meantime", known.id)));
    }
    lists::set_bits(ch, known.id).await?;
    standing::give_up_waiting(ch, known.id).await
}

/// What the document of today says beside name and dates.
async fn content_of(db: &impl Read, known: &Credential) -> Result<(Vec<GivenEvidence>, Vec<GivenResult>)> {
    let document = match find::document_of(db, known.id, known.generation).await? {
        Some(document) => document,
        None => find::unreleased(db, known.id).await?.ok_or_else(Error::not_found)?,
    };
    let bytes = signing::intended_document(db, document.jwt_intent).await?;
    let value = strict_json::parse(&bytes, LONGEST_DOCUMENT).map_err(Error::internal)?;
    let signed: OpenBadgeCredential = serde_json::from_value(value)?;
    let evidence = signed.evidence.into_iter().map(|e| GivenEvidence {
        name: e.name,
        description: e.description,
        narrative: e.narrative,
        genre: e.genre,
        url: e.id.map(|id| id.as_str().to_owned()),
        date: None,
    });
    let subject = signed.credential_subject;
    let described = subject.achievement.result_description;
    let results = subject.result.into_iter().filter_map(|result| {
        let description = described.iter().find(|d| Some(&d.id) == result.result_description.as_ref())?;
        Some(GivenResult {
            name: description.name.clone(),
            value: result.value?,
            result_type: Some(description.result_type.clone()),
            min: description.value_min.clone(),
            max: description.value_max.clone(),
            required: description.required_value.clone(),
        })
    });
    Ok((evidence.collect(), results.collect()))
}

fn differences(old: &Credential, new: &Credential) -> Vec<Difference> {
    let pairs = [
        ("name", Some(old.name.clone()), Some(new.name.clone())),
        ("awarded_at", Some(rfc3339(old.awarded_at)), Some(rfc3339(new.awarded_at))),
        ("valid_until", old.valid_until.map(rfc3339), new.valid_until.map(rfc3339)),
    ];
    let differ = pairs.into_iter().filter(|(_, before, after)| before != after);
    differ.map(|(what, before, after)| Difference { what, before, after }).collect()
}
