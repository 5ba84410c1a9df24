//! A credential in an SVG: one `openbadges:credential` element directly under the root (Open Badges 3.0 §5.3.2).
//!
//! The picture is parsed as XML and never rendered. Document type declarations, and with them entities, are refused.

use roxmltree::{Document, Node, ParsingOptions};

use super::bounds::{self, TooMuch};

/// The most bytes a baked picture may have.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// The most XML nodes that are read.
const MAX_NODES: u32 = 50_000;

const SVG: &str = "http://www.w3.org/2000/svg";
const OPEN_BADGES: &str = "https://purl.imsglobal.org/ob/v3p0";
const OPEN_BADGES_2_0: &str = "http://openbadges.org";

/// Why an SVG could not be baked or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SvgError {
    #[error("the picture is larger than {MAX_BYTES} bytes")]
    TooLarge,
    #[error("the picture asks for too much work: {0}; save it again as a plain SVG")]
    TooComplex(#[from] TooMuch),
    #[error("this is not an SVG file: {0}")]
    NotSvg(String),
    #[error("the picture declares a document type, which could hide entities; save it without one")]
    DocumentType,
    #[error("there is no credential in this picture")]
    NoCredential,
    #[error("this picture carries an Open Badges 2.0 assertion, not an Open Badges 3.0 credential")]
    OpenBadges2,
    #[error("there is more than one credential in this picture")]
    SecondCredential,
    #[error("the credential does not stand directly under the root of the picture")]
    WrongPlace,
    #[error("the credential element must hold either a verify attribute or one text, and nothing else")]
    WrongForm,
}

impl SvgError {
    /// Stable name for reports and messages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "svg_too_large",
            Self::TooComplex(_) => "svg_too_complex",
            Self::NotSvg(_) => "not_svg",
            Self::DocumentType => "svg_document_type",
            Self::NoCredential => "svg_no_credential",
            Self::OpenBadges2 => "open_badges_2",
            Self::SecondCredential => "svg_second_credential",
            Self::WrongPlace => "svg_wrong_place",
            Self::WrongForm => "svg_wrong_form",
        }
    }
}

/// Takes the one credential out of a baked picture: the JSON of its body or the JWS of its `verify` attribute.
pub fn unbake(svg: &str) -> Result<String, SvgError> {
    let document = parse(svg)?;
    let mut found = credentials(&document);
    let Some(element) = found.next() else {
        let old = document.descendants().any(|node| node.tag_name().namespace() == Some(OPEN_BADGES_2_0));
        return Err(if old { SvgError::OpenBadges2 } else { SvgError::NoCredential });
    };
    if found.next().is_some() {
        return Err(SvgError::SecondCredential);
    }
    if element.parent() != Some(document.root_element()) {
        return Err(SvgError::WrongPlace);
    }
    if element.children().any(|child| !child.is_text()) {
        return Err(SvgError::WrongForm);
    }
    let body: String = element.children().filter_map(|child| child.text()).collect();
    match (element.attribute("verify"), body.trim()) {
        (Some(jws), "") if !jws.is_empty() => Ok(jws.to_owned()),
        (None, json) if !json.is_empty() => Ok(json.to_owned()),
        _ => Err(SvgError::WrongForm),
    }
}

/// Takes the one Open Badges 2.0 assertion out of a picture: its JSON where it is there, else the address that `verify` holds.
pub fn unbake_2_0(svg: &str) -> Result<String, SvgError> {
    let document = parse(svg)?;
    let mut found = document.descendants().filter(|node| node.has_tag_name((OPEN_BADGES_2_0, "assertion")));
    let element = found.next().ok_or(SvgError::NoCredential)?;
    if found.next().is_some() {
        return Err(SvgError::SecondCredential);
    }
    if element.children().any(|child| !child.is_text()) {
        return Err(SvgError::WrongForm);
    }
    let body: String = element.children().filter_map(|child| child.text()).collect();
    match (element.attribute("verify"), body.trim()) {
        (_, json) if !json.is_empty() => Ok(json.to_owned()),
        (Some(address), _) if !address.is_empty() => Ok(address.to_owned()),
        _ => Err(SvgError::WrongForm),
    }
}

