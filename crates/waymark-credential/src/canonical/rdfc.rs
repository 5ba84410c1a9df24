//! RDF Dataset Canonicalization (RDFC-1.0), bounded: a dataset made to be expensive is refused, not computed.

mod n_degree;

use super::limits::{SIZE_LIMIT, WORK_LIMIT};
use super::quads::Quad;
use crate::work::Work;
use n_degree::{Issuer, Search};
use sha2::{Digest, Sha256, Sha384};
use std::collections::{BTreeMap, HashSet};

/// The dataset was made to be expensive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RdfcError {
    #[error("telling the blank nodes of this document apart takes more than {WORK_LIMIT} steps: it is refused")]
    WorkLimit,
    #[error("the statements of this document take more than {SIZE_LIMIT} bytes: it is refused")]
    SizeLimit,
}

/// The hash by which blank nodes are told apart; credentials use SHA-256 (RDFC-1.0 §4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashAlgorithm {
    Sha256,
    Sha384,
}

/// Lower-case hexadecimal digits, which is what RDFC-1.0 hashes over and sorts by; zeros after the shorter of the two hashes.
type Hash = [u8; 96];

/// The canonical N-Quads: blank nodes labelled `c14n0`…, lines sorted by code point, each once.
pub fn canonicalize(quads: &[Quad<'_>]) -> Result<String, RdfcError> {
    canonicalize_by(quads, HashAlgorithm::Sha256)
}

/// The same by another hash.
pub fn canonicalize_by(quads: &[Quad<'_>], algorithm: HashAlgorithm) -> Result<String, RdfcError> {
    canonicalize_within(quads, algorithm, &mut Work::default())
}

/// The same on the account of `work`.
pub(super) fn canonicalize_within(
    quads: &[Quad<'_>],
    algorithm: HashAlgorithm,
    work: &mut Work,
) -> Result<String, RdfcError> {
    let labels = labels_within(quads, algorithm, work)?;
    let mut lines: Vec<String> = quads
        .iter()
        .map(|quad| {
            let mut line = String::with_capacity(192);
            quad.write(&mut line, &mut |blank, out| write_label("c14n", labels[blank as usize], out));
            line
        })
        .collect();
    lines.sort_unstable();
    lines.dedup();
    Ok(lines.concat())
}

/// The number in `c14nN` of every blank node (RDFC-1.0 §4.4).
pub fn canonical_labels(quads: &[Quad<'_>], algorithm: HashAlgorithm) -> Result<Vec<u32>, RdfcError> {
    labels_within(quads, algorithm, &mut Work::default())
}

fn labels_within(quads: &[Quad<'_>], algorithm: HashAlgorithm, work: &mut Work) -> Result<Vec<u32>, RdfcError> {
    let weight = quads.iter().map(Quad::weight).sum::<usize>();
    if weight > SIZE_LIMIT.min(work.left().bytes) {
        return Err(RdfcError::SizeLimit);
    }
    work.bytes += weight;
    let mentions = mentions(quads);
    let first_degree =
        |(blank, in_quads): (usize, &Vec<usize>)| algorithm.hex(&first_degree_lines(quads, in_quads, blank));
    let first_degree: Vec<Hash> = mentions.iter().enumerate().map(first_degree).collect();
    let mut by_hash: BTreeMap<Hash, Vec<u32>> = BTreeMap::new();
    for (blank, hash) in first_degree.iter().enumerate() {
        by_hash.entry(*hash).or_default().push(index(blank));
    }
    let mut canonical = Issuer::default();
    let mut alike = Vec::new();
    for blanks in by_hash.into_values() {
        match blanks[..] {
            [one] => {
                canonical.issue(one);
            }
            _ => alike.push(blanks),
        }
    }
    let limit = work.left().steps.min(WORK_LIMIT as usize);
    let mut search =
        Search { quads, algorithm, mentions: &mentions, first_degree: &first_degree, canonical, work: 0, limit };
    let searched = tell_apart(&mut search, alike);
    work.steps += search.work.min(limit);
    searched?;
    let issued = search.canonical;
    // A number that no quad uses has no label; none is asked for.
    Ok((0..mentions.len()).map(|blank| issued.number(index(blank)).unwrap_or(u32::MAX)).collect())
}

/// RDFC-1.0 §4.4.3 step 5: numbers for the nodes whose own quads look alike.
fn tell_apart(search: &mut Search<'_, '_>, alike: Vec<Vec<u32>>) -> Result<(), RdfcError> {
    for blanks in alike {
        let mut paths = Vec::new();
        for blank in blanks {
            if search.canonical.number(blank).is_none() {
                let mut temporary = Issuer::default();
                temporary.issue(blank);
                paths.push(search.hash(blank, temporary, 0)?);
            }
        }
        paths.sort_by_key(|path| path.0);
        for (_, issuer) in paths {
            for blank in issuer.issued() {
                search.canonical.issue(*blank);
            }
        }
    }
    Ok(())
}

/// Whether every blank node is told apart by its own quads, without any search. Verifiers differ in how much search they allow.
pub(crate) fn is_plain(quads: &[Quad<'_>]) -> bool {
    first_degree(quads, &mentions(quads), HashAlgorithm::Sha256).1.values().all(|alike| alike.len() == 1)
}

/// The first-degree hash of every blank node, and the nodes by it.
fn first_degree(
    quads: &[Quad<'_>],
    mentions: &[Vec<usize>],
    algorithm: HashAlgorithm,
) -> (Vec<Hash>, BTreeMap<Hash, Vec<u32>>) {
    let hash = |(blank, in_quads): (usize, &Vec<usize>)| algorithm.hex(&first_degree_lines(quads, in_quads, blank));
    let hashes: Vec<Hash> = mentions.iter().enumerate().map(hash).collect();
    let mut by_hash: BTreeMap<Hash, Vec<u32>> = BTreeMap::new();
    for (blank, hash) in hashes.iter().enumerate().filter(|(blank, _)| !mentions[*blank].is_empty()) {
        by_hash.entry(*hash).or_default().push(index(blank));
    }
    (hashes, by_hash)
}

/// For every blank node, the quads in which it stands. A dataset is a set: a quad that was there before is left out.
fn mentions(quads: &[Quad<'_>]) -> Vec<Vec<usize>> {
    let mut mentions: Vec<Vec<usize>> = Vec::new();
    let mut seen = HashSet::new();
    for (at, quad) in quads.iter().enumerate() {
        let repeated = quad.blanks().next().is_some() && !seen.insert(quad);
        for (_, blank) in quad.blanks().filter(|_| !repeated) {
            let blank = blank as usize;
            if mentions.len() <= blank {
                mentions.resize_with(blank + 1, Vec::new);
            }
            if mentions[blank].last() != Some(&at) {
                mentions[blank].push(at);
            }
        }
    }
    mentions
}

/// RDFC-1.0 §4.6: the quads with this node as `_:a` and every other as `_:z`.
fn first_degree_lines(quads: &[Quad<'_>], in_quads: &[usize], this: usize) -> String {
    let mut lines: Vec<String> = in_quads
        .iter()
        .map(|at| {
            let mut line = String::with_capacity(128);
            quads[*at]
                .write(&mut line, &mut |blank, out| out.push_str(if blank as usize == this { "_:a" } else { "_:z" }));
            line
        })
        .collect();
    // Two different quads may look alike here, and then both count; equal quads were left out before.
    lines.sort_unstable();
    lines.concat()
}

fn write_label(prefix: &str, number: u32, out: &mut String) {
    out.push_str("_:");
    out.push_str(prefix);
    out.push_str(&number.to_string());
}

impl HashAlgorithm {
    fn hex(self, input: &str) -> Hash {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let write = |digest: &[u8]| {
            let mut hash = [0; 96];
            for (at, byte) in digest.iter().enumerate() {
                hash[at * 2] = DIGITS[usize::from(byte >> 4)];
                hash[at * 2 + 1] = DIGITS[usize::from(byte & 15)];
            }
            hash
        };
        match self {
            Self::Sha256 => write(&Sha256::digest(input)),
            Self::Sha384 => write(&Sha384::digest(input)),
        }
    }
}

fn text(hash: &Hash) -> &str {
    std::str::from_utf8(hash).expect("hexadecimal digits").trim_end_matches('\0')
}

fn index(blank: usize) -> u32 {
    u32::try_from(blank).expect("blank nodes are numbered in 32 bits")
}
