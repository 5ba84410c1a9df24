//! Tracks that are being written: a draft for each, what takes effect on a day to come, the latest dry run with what it means for each member.

use sea_orm_migration::prelude::*;

use crate::columns::{flag, index, key, number, number_null, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Who writes the track: `files` (applied from a folder) or `here` (by form or call).
        let mut managed = text("managed").default("files").take();
        let mut silent = flag("silent").default(false).take();
        let add =
            |to: &'static str, column: &mut ColumnDef| Table::alter().table(Alias::new(to)).add_column(column).take();
        manager.alter_table(add("track", &mut managed)).await?;
        manager.alter_table(add("track_version", &mut silent)).await?;
        manager
            .create_table(table(
                "track_draft",
                [key("slug"), text("document"), number("revision"), text("changed_by"), number("changed_at")],
            ))
            .await?;
        manager
            .create_table(table(
                "track_schedule",
                [
                    key("slug"),
                    text("definition"),
                    flag("silent"),
                    number("takes_effect_at"),
                    text("asked_by"),
                    number("asked_at"),
                ],
            ))
            .await?;
        manager
            .create_table(table("track_plan", [key("slug"), text("job"), text("hash"), number("counted_at")]))
            .await?;
        let mut person = table(
            "track_plan_person",
            [
                text("job"),
                text("member"),
                text("effect"),
                flag("holds"),
                number_null("before_at"),
                number_null("crossed_at"),
            ],
        );
        person.primary_key(Index::create().col(Alias::new("job")).col(Alias::new("member")));
        manager.create_table(person).await?;
        manager.create_index(index("track_plan_person", &["job", "effect", "member"])).await
    }
}
