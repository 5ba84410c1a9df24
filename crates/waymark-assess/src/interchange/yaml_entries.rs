//! YAML banks: a list of items, or a mapping with the list under `items`. Texts keep what the author typed (1.50 stays
//! 1.50); anchors, aliases and tags are refused, so that a small file cannot unfold. Where the file as a whole does not
//! parse, each entry of a list that begins at the margin is tried by itself.

use super::{Entries, Entry, Lines, MAX_DEPTH, MAX_ITEMS, Warning, not_utf8};
use crate::{mistake::Mistake, strict::unknown_field};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};
use serde_json::{Map, Value};

pub(super) fn read(bytes: &[u8]) -> Entries {
    let failed = match std::str::from_utf8(bytes) {
        Err(wrong) => (Lines::new(bytes).at(wrong.valid_up_to()), not_utf8()),
        Ok(text) => match whole(text) {
            Ok(entries) => return entries,
            Err(failed) => failed,
        },
    };
    let mut entries = piece_by_piece(bytes);
    if entries.entries.is_empty() {
        entries.broken.push(failed);
    }
    entries
}

type Failed = (usize, Mistake);

fn whole(text: &str) -> Result<Entries, Failed> {
    let mut load = Load { parser: Parser::new_from_str(text), last_line: 1 };
    let mut out = Entries::default();
    loop {
        let (event, line) = load.next()?;
        match event {
            Event::SequenceStart(..) => load.list(&mut out)?,
            Event::MappingStart(..) => load.wrapper(&mut out, line)?,
            Event::StreamEnd => return Ok(out),
            Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {
                if matches!(event, Event::DocumentStart(_)) && !out.entries.is_empty() {
                    out.broken.push((line, several_documents()));
                    return Ok(out);
                }
            }
            _ => return Err((line, not_a_list())),
        }
    }
}

struct Load<'t> {
    parser: Parser<'t, StrInput<'t>>,
    last_line: usize,
}

