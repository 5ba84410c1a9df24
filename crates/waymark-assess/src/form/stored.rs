//! A form as one value: what an attempt keeps, in one row.

use super::{Form, Handle, MAX_POSITIONS, PlacedOption, Position, Presented, Seed};
use crate::{
    canonical::{canonical, hash, hex, unhex},
    item::{OptionId, Unreadable},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredForm {
    algorithm: u32,
    seed: String,
    positions: Vec<StoredPosition>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredPosition {
    item: String,
    slug: String,
    section: String,
    choice: StoredChoice,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredChoice {
    multiple: bool,
    min: u32,
    max: u32,
    /// Handle and option id, in the order shown.
    options: Vec<(String, String)>,
}

impl Form {
    fn value(&self) -> Value {
        let position = |position: &Position| {
            let Presented::Choice { multiple, min_choices, max_choices, options } = &position.presented;
            StoredPosition {
                item: position.item.to_string(),
                slug: position.slug.clone(),
                section: position.section.clone(),
                choice: StoredChoice {
                    multiple: *multiple,
                    min: *min_choices,
                    max: *max_choices,
                    options: options.iter().map(|o| (o.handle.to_string(), o.option.to_string())).collect(),
                },
            }
        };
        let stored = StoredForm {
            algorithm: self.algorithm,
            seed: hex(&self.seed.0),
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
        let mut handles = BTreeSet::new();
        let mut positions = Vec::with_capacity(form.positions.len());
        for (number, stored) in (1..=MAX_POSITIONS).zip(&form.positions) {
            positions.push(position(number, stored, &mut handles)?);
        }
        if positions.is_empty() || positions.len() != form.positions.len() {
            return Err(Unreadable::new("no form has so many positions"));
        }
        Ok(Self { algorithm: form.algorithm, seed: Seed(seed), positions })
    }
}

fn position(number: u32, stored: &StoredPosition, handles: &mut BTreeSet<String>) -> Result<Position, Unreadable> {
    let choice = &stored.choice;
    let mut placed = |(handle, option): &(String, String)| {
        let option = OptionId::new(option).ok_or_else(|| Unreadable::new("no option id"))?;
        if !handles.insert(handle.clone()) {
            return Err(Unreadable::new("a handle is there twice"));
        }
        Ok(PlacedOption { handle: Handle(handle.clone()), option })
    };
    Ok(Position {
        number,
        item: stored.item.parse()?,
        slug: stored.slug.clone(),
        section: stored.section.clone(),
        presented: Presented::Choice {
            multiple: choice.multiple,
            min_choices: choice.min,
            max_choices: choice.max,
            options: choice.options.iter().map(&mut placed).collect::<Result<_, _>>()?,
        },
    })
}
