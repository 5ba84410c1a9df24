//! Who writes a source: `files` (applied from a folder) or `here` (by form).

use sea_orm_migration::prelude::*;

use crate::columns::text;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut managed = text("managed").default("files").take();
        let add = Table::alter().table(Alias::new("source")).add_column(&mut managed).take();
        manager.alter_table(add).await?;
        // What the form kept so far says so in the audit log: one source, and nothing else of the program.
        let by_form = "UPDATE source SET managed = 'here' WHERE EXISTS (SELECT 1 FROM audit \
                       WHERE audit.action = 'program.apply' AND audit.detail = '{\"changed\":[\"source:' || source.source || '\"]}')";
        manager.get_connection().execute_unprepared(by_form).await?;
        Ok(())
    }
}
