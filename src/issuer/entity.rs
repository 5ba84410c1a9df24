//! Rows of issuers and of the key history.

pub mod issuer {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "issuer")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub slug: String,
        pub is_default: bool,
        /// The profile as JSON.
        pub profile: String,
        pub created_at: i64,
        pub changed_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod key {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "issuer_key")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        /// The RFC 7638 thumbprint.
        pub kid: String,
        pub purpose: String,
        pub multikey: String,
        pub state: String,
        /// The purpose, while the key is active: unique.
        pub active_for: Option<String>,
        pub created_at: i64,
        pub retired_at: Option<i64>,
        pub revoked_at: Option<i64>,
        /// Why, in the words of whoever said so; for staff only.
        pub revoked_why: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
