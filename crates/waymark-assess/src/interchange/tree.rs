//! XML as a small tree of our own, read under caps: no document type (so no entity can be declared and nothing outside is
//! named), bounded size, depth, elements, and attributes of one tag. Names of QTI 3 (`qti-choice-interaction`,
//! `response-identifier`) come out as those of QTI 2 (`choiceInteraction`, `responseIdentifier`): one reader serves both.

use crate::mistake::Mistake;
use roxmltree::{Document, Node as XmlNode, ParsingOptions};
use std::ops::Range;

/// Deeper nesting is refused before anything is parsed.
const MAX_XML_DEPTH: usize = 100;
/// More attributes in one tag are refused: comparing them all with each other takes the square of their number.
const MAX_ATTRIBUTES: usize = 200;
const MAX_NODES: u32 = 1_000_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Text(String),
    Element(Element),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
    /// Where it begins, counting from 1; 0 in a piece of HTML.
    pub line: usize,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    pub fn child(&self, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.name == name)
    }

    pub fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.elements().filter(move |element| element.name == name)
    }

    /// The text of the element and of all in it.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.collect(&mut out);
        out
    }

    fn collect(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) => element.collect(out),
            }
        }
    }

    /// Every element in it, itself first.
    pub fn descend<'e>(&'e self, found: &mut Vec<&'e Self>) {
        found.push(self);
        for element in self.elements() {
            element.descend(found);
        }
    }

    /// The elements in it that `wanted` takes, in the order of the document.
    pub fn find(&self, wanted: impl Fn(&Self) -> bool) -> Vec<&Self> {
        let mut all = Vec::new();
        self.descend(&mut all);
        all.retain(|element| wanted(element));
        all
    }
}

/// Reads a document whose first line is line `first` of its file.
///
/// # Errors
/// The line and what is wrong there.
pub(super) fn parse(bytes: &[u8], first: usize) -> Result<Element, (usize, Mistake)> {
    let bytes = super::without_mark(bytes);
    let text = std::str::from_utf8(bytes)
        .map_err(|wrong| (first - 1 + super::Lines::new(bytes).at(wrong.valid_up_to()), xml_not_utf8()))?;
    let bare = bounded(text).map_err(|(at, mistake)| (first - 1 + super::Lines::new(bytes).at(at), mistake))?;
    // A name alone declares nothing, and the parser would not have it.
    let without: String;
    let text = match bare {
        Some(range) => {
            let blank = text[range.clone()].replace(|c: char| c != '\n', " ");
            without = [&text[..range.start], &blank, &text[range.end..]].concat();
            without.as_str()
        }
        None => text,
    };
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|wrong| {
        let line = usize::try_from(wrong.pos().row).unwrap_or(1).max(1);
        (first - 1 + line, refused(&wrong))
    })?;
    let mut lines = super::Lines::new(text.as_bytes());
    Ok(element(document.root_element(), first - 1, &mut lines))
}

fn element(node: XmlNode<'_, '_>, before: usize, lines: &mut super::Lines<'_>) -> Element {
    let line = before + lines.at(node.range().start);
    let attributes = node.attributes().map(|a| {
        let name = if a.namespace().is_some_and(|n| n == "http://www.w3.org/XML/1998/namespace") {
            format!("xml:{}", a.name())
        } else {
            camel(a.name())
        };
        (name, a.value().to_owned())
    });
    let attributes = attributes.collect();
    let mut children = Vec::new();
    for child in node.children() {
        if child.is_element() {
            children.push(Node::Element(element(child, before, lines)));
        } else if let Some(text) = child.text().filter(|_| child.is_text()) {
            children.push(Node::Text(text.to_owned()));
        }
    }
    let name = node.tag_name().name();
    Element { name: camel(name.strip_prefix("qti-").unwrap_or(name)), attributes, children, line }
}

/// `response-identifier` to `responseIdentifier`; `data-x` and `aria-x` stay.
fn camel(name: &str) -> String {
    if !name.contains('-') || name.starts_with("data-") || name.starts_with("aria-") {
        return name.to_owned();
    }
    let mut parts = name.split('-');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut letters = part.chars();
        out.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

/// A look at the tags alone, before the parser spends anything on them. Answers the place of a document type that is a name alone.
fn bounded(text: &str) -> Result<Option<Range<usize>>, (usize, Mistake)> {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut bare) = (0, 0_usize, None);
    let skip = |from: usize, end: &str| text[from..].find(end).map_or(bytes.len(), |n| from + n + end.len());
    while let Some(found) = text[at..].find('<') {
        let start = at + found;
        let rest = &text[start..];
        if rest.starts_with("<!--") {
            at = skip(start, "-->");
        } else if rest.starts_with("<![CDATA[") {
            at = skip(start, "]]>");
        } else if rest.starts_with("<?") {
            at = skip(start, "?>");
        } else if rest.starts_with("<!") {
            let length = bare_document_type(rest).filter(|_| bare.is_none() && depth == 0);
            at = start + length.ok_or_else(|| (start, no_document_type()))?;
            bare = Some(start..at);
        } else {
            let (end, attributes) = tag_end(bytes, start);
            if attributes > MAX_ATTRIBUTES {
                return Err((start, too_many_attributes()));
            }
            let empty = end >= 2 && bytes[end - 2] == b'/';
            if rest.starts_with("</") {
                depth = depth.saturating_sub(1);
            } else if !empty {
                depth += 1;
            }
            if depth > MAX_XML_DEPTH {
                return Err((start, too_deep()));
            }
            at = end;
        }
    }
    Ok(bare)
}

