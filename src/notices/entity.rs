//! Rows of notices, of how each member wants them, and of letters.

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

// `about` are ids with a space between them. `member` and `cause` together are unique. `mail_at` is NULL where it does not go by mail, and once it
// is in a letter.
table!(notice, "notice", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    member: String,
    what: String,
    about: String,
    detail: Option<String>,
    cause: String,
    at: i64,
    read_at: Option<i64>,
    mail_at: Option<i64>,
    letter: Option<String>,
});

table!(setting, "notice_setting", {
    #[sea_orm(primary_key, auto_increment = false)]
    member: String,
    #[sea_orm(primary_key, auto_increment = false)]
    kind: String,
    way: String,
});

// Who wants no letter at all, whatever they say of each kind.
table!(stop, "notice_stop", {
    #[sea_orm(primary_key, auto_increment = false)]
    member: String,
    at: i64,
});

table!(letter, "notice_letter", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    member: String,
    made_at: i64,
    state: String,
    tries: i32,
    due_at: i64,
    leased_until: Option<i64>,
    finished_at: Option<i64>,
});

// SHA-256 in hex of what a letter's link to unsubscribe ends in.
table!(link, "notice_link", {
    #[sea_orm(primary_key, auto_increment = false)]
    hash: String,
    member: String,
    made_at: i64,
});

// Until when reminders were looked for.
table!(sweep, "notice_sweep", {
    #[sea_orm(primary_key, auto_increment = false)]
    name: String,
    at: i64,
});
