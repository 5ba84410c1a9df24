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

mod options;
mod parts;
pub mod shown;

pub use options::OptionView;
pub use parts::{AreaView, GapAs, GapView, Parts, PictureView};

use crate::{
    form::Position,
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
    /// Safe HTML, the figure included; a hotspot has its figure in `picture`.
    pub stem_html: String,
    /// What this and other positions speak about: safe HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stimulus_html: Option<String>,
    /// What is chosen from or put in order; the labels of the areas of a hotspot. Empty for other types.
    pub options: Vec<OptionView>,
    /// A response with fewer is saved, but not complete.
    pub min_choices: u32,
    pub max_choices: u32,
    /// What only this family of types has.
    #[serde(flatten)]
    pub parts: Option<Parts>,
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
    let wrong = NotThisItem(position.number);
    if content.slug != position.slug || content.item_type() != position.item_type() {
        return Err(wrong);
    }
    let (tag, stem) = content.stem.pick(language);
    let mut stem_html = markup::blocks(stem);
    let picture = content.figure.as_ref().map(|figure| {
        let default = if tag.starts_with("ja") { "設問の図" } else { "Figure of this question" };
        let alt = figure.alt.as_ref().map_or(default, |alt| alt.pick(language).1);
        (figure_url(figure), alt.to_owned())
    });
    let hotspot = matches!(content.interaction, Interaction::Hotspot(_));
    if let Some((url, alt)) = picture.as_ref().filter(|_| !hotspot) {
        let (url, alt) = (markup::escape(url), markup::escape(alt));
        stem_html.push_str(&format!("<figure><img src=\"{url}\" alt=\"{alt}\" /></figure>\n"));
    }
    let (options, parts) = parts::of(&position.presented, content, language, picture).ok_or(wrong)?;
    let (min_choices, max_choices) = position.choices();
    Ok(PositionView {
        position: position.number,
        section: position.section.clone(),
        item_type: position.item_type(),
        language: Some(tag.to_owned()).filter(|tag| tag != NO_LANGUAGE),
        stem_html,
        stimulus_html: content.stimulus.as_ref().map(|stimulus| markup::blocks(stimulus.text.pick(language).1)),
        options,
        min_choices,
        max_choices,
        parts,
    })
}

/// A text of an item as safe HTML, for staff who look at one outside of a form.
pub fn to_html(text: &str) -> String {
    markup::blocks(text)
}

/// What such HTML says without its tags, as the `option` of a `select` can hold it: escaped, formulas on one line.
pub fn without_tags(html: &str) -> String {
    markup::without_tags(html)
}

/// A stem as plain words, without its marks; each gap is a line to write on. Not escaped.
pub fn words(stem: &str) -> String {
    let html = markup::blocks_with_marks(stem, |_| "___".to_owned());
    let text = markup::without_tags(&html);
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    text.replace("&amp;", "&").trim().to_owned()
}
