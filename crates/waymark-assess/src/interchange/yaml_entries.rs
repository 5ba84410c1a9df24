//! YAML banks: a list of items, or a mapping with the list under `items`. Texts keep what the author typed (1.50 stays
//! 1.50); anchors, aliases and tags are refused, so that a small file cannot unfold. Where the file as a whole does not
//! parse, each entry of a list that begins at the margin is tried by itself.

use super::{
    Entries, Entry, Lines, MAX_ITEMS, Warning, not_utf8,
    yaml_value::{Failed, Load, syntax_at},
};
use crate::{mistake::Mistake, strict::unknown_field};
use saphyr_parser::Event;

pub(super) fn read(bytes: &[u8]) -> Entries {
    let failed = match std::str::from_utf8(bytes) {
        Err(wrong) => (Lines::new(bytes).at(wrong.valid_up_to()), not_utf8()),
        Ok(text) => match whole(text, 1) {
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

/// Reads a text whose first line is line `first` of the file.
fn whole(text: &str, first: usize) -> Result<Entries, Failed> {
    let mut load = Load::new(text, first);
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

impl Load<'_> {
    fn list(&mut self, out: &mut Entries) -> Result<(), Failed> {
        loop {
            let (event, line) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                return Ok(());
            }
            let fields = self.value(event, line)?;
            if out.entries.len() <= MAX_ITEMS {
                out.entries.push(Entry::new(line, fields));
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
            Ok(piece) => match whole(piece, line) {
                Err((_, mistake)) => Err(mistake),
                Ok(mut one) => match (one.entries.pop(), one.entries.is_empty()) {
                    (Some(entry), true) => entry.fields,
                    _ => Err(syntax_at(line, "this is not one item")),
                },
            },
        };
        out.entries.push(Entry::new(line, fields));
    }
    out
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

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
