//! Receiving events: many at a time, in few statements, each event judged by itself.
//!
//! What a batch needs to know is read first, a statement for each kind of question; then every event is judged in its order without touching the store; then what is kept
//! is written, a statement for each kind of row. One event is a batch of one: there is no second path.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use time::Duration;

use super::entity::{activity, contribution, received};
use super::envelope::{Envelope, NotAnEvent};
use super::health::{self, Came, Tallies};
use super::lifecycle::{HeldBecause, Refusal, State, is_activity};
use super::service::{Outcome, Receipt, Speaker, TURN, fact_of};
use super::source::{SourceDefinition, sources_named};
use super::subject::{Named, Naming, Subject};
use super::work::Work;
use crate::actor::Actor;
use crate::clock::{from_millis, millis};
use crate::database::{Change, Database, Kind};
use crate::error::{Error, Result};
use crate::facts;
use crate::ids::{ActivityId, ContributionId, MemberId};
use crate::members::{self, Ties};

/// How far the clocks of sources may run ahead.
const CLOCK_SKEW: Duration = Duration::minutes(5);
/// Events that share one change. The statements are few however many they are; on SQLite whoever else writes waits for the change, so it is not left to grow.
const TOGETHER: usize = 250;

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
        let (mut read, mut places) = (vec![], vec![]);
        for event in waiting.by_ref().take(TOGETHER) {
            match event {
                Ok(event) => {
                    read.push(event);
                    places.push(None);
                }
                Err(what) => places.push(Some(Receipt::unreadable(what))),
            }
        }
        let mut judged = vec![];
        if !read.is_empty() {
            let mut ch = db.change(actor, Kind::Ordinary).await?;
            judged = receive_many(&mut ch, speaker, &read).await?;
            ch.commit().await?;
        }
        let mut judged = judged.into_iter();
        for place in places {
            receipts.extend(place.or_else(|| judged.next()));
        }
    }
    Ok(receipts)
}

/// Receives one event. A contribution whose member is known is credited in this change; one whose member is not is held.
pub async fn receive(ch: &mut Change<'_>, speaker: &Speaker, event: &Envelope) -> Result<Receipt> {
    let receipts = receive_many(ch, speaker, std::slice::from_ref(event)).await?;
    receipts.into_iter().next().ok_or_else(|| Error::internal("an event was received without a receipt"))
}

/// Receives events in one change; answers one receipt for each, in their order.
pub(super) async fn receive_many(ch: &mut Change<'_>, speaker: &Speaker, events: &[Envelope]) -> Result<Vec<Receipt>> {
    ch.take_turn(TURN).await?;
    let mut known = Known::of(ch, speaker, events).await?;
    let mut kept = Kept::default();
    let mut receipts = Vec::with_capacity(events.len());
    for (event, said) in events.iter().zip(std::mem::take(&mut known.said)) {
        receipts.push(known.judge(ch, &mut kept, event, said)?);
    }
    kept.write(ch).await?;
    note(ch, &known, events, &receipts).await?;
    Ok(receipts)
}

/// Counts what came of it, and keeps what was refused, for the sources that the sender speaks for.
async fn note(ch: &Change<'_>, known: &Known, events: &[Envelope], receipts: &[Receipt]) -> Result<()> {
    let mut tallies = Tallies::default();
    let mut refused = vec![];
    for (event, receipt) in events.iter().zip(receipts).filter(|(event, _)| known.sources.contains_key(&event.source)) {
        let came = match receipt.outcome {
            Outcome::Accepted => Came::Accepted,
            Outcome::Duplicate => Came::Duplicate,
            Outcome::Held => Came::Held,
            Outcome::Rejected => Came::Rejected,
        };
        tallies.add(&event.source, came);
        if came == Came::Rejected {
            let (reason, detail) = (receipt.reason.unwrap_or_default(), receipt.detail.clone().unwrap_or_default());
            refused.push((event.source.clone(), receipt.id.clone(), reason.to_owned(), detail));
        }
    }
    health::tally(ch, tallies).await?;
    health::keep_refusals(ch, refused.into_iter()).await
}

