//! What a drawing may ask of the XML parser. Its work grows with the square of the attributes of an element and faster still with nested
//! namespace declarations, so both are counted first, in one pass over the bytes. The credential crate reads baked pictures under the same bounds.

/// How deep elements may nest.
const MAX_DEPTH: usize = 32;
/// The most attributes of one element.
const MAX_ATTRIBUTES: usize = 64;
/// The most namespace declarations in the whole file.
const MAX_NAMESPACES: usize = 16;

/// More than `limit` of `what`.
pub(crate) struct TooMuch {
    pub limit: usize,
    pub what: &'static str,
}

/// Counts. Stops without a word where the text is no XML or declares a document type: the parser, which follows, says so and reads no further.
pub(crate) fn check(xml: &str) -> Result<(), TooMuch> {
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
                return Err(TooMuch { limit: MAX_DEPTH, what: "levels of elements" });
            }
            if tag.attributes > MAX_ATTRIBUTES {
                return Err(TooMuch { limit: MAX_ATTRIBUTES, what: "attributes of an element" });
            }
            if namespaces > MAX_NAMESPACES {
                return Err(TooMuch { limit: MAX_NAMESPACES, what: "namespace declarations" });
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
