//! Finding intents by what they had signed, and by the key that signed it.

use sea_orm_migration::prelude::*;

use crate::columns::{index, text_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("signing_intent", &["payload_hash"])).await?;
        manager.create_index(index("signing_intent", &["key", "purpose", "subject"])).await?;
        let mut why = text_null("revoked_why");
        manager.alter_table(Table::alter().table(Alias::new("issuer_key")).add_column(&mut why).take()).await
    }
}
