//! Publishing exams and reading them back.

use std::sync::Arc;

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use waymark_assess::form::Plan;
use waymark_assess::{ExamSpec, Mistake};

use super::entity::{exam, exam_version};
use super::exposure::exposure;
use crate::app::App;
use crate::banks;
use crate::clock::millis;
use crate::database::{Change, Read};
use crate::error::{Error, Fault, Result};
use crate::ids::ExamId;

/// One version of an exam.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exam {
    pub id: ExamId,
    pub version: i32,
    pub spec: ExamSpec,
}

/// What publishing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    pub exam: ExamId,
    pub version: i32,
    /// Whether this is a new version; the same definition again is not.
    pub changed: bool,
}

/// The plan that forms of this exam are drawn from, or what stands in the way: no such bank, a group or domain that the bank cannot fill, a cut
/// out of reach. Pointers are into the exam's definition.
pub async fn feasible(db: &impl Read, spec: &ExamSpec) -> Result<Result<Plan, Vec<Mistake>>> {
    Ok(match banks::drawables(db, &spec.bank).await? {
        Some(bank) => spec.plan(bank),
        None => Err(vec![Mistake::new(
            "/bank",
            "unknown_bank",
            format!("there is no bank `{}`: import it first", spec.bank),
            format!("問題バンク「{}」がありません。先に取り込んでください", spec.bank),
        )]),
    })
}

/// [`feasible`] for an exam that was published, asked at every view and every start: the plan is kept for as long as the bank stays as it is.
pub async fn plan(app: &App, exam: &Exam) -> Result<Result<Arc<Plan>, Vec<Mistake>>> {
    let db = app.db.read();
    let before = banks::edition(db, &exam.spec.bank).await?;
    let key = |edition: &str| format!("{}/{}/{edition}", exam.id, exam.version);
    if let Some(kept) = before.as_deref().and_then(|edition| app.plans.get(&key(edition))) {
        return Ok(Ok(kept));
    }
    let plan = match feasible(db, &exam.spec).await? {
        Ok(plan) => Arc::new(plan),
        Err(mistakes) => return Ok(Err(mistakes)),
    };
    // An import between the two looks may have made the plan one of neither edition.
    if let Some(edition) = before
        && banks::edition(db, &exam.spec.bank).await?.as_deref() == Some(edition.as_str())
    {
        app.plans.keep(key(&edition), plan.clone());
    }
    Ok(Ok(plan))
}

/// What stands in the way of exams that draw from this bank, by slug: asked after an import, so that no candidate meets it.
pub async fn broken_by(db: &impl Read, bank: &str) -> Result<Vec<(String, Mistake)>> {
    let mut broken = vec![];
    for exam in list(db).await?.into_iter().filter(|exam| exam.spec.bank == bank) {
        if let Err(mistakes) = feasible(db, &exam.spec).await? {
            broken.extend(mistakes.into_iter().map(|mistake| (exam.spec.slug.clone(), mistake)));
        }
    }
    Ok(broken)
}

/// Makes this definition the one that new attempts begin with. Banks of the same change are seen.
///
/// # Errors
/// A definition that is not [`feasible`], or of which no form could be drawn [below its cap](below_the_cap).
pub async fn publish(ch: &mut Change<'_>, spec: &ExamSpec) -> Result<Published> {
    let wrong = match feasible(ch.tx(), spec).await? {
        Ok(plan) => below_the_cap(ch.tx(), spec, &plan).await?,
        Err(mistakes) => mistakes,
    };
    if !wrong.is_empty() {
        return Err(Error::invalid(wrong.into_iter().map(|m| Fault::new(m.pointer, m.code, m.message)).collect()));
    }
    let stored = spec.to_value().to_string();
    let Some(row) = exam::Entity::find().filter(exam::Column::Slug.eq(spec.slug.as_str())).one(ch.tx()).await? else {
        return create(ch, spec, stored).await;
    };
    let id: ExamId = row.id.parse().map_err(Error::internal)?;
    if by_id(ch.tx(), id, row.version).await?.spec == *spec {
        return Ok(Published { exam: id, version: row.version, changed: false });
    }
    let last = exam_version::Entity::find()
        .filter(exam_version::Column::Exam.eq(row.id.as_str()))
        .order_by_desc(exam_version::Column::Number)
        .one(ch.tx())
        .await?;
    let number = last.map_or(0, |version| version.number) + 1;
    add_version(ch, id, number, stored).await?;
    exam::Entity::update_many()
        .col_expr(exam::Column::Version, Expr::value(number))
        .filter(exam::Column::Id.eq(row.id))
        .exec(ch.tx())
        .await?;
    Ok(Published { exam: id, version: number, changed: true })
}

