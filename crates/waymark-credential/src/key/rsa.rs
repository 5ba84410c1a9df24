//! RSASSA-PKCS1-v1_5 with SHA-256, verification only (RFC 8017 §8.2.2).
//!
//! The signature is opened with the public exponent and the whole message representative is compared with the one that the
//! message must have. Nothing in it is parsed, so there is no padding to be lenient about. There is no secret here, and
//! therefore nothing that timing could give away.

use crypto_bigint::{
    BoxedUint, Odd,
    modular::{BoxedMontyForm, BoxedMontyParams},
};
use sha2::{Digest, Sha256};

/// The sizes of a modulus that are read, in bits.
pub const MODULUS_BITS: std::ops::RangeInclusive<u32> = 2048..=8192;

/// DER of `DigestInfo` for SHA-256 up to the digest (RFC 8017 §9.2, note 1).
const SHA256_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/// Why two numbers are not an RSA public key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RsaError {
    #[error("the modulus has {0} bits; from 2048 to 8192 are read")]
    ModulusSize(u32),
    #[error("the modulus is even, which no product of two odd primes is")]
    EvenModulus,
    #[error("the exponent must be odd, at least 3 and less than 2^32")]
    Exponent,
    #[error("a number of the key begins with a zero byte")]
    LeadingZero,
}

/// An RSA public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RsaKey {
    modulus: Box<[u8]>,
    exponent: u32,
    params: BoxedMontyParams,
}

impl RsaKey {
    /// A key from its modulus and exponent, big-endian and without leading zeros (RFC 7518 §6.3.1).
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Result<Self, RsaError> {
        if modulus.first() == Some(&0) || exponent.first() == Some(&0) {
            return Err(RsaError::LeadingZero);
        }
        let bits = match (modulus.first(), u32::try_from(modulus.len())) {
            (Some(first), Ok(length)) if length <= *MODULUS_BITS.end() / 8 => length * 8 - first.leading_zeros(),
            (None, _) => 0,
            _ => return Err(RsaError::ModulusSize(u32::try_from(modulus.len() * 8).unwrap_or(u32::MAX))),
        };
        if !MODULUS_BITS.contains(&bits) {
            return Err(RsaError::ModulusSize(bits));
        }
        if exponent.len() > 4 {
            return Err(RsaError::Exponent);
        }
        let exponent = exponent.iter().fold(0, |number: u32, byte| number << 8 | u32::from(*byte));
        if exponent < 3 || exponent.is_multiple_of(2) {
            return Err(RsaError::Exponent);
        }
        let number = Odd::new(BoxedUint::from_be_slice_vartime(modulus)).into_option().ok_or(RsaError::EvenModulus)?;
        Ok(Self { modulus: modulus.into(), exponent, params: BoxedMontyParams::new_vartime(number) })
    }

    /// The modulus, big-endian.
    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// The public exponent.
    pub fn exponent(&self) -> u32 {
        self.exponent
    }

    /// Whether `signature` over `message` is this key's: as long as the modulus, less than it, and nothing but the one padding.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        if signature.len() != self.modulus.len() || *signature >= *self.modulus {
            return false;
        }
        let signature = BoxedUint::from_be_slice_vartime(signature);
        let exponent = BoxedUint::from(self.exponent);
        let opened = BoxedMontyForm::new(signature, &self.params).pow_bounded_exp(&exponent, 32).retrieve();
        let opened = opened.to_be_bytes();
        // the precision is a whole number of limbs, which the modulus need not fill
        let (beyond, opened) = opened.split_at(opened.len() - self.modulus.len());
        beyond.iter().all(|byte| *byte == 0) && *opened == *self.representative(message)
    }

    /// `00 01 ff … ff 00 DigestInfo` (RFC 8017 §9.2).
    fn representative(&self, message: &[u8]) -> Vec<u8> {
        let mut encoded = vec![0xff; self.modulus.len()];
        encoded[..2].copy_from_slice(&[0, 1]);
        let digest_at = encoded.len() - 32;
        let info_at = digest_at - SHA256_INFO.len();
        encoded[info_at - 1] = 0;
        encoded[info_at..digest_at].copy_from_slice(&SHA256_INFO);
        encoded[digest_at..].copy_from_slice(&Sha256::digest(message));
        encoded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const E: [u8; 3] = [1, 0, 1];

    fn modulus(bytes: usize, first: u8) -> Vec<u8> {
        let mut modulus = vec![0x5b; bytes];
        modulus[0] = first;
        modulus
    }

    #[test]
    fn sizes_are_bounded_on_both_sides() {
        assert!(RsaKey::new(&modulus(256, 0x80), &E).is_ok());
        assert_eq!(RsaKey::new(&modulus(256, 0x7f), &E), Err(RsaError::ModulusSize(2047)));
        assert_eq!(RsaKey::new(&modulus(128, 0xff), &E), Err(RsaError::ModulusSize(1024)));
        assert!(RsaKey::new(&modulus(1024, 0xff), &E).is_ok());
        assert_eq!(RsaKey::new(&modulus(1025, 1), &E), Err(RsaError::ModulusSize(8200)));
        assert_eq!(RsaKey::new(&[], &E), Err(RsaError::ModulusSize(0)));
        // a modulus need not fill its last limb
        assert!(RsaKey::new(&modulus(257, 1), &E).is_ok());
    }

    #[test]
    fn a_modulus_is_odd_and_an_exponent_small_and_odd() {
        let good = modulus(256, 0x80);
        let mut even = good.clone();
        *even.last_mut().unwrap() = 2;
        assert_eq!(RsaKey::new(&even, &E), Err(RsaError::EvenModulus));
        for exponent in [&[][..], &[1], &[2], &[1, 0], &[1, 0, 0, 0, 1]] {
            assert_eq!(RsaKey::new(&good, exponent), Err(RsaError::Exponent), "{exponent:?}");
        }
        assert!(RsaKey::new(&good, &[3]).is_ok());
        assert_eq!(RsaKey::new(&good, &[0, 3]), Err(RsaError::LeadingZero));
        assert_eq!(RsaKey::new(&[&[0], &good[..]].concat(), &E), Err(RsaError::LeadingZero));
    }
}
