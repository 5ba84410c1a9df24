//! Public keys of every kind that other issuers sign with: Ed25519, NIST P-256, P-384 and P-521, RSA.
//!
//! A key has one algorithm, and only that one is tried: what a header or a document says about algorithms chooses nothing. We
//! sign with Ed25519 alone; the others are for reading what others signed.

use ecdsa::signature::Verifier;

use super::{KeyError, PublicKey, Signature, decode_multibase, rsa::RsaKey};

/// The one signature algorithm of a key, by its JOSE name (RFC 7518 §3.1, RFC 8037 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    EdDsa,
    Es256,
    Es384,
    Es512,
    Rs256,
}

impl Algorithm {
    /// Every algorithm that is checked here.
    pub const ALL: [Self; 5] = [Self::EdDsa, Self::Es256, Self::Es384, Self::Es512, Self::Rs256];

    /// The JOSE name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::Rs256 => "RS256",
        }
    }

    /// The algorithm of that JOSE name; `Ed25519` is the newer name of `EdDSA` with that curve (RFC 9864 §2.2).
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "Ed25519" => Some(Self::EdDsa),
            name => Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == name),
        }
    }
}

/// A public key with which signatures of others are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerifyingKey {
    /// The only kind that embedded proofs may name.
    Ed25519(PublicKey),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
    Rsa(RsaKey),
}

/// The NIST curves by the name that JOSE gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    /// The bytes of one coordinate (RFC 7518 §6.2.1.2).
    pub const fn coordinate(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// The multicodec prefix of its compressed points as a varint (CID 1.0 §2.2.2; `p521-pub` is 0x1202).
    const fn prefix(self) -> [u8; 2] {
        match self {
            Self::P256 => [0x80, 0x24],
            Self::P384 => [0x81, 0x24],
            Self::P521 => [0x82, 0x24],
        }
    }

    /// The key at a point in SEC 1 form, which must lie on the curve and not at infinity.
    pub fn key(self, point: &[u8]) -> Result<VerifyingKey, KeyError> {
        let off_curve = |_| KeyError::NotOnCurve;
        match self {
            Self::P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(point).map(VerifyingKey::P256).map_err(off_curve),
            Self::P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(point).map(VerifyingKey::P384).map_err(off_curve),
            Self::P521 => p521::ecdsa::VerifyingKey::from_sec1_bytes(point).map(VerifyingKey::P521).map_err(off_curve),
        }
    }
}

impl VerifyingKey {
    /// A key given as Multikey text under the absolute id `method`: `z6Mk…` (Ed25519), `zDna…` (P-256), `z82L…` (P-384), `z2J9…` (P-521).
    pub fn from_multikey(method: &str, multikey: &str) -> Result<Self, KeyError> {
        let bytes = decode_multibase(multikey)?;
        for curve in [Curve::P256, Curve::P384, Curve::P521] {
            if let Some(point) = bytes.strip_prefix(&curve.prefix()) {
                // one key, one text: uncompressed points would give it a second
                return if point.len() == 1 + curve.coordinate() {
                    curve.key(point)
                } else {
                    Err(KeyError::NotOnCurve)
                };
            }
        }
        PublicKey::from_multikey(method, multikey).map(Self::Ed25519)
    }

    /// The one algorithm that this key checks.
    pub const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ed25519(_) => Algorithm::EdDsa,
            Self::P256(_) => Algorithm::Es256,
            Self::P384(_) => Algorithm::Es384,
            Self::P521(_) => Algorithm::Es512,
            Self::Rsa(_) => Algorithm::Rs256,
        }
    }

    /// The key if it is one for embedded proofs.
    pub const fn ed25519(&self) -> Option<&PublicKey> {
        match self {
            Self::Ed25519(key) => Some(key),
            _ => None,
        }
    }

    /// Whether `signature`, in the fixed-length form of JOSE (RFC 7518 §3.3 and §3.4, RFC 8037 §3.1), over `message` is this key's.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ed25519(key) => {
                Signature::from_slice(signature).is_ok_and(|signature| key.verifies(message, &signature))
            }
            Self::P256(key) => holds(key, message, p256::ecdsa::Signature::from_slice(signature)),
            Self::P384(key) => holds(key, message, p384::ecdsa::Signature::from_slice(signature)),
            Self::P521(key) => holds(key, message, p521::ecdsa::Signature::from_slice(signature)),
            Self::Rsa(key) => key.verifies(message, signature),
        }
    }

    /// Whether both are the same key, under whatever ids.
    pub fn is_same_key(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Ed25519(one), Self::Ed25519(other)) => one.bytes() == other.bytes(),
            _ => self == other,
        }
    }
}

/// `r` or `s` of zero, or a wrong length, is no signature at all (`ecdsa::Signature` cannot hold one).
fn holds<S>(key: &impl Verifier<S>, message: &[u8], signature: Result<S, ecdsa::Error>) -> bool {
    signature.is_ok_and(|signature| key.verify(message, &signature).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::encode_base58btc;

    const METHOD: &str = "did:web:guild.example#k";

    /// did:key method, test vectors of P-256 and P-384.
    const P256: &str = "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169";
    const P384: &str = "z82Lm1MpAkeJcix9K8TMiLd5NMAhnwkjjCBeWHXyu3U4oT2MVJJKXkcVBgjGhnLBn2Kaau9";

    #[test]
    fn multikeys_are_told_apart_by_their_prefix() {
        let algorithm = |multikey: &str| VerifyingKey::from_multikey(METHOD, multikey).map(|key| key.algorithm());
        assert_eq!(algorithm(P256), Ok(Algorithm::Es256));
        assert_eq!(algorithm(P384), Ok(Algorithm::Es384));
        assert_eq!(algorithm("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"), Ok(Algorithm::EdDsa));
        // secp256k1
        assert!(matches!(
            algorithm("zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"),
            Err(KeyError::Multicodec(35))
        ));
    }

    #[test]
    fn a_multikey_holds_one_compressed_point_on_its_curve() {
        let with = |prefix: [u8; 2], rest: &[u8]| {
            VerifyingKey::from_multikey(METHOD, &format!("z{}", encode_base58btc(&[&prefix, rest].concat())))
        };
        let VerifyingKey::P256(key) = VerifyingKey::from_multikey(METHOD, P256).unwrap() else { panic!("P-256") };
        let compressed = key.to_sec1_point(true);
        assert!(with([0x80, 0x24], compressed.as_bytes()).is_ok());
        let mut beyond_the_field = [0xff; 33];
        beyond_the_field[0] = 2;
        for point in [key.to_sec1_point(false).as_bytes(), &compressed.as_bytes()[..32], &[0], &beyond_the_field, &[]] {
            assert_eq!(with([0x80, 0x24], point), Err(KeyError::NotOnCurve), "{}", point.len());
        }
        assert_eq!(with([0x81, 0x24], compressed.as_bytes()), Err(KeyError::NotOnCurve), "a point of another curve");
    }

    #[test]
    fn algorithms_have_one_name_each_and_ed25519_its_newer_one() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::parse(algorithm.as_str()), Some(algorithm));
        }
        assert_eq!(Algorithm::parse("Ed25519"), Some(Algorithm::EdDsa));
        for name in ["none", "HS256", "RS384", "PS256", "ES256K", "es256", ""] {
            assert_eq!(Algorithm::parse(name), None, "{name}");
        }
    }
}
