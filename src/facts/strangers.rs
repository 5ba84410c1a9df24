//! The names of givers who are no members, written anew: the one exception to "a fact is never changed". What a fact says stays: the same name for the same one.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use waymark_criteria::{Detail, Fact, FactKind};

use super::entity::fact;
use super::service::hash_of;
use crate::database::{Change, Read};
use crate::error::{Error, Result};
use crate::ids::FactId;

/// Facts whose giver is no member and has a name that does not begin so, with that name, at most `limit`.
pub async fn strangers_unlike(db: &impl Read, beginning: &str, limit: u64) -> Result<Vec<(FactId, String)>> {
    let rows = fact::Entity::find()
        .filter(fact::Column::Kind.eq(FactKind::Contribution.as_str()))
        .filter(fact::Column::Document.contains("\"stranger\":\""))
        .filter(fact::Column::Document.not_like(format!("%\"stranger\":\"{beginning}%")))
        .order_by_asc(fact::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    let mut found = vec![];
    for row in rows {
        let fact: Fact = serde_json::from_str(&row.document)?;
        if let Detail::Contribution { stranger: Some(name), .. } = fact.detail {
            found.push((row.id.parse().map_err(Error::internal)?, name));
        }
    }
    Ok(found)
}

/// Calls the giver of this fact by another name, where it is still called by the first one.
pub async fn rename_stranger(ch: &Change<'_>, id: FactId, from: &str, to: String) -> Result<()> {
    let Some(row) = fact::Entity::find_by_id(id.to_string()).one(ch.tx()).await? else { return Ok(()) };
    let mut known: Fact = serde_json::from_str(&row.document)?;
    match &mut known.detail {
        Detail::Contribution { stranger: Some(name), .. } if name == from => *name = to,
        _ => return Ok(()),
    }
    let document = serde_json::to_string(&known)?;
    fact::Entity::update_many()
        .col_expr(fact::Column::Hash, Expr::value(hash_of(&row.member, &document)))
        .col_expr(fact::Column::Document, Expr::value(document))
        .filter(fact::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}
