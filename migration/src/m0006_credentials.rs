//! Signing keys and intents, status lists, proposals, credentials with their signed documents and their history.

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
        keys_and_intents(manager).await?;
        status_lists(manager).await?;
        credentials(manager).await
    }
}

async fn keys_and_intents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(table(
            "issuer_key",
            [
                key("id"),
                text("kid"),
                text("purpose"),
                text("multikey"),
                text("state"),
                text_null("active_for"),
                number("created_at"),
                number_null("retired_at"),
                number_null("revoked_at"),
            ],
        ))
        .await?;
    manager.create_index(unique("issuer_key", &["kid"])).await?;
    // One active key for each purpose: NULL, of which there may be many, where the key is not active.
    manager.create_index(unique("issuer_key", &["active_for"])).await?;
    manager
        .create_table(table(
            "signing_intent",
            [
                key("id"),
                text("purpose"),
                text("subject"),
                text("suite"),
                text("key"),
                text("payload"),
                text("document_hash"),
                bytes("message"),
                text("payload_hash"),
                number("created_at"),
                text_null("signed"),
                number_null("signed_at"),
            ],
        ))
        .await?;
    manager.create_index(index("signing_intent", &["subject"])).await
}

async fn status_lists(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(table(
            "status_list",
            [
                key("id"),
                text("issuer"),
                text_null("open_for"),
                number("entries"),
                number("used"),
                number("version"),
                text_null("intent"),
                number_null("signed_version"),
                number_null("signed_at"),
                number("created_at"),
            ],
        ))
        .await?;
    manager.create_index(unique("status_list", &["open_for"])).await?;
    let mut entry =
        table("status_entry", [text("list"), number("place"), text("credential"), number("at"), number_null("set_at")]);
    entry.primary_key(Index::create().col(Alias::new("list")).col(Alias::new("place")));
    manager.create_table(entry).await?;
    manager.create_index(index("status_entry", &["credential"])).await
}

async fn credentials(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut sequence = table("credential_sequence", [text("issuer"), small("year"), number("last")]);
    sequence.primary_key(Index::create().col(Alias::new("issuer")).col(Alias::new("year")));
    manager.create_table(sequence).await?;
    manager
        .create_table(table(
            "proposal",
            [
                key("id"),
                text("kind"),
                text("body"),
                text("proposed_by"),
                number("proposed_at"),
                text("approved_by"),
                number("approved_at"),
            ],
        ))
        .await?;
    manager
        .create_table(table(
            "credential",
            [
                key("id"),
                text("member"),
                text("issuer"),
                text("track"),
                text("track_version"),
                small("term"),
                text_null("live"),
                text("basis"),
                text("uuid"),
                text("share_id"),
                text("number"),
                text("check_code"),
                text("name"),
                text("locale"),
                text("stage"),
                text("status"),
                text("visibility"),
                small("generation"),
                number("awarded_at"),
                number_null("valid_until"),
                number("intended_at"),
                number_null("released_at"),
                number_null("status_changed_at"),
                text_null("reason_code"),
                text_null("public_reason"),
                text_null("fact"),
            ],
        ))
        .await?;
    // Member, track and term of a credential that is not revoked; NULL once it is.
    manager.create_index(unique("credential", &["live"])).await?;
    for column in ["uuid", "share_id", "number"] {
        manager.create_index(unique("credential", &[column])).await?;
    }
    manager.create_index(index("credential", &["member", "track"])).await?;
    let mut document = table(
        "credential_document",
        [
            text("credential"),
            small("generation"),
            text("list"),
            number("place"),
            number("valid_from"),
            text("json_intent"),
            text("jwt_intent"),
            number_null("released_at"),
        ],
    );
    document.primary_key(Index::create().col(Alias::new("credential")).col(Alias::new("generation")));
    manager.create_table(document).await?;
    manager.create_index(index("credential_document", &["released_at", "valid_from"])).await?;
    let seq = ColumnDef::new(Alias::new("seq")).big_integer().not_null().auto_increment().primary_key().take();
    manager
        .create_table(table(
            "credential_history",
            [
                seq,
                text("credential"),
                number("at"),
                text("actor"),
                text("what"),
                text_null("reason_code"),
                text_null("public_reason"),
                text_null("internal_note"),
            ],
        ))
        .await?;
    manager.create_index(index("credential_history", &["credential"])).await
}