/// What the next form of an exam could not be filled with, because items have reached the cap on exposure; it names the cap.
pub async fn below_the_cap(db: &impl Read, spec: &ExamSpec, plan: &Plan) -> Result<Vec<Mistake>> {
    let Some(known) = find(db, &spec.slug).await? else { return Ok(vec![]) };
    let Some(cap) = plan.exposure() else { return Ok(vec![]) };
    let short = plan.used_up(&exposure(db, known.id).await?);
    let mistake = |(name, have, need): (String, u32, u32)| {
        let message = format!(
            "`{name}` has {have} items that stand in fewer than {cap} forms, a form needs {need}: raise the cap or add items"
        );
        let message_ja = format!(
            "「{name}」には、出した回数が{cap}回に届いていない設問が{have}問しかありません。1回の出題に{need}問が必要です。上限を上げるか、設問を加えてください"
        );
        Mistake::new("/blueprint/exposure/at_most", "exposure_binds", message, message_ja)
    };
    Ok(short.into_iter().map(mistake).collect())
}

async fn create(ch: &mut Change<'_>, spec: &ExamSpec, stored: String) -> Result<Published> {
    let id: ExamId = ch.id();
    let row = exam::ActiveModel {
        id: Set(id.to_string()),
        slug: Set(spec.slug.clone()),
        version: Set(1),
        created_at: Set(millis(ch.now)),
    };
    exam::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    add_version(ch, id, 1, stored).await?;
    Ok(Published { exam: id, version: 1, changed: true })
}

async fn add_version(ch: &mut Change<'_>, exam: ExamId, number: i32, spec: String) -> Result<()> {
    let row = exam_version::ActiveModel {
        exam: Set(exam.to_string()),
        number: Set(number),
        spec: Set(spec),
        published_at: Set(millis(ch.now)),
    };
    exam_version::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// The exam with this slug in the version that new attempts begin with.
pub async fn find(db: &impl Read, slug: &str) -> Result<Option<Exam>> {
    let Some(row) = exam::Entity::find().filter(exam::Column::Slug.eq(slug)).one(db).await? else { return Ok(None) };
    by_id(db, row.id.parse().map_err(Error::internal)?, row.version).await.map(Some)
}

/// One version of an exam.
///
/// # Errors
/// A version that is not there: the caller has it from a row of ours, so that this is our own damage.
pub async fn by_id(db: &impl Read, exam: ExamId, version: i32) -> Result<Exam> {
    let row = exam_version::Entity::find_by_id((exam.to_string(), version)).one(db).await?;
    let row = row.ok_or_else(|| Error::internal(format!("{exam} has no version {version}")))?;
    read(exam, &row)
}

fn read(exam: ExamId, row: &exam_version::Model) -> Result<Exam> {
    let spec = ExamSpec::from_value(&serde_json::from_str(&row.spec)?)
        .map_err(|mistakes| Error::internal(format!("{exam} version {}: {}", row.number, mistakes[0])))?;
    Ok(Exam { id: exam, version: row.number, spec })
}

/// Every exam in its current version, by slug.
pub async fn list(db: &impl Read) -> Result<Vec<Exam>> {
    let rows = exam::Entity::find().order_by_asc(exam::Column::Slug).all(db).await?;
    let mut exams = Vec::with_capacity(rows.len());
    for row in rows {
        exams.push(by_id(db, row.id.parse().map_err(Error::internal)?, row.version).await?);
    }
    Ok(exams)
}
