//! Rows of leases, messages to candidates, and answers that came after the end.

pub mod lease {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attempt_lease")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub attempt: String,
        pub epoch: i64,
        /// A hash of what the window calls itself.
        pub holder: String,
        pub local_key: String,
        pub taken_at: i64,
        pub contact_at: i64,
        /// Answers that the player has not sent yet, as it says.
        pub unsent: i32,
        /// How long the last save took to be acknowledged, as the player measured it.
        pub lag_ms: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod message {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attempt_message")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub attempt: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub content: String,
        pub sent_at: i64,
        pub sent_by: String,
        pub read_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod late_answer {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "late_answer")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub attempt: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub client_op_id: String,
        pub position: i32,
        pub response: String,
        pub client_at: Option<i64>,
        pub received_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod delivery {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "exam_delivery")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub exam: String,
        /// `keep` or `reject`.
        pub late: String,
        /// JSON lists of lower-case hex SHA-256.
        pub config_keys: String,
        pub browser_keys: String,
        pub changed_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
