//! Importing items, and reading them back for drawing, showing and scoring.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};
use waymark_assess::blueprint::Drawable;
use waymark_assess::interchange::{self, Format, Import, ItemOutcome, Report};
use waymark_assess::item::{ItemContent, ItemKey, ItemVersion, VersionHash};
use waymark_assess::score::KeySet;

use super::entity::{bank, figure, item, item_key, item_version};
use super::lifecycle::State;
use super::written_as::in_utf8;
use crate::clock::millis;
use crate::database::{Change, Read};
use crate::error::{Error, Fault, Result};
use crate::ids::{BankId, ItemId, ItemVersionId};

/// Rows in one INSERT: far below the 32,766 bound values that SQLite takes.
pub(super) const ROWS_AT_ONCE: usize = 500;

/// A figure as it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// `image/png` or `image/jpeg`.
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// Whether a bank can have this slug: up to 64 of a-z, 0-9 and `-`, not beginning with `-`.
pub fn is_slug(slug: &str) -> bool {
    (1..=64).contains(&slug.len())
        && !slug.starts_with('-')
        && slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The version in use of each item of the bank, by the item's slug; empty where there is no such bank.
pub async fn current(db: &impl Read, bank: &str) -> Result<BTreeMap<String, VersionHash>> {
    let Some(bank) = find(db, bank).await? else { return Ok(BTreeMap::new()) };
    let rows = item::Entity::find().filter(item::Column::Bank.eq(bank.id)).all(db).await?;
    rows.into_iter().map(|row| Ok((row.slug, row.hash.parse().map_err(Error::internal)?))).collect()
}

/// The slugs of all banks, with what people call them.
pub async fn titles(db: &impl Read) -> Result<Vec<(String, String)>> {
    let rows = bank::Entity::find().order_by_asc(bank::Column::Slug).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.slug.clone(), row.title.unwrap_or(row.slug))).collect())
}

/// Reads a bank file and compares it with what the bank holds. Stores nothing. `beside` answers the files that lie beside it, by plain name.
pub async fn read_file(
    db: &impl Read,
    bank: &str,
    bytes: &[u8],
    format: Format,
    beside: &(dyn Fn(&str) -> Option<Vec<u8>> + Sync),
) -> Result<Import> {
    let current = current(db, bank).await?;
    let (bytes, told) = in_utf8(bytes, format);
    let mut read = interchange::import(&bytes, format, beside, &|slug| current.get(slug).copied());
    read.report.warnings.extend(told);
    Ok(read)
}

/// How many items of the file would bring back a version that the bank had before: since then somebody imported another file.
pub async fn earlier_versions(db: &impl Read, slug: &str, import: &Import) -> Result<usize> {
    let Some(bank) = find(db, slug).await? else { return Ok(0) };
    let changed = import.accepted.iter().filter(|(outcome, _)| *outcome == ItemOutcome::Updated);
    let hashes: Vec<String> = changed.map(|(_, version)| version.hash().to_string()).collect();
    let items = Query::select()
        .column(item::Column::Id)
        .from(item::Entity)
        .and_where(item::Column::Bank.eq(bank.id))
        .to_owned();
    let mut known = 0;
    for chunk in hashes.chunks(ROWS_AT_ONCE) {
        let of_bank = item_version::Entity::find().filter(item_version::Column::Item.in_subquery(items.clone()));
        let rows = of_bank.filter(item_version::Column::Hash.is_in(chunk)).all(db).await?;
        known += rows.iter().map(|row| row.hash.as_str()).collect::<BTreeSet<_>>().len();
    }
    Ok(known)
}

/// Whether there is a bank of this name.
pub async fn exists(db: &impl Read, slug: &str) -> Result<bool> {
    Ok(find(db, slug).await?.is_some())
}

