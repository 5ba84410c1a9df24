//! Webhooks themselves: made, changed, switched off and on, given a new secret, removed. Changes are privileged and write their row in the audit log.

use std::collections::BTreeSet;

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder};
use serde::Deserialize;
use serde_json::{Value, json};
use time::Duration;
use url::Url;

use super::entity::{delivery, tried, webhook};
use super::lifecycle::{Kind, Off};
use super::secret::Secret;
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{AuditEntry, Change, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::exams;
use crate::ids::WebhookId;
use crate::server_secret::Root;

/// One receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub id: WebhookId,
    pub url: String,
    /// What staff call it.
    pub note: String,
    pub kinds: BTreeSet<Kind>,
    /// Slugs; empty: every exam.
    pub exams: BTreeSet<String>,
    /// Why it is off, and since when; None while it is on.
    pub off: Option<(Off, Timestamp)>,
    /// Since when nothing got through.
    pub failing_since: Option<Timestamp>,
    pub created_at: Timestamp,
    pub created_by: String,
    /// Until when the secret before this one is used beside it.
    pub old_until: Option<Timestamp>,
    /// By number and hash: the newest first.
    pub(super) secrets: Vec<(i32, String)>,
}

impl Webhook {
    pub fn is_on(&self) -> bool {
        self.off.is_none()
    }

    /// Whether it is to be told of this kind of event, at this exam where it is of one.
    pub fn hears(&self, kind: Kind, exam: Option<&str>) -> bool {
        let of_exam = exam.is_none_or(|exam| self.exams.is_empty() || self.exams.contains(exam));
        self.is_on() && self.kinds.contains(&kind) && (of_exam || !kind.is_of_an_exam())
    }

    /// The host that it leads to: logs and audit rows name no more, since paths often hold a password.
    pub fn host(&self) -> String {
        host(&self.url)
    }

    /// The secrets that deliveries are signed with now.
    ///
    /// # Errors
    /// The file that they come from is not there, or another one.
    pub(super) fn open(&self, app: &App, now: Timestamp) -> Result<Vec<Secret>> {
        let root = Root::read(&app.config.keys_dir()).map_err(Error::internal)?;
        let count = if self.old_until.is_some_and(|until| now < until) { 2 } else { 1 };
        let secret = |(number, hash): &(i32, String)| {
            let secret = Secret::of(&root, self.id, *number);
            let same = secret.hash() == *hash;
            same.then_some(secret)
                .ok_or_else(|| Error::internal("webhooks.secret is not the one that was there before"))
        };
        self.secrets.iter().take(count).map(secret).collect()
    }
}

fn host(url: &str) -> String {
    Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// What a webhook is to be.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    pub url: String,
    pub kinds: Vec<String>,
    #[serde(default)]
    pub exams: Vec<String>,
    #[serde(default)]
    pub note: String,
}

const LONGEST_URL: usize = 500;
pub(super) const LONGEST_NOTE: usize = 200;
const MOST_EXAMS: usize = 100;
/// More receivers than anybody has.
const MOST_WEBHOOKS: u64 = 50;
/// How long the secret before is used beside a new one.
pub(super) const OVERLAP: Duration = Duration::hours(24);

struct Checked {
    url: String,
    kinds: String,
    exams: String,
    note: String,
}

