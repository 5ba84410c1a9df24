//! What came from outside, as staff read it.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde_json::Value;
use waymark_assess::Rational;

use super::entity as row;
use crate::clock::{Timestamp, from_millis};
use crate::database::Read;
use crate::error::Result;
use crate::exams::Exam;

/// One version of a result, for staff.
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    pub id: String,
    pub version: i32,
    pub candidate: String,
    pub member: Option<String>,
    pub content: Value,
    pub delivered_by: String,
    pub happened_at: Timestamp,
    pub received_at: Timestamp,
    pub fact: Option<String>,
    /// Whether it is the version that stands.
    pub live: bool,
    /// Whether a correction took its place.
    pub replaced: bool,
}

impl Received {
    /// `accepted`, `held`, `corrected` or `taken_back`.
    pub fn state(&self) -> &'static str {
        match (self.live, &self.fact) {
            (true, Some(_)) => "accepted",
            (true, None) => "held",
            (false, _) if self.replaced => "corrected",
            (false, _) => "taken_back",
        }
    }

    /// Whether the points pass by the exam's cut; `most` is how many there are where the result does not say.
    pub fn passes(&self, exam: &Exam, most: Rational) -> bool {
        let points = |name: &str| self.content[name].as_str().and_then(|text| text.parse::<Rational>().ok());
        points("score").is_some_and(|score| exam.spec.scoring.cut.is_passed_by(score, points("of").unwrap_or(most)))
    }
}

pub(super) fn read(row: row::Model) -> Result<Received> {
    Ok(Received {
        content: serde_json::from_str(&row.content)?,
        happened_at: from_millis(row.happened_at),
        received_at: from_millis(row.received_at),
        live: row.live.is_some(),
        replaced: row.replaced_by.is_some(),
        id: row.id,
        version: row.version,
        candidate: row.candidate,
        member: row.member,
        delivered_by: row.delivered_by,
        fact: row.fact,
    })
}

/// The results of an exam from outside, those received last first.
pub async fn received(db: &impl Read, exam: &Exam, before: Option<&str>, limit: u64) -> Result<Vec<Received>> {
    let mut find = row::Entity::find()
        .filter(row::Column::Exam.eq(exam.id.to_string()))
        .order_by_desc(row::Column::Id)
        .limit(limit);
    if let Some(before) = before {
        find = find.filter(row::Column::Id.lt(before));
    }
    find.all(db).await?.into_iter().map(read).collect()
}
