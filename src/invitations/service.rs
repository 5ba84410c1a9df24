//! Inviting, making links, following them, and taking them back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Select};
use sha2::{Digest, Sha256};
use time::Duration;

use super::entity::invitation;
use super::lifecycle::{Standing, State};
use crate::access;
use crate::actor::Actor;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Read};
use crate::domain_event::DomainEvent;
use crate::entropy;
use crate::error::{Code, Error, Result};
use crate::ids::{InvitationId, JobId, MemberId};
use crate::members::{self, Member};

/// How long a link works.
pub const INVITATION: Duration = Duration::days(30);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub member: MemberId,
    pub state: State,
    /// Whether the newest link went to the member's own address.
    pub mailed: bool,
    /// Who invited, as [`Actor`] writes it.
    pub made_by: String,
    pub made_at: Timestamp,
    /// When the newest link was made; none while the letter waits.
    pub sent_at: Option<Timestamp>,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

impl Invitation {
    /// How it stands now.
    pub async fn standing(&self, db: &impl Read, now: Timestamp) -> Result<Standing> {
        let claimable = self.state != State::Open || members::may_be_claimed(db, self.member).await?;
        Ok(Standing::of(self.state, self.expires_at, now, claimable))
    }

    /// The name of the person who invited; none where a program or the command line did.
    pub async fn inviter(&self, db: &impl Read) -> Result<Option<String>> {
        match Actor::parse(&self.made_by) {
            Some(Actor::Member(id)) => Ok(Some(members::find(db, id).await?.name)),
            _ => Ok(None),
        }
    }
}

/// Invites a member who never signed in. The invitation that is open already stays the same one. A new one has no
/// link yet: [`link`] makes one to hand over, [`send`] has one mailed.
///
/// # Errors
/// [`Code::AlreadyClaimed`], where the member signs in by themselves, or holds a staff role.
pub async fn invite(ch: &mut Change<'_>, member: MemberId, job: Option<JobId>) -> Result<Invitation> {
    let member = members::find(ch.tx(), member).await?.id;
    ch.take_turn(&format!("invitation of {member}")).await?;
    if !members::may_be_claimed(ch.tx(), member).await? {
        return Err(Error::new(Code::AlreadyClaimed));
    }
    if let Some(open) = of(member).filter(invitation::Column::Open.is_not_null()).one(ch.tx()).await? {
        return read(open);
    }
    let made = invitation::Model {
        id: ch.id::<InvitationId>().to_string(),
        member: member.to_string(),
        state: State::Open.as_str().to_owned(),
        open: Some(member.to_string()),
        hash: None,
        mailed: false,
        made_by: ch.actor.to_string(),
        made_at: millis(ch.now),
        sent_at: None,
        expires_at: millis(ch.now + INVITATION),
        ended_at: None,
        job: job.map(|job| job.to_string()),
    };
    let row = invitation::ActiveModel {
        id: Set(made.id.clone()),
        member: Set(made.member.clone()),
        state: Set(made.state.clone()),
        open: Set(made.open.clone()),
        hash: Set(None),
        mailed: Set(false),
        made_by: Set(made.made_by.clone()),
        made_at: Set(made.made_at),
        sent_at: Set(None),
        expires_at: Set(made.expires_at),
        ended_at: Set(None),
        job: Set(made.job.clone()),
    };
    invitation::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    read(made)
}

/// A new link's token for an invitation that is open; the one before is worth nothing, and the time begins anew. `mailed` says that it goes to the
/// member's own address: whoever uses it has proved that the address is theirs.
pub async fn link(ch: &mut Change<'_>, id: InvitationId, mailed: bool) -> Result<String> {
    still_open(ch, id).await?;
    let token = URL_SAFE_NO_PAD.encode(entropy::bytes::<32>(ch.entropy()));
    let made = waiting(id)
        .col_expr(invitation::Column::Hash, Expr::value(hashed(&token)))
        .col_expr(invitation::Column::Mailed, Expr::value(mailed))
        .col_expr(invitation::Column::SentAt, Expr::value(millis(ch.now)))
        .col_expr(invitation::Column::ExpiresAt, Expr::value(millis(ch.now + INVITATION)))
        .exec(ch.tx())
        .await?;
    if made.rows_affected == 1 { Ok(token) } else { Err(Error::new(Code::Conflict)) }
}

/// Has a letter with a new link written, by whoever listens after the commit. It can be followed for 30 days from then on.
pub async fn send(ch: &mut Change<'_>, id: InvitationId) -> Result<()> {
    let known = still_open(ch, id).await?;
    waiting(id).col_expr(invitation::Column::ExpiresAt, Expr::value(millis(ch.now + INVITATION))).exec(ch.tx()).await?;
    ch.tell(&DomainEvent::MemberInvited { invitation: id, member: known.member }).await
}

async fn still_open(ch: &Change<'_>, id: InvitationId) -> Result<Invitation> {
    let known = find(ch.tx(), id).await?;
    if known.state != State::Open {
        return Err(Error::new(Code::Conflict).because("the invitation has ended"));
    }
    if !members::may_be_claimed(ch.tx(), known.member).await? {
        return Err(Error::new(Code::AlreadyClaimed));
    }
    Ok(known)
}

/// Whose invitation the link is, where it could still be used; looking does not use it. Unknown, used, replaced, withdrawn and expired are one and
/// the same.
pub async fn look(db: &impl Read, now: Timestamp, token: &str) -> Result<Option<(Invitation, Member)>> {
    let row = invitation::Entity::find().filter(invitation::Column::Hash.eq(hashed(token))).one(db).await?;
    let Some(known) = row.map(read).transpose()? else { return Ok(None) };
    if known.standing(db, now).await? != Standing::Open {
        return Ok(None);
    }
    let member = members::find(db, known.member).await?;
    Ok(Some((known, member)))
}

