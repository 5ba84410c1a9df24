//! How sources fare: what became of what each sent, day by day; when it was last heard of; what was refused and why.
//!
//! Days are those of UTC. A delivery whose signature is wrong says nothing about a source: such a minute is counted, and nothing of it is kept.

use std::collections::{BTreeMap, HashMap};

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ExprTrait as _, QueryOrder, QuerySelect};
use time::Duration;

use super::dead_letters;
use super::entity::{day, refusal};
use super::source::{SourceDefinition, named_sources};
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Read};
use crate::error::Result;
use crate::ids::RefusalId;

macro_rules! tells {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What became of one event or delivery.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Came { $($(#[$doc])* $name,)* }

        impl Came {
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|came| came.as_str() == word)
            }
        }
    };
}

tells! {
    Accepted = "accepted",
    Held = "held",
    Duplicate = "duplicate",
    Rejected = "rejected",
    /// A source took back what it had told.
    TakenBack = "taken_back",
    /// Read, and nothing to credit.
    Ignored = "ignored",
    /// Nobody could read it: it waits for a person.
    Dead = "dead",
    /// A minute in which something came with a wrong signature.
    Forged = "forged",
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Days since 1970-01-01 in UTC.
pub(super) fn day_of(t: Timestamp) -> i32 {
    i32::try_from(millis(t).div_euclid(DAY_MS)).unwrap_or_default()
}

/// The first moment of a day.
pub(super) fn start_of(day: i32) -> Timestamp {
    from_millis(i64::from(day) * DAY_MS)
}

/// What one change adds.
#[derive(Debug, Default)]
pub(super) struct Tallies(BTreeMap<(String, Came), i64>);

impl Tallies {
    pub fn add(&mut self, source: &str, came: Came) {
        *self.0.entry((source.to_owned(), came)).or_default() += 1;
    }
}

/// Adds what came, in one statement.
pub(super) async fn tally(ch: &Change<'_>, tallies: Tallies) -> Result<()> {
    let (day, at) = (day_of(ch.now), millis(ch.now));
    let row = |((source, came), n): ((String, Came), i64)| day::ActiveModel {
        source: Set(source),
        day: Set(day),
        outcome: Set(came.as_str().to_owned()),
        n: Set(n),
        last_at: Set(at),
    };
    let rows: Vec<_> = tallies.0.into_iter().map(row).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let further = OnConflict::columns([day::Column::Source, day::Column::Day, day::Column::Outcome])
        .value(day::Column::N, Expr::col((day::Entity, day::Column::N)).add(Expr::cust("excluded.n")))
        .update_column(day::Column::LastAt)
        .to_owned();
    day::Entity::insert_many(rows).on_conflict(further).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// One refusal, for people who look into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub event: Option<String>,
    pub reason: String,
    pub detail: String,
    pub at: Timestamp,
}

/// So many of one change are kept: who sends a thousand wrong ones learns as much from a few.
const REFUSALS_AT_ONCE: usize = 20;
/// So many are kept of a source, the newest.
const REFUSALS_KEPT: u64 = 50;

/// Keeps refusals of a source: the event's id, the reason, the detail.
pub(super) async fn keep_refusals(
    ch: &Change<'_>,
    refused: impl Iterator<Item = (String, Option<String>, String, String)>,
) -> Result<()> {
    let row = |(source, event, reason, detail): (String, Option<String>, String, String)| refusal::ActiveModel {
        id: Set(ch.id::<RefusalId>().to_string()),
        source: Set(source),
        event: Set(event),
        reason: Set(reason),
        detail: Set(detail),
        at: Set(millis(ch.now)),
    };
    let rows: Vec<_> = refused.take(REFUSALS_AT_ONCE).map(row).collect();
    if !rows.is_empty() {
        refusal::Entity::insert_many(rows).exec_without_returning(ch.tx()).await?;
    }
    Ok(())
}

/// The last refusals of a source, the newest first.
pub async fn refusals(db: &impl Read, source: &str) -> Result<Vec<Refused>> {
    let rows = refusal::Entity::find()
        .filter(refusal::Column::Source.eq(source))
        .order_by_desc(refusal::Column::Id)
        .limit(REFUSALS_KEPT)
        .all(db)
        .await?;
    let read = |row: refusal::Model| Refused {
        event: row.event,
        reason: row.reason,
        detail: row.detail,
        at: from_millis(row.at),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Forgets refusals beyond the newest of each source.
pub(super) async fn forget_refusals(ch: &Change<'_>, source: &str) -> Result<()> {
    let oldest = refusal::Entity::find()
        .filter(refusal::Column::Source.eq(source))
        .order_by_desc(refusal::Column::Id)
        .offset(REFUSALS_KEPT)
        .limit(1)
        .one(ch.tx())
        .await?;
    if let Some(row) = oldest {
        refusal::Entity::delete_many()
            .filter(refusal::Column::Source.eq(source))
            .filter(refusal::Column::Id.lte(row.id))
            .exec(ch.tx())
            .await?;
    }
    Ok(())
}

/// Whether a wrong signature for this source was noted within the last minute: then no further one is.
pub(super) async fn forgery_noted(db: &impl Read, source: &str, now: Timestamp) -> Result<bool> {
    let key = (source.to_owned(), day_of(now), Came::Forged.as_str().to_owned());
    let row = day::Entity::find_by_id(key).one(db).await?;
    Ok(row.is_some_and(|row| now - from_millis(row.last_at) < Duration::MINUTE))
}

/// How a source stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Fine,
    /// Nothing has come yet.
    New,
    /// No event for `quiet_days`.
    Quiet,
    /// Something waits for a person.
    Waiting,
    /// There is no secret to check deliveries with.
    NoSecret(super::secret::NoSecret),
}

impl Standing {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::New => "new",
            Self::Quiet => "quiet",
            Self::Waiting => "waiting",
            Self::NoSecret(why) => why.as_str(),
        }
    }

    /// Whether a person should see to it.
    pub fn needs_somebody(self) -> bool {
        !matches!(self, Self::Fine | Self::New)
    }
}

