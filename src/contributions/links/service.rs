//! Handing in, accepting, refusing, answering, taking back.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde_json::json;

use super::address::{self, LONGEST_KEY, spellings};
use super::entity::{step, submission};
use super::lifecycle::{Disclosure, LinkState};
use crate::access;
use crate::clock::{Timestamp, from_millis, millis};
use crate::contributions::entity::contribution;
use crate::contributions::envelope::Envelope;
use crate::contributions::intake::receive;
use crate::contributions::lifecycle::State as ContributionState;
use crate::contributions::service::{Outcome, Speaker, TURN};
use crate::contributions::{own, said};
use crate::database::{Change, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{MemberId, SubmissionId};
use crate::issuer;

/// Links of one member that wait at a time.
const MOST_WAITING: u64 = 20;

/// What a member hands in.
#[derive(Debug, Clone)]
pub struct NewLink {
    pub url: String,
    pub kind: String,
    /// A day of the program's calendar: `2026-04-01`.
    pub happened_on: String,
    pub sentence: String,
    pub disclosure: String,
}

/// A link that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    pub id: SubmissionId,
    pub member: MemberId,
    pub url: String,
    pub url_key: String,
    pub kind: String,
    pub sentence: String,
    pub disclosure: Disclosure,
    pub state: LinkState,
    pub happened_at: Timestamp,
    pub submitted_at: Timestamp,
    pub reason: Option<String>,
    pub contribution: Option<String>,
}

/// One thing that happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub step: String,
    pub actor: String,
    pub said: Option<String>,
    pub at: Timestamp,
}

/// Hands a link in. The same address of the same member, however it is written, is refused with what is there already.
pub async fn submit(ch: &mut Change<'_>, member: MemberId, new: NewLink) -> Result<Submission> {
    let mut faults = vec![];
    let url = said::link(&new.url, "/url").map_err(|e| faults.extend_from_slice(e.faults())).ok();
    let key = url.as_ref().map(address::key).unwrap_or_default();
    if key.len() > LONGEST_KEY {
        faults.push(Fault::new("/url", "url_too_long", "this address is too long: find the page's own, shorter one"));
    }
    if !own::LINK_TYPES.contains(&new.kind.as_str()) {
        faults.push(Fault::new("/type", "unknown_type", format!("use one of: {}", own::LINK_TYPES.join(", "))));
    }
    let happened_at = issuer::zone(ch.tx()).await?.day(new.happened_on.trim()).map(|(first, _)| first);
    if happened_at.is_none_or(|at| at > ch.now) {
        faults.push(Fault::new("/happened_on", "invalid_day", "write a day that is not ahead, such as 2026-04-01"));
    }
    let sentence = said::sentence(&new.sentence, "/sentence").map_err(|e| faults.extend_from_slice(e.faults())).ok();
    let disclosure = Disclosure::parse(&new.disclosure);
    if disclosure.is_none() {
        faults.push(Fault::new("/disclosure", "unknown_disclosure", "use none, employer or paid"));
    }
    let (Some(url), Some(happened_at), Some(sentence), Some(disclosure), true) =
        (url, happened_at, sentence, disclosure, faults.is_empty())
    else {
        return Err(Error::invalid(faults));
    };
    ch.take_turn(TURN).await?;
    if let Some(first) = known(ch.tx(), member, &key, url.as_str()).await? {
        return Err(Error::new(Code::LinkKnown).member("first", first));
    }
    let mine = submission::Entity::find().filter(submission::Column::Member.eq(member.to_string()));
    let waiting = mine.filter(submission::Column::State.eq(LinkState::Waiting.as_str())).count(ch.tx()).await?;
    if waiting >= MOST_WAITING {
        return Err(Error::new(Code::TooMany));
    }
    let id: SubmissionId = ch.id();
    let row = submission::ActiveModel {
        id: Set(id.to_string()),
        member: Set(member.to_string()),
        url: Set(url.to_string()),
        live: Set(Some(live(member, &key))),
        url_key: Set(key),
        r#type: Set(new.kind),
        sentence: Set(sentence),
        disclosure: Set(disclosure.as_str().to_owned()),
        state: Set(LinkState::Waiting.as_str().to_owned()),
        happened_at: Set(millis(happened_at)),
        submitted_at: Set(millis(ch.now)),
        changed_at: Set(millis(ch.now)),
        reason: Set(None),
        contribution: Set(None),
    };
    submission::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    note(ch, id, "submitted", None).await?;
    find(ch.tx(), id).await
}

fn live(member: MemberId, key: &str) -> String {
    format!("{member}\n{key}")
}

