//! JSON banks: a list of items, or an object with the list under `items`. Each element is cut out by its brackets first and
//! parsed by itself, duplicate keys refused; after a broken one, reading goes on at the next line that begins an element.

use super::{Entries, Entry, Lines, MAX_DAMAGE, MAX_DEPTH, MAX_ITEMS, Warning, not_utf8, strict_json::Strict};
use crate::{mistake::Mistake, strict::unknown_field};
use serde_json::Value;

pub(super) fn read(bytes: &[u8]) -> Entries {
    let mut scan = Scan { bytes, at: 0, lines: Lines::new(bytes), indent: None, out: Entries::default() };
    scan.blank();
    match scan.peek() {
        Some(b'[') => scan.list(true),
        Some(b'{') => scan.wrapper(),
        _ => scan.broken(
            "the file begins with neither a list nor an object: write a list of items",
            "ファイルがリストでも対応表でもありません。設問のリストを書いてください",
        ),
    }
    if scan.out.broken.is_empty() {
        scan.blank();
        if scan.peek().is_some() {
            scan.broken("something follows after the end: remove it", "終わりの後にまだ何かあります。消してください");
        }
    }
    scan.out
}

struct Scan<'b> {
    bytes: &'b [u8],
    at: usize,
    lines: Lines<'b>,
    /// What stands before an element on its line.
    indent: Option<&'b [u8]>,
    out: Entries,
}

impl<'b> Scan<'b> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blank(&mut self) {
        while self.peek().is_some_and(|b| b" \t\r\n".contains(&b)) {
            self.at += 1;
        }
    }

    fn takes(&mut self, byte: u8) -> bool {
        self.blank();
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn broken(&mut self, message: &str, ja: &str) {
        let line = self.lines.at(self.at);
        self.out.broken.push((line, Mistake::new("", "json_syntax", message, ja)));
    }

    fn wrapper(&mut self) {
        self.at += 1;
        let mut found = false;
        while !self.takes(b'}') {
            self.blank();
            let start = self.at;
            let name = self.skip().and_then(|end| serde_json::from_slice::<String>(&self.bytes[start..end]).ok());
            let Some(name) = name.filter(|_| self.takes(b':')) else {
                self.at = start;
                return self.broken("a quoted name and `:` belong here", "ここには引用符で囲んだ名前と「:」が必要です");
            };
            self.blank();
            if name == "items" && !found && self.peek() == Some(b'[') {
                found = true;
                self.list(false);
                if !self.out.broken.is_empty() {
                    return;
                }
            } else {
                let line = self.lines.at(start);
                self.out.warnings.push(Warning { item: None, line, text: unknown_field("", &name, &["items"]) });
                if self.skip().is_none() {
                    return self.broken("the value breaks off here", "ここで値が途切れています");
                }
            }
            if !self.takes(b',') && self.peek() != Some(b'}') {
                return self.broken("`,` or `}` belongs here", "ここには「,」か「}」が必要です");
            }
        }
        if !found {
            self.broken(
                "`items` is missing: write the list of items there",
                "items がありません。設問のリストを書いてください",
            );
        }
    }

    fn list(&mut self, whole_file: bool) {
        self.at += 1;
        if self.takes(b']') {
            return;
        }
        let mut damage = 0;
        while self.out.entries.len() <= MAX_ITEMS {
            self.blank();
            let start = self.at;
            let line = self.lines.at(start);
            if start >= self.bytes.len() {
                return self
                    .broken("the list breaks off: close it with `]`", "リストが途切れています。「]」で閉じてください");
            }
            if self.peek() == Some(b'[') && damage < MAX_DAMAGE {
                // A stray bracket, not an item: taken for one, it would swallow all items after it.
                self.out.entries.push(Entry::new(line, Err(breaks_off(line))));
                self.at += 1;
                damage += 1;
                continue;
            }
            let Some(end) = self.skip() else {
                let stuck = self.lines.at(self.at);
                self.out.entries.push(Entry::new(line, Err(breaks_off(stuck))));
                damage += 1;
                match self.next_beginning(start).filter(|_| damage <= MAX_DAMAGE) {
                    Some(next) => self.at = next,
                    None => return self.broken("from here on nothing could be read", "ここから先は読めませんでした"),
                }
                continue;
            };
            self.out.entries.push(Entry::new(line, parse(&self.bytes[start..end])));
            if self.out.entries.len() == 1 {
                self.indent = self.blank_before(start);
            }
            if self.takes(b',') {
                continue;
            }
            let closed = self.takes(b']');
            self.blank();
            if closed && (!whole_file || self.peek().is_none()) {
                return;
            }
            if closed {
                self.broken(
                    "the list ends above, but something follows",
                    "リストはここより前で終わっていますが、まだ何かあります",
                );
            } else {
                self.broken("`,` or `]` belongs here", "ここには「,」か「]」が必要です");
            }
            damage += 1;
            let here = Some(self.at).filter(|_| self.peek() == Some(b'{'));
            match here.or_else(|| self.next_beginning(start)).filter(|_| damage <= MAX_DAMAGE) {
                Some(next) => self.at = next,
                None => return,
            }
        }
        // Enough was read; the importer says so.
        self.at = self.bytes.len();
    }

    /// Moves over one value by brackets and quotes. `None` where it breaks off, with `at` at that place.
    fn skip(&mut self) -> Option<usize> {
        let mut open = Vec::new();
        loop {
            self.blank();
            match self.peek()? {
                b'"' => self.string()?,
                bracket @ (b'{' | b'[') => {
                    if open.len() >= MAX_DEPTH {
                        return None;
                    }
                    open.push(if bracket == b'{' { b'}' } else { b']' });
                    self.at += 1;
                    continue;
                }
                closing @ (b'}' | b']') => {
                    if open.pop() != Some(closing) {
                        return None;
                    }
                    self.at += 1;
                }
                b',' | b':' if !open.is_empty() => {
                    self.at += 1;
                    continue;
                }
                b',' | b':' => return None,
                _ => {
                    while self.peek().is_some_and(|b| !b" \t\r\n,:]}[{\"".contains(&b)) {
                        self.at += 1;
                    }
                }
            }
            if open.is_empty() {
                return Some(self.at);
            }
        }
    }

    fn string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' => self.at = (self.at + 2).min(self.bytes.len()),
                // JSON has no line breaks in texts: a quote is missing, and what follows is still whole.
                b'\n' => return None,
                _ => self.at += 1,
            }
        }
    }

    fn blank_before(&self, start: usize) -> Option<&'b [u8]> {
        let line_start = self.bytes[..start].iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
        Some(&self.bytes[line_start..start]).filter(|indent| indent.iter().all(|b| b" \t".contains(b)))
    }

    /// The next line after `start` that is indented like the elements before it and opens an object: in a file laid out
    /// for people, the next element.
    fn next_beginning(&self, start: usize) -> Option<usize> {
        let indent = self.indent.or_else(|| self.blank_before(start))?;
        let mut from = start;
        while let Some(skipped) = self.bytes[from..].iter().position(|b| *b == b'\n') {
            from += skipped + 1;
            let line = self.bytes[from..].strip_prefix(indent);
            if line.is_some_and(|line| line.first() == Some(&b'{')) {
                return Some(from + indent.len());
            }
        }
        None
    }
}

