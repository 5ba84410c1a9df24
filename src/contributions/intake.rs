//! Receiving events: many at a time, in few statements, each event judged by itself.
//!
//! What a batch needs to know is read first, a statement for each kind of question; then every event is judged in its order without touching the store; then what is kept
//! is written, a statement for each kind of row. One event is a batch of one: there is no second path.

mod kept;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use time::Duration;

use self::kept::{Kept, contribution_row};
use super::co_authors;
use super::entity::received;
use super::envelope::{Envelope, NotAnEvent};
use super::handles;
use super::health::{self, Came, Tallies};
use super::lifecycle::{Refusal, is_activity};
use super::quarantine::Watch;
use super::service::{Outcome, Receipt, Speaker, TURN};
use super::source::{SourceDefinition, SubjectForm, sources_named};
use super::subject::{Named, Naming, Subject};
use super::work::Work;
use crate::actor::Actor;
use crate::clock::millis;
use crate::database::{Change, Database, Kind};
use crate::error::{Error, Result};
use crate::ids::MemberId;
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

/// Receives events in one change, each with those of its co-authors; answers one receipt for each, in their order.
pub(super) async fn receive_many(ch: &mut Change<'_>, speaker: &Speaker, events: &[Envelope]) -> Result<Vec<Receipt>> {
    let mut receipts = receive_each(ch, speaker, events).await?;
    let (places, further) = co_authors::further(events, &receipts);
    if !further.is_empty() {
        let told = receive_each(ch, speaker, &further).await?;
        places.into_iter().zip(told).for_each(|(place, receipt)| receipts[place].co_authors.push(receipt));
    }
    Ok(receipts)
}

async fn receive_each(ch: &mut Change<'_>, speaker: &Speaker, events: &[Envelope]) -> Result<Vec<Receipt>> {
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
    watch: Watch,
    /// Whether a person here has looked at them already.
    looked_at: bool,
    said: Vec<Said>,
}

impl Known {
    async fn of(ch: &mut Change<'_>, speaker: &Speaker, events: &[Envelope]) -> Result<Self> {
        let mut by_source: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut refused = BTreeMap::new();
        for event in events {
            if speaker.speaks_for(&event.source) {
                by_source.entry(&event.source).or_default().push(&event.id);
            } else {
                refused.insert(event.source.clone(), Refusal::NotYourSource);
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
        let named = matches!(speaker, Speaker::Adapter(_));
        let said: Vec<Said> = events.iter().map(|event| said(event, named)).collect();
        // A code that proves whose a handle is comes before whom the event names.
        for (event, said) in events.iter().zip(&said).filter(|_| speaker.speaks_in_their_words()) {
            let Some(source) = sources.get(&event.source) else { continue };
            let Ok((Some(subject), ..)) = said else { continue };
            if subject.form == SubjectForm::Handle && refused_at_once(ch, source, event).is_none() {
                handles::hear(ch, event, subject.name()).await?;
            }
        }
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
        let looked_at = *speaker == Speaker::Waymark;
        let mut credits = vec![];
        for (event, said) in events.iter().zip(&said).filter(|(event, _)| !looked_at && !is_activity(&event.kind)) {
            let (Some(source), Ok((Some(subject), ..))) = (sources.get(&event.source), said) else { continue };
            if let Named::Member(member) = naming.named(subject, source) {
                credits.push((source, member, event.time.unwrap_or(ch.now)));
            }
        }
        let watch = Watch::of(ch, &credits).await?;
        Ok(Self { sources, refused, received, naming, ties, watch, looked_at, said })
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
            Some(Named::Member(member)) if self.looked_at || is_activity(&event.kind) => (Some(member), None),
            Some(Named::Member(member)) => (Some(member), self.watch.why(source, member, event.time.unwrap_or(ch.now))),
            Some(Named::Nobody(why)) => (None, Some(why)),
            Some(Named::Never(_)) | None => (None, None),
        };
        let became = match subject {
            _ if is_activity(&event.kind) => kept.activity(ch, event, subject, member, &work)?,
            None => return Ok(Receipt::refused(event, &Refusal::MissingSubject)),
            Some(subject) => {
                let giver = giver.map(|giver| self.naming.named(&giver, source));
                let giver = giver.and_then(|named| if let Named::Member(id) = named { Some(id) } else { None });
                let brought_by = self.looked_at.then_some(ch.actor);
                let row = contribution_row(ch, source, event, subject, held, (work, brought_by))?;
                let id = row.id.clone();
                match (member, held) {
                    (Some(member), None) => {
                        self.watch.credited(source, member, event.time.unwrap_or(ch.now));
                        kept.credited(ch, row, member, (giver, &self.ties))?;
                    }
                    (Some(member), Some(_)) => kept.waiting(row, member)?,
                    (None, _) => kept.contributions.push(row),
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
        if let Some(refusal) = refused_at_once(ch, source, event) {
            return Err(refusal);
        }
        let (subject, giver, work) = said?;
        match subject.as_ref().map(|subject| self.naming.named(subject, source)) {
            Some(Named::Never(refusal)) => Err(refusal),
            None if !is_activity(&event.kind) => Err(Refusal::MissingSubject),
            named => Ok((subject, giver, work, named)),
        }
    }
}

/// What refuses an event whatever it says.
fn refused_at_once(ch: &Change<'_>, source: &SourceDefinition, event: &Envelope) -> Option<Refusal> {
    if !source.types.contains(&event.kind) {
        return Some(Refusal::TypeNotListed);
    }
    event.time.is_some_and(|time| time > ch.now + CLOCK_SKEW).then_some(Refusal::TimeAhead)
}

/// Reads the work, the subject and the giver. A giver that is not written as a subject is nobody.
fn said(event: &Envelope, named: bool) -> Said {
    let work = Work::of(event, named)?;
    let subject = event.subject.as_deref().map(Subject::read).transpose()?;
    let giver = work.giver.as_deref().and_then(|giver| Subject::read(giver).ok());
    Ok((subject, giver, work))
}
