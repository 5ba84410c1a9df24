//! Issuing by hand: a proposal that is written and approved in one audited step, and the award it approves.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use serde::Serialize;

use super::award::{Award, Awarded, award};
use super::entity::{credential, proposal};
use super::find::{self, Credential};
use super::glyphs;
use super::lifecycle::{Basis, Status};
use super::request::{CheckedRequest, IssueRequest};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, millis, parse_rfc3339};
use crate::database::{self, Change, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{MemberId, ProposalId};
use crate::issuer;
use crate::members::{self, Member};
use crate::tracks::{self, Kind, TrackVersion};
use crate::web::i18n::Locale;
use crate::web::zone::Zone;

/// Issues in a change of its own, which the caller commits, or undoes to have seen what would be. What was issued under the proposal `under`
/// before is answered as held, whatever became of it since: a form that is pressed twice issues once.
pub(super) async fn issue_apart<'a>(
    app: &'a App,
    actor: Actor,
    request: &CheckedRequest,
    under: Option<ProposalId>,
) -> Result<(Change<'a>, Awarded)> {
    let mut ch = app.db.change(actor, database::Kind::Privileged).await?;
    let awarded = match issue_under(app, &mut ch, request, under).await {
        // Somebody awarded the same, or entered the same member, in this moment: theirs is the answer.
        Err(e) if matches!(e.code(), Code::Conflict | Code::MemberExists) => {
            ch.undo().await?;
            ch = app.db.change(actor, database::Kind::Privileged).await?;
            issue_under(app, &mut ch, request, under).await?
        }
        other => other?,
    };
    Ok((ch, awarded))
}

/// Writes the approved proposal and awards what [`IssueRequest::checked`] let pass. The change must be privileged; [`award`] writes its audit row.
pub async fn issue(app: &App, ch: &mut Change<'_>, request: &CheckedRequest) -> Result<Awarded> {
    issue_under(app, ch, request, None).await
}

async fn issue_under(
    app: &App,
    ch: &mut Change<'_>,
    request: &CheckedRequest,
    under: Option<ProposalId>,
) -> Result<Awarded> {
    if let Some(id) = under
        && let Some(before) = issued_under(ch.tx(), id).await?
    {
        return Ok(Awarded::Held(Box::new(before)));
    }
    let version = track(ch.tx(), &request.track).await?;
    refuse_title(&version)?;
    let zone = issuer::find(ch.tx(), version.issuer).await?.profile.zone();
    let (awarded_at, valid_until) = dates(request, &zone, ch.now)?;
    let member = recipient(ch, request).await?;
    // What is held and has not ended is answered as it is; what ended or was revoked is followed by the next term.
    let (term, held) = match find::last_term(ch.tx(), member.id, version.track).await? {
        Some(last) if last.status == Status::Revoked || last.has_expired(ch.now) => (last.term + 1, false),
        Some(last) => (last.term, true),
        None => (1, false),
    };
    if !held {
        let named = if request.recipient.is_some() { "/recipient/name" } else { "/member" };
        glyphs::require(ch.tx(), &version, &member, named).await?;
    }
    let body = serde_json::to_string(&Proposed { member: member.id, track: version.id.to_string(), request })?;
    let id = under.unwrap_or_else(|| ch.id());
    approve(ch, id, "credential.award", body).await?;
    let approved = Award {
        basis: Basis::Approved(id),
        member: member.id,
        version: version.id,
        term,
        awarded_at,
        valid_until,
        evidence: request.evidence.clone(),
        results: request.results.clone(),
    };
    award(app, ch, approved).await
}

/// The credential that was issued under this proposal.
async fn issued_under(db: &impl Read, id: ProposalId) -> Result<Option<Credential>> {
    let basis = serde_json::to_string(&Basis::Approved(id))?;
    credential::Entity::find().filter(credential::Column::Basis.eq(basis)).one(db).await?.map(find::read).transpose()
}

/// Writes a proposal that whoever acts makes and approves in one step.
pub(super) async fn approved(ch: &Change<'_>, kind: &str, body: String) -> Result<ProposalId> {
    let id: ProposalId = ch.id();
    approve(ch, id, kind, body).await?;
    Ok(id)
}

async fn approve(ch: &Change<'_>, id: ProposalId, kind: &str, body: String) -> Result<()> {
    let proposal = proposal::ActiveModel {
        id: Set(id.to_string()),
        kind: Set(kind.to_owned()),
        body: Set(body),
        proposed_by: Set(ch.actor.to_string()),
        proposed_at: Set(millis(ch.now)),
        approved_by: Set(ch.actor.to_string()),
        approved_at: Set(millis(ch.now)),
    };
    proposal::Entity::insert(proposal).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// The end that a request names: the last moment of a day on the issuer's calendar, or a moment.
pub(super) fn end_of_validity(zone: &Zone, text: &str) -> Result<Timestamp> {
    let end = zone.day(text).map(|(_, last)| last).or_else(|| parse_rfc3339(text));
    end.ok_or_else(|| {
        let detail = "write a day such as 2029-03-31, or a moment such as 2029-03-31T14:59:59Z";
        fault("/valid_until", "invalid_time", detail)
    })
}

/// What was proposed, as it is kept: without the recipient's address.
#[derive(Serialize)]
struct Proposed<'r> {
    member: MemberId,
    track: String,
    #[serde(serialize_with = "without_recipient")]
    request: &'r IssueRequest,
}

