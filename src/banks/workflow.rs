//! What people do with items. Every verb writes its step and its audit row; the change must be privileged.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use serde_json::json;
use waymark_assess::item::{Figure, ItemVersion};

use super::catalog::{self, Bank, Item};
use super::entity::{bank, item, item_key, item_step, item_version};
use super::lifecycle::{Standing, State, Verb};
use super::service::{find, is_slug, keep_version, store_figure};
use crate::access;
use crate::actor::Actor;
use crate::clock::millis;
use crate::database::{AuditEntry, Change, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{BankId, ItemId, ItemStepId, ItemVersionId};

/// The longest reason or note, in characters.
pub const LONGEST_NOTE: usize = 1000;
/// The longest title of a bank, in characters.
pub const LONGEST_TITLE: usize = 200;
/// The first version of an item, among its steps.
const WRITE: &str = "write";
/// A look at a key, among the steps of its item.
pub const READ_KEY: &str = "read-key";

/// Opens an empty bank.
///
/// # Errors
/// A slug or title that cannot serve; a conflict where there is such a bank.
pub async fn open_bank(ch: &mut Change<'_>, slug: &str, title: &str) -> Result<Bank> {
    let title = title.trim();
    let mut faults = vec![];
    if !is_slug(slug) {
        let detail = "a bank is named by up to 64 of a-z, 0-9 and `-`, not beginning with `-`";
        faults.push(Fault::new("/slug", "not_a_slug", detail));
    }
    if title.chars().count() > LONGEST_TITLE || title.chars().any(char::is_control) {
        faults.push(Fault::new("/title", "not_usable", format!("one line of at most {LONGEST_TITLE} characters")));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    if find(ch.tx(), slug).await?.is_some() {
        return Err(Error::new(Code::Conflict).because("there is such a bank"));
    }
    let bank = Bank {
        id: ch.id::<BankId>(),
        slug: slug.to_owned(),
        title: Some(title.to_owned()).filter(|title| !title.is_empty()),
    };
    let row = bank::ActiveModel {
        id: Set(bank.id.to_string()),
        slug: Set(bank.slug.clone()),
        created_at: Set(millis(ch.now)),
        title: Set(bank.title.clone()),
    };
    bank::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    ch.audit(AuditEntry::new("bank.open", slug, json!({"title": bank.title}))).await?;
    Ok(bank)
}

/// Writes a new item: a draft.
///
/// # Errors
/// A conflict where the bank has an item of this id.
pub async fn write(ch: &mut Change<'_>, bank: &Bank, version: &ItemVersion) -> Result<Item> {
    let id: ItemId = ch.id();
    let of_slug = item::Entity::find()
        .filter(item::Column::Bank.eq(bank.id.to_string()))
        .filter(item::Column::Slug.eq(version.slug()));
    if of_slug.count(ch.tx()).await? > 0 {
        let detail = "the bank has an item with this id: give the new one another";
        return Err(Error::new(Code::Conflict).because(detail));
    }
    let first = keep_version(ch, &id.to_string(), version).await?;
    let row = item::ActiveModel {
        id: Set(id.to_string()),
        bank: Set(bank.id.to_string()),
        slug: Set(version.slug().to_owned()),
        version: Set(first),
        hash: Set(version.hash().to_string()),
        created_at: Set(millis(ch.now)),
        state: Set(State::Draft.as_str().to_owned()),
        proposed: Set(None),
        proposal: Set(None),
        revision: Set(1),
    };
    item::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    let item = catalog::item(ch.tx(), id).await?;
    record(ch, &item, WRITE, "", None).await?;
    ch.audit(AuditEntry::new("item.write", id, json!({"bank": bank.slug, "item": item.slug}))).await?;
    Ok(item)
}

/// Writes another version. What was in use stays in use until the new one is approved; None where nothing differs from the version that people work on.
///
/// # Errors
/// [`Code::PreconditionFailed`] where the item changed since `expected` was read; another id than the item has.
pub async fn edit(
    ch: &mut Change<'_>,
    id: ItemId,
    expected: i64,
    version: &ItemVersion,
    note: &str,
) -> Result<Option<Item>> {
    let before = unchanged_since(ch, id, expected).await?;
    let note = noted(Verb::Edit, note)?;
    if version.slug() != before.slug {
        let detail = format!("the id of an item is for good: write `{}`", before.slug);
        return Err(Error::invalid(vec![Fault::new("/id", "fixed", detail)]));
    }
    let after = follow(before.standing, Verb::Edit)?;
    let kept: ItemVersionId = keep_version(ch, &id.to_string(), version).await?.parse().map_err(Error::internal)?;
    if kept == before.working() {
        return Ok(None);
    }
    let (used, proposed) = if after.proposal.is_none() { (kept, None) } else { (before.version, Some(kept)) };
    let item = put(ch, &before, after, used, proposed).await?;
    tell(ch, &before, &item, Verb::Edit, note).await?;
    Ok(Some(item))
}

/// Any step but an edit.
///
/// # Errors
/// As [`edit`]; [`Code::ItemStateConflict`] where the step does not begin here; a missing reason; [`Code::OwnItem`] where the approver had a hand in what is to
/// be approved.
pub async fn step(ch: &mut Change<'_>, id: ItemId, expected: i64, verb: Verb, note: &str) -> Result<Item> {
    let before = unchanged_since(ch, id, expected).await?;
    let after = follow(before.standing, verb)?;
    let note = noted(verb, note)?;
    if verb == Verb::Edit {
        return Err(Error::internal("an edit brings a version"));
    }
    if verb.needs_another() && had_a_hand(ch, &before).await? {
        return Err(Error::new(Code::OwnItem));
    }
    let (used, proposed) = match (verb, before.proposed) {
        (Verb::Approve, Some(proposed)) => (proposed, None),
        (Verb::Discard, _) => (before.version, None),
        (_, proposed) => (before.version, proposed),
    };
    let item = put(ch, &before, after, used, proposed).await?;
    tell(ch, &before, &item, verb, note).await?;
    if verb == Verb::Withdraw {
        ch.tell(&DomainEvent::ItemWithdrawn { bank: item.bank.id, item: id }).await?;
    }
    Ok(item)
}

/// Puts everything of the bank that is approved and was never in use into use, and answers how many items that were. Each has its step; the audit log has
/// one row that names them.
pub async fn operate_approved(ch: &mut Change<'_>, bank: &Bank) -> Result<usize> {
    let approved = item::Entity::find()
        .filter(item::Column::Bank.eq(bank.id.to_string()))
        .filter(item::Column::State.eq(State::Approved.as_str()))
        .order_by_asc(item::Column::Slug)
        .all(ch.tx())
        .await?;
    let mut slugs = Vec::with_capacity(approved.len());
    for row in approved {
        let before = catalog::read_item(ch.tx(), row).await?;
        let after = follow(before.standing, Verb::Operate)?;
        let item = put(ch, &before, after, before.version, before.proposed).await?;
        record(ch, &item, Verb::Operate.as_str(), &words(before.standing), None).await?;
        slugs.push(item.slug);
    }
    ch.audit(AuditEntry::new("bank.operate_approved", &bank.slug, json!({"items": slugs}))).await?;
    Ok(slugs.len())
}

/// Whoever had a hand in the version that people work on: its author, and all who wrote or edited since the last approval.
pub async fn hands(db: &impl Read, item: &Item) -> Result<Vec<String>> {
    let version = item_version::Entity::find_by_id(item.working().to_string()).one(db).await?;
    let mut hands: Vec<String> = version.and_then(|row| row.author).into_iter().collect();
    for row in catalog::steps(item.id).all(db).await? {
        if row.verb == Verb::Approve.as_str() {
            break;
        }
        if [WRITE, Verb::Edit.as_str()].contains(&row.verb.as_str()) && !hands.contains(&row.actor) {
            hands.push(row.actor);
        }
    }
    Ok(hands)
}

/// Whether whoever acts wrote what is to be approved: a key that a member made by page is that member's hand, on either side.
async fn had_a_hand(ch: &Change<'_>, item: &Item) -> Result<bool> {
    let who = access::behind(ch.tx(), ch.actor).await?;
    for hand in hands(ch.tx(), item).await? {
        let same = match Actor::parse(&hand) {
            Some(hand) => access::behind(ch.tx(), hand).await? == who,
            None => hand == who.to_string(),
        };
        if same {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A version with its key and rationale. The look is a step of the item and a row in the audit log.
pub async fn open_key(ch: &mut Change<'_>, item: &Item, version: ItemVersionId) -> Result<ItemVersion> {
    let found = whole(ch.tx(), item.id, version).await?;
    let now = words(item.standing);
    insert_step(ch, item, version, READ_KEY, &now, &now, None).await?;
    let detail = json!({"bank": item.bank.slug, "item": item.slug, "version": version});
    ch.audit(AuditEntry::new("item.read_key", item.id, detail)).await?;
    Ok(found)
}

/// Two versions with their keys, for telling them apart: one look, one row in the audit log.
pub async fn open_two(
    ch: &mut Change<'_>,
    item: &Item,
    versions: (ItemVersionId, ItemVersionId),
) -> Result<(ItemVersion, ItemVersion)> {
    let old = whole(ch.tx(), item.id, versions.0).await?;
    Ok((old, open_key(ch, item, versions.1).await?))
}

/// Keeps a picture that a form is going to name; the same bytes once more change nothing. Which item shows it is told when the item is written.
pub async fn keep_picture(ch: &Change<'_>, figure: &Figure, bytes: Vec<u8>) -> Result<()> {
    store_figure(ch, figure.sha256(), figure.media_type(), bytes).await
}

async fn whole(db: &impl Read, item: ItemId, version: ItemVersionId) -> Result<ItemVersion> {
    let row = item_version::Entity::find_by_id(version.to_string()).one(db).await?;
    let row = row.filter(|row| row.item == item.to_string()).ok_or_else(Error::not_found)?;
    let key = item_key::Entity::find_by_id(&row.id).one(db).await?;
    let key = key.ok_or_else(|| Error::internal(format!("version {version} has no key")))?;
    ItemVersion::from_stored(&row.content, &key.key, key.rationale.as_deref()).map_err(Error::internal)
}

async fn unchanged_since(ch: &Change<'_>, id: ItemId, expected: i64) -> Result<Item> {
    let item = catalog::item(ch.tx(), id).await?;
    if item.revision == expected { Ok(item) } else { Err(changed(item.revision)) }
}

fn changed(revision: i64) -> Error {
    Error::new(Code::PreconditionFailed).member("etag", format!("\"{revision}\""))
}

fn follow(standing: Standing, verb: Verb) -> Result<Standing> {
    let conflict = || {
        let state = words(standing);
        Error::new(Code::ItemStateConflict).with("state", state.clone()).member("state", state)
    };
    standing.step(verb).ok_or_else(conflict)
}

fn noted(verb: Verb, note: &str) -> Result<Option<String>> {
    let note = note.trim().replace("\r\n", "\n");
    let wrong = |code, detail: String| Err(Error::invalid(vec![Fault::new("/reason", code, detail)]));
    if note.is_empty() && verb.needs_reason() {
        return wrong("missing", "say why: the reason stays with the item".to_owned());
    }
    if note.chars().count() > LONGEST_NOTE || note.chars().any(|c| c.is_control() && c != '\n') {
        return wrong("too_long", format!("write at most {LONGEST_NOTE} characters, without control characters"));
    }
    Ok(Some(note).filter(|note| !note.is_empty()))
}

/// Writes the row of the item; only over the row that `before` was read from.
async fn put(
    ch: &Change<'_>,
    before: &Item,
    after: Standing,
    used: ItemVersionId,
    proposed: Option<ItemVersionId>,
) -> Result<Item> {
    let version = item_version::Entity::find_by_id(used.to_string()).one(ch.tx()).await?;
    let hash = version.ok_or_else(|| Error::internal(format!("{used} is not there")))?.hash;
    let written = item::Entity::update_many()
        .col_expr(item::Column::State, Expr::value(after.state.as_str()))
        .col_expr(item::Column::Proposal, Expr::value(after.proposal.map(|p| p.as_str().to_owned())))
        .col_expr(item::Column::Version, Expr::value(used.to_string()))
        .col_expr(item::Column::Hash, Expr::value(hash))
        .col_expr(item::Column::Proposed, Expr::value(proposed.map(|id| id.to_string())))
        .col_expr(item::Column::Revision, Expr::value(before.revision + 1))
        .filter(item::Column::Id.eq(before.id.to_string()))
        .filter(item::Column::Revision.eq(before.revision))
        .exec(ch.tx())
        .await?;
    if written.rows_affected != 1 {
        return Err(changed(before.revision));
    }
    Ok(Item { standing: after, version: used, proposed, revision: before.revision + 1, ..before.clone() })
}

async fn tell(ch: &mut Change<'_>, before: &Item, item: &Item, verb: Verb, note: Option<String>) -> Result<()> {
    let (was, became) = (words(before.standing), words(item.standing));
    let detail = json!({
        "bank": item.bank.slug, "item": item.slug, "version": item.working(), "was": was, "became": became, "reason": note,
    });
    record(ch, item, verb.as_str(), &was, note).await?;
    ch.audit(AuditEntry::new(verb.action(), item.id, detail)).await
}

async fn record(ch: &mut Change<'_>, item: &Item, verb: &str, was: &str, note: Option<String>) -> Result<()> {
    insert_step(ch, item, item.working(), verb, was, &words(item.standing), note).await
}

async fn insert_step(
    ch: &mut Change<'_>,
    item: &Item,
    version: ItemVersionId,
    verb: &str,
    was: &str,
    became: &str,
    note: Option<String>,
) -> Result<()> {
    let row = item_step::ActiveModel {
        id: Set(ch.id::<ItemStepId>().to_string()),
        bank: Set(item.bank.id.to_string()),
        item: Set(item.id.to_string()),
        version: Set(Some(version.to_string())),
        verb: Set(verb.to_owned()),
        was: Set(was.to_owned()),
        became: Set(became.to_owned()),
        note: Set(note),
        actor: Set(ch.actor.to_string()),
        revision: Set(item.revision),
        at: Set(millis(ch.now)),
    };
    item_step::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// `operational`, or `operational, draft` with a proposal.
pub(super) fn words(standing: Standing) -> String {
    match standing.proposal {
        Some(proposal) => format!("{}, {}", standing.state.as_str(), proposal.as_str()),
        None => standing.state.as_str().to_owned(),
    }
}
