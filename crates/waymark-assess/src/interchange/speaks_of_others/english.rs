//! English phrases: a quantifier first, then only words that point at other options or judge them.

use super::heard::Speaks;

const QUANTIFIERS: &str = "all none both neither either any each every some";
const ANCHORS: &str = "choices choice answers answer options option these those others alternatives responses";
const ABOVE: &str = "above preceding previous";
const JUDGEMENTS: &str = "correct right true incorrect wrong false apply applies";
const FILLERS: &str = "of the are is listed given statements statement other not one ones possible valid here shown";
const BETWEEN: &str = "and or nor but both only either neither are is not correct true right";

pub(super) fn speaks(text: &str) -> Option<Speaks> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let label = |word: &str| matches!(word.as_bytes(), [b'a'..=b'h']);
    let labels = words.iter().filter(|word| label(word)).count();
    if labels >= 2 && words.iter().all(|word| label(word) || among(BETWEEN, word) || among(ANCHORS, word)) {
        return Some(Speaks::ByLetter);
    }
    let (first, rest) = words.split_first()?;
    let known = |word: &&str| [ANCHORS, ABOVE, JUDGEMENTS, FILLERS].iter().any(|list| among(list, word));
    if !among(QUANTIFIERS, first) || !rest.iter().all(known) {
        return None;
    }
    let any = |list: &str| rest.iter().any(|word| among(list, word));
    if any(ABOVE) { Some(Speaks::OfThoseAbove) } else { (any(ANCHORS) || any(JUDGEMENTS)).then_some(Speaks::OfAll) }
}

fn among(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::super::{Speaks, speaks};

    #[test]
    fn english_phrases() {
        for text in [
            "All these choices are correct",
            "All these answers are correct.",
            "None of these",
            "All of these",
            "None of the other options",
            "Both of these",
            "All choices are correct",
            "Neither of these",
            "All are correct",
            "None of these choices is correct",
            "Any of these",
        ] {
            assert_eq!(speaks(text), Some(Speaks::OfAll), "{text}");
        }
        for text in [
            "All of the above",
            "none of the above.",
            "All the above",
            "Both of the above",
            "None of the previous answers",
        ] {
            assert_eq!(speaks(text), Some(Speaks::OfThoseAbove), "{text}");
        }
        for text in [
            "Both A and B",
            "A and C",
            "A, B and C",
            "Neither B nor C",
            "Both A and B are correct",
            "Only a and d",
            "Answers A and B",
            "B or C, but not both",
        ] {
            assert_eq!(speaks(text), Some(Speaks::ByLetter), "{text}");
        }
    }

    #[test]
    fn english_texts_that_only_look_alike() {
        for text in [
            "None",
            "All",
            "Any station",
            "Both stations should choose another frequency to avoid conflict",
            "In at least some segment of all these bands",
            "Any of the three bands",
            "Both the originating station and the repeater owner",
            "A",
            "All licensed amateurs who are present at the operation",
            "Wear a ground strap",
            "To the above address",
            "A and the repeater",
            "",
        ] {
            assert_eq!(speaks(text), None, "{text}");
        }
    }
}
