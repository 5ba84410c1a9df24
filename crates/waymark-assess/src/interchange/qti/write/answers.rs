//! The interaction of an item, by its kind.

use super::{
    gaps::{gap_match, gaps_in_text, hotspot},
    response::{Answered, RESPONSE, declaration, entry_element, finish, name, rule, template, test},
    xml::{Dialect, Xml, inline},
};
use crate::{
    interchange::{
        draft::{Answer, Draft, Kind, Range, Words},
        losses,
    },
    mistake::Mistake,
    rational::Rational,
};

pub(super) fn of(draft: &Draft, dialect: Dialect, image: Option<&str>) -> Result<Answered, Mistake> {
    let mut out = Answered { most: "1".into(), ..Answered::default() };
    match &draft.kind {
        Kind::Choice { multiple, answers, choose, per_part, .. } => {
            choice(&mut out, dialect, answers, (*multiple, *choose, *per_part));
        }
        Kind::TrueFalse(truth) => {
            let option = |text: &str, right| Answer { text: text.into(), right, fixed: true };
            choice(&mut out, dialect, &[option("True", *truth), option("False", !truth)], (false, None, false));
            out.losses.push(losses::true_false());
        }
        Kind::Order { options, per_part } => order(&mut out, dialect, options, *per_part),
        Kind::Match { sources, targets, pairs, per_part } => {
            matching(&mut out, dialect, (sources, targets), pairs, *per_part);
        }
        Kind::Number(ranges) => number(&mut out, dialect, ranges)?,
        Kind::Words(words) => entry(&mut out, dialect, words),
        Kind::Gaps { gaps, pool, per_part } if pool.is_empty() => {
            gaps_in_text(&mut out, dialect, draft, gaps, *per_part)?;
        }
        Kind::Gaps { gaps, pool, per_part } => gap_match(&mut out, dialect, draft, gaps, pool, *per_part),
        Kind::Hotspot { areas, multiple, size } => {
            hotspot(&mut out, dialect, draft, areas, (*multiple, *size), image)?;
        }
        Kind::Essay { rubric } => {
            out.declarations = declaration(dialect, RESPONSE, ("single", "string"), &[], None);
            out.rubric.clone_from(rubric);
            let mut xml = Xml::fragment(dialect);
            xml.empty("extendedTextInteraction", &[("responseIdentifier", RESPONSE), ("expectedLines", "10")]);
            out.body = xml.finish();
        }
        Kind::Upload => {
            out.declarations = declaration(dialect, RESPONSE, ("single", "file"), &[], None);
            let mut xml = Xml::fragment(dialect);
            xml.empty("uploadInteraction", &[("responseIdentifier", RESPONSE)]);
            out.body = xml.finish();
        }
    }
    Ok(out)
}

fn choice(
    out: &mut Answered,
    dialect: Dialect,
    answers: &[Answer],
    (multiple, choose, per_part): (bool, Option<u32>, bool),
) {
    let most = if multiple { choose.unwrap_or(0) } else { 1 }.to_string();
    let least = choose.filter(|_| multiple).unwrap_or(0).to_string();
    let shuffle = if answers.iter().all(|a| a.fixed) { "false" } else { "true" };
    let mut xml = Xml::fragment(dialect);
    let attributes = [
        ("class", "waymark-fixed-stated"),
        ("responseIdentifier", RESPONSE),
        ("shuffle", shuffle),
        ("maxChoices", &most),
        ("minChoices", &least),
    ];
    xml.open("choiceInteraction", &attributes);
    let mut correct = Vec::new();
    for (n, answer) in answers.iter().enumerate() {
        let id = name("C", n);
        let fixed = if answer.fixed { "true" } else { "false" };
        xml.rendered("simpleChoice", &[("identifier", &id), ("fixed", fixed)], &inline(&answer.text));
        if answer.right {
            correct.push(id);
        }
    }
    xml.close("choiceInteraction");
    out.body = xml.finish();
    finish(out, dialect, (if multiple { "multiple" } else { "single" }, "identifier"), &correct, per_part && multiple);
}

