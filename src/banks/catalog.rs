//! Reading banks, items, versions and steps: what staff see without a key.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Query;
use sea_orm::{Condition, QueryOrder, QuerySelect};
use waymark_assess::item::{ItemContent, ItemType};

use super::entity::{bank, item, item_step, item_version};
use super::lifecycle::{Proposal, Standing, State, Verb};
use super::service::find;
use crate::clock::{Timestamp, from_millis};
use crate::database::Read;
use crate::error::{Error, Result};
use crate::ids::{BankId, ItemId, ItemVersionId};

/// One bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bank {
    pub id: BankId,
    pub slug: String,
    /// What people call it; the slug where nobody said.
    pub title: Option<String>,
}

/// One item and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: ItemId,
    pub bank: Bank,
    pub slug: String,
    pub standing: Standing,
    /// The version in use; of an item that was never in use, its only draft.
    pub version: ItemVersionId,
    /// The version that is to follow.
    pub proposed: Option<ItemVersionId>,
    /// Grows with every change: what an edit names.
    pub revision: i64,
}

impl Item {
    /// The version that people work on: the proposed one, else the one there is.
    pub fn working(&self) -> ItemVersionId {
        self.proposed.unwrap_or(self.version)
    }
}

/// An item in a list: no key, no texts but those that candidates see.
#[derive(Debug, Clone)]
pub struct Listing {
    pub id: ItemId,
    pub slug: String,
    pub state: State,
    pub proposal: Option<Proposal>,
    pub content: ItemContent,
}

/// One version as the list of versions tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionLine {
    pub id: ItemVersionId,
    /// Counts from 1.
    pub number: u32,
    pub written_at: Timestamp,
    /// Who wrote it, as the audit log calls them; None from before that was kept.
    pub author: Option<String>,
}

/// One step in the life of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepLine {
    pub version: Option<ItemVersionId>,
    /// A [`Verb`], or `write` (the first version), `read-key`.
    pub verb: String,
    pub was: String,
    pub became: String,
    pub note: Option<String>,
    pub actor: String,
    pub at: Timestamp,
}

/// Which items of a bank are asked for; empty members ask for nothing.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In the id or in any text that candidates see, in any case.
    pub text: Option<String>,
    pub state: Option<State>,
    pub item_type: Option<String>,
    pub domain: Option<String>,
    pub tag: Option<String>,
    /// A language that the item does not have.
    pub missing: Option<String>,
    /// The language in which texts are taken to be that name none.
    pub plain: Option<String>,
}

/// Whether the item has nothing in this language. Texts that name no language are taken to be in `plain`.
pub fn lacks(content: &ItemContent, language: &str, plain: Option<&str>) -> bool {
    let has = content.languages();
    let says = |tag: &str| has.iter().any(|known| known == tag);
    let covered = says(language) || (plain == Some(language) && says("und"));
    !covered
}

impl Filter {
    pub fn lets_through(&self, listing: &Listing) -> bool {
        let content = &listing.content;
        self.state.is_none_or(|state| listing.state == state)
            && self.item_type.as_deref().is_none_or(|name| type_name(content.item_type()) == name)
            && self.domain.as_ref().is_none_or(|domain| content.domain.as_ref() == Some(domain))
            && self.tag.as_ref().is_none_or(|tag| content.tags.contains(tag))
            && self.missing.as_ref().is_none_or(|tag| lacks(content, tag, self.plain.as_deref()))
            && self.text.as_ref().is_none_or(|text| says(listing, &text.to_lowercase()))
    }
}

fn says(listing: &Listing, text: &str) -> bool {
    listing.slug.to_lowercase().contains(text)
        || listing.content.stem.entries().any(|(_, words)| words.to_lowercase().contains(text))
}

/// `single_choice`, …: what files call it.
pub fn type_name(item_type: ItemType) -> &'static str {
    item_type.as_str()
}

