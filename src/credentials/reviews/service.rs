//! Opening, settling and closing reviews.

use std::collections::BTreeSet;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde_json::json;

use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::credentials::entity::review;
use crate::credentials::find::{self, Credential};
use crate::credentials::history;
use crate::credentials::life;
use crate::credentials::lifecycle::{ReviewOutcome, Status};
use crate::database::{AuditEntry, Change, Kind, Read};
use crate::decisions::{self, Decided};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{CredentialId, DecisionId, FactId, ReviewId};

const LONGEST_NOTE: usize = 500;

/// A credential whose decision was superseded waits, or waited, for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    pub id: ReviewId,
    pub credential: CredentialId,
    /// The decision that the credential was awarded on.
    pub rests_on: DecisionId,
    /// The latest decision, which says otherwise.
    pub says: DecisionId,
    pub opened_at: Timestamp,
    pub closed: Option<Closed>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    pub at: Timestamp,
    /// An id, `operator` or `system:…`.
    pub by: String,
    pub outcome: ReviewOutcome,
    /// For staff only.
    pub note: Option<String>,
}

/// What the decision of today says of the one that the credential rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Altered {
    /// Met earlier than the credential says.
    Earlier,
    /// Met later than the credential says.
    Later,
    /// Not met.
    Undone,
}

impl Altered {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Earlier => "earlier",
            Self::Later => "later",
            Self::Undone => "undone",
        }
    }
}

/// How what is on record differs from the credential; none where it agrees.
pub fn altered(known: &Credential, says: &Decided) -> Option<Altered> {
    // Documents are dated in whole seconds.
    let (signed, now) = (millis(known.awarded_at).div_euclid(1000), millis(says.decided_at).div_euclid(1000));
    match (says.met, now.cmp(&signed)) {
        (false, _) => Some(Altered::Undone),
        (true, std::cmp::Ordering::Less) => Some(Altered::Earlier),
        (true, std::cmp::Ordering::Greater) => Some(Altered::Later),
        (true, std::cmp::Ordering::Equal) => None,
    }
}

/// Facts that the one decision counted and the other does not: (new ones, ones that are gone).
pub fn difference(rested_on: &Decided, says: &Decided) -> (Vec<FactId>, Vec<FactId>) {
    let facts = |decided: &Decided| decided.explanation.facts().into_iter().collect::<BTreeSet<FactId>>();
    let (before, after) = (facts(rested_on), facts(says));
    (after.difference(&before).copied().collect(), before.difference(&after).copied().collect())
}

/// Holds a credential against the decision that counts now. Where they differ a review is open afterwards; where they agree again, an open one
/// is settled. The credential itself stays as it is. Doing it twice changes nothing.
pub async fn hold_against(app: &App, known: &Credential, says: &Decided) -> Result<()> {
    let Some(rests_on) = life::decision_of(app.db.read(), known).await? else { return Ok(()) };
    if rests_on == says.id {
        return Ok(());
    }
    let ch = app.db.change(Actor::System("credentials"), Kind::Ordinary).await?;
    ch.take_turn(&turn(known.id)).await?;
    let known = &find::find(ch.tx(), known.id).await?;
    if known.status == Status::Revoked {
        return Ok(());
    }
    let open = open_of(ch.tx(), known.id).await?;
    match (open, altered(known, says)) {
        (None, None) => return Ok(()),
        (Some(open), None) => close(&ch, &open, ReviewOutcome::Agrees, None).await?,
        (Some(open), Some(_)) => {
            review::Entity::update_many()
                .col_expr(review::Column::Says, Expr::value(says.id.to_string()))
                .filter(review::Column::Id.eq(open.id.to_string()))
                .exec(ch.tx())
                .await?;
        }
        (None, Some(_)) if was_reviewed(ch.tx(), known, says.id).await? => return Ok(()),
        (None, Some(_)) => {
            let row = review::ActiveModel {
                id: Set(ch.id::<ReviewId>().to_string()),
                credential: Set(known.id.to_string()),
                rests_on: Set(rests_on.to_string()),
                says: Set(says.id.to_string()),
                opened_at: Set(millis(ch.now)),
                open: Set(Some(known.id.to_string())),
                closed_at: Set(None),
                closed_by: Set(None),
                outcome: Set(None),
                note: Set(None),
            };
            review::Entity::insert(row).exec_without_returning(ch.tx()).await?;
            history::note(&ch, known.id, "review").await?;
        }
    }
    ch.commit().await
}

/// What is done to the reviews of a credential is done one after the other.
fn turn(id: CredentialId) -> String {
    format!("review {id}")
}

/// Whether a person was asked about this credential, or one in whose place it came, and this decision before.
async fn was_reviewed(db: &impl Read, known: &Credential, says: DecisionId) -> Result<bool> {
    let line = life::line_before(db, known).await?;
    let asked = review::Entity::find()
        .filter(review::Column::Credential.is_in(line.iter().map(ToString::to_string)))
        .filter(review::Column::Says.eq(says.to_string()));
    Ok(asked.count(db).await? > 0)
}

