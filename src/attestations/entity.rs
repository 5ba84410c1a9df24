//! Rows of attestations.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attestation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub member: String,
    pub role: String,
    /// An id, or `operator`.
    pub by: String,
    pub note: Option<String>,
    pub fact: String,
    pub at: i64,
    /// `member role by` while it stands; unique. None once it was taken back.
    pub stands: Option<String>,
    pub voided_at: Option<i64>,
    pub voided_by: Option<String>,
    pub void_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
