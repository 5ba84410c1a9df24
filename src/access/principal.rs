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

    /// The member who asks in person: with a session of their own, and in the demo also with a token that staff made. What only the member may do
    /// asks for this.
    pub fn in_person(&self, demo: bool) -> Result<MemberId> {
        match self {
            Self::Session { member, .. } => Ok(*member),
            Self::Token { member } if demo => Ok(*member),
            Self::Token { .. } | Self::Key { .. } => Err(Error::new(Code::Forbidden).with("needs", "own-session")),
            Self::Anonymous => Err(Error::new(Code::SignInRequired)),
        }
    }

    /// Refuses keys and tokens where only a browser should be; the demo lets them pass.
    pub(super) fn in_browser(&self, demo: bool) -> Result<()> {
        match self {
            Self::Token { .. } | Self::Key { .. } if !demo => {
                Err(Error::new(Code::Forbidden).with("needs", "own-session"))
            }
            _ => Ok(()),
        }
    }

    /// Roles count for sessions and keys; a token acts as the member alone.
    pub fn roles(&self) -> &[Role] {
        match self {
            Self::Session { roles, .. } => roles,
            Self::Key { role, .. } => std::slice::from_ref(role),
            Self::Anonymous | Self::Token { .. } => &[],
        }
    }

    /// Refuses where one of `theirs` stands above one's own: it is neither handed out nor acted for.
    pub fn reaches(&self, theirs: &[Role]) -> Result<()> {
        if Role::any_above(theirs, self.roles()) { Err(Error::new(Code::RoleAbove)) } else { Ok(()) }
    }

    pub fn holds(&self, any_of: &[Role]) -> bool {
        self.roles().iter().any(|role| any_of.contains(role))
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
