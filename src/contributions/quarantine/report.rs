//! Who gave to whom, out of the ledger.

use time::Duration;

use super::rings::{Given, Group, groups};
use crate::clock::Timestamp;
use crate::database::Read;
use crate::error::Result;
use crate::facts;

/// Facts that are read at a time.
const PAGE: u64 = 2_000;

/// What was looked at, and what was found.
pub struct Reciprocity {
    pub since: Timestamp,
    pub threshold: u32,
    /// Facts with a giver, since then.
    pub facts: u64,
    pub groups: Vec<Group>,
}

/// Pairs and rings in the last `days`, of `threshold` gifts and more each way.
pub async fn reciprocity(db: &impl Read, now: Timestamp, days: u32, threshold: u32) -> Result<Reciprocity> {
    let since = now - Duration::days(i64::from(days));
    let (mut given, mut facts, mut after) = (Given::new(), 0, None);
    loop {
        let page = facts::given_since(db, since, after.as_deref(), PAGE).await?;
        for (giver, member) in &page.pairs {
            *given.entry((*giver, *member)).or_default() += 1;
            facts += 1;
        }
        after = page.next;
        if after.is_none() {
            return Ok(Reciprocity { since, threshold, facts, groups: groups(&given, threshold) });
        }
    }
}
