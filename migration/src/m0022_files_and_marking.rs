//! Files that candidates hand in, and responses that people mark.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, index, key, number, number_null, small, table, text, text_null, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let file = [
            key("id"),
            text("attempt"),
            small("position"),
            text("sha256"),
            text("kind"),
            number("size"),
            number("created_at"),
        ];
        manager.create_table(table("candidate_file", file)).await?;
        manager.create_index(index("candidate_file", &["attempt", "position"])).await?;
        manager.create_table(table("candidate_file_bytes", [key("sha256"), bytes("bytes")])).await?;
        let marking = [
            key("id"),
            text("attempt"),
            small("position"),
            number("created_at"),
            text_null("points"),
            text_null("note"),
            text_null("marker"),
            number_null("marked_at"),
        ];
        manager.create_table(table("marking", marking)).await?;
        manager.create_index(unique("marking", &["attempt", "position"])).await?;
        manager.create_index(index("marking", &["marked_at"])).await?;
        // `scored`, or `waiting` for a person to mark.
        let state = ColumnDef::new(Alias::new("state")).text().not_null().default("scored").take();
        let alter = Table::alter().table(Alias::new("score_run")).add_column(state).take();
        manager.alter_table(alter).await
    }
}
