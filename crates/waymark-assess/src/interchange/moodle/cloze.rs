//! Answers embedded in a text: `{1:SHORTANSWER:=Berlin~%50%Bonn#feedback}`.

use crate::{
    interchange::{
        draft::{Fill, Gap, Kind, Range, Words},
        losses,
        numbers::{decimal, percent},
    },
    mistake::Mistake,
    rational::Rational,
};

/// Takes the answers out of `stem`, which keeps a mark for each.
pub(super) fn read(stem: &mut String, lost: &mut Vec<Mistake>) -> Result<Kind, Mistake> {
    let text = std::mem::take(stem);
    let mut gaps: Vec<Gap> = Vec::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find('{') {
        let Some((end, fill)) = part(&rest[at..], lost)? else {
            stem.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
            continue;
        };
        let name = format!("g{}", gaps.len() + 1);
        stem.push_str(&format!("{}{{{{{name}}}}}", &rest[..at]));
        gaps.push(Gap { name, fill });
        rest = &rest[at + end..];
    }
    stem.push_str(rest);
    if gaps.is_empty() {
        return Err(losses::syntax(
            "no `{1:SHORTANSWER:=…}` or its like stands in the text: write what is to be filled in",
            "本文に「{1:SHORTANSWER:=…}」のような解答欄がありません。書いてください",
        ));
    }
    Ok(Kind::Gaps { gaps, pool: Vec::new(), per_part: true })
}

/// One answer that begins at the brace; nothing if the brace is only a brace.
fn part(text: &str, lost: &mut Vec<Mistake>) -> Result<Option<(usize, Fill)>, Mistake> {
    let Some(end) = closing(text) else { return Ok(None) };
    let inside = text[1..end].replace("\\\n", " ");
    let mut parts = inside.splitn(3, ':');
    let (Some(weight), Some(kind), Some(answers)) = (parts.next(), parts.next(), parts.next()) else { return Ok(None) };
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
    let fill = match kind.as_str() {
        "SHORTANSWER" | "SA" | "MW" | "SHORTANSWER_C" | "SAC" | "MWC" => {
            words(given, matches!(kind.as_str(), "SHORTANSWER_C" | "SAC" | "MWC"))?
        }
        "NUMERICAL" | "NM" => number(&given)?,
        _ if kind.starts_with("MULTICHOICE") || kind.starts_with("MC") => choice(given)?,
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

/// At signs that no backslash stands before.
fn split(text: &str, sign: char) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        match (c, next) {
            ('\\', Some(next)) if next == sign => {
                push(&mut out, sign);
                chars.next();
            }
            (c, _) if c == sign => out.push(String::new()),
            (c, _) => push(&mut out, c),
        }
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
    let plain: String = text.replace("\\\\", "\u{1}").replace('\\', "").replace('\u{1}', "\\");
    Ok((plain.trim().to_owned(), share))
}

fn words(given: Vec<(String, Rational)>, case_sensitive: bool) -> Result<Fill, Mistake> {
    let accepted: Vec<_> = given.into_iter().filter(|(_, share)| *share > Rational::ZERO).collect();
    if accepted.is_empty() {
        return Err(losses::no_right_answer());
    }
    Ok(Fill::Words(Words { accepted, case_sensitive }))
}

fn number(given: &[(String, Rational)]) -> Result<Fill, Mistake> {
    let mut ranges = Vec::new();
    for (text, _) in given.iter().filter(|(_, share)| *share == Rational::ONE) {
        let (value, tolerance) = text.split_once(':').unwrap_or((text, "0"));
        match (decimal(value), decimal(tolerance)) {
            (Some(value), Some(tolerance)) => ranges.push(Range { value, tolerance, relative: false, inclusive: true }),
            _ => {
                return Err(losses::syntax(
                    "an answer of `NUMERICAL` is no number",
                    "NUMERICAL の解答が数ではありません",
                ));
            }
        }
    }
    if ranges.is_empty() { Err(losses::no_right_answer()) } else { Ok(Fill::Number(ranges)) }
}

fn choice(given: Vec<(String, Rational)>) -> Result<Fill, Mistake> {
    let right = given.iter().position(|(_, share)| *share == Rational::ONE).ok_or_else(losses::no_right_answer)?;
    Ok(Fill::Choice { options: given.into_iter().map(|(text, _)| text).collect(), right })
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
        let mut stem =
            "Capital: {1:SHORTANSWER:=Berlin#yes~%50%Bonn} has {2:NM:=3.7:0.1} million; {a} {:MC:=x~y}.".to_owned();
        let mut lost = Vec::new();
        let Kind::Gaps { gaps, .. } = read(&mut stem, &mut lost).expect("read") else { panic!("gaps") };
        assert_eq!(stem, "Capital: {{g1}} has {{g2}} million; {a} {{g3}}.");
        assert_eq!(gaps.len(), 3);
        assert_eq!(lost.iter().map(|m| m.code).collect::<Vec<_>>(), ["feedback", "points"]);
        assert!(matches!(&gaps[0].fill, Fill::Words(words) if words.accepted.len() == 2));
        assert!(matches!(&gaps[1].fill, Fill::Number(ranges) if ranges[0].tolerance == "0.1"));
    }

    #[test]
    fn what_nothing_answers_is_refused() {
        for text in ["no gap", "{1:SHORTANSWER:a~b}", "{1:NUMERICAL:=ten}", "{1:DRAWING:=x}"] {
            assert!(read(&mut text.to_owned(), &mut Vec::new()).is_err(), "{text}");
        }
    }
}
