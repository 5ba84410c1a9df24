//! Rows of daily sums.

pub mod daily_count {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "daily_count")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub credential: String,
        /// Days since 1970-01-01 in UTC.
        #[sea_orm(primary_key, auto_increment = false)]
        pub day: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub what: String,
        /// Whether it was private at that time: the holder's alone to see.
        #[sea_orm(primary_key, auto_increment = false)]
        pub private: bool,
        pub track: String,
        pub looks: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
