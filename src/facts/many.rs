//! Recording many facts at once: three statements, however many they are.

use std::collections::HashMap;

use sea_orm::entity::prelude::*;

use super::entity::fact;
use super::service::{NewFact, row_of};
use crate::database::Change;
use crate::domain_event::DomainEvent;
use crate::error::{Error, Result};
use crate::ids::FactId;
use crate::members;

/// Records facts and tells the others, as [`record`](super::record) does one. Answers their ids in the same order; an origin that was recorded before answers
/// its first fact.
pub async fn record_many(ch: &mut Change<'_>, new: Vec<NewFact>) -> Result<Vec<FactId>> {
    if new.is_empty() {
        return Ok(vec![]);
    }
    let origins: Vec<&str> = new.iter().map(|fact| fact.origin.as_str()).collect();
    let rows = fact::Entity::find().filter(fact::Column::Origin.is_in(origins)).all(ch.tx()).await?;
    let mut known = HashMap::new();
    for row in rows {
        known.insert(row.origin, row.id.parse::<FactId>().map_err(Error::internal)?);
    }
    let named: Vec<_> = new.iter().map(|fact| fact.member).collect();
    let aliases = members::aliases(ch.tx(), &named).await?;
    let (mut ids, mut rows, mut told) = (vec![], vec![], vec![]);
    for fact in new {
        if let Some(first) = known.get(&fact.origin) {
            ids.push(*first);
            continue;
        }
        let member = aliases.get(&fact.member).copied().unwrap_or(fact.member);
        let origin = fact.origin.clone();
        let (id, row) = row_of(ch, member, fact)?;
        known.insert(origin, id);
        ids.push(id);
        rows.push(row);
        told.push(DomainEvent::FactRecorded { fact: id, member });
    }
    if !rows.is_empty() {
        fact::Entity::insert_many(rows).exec_without_returning(ch.tx()).await?;
        ch.tell_all(&told).await?;
    }
    Ok(ids)
}