/// How long `<!DOCTYPE name>` is, if that is what stands here: no file that it names, no subset of its own.
fn bare_document_type(text: &str) -> Option<usize> {
    let inside = text.strip_prefix("<!DOCTYPE")?.split('>').next()?;
    let name = inside.trim();
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_:.".contains(c));
    (plain && inside.starts_with(char::is_whitespace)).then_some("<!DOCTYPE>".len() + inside.len())
}

/// The place behind the tag that begins at `start`, and how many attributes it has.
fn tag_end(bytes: &[u8], start: usize) -> (usize, usize) {
    let (mut quote, mut attributes) = (None, 0);
    for (n, byte) in bytes.iter().enumerate().skip(start) {
        match (quote, *byte) {
            (None, b'>') => return (n + 1, attributes),
            (None, b'=') => attributes += 1,
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    (bytes.len(), attributes)
}

fn refused(wrong: &roxmltree::Error) -> Mistake {
    match wrong {
        roxmltree::Error::DtdDetected => no_document_type(),
        roxmltree::Error::NodesLimitReached => Mistake::new(
            "",
            "too_many_elements",
            format!("the XML has more than {MAX_NODES} elements: split the file"),
            format!("XMLの要素が{MAX_NODES}個を超えています。ファイルを分けてください"),
        ),
        other => Mistake::new(
            "",
            "xml_syntax",
            format!("this is not well-formed XML ({other}): correct it, or export the file again"),
            format!("XMLとして正しくありません({other})。直すか、書き出し直してください"),
        ),
    }
}

fn xml_not_utf8() -> Mistake {
    Mistake::new(
        "",
        "not_utf8",
        "the XML is not UTF-8: export it again in UTF-8",
        "XMLの文字コードがUTF-8ではありません。UTF-8で書き出し直してください",
    )
}

fn no_document_type() -> Mistake {
    Mistake::new(
        "",
        "document_type",
        "the XML declares a document type or entities, which could read other files or unfold without end: remove `<!DOCTYPE …>`",
        "XMLに文書型や実体の宣言があります。ほかのファイルを読み込んだり際限なく膨らんだりするおそれがあるため受け付けません。<!DOCTYPE …> を消してください",
    )
}

fn too_many_attributes() -> Mistake {
    Mistake::new(
        "",
        "too_many_attributes",
        format!("a tag has more than {MAX_ATTRIBUTES} attributes: this is no item"),
        format!("1つのタグに属性が{MAX_ATTRIBUTES}個を超えてあります。設問とは認められません"),
    )
}

fn too_deep() -> Mistake {
    Mistake::new(
        "",
        "too_deep",
        format!("elements are nested more than {MAX_XML_DEPTH} deep: flatten them"),
        format!("要素の入れ子が{MAX_XML_DEPTH}段を超えています。浅くしてください"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> (usize, &'static str) {
        let (line, mistake) = parse(text.as_bytes(), 1).expect_err("refused");
        (line, mistake.code)
    }

    #[test]
    fn names_of_both_generations_come_out_alike() {
        let three =
            parse(b"<qti-item-body><qti-simple-choice fixed='true' show-hide='show' data-x-y='1'/></qti-item-body>", 1);
        let three = three.expect("read");
        assert_eq!(three.name, "itemBody");
        let choice = three.child("simpleChoice").expect("there");
        assert_eq!((choice.attribute("showHide"), choice.attribute("data-x-y")), (Some("show"), Some("1")));
    }

    #[test]
    fn what_unfolds_or_reaches_out_is_refused_before_parsing() {
        assert_eq!(
            code("<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\n<a>&x;</a>"),
            (2, "document_type")
        );
        assert_eq!(code(&format!("{}{}", "<a>".repeat(200_000), "</a>".repeat(200_000))), (1, "too_deep"));
        let many: String = (0..5000).map(|n| format!(" a{n}='1'")).collect();
        assert_eq!(code(&format!("<a{many}/>")), (1, "too_many_attributes"));
        assert_eq!(code("<!DOCTYPE a SYSTEM 'a.dtd'><a/>"), (1, "document_type"));
        assert_eq!(code("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"), (1, "document_type"));
        assert_eq!(code("<!DOCTYPE a><!DOCTYPE a><a/>"), (1, "document_type"));
        assert_eq!(code("<a><!DOCTYPE a></a>"), (1, "document_type"));
        let bare = parse(b"<?xml version='1.0'?>\n<!DOCTYPE\n a >\n<a/>", 1).expect("a name alone declares nothing");
        assert_eq!((bare.name.as_str(), bare.line), ("a", 4));
        assert_eq!(code("<a>\n<b>\n</a>"), (3, "xml_syntax"));
        assert_eq!(code("<a>&undeclared;</a>").1, "xml_syntax");
        let deep = format!("{}{}", "<a>".repeat(MAX_XML_DEPTH), "</a>".repeat(MAX_XML_DEPTH));
        assert!(parse(deep.as_bytes(), 1).is_ok());
    }
}
