//! XML of either generation of QTI from one set of names.

use crate::markup;

/// Which generation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::interchange) enum Dialect {
    V21,
    V3,
}

pub(super) struct Xml {
    dialect: Dialect,
    out: String,
}

impl Xml {
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, out: String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") }
    }

    pub fn fragment(dialect: Dialect) -> Self {
        Self { dialect, out: String::new() }
    }

    pub fn is_v3(&self) -> bool {
        self.dialect == Dialect::V3
    }

    fn name(&self, name: &str) -> String {
        if self.is_v3() { format!("qti-{}", kebab(name)) } else { name.to_owned() }
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)], end: &str) {
        let name = self.name(name);
        self.out.push_str(&format!("<{name}"));
        for (attribute, value) in attributes {
            let plain = attribute.contains(':') || attribute.starts_with("xmlns");
            let attribute = if self.is_v3() && !plain { kebab(attribute) } else { (*attribute).to_owned() };
            self.out.push_str(&format!(" {attribute}=\"{}\"", attribute_text(value)));
        }
        self.out.push_str(end);
    }

    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, ">");
    }

    pub fn close(&mut self, name: &str) {
        let name = self.name(name);
        self.out.push_str(&format!("</{name}>\n"));
    }

    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, "/>\n");
    }

    pub fn leaf(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        self.out.push_str(&markup::escape(text));
        self.close(name);
    }

    /// An element with text that is rendered already.
    pub fn rendered(&mut self, name: &str, attributes: &[(&str, &str)], html: &str) {
        self.open(name, attributes);
        self.out.push_str(html);
        self.close(name);
    }

    /// Markup of our own renderer, which is well-formed.
    pub fn raw(&mut self, html: &str) {
        self.out.push_str(html);
    }

    pub fn finish(self) -> String {
        self.out
    }
}

fn attribute_text(value: &str) -> String {
    markup::escape(value).replace('\n', "&#10;").replace('\t', "&#9;")
}

/// `responseIdentifier` to `response-identifier`.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// Blocks of Markdown as XHTML.
pub(super) fn blocks(markdown: &str) -> String {
    of_qti(&markup::blocks(markdown))
}

pub(super) fn inline(markdown: &str) -> String {
    of_qti(&markup::inline(markdown))
}

/// Without the attribute that QTI does not know, and with the namespace that HTML does without.
fn of_qti(html: &str) -> String {
    html.replace(" rel=\"noopener noreferrer nofollow\"", "")
        .replace("<math", "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"")
}
