//! Giving, taking back, showing; and what staff may do. What is given goes down the one path of contributions in the same change.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use serde_json::json;

use super::calendar::week;
use super::entity::thanks;
use super::find;
use super::lifecycle::{Limit, State, WITHDRAW_WITHIN, judge};
use super::said::{Said, staff_reason};
use crate::access;
use crate::actor::Actor;
use crate::clock::{Timestamp, millis, rfc3339};
use crate::contributions::{self, Envelope, FROM_THANKS, Outcome, Speaker, THANKED};
use crate::database::{Change, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{ContributionId, MemberId, ThanksId};
use crate::issuer::{self, ThanksRules};
use crate::members;
use crate::web::i18n::Words;

/// The turn of whoever gives: what was counted before stays true until it is written.
const TURN: &str = "thanks";

/// What somebody says to a member.
#[derive(Debug, Clone)]
pub struct NewThanks {
    pub to: MemberId,
    /// How the giver named them.
    pub called: String,
    pub reason: String,
    pub url: Option<String>,
    /// Whether the giver's name may stand where others read it.
    pub named: bool,
}

/// A word of thanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thanks {
    pub id: ThanksId,
    /// None: the program thanks.
    pub giver: Option<MemberId>,
    pub by: String,
    pub receiver: MemberId,
    pub called: String,
    pub reason: String,
    pub url: Option<String>,
    pub named: bool,
    pub state: State,
    pub shown: bool,
    /// Why staff keep it back.
    pub withheld: Option<String>,
    pub contribution: ContributionId,
    pub given_at: Timestamp,
    pub end_reason: Option<String>,
}

impl Thanks {
    /// Whether its giver can still take it back.
    pub fn can_be_withdrawn(&self, now: Timestamp) -> bool {
        self.state == State::Standing && self.giver.is_some() && now - self.given_at <= WITHDRAW_WITHIN
    }

    /// Whether others may read it, as far as its receiver and staff have a say.
    pub fn is_open(&self) -> bool {
        self.state == State::Standing && self.shown && self.withheld.is_none()
    }
}

/// The limits of this program.
pub async fn rules(db: &impl Read) -> Result<ThanksRules> {
    Ok(issuer::default_issuer(db).await?.map(|issuer| issuer.profile.thanks).unwrap_or_default())
}

/// One member thanks another.
///
/// # Errors
/// It is written wrongly, is for the giver themselves, or one of the program's limits is reached.
pub async fn give(ch: &mut Change<'_>, giver: MemberId, new: NewThanks) -> Result<Thanks> {
    let said = Said::read(&new.reason, new.url.as_deref())?;
    let giver = members::resolve(ch.tx(), giver).await?;
    let to = members::find(ch.tx(), new.to).await?.id;
    if giver == to {
        let detail = "thanks are for somebody else";
        return Err(Error::invalid(vec![Fault::new("/to", "own_thanks", detail)]));
    }
    ch.take_turn(TURN).await?;
    let (rules, zone) = (rules(ch.tx()).await?, issuer::zone(ch.tx()).await?);
    let week = week(&zone, ch.now)?;
    let before = find::before(ch.tx(), giver, to, week).await?;
    judge(&rules, &before.counted, ch.now, week.next()).map_err(limited)?;
    let place = (0..rules.per_week).map(|n| slot(giver, week.first, n)).find(|slot| !before.slots.contains(slot));
    let place = place.ok_or_else(|| limited(Limit::Week(week.next())))?;
    write(ch, (Some(giver), to), NewThanks { to, ..new }, said, Some(place)).await
}

fn slot(giver: MemberId, week: Timestamp, place: u32) -> String {
    format!("{giver} {} {place}", millis(week))
}

/// The program thanks a member: no limit counts it. The caller writes the audit row. Nobody thanks themselves in the program's name.
///
/// # Errors
/// It is written wrongly, or is for whoever writes it.
pub async fn give_for_program(ch: &mut Change<'_>, new: NewThanks) -> Result<Thanks> {
    let said = Said::read(&new.reason, new.url.as_deref())?;
    let to = members::find(ch.tx(), new.to).await?.id;
    refuse_own(access::behind(ch.tx(), ch.actor).await?, &[Some(to)])?;
    write(ch, (None, to), NewThanks { to, named: true, ..new }, said, None).await
}

