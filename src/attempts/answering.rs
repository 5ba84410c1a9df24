//! Answering: save, flag, see. Each locks the attempt first, so that what is checked is what is written.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ExprTrait as _, OnConflict};
use serde_json::json;
use waymark_assess::attempt::{Attempt as Life, Before, Course, Operation, Receipt, Refused, Save, SaveStep, Saved};
use waymark_assess::{Form, Mistake};

use super::entity::{attempt, response, response_save};
use super::service::{Answer, Attempt, answer, course_of, form, lock, write};
use super::told::tell_of_clock;
use super::{files, log};
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Read};
use crate::error::{Code, Error, Result};
use crate::exams;
use crate::ids::{AttemptId, MemberId};

/// Saves that one attempt may make: far more than any person needs, and an end for a program that never stops.
pub const MOST_SAVES: u64 = 10_000;

/// Stores an answer, or says why not. The deadline is judged by the time of this change.
///
/// # Errors
/// A foreign attempt; more than [`MOST_SAVES`] saves.
pub async fn save(
    ch: &mut Change<'_>,
    id: AttemptId,
    member: MemberId,
    save: &Save,
) -> Result<Result<Receipt, Refused>> {
    let (attempt, form, course) = at_desk(ch, id, member).await?;
    let row = row(ch.tx(), id, save.position).await?;
    let saved = row.as_ref().map(answer).transpose()?.unwrap_or_default().saved;
    let operation = operation(ch.tx(), id, &save.client_op_id).await?;
    let before = Before { saved: &saved, operation: operation.as_ref(), seq: attempt.seq };
    match attempt.life.save(&form, &course, before, save, ch.now) {
        Err(refused) => Ok(Err(refused)),
        Ok(SaveStep::Replay(receipt)) => Ok(Ok(receipt)),
        Ok(SaveStep::Write { .. }) if attempt.seq >= MOST_SAVES => Err(Error::new(Code::TooMany)),
        Ok(SaveStep::Write { saved, operation }) => {
            if let Some(file) = saved.response.file()
                && !files::belongs(ch.tx(), id, save.position, file).await?
            {
                return Ok(Err(Refused::Response(vec![no_such_file()])));
            }
            write_answer(ch, id, save.position, row.is_some(), &saved).await?;
            write_operation(ch, id, save, &saved, &operation).await?;
            if let Ok(life) = attempt.life.hear(&course, ch.now)
                && life != attempt.life
            {
                write(ch, id, &life, &course).await?;
            }
            move_on(ch, id, save.position, operation.receipt.seq).await?;
            let what = json!({"position": save.position, "revision": saved.revision, "save": operation.receipt.seq});
            log::append(ch, id, log::Kind::Answered, what).await?;
            Ok(Ok(operation.receipt))
        }
    }
}

/// The receipt of this very save, where it was taken before.
pub async fn taken(db: &impl Read, id: AttemptId, save: &Save) -> Result<Option<Receipt>> {
    let before = operation(db, id, &save.client_op_id).await?;
    Ok(before.filter(|before| before.digest == save.digest()).map(|before| before.receipt))
}

fn no_such_file() -> Mistake {
    Mistake::new(
        "",
        "no_such_file",
        "no file with this id was handed in for this question: upload it first",
        "この設問にそのidのファイルは提出されていません。先にファイルを送ってください",
    )
}

/// The candidate gave a sign: where the exam credits lost connections, this one is over.
pub async fn contact(ch: &mut Change<'_>, id: AttemptId, member: MemberId) -> Result<Result<Attempt, Refused>> {
    let (mut attempt, _, course) = at_desk(ch, id, member).await?;
    let life = match attempt.life.hear(&course, ch.now) {
        Ok(life) => life,
        Err(refused) => return Ok(Err(refused)),
    };
    if life != attempt.life {
        write(ch, id, &life, &course).await?;
        attempt.life = life;
    }
    Ok(Ok(attempt))
}

