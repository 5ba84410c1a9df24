//! Exams that are being written: one draft for each, as a document that may still hold mistakes.

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
        manager
            .create_table(table(
                "exam_draft",
                [key("slug"), text("document"), number("revision"), text("changed_by"), number("changed_at")],
            ))
            .await
    }
}
