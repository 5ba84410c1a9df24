//! Proposing, and what becomes of a proposal. Each verb writes its own audit row: the change must be privileged.

use sea_orm::entity::prelude::*;
use serde_json::json;
use waymark_criteria::{Amount, Detail};

use super::entity as title;
use super::find::{self, TitleTerm, running};
use super::lifecycle::{State, Step};
use super::term::Term;
use crate::access;
use crate::actor::Actor;
use crate::clock::{millis, rfc3339};
use crate::database::{AuditEntry, Change};
use crate::error::{Code, Error, Fault, Result};
use crate::facts::{self, NewFact};
use crate::ids::{MemberId, TitleTermId, TrackId};
use crate::members;
use crate::tracks::{self, TrackVersion};

const LONGEST_REASON: usize = 1000;
const LONGEST_PUBLIC: usize = 300;
/// For how long a link that was handed over is told, to its member and here.
const LINK_TOLD: time::Duration = time::Duration::days(30);

/// A term that somebody proposes.
#[derive(Debug, Clone)]
pub struct NewTerm<'n> {
    pub track: TrackId,
    pub member: MemberId,
    pub term: Term,
    pub reason: &'n str,
    pub public_reason: Option<&'n str>,
}

/// Proposes a title for a member. It is nobody's until another person confirms it.
///
/// # Errors
/// No person, or the member themselves; a track that people do not decide on; no reason; a term that begins before the one before it ends; a
/// proposal that waits already.
pub async fn propose(ch: &mut Change<'_>, new: NewTerm<'_>) -> Result<TitleTerm> {
    let person = person(ch).await?;
    let member = members::find(ch.tx(), new.member).await?.id;
    let track = decided_title(ch, new.track).await?;
    if person == member {
        return Err(Error::new(Code::OwnTitle));
    }
    let public = new.public_reason.map(str::trim).filter(|text| !text.is_empty());
    let mut faults = vec![];
    let reason = sentence("/reason", new.reason, LONGEST_REASON).unwrap_or_else(|fault| {
        faults.push(fault);
        ""
    });
    if let Some(Err(fault)) = public.map(|text| sentence("/public_reason", text, LONGEST_PUBLIC)) {
        faults.push(fault);
    }
    ch.take_turn(&turn(member)).await?;
    let before = running(ch.tx(), member, track.track, ch.now).await?;
    if let Some(last) = before.iter().map(|term| term.until).max().filter(|end| new.term.from < *end) {
        let detail = format!("a term is decided until {}: the next begins there or later", rfc3339(last));
        faults.push(Fault::new("/from", "too_early", detail));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let open = format!("{member} {}", track.track);
    if title::Entity::find().filter(title::Column::Open.eq(&open)).one(ch.tx()).await?.is_some() {
        return Err(conflict(State::Proposed));
    }
    let id: TitleTermId = ch.id();
    let row = title::Model {
        id: id.to_string(),
        track: track.track.to_string(),
        member: member.to_string(),
        state: State::Proposed.as_str().to_owned(),
        from_at: millis(new.term.from),
        until_at: millis(new.term.until),
        reason: reason.to_owned(),
        public_reason: public.map(str::to_owned),
        proposed_by: person.to_string(),
        proposed_at: millis(ch.now),
        decided_by: None,
        decided_at: None,
        decision_reason: None,
        fact: None,
        ended_by: None,
        ended_at: None,
        end_reason: None,
        open: Some(open),
    };
    title::Entity::insert(title::ActiveModel::from(row.clone())).exec_without_returning(ch.tx()).await?;
    let told = json!({"member": member, "track": track.definition.slug, "from": rfc3339(new.term.from),
                      "until": rfc3339(new.term.until), "reason": reason});
    ch.audit(AuditEntry::new("title.propose", id, told)).await?;
    find::read(row)
}

/// The second person's word: the fact is recorded, and the one path decides and issues.
///
/// # Errors
/// No person, the one who proposed it, or the member; what does not wait any more; a term that is over.
pub async fn confirm(ch: &mut Change<'_>, id: TitleTermId) -> Result<TitleTerm> {
    let (person, known) = waiting(ch, id).await?;
    another(ch, person, &known).await?;
    let track = decided_title(ch, known.track).await?;
    if known.until <= ch.now {
        let detail = "its term is over: refuse it, and propose another";
        return Err(Error::invalid(vec![Fault::new("", "term_over", detail)]));
    }
    let fact = NewFact {
        member: known.member,
        happened_at: ch.now,
        object: None,
        giver: None,
        amount: Amount::ONE,
        detail: Detail::Panel {
            title: track.definition.slug.clone(),
            from: Some(known.from),
            until: Some(known.until),
        },
        origin: format!("title:{id}"),
    };
    let fact = facts::record(ch, fact).await?;
    let update = update(Step::Confirm, known.state)?.col_expr(title::Column::Fact, Expr::value(fact.to_string()));
    decide(ch, id, person, update, None).await?;
    let first = known.proposed.person;
    let linked = signs_in_by_link_of(ch, person, first).await? || signs_in_by_link_of(ch, first, person).await?;
    let told = json!({"member": known.member, "track": track.definition.slug, "proposed_by": first, "linked": linked,
                      "from": rfc3339(known.from), "until": rfc3339(known.until), "fact": fact});
    ch.audit(AuditEntry::new("title.confirm", id, told)).await?;
    find::find(ch.tx(), id).await
}

/// The second person says no, and why.
pub async fn refuse(ch: &mut Change<'_>, id: TitleTermId, reason: &str) -> Result<TitleTerm> {
    let (person, known) = waiting(ch, id).await?;
    another(ch, person, &known).await?;
    let reason = sentence("/reason", reason, LONGEST_REASON).map_err(|fault| Error::invalid(vec![fault]))?;
    decide(ch, id, person, update(Step::Refuse, known.state)?, Some(reason)).await?;
    ch.audit(AuditEntry::new("title.refuse", id, json!({"member": known.member, "reason": reason}))).await?;
    find::find(ch.tx(), id).await
}

/// Whoever proposed it takes it back. Somebody else refuses it.
pub async fn withdraw(ch: &mut Change<'_>, id: TitleTermId) -> Result<TitleTerm> {
    let (person, known) = waiting(ch, id).await?;
    if members::resolve(ch.tx(), known.proposed.person).await? != person {
        return Err(Error::new(Code::Forbidden).with("needs", "titles-proposer"));
    }
    decide(ch, id, person, update(Step::Withdraw, known.state)?, None).await?;
    ch.audit(AuditEntry::new("title.withdraw", id, json!({"member": known.member}))).await?;
    find::find(ch.tx(), id).await
}

/// Ends a term before its time, and with it the terms that were to follow. Their facts are taken back; a review asks staff what becomes of
/// the credential. Answers the term.
pub async fn end(ch: &mut Change<'_>, id: TitleTermId, reason: &str) -> Result<TitleTerm> {
    let person = person(ch).await?;
    let known = find::find(ch.tx(), id).await?;
    ch.take_turn(&turn(known.member)).await?;
    let known = find::find(ch.tx(), id).await?;
    not_own(ch, person, &known).await?;
    let reason = sentence("/reason", reason, LONGEST_REASON).map_err(|fault| Error::invalid(vec![fault]))?;
    if Step::End.from(known.state).is_none() || known.until <= ch.now {
        return Err(conflict(known.state));
    }
    let following = running(ch.tx(), known.member, known.track, ch.now).await?;
    let mut ended = vec![];
    for term in following.into_iter().filter(|term| term.from >= known.from) {
        if let Some(fact) = term.fact {
            facts::void(ch, fact, reason).await?;
        }
        update(Step::End, term.state)?
            .col_expr(title::Column::EndedBy, Expr::value(person.to_string()))
            .col_expr(title::Column::EndedAt, Expr::value(millis(ch.now)))
            .col_expr(title::Column::EndReason, Expr::value(reason))
            .filter(title::Column::Id.eq(term.id.to_string()))
            .exec(ch.tx())
            .await?;
        ended.push(term.id);
    }
    let told = json!({"member": known.member, "reason": reason, "ended": ended});
    ch.audit(AuditEntry::new("title.end", id, told)).await?;
    find::find(ch.tx(), id).await
}

/// What is done to a member's titles is done one after the other.
fn turn(member: MemberId) -> String {
    format!("titles {member}")
}

/// The named person who acts: no key, no command line.
pub(super) async fn person(ch: &Change<'_>) -> Result<MemberId> {
    match ch.actor {
        Actor::Member(who) => members::resolve(ch.tx(), who).await,
        _ => Err(Error::new(Code::Forbidden).with("needs", "own-session")),
    }
}

/// The person who acts, and the proposal, which waits. Nobody else decides on it meanwhile.
async fn waiting(ch: &Change<'_>, id: TitleTermId) -> Result<(MemberId, TitleTerm)> {
    let person = person(ch).await?;
    let known = find::find(ch.tx(), id).await?;
    ch.take_turn(&turn(known.member)).await?;
    let known = find::find(ch.tx(), id).await?;
    if known.state == State::Proposed { Ok((person, known)) } else { Err(conflict(known.state)) }
}

/// Neither the member nor the first person: two ids that were merged are one person.
async fn another(ch: &Change<'_>, person: MemberId, known: &TitleTerm) -> Result<()> {
    not_own(ch, person, known).await?;
    if members::resolve(ch.tx(), known.proposed.person).await? == person {
        return Err(Error::new(Code::SamePerson));
    }
    Ok(())
}

/// Whether `maker` lately handed `member` a link to sign in, and so could have acted as them: allowed where there is no mail, but kept with the
/// confirmation, for an auditor to ask whether there were two.
async fn signs_in_by_link_of(ch: &Change<'_>, member: MemberId, maker: MemberId) -> Result<bool> {
    let by = Actor::Member(maker).to_string();
    Ok(access::links_of(ch.tx(), member, ch.now - LINK_TOLD).await?.iter().any(|(_, made_by)| *made_by == by))
}

pub(super) async fn not_own(ch: &Change<'_>, person: MemberId, known: &TitleTerm) -> Result<()> {
    if members::resolve(ch.tx(), known.member).await? == person {
        return Err(Error::new(Code::OwnTitle));
    }
    Ok(())
}

/// The version of today of a track that people decide on.
async fn decided_title(ch: &Change<'_>, track: TrackId) -> Result<TrackVersion> {
    let version = tracks::find(ch.tx(), track).await?;
    if version.definition.is_decided_title() {
        return Ok(version);
    }
    let detail = "people decide only on a track of kind title whose requirement is `panel` with its own slug and whose standing is `decided`";
    Err(Error::invalid(vec![Fault::new("/track", "no_title", detail)]))
}

fn conflict(state: State) -> Error {
    Error::new(Code::TitleStateConflict).with("state", state.as_str()).member("state", state.as_str())
}

fn sentence<'t>(pointer: &str, text: &'t str, most: usize) -> Result<&'t str, Fault> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 || length > most || text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Fault::new(pointer, "invalid_reason", format!("write 1 to {most} characters of plain text")));
    }
    Ok(text)
}

type Update = sea_orm::UpdateMany<title::Entity>;

/// The rows that stand where the step begins, led to where it leads.
fn update(step: Step, state: State) -> Result<Update> {
    let to = step.from(state).ok_or_else(|| conflict(state))?;
    Ok(title::Entity::update_many()
        .col_expr(title::Column::State, Expr::value(to.as_str()))
        .filter(title::Column::State.eq(state.as_str())))
}

/// Writes who decided, and when; nothing waits afterwards.
async fn decide(ch: &Change<'_>, id: TitleTermId, by: MemberId, update: Update, reason: Option<&str>) -> Result<()> {
    let decided = update
        .col_expr(title::Column::DecidedBy, Expr::value(by.to_string()))
        .col_expr(title::Column::DecidedAt, Expr::value(millis(ch.now)))
        .col_expr(title::Column::DecisionReason, Expr::value(reason.map(str::to_owned)))
        .col_expr(title::Column::Open, Expr::value(Option::<String>::None))
        .filter(title::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    if decided.rows_affected == 1 { Ok(()) } else { Err(Error::new(Code::Conflict)) }
}
