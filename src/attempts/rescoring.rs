//! An item that turned out to be broken is voided: what that would change, and then new score runs and facts for everybody who had it.
//!
//! The decision is one audited change. What follows is done attempt by attempt, each in a change of its own, and taken up again after a crash: an attempt is
//! done once it has a run whose cause is the voided item. A credential whose basis falls stays as it is; the ledger tells, and a review opens.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Query;
use serde_json::json;
use waymark_assess::attempt::Attempt as Life;
use waymark_assess::grade::Treatment;
use waymark_assess::item::VersionHash;

use super::closing::{Released, Run, fact, origin, released, run, score, terms, write_run};
use super::entity::{attempt, form, score_run, voided_item};
use super::service::{Attempt, form as form_of, lock, read};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{AuditEntry, Change, Kind, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Code, Error, Fault, Result};
use crate::exams::{self, Exam};
use crate::facts;
use crate::ids::{AttemptId, ExamId, MemberId, VoidedItemId};

/// Why an item is voided, for the audit log, in characters.
pub const LONGEST_VOID_REASON: usize = 500;

/// A version of an item that somebody sat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sat {
    pub slug: String,
    pub version: VersionHash,
    /// In how many closed attempts.
    pub attempts: usize,
    pub voided: Option<Treatment>,
}

/// An item that was voided at an exam: who did it, when, why and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VoidedItem {
    pub slug: String,
    pub version: String,
    pub treatment: Option<Treatment>,
    pub reason: String,
    pub actor: String,
    pub at: Timestamp,
}

/// The items that were voided at an exam, the latest one first.
pub(super) async fn voided_of(db: &impl Read, exam: ExamId) -> Result<Vec<VoidedItem>> {
    let rows = voided_item::Entity::find()
        .filter(voided_item::Column::Exam.eq(exam.to_string()))
        .order_by_desc(voided_item::Column::At)
        .order_by_desc(voided_item::Column::Id)
        .all(db)
        .await?;
    let voided = |row: voided_item::Model| VoidedItem {
        treatment: Treatment::parse(&row.treatment),
        slug: row.item,
        version: row.version,
        reason: row.reason,
        actor: row.actor,
        at: from_millis(row.at),
    };
    Ok(rows.into_iter().map(voided).collect())
}

/// What voiding an item would do to one attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct Altered {
    pub attempt: AttemptId,
    pub member: MemberId,
    pub before: Released,
    pub after: Released,
    pub released: bool,
}

impl Altered {
    /// Whether the verdict is another.
    pub fn flips(&self) -> bool {
        self.before.passed != self.after.passed
    }
}

/// The versions of items that stand in closed attempts at the exam, by slug.
pub async fn sat(db: &impl Read, exam: ExamId) -> Result<Vec<Sat>> {
    let mut counts: BTreeMap<(String, VersionHash), usize> = BTreeMap::new();
    for attempt in closed(db, exam, None).await? {
        for position in form_of(db, attempt.id).await?.positions() {
            *counts.entry((position.slug.clone(), position.item)).or_default() += 1;
        }
    }
    let rows = voided_item::Entity::find().filter(voided_item::Column::Exam.eq(exam.to_string())).all(db).await?;
    let voided: BTreeMap<String, Option<Treatment>> =
        rows.into_iter().map(|row| (row.version, Treatment::parse(&row.treatment))).collect();
    let sat = |((slug, version), attempts)| Sat {
        voided: voided.get(&VersionHash::to_string(&version)).copied().flatten(),
        slug,
        version,
        attempts,
    };
    Ok(counts.into_iter().map(sat).collect())
}

/// What became of those items of the attempt that were voided.
pub(super) async fn voided_in(db: &impl Read, attempt: &Attempt, exam: &Exam) -> Result<Vec<Treatment>> {
    let terms = terms(db, exam).await?;
    if terms.voided.is_empty() {
        return Ok(vec![]);
    }
    let form = form_of(db, attempt.id).await?;
    Ok(form.positions().iter().filter_map(|position| terms.voided.get(&position.item).copied()).collect())
}

