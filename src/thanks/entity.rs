//! Rows of thanks, and of the months for which staff were told who was not thanked.

pub mod thanks {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "thanks")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        /// None where the program thanks.
        pub giver: Option<String>,
        /// Who wrote it.
        pub by: String,
        pub receiver: String,
        /// How the giver named the receiver: what they knew of them is what they read again.
        pub called: String,
        pub reason: String,
        pub url: Option<String>,
        /// Whether the giver lets their name stand where others read it.
        pub named: bool,
        pub state: String,
        /// Whether the receiver lets others read it.
        pub shown: bool,
        /// Why staff keep it back, while they do.
        pub withheld: Option<String>,
        /// Its fact stands there: one that was held has none before it is credited.
        pub contribution: String,
        pub given_at: i64,
        pub ended_at: Option<i64>,
        pub ended_by: Option<String>,
        pub end_reason: Option<String>,
        /// Giver, week and place: unique, so that no week has a place twice. None where it takes up none.
        pub slot: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod digest {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "thanks_digest")]
    pub struct Model {
        /// `2026-10`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub month: String,
        pub people: i32,
        pub sent_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
