//! Recording, voiding, reading.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};
use waymark_criteria::{Amount, Detail, Fact, ObjectKey};

use super::document::{read, read_document};
use super::entity::{fact, void};
use super::other_side;
use crate::clock::{Timestamp, millis};
use crate::database::{Change, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Error, Result};
use crate::ids::{FactId, MemberId};
use crate::members;

/// A fact about to be recorded.
#[derive(Debug, Clone)]
pub struct NewFact {
    pub member: MemberId,
    pub happened_at: Timestamp,
    pub object: Option<ObjectKey>,
    pub giver: Option<MemberId>,
    pub amount: Amount,
    pub detail: Detail,
    /// Names the cause, once: `attempt:att_…`, `contribution:ctr_…`. The same origin never makes a second fact.
    pub origin: String,
}

/// Records a fact and tells the others; answers the first one where the origin was recorded before.
pub async fn record(ch: &mut Change<'_>, new: NewFact) -> Result<FactId> {
    if let Some(row) = fact::Entity::find().filter(fact::Column::Origin.eq(&new.origin)).one(ch.tx()).await? {
        return row.id.parse().map_err(Error::internal);
    }
    let member = members::resolve(ch.tx(), new.member).await?;
    let (id, row) = row_of(ch, member, new)?;
    fact::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    ch.tell(&DomainEvent::FactRecorded { fact: id, member }).await?;
    Ok(id)
}

/// The row of a new fact about `member`, whom its id was resolved to.
pub(super) fn row_of(ch: &Change<'_>, member: MemberId, new: NewFact) -> Result<(FactId, fact::ActiveModel)> {
    let fact = Fact {
        id: ch.id(),
        happened_at: new.happened_at,
        known_at: ch.now,
        object: new.object,
        giver: new.giver,
        amount: new.amount,
        detail: other_side::honest(new.detail, member, new.giver),
        voided_by: None,
    };
    let document = serde_json::to_string(&fact)?;
    let row = fact::ActiveModel {
        id: Set(fact.id.to_string()),
        member: Set(member.to_string()),
        kind: Set(fact.kind().as_str().to_owned()),
        happened_at: Set(millis(fact.happened_at)),
        known_at: Set(millis(fact.known_at)),
        hash: Set(hash_of(&member.to_string(), &document)),
        document: Set(document),
        origin: Set(new.origin),
        voided_by: Set(None),
        giver: Set(fact.giver.map(|giver| giver.to_string())),
    };
    Ok((fact.id, row))
}

/// What proves a fact's content when a side row is erased.
pub(super) fn hash_of(member: &str, document: &str) -> String {
    let hash = Sha256::new().chain_update(member).chain_update([0x1F]).chain_update(document).finalize();
    hash.iter().map(|b| format!("{b:02x}")).collect()
}

/// One fact, voided or not.
pub async fn find(db: &impl Read, id: FactId) -> Result<Option<Fact>> {
    fact::Entity::find_by_id(id.to_string()).one(db).await?.map(read).transpose()
}

/// The fact of this origin.
pub async fn by_origin(db: &impl Read, origin: &str) -> Result<Option<FactId>> {
    let row = fact::Entity::find().filter(fact::Column::Origin.eq(origin)).one(db).await?;
    row.map(|row| row.id.parse().map_err(Error::internal)).transpose()
}

/// Takes a fact back; a second void of the same fact answers the first. The caller writes the audit row where one is due.
pub async fn void(ch: &mut Change<'_>, id: FactId, reason: &str) -> Result<FactId> {
    let row = fact::Entity::find_by_id(id.to_string()).one(ch.tx()).await?.ok_or_else(Error::not_found)?;
    if let Some(by) = row.voided_by {
        return by.parse().map_err(Error::internal);
    }
    let by: FactId = ch.id();
    let record = void::ActiveModel {
        id: Set(by.to_string()),
        fact: Set(id.to_string()),
        reason: Set(reason.to_owned()),
        actor: Set(ch.actor.to_string()),
        at: Set(millis(ch.now)),
    };
    void::Entity::insert(record).exec_without_returning(ch.tx()).await?;
    fact::Entity::update_many()
        .col_expr(fact::Column::VoidedBy, Expr::value(by.to_string()))
        .filter(fact::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    let member = row.member.parse().map_err(Error::internal)?;
    ch.tell(&DomainEvent::FactVoided { fact: id, member }).await?;
    Ok(by)
}

/// Everything a decision about a member may look at, voided facts included, in the order in which it happened: what the ledger holds about
/// them, and what they gave to others, as [`Detail::Given`].
pub async fn of_member(db: &impl Read, member: MemberId) -> Result<Vec<Fact>> {
    let member = members::resolve(db, member).await?;
    // Nothing but what a fact is read from: a member may have tens of thousands.
    let rows: Vec<(String, Option<String>)> = fact::Entity::find()
        .select_only()
        .columns([fact::Column::Document, fact::Column::VoidedBy])
        .filter(fact::Column::Member.eq(member.to_string()))
        .order_by_asc(fact::Column::HappenedAt)
        .order_by_asc(fact::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    let mut facts = rows.into_iter().map(|row| read_document(&row.0, row.1)).collect::<Result<Vec<_>>>()?;
    let given = other_side::given_by(db, member).await?;
    if !given.is_empty() {
        facts.extend(given);
        facts.sort_by_key(|fact| (fact.happened_at, fact.id));
    }
    Ok(facts)
}

/// Members of whom the ledger knows anything, in order of id, after `after`.
pub async fn members_with_facts(db: &impl Read, after: Option<MemberId>, limit: u64) -> Result<Vec<MemberId>> {
    let mut find = fact::Entity::find()
        .select_only()
        .column(fact::Column::Member)
        .distinct()
        .order_by_asc(fact::Column::Member)
        .limit(limit);
    if let Some(after) = after {
        find = find.filter(fact::Column::Member.gt(after.to_string()));
    }
    let ids: Vec<String> = find.into_tuple().all(db).await?;
    ids.iter().map(|id| id.parse().map_err(Error::internal)).collect()
}
