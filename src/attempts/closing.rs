//! Closing: submitted by the candidate, or by time. Closing scores, records the fact and tells the others, all in one transaction.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use waymark_assess::Rational;
use waymark_assess::attempt::{Attempt as Life, Closed, Refused, Step};
use waymark_assess::score::{self, Cut, Score};
use waymark_assess::spec::Release;
use waymark_criteria::{Amount, Detail, ObjectKey, Score as Points};

use super::entity::score_run;
use super::marking;
use super::service::{Attempt, answers, find, form, lock, of_id, of_member, overdue, write};
use crate::actor::Actor;
use crate::app::App;
use crate::banks;
use crate::clock::{Timestamp, millis};
use crate::database::{Change, Kind, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Code, Error, Result};
use crate::exams::{self, Exam};
use crate::facts::{self, NewFact};
use crate::ids::{AttemptId, MemberId};

/// How many overdue attempts one sweep looks up at a time.
const SWEEP: u64 = 100;
/// Rescoring adds runs; the first one is that of closing.
const FIRST_RUN: i32 = 1;
/// States of a run.
pub(super) const SCORED: &str = "scored";
pub(super) const WAITING: &str = "waiting";
pub(super) const SUPERSEDED: &str = "superseded";

/// What a candidate may know of how it came out.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The exam's release policy keeps it back until staff release it.
    Held,
    /// Some responses wait for a person to mark them.
    Waiting,
    Released(Released),
}

/// A released result.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Released {
    pub points: Rational,
    pub max: Rational,
    /// `{"points": 26}` or `{"percent": "75"}`.
    pub cut: Value,
    pub passed: bool,
    pub sections: Vec<Section>,
}

/// One row of the section table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub section: String,
    pub right: u32,
    pub of: u32,
}

/// Hands the attempt in; a second time answers the first. What comes after the effective deadline closes it as expired instead.
pub async fn submit(ch: &mut Change<'_>, id: AttemptId, member: MemberId) -> Result<Result<Attempt, Refused>> {
    let attempt = lock(ch, id, member).await?;
    match attempt.life.submit(ch.now) {
        Err(refused) => Ok(Err(refused)),
        Ok(Step::Already) => Ok(Ok(attempt)),
        Ok(Step::Write(life)) => close(ch, attempt, life).await.map(Ok),
    }
}

/// The member's attempt as it stands now: one whose time is over is closed before anybody sees it.
pub async fn look(app: &App, id: AttemptId, member: MemberId) -> Result<Attempt> {
    let attempt = find(app.db.read(), id, member).await?;
    if attempt.life.expire(app.db.now()).is_none() {
        return Ok(attempt);
    }
    expire(app, id, member).await?;
    find(app.db.read(), id, member).await
}

/// Closes every attempt whose effective deadline has passed; answers how many.
pub async fn expire_due(app: &App) -> Result<usize> {
    let mut closed = 0;
    loop {
        let due = overdue(app.db.read(), millis(app.db.now()), SWEEP).await?;
        if due.is_empty() {
            return Ok(closed);
        }
        let before = closed;
        for (id, member) in due {
            closed += usize::from(expire(app, id, member).await?);
        }
        if closed == before {
            return Ok(closed);
        }
    }
}

/// Closes the member's attempt at this exam that time has ended.
pub(super) async fn close_overdue_of(app: &App, exam: &Exam, member: MemberId) -> Result<()> {
    for attempt in of_member(app.db.read(), exam.id, member).await? {
        if attempt.life.expire(app.db.now()).is_some() {
            expire(app, attempt.id, member).await?;
        }
    }
    Ok(())
}

async fn expire(app: &App, id: AttemptId, member: MemberId) -> Result<bool> {
    let mut ch = app.db.change(Actor::System("attempts"), Kind::Ordinary).await?;
    let attempt = lock(&mut ch, id, member).await?;
    let Some(life) = attempt.life.expire(ch.now) else {
        ch.undo().await?;
        return Ok(false);
    };
    close(&mut ch, attempt, life).await?;
    ch.commit().await?;
    Ok(true)
}

async fn close(ch: &mut Change<'_>, mut attempt: Attempt, life: Life) -> Result<Attempt> {
    let Life::Closed(closed) = life else { return Err(Error::internal("only a closed attempt is scored")) };
    let exam = exams::by_id(ch.tx(), attempt.exam, attempt.exam_version).await?;
    let score = score(ch, &attempt, &closed, &exam, &BTreeMap::new()).await?;
    attempt.life = life.scored().ok_or_else(|| Error::internal("an attempt was scored twice"))?;
    write(ch, attempt.id, &attempt.life).await?;
    let waiting: Vec<u32> = score.waiting().collect();
    let state = if waiting.is_empty() { SCORED } else { WAITING };
    write_run(ch, attempt.id, FIRST_RUN, &score, state).await?;
    marking::wait(ch, attempt.id, &waiting).await?;
    ch.tell(&DomainEvent::AttemptSubmitted { attempt: attempt.id, member: attempt.member }).await?;
    if exam.spec.release == Release::AtOnce && waiting.is_empty() {
        release(ch, &attempt).await?;
    }
    Ok(attempt)
}

