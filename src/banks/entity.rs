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
});

// `version` and `hash` are those of the version in use.
table!(item, "item", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    bank: String,
    slug: String,
    version: String,
    hash: String,
    created_at: i64,
});

table!(item_version, "item_version", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: String,
    item: String,
    number: i32,
    hash: String,
    content: String,
    created_at: i64,
});

table!(item_key, "item_key", {
    #[sea_orm(primary_key, auto_increment = false)]
    version: String,
    key: String,
    rationale: Option<String>,
});

table!(figure, "figure", {
    #[sea_orm(primary_key, auto_increment = false)]
    sha256: String,
    media_type: String,
    bytes: Vec<u8>,
    created_at: i64,
});
