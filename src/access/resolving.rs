//! Resolving a request to the one who makes it.

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::principal::Principal;
use super::same_site::{same_site, token};
use super::service;
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::web::visitor::cookie;

/// Finds out who asks, once per request.
pub(super) async fn resolve(parts: &mut Parts, app: &App) -> Result<Principal> {
    if let Some(known) = parts.extensions.get::<Principal>() {
        return Ok(known.clone());
    }
    let principal = match parts.headers.get(AUTHORIZATION) {
        Some(value) => {
            let secret = value.to_str().ok().and_then(bearer).ok_or_else(|| Error::new(Code::InvalidToken))?;
            service::bearer(app.db.read(), app.db.now(), secret).await?.ok_or_else(|| Error::new(Code::InvalidToken))?
        }
        None => match cookie(&parts.headers, service::session_cookie(&app.config)) {
            Some(secret) => match service::session(app.db.read(), app.db.now(), secret).await? {
                Some((member, roles)) => {
                    same_site(&parts.method, &parts.headers, &app.links)?;
                    Principal::Session { member, roles, csrf: token(secret) }
                }
                None => Principal::Anonymous,
            },
            None => Principal::Anonymous,
        },
    };
    parts.extensions.insert(principal.clone());
    Ok(principal)
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, secret) = value.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !secret.is_empty()).then_some(secret.trim())
}
