//! The `@context` arrays that a document of a known kind may carry, each exactly.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// VCDM 2.0 base context.
pub const CREDENTIALS_V2: &str = "https://www.w3.org/ns/credentials/v2";
/// Open Badges 3.0, context release 3.0.3.
pub const OPEN_BADGES_3_0_3: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
/// Terms for 1EdTech's own schema, revocation and refresh types, which 3.0.3 lacks.
pub const OPEN_BADGES_EXTENSIONS: &str = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";

/// One of the listed `@context` arrays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Contexts {
    /// VCDM 2.0 alone: status lists.
    Credentials,
    /// VCDM 2.0 and Open Badges 3.0.3: what we issue.
    OpenBadges,
    /// The same with the Open Badges extensions, where a term needs them.
    OpenBadgesExtended,
}

/// The array that is on no list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("@context {0:?} is not one of the arrays known here")]
pub struct UnknownContexts(pub Vec<String>);

impl Contexts {
    /// Every listed array.
    pub const ALL: [Self; 3] = [Self::Credentials, Self::OpenBadges, Self::OpenBadgesExtended];

    /// The URLs in order.
    pub const fn urls(self) -> &'static [&'static str] {
        match self {
            Self::Credentials => &[CREDENTIALS_V2],
            Self::OpenBadges => &[CREDENTIALS_V2, OPEN_BADGES_3_0_3],
            Self::OpenBadgesExtended => &[CREDENTIALS_V2, OPEN_BADGES_3_0_3, OPEN_BADGES_EXTENSIONS],
        }
    }

    /// The listed array equal to `urls`, in this order and with nothing more.
    pub fn of<S: AsRef<str>>(urls: &[S]) -> Result<Self, UnknownContexts> {
        let same = |c: &Self| c.urls().len() == urls.len() && c.urls().iter().zip(urls).all(|(a, b)| *a == b.as_ref());
        Self::ALL
            .into_iter()
            .find(same)
            .ok_or_else(|| UnknownContexts(urls.iter().map(|u| u.as_ref().to_owned()).collect()))
    }
}

impl Serialize for Contexts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.urls().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Contexts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::of(&Vec::<String>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
