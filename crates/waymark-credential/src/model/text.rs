//! Texts with a grammar: absolute IRIs and moments with a time zone. Both keep the characters they came with.

use crate::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// An absolute IRI (RFC 3987): a scheme, a colon, and nothing that N-Quads forbids in an `IRIREF`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Iri(String);

/// The text that was no absolute IRI.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an absolute URI: it needs a scheme such as https: or urn:uuid:, and no spaces")]
pub struct NotAnIri(pub String);

impl Iri {
    /// Checks and keeps `text` as it is.
    pub fn parse(text: impl Into<String>) -> Result<Self, NotAnIri> {
        let text = text.into();
        if is_absolute_iri(&text) { Ok(Self(text)) } else { Err(NotAnIri(text.chars().take(200).collect())) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Iri {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Iri {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Whether `text` has a scheme (RFC 3986 §3.1), something after it, and only characters of an N-Quads `IRIREF`.
pub(crate) fn is_absolute_iri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let mut letters = scheme.bytes();
    letters.next().is_some_and(|b| b.is_ascii_alphabetic())
        && letters.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        && !rest.is_empty()
        // All that is forbidden is ASCII. No early exit: compilers make this sixteen bytes at a time.
        && !rest.bytes().fold(false, |found, b| {
            found | (b <= b' ') | (b == 0x7f) | (b == b'<') | (b == b'>') | (b == b'"') | (b == b'{') | (b == b'}')
                | (b == b'|') | (b == b'^') | (b == b'`') | (b == b'\\')
        })
}

/// A moment with a time zone: `dateTimeStamp` of XSD 1.1 in the grammar of RFC 3339, `T` and `Z` in upper case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateTime {
    text: String,
    at: Timestamp,
}

/// The text that was no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date and time with a time zone, such as 2026-11-21T09:30:00Z")]
pub struct NotADateTime(pub String);

impl DateTime {
    /// Checks and keeps `text` as it is. In UTC, too, the year has four digits: at both ends of the calendar an offset can lead out of it.
    pub fn parse(text: impl Into<String>) -> Result<Self, NotADateTime> {
        let text = text.into();
        let upper = !text.bytes().any(|b| b.is_ascii_lowercase()) && text.as_bytes().get(10) == Some(&b'T');
        let parsed = OffsetDateTime::parse(&text, &Rfc3339).ok().and_then(OffsetDateTime::checked_to_utc);
        match parsed.filter(|at| (0..=9999).contains(&at.year())) {
            Some(at) if upper && text.get(17..19) != Some("60") => Ok(Self { at, text }),
            _ => Err(NotADateTime(text.chars().take(64).collect())),
        }
    }

    /// `at` in whole seconds, written `YYYY-MM-DDTHH:MM:SSZ`: what we issue.
    pub fn seconds(at: Timestamp) -> Self {
        let at = at.replace_nanosecond(0).expect("0 is a nanosecond");
        let (date, time) = (at.date(), at.time());
        let text = format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            date.year(),
            u8::from(date.month()),
            date.day(),
            time.hour(),
            time.minute(),
            time.second()
        );
        Self { text, at }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn at(&self) -> Timestamp {
        self.at
    }
}

impl Serialize for DateTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::utc_datetime;

    #[test]
    fn iris() {
        for good in [
            "urn:uuid:1",
            "did:key:z6Mk#z6Mk",
            "https://例.example/a?b#c",
            "data:image/png;base64,AA==",
            "mailto:a@b.c",
        ] {
            assert!(Iri::parse(good).is_ok(), "{good}");
        }
        for bad in
            ["", "a", "/a", "#a", "1a:b", "http:", "https://a b", "a:<b>", "a:\"", "_:b0", "a:\\b", "a:{b}", ":b"]
        {
            assert!(Iri::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn moments() {
        assert_eq!(DateTime::parse("2026-01-02T03:04:05+09:00").unwrap().at(), utc_datetime!(2026-01-01 18:04:05));
        assert_eq!(DateTime::seconds(utc_datetime!(2026-01-02 3:04:05.678)).as_str(), "2026-01-02T03:04:05Z");
        for bad in [
            "2026-01-02",
            "2026-01-02T03:04:05",
            "2026-01-02t03:04:05z",
            "2026-13-02T03:04:05Z",
            "2026-01-02 03:04:05Z",
            "9999-12-31T23:59:59-23:59",
            "0000-01-01T00:00:00+23:59",
        ] {
            assert!(DateTime::parse(bad).is_err(), "{bad}");
        }
        assert!(DateTime::parse("2026-12-31T23:59:60Z").is_err(), "no leap seconds in XSD");
    }
}
