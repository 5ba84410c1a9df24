//! What a person is allowed beyond others, who approved it, and why.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use serde_json::json;
use waymark_assess::attempt::{Allowance, MOST_MINUTES, MOST_PERCENT};

use super::entity::accommodation;
use crate::access;
use crate::actor::Actor;
use crate::attempts::log;
use crate::attempts::service::{Notice, course, hold_for_staff, notify, open_ones, write};
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{AuditEntry, Change, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::exams;
use crate::ids::{AccommodationId, ExamId, MemberId};

/// An accommodation. Its reason is for those who may approve one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accommodation {
    pub id: AccommodationId,
    /// None is every exam.
    pub exam: Option<ExamId>,
    pub allowance: Allowance,
    pub reason: String,
    pub approved_by: String,
    pub approved_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// Longest reason, in characters.
pub const LONGEST_REASON: usize = 500;

/// Approves an accommodation. It is in force at once: in attempts that are under way, too. The change is to be privileged: this writes its row in the
/// audit log, without the reason.
///
/// # Errors
/// What does not fit, field by field.
pub async fn approve(
    ch: &mut Change<'_>,
    member: MemberId,
    exam: Option<ExamId>,
    allowance: Allowance,
    reason: &str,
) -> Result<AccommodationId> {
    if access::behind(ch.tx(), ch.actor).await? == Actor::Member(member) {
        return Err(Error::new(Code::OwnAttempt));
    }
    let reason = reason.trim();
    let mut faults = vec![];
    if !(100..=MOST_PERCENT).contains(&allowance.percent) {
        faults.push(Fault::new("/percent", "out_of_range", format!("write a number from 100 to {MOST_PERCENT}")));
    }
    for (pointer, minutes) in [("/minutes", allowance.minutes), ("/break_minutes", allowance.break_minutes)] {
        if minutes > MOST_MINUTES {
            faults.push(Fault::new(pointer, "out_of_range", format!("write a number from 0 to {MOST_MINUTES}")));
        }
    }
    if allowance == Allowance::default() {
        faults.push(Fault::new("/percent", "nothing_allowed", "allow more time, minutes or breaks"));
    }
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        faults.push(Fault::new("/reason", "length", format!("say why, in 1 to {LONGEST_REASON} characters")));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let id: AccommodationId = ch.id();
    let small = |n: u32| i32::try_from(n).map_err(Error::internal);
    let row = accommodation::ActiveModel {
        id: Set(id.to_string()),
        member: Set(member.to_string()),
        exam: Set(exam.map(|exam| exam.to_string())),
        percent: Set(small(allowance.percent)?),
        minutes: Set(small(allowance.minutes)?),
        break_minutes: Set(small(allowance.break_minutes)?),
        reason: Set(reason.to_owned()),
        approved_by: Set(ch.actor.to_string()),
        approved_at: Set(millis(ch.now)),
        ended_at: Set(None),
    };
    accommodation::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    ch.audit(AuditEntry::new("accommodation.approve", member, json!({"accommodation": id, "exam": exam}))).await?;
    let open = open_ones(ch.tx(), Some(member)).await?;
    for attempt in open.into_iter().filter(|attempt| exam.is_none_or(|exam| exam == attempt.exam)) {
        if exams::by_id(ch.tx(), attempt.exam, attempt.exam_version).await?.spec.sitting.untimed {
            continue;
        }
        let mut attempt = hold_for_staff(ch, attempt.id).await?;
        let course = course(ch.tx(), &attempt).await?;
        // One that ended in the meantime keeps its end.
        let Ok(life) = attempt.life.allow(&course, ch.now, allowance) else { continue };
        if life != attempt.life {
            write(ch, &attempt, &life, &course).await?;
            log::append(ch, attempt.id, log::Kind::Allowed, json!({})).await?;
            let notice =
                Notice { at: millis(ch.now), kind: "allowed".to_owned(), minutes: None, reason: String::new() };
            notify(ch, &mut attempt, notice).await?;
        }
    }
    Ok(id)
}

/// Ends an accommodation for attempts to come; what is under way keeps it. The change is to be privileged.
///
/// # Errors
/// Not found.
pub async fn end_accommodation(ch: &mut Change<'_>, member: MemberId, id: AccommodationId) -> Result<()> {
    let ended = accommodation::Entity::update_many()
        .col_expr(accommodation::Column::EndedAt, Expr::value(millis(ch.now)))
        .filter(accommodation::Column::Id.eq(id.to_string()))
        .filter(accommodation::Column::Member.eq(member.to_string()))
        .filter(accommodation::Column::EndedAt.is_null())
        .exec(ch.tx())
        .await?;
    if ended.rows_affected == 0 {
        return Err(Error::not_found());
    }
    ch.audit(AuditEntry::new("accommodation.end", member, json!({"accommodation": id}))).await
}

/// The accommodations of a member, ended ones included.
pub async fn accommodations_of(db: &impl Read, member: MemberId) -> Result<Vec<Accommodation>> {
    let rows = accommodation::Entity::find()
        .filter(accommodation::Column::Member.eq(member.to_string()))
        .order_by_asc(accommodation::Column::Id)
        .all(db)
        .await?;
    let read = |row: accommodation::Model| {
        let number = |n: i32| u32::try_from(n).map_err(Error::internal);
        Ok(Accommodation {
            id: row.id.parse().map_err(Error::internal)?,
            exam: row.exam.map(|exam| exam.parse().map_err(Error::internal)).transpose()?,
            allowance: Allowance {
                percent: number(row.percent)?,
                minutes: number(row.minutes)?,
                break_minutes: number(row.break_minutes)?,
            },
            reason: row.reason,
            approved_by: row.approved_by,
            approved_at: from_millis(row.approved_at),
            ended_at: row.ended_at.map(from_millis),
        })
    };
    rows.into_iter().map(read).collect()
}

/// What a member is allowed at an exam now: of several, the best in each respect.
pub async fn allowance_of(db: &impl Read, member: MemberId, exam: ExamId) -> Result<Allowance> {
    let all = accommodations_of(db, member).await?;
    let in_force = all.iter().filter(|each| each.ended_at.is_none() && each.exam.is_none_or(|at| at == exam));
    Ok(in_force.fold(Allowance::default(), |sum, each| sum.joined(each.allowance)))
}

/// Empties the reasons of a member's accommodations and ends those in force; answers how many. The change is to be privileged.
pub async fn erase_reasons(ch: &Change<'_>, member: MemberId) -> Result<u64> {
    let own = || accommodation::Entity::update_many().filter(accommodation::Column::Member.eq(member.to_string()));
    own()
        .col_expr(accommodation::Column::EndedAt, Expr::value(millis(ch.now)))
        .filter(accommodation::Column::EndedAt.is_null())
        .exec(ch.tx())
        .await?;
    let emptied = own()
        .col_expr(accommodation::Column::Reason, Expr::value(""))
        .filter(accommodation::Column::Reason.ne(""))
        .exec(ch.tx())
        .await?;
    Ok(emptied.rows_affected)
}
