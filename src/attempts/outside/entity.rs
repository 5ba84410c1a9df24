//! Rows of results from outside: one for each version of each result.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outside_result")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub exam: String,
    /// What makes two reports the same result.
    pub identity: String,
    /// 1, and one more for each correction.
    pub version: i32,
    /// As it was sent.
    pub candidate: String,
    /// Whom it leads to; NULL while it is held.
    pub member: Option<String>,
    pub content: String,
    pub delivered_by: String,
    pub sent_by: String,
    pub happened_at: i64,
    pub received_at: i64,
    pub fact: Option<String>,
    /// The identity while this version counts.
    pub live: Option<String>,
    pub replaced_by: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