/// Writes `credential` (its JSON or its compact JWS) into the picture; a credential already there is replaced.
pub fn bake(svg: &str, credential: &str) -> Result<String, SvgError> {
    let bare = without_credential(svg)?;
    let document = parse(&bare)?;
    let root = document.root_element();
    let open = start_tag_end(&bare, root.range().start).ok_or_else(|| SvgError::NotSvg("unclosed root".into()))?;
    let declared = root.lookup_namespace_uri(Some("openbadges"));
    if declared.is_some_and(|uri| uri != OPEN_BADGES) {
        return Err(SvgError::NotSvg("the prefix openbadges is bound to another namespace".into()));
    }
    let declaration = if declared.is_none() { format!(" xmlns:openbadges=\"{OPEN_BADGES}\"") } else { String::new() };
    let element = if credential.trim_start().starts_with('{') {
        // The end of a section inside the text is parted over two sections, which read as one text: byte for byte what went in.
        let json = credential.replace("]]>", "]]]]><![CDATA[>");
        // XML has no such characters. They occur in JSON inside strings only, where their escapes mean the same.
        let json = json.replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff");
        format!("<openbadges:credential><![CDATA[{json}]]></openbadges:credential>")
    } else if credential.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)) {
        format!("<openbadges:credential verify=\"{credential}\"/>")
    } else {
        return Err(SvgError::WrongForm);
    };
    let (head, tail) = bare.split_at(open);
    let baked = match head.strip_suffix("/>") {
        Some(head) => {
            let name = bare[root.range().start + 1..].split(|c: char| c.is_whitespace() || c == '/' || c == '>').next();
            format!("{head}{declaration}>{element}</{}>{tail}", name.unwrap_or("svg"))
        }
        None => format!("{}{declaration}>{element}{tail}", &head[..open - 1]),
    };
    if baked.len() > MAX_BYTES {
        return Err(SvgError::TooLarge);
    }
    Ok(baked)
}

fn parse(svg: &str) -> Result<Document<'_>, SvgError> {
    if svg.len() > MAX_BYTES {
        return Err(SvgError::TooLarge);
    }
    bounds::check(svg)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(svg, options).map_err(|error| match error {
        roxmltree::Error::DtdDetected => SvgError::DocumentType,
        other => SvgError::NotSvg(other.to_string()),
    })?;
    let root = document.root_element().tag_name();
    if (root.namespace(), root.name()) != (Some(SVG), "svg") {
        return Err(SvgError::NotSvg(format!("the root element is {}", root.name())));
    }
    Ok(document)
}

fn credentials<'a, 'input>(document: &'a Document<'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    document.descendants().filter(|node| node.has_tag_name((OPEN_BADGES, "credential")))
}

fn without_credential(svg: &str) -> Result<String, SvgError> {
    let document = parse(svg)?;
    let mut bare = svg.to_owned();
    let ranges: Vec<_> = credentials(&document).map(|node| node.range()).collect();
    if ranges.windows(2).any(|pair| pair[1].start < pair[0].end) {
        return Err(SvgError::WrongForm);
    }
    for range in ranges.into_iter().rev() {
        bare.replace_range(range, "");
    }
    Ok(bare)
}

