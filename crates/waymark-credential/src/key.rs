//! Ed25519 public keys and signatures as credentials write them: raw bytes, Multikey (`z6Mk…`), did:key; and, for reading what
//! others signed, [`VerifyingKey`].
//!
//! Verification is always `verify_strict`: no small-order keys, no malleable signatures (VC-DI-EDDSA §3.2.7, RFC 8032 §5.1.7).

mod base58;
mod rsa;
mod verifying;

pub use base58::{decode as decode_base58btc, encode as encode_base58btc};
pub use rsa::{RsaError, RsaKey};
pub(crate) use verifying::Curve;
pub use verifying::{Algorithm, VerifyingKey};

/// Multicodec prefix `ed25519-pub` as a varint (CID 1.0 §2.2.2).
const ED25519_PUB: [u8; 2] = [0xed, 0x01];

/// Why bytes or text are not an Ed25519 public key or signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("`{0}` is not base58btc multibase: it must start with `z` and use the Bitcoin alphabet")]
    Multibase(String),
    #[error("not an Ed25519 public Multikey: expected the two prefix bytes ed01 and 32 key bytes, found {0} bytes")]
    Multicodec(usize),
    #[error("the 32 bytes are not a usable Ed25519 public key: no point on the curve, or a point of small order")]
    Point,
    #[error("the bytes are not a compressed point on the curve that their prefix names")]
    NotOnCurve,
    #[error("a signature has 64 bytes, found {0}")]
    SignatureLength(usize),
    #[error("`{0}` is not an absolute verification method id such as did:web:example.org#key-1")]
    VerificationMethod(String),
}

/// An Ed25519 public key together with the absolute id under which a verifier finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    verification_method: String,
    key: ed25519_dalek::VerifyingKey,
}

impl PublicKey {
    /// A key under `verification_method`, which must be absolute (`did:…#…`, `https://…`).
    pub fn new(verification_method: impl Into<String>, bytes: [u8; 32]) -> Result<Self, KeyError> {
        let verification_method = verification_method.into();
        if crate::model::Iri::parse(&verification_method).is_err() {
            return Err(KeyError::VerificationMethod(verification_method));
        }
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::Point)?;
        if key.is_weak() {
            return Err(KeyError::Point);
        }
        Ok(Self { verification_method, key })
    }

    /// A key given as Multikey text (`z6Mk…`, CID 1.0 §2.2.2).
    pub fn from_multikey(verification_method: impl Into<String>, multikey: &str) -> Result<Self, KeyError> {
        Self::new(verification_method, decode_multikey(multikey)?)
    }

    /// The key under its own did:key (`did:key:z6Mk…#z6Mk…`; did:key method §2).
    pub fn did_key(bytes: [u8; 32]) -> Result<Self, KeyError> {
        let multikey = encode_multikey(&bytes);
        Self::new(format!("did:key:{multikey}#{multikey}"), bytes)
    }

    /// The absolute id of the verification method; goes into `proof.verificationMethod` and the JWT `kid`.
    pub fn verification_method(&self) -> &str {
        &self.verification_method
    }

    /// The document that controls the key: the verification method without its fragment.
    pub fn controller(&self) -> &str {
        self.verification_method.split('#').next().unwrap_or(&self.verification_method)
    }

    /// The 32 bytes of RFC 8032.
    pub fn bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// The key as Multikey text, `z6Mk…`.
    pub fn multikey(&self) -> String {
        encode_multikey(self.bytes())
    }

    /// Whether `signature` over `message` is this key's, by the strict rules.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        self.key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(&signature.0)).is_ok()
    }
}

/// 64 bytes R ‖ S (RFC 8032 §5.1.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

impl Signature {
    /// From exactly 64 bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, KeyError> {
        bytes.try_into().map(Self).map_err(|_| KeyError::SignatureLength(bytes.len()))
    }

    /// From a `proofValue`: `z` and base58btc (VC-DI-EDDSA §3.2.1).
    pub fn from_multibase(text: &str) -> Result<Self, KeyError> {
        Self::from_slice(&decode_multibase(text)?)
    }

    /// As a `proofValue`: `z` and base58btc.
    pub fn multibase(&self) -> String {
        format!("z{}", encode_base58btc(&self.0))
    }
}

/// `z6Mk…` for 32 public key bytes.
pub fn encode_multikey(bytes: &[u8; 32]) -> String {
    let mut prefixed = [0u8; 34];
    prefixed[..2].copy_from_slice(&ED25519_PUB);
    prefixed[2..].copy_from_slice(bytes);
    format!("z{}", encode_base58btc(&prefixed))
}

/// The 32 bytes in `z6Mk…`. Whether they are a usable point is for [`PublicKey::new`] to say.
pub fn decode_multikey(text: &str) -> Result<[u8; 32], KeyError> {
    let bytes = decode_multibase(text)?;
    match bytes.strip_prefix(&ED25519_PUB).map(<[u8; 32]>::try_from) {
        Some(Ok(key)) => Ok(key),
        _ => Err(KeyError::Multicodec(bytes.len())),
    }
}

/// Longest multibase text read here; 64 bytes take 88 digits.
const MULTIBASE_LIMIT: usize = 128;

fn decode_multibase(text: &str) -> Result<Vec<u8>, KeyError> {
    let shown = || KeyError::Multibase(text.chars().take(MULTIBASE_LIMIT).collect());
    if text.len() > MULTIBASE_LIMIT {
        return Err(shown());
    }
    text.strip_prefix('z').and_then(decode_base58btc).ok_or_else(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The public half of the key pair in VC-DI-EDDSA, appendix B.
    const VECTOR: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

    #[test]
    fn multikey_round_trips_the_specification_key() {
        let bytes = decode_multikey(VECTOR).unwrap();
        assert_eq!(encode_multikey(&bytes), VECTOR);
        let key = PublicKey::did_key(bytes).unwrap();
        assert_eq!(key.verification_method(), format!("did:key:{VECTOR}#{VECTOR}"));
        assert_eq!(key.controller(), format!("did:key:{VECTOR}"));
    }

    #[test]
    fn refuses_other_codecs_weak_points_and_relative_methods() {
        let p256 = format!("z{}", encode_base58btc(&[[0x80, 0x24].as_slice(), &[2; 33]].concat()));
        assert_eq!(decode_multikey(&p256), Err(KeyError::Multicodec(35)));
        assert!(matches!(decode_multikey("uABC"), Err(KeyError::Multibase(_))));
        assert!(matches!(decode_multikey("z0OIl"), Err(KeyError::Multibase(_))));
        let mut identity = [0; 32];
        identity[0] = 1;
        assert_eq!(PublicKey::did_key(identity), Err(KeyError::Point));
        let bytes = decode_multikey(VECTOR).unwrap();
        assert!(matches!(PublicKey::new("#key-1", bytes), Err(KeyError::VerificationMethod(_))));
    }
}
