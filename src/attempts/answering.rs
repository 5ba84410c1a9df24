//! At the desk: flag, see, move on. Each locks the attempt first, so that what is checked is what is written. Answers are saved in `saving`.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use serde_json::json;
use waymark_assess::Form;
use waymark_assess::attempt::{Attempt as Life, Course, Refused};

use super::entity::{attempt, response};
use super::log;
use super::service::{Answer, Attempt, answer, course_of, form, lock, write};
use crate::clock::{Timestamp, millis};
use crate::database::{Change, Read};
use crate::error::{Error, Result};
use crate::exams;
use crate::ids::{AttemptId, MemberId};

/// The candidate gave a sign: where the exam credits lost connections, this one is over.
pub async fn contact(ch: &mut Change<'_>, id: AttemptId, member: MemberId) -> Result<Result<Attempt, Refused>> {
    let (mut attempt, _, course) = at_desk(ch, id, member).await?;
    let life = match attempt.life.hear(&course, ch.now) {
        Ok(life) => life,
        Err(refused) => return Ok(Err(refused)),
    };
    if life != attempt.life {
        write(ch, &attempt, &life, &course).await?;
        attempt.life = life;
    }
    Ok(Ok(attempt))
}

/// Closes the section of this name for good, where it stands open, and opens the next one: after its break, where it has one. Where another one stands
/// open nothing changes: it was asked twice, or the time of the section was up before.
pub async fn leave_section(
    ch: &mut Change<'_>,
    id: AttemptId,
    member: MemberId,
    section: &str,
) -> Result<Result<Attempt, Refused>> {
    let (attempt, _, course) = at_desk(ch, id, member).await?;
    match attempt.life.leave(&course, section, ch.now) {
        Err(refused) => Ok(Err(refused)),
        Ok(None) => Ok(Ok(attempt)),
        Ok(Some(life)) => moved(ch, attempt, &course, log::Kind::SectionLeft, |_, _, _| Ok(life)).await,
    }
}

/// Ends a break; what staff stopped only staff start again.
pub async fn end_break(ch: &mut Change<'_>, id: AttemptId, member: MemberId) -> Result<Result<Attempt, Refused>> {
    let (attempt, _, course) = at_desk(ch, id, member).await?;
    let go_on = |attempt: &Attempt, course: &Course, now| attempt.life.go_on(course, now, false);
    moved(ch, attempt, &course, log::Kind::BreakEnded, go_on).await
}

/// Takes a break of those that the member is allowed.
pub async fn take_break(ch: &mut Change<'_>, id: AttemptId, member: MemberId) -> Result<Result<Attempt, Refused>> {
    let (attempt, _, course) = at_desk(ch, id, member).await?;
    moved(ch, attempt, &course, log::Kind::BreakTaken, |attempt, course, now| attempt.life.rest(course, now)).await
}

async fn moved(
    ch: &mut Change<'_>,
    mut attempt: Attempt,
    course: &Course,
    kind: log::Kind,
    step: impl FnOnce(&Attempt, &Course, Timestamp) -> Result<Life, Refused>,
) -> Result<Result<Attempt, Refused>> {
    match step(&attempt, course, ch.now) {
        Err(refused) => Ok(Err(refused)),
        Ok(life) => {
            write(ch, &attempt, &life, course).await?;
            log::append(ch, attempt.id, kind, json!({})).await?;
            attempt.life = life;
            Ok(Ok(attempt))
        }
    }
}

async fn at_desk(ch: &mut Change<'_>, id: AttemptId, member: MemberId) -> Result<(Attempt, Form, Course)> {
    let attempt = lock(ch, id, member).await?;
    let form = form(ch.tx(), id).await?;
    let course = if attempt.life.sitting().is_some() {
        course_of(&exams::by_id(ch.tx(), attempt.exam, attempt.exam_version).await?, &form)
    } else {
        Course::whole(form.positions().len())
    };
    Ok((attempt, form, course))
}

