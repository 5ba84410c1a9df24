//! What people hand in: links, claims of handles, gatherings with who was there, strikes; where a held contribution came from a known member.

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
        let columns = [
            key("id"),
            text("member"),
            text("url"),
            text("url_key"),
            text("type"),
            text("sentence"),
            text("disclosure"),
            text("state"),
            number("happened_at"),
            number("submitted_at"),
            number("changed_at"),
            text_null("reason"),
            text_null("contribution"),
            // The member and the address, while it waits or is accepted: a member hands one address in once.
            text_null("live"),
        ];
        manager.create_table(table("submission", columns)).await?;
        manager.create_index(unique("submission", &["live"])).await?;
        manager.create_index(index("submission", &["url_key"])).await?;
        manager.create_index(index("submission", &["member", "id"])).await?;
        manager.create_index(index("submission", &["state", "id"])).await?;

        let columns =
            [text("submission"), small("position"), text("step"), text("actor"), text_null("said"), number("at")];
        let mut steps = table("submission_step", columns);
        steps.primary_key(Index::create().col(Alias::new("submission")).col(Alias::new("position")));
        manager.create_table(steps).await?;

        let columns = [
            key("id"),
            text("member"),
            text("source"),
            text("handle"),
            text("code"),
            text("state"),
            text_null("place"),
            number("claimed_at"),
            number("expires_at"),
            number_null("decided_at"),
            text_null("decided_by"),
            text_null("reason"),
            // The source and the handle, while it is proved: it is one member's alone.
            text_null("holds"),
        ];
        manager.create_table(table("handle_claim", columns)).await?;
        manager.create_index(unique("handle_claim", &["holds"])).await?;
        manager.create_index(unique("handle_claim", &["code"])).await?;
        manager.create_index(index("handle_claim", &["member", "id"])).await?;
        manager.create_index(index("handle_claim", &["state", "id"])).await?;

        let columns = [
            key("id"),
            text("title"),
            text_null("url"),
            text_null("organizer"),
            number("opens_at"),
            number("closes_at"),
            number("late_until"),
            small("use_limit"),
            flag("rotates"),
            text("secret"),
            text("created_by"),
            number("created_at"),
        ];
        manager.create_table(table("gathering", columns)).await?;

        let columns = [
            key("id"),
            text("gathering"),
            text("member"),
            text("state"),
            flag("late"),
            text_null("note"),
            number("claimed_at"),
            number_null("decided_at"),
            text_null("decided_by"),
            text_null("reason"),
            text_null("contribution"),
        ];
        manager.create_table(table("attendance", columns)).await?;
        manager.create_index(unique("attendance", &["gathering", "member"])).await?;
        manager.create_index(index("attendance", &["member", "id"])).await?;

        let columns = [
            key("id"),
            text("member"),
            text("reason"),
            text_null("about"),
            text("recorded_by"),
            number("recorded_at"),
            number("expires_at"),
            number_null("lifted_at"),
            text_null("lifted_by"),
            text_null("lift_reason"),
        ];
        manager.create_table(table("strike", columns)).await?;
        manager.create_index(index("strike", &["member", "expires_at"])).await?;

        manager.create_index(index("contribution", &["state", "held_because", "id"])).await?;
        manager.create_index(index("contribution", &["object"])).await
    }
}
