//! Why something is held for a person, and releasing it.

use std::collections::{BTreeSet, HashMap, HashSet};

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use super::strikes;
use crate::access;
use crate::clock::{Timestamp, millis};
use crate::contributions::entity::contribution;
use crate::contributions::find::{self, Contribution};
use crate::contributions::lifecycle::{HeldBecause, State};
use crate::contributions::said;
use crate::contributions::service::{TURN, credit};
use crate::contributions::source::{self, SourceDefinition};
use crate::contributions::subject::{Named, Subject};
use crate::database::{Change, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Code, Error, Result};
use crate::ids::{ContributionId, MemberId};
use crate::issuer;
use crate::web::zone::Zone;

/// What speaks against crediting at once, looked up for many contributions together.
pub(in crate::contributions) struct Watch {
    struck: HashSet<MemberId>,
    /// How many more one member may be credited with from one source that day.
    room: HashMap<(String, MemberId, String), u64>,
    zone: Zone,
}

impl Watch {
    /// For those whom these sources name, at the times at which it happened.
    pub async fn of(ch: &Change<'_>, named: &[(&SourceDefinition, MemberId, Timestamp)]) -> Result<Self> {
        let members: BTreeSet<MemberId> = named.iter().map(|(_, member, _)| *member).collect();
        let struck = strikes::struck(ch.tx(), &members, ch.now).await?;
        let mut watch = Self { struck, room: HashMap::new(), zone: Zone::utc() };
        for (source, member, at) in named {
            let Some(limit) = source.per_member_per_day else { continue };
            if watch.room.is_empty() {
                watch.zone = issuer::zone(ch.tx()).await?;
            }
            let place = watch.place(source, *member, *at);
            if watch.room.contains_key(&place) {
                continue;
            }
            let Some((first, last)) = watch.zone.day(&place.2) else { continue };
            let that_day = contribution::Entity::find()
                .filter(contribution::Column::Member.eq(member.to_string()))
                .filter(contribution::Column::Source.eq(&source.source))
                .filter(contribution::Column::State.eq(State::Accepted.as_str()))
                .filter(contribution::Column::HappenedAt.between(millis(first), millis(last)))
                .count(ch.tx())
                .await?;
            watch.room.insert(place, u64::from(limit).saturating_sub(that_day));
        }
        Ok(watch)
    }

    /// Why a person should look at what this source says of the member at that time; None where nothing speaks against crediting it.
    pub fn why(&self, source: &SourceDefinition, member: MemberId, at: Timestamp) -> Option<HeldBecause> {
        if self.struck.contains(&member) {
            return Some(HeldBecause::Suspicious);
        }
        source.per_member_per_day?;
        let left = self.room.get(&self.place(source, member, at)).copied().unwrap_or(1);
        (left == 0).then_some(HeldBecause::OverLimit)
    }

    /// One more is credited.
    pub fn credited(&mut self, source: &SourceDefinition, member: MemberId, at: Timestamp) {
        let place = self.place(source, member, at);
        if let Some(left) = self.room.get_mut(&place) {
            *left = left.saturating_sub(1);
        }
    }

    fn place(&self, source: &SourceDefinition, member: MemberId, at: Timestamp) -> (String, MemberId, String) {
        let (year, month, day) = self.zone.calendar(at);
        (source.source.clone(), member, format!("{year:04}-{month:02}-{day:02}"))
    }
}

/// Why a person should look at what this source says of the member at that time; None where nothing speaks against crediting it.
pub(in crate::contributions) async fn why(
    ch: &Change<'_>,
    source: &SourceDefinition,
    member: MemberId,
    at: Timestamp,
) -> Result<Option<HeldBecause>> {
    Ok(Watch::of(ch, &[(source, member, at)]).await?.why(source, member, at))
}

/// Notes that a held contribution is this member's and waits for a person.
pub(in crate::contributions) async fn hold(
    ch: &mut Change<'_>,
    id: &str,
    member: MemberId,
    why: HeldBecause,
) -> Result<()> {
    contribution::Entity::update_many()
        .col_expr(contribution::Column::HeldBecause, Expr::value(why.as_str()))
        .col_expr(contribution::Column::Member, Expr::value(member.to_string()))
        .filter(contribution::Column::Id.eq(id))
        .filter(contribution::Column::State.eq(State::Held.as_str()))
        .exec(ch.tx())
        .await?;
    let contribution = id.parse().map_err(Error::internal)?;
    ch.tell(&DomainEvent::ContributionHeld { contribution, member }).await
}

/// A person looked: it is credited. Nobody releases their own. The caller writes the audit row.
pub async fn release(ch: &mut Change<'_>, id: ContributionId) -> Result<Contribution> {
    ch.take_turn(TURN).await?;
    let known = find::find(ch.tx(), id).await?;
    let waits = known.state == State::Held && known.held_because.is_some_and(HeldBecause::waits_for_a_person);
    if !waits {
        return Err(Error::new(Code::GivingStateConflict).member("state", known.state.as_str()));
    }
    // The handle may have changed hands since.
    let named = match (source::source(ch.tx(), &known.source).await?, Subject::read(&known.subject)) {
        (Some(source), Ok(subject)) => subject.named(ch.tx(), &source).await?,
        _ => return Err(Error::new(Code::GivingStateConflict).member("state", known.state.as_str())),
    };
    let Named::Member(member) = named else {
        return Err(Error::new(Code::GivingStateConflict).member("state", known.state.as_str()));
    };
    said::refuse_own(access::behind(ch.tx(), ch.actor).await?, member)?;
    let row = contribution::Entity::find_by_id(id.to_string()).one(ch.tx()).await?.ok_or_else(Error::not_found)?;
    credit(ch, row, member).await?;
    find::find(ch.tx(), id).await
}

/// How much is held for each reason.
pub async fn counts(db: &impl Read) -> Result<Vec<(HeldBecause, u64)>> {
    let mut counts = vec![];
    for why in HeldBecause::ALL {
        counts.push((why, of(why).count(db).await?));
    }
    Ok(counts)
}

fn of(why: HeldBecause) -> Select<contribution::Entity> {
    contribution::Entity::find()
        .filter(contribution::Column::State.eq(State::Held.as_str()))
        .filter(contribution::Column::HeldBecause.eq(why.as_str()))
}

/// What is held for this reason, oldest first, after `after`.
pub async fn list(
    db: &impl Read,
    why: HeldBecause,
    after: Option<ContributionId>,
    limit: u64,
) -> Result<Vec<Contribution>> {
    let mut held = of(why);
    if let Some(after) = after {
        held = held.filter(contribution::Column::Id.gt(after.to_string()));
    }
    let rows = held.order_by_asc(contribution::Column::Id).limit(limit).all(db).await?;
    rows.into_iter().map(find::read).collect()
}