/// A source and how it fares.
#[derive(Debug, Clone)]
pub struct Health {
    /// Its name in addresses.
    pub name: String,
    pub definition: SourceDefinition,
    pub standing: Standing,
    /// When something of its own came last, whatever became of it.
    pub last_seen: Option<Timestamp>,
    /// The last days, oldest first, the present one at the end; each with how often what came.
    pub days: Vec<BTreeMap<Came, i64>>,
    pub dead_letters: u64,
}

impl Health {
    /// How often it came to this, over the days.
    pub fn sum(&self, came: Came) -> i64 {
        self.days.iter().filter_map(|day| day.get(&came)).sum()
    }
}

/// So many days are looked at.
pub const DAYS: i32 = 30;

/// How every source fares, by name of source.
pub async fn health(app: &App) -> Result<Vec<Health>> {
    let (db, now) = (app.db.read(), app.db.now());
    let first = day_of(now) - (DAYS - 1);
    let mut days: HashMap<String, Vec<day::Model>> = HashMap::new();
    for row in day::Entity::find().filter(day::Column::Day.gte(first)).all(db).await? {
        days.entry(row.source.clone()).or_default().push(row);
    }
    let latest: Vec<(String, i64)> = day::Entity::find()
        .select_only()
        .column(day::Column::Source)
        .column_as(day::Column::LastAt.max(), "last_at")
        .filter(day::Column::Outcome.ne(Came::Forged.as_str()))
        .group_by(day::Column::Source)
        .into_tuple()
        .all(db)
        .await?;
    let latest: HashMap<String, i64> = latest.into_iter().collect();
    let waiting = dead_letters::waiting(db).await?;
    let mut all = vec![];
    for (name, definition) in named_sources(db).await? {
        let last_seen = latest.get(&definition.source).copied().map(from_millis);
        let dead_letters = waiting.get(&definition.source).copied().unwrap_or_default();
        let mut by_day = vec![BTreeMap::new(); usize::try_from(DAYS).unwrap_or_default()];
        for row in days.remove(&definition.source).unwrap_or_default() {
            let at = usize::try_from(row.day - first).ok().and_then(|at| by_day.get_mut(at));
            if let (Some(day), Some(came)) = (at, Came::parse(&row.outcome)) {
                day.insert(came, row.n);
            }
        }
        let standing = standing(app, &definition, last_seen, dead_letters);
        all.push(Health { name, definition, standing, last_seen, days: by_day, dead_letters });
    }
    Ok(all)
}

fn standing(app: &App, source: &SourceDefinition, last_seen: Option<Timestamp>, dead_letters: u64) -> Standing {
    let secret = source.secret.as_ref().and_then(|place| super::secret::Secrets::open(place, &app.config).err());
    if let Some(why) = secret {
        return Standing::NoSecret(why);
    }
    if dead_letters > 0 {
        return Standing::Waiting;
    }
    let Some(seen) = last_seen else { return Standing::New };
    let quiet = source.quiet_days.is_some_and(|days| app.db.now() - seen >= Duration::days(i64::from(days)));
    if quiet { Standing::Quiet } else { Standing::Fine }
}
