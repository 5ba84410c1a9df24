//! What follows a credential: replacements under the number of the first, cancelled awards, re-issues after a compromise; who signed in at
//! all, and members who ask for another name.

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
        for mut column in [text_null("replaces"), number_null("cancelled_at")] {
            let alter = Table::alter().table(Alias::new("credential")).add_column(&mut column).take();
            manager.alter_table(alter).await?;
        }
        // A credential is replaced once.
        manager.create_index(unique("credential", &["replaces"])).await?;
        // A replacement keeps the number; two awards never share one.
        let db = manager.get_connection();
        db.execute_unprepared("DROP INDEX ux_credential_number").await?;
        db.execute_unprepared("CREATE UNIQUE INDEX ux_credential_number ON credential (number) WHERE replaces IS NULL")
            .await?;
        db.execute_unprepared("CREATE INDEX ix_credential_upper_number ON credential (upper(number))").await?;
        manager.create_index(index("signing_intent", &["key", "subject"])).await?;
        manager
            .create_table(table(
                "credential_reissue",
                [key("key"), text("started_by"), number("started_at"), number_null("finished_at")],
            ))
            .await?;
        manager.create_table(table("first_sign_in", [key("member"), number("at")])).await?;
        db.execute_unprepared(
            "INSERT INTO first_sign_in (member, at) SELECT member, MIN(at) FROM (
               SELECT member, created_at AS at FROM session
               UNION ALL SELECT member, used_at FROM login_link WHERE used_at IS NOT NULL
               UNION ALL SELECT id, email_verified_at FROM member WHERE email_verified_at IS NOT NULL) known GROUP BY member",
        )
        .await?;
        manager
            .create_table(table(
                "name_request",
                [
                    key("id"),
                    text("member"),
                    text("name"),
                    text_null("note"),
                    number("asked_at"),
                    text_null("open"),
                    number_null("closed_at"),
                    text_null("closed_by"),
                    text_null("outcome"),
                ],
            ))
            .await?;
        // At most one open request for each member; NULL once it is closed.
        manager.create_index(unique("name_request", &["open"])).await
    }
}
