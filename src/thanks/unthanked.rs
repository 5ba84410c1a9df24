//! Who gave much and was not thanked, out of what is stored.
//!
//! *Much* is [`MUCH`] accepted contributions and more that happened in the month, by the program's calendar; thanks that somebody received, and what they did to
//! objects of their own, are none. *Not thanked*: no word of thanks that stands was given to them since the month began, by a member or by the program, and
//! no source told of thanks that they received since then.

use super::calendar::Month;
use super::find;
use crate::clock::Timestamp;
use crate::contributions::{self, THANKED};
use crate::database::Read;
use crate::error::Result;
use crate::ids::MemberId;
use crate::{issuer, members};

/// So many contributions in a month are much.
pub const MUCH: u64 = 3;
/// People whom a list names.
pub const NAMED: usize = 50;
/// Members who gave much that are looked at.
const LOOKED_AT: u64 = 5_000;

/// One who gave much and was not thanked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unthanked {
    pub member: MemberId,
    pub name: String,
    pub contributions: u64,
    pub latest: Timestamp,
}

/// Those of a month, who gave most first, at most [`NAMED`].
pub async fn unthanked(db: &impl Read, month: Month) -> Result<Vec<Unthanked>> {
    let span = month.span(&issuer::zone(db).await?)?;
    let gave = contributions::gave_between(db, (span.first, span.last), THANKED, MUCH, LOOKED_AT).await?;
    let mut thanked = find::thanked_since(db, span.first).await?;
    thanked.extend(contributions::received_since(db, THANKED, span.first).await?);
    let mut rows = vec![];
    for of in gave.into_iter().filter(|of| !thanked.contains(&of.member)).take(NAMED) {
        let known = members::find(db, of.member).await?;
        rows.push(Unthanked { member: known.id, name: known.name, contributions: of.contributions, latest: of.latest });
    }
    Ok(rows)
}
