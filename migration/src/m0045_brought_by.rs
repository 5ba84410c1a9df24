//! Who brought a contribution that a person here looked at: theirs is not theirs alone to count. And the fact of a word of thanks is read where it is kept, at its contribution.

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
        let mut brought_by = text_null("brought_by");
        let add = Table::alter().table(Alias::new("contribution")).add_column(&mut brought_by).take();
        manager.alter_table(add).await?;
        let drop = Table::alter().table(Alias::new("thanks")).drop_column(Alias::new("fact")).take();
        manager.alter_table(drop).await
    }
}
