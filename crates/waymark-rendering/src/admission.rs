//! What may be in a template. The lists are closed: what is not named here is refused or left out.
//!
//! A badge is served from the issuer's own origin and opened in browsers, so it must neither run nor load anything, and drawing it
//! must take bounded work: no nested `use`, no mask in a mask, at most 64 references.

use roxmltree::{Attribute, Node};

use crate::drawing::{Content, Element, SVG, WAYMARK};
use crate::lettering::{self, CONSUMED, number};
use crate::mistake::{Mistake, MistakeKind};
use crate::reading::Reading;
use crate::slots::{Condition, Pieces, Slot, SlotKind, Test};

const XLINK: &str = "http://www.w3.org/1999/xlink";

const ELEMENTS: [&str; 19] = [
    "g",
    "defs",
    "symbol",
    "use",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "title",
    "desc",
];
/// Functions that may stand in an attribute; `url` besides, only as `url(#id)`.
const FUNCTIONS: [&str; 11] =
    ["rgb", "rgba", "hsl", "hsla", "matrix", "translate", "scale", "rotate", "skewX", "skewY", "calc"];

pub(crate) struct Admission<'s> {
    pub(crate) reading: Reading<'s>,
    references: usize,
}

/// What stands around an element.
#[derive(Clone, Copy, Default)]
struct Around {
    depth: usize,
    /// Inside something that `use` could repeat.
    repeatable: bool,
    /// Inside a mask or clip path.
    masking: bool,
}

impl<'s> Admission<'s> {
    pub(crate) const MAX_DEPTH: usize = 24;
    const MAX_REFERENCES: usize = 64;

    pub(crate) fn new(slots: &'s [Slot], mistakes: Vec<Mistake>) -> Self {
        Self { reading: Reading { slots, mistakes }, references: 0 }
    }

    pub(crate) fn root(&mut self, node: Node<'_, '_>) -> Option<Element> {
        let view: Vec<f32> = node
            .attribute("viewBox")
            .unwrap_or_default()
            .split([' ', ','])
            .filter(|p| !p.is_empty())
            .map_while(number)
            .collect();
        if !matches!(view[..], [_, _, w, h] if w > 0.0 && h > 0.0) {
            self.reading.note(node, MistakeKind::NoViewBox);
            return None;
        }
        let attributes = self.attributes(node, Around::default());
        let children = self.children(node, Around::default());
        Some(Element { name: "svg", when: None, attributes, content: Content::Children(children) })
    }

    fn children(&mut self, node: Node<'_, '_>, around: Around) -> Vec<Element> {
        let around = Around { depth: around.depth + 1, ..around };
        node.children().filter(Node::is_element).filter_map(|child| self.element(child, around)).collect()
    }

    fn element(&mut self, node: Node<'_, '_>, around: Around) -> Option<Element> {
        let tag = node.tag_name();
        // Notes of drawing programs are left out; they never reach the picture.
        if tag.namespace() != Some(SVG) || tag.name() == "metadata" {
            return None;
        }
        let Some(name) = ELEMENTS.into_iter().find(|e| *e == tag.name()) else {
            self.reading.note(node, MistakeKind::Element(tag.name().into()));
            return None;
        };
        if around.depth > Self::MAX_DEPTH {
            let kind = MistakeKind::TooLarge { limit: Self::MAX_DEPTH, what: "levels of elements" };
            self.reading.note(node, kind);
            return None;
        }
        if name == "use" {
            self.reference(node, "use", around.repeatable, "a use inside something that can itself be used");
        }
        let attributes = self.attributes(node, around);
        let masking = matches!(name, "mask" | "clipPath");
        let inner = Around {
            repeatable: around.repeatable || (!masking && node.has_attribute("id")) || name == "symbol",
            masking: around.masking || masking,
            ..around
        };
        let when = node.attribute((WAYMARK, "when")).and_then(|w| self.condition(node, w));
        let content = match name {
            "title" | "desc" => Content::Words(self.reading.pieces(node, node.text().unwrap_or_default(), true)?),
            "text" => {
                let (words, lettering) = lettering::read(&mut self.reading, node)?;
                Content::Lettering(lettering, words)
            }
            _ => Content::Children(self.children(node, inner)),
        };
        let attributes = match content {
            Content::Lettering(..) => {
                attributes.into_iter().filter(|(name, _)| !CONSUMED.contains(&name.as_str())).collect()
            }
            _ => attributes,
        };
        Some(Element { name, when, attributes, content })
    }

