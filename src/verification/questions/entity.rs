//! Rows of questions to holders, and of holders who take none.

pub mod question {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "holder_question")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        /// SHA-256 of the token in the address of the one who asks; unique.
        pub hash: String,
        pub credential: String,
        pub member: String,
        /// Who says they ask, in their own words.
        pub note: Option<String>,
        pub asked_at: i64,
        pub answered_at: Option<i64>,
        /// `confirmed` or `declined`.
        pub answer: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod switched_off {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "no_holder_questions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub member: String,
        pub since: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
