//! Beginning an attempt: who may, and the form frozen before the clock starts.

use std::collections::BTreeSet;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use time::Duration;
use waymark_assess::Form;
use waymark_assess::attempt::{Attempt as Life, Step};

use super::assembling::{self, Drawn};
use super::{closing, conflict};
use super::entity::{attempt, form};
use super::lifecycle::Standing;
use super::service::{Attempt, of_member};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, millis, rfc3339};
use crate::database::{Change, Kind, Read};
use crate::error::{Code, Error, Result};
use crate::exams::{self, Exam};
use crate::ids::{AttemptId, FormId, MemberId};

/// How often a form is drawn where others take the last uses of its items meanwhile.
const DRAWS: u32 = 8;

/// What the rules of an exam leave a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chances {
    /// The attempt that is under way.
    pub open: Option<AttemptId>,
    pub used: u32,
    /// How many more may begin; None is without limit.
    pub left: Option<u32>,
    /// The end of the cool-down, while it lies ahead.
    pub not_before: Option<Timestamp>,
}

/// An attempt that began just now, or the one that was under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    pub attempt: AttemptId,
    pub new: bool,
}

/// What the member may still do, at `now`.
pub async fn chances(db: &impl Read, exam: &Exam, member: MemberId, now: Timestamp) -> Result<Chances> {
    Ok(left(exam, &of_member(db, exam.id, member).await?, now))
}

fn left(exam: &Exam, attempts: &[Attempt], now: Timestamp) -> Chances {
    let rules = exam.spec.rules;
    let used = u32::try_from(attempts.len()).unwrap_or(u32::MAX);
    let is_open = |attempt: &&Attempt| !matches!(attempt.life, Life::Closed(_));
    let closed = attempts.iter().filter_map(|attempt| match attempt.life {
        Life::Closed(closed) => Some(closed.at),
        _ => None,
    });
    let cool_down = Duration::days(rules.cool_down_days.into());
    Chances {
        open: attempts.iter().find(is_open).map(|attempt| attempt.id),
        used,
        left: rules.attempts.map(|limit| limit.saturating_sub(used)),
        not_before: closed.max().map(|last| last + cool_down).filter(|end| *end > now),
    }
}

/// Begins an attempt of the member, or answers the one that is under way.
///
/// # Errors
/// No such exam; no attempts left; the cool-down is not over.
pub async fn begin(app: &App, actor: Actor, member: MemberId, slug: &str, agreed: bool) -> Result<Begun> {
    let exam = exams::find(app.db.read(), slug).await?.ok_or_else(Error::not_found)?;
    closing::close_overdue_of(app, &exam, member).await?;
    let chances = allowed(&exam, chances(app.db.read(), &exam, member, app.db.now()).await?)?;
    if let Some(attempt) = chances.open {
        return Ok(Begun { attempt, new: false });
    }
    let mut begun = Ok(None);
    for _ in 0..DRAWS {
        let drawn = assembling::draw(app, &exam, member).await?;
        begun = freeze(app, actor, member, &exam, &drawn, agreed).await;
        if !matches!(begun, Ok(None)) {
            break;
        }
    }
    match begun {
        // On PostgreSQL two starts can run side by side; the constraint lets one through, and the other one answers with it.
        Err(e) if e.code() == Code::Conflict => {
            let chances = left(&exam, &of_member(app.db.read(), exam.id, member).await?, app.db.now());
            chances.open.map(|attempt| Begun { attempt, new: false }).ok_or(e)
        }
        Ok(begun) => begun.ok_or_else(|| Error::new(Code::Conflict)),
        Err(e) => Err(e),
    }
}

fn allowed(exam: &Exam, chances: Chances) -> Result<Chances> {
    if chances.open.is_some() {
        return Ok(chances);
    }
    if chances.left == Some(0) {
        let limit = exam.spec.rules.attempts.unwrap_or_default();
        return Err(Error::new(Code::AttemptsUsedUp).with("limit", limit.to_string()));
    }
    match chances.not_before {
        Some(until) => {
            let text = rfc3339(until);
            Err(Error::new(Code::CoolDown).with("until", text.clone()).member("not_before", text))
        }
        None => Ok(chances),
    }
}

/// None where the form has to be drawn again.
async fn freeze(
    app: &App,
    actor: Actor,
    member: MemberId,
    exam: &Exam,
    drawn: &Drawn,
    agreed: bool,
) -> Result<Option<Begun>> {
    let mut ch = app.db.change(actor, Kind::Ordinary).await?;
    let earlier = of_member(ch.tx(), exam.id, member).await?;
    let chances = allowed(exam, left(exam, &earlier, ch.now))?;
    if let Some(attempt) = chances.open {
        ch.undo().await?;
        return Ok(Some(Begun { attempt, new: false }));
    }
    let timing = exam.spec.timing;
    let started = Life::Created.start(
        ch.now,
        Duration::minutes(timing.minutes.into()),
        Duration::seconds(timing.grace_seconds.into()),
    );
    let Step::Write(life) = started else { return Err(Error::internal("a new attempt had started")) };
    let id: AttemptId = ch.id();
    if !assembling::reserve(&ch, exam, drawn).await? {
        ch.undo().await?;
        return Ok(None);
    }
    insert_form(&mut ch, id, &drawn.form, &drawn.figures).await?;
    insert_attempt(&mut ch, id, exam, member, earlier.len(), agreed, &life).await?;
    conflict::note(&ch, id, member, &exam.spec.bank).await?;
    ch.commit().await?;
    Ok(Some(Begun { attempt: id, new: true }))
}

async fn insert_form(ch: &mut Change<'_>, id: AttemptId, form: &Form, figures: &BTreeSet<String>) -> Result<()> {
    let row = form::ActiveModel {
        attempt: Set(id.to_string()),
        id: Set(ch.id::<FormId>().to_string()),
        stored: Set(form.to_stored()),
        hash: Set(form.hash().iter().map(|b| format!("{b:02x}")).collect()),
        figures: Set(figures.iter().map(String::as_str).collect::<Vec<_>>().join(" ")),
        frozen_at: Set(millis(ch.now)),
    };
    form::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

async fn insert_attempt(
    ch: &mut Change<'_>,
    id: AttemptId,
    exam: &Exam,
    member: MemberId,
    earlier: usize,
    agreed: bool,
    life: &Life,
) -> Result<()> {
    let standing = Standing::of(life);
    let row = attempt::ActiveModel {
        id: Set(id.to_string()),
        exam: Set(exam.id.to_string()),
        exam_version: Set(exam.version),
        member: Set(member.to_string()),
        ordinal: Set(i32::try_from(earlier).map_err(Error::internal)? + 1),
        state: Set(standing.state),
        agreed_at: Set(agreed.then(|| millis(ch.now))),
        created_at: Set(millis(ch.now)),
        started_at: Set(standing.started_at),
        deadline: Set(standing.deadline),
        grace_ms: Set(standing.grace_ms),
        effective_deadline: Set(standing.effective_deadline),
        closed_at: Set(None),
        closed_by: Set(None),
        seq: Set(0),
        last_position: Set(0),
    };
    attempt::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}