async fn checked(app: &App, db: &impl Read, new: NewWebhook) -> Result<Checked> {
    let mut faults = vec![];
    let mut wrong = |at: String, code, why: &str| faults.push(Fault::new(at, code, why));
    let (url, note) = (new.url.trim().to_owned(), new.note.trim().to_owned());
    if url.len() > LONGEST_URL || !app.connector.may_tell(&url) {
        wrong(
            "/url".to_owned(),
            "not_reachable",
            "write an https address with a host name, on port 443 and without a user name: others are never connected to",
        );
    }
    if new.kinds.is_empty() {
        wrong("/kinds".to_owned(), "missing", "name at least one kind of event");
    }
    let mut kinds = BTreeSet::new();
    for (n, name) in new.kinds.iter().enumerate() {
        match Kind::parse(name).filter(|kind| *kind != Kind::Test) {
            Some(kind) => {
                kinds.insert(kind);
            }
            None => wrong(format!("/kinds/{n}"), "unknown_kind", "this is no kind of event that can be told"),
        }
    }
    if new.exams.len() > MOST_EXAMS {
        wrong("/exams".to_owned(), "too_many", "name at most 100 exams, or none for all of them");
    }
    let mut named = BTreeSet::new();
    for (n, slug) in new.exams.iter().take(MOST_EXAMS).enumerate() {
        match exams::find(db, slug.trim()).await? {
            Some(exam) => {
                named.insert(exam.spec.slug);
            }
            None => wrong(format!("/exams/{n}"), "unknown_exam", "name an exam by its slug"),
        }
    }
    if note.chars().count() > LONGEST_NOTE || note.chars().any(char::is_control) {
        wrong("/note".to_owned(), "too_long", "write one line of at most 200 characters");
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let kinds: Vec<&str> = kinds.into_iter().map(Kind::as_str).collect();
    Ok(Checked { url, kinds: serde_json::to_string(&kinds)?, exams: serde_json::to_string(&named)?, note })
}

fn about(checked: &Checked) -> Value {
    let list = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    json!({"host": host(&checked.url), "kinds": list(&checked.kinds), "exams": list(&checked.exams)})
}

fn secret(app: &App, ch: &Change<'_>, id: WebhookId, number: i32) -> Result<Secret> {
    let root = Root::read_or_make(&app.config.keys_dir(), ch.entropy());
    let root = root.map_err(|e| Error::new(Code::Unavailable).because(format!("the key folder: {e}")))?;
    Ok(Secret::of(&root, id, number))
}

/// Makes one; answers it with its secret, which is never shown again.
///
/// # Errors
/// What does not fit, field by field; too many.
pub async fn add(app: &App, ch: &mut Change<'_>, new: NewWebhook) -> Result<(Webhook, String)> {
    let checked = checked(app, ch.tx(), new).await?;
    if webhook::Entity::find().count(ch.tx()).await? >= MOST_WEBHOOKS {
        return Err(Error::new(Code::TooMany));
    }
    let id: WebhookId = ch.id();
    let secret = secret(app, ch, id, 1)?;
    ch.audit(AuditEntry::new("webhook.add", id, about(&checked))).await?;
    let row = webhook::Model {
        id: id.to_string(),
        url: checked.url,
        note: checked.note,
        kinds: checked.kinds,
        exams: checked.exams,
        off: None,
        off_at: None,
        secret: 1,
        secret_hash: secret.hash(),
        old_secret: None,
        old_secret_hash: None,
        old_until: None,
        failing_since: None,
        created_at: millis(ch.now),
        created_by: ch.actor.to_string(),
    };
    let insert = webhook::ActiveModel::from(row.clone()).reset_all();
    webhook::Entity::insert(insert).exec_without_returning(ch.tx()).await?;
    Ok((read(row)?, secret.to_text()))
}

/// Another address, other kinds. What it is owed already goes to the new address.
///
/// # Errors
/// No such webhook; what does not fit.
pub async fn edit(app: &App, ch: &mut Change<'_>, id: WebhookId, new: NewWebhook) -> Result<()> {
    find(ch.tx(), id).await?;
    let checked = checked(app, ch.tx(), new).await?;
    ch.audit(AuditEntry::new("webhook.edit", id, about(&checked))).await?;
    webhook::Entity::update_many()
        .col_expr(webhook::Column::Url, Expr::value(checked.url))
        .col_expr(webhook::Column::Note, Expr::value(checked.note))
        .col_expr(webhook::Column::Kinds, Expr::value(checked.kinds))
        .col_expr(webhook::Column::Exams, Expr::value(checked.exams))
        .filter(webhook::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// Switches it on, or off by hand; answers whether that changed anything. What it was owed waits while it is off; what happens meanwhile it is not
/// told of.
///
/// # Errors
/// No such webhook.
pub async fn switch(ch: &mut Change<'_>, id: WebhookId, on: bool) -> Result<bool> {
    let known = find(ch.tx(), id).await?;
    if known.is_on() == on {
        return Ok(false);
    }
    set_off(ch, id, (!on).then_some(Off::ByStaff)).await?;
    ch.audit(AuditEntry::new(if on { "webhook.enable" } else { "webhook.disable" }, id, json!({}))).await?;
    Ok(true)
}

/// Off for this reason, or on.
pub(super) async fn set_off(ch: &Change<'_>, id: WebhookId, off: Option<Off>) -> Result<()> {
    webhook::Entity::update_many()
        .col_expr(webhook::Column::Off, Expr::value(off.map(|why| why.as_str().to_owned())))
        .col_expr(webhook::Column::OffAt, Expr::value(off.map(|_| millis(ch.now))))
        .col_expr(webhook::Column::FailingSince, Expr::value(None::<i64>))
        .filter(webhook::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// Since when nothing gets through; None once something does.
pub(super) async fn set_failing(ch: &Change<'_>, id: WebhookId, since: Option<Timestamp>) -> Result<()> {
    webhook::Entity::update_many()
        .col_expr(webhook::Column::FailingSince, Expr::value(since.map(millis)))
        .filter(webhook::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// A new secret, shown this once. For a day deliveries are signed with the one before, too.
///
/// # Errors
/// No such webhook.
pub async fn rotate(app: &App, ch: &mut Change<'_>, id: WebhookId) -> Result<String> {
    let row = webhook::Entity::find_by_id(id.to_string()).one(ch.tx()).await?.ok_or_else(Error::not_found)?;
    let number = row.secret + 1;
    let secret = secret(app, ch, id, number)?;
    // Where the file was lost, nothing can be signed with the one before.
    let old = Root::read(&app.config.keys_dir()).ok().map(|root| Secret::of(&root, id, row.secret).hash());
    let kept = old.is_some_and(|hash| hash == row.secret_hash);
    webhook::Entity::update_many()
        .col_expr(webhook::Column::Secret, Expr::value(number))
        .col_expr(webhook::Column::SecretHash, Expr::value(secret.hash()))
        .col_expr(webhook::Column::OldSecret, Expr::value(kept.then_some(row.secret)))
        .col_expr(webhook::Column::OldSecretHash, Expr::value(kept.then_some(row.secret_hash)))
        .col_expr(webhook::Column::OldUntil, Expr::value(kept.then(|| millis(ch.now + OVERLAP))))
        .filter(webhook::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    ch.audit(AuditEntry::new("webhook.rotate", id, json!({"number": number}))).await?;
    Ok(secret.to_text())
}

/// Removes it with everything that it was owed.
///
/// # Errors
/// No such webhook.
pub async fn remove(ch: &mut Change<'_>, id: WebhookId) -> Result<()> {
    let known = find(ch.tx(), id).await?;
    let own = sea_orm::sea_query::Query::select()
        .column(delivery::Column::Id)
        .from(delivery::Entity)
        .and_where(delivery::Column::Webhook.eq(id.to_string()))
        .to_owned();
    tried::Entity::delete_many().filter(tried::Column::Delivery.in_subquery(own)).exec(ch.tx()).await?;
    delivery::Entity::delete_many().filter(delivery::Column::Webhook.eq(id.to_string())).exec(ch.tx()).await?;
    webhook::Entity::delete_by_id(id.to_string()).exec(ch.tx()).await?;
    ch.audit(AuditEntry::new("webhook.remove", id, json!({"host": known.host()}))).await
}

/// The webhook with this id.
///
/// # Errors
/// Not found.
pub async fn find(db: &impl Read, id: WebhookId) -> Result<Webhook> {
    webhook::Entity::find_by_id(id.to_string()).one(db).await?.map(read).transpose()?.ok_or_else(Error::not_found)
}

/// All of them, the oldest first.
pub async fn all(db: &impl Read) -> Result<Vec<Webhook>> {
    webhook::Entity::find().order_by_asc(webhook::Column::Id).all(db).await?.into_iter().map(read).collect()
}

/// Those that are on, were there at `at`, and are to be told of one of these kinds.
pub(super) async fn wanting(db: &impl Read, kinds: &[Kind], at: Timestamp) -> Result<Vec<Webhook>> {
    if kinds.is_empty() {
        return Ok(vec![]);
    }
    let names = kinds.iter().map(|kind| webhook::Column::Kinds.contains(format!("\"{}\"", kind.as_str())));
    let wanted = names.fold(Condition::any(), Condition::add);
    let rows = webhook::Entity::find()
        .filter(webhook::Column::Off.is_null())
        .filter(webhook::Column::CreatedAt.lte(millis(at)))
        .filter(wanted)
        .order_by_asc(webhook::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// Those that were switched off by themselves, and those that are on and get nothing through.
pub async fn ailing(db: &impl Read) -> Result<Vec<Webhook>> {
    let alone = webhook::Column::Off.is_in([Off::Unanswered, Off::Gone].map(Off::as_str));
    let failing = Condition::all().add(webhook::Column::Off.is_null()).add(webhook::Column::FailingSince.is_not_null());
    let rows = webhook::Entity::find().filter(Condition::any().add(alone).add(failing));
    rows.order_by_asc(webhook::Column::Id).all(db).await?.into_iter().map(read).collect()
}

/// How many are off by themselves.
pub async fn count_off(db: &impl Read) -> Result<u64> {
    let alone = [Off::Unanswered, Off::Gone].map(Off::as_str);
    Ok(webhook::Entity::find().filter(webhook::Column::Off.is_in(alone)).count(db).await?)
}

fn read(row: webhook::Model) -> Result<Webhook> {
    let kinds: Vec<String> = serde_json::from_str(&row.kinds)?;
    let off = row.off.as_deref().map(|why| Off::parse(why).ok_or_else(|| Error::internal("an unknown reason")));
    let mut secrets = vec![(row.secret, row.secret_hash)];
    secrets.extend(row.old_secret.zip(row.old_secret_hash));
    Ok(Webhook {
        id: row.id.parse().map_err(Error::internal)?,
        url: row.url,
        note: row.note,
        kinds: kinds.iter().filter_map(|kind| Kind::parse(kind)).collect(),
        exams: serde_json::from_str(&row.exams)?,
        off: off.transpose()?.map(|why| (why, from_millis(row.off_at.unwrap_or_default()))),
        failing_since: row.failing_since.map(from_millis),
        created_at: from_millis(row.created_at),
        created_by: row.created_by,
        old_until: row.old_until.map(from_millis),
        secrets,
    })
}
