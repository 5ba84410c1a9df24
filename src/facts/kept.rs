//! The facts of members with many, kept in memory from one look to the next.
//!
//! A fact is never changed: it is recorded, and it may be voided. So how many there are of a member, and how many of those are voided, says whether what was read
//! is all there is; both are read from an index alone. Whoever counts to decide reads the ledger itself.

use std::sync::Arc;

use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use waymark_criteria::Fact;

use super::entity::fact;
use super::service::of_member;
use crate::app::{App, Kept};
use crate::database::Read;
use crate::error::Result;
use crate::ids::MemberId;
use crate::members;

/// Fewer are read in no time.
const MANY: usize = 200;
/// More would fill the memory with one member.
const MOST: usize = 50_000;
/// Members of whom facts are kept.
const MEMBERS: usize = 8;

/// How many facts are the member's and how many of them are voided; the same of those that they gave.
type State = [i64; 4];

struct Memory(Kept<(State, Arc<Vec<Fact>>)>);

impl Default for Memory {
    fn default() -> Self {
        Self(Kept::new(MEMBERS))
    }
}

/// Everything a decision about a member may look at, as [`of_member`] reads it: for pages, which are asked for again and again.
pub async fn kept_of_member(app: &App, member: MemberId) -> Result<Arc<Vec<Fact>>> {
    let db = app.db.read();
    let member = members::resolve(db, member).await?;
    let memory = app.own.of::<Memory>();
    // Read before the facts: what comes in between is kept under the older state, and read again.
    let state = state_of(db, member).await?;
    if let Some(kept) = memory.0.get(&member.to_string()).filter(|kept| kept.0 == state) {
        return Ok(Arc::clone(&kept.1));
    }
    let facts = Arc::new(of_member(db, member).await?);
    if (MANY..=MOST).contains(&facts.len()) {
        memory.0.keep(member.to_string(), Arc::new((state, Arc::clone(&facts))));
    }
    Ok(facts)
}

async fn state_of(db: &impl Read, member: MemberId) -> Result<State> {
    let mut state = [0; 4];
    for (n, of) in [fact::Column::Member, fact::Column::Giver].into_iter().enumerate() {
        let counted: Option<(i64, i64)> = fact::Entity::find()
            .select_only()
            .column_as(of.count(), "n")
            .column_as(fact::Column::VoidedBy.count(), "voided")
            .filter(of.eq(member.to_string()))
            .into_tuple()
            .one(db)
            .await?;
        (state[2 * n], state[2 * n + 1]) = counted.unwrap_or_default();
    }
    Ok(state)
}
