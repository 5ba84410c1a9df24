//! An item as a candidate would see it: drawn, arranged and rendered by the same code, with handles of no attempt.

use waymark_assess::blueprint::{Drawable, GroupBy};
use waymark_assess::candidate::{self, PositionView};
use waymark_assess::item::{Figure, ItemContent, VersionHash};
use waymark_assess::{Blueprint, Seed};

use crate::error::{Error, Result};

/// Where staff see a figure that belongs to no attempt of theirs.
pub fn figure_path(figure: &Figure) -> String {
    format!("/admin/figures/{}", figure.sha256())
}

/// The one position of a form that holds this item alone, for a reader of `language`. No key is needed.
pub fn preview(content: &ItemContent, language: &str) -> Result<PositionView> {
    // The form is thrown away, so that the name of the version makes no difference.
    let nameless: VersionHash = "0".repeat(64).parse().map_err(Error::internal)?;
    let alone = Blueprint::OneFromEach(GroupBy::IdPrefix(1)).plan([Drawable::new(nameless, content)]);
    let form = alone.map_err(|mistakes| Error::internal(&mistakes[0]))?.draw(Seed([0; 32]));
    let position = form.position(1).ok_or_else(|| Error::internal("a form of one item has no position"))?;
    candidate::view(position, content, language, figure_path).map_err(Error::internal)
}
