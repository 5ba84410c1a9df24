//! What is kept of a batch of events: rows made while each is judged, written with a statement for each kind.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;

use crate::actor::Actor;
use crate::clock::{from_millis, millis};
use crate::contributions::entity::{activity, contribution, received};
use crate::contributions::envelope::Envelope;
use crate::contributions::lifecycle::{HeldBecause, State};
use crate::contributions::service::fact_of;
use crate::contributions::source::SourceDefinition;
use crate::contributions::subject::Subject;
use crate::contributions::work::Work;
use crate::database::Change;
use crate::domain_event::DomainEvent;
use crate::error::{Error, Result};
use crate::facts;
use crate::ids::{ActivityId, ContributionId, MemberId};
use crate::members::Ties;

pub(super) fn contribution_row(
    ch: &Change<'_>,
    source: &SourceDefinition,
    event: &Envelope,
    subject: Subject,
    held: Option<HeldBecause>,
    (work, brought_by): (Work, Option<Actor>),
) -> Result<contribution::Model> {
    Ok(contribution::Model {
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
        about: work.about.map(|about| about.as_str().to_owned()),
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
        own: work.own,
        weight: i32::try_from(source.weight(&event.kind)).map_err(Error::internal)?,
        brought_by: brought_by.map(|actor| actor.to_string()),
    })
}

/// What is to be written of a batch.
#[derive(Default)]
pub(super) struct Kept {
    pub contributions: Vec<contribution::Model>,
    /// Those that are credited in this change, in the order of their facts.
    credited: Vec<contribution::Model>,
    facts: Vec<facts::NewFact>,
    /// Those that are a member's and wait for a person.
    waiting: Vec<DomainEvent>,
    activities: Vec<activity::ActiveModel>,
    pub received: Vec<received::ActiveModel>,
}

impl Kept {
    pub fn waiting(&mut self, mut row: contribution::Model, member: MemberId) -> Result<()> {
        let contribution = row.id.parse().map_err(Error::internal)?;
        row.member = Some(member.to_string());
        self.contributions.push(row);
        self.waiting.push(DomainEvent::ContributionHeld { contribution, member });
        Ok(())
    }

    pub fn activity(
        &mut self,
        ch: &Change<'_>,
        event: &Envelope,
        subject: Option<Subject>,
        member: Option<MemberId>,
        work: &Work,
    ) -> Result<String> {
        let id = ch.id::<ActivityId>().to_string();
        self.activities.push(activity::ActiveModel {
            id: Set(id.clone()),
            source: Set(event.source.clone()),
            event: Set(event.id.clone()),
            r#type: Set(event.kind.clone()),
            subject: Set(subject.map(|s| s.text)),
            member: Set(member.map(|m| m.to_string())),
            object: Set(work.object.as_str().to_owned()),
            about: Set(work.about.as_ref().map(|about| about.as_str().to_owned())),
            titles: Set(serde_json::to_string(&work.titles)?),
            data: Set(event.data.to_string()),
            happened_at: Set(millis(event.time.unwrap_or(ch.now))),
            received_at: Set(millis(ch.now)),
        });
        Ok(id)
    }

    pub fn credited(
        &mut self,
        ch: &Change<'_>,
        mut row: contribution::Model,
        member: MemberId,
        (giver, ties): (Option<MemberId>, &Ties),
    ) -> Result<()> {
        let tie = ties.at(member, from_millis(row.happened_at));
        row.affiliation = tie.map(serde_json::to_string).transpose()?;
        row.member = Some(member.to_string());
        row.own |= giver == Some(member);
        self.facts.push(fact_of(ch, &row, member, giver)?);
        self.credited.push(row);
        Ok(())
    }

    pub async fn write(mut self, ch: &mut Change<'_>) -> Result<()> {
        let facts = facts::record_many(ch, self.facts).await?;
        for (mut row, fact) in self.credited.into_iter().zip(facts) {
            row.state = State::Accepted.as_str().to_owned();
            row.fact = Some(fact.to_string());
            row.accepted_at = Some(millis(ch.now));
            self.contributions.push(row);
        }
        if !self.contributions.is_empty() {
            let rows = self.contributions.into_iter().map(contribution::ActiveModel::from);
            contribution::Entity::insert_many(rows).exec_without_returning(ch.tx()).await?;
        }
        if !self.activities.is_empty() {
            activity::Entity::insert_many(self.activities).exec_without_returning(ch.tx()).await?;
        }
        if !self.received.is_empty() {
            received::Entity::insert_many(self.received).exec_without_returning(ch.tx()).await?;
        }
        for told in &self.waiting {
            ch.tell(told).await?;
        }
        Ok(())
    }
}
