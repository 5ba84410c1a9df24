//! Rows of windows, seats, vouchers and accommodations.

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

table!(exam_window, "exam_window", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    exam: String,
    name: String,
    opens_at: i64,
    closes_at: i64,
    seats: Option<i64>,
    cuts: bool,
    identity: bool,
    start_code: Option<String>,
    created_at: i64,
    cancelled_at: Option<i64>,
    cancel_reason: Option<String>,
});

table!(seat, "seat", {
    #[sea_orm(primary_key, auto_increment = false)]
    exam_window: String,
    #[sea_orm(primary_key, auto_increment = false)]
    member: String,
    registered_at: i64,
    cancelled_at: Option<i64>,
    identity_seen_at: Option<i64>,
    identity_seen_by: Option<String>,
});

// `attempt` is the one that it began; a void of that attempt lets it go.
table!(voucher, "voucher", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    exam: String,
    batch: String,
    code_hash: String,
    expires_at: Option<i64>,
    created_at: i64,
    created_by: String,
    attempt: Option<String>,
    redeemed_at: Option<i64>,
});

table!(accommodation, "accommodation", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    member: String,
    exam: Option<String>,
    percent: i32,
    minutes: i32,
    break_minutes: i32,
    reason: String,
    approved_by: String,
    approved_at: i64,
    ended_at: Option<i64>,
});
