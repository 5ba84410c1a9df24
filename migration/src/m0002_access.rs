//! Sessions, API keys, member tokens, sign-in links, staff roles.

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
                "session",
                [key("hash"), text("member"), number("created_at"), number("seen_at"), number("expires_at")],
            ))
            .await?;
        manager.create_index(index("session", &["member"])).await?;
        manager
            .create_table(table(
                "api_key",
                [
                    key("id"),
                    text("name"),
                    text("role"),
                    text_null("source"),
                    text("hash"),
                    number("created_at"),
                    number_null("revoked_at"),
                ],
            ))
            .await?;
        manager.create_index(unique("api_key", &["hash"])).await?;
        manager
            .create_table(table(
                "member_token",
                [key("hash"), text("member"), text("minted_by"), number("created_at"), number("expires_at")],
            ))
            .await?;
        manager
            .create_table(table(
                "login_link",
                [key("hash"), text("member"), number("created_at"), number("expires_at"), number_null("used_at")],
            ))
            .await?;
        manager.create_index(index("login_link", &["member"])).await?;
        let mut roles = table("staff_role", [text("member"), text("role"), number("given_at")]);
        roles.primary_key(Index::create().col(Alias::new("member")).col(Alias::new("role")));
        manager.create_table(roles).await
    }
}
