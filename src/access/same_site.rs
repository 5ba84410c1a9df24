//! Whether a request was started by this site, and the token by which its own forms and scripts are known.

use axum::http::{HeaderMap, Method};
use sha2::{Digest, Sha256};

use crate::error::{Code, Error, Result};
use crate::links::Links;

/// The token of the session with this secret.
pub(super) fn token(secret: &str) -> String {
    let hash = Sha256::new().chain_update(b"waymark csrf\x1f").chain_update(secret).finalize();
    hash[..16].iter().map(|b| format!("{b:02x}")).collect()
}

pub(super) fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses a changing request that another site started.
pub(super) fn same_site(method: &Method, headers: &HeaderMap, links: &Links) -> Result<()> {
    if !changes(method) {
        return Ok(());
    }
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let allowed = match (header("sec-fetch-site"), header("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin == links.base(),
        (None, None) => true,
    };
    if allowed { Ok(()) } else { Err(Error::new(Code::CrossSite)) }
}
