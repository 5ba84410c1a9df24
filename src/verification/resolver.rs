//! Answering what the verifier wants. Our own come first and never over the network.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;
use waymark_credential::Timestamp;
use waymark_credential::did::Did;
use waymark_credential::verify::{OwnRecord, Supply, Want};

use crate::app::App;
use crate::credentials::{self, Status};
use crate::error::{Code, Result};
use crate::issuer;
use crate::outbound::FetchError;
use crate::signing;

const DOCUMENT: &str = "application/did+json, application/did+ld+json, application/json";
const OPEN_BADGES_2: &str = "application/ld+json, application/json";
const LIST: &str = "application/vc, application/vc+jwt, application/json";

/// What was fetched of others while several are verified at once: each thing once.
#[derive(Default)]
pub struct Fetched(Mutex<HashMap<String, Arc<OnceCell<Supply>>>>);

/// What answers `want`; foreign documents only with `look_up`.
pub async fn resolve(app: &App, want: &Want, look_up: bool, now: Timestamp) -> Result<Supply> {
    resolve_beside(app, want, look_up, now, &Fetched::default()).await
}

/// The same beside others that may have fetched it already.
pub(super) async fn resolve_beside(
    app: &App,
    want: &Want,
    look_up: bool,
    now: Timestamp,
    known: &Fetched,
) -> Result<Supply> {
    Ok(match want {
        Want::OwnRecord(id) => Supply::Record(record(app, id).await?),
        Want::OwnIntent(hash) => Supply::Intended(signing::holds(app.db.read(), hash).await?),
        Want::DidDocument(did) => match own_document(app, did).await {
            Some(bytes) => Supply::Found { bytes, fetched_at: now },
            None => match Did::parse(did).ok().and_then(|d| d.document_url()) {
                Some(url) => fetched(app, &url, DOCUMENT, look_up, now, known).await,
                None => Supply::Unreachable("this identifier names no address".to_owned()),
            },
        },
        Want::KeyDocument(url) => match app.links.own_path(url) {
            Some(_) => Supply::Unreachable("there is no such key here".to_owned()),
            None => fetched(app, url, DOCUMENT, look_up, now, known).await,
        },
        Want::HostedDocument(url) => match app.links.own_path(url) {
            Some(_) => Supply::Unreachable("nothing of Open Badges 2.0 is hosted here".to_owned()),
            None => fetched(app, url, OPEN_BADGES_2, look_up, now, known).await,
        },
        Want::StatusList(url) => match app.links.own_path(url) {
            Some(path) => match path.strip_prefix("/status/") {
                Some(list) => own_list(app, list, now).await?,
                None => Supply::Unreachable("there is no list at this address".to_owned()),
            },
            None => fetched(app, url, LIST, look_up, now, known).await,
        },
    })
}

async fn record(app: &App, id: &str) -> Result<OwnRecord> {
    let known = credentials::by_uuid(app.db.read(), id).await?;
    Ok(match known.filter(credentials::Credential::is_released) {
        None => OwnRecord::Absent,
        Some(c) => match c.status {
            Status::Valid => OwnRecord::Live,
            Status::Suspended => OwnRecord::Suspended,
            Status::Revoked => OwnRecord::Revoked,
        },
    })
}

/// The DID document of this installation, where the DID is ours.
async fn own_document(app: &App, did: &str) -> Option<Vec<u8>> {
    let own = issuer::identity(app.db.read(), &app.config).await.ok()?;
    (own.did() == did).then(|| own.document().to_string().into_bytes())
}

/// One of our own lists, as it is published.
async fn own_list(app: &App, id: &str, now: Timestamp) -> Result<Supply> {
    let Ok(id) = id.parse() else { return Ok(Supply::Unreachable("there is no such list here".to_owned())) };
    match credentials::status_list(app, id).await {
        Ok(document) => Ok(Supply::Found { bytes: document.into_bytes(), fetched_at: now }),
        Err(e) if e.code() == Code::NotFound => Ok(Supply::Unreachable("there is no such list here".to_owned())),
        Err(e) if e.code() == Code::IssuingOff => {
            Ok(Supply::Unreachable("the list cannot be signed at present".to_owned()))
        }
        Err(e) => Err(e),
    }
}

async fn fetched(app: &App, url: &str, accept: &str, look_up: bool, now: Timestamp, known: &Fetched) -> Supply {
    if !look_up {
        return Supply::NotAsked;
    }
    let cell = known.0.lock().unwrap_or_else(PoisonError::into_inner).entry(url.to_owned()).or_default().clone();
    let fetch = async || match app.connector.fetch(url, accept).await {
        Ok(bytes) => Supply::Found { bytes, fetched_at: now },
        Err(FetchError::Status(410)) => Supply::Gone,
        Err(e) => Supply::Unreachable(e.to_string()),
    };
    cell.get_or_init(fetch).await.clone()
}
