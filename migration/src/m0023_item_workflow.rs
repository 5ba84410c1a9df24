//! The life of an item: its state, the version that is proposed beside the one in use, and every step with who took it and why. What was there before is
//! in use.

use sea_orm_migration::prelude::*;

use crate::columns::{index, key, number, table, text, text_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let state = text("state").default("operational").take();
        let revision = number("revision").default(1).take();
        for (name, column) in [
            ("bank", text_null("title")),
            ("item", state),
            ("item", text_null("proposed")),
            ("item", text_null("proposal")),
            ("item", revision),
            ("item_version", text_null("author")),
        ] {
            add(manager, name, column).await?;
        }
        manager
            .create_table(table(
                "item_step",
                [
                    key("id"),
                    text("bank"),
                    text("item"),
                    text_null("version"),
                    text("verb"),
                    text("was"),
                    text("became"),
                    text_null("note"),
                    text("actor"),
                    number("revision"),
                    number("at"),
                ],
            ))
            .await?;
        manager.create_index(index("item_step", &["item"])).await?;
        manager.create_index(index("item_step", &["bank", "actor"])).await?;
        // Who began an attempt although they may read the keys of its bank.
        manager.create_table(table("attempt_conflict", [key("attempt"), text("why"), number("noted_at")])).await
    }
}

async fn add(manager: &SchemaManager<'_>, table: &'static str, mut column: ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(Alias::new(table)).add_column(&mut column).take()).await
}
