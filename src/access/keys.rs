//! The keys of programs, as those who look after them see them. A key itself is shown once, when it is made.

use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use serde_json::json;

use super::entity::api_key;
use super::{Principal, Role, roles_of};
use crate::actor::Actor;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{AuditEntry, Change, Read};
use crate::error::{Code, Error, Result};
use crate::ids::{ApiKeyId, MemberId};

/// An API key without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    pub id: ApiKeyId,
    pub name: String,
    pub role: Role,
    /// The source that it speaks for.
    pub source: Option<String>,
    pub made_at: Timestamp,
    /// Who made it, as audit rows name them; not known of old.
    pub made_by: Option<String>,
    pub ended_at: Option<Timestamp>,
}

/// Every key, the latest first.
pub async fn api_keys(db: &impl Read) -> Result<Vec<KeyRow>> {
    let rows = api_key::Entity::find().order_by_desc(api_key::Column::Id).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// Ends a key at once. Answers false, and writes nothing, where it has ended. Writes the audit row.
pub async fn end_api_key(ch: &mut Change<'_>, by: &Principal, id: ApiKeyId) -> Result<bool> {
    let row = api_key::Entity::find_by_id(id.to_string()).one(ch.tx()).await?.ok_or_else(Error::not_found)?;
    let known = read(row)?;
    by.reaches(&[known.role])?;
    let ended = api_key::Entity::update_many()
        .col_expr(api_key::Column::RevokedAt, Expr::value(millis(ch.now)))
        .filter(api_key::Column::Id.eq(id.to_string()))
        .filter(api_key::Column::RevokedAt.is_null())
        .exec(ch.tx())
        .await?;
    if ended.rows_affected != 1 {
        return Ok(false);
    }
    ch.audit(AuditEntry::new("api_key.end", id, json!({"name": known.name, "role": known.role.as_str()}))).await?;
    Ok(true)
}

/// How many keys that this member made still work.
pub async fn keys_made_by(db: &impl Read, member: MemberId) -> Result<u64> {
    let made = api_key::Entity::find().filter(api_key::Column::MadeBy.eq(member.to_string()));
    Ok(made.filter(api_key::Column::RevokedAt.is_null()).count(db).await?)
}

/// The member who made this key by page; none where the operator or another key did.
pub(super) async fn maker(db: &impl Read, id: ApiKeyId) -> Result<Option<MemberId>> {
    let row = api_key::Entity::find_by_id(id.to_string()).one(db).await?;
    Ok(row.and_then(|row| row.made_by).and_then(|by| by.parse().ok()))
}

/// Whose act it is: a key that a member made by page is their hand. Nobody decides on their own with it.
pub async fn behind(db: &impl Read, actor: Actor) -> Result<Actor> {
    match actor {
        Actor::ApiKey(id) => Ok(maker(db, id).await?.map_or(actor, Actor::Member)),
        other => Ok(other),
    }
}

impl Principal {
    /// The person behind what is asked: the member, or for a key the member who made it.
    pub async fn person(&self, db: &impl Read) -> Result<Option<MemberId>> {
        match self {
            Self::Key { id, .. } => maker(db, *id).await,
            _ => Ok(self.member()),
        }
    }

    /// Refuses a key that a member made who does not stand as high as the key does any more. One that the operator made stands by itself.
    pub(super) async fn maker_still_stands(&self, db: &impl Read) -> Result<()> {
        let Self::Key { id, role, .. } = self else { return Ok(()) };
        match maker(db, *id).await? {
            Some(person) if Role::any_above(&[*role], &roles_of(db, person).await?) => {
                Err(Error::new(Code::Forbidden).with("needs", "standing-maker"))
            }
            _ => Ok(()),
        }
    }
}

fn read(row: api_key::Model) -> Result<KeyRow> {
    Ok(KeyRow {
        id: row.id.parse().map_err(Error::internal)?,
        name: row.name,
        role: Role::parse(&row.role).ok_or_else(|| Error::internal("an API key has an unknown role"))?,
        source: row.source,
        made_at: from_millis(row.created_at),
        made_by: row.made_by,
        ended_at: row.revoked_at.map(from_millis),
    })
}
