//! Templates: an SVG drawing with slots, admitted once, filled often.

use roxmltree::{Document, Node, ParsingOptions};

use crate::admission::Admission;
use crate::bounds;
use crate::drawing::{Element, SVG, WAYMARK};
use crate::mistake::{Mistake, MistakeKind, Mistakes, mistake};
use crate::slots::{Slot, SlotKind};

/// An admitted template. See the crate's documentation for an example.
#[derive(Debug, Clone)]
pub struct Template {
    pub(crate) root: Element,
    pub(crate) slots: Vec<Slot>,
}

impl Template {
    pub const MAX_BYTES: usize = 256 * 1024;
    pub const MAX_NODES: usize = 8_000;
    pub const MAX_SLOTS: usize = 32;

    /// Admits `svg` or lists every mistake in it.
    pub fn parse(svg: &str) -> Result<Self, Mistakes> {
        let whole = |kind| Mistakes(vec![Mistake { line: 1, column: 1, kind }]);
        if svg.len() > Self::MAX_BYTES {
            return Err(whole(MistakeKind::TooLarge { limit: Self::MAX_BYTES, what: "bytes" }));
        }
        bounds::check(svg).map_err(|bounds::TooMuch { limit, what }| whole(MistakeKind::TooLarge { limit, what }))?;
        let limit = u32::try_from(Self::MAX_NODES).expect("a small constant");
        let options = ParsingOptions { nodes_limit: limit, ..ParsingOptions::default() };
        let document = Document::parse_with_options(svg, options).map_err(|e| {
            let kind = match &e {
                roxmltree::Error::NodesLimitReached => MistakeKind::TooLarge { limit: Self::MAX_NODES, what: "parts" },
                e => MistakeKind::Xml(e.to_string()),
            };
            Mistakes(vec![Mistake { line: e.pos().row, column: e.pos().col, kind }])
        })?;
        let root = document.root_element();
        if !root.has_tag_name((SVG, "svg")) {
            return Err(Mistakes(vec![mistake(root, MistakeKind::NotSvg)]));
        }
        let mut mistakes = Vec::new();
        let slots = declared(root, &mut mistakes);
        let mut admission = Admission::new(&slots, mistakes);
        let element = admission.root(root);
        let mut mistakes = admission.reading.mistakes;
        match element {
            Some(root) if mistakes.is_empty() => Ok(Self { root, slots }),
            _ => {
                mistakes.sort_by_key(|m| (m.line, m.column));
                Err(Mistakes(mistakes))
            }
        }
    }

    /// The declared slots, in the order of the file.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Whether a value may be given for `name`: callers offer what they have and ask first.
    #[must_use]
    pub fn takes(&self, name: &str) -> bool {
        self.slots.iter().any(|s| s.name == name && !matches!(s.kind, SlotKind::LegibleOn(_)))
    }
}

/// The slots declared in `<metadata>`: `<w:slot name="title" kind="text" default="…"/>`.
fn declared(root: Node<'_, '_>, mistakes: &mut Vec<Mistake>) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    let metadata = root.children().filter(|n| n.has_tag_name((SVG, "metadata")));
    for node in metadata.flat_map(|m| m.children()).filter(|n| n.has_tag_name((WAYMARK, "slot"))) {
        let name = node.attribute("name").unwrap_or_default().to_owned();
        let duplicate = slots.iter().any(|s| s.name == name);
        match slot(node, &name, &slots) {
            Ok(_) if duplicate => refuse(node, name, "is declared twice", mistakes),
            Ok(_) if slots.len() == Template::MAX_SLOTS => refuse(node, name, "is one too many (32 at most)", mistakes),
            Ok(slot) => slots.push(slot),
            Err(why) => refuse(node, name, &why, mistakes),
        }
    }
    slots
}

fn refuse(node: Node<'_, '_>, name: String, why: &str, mistakes: &mut Vec<Mistake>) {
    mistakes.push(mistake(node, MistakeKind::Slot { name, why: why.into() }));
}

fn slot(node: Node<'_, '_>, name: &str, before: &[Slot]) -> Result<Slot, String> {
    if !is_word(name) {
        return Err("a name is a-z, 0-9 and -, begins with a letter, and has at most 32 characters".into());
    }
    if let Some(odd) = node.attributes().find(|a| !["name", "kind", "default", "of"].contains(&a.name())) {
        return Err(format!("unknown attribute {}; known: name, kind, default, of", odd.name()));
    }
    let of = node.attribute("of").unwrap_or_default();
    let kind = match node.attribute("kind") {
        Some("text") => SlotKind::Text,
        Some("colour") => SlotKind::Colour,
        Some("choice") => {
            let words: Vec<String> = of.split_whitespace().map(str::to_owned).collect();
            if words.is_empty() || !words.iter().all(|w| is_word(w)) {
                return Err("kind=\"choice\" needs of=\"word word …\" (a-z, 0-9, -)".into());
            }
            SlotKind::Choice(words)
        }
        Some("legible-on") => {
            if !before.iter().any(|s| s.name == of && s.kind == SlotKind::Colour) {
                return Err("kind=\"legible-on\" needs of=\"NAME\" of a colour slot declared before it".into());
            }
            SlotKind::LegibleOn(of.to_owned())
        }
        other => {
            let found = other.unwrap_or("nothing");
            return Err(format!("kind is text, colour, choice or legible-on, not {found}"));
        }
    };
    let default = node.attribute("default").map(str::to_owned);
    if let Some(objection) = default.as_deref().and_then(|d| kind.objection(d)) {
        return Err(format!("its default {objection}"));
    }
    Ok(Slot { name: name.to_owned(), kind, default })
}

fn is_word(text: &str) -> bool {
    text.len() <= 32
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