/// Stores what [`read_file`] accepted; the bank is created when absent. The report says what was true at the moment of writing.
///
/// # Errors
/// A slug that no bank can have.
pub async fn import(ch: &mut Change<'_>, bank: &str, import: Import) -> Result<Report> {
    if !is_slug(bank) {
        let detail = "a bank is named by up to 64 of a-z, 0-9 and `-`, not beginning with `-`";
        return Err(Error::invalid(vec![Fault::new("/bank", "not_a_slug", detail)]));
    }
    let bank = ensure(ch, bank).await?;
    let rows = item::Entity::find().filter(item::Column::Bank.eq(bank.as_str())).all(ch.tx()).await?;
    let held: BTreeMap<String, item::Model> = rows.into_iter().map(|row| (row.slug.clone(), row)).collect();
    store_figures(ch, &import).await?;
    let mut outcomes = BTreeMap::new();
    let mut new = vec![];
    for (_, version) in import.accepted {
        let outcome = match held.get(version.slug()) {
            None => ItemOutcome::Imported,
            Some(row) if row.hash == version.hash().to_string() => ItemOutcome::Unchanged,
            Some(_) => ItemOutcome::Updated,
        };
        outcomes.insert(version.slug().to_owned(), outcome.clone());
        match outcome {
            ItemOutcome::Imported => new.push(version),
            ItemOutcome::Updated => replace(ch, &held[version.slug()], &version).await?,
            _ => {}
        }
    }
    insert(ch, &bank, &new).await?;
    let mut report = import.report;
    for row in report.items.iter_mut().filter(|row| !matches!(row.outcome, ItemOutcome::Rejected(_))) {
        if let Some(outcome) = outcomes.get(&row.item) {
            row.outcome = outcome.clone();
        }
    }
    Ok(report)
}

pub(super) async fn find(db: &impl Read, slug: &str) -> Result<Option<bank::Model>> {
    Ok(bank::Entity::find().filter(bank::Column::Slug.eq(slug)).one(db).await?)
}

async fn ensure(ch: &mut Change<'_>, slug: &str) -> Result<String> {
    if let Some(row) = find(ch.tx(), slug).await? {
        return Ok(row.id);
    }
    let id = ch.id::<BankId>().to_string();
    let row = bank::ActiveModel {
        id: Set(id.clone()),
        slug: Set(slug.to_owned()),
        created_at: Set(millis(ch.now)),
        title: Set(None),
    };
    bank::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(id)
}

async fn store_figures(ch: &mut Change<'_>, import: &Import) -> Result<()> {
    let named = import.accepted.iter().filter_map(|(_, version)| version.content().figure.as_ref());
    let named: BTreeMap<String, &str> = named.map(|figure| (figure.sha256(), figure.media_type())).collect();
    for (sha256, media_type) in named {
        let bytes = import.figures.get(&sha256).ok_or_else(|| Error::internal("an import lacks a figure it names"))?;
        store_figure(ch, sha256, media_type, bytes.clone()).await?;
    }
    Ok(())
}

/// Keeps the bytes under their hash; the same picture once more changes nothing.
pub(super) async fn store_figure(ch: &Change<'_>, sha256: String, media_type: &str, bytes: Vec<u8>) -> Result<()> {
    let row = figure::ActiveModel {
        sha256: Set(sha256),
        media_type: Set(media_type.to_owned()),
        bytes: Set(bytes),
        created_at: Set(millis(ch.now)),
    };
    let once = OnConflict::column(figure::Column::Sha256).do_nothing().to_owned();
    figure::Entity::insert(row).on_conflict(once).exec_without_returning(ch.tx()).await?;
    Ok(())
}

async fn insert(ch: &mut Change<'_>, bank: &str, versions: &[ItemVersion]) -> Result<()> {
    for chunk in versions.chunks(ROWS_AT_ONCE) {
        let (mut items, mut rows, mut keys) = (vec![], vec![], vec![]);
        for version in chunk {
            let (item, id) = (ch.id::<ItemId>().to_string(), ch.id::<ItemVersionId>().to_string());
            items.push(item::ActiveModel {
                id: Set(item.clone()),
                bank: Set(bank.to_owned()),
                slug: Set(version.slug().to_owned()),
                version: Set(id.clone()),
                hash: Set(version.hash().to_string()),
                created_at: Set(millis(ch.now)),
                state: Set(State::Operational.as_str().to_owned()),
                proposed: Set(None),
                proposal: Set(None),
                revision: Set(1),
            });
            rows.push(version_row(ch, &id, &item, 1, version));
            keys.push(key_row(&id, version));
        }
        item::Entity::insert_many(items).exec_without_returning(ch.tx()).await?;
        item_version::Entity::insert_many(rows).exec_without_returning(ch.tx()).await?;
        item_key::Entity::insert_many(keys).exec_without_returning(ch.tx()).await?;
    }
    Ok(())
}

