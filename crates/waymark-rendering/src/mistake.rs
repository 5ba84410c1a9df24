//! What is wrong with a template, and where.

use crate::drawing::SVG;
use roxmltree::Node;
use std::fmt;

/// One mistake in a template, with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Counted from 1, in characters.
    pub line: u32,
    pub column: u32,
    pub kind: MistakeKind,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MistakeKind {
    #[error("not well-formed XML: {0}")]
    Xml(String),
    #[error("larger than {limit} {what}")]
    TooLarge { limit: usize, what: &'static str },
    #[error("the outermost element must be <svg xmlns=\"{SVG}\">")]
    NotSvg,
    #[error("<svg> needs viewBox=\"0 0 WIDTH HEIGHT\" with both above 0")]
    NoViewBox,
    #[error("<{0}> is not allowed in a badge: draw with shapes, gradients, clips and text")]
    Element(String),
    #[error("attribute {name}={value:?} is not allowed: {why}")]
    Attribute { name: String, value: String, why: String },
    #[error("<text> holds one plain line (a slot or words); use w:width and w:lines to wrap it")]
    Text,
    #[error("{{{{{name}}}}} is not a declared slot; declared: {declared}")]
    UndeclaredSlot { name: String, declared: String },
    #[error("slot {name:?}: {why}")]
    Slot { name: String, why: String },
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.kind)
    }
}

pub(crate) fn mistake(node: Node<'_, '_>, kind: MistakeKind) -> Mistake {
    let at = node.document().text_pos_at(node.range().start);
    Mistake { line: at.row, column: at.col, kind }
}

/// All mistakes of a template, in order of place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Mistakes {}
