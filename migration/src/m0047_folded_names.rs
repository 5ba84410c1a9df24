//! Names of members as they are looked up, whichever form of a character was typed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

use crate::columns::text;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let member = || Alias::new("member");
        let mut column = text("name_folded").default("").take();
        manager.alter_table(Table::alter().table(member()).add_column(&mut column).take()).await?;
        let db = manager.get_connection();
        let rows =
            db.query_all_raw(Statement::from_string(db.get_database_backend(), "SELECT id, name FROM member")).await?;
        for row in rows {
            let (id, name): (String, String) = (row.try_get("", "id")?, row.try_get("", "name")?);
            let update = Query::update()
                .table(member())
                .value(Alias::new("name_folded"), waymark_credential::fold::name(&name))
                .and_where(Expr::col(Alias::new("id")).eq(id))
                .take();
            db.execute(&update).await?;
        }
        Ok(())
    }
}