/// Marks a position for a second look, or takes the mark back.
pub async fn flag(
    ch: &mut Change<'_>,
    id: AttemptId,
    member: MemberId,
    position: u32,
    flagged: bool,
) -> Result<Result<(), Refused>> {
    let (attempt, form, course) = at_desk(ch, id, member).await?;
    if form.position(position).is_none() {
        return Ok(Err(Refused::NoSuchPosition { asked: position, positions: form.positions().len() }));
    }
    if let Err(refused) = attempt.life.may_answer(&course, position, ch.now) {
        return Ok(Err(refused));
    }
    // Nothing to write, and nothing to log: a program that flags for ever fills no log.
    if row(ch.tx(), id, position).await?.is_some_and(|row| row.flagged == flagged) {
        return Ok(Ok(()));
    }
    let row = response::ActiveModel { flagged: Set(flagged), ..unanswered(id, position)? };
    let again = OnConflict::columns([response::Column::Attempt, response::Column::Position])
        .update_column(response::Column::Flagged)
        .to_owned();
    response::Entity::insert(row).on_conflict(again).exec_without_returning(ch.tx()).await?;
    log::append(ch, id, log::Kind::Flagged, json!({"position": position, "flagged": flagged})).await?;
    Ok(Ok(()))
}

/// Notes that the candidate has seen a position, and that this is where they are.
pub async fn see(ch: &mut Change<'_>, id: AttemptId, member: MemberId, position: u32) -> Result<Result<(), Refused>> {
    let (attempt, form, course) = at_desk(ch, id, member).await?;
    if let Err(refused) = attempt.life.at_work(ch.now) {
        return Ok(Err(refused));
    }
    if form.position(position).is_none() {
        return Ok(Err(Refused::NoSuchPosition { asked: position, positions: form.positions().len() }));
    }
    match attempt.life.show(&course, position, ch.now) {
        Err(refused) => return Ok(Err(refused)),
        Ok(life) if life != attempt.life => write(ch, &attempt, &life, &course).await?,
        Ok(_) => {}
    }
    let row = response::ActiveModel { seen_at: Set(Some(millis(ch.now))), ..unanswered(id, position)? };
    let again = OnConflict::columns([response::Column::Attempt, response::Column::Position])
        .update_column(response::Column::SeenAt)
        .to_owned();
    response::Entity::insert(row).on_conflict(again).exec_without_returning(ch.tx()).await?;
    move_on(ch, id, position, attempt.seq).await?;
    log::append(ch, id, log::Kind::Viewed, json!({"position": position})).await?;
    Ok(Ok(()))
}

/// The answer at a position, as it stands.
pub async fn answer_at(db: &impl Read, id: AttemptId, position: u32) -> Result<Answer> {
    Ok(row(db, id, position).await?.as_ref().map(answer).transpose()?.unwrap_or_default())
}

pub(super) fn column(position: u32) -> Result<i32> {
    i32::try_from(position).map_err(|_| Error::not_found())
}

async fn row(db: &impl Read, id: AttemptId, position: u32) -> Result<Option<response::Model>> {
    Ok(response::Entity::find_by_id((id.to_string(), column(position)?)).one(db).await?)
}

pub(super) fn unanswered(id: AttemptId, position: u32) -> Result<response::ActiveModel> {
    Ok(response::ActiveModel {
        attempt: Set(id.to_string()),
        position: Set(column(position)?),
        response: Set("[]".to_owned()),
        revision: Set(0),
        flagged: Set(false),
        seen_at: Set(None),
        first_saved_at: Set(None),
        saved_at: Set(None),
    })
}

async fn move_on(ch: &mut Change<'_>, id: AttemptId, position: u32, seq: u64) -> Result<()> {
    attempt::Entity::update_many()
        .col_expr(attempt::Column::Seq, Expr::value(i64::try_from(seq).map_err(Error::internal)?))
        .col_expr(attempt::Column::LastPosition, Expr::value(column(position)?))
        .filter(attempt::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}
