//! How often items stood in forms of an exam; items that were voided after they were sat, and the score runs that followed.

use sea_orm_migration::prelude::*;

use crate::columns::{index, key, number, number_null, small_null, table, text, text_null, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(table("exam_exposure", [key("exam"), text("used")])).await?;
        manager
            .create_table(table(
                "voided_item",
                [
                    key("id"),
                    text("exam"),
                    text("item"),
                    text("version"),
                    text("treatment"),
                    text("reason"),
                    text("actor"),
                    number("at"),
                    number_null("done_at"),
                ],
            ))
            .await?;
        manager.create_index(unique("voided_item", &["exam", "version"])).await?;
        manager.create_index(index("voided_item", &["done_at"])).await?;
        for column in [
            // The run that took its place; the one that counts has none.
            small_null("replaced_by"),
            // The voided item for which it was made; the run of closing has none.
            text_null("cause"),
            // When it is released by itself.
            number_null("release_at"),
        ] {
            let mut column = column;
            manager.alter_table(Table::alter().table(Alias::new("score_run")).add_column(&mut column).take()).await?;
        }
        Ok(())
    }
}