async fn write(
    ch: &mut Change<'_>,
    (giver, to): (Option<MemberId>, MemberId),
    new: NewThanks,
    said: Said,
    slot: Option<String>,
) -> Result<Thanks> {
    let id: ThanksId = ch.id();
    // However often the program thanks somebody, `distinct: object` counts it once. What a member says, no person here looked at.
    let (data, speaker) = match giver {
        Some(giver) => (json!({"object": id.to_string(), "giver": giver.to_string()}), Speaker::Members),
        None => (json!({"object": "the program", "accepted_by": "staff"}), Speaker::Waymark),
    };
    let event = Envelope {
        id: id.to_string(),
        source: FROM_THANKS.to_owned(),
        kind: THANKED.to_owned(),
        subject: Some(to.to_string()),
        time: Some(ch.now),
        data,
    };
    let receipt = contributions::receive(ch, &speaker, &event).await?;
    let (Outcome::Accepted | Outcome::Held, Some(contribution)) = (receipt.outcome, receipt.contribution) else {
        return Err(Error::internal(format!("the thanks {id} were not taken: {:?}", receipt.reason)));
    };
    let row = thanks::ActiveModel {
        id: Set(id.to_string()),
        giver: Set(giver.map(|giver| giver.to_string())),
        by: Set(ch.actor.to_string()),
        receiver: Set(to.to_string()),
        called: Set(new.called),
        reason: Set(said.reason),
        url: Set(said.url),
        named: Set(new.named),
        state: Set(State::Standing.as_str().to_owned()),
        shown: Set(false),
        withheld: Set(None),
        contribution: Set(contribution),
        given_at: Set(millis(ch.now)),
        ended_at: Set(None),
        ended_by: Set(None),
        end_reason: Set(None),
        slot: Set(slot),
    };
    thanks::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    ch.tell(&DomainEvent::ThanksGiven { thanks: id, member: to }).await?;
    find(ch.tx(), id).await
}

/// The giver takes it back, within an hour: it counts nowhere, and its place of the week is free again.
pub async fn withdraw(ch: &mut Change<'_>, giver: MemberId, id: ThanksId) -> Result<Thanks> {
    let known = find(ch.tx(), id).await?;
    if known.giver != Some(members::resolve(ch.tx(), giver).await?) {
        return Err(Error::not_found());
    }
    if !known.can_be_withdrawn(ch.now) {
        return Err(settled(known.state));
    }
    let reason = Words::new(issuer::language(ch.tx()).await?).t("thanks-withdrawn-reason");
    end(ch, &known, State::Withdrawn, reason).await
}

/// Staff take it out: it counts nowhere, and nobody reads it any more. Nobody does so with what they gave or received. The caller writes the audit row.
pub async fn void(ch: &mut Change<'_>, id: ThanksId, reason: &str) -> Result<Thanks> {
    let known = find(ch.tx(), id).await?;
    refuse_own(access::behind(ch.tx(), ch.actor).await?, &[known.giver, Some(known.receiver)])?;
    let reason = staff_reason(reason)?;
    if known.state != State::Standing {
        return Err(settled(known.state));
    }
    end(ch, &known, State::Voided, reason).await
}

async fn end(ch: &mut Change<'_>, known: &Thanks, to: State, reason: String) -> Result<Thanks> {
    if !close(ch, thanks::Column::Id.eq(known.id.to_string()), to, &reason).await? {
        return Err(settled(find(ch.tx(), known.id).await?.state));
    }
    contributions::void(ch, known.contribution, &reason).await?;
    find(ch.tx(), known.id).await
}

/// The word follows its contribution, which was taken back by itself: its place of the week stays taken, as where staff take the word out.
pub(super) async fn follow(ch: &Change<'_>, contribution: ContributionId, reason: &str) -> Result<()> {
    close(ch, thanks::Column::Contribution.eq(contribution.to_string()), State::Voided, reason).await.map(|_| ())
}

