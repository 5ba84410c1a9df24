//! Browsers that proved by script which configuration they run, since they send no headers.

use sea_orm_migration::prelude::*;

use crate::columns::{index, key, number, table, text};

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
                "browser_proof",
                // The hash of what the browser's cookie holds, and of the keys that the exam asked for.
                [key("token"), text("exam"), text("member"), text("keys"), number("proved_at"), number("expires_at")],
            ))
            .await?;
        manager.create_index(index("browser_proof", &["exam", "member"])).await
    }
}
