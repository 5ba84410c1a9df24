//! Rows of webhooks, of what each is owed, and of every try.

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

// `kinds` and `exams` are JSON arrays of texts; `off` says why it is off and is NULL while it is on. `secret` is the number from which the secret is
// derived; the secret itself stands nowhere.
table!(webhook, "webhook", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    url: String,
    note: String,
    kinds: String,
    exams: String,
    off: Option<String>,
    off_at: Option<i64>,
    secret: i32,
    secret_hash: String,
    old_secret: Option<i32>,
    old_secret_hash: Option<String>,
    old_until: Option<i64>,
    failing_since: Option<i64>,
    created_at: i64,
    created_by: String,
});

// `event` is the id that the receiver sees; one delivery for each webhook and event. `body` are the very bytes that are signed and sent.
table!(delivery, "webhook_delivery", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    webhook: String,
    event: String,
    kind: String,
    body: String,
    told_at: i64,
    state: String,
    tries: i32,
    failed: i32,
    round_at: Option<i64>,
    due_at: i64,
    leased_until: Option<i64>,
    status: Option<i32>,
    error: Option<String>,
    finished_at: Option<i64>,
});

table!(tried, "webhook_try", {
    #[sea_orm(primary_key, auto_increment = false)]
    delivery: String,
    #[sea_orm(primary_key, auto_increment = false)]
    number: i32,
    at: i64,
    status: Option<i32>,
    error: Option<String>,
    answer: String,
    took_ms: i64,
});
