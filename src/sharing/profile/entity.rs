//! Rows of profiles, of their handles and of what stands on them.

pub mod profile {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "profile")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub member: String,
        /// The one that leads here today; unique.
        pub handle: Option<String>,
        pub about: String,
        pub found: bool,
        pub published_at: Option<i64>,
        pub changed_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod handle {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "profile_handle")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub handle: String,
        /// What is left when letters that look alike are one; unique.
        pub skeleton: String,
        pub member: String,
        pub taken_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod entry {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "profile_entry")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub member: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub credential: String,
        pub place: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
