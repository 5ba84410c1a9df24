//! Rows of switches.

pub mod switch {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "share_switch")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub credential: String,
        pub track: String,
        pub score: bool,
        pub evidence: bool,
        pub listed: bool,
        pub changed_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
