//! Reminders of what ends: so many days before, as its track says, and once more when it has ended and can still be renewed.
//!
//! Each look takes what came due since the last one, so that it costs what is due and not what is held. After a pause only the latest reminder
//! that came due is given. A reminder that came due before the credential was there is none.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use time::Duration;

use super::entity::sweep;
use super::lifecycle::What;
use super::service::{self, New};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::credentials::{self, Credential};
use crate::database::{Kind, Read};
use crate::error::Result;
use crate::ids::{CredentialId, TrackId};
use crate::tracks::{self, Renewal};

const NAME: &str = "reminders";
const PAGE: u64 = 200;

/// Writes down what came due since the last look. Done again after a crash it writes the same.
pub(super) async fn sweep(app: &App) -> Result<()> {
    let (db, now) = (app.db.read(), app.db.now());
    let since = last(db).await?;
    if since.is_some_and(|since| since >= now) {
        return Ok(());
    }
    let versions = tracks::current(db).await?.into_iter();
    let renewals: HashMap<TrackId, Renewal> =
        versions.filter_map(|version| Some((version.track, version.definition.renewal?))).collect();
    for window in windows(&renewals, since, now) {
        of_window(app, &renewals, window, (since, now)).await?;
    }
    let ch = app.db.change(Actor::System("notices"), Kind::Ordinary).await?;
    let row = sweep::ActiveModel { name: Set(NAME.to_owned()), at: Set(millis(now)) };
    let again = OnConflict::column(sweep::Column::Name).update_column(sweep::Column::At).to_owned();
    sweep::Entity::insert(row).on_conflict(again).exec_without_returning(ch.tx()).await?;
    ch.commit().await
}

async fn last(db: &impl Read) -> Result<Option<Timestamp>> {
    Ok(sweep::Entity::find_by_id(NAME.to_owned()).one(db).await?.map(|row| from_millis(row.at)))
}

/// Between which moments that ends of which something comes due since `since`; the very first look takes everything that is due.
fn windows(
    renewals: &HashMap<TrackId, Renewal>,
    since: Option<Timestamp>,
    now: Timestamp,
) -> Vec<(Timestamp, Timestamp)> {
    let days: BTreeSet<u32> = renewals.values().flat_map(|renewal| renewal.reminders.iter().copied()).collect();
    let ahead = |from: Timestamp, days: u32| from.saturating_add(Duration::days(days.into()));
    match since {
        _ if renewals.is_empty() => vec![],
        Some(since) => days.into_iter().chain([0]).map(|days| (ahead(since, days), ahead(now, days))).collect(),
        None => {
            let grace = renewals.values().map(|renewal| renewal.grace_days).max().unwrap_or(0);
            let most = days.last().copied().unwrap_or(0);
            vec![(now.saturating_sub(Duration::days(grace.into())), ahead(now, most))]
        }
    }
}

async fn of_window(
    app: &App,
    renewals: &HashMap<TrackId, Renewal>,
    window: (Timestamp, Timestamp),
    (since, now): (Option<Timestamp>, Timestamp),
) -> Result<()> {
    let mut above: Option<CredentialId> = None;
    loop {
        let page = credentials::ending(app.db.read(), window, above, PAGE).await?;
        let Some(end) = page.last().map(|known| known.id) else { return Ok(()) };
        above = Some(end);
        let mut due = BTreeMap::new();
        for known in page {
            let reminder = renewals.get(&known.track).and_then(|renewal| due_of(&known, renewal, since, now));
            if let Some(reminder) = reminder
                && credentials::succession(app.db.read(), &known).await?.renewed_by.is_none()
            {
                due.insert(known.id, (known, reminder));
            }
        }
        if due.is_empty() {
            continue;
        }
        let ch = app.db.change(Actor::System("notices"), Kind::Ordinary).await?;
        for (known, reminder) in due.into_values() {
            service::note(app, &ch, new(&known, reminder)).await?;
        }
        ch.commit().await?;
    }
}

/// What its holder is reminded of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    /// It ends in at most so many days.
    Ahead(u32),
    /// It has ended and can still be renewed.
    Grace,
}

/// The latest reminder that came due since `since`, where it is still worth one.
fn due_of(known: &Credential, renewal: &Renewal, since: Option<Timestamp>, now: Timestamp) -> Option<Due> {
    let end = known.valid_until?;
    let ended = (end <= now).then_some((end, Due::Grace));
    let ahead = renewal.reminders.iter().map(|days| (end.saturating_sub(Duration::days((*days).into())), *days));
    let came = |at: Timestamp| at <= now && since.is_none_or(|since| at > since);
    let latest = ahead.filter(|(at, _)| came(*at)).max_by_key(|(at, _)| *at).map(|(at, days)| (at, Due::Ahead(days)));
    let (at, due) = match ended {
        Some((at, due)) if came(at) => (at, due),
        Some(_) => return None,
        None => latest?,
    };
    let was_there = known.released_at.is_some_and(|released| released <= at);
    let renewable = due != Due::Grace || now < end.saturating_add(Duration::days(renewal.grace_days.into()));
    (was_there && renewable).then_some(due)
}

fn new(known: &Credential, due: Due) -> New {
    let (what, detail) = match due {
        Due::Ahead(days) => (What::Reminder, Some(days.to_string())),
        Due::Grace => (What::Grace, None),
    };
    let days = detail.as_deref().unwrap_or("0");
    let cause = format!("{}/{}/{days}", what.as_str(), known.id);
    New { member: known.member, what, about: known.id.to_string(), detail, cause }
}
