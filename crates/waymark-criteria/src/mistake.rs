//! What is wrong with a requirement tree, said so that its author can mend it.
//!
//! Promises: every mistake at once (up to [`Mistake::MAX`]), each at its place, with what was expected and, where a
//! word was nearly right, the right one.

use std::fmt;

use serde::Serialize;

/// One mistake at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// Where, as a JSON pointer (RFC 6901) into the value that was read; empty for the whole.
    pub pointer: String,
    /// A stable word for programs.
    pub code: &'static str,
    /// What is wrong and what to do, in English.
    pub message: String,
    /// What may stand there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// The word that was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

impl Mistake {
    /// No more than so many are reported of one tree.
    pub const MAX: usize = 100;

    pub(crate) fn new(pointer: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, message: message.into(), expected: None, suggestion: None }
    }

    pub(crate) fn expecting(self, expected: impl Into<String>) -> Self {
        Self { expected: Some(expected.into()), ..self }
    }

    pub(crate) fn suggesting(self, suggestion: Option<&str>) -> Self {
        Self { suggestion: suggestion.map(str::to_owned), ..self }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "/" } else { &self.pointer };
        write!(f, "{place}: {}", self.message)?;
        if let Some(expected) = &self.expected {
            write!(f, " (expected {expected})")?;
        }
        if let Some(suggestion) = &self.suggestion {
            write!(f, "; did you mean `{suggestion}`?")?;
        }
        Ok(())
    }
}

/// `pointer` and one more step, escaped after RFC 6901 §3.
pub(crate) fn step(pointer: &str, key: impl fmt::Display) -> String {
    format!("{pointer}/{}", key.to_string().replace('~', "~0").replace('/', "~1"))
}

/// A word from outside, short and on one line, for use inside a message.
pub(crate) fn quoted(word: &str) -> String {
    const LONGEST: usize = 40;
    let mut short: String = word.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if word.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    format!("`{short}`")
}

/// The known word nearest to `word`, if one is near enough to have been meant.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(65).collect();
    if word.len() > 64 {
        return None;
    }
    let reach = (word.len() / 3).clamp(1, 3);
    let near = known.into_iter().map(|candidate| (distance(&word, candidate), candidate));
    near.filter(|(distance, _)| *distance <= reach).min().map(|(_, candidate)| candidate)
}

/// Letters to insert, drop, change, or swap with their neighbour, case aside (optimal string alignment).
fn distance(word: &[char], candidate: &str) -> usize {
    let word: Vec<char> = word.iter().map(char::to_ascii_lowercase).collect();
    let candidate: Vec<char> = candidate.chars().collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=candidate.len()).collect()];
    for i in 1..=word.len() {
        let mut row = vec![i];
        for j in 1..=candidate.len() {
            let changed = usize::from(word[i - 1] != candidate[j - 1]);
            let mut least = (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + changed);
            if i > 1 && j > 1 && word[i - 1] == candidate[j - 2] && word[i - 2] == candidate[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[word.len()][candidate.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let known = ["contributions", "exam", "held", "all", "at_least"];
        assert_eq!(nearest("contribution", known), Some("contributions"));
        assert_eq!(nearest("Exma", known), Some("exam"));
        assert_eq!(nearest("atleast", known), Some("at_least"));
        assert_eq!(nearest("company", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest(&"a".repeat(100_000), known), None);
    }

    #[test]
    fn words_from_outside_are_tamed() {
        assert_eq!(quoted("a\n\u{1b}[31m"), "`a\\n\\u{1b}[31m`");
        assert_eq!(quoted(&"é".repeat(50)).chars().count(), 43);
        assert_eq!(step("/all/0", "a/b~c"), "/all/0/a~1b~0c");
    }
}
