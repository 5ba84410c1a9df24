//! Sessions, keys, tokens and links: made once, stored as hashes, checked in constant shape.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder as _, QuerySelect as _};
use serde_json::json;
use sha2::{Digest, Sha256};
use time::Duration;

use super::entity::{api_key, api_key_exam, first_sign_in, login_link, member_token, session, staff_role};
use super::{Principal, Role};
use crate::actor::Actor;
use crate::clock::{Timestamp, from_millis, millis};
use crate::config::Config;
use crate::database::{AuditEntry, Change, Read};
use crate::entropy;
use crate::error::{Code, Error, Result};
use crate::ids::{ApiKeyId, MemberId};

/// A session ends after 30 days, or after 7 without a request.
const SESSION: Duration = Duration::days(30);
const SESSION_IDLE: Duration = Duration::days(7);
const MEMBER_TOKEN: Duration = Duration::hours(1);
/// A sign-in link works once, within 30 minutes.
pub const LOGIN_LINK: Duration = Duration::minutes(30);

const KEY_PREFIX: &str = "wmk_";
const TOKEN_PREFIX: &str = "wmt_";

/// The name of the session cookie. Browsers take `__Host-` only over https.
pub fn session_cookie(config: &Config) -> &'static str {
    if config.base_url.scheme() == "https" { "__Host-waymark" } else { "waymark-session" }
}

/// The `Set-Cookie` value that starts (`Some`) or ends (`None`) a session.
pub fn set_session_cookie(config: &Config, secret: Option<&str>) -> String {
    let secure = if config.base_url.scheme() == "https" { "; Secure" } else { "" };
    let age = if secret.is_some() { SESSION.whole_seconds() } else { 0 };
    format!(
        "{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}",
        session_cookie(config),
        secret.unwrap_or_default()
    )
}

fn secret(ch: &Change<'_>) -> String {
    URL_SAFE_NO_PAD.encode(entropy::bytes::<32>(ch.entropy()))
}

pub(super) fn hashed(secret: &str) -> String {
    Sha256::digest(secret).iter().map(|b| format!("{b:02x}")).collect()
}

/// A one-time sign-in link's token for the member, to be handed over. Older links of the member die.
pub async fn create_login_link(ch: &mut Change<'_>, member: MemberId) -> Result<String> {
    login_link(ch, member, false).await
}

/// The same for a link that goes to the member's own address: whoever uses it has proved that the address is theirs.
pub async fn create_mailed_link(ch: &mut Change<'_>, member: MemberId) -> Result<String> {
    login_link(ch, member, true).await
}

async fn login_link(ch: &mut Change<'_>, member: MemberId, mailed: bool) -> Result<String> {
    login_link::Entity::delete_many().filter(login_link::Column::Member.eq(member.to_string())).exec(ch.tx()).await?;
    let token = secret(ch);
    let row = login_link::ActiveModel {
        hash: Set(hashed(&token)),
        member: Set(member.to_string()),
        created_at: Set(millis(ch.now)),
        expires_at: Set(millis(ch.now + LOGIN_LINK)),
        used_at: Set(None),
        mailed: Set(mailed),
    };
    login_link::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(token)
}

/// Whether the link could still be used; looking does not use it.
pub async fn login_link_waits(db: &impl Read, now: Timestamp, token: &str) -> Result<bool> {
    let row = login_link::Entity::find_by_id(hashed(token)).one(db).await?;
    Ok(row.is_some_and(|r| r.used_at.is_none() && r.expires_at > millis(now)))
}

/// Whether the link went to its member's own address.
pub async fn login_link_was_mailed(db: &impl Read, token: &str) -> Result<bool> {
    Ok(login_link::Entity::find_by_id(hashed(token)).one(db).await?.is_some_and(|r| r.mailed))
}

/// Consumes the link and starts a session; answers the session's secret. Two who race get one session.
pub async fn consume_login_link(ch: &mut Change<'_>, token: &str) -> Result<(MemberId, String)> {
    let now = millis(ch.now);
    let used = login_link::Entity::update_many()
        .col_expr(login_link::Column::UsedAt, Expr::value(now))
        .filter(login_link::Column::Hash.eq(hashed(token)))
        .filter(login_link::Column::UsedAt.is_null())
        .filter(login_link::Column::ExpiresAt.gt(now))
        .exec(ch.tx())
        .await?;
    if used.rows_affected != 1 {
        return Err(Error::new(Code::LinkUsed));
    }
    let row =
        login_link::Entity::find_by_id(hashed(token)).one(ch.tx()).await?.ok_or_else(|| Error::new(Code::LinkUsed))?;
    let member: MemberId = row.member.parse().map_err(Error::internal)?;
    Ok((member, start_session(ch, member).await?))
}

