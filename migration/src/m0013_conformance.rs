//! Status lists of the interface for conformance suites, and the places in them.

use sea_orm_migration::prelude::*;

use crate::columns::{flag, index, key, number, number_null, table, text, text_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(table(
                "conformance_list",
                [
                    key("id"),
                    text("purpose"),
                    number("used"),
                    number("version"),
                    text_null("intent"),
                    number_null("signed_version"),
                    number_null("signed_at"),
                    number("created_at"),
                ],
            ))
            .await?;
        let mut entry = table(
            "conformance_entry",
            [text("list"), number("place"), text("credential"), flag("is_set"), number("at")],
        );
        entry.primary_key(Index::create().col(Alias::new("list")).col(Alias::new("place")));
        manager.create_table(entry).await?;
        manager.create_index(index("conformance_entry", &["credential"])).await
    }
}
