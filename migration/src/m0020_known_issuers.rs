//! Other people's issuers that this installation knows, with their keys and since when.

use sea_orm_migration::prelude::*;

use crate::columns::{key, number, number_null, table, text, text_null, unique};

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
                "known_issuer",
                [
                    key("id"),
                    text("issuer"),
                    text("name"),
                    text("keys"),
                    text("note"),
                    number("since"),
                    text("added_by"),
                    number("added_at"),
                    number_null("ended_at"),
                    text_null("live"),
                ],
            ))
            .await?;
        // The identifier while it is known; NULL once that has ended.
        manager.create_index(unique("known_issuer", &["live"])).await
    }
}