/// The byte after the `>` that closes the start tag at `start`, `>` inside quotes left aside.
fn start_tag_end(svg: &str, start: usize) -> Option<usize> {
    let mut quote = None;
    for (offset, byte) in svg.bytes().enumerate().skip(start) {
        match (quote, byte) {
            (None, b'>') => return Some(offset + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLAIN: &str =
        r##"<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" desc="a > b"><rect fill="#123"/></svg>"##;

    fn with(inner: &str) -> String {
        format!(r#"<svg xmlns="{SVG}" xmlns:openbadges="{OPEN_BADGES}">{inner}<g/></svg>"#)
    }

    #[test]
    fn json_and_jws_come_out_as_they_went_in() {
        for text in [r#"{"name":"a ]]> b & <c>"}"#, "eyJh.eyJi.c2ln"] {
            let baked = bake(PLAIN, text).unwrap();
            assert_eq!(unbake(&baked).unwrap(), text);
            let document = Document::parse(&baked).unwrap();
            let first = document.root_element().first_element_child().unwrap();
            assert!(first.has_tag_name((OPEN_BADGES, "credential")));
            assert_eq!(document.root_element().attribute("desc"), Some("a > b"));
        }
        assert_eq!(bake(PLAIN, "\"><script/>"), Err(SvgError::WrongForm));
    }

    #[test]
    fn baking_again_replaces_and_an_empty_root_opens() {
        let twice = bake(&bake(PLAIN, "a.b.c").unwrap(), "{\"x\":1}").unwrap();
        assert_eq!(unbake(&twice).unwrap(), "{\"x\":1}");
        let empty = format!(r#"<s:svg xmlns:s="{SVG}"/>"#);
        assert_eq!(unbake(&bake(&empty, "a.b.c").unwrap()).unwrap(), "a.b.c");
    }

    #[test]
    fn two_credentials_are_refused_wherever_they_stand() {
        let one = "<openbadges:credential verify=\"a.b.c\"/>";
        assert_eq!(unbake(&with(one)).unwrap(), "a.b.c");
        assert_eq!(unbake(&with(&format!("{one}{one}"))), Err(SvgError::SecondCredential));
        assert_eq!(unbake(&with(&format!("{one}<g>{one}</g>"))), Err(SvgError::SecondCredential));
        assert_eq!(unbake(&with(&format!("<g>{one}</g>"))), Err(SvgError::WrongPlace));
        let nested = "<openbadges:credential><openbadges:credential>{}</openbadges:credential></openbadges:credential>";
        assert_eq!(unbake(&with(nested)), Err(SvgError::SecondCredential));
        assert!(bake(&with(nested), "a.b.c").is_err());
    }

    #[test]
    fn one_form_at_a_time() {
        for inner in [
            "<openbadges:credential/>",
            "<openbadges:credential verify=\"\"/>",
            "<openbadges:credential verify=\"a.b.c\">{}</openbadges:credential>",
            "<openbadges:credential>{}<g/></openbadges:credential>",
            "<openbadges:credential>{<!-- -->}</openbadges:credential>",
        ] {
            assert_eq!(unbake(&with(inner)), Err(SvgError::WrongForm), "{inner}");
        }
    }

    #[test]
    fn entities_cannot_hide_anything() {
        let bomb = format!(
            r#"<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="{SVG}" xmlns:openbadges="{OPEN_BADGES}"><openbadges:credential>&b;</openbadges:credential></svg>"#
        );
        assert_eq!(unbake(&bomb), Err(SvgError::DocumentType));
        let outside = format!(r#"<!DOCTYPE svg SYSTEM "file:///etc/passwd"><svg xmlns="{SVG}"/>"#);
        assert_eq!(unbake(&outside), Err(SvgError::DocumentType));
    }

    /// Each would keep the parser busy for minutes: that this test ends is what it shows.
    #[test]
    fn little_that_asks_for_much_is_refused_before_it_is_parsed() {
        let nested: String = (0..15_000).map(|n| format!("<svg xmlns:a{n}=\"u\">")).collect();
        let nested = format!("<svg xmlns=\"{SVG}\">{nested}{}</svg>", "</svg>".repeat(15_000));
        assert_eq!(unbake(&nested), Err(SvgError::TooComplex(TooMuch::Namespaces)));
        let wide: String = (0..200_000).map(|n| format!(" a{n}=\"\"")).collect();
        let wide = [
            format!("<svg xmlns=\"{SVG}\"{wide}/>"),
            format!("<?xml version=\"1.0\"?><!-- --><svg xmlns=\"{SVG}\"><g{wide}/></svg>"),
        ];
        for wide in wide {
            assert_eq!(unbake(&wide[..wide.len().min(MAX_BYTES)]), Err(SvgError::TooComplex(TooMuch::Attributes)));
            assert!(bake(&wide, "a.b.c").is_err());
        }
    }

    #[test]
    fn other_files_say_what_they_are() {
        assert_eq!(unbake(PLAIN), Err(SvgError::NoCredential));
        assert!(matches!(unbake("<html/>"), Err(SvgError::NotSvg(_))));
        assert!(matches!(unbake("<svg/>"), Err(SvgError::NotSvg(_))));
        let old =
            format!(r#"<svg xmlns="{SVG}" xmlns:o="http://openbadges.org"><o:assertion verify="https://x"/></svg>"#);
        assert_eq!(unbake(&old), Err(SvgError::OpenBadges2));
        assert_eq!(unbake_2_0(&old).unwrap(), "https://x");
        let whole = old.replace("/></svg>", "><![CDATA[{}]]></o:assertion></svg>");
        assert_eq!(unbake_2_0(&whole).unwrap(), "{}");
        let twice = old.replace("</svg>", "<o:assertion verify=\"https://y\"/></svg>");
        assert_eq!(unbake_2_0(&twice), Err(SvgError::SecondCredential));
        assert_eq!(unbake_2_0(&old.replace("https://x", "")), Err(SvgError::WrongForm));
        assert_eq!(unbake_2_0(PLAIN), Err(SvgError::NoCredential));
        let deep = format!("<svg xmlns=\"{SVG}\">{}", "<g>".repeat(100_000));
        assert_eq!(unbake(&deep), Err(SvgError::TooComplex(TooMuch::Depth)));
        let many = format!("<svg xmlns=\"{SVG}\">{}</svg>", "<g/>".repeat(60_000));
        assert!(matches!(unbake(&many), Err(SvgError::NotSvg(_))));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

        #[test]
        fn every_json_comes_out_byte_for_byte(name in any::<String>(), odd in "[\\]>&<\"']{0,12}") {
            let json = serde_json::json!({"name": name, "odd": odd}).to_string();
            let exact = bake(PLAIN, &json).unwrap();
            match name.contains(['\u{fffe}', '\u{ffff}']) {
                false => prop_assert_eq!(unbake(&exact).unwrap(), json),
                true => prop_assert_eq!(
                    serde_json::from_str::<serde_json::Value>(&unbake(&exact).unwrap()).unwrap(),
                    serde_json::from_str::<serde_json::Value>(&json).unwrap()
                ),
            }
        }

        #[test]
        fn arbitrary_text_never_panics(text in ".{0,200}", inner in "[<>/a-z:\"'= \\]\\[!&;]{0,80}") {
            let _ = unbake(&text);
            let _ = unbake(&with(&inner));
            let _ = bake(&text, "a.b.c");
            let _ = bake(&with(&inner), "{}");
        }
    }
}
