//! Intents that are set aside: what was to be signed is not what a verifier takes.

use sea_orm_migration::prelude::*;

use crate::columns::{number_null, text_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in [text_null("set_aside"), number_null("set_aside_at")] {
            let intents = Table::alter().table(Alias::new("signing_intent")).add_column(&mut column).take();
            manager.alter_table(intents).await?;
        }
        Ok(())
    }
}
