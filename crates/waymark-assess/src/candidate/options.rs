//! Options as a candidate meets them: by handle, in the order of the form.

use crate::{
    form::{Handle, PlacedOption},
    item::ItemOption,
    markup,
};
use serde::Serialize;

/// One option of a position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OptionView {
    pub handle: Handle,
    /// Safe HTML without block elements.
    pub html: String,
}

/// The options at their places; `None` where the item has other ones.
pub(super) fn options(placed: &[PlacedOption], options: &[ItemOption], language: &str) -> Option<Vec<OptionView>> {
    let option = |placed: &PlacedOption| {
        let found = options.iter().find(|option| option.id == placed.option)?;
        Some(OptionView { handle: placed.handle.clone(), html: markup::inline(found.text.pick(language).1) })
    };
    (placed.len() == options.len()).then(|| placed.iter().map(option).collect())?
}
