//! The verbs: receive an event, credit it, take a contribution back.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use serde::Serialize;
use time::Duration;
use waymark_criteria::{Amount, Detail};

use super::entity::{activity, contribution, received};
use super::envelope::{Envelope, NotAnEvent};
use super::find::{self, Contribution};
use super::handles;
use super::lifecycle::{HeldBecause, Refusal, State, is_activity};
use super::own;
use super::quarantine;
use super::source::{SourceDefinition, SubjectForm, source};
use super::subject::{Named, Subject};
use super::work::Work;
use crate::actor::Actor;
use crate::clock::{from_millis, millis};
use crate::database::{Change, Database, Kind};
use crate::error::{Error, Result};
use crate::facts::{self, NewFact};
use crate::ids::{ActivityId, ContributionId, MemberId};
use crate::members;

/// How far the clocks of sources may run ahead.
const CLOCK_SKEW: Duration = Duration::minutes(5);
/// Events that share one commit: few enough that nobody waits long for their turn to write.
const TOGETHER: usize = 50;
/// The turn that receiving and settling take, so that an event never misses the handle that is linked at the same moment.
pub(super) const TURN: &str = "contributions";

/// For whom the sender may speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speaker {
    /// Staff: any configured source.
    Any,
    /// A key of role source: its own source, or none.
    Only(Option<String>),
    /// Waymark itself, for what a person here brought or looked at.
    Waymark,
}

