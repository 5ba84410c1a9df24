//! How a `text` of a template says where and how it stands.

use roxmltree::Node;

use crate::drawing::{SVG, WAYMARK};
use crate::fitting::{Arc, Lettering, MAX_LINES};
use crate::mistake::MistakeKind;
use crate::reading::Reading;
use crate::slots::Pieces;

/// Consumed by lettering; the outlines have no use for them.
pub(crate) const CONSUMED: [&str; 13] = [
    "x",
    "y",
    "font-size",
    "font-weight",
    "font-family",
    "font-style",
    "font-variant",
    "font-stretch",
    "text-anchor",
    "letter-spacing",
    "dominant-baseline",
    "line-height",
    "text-align",
];

/// The words of a `text` and their place, or none after a mistake was noted.
pub(crate) fn read(reading: &mut Reading<'_>, node: Node<'_, '_>) -> Option<(Pieces, Lettering)> {
    // Drawing programs wrap a line in one tspan.
    let mut innermost = node;
    let mut chain = vec![node];
    while let Some(only) = innermost.children().find(Node::is_element) {
        let words = innermost.children().any(|c| c.is_text() && !c.text().unwrap_or_default().trim().is_empty());
        let alone = innermost.children().filter(Node::is_element).count() == 1;
        if words || !alone || !only.has_tag_name((SVG, "tspan")) {
            reading.note(only, MistakeKind::Text);
            return None;
        }
        chain.push(only);
        innermost = only;
    }
    let words = reading.pieces(node, innermost.text().unwrap_or_default(), true)?;
    let styled = |name: &str| {
        chain.iter().rev().find_map(|n| {
            n.attribute(name).or_else(|| {
                let declarations = n.attribute("style")?.split(';').filter_map(|d| d.split_once(':'));
                declarations.filter(|(k, _)| k.trim() == name).map(|(_, v)| v.trim()).next_back()
            })
        })
    };
    let mut read = |name: &str, text: Option<&str>, default: Option<f32>| match text {
        None => default,
        Some(text) => number(text).or_else(|| {
            reading.refuse(node, name, text, "a number is needed");
            None
        }),
    };
    let size = read("font-size", styled("font-size"), Some(16.0))?;
    let own = |name: &str| node.attribute((WAYMARK, name));
    let mut lettering = Lettering {
        x: read("x", styled("x"), Some(0.0))?,
        y: read("y", styled("y"), Some(0.0))?,
        size,
        weight: read("font-weight", styled("font-weight").map(weight), Some(400.0))?,
        anchor: match styled("text-anchor") {
            Some("middle") => 0.5,
            Some("end") => 1.0,
            _ => 0.0,
        },
        spacing: read("letter-spacing", styled("letter-spacing"), Some(0.0))? / size,
        width: own("width").map(|w| read("w:width", Some(w), None)).map_or(Some(None), |w| w.map(Some))?,
        height: own("height").map(|h| read("w:height", Some(h), None)).map_or(Some(None), |h| h.map(Some))?,
        lines: read("w:lines", own("lines"), Some(1.0))? as usize,
        min_size: read("w:min-size", own("min-size"), Some(size * 0.5))?,
        leading: read("w:leading", own("leading"), Some(1.25))?,
        arc: None,
    };
    if let Some(text) = own("arc") {
        lettering.arc = arc(text);
        if lettering.arc.is_none() || lettering.lines != 1 {
            let why = "it is \"CX CY RADIUS top\" or \"… bottom\", for one line, with a radius above 0";
            reading.refuse(node, "w:arc", text, why);
            return None;
        }
    }
    let sound = size > 0.0
        && (1..=MAX_LINES).contains(&lettering.lines)
        && lettering.min_size > 0.0
        && lettering.min_size <= size
        && lettering.width.is_none_or(|w| w > 0.0)
        && lettering.height.is_none_or(|h| h > 0.0);
    if !sound {
        let why = "sizes and widths are above 0, w:min-size at most font-size, w:lines 1 to 3";
        reading.refuse(node, "w:*", "", why);
        return None;
    }
    Some((words, lettering))
}

/// A finite number, `px` allowed behind it.
pub(crate) fn number(text: &str) -> Option<f32> {
    text.trim().trim_end_matches("px").parse().ok().filter(|n: &f32| n.is_finite())
}

fn weight(text: &str) -> &str {
    match text {
        "bold" => "700",
        "normal" => "400",
        other => other,
    }
}

fn arc(text: &str) -> Option<Arc> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let [cx, cy, radius, side] = parts[..] else { return None };
    let bottom = match side {
        "top" => false,
        "bottom" => true,
        _ => return None,
    };
    let radius = number(radius).filter(|r| *r > 0.0)?;
    Some(Arc { cx: number(cx)?, cy: number(cy)?, radius, bottom })
}
