//! Rows of submissions and of what happened to them.

pub mod submission {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "submission")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub member: String,
        /// As it was written.
        pub url: String,
        /// As addresses are compared.
        pub url_key: String,
        pub r#type: String,
        pub sentence: String,
        pub disclosure: String,
        pub state: String,
        pub happened_at: i64,
        pub submitted_at: i64,
        pub changed_at: i64,
        /// Why it was refused, the last time.
        pub reason: Option<String>,
        pub contribution: Option<String>,
        /// The member and the address, while it waits or is accepted: unique.
        pub live: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod step {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "submission_step")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub submission: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub step: String,
        pub actor: String,
        pub said: Option<String>,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
