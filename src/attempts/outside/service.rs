//! Taking results in, telling a repetition from a correction, and saying whose a held one is.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use waymark_assess::Rational;
use waymark_assess::score::Cut;
use waymark_criteria::{Amount, Detail, ObjectKey, Score as Points};

use super::entity as row;
use super::entry::Entry;
use crate::access::{self, Sender};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, millis};
use crate::database::{AuditEntry, Change, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::exams::{self, Exam};
use crate::facts::{self, NewFact};
use crate::ids::{FactId, MemberId, OutsideResultId};
use crate::members;

/// What became of one result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It counts; as a correction of the version named, where it is one.
    Accepted {
        id: OutsideResultId,
        corrects: Option<i32>,
    },
    Duplicate {
        id: OutsideResultId,
    },
    /// Nobody is known under the candidate's name.
    Held {
        id: OutsideResultId,
        corrects: Option<i32>,
    },
}

/// How many points there are where the result does not say: as many as our exam has positions that count; of fixed forms, in the one with the most.
pub async fn most_points(app: &App, exam: &Exam) -> Result<Rational> {
    let plan = exams::plan(app, exam).await?;
    let most = plan.map_or(0, |plan| plan.forms().map(|(_, scored)| scored).max().unwrap_or_else(|| plan.scored()));
    Ok(Rational::from(most))
}

/// In whose name this actor sends results of the exam.
///
/// # Errors
/// [`Code::SourceNotAdmitted`], for everybody but staff and the sources that the exam admits.
pub async fn admitted(db: &impl Read, exam: &Exam, actor: Actor) -> Result<Sender> {
    let sender = access::sender(db, actor).await?;
    let may = match &sender {
        Sender::Staff => true,
        Sender::Source(source) => exam.spec.outside.admits(source),
        Sender::Nobody => false,
    };
    if may { Ok(sender) } else { Err(Error::new(Code::SourceNotAdmitted).with("exam", exam.spec.slug.clone())) }
}

/// Takes one result in. `most` is [`most_points`].
///
/// # Errors
/// A sender whom the exam does not admit; more points than there are; an exam for practice; another's result, or one that staff took back; of staff, their
/// own.
pub async fn receive(ch: &mut Change<'_>, exam: &Exam, most: Rational, entry: &Entry) -> Result<Outcome> {
    let sender = admitted(ch.tx(), exam, ch.actor).await?;
    if exam.spec.sitting.practice {
        let detail = "this exam is for practice: its results count for nothing";
        return Err(Error::invalid(vec![Fault::new("", "practice_exam", detail)]));
    }
    let of = entry.of.unwrap_or(most);
    if entry.points > of || of == Rational::from(0) {
        let detail = format!("the exam has {of} points: send `of` where the form has another number");
        return Err(Error::invalid(vec![Fault::new("/score", "more_than_all", detail)]));
    }
    // A result that is held now becomes a fact some day.
    amount(entry.points)?;
    amount(of)?;
    let identity = identity(exam, entry);
    ch.take_turn(&format!("outside result {identity}")).await?;
    let last = row::Entity::find()
        .filter(row::Column::Identity.eq(identity.as_str()))
        .order_by_desc(row::Column::Version)
        .limit(1)
        .one(ch.tx())
        .await?;
    let newest = last.as_ref().map_or(0, |known| known.version);
    // The last version counts or is held, unless staff took it back.
    let (before, taken_back) = match last {
        Some(known) if known.live.is_some() => (Some(known), false),
        other => (None, other.is_some()),
    };
    if taken_back && sender != Sender::Staff {
        let detail = "staff took this result back: talk to them, only they take it in anew";
        return Err(Error::invalid(vec![Fault::new("", "taken_back", detail)]));
    }
    let content = entry.content().to_string();
    if let Some(known) = before.as_ref().filter(|known| known.content == content) {
        return Ok(Outcome::Duplicate { id: known.id.parse().map_err(Error::internal)? });
    }
    if let Some(known) = &before
        && !may_correct(ch.tx(), &sender, known).await?
    {
        let detail = "another sender's result has this identity, and only that sender corrects it";
        return Err(Error::invalid(vec![Fault::new("", "another_sender", detail)]));
    }
    let (id, version): (OutsideResultId, i32) = (ch.id(), newest + 1);
    let member = match named(ch.tx(), &entry.candidate).await? {
        Some(member) => Some(member),
        // Staff said who it is: a correction does not ask again.
        None => before
            .as_ref()
            .filter(|known| known.candidate == entry.candidate)
            .and_then(|known| known.member.as_deref())
            .map(|id| id.parse().map_err(Error::internal))
            .transpose()?,
    };
    if sender == Sender::Staff {
        let corrected = before.as_ref().and_then(|known| known.member.as_deref());
        let corrected: Option<MemberId> = corrected.map(|id| id.parse().map_err(Error::internal)).transpose()?;
        if is_own(ch, member).await? || is_own(ch, corrected).await? {
            let detail = "nobody sends or corrects a result of their own: ask somebody else of the staff";
            return Err(Error::invalid(vec![Fault::new("/candidate", "own_result", detail)]));
        }
    }
    let corrects = before.as_ref().map(|known| known.version);
    if let Some(known) = before {
        retire(ch, &known, version).await?;
    }
    let fact = match member {
        Some(member) => Some(record(ch, exam, member, entry, of, id).await?),
        None => None,
    };
    let new = row::ActiveModel {
        id: Set(id.to_string()),
        exam: Set(exam.id.to_string()),
        identity: Set(identity.clone()),
        version: Set(version),
        candidate: Set(entry.candidate.clone()),
        member: Set(member.map(|member| member.to_string())),
        content: Set(content),
        delivered_by: Set(entry.delivered_by.clone()),
        sent_by: Set(ch.actor.to_string()),
        happened_at: Set(millis(entry.at)),
        received_at: Set(millis(ch.now)),
        fact: Set(fact.map(|fact| fact.to_string())),
        live: Set(Some(identity)),
        replaced_by: Set(None),
    };
    row::Entity::insert(new).exec_without_returning(ch.tx()).await?;
    Ok(match fact {
        Some(_) => Outcome::Accepted { id, corrects },
        None => Outcome::Held { id, corrects },
    })
}

