//! Thanks between members and from the program; months for which staff were told who was not thanked.

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
                "thanks",
                [
                    key("id"),
                    // Nobody where the program thanks.
                    text_null("giver"),
                    // Who wrote it: a member or a key.
                    text("by"),
                    text("receiver"),
                    // How the giver named the receiver.
                    text("called"),
                    text("reason"),
                    text_null("url"),
                    flag("named"),
                    text("state"),
                    flag("shown"),
                    // Why staff keep it back.
                    text_null("withheld"),
                    text("contribution"),
                    text("fact"),
                    number("given_at"),
                    number_null("ended_at"),
                    text_null("ended_by"),
                    text_null("end_reason"),
                    // `giver week place`: each place of a week is taken once.
                    text_null("slot"),
                ],
            ))
            .await?;
        manager.create_index(unique("thanks", &["slot"])).await?;
        manager.create_index(unique("thanks", &["contribution"])).await?;
        manager.create_index(index("thanks", &["receiver", "given_at"])).await?;
        manager.create_index(index("thanks", &["giver", "given_at"])).await?;
        manager.create_index(index("thanks", &["given_at"])).await?;
        // Whoever is thanked may be named by their whole name.
        manager.create_index(index("member", &["name"])).await?;
        manager.create_table(table("thanks_digest", [key("month"), small("people"), number("sent_at")])).await
    }
}
