//! Rows of sources, received events, contributions and activities; what sources delivered, and feeds of members.

pub mod source {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "source")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub source: String,
        /// The definition as JSON.
        pub definition: String,
        pub changed_at: i64,
        /// Who writes it: `files` or `here`.
        pub managed: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Every event that was taken, once: what makes a repetition a duplicate.
pub mod received {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "received_event")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub source: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub event: String,
        pub content_hash: String,
        /// The contribution or activity that it became.
        pub became: String,
        pub received_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod contribution {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contribution")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub source: String,
        pub event: String,
        pub r#type: String,
        pub subject: String,
        pub state: String,
        pub held_because: Option<String>,
        pub member: Option<String>,
        pub giver: Option<String>,
        pub object: String,
        /// What it is about, where that is not its object: the question that an answer is given to.
        pub about: Option<String>,
        pub url: Option<String>,
        /// Titles by language tag, as JSON.
        pub titles: String,
        /// The event's `data` in full, as JSON.
        pub data: String,
        /// The member's tie to an organization when it happened, as JSON.
        pub affiliation: Option<String>,
        pub fact: Option<String>,
        pub happened_at: i64,
        pub received_at: i64,
        pub accepted_at: Option<i64>,
        pub voided_at: Option<i64>,
        pub void_reason: Option<String>,
        /// Whether the member accepted it themselves.
        pub own: bool,
        /// What it weighs, as its source said when it came.
        pub weight: i32,
        /// Who brought it, where a person here looked at it first: a row of a table, a link that was accepted.
        pub brought_by: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod activity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "activity")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub source: String,
        pub event: String,
        pub r#type: String,
        pub subject: Option<String>,
        pub member: Option<String>,
        pub object: String,
        /// As for a contribution.
        pub about: Option<String>,
        pub titles: String,
        pub data: String,
        pub happened_at: i64,
        pub received_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// How often something became of what a source sent, by day.
pub mod day {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "source_day")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub source: String,
        /// Days since 1970-01-01 in UTC.
        #[sea_orm(primary_key, auto_increment = false)]
        pub day: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub outcome: String,
        pub n: i64,
        pub last_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The last refusals of a source, for people who look into them.
pub mod refusal {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "source_refusal")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub source: String,
        pub event: Option<String>,
        pub reason: String,
        pub detail: String,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What was delivered by a sender who signed it.
pub mod delivery {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "source_delivery")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub source: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub content_hash: String,
        /// The sender's own name for it, which nothing signs.
        #[sea_orm(primary_key, auto_increment = false)]
        pub delivery: String,
        pub event: String,
        pub outcome: String,
        pub received_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod dead_letter {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "dead_letter")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub source: String,
        pub delivery: String,
        pub content_hash: String,
        pub event: String,
        pub reason: String,
        pub detail: String,
        pub body: String,
        /// `waiting`, `counted` or `discarded`.
        pub state: String,
        pub received_at: i64,
        pub closed_at: Option<i64>,
        pub closed_by: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub mod feed {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "member_feed")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub source: String,
        pub member: String,
        pub url: String,
        pub code: String,
        /// The address, once it is proved: one member's alone.
        pub proved: Option<String>,
        /// Whose articles count, where the feed names authors.
        pub author: Option<String>,
        pub etag: Option<String>,
        pub last_modified: Option<String>,
        pub added_at: i64,
        pub proved_at: Option<i64>,
        pub next_at: i64,
        pub fetched_at: Option<i64>,
        pub failures: i32,
        pub problem: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
