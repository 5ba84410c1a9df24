//! What sources told, whether it credits somebody or not, as figures read it: who, when, about what. What was taken back is not told.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};

use super::entity::{activity, contribution};
use super::lifecycle::{State, is_activity};
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::Read;
use crate::error::{Error, Result};
use crate::ids::MemberId;

/// One stored event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// `act_…` or `ctr_…`.
    pub id: String,
    pub source: String,
    /// The event type.
    pub kind: String,
    pub object: String,
    /// What it is about, where that is not its object.
    pub about: Option<String>,
    pub subject: Option<String>,
    pub member: Option<MemberId>,
    /// Whether it is known that whoever is named did it to their own object, or accepted it themselves.
    pub own: bool,
    pub at: Timestamp,
}

impl Stored {
    /// The object by which events about one thing find each other.
    pub fn thing(&self) -> &str {
        self.about.as_deref().unwrap_or(&self.object)
    }

    /// Whether it is by this person, as far as is known: one member, or one name at one source.
    pub fn is_by(&self, source: &str, member: Option<MemberId>, subject: Option<&str>) -> bool {
        match (self.member, member) {
            (Some(one), Some(another)) => one == another,
            _ => self.subject.is_some() && self.subject.as_deref() == subject && self.source == source,
        }
    }
}

/// Which stored events are read.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'w> {
    /// Of one source or of all.
    pub source: Option<&'w str>,
    /// Counted; from the beginning where there is none.
    pub from: Option<Timestamp>,
    /// Counted.
    pub to: Timestamp,
    /// How many are held at a time.
    pub at_once: u64,
}

/// Where a page of events goes on.
type After = (i64, String);
type ActivityRow = (String, String, String, String, Option<String>, Option<String>, Option<String>, i64);
type Row = (String, String, String, String, Option<String>, Option<String>, Option<String>, bool, i64);

fn read((id, source, kind, object, about, subject, member, own, at): Row) -> Result<Stored> {
    let member = member.map(|id| id.parse().map_err(Error::internal)).transpose()?;
    Ok(Stored { id, source, kind, object, about, subject, member, own, at: from_millis(at) })
}

/// Hands each stored event of a type on, in the order in which they happened, a page at a time: what is held does not grow with how many there are.
pub async fn each_stored(
    db: &impl Read,
    kind: &str,
    wanted: Wanted<'_>,
    mut see: impl FnMut(Stored) + Send,
) -> Result<()> {
    let mut after: Option<After> = None;
    loop {
        let page = if is_activity(kind) {
            activities(db, kind, wanted, after.as_ref()).await?
        } else {
            credited(db, kind, wanted, after.as_ref()).await?
        };
        let more = page.len() as u64 >= wanted.at_once;
        after = page.last().map(|last| (millis(last.at), last.id.clone()));
        page.into_iter().for_each(&mut see);
        if !more || after.is_none() {
            return Ok(());
        }
    }
}

/// What is wanted, after what was read: the first condition alone narrows an index, the second tells apart what happened at one moment.
fn narrowed<C: ColumnTrait + Copy>(source: C, at: C, id: C, wanted: Wanted<'_>, after: Option<&After>) -> Condition {
    let mut kept = Condition::all().add(at.lte(millis(wanted.to)));
    kept = wanted.source.into_iter().fold(kept, |kept, of| kept.add(source.eq(of)));
    kept = wanted.from.into_iter().fold(kept, |kept, from| kept.add(at.gte(millis(from))));
    after.into_iter().fold(kept, |kept, (moment, last)| {
        kept.add(at.gte(*moment)).add(Condition::any().add(at.gt(*moment)).add(id.gt(last.as_str())))
    })
}

async fn activities(db: &impl Read, kind: &str, wanted: Wanted<'_>, after: Option<&After>) -> Result<Vec<Stored>> {
    use activity::Column as C;
    let rows: Vec<ActivityRow> = activity::Entity::find()
        .select_only()
        .columns([C::Id, C::Source, C::Type, C::Object, C::About, C::Subject, C::Member, C::HappenedAt])
        .filter(C::Type.eq(kind))
        .filter(narrowed(C::Source, C::HappenedAt, C::Id, wanted, after))
        .order_by_asc(C::HappenedAt)
        .order_by_asc(C::Id)
        .limit(wanted.at_once)
        .into_tuple()
        .all(db)
        .await?;
    let row = |(id, source, kind, object, about, subject, member, at): ActivityRow| {
        read((id, source, kind, object, about, subject, member, false, at))
    };
    rows.into_iter().map(row).collect()
}

async fn credited(db: &impl Read, kind: &str, wanted: Wanted<'_>, after: Option<&After>) -> Result<Vec<Stored>> {
    use contribution::Column as C;
    let rows: Vec<Row> = contribution::Entity::find()
        .select_only()
        .columns([C::Id, C::Source, C::Type, C::Object, C::About, C::Subject, C::Member, C::Own, C::HappenedAt])
        .filter(C::Type.eq(kind))
        .filter(C::State.ne(State::Voided.as_str()))
        .filter(narrowed(C::Source, C::HappenedAt, C::Id, wanted, after))
        .order_by_asc(C::HappenedAt)
        .order_by_asc(C::Id)
        .limit(wanted.at_once)
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// How people call a piece of work, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredWork {
    pub titles: BTreeMap<String, String>,
    pub url: Option<String>,
}

/// The works of these activities, by id.
pub async fn stored_works(db: &impl Read, activities: &[&str]) -> Result<BTreeMap<String, StoredWork>> {
    let rows = activity::Entity::find()
        .filter(activity::Column::Id.is_in(activities.iter().copied()))
        .order_by_asc(activity::Column::Id)
        .all(db)
        .await?;
    let work = |row: activity::Model| {
        let data: serde_json::Value = serde_json::from_str(&row.data)?;
        // It was checked when it came: an absolute address of the web.
        let url = data["url"].as_str().map(|url| url.trim().to_owned());
        Ok((row.id, StoredWork { titles: serde_json::from_str(&row.titles)?, url }))
    };
    rows.into_iter().map(work).collect()
}
