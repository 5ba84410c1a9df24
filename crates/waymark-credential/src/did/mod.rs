//! Decentralized identifiers of the methods we speak: `did:key` and `did:jwk`, which are their own key, and `did:web`, whose document
//! stands at an https address. Nothing is fetched here: [`Did::document_url`] says where, [`ControllerDocument`] reads.

mod document;
mod jwk;
mod key_at;
mod web;

pub use document::{
    Authorised, ControllerDocument, DocumentError, NotAuthorised, PublishedKey, jwk_method, key_document,
    multikey_method, web_document,
};
pub use jwk::InvalidJwkDid;
pub use key_at::{key_at, stands_beneath};
pub use web::{InvalidWebDid, WebDid};

use crate::key::{KeyError, VerifyingKey};

/// The longest identifier that is read, in bytes.
pub const MAX_LENGTH: usize = 1024;

/// A DID without path, query or fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Did {
    /// `did:key:z6Mk…` (Ed25519), `did:key:zDna…` (P-256), `did:key:z82L…` (P-384) or `did:key:z2J9…` (P-521).
    Key(Box<VerifyingKey>),
    /// `did:jwk:eyJ…`: a JWK of any kind that is read here, in base64url.
    Jwk(Box<VerifyingKey>),
    /// `did:web:example.org` and below.
    Web(WebDid),
}

/// Why a text is not a DID that can be resolved here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDid {
    #[error("this is not a DID: expected did:key:…, did:jwk:… or did:web:…")]
    NotADid,
    #[error("DID method {0:?} is not supported; did:key, did:jwk and did:web are")]
    Method(String),
    #[error("did:key: {0}")]
    Key(#[from] KeyError),
    #[error("did:jwk: {0}")]
    Jwk(#[from] InvalidJwkDid),
    #[error(transparent)]
    Web(#[from] InvalidWebDid),
}

impl Did {
    /// Reads a DID; a DID URL (with path, query or fragment) is refused.
    pub fn parse(text: &str) -> Result<Self, InvalidDid> {
        if text.len() > MAX_LENGTH {
            return Err(InvalidDid::NotADid);
        }
        let rest = text.strip_prefix("did:").ok_or(InvalidDid::NotADid)?;
        let (method, specific) = rest.split_once(':').ok_or(InvalidDid::NotADid)?;
        match method {
            "key" => Ok(Self::Key(Box::new(VerifyingKey::from_multikey(&format!("{text}#{specific}"), specific)?))),
            "jwk" => Ok(Self::Jwk(Box::new(jwk::parse(text, specific)?))),
            "web" => Ok(Self::Web(WebDid::parse(text)?)),
            _ if !method.is_empty() && method.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) => {
                Err(InvalidDid::Method(method.chars().take(32).collect()))
            }
            _ => Err(InvalidDid::NotADid),
        }
    }

    /// Where the document stands; `did:key` and `did:jwk` have none to fetch.
    pub fn document_url(&self) -> Option<String> {
        match self {
            Self::Key(_) | Self::Jwk(_) => None,
            Self::Web(web) => Some(web.document_url()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::key::Algorithm;

    #[test]
    fn methods_are_told_apart() {
        let key = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
        assert!(matches!(Did::parse(key), Ok(Did::Key(found)) if found.ed25519().unwrap().controller() == key));
        for (key, algorithm) in [
            ("did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169", Algorithm::Es256),
            ("did:key:z82Lm1MpAkeJcix9K8TMiLd5NMAhnwkjjCBeWHXyu3U4oT2MVJJKXkcVBgjGhnLBn2Kaau9", Algorithm::Es384),
        ] {
            assert!(matches!(Did::parse(key), Ok(Did::Key(found)) if found.algorithm() == algorithm), "{key}");
        }
        assert_eq!(
            Did::parse("did:web:guild.example").unwrap().document_url().unwrap(),
            "https://guild.example/.well-known/did.json"
        );
        assert_eq!(Did::parse("did:ion:abc"), Err(InvalidDid::Method("ion".into())));
        for wrong in ["", "did:", "did:web", "did:Web:x", "web:x", "https://guild.example", "did::x"] {
            assert_eq!(Did::parse(wrong), Err(InvalidDid::NotADid), "{wrong}");
        }
        for wrong in [format!("{key}#x"), format!("{key}?a=b"), "did:key:zQ3sh".into(), "did:key:".into()] {
            assert!(matches!(Did::parse(&wrong), Err(InvalidDid::Key(_))), "{wrong}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

        #[test]
        fn arbitrary_text_never_panics(text in ".{0,80}", tail in "[a-zA-Z0-9.:%#/_-]{0,60}") {
            let _ = Did::parse(&text);
            let _ = Did::parse(&format!("did:web:{tail}"));
            let _ = Did::parse(&format!("did:key:{tail}"));
            let _ = Did::parse(&format!("did:jwk:{tail}"));
            let _ = WebDid::from_url(&text);
            let _ = WebDid::from_url(&format!("https://{tail}"));
        }

        #[test]
        fn what_parses_comes_back(tail in "[a-z]{1,5}(\\.[a-z]{2,5}){1,2}(%3A[1-9][0-9]{1,3})?(:[a-zA-Z0-9._-]{1,6}){0,3}") {
            let text = format!("did:web:{tail}");
            if let Ok(did) = WebDid::parse(&text) {
                prop_assert_eq!(did.to_string(), text.clone());
                // the address of port 443 does without it
                prop_assume!(!text.contains("%3A443"));
                prop_assert_eq!(WebDid::from_url(&did.base_url()).unwrap().to_string(), text);
            }
        }
    }
}
