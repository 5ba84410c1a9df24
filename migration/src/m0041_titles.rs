//! Titles that two people decide on, with their terms; boards of a season: who takes part, and what counts for them.

use sea_orm_migration::prelude::*;

use crate::columns::{index, key, number, number_null, small, table, text, text_null, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            key("id"),
            text("track"),
            text("member"),
            text("state"),
            number("from_at"),
            number("until_at"),
            text("reason"),
            text_null("public_reason"),
            text("proposed_by"),
            number("proposed_at"),
            text_null("decided_by"),
            number_null("decided_at"),
            text_null("decision_reason"),
            text_null("fact"),
            text_null("ended_by"),
            number_null("ended_at"),
            text_null("end_reason"),
            // The member and the track while it waits for its second person: one proposal at a time.
            text_null("open"),
        ];
        manager.create_table(table("title_term", columns)).await?;
        manager.create_index(unique("title_term", &["open"])).await?;
        manager.create_index(unique("title_term", &["fact"])).await?;
        manager.create_index(index("title_term", &["track", "state", "id"])).await?;
        manager.create_index(index("title_term", &["member", "track"])).await?;

        let columns = [key("id"), text("track"), text("member"), number("since"), number_null("due_at")];
        manager.create_table(table("board_member", columns)).await?;
        manager.create_index(unique("board_member", &["member", "track"])).await?;
        manager.create_index(index("board_member", &["track", "id"])).await?;
        manager.create_index(index("board_member", &["due_at"])).await?;

        let columns = [key("id"), text("track"), text("season"), text("member"), small("count")];
        manager.create_table(table("board_count", columns)).await?;
        manager.create_index(unique("board_count", &["track", "season", "member"])).await?;
        manager.create_index(index("board_count", &["track", "season", "count"])).await?;
        manager.create_index(index("board_count", &["member", "track"])).await
    }
}
