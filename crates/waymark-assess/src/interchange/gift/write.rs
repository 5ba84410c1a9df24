//! An item as a GIFT question.

use crate::{
    interchange::{
        draft::{Draft, Fill, Kind, Range},
        losses,
    },
    mistake::Mistake,
    rational::Rational,
};

/// The question, or what of it GIFT cannot say. Texts are marked as Markdown, which is what they are.
pub(in crate::interchange) fn write(draft: &Draft) -> Result<String, Mistake> {
    if draft.picture.is_some() {
        return Err(losses::not_said("a picture", "図"));
    }
    let answers = answers(&draft.kind)?;
    let id = draft.id.as_deref().unwrap_or(&draft.name);
    let tags: String = draft.tags.iter().map(|tag| format!(" [tag:{tag}]")).collect();
    let general = draft.rationale.as_deref().map(|text| format!("####{}", escaped(text))).unwrap_or_default();
    Ok(format!("// [id:{id}]{tags}\n::{}::[markdown]{} {{{answers}{general}}}\n", escaped(id), escaped(&draft.stem)))
}

pub(in crate::interchange) fn category(domain: Option<&str>) -> String {
    format!("$CATEGORY: {}\n", domain.unwrap_or("top").replace('/', "//"))
}

fn answers(kind: &Kind) -> Result<String, Mistake> {
    Ok(match kind {
        Kind::TrueFalse(truth) => {
            if *truth {
                "TRUE".into()
            } else {
                "FALSE".into()
            }
        }
        Kind::Choice { multiple: false, answers, .. } => {
            answers
                .iter()
                .map(|a| format!("\n{}{}", if a.right { '=' } else { '~' }, option(&a.text)))
                .collect::<String>()
                + "\n"
        }
        Kind::Choice { answers, .. } => {
            let right = answers.iter().filter(|a| a.right).count();
            let weight = share(right);
            let wrong = share(answers.len() - right);
            let line = |a: &crate::interchange::draft::Answer| {
                if a.right {
                    format!("\n~%{weight}%{}", option(&a.text))
                } else {
                    format!("\n~%-{wrong}%{}", option(&a.text))
                }
            };
            answers.iter().map(line).collect::<String>() + "\n"
        }
        Kind::Match { sources, targets, pairs, .. } => {
            if sources.iter().any(|source| source.contains("->")) {
                return Err(losses::not_said("an arrow `->` in what is matched", "対応付ける語の中の「->」"));
            }
            let mut out = String::new();
            let mut used = vec![false; targets.len()];
            for (source, target) in pairs {
                used[*target] = true;
                out.push_str(&format!("\n={} -> {}", option(&sources[*source]), option(&targets[*target])));
            }
            for (target, _) in targets.iter().zip(used).filter(|(_, used)| !used) {
                out.push_str(&format!("\n= -> {}", option(target)));
            }
            out + "\n"
        }
        Kind::Words(words) if words.accepted.iter().any(|(text, _)| text.contains("->")) => {
            return Err(losses::not_said("an arrow `->` in a short answer", "短答の正答の中の「->」"));
        }
        Kind::Words(words) => {
            let one = |(text, share): &(String, Rational)| {
                let mark = if marks_format(text) { "[plain]" } else { "" };
                let text = escaped(&losses::pattern_escaped(text));
                if *share == Rational::ONE {
                    format!("\n={mark}{text}")
                } else {
                    format!("\n=%{}%{mark}{text}", hundredths(*share))
                }
            };
            words.accepted.iter().map(one).collect::<String>() + "\n"
        }
        Kind::Number(ranges) if ranges.iter().all(|range| !range.relative && range.inclusive) => {
            let one = |range: &Range| {
                if range.tolerance == "0" {
                    range.value.clone()
                } else {
                    format!("{}:{}", range.value, range.tolerance)
                }
            };
            match ranges.as_slice() {
                [range] if range.share == Rational::ONE => format!("#{}", one(range)),
                many => {
                    let weight = |range: &Range| match range.share {
                        Rational::ONE => String::new(),
                        share => format!("%{}%", hundredths(share)),
                    };
                    let line = |range: &Range| format!("\n={}{}", weight(range), one(range));
                    format!("#{}\n", many.iter().map(line).collect::<String>())
                }
            }
        }
        Kind::Essay { .. } => String::new(),
        Kind::Gaps { gaps, .. } if matches!(gaps.as_slice(), [gap] if matches!(gap.fill, Fill::Choice { .. })) => {
            return Err(losses::not_said("a gap in a text", "文中の空欄"));
        }
        _ => return Err(losses::not_said("this type of item", "この種類の設問")),
    })
}

/// `100/n` in the five digits that readers of GIFT look for.
fn share(parts: usize) -> String {
    hundredths(Rational::new(1, i64::try_from(parts.max(1)).unwrap_or(1)).unwrap_or(Rational::ONE))
}

fn hundredths(share: Rational) -> String {
    crate::interchange::numbers::percent_text(share)
}

/// Whether a reader could take the beginning of a text for its weight or its format.
fn marks_format(text: &str) -> bool {
    text.starts_with(['[', '%'])
}

fn option(text: &str) -> String {
    format!("{}{}", if marks_format(text) { "[markdown]" } else { "" }, escaped(text))
}

/// A text with every sign of GIFT behind a backslash; a blank line, which would end the question, as two `\n`.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            c if "~=#{}:\\".contains(c) => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}