/// The version that a slug means: the one that was sat, or of several the one whose hash begins so.
///
/// # Errors
/// Nobody sat it; several versions were sat and none is named.
pub async fn which(db: &impl Read, exam: ExamId, slug: &str, version: Option<&str>) -> Result<Sat> {
    let begins = |sat: &Sat| version.is_none_or(|v| v.len() >= 8 && sat.version.to_string().starts_with(v));
    let mut found: Vec<Sat> = sat(db, exam).await?.into_iter().filter(|s| s.slug == slug && begins(s)).collect();
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        (None, _) => {
            let detail =
                "no closed attempt at this exam has this item: look at its id, and at its version if you named one";
            Err(Error::invalid(vec![Fault::new("/item", "not_sat", detail)]))
        }
        (Some(one), false) => {
            found.push(one);
            let named: Vec<String> = found.iter().map(|s| s.version.to_string()[..16].to_owned()).collect();
            let detail = format!("several versions of it were sat: name one in `version`: {}", named.join(", "));
            Err(Error::invalid(vec![Fault::new("/version", "several_versions", detail)]))
        }
    }
}

/// What voiding would change, attempt by attempt; writes nothing.
pub async fn preview(db: &impl Read, exam: ExamId, version: VersionHash, how: Treatment) -> Result<Vec<Altered>> {
    let mut all = vec![];
    for attempt in closed(db, exam, Some(version)).await? {
        let Life::Closed(closed) = attempt.life else { continue };
        let Some(row) = run(db, attempt.id).await? else { continue };
        let of = exams::by_id(db, exam, attempt.exam_version).await?;
        let mut terms = terms(db, &of).await?;
        terms.voided.insert(version, how);
        let after = score(db, &attempt, &closed, &of, terms).await?.to_stored();
        all.push(Altered {
            attempt: attempt.id,
            member: attempt.member,
            before: released(&row.stored)?,
            after: released(&after)?,
            released: row.released_at.is_some(),
        });
    }
    Ok(all)
}

/// Voids a version of an item at this exam: one audit row with what follows from it. [`rescore_due`] carries it out. Answers what changes.
///
/// # Errors
/// No reason, or one that is too long; voided before.
pub async fn void_item(
    app: &App,
    actor: Actor,
    exam: &Exam,
    sat: &Sat,
    how: Treatment,
    reason: &str,
) -> Result<Vec<Altered>> {
    let reason = reason.trim();
    if !(1..=LONGEST_VOID_REASON).contains(&reason.chars().count()) {
        let detail = format!("say why, in 1 to {LONGEST_VOID_REASON} characters");
        return Err(Error::invalid(vec![Fault::new("/reason", "reason_needed", detail)]));
    }
    let changes = preview(app.db.read(), exam.id, sat.version, how).await?;
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    let same = voided_item::Entity::find()
        .filter(voided_item::Column::Exam.eq(exam.id.to_string()))
        .filter(voided_item::Column::Version.eq(sat.version.to_string()));
    if same.count(ch.tx()).await? > 0 {
        return Err(Error::new(Code::Conflict));
    }
    let id: VoidedItemId = ch.id();
    let row = voided_item::ActiveModel {
        id: Set(id.to_string()),
        exam: Set(exam.id.to_string()),
        item: Set(sat.slug.clone()),
        version: Set(sat.version.to_string()),
        treatment: Set(how.as_str().to_owned()),
        reason: Set(reason.to_owned()),
        actor: Set(actor.to_string()),
        at: Set(millis(ch.now)),
        done_at: Set(None),
    };
    voided_item::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    let flips = |passed: bool| changes.iter().filter(|c| c.flips() && c.after.passed == passed).count();
    let detail = json!({
        "item": sat.slug, "version": sat.version.to_string(), "treatment": how.as_str(), "reason": reason,
        "attempts": changes.len(), "now_pass": flips(true), "now_fail": flips(false),
    });
    ch.audit(AuditEntry::new("item.void", exam.id, detail)).await?;
    ch.commit().await?;
    Ok(changes)
}

