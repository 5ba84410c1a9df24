//! The dry run of a draft over the facts that are stored: begun as long work, counted some members at a time, read back while it runs.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use waymark_criteria::{Criteria, Standing};

use super::effect::{Effect, Line, effect_on};
use super::entity::{person, plan};
use super::fairness::{self, Table};
use super::rows::{members_in, outcomes, rows_of_members};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Kind, Read};
use crate::error::{Error, Result};
use crate::ids::{JobId, MemberId, TrackId, TrackVersionId};
use crate::jobs::{self, Claimed, Job, JobKind, JobState, NewJob};
use crate::tracks::{KeptCalendar, TrackDefinition};
use crate::web::zone::Zone;
use crate::{decisions, facts, issuer, members, tracks};

/// What all rows of a dry run are counted by.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    definition: TrackDefinition,
    calendar: KeptCalendar,
    /// Milliseconds since 1970.
    at: i64,
    /// The version that is published.
    published: Option<TrackVersionId>,
}

/// What one row came to; the sums of all are the plan.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Counted {
    effects: BTreeMap<String, u64>,
    groups: Table,
}

/// A dry run as far as it has come.
#[derive(Debug, Clone)]
pub struct Plan {
    pub job: JobId,
    pub state: JobState,
    /// How many rows of the work are done, of how many.
    pub rows: (u64, u64),
    pub counted_at: Timestamp,
    /// Names the definition that was counted: see [`hash_of`].
    pub hash: String,
    effects: BTreeMap<String, u64>,
    pub groups: Table,
}

impl Plan {
    /// How many members go this way, of those who were looked at.
    pub fn of(&self, effect: Effect) -> u64 {
        self.effects.get(effect.as_str()).copied().unwrap_or(0)
    }

    pub fn has_ended(&self) -> bool {
        self.state.has_ended()
    }
}

/// One person of a plan.
#[derive(Debug, Clone)]
pub struct Person {
    pub member: MemberId,
    pub line: Line,
}

/// Names a definition, so that a plan can be told to be of another one.
pub fn hash_of(definition: &TrackDefinition) -> String {
    let written = definition.as_file().to_string();
    Sha256::digest(written).iter().map(|b| format!("{b:02x}")).collect()
}

/// Begins the dry run of this definition in the place of the one before it. It is of today: of the facts and the version that stand now.
pub async fn begin(app: &App, actor: Actor, definition: &TrackDefinition) -> Result<JobId> {
    let slug = &definition.slug;
    let rows = rows_of_members(app.db.read()).await?;
    let ch = app.db.change(actor, Kind::Ordinary).await?;
    ch.take_turn(&format!("track plan {slug}")).await?;
    if let Some(running) = jobs::by_open_key(ch.tx(), JobKind::TrackPlan, slug).await? {
        jobs::cancel(&ch, running.id).await?;
    }
    if let Some(before) = plan::Entity::find_by_id(slug.clone()).one(ch.tx()).await? {
        person::Entity::delete_many().filter(person::Column::Job.eq(before.job)).exec(ch.tx()).await?;
        plan::Entity::delete_by_id(slug.clone()).exec(ch.tx()).await?;
    }
    let zone = issuer::default_issuer(ch.tx()).await?.map_or_else(|| "UTC".to_owned(), |own| own.profile.time_zone);
    let asked = Asked {
        definition: definition.clone(),
        calendar: KeptCalendar::of(&zone, ch.now),
        at: millis(ch.now),
        published: tracks::by_slug(ch.tx(), slug).await?.map(|version| version.id),
    };
    let input = serde_json::to_value(&asked)?;
    let new = NewJob { kind: JobKind::TrackPlan, input: input.clone(), attachment: None, key: Some(slug.clone()) };
    let job = jobs::prepare(&ch, new).await?;
    jobs::start(&ch, job, &input, &rows).await?;
    let row = plan::ActiveModel {
        slug: Set(slug.clone()),
        job: Set(job.to_string()),
        hash: Set(hash_of(definition)),
        counted_at: Set(millis(ch.now)),
    };
    plan::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    ch.commit().await?;
    app.db.bell.notify_one();
    Ok(job)
}

