//! The verbs: credit what was received, take a contribution back; what a receipt says. How events are received is in `intake`, what waits in `settling`.

use sea_orm::entity::prelude::*;
use serde::Serialize;
use waymark_criteria::{AcceptedBy, Amount, Detail};

use super::adapter::Native;
use super::entity::contribution;
use super::envelope::{Envelope, NotAnEvent};
use super::find::{self, Contribution};
use super::lifecycle::{Refusal, State};
use super::own;
use super::source::source;
use super::strangers;
use super::subject::{Named, Subject};
use crate::clock::{from_millis, millis};
use crate::database::Change;
use crate::error::{Error, Result};
use crate::facts::{self, NewFact};
use crate::ids::{ContributionId, MemberId};
use crate::members;

/// The turn that receiving and settling take, so that an event never misses the handle that is linked at the same moment.
pub(super) const TURN: &str = "contributions";

/// For whom the sender may speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speaker {
    /// Staff: any configured source.
    Any,
    /// A key of role source: its own source, or none.
    Only(Option<String>),
    /// What a system delivered in its own language and an adapter read.
    Adapter(Native),
    /// Waymark itself, for what a person here looked at.
    Waymark,
    /// Waymark itself, for what members bring by themselves: the code of a gathering, a word of thanks.
    Members,
}

impl Speaker {
    pub(super) fn speaks_for(&self, source: &str) -> bool {
        match self {
            Self::Any | Self::Adapter(_) => !own::is_reserved(source),
            Self::Only(only) => only.as_deref() == Some(source) && !own::is_reserved(source),
            Self::Waymark | Self::Members => true,
        }
    }

    /// Whether the texts of its events are the words of whom they credit, so that a code among them proves whose a handle is. What is written here is
    /// anybody's: who fills in a table writes its titles. An adapter's titles are the author's, and so are few of those whom it credits.
    pub(super) fn speaks_in_their_words(&self) -> bool {
        match self {
            Self::Any | Self::Only(_) => true,
            Self::Adapter(native) => native.is_titled_by_whom_it_credits(),
            Self::Waymark | Self::Members => false,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Accepted,
    Duplicate,
    Held,
    Rejected,
}

/// What became of one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// The event's own id, as far as it could be read.
    pub id: Option<String>,
    pub outcome: Outcome,
    /// `ctr_…`, where the event is kept as a contribution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contribution: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What became of the contributions of co-authors, in the order in which the event names them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub co_authors: Vec<Receipt>,
}

impl Receipt {
    pub(super) fn of(event: &Envelope, outcome: Outcome) -> Self {
        Self { id: Some(event.id.clone()), outcome, contribution: None, reason: None, detail: None, co_authors: vec![] }
    }

    pub(super) fn kept(mut self, as_id: &str) -> Self {
        self.contribution = as_id.starts_with("ctr_").then(|| as_id.to_owned());
        self
    }

    pub(super) fn because(mut self, reason: &'static str, detail: impl Into<String>) -> Self {
        self.reason = Some(reason);
        self.detail = Some(detail.into());
        self
    }

    pub(super) fn refused(event: &Envelope, refusal: &Refusal) -> Self {
        Self::of(event, Outcome::Rejected).because(refusal.as_str(), refusal.detail())
    }

