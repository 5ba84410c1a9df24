//! Rows of sources, received events, contributions and activities.

pub mod source {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "source")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub source: String,
        /// The definition as JSON.
        pub definition: String,
        pub changed_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Every event that was taken, once: what makes a repetition a duplicate.
pub mod received {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "received_event")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub source: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub event: String,
        pub content_hash: String,
        /// The contribution or activity that it became.
        pub became: String,
        pub received_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod contribution {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contribution")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub source: String,
        pub event: String,
        pub r#type: String,
        pub subject: String,
        pub state: String,
        pub held_because: Option<String>,
        pub member: Option<String>,
        pub giver: Option<String>,
        pub object: String,
        pub url: Option<String>,
        /// Titles by language tag, as JSON.
        pub titles: String,
        /// The event's `data` in full, as JSON.
        pub data: String,
        /// The member's tie to an organization when it happened, as JSON.
        pub affiliation: Option<String>,
        pub fact: Option<String>,
        pub happened_at: i64,
        pub received_at: i64,
        pub accepted_at: Option<i64>,
        pub voided_at: Option<i64>,
        pub void_reason: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod activity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "activity")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub source: String,
        pub event: String,
        pub r#type: String,
        pub subject: Option<String>,
        pub member: Option<String>,
        pub object: String,
        pub titles: String,
        pub data: String,
        pub happened_at: i64,
        pub received_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
