//! Rows of titles and their terms.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "title_term")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub track: String,
    pub member: String,
    pub state: String,
    pub from_at: i64,
    pub until_at: i64,
    pub reason: String,
    pub public_reason: Option<String>,
    pub proposed_by: String,
    pub proposed_at: i64,
    /// Who confirmed, refused or withdrew it.
    pub decided_by: Option<String>,
    pub decided_at: Option<i64>,
    pub decision_reason: Option<String>,
    pub fact: Option<String>,
    pub ended_by: Option<String>,
    pub ended_at: Option<i64>,
    pub end_reason: Option<String>,
    /// `member track` while it waits; unique.
    pub open: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
