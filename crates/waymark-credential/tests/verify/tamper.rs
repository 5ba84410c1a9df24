//! Every leaf of a signed credential changed, one at a time: never valid, never a claim shown.

use serde_json::{Value, json};
use waymark_credential::verify::{Policy, State};

use crate::made::{INDEX, NOW, World, at, credential, guild};

/// The JSON pointers of all leaves.
fn leaves(value: &Value, here: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                leaves(member, &format!("{here}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(entries) => {
            for (at, entry) in entries.iter().enumerate() {
                leaves(entry, &format!("{here}/{at}"), found);
            }
        }
        _ => found.push(here.to_owned()),
    }
}

/// Several other values in the place of one leaf.
fn changes(leaf: &Value) -> Vec<Value> {
    let mut changes = vec![json!(null), json!(7), json!([]), json!({}), json!("")];
    match leaf {
        Value::String(text) => {
            changes.push(json!(format!("{text}x")));
            changes.push(json!(text.replacen(['1', 'e'], "2", 1)));
            changes.push(json!([text]));
            let mut cut = text.clone();
            cut.pop();
            changes.push(json!(cut));
        }
        Value::Bool(is) => changes.push(json!(!is)),
        other => changes.push(json!(other.to_string())),
    }
    changes.retain(|change| change != leaf);
    changes
}

fn never_good(world: &World, input: &[u8], what: &str) {
    if let Ok(report) = world.verify(input, &Policy::product(), at(NOW)) {
        let state = report.state();
        assert!(matches!(state, State::Altered | State::Unknown), "{what}: {state:?}");
        assert!(report.shown().is_none(), "{what}: claims shown");
    }
}

#[test]
fn no_leaf_can_be_changed() {
    let guild = guild();
    let signed = guild.embed(&credential(&guild));
    let world = World::of_guild(&[INDEX]);
    let mut pointers = Vec::new();
    leaves(&signed, "", &mut pointers);
    assert!(pointers.len() > 40);
    for pointer in &pointers {
        let leaf = signed.pointer(pointer).unwrap();
        // one type, bare or in an array, is the same statement
        let says_the_same = |change: &Value| pointer.ends_with("/type") && *change == json!([leaf]);
        for change in changes(leaf).into_iter().filter(|change| !says_the_same(change)) {
            let mut tampered = signed.clone();
            *tampered.pointer_mut(pointer).unwrap() = change.clone();
            never_good(&world, tampered.to_string().as_bytes(), &format!("{pointer} = {change}"));
        }
    }
}

#[test]
fn no_member_can_be_left_out_or_put_in() {
    let guild = guild();
    let signed = guild.embed(&credential(&guild));
    let world = World::of_guild(&[INDEX]);
    let mut pointers = Vec::new();
    leaves(&signed, "", &mut pointers);
    let mut objects: Vec<&str> = pointers.iter().flat_map(|p| p.match_indices('/').map(|(at, _)| &p[..at])).collect();
    objects.sort_unstable();
    objects.dedup();
    for pointer in objects {
        match signed.pointer(pointer).unwrap() {
            Value::Object(members) => {
                for name in members.keys() {
                    let mut tampered = signed.clone();
                    tampered.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(name);
                    never_good(&world, tampered.to_string().as_bytes(), &format!("{pointer}/{name} left out"));
                }
                for (name, value) in [
                    ("note", json!("x")),
                    ("@id", json!("urn:x")),
                    ("image", json!({"id": "https://evil.example/x.png", "type": "Image"})),
                ] {
                    let mut tampered = signed.clone();
                    tampered.pointer_mut(pointer).unwrap()[name] = value;
                    never_good(&world, tampered.to_string().as_bytes(), &format!("{pointer}/{name} put in"));
                }
            }
            Value::Array(_) => {
                let mut tampered = signed.clone();
                tampered.pointer_mut(pointer).unwrap().as_array_mut().unwrap().remove(0);
                never_good(&world, tampered.to_string().as_bytes(), &format!("{pointer}/0 left out"));
            }
            _ => unreachable!("only containers have children"),
        }
    }
}

#[test]
fn no_byte_of_a_jwt_can_be_changed() {
    let guild = guild();
    let jwt = guild.jwt(&credential(&guild)).into_bytes();
    let world = World::of_guild(&[INDEX]);
    for at in 0..jwt.len() {
        for byte in [b'A', b'_', b'.'] {
            let mut tampered = jwt.clone();
            if tampered[at] != byte {
                tampered[at] = byte;
                never_good(&world, &tampered, &format!("byte {at}"));
            }
        }
    }
}
