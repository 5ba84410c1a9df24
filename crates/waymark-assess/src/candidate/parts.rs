//! What a candidate sees of the families beyond choice.

use super::options::{OptionView, options};
use crate::{
    form::{Handle, PlacedGap, Presented, PresentedGap},
    item::{FileKind, GapKind, Gaps, Interaction, ItemContent, Shape},
    markup,
};
use serde::Serialize;
use std::collections::BTreeSet;

/// What only one family of types has, in the order shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Parts {
    Match {
        sources: Vec<OptionView>,
        targets: Vec<OptionView>,
        /// Whether a source may have more than one target.
        several: bool,
    },
    Text {
        max_length: u32,
    },
    Gaps {
        /// Safe HTML; each gap stands there as `<span data-gap="handle"></span>`.
        text_html: String,
        gaps: Vec<GapView>,
        /// The words to fill gaps from.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pool: Vec<OptionView>,
        /// Whether a word of the pool may fill more than one gap.
        reuse: bool,
    },
    Hotspot {
        picture: PictureView,
        areas: Vec<AreaView>,
    },
    Upload {
        files: BTreeSet<FileKind>,
        max_bytes: u32,
    },
}

/// One gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GapView {
    pub handle: Handle,
    #[serde(flatten)]
    pub filled: GapAs,
}

/// What fills a gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "filled_by", rename_all = "snake_case")]
pub enum GapAs {
    Choice {
        options: Vec<OptionView>,
    },
    Text {
        max_length: u32,
    },
    Number,
    /// A word of the pool.
    Pool,
}

/// The figure of a hotspot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PictureView {
    pub url: String,
    pub alt: String,
    /// Its size in the unit of the areas.
    pub width: u32,
    pub height: u32,
}

/// Where an option of a hotspot lies on the picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AreaView {
    pub handle: Handle,
    pub shape: Shape,
}

/// Options and the rest; `None` where the item at hand is another one.
pub(super) fn of(
    presented: &Presented,
    content: &ItemContent,
    language: &str,
    picture: Option<(String, String)>,
) -> Option<(Vec<OptionView>, Option<Parts>)> {
    Some(match (presented, &content.interaction) {
        (Presented::Choice { options: placed, multiple, .. }, Interaction::Choice(choice)) => {
            (choice.multiple == *multiple).then_some(())?;
            (options(placed, &choice.options, language)?, None)
        }
        (Presented::Order { options: placed }, Interaction::Order(ordering)) => {
            (options(placed, &ordering.options, language)?, None)
        }
        (Presented::Match { sources, targets, several }, Interaction::Match(matching)) => {
            let sources = options(sources, &matching.sources, language)?;
            let targets = options(targets, &matching.targets, language)?;
            (Vec::new(), Some(Parts::Match { sources, targets, several: *several }))
        }
        (Presented::Number, Interaction::Number) => (Vec::new(), None),
        (Presented::ShortText { max_length }, Interaction::ShortText(_))
        | (Presented::Essay { max_length }, Interaction::Essay(_)) => {
            (Vec::new(), Some(Parts::Text { max_length: *max_length }))
        }
        (Presented::Gaps { gaps, pool, reuse }, Interaction::Gaps(content)) => {
            let pool = options(pool, &content.pool, language)?;
            (Vec::new(), Some(with_gaps(gaps, pool, *reuse, content, language)?))
        }
        (Presented::Hotspot { areas, .. }, Interaction::Hotspot(hotspot)) => {
            let labels = options(areas, &hotspot.labels(), language)?;
            let area = |placed: &crate::form::PlacedOption| {
                let found = hotspot.areas.iter().find(|area| area.id == placed.option)?;
                Some(AreaView { handle: placed.handle.clone(), shape: found.shape.clone() })
            };
            let areas = areas.iter().map(area).collect::<Option<_>>()?;
            let (url, alt) = picture?;
            let picture = PictureView { url, alt, width: hotspot.width, height: hotspot.height };
            (labels, Some(Parts::Hotspot { picture, areas }))
        }
        (Presented::Upload { kinds, max_bytes }, Interaction::Upload(_)) => {
            (Vec::new(), Some(Parts::Upload { files: kinds.clone(), max_bytes: *max_bytes }))
        }
        _ => return None,
    })
}

fn with_gaps(
    placed: &[PlacedGap],
    pool: Vec<OptionView>,
    reuse: bool,
    content: &Gaps,
    language: &str,
) -> Option<Parts> {
    let gap = |placed: &PlacedGap| {
        let kind = &content.gaps.iter().find(|gap| gap.id == placed.gap)?.kind;
        let filled = match (&placed.kind, kind) {
            (PresentedGap::Choice(placed), GapKind::Choice { options: all }) => {
                GapAs::Choice { options: options(placed, all, language)? }
            }
            (PresentedGap::Text { max_length }, GapKind::Text { .. }) => GapAs::Text { max_length: *max_length },
            (PresentedGap::Number, GapKind::Number) => GapAs::Number,
            (PresentedGap::Pool, GapKind::Pool) => GapAs::Pool,
            _ => return None,
        };
        Some(GapView { handle: placed.handle.clone(), filled })
    };
    let gaps = placed.iter().map(gap).collect::<Option<Vec<_>>>()?;
    // In the order of the text: the author may have listed them in the order of the answers.
    let mut order = Vec::new();
    let text_html = markup::blocks_with_marks(content.text.pick(language).1, |id| {
        let Some(found) = placed.iter().find(|placed| placed.gap.as_str() == id) else { return String::new() };
        order.push(found.handle.clone());
        format!("<span data-gap=\"{}\"></span>", found.handle)
    });
    let place = |gap: &GapView| order.iter().position(|handle| *handle == gap.handle);
    let mut gaps = gaps;
    gaps.sort_by_key(place);
    Some(Parts::Gaps { text_html, gaps, pool, reuse })
}
