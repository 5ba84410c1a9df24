//! Rows of selections and of what is in them.

pub mod selection {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "selection")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub member: String,
        pub share_id: String,
        pub note: String,
        pub until_at: Option<i64>,
        pub created_at: i64,
        pub opened_at: Option<i64>,
        pub ended_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod entry {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "selection_entry")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub selection: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub credential: String,
        pub place: i32,
        /// Whether the member said, when choosing it, that the reader sees it although it is private.
        pub private_too: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
