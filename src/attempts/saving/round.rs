//! One round of saves, at most one of an attempt: read what they build on, judge each, write what stands.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{CaseStatement, Condition, ExprTrait as _, OnConflict};
use sea_orm::{QueryOrder as _, QuerySelect as _};
use serde_json::json;
use waymark_assess::attempt::{Before, Course, Operation, Receipt, Refused, SaveStep, Saved};
use waymark_assess::{Form, Mistake};

use super::one::{Outcome, Saving, Seat};
use crate::app::Kept;
use crate::attempts::answering::{column, unanswered};
use crate::attempts::entity::{attempt, form, response, response_save};
use crate::attempts::lease::{Leases, is_over};
use crate::attempts::service::{Attempt, answer, course_of, read, write as write_life};
use crate::attempts::{files, log};
use crate::clock::{from_millis, millis};
use crate::database::Change;
use crate::error::{Code, Error, Result};
use crate::exams;

/// Saves that one attempt may make: far more than any person needs, and an end for a program that never stops.
const MOST_SAVES: u64 = 10_000;

/// A save that is to be written.
struct Written<'s> {
    saving: &'s Saving,
    attempt: Attempt,
    seat: Arc<Seat>,
    saved: Saved,
    operation: Operation,
}

/// Judges and writes these saves, each of another attempt; answers in their order.
pub(super) async fn write(
    ch: &mut Change<'_>,
    seats: &Kept<Seat>,
    savings: &[&Saving],
) -> Result<Vec<Result<Outcome>>> {
    let mut before = Standing::of(ch, seats, savings).await?;
    let (mut outcomes, mut written) = (Vec::with_capacity(savings.len()), vec![]);
    for saving in savings {
        let judged = match before.judge(saving, ch.now) {
            Ok(Judged::Write(one)) if !has_its_file(ch, &one).await? => {
                Ok(Outcome::Refused(Refused::Response(vec![no_such_file()])))
            }
            Ok(Judged::Write(one)) => {
                let receipt = one.operation.receipt;
                written.push(*one);
                Ok(Outcome::Taken(receipt))
            }
            Ok(Judged::Answer(outcome)) => Ok(outcome),
            Err(e) => Err(e),
        };
        outcomes.push(judged);
    }
    if !written.is_empty() {
        write_answers(ch, &written).await?;
        write_operations(ch, &written).await?;
        move_on(ch, &written).await?;
        log::append_each(ch, written.iter().map(event).collect()).await?;
        for one in &written {
            if let Ok(life) = one.attempt.life.hear(&one.seat.course, ch.now)
                && life != one.attempt.life
            {
                write_life(ch, &one.attempt, &life, &one.seat.course).await?;
            }
        }
    }
    Ok(outcomes)
}

/// What a save comes to before anything is written.
enum Judged<'s> {
    Write(Box<Written<'s>>),
    Answer(Outcome),
}

/// What the saves of a round build on, by attempt. The rows of the attempts are held until the change ends.
struct Standing {
    attempts: HashMap<String, attempt::Model>,
    seats: HashMap<String, Arc<Seat>>,
    answers: HashMap<String, response::Model>,
    operations: HashMap<String, response_save::Model>,
    leases: Leases,
}

impl Standing {
    async fn of(ch: &Change<'_>, seats: &Kept<Seat>, savings: &[&Saving]) -> Result<Self> {
        let ids: Vec<String> = savings.iter().map(|saving| saving.attempt.to_string()).collect();
        // Always in the same order, so that two processes never wait for each other.
        let rows = attempt::Entity::find()
            .filter(attempt::Column::Id.is_in(&ids))
            .order_by_asc(attempt::Column::Id)
            .lock_exclusive()
            .all(ch.tx())
            .await?;
        let attempts: HashMap<_, _> = rows.into_iter().map(|row| (row.id.clone(), row)).collect();
        let (mut place, mut operation) = (Condition::any(), Condition::any());
        for saving in savings {
            let of = saving.attempt.to_string();
            // A position that no form has is refused when it is judged.
            let at = column(saving.save.position).unwrap_or_default();
            place = place
                .add(Condition::all().add(response::Column::Attempt.eq(&of)).add(response::Column::Position.eq(at)));
            let by = response_save::Column::ClientOpId.eq(&saving.save.client_op_id);
            operation = operation.add(Condition::all().add(response_save::Column::Attempt.eq(&of)).add(by));
        }
        let answers = response::Entity::find().filter(place).all(ch.tx()).await?;
        let operations = response_save::Entity::find().filter(operation).all(ch.tx()).await?;
        Ok(Self {
            seats: seats_of(ch, seats, &attempts).await?,
            attempts,
            answers: answers.into_iter().map(|row| (row.attempt.clone(), row)).collect(),
            operations: operations.into_iter().map(|row| (row.attempt.clone(), row)).collect(),
            leases: Leases::of(ch.tx(), &ids).await?,
        })
    }