/// Uses the link up: the account is the visitor's from now on. Answers the secret of a session. Of two who race one gets it.
pub async fn accept(ch: &mut Change<'_>, token: &str) -> Result<(Invitation, String)> {
    let (known, member) = end_by(ch, token, State::Accepted).await?;
    if known.mailed {
        members::verify_email(ch, member.id).await?;
    }
    members::end_claim_links(ch, member.id).await?;
    let secret = access::start_session(ch, member.id).await?;
    Ok((known, secret))
}

/// Ends the invitation on the word of whoever has its link. What is known of the member stays as it is.
pub async fn decline(ch: &mut Change<'_>, token: &str) -> Result<Invitation> {
    Ok(end_by(ch, token, State::Declined).await?.0)
}

async fn end_by(ch: &mut Change<'_>, token: &str, to: State) -> Result<(Invitation, Member)> {
    let found = look(ch.tx(), ch.now, token).await?.ok_or_else(|| Error::new(Code::LinkUsed))?;
    // Whoever was quicker took the hash away: this finds nothing then.
    let ended = ending(ch, found.0.id, to).filter(invitation::Column::Hash.eq(hashed(token))).exec(ch.tx()).await?;
    if ended.rows_affected == 1 { Ok(found) } else { Err(Error::new(Code::LinkUsed)) }
}

/// Takes an invitation back: its link is worth nothing from now on.
pub async fn withdraw(ch: &mut Change<'_>, id: InvitationId) -> Result<()> {
    find(ch.tx(), id).await?;
    let ended = ending(ch, id, State::Withdrawn).exec(ch.tx()).await?;
    if ended.rows_affected == 1 { Ok(()) } else { Err(Error::new(Code::Conflict).because("the invitation has ended")) }
}

fn waiting(id: InvitationId) -> sea_orm::UpdateMany<invitation::Entity> {
    invitation::Entity::update_many()
        .filter(invitation::Column::Id.eq(id.to_string()))
        .filter(invitation::Column::State.eq(State::Open.as_str()))
}

fn ending(ch: &Change<'_>, id: InvitationId, to: State) -> sea_orm::UpdateMany<invitation::Entity> {
    waiting(id)
        .col_expr(invitation::Column::State, Expr::value(to.as_str()))
        .col_expr(invitation::Column::Open, Expr::value(Option::<String>::None))
        .col_expr(invitation::Column::Hash, Expr::value(Option::<String>::None))
        .col_expr(invitation::Column::EndedAt, Expr::value(millis(ch.now)))
}

/// The invitation with this id; not found otherwise.
pub async fn find(db: &impl Read, id: InvitationId) -> Result<Invitation> {
    read(invitation::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?)
}

/// The newest invitation of a member.
pub async fn latest_of(db: &impl Read, member: MemberId) -> Result<Option<Invitation>> {
    let row = of(member).order_by_desc(invitation::Column::Id).one(db).await?;
    row.map(read).transpose()
}

fn of(member: MemberId) -> Select<invitation::Entity> {
    invitation::Entity::find().filter(invitation::Column::Member.eq(member.to_string()))
}

/// Which invitations are listed, by what is written of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    Open,
    Expired,
    Accepted,
    Declined,
    Withdrawn,
}

impl Filter {
    pub const ALL: [Self; 5] = [Self::Open, Self::Expired, Self::Accepted, Self::Declined, Self::Withdrawn];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Expired => "expired",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|filter| filter.as_str() == text)
    }

    fn within(self, now: Timestamp) -> Select<invitation::Entity> {
        let of = |state: State| invitation::Entity::find().filter(invitation::Column::State.eq(state.as_str()));
        match self {
            Self::Open => of(State::Open).filter(invitation::Column::ExpiresAt.gt(millis(now))),
            Self::Expired => of(State::Open).filter(invitation::Column::ExpiresAt.lte(millis(now))),
            Self::Accepted => of(State::Accepted),
            Self::Declined => of(State::Declined),
            Self::Withdrawn => of(State::Withdrawn),
        }
    }

    /// How many there are.
    pub async fn count(self, db: &impl Read, now: Timestamp) -> Result<u64> {
        Ok(self.within(now).count(db).await?)
    }
}

/// Up to `limit` invitations, the newest first, older than `before`.
pub async fn list(
    db: &impl Read,
    now: Timestamp,
    filter: Option<Filter>,
    before: Option<InvitationId>,
    limit: u64,
) -> Result<Vec<Invitation>> {
    let mut find = filter.map_or_else(invitation::Entity::find, |filter| filter.within(now));
    if let Some(before) = before {
        find = find.filter(invitation::Column::Id.lt(before.to_string()));
    }
    let rows = find.order_by_desc(invitation::Column::Id).limit(limit).all(db).await?;
    rows.into_iter().map(read).collect()
}

fn hashed(token: &str) -> String {
    Sha256::digest(token).iter().map(|b| format!("{b:02x}")).collect()
}

fn read(row: invitation::Model) -> Result<Invitation> {
    let unknown = || Error::internal(format!("the invitation {} has an unknown state", row.id));
    Ok(Invitation {
        state: State::parse(&row.state).ok_or_else(unknown)?,
        id: row.id.parse().map_err(Error::internal)?,
        member: row.member.parse().map_err(Error::internal)?,
        mailed: row.mailed,
        made_at: from_millis(row.made_at),
        sent_at: row.sent_at.map(from_millis),
        expires_at: from_millis(row.expires_at),
        ended_at: row.ended_at.map(from_millis),
        made_by: row.made_by,
    })
}
