//! Decisions and wake-ups.

use sea_orm_migration::prelude::*;

use crate::columns::{flag, index, key, number, small, table, text, text_null, unique};

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
                "decision",
                [
                    key("id"),
                    text("member"),
                    text("track"),
                    text("track_version"),
                    small("term"),
                    flag("met"),
                    number("decided_at"),
                    number("made_at"),
                    text("explanation"),
                    text_null("stands"),
                    text_null("superseded_by"),
                ],
            ))
            .await?;
        manager.create_index(unique("decision", &["stands"])).await?;
        manager.create_index(index("decision", &["member", "decided_at"])).await?;
        let mut wake = table("wake_up", [text("member"), text("track"), number("at")]);
        wake.primary_key(Index::create().col(Alias::new("member")).col(Alias::new("track")));
        manager.create_table(wake).await?;
        manager.create_index(index("wake_up", &["at"])).await
    }
}
