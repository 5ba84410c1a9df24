//! Sitting an exam: what the time of an attempt is made of, accommodations, windows with seats, vouchers, and the sign of life of the server.

use sea_orm_migration::prelude::*;

use crate::columns::{flag, index, key, number, number_null, small, table, text, text_null, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            // The parts of its time, as JSON; none for attempts that began before there were any.
            text_null("terms"),
            // What staff did, as the candidate is told.
            text_null("notices"),
            // SHA-256 of the text that was agreed to.
            text_null("agreement"),
            text_null("exam_window"),
            text_null("voucher"),
            number_null("voided_at"),
        ];
        for mut column in columns {
            let alter = Table::alter().table(Alias::new("attempt")).add_column(&mut column).take();
            manager.alter_table(alter).await?;
        }
        people(manager).await?;
        places(manager).await?;
        manager
            .create_table(table(
                "voucher",
                [
                    key("id"),
                    text("exam"),
                    text("batch"),
                    text("code_hash"),
                    number_null("expires_at"),
                    number("created_at"),
                    text("created_by"),
                    text_null("attempt"),
                    number_null("redeemed_at"),
                ],
            ))
            .await?;
        manager.create_index(unique("voucher", &["code_hash"])).await?;
        // Of one attempt there is one voucher, and the other way round.
        manager.create_index(unique("voucher", &["attempt"])).await?;
        manager.create_index(index("voucher", &["exam", "batch"])).await?;
        manager.create_table(table("sign_of_life", [key("name"), number("at")])).await
    }
}

async fn people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(table(
            "accommodation",
            [
                key("id"),
                text("member"),
                // None is every exam.
                text_null("exam"),
                small("percent"),
                small("minutes"),
                small("break_minutes"),
                text("reason"),
                text("approved_by"),
                number("approved_at"),
                number_null("ended_at"),
            ],
        ))
        .await?;
    manager.create_index(index("accommodation", &["member"])).await
}

async fn places(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(table(
            "exam_window",
            [
                key("id"),
                text("exam"),
                text("name"),
                number("opens_at"),
                number("closes_at"),
                // None is without limit.
                number_null("seats"),
                flag("cuts"),
                flag("identity"),
                text_null("start_code"),
                number("created_at"),
                number_null("cancelled_at"),
            ],
        ))
        .await?;
    manager.create_index(index("exam_window", &["exam", "closes_at"])).await?;
    let mut seat = table(
        "seat",
        [
            text("exam_window"),
            text("member"),
            number("registered_at"),
            number_null("cancelled_at"),
            number_null("identity_seen_at"),
            text_null("identity_seen_by"),
        ],
    );
    seat.primary_key(Index::create().col(Alias::new("exam_window")).col(Alias::new("member")));
    manager.create_table(seat).await?;
    manager.create_index(index("seat", &["member"])).await
}
