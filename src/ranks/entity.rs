//! Rows of ladders and their versions, of what members gathered on them, of the ranks that they reached, and of who shows theirs.

pub mod ladder {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ladder")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub slug: String,
        /// The number of the version that counts.
        pub current: i32,
        /// Who writes it: `files` or `here`.
        pub managed: String,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod version {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ladder_version")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub ladder: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        /// The definition as JSON.
        pub definition: String,
        pub published_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What a member has gathered on a ladder.
pub mod climb {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ladder_climb")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub member: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub ladder: String,
        /// The version that it was counted by.
        pub version: i32,
        pub points: i64,
        /// What was counted, as JSON.
        pub counted: String,
        pub changed_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A rank that was reached.
pub mod rank {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "rank_reached")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub member: String,
        pub ladder: String,
        /// The version of the ladder under which it was reached.
        pub version: i32,
        /// The number of the step in that version, from 1.
        pub step: i32,
        /// Its number among the steps beyond the named ones; 0 for these.
        pub beyond: i32,
        /// What it was called, by language tag, as JSON.
        pub titles: String,
        /// The points at which it lay.
        pub at_points: i64,
        /// When the fact happened that reached it.
        pub reached_at: i64,
        pub recorded_at: i64,
        /// When a fact was taken back, or came late, so that it was not reached, or not then.
        pub gone_at: Option<i64>,
        /// Names member, ladder and title while it stands: nobody has a rank twice.
        pub stands: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Members who show their ranks to others.
pub mod shown {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "rank_shown")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub member: String,
        pub since: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
