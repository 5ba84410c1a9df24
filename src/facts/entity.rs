//! Rows of the ledger, and of what was taken back.

pub mod fact {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fact")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub member: String,
        pub kind: String,
        pub happened_at: i64,
        pub known_at: i64,
        /// What it is about, in full: the typed fact as JSON, without `voided_by`.
        pub document: String,
        pub origin: String,
        pub hash: String,
        pub voided_by: Option<String>,
        /// Who gave what it is about, where a member did.
        pub giver: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod void {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fact_void")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub fact: String,
        pub reason: String,
        pub actor: String,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
