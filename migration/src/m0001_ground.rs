//! What every room stands on: outbox, deliveries, audit chain, idempotency.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, index, key, number, number_null, small, table, text, text_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let seq = ColumnDef::new(Alias::new("seq")).big_integer().not_null().auto_increment().primary_key().take();
        manager
            .create_table(table(
                "outbox",
                [
                    seq,
                    text("id"),
                    text_null("member"),
                    text("event"),
                    number("told_at"),
                    number("due_at"),
                    small("attempts"),
                    number_null("done_at"),
                    text_null("last_error"),
                ],
            ))
            .await?;
        manager.create_index(index("outbox", &["done_at", "due_at", "seq"])).await?;
        manager.create_index(index("outbox", &["member", "done_at", "seq"])).await?;

        let mut delivery = table("delivery", [text("event"), text("listener"), number("at")]);
        delivery.primary_key(Index::create().col(Alias::new("event")).col(Alias::new("listener")));
        manager.create_table(delivery).await?;

        let seq = ColumnDef::new(Alias::new("seq")).big_integer().not_null().primary_key().take();
        manager
            .create_table(table(
                "audit",
                [seq, number("at"), text("actor"), text("action"), text("object"), text("detail"), text("hash")],
            ))
            .await?;
        manager.create_index(index("audit", &["object"])).await?;

        manager
            .create_table(table(
                "idempotency",
                [
                    key("key"),
                    text("request_hash"),
                    small("status"),
                    text("content_type"),
                    text_null("location"),
                    bytes("body"),
                    number("at"),
                ],
            ))
            .await
    }
}
