//! The steps, and the time that the server was away.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use serde_json::json;
use time::Duration;
use waymark_assess::attempt::{Attempt as Life, Course, Refused, Step};
use waymark_criteria::Detail;

use crate::actor::Actor;
use crate::app::App;
use crate::attempts::clock::tell_of_clock;
use crate::attempts::closing::close;
use crate::attempts::entity::{score_run, sign_of_life};
use crate::attempts::service::{Attempt, Notice, course, hold_for_staff, notify, of_another, open_ones, put, write};
use crate::attempts::{log, scheduling};
use crate::clock::{from_millis, millis, rfc3339};
use crate::database::{AuditEntry, Change, Kind};
use crate::domain_event::DomainEvent;
use crate::error::{Error, Fault, Result};
use crate::exams;
use crate::facts;
use crate::ids::AttemptId;

/// Longest reason, in characters.
pub const LONGEST_REASON: usize = 500;
/// Most minutes that one step adds, and most that one pause lasts.
const MOST_MINUTES: u32 = 600;
/// A server that was silent for less was not away: it says so every few seconds.
const AWAY: Duration = Duration::seconds(30);

/// One step of staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffStep {
    AddTime {
        minutes: u32,
    },
    /// For at most so long; until somebody lets it go on where nothing is said.
    Pause {
        minutes: Option<u32>,
    },
    GoOn,
    End,
    Void,
}

impl StaffStep {
    /// A step by its name and the minutes that were given.
    ///
    /// # Errors
    /// No such step is not found; minutes that do not fit.
    pub fn parse(name: &str, minutes: Option<u32>) -> Result<Self> {
        let wrong = || Error::invalid(vec![Fault::new("/minutes", "out_of_range", "write a number from 1 to 600")]);
        let fits = minutes.is_none_or(|minutes| (1..=MOST_MINUTES).contains(&minutes));
        match name {
            "add-time" => match minutes.filter(|_| fits) {
                Some(minutes) => Ok(Self::AddTime { minutes }),
                None => Err(wrong()),
            },
            "pause" if fits => Ok(Self::Pause { minutes }),
            "pause" => Err(wrong()),
            "continue" => Ok(Self::GoOn),
            "end" => Ok(Self::End),
            "void" => Ok(Self::Void),
            _ => Err(Error::not_found()),
        }
    }

    /// As the audit log and the candidate are told.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AddTime { .. } => "time_added",
            Self::Pause { .. } => "paused",
            Self::GoOn => "resumed",
            Self::End => "ended",
            Self::Void => "voided",
        }
    }

    fn audited(self) -> &'static str {
        match self {
            Self::AddTime { .. } => "attempt.add_time",
            Self::Pause { .. } => "attempt.pause",
            Self::GoOn => "attempt.continue",
            Self::End => "attempt.end",
            Self::Void => "attempt.void",
        }
    }

    fn logged(self) -> log::Kind {
        match self {
            Self::AddTime { .. } => log::Kind::TimeAdded,
            Self::Pause { .. } => log::Kind::Paused,
            Self::GoOn => log::Kind::GoneOn,
            Self::End => log::Kind::Ended,
            Self::Void => log::Kind::Voided,
        }
    }

    fn minutes(self) -> Option<u32> {
        match self {
            Self::AddTime { minutes } => Some(minutes),
            Self::Pause { minutes } => minutes,
            _ => None,
        }
    }
}

/// Takes a step. The change is to be privileged: this writes its row in the audit log.
///
/// # Errors
/// No such attempt; no reason, or one that is too long.
pub async fn take(
    ch: &mut Change<'_>,
    id: AttemptId,
    step: StaffStep,
    reason: &str,
) -> Result<Result<Attempt, Refused>> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        let detail = format!("say why, in 1 to {LONGEST_REASON} characters");
        return Err(Error::invalid(vec![Fault::new("/reason", "length", detail)]));
    }
    let attempt = hold_for_staff(ch, id).await?;
    of_another(ch, &attempt).await?;
    let course = course(ch.tx(), &attempt).await?;
    let life = match next(&attempt.life, &course, ch, step) {
        Err(refused) => return Ok(Err(refused)),
        Ok(life) => life,
    };
    let minutes = step.minutes();
    let what = minutes.map_or_else(|| json!({}), |minutes| json!({"minutes": minutes}));
    let about = json!({"by": ch.actor.to_string(), "reason": reason});
    log::append_with_note(ch, id, step.logged(), what, &about).await?;
    let mut attempt = step_to(ch, attempt, life, &course).await?;
    let notice = Notice { at: millis(ch.now), kind: step.as_str().to_owned(), minutes, reason: reason.to_owned() };
    notify(ch, &mut attempt, notice).await?;
    ch.audit(AuditEntry::new(step.audited(), id, json!({"reason": reason, "minutes": minutes}))).await?;
    Ok(Ok(attempt))
}

