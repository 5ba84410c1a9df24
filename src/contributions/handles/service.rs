//! Claiming, proving, refusing, giving back.

use std::collections::{BTreeSet, HashMap};

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use time::Duration;

use super::entity::claim;
use super::proof;
use crate::access;
use crate::clock::{Timestamp, from_millis, millis};
use crate::contributions::entity::contribution;
use crate::contributions::lifecycle::State as ContributionState;
use crate::contributions::service::TURN;
use crate::contributions::source::{self, SourceDefinition, SubjectForm};
use crate::contributions::{own, said};
use crate::database::{Change, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{HandleClaimId, MemberId};
use crate::members;

/// How long a code can be used.
const VALID: Duration = Duration::days(14);
/// Claims of one member that wait at a time.
const MOST_OPEN: u64 = 10;
const LONGEST: usize = 100;

/// Where a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimState {
    /// The code waits to be seen.
    Open,
    Proved,
    Refused,
    /// Taken back before it was proved, or given back after.
    Released,
}

impl ClaimState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Proved => "proved",
            Self::Refused => "refused",
            Self::Released => "released",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Open, Self::Proved, Self::Refused, Self::Released].into_iter().find(|s| s.as_str() == word)
    }
}

/// A member's word that a handle is theirs, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandleClaim {
    pub id: HandleClaimId,
    pub member: MemberId,
    pub source: String,
    pub handle: String,
    pub code: String,
    pub state: ClaimState,
    pub place: Option<String>,
    pub claimed_at: Timestamp,
    pub expires_at: Timestamp,
    pub decided_at: Option<Timestamp>,
    pub reason: Option<String>,
}

impl HandleClaim {
    /// Whether its code can still be seen and accepted.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.state == ClaimState::Open && self.expires_at > now
    }
}