/// What one event says, read before anything is looked up.
type Said = std::result::Result<(Option<Subject>, Option<Subject>, Work), Refusal>;

/// The subject, the giver, the work, and whom the subject names.
type Checked = (Option<Subject>, Option<Subject>, Work, Option<Named>);

/// What is looked up for a batch.
struct Known {
    /// Those that are configured and that the sender speaks for.
    sources: BTreeMap<String, SourceDefinition>,
    refused: BTreeMap<String, Refusal>,
    /// Content and what became of it, by source and event.
    received: HashMap<(String, String), (String, String)>,
    naming: Naming,
    ties: Ties,
    said: Vec<Said>,
}

impl Known {
    async fn of(ch: &Change<'_>, speaker: &Speaker, events: &[Envelope]) -> Result<Self> {
        let mut by_source: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut refused = BTreeMap::new();
        for event in events {
            match speaker {
                Speaker::Only(own) if own.as_deref() != Some(&event.source) => {
                    refused.insert(event.source.clone(), Refusal::NotYourSource);
                }
                _ => by_source.entry(&event.source).or_default().push(&event.id),
            }
        }
        let sources = sources_named(ch.tx(), by_source.keys().copied()).await?;
        let mut received = HashMap::new();
        for (source, ids) in by_source {
            if !sources.contains_key(source) {
                refused.insert(source.to_owned(), Refusal::UnknownSource);
                continue;
            }
            let rows = received::Entity::find()
                .filter(received::Column::Source.eq(source))
                .filter(received::Column::Event.is_in(ids))
                .all(ch.tx())
                .await?;
            received.extend(rows.into_iter().map(|row| ((row.source, row.event), (row.content_hash, row.became))));
        }
        let said: Vec<Said> = events.iter().map(said).collect();
        let mut subjects: Vec<(&str, &Subject)> = vec![];
        for (event, said) in events.iter().zip(&said).filter(|(event, _)| sources.contains_key(&event.source)) {
            let Ok((subject, giver, _)) = said else { continue };
            subjects.extend(subject.iter().chain(giver).map(|subject| (event.source.as_str(), subject)));
        }
        let naming = Naming::of(ch.tx(), &subjects).await?;
        let named =
            subjects.iter().filter_map(|(source, subject)| match naming.named(subject, sources.get(*source)?) {
                Named::Member(member) => Some(member),
                Named::Nobody(_) | Named::Never(_) => None,
            });
        let named: BTreeSet<MemberId> = named.collect();
        let ties = members::ties(ch.tx(), &named.into_iter().collect::<Vec<_>>()).await?;
        Ok(Self { sources, refused, received, naming, ties, said })
    }

