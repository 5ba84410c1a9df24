//! Sources of events; badge templates that a program brings.

use sea_orm_migration::prelude::*;

use crate::columns::{key, number, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(table("source", [key("source"), text("definition"), number("changed_at")])).await?;
        manager.create_table(table("badge_template", [key("name"), text("svg"), number("changed_at")])).await
    }
}