    fn reference(&mut self, node: Node<'_, '_>, name: &str, nested: bool, what: &str) {
        self.references += 1;
        if nested {
            self.reading.refuse(node, name, "", &format!("{what} makes the work unbounded"));
        } else if self.references == Self::MAX_REFERENCES + 1 {
            self.reading.refuse(node, name, "", "more than 64 uses, masks and clips");
        }
    }

    fn attributes(&mut self, node: Node<'_, '_>, around: Around) -> Vec<(String, Pieces)> {
        let mut admitted: Vec<(String, Pieces)> = Vec::new();
        for attribute in node.attributes() {
            let Some(name) = own_name(&attribute) else { continue };
            if name == "style" {
                // A style attribute needs unsafe-inline; the same declarations as attributes do not.
                for declaration in attribute.value().split(';').filter(|d| !d.trim().is_empty()) {
                    let Some((name, value)) = declaration.split_once(':') else {
                        self.reading.refuse(node, "style", declaration, "a declaration is name:value");
                        continue;
                    };
                    if !name.trim().starts_with('-') {
                        self.attribute(node, name.trim(), value.trim(), around, &mut admitted);
                    }
                }
            } else {
                self.attribute(node, name, attribute.value(), around, &mut admitted);
            }
        }
        admitted
    }

    fn attribute(
        &mut self,
        node: Node<'_, '_>,
        name: &str,
        value: &str,
        around: Around,
        admitted: &mut Vec<(String, Pieces)>,
    ) {
        if let Some(why) = objection(name, value) {
            return self.reading.refuse(node, name, value, why);
        }
        if matches!(name, "mask" | "clip-path") {
            self.reference(node, name, around.masking, "a mask or clip inside a mask or clip");
        }
        if let Some(pieces) = self.reading.pieces(node, value, false) {
            admitted.retain(|(n, _)| n != name);
            admitted.push((name.into(), pieces));
        }
    }

    fn condition(&mut self, node: Node<'_, '_>, text: &str) -> Option<Condition> {
        let (name, test) = match (text.split_once('='), text.strip_prefix('!')) {
            (Some((name, word)), _) => (name, Test::Is(word.into())),
            (None, Some(name)) => (name, Test::Absent),
            (None, None) => (text, Test::Present),
        };
        let found = self.reading.slots.iter().position(|s| {
            let fits = match (&s.kind, &test) {
                (SlotKind::Choice(words), Test::Is(word)) => words.contains(word),
                (SlotKind::Text, Test::Present | Test::Absent) => true,
                _ => false,
            };
            fits && s.name == name
        });
        if found.is_none() {
            let why = "it names a text slot (NAME, !NAME), or a choice slot and one of its words (NAME=WORD)";
            self.reading.refuse(node, "w:when", text, why);
        }
        found.map(|slot| Condition { slot, test })
    }
}

fn own_name<'a>(attribute: &Attribute<'a, '_>) -> Option<&'a str> {
    match attribute.namespace() {
        None => Some(attribute.name()),
        Some(XLINK) if attribute.name() == "href" => Some("href"),
        Some(_) => None,
    }
}

/// Why an attribute is refused, if it is.
fn objection(name: &str, value: &str) -> Option<&'static str> {
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Some("a name has letters, digits and -");
    }
    if name.len() > 2 && name[..2].eq_ignore_ascii_case("on") {
        return Some("a badge runs nothing");
    }
    if value.contains(['\\', '@']) {
        return Some("a badge loads nothing");
    }
    if name.eq_ignore_ascii_case("href") && !is_fragment(value) {
        return Some("a reference is #id, within the drawing");
    }
    for (i, _) in value.match_indices('(') {
        let before = &value[..i];
        let function = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '-').next().unwrap_or_default();
        let known = if function.eq_ignore_ascii_case("url") {
            value[i + 1..].split_once(')').is_some_and(|(target, _)| is_fragment(target))
        } else {
            FUNCTIONS.contains(&function)
        };
        if !known {
            return Some("of functions only url(#id), colours and transforms may stand there");
        }
    }
    None
}

fn is_fragment(text: &str) -> bool {
    text.trim().strip_prefix('#').is_some_and(|id| {
        !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    })
}