    fn judge<'s>(&mut self, saving: &'s Saving, now: crate::clock::Timestamp) -> Result<Judged<'s>> {
        let id = saving.attempt.to_string();
        let own = self.attempts.remove(&id).filter(|row| row.member == saving.member.to_string());
        let attempt = own.map(read).transpose()?.ok_or_else(Error::not_found)?;
        let seat = self.seats.remove(&id).ok_or_else(|| Error::internal(format!("{id} has no form")))?;
        let saved = self.answers.get(&id).map(answer).transpose()?.unwrap_or_default().saved;
        let operation = self.operations.remove(&id).map(taken_before).transpose()?;
        let before = Before { saved: &saved, operation: operation.as_ref(), seq: attempt.seq };
        let whole = Course::whole(seat.form.positions().len());
        let course = if attempt.life.sitting().is_some() { &seat.course } else { &whole };
        let step = attempt.life.save(&seat.form, course, before, &saving.save, now);
        // What was taken before is answered as then, whoever writes now: its sender learns that it is safe.
        if let Ok(SaveStep::Replay(receipt)) = step {
            return Ok(Judged::Answer(Outcome::Taken(receipt)));
        }
        if !is_over(&step)
            && let Err(epoch) = self.leases.let_write(saving.attempt, saving.writer, now)
        {
            return Ok(Judged::Answer(Outcome::Lost(epoch)));
        }
        match step {
            Err(refused) => Ok(Judged::Answer(Outcome::Refused(refused))),
            Ok(SaveStep::Replay(receipt)) => Ok(Judged::Answer(Outcome::Taken(receipt))),
            Ok(SaveStep::Write { .. }) if attempt.seq >= MOST_SAVES => Err(Error::new(Code::TooMany)),
            Ok(SaveStep::Write { saved, operation }) => {
                Ok(Judged::Write(Box::new(Written { saving, attempt, seat, saved, operation })))
            }
        }
    }
}

fn taken_before(row: response_save::Model) -> Result<Operation> {
    Ok(Operation {
        digest: row.digest,
        receipt: Receipt {
            seq: u64::try_from(row.seq).map_err(Error::internal)?,
            saved_at: from_millis(row.saved_at),
            revision: u64::try_from(row.revision).map_err(Error::internal)?,
        },
    })
}

/// Form and course of each attempt, read where they are not at hand: neither changes once an attempt began.
async fn seats_of(
    ch: &Change<'_>,
    kept: &Kept<Seat>,
    attempts: &HashMap<String, attempt::Model>,
) -> Result<HashMap<String, Arc<Seat>>> {
    let mut seats: HashMap<_, _> =
        attempts.keys().filter_map(|id| kept.get(id).map(|seat| (id.clone(), seat))).collect();
    let missing: Vec<&String> = attempts.keys().filter(|id| !seats.contains_key(*id)).collect();
    if missing.is_empty() {
        return Ok(seats);
    }
    let rows = form::Entity::find().filter(form::Column::Attempt.is_in(missing)).all(ch.tx()).await?;
    let mut exams = HashMap::new();
    for row in rows {
        let Some(of) = attempts.get(&row.attempt) else { continue };
        let version = (of.exam.clone(), of.exam_version);
        if !exams.contains_key(&version) {
            let exam = exams::by_id(ch.tx(), of.exam.parse().map_err(Error::internal)?, of.exam_version).await?;
            exams.insert(version.clone(), exam);
        }
        let form = Form::from_stored(&row.stored).map_err(Error::internal)?;
        let seat = Arc::new(Seat { course: course_of(&exams[&version], &form), form });
        kept.keep(row.attempt.clone(), Arc::clone(&seat));
        seats.insert(row.attempt, seat);
    }
    Ok(seats)
}

