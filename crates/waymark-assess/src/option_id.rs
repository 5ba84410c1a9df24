//! By what an option, a gap or an area is named within its item.

use serde::Deserialize;
use std::fmt;

/// The lasting id of an option within its item; candidates see a handle drawn per attempt instead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct OptionId(String);

impl OptionId {
    /// One to 64 letters, digits, `.`, `_` or `-`.
    pub fn new(id: &str) -> Option<Self> {
        let fits = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        fits.then(|| Self(id.to_owned()))
    }

    /// `a` for the first option, `b` for the second, up to `z`: the ids of formats that have none of their own.
    pub fn of_place(place: usize) -> Option<Self> {
        u8::try_from(place).ok().filter(|n| *n < 26).map(|n| Self(char::from(b'a' + n).to_string()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for OptionId {
    type Error = &'static str;
    fn try_from(id: String) -> Result<Self, Self::Error> {
        Self::new(&id).ok_or("no option id")
    }
}

impl fmt::Display for OptionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
