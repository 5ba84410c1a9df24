//! Resolving a request to the one who makes it.

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::{Role, csrf, service};
use crate::actor::Actor;
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::ids::{ApiKeyId, MemberId};
use crate::web::visitor::cookie;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    Anonymous,
    /// A member in a browser. `csrf` is the token that their forms carry.
    Session {
        member: MemberId,
        roles: Vec<Role>,
        csrf: String,
    },
    /// A Bearer token that acts as a member for an hour.
    Token {
        member: MemberId,
    },
    /// An API key; one of role source speaks for `source` only.
    Key {
        id: ApiKeyId,
        role: Role,
        source: Option<String>,
    },
}

impl Principal {
    pub fn actor(&self) -> Actor {
        match self {
            Self::Anonymous => Actor::Anonymous,
            Self::Session { member, .. } | Self::Token { member } => Actor::Member(*member),
            Self::Key { id, .. } => Actor::ApiKey(*id),
        }
    }

    pub fn member(&self) -> Option<MemberId> {
        match self {
            Self::Session { member, .. } | Self::Token { member } => Some(*member),
            Self::Anonymous | Self::Key { .. } => None,
        }
    }

    /// Roles count for sessions and keys; a token acts as the member alone.
    pub fn holds(&self, any_of: &[Role]) -> bool {
        match self {
            Self::Session { roles, .. } => roles.iter().any(|role| any_of.contains(role)),
            Self::Key { role, .. } => any_of.contains(role),
            Self::Anonymous | Self::Token { .. } => false,
        }
    }
}

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
                    csrf::same_site(&parts.method, &parts.headers, &app.links)?;
                    Principal::Session { member, roles, csrf: csrf::token(secret) }
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