fn order(out: &mut Answered, dialect: Dialect, options: &[String], per_part: bool) {
    let mut xml = Xml::fragment(dialect);
    xml.open("orderInteraction", &[("responseIdentifier", RESPONSE), ("shuffle", "true")]);
    let mut correct = Vec::new();
    for (n, option) in options.iter().enumerate() {
        let id = name("C", n);
        xml.rendered("simpleChoice", &[("identifier", &id)], &inline(option));
        correct.push(id);
    }
    xml.close("orderInteraction");
    out.body = xml.finish();
    finish(out, dialect, ("ordered", "identifier"), &correct, false);
    if per_part {
        out.losses.push(losses::not_said("points for each place of a sequence", "並べ替えの位置ごとの部分点"));
    }
}

fn matching(
    out: &mut Answered,
    dialect: Dialect,
    (sources, targets): (&[String], &[String]),
    pairs: &[(usize, usize)],
    per_part: bool,
) {
    let mut xml = Xml::fragment(dialect);
    xml.open("matchInteraction", &[("responseIdentifier", RESPONSE), ("shuffle", "true"), ("maxAssociations", "0")]);
    let most = |n: usize, of: fn(&(usize, usize)) -> usize| {
        pairs.iter().filter(|pair| of(pair) == n).count().max(1).to_string()
    };
    for (texts, kind, all) in [(sources, "S", false), (targets, "T", true)] {
        xml.open("simpleMatchSet", &[]);
        for (n, text) in texts.iter().enumerate() {
            let limit = if all { sources.len().to_string() } else { most(n, |pair| pair.0) };
            xml.rendered(
                "simpleAssociableChoice",
                &[("identifier", &name(kind, n)), ("matchMax", &limit)],
                &inline(text),
            );
        }
        xml.close("simpleMatchSet");
    }
    xml.close("matchInteraction");
    out.body = xml.finish();
    let correct: Vec<String> = pairs.iter().map(|(s, t)| format!("{} {}", name("S", *s), name("T", *t))).collect();
    finish(out, dialect, ("multiple", "directedPair"), &correct, per_part);
}

fn entry(out: &mut Answered, dialect: Dialect, words: &Words) {
    out.body = format!("<p>{}</p>\n", entry_element(dialect, RESPONSE));
    let best: Vec<String> = words.accepted.iter().take(1).map(|(text, _)| text.clone()).collect();
    out.declarations =
        declaration(dialect, RESPONSE, ("single", "string"), &best, Some((&words.accepted, words.case_sensitive)));
    out.processing = template(dialect, true);
}

fn number(out: &mut Answered, dialect: Dialect, ranges: &[Range]) -> Result<(), Mistake> {
    let [range] = ranges else { return Err(losses::not_said("several accepted numbers", "複数の正解の数値")) };
    if range.share != Rational::ONE {
        return Err(losses::not_said("a number that earns a part of the points", "一部だけ点になる数値"));
    }
    out.body = format!("<p>{}</p>\n", entry_element(dialect, RESPONSE));
    out.declarations = declaration(dialect, RESPONSE, ("single", "float"), std::slice::from_ref(&range.value), None);
    if range.tolerance == "0" {
        out.processing = template(dialect, false);
        return Ok(());
    }
    let tolerance = format!("{0} {0}", range.tolerance);
    let mode = if range.relative { "relative" } else { "absolute" };
    let bound = if range.inclusive { "true" } else { "false" };
    let attributes = [
        ("toleranceMode", mode),
        ("tolerance", tolerance.as_str()),
        ("includeLowerBound", bound),
        ("includeUpperBound", bound),
    ];
    out.processing = rule(dialect, &|xml| test(xml, "equal", &attributes, RESPONSE));
    Ok(())
}
