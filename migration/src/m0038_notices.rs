//! What members are told, how they want it, the letters that carry it; and who has come near to a track.

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
        manager
            .create_table(table(
                "notice",
                [
                    key("id"),
                    text("member"),
                    text("what"),
                    // Ids with a space between them.
                    text("about"),
                    // How many days ahead, of a reminder.
                    text_null("detail"),
                    // What brought it about: the same tells a member once.
                    text("cause"),
                    number("at"),
                    number_null("read_at"),
                    // When it goes by mail; NULL where it does not, and once it is in a letter.
                    number_null("mail_at"),
                    text_null("letter"),
                ],
            ))
            .await?;
        manager.create_index(unique("notice", &["member", "cause"])).await?;
        manager.create_index(index("notice", &["member", "id"])).await?;
        manager.create_index(index("notice", &["member", "read_at"])).await?;
        manager.create_index(index("notice", &["mail_at"])).await?;
        manager.create_index(index("notice", &["letter"])).await?;
        let mut setting = table("notice_setting", [text("member"), text("kind"), text("way")]);
        setting.primary_key(Index::create().col(Alias::new("member")).col(Alias::new("kind")));
        manager.create_table(setting).await?;
        manager.create_table(table("notice_stop", [key("member"), number("at")])).await?;
        manager
            .create_table(table(
                "notice_letter",
                [
                    key("id"),
                    text("member"),
                    number("made_at"),
                    text("state"),
                    small("tries"),
                    number("due_at"),
                    number_null("leased_until"),
                    number_null("finished_at"),
                ],
            ))
            .await?;
        manager.create_index(index("notice_letter", &["state", "due_at"])).await?;
        // Of a link to unsubscribe only a hash is here.
        manager.create_table(table("notice_link", [key("hash"), text("member"), number("made_at")])).await?;
        manager.create_index(index("notice_link", &["made_at"])).await?;
        manager.create_table(table("notice_sweep", [key("name"), number("at")])).await?;
        let mut near = table("goal_near", [text("member"), text("track"), number("at")]);
        near.primary_key(Index::create().col(Alias::new("member")).col(Alias::new("track")));
        manager.create_table(near).await?;
        // Reminders ask for what ends in a stretch of time.
        manager.create_index(index("credential", &["valid_until"])).await
    }
}