    /// What becomes of one event, after those before it.
    fn judge(&mut self, ch: &Change<'_>, kept: &mut Kept, event: &Envelope, said: Said) -> Result<Receipt> {
        if let Some(refusal) = self.refused.get(&event.source) {
            return Ok(Receipt::refused(event, refusal));
        }
        let Some(source) = self.sources.get(&event.source) else {
            return Ok(Receipt::refused(event, &Refusal::UnknownSource));
        };
        let content_hash = event.content_hash();
        let key = (event.source.clone(), event.id.clone());
        if let Some((first, became)) = self.received.get(&key) {
            let receipt = Receipt::of(event, Outcome::Duplicate).kept(became);
            return Ok(match *first == content_hash {
                true => receipt,
                false => {
                    receipt.because("other_content", "an event with this id says something else; the first one stands")
                }
            });
        }
        let (subject, giver, work, named) = match self.check(ch, source, event, said) {
            Ok(checked) => checked,
            Err(refusal) => return Ok(Receipt::refused(event, &refusal)),
        };
        let (member, held) = match named {
            Some(Named::Member(member)) => (Some(member), None),
            Some(Named::Nobody(why)) => (None, Some(why)),
            Some(Named::Never(_)) | None => (None, None),
        };
        let became = match subject {
            _ if is_activity(&event.kind) => kept.activity(ch, event, subject, member, &work)?,
            None => return Ok(Receipt::refused(event, &Refusal::MissingSubject)),
            Some(subject) => {
                let giver = giver.map(|giver| self.naming.named(&giver, source));
                let giver = giver.and_then(|named| if let Named::Member(id) = named { Some(id) } else { None });
                let row = contribution_row(ch, source, event, subject, held, work)?;
                let id = row.id.clone();
                match member {
                    Some(member) => kept.credited(row, member, giver, &self.ties)?,
                    None => kept.contributions.push(row),
                }
                id
            }
        };
        kept.received.push(received::ActiveModel {
            source: Set(event.source.clone()),
            event: Set(event.id.clone()),
            content_hash: Set(content_hash.clone()),
            became: Set(became.clone()),
            received_at: Set(millis(ch.now)),
        });
        self.received.insert(key, (content_hash, became.clone()));
        Ok(match held {
            None => Receipt::of(event, Outcome::Accepted).kept(&became),
            Some(why) => Receipt::of(event, Outcome::Held).kept(&became).because(why.as_str(), why.detail()),
        })
    }

    /// Everything that refuses an event from a source that may send it.
    fn check(
        &self,
        ch: &Change<'_>,
        source: &SourceDefinition,
        event: &Envelope,
        said: Said,
    ) -> std::result::Result<Checked, Refusal> {
        if !source.types.contains(&event.kind) {
            return Err(Refusal::TypeNotListed);
        }
        if event.time.is_some_and(|time| time > ch.now + CLOCK_SKEW) {
            return Err(Refusal::TimeAhead);
        }
        let (subject, giver, work) = said?;
        match subject.as_ref().map(|subject| self.naming.named(subject, source)) {
            Some(Named::Never(refusal)) => Err(refusal),
            None if !is_activity(&event.kind) => Err(Refusal::MissingSubject),
            named => Ok((subject, giver, work, named)),
        }
    }
}

/// Reads the work, the subject and the giver. A giver that is not written as a subject is nobody.
fn said(event: &Envelope) -> Said {
    let work = Work::of(event)?;
    let subject = event.subject.as_deref().map(Subject::read).transpose()?;
    let giver = work.giver.as_deref().and_then(|giver| Subject::read(giver).ok());
    Ok((subject, giver, work))
}

fn contribution_row(
    ch: &Change<'_>,
    source: &SourceDefinition,
    event: &Envelope,
    subject: Subject,
    held: Option<HeldBecause>,
    work: Work,
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
    })
}

/// What is to be written of a batch.
#[derive(Default)]
struct Kept {
    contributions: Vec<contribution::Model>,
    /// Those that are credited in this change, in the order of their facts.
    credited: Vec<contribution::Model>,
    facts: Vec<facts::NewFact>,
    activities: Vec<activity::ActiveModel>,
    received: Vec<received::ActiveModel>,
}

impl Kept {
    fn activity(
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
            titles: Set(serde_json::to_string(&work.titles)?),
            data: Set(event.data.to_string()),
            happened_at: Set(millis(event.time.unwrap_or(ch.now))),
            received_at: Set(millis(ch.now)),
        });
        Ok(id)
    }

    fn credited(
        &mut self,
        mut row: contribution::Model,
        member: MemberId,
        giver: Option<MemberId>,
        ties: &Ties,
    ) -> Result<()> {
        let tie = ties.at(member, from_millis(row.happened_at));
        row.affiliation = tie.map(serde_json::to_string).transpose()?;
        row.member = Some(member.to_string());
        row.own |= giver == Some(member);
        self.facts.push(fact_of(&row, member, giver)?);
        self.credited.push(row);
        Ok(())
    }

    async fn write(mut self, ch: &mut Change<'_>) -> Result<()> {
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
        Ok(())
    }
}
