//! Counting in memory, and writing it down.

use sea_orm::ActiveValue::Set;
use sea_orm::ExprTrait as _;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, OnConflict};

use super::day::day_of;
use super::entity::daily_count::{self, Column};
use crate::actor::Actor;
use crate::app::{App, Counted, Subject};
use crate::credentials::{Credential, Visibility};
use crate::database::{Change, Kind};
use crate::error::{Code, Result};
use crate::ids::MemberId;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Its page was answered.
    View,
    /// It was verified here: on the page, by the API, in a list, or in a browser from its page.
    Verify,
    /// Its holder went on to LinkedIn's form.
    LinkedIn,
    /// Its JSON, JWT, PNG, SVG or PDF was answered.
    Download,
    /// Its card or its badge for other sites was answered.
    Embed,
}

impl What {
    pub const ALL: [Self; 5] = [Self::View, Self::Verify, Self::LinkedIn, Self::Download, Self::Embed];

    /// The stable name, in the table and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Verify => "verify",
            Self::LinkedIn => "linkedin",
            Self::Download => "download",
            Self::Embed => "embed",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == name)
    }

    /// Its place in [`What::ALL`].
    pub fn place(self) -> usize {
        match self {
            Self::View => 0,
            Self::Verify => 1,
            Self::LinkedIn => 2,
            Self::Download => 3,
            Self::Embed => 4,
        }
    }
}

/// Whose figures a look at this credential goes to.
pub fn subject(credential: &Credential) -> Subject {
    Subject {
        credential: credential.id,
        track: credential.track,
        holder: credential.member,
        private: credential.visibility == Visibility::Private,
    }
}

/// Counts one in memory; nothing is written here. `by` is who asked, where that is known: holders' own looks are none.
pub fn count(app: &App, of: &Subject, what: What, by: Option<MemberId>) {
    if by == Some(of.holder) && what != What::LinkedIn {
        return;
    }
    let &Subject { credential, track, private, holder: _ } = of;
    app.counts.add(Counted { credential, track, day: day_of(app.db.now()), what: what.as_str(), private });
    if app.counts.is_full() {
        app.db.bell.notify_one();
    }
}

/// Rows in one statement.
const AT_ONCE: usize = 500;

/// Writes down what was counted in this process: adds to what stands there, so that several processes add up. What could not be written waits for the
/// next time; only where the store does not say whether it was written is it left, so that nothing counts twice.
pub async fn flush(app: &App) -> Result<()> {
    let (taken, dropped) = app.counts.take();
    if dropped > 0 {
        tracing::warn!(
            dropped,
            "looks were not counted: more credentials were asked for than the memory for counting holds"
        );
    }
    if taken.is_empty() {
        return Ok(());
    }
    let outcome = write(app, &taken).await;
    match &outcome {
        Ok(()) => {}
        Err(e) if e.code() == Code::OutcomeUnknown => {
            tracing::warn!(
                sums = taken.len(),
                "whether looks were written down is not known; they are not counted again"
            );
        }
        Err(_) => app.counts.put_back(&taken),
    }
    outcome
}

async fn write(app: &App, taken: &[(Counted, u64)]) -> Result<()> {
    let ch = app.db.change(Actor::System("impact"), Kind::Ordinary).await?;
    for some in taken.chunks(AT_ONCE) {
        add(&ch, some).await?;
    }
    ch.commit().await
}

async fn add(ch: &Change<'_>, sums: &[(Counted, u64)]) -> Result<()> {
    let rows = sums.iter().map(|(of, sum)| daily_count::ActiveModel {
        credential: Set(of.credential.to_string()),
        day: Set(of.day),
        what: Set(of.what.to_owned()),
        private: Set(of.private),
        track: Set(of.track.to_string()),
        looks: Set(i64::try_from(*sum).unwrap_or(i64::MAX)),
    });
    let standing = Expr::col((daily_count::Entity, Column::Looks));
    let coming = Expr::col((Alias::new("excluded"), Column::Looks));
    let adding = OnConflict::columns([Column::Credential, Column::Day, Column::What, Column::Private])
        .value(Column::Looks, standing.add(coming))
        .to_owned();
    daily_count::Entity::insert_many(rows).on_conflict(adding).exec_without_returning(ch.tx()).await?;
    Ok(())
}