/// Closes the section that stands open for good, and opens the next one: after its break, where it has one.
pub async fn leave_section(ch: &mut Change<'_>, id: AttemptId, member: MemberId) -> Result<Result<Attempt, Refused>> {
    let (attempt, _, course) = at_desk(ch, id, member).await?;
    moved(ch, attempt, &course, log::Kind::SectionLeft, |attempt, course, now| attempt.life.leave(course, now)).await
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
            write(ch, attempt.id, &life, course).await?;
            log::append(ch, attempt.id, kind, json!({})).await?;
            tell_of_clock(ch, attempt.id, &attempt.life, &life).await?;
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
        Ok(life) if life != attempt.life => write(ch, id, &life, &course).await?,
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

fn column(position: u32) -> Result<i32> {
    i32::try_from(position).map_err(|_| Error::not_found())
}

async fn row(db: &impl Read, id: AttemptId, position: u32) -> Result<Option<response::Model>> {
    Ok(response::Entity::find_by_id((id.to_string(), column(position)?)).one(db).await?)
}

async fn operation(db: &impl Read, id: AttemptId, client_op_id: &str) -> Result<Option<Operation>> {
    let row = response_save::Entity::find_by_id((id.to_string(), client_op_id.to_owned())).one(db).await?;
    let read = |row: response_save::Model| {
        Ok(Operation {
            digest: row.digest,
            receipt: Receipt {
                seq: u64::try_from(row.seq).map_err(Error::internal)?,
                saved_at: from_millis(row.saved_at),
                revision: u64::try_from(row.revision).map_err(Error::internal)?,
            },
        })
    };
    row.map(read).transpose()
}

fn unanswered(id: AttemptId, position: u32) -> Result<response::ActiveModel> {
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

async fn write_answer(ch: &mut Change<'_>, id: AttemptId, position: u32, held: bool, saved: &Saved) -> Result<()> {
    let now = millis(ch.now);
    let response = saved.response.to_value().to_string();
    let revision = i64::try_from(saved.revision).map_err(Error::internal)?;
    if !held {
        let row = response::ActiveModel {
            response: Set(response),
            revision: Set(revision),
            seen_at: Set(Some(now)),
            first_saved_at: Set(Some(now)),
            saved_at: Set(Some(now)),
            ..unanswered(id, position)?
        };
        response::Entity::insert(row).exec_without_returning(ch.tx()).await?;
        return Ok(());
    }
    let first = Expr::col(response::Column::FirstSavedAt).if_null(now);
    let seen = Expr::col(response::Column::SeenAt).if_null(now);
    response::Entity::update_many()
        .col_expr(response::Column::Response, Expr::value(response))
        .col_expr(response::Column::Revision, Expr::value(revision))
        .col_expr(response::Column::FirstSavedAt, first)
        .col_expr(response::Column::SeenAt, seen)
        .col_expr(response::Column::SavedAt, Expr::value(now))
        .filter(response::Column::Attempt.eq(id.to_string()))
        .filter(response::Column::Position.eq(column(position)?))
        .exec(ch.tx())
        .await?;
    Ok(())
}

async fn write_operation(
    ch: &mut Change<'_>,
    id: AttemptId,
    save: &Save,
    saved: &Saved,
    operation: &Operation,
) -> Result<()> {
    let row = response_save::ActiveModel {
        attempt: Set(id.to_string()),
        client_op_id: Set(save.client_op_id.clone()),
        position: Set(column(save.position)?),
        seq: Set(i64::try_from(operation.receipt.seq).map_err(Error::internal)?),
        revision: Set(i64::try_from(saved.revision).map_err(Error::internal)?),
        response: Set(saved.response.to_value().to_string()),
        digest: Set(operation.digest.clone()),
        saved_at: Set(millis(operation.receipt.saved_at)),
    };
    response_save::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
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
