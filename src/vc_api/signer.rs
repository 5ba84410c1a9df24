//! The key of this surface, and what is sealed with it.

use waymark_credential::key::PublicKey;
use waymark_credential::model::Invalid;

use crate::actor::Actor;
use crate::app::App;
use crate::database::Kind;
use crate::error::{Error, Result};
use crate::ids::{IntentId, SigningKeyId};
use crate::issuer as issuers;

/// The key of this surface.
pub(super) struct Signer {
    pub key: SigningKeyId,
    pub public: PublicKey,
}

/// The key of this surface, made at the first need.
pub(super) async fn signer(app: &App) -> Result<Signer> {
    let key = issuers::conformance_key(app).await?;
    Ok(Signer { key: key.id, public: PublicKey::did_key(key.public).map_err(Error::internal)? })
}

/// The identifier under which this surface signs.
pub async fn issuer(app: &App) -> Result<String> {
    Ok(signer(app).await?.public.controller().to_owned())
}

/// Seals an intent and stores the signed text.
pub(super) async fn sealed(app: &App, intent: IntentId) -> Result<String> {
    let sealed = issuers::seal_conformance(app, intent).await?;
    let text = sealed.text().to_owned();
    let mut ch = app.db.change(Actor::System("vc_api"), Kind::Ordinary).await?;
    sealed.store(&mut ch).await?;
    ch.commit().await?;
    Ok(text)
}

/// A document of our own making that breaks a rule: a fault of ours.
pub(super) fn invalid(invalid: Invalid) -> Error {
    Error::internal(invalid)
}