/// A new session; answers its secret, for the cookie.
pub async fn start_session(ch: &mut Change<'_>, member: MemberId) -> Result<String> {
    let session_secret = secret(ch);
    let row = session::ActiveModel {
        hash: Set(hashed(&session_secret)),
        member: Set(member.to_string()),
        created_at: Set(millis(ch.now)),
        seen_at: Set(millis(ch.now)),
        expires_at: Set(millis(ch.now + SESSION)),
    };
    session::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    let first = first_sign_in::ActiveModel { member: Set(member.to_string()), at: Set(millis(ch.now)) };
    first_sign_in::Entity::insert(first)
        .on_conflict(OnConflict::column(first_sign_in::Column::Member).do_nothing().to_owned())
        .exec_without_returning(ch.tx())
        .await?;
    Ok(session_secret)
}

/// When the member signed in for the first time, whatever became of that session; none where they never did: then nobody has claimed what was
/// awarded to them.
pub async fn first_sign_in(db: &impl Read, member: MemberId) -> Result<Option<Timestamp>> {
    let row = first_sign_in::Entity::find_by_id(member.to_string()).one(db).await?;
    Ok(row.map(|row| from_millis(row.at)))
}

/// The member and staff roles of a live session.
pub(super) async fn session(db: &impl Read, now: Timestamp, secret: &str) -> Result<Option<(MemberId, Vec<Role>)>> {
    let Some(row) = session::Entity::find_by_id(hashed(secret)).one(db).await? else { return Ok(None) };
    if row.expires_at <= millis(now)
        || row.seen_at + i64::try_from(SESSION_IDLE.whole_milliseconds()).unwrap_or(i64::MAX) <= millis(now)
    {
        return Ok(None);
    }
    let member: MemberId = row.member.parse().map_err(Error::internal)?;
    Ok(Some((member, roles_of(db, member).await?)))
}

/// Notes that the session was used; called where something is written anyway.
pub async fn touch_session(ch: &mut Change<'_>, secret: &str) -> Result<()> {
    session::Entity::update_many()
        .col_expr(session::Column::SeenAt, Expr::value(millis(ch.now)))
        .filter(session::Column::Hash.eq(hashed(secret)))
        .exec(ch.tx())
        .await?;
    Ok(())
}

pub async fn end_session(ch: &mut Change<'_>, secret: &str) -> Result<()> {
    session::Entity::delete_by_id(hashed(secret)).exec(ch.tx()).await?;
    Ok(())
}

/// The members who hold one of these roles.
pub async fn holders_of(db: &impl Read, any_of: &[Role]) -> Result<BTreeSet<MemberId>> {
    let roles = any_of.iter().map(|role| role.as_str());
    let rows = staff_role::Entity::find().filter(staff_role::Column::Role.is_in(roles)).all(db).await?;
    rows.iter().map(|row| row.member.parse().map_err(Error::internal)).collect()
}

pub async fn roles_of(db: &impl Read, member: MemberId) -> Result<Vec<Role>> {
    let rows = staff_role::Entity::find().filter(staff_role::Column::Member.eq(member.to_string())).all(db).await?;
    Ok(rows.iter().filter_map(|r| Role::parse(&r.role)).collect())
}

/// Gives a member a staff role. The caller's change must be privileged: the audit row is written here.
pub async fn give_role(ch: &mut Change<'_>, member: MemberId, role: Role) -> Result<()> {
    if !roles_of(ch.tx(), member).await?.contains(&role) {
        let row = staff_role::ActiveModel {
            member: Set(member.to_string()),
            role: Set(role.as_str().to_owned()),
            given_at: Set(millis(ch.now)),
            given_by: Set(Some(ch.actor.to_string())),
            reason: Set(None),
        };
        staff_role::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    }
    ch.audit(AuditEntry::new("role.give", member, json!({"role": role.as_str()}))).await
}

/// Makes an API key; answers its id and the key, which is never shown again. Writes the audit row.
pub async fn create_api_key(
    ch: &mut Change<'_>,
    name: &str,
    role: Role,
    source: Option<&str>,
) -> Result<(ApiKeyId, String)> {
    let (id, key) = keep_key(ch, name, role, source).await?;
    ch.audit(AuditEntry::new("api_key.create", id, json!({"name": name, "role": role.as_str(), "source": source})))
        .await?;
    Ok((id, key))
}

/// The same for a proctoring service, which may step in at attempts of these exams (slugs) alone.
pub async fn create_proctor_key(ch: &mut Change<'_>, name: &str, exams: &[String]) -> Result<(ApiKeyId, String)> {
    let (id, key) = keep_key(ch, name, Role::Proctor, None).await?;
    let exams: BTreeSet<&String> = exams.iter().collect();
    for exam in &exams {
        let row = api_key_exam::ActiveModel { key: Set(id.to_string()), exam: Set((*exam).clone()) };
        api_key_exam::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    }
    let detail = json!({"name": name, "role": Role::Proctor.as_str(), "exams": exams});
    ch.audit(AuditEntry::new("api_key.create", id, detail)).await?;
    Ok((id, key))
}

/// The exams, by slug, for which a key is; none for a key that no exam names.
pub async fn exams_of(db: &impl Read, id: ApiKeyId) -> Result<BTreeSet<String>> {
    let rows = api_key_exam::Entity::find().filter(api_key_exam::Column::Key.eq(id.to_string())).all(db).await?;
    Ok(rows.into_iter().map(|row| row.exam).collect())
}

