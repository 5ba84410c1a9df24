//! Invitations to join, and who sees what a member will earn.

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
        let columns = [
            key("id"),
            text("member"),
            text("state"),
            // The member, while it is open: nobody has two invitations at once.
            text_null("open"),
            // Of the newest link's token; none before there is one, and none once it has ended.
            text_null("hash"),
            flag("mailed"),
            text("made_by"),
            number("made_at"),
            number_null("sent_at"),
            number("expires_at"),
            number_null("ended_at"),
            // The table with which the member came.
            text_null("job"),
        ];
        manager.create_table(table("invitation", columns)).await?;
        manager.create_index(unique("invitation", &["open"])).await?;
        manager.create_index(unique("invitation", &["hash"])).await?;
        manager.create_index(index("invitation", &["state", "id"])).await?;
        manager.create_index(index("invitation", &["member", "id"])).await?;

        let columns = [key("member"), text("visibility"), number("chosen_at")];
        manager.create_table(table("default_visibility", columns)).await
    }
}
