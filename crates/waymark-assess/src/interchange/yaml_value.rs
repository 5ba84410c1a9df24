//! One YAML value at a time, from the events of the parser: texts as typed, nothing that unfolds, no name twice.

use super::MAX_DEPTH;
use crate::mistake::Mistake;
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, StrInput};
use serde_json::{Map, Value};

/// Where the text stops being YAML, and why.
pub(super) type Failed = (usize, Mistake);

/// The events of a text with their lines.
pub(super) struct Load<'t> {
    parser: Parser<'t, StrInput<'t>>,
    /// The line of the file before the text begins.
    before: usize,
    last_line: usize,
}

impl<'t> Load<'t> {
    /// `first` is the line of the file that `text` begins with.
    pub fn new(text: &'t str, first: usize) -> Self {
        Self { parser: Parser::new_from_str(text), before: first.saturating_sub(1), last_line: first }
    }

    pub fn next(&mut self) -> Result<(Event<'t>, usize), Failed> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                self.last_line = self.before + span.start.line().max(1);
                Ok((event, self.last_line))
            }
            Some(Err(wrong)) => Err(syntax(&wrong, self.before + wrong.marker().line().max(1))),
            None => Ok((Event::StreamEnd, self.last_line)),
        }
    }

    /// One value. The outer error ends the file, the inner one this item: its events are all consumed in any case.
    pub fn value(&mut self, first: Event<'t>, line: usize) -> Result<Result<Value, Mistake>, Failed> {
        let mut refused = None;
        let mut open: Vec<Open> = Vec::new();
        let (mut event, mut line) = (first, line);
        loop {
            let done = match event {
                Event::Scalar(text, style, anchor, tag) => {
                    if anchor > 0 || tag.is_some() {
                        refused.get_or_insert_with(|| anchors_and_tags(line));
                    }
                    Some(plain(&text, style))
                }
                Event::Alias(_) => {
                    refused.get_or_insert_with(|| anchors_and_tags(line));
                    Some(Value::Null)
                }
                Event::SequenceStart(anchor, ref tag) | Event::MappingStart(anchor, ref tag) => {
                    if anchor > 0 || tag.is_some() {
                        refused.get_or_insert_with(|| anchors_and_tags(line));
                    }
                    if open.len() >= MAX_DEPTH {
                        refused.get_or_insert_with(|| too_deep(line));
                    }
                    open.push(if matches!(event, Event::MappingStart(..)) {
                        Open::mapping()
                    } else {
                        Open::List(Vec::new())
                    });
                    None
                }
                Event::SequenceEnd | Event::MappingEnd => open.pop().map(Open::close),
                _ => return Err((line, syntax_at(line, "the item ends too early"))),
            };
            if let Some(value) = done {
                let depth = open.len();
                match open.last_mut() {
                    None => return Ok(refused.map_or(Ok(value), Err)),
                    // Past the depth, values are let go at once, so that nothing deep is ever built.
                    Some(_) if depth > MAX_DEPTH => {}
                    Some(parent) => {
                        if let Err(mistake) = parent.add(value, line) {
                            refused.get_or_insert(mistake);
                        }
                    }
                }
            }
            (event, line) = self.next()?;
        }
    }
}

enum Open {
    List(Vec<Value>),
    Mapping { members: Map<String, Value>, name: Option<String> },
}

impl Open {
    fn mapping() -> Self {
        Self::Mapping { members: Map::new(), name: None }
    }

    fn add(&mut self, value: Value, line: usize) -> Result<(), Mistake> {
        match self {
            Self::List(items) => items.push(value),
            Self::Mapping { members, name } => match name.take() {
                Some(name) if members.contains_key(&name) => return Err(twice(&name, line)),
                Some(name) => drop(members.insert(name, value)),
                None => {
                    let text = match value {
                        Value::String(text) => text,
                        Value::Null => "null".into(),
                        Value::Bool(_) | Value::Number(_) => value.to_string(),
                        _ => {
                            *name = Some(String::new());
                            return Err(syntax_at(line, "a list or mapping stands where a name belongs"));
                        }
                    };
                    *name = Some(text);
                }
            },
        }
        Ok(())
    }

    fn close(self) -> Value {
        match self {
            Self::List(items) => Value::Array(items),
            Self::Mapping { members, .. } => Value::Object(members),
        }
    }
}

/// YAML 1.2 core schema (§10.3.2), but a number stays one only if it comes back as typed.
fn plain(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::from(text);
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => Value::from(number),
            _ => Value::from(text),
        },
    }
}

fn syntax(wrong: &ScanError, line: usize) -> Failed {
    let said = wrong.info();
    let mistake = Mistake::new(
        "",
        "yaml_syntax",
        format!(
            "line {line}: the YAML cannot be read: {said}; look for indentation, a quote or a colon here or just above"
        ),
        format!("{line}行目: YAMLとして読めません({said})。この行かすぐ上の字下げ、引用符、コロンを確かめてください"),
    );
    (line, mistake)
}

pub(super) fn syntax_at(line: usize, said: &str) -> Mistake {
    Mistake::new("", "yaml_syntax", format!("line {line}: {said}"), format!("{line}行目: 設問として読めません"))
}

fn anchors_and_tags(line: usize) -> Mistake {
    Mistake::new(
        "",
        "anchor_or_tag",
        format!(
            "line {line}: anchors (&), aliases (*) and tags (!) are not read: write the text out, or put it in quotes"
        ),
        format!(
            "{line}行目: アンカー(&)、エイリアス(*)、タグ(!)は使えません。文をそのまま書くか、引用符で囲んでください"
        ),
    )
}

fn too_deep(line: usize) -> Mistake {
    Mistake::new(
        "",
        "too_deep",
        format!("line {line}: the item nests too deeply: an item needs three levels"),
        format!("{line}行目: 入れ子が深すぎます"),
    )
}

fn twice(name: &str, line: usize) -> Mistake {
    let shown: String = name.chars().take(60).collect();
    Mistake::new(
        "",
        "duplicate_field",
        format!("line {line}: `{}` is there twice: keep one", shown.escape_debug()),
        format!("{line}行目: 「{}」が2度書かれています。1つにしてください", shown.escape_debug()),
    )
}
