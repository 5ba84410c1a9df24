//! Rows of browsers that proved their configuration by script.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "browser_proof")]
pub struct Model {
    /// SHA-256 of what the cookie holds.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token: String,
    pub exam: String,
    pub member: String,
    /// SHA-256 of the keys that the exam asked for then.
    pub keys: String,
    pub proved_at: i64,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