    pub(super) fn unreadable(what: NotAnEvent) -> Self {
        let outcome = Outcome::Rejected;
        Self { id: what.id, outcome, contribution: None, reason: None, detail: None, co_authors: vec![] }
            .because(what.what.as_str(), what.what.detail())
    }
}

/// The fact of a contribution that is credited to the member. What they did to their own object, or accepted themselves, has nobody else as giver.
pub(super) fn fact_of(
    ch: &Change<'_>,
    row: &contribution::Model,
    member: MemberId,
    giver: Option<MemberId>,
) -> Result<NewFact> {
    let stranger = row.giver.as_deref().filter(|_| giver.is_none()).map(|giver| strangers::named(ch, giver));
    Ok(NewFact {
        member,
        happened_at: from_millis(row.happened_at),
        object: Some(row.object.clone().try_into().map_err(Error::internal)?),
        giver,
        amount: Amount::whole(i64::from(row.weight)),
        detail: Detail::Contribution {
            r#type: row.r#type.clone(),
            source: Some(row.source.clone()),
            own: row.own || giver == Some(member),
            accepted_by: accepted_here(row)
                .or(giver.map(AcceptedBy::Member))
                .filter(|by| *by != AcceptedBy::Member(member)),
            stranger: stranger.transpose()?,
        },
        origin: format!("contribution:{}", row.id),
    })
}

/// Who accepted what was brought here, as Waymark itself wrote it down. What others send says nothing of that.
fn accepted_here(row: &contribution::Model) -> Option<AcceptedBy> {
    let data: serde_json::Value = serde_json::from_str(&row.data).ok().filter(|_| own::is_reserved(&row.source))?;
    serde_json::from_value(data.get("accepted_by")?.clone()).ok()
}

/// Credits a held contribution to the member: records its fact and keeps where the member stood at the time.
pub(super) async fn credit(ch: &mut Change<'_>, row: contribution::Model, member: MemberId) -> Result<()> {
    let happened_at = from_millis(row.happened_at);
    let affiliation = members::affiliation_at(ch.tx(), member, happened_at).await?;
    let giver = giver(ch, &row).await?;
    let own = row.own || giver == Some(member);
    let fact = facts::record(ch, fact_of(ch, &row, member, giver)?).await?;
    contribution::Entity::update_many()
        .col_expr(contribution::Column::State, Expr::value(State::Accepted.as_str()))
        .col_expr(contribution::Column::HeldBecause, Expr::value(Option::<String>::None))
        .col_expr(contribution::Column::Own, Expr::value(own))
        .col_expr(contribution::Column::Member, Expr::value(member.to_string()))
        .col_expr(
            contribution::Column::Affiliation,
            Expr::value(affiliation.map(|tie| serde_json::to_string(&tie)).transpose()?),
        )
        .col_expr(contribution::Column::Fact, Expr::value(fact.to_string()))
        .col_expr(contribution::Column::AcceptedAt, Expr::value(millis(ch.now)))
        .filter(contribution::Column::Id.eq(&row.id))
        .filter(contribution::Column::State.eq(State::Held.as_str()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// The member who accepted it or gave thanks, where we know them. Nothing waits for a giver.
async fn giver(ch: &Change<'_>, row: &contribution::Model) -> Result<Option<MemberId>> {
    let Some(Ok(subject)) = row.giver.as_deref().map(Subject::read) else { return Ok(None) };
    let Some(source) = source(ch.tx(), &row.source).await? else { return Ok(None) };
    Ok(match subject.named(ch.tx(), &source).await? {
        Named::Member(giver) => Some(giver),
        Named::Nobody(_) | Named::Never(_) => None,
    })
}

/// Takes a contribution back with its fact; one that was held is never credited. What was taken back stays so: a second void answers the first.
/// The caller writes the audit row.
pub async fn void(ch: &mut Change<'_>, id: ContributionId, reason: &str) -> Result<Contribution> {
    ch.take_turn(TURN).await?;
    let known = find::find(ch.tx(), id).await?;
    if known.state == State::Voided {
        return Ok(known);
    }
    if let Some(fact) = known.fact {
        facts::void(ch, fact, reason).await?;
    }
    contribution::Entity::update_many()
        .col_expr(contribution::Column::State, Expr::value(State::Voided.as_str()))
        .col_expr(contribution::Column::VoidedAt, Expr::value(millis(ch.now)))
        .col_expr(contribution::Column::VoidReason, Expr::value(reason))
        .filter(contribution::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    find::find(ch.tx(), id).await
}
