//! Item banks, exams and attempts. A key never shares a table with what candidates may see.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, flag, index, key, number, number_null, small, table, text, text_null, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        banks(manager).await?;
        exams(manager).await?;
        attempts(manager).await?;
        answers(manager).await
    }
}

fn pair(mut create: TableCreateStatement, one: &'static str, two: &'static str) -> TableCreateStatement {
    create.primary_key(Index::create().col(Alias::new(one)).col(Alias::new(two))).take()
}

async fn banks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager.create_table(table("bank", [key("id"), text("slug"), number("created_at")])).await?;
    manager.create_index(unique("bank", &["slug"])).await?;
    manager
        .create_table(table(
            "item",
            [key("id"), text("bank"), text("slug"), text("version"), text("hash"), number("created_at")],
        ))
        .await?;
    manager.create_index(unique("item", &["bank", "slug"])).await?;
    manager
        .create_table(table(
            "item_version",
            [key("id"), text("item"), small("number"), text("hash"), text("content"), number("created_at")],
        ))
        .await?;
    manager.create_index(unique("item_version", &["item", "hash"])).await?;
    manager.create_index(unique("item_version", &["item", "number"])).await?;
    manager.create_index(index("item_version", &["hash"])).await?;
    manager.create_table(table("item_key", [key("version"), text("key"), text_null("rationale")])).await?;
    manager
        .create_table(table("figure", [key("sha256"), text("media_type"), bytes("bytes"), number("created_at")]))
        .await
}

async fn exams(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager.create_table(table("exam", [key("id"), text("slug"), small("version"), number("created_at")])).await?;
    manager.create_index(unique("exam", &["slug"])).await?;
    let version = table("exam_version", [text("exam"), small("number"), text("spec"), number("published_at")]);
    manager.create_table(pair(version, "exam", "number")).await
}

async fn attempts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(table(
            "attempt",
            [
                key("id"),
                text("exam"),
                small("exam_version"),
                text("member"),
                small("ordinal"),
                text("state"),
                number_null("agreed_at"),
                number("created_at"),
                number_null("started_at"),
                number_null("deadline"),
                number("grace_ms"),
                number_null("effective_deadline"),
                number_null("closed_at"),
                text_null("closed_by"),
                number("seq"),
                small("last_position"),
            ],
        ))
        .await?;
    manager.create_index(unique("attempt", &["exam", "member", "ordinal"])).await?;
    let open = Expr::col(Alias::new("state")).is_in(["created", "in_progress"]);
    let one_open = Index::create()
        .name("ux_attempt_open")
        .table(Alias::new("attempt"))
        .unique()
        .col(Alias::new("exam"))
        .col(Alias::new("member"))
        .and_where(open)
        .take();
    manager.create_index(one_open).await?;
    manager.create_index(index("attempt", &["member"])).await?;
    manager.create_index(index("attempt", &["state", "effective_deadline"])).await?;
    manager
        .create_table(table(
            "form",
            [key("attempt"), text("id"), text("stored"), text("hash"), text("figures"), number("frozen_at")],
        ))
        .await?;
    manager.create_index(unique("form", &["id"])).await?;
    let run = table(
        "score_run",
        [text("attempt"), small("run"), text("stored"), flag("passed"), number("at"), number_null("released_at")],
    );
    manager.create_table(pair(run, "attempt", "run")).await
}

async fn answers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let response = table(
        "response",
        [
            text("attempt"),
            small("position"),
            text("response"),
            number("revision"),
            flag("flagged"),
            number_null("seen_at"),
            number_null("first_saved_at"),
            number_null("saved_at"),
        ],
    );
    manager.create_table(pair(response, "attempt", "position")).await?;
    let save = table(
        "response_save",
        [
            text("attempt"),
            text("client_op_id"),
            small("position"),
            number("seq"),
            number("revision"),
            text("response"),
            text("digest"),
            number("saved_at"),
        ],
    );
    manager.create_table(pair(save, "attempt", "client_op_id")).await?;
    manager.create_index(unique("response_save", &["attempt", "seq"])).await?;
    manager.create_index(unique("response_save", &["attempt", "position", "revision"])).await
}
