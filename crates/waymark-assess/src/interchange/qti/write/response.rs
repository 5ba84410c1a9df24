//! What all kinds of items are written with: the declaration of a response, and the rule that scores it.

use super::xml::{Dialect, Xml};
use crate::{interchange::numbers::points_text, mistake::Mistake, rational::Rational};

/// The parts of a document that depend on how the item is answered.
#[derive(Default)]
pub(super) struct Answered {
    pub declarations: String,
    pub body: String,
    pub processing: String,
    pub most: String,
    /// The question stands in `body`, not before it; so does the picture.
    pub holds_stem: bool,
    pub holds_picture: bool,
    pub rubric: Option<String>,
    pub losses: Vec<Mistake>,
}

pub(super) const RESPONSE: &str = "RESPONSE";

type Entries<'e> = &'e [(String, Rational)];

pub(super) fn declaration(
    dialect: Dialect,
    id: &str,
    shape: (&str, &str),
    correct: &[String],
    mapping: Option<(Entries<'_>, bool)>,
) -> String {
    let mut xml = Xml::fragment(dialect);
    xml.open("responseDeclaration", &[("identifier", id), ("cardinality", shape.0), ("baseType", shape.1)]);
    if !correct.is_empty() {
        xml.open("correctResponse", &[]);
        for value in correct {
            xml.leaf("value", &[], value);
        }
        xml.close("correctResponse");
    }
    if let Some((entries, case_sensitive)) = mapping {
        xml.open("mapping", &[("lowerBound", "0"), ("defaultValue", "0")]);
        for (key, value) in entries {
            let value = points_text(*value);
            let case = if case_sensitive { "true" } else { "false" };
            xml.empty("mapEntry", &[("mapKey", key), ("mappedValue", &value), ("caseSensitive", case)]);
        }
        xml.close("mapping");
    }
    xml.close("responseDeclaration");
    xml.finish()
}

pub(super) fn template(dialect: Dialect, mapped: bool) -> String {
    let base = match dialect {
        Dialect::V21 => "http://www.imsglobal.org/question/qti_v2p1/rptemplates/",
        Dialect::V3 => "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/",
    };
    let name = if mapped { "map_response" } else { "match_correct" };
    let mut xml = Xml::fragment(dialect);
    xml.empty("responseProcessing", &[("template", &format!("{base}{name}"))]);
    xml.finish()
}

/// Each right answer for one point, where each counts by itself.
pub(super) fn finish(out: &mut Answered, dialect: Dialect, shape: (&str, &str), correct: &[String], per_part: bool) {
    let ones: Vec<(String, Rational)> = correct.iter().map(|key| (key.clone(), Rational::ONE)).collect();
    let mapping = per_part.then_some((ones.as_slice(), true));
    out.declarations = declaration(dialect, RESPONSE, shape, correct, mapping);
    out.processing = template(dialect, per_part);
    if per_part {
        out.most = correct.len().to_string();
    }
}

pub(super) fn name(kind: &str, n: usize) -> String {
    format!("{kind}{}", n + 1)
}

pub(super) fn entry_element(dialect: Dialect, id: &str) -> String {
    let mut xml = Xml::fragment(dialect);
    xml.empty("textEntryInteraction", &[("responseIdentifier", id)]);
    xml.finish().trim_end().to_owned()
}

pub(super) fn test(xml: &mut Xml, name: &str, attributes: &[(&str, &str)], id: &str) {
    xml.open(name, attributes);
    xml.empty("variable", &[("identifier", id)]);
    xml.empty("correct", &[("identifier", id)]);
    xml.close(name);
}

/// One point if the test holds.
pub(super) fn rule(dialect: Dialect, test: &dyn Fn(&mut Xml)) -> String {
    let mut xml = Xml::fragment(dialect);
    xml.open("responseProcessing", &[]);
    xml.open("responseCondition", &[]);
    xml.open("responseIf", &[]);
    test(&mut xml);
    xml.open("setOutcomeValue", &[("identifier", "SCORE")]);
    xml.leaf("baseValue", &[("baseType", "float")], "1");
    xml.close("setOutcomeValue");
    xml.close("responseIf");
    xml.close("responseCondition");
    xml.close("responseProcessing");
    xml.finish()
}