fn without_recipient<S: serde::Serializer>(
    request: &&IssueRequest,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    IssueRequest { recipient: None, ..(*request).clone() }.serialize(serializer)
}

/// When it was earned and when it ends, where that is said; all that is wrong with what is said.
pub(super) fn dates(request: &IssueRequest, zone: &Zone, now: Timestamp) -> Result<(Timestamp, Option<Timestamp>)> {
    let until = match &request.valid_until {
        None => Ok(None),
        Some(text) => {
            let end = zone.day(text).map(|(_, last)| last).or_else(|| parse_rfc3339(text));
            end.map(Some).ok_or_else(|| {
                fault(
                    "/valid_until",
                    "invalid_time",
                    "write a day such as 2029-03-31, or a moment such as 2029-03-31T14:59:59Z",
                )
            })
        }
    };
    match (awarded_at(request, zone, now), until) {
        (Ok(at), Ok(until)) => Ok((at, until)),
        (Err(a), Err(b)) => Err(Error::invalid([a.faults(), b.faults()].concat())),
        (Err(e), _) | (_, Err(e)) => Err(e),
    }
}

/// A title is decided by people, by its own rules.
pub(super) fn refuse_title(version: &TrackVersion) -> Result<()> {
    if version.definition.kind != Kind::Title {
        return Ok(());
    }
    Err(fault("/track", "title", "a title needs the two people that its rules name; it cannot be issued by this call"))
}

pub(super) fn unknown_member() -> Error {
    fault("/member", "unknown_member", "there is no such member")
}

pub(super) async fn track(db: &impl Read, text: &str) -> Result<TrackVersion> {
    let unknown = || fault("/track", "unknown_track", "there is no such track; GET /api/v1/tracks lists them");
    if let Ok(id) = text.parse() {
        return match tracks::find(db, id).await {
            Err(e) if e.code() == Code::NotFound => Err(unknown()),
            other => other,
        };
    }
    tracks::by_slug(db, text).await?.ok_or_else(unknown)
}

async fn recipient(ch: &mut Change<'_>, request: &IssueRequest) -> Result<Member> {
    match (&request.member, &request.recipient) {
        (Some(id), None) => {
            let id: MemberId = id.parse().map_err(|_| unknown_member())?;
            match members::find(ch.tx(), members::resolve(ch.tx(), id).await?).await {
                Err(e) if e.code() == Code::NotFound => Err(unknown_member()),
                other => other,
            }
        }
        (None, Some(new)) => {
            let locale = match new.locale.as_deref() {
                None => issuer::language(ch.tx()).await?,
                Some(tag) => Locale::parse(tag)
                    .ok_or_else(|| fault("/recipient/locale", "unknown_locale", "use `ja` or `en`"))?,
            };
            members::find_or_enrol(ch, &new.email, &new.name, locale).await.map_err(within_recipient)
        }
        _ => Err(fault("", "recipient", "name either `member` (an id) or `recipient` (name and email)")),
    }
}

/// The faults of enrolling, pointing into the recipient.
fn within_recipient(e: Error) -> Error {
    if e.code() != Code::ValidationFailed {
        return e;
    }
    let moved = |f: &Fault| Fault { pointer: format!("/recipient{}", f.pointer), ..f.clone() };
    Error::invalid(e.faults().iter().map(moved).collect())
}

/// Now where nothing is said. A day that has passed needs evidence from that day: nobody backdates by hand.
fn awarded_at(request: &IssueRequest, zone: &Zone, now: Timestamp) -> Result<Timestamp> {
    let Some(text) = &request.awarded_at else { return Ok(now) };
    let moment = |text: &str| zone.day(text).map(|(first, _)| first).or_else(|| parse_rfc3339(text));
    let invalid = |pointer: String| {
        fault(&pointer, "invalid_time", "write a day such as 2026-04-01, or a moment such as 2026-04-01T09:00:00Z")
    };
    let at = moment(text).ok_or_else(|| invalid("/awarded_at".to_owned()))?;
    if at > now {
        return Err(fault("/awarded_at", "in_the_future", "an award cannot be dated ahead"));
    }
    let mut dated = zone.calendar(at) == zone.calendar(now);
    for (n, evidence) in request.evidence.iter().enumerate() {
        if let Some(date) = &evidence.date {
            let from = moment(date).ok_or_else(|| invalid(format!("/evidence/{n}/date")))?;
            dated |= zone.calendar(from) == zone.calendar(at);
        }
    }
    match dated {
        true => Ok(at),
        false => Err(fault(
            "/awarded_at",
            "no_evidence",
            "a day in the past needs evidence in this call whose `date` is that day",
        )),
    }
}

fn fault(pointer: &str, code: &'static str, detail: &str) -> Error {
    Error::invalid(vec![Fault::new(pointer, code, detail)])
}
