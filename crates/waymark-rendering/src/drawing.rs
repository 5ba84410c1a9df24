//! The drawing as own types: what a template was admitted as, and how it is written out again.
//!
//! Nothing of the template's text is copied through: what is not one of these types is not in the picture.

use crate::fitting::Lettering;
use crate::fonts::Fonts;
use crate::slots::{Condition, Pieces};

pub(crate) const SVG: &str = "http://www.w3.org/2000/svg";
/// Namespace of slots and of the attributes that place text.
pub(crate) const WAYMARK: &str = "urn:waymark:badge";

#[derive(Debug, Clone)]
pub(crate) struct Element {
    pub(crate) name: &'static str,
    pub(crate) when: Option<Condition>,
    pub(crate) attributes: Vec<(String, Pieces)>,
    pub(crate) content: Content,
}

#[derive(Debug, Clone)]
pub(crate) enum Content {
    Children(Vec<Element>),
    /// The words of `title` and `desc`.
    Words(Pieces),
    /// A `text`: set as outlines.
    Lettering(Lettering, Pieces),
}

/// What became known while writing.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) svg: String,
    pub(crate) missing: Vec<char>,
    pub(crate) shortened: Vec<usize>,
}

impl Element {
    /// Writes the element with `values` in its slots; `root` adds the namespace.
    pub(crate) fn write(&self, values: &[String], fonts: &Fonts, root: bool, out: &mut Written) {
        if self.when.as_ref().is_some_and(|c| !c.holds(values)) {
            return;
        }
        let name = if matches!(self.content, Content::Lettering(..)) { "path" } else { self.name };
        out.svg.push('<');
        out.svg.push_str(name);
        if root {
            attribute("xmlns", SVG, &mut out.svg);
        }
        for (name, value) in &self.attributes {
            attribute(name, &value.resolve(values), &mut out.svg);
        }
        match &self.content {
            Content::Children(children) if children.is_empty() => out.svg.push_str("/>"),
            Content::Children(children) => {
                out.svg.push('>');
                for child in children {
                    child.write(values, fonts, false, out);
                }
                close(name, &mut out.svg);
            }
            Content::Words(words) => {
                out.svg.push('>');
                escape(&words.resolve(values), &mut out.svg);
                close(name, &mut out.svg);
            }
            Content::Lettering(lettering, words) => {
                let text = words.resolve(values);
                for c in fonts.missing_glyphs(&text) {
                    if !out.missing.contains(&c) {
                        out.missing.push(c);
                    }
                }
                let (path, shortened) = lettering.outline(&text, fonts);
                if shortened {
                    out.shortened.extend(words.slots());
                }
                attribute("d", &path, &mut out.svg);
                out.svg.push_str("/>");
            }
        }
    }
}

fn close(name: &str, out: &mut String) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(value, out);
    out.push('"');
}

/// Escapes for XML text and for attribute values in double quotes.
pub(crate) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_all_that_ends_a_text_or_an_attribute() {
        let mut out = String::new();
        escape("\"><script>&'\n", &mut out);
        assert_eq!(out, "&quot;&gt;&lt;script&gt;&amp;&#39; ");
    }
}
