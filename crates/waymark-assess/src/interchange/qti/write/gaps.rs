//! Gaps in a text, and areas of a picture.

use super::{
    response::{Answered, RESPONSE, declaration, entry_element, finish, name, rule, test},
    xml::{Dialect, Xml, blocks, inline},
};
use crate::{
    interchange::{
        draft::{Area, Draft, Fill, Gap},
        losses,
    },
    mistake::Mistake,
    rational::Rational,
};

pub(super) fn gaps_in_text(
    out: &mut Answered,
    dialect: Dialect,
    draft: &Draft,
    gaps: &[Gap],
    per_part: bool,
) -> Result<(), Mistake> {
    let mut html = blocks(&draft.stem);
    let mut single = true;
    for gap in gaps {
        let element = match &gap.fill {
            Fill::Choice { options, right } => {
                let mut xml = Xml::fragment(dialect);
                xml.open("inlineChoiceInteraction", &[("responseIdentifier", &gap.name), ("shuffle", "true")]);
                for (n, option) in options.iter().enumerate() {
                    xml.rendered("inlineChoice", &[("identifier", &name("C", n))], &inline(option));
                }
                xml.close("inlineChoiceInteraction");
                let key = [(name("C", *right), Rational::ONE)];
                let correct = [key[0].0.clone()];
                out.declarations.push_str(&declaration(
                    dialect,
                    &gap.name,
                    ("single", "identifier"),
                    &correct,
                    Some((&key, true)),
                ));
                xml.finish().trim_end().to_owned()
            }
            Fill::Words(words) => {
                // `match` compares to the letter.
                single &= words.accepted.len() == 1 && words.case_sensitive;
                let best: Vec<String> = words.accepted.iter().take(1).map(|(text, _)| text.clone()).collect();
                let mapping = Some((words.accepted.as_slice(), words.case_sensitive));
                out.declarations.push_str(&declaration(dialect, &gap.name, ("single", "string"), &best, mapping));
                entry_element(dialect, &gap.name)
            }
            Fill::Number(ranges) => match ranges.as_slice() {
                [range] if range.tolerance == "0" && range.share == Rational::ONE => {
                    let key = [(range.value.clone(), Rational::ONE)];
                    let correct = [range.value.clone()];
                    out.declarations.push_str(&declaration(
                        dialect,
                        &gap.name,
                        ("single", "float"),
                        &correct,
                        Some((&key, true)),
                    ));
                    entry_element(dialect, &gap.name)
                }
                _ => return Err(losses::not_said("a tolerance inside a gap", "空欄の中の許容誤差")),
            },
            Fill::Pooled(_) => return Err(losses::not_said("a gap without a pool", "候補のない空欄")),
        };
        html = html.replace(&format!("{{{{{}}}}}", gap.name), &element);
    }
    out.body = html;
    out.holds_stem = true;
    if per_part || !single {
        if !per_part {
            out.losses.push(losses::not_said(
                "all or nothing over gaps with several accepted texts",
                "複数の正解がある空欄での全問正解時のみの得点",
            ));
        }
        out.most = gaps.len().to_string();
        out.processing = mapped_sum(dialect, gaps);
    } else {
        out.processing = rule(dialect, &|xml| {
            xml.open("and", &[]);
            for gap in gaps {
                test(xml, "match", &[], &gap.name);
            }
            xml.close("and");
        });
    }
    Ok(())
}

fn mapped_sum(dialect: Dialect, gaps: &[Gap]) -> String {
    let mut xml = Xml::fragment(dialect);
    xml.open("responseProcessing", &[]);
    xml.open("setOutcomeValue", &[("identifier", "SCORE")]);
    xml.open("sum", &[]);
    for gap in gaps {
        xml.empty("mapResponse", &[("identifier", &gap.name)]);
    }
    xml.close("sum");
    xml.close("setOutcomeValue");
    xml.close("responseProcessing");
    xml.finish()
}

pub(super) fn gap_match(
    out: &mut Answered,
    dialect: Dialect,
    draft: &Draft,
    gaps: &[Gap],
    pool: &[String],
    per_part: bool,
) {
    let mut html = blocks(&draft.stem);
    let mut correct = Vec::new();
    for gap in gaps {
        let mut xml = Xml::fragment(dialect);
        xml.empty("gap", &[("identifier", &gap.name)]);
        html = html.replace(&format!("{{{{{}}}}}", gap.name), xml.finish().trim_end());
        if let Fill::Pooled(place) = gap.fill {
            correct.push(format!("{} {}", name("W", place), gap.name));
        }
    }
    let mut xml = Xml::fragment(dialect);
    xml.open("gapMatchInteraction", &[("responseIdentifier", RESPONSE), ("shuffle", "true")]);
    for (n, word) in pool.iter().enumerate() {
        let times = gaps.iter().filter(|gap| gap.fill == Fill::Pooled(n)).count().max(1).to_string();
        xml.rendered("gapText", &[("identifier", &name("W", n)), ("matchMax", &times)], &inline(word));
    }
    xml.raw(&html);
    xml.close("gapMatchInteraction");
    out.body = xml.finish();
    out.holds_stem = true;
    finish(out, dialect, ("multiple", "directedPair"), &correct, per_part);
}

pub(super) fn hotspot(
    out: &mut Answered,
    dialect: Dialect,
    draft: &Draft,
    areas: &[Area],
    (multiple, (width, height)): (bool, (u32, u32)),
    image: Option<&str>,
) -> Result<(), Mistake> {
    let (image, (_, alt)) = image.zip(draft.picture.as_ref()).ok_or_else(|| losses::picture_missing("hotspot"))?;
    let (image, alt) = (crate::markup::escape(image), crate::markup::escape(alt));
    let most = if multiple { "0" } else { "1" };
    let mut xml = Xml::fragment(dialect);
    xml.open("hotspotInteraction", &[("responseIdentifier", RESPONSE), ("maxChoices", most)]);
    let kind = if image.ends_with(".png") { "image/png" } else { "image/jpeg" };
    if xml.is_v3() {
        xml.raw(&format!("<img src=\"{image}\" alt=\"{alt}\" width=\"{width}\" height=\"{height}\"/>\n"));
    } else {
        xml.raw(&format!(
            "<object type=\"{kind}\" data=\"{image}\" width=\"{width}\" height=\"{height}\">{alt}</object>\n"
        ));
    }
    let mut correct = Vec::new();
    for (n, area) in areas.iter().enumerate() {
        let id = name("H", n);
        let coords: Vec<String> = area.coordinates.iter().map(i64::to_string).collect();
        let attributes = [
            ("identifier", id.as_str()),
            ("shape", area.shape),
            ("coords", &coords.join(",")),
            ("hotspotLabel", &area.label),
        ];
        xml.empty("hotspotChoice", &attributes);
        if area.right {
            correct.push(id);
        }
    }
    xml.close("hotspotInteraction");
    out.body = xml.finish();
    out.holds_picture = true;
    finish(out, dialect, (if multiple { "multiple" } else { "single" }, "identifier"), &correct, false);
    Ok(())
}