/// Two reports are of the same result by the deliverer's own number, or else by exam, candidate, form and time.
fn identity(exam: &Exam, entry: &Entry) -> String {
    let what = match &entry.reference {
        Some(reference) => json!([exam.id, entry.delivered_by, reference]),
        None => json!([exam.id, entry.delivered_by, entry.candidate, entry.form, millis(entry.at)]),
    };
    Sha256::digest(what.to_string()).iter().map(|b| format!("{b:02x}")).collect()
}

/// Whom the candidate's name leads to today.
pub async fn named(db: &impl Read, candidate: &str) -> Result<Option<MemberId>> {
    let found = if let Ok(id) = candidate.parse::<MemberId>() {
        let id = members::resolve(db, id).await?;
        members::exists(db, id).await?.then_some(id)
    } else if let Some(handle) = candidate.strip_prefix("handle:") {
        members::by_handle(db, handle).await?
    } else {
        let address = members::email_address(candidate.strip_prefix("mailto:").unwrap_or(candidate));
        match address {
            Ok(address) => members::by_verified_email(db, &address).await?,
            Err(_) => None,
        }
    };
    match found {
        Some(id) => Ok(Some(members::resolve(db, id).await?)),
        None => Ok(None),
    }
}

/// Staff correct everything, a source only what it sent first itself: the name of the deliverer is whatever a sender writes.
async fn may_correct(db: &impl Read, sender: &Sender, known: &row::Model) -> Result<bool> {
    if *sender == Sender::Staff {
        return Ok(true);
    }
    let first = row::Entity::find()
        .filter(row::Column::Identity.eq(known.identity.as_str()))
        .filter(row::Column::Version.eq(1))
        .one(db)
        .await?
        .ok_or_else(|| Error::internal(format!("{} has no first version", known.id)))?;
    match Actor::parse(&first.sent_by) {
        Some(first) => Ok(access::sender(db, first).await? == *sender),
        None => Ok(false),
    }
}

