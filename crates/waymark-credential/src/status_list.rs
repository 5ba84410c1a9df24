//! The bits of a Bitstring Status List 1.0: encode, decode within a cap, read and set one bit.
//!
//! Decoding refuses and never truncates: a list that is too short, too long, not one gzip member or damaged is an
//! error, because a missing bit would read as "not revoked". Choosing an index is the issuer's, at random.

use std::io::{Read, Write};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use flate2::{Compression, GzBuilder, bufread::GzDecoder};

/// The fewest entries a list may have, so that one look-up hides among many (Bitstring Status List 1.0 §3.2).
pub const MIN_ENTRIES: u64 = 131_072;
/// The most bytes a list may have once decoded: 8 388 608 entries.
pub const MAX_BYTES: usize = 1024 * 1024;
/// The most characters of `encodedList`: base64 of bits that do not compress.
const MAX_ENCODED: usize = MAX_BYTES / 2 * 3;

/// Why a list could not be made, read or asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatusListError {
    #[error("encodedList must begin with the multibase prefix \"u\" (base64url without padding)")]
    NotMultibase,
    #[error("encodedList is not base64url without padding")]
    NotBase64,
    #[error("encodedList is not one complete gzip member")]
    NotGzip,
    #[error("bytes follow the gzip member in encodedList")]
    TrailingBytes,
    #[error("the list is larger than {MAX_BYTES} bytes once decoded")]
    TooLong,
    #[error("the list has {0} entries; at least {MIN_ENTRIES} are required")]
    TooShort(u64),
    #[error("a list has a number of entries that is divisible by 8")]
    NotWholeBytes,
    #[error("index {index} is outside the list of {entries} entries")]
    OutOfRange { index: u64, entries: u64 },
}

/// One status list: entry 0 is the left-most bit, the highest of the first byte.
#[derive(Clone, PartialEq, Eq)]
pub struct StatusList {
    bytes: Vec<u8>,
}

impl std::fmt::Debug for StatusList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StatusList").field("entries", &self.entries()).finish_non_exhaustive()
    }
}

impl StatusList {
    /// A list with every entry unset.
    pub fn new(entries: u64) -> Result<Self, StatusListError> {
        if entries < MIN_ENTRIES {
            return Err(StatusListError::TooShort(entries));
        }
        if !entries.is_multiple_of(8) {
            return Err(StatusListError::NotWholeBytes);
        }
        match usize::try_from(entries / 8) {
            Ok(length) if length <= MAX_BYTES => Ok(Self { bytes: vec![0; length] }),
            _ => Err(StatusListError::TooLong),
        }
    }

    /// Reads `encodedList`: `u`, then base64url without padding of exactly one gzip member (§3.3, bitstring expansion).
    pub fn decode(encoded: &str) -> Result<Self, StatusListError> {
        let body = encoded.strip_prefix('u').ok_or(StatusListError::NotMultibase)?;
        if body.len() > MAX_ENCODED {
            return Err(StatusListError::TooLong);
        }
        let packed = BASE64_URL_SAFE_NO_PAD.decode(body).map_err(|_| StatusListError::NotBase64)?;
        let mut unpack = GzDecoder::new(packed.as_slice()).take(MAX_BYTES as u64 + 1);
        let mut bytes = Vec::with_capacity(MIN_ENTRIES as usize / 8);
        unpack.read_to_end(&mut bytes).map_err(|_| StatusListError::NotGzip)?;
        if bytes.len() > MAX_BYTES {
            return Err(StatusListError::TooLong);
        }
        if !unpack.into_inner().into_inner().is_empty() {
            return Err(StatusListError::TrailingBytes);
        }
        let list = Self { bytes };
        if list.entries() < MIN_ENTRIES {
            return Err(StatusListError::TooShort(list.entries()));
        }
        Ok(list)
    }

    /// Writes `encodedList` (§3.3, bitstring generation). The same bits give the same text.
    pub fn encode(&self) -> String {
        let mut packer = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
        packer.write_all(&self.bytes).expect("writing to memory cannot fail");
        let packed = packer.finish().expect("writing to memory cannot fail");
        let mut encoded = String::from("u");
        BASE64_URL_SAFE_NO_PAD.encode_string(packed, &mut encoded);
        encoded
    }

    /// How many entries the list has.
    pub fn entries(&self) -> u64 {
        self.bytes.len() as u64 * 8
    }

    /// Whether the entry at `index` is set.
    pub fn get(&self, index: u64) -> Result<bool, StatusListError> {
        let (byte, mask) = self.place(index)?;
        Ok(self.bytes[byte] & mask != 0)
    }

