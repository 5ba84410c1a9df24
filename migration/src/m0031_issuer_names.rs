//! Known issuers bear names over time: each with the moment from which it is theirs. What was the one name becomes the first.

use sea_orm_migration::prelude::*;

use crate::columns::{number, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

const COPY: &str = "INSERT INTO known_issuer_name (known, since, name, added_by, added_at) \
                    SELECT id, since, name, added_by, added_at FROM known_issuer";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [text("known"), number("since"), text("name"), text("added_by"), number("added_at")];
        let mut names = table("known_issuer_name", columns);
        names.primary_key(Index::create().col(Alias::new("known")).col(Alias::new("since")));
        manager.create_table(names).await?;
        manager.get_connection().execute_unprepared(COPY).await?;
        let one = Table::alter().table(Alias::new("known_issuer")).drop_column(Alias::new("name")).take();
        manager.alter_table(one).await
    }
}
