//! Formulas in TeX. Nothing here sets them, so that a candidate would read them as they are typed: each item that holds one
//! is named.

use crate::{
    item::{ItemVersion, Rationale},
    mistake::Mistake,
};
use serde_json::Value;

/// Longest formula between single dollar signs: further apart, they are sums of money.
const LONGEST: usize = 200;

/// Whether a text of the item, in any language, holds a formula in TeX.
pub(super) fn is_in(version: &ItemVersion) -> bool {
    let stored = version.content().to_stored();
    let rationale = version.rationale().map(Rationale::reveal);
    let mut texts = rationale.into_iter().flat_map(|text| text.entries().map(|(_, words)| words));
    let value = || serde_json::from_str::<Value>(&stored).unwrap_or_default();
    texts.any(holds) || stored.contains(['$', '\\']) && any_text(&value())
}

fn any_text(value: &Value) -> bool {
    match value {
        Value::String(text) => holds(text),
        Value::Array(list) => list.iter().any(any_text),
        Value::Object(map) => map.values().any(any_text),
        _ => false,
    }
}

/// `$$…$$`, `\(…\)`, `\[…\]`, and `$…$` around what is no sum of money. Markdown reads the signs that stand behind a backslash; both
/// ways of writing are meant.
fn holds(text: &str) -> bool {
    let read = without_escapes(text);
    between(text, "$$", "$$")
        || between(text, "\\(", "\\)")
        || between(&read, "\\(", "\\)")
        || between(&read, "\\[", "\\]")
        || dollars(&read)
}

fn between(text: &str, open: &str, close: &str) -> bool {
    let inside = text.split_once(open).and_then(|(_, rest)| rest.split_once(close));
    inside.is_some_and(|(inside, _)| !inside.trim().is_empty())
}

fn dollars(text: &str) -> bool {
    let parts: Vec<&str> = text.split('$').collect();
    let last = parts.len().saturating_sub(1);
    let inside = parts.get(1..last).unwrap_or_default();
    inside.iter().any(|part| {
        let command = part.split('\\').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
        let shifted = part.contains(['^', '_']) && !part.contains(char::is_whitespace);
        part.len() <= LONGEST && !part.contains('\n') && (command || shifted)
    })
}

fn without_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match rest.peek() {
            Some(next) if c == '\\' && next.is_ascii_punctuation() => out.extend(rest.next()),
            _ => out.push(c),
        }
    }
    out
}

pub(super) fn shown_as_typed() -> Mistake {
    Mistake::new(
        "/question",
        "tex",
        "the item holds a formula in TeX, which is shown as it is typed: write it as MathML, as a picture or in words",
        "TeXで書かれた数式があります。書かれたままの文字で表示されるので、MathML、図、または文で書いてください",
    )
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn formulas_are_told_from_money() {
        for tex in [
            "Is $$x^2$$ even?",
            "Is \\(x\\) even?",
            "Is \\\\(\\\\pi\\\\) round?",
            "\\\\\\[x = 1\\\\\\]",
            "a $\\frac{1}{2}$ b",
            "a $x_1$ b",
            "a $ 1 \\neq 0 $ b",
        ] {
            assert!(holds(tex), "{tex}");
        }
        for money in [
            "$5 and $10",
            "US$ or A$",
            "$$",
            "a (b) c",
            "\\[link\\](x)",
            "$5 for x_1 and $6",
            "C:\\new $HOME/x",
            "5 \\* 3",
        ] {
            assert!(!holds(money), "{money}");
        }
    }
}