/// Every bank with the number of its items in each state, by slug.
pub async fn banks(db: &impl Read) -> Result<Vec<(Bank, BTreeMap<State, u64>)>> {
    let rows = bank::Entity::find().order_by_asc(bank::Column::Slug).all(db).await?;
    let counted: Vec<(String, String, i64)> = item::Entity::find()
        .select_only()
        .column(item::Column::Bank)
        .column(item::Column::State)
        .column_as(item::Column::Id.count(), "items")
        .group_by(item::Column::Bank)
        .group_by(item::Column::State)
        .into_tuple()
        .all(db)
        .await?;
    let mut by_bank: BTreeMap<String, BTreeMap<State, u64>> = BTreeMap::new();
    for (bank, state, items) in counted {
        by_bank.entry(bank).or_default().insert(read_state(&state)?, items.unsigned_abs());
    }
    rows.into_iter().map(|row| Ok((read_bank(&row)?, by_bank.remove(&row.id).unwrap_or_default()))).collect()
}

/// The bank with this slug.
///
/// # Errors
/// Not found.
pub async fn bank(db: &impl Read, slug: &str) -> Result<Bank> {
    read_bank(&find(db, slug).await?.ok_or_else(Error::not_found)?)
}

/// Every item of the bank in its version in use, by slug.
pub async fn items(db: &impl Read, bank: BankId) -> Result<Vec<Listing>> {
    let of_bank = || item::Entity::find().filter(item::Column::Bank.eq(bank.to_string()));
    let in_use = Query::select()
        .column(item::Column::Version)
        .from(item::Entity)
        .and_where(item::Column::Bank.eq(bank.to_string()))
        .to_owned();
    let versions = item_version::Entity::find().filter(item_version::Column::Id.in_subquery(in_use)).all(db).await?;
    let mut contents: BTreeMap<String, String> = versions.into_iter().map(|row| (row.id, row.content)).collect();
    let rows = of_bank().order_by_asc(item::Column::Slug).all(db).await?;
    // Between the two looks an item may have got another version; it is in the next list.
    rows.into_iter().filter_map(|row| contents.remove(&row.version).map(|content| listing(&row, &content))).collect()
}

/// Every item that waits for a review, in all banks, with the content that waits.
pub async fn waiting(db: &impl Read) -> Result<Vec<(Item, ItemContent)>> {
    let rows = item::Entity::find()
        .filter(waits())
        .order_by_asc(item::Column::Bank)
        .order_by_asc(item::Column::Slug)
        .all(db)
        .await?;
    let mut waiting = Vec::with_capacity(rows.len());
    for row in rows {
        let item = read_item(db, row).await?;
        let content = content_of(db, item.working()).await?;
        waiting.push((item, content));
    }
    Ok(waiting)
}

/// How many items wait for a review.
pub async fn count_waiting(db: &impl Read) -> Result<u64> {
    Ok(item::Entity::find().filter(waits()).count(db).await?)
}

fn waits() -> Condition {
    Condition::any()
        .add(item::Column::Proposal.eq(Proposal::Review.as_str()))
        .add(item::Column::State.eq(State::Review.as_str()))
}

/// One item.
///
/// # Errors
/// Not found.
pub async fn item(db: &impl Read, id: ItemId) -> Result<Item> {
    let row = item::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?;
    read_item(db, row).await
}

/// One version's content.
pub async fn content_of(db: &impl Read, version: ItemVersionId) -> Result<ItemContent> {
    let row = item_version::Entity::find_by_id(version.to_string()).one(db).await?;
    let row = row.ok_or_else(|| Error::internal(format!("{version} is not there")))?;
    ItemContent::from_stored(&row.content).map_err(Error::internal)
}

/// The versions of an item, the latest first.
pub async fn versions_of(db: &impl Read, item: ItemId) -> Result<Vec<VersionLine>> {
    let rows = item_version::Entity::find()
        .filter(item_version::Column::Item.eq(item.to_string()))
        .order_by_desc(item_version::Column::Number)
        .all(db)
        .await?;
    let line = |row: item_version::Model| {
        Ok(VersionLine {
            id: row.id.parse().map_err(Error::internal)?,
            number: u32::try_from(row.number).map_err(Error::internal)?,
            written_at: from_millis(row.created_at),
            author: row.author,
        })
    };
    rows.into_iter().map(line).collect()
}

