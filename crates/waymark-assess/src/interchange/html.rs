//! HTML as authors' tools write it, into the same tree as XML: never fails, closes what was left open, drops scripts and
//! styles with all that is in them.

use super::tree::{Element, Node};

/// Elements below this depth are taken as if they stood at it.
const MAX_HTML_DEPTH: usize = 60;
const EMPTY: [&str; 11] = ["br", "hr", "img", "input", "col", "wbr", "source", "meta", "link", "embed", "param"];
const RAW: [&str; 3] = ["script", "style", "template"];

/// The nodes of a piece of HTML.
pub(crate) fn parse(text: &str) -> Vec<Node> {
    let mut open: Vec<Element> = vec![Element::default()];
    let mut at = 0;
    let mut ends = TagEnds::default();
    while at < text.len() {
        let rest = &text[at..];
        if let Some(after) = rest.strip_prefix("<!--") {
            at += after.find("-->").map_or(rest.len(), |n| n + 7);
            continue;
        }
        let tag = rest
            .strip_prefix('<')
            .filter(|after| after.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c)));
        let Some(inner) = tag.and_then(|after| ends.of(after).map(|end| &after[..end])) else {
            let skip = usize::from(rest.starts_with('<'));
            let end = rest[skip..].find('<').map_or(rest.len(), |n| n + skip);
            push(&mut open, Node::Text(decode(&rest[..end])));
            at += end;
            continue;
        };
        at += inner.len() + 2;
        if inner.starts_with(['!', '?']) {
            continue;
        }
        if let Some(name) = inner.strip_prefix('/') {
            close(&mut open, &name.trim().to_ascii_lowercase());
            continue;
        }
        let element = tag_of(inner);
        if RAW.contains(&element.name.as_str()) {
            let end = format!("</{}", element.name);
            let mut windows = text.as_bytes()[at..].windows(end.len());
            at = windows.position(|w| w.eq_ignore_ascii_case(end.as_bytes())).map_or(text.len(), |n| at + n);
            continue;
        }
        implied_end(&mut open, &element.name);
        if inner.ends_with('/') || EMPTY.contains(&element.name.as_str()) {
            push(&mut open, Node::Element(element));
        } else if open.len() < MAX_HTML_DEPTH {
            open.push(element);
        }
    }
    while open.len() > 1 {
        pop(&mut open);
    }
    open.pop().map(|root| root.children).unwrap_or_default()
}

/// Finds the ends of tags without ever looking twice through a text that has none.
#[derive(Default)]
struct TagEnds {
    quotes_broken: bool,
    none_left: bool,
}

impl TagEnds {
    fn of(&mut self, after: &str) -> Option<usize> {
        if self.none_left {
            return None;
        }
        if !self.quotes_broken {
            let mut quote = None;
            for (n, byte) in after.bytes().enumerate() {
                match (quote, byte) {
                    (None, b'>') => return Some(n),
                    (None, b'"' | b'\'') => quote = Some(byte),
                    (Some(open), byte) if open == byte => quote = None,
                    _ => {}
                }
            }
            self.quotes_broken = true;
        }
        let end = after.find('>');
        self.none_left = end.is_none();
        end
    }
}

fn tag_of(inner: &str) -> Element {
    let inner = inner.trim_end_matches('/');
    let end = inner.find(|c: char| c.is_whitespace()).unwrap_or(inner.len());
    let mut element = Element { name: inner[..end].to_ascii_lowercase(), ..Element::default() };
    let mut rest = inner[end..].trim_start();
    while !rest.is_empty() && element.attributes.len() < 50 {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| *c == '"' || *c == '\'');
            let (taken, left) = match quote {
                Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
            };
            value = decode(taken);
            rest = left.trim_start();
        } else if end == 0 {
            break;
        }
        element.attributes.push((name, value));
    }
    element
}

/// A new block ends a paragraph, a new list item the one before it.
fn implied_end(open: &mut Vec<Element>, name: &str) {
    let ends: &[&str] = match name {
        "p" | "div" | "ul" | "ol" | "table" | "blockquote" | "pre" => &["p"],
        "li" => &["li"],
        "tr" => &["tr", "td", "th"],
        "td" | "th" => &["td", "th"],
        _ => &[],
    };
    while open.len() > 1 && open.last().is_some_and(|last| ends.contains(&last.name.as_str())) {
        pop(open);
    }
}

fn close(open: &mut Vec<Element>, name: &str) {
    if open.iter().skip(1).any(|element| element.name == name) {
        while open.len() > 1 {
            let found = open.last().is_some_and(|last| last.name == name);
            pop(open);
            if found {
                return;
            }
        }
    }
}

fn pop(open: &mut Vec<Element>) {
    if let Some(element) = open.pop() {
        push(open, Node::Element(element));
    }
}

fn push(open: &mut [Element], node: Node) {
    if let Some(last) = open.last_mut() {
        last.children.push(node);
    }
}

/// Character references; those not known stay as they stand.
pub(super) fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        let known = end.and_then(|end| Some((character(&rest[1..end])?, end + 1)));
        match known {
            Some((c, length)) => {
                out.push(c);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    super::entities::named(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(nodes: &[Node]) -> String {
        let one = |node: &Node| match node {
            Node::Text(text) => text.clone(),
            Node::Element(element) => format!("<{}:{}>", element.name, outline(&element.children)),
        };
        nodes.iter().map(one).collect()
    }

    #[test]
    fn whatever_comes_is_closed_and_scripts_are_gone() {
        assert_eq!(outline(&parse("<p>a &amp; b<p>c<br>d")), "<p:a & b><p:c<br:>d>");
        assert_eq!(outline(&parse("<ul><li>a<li>b</ul>x < y &nope; &#x41;")), "<ul:<li:a><li:b>>x < y &nope; A");
        assert_eq!(outline(&parse("a<script>alert('</p>')</script>b<!-- c -->d")), "ab".to_owned() + "d");
        assert_eq!(outline(&parse("</b><i")), "<i");
        let img = parse("<img SRC='a b.png' alt=\"x &lt; y\" hidden>");
        let Node::Element(img) = &img[0] else { panic!("an element") };
        assert_eq!((img.attribute("src"), img.attribute("alt")), (Some("a b.png"), Some("x < y")));
    }

    proptest::proptest! {
        #![proptest_config(crate::drawn::cases(256))]

        #[test]
        fn no_text_is_too_broken(parts in proptest::collection::vec(proptest::sample::select(vec![
            "<", ">", "</", "/>", "p", "script", "li", "=", "\"", "'", "&", "#", "x41;", "é", " ", "<!--", "-->", "a",
        ]), 0..60)) {
            parse(&parts.concat());
        }
    }
}
