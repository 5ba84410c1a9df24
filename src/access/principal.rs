//! Who makes a request.

use super::Role;
use crate::actor::Actor;
use crate::error::{Code, Error, Result};
use crate::ids::{ApiKeyId, MemberId};

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
