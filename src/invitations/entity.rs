//! Rows of invitations.

pub mod invitation {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "invitation")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub member: String,
        pub state: String,
        /// The member, while it is open; unique.
        pub open: Option<String>,
        /// Of the newest link's token; unique.
        pub hash: Option<String>,
        /// Whether the newest link goes to the member's own address.
        pub mailed: bool,
        pub made_by: String,
        pub made_at: i64,
        /// When the newest link was made.
        pub sent_at: Option<i64>,
        pub expires_at: i64,
        pub ended_at: Option<i64>,
        /// The table with which the member came.
        pub job: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
