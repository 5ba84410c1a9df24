//! Options that speak of other options ("All these choices are correct", "Both A and B", 上記すべて). Shuffled freely they
//! would say something else. A text counts only if all of its words belong to such a phrase, so that "Any of the three
//! bands" or いずれの国でも通信できる do not.

/// How an option speaks of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Speaks {
    /// Of all others, wherever they stand.
    OfAll,
    /// Of those above it.
    OfThoseAbove,
    /// Of some by letter.
    ByLetter,
}

/// What `text` speaks of, in English or Japanese.
pub(super) fn speaks(text: &str) -> Option<Speaks> {
    let text: String = text.chars().map(narrow).collect();
    english(&text).or_else(|| japanese(&text))
}

/// Full-width ASCII to ASCII.
fn narrow(c: char) -> char {
    match u32::from(c) {
        n @ 0xff01..=0xff5e => char::from_u32(n - 0xfee0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    }
}

const QUANTIFIERS: [&str; 9] = ["all", "none", "both", "neither", "either", "any", "each", "every", "some"];
const ANCHORS: [&str; 13] = [
    "above",
    "choices",
    "choice",
    "answers",
    "answer",
    "options",
    "option",
    "these",
    "those",
    "others",
    "alternatives",
    "responses",
    "preceding",
];
const ABOVE: [&str; 3] = ["above", "preceding", "previous"];
const FILLERS: [&str; 25] = [
    "of",
    "the",
    "are",
    "is",
    "correct",
    "right",
    "true",
    "incorrect",
    "wrong",
    "false",
    "apply",
    "applies",
    "listed",
    "given",
    "statements",
    "statement",
    "other",
    "previous",
    "not",
    "one",
    "ones",
    "possible",
    "valid",
    "here",
    "shown",
];
const BETWEEN: [&str; 14] =
    ["and", "or", "nor", "both", "only", "either", "neither", "are", "is", "correct", "true", "right", "but", "not"];

fn english(text: &str) -> Option<Speaks> {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).collect();
    let letter = |word: &&str| word.len() == 1 && word.bytes().all(|b| (b'a'..=b'h').contains(&b));
    let letters = words.iter().filter(|word| letter(word)).count();
    let names = |word: &&str| ["answers", "answer", "options", "option", "choices", "choice"].contains(word);
    if letters >= 2 && words.iter().all(|word| letter(word) || BETWEEN.contains(word) || names(word)) {
        return Some(Speaks::ByLetter);
    }
    let quantified = words.first().is_some_and(|word| QUANTIFIERS.contains(word));
    let rest = words.get(1..).unwrap_or_default();
    if !quantified || !rest.iter().all(|word| ANCHORS.contains(word) || FILLERS.contains(word)) {
        return None;
    }
    let judged =
        rest.iter().any(|word| ["correct", "right", "true", "incorrect", "wrong", "false", "apply"].contains(word));
    let anchored = rest.iter().any(|word| ANCHORS.contains(word) || ABOVE.contains(word));
    match rest.iter().any(|word| ABOVE.contains(word)) {
        true => Some(Speaks::OfThoseAbove),
        false => (anchored || judged).then_some(Speaks::OfAll),
    }
}

const ABOVE_JA: [&str; 4] = ["上記", "以上", "上の", "前述"];
const ANCHORS_JA: [&str; 9] = ["これら", "それら", "選択肢", "回答", "解答", "答え", "記述", "他の", "ほかの"];
const QUANTIFIERS_JA: [&str; 13] = [
    "すべて",
    "全て",
    "全部",
    "いずれも",
    "いずれか",
    "いずれで",
    "いずれに",
    "いずれの",
    "どれも",
    "どれで",
    "どちらも",
    "両方",
    "両者",
];
const JUDGEMENTS_JA: [&str; 16] = [
    "正しくない",
    "正しい",
    "誤っている",
    "誤り",
    "間違っている",
    "間違い",
    "不正解",
    "正解",
    "該当しない",
    "該当する",
    "該当なし",
    "当てはまらない",
    "当てはまる",
    "あてはまらない",
    "あてはまる",
    "適切",
];
const FILLERS_JA: [&str; 21] = [
    "でもない",
    "ではない",
    "でない",
    "である",
    "です",
    "もの",
    "うち",
    "ない",
    "なし",
    "中",
    "内",
    "の",
    "が",
    "は",
    "に",
    "も",
    "で",
    "と",
    "、",
    "・",
    "。",
];

