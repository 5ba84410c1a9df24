//! The same questions about many members at once, in one statement each: what a batch of events asks.

use std::collections::{HashMap, HashSet};

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Func;
use sea_orm::{Condition, ExprTrait as _, QueryOrder, QuerySelect};

use super::entity::{affiliation, alias, handle, member};
use super::search::{LONGEST_SEARCH, by_folded_name, like};
use super::service::{Affiliation, Member, read};
use crate::clock::{Timestamp, from_millis};
use crate::database::Read;
use crate::error::{Error, Result};
use crate::ids::MemberId;

fn id(text: &str) -> Result<MemberId> {
    text.parse().map_err(Error::internal)
}

/// Whose these handles are; a handle that nobody has is not in the answer.
pub async fn by_handles(db: &impl Read, handles: &[String]) -> Result<HashMap<String, MemberId>> {
    if handles.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = handle::Entity::find().filter(handle::Column::Handle.is_in(handles)).all(db).await?;
    rows.into_iter().map(|row| Ok((row.handle, id(&row.member)?))).collect()
}

/// Who proved that these addresses (in lower case) are theirs.
pub async fn by_verified_emails(db: &impl Read, addresses: &[String]) -> Result<HashMap<String, MemberId>> {
    if addresses.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = member::Entity::find()
        .filter(member::Column::Email.is_in(addresses))
        .filter(member::Column::EmailVerifiedAt.is_not_null())
        .all(db)
        .await?;
    rows.into_iter().map(|row| Ok((row.email, id(&row.id)?))).collect()
}

/// The ids that stand for those of these that were merged into another.
pub async fn aliases(db: &impl Read, ids: &[MemberId]) -> Result<HashMap<MemberId, MemberId>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = alias::Entity::find().filter(alias::Column::Gone.is_in(written(ids))).all(db).await?;
    rows.into_iter().map(|row| Ok((id(&row.gone)?, id(&row.kept)?))).collect()
}

/// Those of these ids that a member has.
pub async fn existing(db: &impl Read, ids: &[MemberId]) -> Result<HashSet<MemberId>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let rows = member::Entity::find().filter(member::Column::Id.is_in(written(ids))).all(db).await?;
    rows.into_iter().map(|row| id(&row.id)).collect()
}

/// What these members are called.
pub async fn names_of(db: &impl Read, ids: &[MemberId]) -> Result<HashMap<MemberId, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = member::Entity::find().filter(member::Column::Id.is_in(written(ids))).all(db).await?;
    rows.into_iter().map(|row| Ok((id(&row.id)?, row.name))).collect()
}

/// Members whose name or address holds the text, or whose handle it is, in order of name, at most `limit`.
pub async fn named_like(db: &impl Read, text: &str, limit: u64) -> Result<Vec<Member>> {
    let text: String = text.chars().take(LONGEST_SEARCH).collect();
    let text = text.as_str();
    let like = like(&text.to_lowercase());
    let held = |column| Expr::expr(Func::lower(Expr::col(column))).like(like.clone());
    let mut any = Condition::any().add(held(member::Column::Name)).add(held(member::Column::Email));
    any = any.add_option(by_folded_name(text));
    if let Some(row) = handle::Entity::find().filter(handle::Column::Handle.eq(text.to_lowercase())).one(db).await? {
        any = any.add(member::Column::Id.eq(row.member));
    }
    let find = member::Entity::find().filter(any).order_by_asc(member::Column::Name).order_by_asc(member::Column::Id);
    find.limit(limit).all(db).await?.into_iter().map(read).collect()
}

/// Where members stood, at any time.
#[derive(Debug, Default)]
pub struct Ties(HashMap<MemberId, Vec<Affiliation>>);

impl Ties {
    /// The tie of the member at `at`: of several the one that began last.
    pub fn at(&self, member: MemberId, at: Timestamp) -> Option<&Affiliation> {
        let all = self.0.get(&member)?;
        all.iter().find(|tie| tie.from <= at && tie.until.is_none_or(|until| until > at))
    }
}

/// Every affiliation of these members.
pub async fn ties(db: &impl Read, ids: &[MemberId]) -> Result<Ties> {
    if ids.is_empty() {
        return Ok(Ties::default());
    }
    let rows = affiliation::Entity::find()
        .filter(affiliation::Column::Member.is_in(written(ids)))
        .order_by_desc(affiliation::Column::FromAt)
        .all(db)
        .await?;
    let mut ties = Ties::default();
    for row in rows {
        ties.0.entry(id(&row.member)?).or_default().push(Affiliation {
            organization: row.organization,
            title: row.title,
            from: from_millis(row.from_at),
            until: row.until_at.map(from_millis),
        });
    }
    Ok(ties)
}

fn written(ids: &[MemberId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
