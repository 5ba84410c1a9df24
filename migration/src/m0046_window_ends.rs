//! Why a window was cancelled, as those who had a seat in it read it.

use sea_orm_migration::prelude::*;

use crate::columns::text_null;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let add = Table::alter().table(Alias::new("exam_window")).add_column(text_null("cancel_reason")).take();
        manager.alter_table(add).await
    }
}
