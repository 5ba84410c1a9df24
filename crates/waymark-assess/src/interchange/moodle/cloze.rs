//! Answers embedded in a text: `{1:SHORTANSWER:=Berlin~%50%Bonn#feedback}`.

use crate::{
    interchange::{
        draft::{Fill, Gap, Range, Words},
        losses,
        numbers::{decimal, percent},
        prose,
    },
    mistake::Mistake,
    rational::Rational,
};

/// Enclose the number of a gap while the text around it is turned into Markdown; no author can write them.
const MARK: (char, char) = ('\u{f8f0}', '\u{f8f1}');

/// Takes the answers out of a text as its author wrote it, before anything is made of its markup; the text keeps a mark for
/// each, which [`put_back`] makes the mark of a gap.
pub(super) fn take(text: &str, format: Format, lost: &mut Vec<Mistake>) -> Result<(String, Vec<Gap>), Mistake> {
    let text: String = text.chars().filter(|c| ![MARK.0, MARK.1].contains(c)).collect();
    let (mut out, mut gaps, mut rest) = (String::new(), Vec::new(), text.as_str());
    while let Some(at) = rest.find('{') {
        let Some((end, fill)) = part(&rest[at..], format, lost)? else {
            out.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
            continue;
        };
        let number = gaps.len() + 1;
        out.push_str(&format!("{}{}{number}{}", &rest[..at], MARK.0, MARK.1));
        gaps.push(Gap { name: format!("g{number}"), fill });
        rest = &rest[at + end..];
        if gaps.len() > super::MOST_ANSWERS {
            return Err(losses::no_question(super::MOST_ANSWERS));
        }
    }
    out.push_str(rest);
    if gaps.is_empty() {
        return Err(losses::syntax(
            "no `{1:SHORTANSWER:=…}` or its like stands in the text: write what is to be filled in",
            "本文に「{1:SHORTANSWER:=…}」のような解答欄がありません。書いてください",
        ));
    }
    Ok((out, gaps))
}

pub(super) fn put_back(stem: &str) -> String {
    stem.replace(MARK.0, "{{g").replace(MARK.1, "}}")
}

/// In what the answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Html,
    Markdown,
    Plain,
}

impl Format {
    fn option(self, text: &str) -> Result<String, Mistake> {
        match self {
            Self::Markdown => Ok(text.to_owned()),
            Self::Plain => Ok(prose::plain_option(text)),
            Self::Html => {
                let read = prose::of_html(text);
                match read.refused.into_iter().next() {
                    Some(refused) => Err(refused),
                    None if !read.pictures.is_empty() => Err(losses::picture_in_option()),
                    None => Ok(read.markdown),
                }
            }
        }
    }

    fn word(self, text: &str) -> String {
        if self == Self::Html { prose::words_of_html(text) } else { text.to_owned() }
    }
}

/// One answer that begins at the brace; nothing if the brace is only a brace.
fn part(text: &str, format: Format, lost: &mut Vec<Mistake>) -> Result<Option<(usize, Fill)>, Mistake> {
    let Some(end) = closing(text) else { return Ok(None) };
    let inside = text[1..end].replace("\\\n", " ");
    let mut parts = inside.splitn(3, ':');
    let (Some(weight), Some(kind), Some(answers)) = (parts.next(), parts.next(), parts.next()) else { return Ok(None) };
    let weight = weight.trim();
    if !weight.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    let kind = kind.replace('\\', "");
    let mut given = Vec::new();
    for answer in split(answers, '~') {
        given.push(one(&answer, lost)?);
    }
    if weight != "1" && !weight.is_empty() {
        lose(lost, losses::points(weight));
    }
    let fill = match kind.trim() {
        kind @ ("SHORTANSWER" | "SA" | "MW" | "SHORTANSWER_C" | "SAC" | "MWC") => {
            words(given, format, matches!(kind, "SHORTANSWER_C" | "SAC" | "MWC"), lost)?
        }
        "NUMERICAL" | "NM" => number(&given)?,
        kind if kind.starts_with("MULTICHOICE") || kind.starts_with("MC") => choice(given, format)?,
        other => return Err(losses::unsupported(other)),
    };
    Ok(Some((end + 1, fill)))
}

fn closing(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (n, c) in text.char_indices().skip(1).take(20_000) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '}' => return Some(n),
            '{' => return None,
            _ => {}
        }
    }
    None
}

/// At signs that no backslash stands before, which stays.
fn split(text: &str, sign: char) -> Vec<String> {
    let mut out = vec![String::new()];
    let (mut escaped, mut before) = (false, ' ');
    for c in text.chars() {
        // `&#39;` is a sign of HTML.
        if c == sign && !escaped && before != '&' {
            out.push(String::new());
        } else {
            push(&mut out, c);
        }
        escaped = c == '\\' && !escaped;
        before = c;
    }
    out
}

fn push(out: &mut [String], c: char) {
    if let Some(last) = out.last_mut() {
        last.push(c);
    }
}

