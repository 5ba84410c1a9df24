//! Rows of boards: who takes part, and what counts for them in each season.

pub mod place {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "board_member")]
    pub struct Model {
        /// `track member`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub track: String,
        pub member: String,
        pub since: i64,
        /// When it is to be counted again; None where nothing waits.
        pub due_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod counted {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "board_count")]
    pub struct Model {
        /// `track season member`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub track: String,
        /// `2026-q4`.
        pub season: String,
        pub member: String,
        /// At least 1.
        pub count: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
