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

    /// Whether both name the same person, as far as is known: one member, or one name at one source.
    pub fn is_same_person(&self, other: &Self) -> bool {
        match (self.member, other.member) {
            (Some(one), Some(another)) => one == another,
            _ => self.subject.is_some() && self.subject == other.subject && self.source == other.source,
        }
    }
}

type ActivityRow = (String, String, String, String, Option<String>, Option<String>, Option<String>, i64);
type Row = (String, String, String, String, Option<String>, Option<String>, Option<String>, bool, i64);

fn read((id, source, kind, object, about, subject, member, own, at): Row) -> Result<Stored> {
    let member = member.map(|id| id.parse().map_err(Error::internal)).transpose()?;
    Ok(Stored { id, source, kind, object, about, subject, member, own, at: from_millis(at) })
}

/// The stored events of these types from one moment to another, both counted, of one source or of all, in the order in which they happened. Without the
/// first moment from the beginning.
pub async fn stored(
    db: &impl Read,
    types: &[&str],
    source: Option<&str>,
    (from, to): (Option<Timestamp>, Timestamp),
) -> Result<Vec<Stored>> {
    let (activities, credited): (Vec<&str>, Vec<&str>) = types.iter().partition(|kind| is_activity(kind));
    let mut all = vec![];
    if !activities.is_empty() {
        use activity::Column as C;
        let mut kept = Condition::all().add(C::Type.is_in(activities)).add(C::HappenedAt.lte(millis(to)));
        kept = from.into_iter().fold(kept, |kept, from| kept.add(C::HappenedAt.gte(millis(from))));
        kept = source.into_iter().fold(kept, |kept, source| kept.add(C::Source.eq(source)));
        let rows: Vec<ActivityRow> = activity::Entity::find()
            .select_only()
            .columns([C::Id, C::Source, C::Type, C::Object, C::About, C::Subject, C::Member, C::HappenedAt])
            .filter(kept)
            .into_tuple()
            .all(db)
            .await?;
        for (id, source, kind, object, about, subject, member, at) in rows {
            all.push(read((id, source, kind, object, about, subject, member, false, at))?);
        }
    }
    if !credited.is_empty() {
        use contribution::Column as C;
        let mut kept = Condition::all()
            .add(C::Type.is_in(credited))
            .add(C::HappenedAt.lte(millis(to)))
            .add(C::State.ne(State::Voided.as_str()));
        kept = from.into_iter().fold(kept, |kept, from| kept.add(C::HappenedAt.gte(millis(from))));
        kept = source.into_iter().fold(kept, |kept, source| kept.add(C::Source.eq(source)));
        let rows: Vec<Row> = contribution::Entity::find()
            .select_only()
            .columns([C::Id, C::Source, C::Type, C::Object, C::About, C::Subject, C::Member, C::Own, C::HappenedAt])
            .filter(kept)
            .into_tuple()
            .all(db)
            .await?;
        for row in rows {
            all.push(read(row)?);
        }
    }
    all.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    Ok(all)
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
