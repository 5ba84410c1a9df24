//! Answering what the verifier wants. Our own come first and never over the network.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;
use waymark_credential::Timestamp;
use waymark_credential::did::{ControllerDocument, Did};
use waymark_credential::verify::{OwnRecord, ProvedList, Supply, Want};

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
            Some(document) => Supply::Document(document),
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
                Some(list) => own_list(app, url, list, now).await?,
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
async fn own_document(app: &App, did: &str) -> Option<Arc<ControllerDocument>> {
    let own = issuer::identity(app.db.read(), &app.config).await.ok()?;
    if own.did() != did {
        return None;
    }
    let bytes = own.document().to_string().into_bytes();
    let name = hash_of(&[&bytes]);
    if let Some(known) = app.documents.get(&name) {
        return Some(known);
    }
    let document = Arc::new(ControllerDocument::parse(&bytes, did).ok()?);
    app.documents.keep(name, Arc::clone(&document));
    Some(document)
}

/// One of our own lists, as it is published. Its bytes are read anew each time, so that a bit that was set is seen at once; its signature is
/// checked once for the same bytes and the same keys.
async fn own_list(app: &App, url: &str, id: &str, now: Timestamp) -> Result<Supply> {
    let Ok(id) = id.parse() else { return Ok(Supply::Unreachable("there is no such list here".to_owned())) };
    match credentials::status_list(app, id).await {
        Ok(document) => Ok(proved(app, url, document.into_bytes(), now).await?),
        Err(e) if e.code() == Code::NotFound => Ok(Supply::Unreachable("there is no such list here".to_owned())),
        Err(e) if e.code() == Code::IssuingOff => {
            Ok(Supply::Unreachable("the list cannot be signed at present".to_owned()))
        }
        Err(e) => Err(e),
    }
}

/// The list with its signature checked, or its bytes where that cannot be told here: then the verifier says why.
async fn proved(app: &App, url: &str, bytes: Vec<u8>, now: Timestamp) -> Result<Supply> {
    let own = issuer::identity(app.db.read(), &app.config).await.map(|own| own.did().to_owned());
    let found = |bytes| Supply::Found { bytes, fetched_at: now };
    let Ok(did) = own else { return Ok(found(bytes)) };
    let Some(keys) = own_document(app, &did).await else { return Ok(found(bytes)) };
    let name = hash_of(&[url.as_bytes(), did.as_bytes(), &bytes]);
    if let Some(known) = app.lists.get(&name) {
        return Ok(Supply::List(Arc::new(known.read_again(now))));
    }
    let url = url.to_owned();
    let check = move || {
        let list = ProvedList::new(&bytes, &url, &did, &keys, now, now);
        (list, bytes)
    };
    Ok(match app.workbench.run(check).await? {
        (Ok(list), _) => {
            let list = Arc::new(list);
            app.lists.keep(name, Arc::clone(&list));
            Supply::List(list)
        }
        (Err(_), bytes) => found(bytes),
    })
}

/// A name for what has exactly these parts.
fn hash_of(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    BASE64_URL_SAFE_NO_PAD.encode(hash.finalize())
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