/// Closes a review: the credential stays as it is. The change must be privileged: the audit row is written here. Answers false, and writes
/// nothing, where that was decided before.
pub async fn keep(ch: &mut Change<'_>, id: ReviewId, note: Option<&str>) -> Result<bool> {
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    let bad = |note: &str| note.chars().count() > LONGEST_NOTE || note.chars().any(|c| c.is_control() && c != '\n');
    if note.is_some_and(bad) {
        let text = "write at most 500 characters of plain text";
        return Err(Error::invalid(vec![Fault::new("/note", "invalid_text", text)]));
    }
    let known = find_review(ch.tx(), id).await?;
    ch.take_turn(&turn(known.credential)).await?;
    let known = find_review(ch.tx(), known.id).await?;
    match &known.closed {
        Some(closed) if closed.outcome == ReviewOutcome::Kept => return Ok(false),
        Some(closed) => {
            return Err(Error::new(Code::ReviewClosed).with("outcome", closed.outcome.as_str()));
        }
        None => {}
    }
    close(ch, &known, ReviewOutcome::Kept, note).await?;
    let detail = json!({"credential": known.credential, "rests_on": known.rests_on, "says": known.says});
    ch.audit(AuditEntry::new("review.keep", id, detail)).await?;
    Ok(true)
}

/// Closes the open review of a credential that was revoked or replaced, where there is one.
pub(in crate::credentials) async fn close_with(
    ch: &Change<'_>,
    id: CredentialId,
    outcome: ReviewOutcome,
) -> Result<()> {
    ch.take_turn(&turn(id)).await?;
    match open_of(ch.tx(), id).await? {
        Some(open) => close(ch, &open, outcome, None).await,
        None => Ok(()),
    }
}

/// The open review goes on about the credential that took the place of another without a person deciding it.
pub(in crate::credentials) async fn hand_on(ch: &Change<'_>, from: CredentialId, to: CredentialId) -> Result<()> {
    ch.take_turn(&turn(from)).await?;
    review::Entity::update_many()
        .col_expr(review::Column::Open, Expr::value(to.to_string()))
        .col_expr(review::Column::Credential, Expr::value(to.to_string()))
        .filter(review::Column::Open.eq(from.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// What the credential in whose place another came was found to rest on, where a review ended so.
pub(in crate::credentials) async fn replaced_on(db: &impl Read, id: CredentialId) -> Result<Option<DecisionId>> {
    let row = review::Entity::find()
        .filter(review::Column::Credential.eq(id.to_string()))
        .filter(review::Column::Outcome.eq(ReviewOutcome::Replaced.as_str()))
        .order_by_desc(review::Column::Id)
        .one(db)
        .await?;
    row.map(|row| row.says.parse().map_err(Error::internal)).transpose()
}

async fn close(ch: &Change<'_>, known: &Review, outcome: ReviewOutcome, note: Option<&str>) -> Result<()> {
    review::Entity::update_many()
        .col_expr(review::Column::Open, Expr::value(Option::<String>::None))
        .col_expr(review::Column::ClosedAt, Expr::value(millis(ch.now)))
        .col_expr(review::Column::ClosedBy, Expr::value(ch.actor.to_string()))
        .col_expr(review::Column::Outcome, Expr::value(outcome.as_str()))
        .col_expr(review::Column::Note, Expr::value(note.map(str::to_owned)))
        .filter(review::Column::Id.eq(known.id.to_string()))
        .exec(ch.tx())
        .await?;
    match outcome {
        ReviewOutcome::Kept => history::note(ch, known.credential, "review.kept").await,
        ReviewOutcome::Agrees => history::note(ch, known.credential, "review.agrees").await,
        // The revocation and the replacement have lines of their own.
        ReviewOutcome::Revoked | ReviewOutcome::Replaced => Ok(()),
    }
}

/// The review of a credential that waits for a person.
pub async fn open_of(db: &impl Read, id: CredentialId) -> Result<Option<Review>> {
    review::Entity::find().filter(review::Column::Open.eq(id.to_string())).one(db).await?.map(read).transpose()
}

pub async fn find_review(db: &impl Read, id: ReviewId) -> Result<Review> {
    read(review::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?)
}

/// How many wait.
pub async fn count_open(db: &impl Read) -> Result<u64> {
    Ok(review::Entity::find().filter(review::Column::Open.is_not_null()).count(db).await?)
}

/// Up to `limit` reviews after `after`, oldest first: those that wait, or those that are closed.
pub async fn list(db: &impl Read, closed: bool, after: Option<ReviewId>, limit: u64) -> Result<Vec<Review>> {
    let which = if closed { review::Column::Open.is_null() } else { review::Column::Open.is_not_null() };
    let mut find = review::Entity::find().filter(which).order_by_asc(review::Column::Id).limit(limit);
    if let Some(after) = after {
        find = find.filter(review::Column::Id.gt(after.to_string()));
    }
    find.all(db).await?.into_iter().map(read).collect()
}

/// A review with everything that it speaks of.
pub struct Case {
    pub review: Review,
    pub credential: Credential,
    pub rested_on: Decided,
    pub says: Decided,
}

pub async fn case(db: &impl Read, review: Review) -> Result<Case> {
    Ok(Case {
        credential: find::find(db, review.credential).await?,
        rested_on: decisions::find(db, review.rests_on).await?,
        says: decisions::find(db, review.says).await?,
        review,
    })
}

fn read(row: review::Model) -> Result<Review> {
    let closed = match (row.closed_at, row.closed_by, row.outcome) {
        (Some(at), Some(by), Some(outcome)) => Some(Closed {
            at: from_millis(at),
            by,
            outcome: ReviewOutcome::parse(&outcome)
                .ok_or_else(|| Error::internal(format!("the review {} has an unknown outcome", row.id)))?,
            note: row.note,
        }),
        _ => None,
    };
    Ok(Review {
        id: row.id.parse().map_err(Error::internal)?,
        credential: row.credential.parse().map_err(Error::internal)?,
        rests_on: row.rests_on.parse().map_err(Error::internal)?,
        says: row.says.parse().map_err(Error::internal)?,
        opened_at: from_millis(row.opened_at),
        closed,
    })
}
