//! What stands between the braces of a GIFT question.

use super::{Markup, format_of, shown};
use crate::{
    interchange::{
        draft::{Answer, Kind, Pool, Range, Words},
        losses,
        numbers::{decimal, middle, percent},
    },
    mistake::Mistake,
    rational::Rational,
};

/// One answer: `=` or `~`, a weight in per cent, its text, its feedback.
struct Given<'t> {
    right: bool,
    weight: Option<Rational>,
    text: &'t str,
    feedback: bool,
}

pub(super) fn read(inside: &str, markup: &mut Markup<'_>) -> Result<Kind, Mistake> {
    let (inside, general) = inside.rsplit_once("####").map_or((inside, None), |(a, b)| (a, Some(b)));
    if let Some(general) = general {
        markup.general_feedback(general);
    }
    let text = inside.trim();
    if text.is_empty() {
        return Ok(Kind::Essay { rubric: None });
    }
    if let Some(truth) = true_or_false(text, markup) {
        return Ok(Kind::TrueFalse(truth));
    }
    if let Some(numbers) = text.strip_prefix('#') {
        return numeric(numbers.trim(), markup);
    }
    // Without a `~` the first `=` may be missing: `{four}` asks for a word.
    let begun = format!("={text}");
    let text: &str = if text.contains('~') || text.starts_with('=') { text } else { &begun };
    let given = answers(text)?;
    if given.iter().any(|answer| answer.feedback) {
        markup.lose(losses::feedback());
    }
    let arrows = given.iter().filter(|answer| answer.text.contains("->")).count();
    if arrows > 0 && given.iter().all(|answer| answer.right) {
        return if arrows == given.len() { matching(&given, markup) } else { Err(half_matching()) };
    }
    if given.iter().all(|answer| answer.right) { short_text(&given, markup) } else { choice(&given, markup) }
}

fn true_or_false(text: &str, markup: &mut Markup<'_>) -> Option<bool> {
    let (word, feedback) = text.split_once('#').map_or((text, None), |(a, b)| (a, Some(b)));
    let truth = match word.trim() {
        word if ["T", "TRUE"].iter().any(|known| word.eq_ignore_ascii_case(known)) => true,
        word if ["F", "FALSE"].iter().any(|known| word.eq_ignore_ascii_case(known)) => false,
        _ => return None,
    };
    if feedback.is_some_and(|text| !text.trim_matches(['#', ' ', '\n']).is_empty()) {
        markup.lose(losses::feedback());
    }
    Some(truth)
}

/// Answers of one question: far more than anybody reads, and few enough to compare each with each.
const MOST_ANSWERS: usize = 1_000;

fn answers(text: &str) -> Result<Vec<Given<'_>>, Mistake> {
    if !text.starts_with(['=', '~']) {
        return Err(losses::syntax(
            "the answers begin with neither `=`, `~`, `#`, `T` nor `F`: put `=` before a right and `~` before a wrong answer",
            "解答が「=」「~」「#」「T」「F」のどれでも始まっていません。正答の前に「=」、誤答の前に「~」を書いてください",
        ));
    }
    let starts: Vec<usize> = text.char_indices().filter(|(_, c)| "=~".contains(*c)).map(|(n, _)| n).collect();
    if starts.len() > MOST_ANSWERS {
        return Err(losses::syntax(
            "the question has more than 1000 answers: this is no question",
            "1つの設問に解答が1000個を超えてあります。設問とは認められません",
        ));
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| one(&text[*start..end])).collect()
}

fn one(text: &str) -> Result<Given<'_>, Mistake> {
    let right = text.starts_with('=');
    let mut rest = text[1..].trim();
    let mut weight = None;
    let weighted = rest.strip_prefix('%').and_then(|rest| rest.split_once('%'));
    // `%d of %s` is a text.
    let is_number =
        |text: &str| text.bytes().any(|b| b.is_ascii_digit()) && text.bytes().all(|b| b"0123456789.-".contains(&b));
    if let Some((number, after)) = weighted.filter(|(number, _)| is_number(number.trim())) {
        weight = Some(percent(number.trim()).ok_or_else(|| {
            losses::syntax(
                "the weight between `%` signs is no number from -100 to 100",
                "「%」で囲んだ重みが-100から100までの数ではありません",
            )
        })?);
        rest = after.trim();
    }
    let (text, feedback) = rest.split_once('#').map_or((rest, false), |(a, b)| (a, !b.trim().is_empty()));
    Ok(Given { right, weight, text: text.trim(), feedback })
}

