//! Quads of an RDF dataset, and how canonical N-Quads writes them (RDFC-1.0 §5).

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Text that lives in the document, in a context, or on its own.
#[derive(Clone)]
pub enum Text<'a> {
    Borrowed(&'a str),
    Shared(Arc<str>),
    Owned(String),
}

impl Text<'_> {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Shared(text) => text,
            Self::Owned(text) => text,
        }
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text<'_> {}

impl Hash for Text<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

/// A subject, an object or a graph name: an IRI or a blank node. Blank nodes of a dataset are numbered from 0 without gaps.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node<'a> {
    Iri(Text<'a>),
    Blank(u32),
}

/// The third place of a quad.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Object<'a> {
    Node(Node<'a>),
    /// `datatype` is `xsd:string` for plain text; with a `language` it is not written.
    Literal {
        value: Text<'a>,
        datatype: Text<'a>,
        language: Option<Text<'a>>,
    },
}

/// One statement; `graph` is `None` in the default graph.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Quad<'a> {
    pub subject: Node<'a>,
    pub predicate: Text<'a>,
    pub object: Object<'a>,
    pub graph: Option<Node<'a>>,
}

pub(super) const XSD_STRING: &str = "http://www.w3.org/2001/XMLSchema#string";

impl Quad<'_> {
    /// The blank nodes in it with the position letters of RDFC-1.0 §4.7.
    pub(super) fn blanks(&self) -> impl Iterator<Item = (char, u32)> {
        let of = |position: char, node: Option<&Node<'_>>| match node {
            Some(Node::Blank(number)) => Some((position, *number)),
            _ => None,
        };
        let object = match &self.object {
            Object::Node(node) => Some(node),
            Object::Literal { .. } => None,
        };
        [of('s', Some(&self.subject)), of('o', object), of('g', self.graph.as_ref())].into_iter().flatten()
    }

    /// About as many bytes as its line has.
    pub(super) fn weight(&self) -> usize {
        let node = |node: &Node<'_>| match node {
            Node::Iri(iri) => iri.as_str().len(),
            Node::Blank(_) => 8,
        };
        let object = match &self.object {
            Object::Node(object) => node(object),
            Object::Literal { value, datatype, .. } => value.as_str().len() + datatype.as_str().len(),
        };
        node(&self.subject) + self.predicate.as_str().len() + object + self.graph.as_ref().map_or(0, node)
    }

    /// One line with its newline; `label` writes a blank node.
    pub(super) fn write(&self, out: &mut String, label: &mut dyn FnMut(u32, &mut String)) {
        write_node(&self.subject, out, label);
        out.push_str(" <");
        out.push_str(self.predicate.as_str());
        out.push_str("> ");
        match &self.object {
            Object::Node(node) => write_node(node, out, label),
            Object::Literal { value, datatype, language } => {
                write_quoted(value.as_str(), out);
                if let Some(language) = language {
                    out.push('@');
                    out.push_str(language.as_str());
                } else if datatype.as_str() != XSD_STRING {
                    out.push_str("^^<");
                    out.push_str(datatype.as_str());
                    out.push('>');
                }
            }
        }
        if let Some(graph) = &self.graph {
            out.push(' ');
            write_node(graph, out, label);
        }
        out.push_str(" .\n");
    }
}

fn write_node(node: &Node<'_>, out: &mut String, label: &mut dyn FnMut(u32, &mut String)) {
    match node {
        Node::Iri(iri) => {
            out.push('<');
            out.push_str(iri.as_str());
            out.push('>');
        }
        Node::Blank(number) => label(*number, out),
    }
}

/// RDFC-1.0 §5: ECHAR for seven characters, UCHAR for the other controls, all else as it is.
pub(super) fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    // Nearly no text has anything to escape. No early exit: compilers make this sixteen bytes at a time.
    if !text.bytes().fold(false, |found, b| found | (b < b' ') | (b == b'"') | (b == b'\\') | (b == 0x7f)) {
        out.push_str(text);
        return out.push('"');
    }
    let mut clean = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape: &str = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x08 => "\\b",
            b'\t' => "\\t",
            b'\n' => "\\n",
            0x0c => "\\f",
            b'\r' => "\\r",
            0..0x20 | 0x7f => "",
            _ => continue,
        };
        out.push_str(&text[clean..at]);
        clean = at + 1;
        if escape.is_empty() {
            out.push_str(&format!("\\u{byte:04X}"));
        } else {
            out.push_str(escape);
        }
    }
    out.push_str(&text[clean..]);
    out.push('"');
}
