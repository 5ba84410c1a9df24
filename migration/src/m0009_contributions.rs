//! Received events, contributions, activities; which addresses members have proved to be theirs.

use sea_orm_migration::prelude::*;

use crate::columns::{flag, index, key, number, number_null, table, text, text_null, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut received = table(
            "received_event",
            [text("source"), text("event"), text("content_hash"), text("became"), number("received_at")],
        );
        received.primary_key(Index::create().col(Alias::new("source")).col(Alias::new("event")));
        manager.create_table(received).await?;

        manager
            .create_table(table(
                "contribution",
                [
                    key("id"),
                    text("source"),
                    text("event"),
                    text("type"),
                    text("subject"),
                    text("state"),
                    text_null("held_because"),
                    text_null("member"),
                    text_null("giver"),
                    text("object"),
                    text_null("url"),
                    text("titles"),
                    text("data"),
                    text_null("affiliation"),
                    text_null("fact"),
                    number("happened_at"),
                    number("received_at"),
                    number_null("accepted_at"),
                    number_null("voided_at"),
                    text_null("void_reason"),
                ],
            ))
            .await?;
        manager.create_index(unique("contribution", &["source", "event"])).await?;
        manager.create_index(unique("contribution", &["fact"])).await?;
        manager.create_index(index("contribution", &["member", "happened_at"])).await?;
        manager.create_index(index("contribution", &["state", "subject"])).await?;

        manager
            .create_table(table(
                "activity",
                [
                    key("id"),
                    text("source"),
                    text("event"),
                    text("type"),
                    text_null("subject"),
                    text_null("member"),
                    text("object"),
                    text("titles"),
                    text("data"),
                    number("happened_at"),
                    number("received_at"),
                ],
            ))
            .await?;
        manager.create_index(unique("activity", &["source", "event"])).await?;
        manager.create_index(index("activity", &["subject"])).await?;
        manager.create_index(index("activity", &["type", "happened_at"])).await?;

        let mut verified = number_null("email_verified_at");
        manager.alter_table(Table::alter().table(Alias::new("member")).add_column(&mut verified).to_owned()).await?;
        let mut mailed = flag("mailed").default(false).to_owned();
        manager.alter_table(Table::alter().table(Alias::new("login_link")).add_column(&mut mailed).to_owned()).await
    }
}
