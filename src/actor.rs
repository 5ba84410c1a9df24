//! Who does a thing, as it stands in audit rows and fact records.

use std::fmt;

use crate::ids::{ApiKeyId, MemberId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A person, by session or by a token that acts as them.
    Member(MemberId),
    /// A program of the installation, by API key.
    ApiKey(ApiKeyId),
    /// Whoever has a shell on the machine: the command line.
    Operator,
    /// Waymark itself; the word names the room that acts.
    System(&'static str),
    /// Nobody who is known.
    Anonymous,
}

impl Actor {
    /// Reads what [`fmt::Display`] wrote of somebody outside: a member, a key or the operator.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "operator" => Some(Self::Operator),
            _ => text.parse().map(Self::Member).or_else(|_| text.parse().map(Self::ApiKey)).ok(),
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(id) => id.fmt(f),
            Self::ApiKey(id) => id.fmt(f),
            Self::Operator => f.write_str("operator"),
            Self::System(room) => write!(f, "system:{room}"),
            Self::Anonymous => f.write_str("anonymous"),
        }
    }
}
