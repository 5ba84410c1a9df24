//! Closing: submitted by the candidate, or by time. Closing scores, records the fact and tells the others, all in one transaction.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use serde_json::json;
use waymark_assess::Rational;
use waymark_assess::attempt::{Attempt as Life, Closed, Course, Refused, Step};
use waymark_assess::grade::{Terms, Treatment};
use waymark_assess::score::{self, Cut, Score};
use waymark_assess::spec::Release;
use waymark_criteria::{Amount, Detail, ObjectKey, Score as Points};

use super::entity::{score_run, voided_item};
use super::log;
use super::marking::rows::{given, wait};
pub(super) use super::outcome::released;
pub use super::outcome::{Released, Scaled, Section, Verdict};
use super::service::{
    Attempt, answers, course, find, find_for_staff, form, lock, of_member, overdue, put, turned, write,
};
use super::views::closed_by;
use crate::actor::Actor;
use crate::app::App;
use crate::banks;
use crate::clock::{Timestamp, millis, rfc3339};
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
/// States of a run: all its points are there, or some wait for a person to give them.
pub(super) const SCORED: &str = "scored";
pub(super) const WAITING: &str = "waiting";

/// Hands the attempt in; a second time answers the first. What comes after the effective deadline closes it as expired instead.
pub async fn submit(ch: &mut Change<'_>, id: AttemptId, member: MemberId) -> Result<Result<Attempt, Refused>> {
    let attempt = lock(ch, id, member).await?;
    let course = course(ch.tx(), &attempt).await?;
    match attempt.life.submit(&course, ch.now) {
        Err(refused) => Ok(Err(refused)),
        Ok(Step::Already) => Ok(Ok(attempt)),
        Ok(Step::Write(life)) => close(ch, attempt, life, &course).await.map(Ok),
    }
}

/// The member's attempt as it stands now: what time alone has brought about, an end or another section, is written before anybody sees it.
pub async fn look(app: &App, id: AttemptId, member: MemberId) -> Result<Attempt> {
    let attempt = find(app.db.read(), id, member).await?;
    if !is_open(&attempt) {
        return Ok(attempt);
    }
    let course = course(app.db.read(), &attempt).await?;
    if attempt.life.settle(&course, app.db.now()).is_none() {
        return Ok(attempt);
    }
    settle(app, id, member).await?;
    find(app.db.read(), id, member).await
}

fn is_open(attempt: &Attempt) -> bool {
    matches!(attempt.life, Life::InProgress(_))
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
            closed += usize::from(settle(app, id, member).await?);
        }
        if closed == before {
            return Ok(closed);
        }
    }
}

/// Writes the pauses that are over and the sections whose clock has run out, so that others are told although no candidate looks; answers how many.
pub async fn turn_due(app: &App) -> Result<usize> {
    let due = turned(app.db.read(), millis(app.db.now()), SWEEP).await?;
    for (id, member) in &due {
        settle(app, *id, *member).await?;
    }
    Ok(due.len())
}

/// Closes the member's attempt at this exam that time has ended.
pub(super) async fn close_overdue_of(app: &App, exam: &Exam, member: MemberId) -> Result<()> {
    for attempt in of_member(app.db.read(), exam.id, member).await?.iter().filter(|attempt| is_open(attempt)) {
        look(app, attempt.id, member).await?;
    }
    Ok(())
}

/// Writes what time alone has brought about; answers whether that was the end.
async fn settle(app: &App, id: AttemptId, member: MemberId) -> Result<bool> {
    let mut ch = app.db.change(Actor::System("attempts"), Kind::Ordinary).await?;
    let attempt = lock(&mut ch, id, member).await?;
    let course = course(ch.tx(), &attempt).await?;
    let Some(life) = attempt.life.settle(&course, ch.now) else {
        ch.undo().await?;
        return Ok(false);
    };
    let ended = life.is_closed();
    if ended {
        close(&mut ch, attempt, life, &course).await?;
    } else {
        write(&mut ch, &attempt, &life, &course).await?;
    }
    ch.commit().await?;
    Ok(ended)
}

