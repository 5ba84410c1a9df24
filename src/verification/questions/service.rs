//! Asking a holder, and their answer.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use sha2::{Digest, Sha256};
use time::Duration;

use super::entity::{question, switched_off};
use super::lifecycle::{Answer, KEPT_FOR, LONGEST_NOTE, MOST_A_DAY, OPEN_FOR, Standing};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::credentials::Credential;
use crate::database::{Change, Kind, Read};
use crate::entropy;
use crate::error::{Error, Result};
use crate::ids::{CredentialId, HolderQuestionId, MemberId};
use crate::members;

/// One question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub id: HolderQuestionId,
    pub credential: CredentialId,
    pub member: MemberId,
    pub note: Option<String>,
    pub asked_at: Timestamp,
    pub answered: Option<(Answer, Timestamp)>,
}

impl Question {
    pub fn standing(&self, now: Timestamp) -> Standing {
        Standing::at(now, self.asked_at, self.answered)
    }
}

/// Why a holder is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAsked {
    /// They take no such questions.
    Off,
    /// They were asked often enough today.
    TooOften,
    /// What the one who asks says of themselves cannot be shown.
    Note,
}

/// Asks the holder of `credential`; answers the token for the one who asks, which is never told again.
pub async fn ask(
    ch: &mut Change<'_>,
    credential: &Credential,
    note: &str,
) -> Result<std::result::Result<String, NotAsked>> {
    let note = note.trim();
    if note.chars().count() > LONGEST_NOTE || (!note.is_empty() && members::shown_name(note).is_err()) {
        return Ok(Err(NotAsked::Note));
    }
    let member = members::resolve(ch.tx(), credential.member).await?;
    if !takes_questions(ch.tx(), member).await? {
        return Ok(Err(NotAsked::Off));
    }
    // Counted and written in one turn, or many who ask at once would all be let in.
    ch.take_turn(&format!("holder_question/{member}")).await?;
    let today = question::Entity::find()
        .filter(question::Column::Member.eq(member.to_string()))
        .filter(question::Column::AskedAt.gt(millis(ch.now - Duration::DAY)))
        .count(ch.tx())
        .await?;
    if today >= MOST_A_DAY {
        return Ok(Err(NotAsked::TooOften));
    }
    let token = URL_SAFE_NO_PAD.encode(entropy::bytes::<24>(ch.entropy()));
    let row = question::ActiveModel {
        id: Set(ch.id::<HolderQuestionId>().to_string()),
        hash: Set(hashed(&token)),
        credential: Set(credential.id.to_string()),
        member: Set(member.to_string()),
        note: Set((!note.is_empty()).then(|| note.to_owned())),
        asked_at: Set(millis(ch.now)),
        answered_at: Set(None),
        answer: Set(None),
    };
    question::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(Ok(token))
}

/// The question behind a token, until it is forgotten.
pub async fn by_token(db: &impl Read, token: &str, now: Timestamp) -> Result<Option<Question>> {
    let row = question::Entity::find().filter(question::Column::Hash.eq(hashed(token))).one(db).await?;
    let question = row.map(read).transpose()?;
    Ok(question.filter(|question| now < question.asked_at + KEPT_FOR))
}

/// What a holder was asked and can still see, newest first.
pub async fn of_member(db: &impl Read, member: MemberId, now: Timestamp) -> Result<Vec<Question>> {
    let rows = question::Entity::find()
        .filter(question::Column::Member.eq(member.to_string()))
        .filter(question::Column::AskedAt.gt(millis(now - KEPT_FOR)))
        .order_by_desc(question::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// The holder's one answer. A second one changes nothing.
///
/// # Errors
/// Not found for whoever was not asked, and once the time is up.
pub async fn answer(ch: &mut Change<'_>, member: MemberId, id: HolderQuestionId, answer: Answer) -> Result<()> {
    let changed = question::Entity::update_many()
        .col_expr(question::Column::AnsweredAt, Expr::value(millis(ch.now)))
        .col_expr(question::Column::Answer, Expr::value(answer.as_str()))
        .filter(question::Column::Id.eq(id.to_string()))
        .filter(question::Column::Member.eq(member.to_string()))
        .filter(question::Column::AnsweredAt.is_null())
        .filter(question::Column::AskedAt.gt(millis(ch.now - OPEN_FOR)))
        .exec(ch.tx())
        .await?;
    if changed.rows_affected == 1 {
        return Ok(());
    }
    let row = question::Entity::find_by_id(id.to_string()).one(ch.tx()).await?;
    match row.filter(|row| row.member == member.to_string() && row.answered_at.is_some()) {
        Some(_) => Ok(()),
        None => Err(Error::not_found()),
    }
}

/// Whether anybody may ask this holder.
pub async fn takes_questions(db: &impl Read, member: MemberId) -> Result<bool> {
    Ok(switched_off::Entity::find_by_id(member.to_string()).one(db).await?.is_none())
}

/// Lets such questions through, or keeps them off.
pub async fn take_questions(ch: &mut Change<'_>, member: MemberId, take: bool) -> Result<()> {
    switched_off::Entity::delete_by_id(member.to_string()).exec(ch.tx()).await?;
    if !take {
        let row = switched_off::ActiveModel { member: Set(member.to_string()), since: Set(millis(ch.now)) };
        switched_off::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    }
    Ok(())
}

/// Forgets questions that nobody can read any longer.
pub async fn tend(app: &App) -> Result<()> {
    let until = millis(app.db.now() - KEPT_FOR);
    let old = question::Entity::find().filter(question::Column::AskedAt.lte(until)).count(app.db.read()).await?;
    if old > 0 {
        let ch = app.db.change(Actor::System("verification"), Kind::Ordinary).await?;
        question::Entity::delete_many().filter(question::Column::AskedAt.lte(until)).exec(ch.tx()).await?;
        ch.commit().await?;
    }
    Ok(())
}

fn hashed(token: &str) -> String {
    Sha256::digest(token).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(row: question::Model) -> Result<Question> {
    let answer = row.answer.as_deref().and_then(Answer::parse);
    Ok(Question {
        id: row.id.parse().map_err(Error::internal)?,
        credential: row.credential.parse().map_err(Error::internal)?,
        member: row.member.parse().map_err(Error::internal)?,
        note: row.note,
        asked_at: from_millis(row.asked_at),
        answered: answer.zip(row.answered_at.map(from_millis)),
    })
}