/// What the member has of this address already: a link that stands, or a contribution that some source brought.
async fn known(db: &impl Read, member: MemberId, key: &str, typed: &str) -> Result<Option<String>> {
    let same = submission::Entity::find().filter(submission::Column::Live.eq(live(member, key))).one(db).await?;
    if let Some(row) = same {
        return Ok(Some(row.id));
    }
    let brought = contribution::Entity::find()
        .filter(contribution::Column::Object.is_in(spellings(key, typed)))
        .filter(contribution::Column::Member.eq(member.to_string()))
        .filter(contribution::Column::State.ne(ContributionState::Voided.as_str()))
        .one(db)
        .await?;
    Ok(brought.map(|row| row.id))
}

/// What others have of the same address: links that wait or are accepted, contributions that stand.
pub async fn of_others(db: &impl Read, of: &Submission) -> Result<Vec<(String, MemberId)>> {
    let links = submission::Entity::find()
        .filter(submission::Column::UrlKey.eq(&of.url_key))
        .filter(submission::Column::Live.is_not_null())
        .filter(submission::Column::Member.ne(of.member.to_string()))
        .all(db)
        .await?;
    let brought = contribution::Entity::find()
        .filter(contribution::Column::Object.is_in(spellings(&of.url_key, &of.url)))
        .filter(contribution::Column::Source.ne(own::LINKS))
        .filter(contribution::Column::State.eq(ContributionState::Accepted.as_str()))
        .filter(contribution::Column::Member.ne(of.member.to_string()))
        .all(db)
        .await?;
    let links = links.into_iter().map(|row| (row.id, row.member));
    let brought = brought.into_iter().filter_map(|row| Some((row.id, row.member?)));
    links.chain(brought).map(|(id, member)| Ok((id, member.parse().map_err(Error::internal)?))).collect()
}

/// Accepts it: it becomes a contribution. Where another has been credited for the same address, `shared` says that both did it. Nobody accepts their
/// own. The caller writes the audit row.
pub async fn accept(ch: &mut Change<'_>, id: SubmissionId, shared: bool) -> Result<Submission> {
    ch.take_turn(TURN).await?;
    let known = waiting(ch, id).await?;
    said::refuse_own(access::behind(ch.tx(), ch.actor).await?, known.member)?;
    let others = of_others(ch.tx(), &known).await?;
    if let Some((first, _)) = others.first().filter(|_| !shared) {
        return Err(Error::new(Code::LinkKnown).member("first", first.clone()));
    }
    let event = Envelope {
        id: id.to_string(),
        source: own::LINKS.to_owned(),
        kind: known.kind.clone(),
        subject: Some(known.member.to_string()),
        time: Some(known.happened_at),
        data: json!({
            "object": known.url_key, "url": known.url, "title": known.sentence,
            "disclosure": known.disclosure.as_str(), "accepted_by": "staff",
        }),
    };
    let receipt = receive(ch, &Speaker::Waymark, &event).await?;
    let (Outcome::Accepted, Some(contribution)) = (receipt.outcome, receipt.contribution) else {
        return Err(Error::internal(format!("the link {id} was not taken: {:?}", receipt.reason)));
    };
    change(ch, &known, LinkState::Accepted, None, Some(contribution)).await?;
    note(ch, id, "accepted", None).await?;
    find(ch.tx(), id).await
}

/// Refuses it; the member reads why and may answer. Nobody refuses their own. The caller writes the audit row.
pub async fn refuse(ch: &mut Change<'_>, id: SubmissionId, reason: &str) -> Result<Submission> {
    let known = waiting(ch, id).await?;
    said::refuse_own(access::behind(ch.tx(), ch.actor).await?, known.member)?;
    let reason = said::reason(reason)?;
    change(ch, &known, LinkState::Refused, Some(reason.clone()), None).await?;
    note(ch, id, "refused", Some(reason)).await?;
    ch.tell(&DomainEvent::ContributionRefused { about: id.to_string(), member: known.member }).await?;
    find(ch.tx(), id).await
}

/// The member answers what was refused: it waits again.
pub async fn answer(ch: &mut Change<'_>, id: SubmissionId, text: &str) -> Result<Submission> {
    ch.take_turn(TURN).await?;
    let now_stands = find(ch.tx(), id).await?;
    if now_stands.state != LinkState::Refused {
        return Err(conflict(now_stands.state));
    }
    let text = said::sentence(text, "/text")?;
    if let Some(first) = known(ch.tx(), now_stands.member, &now_stands.url_key, &now_stands.url).await? {
        return Err(Error::new(Code::LinkKnown).member("first", first));
    }
    change(ch, &now_stands, LinkState::Waiting, now_stands.reason.clone(), None).await?;
    note(ch, id, "answered", Some(text)).await?;
    find(ch.tx(), id).await
}

/// The member takes back what nobody has accepted.
pub async fn withdraw(ch: &mut Change<'_>, id: SubmissionId) -> Result<Submission> {
    let known = find(ch.tx(), id).await?;
    if !matches!(known.state, LinkState::Waiting | LinkState::Refused) {
        return Err(conflict(known.state));
    }
    change(ch, &known, LinkState::Withdrawn, known.reason.clone(), None).await?;
    note(ch, id, "withdrawn", None).await?;
    find(ch.tx(), id).await
}

