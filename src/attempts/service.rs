//! Reading attempts. Every finder that a person can reach takes the member: to all others the attempt does not exist.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use waymark_assess::Form;
use waymark_assess::attempt::{Attempt as Life, Course, Navigation, Saved, Section, State};
use waymark_assess::spec::SectionSpec;

use super::clock::tell_of_clock;
use super::entity::{attempt, form, response};
use super::lifecycle::Standing;
use crate::access;
use crate::actor::Actor;
use crate::clock::{Timestamp, from_millis};
use crate::database::{Change, Read};
use crate::error::{Code, Error, Result};
use crate::exams;
use crate::ids::{AttemptId, ExamId, ExamWindowId, MemberId, VoucherId};

/// One sitting of an exam by one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub id: AttemptId,
    pub exam: ExamId,
    /// The version of the exam that it began with and keeps to.
    pub exam_version: i32,
    pub member: MemberId,
    /// Counts the member's attempts at this exam from 1.
    pub ordinal: u32,
    pub life: Life,
    /// How many saves were acknowledged.
    pub seq: u64,
    /// Where the candidate was last; 0 before the first look.
    pub last_position: u32,
    /// What staff did to it, the first one first: the candidate is told.
    pub notices: Vec<Notice>,
    /// SHA-256 of the text that was agreed to.
    pub agreement: Option<String>,
    pub window: Option<ExamWindowId>,
    pub voucher: Option<VoucherId>,
}

/// What staff did to an attempt, as its candidate reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Milliseconds since 1970.
    pub at: i64,
    /// `time_added`, `paused`, `resumed`, `ended`, `voided`, `allowed`, `downtime`.
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// The answer at a position, as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    pub saved: Saved,
    pub flagged: bool,
    pub seen: bool,
    pub saved_at: Option<Timestamp>,
}

/// The member's own attempt.
///
/// # Errors
/// Not found, for a foreign one as for one that does not exist.
pub async fn find(db: &impl Read, id: AttemptId, member: MemberId) -> Result<Attempt> {
    let row = attempt::Entity::find_by_id(id.to_string()).one(db).await?;
    own(row, member)
}

/// The member's attempt, held against other writers until the change ends.
pub(super) async fn lock(ch: &mut Change<'_>, id: AttemptId, member: MemberId) -> Result<Attempt> {
    let row = attempt::Entity::find_by_id(id.to_string()).lock_exclusive().one(ch.tx()).await?;
    own(row, member)
}

/// Any attempt, for staff and for the rooms that work on its result.
///
/// # Errors
/// Not found.
pub(super) async fn find_for_staff(db: &impl Read, id: AttemptId) -> Result<Attempt> {
    let row = attempt::Entity::find_by_id(id.to_string()).one(db).await?;
    row.map(read).transpose()?.ok_or_else(Error::not_found)
}

/// The same, held against other writers until the change ends.
pub(super) async fn hold_for_staff(ch: &mut Change<'_>, id: AttemptId) -> Result<Attempt> {
    let row = attempt::Entity::find_by_id(id.to_string()).lock_exclusive().one(ch.tx()).await?;
    row.map(read).transpose()?.ok_or_else(Error::not_found)
}

/// Staff act on the attempts of others only, not on their own.
///
/// # Errors
/// [`Code::OwnAttempt`].
pub(super) async fn of_another(ch: &Change<'_>, attempt: &Attempt) -> Result<()> {
    let actor = access::behind(ch.tx(), ch.actor).await?;
    if actor == Actor::Member(attempt.member) { Err(Error::new(Code::OwnAttempt)) } else { Ok(()) }
}

/// The attempts that are under way: of one member, or of all.
pub(super) async fn open_ones(db: &impl Read, member: Option<MemberId>) -> Result<Vec<Attempt>> {
    let mut find = attempt::Entity::find().filter(attempt::Column::State.eq("in_progress"));
    if let Some(member) = member {
        find = find.filter(attempt::Column::Member.eq(member.to_string()));
    }
    find.order_by_asc(attempt::Column::Id).all(db).await?.into_iter().map(read).collect()
}

