//! What was to be signed by a key that signs no more is written down anew for the key that does, before anybody has seen it.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sea_orm::entity::prelude::*;
use serde_json::json;
use waymark_credential::model::OpenBadgeCredential;
use waymark_credential::strict_json;

use super::entity::document as rows;
use super::find::{self, find as known};
use super::{award, document};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::millis;
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Result};
use crate::ids::CredentialId;
use crate::issuer;
use crate::signing::{self, Purpose};

/// More than any credential we sign.
const LONGEST_DOCUMENT: usize = 256 * 1024;

/// Gives the waiting document of a credential new intents, from now on, in the same place of its list. Answers false, and writes nothing, where the key
/// that its intents name still signs, or nothing waits.
pub(super) async fn intend_anew(app: &App, id: CredentialId) -> Result<bool> {
    let mut ch = app.db.change(Actor::System("credentials"), Kind::Privileged).await?;
    let Some(waiting) = find::unreleased(ch.tx(), id).await? else {
        ch.undo().await?;
        return Ok(false);
    };
    let identity = issuer::identity(ch.tx(), &app.config).await?;
    let signer = identity.signer(Purpose::Credential)?;
    if signing::key_of(ch.tx(), waiting.jwt_intent).await? == signer.key {
        ch.undo().await?;
        return Ok(false);
    }
    let known = known(ch.tx(), id).await?;
    let issuer = issuer::find(ch.tx(), known.issuer).await?;
    let profile = issuer.profile.document(identity.did(), known.locale)?;
    let intended = content(&signing::intended(ch.tx(), waiting.jwt_intent).await?)?;
    let url = app.links.status_list(&waiting.list.to_string());
    let complete = document::write_anew(intended, profile, ch.now, &url, waiting.place)?;
    let intents = award::intend(&mut ch, id, &complete, &signer).await?;
    let [json, jwt] = intents.ids().map(|intent| intent.to_string());
    rows::Entity::update_many()
        .col_expr(rows::Column::JsonIntent, Expr::value(json))
        .col_expr(rows::Column::JwtIntent, Expr::value(jwt))
        .col_expr(rows::Column::ValidFrom, Expr::value(millis(ch.now)))
        .filter(rows::Column::Credential.eq(id.to_string()))
        .filter(rows::Column::Generation.eq(waiting.generation))
        .filter(rows::Column::ReleasedAt.is_null())
        .exec(ch.tx())
        .await?;
    let detail = json!({"number": known.number, "key": signer.key, "hashes": intents.hashes()});
    ch.audit(AuditEntry::new("credential.intend_anew", id, detail)).await?;
    ch.commit().await?;
    Ok(true)
}

/// The credential inside `header.payload`.
fn content(intended: &str) -> Result<OpenBadgeCredential> {
    let payload = intended.rsplit_once('.').map(|(_, payload)| payload).unwrap_or_default();
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(payload).map_err(Error::internal)?;
    let value = strict_json::parse(&bytes, LONGEST_DOCUMENT).map_err(Error::internal)?;
    Ok(serde_json::from_value(value)?)
}
