//! Claiming: somebody who was awarded something before they had an account signs in for the first time, by a link made for that.
//!
//! * An account is claimed once its member has signed in, in whatever way. From then on no such link works.
//! * A link is for one credential of one member, works once, and for 30 days; a new one takes the place of the old.
//! * Whoever holds a staff role gets no such link: it would hand their rights to whoever makes it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sha2::{Digest, Sha256};
use time::Duration;

use super::entity::claim_link;
use super::service::{resolve, verify_email};
use crate::access;
use crate::clock::{Timestamp, millis};
use crate::database::{Change, Read};
use crate::entropy;
use crate::error::{Code, Error, Result};
use crate::ids::{CredentialId, MemberId};

/// How long a link to claim works.
pub const CLAIM_LINK: Duration = Duration::days(30);

/// What a link that still works is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimable {
    pub member: MemberId,
    pub credential: CredentialId,
}

/// Whether the member has signed in once: what they were awarded is in their hands.
pub async fn is_claimed(db: &impl Read, id: MemberId) -> Result<bool> {
    Ok(claimed_at(db, id).await?.is_some())
}

/// When the member signed in for the first time.
pub async fn claimed_at(db: &impl Read, id: MemberId) -> Result<Option<Timestamp>> {
    access::first_sign_in(db, resolve(db, id).await?).await
}

/// Ends the links to claim the member's account: somebody signed in.
pub async fn end_claim_links(ch: &Change<'_>, id: MemberId) -> Result<()> {
    claim_link::Entity::delete_many()
        .filter(claim_link::Column::Member.eq(id.to_string()))
        .filter(claim_link::Column::UsedAt.is_null())
        .exec(ch.tx())
        .await?;
    Ok(())
}

/// Whether a link to claim may be made for the member: they never signed in, and have no rights but their own.
pub async fn may_be_claimed(db: &impl Read, id: MemberId) -> Result<bool> {
    let id = resolve(db, id).await?;
    Ok(!is_claimed(db, id).await? && access::roles_of(db, id).await?.is_empty())
}

/// The secret of a new link. `mailed` says that it goes to the member's own address: whoever uses it has proved that the address is theirs.
///
/// # Errors
/// [`Code::AlreadyClaimed`], where the member signs in by themselves, or holds a staff role.
pub async fn create_claim_link(
    ch: &Change<'_>,
    member: MemberId,
    credential: CredentialId,
    mailed: bool,
) -> Result<String> {
    if !may_be_claimed(ch.tx(), member).await? {
        return Err(Error::new(Code::AlreadyClaimed));
    }
    let token = URL_SAFE_NO_PAD.encode(entropy::bytes::<32>(ch.entropy()));
    let row = claim_link::ActiveModel {
        hash: Set(hashed(&token)),
        member: Set(member.to_string()),
        credential: Set(credential.to_string()),
        created_at: Set(millis(ch.now)),
        expires_at: Set(millis(ch.now + CLAIM_LINK)),
        used_at: Set(None),
        mailed: Set(mailed),
    };
    let same = OnConflict::columns([claim_link::Column::Member, claim_link::Column::Credential])
        .update_columns([
            claim_link::Column::Hash,
            claim_link::Column::CreatedAt,
            claim_link::Column::ExpiresAt,
            claim_link::Column::Mailed,
        ])
        .to_owned();
    claim_link::Entity::insert(row).on_conflict(same).exec_without_returning(ch.tx()).await?;
    Ok(token)
}

/// What the link is about, where it could still be used; looking does not use it. Unknown, used, replaced and expired are one and the same.
pub async fn claimable(db: &impl Read, now: Timestamp, token: &str) -> Result<Option<Claimable>> {
    let row = claim_link::Entity::find_by_id(hashed(token)).one(db).await?;
    let Some(row) = row.filter(|r| r.used_at.is_none() && r.expires_at > millis(now)) else { return Ok(None) };
    let found = Claimable {
        member: row.member.parse().map_err(Error::internal)?,
        credential: row.credential.parse().map_err(Error::internal)?,
    };
    Ok(may_be_claimed(db, found.member).await?.then_some(found))
}

/// Uses the link up: the account is the visitor's from now on. Answers what it is about and the secret of a session. Two who race get one session.
pub async fn claim(ch: &mut Change<'_>, token: &str) -> Result<(Claimable, String)> {
    let found = claimable(ch.tx(), ch.now, token).await?.ok_or_else(|| Error::new(Code::LinkUsed))?;
    let used = claim_link::Entity::update_many()
        .col_expr(claim_link::Column::UsedAt, Expr::value(millis(ch.now)))
        .filter(claim_link::Column::Hash.eq(hashed(token)))
        .filter(claim_link::Column::UsedAt.is_null())
        .exec(ch.tx())
        .await?;
    if used.rows_affected != 1 {
        return Err(Error::new(Code::LinkUsed));
    }
    if claim_link::Entity::find_by_id(hashed(token)).one(ch.tx()).await?.is_some_and(|row| row.mailed) {
        verify_email(ch, found.member).await?;
    }
    end_claim_links(ch, found.member).await?;
    Ok((found, access::start_session(ch, found.member).await?))
}

fn hashed(token: &str) -> String {
    Sha256::digest(token).iter().map(|b| format!("{b:02x}")).collect()
}
