//! One position as its candidate sees it. Built from content and form alone: no function here is ever given a key.
//!
//! The types below are all that a candidate may be sent of an item, and what must stay with staff cannot be put into
//! them; this does not compile, and with `Handle` in place of `ItemKey` it does:
//!
//! ```compile_fail
//! #[derive(serde::Serialize)]
//! struct Answer { right: waymark_assess::item::ItemKey }
//! ```
//! ```
//! #[derive(serde::Serialize)]
//! struct Answer { right: waymark_assess::form::Handle }
//! ```

use crate::{
    form::{Handle, Position, Presented},
    item::{Figure, Interaction, ItemContent, ItemType},
    markup,
    text::NO_LANGUAGE,
};
use serde::Serialize;

/// A position of a form, rendered in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PositionView {
    /// Counts from 1.
    pub position: u32,
    pub section: String,
    #[serde(rename = "type")]
    pub item_type: ItemType,
    /// The language that the texts are really in, for a `lang` attribute; absent where the item does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Safe HTML, the figure included.
    pub stem_html: String,
    pub options: Vec<OptionView>,
    /// A response with fewer is saved, but not complete.
    pub min_choices: u32,
    pub max_choices: u32,
}

/// One option of a position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OptionView {
    pub handle: Handle,
    /// Safe HTML without block elements.
    pub html: String,
}

/// The content is not of the item at this position.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("position {0} does not hold this item: load the version that the form names")]
pub struct NotThisItem(pub u32);

/// Renders `position` with the texts of `content` for a reader of `language`; `figure_url` says where a figure is served.
pub fn view(
    position: &Position,
    content: &ItemContent,
    language: &str,
    figure_url: impl Fn(&Figure) -> String,
) -> Result<PositionView, NotThisItem> {
    let Presented::Choice { multiple, min_choices, max_choices, options } = &position.presented;
    let Interaction::Choice(choice) = &content.interaction;
    if content.slug != position.slug || choice.options.len() != options.len() || choice.multiple != *multiple {
        return Err(NotThisItem(position.number));
    }
    let (tag, stem) = content.stem.pick(language);
    let mut stem_html = markup::blocks(stem);
    if let Some(figure) = &content.figure {
        let default = if tag.starts_with("ja") { "設問の図" } else { "Figure of this question" };
        let alt = figure.alt.as_ref().map_or(default, |alt| alt.pick(language).1);
        let (url, alt) = (markup::escape(&figure_url(figure)), markup::escape(alt));
        stem_html.push_str(&format!("<figure><img src=\"{url}\" alt=\"{alt}\" /></figure>\n"));
    }
    let option = |placed: &crate::form::PlacedOption| {
        let found = choice.options.iter().find(|option| option.id == placed.option);
        let text = found.ok_or(NotThisItem(position.number))?.text.pick(language).1;
        Ok(OptionView { handle: placed.handle.clone(), html: markup::inline(text) })
    };
    Ok(PositionView {
        position: position.number,
        section: position.section.clone(),
        item_type: position.item_type(),
        language: Some(tag.to_owned()).filter(|tag| tag != NO_LANGUAGE),
        stem_html,
        options: options.iter().map(option).collect::<Result<_, _>>()?,
        min_choices: *min_choices,
        max_choices: *max_choices,
    })
}
