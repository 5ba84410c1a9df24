//! The outbox is read from the oldest open event on, many at a time: an index of the open ones alone, in their order.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let by_due = Index::drop().name("ix_outbox_done_at_due_at_seq").table(Alias::new("outbox")).to_owned();
        manager.drop_index(by_due).await?;
        let open = "CREATE INDEX ix_outbox_open ON outbox (seq) WHERE done_at IS NULL";
        manager.get_connection().execute_unprepared(open).await?;
        Ok(())
    }
}
