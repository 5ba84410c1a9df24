//! How often items stood in forms of an exam that caps it. Counted in the change that freezes the form, so that a race never exceeds the cap.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

use super::entity::exam_exposure;
use crate::database::{Change, Read};
use crate::error::Result;
use crate::ids::ExamId;

/// In how many forms of the exam an item stands, by the item's slug.
pub async fn exposure(db: &impl Read, exam: ExamId) -> Result<BTreeMap<String, u32>> {
    let row = exam_exposure::Entity::find_by_id(exam.to_string()).one(db).await?;
    row.map_or_else(|| Ok(BTreeMap::new()), |row| Ok(serde_json::from_str(&row.used)?))
}

/// Counts a form. Answers false, and counts nothing, where one of its items has reached the cap since the form was assembled; without a cap (None) every form
/// counts.
pub async fn count_exposure(ch: &Change<'_>, exam: ExamId, cap: Option<u32>, slugs: &[&str]) -> Result<bool> {
    ch.take_turn(&format!("exposure {exam}")).await?;
    let mut used = exposure(ch.tx(), exam).await?;
    if cap.is_some_and(|cap| slugs.iter().any(|slug| used.get(*slug).is_some_and(|n| *n >= cap))) {
        return Ok(false);
    }
    for slug in slugs {
        *used.entry((*slug).to_owned()).or_default() += 1;
    }
    let row = exam_exposure::ActiveModel { exam: Set(exam.to_string()), used: Set(serde_json::to_string(&used)?) };
    let again = OnConflict::column(exam_exposure::Column::Exam).update_column(exam_exposure::Column::Used).to_owned();
    exam_exposure::Entity::insert(row).on_conflict(again).exec_without_returning(ch.tx()).await?;
    Ok(true)
}
