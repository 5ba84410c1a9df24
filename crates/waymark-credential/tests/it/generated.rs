//! Generated credentials: our quads are those of a full JSON-LD processor, whatever members are there.

use super::oracle::agreed;
use super::samples::{full, minimal};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use serde_json::{Map, Value, json};
use waymark_credential::model::OpenBadgeCredential;

fn matching(regex: &str) -> impl Strategy<Value = String> + use<> {
    prop::string::string_regex(regex).unwrap()
}

/// Texts with everything that N-Quads escapes, several scripts, and the empty one.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        matching("[a-zA-Z0-9 .,:/#@-]{0,24}"),
        matching("[\"\\\\\t\n\r\u{8}\u{c}\u{1}\u{7f}\u{85}a-c]{0,12}"),
        matching("[\u{3041}-\u{3093}\u{4e00}-\u{4e20}\u{1f600}-\u{1f610}\u{e000}\u{fffd}]{1,8}"),
    ]
}

fn uri() -> impl Strategy<Value = String> {
    prop_oneof![
        matching("https://[a-z]{1,8}\\.example/[a-z0-9/]{0,12}(#[a-z]{1,4})?"),
        matching("urn:uuid:[0-9a-f]{8}"),
        matching("did:web:[a-z]{1,8}\\.example"),
        matching("data:image/png;base64,[A-Za-z0-9+/]{4,16}"),
    ]
}

/// Which pointers of the full sample are there, and what texts, numbers and references stand at its leaves.
fn credential() -> impl Strategy<Value = Value> {
    varied(serde_json::to_value(full().complete().unwrap().document()).unwrap())
}

/// The same from another document of the closed types.
pub fn varied(base: Value) -> impl Strategy<Value = Value> {
    let leaves = prop::collection::vec((text(), uri(), -1_000_000_i64..1_000_000, 0_u8..8), 160);
    (leaves, any::<u64>()).prop_map(move |(leaves, seed)| {
        let mut document = base.clone();
        let mut leaves = leaves.into_iter().cycle();
        vary(&mut document, &mut leaves, seed, true);
        document
    })
}

type Leaf = (String, String, i64, u8);

/// Replaces leaves by generated ones of their kind and drops optional members by the bits of `seed`.
fn vary(value: &mut Value, leaves: &mut dyn Iterator<Item = Leaf>, mut seed: u64, top: bool) {
    let Value::Object(members) = value else { return };
    let names: Vec<String> = members.keys().cloned().collect();
    for name in names {
        seed = seed.rotate_left(7).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        if seed.is_multiple_of(4) && !(top && REQUIRED.contains(&name.as_str())) && is_optional(&name, members) {
            members.remove(&name);
            continue;
        }
        let (text, uri, number, choice) = leaves.next().unwrap();
        let leaf = |old: &str| if old.contains(':') { json!(uri) } else { json!(text) };
        match members.get_mut(&name).unwrap() {
            Value::String(_) if matches!(&*name, "type" | "cryptosuite" | "proofPurpose") || is_date(&name) => {}
            Value::String(old) => members[&name] = leaf(old),
            Value::Number(_) => {
                let number = number as f64 / if choice < 4 { 8.0 } else { 1.0 };
                members[&name] = if choice == 0 { json!(number as i64) } else { json!(number) };
            }
            Value::Bool(_) => members[&name] = json!(choice < 4),
            Value::Array(_) if name == "type" || name == "@context" => {}
            Value::Array(elements) => {
                for element in elements.iter_mut() {
                    match element {
                        Value::String(old) => *element = leaf(old),
                        nested => vary(nested, leaves, seed, false),
                    }
                }
                if choice == 1 {
                    let twin = elements[0].clone();
                    elements.push(twin);
                }
            }
            nested => vary(nested, leaves, seed, false),
        }
    }
}

const REQUIRED: [&str; 6] = ["@context", "id", "type", "issuer", "validFrom", "credentialSubject"];

fn is_date(name: &str) -> bool {
    matches!(name, "validFrom" | "validUntil" | "awardedDate" | "activityStartDate" | "activityEndDate")
}

/// Whether the closed types let `name` be absent beside these members.
fn is_optional(name: &str, members: &Map<String, Value>) -> bool {
    let mut without = members.clone();
    without.remove(name);
    let of = |kind: &str| match &members.get("type") {
        Some(Value::Array(names)) => names.iter().any(|n| n == kind),
        Some(Value::String(n)) => n == kind,
        _ => false,
    };
    let required: &[&str] = match () {
        () if of("Achievement") => &["criteria", "description", "id", "name", "type"],
        () if of("AchievementSubject") => &["achievement", "type"],
        () if of("Alignment") => &["targetName", "targetUrl", "type"],
        () if of("IdentityObject") => &["hashed", "identityHash", "identityType", "type"],
        () if of("IdentifierEntry") => &["identifier", "identifierType", "type"],
        () if of("GeoCoordinates") => &["latitude", "longitude", "type"],
        () if of("ResultDescription") => &["id", "name", "resultType", "type"],
        () if of("RubricCriterionLevel") => &["id", "name", "type"],
        () => &["id", "type"],
    };
    !required.contains(&name)
}

// PROPTEST_CASES asks for more than 256 of them.
proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn our_quads_are_the_oracles(document in credential()) {
        let typed: OpenBadgeCredential = serde_json::from_value(document.clone())
            .unwrap_or_else(|e| panic!("{e}: {document}"));
        let again = serde_json::to_value(&typed).unwrap();
        prop_assert_eq!(&again, &document, "what was read is what is written");
        agreed(&again);
    }
}

/// The strategy would be worth little if it made one document only.
#[test]
fn generation_varies() {
    let base = serde_json::to_value(minimal().complete().unwrap().document()).unwrap();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let sizes: std::collections::BTreeSet<usize> =
        (0..50).map(|_| credential().new_tree(&mut runner).unwrap().current().to_string().len()).collect();
    assert!(sizes.len() > 40 && sizes.first().unwrap() / 2 < base.to_string().len(), "{sizes:?}");
}
