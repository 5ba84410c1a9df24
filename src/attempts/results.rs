//! What staff see of an exam's results, and how they let held ones go.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{QueryOrder, QuerySelect};
use serde_json::json;
use waymark_assess::Rational;
use waymark_assess::attempt::{Attempt as Life, Closed};

use super::closing::{Released, SCORED, WAITING, release, released};
use super::entity::{attempt, score_run};
use super::service::read;
use crate::access;
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, from_millis};
use crate::database::{AuditEntry, Kind, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::exams::Exam;
use crate::ids::{AttemptId, ExamId, MemberId};

/// How one attempt came out, released or not. For staff.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultRow {
    pub attempt: AttemptId,
    pub member: MemberId,
    /// Counts the member's attempts at this exam from 1.
    pub ordinal: u32,
    pub closed: Closed,
    pub points: Rational,
    pub max: Rational,
    /// Where the exam has a scale.
    pub scaled: Option<u32>,
    pub passed: bool,
    /// Whether some of its responses wait for a person to mark them: the points are not the last word.
    pub waiting: bool,
    /// None while it is held.
    pub released_at: Option<Timestamp>,
}

/// Which held results are let go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Every one that is held now.
    All,
    /// These attempts at the exam.
    These(BTreeSet<AttemptId>),
}

/// So many results are released in one change, which is one row in the audit log.
const AT_ONCE: u64 = 200;
/// Why they were released, for the audit log, in characters.
pub const LONGEST_REASON: usize = 500;

/// The results of an exam, the latest attempt first, before `before`.
pub async fn of_exam(db: &impl Read, exam: ExamId, before: Option<AttemptId>, limit: u64) -> Result<Vec<ResultRow>> {
    let mut find = scored(exam).order_by_desc(attempt::Column::Id).limit(limit);
    if let Some(before) = before {
        find = find.filter(attempt::Column::Id.lt(before.to_string()));
    }
    let attempts = find.all(db).await?;
    let ids = attempts.iter().map(|row| row.id.as_str());
    let runs = score_run::Entity::find()
        .filter(score_run::Column::ReplacedBy.is_null())
        .filter(score_run::Column::Attempt.is_in(ids))
        .all(db)
        .await?;
    let runs: BTreeMap<String, score_run::Model> = runs.into_iter().map(|run| (run.attempt.clone(), run)).collect();
    let row = |row: attempt::Model| {
        let run = runs.get(&row.id).ok_or_else(|| Error::internal(format!("{} has no score", row.id)))?;
        let Released { points, max, passed, scaled, .. } = released(&run.stored)?;
        let attempt = read(row)?;
        let Life::Closed(closed) = attempt.life else {
            return Err(Error::internal(format!("{} was scored and is not closed", attempt.id)));
        };
        Ok(ResultRow {
            attempt: attempt.id,
            member: attempt.member,
            ordinal: attempt.ordinal,
            closed,
            points,
            max,
            scaled: scaled.map(|scaled| scaled.score),
            passed,
            waiting: run.state == WAITING,
            released_at: run.released_at.map(from_millis),
        })
    };
    attempts.into_iter().map(row).collect()
}

/// How many results wait to be released: of one exam, or of all.
pub async fn held(db: &impl Read, exam: Option<ExamId>) -> Result<u64> {
    let runs = score_run::Entity::find()
        .filter(score_run::Column::ReplacedBy.is_null())
        .filter(score_run::Column::State.eq(SCORED))
        .filter(score_run::Column::ReleasedAt.is_null());
    let runs = match exam {
        Some(exam) => {
            let of_exam = Query::select()
                .column(attempt::Column::Id)
                .from(attempt::Entity)
                .and_where(attempt::Column::Exam.eq(exam.to_string()))
                .to_owned();
            runs.filter(score_run::Column::Attempt.in_subquery(of_exam))
        }
        None => runs,
    };
    Ok(runs.count(db).await?)
}

