//! The letter of the month: owners and admins read who gave much and was not thanked in the month that is over. Without mail there is none; the page says the same.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use super::calendar::Month;
use super::entity::digest;
use super::unthanked::{Unthanked, unthanked};
use crate::access::{self, Role};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, millis};
use crate::database::Kind;
use crate::error::{Error, Result};
use crate::web::i18n::Words;
use crate::{issuer, members};

/// A letter, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub body: String,
}

/// Every minute: sends the letters of the month that is over, where mail is set.
pub async fn tend(app: &App) -> Result<()> {
    if app.config.mail.host.is_empty() {
        return Ok(());
    }
    for letter in letters_due(app, app.db.now()).await? {
        app.post.send(&letter.to, &letter.subject, &letter.body);
    }
    Ok(())
}

/// The letters that are due at `now`. A month is written down before its letters go out, so that it is never told twice; where nobody is on the list, there is
/// no letter.
pub async fn letters_due(app: &App, now: Timestamp) -> Result<Vec<Letter>> {
    let db = app.db.read();
    let month = Month::of(&issuer::zone(db).await?, now).before();
    if digest::Entity::find_by_id(month.to_string()).one(db).await?.is_some() {
        return Ok(vec![]);
    }
    let rows = unthanked(db, month).await?;
    let letters = if rows.is_empty() { vec![] } else { letters(app, month, &rows).await? };
    let ch = app.db.change(Actor::System("thanks"), Kind::Ordinary).await?;
    ch.take_turn("thanks digest").await?;
    if digest::Entity::find_by_id(month.to_string()).one(ch.tx()).await?.is_some() {
        // Another process was faster.
        return Ok(vec![]);
    }
    let row = digest::ActiveModel {
        month: Set(month.to_string()),
        people: Set(i32::try_from(rows.len()).map_err(Error::internal)?),
        sent_at: Set(millis(now)),
    };
    digest::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    ch.commit().await?;
    Ok(letters)
}

async fn letters(app: &App, month: Month, rows: &[Unthanked]) -> Result<Vec<Letter>> {
    let db = app.db.read();
    let link = app.links.to(&format!("/admin/thanks/unthanked?month={month}"));
    let mut letters = vec![];
    for member in access::holders_of(db, &[Role::Owner, Role::Admin]).await? {
        let reader = members::find(db, member).await?;
        let w = Words::new(reader.locale);
        let line = |row: &Unthanked| w.with2("unthanked-mail-line", "name", row.name.as_str(), "n", row.contributions);
        let lines: Vec<String> = rows.iter().map(line).collect();
        letters.push(Letter {
            to: reader.email,
            subject: w.with1("unthanked-mail-subject", "n", rows.len()),
            body: w.with(
                "unthanked-mail-body",
                &[("month", &month.to_string()), ("people", &lines.join("\n")), ("link", &link)],
            ),
        });
    }
    Ok(letters)
}
