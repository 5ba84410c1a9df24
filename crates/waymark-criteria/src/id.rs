//! Identifiers: 128 bits in memory, a prefix and 26 characters outside (`mem_01jz…`).
//!
//! Promises: one text for one identifier (lower-case Crockford base32, most significant first, so that texts sort as
//! the bits do); any other spelling is refused, never repaired, so that two texts never name one thing.

use std::{fmt, hash::Hash, marker::PhantomData, str::FromStr};

use serde::{Deserializer, de};

/// Digits of Crockford's base32, lower case: no `i`, `l`, `o` or `u`.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Characters of 128 bits in base32; the first one carries three bits only.
const LEN: usize = 26;

/// What every identifier made by [`prefixed_id!`](crate::prefixed_id) can do.
pub trait PrefixedId:
    Copy + Ord + Hash + fmt::Debug + fmt::Display + FromStr<Err = InvalidId> + Send + Sync + 'static
{
    /// The part before the underscore, e.g. `mem`.
    const PREFIX: &'static str;
    /// Takes any 128 bits; whoever draws them answers for their being new.
    fn from_bits(bits: u128) -> Self;
    /// The 128 bits, as drawn.
    fn bits(self) -> u128;
}

/// Why a text is not an identifier. The message says what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// Another kind of identifier, or none.
    #[error("expected an id that starts with `{expected}_`")]
    Prefix {
        /// The prefix without its underscore.
        expected: &'static str,
    },
    /// Not exactly 26 characters after the prefix.
    #[error("expected 26 characters after `{prefix}_`, found {found}; copy the whole id")]
    Length {
        /// The prefix without its underscore.
        prefix: &'static str,
        /// Bytes found after the underscore.
        found: usize,
    },
    /// A character outside the canonical alphabet.
    #[error("`{character}` cannot stand in an id (0-9 and a-z without i, l, o, u; lower case only)")]
    Character {
        /// The first such character.
        character: char,
    },
    /// More than 128 bits.
    #[error("the first character after `{prefix}_` must be 0 to 7")]
    Range {
        /// The prefix without its underscore.
        prefix: &'static str,
    },
}

/// Writes the canonical text of `bits` after `prefix` and an underscore.
///
/// # Errors
/// Only those of `f`.
pub fn write_id(prefix: &str, bits: u128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut text = [0_u8; LEN];
    for (position, digit) in text.iter_mut().enumerate() {
        let shift = 5 * (LEN - 1 - position);
        *digit = DIGITS[(bits >> shift & 31) as usize];
    }
    let text = std::str::from_utf8(&text).expect("the alphabet is ASCII");
    write!(f, "{prefix}_{text}")
}

/// Reads what [`write_id`] writes, and nothing else.
///
/// # Errors
/// [`InvalidId`] names the first thing that is wrong.
pub fn read_id(prefix: &'static str, text: &str) -> Result<u128, InvalidId> {
    let digits = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .ok_or(InvalidId::Prefix { expected: prefix })?;
    if digits.len() != LEN {
        return Err(InvalidId::Length { prefix, found: digits.len() });
    }
    let mut bits = 0_u128;
    for (position, character) in digits.chars().enumerate() {
        let value = DIGITS.iter().position(|digit| char::from(*digit) == character);
        let value = value.ok_or(InvalidId::Character { character })?;
        if position == 0 && value > 7 {
            return Err(InvalidId::Range { prefix });
        }
        bits = bits << 5 | value as u128;
    }
    Ok(bits)
}

/// Deserializes an identifier from its canonical text.
///
/// # Errors
/// The deserializer's error with the message of [`InvalidId`].
pub fn deserialize_id<'de, I: PrefixedId, D: Deserializer<'de>>(deserializer: D) -> Result<I, D::Error> {
    struct Text<I>(PhantomData<I>);
    impl<I: PrefixedId> de::Visitor<'_> for Text<I> {
        type Value = I;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "an id such as {}_ and 26 characters", I::PREFIX)
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<I, E> {
            text.parse().map_err(E::custom)
        }
    }
    deserializer.deserialize_str(Text(PhantomData))
}