/// The handle in the one way in which it is compared.
fn spelled(text: &str) -> Result<String> {
    let handle = text.trim().trim_start_matches('@').to_lowercase();
    let plain = |c: char| {
        !c.is_whitespace()
            && !c.is_control()
            && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    if handle.is_empty() || handle.chars().count() > LONGEST || !handle.chars().all(plain) {
        let detail = "write the handle as that source shows it: 1 to 100 characters without spaces";
        return Err(Error::invalid(vec![Fault::new("/handle", "invalid_handle", detail)]));
    }
    Ok(handle)
}

/// The sources at which handles can be claimed.
pub async fn sources(db: &impl Read) -> Result<Vec<SourceDefinition>> {
    let mut known = source::sources(db).await?;
    for service in own::services() {
        if !known.iter().any(|k| k.source == service.source) {
            known.push(service);
        }
    }
    known.retain(|k| k.subjects.contains(&SubjectForm::Handle));
    Ok(known)
}

/// Claims the handle for the member. The same claim that waits already is answered as it stands.
pub async fn claim(ch: &mut Change<'_>, member: MemberId, at: &str, handle: &str) -> Result<HandleClaim> {
    let handle = spelled(handle)?;
    let known = source::source(ch.tx(), at).await?.filter(|s| s.subjects.contains(&SubjectForm::Handle));
    if known.is_none() || own::is_reserved(at) {
        let detail = "choose one of the sources at which handles are known";
        return Err(Error::invalid(vec![Fault::new("/source", "unknown_source", detail)]));
    }
    ch.take_turn(TURN).await?;
    refuse_taken(ch.tx(), member, at, &handle).await?;
    let mine = of_member(ch.tx(), member).await?;
    let same = |c: &&HandleClaim| c.source == at && c.handle == handle;
    if let Some(known) = mine.iter().filter(same).find(|c| c.is_open(ch.now) || c.state == ClaimState::Proved) {
        return Ok(known.clone());
    }
    let open = mine.iter().filter(|c| c.is_open(ch.now)).count();
    if u64::try_from(open).is_ok_and(|n| n >= MOST_OPEN) {
        return Err(Error::new(Code::TooMany));
    }
    let id: HandleClaimId = ch.id();
    let row = claim::ActiveModel {
        id: Set(id.to_string()),
        member: Set(member.to_string()),
        source: Set(at.to_owned()),
        handle: Set(handle),
        code: Set(proof::code(ch)),
        state: Set(ClaimState::Open.as_str().to_owned()),
        place: Set(None),
        claimed_at: Set(millis(ch.now)),
        expires_at: Set(millis(ch.now + VALID)),
        decided_at: Set(None),
        decided_by: Set(None),
        reason: Set(None),
        holds: Set(None),
    };
    claim::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    find(ch.tx(), id).await
}

/// A handle that another member has, at this source or as staff wrote it down for all, is not given to a second one.
async fn refuse_taken(db: &impl Read, member: MemberId, at: &str, handle: &str) -> Result<()> {
    let proved = holders(db, &BTreeSet::from([(at, handle)])).await?.into_values().next();
    let written = members::by_handle(db, handle).await?;
    match proved.into_iter().chain(written).any(|other| other != member) {
        true => Err(Error::new(Code::HandleTaken)),
        false => Ok(()),
    }
}

/// Says where the code stands, for whoever looks.
pub async fn say_where(ch: &Change<'_>, id: HandleClaimId, place: &str) -> Result<()> {
    let place = said::link(place, "/place")?.to_string();
    claim::Entity::update_many()
        .col_expr(claim::Column::Place, Expr::value(place))
        .filter(claim::Column::Id.eq(id.to_string()))
        .filter(claim::Column::State.eq(ClaimState::Open.as_str()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// A person saw the code where only the handle can write. Nobody confirms their own. The caller writes the audit row.
pub async fn confirm(ch: &mut Change<'_>, id: HandleClaimId) -> Result<HandleClaim> {
    let known = find(ch.tx(), id).await?;
    said::refuse_own(access::behind(ch.tx(), ch.actor).await?, known.member)?;
    if !known.is_open(ch.now) {
        return Err(conflict(known.state));
    }
    prove(ch, &known).await?;
    find(ch.tx(), id).await
}

async fn prove(ch: &mut Change<'_>, known: &HandleClaim) -> Result<()> {
    ch.take_turn(TURN).await?;
    refuse_taken(ch.tx(), known.member, &known.source, &known.handle).await?;
    let holds = format!("{}\n{}", known.source, known.handle);
    end(ch, known.id, ClaimState::Open, ClaimState::Proved, None, Some(holds)).await?;
    ch.tell(&DomainEvent::HandleLinked { member: known.member }).await
}

/// An event of the source carries the code under the handle. Nothing happens where no claim waits for exactly that.
pub(super) async fn prove_by_event(ch: &mut Change<'_>, at: &str, handle: &str, code: &str) -> Result<()> {
    let row = claim::Entity::find().filter(claim::Column::Code.eq(code)).one(ch.tx()).await?;
    let Some(known) = row.map(read).transpose()? else { return Ok(()) };
    if !known.is_open(ch.now) || known.source != at || known.handle != handle {
        return Ok(());
    }
    match prove(ch, &known).await {
        Err(e) if e.code() == Code::HandleTaken => Ok(()),
        other => other,
    }
}

/// Nobody confirmed it; the member reads why. The caller writes the audit row.
pub async fn refuse(ch: &mut Change<'_>, id: HandleClaimId, reason: &str) -> Result<HandleClaim> {
    let known = find(ch.tx(), id).await?;
    said::refuse_own(access::behind(ch.tx(), ch.actor).await?, known.member)?;
    let reason = said::reason(reason)?;
    end(ch, id, ClaimState::Open, ClaimState::Refused, Some(reason), None).await?;
    ch.tell(&DomainEvent::ContributionRefused { about: id.to_string(), member: known.member }).await?;
    find(ch.tx(), id).await
}

/// Gives the handle back, or takes a claim back that waits. What was credited stays; what comes from now on waits for its next holder.
pub async fn release(ch: &mut Change<'_>, id: HandleClaimId) -> Result<HandleClaim> {
    ch.take_turn(TURN).await?;
    let known = find(ch.tx(), id).await?;
    if !matches!(known.state, ClaimState::Open | ClaimState::Proved) {
        return Err(conflict(known.state));
    }
    end(ch, id, known.state, ClaimState::Released, None, None).await?;
    find(ch.tx(), id).await
}

async fn end(
    ch: &Change<'_>,
    id: HandleClaimId,
    from: ClaimState,
    to: ClaimState,
    reason: Option<String>,
    holds: Option<String>,
) -> Result<()> {
    let changed = claim::Entity::update_many()
        .col_expr(claim::Column::State, Expr::value(to.as_str()))
        .col_expr(claim::Column::Reason, Expr::value(reason))
        .col_expr(claim::Column::Holds, Expr::value(holds))
        .col_expr(claim::Column::DecidedAt, Expr::value(millis(ch.now)))
        .col_expr(claim::Column::DecidedBy, Expr::value(ch.actor.to_string()))
        .filter(claim::Column::Id.eq(id.to_string()))
        .filter(claim::Column::State.eq(from.as_str()))
        .exec(ch.tx())
        .await?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(conflict(find(ch.tx(), id).await?.state)) }
}

fn conflict(state: ClaimState) -> Error {
    Error::new(Code::GivingStateConflict).member("state", state.as_str())
}

/// Whose the handles are, each at its source, by proof: those of (source, handle) that are anybody's.
pub async fn holders(db: &impl Read, asked: &BTreeSet<(&str, &str)>) -> Result<HashMap<(String, String), MemberId>> {
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let held = asked.iter().map(|(at, handle)| format!("{at}\n{handle}"));
    let rows = claim::Entity::find().filter(claim::Column::Holds.is_in(held)).all(db).await?;
    rows.into_iter().map(|row| Ok(((row.source, row.handle), row.member.parse().map_err(Error::internal)?))).collect()
}

/// The handles that are the member's by proof, each with its source.
pub async fn held_by(db: &impl Read, member: MemberId) -> Result<Vec<(String, String)>> {
    let mine = of_member(db, member).await?.into_iter().filter(|c| c.state == ClaimState::Proved);
    Ok(mine.map(|c| (c.source, c.handle)).collect())
}

/// How many events wait for this handle at this source.
pub async fn waiting(db: &impl Read, at: &str, handle: &str) -> Result<u64> {
    Ok(contribution::Entity::find()
        .filter(contribution::Column::State.eq(ContributionState::Held.as_str()))
        .filter(contribution::Column::Subject.eq(format!("handle:{handle}")))
        .filter(contribution::Column::Source.eq(at))
        .count(db)
        .await?)
}

pub async fn find(db: &impl Read, id: HandleClaimId) -> Result<HandleClaim> {
    read(claim::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?)
}

/// Every claim of the member, the newest first.
pub async fn of_member(db: &impl Read, member: MemberId) -> Result<Vec<HandleClaim>> {
    let mine = claim::Entity::find().filter(claim::Column::Member.eq(member.to_string()));
    mine.order_by_desc(claim::Column::Id).all(db).await?.into_iter().map(read).collect()
}

/// How many claims can still be accepted.
pub async fn count_open(db: &impl Read, now: Timestamp) -> Result<u64> {
    let open = claim::Entity::find()
        .filter(claim::Column::State.eq(ClaimState::Open.as_str()))
        .filter(claim::Column::ExpiresAt.gt(millis(now)));
    Ok(open.count(db).await?)
}

/// Claims in this state, oldest first, after `after`.
pub async fn list(
    db: &impl Read,
    state: ClaimState,
    after: Option<HandleClaimId>,
    limit: u64,
) -> Result<Vec<HandleClaim>> {
    let mut find = claim::Entity::find().filter(claim::Column::State.eq(state.as_str()));
    if let Some(after) = after {
        find = find.filter(claim::Column::Id.gt(after.to_string()));
    }
    find.order_by_asc(claim::Column::Id).limit(limit).all(db).await?.into_iter().map(read).collect()
}

fn read(row: claim::Model) -> Result<HandleClaim> {
    let unknown = || Error::internal(format!("the claim {} is in an unknown state", row.id));
    Ok(HandleClaim {
        state: ClaimState::parse(&row.state).ok_or_else(unknown)?,
        id: row.id.parse().map_err(Error::internal)?,
        member: row.member.parse().map_err(Error::internal)?,
        source: row.source,
        handle: row.handle,
        code: row.code,
        place: row.place,
        claimed_at: from_millis(row.claimed_at),
        expires_at: from_millis(row.expires_at),
        decided_at: row.decided_at.map(from_millis),
        reason: row.reason,
    })
}
