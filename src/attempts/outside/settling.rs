//! What of the results from outside asks for a person: candidates whom nobody knows, two results of one sitting, corrections of what counted; and taking a result
//! back.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde_json::json;

use super::entity as row;
use super::list::{Received, read};
use super::service::{is_own, staff_only};
use crate::database::{AuditEntry, Change, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::exams::Exam;
use crate::facts;
use crate::ids::OutsideResultId;

/// A correction of a result that had counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    pub before: Received,
    pub now: Received,
}

/// What is to be settled.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ToSettle {
    /// Held, the longest waiting first.
    pub unknown: Vec<Received>,
    /// Two that both count, of one member, close enough to be one sitting that was reported twice.
    pub doubles: Vec<(Received, Received)>,
    /// Those received last first.
    pub corrections: Vec<Correction>,
}

/// Two sittings of one exam lie further apart than this.
const ONE_SITTING_MILLIS: i64 = 12 * 60 * 60 * 1_000;
const MOST_UNKNOWN: u64 = 200;
const MOST_DOUBLES: usize = 100;
const MOST_CORRECTIONS: u64 = 100;

fn standing(exam: &Exam) -> Select<row::Entity> {
    row::Entity::find().filter(row::Column::Exam.eq(exam.id.to_string())).filter(row::Column::Live.is_not_null())
}

/// How many candidates are unknown.
pub async fn count_unknown(db: &impl Read, exam: &Exam) -> Result<u64> {
    Ok(standing(exam).filter(row::Column::Fact.is_null()).count(db).await?)
}

/// Everything of the exam that is to be settled.
pub async fn to_settle(db: &impl Read, exam: &Exam) -> Result<ToSettle> {
    let held = standing(exam).filter(row::Column::Fact.is_null()).order_by_asc(row::Column::Id).limit(MOST_UNKNOWN);
    let unknown = held.all(db).await?.into_iter().map(read).collect::<Result<_>>()?;
    Ok(ToSettle { unknown, doubles: doubles(db, exam).await?, corrections: corrections(db, exam).await? })
}

async fn doubles(db: &impl Read, exam: &Exam) -> Result<Vec<(Received, Received)>> {
    let counting: Vec<(String, Option<String>, i64)> = standing(exam)
        .filter(row::Column::Fact.is_not_null())
        .select_only()
        .columns([row::Column::Id, row::Column::Member, row::Column::HappenedAt])
        .order_by_asc(row::Column::Member)
        .order_by_asc(row::Column::HappenedAt)
        .order_by_asc(row::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    let pairs: Vec<(&str, &str)> = counting
        .windows(2)
        .filter(|pair| pair[0].1 == pair[1].1 && pair[1].2 - pair[0].2 <= ONE_SITTING_MILLIS)
        .map(|pair| (pair[0].0.as_str(), pair[1].0.as_str()))
        .take(MOST_DOUBLES)
        .collect();
    let ids = pairs.iter().flat_map(|(one, other)| [*one, *other]);
    let rows = row::Entity::find().filter(row::Column::Id.is_in(ids)).all(db).await?;
    let found: BTreeMap<String, Received> =
        rows.into_iter().map(|row| Ok((row.id.clone(), read(row)?))).collect::<Result<_>>()?;
    let both = |(one, other): &(&str, &str)| Some((found.get(*one)?.clone(), found.get(*other)?.clone()));
    Ok(pairs.iter().filter_map(both).collect())
}

async fn corrections(db: &impl Read, exam: &Exam) -> Result<Vec<Correction>> {
    let now = standing(exam)
        .filter(row::Column::Version.gt(1))
        .order_by_desc(row::Column::Id)
        .limit(MOST_CORRECTIONS)
        .all(db)
        .await?;
    let corrected = row::Entity::find()
        .filter(row::Column::Identity.is_in(now.iter().map(|row| row.identity.as_str())))
        .filter(row::Column::ReplacedBy.is_not_null())
        .filter(row::Column::Fact.is_not_null())
        .all(db)
        .await?;
    let mut before: BTreeMap<(String, i32), row::Model> =
        corrected.into_iter().map(|row| ((row.identity.clone(), row.version + 1), row)).collect();
    let mut found = vec![];
    for row in now {
        if let Some(before) = before.remove(&(row.identity.clone(), row.version)) {
            found.push(Correction { before: read(before)?, now: read(row)? });
        }
    }
    Ok(found)
}

const LONGEST_REASON: usize = 500;

/// Takes a result back: what it counted for is void, and its sender does not bring it in again. The change is to be privileged: this writes its row in the
/// audit log.
///
/// # Errors
/// Somebody who is not of staff, or whose own it is; no such result of the exam; one that does not stand any more; no reason.
pub async fn take_back(ch: &mut Change<'_>, exam: &Exam, id: OutsideResultId, reason: &str) -> Result<()> {
    staff_only(ch, exam).await?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(Error::invalid(vec![Fault::new("/reason", "invalid_reason", "say why, in 1 to 500 characters")]));
    }
    let known = row::Entity::find_by_id(id.to_string()).lock_exclusive().one(ch.tx()).await?;
    let known = known.filter(|known| known.exam == exam.id.to_string()).ok_or_else(Error::not_found)?;
    if known.live.is_none() {
        return Err(Error::new(Code::Conflict));
    }
    if is_own(ch, known.member.as_deref().map(|id| id.parse().map_err(Error::internal)).transpose()?).await? {
        return Err(Error::new(Code::OwnAttempt));
    }
    if let Some(fact) = &known.fact {
        facts::void(ch, fact.parse().map_err(Error::internal)?, reason).await?;
    }
    row::Entity::update_many()
        .col_expr(row::Column::Live, Expr::value(Option::<String>::None))
        .filter(row::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    let about = json!({"exam": exam.id, "member": known.member, "reason": reason});
    ch.audit(AuditEntry::new("outside_result.take_back", id, about)).await
}
