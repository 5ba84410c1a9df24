//! Aiken: a question, options `A.` or `A)`, `ANSWER: B`. Nothing else can be said in it.

use super::{
    Entries,
    draft::{self, Answer, Draft, Kind, Read, Unread},
    losses, not_utf8, prose,
};
use crate::mistake::Mistake;

pub(super) fn read(bytes: &[u8]) -> Entries {
    let mut read: Vec<Read> = Vec::new();
    let mut block = Block::default();
    for (n, line) in bytes.split(|b| *b == b'\n').enumerate() {
        let Ok(text) = std::str::from_utf8(line) else {
            block.begin(n + 1);
            block.wrong.push(not_utf8());
            continue;
        };
        block.take(n + 1, text.trim(), &mut read);
    }
    if block.line > 0 && !block.is_blank() {
        block.wrong.push(no_answer_line());
        block.finish(None, &mut read);
    }
    draft::entries(read, Default::default())
}

#[derive(Default)]
struct Block {
    line: usize,
    stem: Vec<String>,
    options: Vec<String>,
    wrong: Vec<Mistake>,
}

impl Block {
    fn begin(&mut self, line: usize) {
        if self.line == 0 {
            self.line = line;
        }
    }

    fn is_blank(&self) -> bool {
        self.stem.is_empty() && self.options.is_empty() && self.wrong.is_empty()
    }

    fn take(&mut self, number: usize, line: &str, read: &mut Vec<Read>) {
        if let Some(letter) = answer(line) {
            self.begin(number);
            return self.finish(Some(letter), read);
        }
        if line.is_empty() {
            return;
        }
        self.begin(number);
        match option(line).filter(|found| self.may_be(found)) {
            Some(Found { letter, text, .. }) if !self.stem.is_empty() => {
                if usize::from(letter - b'A') != self.options.len() {
                    self.wrong.push(losses::syntax(
                        "the options are not lettered A, B, C, … in order: correct the letters",
                        "選択肢の記号がA、B、C…の順になっていません。直してください",
                    ));
                }
                self.options.push(text.to_owned());
            }
            _ if self.options.is_empty() => self.stem.push(line.to_owned()),
            // A new question begins although the one before never said its answer.
            _ => {
                self.wrong.push(no_answer_line());
                self.finish(None, read);
                self.begin(number);
                self.stem.push(line.to_owned());
            }
        }
    }

    /// Without a space behind its letter a line is an option only where that letter is the next: `U.S. law` goes on with a question.
    fn may_be(&self, found: &Found<'_>) -> bool {
        found.spaced || usize::from(found.letter - b'A') == self.options.len()
    }

    fn finish(&mut self, letter: Option<&str>, read: &mut Vec<Read>) {
        let mut block = std::mem::take(self);
        let place = letter.and_then(|letter| match letter.as_bytes() {
            // `B`, `B.`, `B) because`
            [one, rest @ ..] if one.is_ascii_alphabetic() && !rest.first().is_some_and(u8::is_ascii_alphanumeric) => {
                Some(usize::from(one.to_ascii_uppercase() - b'A'))
            }
            _ => None,
        });
        if letter.is_some() && place.is_none_or(|place| place >= block.options.len()) {
            block.wrong.push(losses::syntax(
                "`ANSWER:` names no option of this question: write the letter of one",
                "ANSWER: がこの問題の選択肢を指していません。どれかの記号を書いてください",
            ));
        }
        if block.options.len() < 2 {
            block.wrong.push(losses::syntax(
                "there are fewer than two options: write each on a line of its own, as in `A. text`",
                "選択肢が2つありません。「A. 文」のように1行に1つずつ書いてください",
            ));
        }
        if !block.wrong.is_empty() {
            return read.push(Err(Unread { line: block.line, mistakes: block.wrong, ..Unread::default() }));
        }
        let answers = block.options.iter().enumerate().map(|(n, text)| Answer {
            text: prose::plain_option(text),
            right: Some(n) == place,
            fixed: false,
        });
        read.push(Ok(Draft {
            line: block.line,
            stem: prose::plain(&block.stem.join("\n")),
            kind: Kind::Choice {
                multiple: false,
                answers: answers.collect(),
                choose: None,
                stated: false,
                per_part: false,
            },
            ..Draft::default()
        }));
    }
}

struct Found<'l> {
    letter: u8,
    text: &'l str,
    /// Whether white space follows the letter.
    spaced: bool,
}

/// `A. text` or `A) text`.
fn option(line: &str) -> Option<Found<'_>> {
    let letter = *line.as_bytes().first().filter(|b| b.is_ascii_uppercase())?;
    let rest = line[1..].strip_prefix(['.', ')'])?;
    let text = rest.trim();
    (!text.is_empty()).then_some(Found { letter, text, spaced: rest.starts_with(char::is_whitespace) })
}

