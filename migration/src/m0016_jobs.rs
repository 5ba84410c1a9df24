//! Long work with its rows; links by which somebody claims what they were awarded.

use sea_orm_migration::prelude::*;

use crate::columns::{flag, index, key, number, number_null, small, table, text, text_null, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        jobs(manager).await?;
        claims(manager).await
    }
}

async fn jobs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(table(
            "job",
            [
                key("id"),
                text("kind"),
                text("state"),
                text("input"),
                ColumnDef::new(Alias::new("attachment")).blob().null().take(),
                text_null("open_key"),
                text("created_by"),
                number("created_at"),
                number_null("started_at"),
                number_null("ended_at"),
            ],
        ))
        .await?;
    // The same work is open once; NULL once it has ended.
    manager.create_index(unique("job", &["open_key"])).await?;
    manager.create_index(index("job", &["state", "created_at"])).await?;
    let mut rows = table(
        "job_row",
        [
            text("job"),
            small("position"),
            text("state"),
            text("input"),
            text_null("outcome"),
            small("attempts"),
            number("due_at"),
        ],
    );
    rows.primary_key(Index::create().col(Alias::new("job")).col(Alias::new("position")));
    manager.create_table(rows).await?;
    manager.create_index(index("job_row", &["job", "state", "due_at"])).await
}

async fn claims(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(table(
            "claim_link",
            [
                key("hash"),
                text("member"),
                text("credential"),
                number("created_at"),
                number("expires_at"),
                number_null("used_at"),
                flag("mailed"),
            ],
        ))
        .await?;
    // A new link for the same credential takes the place of the old one.
    manager.create_index(unique("claim_link", &["member", "credential"])).await
}