fn one(answer: &str, lost: &mut Vec<Mistake>) -> Result<(String, Rational), Mistake> {
    let parts = split(answer, '#');
    let text = parts.first().map(|text| text.trim()).unwrap_or_default();
    if parts.len() > 1 {
        lose(lost, losses::feedback());
    }
    let (share, text) = if let Some(text) = text.strip_prefix('=') {
        (Rational::ONE, text)
    } else if let Some((number, text)) = text.strip_prefix('%').and_then(|text| text.split_once('%')) {
        (percent(number).ok_or_else(losses::no_right_answer)?, text)
    } else {
        (Rational::ZERO, text)
    };
    Ok((text.trim().to_owned(), share))
}

fn unescaped(text: &str) -> String {
    let plain = text.replace("\\\\", "\u{1}").replace('\\', "").replace('\u{1}', "\\");
    plain.trim().to_owned()
}

fn words(
    given: Vec<(String, Rational)>,
    format: Format,
    case_sensitive: bool,
    lost: &mut Vec<Mistake>,
) -> Result<Fill, Mistake> {
    let accepted = given.into_iter().filter(|(_, share)| *share > Rational::ZERO);
    let (accepted, patterns) = losses::without_patterns(accepted.collect())?;
    if patterns {
        lose(lost, losses::wildcard());
    }
    let word = |(text, share): (String, Rational)| (format.word(&unescaped(&text)), share);
    Ok(Fill::Words(Words { accepted: accepted.into_iter().map(word).collect(), case_sensitive }))
}

fn number(given: &[(String, Rational)]) -> Result<Fill, Mistake> {
    let mut ranges = Vec::new();
    for (text, share) in given.iter().filter(|(_, share)| *share > Rational::ZERO) {
        let text = unescaped(text);
        let (value, tolerance) = text.split_once(':').unwrap_or((text.as_str(), "0"));
        match (decimal(value), decimal(tolerance)) {
            (Some(value), Some(tolerance)) => {
                ranges.push(Range { value, tolerance, relative: false, inclusive: true, share: *share });
            }
            _ => {
                return Err(losses::syntax(
                    "an answer of `NUMERICAL` is no number",
                    "NUMERICAL の解答が数ではありません",
                ));
            }
        }
    }
    let part = ranges.iter().all(|range: &Range| range.share < Rational::ONE);
    if part { Err(losses::no_right_answer()) } else { Ok(Fill::Number(ranges)) }
}

fn choice(given: Vec<(String, Rational)>, format: Format) -> Result<Fill, Mistake> {
    let full = |(_, share): &&(String, Rational)| *share == Rational::ONE;
    if given.iter().filter(full).count() > 1 {
        return Err(losses::several_right_in_a_gap());
    }
    let right = given.iter().position(|(_, share)| *share == Rational::ONE).ok_or_else(losses::no_right_answer)?;
    let options = given.iter().map(|(text, _)| format.option(&unescaped(text))).collect::<Result<_, _>>()?;
    Ok(Fill::Choice { options, right })
}

fn lose(lost: &mut Vec<Mistake>, loss: Mistake) {
    if lost.iter().all(|known| known.code != loss.code) {
        lost.push(loss);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_leave_a_mark_in_the_text() {
        let text = "Capital: {1:SHORTANSWER:=Berlin#yes~%50%Bonn} has { 2:NM:=3.7:0.1} million; {a} {:MC:=x~y}.";
        let mut lost = Vec::new();
        let (stem, gaps) = take(text, Format::Markdown, &mut lost).expect("read");
        assert_eq!(put_back(&stem), "Capital: {{g1}} has {{g2}} million; {a} {{g3}}.");
        assert_eq!(gaps.len(), 3);
        assert_eq!(lost.iter().map(|m| m.code).collect::<Vec<_>>(), ["feedback", "points"]);
        assert!(matches!(&gaps[0].fill, Fill::Words(words) if words.accepted.len() == 2));
        assert!(matches!(&gaps[1].fill, Fill::Number(ranges) if ranges[0].tolerance == "0.1"));
    }

    #[test]
    fn markup_of_html_is_none_of_the_answers() {
        let mut lost = Vec::new();
        let text = "It is {1:MCV:=R&amp;D~Bob&#39;s <b>own</b>\\~x} or {1:SA:=5 &lt; <i>6</i>~ab\\*c~*#no}.";
        let (stem, gaps) = take(text, Format::Html, &mut lost).expect("read");
        assert_eq!(put_back(&stem), "It is {{g1}} or {{g2}}.");
        let Fill::Choice { options, right: 0 } = &gaps[0].fill else { panic!("a choice") };
        assert_eq!(options, &["R&D", "Bob's **own**~x"]);
        let Fill::Words(words) = &gaps[1].fill else { panic!("words") };
        let texts: Vec<_> = words.accepted.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts, ["5 < 6"]);
    }

    #[test]
    fn what_nothing_answers_is_refused() {
        for text in [
            "no gap",
            "{1:SHORTANSWER:a~b}",
            "{1:NUMERICAL:=ten}",
            "{1:DRAWING:=x}",
            "{1:MC:=a~=b}",
            "{1:SA:=a*}",
            "{1:MC:=<img src='a.png'>~b}",
        ] {
            assert!(take(text, Format::Html, &mut Vec::new()).is_err(), "{text}");
        }
    }
}
