//! Crediting what waited, once its member is known under a further name.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};

use super::entity::{activity, contribution};
use super::handles;
use super::lifecycle::{HeldBecause, State};
use super::quarantine;
use super::service::{TURN, credit};
use super::source::source;
use super::subject::{Named, Subject, subjects_of};
use crate::access;
use crate::actor::Actor;
use crate::clock::from_millis;
use crate::database::Change;
use crate::error::Result;
use crate::ids::MemberId;
use crate::members;

/// Looks at up to `limit` held contributions after `after` that may be the member's, credits those that are, and finds the member of activities.
/// Answers where to go on, where there may be more. What waits for a person goes on waiting.
pub(super) async fn settle(
    ch: &mut Change<'_>,
    member: MemberId,
    after: Option<String>,
    limit: u64,
) -> Result<Option<String>> {
    ch.take_turn(TURN).await?;
    let member = members::resolve(ch.tx(), member).await?;
    let mut subjects = subjects_of(ch.tx(), member).await?;
    activity::Entity::update_many()
        .col_expr(activity::Column::Member, Expr::value(member.to_string()))
        .filter(activity::Column::Member.is_null())
        .filter(activity::Column::Subject.is_in(subjects.clone()))
        .exec(ch.tx())
        .await?;
    // A handle may be one member's at one source and another's elsewhere.
    for (source, handle) in handles::held_by(ch.tx(), member).await? {
        let subject = format!("handle:{handle}");
        activity::Entity::update_many()
            .col_expr(activity::Column::Member, Expr::value(member.to_string()))
            .filter(activity::Column::Member.is_null())
            .filter(activity::Column::Source.eq(source))
            .filter(activity::Column::Subject.eq(&subject))
            .exec(ch.tx())
            .await?;
        subjects.push(subject);
    }
    let waits = HeldBecause::ALL.into_iter().filter(|why| why.waits_for_a_person()).map(HeldBecause::as_str);
    let held = contribution::Entity::find()
        .filter(contribution::Column::State.eq(State::Held.as_str()))
        .filter(contribution::Column::Subject.is_in(subjects))
        .filter(
            Condition::any()
                .add(contribution::Column::HeldBecause.is_null())
                .add(contribution::Column::HeldBecause.is_not_in(waits)),
        )
        .filter(contribution::Column::Id.gt(after.unwrap_or_default()))
        .order_by_asc(contribution::Column::Id)
        .limit(limit)
        .all(ch.tx())
        .await?;
    let full = u64::try_from(held.len()).is_ok_and(|n| n == limit);
    let next = held.last().map(|row| row.id.clone()).filter(|_| full);
    for row in held {
        let Some(source) = source(ch.tx(), &row.source).await? else { continue };
        let Ok(subject) = Subject::read(&row.subject) else { continue };
        if let Named::Member(member) = subject.named(ch.tx(), &source).await? {
            let why = match brought_themselves(ch, &row, member).await? {
                true => Some(HeldBecause::OwnHand),
                false => quarantine::why(ch, &source, member, from_millis(row.happened_at)).await?,
            };
            match why {
                None => credit(ch, row, member).await?,
                Some(why) => quarantine::hold(ch, &row.id, member, why).await?,
            }
        }
    }
    Ok(next)
}

/// Whether the member handed it in as staff, in person or by a key that they made, before the name in it was theirs. Had it been, they would have been refused.
async fn brought_themselves(ch: &Change<'_>, row: &contribution::Model, member: MemberId) -> Result<bool> {
    let Some(by) = row.brought_by.as_deref().and_then(Actor::parse) else { return Ok(false) };
    match access::behind(ch.tx(), by).await? {
        Actor::Member(person) => Ok(members::resolve(ch.tx(), person).await? == member),
        _ => Ok(false),
    }
}
