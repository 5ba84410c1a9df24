//! YAML as a value, with the line and column of everything in it. Anchors, aliases and tags are refused, so that a small file cannot unfold;
//! so are duplicate keys and a depth beyond 16. [`written`] is the way back.

mod write;

pub use write::written;

use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};
use serde_json::{Map, Value};

/// A parsed file. `places` leads from a JSON pointer to line and column, both from 1; the pointer of a field leads to its name.
pub struct Document {
    pub value: Value,
    places: BTreeMap<String, (usize, usize)>,
}

/// Why a file is not read at all.
#[derive(Debug)]
pub struct Broken {
    pub line: usize,
    pub column: usize,
    pub code: &'static str,
    pub detail: String,
}

const MAX_DEPTH: usize = 16;

impl Document {
    pub fn parse(text: &str) -> Result<Self, Broken> {
        let mut parser = Parser::new_from_str(text);
        let mut places = BTreeMap::new();
        let mut value = Value::Null;
        let mut documents = 0;
        loop {
            let (event, span) = next(&mut parser)?;
            match event {
                Event::StreamEnd => return Ok(Self { value, places }),
                Event::StreamStart | Event::DocumentEnd | Event::Nothing => {}
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(broken(
                            &span.start,
                            "several_documents",
                            "keep one document in a file: remove the line `---` and what follows it",
                        ));
                    }
                }
                event => value = read(&mut parser, event, &span, "", 0, &mut places)?,
            }
        }
    }

    /// Line and column of what the pointer names, or of the nearest thing around it.
    pub fn place(&self, pointer: &str) -> (usize, usize) {
        let mut pointer = pointer;
        loop {
            if let Some(place) = self.places.get(pointer) {
                return *place;
            }
            match pointer.rsplit_once('/') {
                Some((parent, _)) => pointer = parent,
                None => return (1, 1),
            }
        }
    }
}

type Events<'t> = Parser<'t, saphyr_parser::StrInput<'t>>;

fn next<'t>(parser: &mut Events<'t>) -> Result<(Event<'t>, Span), Broken> {
    match parser.next_event() {
        Some(Ok(found)) => Ok(found),
        Some(Err(e)) => Err(broken(e.marker(), "syntax", &format!("this is not YAML: {}", e.info()))),
        None => Ok((Event::StreamEnd, Span::default())),
    }
}

fn broken(at: &Marker, code: &'static str, detail: &str) -> Broken {
    Broken { line: at.line(), column: at.col() + 1, code, detail: detail.to_owned() }
}

fn read<'t>(
    parser: &mut Events<'t>,
    event: Event<'t>,
    span: &Span,
    pointer: &str,
    depth: usize,
    places: &mut BTreeMap<String, (usize, usize)>,
) -> Result<Value, Broken> {
    places.entry(pointer.to_owned()).or_insert((span.start.line(), span.start.col() + 1));
    if depth > MAX_DEPTH {
        return Err(broken(&span.start, "too_deep", "this nests deeper than 16 levels"));
    }
    let refused =
        || broken(&span.start, "anchor_or_tag", "anchors, aliases and tags are not read here: write the value out");
    match event {
        Event::Scalar(text, style, anchor, tag) => {
            if anchor > 0 || tag.is_some() {
                return Err(refused());
            }
            Ok(scalar(&text, style))
        }
        Event::SequenceStart(anchor, tag) => {
            if anchor > 0 || tag.is_some() {
                return Err(refused());
            }
            let mut entries = vec![];
            loop {
                let (event, span) = next(parser)?;
                if matches!(event, Event::SequenceEnd) {
                    return Ok(Value::Array(entries));
                }
                let at = format!("{pointer}/{}", entries.len());
                entries.push(read(parser, event, &span, &at, depth + 1, places)?);
            }
        }
        Event::MappingStart(anchor, tag) => {
            if anchor > 0 || tag.is_some() {
                return Err(refused());
            }
            let mut map = Map::new();
            loop {
                let (event, span) = next(parser)?;
                let name = match event {
                    Event::MappingEnd => return Ok(Value::Object(map)),
                    Event::Scalar(name, _, 0, None) => name.into_owned(),
                    _ => return Err(broken(&span.start, "complex_key", "a field's name must be a plain text")),
                };
                let at = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                if map.contains_key(&name) {
                    return Err(broken(&span.start, "duplicate_key", &format!("`{name}` stands here twice: keep one")));
                }
                places.insert(at.clone(), (span.start.line(), span.start.col() + 1));
                let (event, span) = next(parser)?;
                let value = read(parser, event, &span, &at, depth + 1, places)?;
                map.insert(name, value);
            }
        }
        Event::Alias(_) => Err(refused()),
        _ => Err(broken(&span.start, "syntax", "the file ends too early")),
    }
}

/// The YAML 1.2 core schema for plain scalars; quoted ones are always text.
fn scalar(text: &str, style: ScalarStyle) -> Value {
    match text {
        _ if style == ScalarStyle::Folded => Value::String(folded(text)),
        _ if style != ScalarStyle::Plain => Value::String(text.to_owned()),
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => text.parse::<i64>().map_or_else(|_| Value::String(text.to_owned()), Value::from),
    }
}

/// YAML folds a line break into a space; after Japanese punctuation no space belongs.
fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let after_punctuation = out.ends_with(['。', '、', '！', '？', '」', '』', '）', '：', '・']);
        let before_wide = letters.peek().is_some_and(|next| ('\u{3000}'..='\u{ffef}').contains(next));
        if !(letter == ' ' && after_punctuation && before_wide) {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_lines_fold_without_a_space() {
        let document = Document::parse("a: >-\n  一つめ。\n  二つめ、\n  Rust の話。 Yes\n  no\n").expect("YAML");
        assert_eq!(document.value["a"], "一つめ。二つめ、 Rust の話。 Yes no");
    }

    #[test]
    fn every_place_is_known() {
        let document = Document::parse("slug: a\nrequires:\n  all:\n    - {id: x, exam: {slug: e}}\n").expect("YAML");
        assert_eq!(document.place("/requires/all/0/exam/slug"), (4, 22));
        assert_eq!(document.place("/requires/all/0/nothing"), (4, 7));
        assert_eq!(document.place(""), (1, 1));
    }

    #[test]
    fn what_could_unfold_or_mislead_is_refused() {
        for (text, code) in [
            ("a: &x 1\nb: *x\n", "anchor_or_tag"),
            ("a: 1\na: 2\n", "duplicate_key"),
            ("a: !!binary aGk=\n", "anchor_or_tag"),
            ("a: 1\n---\nb: 2\n", "several_documents"),
            ("a: [1\n", "syntax"),
        ] {
            let refused = Document::parse(text).err().map(|b| b.code);
            assert_eq!(refused, Some(code), "{text}");
        }
        let deep = format!("a: {}{}", "[".repeat(40), "]".repeat(40));
        assert_eq!(Document::parse(&deep).err().map(|b| b.code), Some("too_deep"));
    }
}
