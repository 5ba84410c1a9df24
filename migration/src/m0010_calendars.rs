//! Each version of a track keeps the calendar by which it counts days. Those that are there already take the zone of their issuer.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;
use serde_json::{Value, json};

use crate::columns::text;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Alias::new("track_version");
        let mut column = text("calendar").default(calendar("UTC").to_string()).take();
        manager.alter_table(Table::alter().table(table).add_column(&mut column).take()).await?;
        let db = manager.get_connection();
        let backend = db.get_database_backend();
        let issuers = db.query_all_raw(Statement::from_string(backend, "SELECT id, profile FROM issuer")).await?;
        for issuer in issuers {
            let (id, profile): (String, String) = (issuer.try_get("", "id")?, issuer.try_get("", "profile")?);
            let profile: Value = serde_json::from_str(&profile).map_err(|e| DbErr::Migration(e.to_string()))?;
            let zone = profile["time_zone"].as_str().unwrap_or("UTC");
            let own = Query::select()
                .column(Alias::new("id"))
                .from(Alias::new("track"))
                .and_where(Expr::col(Alias::new("issuer")).eq(id))
                .take();
            let update = Query::update()
                .table(Alias::new("track_version"))
                .value(Alias::new("calendar"), calendar(zone).to_string())
                .and_where(Expr::col(Alias::new("track")).in_subquery(own))
                .take();
            db.execute(&update).await?;
        }
        Ok(())
    }
}

/// A zone with its offsets from 1970 on for as long as its rules are written down here, as the server keeps it.
fn calendar(zone: &str) -> Value {
    let until: Timestamp = "2076-01-01T00:00:00Z".parse().expect("a literal time");
    let tz = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let first = tz.to_offset(Timestamp::UNIX_EPOCH).seconds().div_euclid(60);
    let turns = tz.following(Timestamp::UNIX_EPOCH).take_while(|turn| turn.timestamp() <= until);
    let turns: Vec<_> =
        turns.map(|turn| json!([turn.timestamp().as_second(), turn.offset().seconds().div_euclid(60)])).collect();
    let table = if turns.is_empty() { json!({"minutes": first}) } else { json!({"minutes": first, "turns": turns}) };
    json!({"zone": zone, "table": table})
}
