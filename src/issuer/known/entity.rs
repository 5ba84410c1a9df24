//! Rows of the trust list, and the names of each over time.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_issuer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Its identifier, as credentials write it.
    pub issuer: String,
    /// A JSON array of texts.
    pub keys: String,
    pub note: String,
    pub since: i64,
    pub added_by: String,
    pub added_at: i64,
    pub ended_at: Option<i64>,
    /// The identifier, while it is known: unique.
    pub live: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

pub mod name {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "known_issuer_name")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub known: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub since: i64,
        pub name: String,
        pub added_by: String,
        pub added_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
