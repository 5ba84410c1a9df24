//! What a delivery of another system comes to: read, mapped, received like any event; or taken back, passed over, kept for a person.
//!
//! One delivery is one change. The events have ids that follow from what was signed, so a payload that comes again, under whatever name, finds its event received.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use time::Duration;
use waymark_credential::strict_json;

use super::adapter::{Credit, Native, counts_from};
use super::adapters::{self, Happened, Person, Reading, TakenBack};
use super::dead_letters::{self, DeadLetter, NewDeadLetter};
use super::entity::{activity, contribution, delivery, received};
use super::envelope::Envelope;
use super::health::{self, Came, Tallies};
use super::intake::receive_many;
use super::lifecycle::{State, is_activity};
use super::service::{self, Outcome, Receipt, Speaker};
use super::source::{SourceDefinition, source};
use crate::clock::{Timestamp, millis, parse_rfc3339, rfc3339};
use crate::database::Change;
use crate::error::{Code, Error, Result};
use crate::ids::ContributionId;
use crate::web::input::BODY_LIMIT;
use crate::web::input::nul_in;

/// What was delivered, its signature checked.
pub(super) struct Delivery<'d> {
    /// The sender's name for it. Nothing signs it: it is kept for people, and decides nothing.
    pub name: &'d str,
    pub event: &'d str,
    pub body: &'d [u8],
    /// When it came first.
    pub received_at: Timestamp,
    /// Whether a person has it counted: what was taken back before is counted anew.
    pub by_hand: bool,
}

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fate {
    pub outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// One for each person who is credited.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<Receipt>,
}

impl Fate {
    fn of(came: Came, reason: Option<&'static str>) -> Self {
        Self { outcome: came.as_str(), reason, results: vec![] }
    }
}

const LONGEST_NAME: usize = 100;
/// Written as the reason of a void that the source asked for.
pub(super) const TAKEN_BACK: &str = "taken back at the source";
/// What stands instead of a contribution where the taking back came first.
const NEVER: &str = "taken_back";
const MOST_PEOPLE: usize = 20;
/// So often one thing is counted, each time but the first by a person.
const MOST_TIMES: u32 = 9;

/// Takes one delivery of a source.
pub(super) async fn take(ch: &mut Change<'_>, source: &SourceDefinition, delivery: &Delivery<'_>) -> Result<Fate> {
    ch.take_turn(service::TURN).await?;
    let hash: String = Sha256::digest(delivery.body).iter().map(|b| format!("{b:02x}")).collect();
    let reading = strict_json::parse(delivery.body, BODY_LIMIT).map_err(|e| e.to_string()).and_then(|payload| {
        match nul_in(&payload) {
            Some(at) => Err(format!("`{at}` has the character U+0000")),
            None => adapters::read(source.adapter, delivery.event, &payload, &source.source).map_err(|e| e.0),
        }
    });
    let fate = match reading {
        Err(detail) => dead(ch, source, delivery, &hash, "unreadable", detail).await?,
        Ok(Reading::Ignored(reason)) => passed_over(ch, source, reason).await?,
        Ok(Reading::TakenBack(what)) => take_back(ch, source, &what).await?,
        Ok(Reading::Happened(what)) => happened(ch, source, delivery, &hash, &what).await?,
    };
    let row = delivery::ActiveModel {
        source: Set(source.source.clone()),
        content_hash: Set(hash),
        delivery: Set(shortened(delivery.name)),
        event: Set(shortened(delivery.event)),
        outcome: Set(fate.outcome.to_owned()),
        received_at: Set(millis(ch.now)),
    };
    let again =
        OnConflict::columns([delivery::Column::Source, delivery::Column::ContentHash, delivery::Column::Delivery])
            .update_columns([delivery::Column::Outcome, delivery::Column::ReceivedAt])
            .to_owned();
    delivery::Entity::insert(row).on_conflict(again).exec_without_returning(ch.tx()).await?;
    Ok(fate)
}

/// Has a dead letter counted with what the program says today; what cannot be read still stays where it is. The caller writes the audit row.
pub(super) async fn retry(ch: &mut Change<'_>, letter: &DeadLetter) -> Result<Fate> {
    let definition = source(ch.tx(), &letter.source).await?.ok_or_else(Error::not_found)?;
    let delivery = Delivery {
        name: &letter.delivery,
        event: &letter.event,
        body: letter.body.as_bytes(),
        received_at: letter.received_at,
        by_hand: true,
    };
    let fate = take(ch, &definition, &delivery).await?;
    if fate.outcome != Came::Dead.as_str() {
        dead_letters::close(ch, letter.id, "counted").await?;
    }
    Ok(fate)
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect()
}