/// What follows `ANSWER:`.
fn answer(line: &str) -> Option<&str> {
    let word = line.get(..6).filter(|word| word.eq_ignore_ascii_case("answer"))?;
    let rest = line[word.len()..].trim_start().strip_prefix([':', '：'])?.trim();
    // In other letters it may begin a question, unless a letter follows.
    let letter = rest.len() == 1 || rest.as_bytes().get(1).is_some_and(|b| !b.is_ascii_alphanumeric());
    (word == "ANSWER" || letter).then_some(rest)
}

fn no_answer_line() -> Mistake {
    losses::syntax(
        "the question does not end with `ANSWER:` and a letter: add the line",
        "問題の終わりに「ANSWER: 記号」の行がありません。書き加えてください",
    )
}

/// The item in Aiken, or what of it cannot be said there.
pub(super) fn write(draft: &Draft) -> Result<String, Mistake> {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let options: Vec<(String, bool)> = match &draft.kind {
        Kind::Choice { multiple: false, answers, .. } => answers.iter().map(|a| (one_line(&a.text), a.right)).collect(),
        Kind::TrueFalse(right) => vec![("True".into(), *right), ("False".into(), !right)],
        _ => return Err(losses::not_said("this type of item", "この種類の設問")),
    };
    if draft.picture.is_some() {
        return Err(losses::not_said("a picture", "図"));
    }
    if draft.stem.contains("<math") || options.iter().any(|(text, _)| text.contains("<math")) {
        return Err(losses::not_said("a formula", "数式"));
    }
    // A line of the question that looks like an option or an answer would be read as one.
    let mut out = one_line(&draft.stem);
    if option(&out).is_some() || answer(&out).is_some() {
        out.insert_str(0, "— ");
    }
    let mut right = 'A';
    for (letter, (text, is_right)) in ('A'..='Z').zip(&options) {
        out.push_str(&format!("\n{letter}. {text}"));
        if *is_right {
            right = letter;
        }
    }
    Ok(format!("{out}\nANSWER: {right}\n"))
}

/// What Aiken does not say of an item that it holds.
pub(super) fn lost(draft: &Draft) -> Vec<Mistake> {
    let mut lost = vec![losses::not_said("the id, and with it which item this is", "設問のid")];
    if draft.language.is_some() {
        lost.push(losses::no_language());
    }
    if draft.domain.is_some() || !draft.tags.is_empty() {
        lost.push(losses::not_said("domain and tags", "領域とタグ"));
    }
    if draft.rationale.is_some() {
        lost.push(losses::not_said("the rationale", "解説"));
    }
    lost
}

#[cfg(test)]
mod tests {
    #[test]
    fn letters_answers_and_their_mistakes() {
        let file = "What is 2*2?\nA. 3\nB) 4\nANSWER: B\n\nTwo lines\nof it\nA. x\nB. y\nANSWER: c\n\nNo answer?\nA. x\nB. y\n\nNext?\nA. x\nC. y\nANSWER: A\n";
        let read = super::read(file.as_bytes());
        let lines: Vec<_> = read.entries.iter().map(|e| (e.line, e.fields.is_ok())).collect();
        assert_eq!(lines, [(1, true), (6, false), (12, false), (16, false)]);
        let first = read.entries[0].fields.as_ref().expect("read");
        assert_eq!((first["question"].as_str(), first["correct"].as_u64()), (Some("What is 2*2?"), Some(1)));
    }

    #[test]
    fn letters_may_stand_close_and_abbreviations_are_none() {
        let file = "Which country?\nU.S. or not\nA)first\nB)second\nAnswer: b) second\n\nA. x\nANSWER: Question\n";
        let read = super::read(file.as_bytes());
        let first = read.entries[0].fields.as_ref().expect("read");
        assert_eq!((first["answers"][1].as_str(), first["correct"].as_u64()), (Some("second"), Some(1)));
        assert!(first["question"].as_str().is_some_and(|question| question.contains("U.S. or not")));
        assert_eq!((read.entries.len(), read.entries[1].fields.is_err()), (2, true));
    }

    #[test]
    fn one_line_that_is_no_utf8_costs_one_question() {
        let read = super::read(b"caf\xe9?\nA. x\nB. y\nANSWER: A\n\nNext?\nA. x\nB. y\nANSWER: A\n");
        let codes: Vec<_> = read.entries.iter().map(|e| e.fields.as_ref().err().map(|m| m.code)).collect();
        assert_eq!(codes, [Some("not_utf8"), None]);
    }
}