async fn waiting(ch: &Change<'_>, id: SubmissionId) -> Result<Submission> {
    let known = find(ch.tx(), id).await?;
    if known.state == LinkState::Waiting { Ok(known) } else { Err(conflict(known.state)) }
}

fn conflict(state: LinkState) -> Error {
    Error::new(Code::GivingStateConflict).member("state", state.as_str())
}

async fn change(
    ch: &Change<'_>,
    known: &Submission,
    to: LinkState,
    reason: Option<String>,
    contribution: Option<String>,
) -> Result<()> {
    let stands = matches!(to, LinkState::Waiting | LinkState::Accepted);
    let changed = submission::Entity::update_many()
        .col_expr(submission::Column::State, Expr::value(to.as_str()))
        .col_expr(submission::Column::Reason, Expr::value(reason))
        .col_expr(submission::Column::Contribution, Expr::value(contribution))
        .col_expr(submission::Column::Live, Expr::value(stands.then(|| live(known.member, &known.url_key))))
        .col_expr(submission::Column::ChangedAt, Expr::value(millis(ch.now)))
        .filter(submission::Column::Id.eq(known.id.to_string()))
        .filter(submission::Column::State.eq(known.state.as_str()))
        .exec(ch.tx())
        .await?;
    // Somebody else was faster.
    if changed.rows_affected == 1 { Ok(()) } else { Err(conflict(find(ch.tx(), known.id).await?.state)) }
}

async fn note(ch: &Change<'_>, id: SubmissionId, word: &str, text: Option<String>) -> Result<()> {
    let before = step::Entity::find().filter(step::Column::Submission.eq(id.to_string())).count(ch.tx()).await?;
    let row = step::ActiveModel {
        submission: Set(id.to_string()),
        position: Set(i32::try_from(before).map_err(Error::internal)?),
        step: Set(word.to_owned()),
        actor: Set(ch.actor.to_string()),
        said: Set(text),
        at: Set(millis(ch.now)),
    };
    step::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

pub async fn find(db: &impl Read, id: SubmissionId) -> Result<Submission> {
    read(submission::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?)
}

/// What happened to it, in order.
pub async fn steps(db: &impl Read, id: SubmissionId) -> Result<Vec<Step>> {
    let rows = step::Entity::find().filter(step::Column::Submission.eq(id.to_string()));
    let rows = rows.order_by_asc(step::Column::Position).all(db).await?;
    Ok(rows.into_iter().map(|r| Step { step: r.step, actor: r.actor, said: r.said, at: from_millis(r.at) }).collect())
}

/// The member's links, the newest first.
pub async fn of_member(db: &impl Read, member: MemberId, limit: u64) -> Result<Vec<Submission>> {
    let mine = submission::Entity::find().filter(submission::Column::Member.eq(member.to_string()));
    mine.order_by_desc(submission::Column::Id).limit(limit).all(db).await?.into_iter().map(read).collect()
}

/// Links in this state, oldest first, after `after`.
pub async fn list(
    db: &impl Read,
    state: LinkState,
    after: Option<SubmissionId>,
    limit: u64,
) -> Result<Vec<Submission>> {
    let mut find = submission::Entity::find().filter(submission::Column::State.eq(state.as_str()));
    if let Some(after) = after {
        find = find.filter(submission::Column::Id.gt(after.to_string()));
    }
    find.order_by_asc(submission::Column::Id).limit(limit).all(db).await?.into_iter().map(read).collect()
}

/// How many of the member's links wait for somebody to look.
pub async fn count_waiting_of(db: &impl Read, member: MemberId) -> Result<u64> {
    let waiting = submission::Entity::find()
        .filter(submission::Column::Member.eq(member.to_string()))
        .filter(submission::Column::State.eq(LinkState::Waiting.as_str()));
    Ok(waiting.count(db).await?)
}

/// How many wait for somebody to look.
pub async fn count_waiting(db: &impl Read) -> Result<u64> {
    let waiting = submission::Entity::find().filter(submission::Column::State.eq(LinkState::Waiting.as_str()));
    Ok(waiting.count(db).await?)
}

fn read(row: submission::Model) -> Result<Submission> {
    let unknown = |what: &str| Error::internal(format!("the link {} has an unknown {what}", row.id));
    Ok(Submission {
        state: LinkState::parse(&row.state).ok_or_else(|| unknown("state"))?,
        disclosure: Disclosure::parse(&row.disclosure).ok_or_else(|| unknown("disclosure"))?,
        id: row.id.parse().map_err(Error::internal)?,
        member: row.member.parse().map_err(Error::internal)?,
        url: row.url,
        url_key: row.url_key,
        kind: row.r#type,
        sentence: row.sentence,
        happened_at: from_millis(row.happened_at),
        submitted_at: from_millis(row.submitted_at),
        reason: row.reason,
        contribution: row.contribution,
    })
}
