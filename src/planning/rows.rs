//! The rows of long work of this room: some members in each, and what the rows came to.

use serde_json::{Value, json};

use crate::database::Read;
use crate::error::Result;
use crate::facts;
use crate::ids::{JobId, MemberId};
use crate::jobs::{self, Claimed, NewRow, RowState};

/// Members in one row of the work: what one change looks at.
const AT_ONCE: usize = 50;
/// Members read at a time while the rows are laid out.
pub(super) const PAGE: u64 = 1000;
/// Rows read at a time.
const ROWS: u64 = 200;

/// Every member of whom the ledger knows anything, some in each row.
pub(super) async fn rows_of_members(db: &impl Read) -> Result<Vec<NewRow>> {
    let (mut all, mut after) = (vec![], None);
    loop {
        let page = facts::members_with_facts(db, after, PAGE).await?;
        let Some(last) = page.last().copied() else { break };
        all.extend(page);
        after = Some(last);
    }
    Ok(all.chunks(AT_ONCE).map(|members| NewRow { input: json!({"members": members}), refused: None }).collect())
}

/// The members of a row.
pub(super) fn members_in(row: &Claimed) -> Result<Vec<MemberId>> {
    Ok(serde_json::from_value(row.input["members"].clone())?)
}

/// What every row that is done came to, in order; answers how many are over, of how many.
pub(super) async fn outcomes(
    db: &impl Read,
    job: JobId,
    mut add: impl FnMut(Value) -> Result<()>,
) -> Result<(u64, u64)> {
    let counts = jobs::counts(db, job).await?;
    let mut after = 0;
    loop {
        let page = jobs::rows(db, job, after, ROWS).await?;
        let Some(last) = page.last() else { return Ok((counts.total - counts.waiting, counts.total)) };
        after = last.position;
        for row in page {
            if row.state == RowState::Done
                && let Some(mut outcome) = row.outcome
            {
                add(outcome["counted"].take())?;
            }
        }
    }
}
