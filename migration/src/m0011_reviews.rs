//! Reviews: a credential whose decision was superseded waits for a person.

use sea_orm_migration::prelude::*;

use crate::columns::{index, key, number, number_null, table, text, text_null, unique};

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
                "credential_review",
                [
                    key("id"),
                    text("credential"),
                    text("rests_on"),
                    text("says"),
                    number("opened_at"),
                    text_null("open"),
                    number_null("closed_at"),
                    text_null("closed_by"),
                    text_null("outcome"),
                    text_null("note"),
                ],
            ))
            .await?;
        // At most one open review for each credential; NULL once it is closed.
        manager.create_index(unique("credential_review", &["open"])).await?;
        manager.create_index(index("credential_review", &["credential"])).await?;
        manager.create_index(index("credential", &["basis"])).await?;
        manager.create_index(index("decision", &["superseded_by"])).await
    }
}