/// Ends what stands; answers whether it stood.
async fn close(ch: &Change<'_>, of: Expr, to: State, reason: &str) -> Result<bool> {
    let mut update = thanks::Entity::update_many()
        .col_expr(thanks::Column::State, Expr::value(to.as_str()))
        .col_expr(thanks::Column::Shown, Expr::value(false))
        .col_expr(thanks::Column::EndedAt, Expr::value(millis(ch.now)))
        .col_expr(thanks::Column::EndedBy, Expr::value(ch.actor.to_string()))
        .col_expr(thanks::Column::EndReason, Expr::value(reason));
    if to == State::Withdrawn {
        update = update.col_expr(thanks::Column::Slot, Expr::value(Option::<String>::None));
    }
    let changed = update.filter(of).filter(thanks::Column::State.eq(State::Standing.as_str())).exec(ch.tx()).await?;
    Ok(changed.rows_affected == 1)
}

/// The receiver lets others read it.
pub async fn show(ch: &mut Change<'_>, receiver: MemberId, id: ThanksId) -> Result<Thanks> {
    let known = received(ch, receiver, id).await?;
    if known.state != State::Standing || known.withheld.is_some() {
        return Err(settled(known.state));
    }
    set_shown(ch, id, true).await
}

/// The receiver keeps it to themselves.
pub async fn hide(ch: &mut Change<'_>, receiver: MemberId, id: ThanksId) -> Result<Thanks> {
    received(ch, receiver, id).await?;
    set_shown(ch, id, false).await
}

/// The thanks of this id that the member received; to others there are none.
async fn received(ch: &Change<'_>, receiver: MemberId, id: ThanksId) -> Result<Thanks> {
    let known = find(ch.tx(), id).await?;
    let receiver = members::resolve(ch.tx(), receiver).await?;
    if known.receiver == receiver { Ok(known) } else { Err(Error::not_found()) }
}

async fn set_shown(ch: &Change<'_>, id: ThanksId, shown: bool) -> Result<Thanks> {
    let mut update = thanks::Entity::update_many()
        .col_expr(thanks::Column::Shown, Expr::value(shown))
        .filter(thanks::Column::Id.eq(id.to_string()));
    if shown {
        // Staff may have stepped in since it was read.
        update = update
            .filter(thanks::Column::State.eq(State::Standing.as_str()))
            .filter(thanks::Column::Withheld.is_null());
    }
    let changed = update.exec(ch.tx()).await?;
    let stands = find(ch.tx(), id).await?;
    if changed.rows_affected == 1 { Ok(stands) } else { Err(settled(stands.state)) }
}

/// Staff keep it back: it goes on counting, and nobody but staff and its giver reads it. The caller writes the audit row.
pub async fn withhold(ch: &mut Change<'_>, id: ThanksId, reason: &str) -> Result<Thanks> {
    let known = find(ch.tx(), id).await?;
    refuse_own(access::behind(ch.tx(), ch.actor).await?, &[known.giver, Some(known.receiver)])?;
    let reason = staff_reason(reason)?;
    if known.state != State::Standing || known.withheld.is_some() {
        return Err(settled(known.state));
    }
    set_withheld(ch, id, Some(reason)).await
}

/// Staff give back what they kept: its receiver reads it again, and decides anew who else does. The caller writes the audit row.
pub async fn give_back(ch: &mut Change<'_>, id: ThanksId) -> Result<Thanks> {
    let known = find(ch.tx(), id).await?;
    refuse_own(access::behind(ch.tx(), ch.actor).await?, &[known.giver, Some(known.receiver)])?;
    if known.state != State::Standing || known.withheld.is_none() {
        return Err(settled(known.state));
    }
    set_withheld(ch, id, None).await
}

async fn set_withheld(ch: &Change<'_>, id: ThanksId, reason: Option<String>) -> Result<Thanks> {
    thanks::Entity::update_many()
        .col_expr(thanks::Column::Withheld, Expr::value(reason))
        .col_expr(thanks::Column::Shown, Expr::value(false))
        .filter(thanks::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    find(ch.tx(), id).await
}

fn refuse_own(actor: Actor, concerned: &[Option<MemberId>]) -> Result<()> {
    let own = |member: &MemberId| actor == Actor::Member(*member);
    if concerned.iter().flatten().any(own) { Err(Error::new(Code::OwnContribution)) } else { Ok(()) }
}

fn settled(state: State) -> Error {
    Error::new(Code::ThanksSettled).member("state", state.as_str())
}

fn limited(limit: Limit) -> Error {
    let error = Error::new(Code::ThanksLimit).member("reason", limit.as_str());
    match limit.until() {
        Some(at) => error.member("not_before", rfc3339(at)),
        None => error,
    }
}
