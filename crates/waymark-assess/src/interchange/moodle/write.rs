//! Items as Moodle XML. Texts are marked as Markdown, which is what they are.

use crate::{
    interchange::{
        draft::{Draft, Fill, Gap, Kind, Range, Words},
        losses,
        numbers::percent_text,
    },
    markup::escape,
    mistake::Mistake,
    rational::Rational,
};
use base64::Engine as _;

/// The question; `picture` is its bytes with their extension.
pub(in crate::interchange) fn write(draft: &Draft, picture: Option<(Vec<u8>, &str)>) -> Result<String, Mistake> {
    let (kind, answers) = answers(&draft.kind)?;
    let id = draft.id.as_deref().unwrap_or(&draft.name);
    let mut out = format!("<question type=\"{kind}\">\n<name><text>{}</text></name>\n", escape(id));
    let mut stem = stem(draft);
    let mut file = String::new();
    if let (Some((bytes, extension)), Some((_, alt))) = (picture, &draft.picture) {
        let alt = alt.replace(['[', ']', '\n'], " ");
        stem.push_str(&format!("\n\n![{alt}](@@PLUGINFILE@@/figure.{extension})"));
        let packed = base64::engine::general_purpose::STANDARD.encode(bytes);
        file = format!("<file name=\"figure.{extension}\" path=\"/\" encoding=\"base64\">{packed}</file>");
    }
    out.push_str(&format!("<questiontext format=\"markdown\"><text>{}</text>{file}</questiontext>\n", text(&stem)));
    if let Some(rationale) = &draft.rationale {
        out.push_str(&format!(
            "<generalfeedback format=\"markdown\"><text>{}</text></generalfeedback>\n",
            text(rationale)
        ));
    }
    out.push_str(&format!(
        "<defaultgrade>1</defaultgrade>\n<penalty>0</penalty>\n<hidden>0</hidden>\n<idnumber>{}</idnumber>\n",
        escape(id)
    ));
    out.push_str(&answers);
    if !draft.tags.is_empty() {
        let tags: String = draft.tags.iter().map(|tag| format!("<tag><text>{}</text></tag>", escape(tag))).collect();
        out.push_str(&format!("<tags>{tags}</tags>\n"));
    }
    out.push_str("</question>\n");
    Ok(out)
}

pub(in crate::interchange) fn category(domain: Option<&str>) -> String {
    let path = domain.map_or_else(|| "top".to_owned(), |domain| format!("$course$/top/{}", domain.replace('/', "//")));
    format!("<question type=\"category\"><category><text>{}</text></category></question>\n", escape(&path))
}

fn text(markdown: &str) -> String {
    escape(markdown)
}

fn option(name: &str, attributes: &str, markdown: &str, more: &str) -> String {
    format!("<{name} {attributes}format=\"markdown\"><text>{}</text>{more}</{name}>\n", text(markdown))
}

fn plain(share: &str, text: &str, more: &str) -> String {
    format!("<answer fraction=\"{share}\" format=\"plain_text\"><text>{}</text>{more}</answer>\n", escape(text))
}