/// Puts another version into use: a new one, or an earlier one that has come back. An item that was never in use is from now on; one that was retired or
/// withdrawn stays so: a file is no reason to bring it back.
async fn replace(ch: &mut Change<'_>, held: &item::Model, version: &ItemVersion) -> Result<()> {
    let id = keep_version(ch, &held.id, version).await?;
    let state = State::parse(&held.state).ok_or_else(|| Error::internal(format!("{} has no state", held.id)))?;
    let state = if state.is_new() { State::Operational } else { state };
    item::Entity::update_many()
        .col_expr(item::Column::Version, Expr::value(id))
        .col_expr(item::Column::Hash, Expr::value(version.hash().to_string()))
        .col_expr(item::Column::State, Expr::value(state.as_str()))
        .col_expr(item::Column::Revision, Expr::value(held.revision + 1))
        .filter(item::Column::Id.eq(held.id.as_str()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// The row of this content among the versions of the item: the one that is there, or a new one.
pub(super) async fn keep_version(ch: &mut Change<'_>, item: &str, version: &ItemVersion) -> Result<String> {
    let of_item = item_version::Entity::find().filter(item_version::Column::Item.eq(item));
    let same = of_item.clone().filter(item_version::Column::Hash.eq(version.hash().to_string()));
    if let Some(row) = same.one(ch.tx()).await? {
        return Ok(row.id);
    }
    let last = of_item.order_by_desc(item_version::Column::Number).one(ch.tx()).await?;
    let number = last.map_or(0, |row| row.number) + 1;
    let id = ch.id::<ItemVersionId>().to_string();
    let row = version_row(ch, &id, item, number, version);
    item_version::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    item_key::Entity::insert(key_row(&id, version)).exec_without_returning(ch.tx()).await?;
    Ok(id)
}

fn version_row(ch: &Change<'_>, id: &str, item: &str, number: i32, version: &ItemVersion) -> item_version::ActiveModel {
    item_version::ActiveModel {
        id: Set(id.to_owned()),
        item: Set(item.to_owned()),
        number: Set(number),
        hash: Set(version.hash().to_string()),
        content: Set(version.content().to_stored()),
        created_at: Set(millis(ch.now)),
        author: Set(Some(ch.actor.to_string())),
    }
}

fn key_row(id: &str, version: &ItemVersion) -> item_key::ActiveModel {
    item_key::ActiveModel {
        version: Set(id.to_owned()),
        key: Set(version.key().to_stored()),
        rationale: Set(version.rationale().map(waymark_assess::item::Rationale::to_stored)),
    }
}

/// The states whose items are drawn.
const DRAWN: [&str; 2] = ["operational", "pretest"];

/// What forms are drawn from: every operational item of the bank in its version in use, and every item in pretest, marked as such. None where there is no such
/// bank.
pub async fn drawables(db: &impl Read, bank: &str) -> Result<Option<Vec<Drawable>>> {
    let Some(bank) = find(db, bank).await? else { return Ok(None) };
    let in_use = |state: &str| {
        Query::select()
            .column(item::Column::Version)
            .from(item::Entity)
            .and_where(item::Column::Bank.eq(bank.id.as_str()))
            .and_where(item::Column::State.eq(state))
            .to_owned()
    };
    let mut drawn = vec![];
    for state in DRAWN {
        let of_state = item_version::Column::Id.in_subquery(in_use(state));
        let keys =
            item_key::Entity::find().filter(item_key::Column::Version.in_subquery(in_use(state))).all(db).await?;
        let mut worth = BTreeMap::new();
        for row in keys {
            worth.insert(row.version, ItemKey::from_stored(&row.key).map_err(Error::internal)?.worth());
        }
        for row in item_version::Entity::find().filter(of_state).all(db).await? {
            let points = worth.get(&row.id).ok_or_else(|| Error::internal(format!("version {} has no key", row.id)))?;
            let drawable = Drawable::new(hash(&row.hash)?, &content(&row.content)?).worth(*points);
            drawn.push(if state == "pretest" { drawable.as_pretest() } else { drawable });
        }
    }
    Ok(Some(drawn))
}

/// Names what [`drawables`] would answer now, without reading the items: it changes whenever another version comes into use, and when an item enters or
/// leaves a state. None where there is no such bank.
pub async fn edition(db: &impl Read, bank: &str) -> Result<Option<String>> {
    let Some(bank) = find(db, bank).await? else { return Ok(None) };
    let in_use: Vec<(String, String)> = item::Entity::find()
        .select_only()
        .column(item::Column::Hash)
        .column(item::Column::State)
        .filter(item::Column::Bank.eq(bank.id))
        .filter(item::Column::State.is_in(DRAWN))
        .order_by_asc(item::Column::Slug)
        .into_tuple()
        .all(db)
        .await?;
    let hash = in_use.iter().fold(Sha256::new(), |all, (hash, state)| all.chain_update(format!("{hash} {state}\n")));
    Ok(Some(hash.finalize().iter().map(|b| format!("{b:02x}")).collect()))
}

/// The contents of these versions.
///
/// # Errors
/// A version that is not there: the caller has it from a frozen form, so that this is our own damage.
pub async fn contents(
    db: &impl Read,
    hashes: impl IntoIterator<Item = VersionHash>,
) -> Result<BTreeMap<VersionHash, ItemContent>> {
    let wanted: BTreeSet<VersionHash> = hashes.into_iter().collect();
    let rows = versions(db, &wanted).await?;
    rows.into_iter().map(|(hash, row)| Ok((hash, content(&row.content)?))).collect()
}

/// The keys of these versions, for scoring and for nothing else.
///
/// # Errors
/// As [`contents`].
pub async fn keys(db: &impl Read, hashes: impl IntoIterator<Item = VersionHash>) -> Result<KeySet> {
    let wanted: BTreeSet<VersionHash> = hashes.into_iter().collect();
    let rows = versions(db, &wanted).await?;
    let ids = rows.values().map(|row| row.id.as_str());
    let keys = item_key::Entity::find().filter(item_key::Column::Version.is_in(ids)).all(db).await?;
    let by_version: BTreeMap<String, item_key::Model> = keys.into_iter().map(|k| (k.version.clone(), k)).collect();
    let mut set = KeySet::default();
    for (hash, row) in rows {
        let key = by_version.get(&row.id).ok_or_else(|| Error::internal(format!("version {} has no key", row.id)))?;
        set.insert(hash, ItemKey::from_stored(&key.key).map_err(Error::internal)?);
    }
    Ok(set)
}

/// A whole version, key and rationale included, for staff who mark by its rubric.
///
/// # Errors
/// As [`contents`].
pub async fn version(db: &impl Read, hash: VersionHash) -> Result<ItemVersion> {
    let mut rows = versions(db, &BTreeSet::from([hash])).await?;
    let row = rows.remove(&hash).ok_or_else(|| Error::internal(format!("no item has the version {hash}")))?;
    let key = item_key::Entity::find_by_id(row.id.as_str()).one(db).await?;
    let key = key.ok_or_else(|| Error::internal(format!("version {} has no key", row.id)))?;
    ItemVersion::from_stored(&row.content, &key.key, key.rationale.as_deref()).map_err(Error::internal)
}

/// One row for each hash: the same content in two banks is the same content.
async fn versions(
    db: &impl Read,
    wanted: &BTreeSet<VersionHash>,
) -> Result<BTreeMap<VersionHash, item_version::Model>> {
    let texts = wanted.iter().map(ToString::to_string);
    let found = item_version::Entity::find().filter(item_version::Column::Hash.is_in(texts)).all(db).await?;
    let rows: BTreeMap<_, _> = found.into_iter().map(|row| Ok((hash(&row.hash)?, row))).collect::<Result<_>>()?;
    match wanted.iter().find(|hash| !rows.contains_key(hash)) {
        None => Ok(rows),
        Some(missing) => Err(Error::internal(format!("no item has the version {missing}"))),
    }
}

/// The figure with this SHA-256 in hexadecimal.
pub async fn figure(db: &impl Read, sha256: &str) -> Result<Option<Picture>> {
    let row = figure::Entity::find_by_id(sha256).one(db).await?;
    Ok(row.map(|row| Picture { media_type: row.media_type, bytes: row.bytes }))
}

fn hash(text: &str) -> Result<VersionHash> {
    text.parse().map_err(Error::internal)
}

fn content(stored: &str) -> Result<ItemContent> {
    ItemContent::from_stored(stored).map_err(Error::internal)
}
