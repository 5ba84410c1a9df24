//! A stranger's Open Badges credential as the closed type that is shown: what the type does not know is left out, what it knows is as it
//! was signed. Nothing is verified by it.

use serde_json::{Map, Value, json};
use serde_path_to_error::Segment;

use super::{
    OpenDocument,
    members::{BEGINNINGS, ENDS, each},
};
use crate::model::{Contexts, OpenBadgeCredential};

/// The most members that may be left out.
const MOST_LEFT_OUT: usize = 128;

/// The names by which the closed types know their objects.
const KNOWN: [&str; 17] = [
    "Achievement",
    "AchievementSubject",
    "Address",
    "Alignment",
    "EndorsementCredential",
    "EndorsementSubject",
    "Evidence",
    "GeoCoordinates",
    "IdentifierEntry",
    "IdentityObject",
    "Image",
    "Profile",
    "Related",
    "Result",
    "ResultDescription",
    "RubricCriterionLevel",
    "VerifiableCredential",
];

/// The credential as an Open Badge, where it has an achievement to show.
pub(crate) fn as_open_badge(document: &OpenDocument) -> Option<OpenBadgeCredential> {
    let mut value = document.unsecured();
    let members = value.as_object_mut()?;
    members.insert("@context".into(), json!(Contexts::OpenBadges));
    members.insert("type".into(), json!(["VerifiableCredential", "OpenBadgeCredential"]));
    members.remove("endorsement");
    // what is shown is what was judged, under whichever names it was written
    for (names, judged) in [(BEGINNINGS, document.begins()), (ENDS, document.ends())] {
        for name in names {
            members.remove(name);
        }
        if let Some(date) = judged {
            members.insert(names[0].into(), json!(date.as_str()));
        }
    }
    if let Some(Value::Array(subjects)) = members.get_mut("credentialSubject")
        && subjects.len() == 1
    {
        let only = subjects.remove(0);
        members.insert("credentialSubject".into(), only);
    }
    if !members.contains_key("id") {
        // it is shown, and looked up nowhere
        members.insert("id".into(), json!("urn:none"));
    }
    for member in members.values_mut() {
        one_known_type(member);
    }
    for _ in 0..MOST_LEFT_OUT {
        match serde_path_to_error::deserialize::<_, OpenBadgeCredential>(&value) {
            Ok(badge) => return Some(badge),
            Err(error) => leave_out(&mut value, error.path().iter().collect())?,
        }
    }
    None
}

/// Of several types, the one that the closed types know.
fn one_known_type(value: &mut Value) {
    match value {
        Value::Object(members) => {
            keep_known(members);
            members.values_mut().for_each(one_known_type);
        }
        Value::Array(values) => values.iter_mut().for_each(one_known_type),
        _ => {}
    }
}

fn keep_known(members: &mut Map<String, Value>) {
    let names = each(members.get("type"));
    let known: Vec<Value> = names.iter().filter(|name| KNOWN.iter().any(|known| *name == known)).cloned().collect();
    if names.len() > 1 && known.len() == 1 {
        members.insert("type".into(), Value::Array(known));
    }
}

/// Takes away what stands at the path; the whole cannot be taken away.
fn leave_out(value: &mut Value, path: Vec<&Segment>) -> Option<()> {
    let (last, way) = path.split_last()?;
    let mut place = value;
    for segment in way {
        place = match segment {
            Segment::Map { key } => place.get_mut(key.as_str())?,
            Segment::Seq { index } => place.get_mut(*index)?,
            Segment::Enum { .. } | Segment::Unknown => return None,
        };
    }
    match (last, place) {
        (Segment::Map { key }, Value::Object(members)) => members.remove(key).map(drop),
        (Segment::Seq { index }, Value::Array(values)) if *index < values.len() => {
            values.remove(*index);
            Some(())
        }
        _ => None,
    }
}
