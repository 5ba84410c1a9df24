//! Taking results in, reconciling them, and saying whose a held one is.

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
use crate::access;
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
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

/// How many points there are where the result does not say: as many as our exam has positions.
pub async fn most_points(app: &App, exam: &Exam) -> Result<Rational> {
    let plan = exams::plan(app, exam).await?;
    Ok(plan.map_or(Rational::from(0), |plan| Rational::from(plan.positions())))
}

/// Takes one result in. `most` is [`most_points`].
///
/// # Errors
/// More points than there are; an exam for practice.
pub async fn receive(ch: &mut Change<'_>, exam: &Exam, most: Rational, entry: &Entry) -> Result<Outcome> {
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
    let before = row::Entity::find().filter(row::Column::Live.eq(identity.as_str())).one(ch.tx()).await?;
    let content = entry.content().to_string();
    if let Some(known) = before.as_ref().filter(|known| known.content == content) {
        return Ok(Outcome::Duplicate { id: known.id.parse().map_err(Error::internal)? });
    }
    if let Some(known) = &before
        && !may_correct(ch.tx(), ch.actor, known).await?
    {
        let detail = "another sender's result has this identity, and only that sender corrects it";
        return Err(Error::invalid(vec![Fault::new("", "another_sender", detail)]));
    }
    let (id, version): (OutsideResultId, i32) = (ch.id(), before.as_ref().map_or(0, |known| known.version) + 1);
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
async fn named(db: &impl Read, candidate: &str) -> Result<Option<MemberId>> {
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
async fn may_correct(db: &impl Read, actor: Actor, known: &row::Model) -> Result<bool> {
    let Some(source) = access::source_of(db, actor).await? else { return Ok(true) };
    let first = row::Entity::find()
        .filter(row::Column::Identity.eq(known.identity.as_str()))
        .filter(row::Column::Version.eq(1))
        .one(db)
        .await?
        .ok_or_else(|| Error::internal(format!("{} has no first version", known.id)))?;
    match Actor::parse(&first.sent_by) {
        Some(sender) => Ok(access::source_of(db, sender).await? == Some(source)),
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

/// Says whose a held result is; it counts from then on. The change is to be privileged: this writes its row in the audit log.
///
/// # Errors
/// No such held result of the exam; no such member.
pub async fn assign(
    ch: &mut Change<'_>,
    exam: &Exam,
    most: Rational,
    id: OutsideResultId,
    member: MemberId,
) -> Result<()> {
    let held = row::Entity::find_by_id(id.to_string()).lock_exclusive().one(ch.tx()).await?;
    let held = held.filter(|held| held.exam == exam.id.to_string()).ok_or_else(Error::not_found)?;
    if held.live.is_none() || held.fact.is_some() {
        return Err(Error::new(Code::Conflict));
    }
    let member = members::resolve(ch.tx(), member).await?;
    if !members::exists(ch.tx(), member).await? {
        return Err(Error::not_found());
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

/// One version of a result, for staff.
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    pub id: String,
    pub version: i32,
    pub candidate: String,
    pub member: Option<String>,
    pub content: Value,
    pub delivered_by: String,
    pub happened_at: Timestamp,
    pub received_at: Timestamp,
    pub fact: Option<String>,
    /// Whether it is the version that stands.
    pub live: bool,
}

impl Received {
    pub fn state(&self) -> &'static str {
        match (self.live, &self.fact) {
            (false, _) => "corrected",
            (true, Some(_)) => "accepted",
            (true, None) => "held",
        }
    }
}

/// The results of an exam from outside, those received last first.
pub async fn received(db: &impl Read, exam: &Exam, before: Option<&str>, limit: u64) -> Result<Vec<Received>> {
    let mut find = row::Entity::find()
        .filter(row::Column::Exam.eq(exam.id.to_string()))
        .order_by_desc(row::Column::Id)
        .limit(limit);
    if let Some(before) = before {
        find = find.filter(row::Column::Id.lt(before));
    }
    let read = |row: row::Model| {
        Ok(Received {
            content: serde_json::from_str(&row.content)?,
            happened_at: from_millis(row.happened_at),
            received_at: from_millis(row.received_at),
            live: row.live.is_some(),
            id: row.id,
            version: row.version,
            candidate: row.candidate,
            member: row.member,
            delivered_by: row.delivered_by,
            fact: row.fact,
        })
    };
    find.all(db).await?.into_iter().map(read).collect()
}
