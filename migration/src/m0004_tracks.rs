//! Issuers; tracks and their immutable versions.

use sea_orm_migration::prelude::*;

use crate::columns::{flag, key, number, small, table, text, unique};

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
                "issuer",
                [
                    key("id"),
                    text("slug"),
                    flag("is_default"),
                    text("profile"),
                    number("created_at"),
                    number("changed_at"),
                ],
            ))
            .await?;
        manager.create_index(unique("issuer", &["slug"])).await?;
        manager
            .create_table(table(
                "track",
                [key("id"), text("slug"), text("issuer"), text("current"), number("created_at")],
            ))
            .await?;
        manager.create_index(unique("track", &["slug"])).await?;
        manager
            .create_table(table(
                "track_version",
                [key("id"), text("track"), small("number"), text("definition"), number("published_at")],
            ))
            .await?;
        manager.create_index(unique("track_version", &["track", "number"])).await
    }
}
