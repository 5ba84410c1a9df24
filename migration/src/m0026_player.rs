//! What happens around an attempt: its event log, who writes, messages, late answers, results from elsewhere, and how an exam is delivered.

use sea_orm_migration::prelude::*;

use crate::columns::{flag, index, key, number, number_null, small, small_null, table, text, text_null, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        log(manager).await?;
        desk(manager).await?;
        outside(manager).await
    }
}

fn pair(mut create: TableCreateStatement, one: &'static str, two: &'static str) -> TableCreateStatement {
    create.primary_key(Index::create().col(Alias::new(one)).col(Alias::new(two))).take()
}

async fn log(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let event = table(
        "attempt_event",
        [
            text("attempt"),
            number("seq"),
            number("at"),
            number_null("client_at"),
            text("kind"),
            text("payload"),
            flag("by_client"),
            text("hash"),
        ],
    );
    manager.create_table(pair(event, "attempt", "seq")).await?;
    // What an event says of a person: erased without the chain noticing, which holds a salted digest only.
    let note = table("attempt_note", [text("attempt"), number("seq"), text("salt"), text("content")]);
    manager.create_table(pair(note, "attempt", "seq")).await
}

async fn desk(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(table(
            "attempt_lease",
            [
                key("attempt"),
                number("epoch"),
                text("holder"),
                text("local_key"),
                number("taken_at"),
                number("contact_at"),
                small("unsent"),
                number_null("lag_ms"),
            ],
        ))
        .await?;
    let message = table(
        "attempt_message",
        [text("attempt"), small("number"), text("content"), number("sent_at"), text("sent_by"), number_null("read_at")],
    );
    manager.create_table(pair(message, "attempt", "number")).await?;
    let late = table(
        "late_answer",
        [
            text("attempt"),
            text("client_op_id"),
            small("position"),
            text("response"),
            number_null("client_at"),
            number("received_at"),
        ],
    );
    manager.create_table(pair(late, "attempt", "client_op_id")).await?;
    manager
        .create_table(table(
            "exam_delivery",
            [key("exam"), text("late"), text("config_keys"), text("browser_keys"), number("changed_at")],
        ))
        .await
}

async fn outside(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(table(
            "outside_result",
            [
                key("id"),
                text("exam"),
                text("identity"),
                small("version"),
                text("candidate"),
                text_null("member"),
                text("content"),
                text("delivered_by"),
                text("sent_by"),
                number("happened_at"),
                number("received_at"),
                text_null("fact"),
                text_null("live"),
                small_null("replaced_by"),
            ],
        ))
        .await?;
    manager.create_index(unique("outside_result", &["identity", "version"])).await?;
    // The identity while this version counts; NULL once a correction took its place.
    manager.create_index(unique("outside_result", &["live"])).await?;
    manager.create_index(index("outside_result", &["exam", "received_at"])).await
}
