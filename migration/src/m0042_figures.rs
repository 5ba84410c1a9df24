//! What an event is about where that is not its object (the question that an answer is given to), so that figures find it; contributions of one type, and of one member, by time; how many facts a member has.

use sea_orm_migration::prelude::*;

use crate::columns::{index, text_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["activity", "contribution"] {
            let mut about = text_null("about");
            manager.alter_table(Table::alter().table(Alias::new(table)).add_column(&mut about).take()).await?;
        }
        manager.create_index(index("contribution", &["type", "happened_at"])).await?;
        // The order of a member's timeline in full, so that a page is read without sorting what happened at one moment.
        let shorter =
            Index::drop().name("ix_contribution_member_happened_at").table(Alias::new("contribution")).to_owned();
        manager.drop_index(shorter).await?;
        manager.create_index(index("contribution", &["member", "happened_at", "id"])).await?;
        // Whether anything came or was voided since is told by these indexes alone.
        for (shorter, columns) in [
            ("ix_fact_member_happened_at", &["member", "happened_at", "voided_by"][..]),
            ("ix_fact_giver", &["giver", "voided_by"][..]),
        ] {
            manager.drop_index(Index::drop().name(shorter).table(Alias::new("fact")).to_owned()).await?;
            manager.create_index(index("fact", columns)).await?;
        }
        Ok(())
    }
}