/// Whether a proctoring service holds a key for this exam (slug).
pub async fn has_proctor(db: &impl Read, exam: &str) -> Result<bool> {
    let keys = api_key_exam::Entity::find().filter(api_key_exam::Column::Exam.eq(exam)).all(db).await?;
    let keys = keys.into_iter().map(|row| row.key);
    let held =
        api_key::Entity::find().filter(api_key::Column::Id.is_in(keys)).filter(api_key::Column::RevokedAt.is_null());
    Ok(held.count(db).await? > 0)
}

async fn keep_key(ch: &mut Change<'_>, name: &str, role: Role, source: Option<&str>) -> Result<(ApiKeyId, String)> {
    let id: ApiKeyId = ch.id();
    let key = format!("{KEY_PREFIX}{}", secret(ch));
    let row = api_key::ActiveModel {
        id: Set(id.to_string()),
        name: Set(name.to_owned()),
        role: Set(role.as_str().to_owned()),
        source: Set(source.map(str::to_owned)),
        hash: Set(hashed(&key)),
        created_at: Set(millis(ch.now)),
        revoked_at: Set(None),
        made_by: Set(Some(ch.actor.to_string())),
    };
    api_key::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok((id, key))
}

/// What an API key is called, also once it is revoked.
pub async fn api_key_name(db: &impl Read, id: ApiKeyId) -> Result<Option<String>> {
    Ok(api_key::Entity::find_by_id(id.to_string()).one(db).await?.map(|row| row.name))
}

/// In whose name somebody tells what happened elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// The operator, and owners and admins in person or by key.
    Staff,
    /// A key of role source, also once it is revoked.
    Source(String),
    /// Everybody else.
    Nobody,
}

/// In whose name this actor speaks.
pub async fn sender(db: &impl Read, actor: Actor) -> Result<Sender> {
    let of_staff = |role: &Role| matches!(role, Role::Owner | Role::Admin);
    let staff = match actor {
        Actor::Operator => true,
        Actor::Member(member) => roles_of(db, member).await?.iter().any(of_staff),
        Actor::ApiKey(id) => match api_key::Entity::find_by_id(id.to_string()).one(db).await? {
            Some(row) => match (Role::parse(&row.role), row.source) {
                // A key without a source speaks for itself alone, under its own id.
                (Some(Role::Source), source) => return Ok(Sender::Source(source.unwrap_or_else(|| id.to_string()))),
                (role, _) => role.as_ref().is_some_and(of_staff),
            },
            None => false,
        },
        Actor::System(_) | Actor::Anonymous => false,
    };
    Ok(if staff { Sender::Staff } else { Sender::Nobody })
}

/// A token that acts as the member for one hour; answers it with its end. Writes the audit row.
pub async fn mint_member_token(ch: &mut Change<'_>, member: MemberId) -> Result<(String, Timestamp)> {
    let token = format!("{TOKEN_PREFIX}{}", secret(ch));
    let expires_at = ch.now + MEMBER_TOKEN;
    let row = member_token::ActiveModel {
        hash: Set(hashed(&token)),
        member: Set(member.to_string()),
        minted_by: Set(ch.actor.to_string()),
        created_at: Set(millis(ch.now)),
        expires_at: Set(millis(expires_at)),
    };
    member_token::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    ch.audit(AuditEntry::new("member_token.mint", member, json!({"expires_at": crate::clock::rfc3339(expires_at)})))
        .await?;
    Ok((token, expires_at))
}

/// When tokens that act as this member were made from `since` on, the latest one first.
pub async fn tokens_of(db: &impl Read, member: MemberId, since: Timestamp) -> Result<Vec<Timestamp>> {
    let made: Vec<i64> = member_token::Entity::find()
        .select_only()
        .column(member_token::Column::CreatedAt)
        .filter(member_token::Column::Member.eq(member.to_string()))
        .filter(member_token::Column::CreatedAt.gte(millis(since)))
        .order_by_desc(member_token::Column::CreatedAt)
        .into_tuple()
        .all(db)
        .await?;
    Ok(made.into_iter().map(from_millis).collect())
}

/// Who a Bearer secret speaks for.
pub(super) async fn bearer(db: &impl Read, now: Timestamp, secret: &str) -> Result<Option<Principal>> {
    if secret.starts_with(KEY_PREFIX) {
        let row = api_key::Entity::find().filter(api_key::Column::Hash.eq(hashed(secret))).one(db).await?;
        return row
            .filter(|r| r.revoked_at.is_none())
            .map(|r| {
                let role = Role::parse(&r.role).ok_or_else(|| Error::internal("an API key has an unknown role"))?;
                Ok(Principal::Key { id: r.id.parse().map_err(Error::internal)?, role, source: r.source })
            })
            .transpose();
    }
    let row = member_token::Entity::find_by_id(hashed(secret)).one(db).await?;
    row.filter(|r| r.expires_at > millis(now))
        .map(|r| Ok(Principal::Token { member: r.member.parse().map_err(Error::internal)? }))
        .transpose()
}