/// The latest attempts at an exam, whatever became of them, before `before`.
pub(super) async fn at_exam(
    db: &impl Read,
    exam: ExamId,
    before: Option<AttemptId>,
    most: u64,
) -> Result<Vec<Attempt>> {
    let mut find = attempt::Entity::find().filter(attempt::Column::Exam.eq(exam.to_string()));
    if let Some(before) = before {
        find = find.filter(attempt::Column::Id.lt(before.to_string()));
    }
    let rows = find.order_by_desc(attempt::Column::Id).limit(most).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// The sections that the attempt goes through. Most exams have none; then nothing but the form is read.
pub(super) async fn course(db: &impl Read, attempt: &Attempt) -> Result<Course> {
    let exam = exams::by_id(db, attempt.exam, attempt.exam_version).await?;
    let form = form(db, attempt.id).await?;
    Ok(course_of(&exam, &form))
}

/// The sections that a form is gone through in: each holds the positions of its domains.
pub(super) fn course_of(exam: &exams::Exam, form: &Form) -> Course {
    let (spec, positions) = (&exam.spec, form.positions());
    if spec.sections.is_empty() && spec.navigation == Navigation::Free {
        return Course::whole(positions.len());
    }
    if spec.sections.is_empty() {
        let whole = Section { name: String::new(), minutes: None, navigation: spec.navigation, break_minutes: None };
        return Course::new(vec![whole], positions.iter().map(|_| ""));
    }
    let section = |section: &SectionSpec| Section {
        name: section.name.clone(),
        minutes: section.minutes,
        navigation: section.navigation,
        break_minutes: Some(section.break_minutes).filter(|minutes| *minutes > 0),
    };
    let holds = |domain: &String| spec.sections.iter().find(|section| section.domains.contains(domain));
    let names = positions.iter().map(|position| holds(&position.section).map_or("", |section| section.name.as_str()));
    Course::new(spec.sections.iter().map(section).collect(), names)
}

fn own(row: Option<attempt::Model>, member: MemberId) -> Result<Attempt> {
    row.filter(|row| row.member == member.to_string()).map(read).transpose()?.ok_or_else(Error::not_found)
}

/// The member's attempts at an exam, the first one first.
pub(super) async fn of_member(db: &impl Read, exam: ExamId, member: MemberId) -> Result<Vec<Attempt>> {
    let rows = attempt::Entity::find()
        .filter(attempt::Column::Exam.eq(exam.to_string()))
        .filter(attempt::Column::Member.eq(member.to_string()))
        .order_by_asc(attempt::Column::Ordinal)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// The attempts of a member that are under way.
pub async fn under_way(db: &impl Read, member: MemberId, now: Timestamp) -> Result<Vec<Attempt>> {
    let rows = attempt::Entity::find()
        .filter(attempt::Column::Member.eq(member.to_string()))
        .filter(attempt::Column::State.eq("in_progress"))
        .order_by_asc(attempt::Column::EffectiveDeadline)
        .all(db)
        .await?;
    let open = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(open.into_iter().filter(|attempt| attempt.life.state(now) == State::InProgress).collect())
}

/// How many attempts are under way; one whose time is over counts until somebody closes it.
pub async fn count_under_way(db: &impl Read) -> Result<u64> {
    Ok(attempt::Entity::find().filter(attempt::Column::State.eq("in_progress")).count(db).await?)
}

/// The attempts at an exam that began after `since` or are still open, the latest one first.
pub(super) async fn of_exam_since(db: &impl Read, exam: ExamId, since_ms: i64, limit: u64) -> Result<Vec<Attempt>> {
    let lately = attempt::Column::CreatedAt.gte(since_ms).or(attempt::Column::State.eq("in_progress"));
    let rows = attempt::Entity::find()
        .filter(attempt::Column::Exam.eq(exam.to_string()))
        .filter(lately)
        .order_by_desc(attempt::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// How many positions are answered in each of these attempts, and when the last answer was saved.
pub(super) async fn answered(db: &impl Read, attempts: &[String]) -> Result<BTreeMap<String, (i64, Option<i64>)>> {
    let rows: Vec<(String, i64, Option<i64>)> = response::Entity::find()
        .select_only()
        .column(response::Column::Attempt)
        .column_as(response::Column::Position.count(), "answered")
        .column_as(response::Column::SavedAt.max(), "saved_at")
        .filter(response::Column::Attempt.is_in(attempts))
        .filter(response::Column::Revision.gt(0))
        .filter(response::Column::Response.is_not_in(["[]", "null", "\"\"", "{}"]))
        .group_by(response::Column::Attempt)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(attempt, answered, at)| (attempt, (answered, at))).collect())
}

/// Up to `limit` attempts that nobody has closed although their effective deadline has passed.
pub(super) async fn overdue(db: &impl Read, now_ms: i64, limit: u64) -> Result<Vec<(AttemptId, MemberId)>> {
    let rows: Vec<(String, String)> = attempt::Entity::find()
        .select_only()
        .columns([attempt::Column::Id, attempt::Column::Member])
        .filter(attempt::Column::State.eq("in_progress"))
        .filter(attempt::Column::EffectiveDeadline.lt(now_ms))
        .order_by_asc(attempt::Column::EffectiveDeadline)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter().map(ids).collect()
}

/// Up to `limit` attempts at which time alone has changed something short of their end, and nobody has written it.
pub(super) async fn turned(db: &impl Read, now_ms: i64, limit: u64) -> Result<Vec<(AttemptId, MemberId)>> {
    let rows: Vec<(String, String)> = attempt::Entity::find()
        .select_only()
        .columns([attempt::Column::Id, attempt::Column::Member])
        .filter(attempt::Column::TurnsAt.lte(now_ms))
        .order_by_asc(attempt::Column::TurnsAt)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter().map(ids).collect()
}

fn ids((id, member): (String, String)) -> Result<(AttemptId, MemberId)> {
    Ok((id.parse().map_err(Error::internal)?, member.parse().map_err(Error::internal)?))
}

/// Whether an attempt of the member that is open at `now` shows this figure.
pub(super) async fn shows_figure(db: &impl Read, member: MemberId, sha256: &str, now_ms: i64) -> Result<bool> {
    let open: Vec<String> = attempt::Entity::find()
        .select_only()
        .column(attempt::Column::Id)
        .filter(attempt::Column::Member.eq(member.to_string()))
        .filter(attempt::Column::State.eq("in_progress"))
        .filter(attempt::Column::EffectiveDeadline.gte(now_ms))
        .into_tuple()
        .all(db)
        .await?;
    let forms = form::Entity::find().filter(form::Column::Attempt.is_in(open)).all(db).await?;
    Ok(forms.iter().any(|form| form.figures.split(' ').any(|figure| figure == sha256)))
}

/// Writes where the attempt stands after `attempt`, which is how it was read in this change; a clock that stopped or runs again is told.
pub(super) async fn write(ch: &mut Change<'_>, attempt: &Attempt, life: &Life, course: &Course) -> Result<()> {
    tell_of_clock(ch, attempt.id, &attempt.life, life).await?;
    put(ch, attempt.id, life, course).await
}

/// Writes where the attempt stands, and tells nobody.
pub(super) async fn put(ch: &mut Change<'_>, id: AttemptId, life: &Life, course: &Course) -> Result<()> {
    let standing = Standing::of(life, life.ends_at(course));
    attempt::Entity::update_many()
        .col_expr(attempt::Column::State, Expr::value(standing.state))
        .col_expr(attempt::Column::StartedAt, Expr::value(standing.started_at))
        .col_expr(attempt::Column::Deadline, Expr::value(standing.deadline))
        .col_expr(attempt::Column::GraceMs, Expr::value(standing.grace_ms))
        .col_expr(attempt::Column::EffectiveDeadline, Expr::value(standing.effective_deadline))
        .col_expr(attempt::Column::ClosedAt, Expr::value(standing.closed_at))
        .col_expr(attempt::Column::ClosedBy, Expr::value(standing.closed_by))
        .col_expr(attempt::Column::Terms, Expr::value(standing.terms))
        .col_expr(attempt::Column::VoidedAt, Expr::value(standing.voided_at))
        .col_expr(attempt::Column::TurnsAt, Expr::value(standing.turns_at))
        .filter(attempt::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// Tells the candidate what was done to their attempt.
pub(super) async fn notify(ch: &mut Change<'_>, attempt: &mut Attempt, notice: Notice) -> Result<()> {
    attempt.notices.push(notice);
    attempt::Entity::update_many()
        .col_expr(attempt::Column::Notices, Expr::value(serde_json::to_string(&attempt.notices)?))
        .filter(attempt::Column::Id.eq(attempt.id.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// The frozen form. Staff and scoring only; candidates get single positions through [`waymark_assess::candidate`].
pub async fn form(db: &impl Read, id: AttemptId) -> Result<Form> {
    let row = form::Entity::find_by_id(id.to_string()).one(db).await?;
    let row = row.ok_or_else(|| Error::internal(format!("{id} has no form")))?;
    Form::from_stored(&row.stored).map_err(Error::internal)
}

/// The answers by position; a position that nobody looked at is not there.
pub async fn answers(db: &impl Read, id: AttemptId) -> Result<BTreeMap<u32, Answer>> {
    let rows = response::Entity::find().filter(response::Column::Attempt.eq(id.to_string())).all(db).await?;
    rows.into_iter().map(|row| Ok((u32::try_from(row.position).map_err(Error::internal)?, answer(&row)?))).collect()
}

pub(super) fn answer(row: &response::Model) -> Result<Answer> {
    Ok(Answer {
        saved: Saved {
            response: serde_json::from_str(&row.response)?,
            revision: u64::try_from(row.revision).map_err(Error::internal)?,
        },
        flagged: row.flagged,
        seen: row.seen_at.is_some(),
        saved_at: row.saved_at.map(from_millis),
    })
}

pub(super) fn read(row: attempt::Model) -> Result<Attempt> {
    let standing = Standing {
        state: row.state,
        started_at: row.started_at,
        deadline: row.deadline,
        grace_ms: row.grace_ms,
        effective_deadline: row.effective_deadline,
        closed_at: row.closed_at,
        closed_by: row.closed_by,
        terms: row.terms,
        voided_at: row.voided_at,
        turns_at: row.turns_at,
    };
    Ok(Attempt {
        life: standing.life().ok_or_else(|| Error::internal(format!("{} contradicts itself", row.id)))?,
        id: row.id.parse().map_err(Error::internal)?,
        exam: row.exam.parse().map_err(Error::internal)?,
        exam_version: row.exam_version,
        member: row.member.parse().map_err(Error::internal)?,
        ordinal: u32::try_from(row.ordinal).map_err(Error::internal)?,
        seq: u64::try_from(row.seq).map_err(Error::internal)?,
        last_position: u32::try_from(row.last_position).map_err(Error::internal)?,
        notices: row.notices.map_or(Ok(vec![]), |text| serde_json::from_str(&text))?,
        agreement: row.agreement,
        window: row.exam_window.map(|id| id.parse().map_err(Error::internal)).transpose()?,
        voucher: row.voucher.map(|id| id.parse().map_err(Error::internal)).transpose()?,
    })
}
