//! Who outside is told of what happens, what each is owed, how each try went; and the exams that a proctoring service's key names.

use sea_orm_migration::prelude::*;

use crate::columns::{index, key, number, number_null, small, small_null, table, text, text_null, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let scope = table("api_key_exam", [text("key"), text("exam")])
            .primary_key(Index::create().col(Alias::new("key")).col(Alias::new("exam")))
            .take();
        manager.create_table(scope).await?;
        manager
            .create_table(table(
                "webhook",
                [
                    key("id"),
                    text("url"),
                    text("note"),
                    text("kinds"),
                    text("exams"),
                    // NULL while it is on; else why it is off.
                    text_null("off"),
                    number_null("off_at"),
                    // Of the secret only its number and a hash are here.
                    small("secret"),
                    text("secret_hash"),
                    small_null("old_secret"),
                    text_null("old_secret_hash"),
                    number_null("old_until"),
                    number_null("failing_since"),
                    number("created_at"),
                    text("created_by"),
                ],
            ))
            .await?;
        manager
            .create_table(table(
                "webhook_delivery",
                [
                    key("id"),
                    text("webhook"),
                    text("event"),
                    text("kind"),
                    text("body"),
                    number("told_at"),
                    text("state"),
                    small("tries"),
                    // Failed tries since it was last begun, and when that round began.
                    small("failed"),
                    number_null("round_at"),
                    number("due_at"),
                    number_null("leased_until"),
                    small_null("status"),
                    text_null("error"),
                    number_null("finished_at"),
                ],
            ))
            .await?;
        // An event that is told twice is owed once.
        manager.create_index(unique("webhook_delivery", &["webhook", "event"])).await?;
        manager.create_index(index("webhook_delivery", &["state", "due_at"])).await?;
        let tried = table(
            "webhook_try",
            [
                text("delivery"),
                small("number"),
                number("at"),
                small_null("status"),
                text_null("error"),
                text("answer"),
                number("took_ms"),
            ],
        )
        .primary_key(Index::create().col(Alias::new("delivery")).col(Alias::new("number")))
        .take();
        manager.create_table(tried).await
    }
}