fn japanese(text: &str) -> Option<Speaks> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && !"「」『』()".contains(*c)).collect();
    let (mut rest, mut above, mut anchored, mut quantified, mut judged, mut letters) =
        (text.as_str(), false, false, false, false, 0);
    while !rest.is_empty() {
        let word = |known: &[&str]| known.iter().find(|word| rest.starts_with(**word)).map(|word| word.len());
        let mut chars = rest.chars();
        let first = chars.next()?;
        let length = if let Some(length) = word(&ABOVE_JA) {
            (above, anchored) = (true, true);
            length
        } else if let Some(length) = word(&ANCHORS_JA) {
            anchored = true;
            length
        } else if let Some(length) = word(&QUANTIFIERS_JA) {
            quantified = true;
            // "いずれで", "どれで", "いずれに" and "いずれの" end in a particle that longer fillers ("でもない") begin with.
            length - if rest[..length].ends_with(['で', 'に', 'の']) { 'で'.len_utf8() } else { 0 }
        } else if let Some(length) = word(&JUDGEMENTS_JA) {
            judged = true;
            length
        } else if let Some(length) = word(&FILLERS_JA) {
            length
        } else if is_label(first) && !chars.next().is_some_and(is_label) {
            letters += 1;
            first.len_utf8()
        } else {
            return None;
        };
        rest = &rest[length..];
    }
    match (letters, quantified, above) {
        (2.., _, _) => Some(Speaks::ByLetter),
        (0, true, true) => Some(Speaks::OfThoseAbove),
        (0, true, false) if anchored || judged => Some(Speaks::OfAll),
        (0, false, _) if text.starts_with("該当なし") || text.starts_with("該当するものはない") => {
            Some(Speaks::OfAll)
        }
        _ => None,
    }
}

fn is_label(c: char) -> bool {
    matches!(c, 'A'..='H' | 'a'..='h' | 'ア'..='オ' | '①'..='⑧')
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn japanese_phrases() {
        for text in [
            "これらすべて",
            "すべて正しい",
            "いずれも正しくない",
            "どれも当てはまらない",
            "選択肢のすべて",
            "これらのいずれでもない",
            "いずれも誤りである",
            "該当なし",
            "どれでもない選択肢",
        ] {
            assert_eq!(speaks(text), Some(Speaks::OfAll), "{text}");
        }
        for text in [
            "上記すべて",
            "上記のすべて",
            "上記のいずれでもない",
            "以上すべて",
            "上の選択肢すべてが正しい",
            "上記全て",
            "上記のいずれにも該当しない",
            "上記はいずれも正しい。",
        ] {
            assert_eq!(speaks(text), Some(Speaks::OfThoseAbove), "{text}");
        }
        for text in ["AとB", "AとBの両方", "AとCが正しい", "アとイ", "AとB", "①と③"] {
            assert_eq!(speaks(text), Some(Speaks::ByLetter), "{text}");
        }
    }

    #[test]
    fn japanese_texts_that_only_look_alike() {
        for text in [
            "いずれの国でも通信できる",
            "すべて",
            "すべての参加者に公開する",
            "上記の住所",
            "発行者と保有者の両方",
            "両方の署名を確かめる",
            "正しい署名",
            "なし",
        ] {
            assert_eq!(speaks(text), None, "{text}");
        }
    }
}