fn breaks_off(line: usize) -> Mistake {
    Mistake::new(
        "",
        "json_syntax",
        format!("the item breaks off or nests too deeply at line {line}: look for a missing quote or bracket there"),
        format!("{line}行目で設問が途切れているか、入れ子が深すぎます。引用符や括弧の抜けを確かめてください"),
    )
}

fn parse(element: &[u8]) -> Result<Value, Mistake> {
    let text = std::str::from_utf8(element).map_err(|_| not_utf8())?;
    serde_json::from_str::<Strict>(text).map(|strict| strict.0).map_err(|wrong| {
        let said = wrong.to_string();
        Mistake::new(
            "",
            "json_syntax",
            format!("{said} (counting lines from the beginning of the item): correct it"),
            format!("JSONの書き方に誤りがあります(設問の先頭から数えた行と桁): {said}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Outlined = Vec<(usize, Result<Value, &'static str>)>;

    fn outline(text: &str) -> (Outlined, Vec<usize>) {
        let out = read(text.as_bytes());
        let entries = out.entries.into_iter().map(|e| (e.line, e.fields.map_err(|m| m.code))).collect();
        (entries, out.broken.iter().map(|(line, _)| *line).collect())
    }

    #[test]
    fn cuts_elements_with_their_lines() {
        let one = |n: u32| Ok(serde_json::json!({ "a": n }));
        assert_eq!(outline("[\n {\"a\":1},\n\n {\"a\":2}\n]\n"), (vec![(2, one(1)), (4, one(2))], vec![]));
        assert_eq!(outline("{\"items\": [{\"a\":1}]}"), (vec![(1, one(1))], vec![]));
        assert_eq!(outline("[]"), (vec![], vec![]));
        assert_eq!(outline("[\"}]\\\"\"]"), (vec![(1, Ok("}]\"".into()))], vec![]));
    }

    #[test]
    fn goes_on_after_damage() {
        let text = "[\n  {\"a\": \"x},\n  {\"a\": 2},\n  {\"a\": 3\n  ,\n  {\"a\": 4}\n]";
        let (entries, broken) = outline(text);
        assert_eq!(entries[0], (2, Err("json_syntax")));
        assert_eq!(entries[1].1, Ok(serde_json::json!({"a": 2})));
        assert_eq!(entries[2].1, Err("json_syntax"), "{entries:?}");
        assert!(!broken.is_empty() || entries.len() > 3);
    }

    #[test]
    fn names_what_is_wrong_with_the_file() {
        for (text, line) in [
            ("", 1),
            ("nonsense", 1),
            ("[\n{}", 2),
            ("[{}]\n\nx", 3),
            ("[{} {}]", 1),
            ("{\"a\": 1}", 1),
            ("{\"items\": 3}", 1),
            ("[[[", 1),
        ] {
            assert_eq!(outline(text).1, vec![line], "{text}");
        }
    }

    #[test]
    fn refuses_a_key_twice_and_deep_nesting() {
        assert_eq!(outline("[{\"a\":1,\"a\":2}]").0, vec![(1, Err("json_syntax"))]);
        assert_eq!(outline("[{\"x\":{\"a\":1,\"a\":2}}]").0, vec![(1, Err("json_syntax"))]);
        let deep = format!("[{}{}]", "[".repeat(2_000_000), "]".repeat(2_000_000));
        assert!(outline(&deep).0.iter().all(|(_, fields)| *fields == Err("json_syntax")));
    }
}