/// Scores again whatever waits for it; answers how many attempts there were.
pub async fn rescore_due(app: &App) -> Result<usize> {
    let mut done = 0;
    let waiting = voided_item::Entity::find()
        .filter(voided_item::Column::DoneAt.is_null())
        .order_by_asc(voided_item::Column::Id)
        .all(app.db.read())
        .await?;
    for row in waiting {
        let exam: ExamId = row.exam.parse().map_err(Error::internal)?;
        let version: VersionHash = row.version.parse().map_err(Error::internal)?;
        for attempt in closed(app.db.read(), exam, Some(version)).await? {
            done += usize::from(rescore(app, &attempt, &row.id).await?);
        }
        let ch = app.db.change(Actor::System("attempts"), Kind::Ordinary).await?;
        voided_item::Entity::update_many()
            .col_expr(voided_item::Column::DoneAt, Expr::value(millis(ch.now)))
            .filter(voided_item::Column::Id.eq(row.id))
            .exec(ch.tx())
            .await?;
        ch.commit().await?;
    }
    Ok(done)
}

/// One attempt, once: a new run in the place of the one that counted, and where that was released a new fact in the place of the old one.
async fn rescore(app: &App, attempt: &Attempt, cause: &str) -> Result<bool> {
    let mut ch = app.db.change(Actor::System("attempts"), Kind::Ordinary).await?;
    let attempt = lock(&mut ch, attempt.id, attempt.member).await?;
    let known = score_run::Entity::find()
        .filter(score_run::Column::Attempt.eq(attempt.id.to_string()))
        .filter(score_run::Column::Cause.eq(cause));
    let Life::Closed(closed) = attempt.life else { return Ok(false) };
    let Some(before) = run(ch.tx(), attempt.id).await?.filter(|_| closed.scored) else { return Ok(false) };
    if known.count(ch.tx()).await? > 0 {
        return Ok(false);
    }
    let exam = exams::by_id(ch.tx(), attempt.exam, attempt.exam_version).await?;
    let terms = terms(ch.tx(), &exam).await?;
    let scored = score(ch.tx(), &attempt, &closed, &exam, terms).await?;
    let number = before.run + 1;
    let stored = scored.to_stored();
    let released_at = before.released_at.map(|_| millis(ch.now));
    let next = Run { number, cause: Some(cause.to_owned()), released_at, release_at: before.release_at };
    write_run(&mut ch, attempt.id, &scored, next).await?;
    if before.released_at.is_some() && !exam.spec.sitting.practice {
        renew_fact(&mut ch, &attempt, &exam, &before, &released(&stored)?, number).await?;
        ch.tell(&DomainEvent::ResultReleased { attempt: attempt.id }).await?;
    }
    ch.commit().await?;
    Ok(true)
}

async fn renew_fact(
    ch: &mut Change<'_>,
    attempt: &Attempt,
    exam: &Exam,
    before: &score_run::Model,
    now: &Released,
    number: i32,
) -> Result<()> {
    let Life::Closed(closed) = attempt.life else { return Ok(()) };
    if let Some(old) = facts::by_origin(ch.tx(), &origin(attempt.id, before.run)).await? {
        facts::void(ch, old, "an item of the exam was voided").await?;
    }
    let new = fact(attempt, &closed, exam, now, number)?;
    facts::record(ch, new).await?;
    Ok(())
}

/// Scored attempts at an exam, all or those whose form has a version, the first one first.
async fn closed(db: &impl Read, exam: ExamId, version: Option<VersionHash>) -> Result<Vec<Attempt>> {
    let mut find = attempt::Entity::find()
        .filter(attempt::Column::Exam.eq(exam.to_string()))
        .filter(attempt::Column::State.eq("scored"))
        .order_by_asc(attempt::Column::Id);
    if let Some(version) = version {
        let with = Query::select()
            .column(form::Column::Attempt)
            .from(form::Entity)
            .and_where(form::Column::Stored.contains(version.to_string()))
            .to_owned();
        find = find.filter(attempt::Column::Id.in_subquery(with));
    }
    find.all(db).await?.into_iter().map(read).collect()
}
