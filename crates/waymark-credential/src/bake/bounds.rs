//! What a picture may ask of the XML parser. Its work grows with the square of the attributes of an element and faster still with nested
//! namespace declarations, so both are counted first, in one pass over the bytes.

/// How deep elements may nest.
pub const MAX_DEPTH: usize = 32;
/// The most attributes of one element.
pub const MAX_ATTRIBUTES: usize = 64;
/// The most namespace declarations in the whole file.
pub const MAX_NAMESPACES: usize = 16;

/// What there is too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    #[error("its elements nest deeper than {MAX_DEPTH} levels")]
    Depth,
    #[error("an element has more than {MAX_ATTRIBUTES} attributes")]
    Attributes,
    #[error("it declares more than {MAX_NAMESPACES} namespaces")]
    Namespaces,
}

/// Counts. Stops without a word where the text is no XML or declares a document type: the parser, which follows, says so and reads no further.
pub(super) fn check(xml: &str) -> Result<(), TooMuch> {
    let (mut depth, mut namespaces) = (0_usize, 0_usize);
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let skipped = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];
        if let Some((open, close)) = skipped.iter().find(|(open, _)| rest.starts_with(open)) {
            let Some(end) = rest[open.len()..].find(close) else { return Ok(()) };
            rest = &rest[open.len() + end + close.len()..];
        } else if rest.starts_with("<!") {
            return Ok(());
        } else if rest.starts_with("</") {
            depth = depth.saturating_sub(1);
            rest = &rest[2..];
        } else {
            let Some(tag) = start_tag(rest) else { return Ok(()) };
            namespaces += tag.namespaces;
            depth += 1;
            if depth > MAX_DEPTH {
                return Err(TooMuch::Depth);
            }
            if tag.attributes > MAX_ATTRIBUTES {
                return Err(TooMuch::Attributes);
            }
            if namespaces > MAX_NAMESPACES {
                return Err(TooMuch::Namespaces);
            }
            if tag.empty {
                depth -= 1;
            }
            rest = &rest[tag.length..];
        }
    }
    Ok(())
}

struct StartTag {
    length: usize,
    attributes: usize,
    namespaces: usize,
    empty: bool,
}

/// The start tag that `text` begins with; none where it does not end or a `<` stands in it, which no tag may have.
fn start_tag(text: &str) -> Option<StartTag> {
    let bytes = text.as_bytes();
    let (mut quote, mut attributes, mut namespaces) = (None, 0, 0);
    for (at, &byte) in bytes.iter().enumerate().skip(1) {
        match (quote, byte) {
            (_, b'<') => return None,
            (None, b'>') => {
                return Some(StartTag { length: at + 1, attributes, namespaces, empty: bytes[at - 1] == b'/' });
            }
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                attributes += 1;
            }
            (None, b'x') if bytes[at - 1].is_ascii_whitespace() && bytes[at..].starts_with(b"xmlns") => namespaces += 1,
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize) -> String {
        format!("{}{}", "<g>".repeat(depth), "</g>".repeat(depth))
    }

    #[test]
    fn the_bounds_are_exact() {
        assert_eq!(check(&nested(MAX_DEPTH)), Ok(()));
        assert_eq!(check(&nested(MAX_DEPTH + 1)), Err(TooMuch::Depth));
        let attributes = |n: usize| format!("<g{}/>", (0..n).map(|i| format!(" a{i}='>'")).collect::<String>());
        assert_eq!(check(&attributes(MAX_ATTRIBUTES)), Ok(()));
        assert_eq!(check(&attributes(MAX_ATTRIBUTES + 1)), Err(TooMuch::Attributes));
        let declared =
            |n: usize| format!("<g>{}</g>", (0..n).map(|i| format!("<g\nxmlns:a{i}=\"u\"/>")).collect::<String>());
        assert_eq!(check(&declared(MAX_NAMESPACES)), Ok(()));
        assert_eq!(check(&declared(MAX_NAMESPACES + 1)), Err(TooMuch::Namespaces));
    }

    #[test]
    fn what_is_no_element_counts_for_nothing_and_hides_nothing() {
        let many = "<g>".repeat(MAX_DEPTH + 1);
        for around in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?x ", "?>")] {
            let (open, close) = around;
            assert_eq!(check(&format!("<g>{open}{many}{close}</g>")), Ok(()), "{open}");
            assert_eq!(check(&format!("<g>{open}{close}{many}")), Err(TooMuch::Depth), "{open}");
            assert_eq!(
                check(&format!("<g a=\"{open}\"/>{many}")),
                Ok(()),
                "no tag has a < in it: the parser stops there"
            );
        }
        assert_eq!(check(&"<g a='/'/>".repeat(1000)), Ok(()), "siblings are not deep");
        assert_eq!(check(&format!("<g a='/'>{many}")), Err(TooMuch::Depth));
    }
}
