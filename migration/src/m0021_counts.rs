//! Daily sums of looks at credentials: by day, credential and kind, and nothing of whoever looked.

use sea_orm_migration::prelude::*;

use crate::columns::{flag, index, number, small, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [text("credential"), small("day"), text("what"), flag("private"), text("track"), number("looks")];
        let mut key = Index::create();
        for column in ["credential", "day", "what", "private"] {
            key.col(Alias::new(column));
        }
        manager.create_table(table("daily_count", columns).primary_key(&mut key).to_owned()).await?;
        manager.create_index(index("daily_count", &["track", "day"])).await
    }
}
