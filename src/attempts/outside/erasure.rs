//! Under what name somebody else's results came, taken away: the member's id stands in its place.

use sea_orm::entity::prelude::*;
use serde_json::{Value, json};

use super::entity as row;
use crate::database::Change;
use crate::error::Result;
use crate::ids::MemberId;

/// Writes the member's id where their address stood; answers in how many results. The result itself stays, and so does the fact.
pub async fn erase_names(ch: &Change<'_>, member: MemberId) -> Result<u64> {
    let name = member.to_string();
    let named = row::Entity::find()
        .filter(row::Column::Member.eq(name.as_str()))
        .filter(row::Column::Candidate.ne(name.as_str()))
        .all(ch.tx())
        .await?;
    for known in &named {
        let mut content: Value = serde_json::from_str(&known.content)?;
        content["candidate"] = json!(name);
        row::Entity::update_many()
            .col_expr(row::Column::Candidate, Expr::value(name.as_str()))
            .col_expr(row::Column::Content, Expr::value(content.to_string()))
            .filter(row::Column::Id.eq(known.id.as_str()))
            .exec(ch.tx())
            .await?;
    }
    Ok(named.len() as u64)
}
