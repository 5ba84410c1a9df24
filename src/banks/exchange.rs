//! A bank as it goes out: every item in its version in use, key and all, and the pictures that they name.

use std::collections::BTreeMap;

use sea_orm::QueryOrder as _;
use sea_orm::entity::prelude::*;
use waymark_assess::item::ItemVersion;

use super::entity::{bank, figure, item, item_key, item_version};
use crate::database::Read;
use crate::error::{Error, Result};

/// Every item of the bank in its version in use, by the order of their ids. None where there is no such bank. The caller writes the audit row: this reads
/// keys.
pub async fn in_use(db: &impl Read, slug: &str) -> Result<Option<Vec<ItemVersion>>> {
    let Some(bank) = bank::Entity::find().filter(bank::Column::Slug.eq(slug)).one(db).await? else { return Ok(None) };
    let rows =
        item::Entity::find().filter(item::Column::Bank.eq(bank.id)).order_by_asc(item::Column::Slug).all(db).await?;
    let mut versions = vec![];
    for chunk in rows.chunks(super::service::ROWS_AT_ONCE) {
        let ids: Vec<&str> = chunk.iter().map(|row| row.version.as_str()).collect();
        let contents = item_version::Entity::find().filter(item_version::Column::Id.is_in(ids.clone())).all(db).await?;
        let keys = item_key::Entity::find().filter(item_key::Column::Version.is_in(ids)).all(db).await?;
        let mut contents: BTreeMap<String, String> = contents.into_iter().map(|row| (row.id, row.content)).collect();
        let mut keys: BTreeMap<String, item_key::Model> =
            keys.into_iter().map(|row| (row.version.clone(), row)).collect();
        for row in chunk {
            let parts = contents.remove(&row.version).zip(keys.remove(&row.version));
            let (content, key) = parts.ok_or_else(|| Error::internal(format!("item {} lacks its version", row.id)))?;
            versions
                .push(ItemVersion::from_stored(&content, &key.key, key.rationale.as_deref()).map_err(Error::internal)?);
        }
    }
    Ok(Some(versions))
}

/// The bytes of every picture that these versions name, by SHA-256 in hexadecimal.
pub async fn pictures(db: &impl Read, versions: &[ItemVersion]) -> Result<BTreeMap<String, Vec<u8>>> {
    let named = versions.iter().filter_map(|version| version.content().figure.as_ref());
    let mut found = BTreeMap::new();
    for sha256 in named.map(waymark_assess::item::Figure::sha256) {
        if found.contains_key(&sha256) {
            continue;
        }
        if let Some(row) = figure::Entity::find_by_id(sha256.as_str()).one(db).await? {
            found.insert(sha256, row.bytes);
        }
    }
    Ok(found)
}
