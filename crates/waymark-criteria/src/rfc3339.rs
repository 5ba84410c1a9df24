//! How a [`Timestamp`] is written: RFC 3339 in UTC with `Z`. For `#[serde(with = "waymark_criteria::rfc3339")]`.
//!
//! Reading accepts any offset and turns it into UTC. Years outside 0 to 9999 cannot be written and give an error.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use time::format_description::well_known::Rfc3339;

use crate::Timestamp;

/// Writes `at` as RFC 3339.
///
/// # Errors
/// A year outside 0 to 9999.
pub fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    at.format(&Rfc3339).map_err(ser::Error::custom)?.serialize(serializer)
}

/// Reads RFC 3339.
///
/// # Errors
/// Anything else.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    time::OffsetDateTime::parse(&text, &Rfc3339)
        .map_err(|error| de::Error::custom(format_args!("not a time such as 2026-05-01T09:00:00Z: {error}")))?
        .checked_to_utc()
        .ok_or_else(|| de::Error::custom("this time is outside the years that can be kept"))
}

/// The same for an optional time; absent and `null` both read as none when the field has `default`.
pub mod option {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Timestamp};

    #[derive(Serialize, Deserialize)]
    struct Written(#[serde(with = "super")] Timestamp);

    /// Writes the time, or `null`.
    ///
    /// # Errors
    /// A year outside 0 to 9999.
    pub fn serialize<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
        at.map(Written).serialize(serializer)
    }

    /// Reads a time or `null`.
    ///
    /// # Errors
    /// Anything else.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
        Ok(Option::<Written>::deserialize(deserializer)?.map(|written| written.0))
    }
}
