//! What anyone may read about the issuer: its Profile, DID document, key set and keys.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde_json::{Value, json};
use waymark_credential::jwk::Jwk;
use waymark_credential::model::{Iri, Is, Profile};

use super::identity::identity;
use super::keys::{self, IssuerKey};
use super::profile::IssuerProfile;
use super::service;
use crate::access::Public;
use crate::app::App;
use crate::error::{Error, Result};
use crate::signing::Purpose;
use crate::web::i18n::{Locale, Words};
use crate::web::published::{Published, published};
use crate::web::visitor;

/// A key that is new or withdrawn is seen everywhere within five minutes.
const FRESH_SECONDS: u32 = 300;

impl IssuerProfile {
    /// The language in which this issuer speaks to somebody who prefers `wanted`: one of its own.
    pub fn language(&self, wanted: Option<Locale>) -> Locale {
        let own: Vec<Locale> = self.locales.iter().filter_map(|tag| Locale::parse(tag)).collect();
        wanted.filter(|w| own.contains(w)).or(own.first().copied()).or(wanted).unwrap_or(Locale::En)
    }

    /// The Profile that stands in credentials: its id is the DID that controls the proof.
    pub fn document(&self, did: &str, locale: Locale) -> Result<Profile> {
        Ok(Profile {
            id: Iri::parse(did).map_err(Error::internal)?,
            kind: Is::default(),
            name: Some(Words::new(locale).pick(&self.name).to_owned()),
            url: Some(Iri::parse(self.url.as_str()).map_err(Error::internal)?),
            email: self.email.clone(),
            phone: None,
            description: None,
            image: None,
            address: None,
            official: None,
            parent_org: None,
            family_name: None,
            given_name: None,
            additional_name: None,
            patronymic_name: None,
            honorific_prefix: None,
            honorific_suffix: None,
            family_name_prefix: None,
            date_of_birth: None,
            other_identifier: vec![],
            endorsement: vec![],
            endorsement_jwt: vec![],
        })
    }
}

/// `GET /issuer`: the Profile, in the language that is asked for where the issuer has it, else in the issuer's first.
pub async fn issuer_document(_: Public, State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response> {
    let issuer = service::default_issuer(app.db.read()).await?.ok_or_else(Error::not_found)?;
    let identity = identity(app.db.read(), &app.config).await?;
    let locale = issuer.profile.language(visitor::wanted(&uri, &headers));
    let body = serde_json::to_vec(&issuer.profile.document(identity.did(), locale)?)?;
    Ok(published(&headers, Published::new("application/json", FRESH_SECONDS, body).by_language()))
}

/// `GET /.well-known/did.json`.
pub async fn did_document(_: Public, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let identity = identity(app.db.read(), &app.config).await.map_err(|_| Error::not_found())?;
    let body = identity.document().to_string().into_bytes();
    Ok(published(&headers, Published::new("application/did+json", FRESH_SECONDS, body)))
}

/// The history without what signs for conformance suites: the issuer does not vouch for that.
async fn published_keys(app: &App) -> Result<Vec<IssuerKey>> {
    let mut keys = keys::keys(app.db.read()).await?;
    keys.retain(|key| key.purpose != Purpose::Conformance);
    Ok(keys)
}

/// `GET /.well-known/jwks.json`: every key of the history, a retired one with its `exp`. One that was compromised says `revoked` and may be used for
/// nothing (`key_ops` is empty, RFC 7517 §4.3), for readers that know no `revoked`.
pub async fn jwks(_: Public, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let keys = published_keys(&app).await?;
    let all = keys.iter().map(with_history).collect::<Result<Vec<_>>>()?;
    let body = serde_json::to_vec(&json!({"keys": all}))?;
    Ok(published(&headers, Published::new("application/jwk-set+json", FRESH_SECONDS, body)))
}

/// `GET /keys/{kid}`: one key as a bare JWK with its history in the members of OpenID Federation 1.0 §8.7 (`iat`, `exp`, `revoked`).
pub async fn key_document(
    _: Public,
    State(app): State<App>,
    Path(kid): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let keys = published_keys(&app).await?;
    let key = keys.iter().find(|key| key.kid == kid || key.multikey() == kid).ok_or_else(Error::not_found)?;
    let body = with_history(key)?.to_string().into_bytes();
    Ok(published(&headers, Published::new("application/jwk+json", FRESH_SECONDS, body)))
}

fn with_history(key: &IssuerKey) -> Result<Value> {
    let mut jwk = serde_json::to_value(Jwk::new(&key.public))?;
    jwk["iat"] = json!(key.created_at.unix_timestamp());
    if let Some(at) = key.retired_at {
        jwk["exp"] = json!(at.unix_timestamp());
    }
    if let Some(at) = key.revoked_at {
        jwk["revoked"] = json!({"revoked_at": at.unix_timestamp(), "reason": "compromised"});
        jwk["key_ops"] = json!([]);
        jwk.as_object_mut().map(|members| members.remove("use"));
    }
    Ok(jwk)
}
