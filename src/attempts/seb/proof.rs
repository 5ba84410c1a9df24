//! What a browser without headers hands in once, and the cookie that stands for it afterwards.
//!
//! The cookie is drawn at random, belongs to one member and one exam, and ends after twelve hours or when the exam asks for other keys. It lies in the jar of the
//! browser that proved itself, out of reach of scripts and of other browsers.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};
use time::Duration;

use super::entity as row;
use super::hashes::fits;
use crate::app::App;
use crate::attempts::lease::{Delivery, delivery_of};
use crate::clock::millis;
use crate::config::Config;
use crate::database::Change;
use crate::entropy;
use crate::error::Result;
use crate::ids::{ExamId, MemberId};
use crate::web::visitor::cookie;

/// As long as an exam day.
const LASTS: Duration = Duration::hours(12);

/// What a page hands in: its own address, and the hashes over it that the browser offers to scripts.
#[derive(Debug, Clone, Default)]
pub struct Given {
    pub address: String,
    pub config_key: String,
    pub browser_key: String,
}

fn name(config: &Config) -> &'static str {
    if config.base_url.scheme() == "https" { "__Host-waymark-seb" } else { "waymark-seb" }
}

fn hashed(text: &str) -> String {
    Sha256::digest(text).iter().map(|b| format!("{b:02x}")).collect()
}

/// Stands for the keys that an exam asks for: other keys, and what was proved before counts no more.
fn keys_of(delivery: &Delivery) -> String {
    hashed(&json!([delivery.config_keys, delivery.browser_keys]).to_string())
}

/// The path of an address of ours at which exams are sat.
pub fn page_of<'u>(app: &App, address: &'u str) -> Option<&'u str> {
    let path = app.links.own_path(address)?.split('#').next()?;
    (path.starts_with("/exam/") || path.starts_with("/exams/")).then_some(path)
}

/// Takes a proof; answers the `Set-Cookie` value that stands for it. None where the hashes do not fit, or are not over a page of ours.
pub async fn take(
    app: &App,
    ch: &mut Change<'_>,
    exam: ExamId,
    member: MemberId,
    given: &Given,
) -> Result<Option<String>> {
    let delivery = delivery_of(ch.tx(), exam).await?;
    let shown = |hash: &str| Some(hash.as_bytes().to_vec()).filter(|hash| !hash.is_empty());
    let (config_key, browser_key) = (shown(&given.config_key), shown(&given.browser_key));
    if page_of(app, &given.address).is_none()
        || !fits(&delivery, &given.address, config_key.as_deref(), browser_key.as_deref())
    {
        return Ok(None);
    }
    let secret = URL_SAFE_NO_PAD.encode(entropy::bytes::<32>(ch.entropy()));
    row::Entity::delete_many()
        .filter(row::Column::Member.eq(member.to_string()))
        .filter(row::Column::ExpiresAt.lte(millis(ch.now)))
        .exec(ch.tx())
        .await?;
    let new = row::ActiveModel {
        token: Set(hashed(&secret)),
        exam: Set(exam.to_string()),
        member: Set(member.to_string()),
        keys: Set(keys_of(&delivery)),
        proved_at: Set(millis(ch.now)),
        expires_at: Set(millis(ch.now + LASTS)),
    };
    row::Entity::insert(new).exec_without_returning(ch.tx()).await?;
    let secure = if app.config.base_url.scheme() == "https" { "; Secure" } else { "" };
    let age = LASTS.whole_seconds();
    Ok(Some(format!("{}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}", name(&app.config))))
}

/// Whether the request comes from a browser that proved itself for this exam and these keys.
pub async fn holds(
    app: &App,
    exam: ExamId,
    member: MemberId,
    delivery: &Delivery,
    headers: &HeaderMap,
) -> Result<bool> {
    let Some(secret) = cookie(headers, name(&app.config)) else { return Ok(false) };
    let row = row::Entity::find_by_id(hashed(secret)).one(app.db.read()).await?;
    Ok(row.is_some_and(|row| {
        row.exam == exam.to_string()
            && row.member == member.to_string()
            && row.keys == keys_of(delivery)
            && row.expires_at > millis(app.db.now())
    }))
}

/// Drops proofs that are over; answers how many.
pub(in crate::attempts) async fn forget(ch: &Change<'_>) -> Result<u64> {
    let over = row::Entity::delete_many().filter(row::Column::ExpiresAt.lt(millis(ch.now)));
    Ok(over.exec(ch.tx()).await?.rows_affected)
}

/// Drops what a member's browsers proved.
pub(in crate::attempts) async fn forget_of(ch: &Change<'_>, member: MemberId) -> Result<()> {
    row::Entity::delete_many().filter(row::Column::Member.eq(member.to_string())).exec(ch.tx()).await?;
    Ok(())
}
