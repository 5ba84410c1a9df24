//! The organizer's word about who was there without the code.

use sea_orm::entity::prelude::*;
use serde_json::json;

use super::entity::attendance;
use super::service::{Attendance, AttendanceState, attendance_of, count, find};
use crate::access;
use crate::access::Principal;
use crate::app::App;
use crate::clock::millis;
use crate::contributions::said;
use crate::database::{AuditEntry, Change, Kind};
use crate::domain_event::DomainEvent;
use crate::error::{Code, Error, Result};
use crate::ids::AttendanceId;

/// What the organizer says.
pub enum Word<'a> {
    WasThere,
    /// With the reason, which the member reads.
    WasNot(&'a str),
}

/// Confirms or refuses a late claim, audited. Nobody speaks about themselves; to whoever does not hold the gathering there is nothing to decide.
pub async fn decide(app: &App, who: &Principal, id: AttendanceId, word: Word<'_>) -> Result<Attendance> {
    let mut ch = app.db.change(who.actor(), Kind::Privileged).await?;
    let known = attendance_of(ch.tx(), id).await?;
    let gathering = find(ch.tx(), known.gathering).await?;
    if !gathering.is_held_by(who) {
        return Err(Error::not_found());
    }
    said::refuse_own(access::behind(ch.tx(), ch.actor).await?, known.member)?;
    if known.state != AttendanceState::Waiting {
        return Err(Error::new(Code::GivingStateConflict).member("state", known.state.as_str()));
    }
    let (action, decided) = match word {
        Word::WasThere => {
            let by = Some(ch.actor);
            ("attendance.confirm", count(&mut ch, &gathering, &known, true, by).await?)
        }
        Word::WasNot(reason) => ("attendance.refuse", refuse(&mut ch, &known, reason).await?),
    };
    let said = json!({"gathering": gathering.id, "member": known.member, "reason": decided.reason});
    ch.audit(AuditEntry::new(action, id, said)).await?;
    ch.commit().await?;
    Ok(decided)
}

async fn refuse(ch: &mut Change<'_>, known: &Attendance, reason: &str) -> Result<Attendance> {
    let reason = said::reason(reason)?;
    attendance::Entity::update_many()
        .col_expr(attendance::Column::State, Expr::value(AttendanceState::Refused.as_str()))
        .col_expr(attendance::Column::Reason, Expr::value(reason))
        .col_expr(attendance::Column::DecidedAt, Expr::value(millis(ch.now)))
        .col_expr(attendance::Column::DecidedBy, Expr::value(ch.actor.to_string()))
        .filter(attendance::Column::Id.eq(known.id.to_string()))
        .filter(attendance::Column::State.eq(AttendanceState::Waiting.as_str()))
        .exec(ch.tx())
        .await?;
    ch.tell(&DomainEvent::ContributionRefused { about: known.id.to_string(), member: known.member }).await?;
    attendance_of(ch.tx(), known.id).await
}