async fn count(ch: &Change<'_>, source: &SourceDefinition, came: Came) -> Result<()> {
    let mut tallies = Tallies::default();
    tallies.add(&source.source, came);
    health::tally(ch, tallies).await
}

async fn passed_over(ch: &Change<'_>, source: &SourceDefinition, reason: &'static str) -> Result<Fate> {
    count(ch, source, Came::Ignored).await?;
    Ok(Fate::of(Came::Ignored, Some(reason)))
}

async fn dead(
    ch: &Change<'_>,
    source: &SourceDefinition,
    delivery: &Delivery<'_>,
    hash: &str,
    reason: &'static str,
    detail: String,
) -> Result<Fate> {
    if !delivery.by_hand {
        let body = String::from_utf8_lossy(delivery.body).replace('\0', "\u{FFFD}");
        let (name, event) = (shortened(delivery.name), shortened(delivery.event));
        let source = source.source.as_str();
        let new = NewDeadLetter { source, delivery: &name, content_hash: hash, event: &event, reason, detail, body };
        dead_letters::keep(ch, new).await?;
    }
    count(ch, source, Came::Dead).await?;
    Ok(Fate::of(Came::Dead, Some(reason)))
}

/// The ids of the events that one thing makes: one for each type and person whom the map credits. Robots are nobody.
fn events<'p>(
    source: &SourceDefinition,
    native: Native,
    key: &str,
    people: &'p [(Credit, Person)],
) -> Vec<(String, String, &'p Person)> {
    let mut made: Vec<(String, String, &Person)> = vec![];
    for rule in source.map.iter().filter(|rule| rule.when == native) {
        let credited = people.iter().filter(|(credit, person)| rule.credit.contains(credit) && !person.is_bot);
        for (_, person) in credited.take(MOST_PEOPLE) {
            let id = format!("{key}/{}/{}", rule.r#type, person.login);
            if !made.iter().any(|(known, ..)| *known == id) {
                made.push((id, rule.r#type.clone(), person));
            }
        }
    }
    made
}

async fn happened(
    ch: &mut Change<'_>,
    source: &SourceDefinition,
    delivery: &Delivery<'_>,
    hash: &str,
    what: &Happened,
) -> Result<Fate> {
    if !source.map.iter().any(|rule| rule.when == what.native) {
        return passed_over(ch, source, "not_mapped").await;
    }
    if !source.from.is_empty() && !what.places.iter().any(|place| counts_from(&source.from, place)) {
        return passed_over(ch, source, "place_not_listed").await;
    }
    let mut made = events(source, what.native, &what.key, &what.people);
    if made.is_empty() {
        return passed_over(ch, source, "bot").await;
    }
    let asker = asker(ch, source, what).await?;
    for (id, ..) in &mut made {
        let told = told_as(ch, source, id).await?;
        if !is_taken_back(&told) {
            continue;
        }
        if !delivery.by_hand {
            let detail = "it was counted, taken back at the source, and is accepted again; or an old message was repeated: look at the source";
            return dead(ch, source, delivery, hash, "accepted_again", detail.to_owned()).await;
        }
        let free = names_of(id).find(|name| told.iter().all(|row| row.event != *name));
        *id = free.ok_or_else(|| Error::new(Code::Conflict))?;
    }
    let giver = what.giver.as_ref().filter(|giver| !giver.is_bot);
    let envelopes = made.into_iter().map(|(id, kind, person)| {
        let own = giver.is_some_and(|giver| giver.login == person.login) || asker.as_deref() == Some(&person.login);
        let mut data = json!({"object": what.object, "url": what.url, "title": what.title, "own": own});
        if let Some(giver) = giver {
            data["giver"] = json!(format!("handle:{}", giver.login));
        }
        if let Some(as_of) = what.as_of {
            data["as_of"] = json!(rfc3339(as_of));
        }
        Envelope {
            id,
            source: source.source.clone(),
            kind,
            subject: Some(format!("handle:{}", person.login)),
            // What a clock elsewhere says of the future is not believed; when it came is.
            time: Some(what.at.unwrap_or(delivery.received_at).min(ch.now)),
            data,
        }
    });
    let envelopes: Vec<Envelope> = envelopes.collect();
    let results = receive_many(ch, &Speaker::Adapter(what.native), &envelopes).await?;
    let best = [Outcome::Accepted, Outcome::Held, Outcome::Duplicate]
        .into_iter()
        .find(|outcome| results.iter().any(|receipt| receipt.outcome == *outcome));
    let outcome = match best {
        Some(Outcome::Accepted) => Came::Accepted,
        Some(Outcome::Held) => Came::Held,
        Some(Outcome::Duplicate) => Came::Duplicate,
        Some(Outcome::Rejected) | None => Came::Rejected,
    };
    Ok(Fate { results, ..Fate::of(outcome, None) })
}

/// Who opened the topic that an answer was accepted in, where that was told to us before: whoever accepts their own answer gives nothing.
async fn asker(ch: &Change<'_>, source: &SourceDefinition, what: &Happened) -> Result<Option<String>> {
    if what.native != Native::SolutionAccepted {
        return Ok(None);
    }
    let kinds = source.map.iter().filter(|rule| rule.when == Native::TopicCreated).map(|rule| rule.r#type.as_str());
    let kinds: Vec<&str> = kinds.collect();
    let asked = activity::Entity::find()
        .filter(activity::Column::Source.eq(&source.source))
        .filter(activity::Column::Object.eq(&what.object))
        .filter(activity::Column::Type.is_in(kinds.clone()))
        .one(ch.tx())
        .await?;
    let subject = match asked {
        Some(asked) => asked.subject,
        None if kinds.iter().all(|kind| is_activity(kind)) => None,
        None => contribution::Entity::find()
            .filter(contribution::Column::Source.eq(&source.source))
            .filter(contribution::Column::Object.eq(&what.object))
            .filter(contribution::Column::Type.is_in(kinds))
            .one(ch.tx())
            .await?
            .map(|row| row.subject),
    };
    Ok(subject.and_then(|subject| subject.strip_prefix("handle:").map(str::to_owned)))
}

/// Whether it was counted once and taken back at its source, and was not counted anew by a person since.
fn is_taken_back(told: &[contribution::Model]) -> bool {
    told.iter().any(|row| row.void_reason.as_deref() == Some(TAKEN_BACK))
        && told.iter().all(|row| row.state == State::Voided.as_str())
}

/// The contribution of this event, and those that people had counted anew from it.
async fn told_as(ch: &Change<'_>, source: &SourceDefinition, id: &str) -> Result<Vec<contribution::Model>> {
    let rows = contribution::Entity::find()
        .filter(contribution::Column::Source.eq(&source.source))
        .filter(contribution::Column::Event.is_in(names_of(id)))
        .all(ch.tx())
        .await?;
    Ok(rows)
}

/// Under which names an event may have been counted: its own, and those of the times that a person had it counted anew.
fn names_of(id: &str) -> impl Iterator<Item = String> {
    std::iter::once(id.to_owned()).chain((2..=MOST_TIMES).map(move |n| format!("{id}/{n}")))
}

/// Takes back what was told under the key, also what a person had counted anew.
async fn take_back(ch: &mut Change<'_>, source: &SourceDefinition, what: &TakenBack) -> Result<Fate> {
    let made = events(source, what.native, &what.key, &what.people);
    let (mut gone, mut unknown) = (0, vec![]);
    for (id, ..) in &made {
        let rows = told_as(ch, source, id).await?;
        if rows.is_empty() {
            unknown.push(id);
        }
        for row in rows.iter().filter(|row| row.state != State::Voided.as_str() && !is_newer(row, what)) {
            let contribution: ContributionId = row.id.parse().map_err(Error::internal)?;
            service::void(ch, contribution, TAKEN_BACK).await?;
            gone += 1;
        }
    }
    if gone > 0 {
        count(ch, source, Came::TakenBack).await?;
        return Ok(Fate::of(Came::TakenBack, None));
    }
    if what.for_good {
        // Should the telling arrive after the taking back, it finds itself told already.
        for id in unknown {
            let row = received::ActiveModel {
                source: Set(source.source.clone()),
                event: Set(id.clone()),
                content_hash: Set(String::new()),
                became: Set(NEVER.to_owned()),
                received_at: Set(millis(ch.now)),
            };
            let once = OnConflict::columns([received::Column::Source, received::Column::Event]).do_nothing().to_owned();
            received::Entity::insert(row).on_conflict(once).exec_without_returning(ch.tx()).await?;
        }
    }
    passed_over(ch, source, "nothing_to_take_back").await
}

/// Whether the contribution was seen in a later state than the one that is told now.
fn is_newer(row: &contribution::Model, what: &TakenBack) -> bool {
    let Some(told) = what.as_of else { return false };
    let data: Value = serde_json::from_str(&row.data).unwrap_or_default();
    data["as_of"].as_str().and_then(parse_rfc3339).is_some_and(|seen| seen > told)
}

/// What is known of deliveries is kept so long; the events stay.
const KEPT: Duration = Duration::days(90);

/// Forgets old deliveries.
pub(super) async fn forget(ch: &Change<'_>) -> Result<()> {
    delivery::Entity::delete_many()
        .filter(delivery::Column::ReceivedAt.lt(millis(ch.now - KEPT)))
        .exec(ch.tx())
        .await?;
    Ok(())
}