pub(super) async fn close(ch: &mut Change<'_>, mut attempt: Attempt, life: Life, course: &Course) -> Result<Attempt> {
    let Life::Closed(closed) = life else { return Err(Error::internal("only a closed attempt is scored")) };
    let exam = exams::by_id(ch.tx(), attempt.exam, attempt.exam_version).await?;
    let terms = terms(ch.tx(), &exam).await?;
    let score = score(ch.tx(), &attempt, &closed, &exam, terms).await?;
    attempt.life = life.scored().ok_or_else(|| Error::internal("an attempt was scored twice"))?;
    // Whoever hears that it is over needs not hear of its clock.
    put(ch, attempt.id, &attempt.life, course).await?;
    let end = json!({"by": closed_by(closed.how), "at": rfc3339(closed.at)});
    log::append(ch, attempt.id, log::Kind::Closed, end).await?;
    let waiting: Vec<u32> = score.waiting().collect();
    let release_at = match exam.spec.release {
        Release::On(at) => Some(millis(at)),
        _ => None,
    };
    let run = Run { number: FIRST_RUN, cause: None, released_at: None, release_at };
    write_run(ch, attempt.id, &score, run).await?;
    wait(ch, attempt.id, &waiting).await?;
    ch.tell(&DomainEvent::AttemptSubmitted { attempt: attempt.id, member: attempt.member }).await?;
    if is_due(&exam, ch.now) {
        release(ch, &attempt).await?;
    }
    Ok(attempt)
}

/// Whether results of the exam are let go now, as soon as nobody has to mark them any more.
fn is_due(exam: &Exam, now: Timestamp) -> bool {
    match exam.spec.release {
        Release::AtOnce => true,
        Release::On(at) => at <= now,
        _ => false,
    }
}

/// What stands beside the score in the row of a run.
pub(super) struct Run {
    pub number: i32,
    /// The voided item that it was made for.
    pub cause: Option<String>,
    pub released_at: Option<i64>,
    pub release_at: Option<i64>,
}