async fn write_run(ch: &mut Change<'_>, id: AttemptId, run: i32, score: &Score, state: &str) -> Result<()> {
    let row = score_run::ActiveModel {
        attempt: Set(id.to_string()),
        run: Set(run),
        stored: Set(score.to_stored()),
        passed: Set(score.summary().passed),
        at: Set(millis(ch.now)),
        released_at: Set(None),
        state: Set(state.to_owned()),
    };
    score_run::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// Scores an attempt anew, as another run, with what people gave for what they marked; released at once where the exam
/// says so.
///
/// # Errors
/// Not found, for an attempt that is not scored; a result that is released already.
pub(super) async fn score_again(ch: &mut Change<'_>, id: AttemptId, marks: &BTreeMap<u32, Rational>) -> Result<()> {
    let attempt = of_id(ch.tx(), id).await?;
    let Life::Closed(closed) = attempt.life else { return Err(Error::not_found()) };
    let before = run(ch.tx(), id).await?.ok_or_else(Error::not_found)?;
    if before.released_at.is_some() {
        return Err(Error::new(Code::Conflict));
    }
    let exam = exams::by_id(ch.tx(), attempt.exam, attempt.exam_version).await?;
    let score = score(ch, &attempt, &closed, &exam, marks).await?;
    score_run::Entity::update_many()
        .col_expr(score_run::Column::State, Expr::value(SUPERSEDED))
        .filter(score_run::Column::Attempt.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    write_run(ch, id, before.run + 1, &score, SCORED).await?;
    if exam.spec.release == Release::AtOnce {
        release(ch, &attempt).await?;
    }
    Ok(())
}

/// Scores what counts: each response that was saved by the effective deadline.
async fn score(
    ch: &mut Change<'_>,
    attempt: &Attempt,
    closed: &Closed,
    exam: &Exam,
    marks: &BTreeMap<u32, Rational>,
) -> Result<Score> {
    let form = form(ch.tx(), attempt.id).await?;
    let keys = banks::keys(ch.tx(), form.positions().iter().map(|position| position.item)).await?;
    let in_time = |saved_at: Timestamp| saved_at <= closed.sitting.effective_deadline();
    let responses: BTreeMap<_, _> = answers(ch.tx(), attempt.id)
        .await?
        .into_iter()
        .filter(|(_, answer)| answer.saved_at.is_some_and(in_time))
        .map(|(position, answer)| (position, answer.saved.response))
        .collect();
    score::score_marked(&form, &keys, &responses, marks, exam.spec.cut).map_err(Error::internal)
}

/// Lets the candidate know, and the ledger: until then a result has no effect. Answers whether it was held; releasing again changes nothing.
///
/// # Errors
/// Not found, for an attempt that is not scored.
pub async fn release(ch: &mut Change<'_>, attempt: &Attempt) -> Result<bool> {
    let Life::Closed(closed) = attempt.life else { return Err(Error::not_found()) };
    let row = run(ch.tx(), attempt.id).await?.ok_or_else(Error::not_found)?;
    let let_go = score_run::Entity::update_many()
        .col_expr(score_run::Column::ReleasedAt, Expr::value(millis(ch.now)))
        .filter(score_run::Column::Attempt.eq(row.attempt.as_str()))
        .filter(score_run::Column::Run.eq(row.run))
        .filter(score_run::Column::State.eq(SCORED))
        .filter(score_run::Column::ReleasedAt.is_null())
        .exec(ch.tx())
        .await?;
    if let_go.rows_affected == 0 {
        return Ok(false);
    }
    let exam = exams::by_id(ch.tx(), attempt.exam, attempt.exam_version).await?;
    let result = released(&row)?;
    let amount = |points: Rational| Amount::fraction(points.numerator(), points.denominator()).map_err(Error::internal);
    let cut = match exam.spec.cut {
        Cut::Points(points) => Some(Amount::whole(points.into())),
        _ => None,
    };
    let fact = NewFact {
        member: attempt.member,
        happened_at: closed.at,
        object: Some(ObjectKey::try_from(attempt.id.to_string()).map_err(Error::internal)?),
        giver: None,
        amount: Amount::ONE,
        detail: Detail::Exam {
            slug: exam.spec.slug.clone(),
            passed: result.passed,
            score: Some(Points { points: amount(result.points)?, of: amount(result.max)?, cut }),
            delivered_by: None,
        },
        origin: format!("attempt:{}", attempt.id),
    };
    facts::record(ch, fact).await?;
    Ok(true)
}

/// How a scored attempt came out, as far as its candidate may know; None before it is scored.
pub async fn verdict(db: &impl Read, attempt: &Attempt) -> Result<Option<Verdict>> {
    let Some(row) = run(db, attempt.id).await? else { return Ok(None) };
    Ok(Some(match row.released_at {
        Some(_) => Verdict::Released(released(&row)?),
        None if row.state == WAITING => Verdict::Waiting,
        None => Verdict::Held,
    }))
}

async fn run(db: &impl Read, id: AttemptId) -> Result<Option<score_run::Model>> {
    let runs = score_run::Entity::find().filter(score_run::Column::Attempt.eq(id.to_string()));
    Ok(runs.filter(score_run::Column::State.ne(SUPERSEDED)).one(db).await?)
}

pub(super) fn released(row: &score_run::Model) -> Result<Released> {
    #[derive(Deserialize)]
    struct Stored {
        summary: Released,
    }
    let stored: Stored = serde_json::from_str(&row.stored)?;
    Ok(stored.summary)
}
