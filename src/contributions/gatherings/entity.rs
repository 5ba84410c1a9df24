//! Rows of gatherings and of who was there.

pub mod gathering {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "gathering")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub title: String,
        pub url: Option<String>,
        /// The member who shows the code and confirms who was there late; staff may do both anyway.
        pub organizer: Option<String>,
        pub opens_at: i64,
        pub closes_at: i64,
        pub late_until: i64,
        pub use_limit: i32,
        pub rotates: bool,
        /// From which the codes are made. Never shown.
        pub secret: String,
        pub created_by: String,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod attendance {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attendance")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub gathering: String,
        pub member: String,
        pub state: String,
        /// Whether it was asked for without the code.
        pub late: bool,
        pub note: Option<String>,
        pub claimed_at: i64,
        pub decided_at: Option<i64>,
        pub decided_by: Option<String>,
        pub reason: Option<String>,
        pub contribution: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