fn answers(kind: &Kind) -> Result<(&'static str, String), Mistake> {
    Ok(match kind {
        Kind::TrueFalse(truth) => {
            let share = |is: bool| if is { "100" } else { "0" };
            ("truefalse", plain(share(*truth), "true", "") + &plain(share(!truth), "false", ""))
        }
        Kind::Choice { multiple, answers, .. } => {
            let right = answers.iter().filter(|a| a.right).count();
            let (plus, minus) = if *multiple {
                (part(right), format!("-{}", part(answers.len() - right)))
            } else {
                ("100".into(), "0".into())
            };
            let shuffled = !answers.iter().all(|a| a.fixed);
            let mut out = format!(
                "<single>{}</single>\n<shuffleanswers>{shuffled}</shuffleanswers>\n<answernumbering>abc</answernumbering>\n",
                !multiple
            );
            for answer in answers {
                let share = if answer.right { &plus } else { &minus };
                out.push_str(&option("answer", &format!("fraction=\"{share}\" "), &answer.text, ""));
            }
            ("multichoice", out)
        }
        Kind::Words(words) => {
            let case = format!("<usecase>{}</usecase>\n", u8::from(words.case_sensitive));
            (
                "shortanswer",
                case + &words
                    .accepted
                    .iter()
                    .map(|(text, share)| plain(&percent_text(*share), &losses::pattern_escaped(text), ""))
                    .collect::<String>(),
            )
        }
        Kind::Number(ranges) => {
            let mut out = String::new();
            for range in ranges {
                exact(range)?;
                let share = percent_text(range.share);
                out.push_str(&plain(&share, &range.value, &format!("<tolerance>{}</tolerance>", range.tolerance)));
            }
            ("numerical", out)
        }
        Kind::Match { sources, targets, pairs, .. } => {
            let mut out = "<shuffleanswers>true</shuffleanswers>\n".to_owned();
            let mut used = vec![false; sources.len()];
            for (source, target) in pairs {
                if std::mem::replace(&mut used[*source], true) {
                    return Err(losses::not_said("several partners of one source", "1つの項目に複数の対応先"));
                }
                out.push_str(&pair(&sources[*source], &targets[*target]));
            }
            for target in (0..targets.len()).filter(|n| pairs.iter().all(|(_, target)| target != n)) {
                out.push_str(&pair("", &targets[target]));
            }
            if used.contains(&false) {
                return Err(losses::not_said("a source without a partner", "対応先のない項目"));
            }
            ("matching", out)
        }
        Kind::Order { options, per_part } => {
            let grading = if *per_part { "ABSOLUTE_POSITION" } else { "ALL_OR_NOTHING" };
            let mut out = format!(
                "<layouttype>VERTICAL</layouttype>\n<selecttype>ALL</selecttype>\n<gradingtype>{grading}</gradingtype>\n"
            );
            for (n, text) in options.iter().enumerate() {
                out.push_str(&option("answer", &format!("fraction=\"{}.0000000\" ", n + 1), text, ""));
            }
            ("ordering", out)
        }
        Kind::Essay { rubric } => {
            let info = rubric.as_deref().map(|rubric| option("graderinfo", "", rubric, "")).unwrap_or_default();
            ("essay", format!("<responseformat>editor</responseformat>\n<attachments>0</attachments>\n{info}"))
        }
        Kind::Upload => ("essay", "<responseformat>noinline</responseformat>\n<attachments>1</attachments>\n".into()),
        Kind::Gaps { pool, .. } if !pool.is_empty() => ("ddwtos", pool.iter().map(|word| boxed(word)).collect()),
        Kind::Gaps { .. } => ("cloze", String::new()),
        Kind::Hotspot { .. } => return Err(losses::not_said("areas of a picture", "図の中の領域")),
    })
}

fn pair(source: &str, target: &str) -> String {
    option("subquestion", "", source, &format!("<answer><text>{}</text></answer>", escape(target)))
}

fn boxed(word: &str) -> String {
    format!("<dragbox><text>{}</text><group>1</group></dragbox>\n", escape(word))
}

fn exact(range: &Range) -> Result<(), Mistake> {
    if range.relative || !range.inclusive {
        return Err(losses::not_said(
            "a relative tolerance, or one without its bounds",
            "相対誤差や、端を含まない許容誤差",
        ));
    }
    Ok(())
}

fn part(parts: usize) -> String {
    percent_text(Rational::new(1, i64::try_from(parts.max(1)).unwrap_or(1)).unwrap_or(Rational::ONE))
}

/// The question, its gaps as Moodle writes them.
fn stem(draft: &Draft) -> String {
    let Kind::Gaps { gaps, pool, .. } = &draft.kind else { return draft.stem.clone() };
    let mut stem = draft.stem.clone();
    for gap in gaps {
        let written = match &gap.fill {
            Fill::Pooled(place) => format!("[[{}]]", place + 1),
            _ if pool.is_empty() => cloze(gap),
            _ => String::new(),
        };
        stem = stem.replace(&format!("{{{{{}}}}}", gap.name), &written);
    }
    stem
}

fn cloze(gap: &Gap) -> String {
    match &gap.fill {
        Fill::Choice { options, right } => {
            let one = |(n, text): (usize, &String)| format!("{}{}", if n == *right { "=" } else { "" }, escaped(text));
            format!("{{1:MULTICHOICE:{}}}", options.iter().enumerate().map(one).collect::<Vec<_>>().join("~"))
        }
        Fill::Words(Words { accepted, case_sensitive }) => {
            let one = |(text, share): &(String, Rational)| {
                let text = escaped(text).replace('*', "\\*");
                if *share == Rational::ONE { format!("={text}") } else { format!("%{}%{text}", percent_text(*share)) }
            };
            let kind = if *case_sensitive { "SHORTANSWER_C" } else { "SHORTANSWER" };
            format!("{{1:{kind}:{}}}", accepted.iter().map(one).collect::<Vec<_>>().join("~"))
        }
        Fill::Number(ranges) => {
            let one = |range: &Range| match range.share {
                Rational::ONE => format!("={}:{}", range.value, range.tolerance),
                share => format!("%{}%{}:{}", percent_text(share), range.value, range.tolerance),
            };
            format!("{{1:NUMERICAL:{}}}", ranges.iter().map(one).collect::<Vec<_>>().join("~"))
        }
        Fill::Pooled(_) => String::new(),
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if "~=#{}\\%\"".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