/// Takes back what a version counted for.
async fn retire(ch: &mut Change<'_>, known: &row::Model, by: i32) -> Result<()> {
    if let Some(fact) = &known.fact {
        facts::void(ch, fact.parse().map_err(Error::internal)?, "a corrected result took its place").await?;
    }
    row::Entity::update_many()
        .col_expr(row::Column::Live, Expr::value(Option::<String>::None))
        .col_expr(row::Column::ReplacedBy, Expr::value(by))
        .filter(row::Column::Id.eq(known.id.as_str()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// Points as a fact holds them: its fractions are shorter than those of a score.
fn amount(points: Rational) -> Result<Amount> {
    Amount::fraction(points.numerator(), points.denominator()).map_err(|_| {
        let detail = "this number has too many digits to be kept exactly: round it";
        Error::invalid(vec![Fault::new("/score", "not_points", detail)])
    })
}

async fn record(
    ch: &mut Change<'_>,
    exam: &Exam,
    member: MemberId,
    entry: &Entry,
    of: Rational,
    id: OutsideResultId,
) -> Result<FactId> {
    let cut = match exam.spec.scoring.cut {
        Cut::Points(points) => Some(Amount::whole(points.into())),
        _ => None,
    };
    let fact = NewFact {
        member,
        happened_at: entry.at,
        object: Some(ObjectKey::try_from(id.to_string()).map_err(Error::internal)?),
        giver: None,
        amount: Amount::ONE,
        detail: Detail::Exam {
            slug: exam.spec.slug.clone(),
            passed: exam.spec.scoring.cut.is_passed_by(entry.points, of),
            score: Some(Points { points: amount(entry.points)?, of: amount(of)?, cut, scaled: None }),
            delivered_by: Some(entry.delivered_by.clone()),
        },
        origin: format!("outside:{id}"),
    };
    facts::record(ch, fact).await
}

/// Refuses everybody but staff: what a source sent, it does not also decide on.
///
/// # Errors
/// [`Code::SourceNotAdmitted`].
pub(super) async fn staff_only(ch: &Change<'_>, exam: &Exam) -> Result<()> {
    match access::sender(ch.tx(), ch.actor).await? {
        Sender::Staff => Ok(()),
        _ => Err(Error::new(Code::SourceNotAdmitted).with("exam", exam.spec.slug.clone())),
    }
}

/// Whether it is about whoever acts, in person or by a key that they made.
pub(super) async fn is_own(ch: &Change<'_>, member: Option<MemberId>) -> Result<bool> {
    match (access::behind(ch.tx(), ch.actor).await?, member) {
        (Actor::Member(person), Some(member)) => {
            Ok(members::resolve(ch.tx(), person).await? == members::resolve(ch.tx(), member).await?)
        }
        _ => Ok(false),
    }
}

/// Says whose a held result is; it counts from then on. The change is to be privileged: this writes its row in the audit log.
///
/// # Errors
/// Somebody who is not of staff, or says that it is their own; no such held result of the exam; no such member.
pub async fn assign(
    ch: &mut Change<'_>,
    exam: &Exam,
    most: Rational,
    id: OutsideResultId,
    member: MemberId,
) -> Result<()> {
    staff_only(ch, exam).await?;
    let held = row::Entity::find_by_id(id.to_string()).lock_exclusive().one(ch.tx()).await?;
    let held = held.filter(|held| held.exam == exam.id.to_string()).ok_or_else(Error::not_found)?;
    if held.live.is_none() || held.fact.is_some() {
        return Err(Error::new(Code::Conflict));
    }
    let member = members::resolve(ch.tx(), member).await?;
    if !members::exists(ch.tx(), member).await? {
        return Err(Error::not_found());
    }
    if is_own(ch, Some(member)).await? {
        return Err(Error::new(Code::OwnAttempt));
    }
    let mut content: Value = serde_json::from_str(&held.content)?;
    content["delivered_by"] = json!(held.delivered_by);
    let entry = Entry::read(&content, "", Timestamp::MAX)
        .map_err(|faults| Error::internal(format!("{id}: {} faults in what was kept", faults.len())))?;
    let of = entry.of.unwrap_or(most);
    let fact = record(ch, exam, member, &entry, of, id).await?;
    row::Entity::update_many()
        .col_expr(row::Column::Member, Expr::value(member.to_string()))
        .col_expr(row::Column::Fact, Expr::value(fact.to_string()))
        .filter(row::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    ch.audit(AuditEntry::new("outside_result.assign", id, json!({"exam": exam.id, "member": member}))).await
}
