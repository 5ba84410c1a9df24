//! Writing notices down, listing them, and what was read.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, QuerySelect};

use super::entity::notice;
use super::lifecycle::What;
use super::settings;
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Read};
use crate::error::{Error, Result};
use crate::ids::{MemberId, NoticeId, NoticeLetterId};
use crate::{issuer, members};

/// One notice, without words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub id: NoticeId,
    pub member: MemberId,
    pub what: What,
    /// Ids of what it is about, never none.
    pub about: Vec<String>,
    /// How many days ahead, of a reminder.
    pub detail: Option<String>,
    pub at: Timestamp,
    pub read_at: Option<Timestamp>,
}

/// What is to be told.
pub(super) struct New {
    pub member: MemberId,
    pub what: What,
    pub about: String,
    pub detail: Option<String>,
    /// What brought it about: the same adds to the notice that is there.
    pub cause: String,
}

/// One notice names at most so many things.
pub(super) const MOST_NAMED: usize = 500;

/// Writes a notice down. Told again it changes nothing; another thing of the same cause is added to it, and stands there unread.
pub(super) async fn note(app: &App, ch: &Change<'_>, new: New) -> Result<()> {
    let member = members::resolve(ch.tx(), new.member).await?;
    let known = notice::Entity::find()
        .filter(notice::Column::Member.eq(member.to_string()))
        .filter(notice::Column::Cause.eq(&new.cause))
        .one(ch.tx())
        .await?;
    if let Some(known) = known {
        return add(ch, known, &new.about).await;
    }
    let mail_at = match app.post.is_set() && !settings::stopped(ch.tx(), member).await? {
        true => settings::way(ch.tx(), member, new.what.kind()).await?.mail_at(ch.now, &issuer::zone(ch.tx()).await?),
        false => None,
    };
    let row = notice::ActiveModel {
        id: Set(ch.id::<NoticeId>().to_string()),
        member: Set(member.to_string()),
        what: Set(new.what.as_str().to_owned()),
        about: Set(new.about),
        detail: Set(new.detail),
        cause: Set(new.cause),
        at: Set(millis(ch.now)),
        read_at: Set(None),
        mail_at: Set(mail_at.map(millis)),
        letter: Set(None),
    };
    // Two workers may come to write the same at once.
    let twice = OnConflict::columns([notice::Column::Member, notice::Column::Cause]).do_nothing().to_owned();
    notice::Entity::insert(row).on_conflict(twice).exec_without_returning(ch.tx()).await?;
    Ok(())
}

async fn add(ch: &Change<'_>, known: notice::Model, about: &str) -> Result<()> {
    let mut named = known.about.split(' ');
    if named.any(|id| id == about) || known.about.split(' ').count() >= MOST_NAMED {
        return Ok(());
    }
    notice::Entity::update_many()
        .col_expr(notice::Column::About, Expr::value(format!("{} {about}", known.about)))
        .col_expr(notice::Column::ReadAt, Expr::value(None::<i64>))
        .filter(notice::Column::Id.eq(known.id))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// Up to `limit` notices of the member, the newest first, below `before`.
pub async fn of_member(
    db: &impl Read,
    member: MemberId,
    before: Option<NoticeId>,
    only_unread: bool,
    limit: u64,
) -> Result<Vec<Notice>> {
    let mut find = notice::Entity::find().filter(notice::Column::Member.eq(member.to_string()));
    if let Some(before) = before {
        find = find.filter(notice::Column::Id.lt(before.to_string()));
    }
    if only_unread {
        find = find.filter(notice::Column::ReadAt.is_null());
    }
    find.order_by_desc(notice::Column::Id).limit(limit).all(db).await?.into_iter().map(read).collect()
}

/// How many notices the member has not read.
pub async fn unread(db: &impl Read, member: MemberId) -> Result<u64> {
    let found = notice::Entity::find()
        .filter(notice::Column::Member.eq(member.to_string()))
        .filter(notice::Column::ReadAt.is_null());
    Ok(found.count(db).await?)
}

/// Which notices.
pub(super) enum Which<'w> {
    These(&'w [NoticeId]),
    /// The one with this id, and all before it.
    Until(NoticeId),
}

/// Notes that the member has read these; those of others are passed over. What was read is not mailed.
pub(super) async fn mark_read(ch: &Change<'_>, member: MemberId, which: Which<'_>) -> Result<()> {
    let mut own = notice::Entity::update_many()
        .col_expr(notice::Column::ReadAt, Expr::value(millis(ch.now)))
        .col_expr(notice::Column::MailAt, Expr::value(None::<i64>))
        .filter(notice::Column::Member.eq(member.to_string()))
        .filter(notice::Column::ReadAt.is_null());
    own = match which {
        Which::These(ids) => own.filter(notice::Column::Id.is_in(ids.iter().map(ToString::to_string))),
        Which::Until(id) => own.filter(notice::Column::Id.lte(id.to_string())),
    };
    own.exec(ch.tx()).await?;
    Ok(())
}

/// Puts the mark back on one that was read.
pub(super) async fn mark_unread(ch: &Change<'_>, member: MemberId, id: NoticeId) -> Result<()> {
    notice::Entity::update_many()
        .col_expr(notice::Column::ReadAt, Expr::value(None::<i64>))
        .filter(notice::Column::Member.eq(member.to_string()))
        .filter(notice::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// What these said of `about` is done: the member need not think of it any more, and no letter brings it.
pub(super) async fn settle(ch: &Change<'_>, member: MemberId, about: &str, whats: &[What]) -> Result<()> {
    notice::Entity::update_many()
        .col_expr(notice::Column::ReadAt, Expr::value(millis(ch.now)))
        .col_expr(notice::Column::MailAt, Expr::value(None::<i64>))
        .filter(notice::Column::Member.eq(member.to_string()))
        .filter(notice::Column::About.eq(about))
        .filter(notice::Column::What.is_in(whats.iter().map(|what| what.as_str())))
        .filter(notice::Column::ReadAt.is_null())
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// The notices of a letter that were not read since, the oldest first.
pub(super) async fn in_letter(db: &impl Read, letter: NoticeLetterId) -> Result<Vec<Notice>> {
    let rows = notice::Entity::find()
        .filter(notice::Column::Letter.eq(letter.to_string()))
        .filter(notice::Column::ReadAt.is_null())
        .order_by_asc(notice::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

fn read(row: notice::Model) -> Result<Notice> {
    let what = What::parse(&row.what).ok_or_else(|| Error::internal(format!("the notice {} is of no kind", row.id)))?;
    Ok(Notice {
        id: row.id.parse().map_err(Error::internal)?,
        member: row.member.parse().map_err(Error::internal)?,
        what,
        about: row.about.split(' ').map(str::to_owned).collect(),
        detail: row.detail,
        at: from_millis(row.at),
        read_at: row.read_at.map(from_millis),
    })
}