/// What was done with an item, the latest first.
pub async fn history(db: &impl Read, item: ItemId) -> Result<Vec<StepLine>> {
    let rows = steps(item).order_by_desc(item_step::Column::At).order_by_desc(item_step::Column::Id).all(db).await?;
    let line = |row: item_step::Model| {
        Ok(StepLine {
            version: row.version.map(|id| id.parse().map_err(Error::internal)).transpose()?,
            verb: row.verb,
            was: row.was,
            became: row.became,
            note: row.note,
            actor: row.actor,
            at: from_millis(row.at),
        })
    };
    rows.into_iter().map(line).collect()
}

/// Whether this person has written, changed or opened the key of any item of the bank.
pub async fn has_worked_on(db: &impl Read, bank: &str, actor: &str) -> Result<bool> {
    let Some(bank) = find(db, bank).await? else { return Ok(false) };
    let steps = item_step::Entity::find().filter(item_step::Column::Bank.eq(bank.id));
    Ok(steps.filter(item_step::Column::Actor.eq(actor)).count(db).await? > 0)
}

/// The steps of an item in the order of its revisions.
pub(super) fn steps(item: ItemId) -> Select<item_step::Entity> {
    item_step::Entity::find()
        .filter(item_step::Column::Item.eq(item.to_string()))
        .order_by_desc(item_step::Column::Revision)
}

pub(super) async fn read_item(db: &impl Read, row: item::Model) -> Result<Item> {
    let bank = bank::Entity::find_by_id(&row.bank).one(db).await?;
    let bank = bank.ok_or_else(|| Error::internal(format!("{} is in no bank", row.id)))?;
    let id: ItemId = row.id.parse().map_err(Error::internal)?;
    let state = read_state(&row.state)?;
    let before = match state {
        State::Retired | State::Withdrawn => before(db, id).await?,
        _ => None,
    };
    Ok(Item {
        id,
        bank: read_bank(&bank)?,
        standing: Standing { state, proposal: read_proposal(row.proposal.as_deref())?, before },
        version: row.version.parse().map_err(Error::internal)?,
        proposed: row.proposed.map(|id| id.parse().map_err(Error::internal)).transpose()?,
        revision: row.revision,
        slug: row.slug,
    })
}

/// What an item was when it last left the forms.
async fn before(db: &impl Read, item: ItemId) -> Result<Option<State>> {
    let left = [Verb::Retire.as_str(), Verb::Withdraw.as_str()];
    let rows = steps(item).filter(item_step::Column::Verb.is_in(left)).all(db).await?;
    let state = |was: &str| State::parse(was.split(',').next().unwrap_or_default());
    Ok(rows.iter().find_map(|row| state(&row.was).filter(|state| state.is_drawn())))
}

fn listing(row: &item::Model, content: &str) -> Result<Listing> {
    Ok(Listing {
        id: row.id.parse().map_err(Error::internal)?,
        slug: row.slug.clone(),
        state: read_state(&row.state)?,
        proposal: read_proposal(row.proposal.as_deref())?,
        content: ItemContent::from_stored(content).map_err(Error::internal)?,
    })
}

fn read_bank(row: &bank::Model) -> Result<Bank> {
    Ok(Bank { id: row.id.parse().map_err(Error::internal)?, slug: row.slug.clone(), title: row.title.clone() })
}

fn read_state(text: &str) -> Result<State> {
    State::parse(text).ok_or_else(|| Error::internal(format!("`{text}` is no state of an item")))
}

fn read_proposal(text: Option<&str>) -> Result<Option<Proposal>> {
    let read = |text| Proposal::parse(text).ok_or_else(|| Error::internal(format!("`{text}` is no proposal")));
    text.map(read).transpose()
}
