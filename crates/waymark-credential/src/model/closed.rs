//! Reading a JSON value as a closed type, and finding the place where it is not one.

mod same;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use serde_path_to_error::Segment;

/// Where a value is not of the closed type: a JSON Pointer, empty for the top.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at {}: {problem}", if pointer.is_empty() { "the top" } else { pointer })]
pub struct Misfit {
    pub pointer: String,
    pub problem: String,
}

/// `value` as a `T` that says the same and nothing else: no member is unknown, none is null or empty, none is lost or changed.
pub fn read_closed<T: Serialize + DeserializeOwned>(value: &Value) -> Result<T, Misfit> {
    let typed = T::deserialize(value).map_err(|_| misfit::<T>(value))?;
    if same::says(&typed, value) {
        return Ok(typed);
    }
    // Written out only to find the place.
    let written =
        serde_json::to_value(&typed).map_err(|e| Misfit { pointer: String::new(), problem: e.to_string() })?;
    match difference(value, &written, "") {
        None => Ok(typed),
        Some(pointer) => {
            let problem = "is null, empty or in another form than the specification gives".into();
            Err(Misfit { pointer, problem })
        }
    }
}

/// Reads again, now keeping track of the place.
fn misfit<T: DeserializeOwned>(value: &Value) -> Misfit {
    let Err(error) = serde_path_to_error::deserialize::<_, T>(value) else {
        return Misfit { pointer: String::new(), problem: "cannot be read".into() };
    };
    let pointer = error.path().iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => step(&pointer, &index.to_string()),
        Segment::Map { key } => step(&pointer, key),
        Segment::Enum { .. } | Segment::Unknown => pointer,
    });
    Misfit { pointer, problem: error.into_inner().to_string() }
}

/// The first place where the two are not the same.
fn difference(read: &Value, written: &Value, place: &str) -> Option<String> {
    match (read, written) {
        (Value::Object(read), Value::Object(written)) => {
            let missing = written.keys().find(|name| !read.contains_key(*name)).map(|name| step(place, name));
            missing.or_else(|| {
                read.iter().find_map(|(name, member)| match written.get(name) {
                    Some(other) if member == other => None,
                    Some(other) => difference(member, other, &step(place, name)),
                    None => Some(step(place, name)),
                })
            })
        }
        (Value::Array(read), Value::Array(written)) if read.len() == written.len() => {
            let pairs = read.iter().zip(written).enumerate();
            pairs.filter(|(_, (a, b))| a != b).find_map(|(at, (a, b))| difference(a, b, &step(place, &at.to_string())))
        }
        _ => (read != written).then(|| place.to_owned()),
    }
}

fn step(place: &str, name: &str) -> String {
    format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Achievement, CredentialKinds};
    use serde_json::json;

    fn achievement() -> Value {
        json!({"id": "urn:a:1", "type": ["Achievement"], "name": "N", "description": "D", "criteria": {"narrative": "C"},
            "alignment": [{"type": ["Alignment"], "targetName": "T", "targetUrl": "urn:t:1"}], "creditsAvailable": 42.0})
    }

    fn misfit_with(pointer: &str, name: &str, value: Value) -> Misfit {
        let mut changed = achievement();
        changed.pointer_mut(pointer).unwrap()[name] = value;
        read_closed::<Achievement>(&changed).unwrap_err()
    }

    #[test]
    fn what_fits_is_read_in_either_form_of_type() {
        for kind in [json!("Achievement"), json!(["Achievement"])] {
            let mut value = achievement();
            value["type"] = kind;
            assert_eq!(serde_json::to_value(read_closed::<Achievement>(&value).unwrap()).unwrap(), value);
        }
    }

    #[test]
    fn what_does_not_fit_is_named_by_its_place() {
        for (pointer, name, value, place) in [
            ("", "@included", json!([]), "/@included"),
            ("/alignment/0", "a/b", json!(1), "/alignment/0/a~1b"),
            ("/alignment/0", "targetUrl", json!("relative"), "/alignment/0/targetUrl"),
            ("", "type", json!(["Achievement", "Achievement"]), "/type"),
            ("", "type", json!("Badge"), "/type"),
            ("", "image", json!("https://a.example/i.png"), "/image"),
            ("", "humanCode", Value::Null, "/humanCode"),
            ("", "tag", json!([]), "/tag"),
            ("/criteria", "id", Value::Null, "/criteria/id"),
        ] {
            assert_eq!(misfit_with(pointer, name, value.clone()).pointer, place, "{value}");
        }
        let mut missing = achievement();
        missing.as_object_mut().unwrap().remove("criteria");
        let misfit = read_closed::<Achievement>(&missing).unwrap_err();
        assert_eq!((misfit.pointer.as_str(), misfit.problem.as_str()), ("", "missing field `criteria`"));
    }

    #[test]
    fn credential_types_are_a_closed_list() {
        for bad in [
            json!("VerifiableCredential"),
            json!(["VerifiableCredential", "Stranger"]),
            json!(["OpenBadgeCredential"]),
            json!([]),
        ] {
            assert!(read_closed::<CredentialKinds>(&bad).is_err(), "{bad}");
        }
        let twice = json!(["VerifiableCredential", "OpenBadgeCredential", "VerifiableCredential"]);
        assert!(read_closed::<CredentialKinds>(&twice).is_err());
        assert!(read_closed::<CredentialKinds>(&json!(["OpenBadgeCredential", "VerifiableCredential"])).is_ok());
    }
}
