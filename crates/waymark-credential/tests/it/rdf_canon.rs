//! The W3C RDFC-1.0 suite: every case, its maps, and the poison graph that must be refused.

use super::{n_quads, reference_data};
use serde_json::Value;
use std::collections::BTreeMap;
use waymark_credential::canonical::{HashAlgorithm, RdfcError, canonical_labels, canonicalize_by};

#[test]
fn every_case_of_the_suite() {
    let Some(folder) = reference_data::folder("rdf-canon/tests") else { return };
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let manifest: Value = serde_json::from_str(&read("manifest.jsonld")).unwrap();
    let (mut evaluated, mut mapped, mut refused) = (0, 0, 0);
    for entry in manifest["entries"].as_array().unwrap() {
        let text = |key: &str| entry[key].as_str().unwrap();
        let id = text("id");
        let (quads, labels) = n_quads::parse(&read(text("action")));
        let algorithm = match entry["hashAlgorithm"].as_str() {
            None => HashAlgorithm::Sha256,
            Some("SHA384") => HashAlgorithm::Sha384,
            Some(other) => panic!("{id}: hash {other}"),
        };
        match text("type") {
            "rdfc:RDFC10EvalTest" => {
                let canonical = canonicalize_by(&quads, algorithm).unwrap_or_else(|e| panic!("{id}: {e}"));
                assert_eq!(canonical, read(text("result")), "{id}");
                evaluated += 1;
            }
            "rdfc:RDFC10MapTest" => {
                let expected: BTreeMap<String, String> = serde_json::from_str(&read(text("result"))).unwrap();
                let numbers = canonical_labels(&quads, algorithm).unwrap();
                let ours: BTreeMap<String, String> =
                    labels.into_iter().zip(numbers).map(|(label, number)| (label, format!("c14n{number}"))).collect();
                assert_eq!(ours, expected, "{id}");
                mapped += 1;
            }
            "rdfc:RDFC10NegativeEvalTest" => {
                assert_eq!(canonicalize_by(&quads, algorithm), Err(RdfcError::WorkLimit), "{id}");
                refused += 1;
            }
            other => panic!("{id}: {other}"),
        }
    }
    assert_eq!((evaluated, mapped, refused), (64, 21, 1));
}

/// A chain of blank nodes that all look alike would take one stack frame each.
#[test]
fn a_long_ring_of_blank_nodes_is_refused_not_followed() {
    let ring: String = (0..20_000).map(|at| format!("_:n{at} <urn:p> _:n{} .\n", (at + 1) % 20_000)).collect();
    let (quads, _) = n_quads::parse(&ring);
    assert_eq!(canonicalize_by(&quads, HashAlgorithm::Sha256), Err(RdfcError::WorkLimit));
}

/// The limit is on the whole dataset, not on each knot in it.
#[test]
fn many_small_knots_are_refused_too() {
    let knots: String =
        (0..8_000).map(|at| format!("_:a{at} <urn:p> _:b{at} .\n_:b{at} <urn:p> _:a{at} .\n")).collect();
    let (quads, _) = n_quads::parse(&knots);
    assert_eq!(canonicalize_by(&quads, HashAlgorithm::Sha256), Err(RdfcError::WorkLimit));
}