fn choice(given: &[Given<'_>], markup: &mut Markup<'_>) -> Result<Kind, Mistake> {
    let one_right = given.iter().filter(|answer| answer.right).count() == 1;
    let positive = |answer: &Given<'_>| answer.weight.is_some_and(|weight| weight > Rational::ZERO);
    if given.iter().any(|answer| answer.weight.is_some_and(|weight| weight < Rational::ZERO)) {
        markup.lose(losses::penalty());
    }
    // One `=` is a single choice; without any, the positive weights are the key of a multiple choice.
    let any_right = given.iter().any(|answer| answer.right);
    let multiple = !one_right;
    if one_right && given.iter().any(|answer| !answer.right && positive(answer)) {
        markup.lose(losses::partial_credit());
    }
    if any_right && multiple {
        markup.lose(losses::several_full());
    }
    let answers: Vec<Answer> = given
        .iter()
        .map(|answer| Answer {
            text: markup.option(answer.text),
            right: if any_right { answer.right } else { positive(answer) },
            fixed: false,
        })
        .collect();
    if answers.iter().all(|answer| !answer.right) {
        return Err(losses::no_right_answer());
    }
    Ok(Kind::Choice { multiple, answers, choose: None, stated: false, per_part: multiple })
}

fn short_text(given: &[Given<'_>], markup: &mut Markup<'_>) -> Result<Kind, Mistake> {
    let share = |answer: &Given<'_>| answer.weight.unwrap_or(Rational::ONE);
    let read = given.iter().map(|answer| (shown(format_of(answer.text).1), share(answer)));
    let (accepted, patterns) = losses::without_patterns(read.filter(|(_, share)| *share > Rational::ZERO).collect())?;
    if patterns {
        markup.lose(losses::wildcard());
    }
    Ok(Kind::Words(Words { accepted, case_sensitive: false }))
}

fn matching(given: &[Given<'_>], markup: &mut Markup<'_>) -> Result<Kind, Mistake> {
    let (mut sources, mut targets, mut pairs) = (Vec::new(), Pool::default(), Vec::new());
    for answer in given {
        let (source, target) = answer.text.split_once("->").unwrap_or((answer.text, ""));
        let place = targets.place(markup.option(target));
        let source = markup.option(source);
        // A target without a source is there to distract.
        if !source.is_empty() {
            pairs.push((sources.len(), place));
            sources.push(source);
        }
    }
    Ok(Kind::Match { sources, targets: targets.into_texts(), pairs, per_part: true })
}

fn half_matching() -> Mistake {
    losses::syntax(
        "some answers have an arrow `->` and some have none: write each pair as `=this -> that`",
        "矢印「->」のある解答とない解答が混ざっています。どの組も「=これ -> それ」のように書いてください",
    )
}

fn numeric(text: &str, markup: &mut Markup<'_>) -> Result<Kind, Mistake> {
    let mut ranges = Vec::new();
    let begun = format!("={text}");
    let text: &str = if text.contains('=') && !text.starts_with(['=', '~']) { &begun } else { text };
    if !text.starts_with(['=', '~']) {
        // Behind a `~` stands what is said to every other answer.
        let (text, others) = text.split_once('~').unwrap_or((text, ""));
        let (number, feedback) = text.split_once('#').unwrap_or((text, ""));
        if ![feedback, others].concat().trim_matches(['#', ' ', '\n']).is_empty() {
            markup.lose(losses::feedback());
        }
        ranges.push(range(number)?);
        return Ok(Kind::Number(ranges));
    }
    for answer in answers(text)? {
        if answer.feedback {
            markup.lose(losses::feedback());
        }
        let share = answer.weight.unwrap_or(Rational::ONE);
        if answer.right && share > Rational::ZERO {
            ranges.push(range(answer.text)?.earning(share));
        }
    }
    if ranges.iter().all(|range| range.share < Rational::ONE) {
        Err(losses::no_right_answer())
    } else {
        Ok(Kind::Number(ranges))
    }
}

/// `1822`, `1822:1`, `3.141..3.142`.
fn range(text: &str) -> Result<Range, Mistake> {
    let text = shown(text);
    let exact =
        |value: &str, tolerance: &str| Some((decimal(value)?, decimal(tolerance).filter(|t| !t.starts_with('-'))?));
    let read = match (text.split_once(".."), text.split_once(':')) {
        (Some((low, high)), _) => middle(low.trim(), high.trim()),
        (None, Some((value, tolerance))) => exact(value.trim(), tolerance.trim()),
        (None, None) => exact(text.trim(), "0"),
    };
    let range = |(value, tolerance)| Range { value, tolerance, relative: false, inclusive: true, share: Rational::ONE };
    read.map(range).ok_or_else(|| {
        losses::syntax(
            "the answer after `#` is no number: write `3.14`, `3.14:0.01` or `3.13..3.15`",
            "「#」の後の解答が数ではありません。「3.14」「3.14:0.01」「3.13..3.15」のように書いてください",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::*;

    fn kind(text: &str) -> Kind {
        let mut read = Vec::new();
        question(1, text, &mut None, &mut read);
        read.remove(0).expect("read").kind
    }

    fn code(text: &str) -> &'static str {
        let mut read = Vec::new();
        question(1, text, &mut None, &mut read);
        read.remove(0).expect_err("refused").mistakes[0].code
    }

    #[test]
    fn each_kind_is_told_by_its_signs() {
        assert_eq!(kind("x {T}"), Kind::TrueFalse(true));
        assert_eq!(kind("x {FALSE#no#yes####because}"), Kind::TrueFalse(false));
        assert_eq!(kind("x {}"), Kind::Essay { rubric: None });
        assert!(matches!(kind("x {=a ~b ~c}"), Kind::Choice { multiple: false, .. }));
        assert!(matches!(kind("x {~%50%a ~%50%b ~%-100%c}"), Kind::Choice { multiple: true, .. }));
        assert!(matches!(kind("x {=a =b}"), Kind::Words(words) if words.accepted.len() == 2));
        assert!(
            matches!(kind("x {=a -> 1 =b -> 2 = -> 3}"), Kind::Match { sources, targets, .. } if (sources.len(), targets.len()) == (2, 3))
        );
        let ranges = |value: &str, tolerance: &str| {
            Kind::Number(vec![Range {
                value: value.into(),
                tolerance: tolerance.into(),
                relative: false,
                inclusive: true,
                share: Rational::ONE,
            }])
        };
        assert_eq!(kind("x {#1822:1}"), ranges("1822", "1"));
        assert_eq!(kind("x {#3.141..3.142}"), ranges("3.1415", "0.0005"));
        assert_eq!(kind("x {#=-5:0.5 =%0%-5:2}"), ranges("-5", "0.5"));
        for two in ["x {#=-5:0.5 =%50%-5:2}", "x {#-5:0.5 =%50%-5:2}"] {
            let Kind::Number(two) = kind(two) else { panic!("numbers") };
            let shares: Vec<String> = two.iter().map(|r| format!("{}±{} {}", r.value, r.tolerance, r.share)).collect();
            assert_eq!(shares, ["-5±0.5 1", "-5±2 1/2"]);
        }
        assert_eq!(kind("x {#7:2~#not even near}"), ranges("7", "2"));
        assert_eq!(kind("x {true}"), Kind::TrueFalse(true));
        assert!(matches!(kind("x {four}"), Kind::Words(words) if words.accepted[0].0 == "four"));
        assert!(matches!(kind("x {=%d of %s}"), Kind::Words(words) if words.accepted[0].0 == "%d of %s"));
        assert!(matches!(kind("x {=a* =ab}"), Kind::Words(words) if words.accepted.len() == 1));
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(code("no braces"), "unsupported_type");
        assert_eq!(code("x {=a"), "syntax");
        assert_eq!(code("x {a ~b}"), "syntax");
        assert_eq!(code("x {~a ~b}"), "no_key");
        assert_eq!(code("x {#ten}"), "syntax");
        assert_eq!(code("x {#=%50%10}"), "no_key");
        assert_eq!(code("x {=a ~b} {=c}"), "syntax");
        assert_eq!(code("x {~%500%a =b}"), "syntax");
        assert_eq!(code("x {=a -> 1 =b}"), "syntax");
        assert_eq!(code("x {=*a*}"), "wildcard");
        assert_eq!(code("[html]<img src=\"https://a.example/b.png\"> {=a ~b}"), "remote_reference");
    }
}
