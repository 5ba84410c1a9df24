//! Members with their handles, aliases and affiliations; the ledger of facts.

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
                "member",
                [key("id"), text("email"), text("name"), text("locale"), number("joined_at")],
            ))
            .await?;
        manager.create_index(unique("member", &["email"])).await?;
        manager.create_table(table("member_handle", [key("handle"), text("member"), number("linked_at")])).await?;
        manager.create_index(index("member_handle", &["member"])).await?;
        manager.create_table(table("member_alias", [key("gone"), text("kept"), number("at")])).await?;
        let seq = ColumnDef::new(Alias::new("seq")).big_integer().not_null().auto_increment().primary_key().take();
        manager
            .create_table(table(
                "affiliation",
                [
                    seq,
                    text("member"),
                    text("organization"),
                    text_null("title"),
                    number("from_at"),
                    number_null("until_at"),
                    text("stated_by"),
                ],
            ))
            .await?;
        manager.create_index(index("affiliation", &["member", "from_at"])).await?;

        manager
            .create_table(table(
                "fact",
                [
                    key("id"),
                    text("member"),
                    text("kind"),
                    number("happened_at"),
                    number("known_at"),
                    text("document"),
                    text("origin"),
                    text("hash"),
                    text_null("voided_by"),
                ],
            ))
            .await?;
        manager.create_index(unique("fact", &["origin"])).await?;
        manager.create_index(index("fact", &["member", "happened_at"])).await?;
        manager
            .create_table(table("fact_void", [key("id"), text("fact"), text("reason"), text("actor"), number("at")]))
            .await?;
        manager.create_index(unique("fact_void", &["fact"])).await
    }
}
