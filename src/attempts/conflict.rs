//! Staff cannot sit, as anybody else would, an exam whose keys they can read. They may try it, and the attempt says so for good: staff who look at results
//! see the mark.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::entity::attempt_conflict;
use crate::access::{self, Permission, ReadKeys};
use crate::banks;
use crate::clock::millis;
use crate::database::{Change, Read};
use crate::error::{Error, Result};
use crate::ids::{AttemptId, MemberId};

/// Marks an attempt that begins just now, where its candidate holds a role that reads keys (`role`), or has had a hand in the bank (`hand`).
pub async fn note(ch: &Change<'_>, attempt: AttemptId, member: MemberId, bank: &str) -> Result<()> {
    let roles = access::roles_of(ch.tx(), member).await?;
    let why = if roles.iter().any(|role| ReadKeys::ROLES.contains(role)) {
        "role"
    } else if banks::has_worked_on(ch.tx(), bank, &member.to_string()).await? {
        "hand"
    } else {
        return Ok(());
    };
    let row = attempt_conflict::ActiveModel {
        attempt: Set(attempt.to_string()),
        why: Set(why.to_owned()),
        noted_at: Set(millis(ch.now)),
    };
    attempt_conflict::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// Which of these attempts are marked, and why.
pub async fn marked(
    db: &impl Read,
    attempts: impl IntoIterator<Item = AttemptId>,
) -> Result<BTreeMap<AttemptId, String>> {
    let ids = attempts.into_iter().map(|id| id.to_string());
    let rows = attempt_conflict::Entity::find().filter(attempt_conflict::Column::Attempt.is_in(ids)).all(db).await?;
    rows.into_iter().map(|row| Ok((row.attempt.parse().map_err(Error::internal)?, row.why))).collect()
}
