//! Rows of banks, items, versions, keys and figures.

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

table!(bank, "bank", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    slug: String,
    created_at: i64,
    title: Option<String>,
});

// `version` and `hash` are those of the version in use, or of the only draft of an item that was never in use; `proposed` is the version that is to follow
// the one in use, with `proposal` as its state. `revision` grows with every change of the row.
table!(item, "item", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    bank: String,
    slug: String,
    version: String,
    hash: String,
    created_at: i64,
    state: String,
    proposed: Option<String>,
    proposal: Option<String>,
    revision: i64,
});

table!(item_version, "item_version", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    item: String,
    number: i32,
    hash: String,
    content: String,
    created_at: i64,
    author: Option<String>,
});

table!(item_key, "item_key", {
    #[sea_orm(primary_key, auto_increment = false)]
    version: String,
    key: String,
    rationale: Option<String>,
});

table!(item_step, "item_step", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    bank: String,
    item: String,
    version: Option<String>,
    verb: String,
    was: String,
    became: String,
    note: Option<String>,
    actor: String,
    revision: i64,
    at: i64,
});

table!(figure, "figure", {
    #[sea_orm(primary_key, auto_increment = false)]
    sha256: String,
    media_type: String,
    bytes: Vec<u8>,
    created_at: i64,
});
