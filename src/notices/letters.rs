//! Letters that wait to be sent: what is due to a member is put into one, claimed under a lease by whoever sends it, and settled by what came of
//! that. A process that dies leaves a letter that is sent again under the same name.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};
use time::Duration;

use super::entity::{letter, link, notice};
use super::lifecycle::{LetterState, wait};
use super::settings;
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, millis};
use crate::database::{Change, Kind, Read};
use crate::entropy;
use crate::error::{Error, Result};
use crate::ids::{MemberId, NoticeLetterId};
use crate::members;

/// Longer than a mail server is waited for.
const LEASE: Duration = Duration::minutes(5);
/// Letters that are done with are kept so long.
const KEPT: Duration = Duration::days(90);
/// A link to unsubscribe works so long: people keep letters.
const LINK_KEPT: Duration = Duration::days(800);
const PAGE: u64 = 200;

const NOTICES: Actor = Actor::System("notices");

/// A letter that this process alone sends now.
pub(super) struct Claimed {
    pub id: NoticeLetterId,
    pub member: MemberId,
    /// What its link to unsubscribe ends in.
    pub token: String,
    tries: u32,
}

/// Puts what is due into letters, one for each member. Where there is no address to write to, it stays on the member's page alone.
pub(super) async fn assemble(app: &App) -> Result<()> {
    loop {
        let now = app.db.now();
        let due: Vec<String> = notice::Entity::find()
            .select_only()
            .column(notice::Column::Member)
            .distinct()
            .filter(notice::Column::MailAt.lte(millis(now)))
            .limit(PAGE)
            .into_tuple()
            .all(app.db.read())
            .await?;
        if due.is_empty() {
            return Ok(());
        }
        for member in due {
            let ch = app.db.change(NOTICES, Kind::Ordinary).await?;
            put_together(app, &ch, member.parse().map_err(Error::internal)?).await?;
            ch.commit().await?;
        }
    }
}