    /// Sets the entry at `index`. There is no way back: a set bit stays set for the life of the list.
    pub fn set(&mut self, index: u64) -> Result<(), StatusListError> {
        let (byte, mask) = self.place(index)?;
        self.bytes[byte] |= mask;
        Ok(())
    }

    fn place(&self, index: u64) -> Result<(usize, u8), StatusListError> {
        if index >= self.entries() {
            return Err(StatusListError::OutOfRange { index, entries: self.entries() });
        }
        let byte = usize::try_from(index / 8).expect("below the length of a vector");
        Ok((byte, 0x80 >> (index % 8)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut packer = GzBuilder::new().write(Vec::new(), Compression::best());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    fn text(packed: &[u8]) -> String {
        format!("u{}", BASE64_URL_SAFE_NO_PAD.encode(packed))
    }

    #[test]
    fn the_empty_list_of_the_specification_decodes() {
        let list = StatusList::decode("uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA").unwrap();
        assert_eq!(list, StatusList::new(MIN_ENTRIES).unwrap());
        assert!((0..MIN_ENTRIES).all(|index| list.get(index) == Ok(false)));
    }

    #[test]
    fn entry_zero_is_the_highest_bit_of_the_first_byte() {
        let mut list = StatusList::new(MIN_ENTRIES).unwrap();
        list.set(0).unwrap();
        list.set(9).unwrap();
        assert_eq!(&list.bytes[..3], [0b1000_0000, 0b0100_0000, 0]);
        assert_eq!(list.get(MIN_ENTRIES), Err(StatusListError::OutOfRange { index: 131_072, entries: 131_072 }));
        assert_eq!(list.set(u64::MAX), Err(StatusListError::OutOfRange { index: u64::MAX, entries: 131_072 }));
    }

    #[test]
    fn a_short_list_is_refused() {
        assert_eq!(StatusList::new(8), Err(StatusListError::TooShort(8)));
        assert_eq!(StatusList::new(MIN_ENTRIES + 1), Err(StatusListError::NotWholeBytes));
        assert_eq!(StatusList::decode(&text(&pack(&[0; 16_383]))), Err(StatusListError::TooShort(131_064)));
    }

    #[test]
    fn a_bomb_is_refused_not_truncated() {
        assert_eq!(StatusList::decode(&text(&pack(&vec![0; MAX_BYTES + 1]))), Err(StatusListError::TooLong));
        assert_eq!(StatusList::decode(&text(&pack(&vec![0; 64 * MAX_BYTES]))), Err(StatusListError::TooLong));
        assert!(StatusList::decode(&text(&pack(&vec![0; MAX_BYTES]))).is_ok());
        assert_eq!(StatusList::decode(&format!("u{}", "A".repeat(MAX_ENCODED + 1))), Err(StatusListError::TooLong));
    }

    #[test]
    fn one_complete_gzip_member_and_nothing_else() {
        let whole = pack(&[0; 16_384]);
        assert_eq!(
            StatusList::decode(&text(&[whole.clone(), whole.clone()].concat())),
            Err(StatusListError::TrailingBytes)
        );
        assert_eq!(StatusList::decode(&text(&[whole.as_slice(), b"x"].concat())), Err(StatusListError::TrailingBytes));
        assert_eq!(StatusList::decode(&text(&whole[..whole.len() - 1])), Err(StatusListError::NotGzip));
        let mut damaged = whole.clone();
        let crc = damaged.len() - 8;
        damaged[crc] ^= 1;
        assert_eq!(StatusList::decode(&text(&damaged)), Err(StatusListError::NotGzip));
        assert_eq!(StatusList::decode(&text(&whole)[1..]), Err(StatusListError::NotMultibase));
        assert_eq!(StatusList::decode("u===="), Err(StatusListError::NotBase64));
        assert_eq!(StatusList::decode("u"), Err(StatusListError::NotGzip));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

        #[test]
        fn set_entries_come_back_and_no_others(indices in prop::collection::btree_set(0..MIN_ENTRIES, 0..40)) {
            let mut list = StatusList::new(MIN_ENTRIES).unwrap();
            for index in &indices {
                list.set(*index).unwrap();
            }
            let back = StatusList::decode(&list.encode()).unwrap();
            for index in 0..MIN_ENTRIES {
                prop_assert_eq!(back.get(index).unwrap(), indices.contains(&index));
            }
        }

        #[test]
        fn arbitrary_text_never_panics(encoded in "u?[A-Za-z0-9_-]{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = StatusList::decode(&encoded);
            let _ = StatusList::decode(&text(&bytes));
            let gzip_head = [&[0x1f, 0x8b, 8][..], &bytes].concat();
            let _ = StatusList::decode(&text(&gzip_head));
        }
    }
}
