//! What is wrong with an input: where, as a JSON pointer (RFC 6901), a stable code, and a sentence in both languages
//! that says what to do. All mistakes of an input are collected, not only the first.

use serde::Serialize;
use std::fmt;

/// One mistake in an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// RFC 6901 pointer to the value in question; the empty string is the whole input.
    pub pointer: String,
    /// Stable, snake case; callers may match on it.
    pub code: &'static str,
    /// What is wrong and what to do, in English.
    pub message: String,
    /// The same in Japanese.
    pub message_ja: String,
}

impl Mistake {
    pub fn new(
        pointer: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
        message_ja: impl Into<String>,
    ) -> Self {
        Self { pointer: pointer.into(), code, message: message.into(), message_ja: message_ja.into() }
    }

    /// The sentence in Japanese for `ja` and its regional variants, else in English.
    pub fn message_in(&self, language: &str) -> &str {
        if language.split('-').next() == Some("ja") { &self.message_ja } else { &self.message }
    }

    /// The same mistake, seen from a document in which the input stands at `prefix`.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        self.pointer.insert_str(0, prefix);
        self
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.pointer, self.message)
        }
    }
}

/// `base` with one more reference token, escaped as RFC 6901 §3 asks.
pub(crate) fn pointer_to(base: &str, token: impl fmt::Display) -> String {
    format!("{base}/{}", token.to_string().replace('~', "~0").replace('/', "~1"))
}

/// The known word nearest to a mistyped one, if near enough to be worth suggesting.
pub(crate) fn nearest<'w>(typed: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let limit = (typed.chars().count() / 3).clamp(1, 3);
    known.into_iter().map(|word| (distance(typed, word), word)).filter(|(d, _)| *d <= limit).min().map(|(_, word)| word)
}

/// Edit distance; a swap of two neighbours counts as one.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (
        a.chars().take(64).flat_map(char::to_lowercase).collect(),
        b.chars().take(64).flat_map(char::to_lowercase).collect(),
    );
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let mut best =
                (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]));
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_what_is_near() {
        assert_eq!(nearest("minuts", ["minutes", "cut"]), Some("minutes"));
        assert_eq!(nearest("rleease", ["release", "rules"]), Some("release"));
        assert_eq!(nearest("colour", ["minutes", "cut"]), None);
    }

    #[test]
    fn escapes_pointer_tokens() {
        assert_eq!(pointer_to("/a", "x/y~z"), "/a/x~1y~0z");
    }
}
