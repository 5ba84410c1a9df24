//! The responses that wait to be marked, and the marks that were given, as they are kept.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use waymark_assess::Rational;

use crate::attempts::entity::marking;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Read};
use crate::error::{Error, Result};
use crate::ids::{AttemptId, MarkingId};

/// A response that waits, or waited, for a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marking {
    pub id: MarkingId,
    pub attempt: AttemptId,
    pub position: u32,
    pub since: Timestamp,
    /// Points for each line of the rubric, once marked.
    pub points: Option<Vec<Rational>>,
    pub note: Option<String>,
    /// Who gave them, as the row says it, and when.
    pub marked: Option<(String, Timestamp)>,
}

/// Notes that these positions wait.
pub(in crate::attempts) async fn wait(ch: &mut Change<'_>, attempt: AttemptId, positions: &[u32]) -> Result<()> {
    for position in positions {
        let row = marking::ActiveModel {
            id: Set(ch.id::<MarkingId>().to_string()),
            attempt: Set(attempt.to_string()),
            position: Set(i32::try_from(*position).map_err(Error::internal)?),
            created_at: Set(millis(ch.now)),
            points: Set(None),
            note: Set(None),
            marker: Set(None),
            marked_at: Set(None),
        };
        marking::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    }
    Ok(())
}

/// What waits, the longest waiting first, after `after`.
pub async fn waiting(db: &impl Read, after: Option<MarkingId>, limit: u64) -> Result<Vec<Marking>> {
    let mut find = marking::Entity::find().filter(marking::Column::MarkedAt.is_null());
    if let Some(after) = after {
        find = find.filter(marking::Column::Id.gt(after.to_string()));
    }
    let rows = find.order_by_asc(marking::Column::Id).limit(limit).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// How many responses wait.
pub async fn count_waiting(db: &impl Read) -> Result<u64> {
    Ok(marking::Entity::find().filter(marking::Column::MarkedAt.is_null()).count(db).await?)
}

pub(super) async fn find(db: &impl Read, id: MarkingId) -> Result<Marking> {
    let row = marking::Entity::find_by_id(id.to_string()).one(db).await?;
    read(row.ok_or_else(Error::not_found)?)
}

/// The points that people gave so far, by position.
pub(in crate::attempts) async fn given(db: &impl Read, attempt: AttemptId) -> Result<BTreeMap<u32, Rational>> {
    let marked = marking::Entity::find()
        .filter(marking::Column::Attempt.eq(attempt.to_string()))
        .filter(marking::Column::MarkedAt.is_not_null());
    let mut marks = BTreeMap::new();
    for row in marked.all(db).await? {
        let marking = read(row)?;
        let sum = marking.points.unwrap_or_default().into_iter().try_fold(Rational::ZERO, Rational::checked_add);
        marks.insert(marking.position, sum.ok_or_else(|| Error::internal("points too fine to be added"))?);
    }
    Ok(marks)
}

fn read(row: marking::Model) -> Result<Marking> {
    Ok(Marking {
        id: row.id.parse().map_err(Error::internal)?,
        attempt: row.attempt.parse().map_err(Error::internal)?,
        position: u32::try_from(row.position).map_err(Error::internal)?,
        since: from_millis(row.created_at),
        points: row.points.map(|points| serde_json::from_str(&points)).transpose()?,
        note: row.note,
        marked: row.marker.zip(row.marked_at.map(from_millis)),
    })
}