/// Writes a run, in the place of those before it.
pub(super) async fn write_run(ch: &mut Change<'_>, id: AttemptId, score: &Score, run: Run) -> Result<()> {
    score_run::Entity::update_many()
        .col_expr(score_run::Column::ReplacedBy, Expr::value(run.number))
        .filter(score_run::Column::Attempt.eq(id.to_string()))
        .filter(score_run::Column::ReplacedBy.is_null())
        .exec(ch.tx())
        .await?;
    let state = if score.waiting().next().is_none() { SCORED } else { WAITING };
    let row = score_run::ActiveModel {
        attempt: Set(id.to_string()),
        run: Set(run.number),
        stored: Set(score.to_stored()),
        passed: Set(score.summary().passed),
        at: Set(millis(ch.now)),
        released_at: Set(run.released_at),
        state: Set(state.to_owned()),
        replaced_by: Set(None),
        cause: Set(run.cause),
        release_at: Set(run.release_at),
    };
    score_run::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// Scores an attempt anew, as another run, with what people gave for what they marked; released where the exam says so.
///
/// # Errors
/// Not found, for an attempt that is not scored; a result that is released already.
pub(super) async fn score_again(ch: &mut Change<'_>, id: AttemptId) -> Result<()> {
    let attempt = find_for_staff(ch.tx(), id).await?;
    let Life::Closed(closed) = attempt.life else { return Err(Error::not_found()) };
    let before = run(ch.tx(), id).await?.ok_or_else(Error::not_found)?;
    if before.released_at.is_some() {
        return Err(Error::new(Code::Conflict));
    }
    let exam = exams::by_id(ch.tx(), attempt.exam, attempt.exam_version).await?;
    let terms = terms(ch.tx(), &exam).await?;
    let score = score(ch.tx(), &attempt, &closed, &exam, terms).await?;
    let next = Run { number: before.run + 1, cause: None, released_at: None, release_at: before.release_at };
    write_run(ch, id, &score, next).await?;
    if is_due(&exam, ch.now) {
        release(ch, &attempt).await?;
    }
    Ok(())
}

/// Releases the results whose date has come; answers how many. What waits to be marked is let go with its last mark.
pub async fn release_due(app: &App) -> Result<usize> {
    let mut released = 0;
    loop {
        let ids: Vec<String> = score_run::Entity::find()
            .select_only()
            .column(score_run::Column::Attempt)
            .filter(score_run::Column::ReplacedBy.is_null())
            .filter(score_run::Column::State.eq(SCORED))
            .filter(score_run::Column::ReleasedAt.is_null())
            .filter(score_run::Column::ReleaseAt.lte(millis(app.db.now())))
            .limit(SWEEP)
            .into_tuple()
            .all(app.db.read())
            .await?;
        if ids.is_empty() {
            return Ok(released);
        }
        let mut ch = app.db.change(Actor::System("attempts"), Kind::Ordinary).await?;
        let before = released;
        for id in ids {
            let attempt = find_for_staff(ch.tx(), id.parse().map_err(Error::internal)?).await?;
            released += usize::from(release(&mut ch, &attempt).await?);
        }
        ch.commit().await?;
        if released == before {
            return Ok(released);
        }
    }
}

/// Scores what counts: each response that was saved by the effective deadline, and what people gave for those they marked.
pub(super) async fn score(
    db: &impl Read,
    attempt: &Attempt,
    closed: &Closed,
    exam: &Exam,
    terms: Terms,
) -> Result<Score> {
    let form = form(db, attempt.id).await?;
    let terms = Terms { cut: exam.spec.scoring.cut_of(&form), ..terms };
    let keys = banks::keys(db, form.positions().iter().map(|position| position.item)).await?;
    let marks = given(db, attempt.id).await?;
    let in_time = |saved_at: Timestamp| saved_at <= closed.sitting.effective_deadline();
    let responses: BTreeMap<_, _> = answers(db, attempt.id)
        .await?
        .into_iter()
        .filter(|(_, answer)| answer.saved_at.is_some_and(in_time))
        .map(|(position, answer)| (position, answer.saved.response))
        .collect();
    score::score_on(&form, &keys, &responses, &marks, &terms).map_err(Error::internal)
}

/// By what an exam's points become a verdict, voided items included. The cut is that of the form.
pub(super) async fn terms(db: &impl Read, exam: &Exam) -> Result<Terms> {
    let rows = voided_item::Entity::find().filter(voided_item::Column::Exam.eq(exam.id.to_string())).all(db).await?;
    let voided = rows.into_iter().map(|row| {
        let treatment = Treatment::parse(&row.treatment).ok_or_else(|| Error::internal("an unknown treatment"))?;
        Ok((row.version.parse().map_err(Error::internal)?, treatment))
    });
    let voided = voided.collect::<Result<_>>()?;
    Ok(Terms { cut: exam.spec.scoring.cut, scale: exam.spec.scoring.scale, voided })
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
    if exam.spec.sitting.practice {
        return Ok(true);
    }
    ch.tell(&DomainEvent::ResultReleased { attempt: attempt.id }).await?;
    let result = released(&row.stored)?;
    let fact = fact(attempt, &closed, &exam, &result, row.run)?;
    facts::record(ch, fact).await?;
    Ok(true)
}

/// What the ledger learns of a run. Each run has an origin of its own.
pub(super) fn fact(attempt: &Attempt, closed: &Closed, exam: &Exam, result: &Released, run: i32) -> Result<NewFact> {
    let amount = |points: Rational| Amount::fraction(points.numerator(), points.denominator()).map_err(Error::internal);
    let cut = match result.cut() {
        Some(Cut::Points(_)) => result.needed().map(amount).transpose()?,
        _ => None,
    };
    Ok(NewFact {
        member: attempt.member,
        happened_at: closed.at,
        object: Some(ObjectKey::try_from(attempt.id.to_string()).map_err(Error::internal)?),
        giver: None,
        amount: Amount::ONE,
        detail: Detail::Exam {
            slug: exam.spec.slug.clone(),
            passed: result.passed,
            score: Some(Points {
                points: amount(result.points)?,
                of: amount(result.max)?,
                cut,
                scaled: result.scaled.map(|scaled| scaled.score),
            }),
            delivered_by: None,
        },
        origin: origin(attempt.id, run),
    })
}

pub(super) fn origin(attempt: AttemptId, run: i32) -> String {
    if run == FIRST_RUN { format!("attempt:{attempt}") } else { format!("attempt:{attempt}#{run}") }
}

/// How a scored attempt came out, as far as its candidate may know; None before it is scored.
pub async fn verdict(db: &impl Read, attempt: &Attempt) -> Result<Option<Verdict>> {
    if matches!(attempt.life, Life::Voided(_)) {
        return Ok(None);
    }
    let Some(row) = run(db, attempt.id).await? else { return Ok(None) };
    Ok(Some(match row.released_at {
        Some(_) => Verdict::Released(released(&row.stored)?),
        None if row.state == WAITING => Verdict::Waiting,
        None => Verdict::Held,
    }))
}

/// The run that counts.
pub(super) async fn run(db: &impl Read, id: AttemptId) -> Result<Option<score_run::Model>> {
    let of_attempt = score_run::Entity::find().filter(score_run::Column::Attempt.eq(id.to_string()));
    Ok(of_attempt.filter(score_run::Column::ReplacedBy.is_null()).one(db).await?)
}