impl<'t> Load<'t> {
    fn next(&mut self) -> Result<(Event<'t>, usize), Failed> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                self.last_line = line_of(&span);
                Ok((event, self.last_line))
            }
            Some(Err(wrong)) => Err(syntax(&wrong)),
            None => Ok((Event::StreamEnd, self.last_line)),
        }
    }

    fn list(&mut self, out: &mut Entries) -> Result<(), Failed> {
        loop {
            let (event, line) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                return Ok(());
            }
            let fields = self.value(event, line)?;
            if out.entries.len() <= MAX_ITEMS {
                out.entries.push(Entry { line, fields });
            }
        }
    }

    fn wrapper(&mut self, out: &mut Entries, begins: usize) -> Result<(), Failed> {
        let mut found = false;
        loop {
            let (event, line) = self.next()?;
            let name = match event {
                Event::MappingEnd if found => return Ok(()),
                Event::MappingEnd => return Err((begins, not_a_list())),
                Event::Scalar(name, ..) => name,
                _ => return Err((line, not_a_list())),
            };
            let (event, _) = self.next()?;
            match event {
                Event::SequenceStart(..) if name == "items" && !found => {
                    found = true;
                    self.list(out)?;
                }
                other => {
                    out.warnings.push(Warning { item: None, line, text: unknown_field("", &name, &["items"]) });
                    drop(self.value(other, line)?);
                }
            }
        }
    }

    /// One value. The outer error ends the file, the inner one this item: its events are all consumed in any case.
    fn value(&mut self, first: Event<'t>, line: usize) -> Result<Result<Value, Mistake>, Failed> {
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

/// Entries that begin with `- ` at the margin, each parsed by itself.
fn piece_by_piece(bytes: &[u8]) -> Entries {
    let mut out = Entries::default();
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    for (n, line) in bytes.split_inclusive(|b| *b == b'\n').enumerate() {
        if line.starts_with(b"- ") || line.trim_ascii_end() == b"-" {
            pieces.push((n + 1, start));
        }
        start += line.len();
    }
    let ends = pieces.iter().skip(1).map(|(_, start)| *start).chain([bytes.len()]).collect::<Vec<_>>();
    for ((line, start), end) in pieces.into_iter().zip(ends).take(MAX_ITEMS + 1) {
        let fields = match std::str::from_utf8(&bytes[start..end]) {
            Err(_) => Err(not_utf8()),
            Ok(piece) => match whole(piece) {
                Err((inner, mistake)) => Err(moved(&mistake, line + inner - 1)),
                Ok(mut one) => match (one.entries.pop(), one.entries.is_empty()) {
                    (Some(entry), true) => entry.fields,
                    _ => Err(syntax_at(line, "this is not one item")),
                },
            },
        };
        out.entries.push(Entry { line, fields });
    }
    out
}

fn moved(mistake: &Mistake, line: usize) -> Mistake {
    Mistake {
        message: format!("line {line}: {}", mistake.message),
        message_ja: format!("{line}行目: {}", mistake.message_ja),
        ..mistake.clone()
    }
}

fn line_of(span: &Span) -> usize {
    span.start.line().max(1)
}

fn syntax(wrong: &ScanError) -> Failed {
    let said = wrong.info();
    let mistake = Mistake::new(
        "",
        "yaml_syntax",
        format!("the YAML cannot be read: {said}; look for indentation, a quote or a colon here or just above"),
        format!("YAMLとして読めません({said})。この行かすぐ上の字下げ、引用符、コロンを確かめてください"),
    );
    (wrong.marker().line().max(1), mistake)
}

fn syntax_at(line: usize, said: &str) -> Mistake {
    Mistake::new("", "yaml_syntax", format!("line {line}: {said}"), format!("{line}行目: 設問として読めません"))
}

fn not_a_list() -> Mistake {
    Mistake::new(
        "",
        "not_a_list",
        "the file is not a list of items: begin each item with `- id: …`, at the margin or under `items:`",
        "設問のリストになっていません。各設問を行頭か items: の下の「- id: …」から始めてください",
    )
}

fn several_documents() -> Mistake {
    Mistake::new(
        "",
        "several_documents",
        "a second document begins here: put all items into one list",
        "ここから2つ目の文書が始まっています。設問を1つのリストにまとめてください",
    )
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    type Outlined = Vec<(usize, Result<Value, &'static str>)>;

    fn outline(text: &str) -> (Outlined, Vec<(usize, &'static str)>) {
        let out = read(text.as_bytes());
        let entries = out.entries.into_iter().map(|e| (e.line, e.fields.map_err(|m| m.code))).collect();
        (entries, out.broken.iter().map(|(line, m)| (*line, m.code)).collect())
    }

    #[test]
    fn texts_stay_as_typed() {
        let text = "# bank\n- {a: 1.50, b: 007, c: No, d: \"true\", e: 3, f: -4, g: 0x1F, h: '', i: ~}\n";
        let fields =
            json!({"a": "1.50", "b": "007", "c": "No", "d": "true", "e": 3, "f": -4, "g": "0x1F", "h": "", "i": null});
        assert_eq!(outline(text), (vec![(2, Ok(fields))], vec![]));
    }

    #[test]
    fn a_list_may_stand_under_items() {
        assert_eq!(outline("items:\n  - a: 1\n  - a: 2\n").0, vec![(2, Ok(json!({"a": 1}))), (3, Ok(json!({"a": 2})))]);
        assert_eq!(outline("title: x\n").1, vec![(1, "not_a_list")]);
        assert_eq!(outline("just text").1, vec![(1, "not_a_list")]);
        assert_eq!(outline("- a: 1\n---\n- a: 2\n").1, vec![(2, "several_documents")]);
    }

    #[test]
    fn one_bad_item_leaves_the_others() {
        let text = "- a: 1\n- a: 2\n  a: 3\n- &x {a: 4}\n- *x\n- a: !!python/object 5\n- a: 6\n";
        let (entries, broken) = outline(text);
        let codes: Vec<_> = entries.into_iter().map(|(_, fields)| fields.err()).collect();
        assert_eq!(
            codes,
            [None, Some("duplicate_field"), Some("anchor_or_tag"), Some("anchor_or_tag"), Some("anchor_or_tag"), None]
        );
        assert_eq!(broken, []);
    }

    #[test]
    fn goes_on_after_damage() {
        let text = "- a: 1\n- a: \"no end\n  b: 2\n- a: 3\n- a: [1, 2\n- a: 4\n";
        let (entries, broken) = outline(text);
        let lines: Vec<_> = entries.iter().map(|(line, fields)| (*line, fields.is_ok())).collect();
        assert_eq!(lines, [(1, true), (2, false), (4, true), (5, false), (6, true)]);
        assert_eq!(broken, []);
    }

    #[test]
    fn deep_nesting_and_aliases_do_not_unfold() {
        let deep = format!("- {}{}\n- a: 1\n", "[".repeat(20_000), "]".repeat(20_000));
        let (entries, _) = outline(&deep);
        assert!(entries[0].1.is_err());
        let laughs = "- &a [x, x]\n- &b [*a, *a]\n- [*b, *b]\n";
        assert!(outline(laughs).0.iter().all(|(_, fields)| *fields == Err("anchor_or_tag")));
    }
}
