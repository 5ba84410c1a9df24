//! Questions to holders, whether a credential is theirs, and who takes none.

use sea_orm_migration::prelude::*;

use crate::columns::{index, key, number, number_null, table, text, text_null, unique};

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
                "holder_question",
                [
                    key("id"),
                    text("hash"),
                    text("credential"),
                    text("member"),
                    text_null("note"),
                    number("asked_at"),
                    number_null("answered_at"),
                    text_null("answer"),
                ],
            ))
            .await?;
        manager.create_index(unique("holder_question", &["hash"])).await?;
        manager.create_index(index("holder_question", &["member"])).await?;
        manager.create_index(index("holder_question", &["asked_at"])).await?;
        manager.create_table(table("no_holder_questions", [key("member"), number("since")])).await
    }
}