/// Looks at the members of one row, inside the change that settles it.
pub(super) async fn count_row(ch: &mut Change<'_>, job: &Job, row: &Claimed) -> Result<Value> {
    let asked: Asked = serde_json::from_value(job.input.clone())?;
    let now = from_millis(asked.at);
    let draft = asked.definition.requirements().with_calendar(asked.calendar.table.clone());
    let published = match asked.published {
        Some(version) => Some(tracks::version(ch.tx(), version).await?),
        None => None,
    };
    let before = published.as_ref().map(|version| (version.track, version.requirements()));
    let zone = Zone::named(&asked.calendar.zone).unwrap_or_else(Zone::utc);
    let mut counted = Counted::default();
    let mut people = vec![];
    for id in members_in(row)? {
        let facts = facts::of_member(ch.tx(), id).await?;
        let stands = match &before {
            Some((track, criteria)) => stands_since(ch.tx(), id, *track, criteria).await?,
            None => None,
        };
        let line = effect_on(&facts, before.as_ref().map(|(_, criteria)| criteria), stands, &draft, now);
        let member = members::find(ch.tx(), id).await?;
        let tie = members::affiliation_at(ch.tx(), member.id, now).await?;
        fairness::count(&mut counted.groups, &member, tie.as_ref(), &zone, &line);
        *counted.effects.entry(line.effect.as_str().to_owned()).or_default() += 1;
        if line.effect != Effect::Neither {
            people.push(person::ActiveModel {
                job: Set(job.id.to_string()),
                member: Set(member.id.to_string()),
                effect: Set(line.effect.as_str().to_owned()),
                holds: Set(line.holds),
                before_at: Set(line.before_at.map(millis)),
                crossed_at: Set(line.crossed_at.map(millis)),
            });
        }
    }
    if !people.is_empty() {
        person::Entity::insert_many(people).exec_without_returning(ch.tx()).await?;
    }
    Ok(serde_json::to_value(counted)?)
}

/// When the decision that stands on record was reached. A term that is over stands on record too: whether it runs, the criteria say.
pub(super) async fn stands_since(
    db: &impl Read,
    member: MemberId,
    track: TrackId,
    criteria: &Criteria,
) -> Result<Option<Timestamp>> {
    if matches!(criteria.standing(), Standing::Term { .. } | Standing::Decided) {
        return Ok(None);
    }
    let standing = decisions::of_member(db, member).await?;
    Ok(standing.into_iter().find(|decided| decided.track == track).map(|decided| decided.decided_at))
}

/// The latest dry run of a track.
pub async fn latest(db: &impl Read, slug: &str) -> Result<Option<Plan>> {
    let Some(row) = plan::Entity::find_by_id(slug.to_owned()).one(db).await? else { return Ok(None) };
    let job: JobId = row.job.parse().map_err(Error::internal)?;
    let state = jobs::find(db, job).await?.state;
    let (mut effects, mut groups) = (BTreeMap::<String, u64>::new(), Table::new());
    let rows = outcomes(db, job, |outcome| {
        let counted: Counted = serde_json::from_value(outcome)?;
        for (effect, n) in counted.effects {
            *effects.entry(effect).or_default() += n;
        }
        fairness::merge(&mut groups, counted.groups);
        Ok(())
    })
    .await?;
    Ok(Some(Plan { job, state, rows, counted_at: from_millis(row.counted_at), hash: row.hash, effects, groups }))
}

/// People of a plan who go one way, in order of id, after `after`.
pub async fn people(
    db: &impl Read,
    job: JobId,
    effect: Effect,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<Person>> {
    let mut find = person::Entity::find()
        .filter(person::Column::Job.eq(job.to_string()))
        .filter(person::Column::Effect.eq(effect.as_str()))
        .order_by_asc(person::Column::Member)
        .limit(limit);
    if let Some(after) = after {
        find = find.filter(person::Column::Member.gt(after));
    }
    let person = |row: person::Model| {
        let line = Line {
            effect,
            before_at: row.before_at.map(from_millis),
            crossed_at: row.crossed_at.map(from_millis),
            holds: row.holds,
        };
        Ok(Person { member: row.member.parse().map_err(Error::internal)?, line })
    };
    find.all(db).await?.into_iter().map(person).collect()
}
