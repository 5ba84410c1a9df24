//! A form as one value: what an attempt keeps, in one row.

mod presented;

use super::{Form, MAX_POSITIONS, Position, Relaxed, Seed};
use crate::{
    canonical::{canonical, hash, hex, unhex},
    item::Unreadable,
};
use presented::{Taken, read, write};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredForm {
    algorithm: u32,
    seed: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    relaxed: Vec<Relaxed>,
    positions: Vec<StoredPosition>,
}

/// `item`, `slug`, `section`, `unscored: true` where it does not count, and one member named after the family.
type StoredPosition = Map<String, Value>;

impl Form {
    fn value(&self) -> Value {
        let position = |position: &Position| {
            let (family, presented) = write(&position.presented);
            let mut stored = StoredPosition::from_iter([
                ("item".to_owned(), Value::String(position.item.to_string())),
                ("slug".to_owned(), Value::String(position.slug.clone())),
                ("section".to_owned(), Value::String(position.section.clone())),
                (family.to_owned(), presented),
            ]);
            if !position.scored {
                stored.insert("unscored".to_owned(), Value::Bool(true));
            }
            stored
        };
        let stored = StoredForm {
            algorithm: self.algorithm,
            seed: hex(&self.seed.0),
            name: self.name.clone(),
            relaxed: self.relaxed.clone(),
            positions: self.positions.iter().map(position).collect(),
        };
        serde_json::to_value(stored).expect("strings and whole numbers always serialize")
    }

    /// Canonical JSON, for storage only: it holds the seed and the lasting option ids.
    pub fn to_stored(&self) -> String {
        canonical(&self.value())
    }

    /// SHA-256 of the stored form.
    pub fn hash(&self) -> [u8; 32] {
        hash(&self.value())
    }

    /// # Errors
    /// A form that this crate did not write: damaged, positions missing or too many, a handle twice.
    pub fn from_stored(stored: &str) -> Result<Self, Unreadable> {
        let form: StoredForm = serde_json::from_str(stored).map_err(|e| Unreadable::new(e.to_string()))?;
        let seed = unhex(&form.seed).ok_or_else(|| Unreadable::new("no seed"))?;
        let mut taken = Taken::default();
        let count = form.positions.len();
        let mut positions = Vec::with_capacity(count);
        for (number, stored) in (1..=MAX_POSITIONS).zip(form.positions) {
            positions.push(position(number, stored, &mut taken)?);
        }
        if positions.is_empty() || positions.len() != count {
            return Err(Unreadable::new("no form has so many positions"));
        }
        Ok(Self { algorithm: form.algorithm, seed: Seed(seed), name: form.name, relaxed: form.relaxed, positions })
    }
}

fn position(number: u32, mut stored: StoredPosition, taken: &mut Taken) -> Result<Position, Unreadable> {
    let mut text = |name: &str| match stored.remove(name) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(Unreadable::new(format!("a position without {name}"))),
    };
    let (item, slug, section) = (text("item")?.parse()?, text("slug")?, text("section")?);
    let scored = match stored.remove("unscored") {
        None => true,
        Some(Value::Bool(true)) => false,
        Some(_) => return Err(Unreadable::new("`unscored` is true or not there")),
    };
    let mut rest = stored.into_iter();
    match (rest.next(), rest.next()) {
        (Some((family, value)), None) => {
            Ok(Position { number, item, slug, section, scored, presented: read(&family, value, taken)? })
        }
        _ => Err(Unreadable::new("a position has one family of item types")),
    }
}