fn next(life: &Life, course: &Course, ch: &Change<'_>, step: StaffStep) -> Result<Life, Refused> {
    let length = |minutes: u32| Duration::minutes(minutes.into());
    let over = || Refused::Closed(life.state(ch.now));
    match step {
        StaffStep::AddTime { minutes } => life.add(course, ch.now, length(minutes)),
        StaffStep::Pause { minutes } => life.pause(course, ch.now, minutes.map(length)),
        StaffStep::GoOn => life.go_on(course, ch.now, true),
        StaffStep::End => match life.end(course, ch.now)? {
            Step::Write(life) => Ok(life),
            Step::Already => Err(over()),
        },
        StaffStep::Void => match life.void(ch.now) {
            Step::Write(life) => Ok(life),
            Step::Already => Err(over()),
        },
    }
}

async fn step_to(ch: &mut Change<'_>, mut attempt: Attempt, life: Life, course: &Course) -> Result<Attempt> {
    match life {
        Life::Closed(_) => return close(ch, attempt, life, course).await,
        Life::Voided(_) => {
            take_back(ch, &attempt).await?;
            scheduling::release_of(ch, attempt.id).await?;
            ch.tell(&DomainEvent::AttemptVoided { attempt: attempt.id, member: attempt.member }).await?;
        }
        _ => {}
    }
    write(ch, &attempt, &life, course).await?;
    attempt.life = life;
    Ok(attempt)
}

/// A voided attempt's result, where it was released, is taken back: whatever rests on it is decided anew.
async fn take_back(ch: &mut Change<'_>, attempt: &Attempt) -> Result<()> {
    // One that is held waits for its release no longer.
    score_run::Entity::update_many()
        .col_expr(score_run::Column::ReleasedAt, Expr::value(millis(ch.now)))
        .filter(score_run::Column::Attempt.eq(attempt.id.to_string()))
        .filter(score_run::Column::ReleasedAt.is_null())
        .exec(ch.tx())
        .await?;
    let object = attempt.id.to_string();
    for fact in facts::of_member(ch.tx(), attempt.member).await? {
        let of_this = fact.object.as_ref().is_some_and(|known| known.as_str() == object);
        if of_this && matches!(fact.detail, Detail::Exam { .. }) && fact.voided_by.is_none() {
            facts::void(ch, fact.id, "the attempt was voided").await?;
        }
    }
    Ok(())
}

const SERVER: &str = "server";

/// Says that a server runs. What was away meanwhile is credited before.
pub async fn live(app: &App) -> Result<()> {
    credit_downtime(app).await.map(drop)
}

/// Credits the time that no server was there, to each attempt under way whose exam does so; answers how many. To be called before the first
/// request is answered. Then it says that a server runs.
pub async fn credit_downtime(app: &App) -> Result<usize> {
    let mut ch = app.db.change(Actor::System("attempts"), Kind::Ordinary).await?;
    ch.take_turn("sign of life").await?;
    let last = sign_of_life::Entity::find_by_id(SERVER).one(ch.tx()).await?.map(|row| from_millis(row.at));
    let mut credited = 0;
    if let Some(last) = last.filter(|last| ch.now - *last > AWAY) {
        for attempt in open_ones(ch.tx(), None).await? {
            credited += usize::from(credit(&mut ch, attempt.id, last).await?);
        }
    }
    // A clock that was set back makes no new gap when it is right again.
    let row = sign_of_life::ActiveModel { name: Set(SERVER.to_owned()), at: Set(millis(ch.now)) };
    let again = OnConflict::column(sign_of_life::Column::Name).update_column(sign_of_life::Column::At).to_owned();
    sign_of_life::Entity::insert(row).on_conflict(again).exec_without_returning(ch.tx()).await?;
    ch.commit().await?;
    Ok(credited)
}

async fn credit(ch: &mut Change<'_>, id: AttemptId, last: crate::clock::Timestamp) -> Result<bool> {
    let mut attempt = hold_for_staff(ch, id).await?;
    let exam = exams::by_id(ch.tx(), attempt.exam, attempt.exam_version).await?;
    if exam.spec.sitting.downtime_lost {
        return Ok(false);
    }
    let course = course(ch.tx(), &attempt).await?;
    // One that began after the last sign was there for the rest of the gap only.
    let began = attempt.life.sitting().map_or(ch.now, |sitting| sitting.started_at);
    let Some(life) = attempt.life.skip(&course, last.max(began), ch.now) else { return Ok(false) };
    // A pause is moved along by the gap, which is neither its end nor another one; what was over before the gap is told.
    if let Some(settled) = attempt.life.settle(&course, last.max(began)) {
        tell_of_clock(ch, id, &attempt.life, &settled).await?;
    }
    put(ch, id, &life, &course).await?;
    let away = json!({"from": rfc3339(last.max(began)), "to": rfc3339(ch.now)});
    log::append(ch, id, log::Kind::TimeCredited, away).await?;
    let gap = (ch.now - last.max(began)).whole_minutes();
    let minutes = u32::try_from(gap).ok().filter(|minutes| *minutes > 0);
    let notice = Notice { at: millis(ch.now), kind: "downtime".to_owned(), minutes, reason: String::new() };
    notify(ch, &mut attempt, notice).await?;
    Ok(true)
}