async fn put_together(app: &App, ch: &Change<'_>, member: MemberId) -> Result<()> {
    ch.take_turn(&format!("notices {member}")).await?;
    let id = may_write(app, ch.tx(), member).await?.then(|| ch.id::<NoticeLetterId>());
    let taken = notice::Entity::update_many()
        .col_expr(notice::Column::Letter, Expr::value(id.map(|id| id.to_string())))
        .col_expr(notice::Column::MailAt, Expr::value(None::<i64>))
        .filter(notice::Column::Member.eq(member.to_string()))
        .filter(notice::Column::MailAt.lte(millis(ch.now)))
        .exec(ch.tx())
        .await?;
    let Some(id) = id.filter(|_| taken.rows_affected > 0) else { return Ok(()) };
    let row = letter::ActiveModel {
        id: Set(id.to_string()),
        member: Set(member.to_string()),
        made_at: Set(millis(ch.now)),
        state: Set(LetterState::Waiting.as_str().to_owned()),
        tries: Set(0),
        due_at: Set(millis(ch.now)),
        leased_until: Set(None),
        finished_at: Set(None),
    };
    letter::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// Whether letters go to this member at all: there is mail, the address is proved to be theirs, and they have not ended letters. Who never signed
/// in is told of an award by the letter that leads them in, and by no other.
pub(super) async fn may_write(app: &App, db: &impl Read, member: MemberId) -> Result<bool> {
    let proved = members::verified_email(db, member).await?.is_some();
    let known = app.post.is_set() && proved && members::is_claimed(db, member).await?;
    Ok(known && !settings::stopped(db, member).await?)
}

fn is_due(now: Timestamp) -> Condition {
    let free =
        Condition::any().add(letter::Column::LeasedUntil.is_null()).add(letter::Column::LeasedUntil.lte(millis(now)));
    Condition::all()
        .add(letter::Column::State.eq(LetterState::Waiting.as_str()))
        .add(letter::Column::DueAt.lte(millis(now)))
        .add(free)
}

/// Claims the letter that has waited longest, with a new link to unsubscribe.
pub(super) async fn claim(app: &App) -> Result<Option<Claimed>> {
    let oldest = |now| {
        let found = letter::Entity::find().filter(is_due(now));
        found.order_by_asc(letter::Column::DueAt).order_by_asc(letter::Column::Id)
    };
    // Most looks find nothing, and open no change for it.
    if oldest(app.db.now()).one(app.db.read()).await?.is_none() {
        return Ok(None);
    }
    let ch = app.db.change(NOTICES, Kind::Ordinary).await?;
    ch.take_turn("notice letters").await?;
    let Some(row) = oldest(ch.now).one(ch.tx()).await? else { return Ok(None) };
    letter::Entity::update_many()
        .col_expr(letter::Column::LeasedUntil, Expr::value(millis(ch.now + LEASE)))
        .col_expr(letter::Column::Tries, Expr::value(row.tries + 1))
        .filter(letter::Column::Id.eq(row.id.as_str()))
        .exec(ch.tx())
        .await?;
    let member: MemberId = row.member.parse().map_err(Error::internal)?;
    let token = URL_SAFE_NO_PAD.encode(entropy::bytes::<32>(ch.entropy()));
    let made = link::ActiveModel { hash: Set(hashed(&token)), member: Set(row.member), made_at: Set(millis(ch.now)) };
    link::Entity::insert(made).exec_without_returning(ch.tx()).await?;
    let id = row.id.parse().map_err(Error::internal)?;
    ch.commit().await?;
    Ok(Some(Claimed { id, member, token, tries: (row.tries + 1).unsigned_abs() }))
}

/// Writes down that a letter is done with.
pub(super) async fn finish(app: &App, claimed: &Claimed, state: LetterState) -> Result<()> {
    let ch = app.db.change(NOTICES, Kind::Ordinary).await?;
    letter::Entity::update_many()
        .col_expr(letter::Column::State, Expr::value(state.as_str()))
        .col_expr(letter::Column::LeasedUntil, Expr::value(None::<i64>))
        .col_expr(letter::Column::FinishedAt, Expr::value(millis(ch.now)))
        .filter(letter::Column::Id.eq(claimed.id.to_string()))
        .exec(ch.tx())
        .await?;
    ch.commit().await
}

/// It is tried again later, or given up where it was tried often enough.
pub(super) async fn put_off(app: &App, claimed: &Claimed) -> Result<()> {
    let Some(pause) = wait(claimed.tries) else { return finish(app, claimed, LetterState::GivenUp).await };
    let ch = app.db.change(NOTICES, Kind::Ordinary).await?;
    letter::Entity::update_many()
        .col_expr(letter::Column::DueAt, Expr::value(millis(ch.now + pause)))
        .col_expr(letter::Column::LeasedUntil, Expr::value(None::<i64>))
        .filter(letter::Column::Id.eq(claimed.id.to_string()))
        .exec(ch.tx())
        .await?;
    ch.commit().await
}

/// Whose letters a link ends.
pub(super) async fn whose(db: &impl Read, token: &str) -> Result<MemberId> {
    let row = link::Entity::find_by_id(hashed(token)).one(db).await?.ok_or_else(Error::not_found)?;
    row.member.parse().map_err(Error::internal)
}

fn hashed(token: &str) -> String {
    Sha256::digest(token).iter().map(|b| format!("{b:02x}")).collect()
}

/// Forgets letters that were done with long ago, and links of letters that nobody keeps.
pub(super) async fn forget(app: &App) -> Result<()> {
    let ch = app.db.change(NOTICES, Kind::Ordinary).await?;
    let letters = letter::Entity::delete_many().filter(letter::Column::FinishedAt.lt(millis(ch.now - KEPT)));
    let gone = letters.exec(ch.tx()).await?.rows_affected;
    let links = link::Entity::delete_many().filter(link::Column::MadeAt.lt(millis(ch.now - LINK_KEPT)));
    match gone + links.exec(ch.tx()).await?.rows_affected {
        0 => ch.undo().await,
        _ => ch.commit().await,
    }
}
