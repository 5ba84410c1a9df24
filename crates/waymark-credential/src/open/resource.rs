//! `relatedResource`: what the issuer says others' documents hash to (VCDM 2.0 §5.3).

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde_json::Value;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::{faults::Rules, members::each};
use crate::{
    key::decode_base58btc,
    model::{CREDENTIALS_V2, is_absolute_iri},
};

pub(super) fn faults(rules: &mut Rules, value: &Value) {
    let mut seen = Vec::new();
    for (at, resource) in each(value.get("relatedResource")).iter().enumerate() {
        let place = format!("/relatedResource/{at}");
        let id = resource.get("id").and_then(Value::as_str);
        match id {
            _ if !resource.is_object() => rules.fault(&place, "must be an object"),
            Some(id) if seen.contains(&id) => rules.fault(format!("{place}/id"), "stands twice"),
            Some(id) if is_absolute_iri(id) => seen.push(id),
            _ => rules.fault(format!("{place}/id"), "must be a URL"),
        }
        let stated = |name: &str| resource.get(name);
        if stated("digestSRI").is_none() && stated("digestMultibase").is_none() {
            rules.fault(&place, "must have a digestSRI or a digestMultibase");
        }
        if stated("digestSRI").is_some_and(|digest| digest.as_str().and_then(integrity).is_none()) {
            rules.fault(format!("{place}/digestSRI"), "must be sha256-, sha384- or sha512- and base64");
        }
        if stated("digestMultibase").is_some_and(|digest| digest.as_str().and_then(multihash).is_none()) {
            rules.fault(format!("{place}/digestMultibase"), "must be a hash of SHA-2, as base64url or base58btc");
        }
    }
}

/// What a document says of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digests {
    pub url: String,
    stated: Vec<(Hash, Vec<u8>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// Every resource of a credential that keeps the rules.
pub fn related_resources(credential: &Value) -> Vec<Digests> {
    let text = |resource: &Value, name: &str| resource.get(name).and_then(Value::as_str).map(str::to_owned);
    let read = |resource: &Value| {
        let sri = text(resource, "digestSRI").and_then(|digest| integrity(&digest));
        let multibase = text(resource, "digestMultibase").and_then(|digest| multihash(&digest));
        Some(Digests { url: text(resource, "id")?, stated: sri.into_iter().chain(multibase).collect() })
    };
    each(credential.get("relatedResource")).iter().filter_map(read).collect()
}

/// The base context, whose bytes the specification fixes by their hash (VCDM 2.0 §B.1).
const BASE_SHA256: &str = "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734";
const BASE_SHA384: &str =
    "97f1eb8e5042356c805fdd61afa2c557663785e0794dcafa21e138fd38def18cb360133c221aa31d6896a6bf3e65b614";

impl Digests {
    /// Whether the document says what everybody knows of this resource; nothing where that cannot be told without fetching it.
    pub fn fit_what_is_known(&self) -> Option<bool> {
        if self.url != CREDENTIALS_V2 {
            return None;
        }
        let known = |hash: &Hash| match hash {
            Hash::Sha256 => hexadecimal(BASE_SHA256),
            Hash::Sha384 => hexadecimal(BASE_SHA384),
            Hash::Sha512 => None,
        };
        self.stated.iter().map(|(hash, stated)| known(hash).map(|known| known == *stated)).reduce(
            |one, other| match (one, other) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
        )?
    }

    /// Whether `bytes`, as they were served, are what the document says.
    pub fn fit(&self, bytes: &[u8]) -> bool {
        self.stated.iter().all(|(hash, stated)| match hash {
            Hash::Sha256 => Sha256::digest(bytes).as_slice() == stated,
            Hash::Sha384 => Sha384::digest(bytes).as_slice() == stated,
            Hash::Sha512 => Sha512::digest(bytes).as_slice() == stated,
        })
    }
}

/// Subresource Integrity §3.1: an algorithm and the base64 of the digest. Some write the digest in hexadecimal digits.
fn integrity(text: &str) -> Option<(Hash, Vec<u8>)> {
    let (name, digest) = text.split_once('-')?;
    let (hash, length) = match name {
        "sha256" => (Hash::Sha256, 32),
        "sha384" => (Hash::Sha384, 48),
        "sha512" => (Hash::Sha512, 64),
        _ => return None,
    };
    let digest = match hexadecimal(digest) {
        Some(digest) if digest.len() == length => digest,
        _ => BASE64_STANDARD.decode(digest).ok()?,
    };
    (digest.len() == length).then_some((hash, digest))
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?, 16).ok())
        .collect()
}

/// VC-DATA-INTEGRITY §2.6, CID 1.0 §2.5: the code of the algorithm, the length, the digest. Some write the digest of SHA-256 alone.
fn multihash(text: &str) -> Option<(Hash, Vec<u8>)> {
    let bytes = match text.split_at_checked(1)? {
        ("u", rest) => BASE64_URL_SAFE_NO_PAD.decode(rest).ok()?,
        ("z", rest) => decode_base58btc(rest)?,
        _ => return None,
    };
    if bytes.len() == 32 {
        return Some((Hash::Sha256, bytes));
    }
    let (hash, length) = match bytes.first()? {
        0x12 => (Hash::Sha256, 32),
        0x20 => (Hash::Sha384, 48),
        0x13 => (Hash::Sha512, 64),
        _ => return None,
    };
    (bytes.len() == length + 2 && usize::from(bytes[1]) == length).then(|| (hash, bytes[2..].to_vec()))
}