/// Lets held results go: each becomes a fact, and its candidate may see it. Answers those that were held; releasing again changes nothing. Every change has
/// its row in the audit log, with the reason where one was given.
///
/// # Errors
/// An attempt that is not a scored one of this exam, or is one's own; a reason that is too long.
pub async fn release_held(
    app: &App,
    actor: Actor,
    exam: &Exam,
    which: &Which,
    reason: Option<&str>,
) -> Result<Vec<AttemptId>> {
    if reason.is_some_and(|text| text.chars().count() > LONGEST_REASON) {
        let detail = format!("shorten it to {LONGEST_REASON} characters");
        return Err(Error::invalid(vec![Fault::new("/reason", "too_long", detail)]));
    }
    if let Which::These(asked) = which {
        known(app.db.read(), exam.id, asked).await?;
    }
    // A key that a member made is their hand.
    let own = match (access::behind(app.db.read(), actor).await?, which) {
        (Actor::Member(own), Which::These(asked)) if sat_by(app.db.read(), own, asked).await? => {
            return Err(Error::new(Code::OwnAttempt));
        }
        (Actor::Member(own), _) => Some(own.to_string()),
        _ => None,
    };
    let mut all = vec![];
    loop {
        let mut ch = app.db.change(actor, Kind::Privileged).await?;
        let mut find = scored(exam.id)
            .filter(attempt::Column::Id.in_subquery(waiting()))
            .order_by_asc(attempt::Column::Id)
            .limit(AT_ONCE);
        if let Some(own) = &own {
            find = find.filter(attempt::Column::Member.ne(own));
        }
        if let Which::These(asked) = which {
            let left = asked.iter().filter(|id| !all.contains(*id)).map(ToString::to_string);
            find = find.filter(attempt::Column::Id.is_in(left));
        }
        let mut let_go = vec![];
        for row in find.all(ch.tx()).await? {
            let attempt = read(row)?;
            if release(&mut ch, &attempt).await? {
                let_go.push(attempt.id);
            }
        }
        if let_go.is_empty() {
            ch.undo().await?;
            return Ok(all);
        }
        let named: Vec<String> = let_go.iter().map(ToString::to_string).collect();
        ch.audit(AuditEntry::new("result.release", exam.id, json!({"attempts": named, "reason": reason}))).await?;
        ch.commit().await?;
        all.extend(let_go);
    }
}

/// Whether one of these attempts is the member's own: somebody else lets its result go.
async fn sat_by(db: &impl Read, member: MemberId, asked: &BTreeSet<AttemptId>) -> Result<bool> {
    let ids = asked.iter().map(ToString::to_string);
    let own = attempt::Entity::find()
        .filter(attempt::Column::Id.is_in(ids))
        .filter(attempt::Column::Member.eq(member.to_string()));
    Ok(own.count(db).await? > 0)
}

/// Refuses what is not a scored attempt at this exam.
async fn known(db: &impl Read, exam: ExamId, asked: &BTreeSet<AttemptId>) -> Result<()> {
    if asked.len() > usize::try_from(AT_ONCE).unwrap_or(usize::MAX) {
        return Err(Error::new(Code::TooMany));
    }
    let named = asked.iter().map(ToString::to_string);
    let found = scored(exam).filter(attempt::Column::Id.is_in(named)).count(db).await?;
    if usize::try_from(found).ok() == Some(asked.len()) { Ok(()) } else { Err(Error::not_found()) }
}

fn scored(exam: ExamId) -> Select<attempt::Entity> {
    attempt::Entity::find()
        .filter(attempt::Column::Exam.eq(exam.to_string()))
        .filter(attempt::Column::State.eq("scored"))
}

fn waiting() -> SelectStatement {
    Query::select()
        .column(score_run::Column::Attempt)
        .from(score_run::Entity)
        .and_where(score_run::Column::ReplacedBy.is_null())
        .and_where(score_run::Column::State.eq(SCORED))
        .and_where(score_run::Column::ReleasedAt.is_null())
        .to_owned()
}
