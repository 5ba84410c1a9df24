//! N-Quads → quads, for the test files.

use std::collections::HashMap;
use waymark_credential::canonical::{Node, Object, Quad, Text};

const XSD_STRING: &str = "http://www.w3.org/2001/XMLSchema#string";

/// The quads in `text` and, by number, the labels of the blank nodes.
pub fn parse(text: &str) -> (Vec<Quad<'static>>, Vec<String>) {
    let mut labels: HashMap<String, u32> = HashMap::new();
    let mut quads = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
        let mut rest = line;
        let subject = node(&mut rest, &mut labels);
        let Node::Iri(predicate) = node(&mut rest, &mut labels) else { panic!("a predicate is an IRI: {line}") };
        let object = object(&mut rest, &mut labels);
        let graph = (!rest.trim_start().starts_with('.')).then(|| node(&mut rest, &mut labels));
        quads.push(Quad { subject, predicate, object, graph });
    }
    let mut by_number: Vec<(u32, String)> = labels.into_iter().map(|(label, number)| (number, label)).collect();
    by_number.sort_unstable();
    (quads, by_number.into_iter().map(|(_, label)| label).collect())
}

fn node(rest: &mut &str, labels: &mut HashMap<String, u32>) -> Node<'static> {
    let text = rest.trim_start();
    if let Some(iri) = text.strip_prefix('<') {
        let (iri, after) = iri.split_once('>').unwrap();
        *rest = after;
        return Node::Iri(Text::Owned(unescape(iri)));
    }
    let label = text.strip_prefix("_:").unwrap();
    let end = label.find([' ', '\t']).unwrap_or(label.len());
    *rest = &label[end..];
    let next = labels.len() as u32;
    Node::Blank(*labels.entry(label[..end].to_owned()).or_insert(next))
}

fn object(rest: &mut &str, labels: &mut HashMap<String, u32>) -> Object<'static> {
    let Some(quoted) = rest.trim_start().strip_prefix('"') else { return Object::Node(node(rest, labels)) };
    let mut escaped = false;
    let end = quoted
        .char_indices()
        .find(|(_, c)| {
            let closes = *c == '"' && !escaped;
            escaped = *c == '\\' && !escaped;
            closes
        })
        .unwrap()
        .0;
    let value = Text::Owned(unescape(&quoted[..end]));
    let after = &quoted[end + 1..];
    let literal = |datatype: Text<'static>, language| Object::Literal { value, datatype, language };
    if let Some(datatype) = after.strip_prefix("^^<") {
        let (datatype, after) = datatype.split_once('>').unwrap();
        *rest = after;
        return literal(Text::Owned(unescape(datatype)), None);
    }
    if let Some(language) = after.strip_prefix('@') {
        let end = language.find(' ').unwrap();
        *rest = &language[end..];
        return literal(Text::Borrowed(XSD_STRING), Some(Text::Owned(language[..end].to_owned())));
    }
    *rest = after;
    literal(Text::Borrowed(XSD_STRING), None)
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        let code = |rest: &mut std::str::Chars<'_>, digits: usize| {
            let hex: String = rest.by_ref().take(digits).collect();
            char::from_u32(u32::from_str_radix(&hex, 16).unwrap()).unwrap()
        };
        plain.push(match rest.next().unwrap() {
            't' => '\t',
            'b' => '\u{8}',
            'n' => '\n',
            'r' => '\r',
            'f' => '\u{c}',
            'u' => code(&mut rest, 4),
            'U' => code(&mut rest, 8),
            same => same,
        });
    }
    plain
}
