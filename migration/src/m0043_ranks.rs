//! Ladders and their versions, what members gathered on them, the ranks they reached, and who shows theirs to others.

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
        // Who writes it: `files` (applied from a folder) or `here` (by form).
        let ladder = table("ladder", [key("slug"), small("current"), text("managed"), number("created_at")]);
        manager.create_table(ladder).await?;
        let mut version =
            table("ladder_version", [text("ladder"), small("number"), text("definition"), number("published_at")]);
        version.primary_key(Index::create().col(Alias::new("ladder")).col(Alias::new("number")));
        manager.create_table(version).await?;
        let mut climb = table(
            "ladder_climb",
            [text("member"), text("ladder"), small("version"), number("points"), text("counted"), number("changed_at")],
        );
        climb.primary_key(Index::create().col(Alias::new("member")).col(Alias::new("ladder")));
        manager.create_table(climb).await?;
        let rank = table(
            "rank_reached",
            [
                key("id"),
                text("member"),
                text("ladder"),
                small("version"),
                small("step"),
                small("beyond"),
                text("titles"),
                number("at_points"),
                number("reached_at"),
                number("recorded_at"),
                number_null("gone_at"),
                text_null("stands"),
            ],
        );
        manager.create_table(rank).await?;
        manager.create_index(unique("rank_reached", &["stands"])).await?;
        manager.create_index(index("rank_reached", &["member", "ladder"])).await?;
        manager.create_table(table("rank_shown", [key("member"), number("since")])).await
    }
}