impl Speaker {
    fn speaks_for(&self, source: &str) -> bool {
        match self {
            Self::Any => !own::is_reserved(source),
            Self::Only(only) => only.as_deref() == Some(source) && !own::is_reserved(source),
            Self::Waymark => true,
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
}

impl Receipt {
    fn of(event: &Envelope, outcome: Outcome) -> Self {
        Self { id: Some(event.id.clone()), outcome, contribution: None, reason: None, detail: None }
    }

    fn kept(mut self, as_id: &str) -> Self {
        self.contribution = as_id.starts_with("ctr_").then(|| as_id.to_owned());
        self
    }

    fn because(mut self, reason: &'static str, detail: impl Into<String>) -> Self {
        self.reason = Some(reason);
        self.detail = Some(detail.into());
        self
    }

    fn refused(event: &Envelope, refusal: &Refusal) -> Self {
        Self::of(event, Outcome::Rejected).because(refusal.as_str(), refusal.detail())
    }

    fn unreadable(what: NotAnEvent) -> Self {
        let outcome = Outcome::Rejected;
        Self { id: what.id, outcome, contribution: None, reason: None, detail: None }
            .because(what.what.as_str(), what.what.detail())
    }
}

/// Receives events in their order, some at a time; answers one receipt for each. Whoever repeats a call that broke off gets duplicates for
/// what was taken before.
pub async fn receive_all(
    db: &Database,
    actor: Actor,
    speaker: &Speaker,
    events: Vec<std::result::Result<Envelope, NotAnEvent>>,
) -> Result<Vec<Receipt>> {
    let mut receipts = Vec::with_capacity(events.len());
    let mut waiting = events.into_iter().peekable();
    while waiting.peek().is_some() {
        let mut ch = db.change(actor, Kind::Ordinary).await?;
        for event in waiting.by_ref().take(TOGETHER) {
            receipts.push(match event {
                Ok(event) => receive(&mut ch, speaker, &event).await?,
                Err(what) => Receipt::unreadable(what),
            });
        }
        ch.commit().await?;
    }
    Ok(receipts)
}

/// Receives one event. A contribution whose member is known is credited in this change; one whose member is not is held.
pub async fn receive(ch: &mut Change<'_>, speaker: &Speaker, event: &Envelope) -> Result<Receipt> {
    ch.take_turn(TURN).await?;
    if !speaker.speaks_for(&event.source) {
        return Ok(Receipt::refused(event, &Refusal::NotYourSource));
    }
    let Some(source) = source(ch.tx(), &event.source).await? else {
        return Ok(Receipt::refused(event, &Refusal::UnknownSource));
    };
    let content_hash = event.content_hash();
    if let Some(first) = received::Entity::find_by_id((event.source.clone(), event.id.clone())).one(ch.tx()).await? {
        let receipt = Receipt::of(event, Outcome::Duplicate).kept(&first.became);
        return Ok(match first.content_hash == content_hash {
            true => receipt,
            false => {
                receipt.because("other_content", "an event with this id says something else; the first one stands")
            }
        });
    }
    let (subject, named, work) = match check(ch, &source, event).await? {
        Ok(checked) => checked,
        Err(refusal) => return Ok(Receipt::refused(event, &refusal)),
    };
    let (member, held) = match named {
        Some(Named::Member(member)) => {
            let looked_at = *speaker == Speaker::Waymark || is_activity(&event.kind);
            let at = event.time.unwrap_or(ch.now);
            let why = if looked_at { None } else { quarantine::why(ch, &source, member, at).await? };
            (Some(member), why)
        }
        Some(Named::Nobody(why)) => (None, Some(why)),
        Some(Named::Never(_)) | None => (None, None),
    };
    let became = if is_activity(&event.kind) {
        keep_activity(ch, event, subject, member, &work).await?
    } else {
        let subject = subject.ok_or_else(|| Error::internal("a contribution was let through without a subject"))?;
        let row = keep_contribution(ch, event, subject, held, work).await?;
        let id = row.id.clone();
        match (member, held) {
            (Some(member), None) => credit(ch, row, member).await?,
            (Some(member), Some(why)) => quarantine::hold(ch, &row.id, member, why).await?,
            (None, _) => {}
        }
        id
    };
    let row = received::ActiveModel {
        source: Set(event.source.clone()),
        event: Set(event.id.clone()),
        content_hash: Set(content_hash),
        became: Set(became.clone()),
        received_at: Set(millis(ch.now)),
    };
    received::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(match held {
        None => Receipt::of(event, Outcome::Accepted).kept(&became),
        Some(why) => Receipt::of(event, Outcome::Held).kept(&became).because(why.as_str(), why.detail()),
    })
}

type Checked = (Option<Subject>, Option<Named>, Work);

/// Everything that refuses an event from a source that may send it.
async fn check(
    ch: &mut Change<'_>,
    source: &SourceDefinition,
    event: &Envelope,
) -> Result<std::result::Result<Checked, Refusal>> {
    if !source.types.contains(&event.kind) {
        return Ok(Err(Refusal::TypeNotListed));
    }
    if event.time.is_some_and(|time| time > ch.now + CLOCK_SKEW) {
        return Ok(Err(Refusal::TimeAhead));
    }
    let work = match Work::of(event) {
        Ok(work) => work,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(text) = &event.subject else {
        return Ok(if is_activity(&event.kind) { Ok((None, None, work)) } else { Err(Refusal::MissingSubject) });
    };
    let subject = match Subject::read(text) {
        Ok(subject) => subject,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if subject.form == SubjectForm::Handle {
        handles::hear(ch, event, subject.name()).await?;
    }
    Ok(match subject.named(ch.tx(), source).await? {
        Named::Never(refusal) => Err(refusal),
        named => Ok((Some(subject), Some(named), work)),
    })
}

async fn keep_activity(
    ch: &Change<'_>,
    event: &Envelope,
    subject: Option<Subject>,
    member: Option<MemberId>,
    work: &Work,
) -> Result<String> {
    let id = ch.id::<ActivityId>().to_string();
    let row = activity::ActiveModel {
        id: Set(id.clone()),
        source: Set(event.source.clone()),
        event: Set(event.id.clone()),
        r#type: Set(event.kind.clone()),
        subject: Set(subject.map(|s| s.text)),
        member: Set(member.map(|m| m.to_string())),
        object: Set(work.object.as_str().to_owned()),
        titles: Set(serde_json::to_string(&work.titles)?),
        data: Set(event.data.to_string()),
        happened_at: Set(millis(event.time.unwrap_or(ch.now))),
        received_at: Set(millis(ch.now)),
    };
    activity::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(id)
}

/// Keeps the contribution as held; [`credit`] accepts it.
async fn keep_contribution(
    ch: &Change<'_>,
    event: &Envelope,
    subject: Subject,
    held: Option<HeldBecause>,
    work: Work,
) -> Result<contribution::Model> {
    let row = contribution::Model {
        id: ch.id::<ContributionId>().to_string(),
        source: event.source.clone(),
        event: event.id.clone(),
        r#type: event.kind.clone(),
        subject: subject.text,
        state: State::Held.as_str().to_owned(),
        held_because: held.map(|why| why.as_str().to_owned()),
        member: None,
        giver: work.giver,
        object: work.object.as_str().to_owned(),
        url: work.url,
        titles: serde_json::to_string(&work.titles)?,
        data: event.data.to_string(),
        affiliation: None,
        fact: None,
        happened_at: millis(event.time.unwrap_or(ch.now)),
        received_at: millis(ch.now),
        accepted_at: None,
        voided_at: None,
        void_reason: None,
    };
    contribution::Entity::insert(contribution::ActiveModel::from(row.clone())).exec_without_returning(ch.tx()).await?;
    Ok(row)
}

/// Credits a held contribution to the member: records its fact and keeps where the member stood at the time.
pub(super) async fn credit(ch: &mut Change<'_>, row: contribution::Model, member: MemberId) -> Result<()> {
    let happened_at = from_millis(row.happened_at);
    let affiliation = members::affiliation_at(ch.tx(), member, happened_at).await?;
    let giver = giver(ch, &row).await?;
    let fact = NewFact {
        member,
        happened_at,
        object: Some(row.object.clone().try_into().map_err(Error::internal)?),
        giver,
        amount: Amount::ONE,
        detail: Detail::Contribution { r#type: row.r#type, source: Some(row.source) },
        origin: format!("contribution:{}", row.id),
    };
    let fact = facts::record(ch, fact).await?;
    contribution::Entity::update_many()
        .col_expr(contribution::Column::State, Expr::value(State::Accepted.as_str()))
        .col_expr(contribution::Column::HeldBecause, Expr::value(Option::<String>::None))
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
