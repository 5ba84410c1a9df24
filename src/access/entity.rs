//! Rows of sessions, API keys, member tokens, sign-in links and staff roles. Secrets are SHA-256 hashes in hex.

macro_rules! table {
    ($module:ident, $table:literal, { $($(#[$attr:meta])* $field:ident: $type:ty,)* }) => {
        pub mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model { $($(#[$attr])* pub $field: $type,)* }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}
            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

table!(session, "session", {
    #[sea_orm(primary_key, auto_increment = false)]
    hash: String,
    member: String,
    created_at: i64,
    seen_at: i64,
    expires_at: i64,
});

table!(api_key, "api_key", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    name: String,
    role: String,
    source: Option<String>,
    hash: String,
    created_at: i64,
    revoked_at: Option<i64>,
    made_by: Option<String>,
});

// The exams, by slug, for which a key of role proctor is.
table!(api_key_exam, "api_key_exam", {
    #[sea_orm(primary_key, auto_increment = false)]
    key: String,
    #[sea_orm(primary_key, auto_increment = false)]
    exam: String,
});

table!(member_token, "member_token", {
    #[sea_orm(primary_key, auto_increment = false)]
    hash: String,
    member: String,
    minted_by: String,
    created_at: i64,
    expires_at: i64,
});

table!(login_link, "login_link", {
    #[sea_orm(primary_key, auto_increment = false)]
    hash: String,
    member: String,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
    mailed: bool,
});

table!(first_sign_in, "first_sign_in", {
    #[sea_orm(primary_key, auto_increment = false)]
    member: String,
    at: i64,
});

table!(staff_role, "staff_role", {
    #[sea_orm(primary_key, auto_increment = false)]
    member: String,
    #[sea_orm(primary_key, auto_increment = false)]
    role: String,
    given_at: i64,
    given_by: Option<String>,
    reason: Option<String>,
});

// Which sign-in links staff made for a member, by the hash of each; the links themselves go.
table!(handed_link, "handed_link", {
    #[sea_orm(primary_key, auto_increment = false)]
    hash: String,
    member: String,
    made_by: String,
    made_at: i64,
});

pub mod idempotency {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "idempotency")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        /// Of content type and body.
        pub request_hash: String,
        /// The status of the answer; 0 while the work is under way.
        pub status: i32,
        pub content_type: String,
        pub location: Option<String>,
        pub body: Vec<u8>,
        pub at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
