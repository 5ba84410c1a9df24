//! What members show of themselves: switches per credential, profiles with their handles, selections for one reader.

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
        manager
            .create_table(table(
                "share_switch",
                [
                    key("credential"),
                    text("track"),
                    flag("score"),
                    flag("evidence"),
                    flag("listed"),
                    number("changed_at"),
                ],
            ))
            .await?;
        manager.create_index(index("share_switch", &["track", "credential"])).await?;
        profiles(manager).await?;
        selections(manager).await
    }
}

async fn profiles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(table(
            "profile",
            [
                key("member"),
                text_null("handle"),
                text("about"),
                flag("found"),
                number_null("published_at"),
                number("changed_at"),
            ],
        ))
        .await?;
    manager.create_index(unique("profile", &["handle"])).await?;
    // Every handle that was ever taken stays its member's: an old link never leads to somebody else.
    manager
        .create_table(table("profile_handle", [key("handle"), text("skeleton"), text("member"), number("taken_at")]))
        .await?;
    manager.create_index(unique("profile_handle", &["skeleton"])).await?;
    manager.create_index(index("profile_handle", &["member"])).await?;
    let mut entry = table("profile_entry", [text("member"), text("credential"), small("place")]);
    entry.primary_key(Index::create().col(Alias::new("member")).col(Alias::new("credential")));
    manager.create_table(entry).await
}

async fn selections(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(table(
            "selection",
            [
                key("id"),
                text("member"),
                text("share_id"),
                text("note"),
                number_null("until_at"),
                number("created_at"),
                number_null("opened_at"),
                number_null("ended_at"),
            ],
        ))
        .await?;
    manager.create_index(unique("selection", &["share_id"])).await?;
    manager.create_index(index("selection", &["member"])).await?;
    let mut entry =
        table("selection_entry", [text("selection"), text("credential"), small("place"), flag("private_too")]);
    entry.primary_key(Index::create().col(Alias::new("selection")).col(Alias::new("credential")));
    manager.create_table(entry).await?;
    manager.create_index(index("selection_entry", &["credential"])).await
}
