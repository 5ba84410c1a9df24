//! Sources that speak their own language: what each delivered, day by day, what was refused, what nobody could read; feeds of members. A contribution keeps
//! what it weighs and whether its member accepted it themselves.

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
        let columns = [text("source"), small("day"), text("outcome"), number("n"), number("last_at")];
        let mut days = table("source_day", columns);
        days.primary_key(Index::create().col(Alias::new("source")).col(Alias::new("day")).col(Alias::new("outcome")));
        manager.create_table(days).await?;

        let columns = [key("id"), text("source"), text_null("event"), text("reason"), text("detail"), number("at")];
        manager.create_table(table("source_refusal", columns)).await?;
        manager.create_index(index("source_refusal", &["source", "id"])).await?;

        let columns = [
            text("source"),
            text("delivery"),
            text("content_hash"),
            text("event"),
            text("outcome"),
            number("received_at"),
        ];
        let mut deliveries = table("source_delivery", columns);
        deliveries.primary_key(
            Index::create().col(Alias::new("source")).col(Alias::new("content_hash")).col(Alias::new("delivery")),
        );
        manager.create_table(deliveries).await?;
        manager.create_index(index("source_delivery", &["received_at"])).await?;

        let columns = [
            key("id"),
            text("source"),
            text("delivery"),
            text("content_hash"),
            text("event"),
            text("reason"),
            text("detail"),
            text("body"),
            text("state"),
            number("received_at"),
            number_null("closed_at"),
            text_null("closed_by"),
        ];
        manager.create_table(table("dead_letter", columns)).await?;
        manager.create_index(index("dead_letter", &["source", "state", "id"])).await?;

        let columns = [
            key("id"),
            text("source"),
            text("member"),
            text("url"),
            text("code"),
            text_null("proved"),
            text_null("author"),
            text_null("etag"),
            text_null("last_modified"),
            number("added_at"),
            number_null("proved_at"),
            number("next_at"),
            number_null("fetched_at"),
            small("failures"),
            text_null("problem"),
        ];
        manager.create_table(table("member_feed", columns)).await?;
        manager.create_index(unique("member_feed", &["member", "source", "url"])).await?;
        // The address, once somebody proved that it is theirs: nobody else can.
        manager.create_index(unique("member_feed", &["source", "proved"])).await?;
        manager.create_index(index("member_feed", &["next_at"])).await?;

        manager.create_index(index("activity", &["source", "object"])).await?;
        let mut own = flag("own").default(false).to_owned();
        let mut weight = small("weight").default(1).to_owned();
        let contribution = || Table::alter().table(Alias::new("contribution")).to_owned();
        manager.alter_table(contribution().add_column(&mut own).to_owned()).await?;
        manager.alter_table(contribution().add_column(&mut weight).to_owned()).await
    }
}
