//! Values into slots.

use crate::colour::Colour;
use crate::drawing::Written;
use crate::fonts::Fonts;
use crate::picture::Picture;
use crate::slots::SlotKind;
use crate::template::Template;

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FillError {
    #[error("the template has no slot {name:?}; it has: {known}")]
    Unknown { name: String, known: String },
    #[error("slot {0:?} is given twice")]
    Twice(String),
    #[error("slot {0:?} has no default and was given no value")]
    Missing(String),
    #[error("the value of slot {name:?} {objection}")]
    Refused { name: String, objection: String },
}

impl Template {
    /// Puts `values` into the slots and sets the text with `fonts`.
    ///
    /// Fails on a slot the template does not have, one given twice, one left without value, a value its kind refuses. A text that is
    /// too long or has a character no font has does not fail: the picture says so in `shortened` and `missing`.
    pub fn fill(&self, values: &[(&str, &str)], fonts: &Fonts) -> Result<Picture, FillError> {
        let mut given: Vec<Option<&str>> = vec![None; self.slots.len()];
        for (name, value) in values {
            let i = self.slots.iter().position(|s| s.name == *name).ok_or_else(|| self.unknown(name))?;
            if let Some(objection) = self.slots[i].kind.objection(value) {
                return Err(FillError::Refused { name: (*name).into(), objection });
            }
            if given[i].replace(value).is_some() {
                return Err(FillError::Twice((*name).into()));
            }
        }
        let mut resolved = Vec::with_capacity(self.slots.len());
        for (slot, value) in self.slots.iter().zip(&given) {
            resolved.push(match (value, &slot.default, &slot.kind) {
                (Some(value), _, _) => (*value).to_owned(),
                (None, Some(default), _) => default.clone(),
                (None, None, SlotKind::LegibleOn(_)) => String::new(),
                (None, None, _) => return Err(FillError::Missing(slot.name.clone())),
            });
        }
        for (i, slot) in self.slots.iter().enumerate() {
            if let SlotKind::LegibleOn(ground) = &slot.kind {
                let ground = self.slots.iter().position(|s| s.name == *ground).map(|g| Colour::parse(&resolved[g]));
                resolved[i] = ground.flatten().expect("checked when the template was parsed").legible().into();
            }
        }
        let mut out = Written::default();
        self.root.write(&resolved, fonts, true, &mut out);
        let mut shortened: Vec<String> = Vec::new();
        for i in out.shortened {
            if !shortened.contains(&self.slots[i].name) {
                shortened.push(self.slots[i].name.clone());
            }
        }
        Ok(Picture { svg: out.svg, missing: out.missing, shortened })
    }

    fn unknown(&self, name: &str) -> FillError {
        let known: Vec<&str> =
            self.slots.iter().filter(|s| !matches!(s.kind, SlotKind::LegibleOn(_))).map(|s| s.name.as_str()).collect();
        FillError::Unknown { name: name.into(), known: known.join(", ") }
    }
}
