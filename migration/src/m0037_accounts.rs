//! Accounts kept by page: sign-in links that staff handed over, who gave a role and why, who made an API key.

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
        let links = [key("hash"), text("member"), text("made_by"), number("made_at")];
        manager.create_table(table("handed_link", links)).await?;
        manager.create_index(index("handed_link", &["member", "made_at"])).await?;
        for (of, column) in [("staff_role", "given_by"), ("staff_role", "reason"), ("api_key", "made_by")] {
            let mut column = text_null(column);
            manager.alter_table(Table::alter().table(Alias::new(of)).add_column(&mut column).take()).await?;
        }
        Ok(())
    }
}
