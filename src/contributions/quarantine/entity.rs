//! Rows of strikes.

pub mod strike {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "strike")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub member: String,
        pub reason: String,
        /// The contribution that it is about.
        pub about: Option<String>,
        pub recorded_by: String,
        pub recorded_at: i64,
        pub expires_at: i64,
        pub lifted_at: Option<i64>,
        pub lifted_by: Option<String>,
        pub lift_reason: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