async fn has_its_file(ch: &Change<'_>, one: &Written<'_>) -> Result<bool> {
    match one.saved.response.file() {
        Some(file) => files::belongs(ch.tx(), one.saving.attempt, one.saving.save.position, file).await,
        None => Ok(true),
    }
}

fn no_such_file() -> Mistake {
    Mistake::new(
        "",
        "no_such_file",
        "no file with this id was handed in for this question: upload it first",
        "この設問にそのidのファイルは提出されていません。先にファイルを送ってください",
    )
}

fn event(one: &Written<'_>) -> (crate::ids::AttemptId, log::Kind, serde_json::Value) {
    let (position, seq) = (one.saving.save.position, one.operation.receipt.seq);
    let what = json!({"position": position, "revision": one.saved.revision, "save": seq});
    (one.saving.attempt, log::Kind::Answered, what)
}

async fn write_answers(ch: &Change<'_>, written: &[Written<'_>]) -> Result<()> {
    let now = millis(ch.now);
    let row = |one: &Written<'_>| {
        Ok(response::ActiveModel {
            response: Set(one.saved.response.to_value().to_string()),
            revision: Set(i64::try_from(one.saved.revision).map_err(Error::internal)?),
            seen_at: Set(Some(now)),
            first_saved_at: Set(Some(now)),
            saved_at: Set(Some(now)),
            ..unanswered(one.saving.attempt, one.saving.save.position)?
        })
    };
    let rows = written.iter().map(row).collect::<Result<Vec<_>>>()?;
    let first =
        |column: response::Column| Expr::col((response::Entity, column)).if_null(Expr::col(("excluded", column)));
    let again = OnConflict::columns([response::Column::Attempt, response::Column::Position])
        .update_columns([response::Column::Response, response::Column::Revision, response::Column::SavedAt])
        .value(response::Column::SeenAt, first(response::Column::SeenAt))
        .value(response::Column::FirstSavedAt, first(response::Column::FirstSavedAt))
        .to_owned();
    response::Entity::insert_many(rows).on_conflict(again).exec_without_returning(ch.tx()).await?;
    Ok(())
}

async fn write_operations(ch: &Change<'_>, written: &[Written<'_>]) -> Result<()> {
    let row = |one: &Written<'_>| {
        Ok(response_save::ActiveModel {
            attempt: Set(one.saving.attempt.to_string()),
            client_op_id: Set(one.saving.save.client_op_id.clone()),
            position: Set(column(one.saving.save.position)?),
            seq: Set(i64::try_from(one.operation.receipt.seq).map_err(Error::internal)?),
            revision: Set(i64::try_from(one.saved.revision).map_err(Error::internal)?),
            response: Set(one.saved.response.to_value().to_string()),
            digest: Set(one.operation.digest.clone()),
            saved_at: Set(millis(one.operation.receipt.saved_at)),
        })
    };
    let rows = written.iter().map(row).collect::<Result<Vec<_>>>()?;
    response_save::Entity::insert_many(rows).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// How many saves each attempt has made, and where its candidate is.
async fn move_on(ch: &Change<'_>, written: &[Written<'_>]) -> Result<()> {
    let (mut seq, mut last) = (CaseStatement::new(), CaseStatement::new());
    let mut ids = Vec::with_capacity(written.len());
    for one in written {
        let id = one.saving.attempt.to_string();
        let this = || Expr::col(attempt::Column::Id).eq(&id);
        seq = seq.case(this(), i64::try_from(one.operation.receipt.seq).map_err(Error::internal)?);
        last = last.case(this(), column(one.saving.save.position)?);
        ids.push(id);
    }
    attempt::Entity::update_many()
        .col_expr(attempt::Column::Seq, seq.finally(Expr::col(attempt::Column::Seq)).into())
        .col_expr(attempt::Column::LastPosition, last.finally(Expr::col(attempt::Column::LastPosition)).into())
        .filter(attempt::Column::Id.is_in(ids))
        .exec(ch.tx())
        .await?;
    Ok(())
}
