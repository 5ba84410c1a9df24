//! When time alone changes something at an attempt that goes on: a pause over, a section's clock run out.

use sea_orm_migration::prelude::*;

use crate::columns::{index, number_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = number_null("turns_at");
        let alter = Table::alter().table(Alias::new("attempt")).add_column(&mut column).take();
        manager.alter_table(alter).await?;
        manager.create_index(index("attempt", &["turns_at"])).await
    }
}
