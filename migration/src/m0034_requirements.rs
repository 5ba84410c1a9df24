//! Who gave what a fact is about, so that the other side of it is found; attestations; decisions that renew.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;
use serde_json::Value;

use crate::columns::{index, key, number, number_null, table, text, text_null, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, mut column) in [("fact", text_null("giver")), ("decision", text_null("renews"))] {
            manager.alter_table(Table::alter().table(Alias::new(table)).add_column(&mut column).take()).await?;
        }
        let db = manager.get_connection();
        let backend = db.get_database_backend();
        let given = "SELECT id, document FROM fact WHERE document LIKE '%\"giver\":%'";
        for row in db.query_all_raw(Statement::from_string(backend, given)).await? {
            let (id, document): (String, String) = (row.try_get("", "id")?, row.try_get("", "document")?);
            let document: Value = serde_json::from_str(&document).map_err(|e| DbErr::Migration(e.to_string()))?;
            if let Some(giver) = document["giver"].as_str() {
                let update = Query::update()
                    .table(Alias::new("fact"))
                    .value(Alias::new("giver"), giver)
                    .and_where(Expr::col(Alias::new("id")).eq(id))
                    .take();
                db.execute(&update).await?;
            }
        }
        manager.create_index(index("fact", &["giver"])).await?;
        manager
            .create_table(table(
                "attestation",
                [
                    key("id"),
                    text("member"),
                    text("role"),
                    text("by"),
                    text_null("note"),
                    text("fact"),
                    number("at"),
                    // `member role by` while it stands.
                    text_null("stands"),
                    number_null("voided_at"),
                    text_null("voided_by"),
                    text_null("void_reason"),
                ],
            ))
            .await?;
        manager.create_index(unique("attestation", &["stands"])).await?;
        manager.create_index(index("attestation", &["member"])).await
    }
}