/// Declares identifier types: `prefixed_id! { /// A track. pub struct TrackId = "trk"; }`.
///
/// Each is a `Copy` newtype over `u128` with [`PrefixedId`], `Display`, a strict `FromStr`, serde as a string, an order
/// and a hash. `Debug` prints the same text as `Display`.
#[macro_export]
macro_rules! prefixed_id {
    ($($(#[$about:meta])* $seen:vis struct $name:ident = $prefix:literal;)+) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $seen struct $name(u128);

        impl $crate::id::PrefixedId for $name {
            const PREFIX: &'static str = $prefix;
            fn from_bits(bits: u128) -> Self {
                Self(bits)
            }
            fn bits(self) -> u128 {
                self.0
            }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::id::write_id($prefix, self.0, f)
            }
        }
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::id::write_id($prefix, self.0, f)
            }
        }
        impl ::std::str::FromStr for $name {
            type Err = $crate::id::InvalidId;
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                $crate::id::read_id($prefix, text).map(Self)
            }
        }
        impl $crate::__serde::Serialize for $name {
            fn serialize<S: $crate::__serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> $crate::__serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::id::deserialize_id(deserializer)
            }
        }
    )+};
}

prefixed_id! {
    /// One entry of the ledger of facts.
    pub struct FactId = "fct";
    /// A member; never rewritten once given.
    pub struct MemberId = "mem";
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_text_is_fixed() {
        assert_eq!(MemberId::from_bits(0).to_string(), "mem_00000000000000000000000000");
        assert_eq!(FactId::from_bits(u128::MAX).to_string(), "fct_7zzzzzzzzzzzzzzzzzzzzzzzzz");
        assert_eq!(format!("{:?}", MemberId::from_bits(33)), "mem_00000000000000000000000011");
    }

    #[test]
    fn other_spellings_are_refused() {
        let refused = |text: &str| text.parse::<MemberId>().expect_err(text);
        assert_eq!(refused(""), InvalidId::Prefix { expected: "mem" });
        assert_eq!(refused("fct_00000000000000000000000000"), InvalidId::Prefix { expected: "mem" });
        assert_eq!(refused("mem00000000000000000000000000"), InvalidId::Prefix { expected: "mem" });
        assert_eq!(refused("mem_0000"), InvalidId::Length { prefix: "mem", found: 4 });
        assert_eq!(refused("mem_0000000000000000000000000A"), InvalidId::Character { character: 'A' });
        assert_eq!(refused("mem_0000000000000000000000000o"), InvalidId::Character { character: 'o' });
        assert_eq!(refused("mem_000000000000000000000000é"), InvalidId::Character { character: 'é' });
        assert_eq!(refused("mem_80000000000000000000000000"), InvalidId::Range { prefix: "mem" });
    }

    #[test]
    fn serde_uses_the_text() {
        let id = FactId::from_bits(7);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"fct_00000000000000000000000007\"");
        assert_eq!(serde_json::from_str::<FactId>(&json).unwrap(), id);
        let wrong = serde_json::from_str::<FactId>("\"mem_00000000000000000000000007\"").unwrap_err();
        assert!(wrong.to_string().contains("starts with `fct_`"), "{wrong}");
    }

    proptest! {
        #[test]
        fn text_and_bits_agree_and_sort_alike(a: u128, b: u128) {
            let (a, b) = (MemberId::from_bits(a), MemberId::from_bits(b));
            prop_assert_eq!(a.to_string().parse::<MemberId>().unwrap(), a);
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }

        #[test]
        fn reading_never_panics_and_never_repairs(text in "\\PC{0,40}") {
            if let Ok(id) = text.parse::<MemberId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }
}
