//! One item as an `assessmentItem`.

use super::{
    answers,
    xml::{Dialect, Xml, blocks},
};
use crate::{interchange::draft::Draft, mistake::Mistake};

/// The document, and what of the item it does not say.
///
/// # Errors
/// The item is of a kind that QTI has no words for here.
pub(super) fn write(
    draft: &Draft,
    identifier: &str,
    dialect: Dialect,
    image: Option<&str>,
) -> Result<(String, Vec<Mistake>), Mistake> {
    let answered = answers::of(draft, dialect, image)?;
    let mut xml = Xml::new(dialect);
    let namespace = match dialect {
        Dialect::V21 => "http://www.imsglobal.org/xsd/imsqti_v2p1",
        Dialect::V3 => "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    };
    let id = draft.id.as_deref().unwrap_or(identifier);
    let mut attributes = vec![
        ("xmlns", namespace),
        ("identifier", identifier),
        ("title", id),
        ("label", id),
        ("adaptive", "false"),
        ("timeDependent", "false"),
        ("toolName", "Waymark"),
    ];
    attributes.extend(draft.language.as_deref().map(|tag| ("xml:lang", tag)));
    xml.open("assessmentItem", &attributes);
    xml.raw("\n");
    xml.raw(&answered.declarations);
    outcome(&mut xml, "SCORE", "float", Some("0"));
    outcome(&mut xml, "MAXSCORE", "float", Some(&answered.most));
    if draft.rationale.is_some() {
        outcome(&mut xml, "FEEDBACK", "identifier", None);
    }
    xml.open("itemBody", &[]);
    xml.raw("\n");
    if let Some(rubric) = &answered.rubric {
        xml.rendered("rubricBlock", &[("view", "scorer")], &blocks(rubric));
    }
    if !answered.holds_stem {
        xml.raw(&blocks(&draft.stem));
        if let Some((image, (_, alt))) = image.zip(draft.picture.as_ref()).filter(|_| !answered.holds_picture) {
            let (image, alt) = (crate::markup::escape(image), crate::markup::escape(alt));
            xml.raw(&format!("<p><img src=\"{image}\" alt=\"{alt}\"/></p>\n"));
        }
    }
    xml.raw(&answered.body);
    xml.close("itemBody");
    xml.raw(&answered.processing);
    if let Some(rationale) = &draft.rationale {
        let attributes = [("outcomeIdentifier", "FEEDBACK"), ("identifier", "RATIONALE"), ("showHide", "show")];
        xml.open("modalFeedback", &attributes);
        let html = blocks(rationale);
        if xml.is_v3() {
            xml.rendered("contentBody", &[], &html);
        } else {
            xml.raw(&html);
        }
        xml.close("modalFeedback");
    }
    xml.close("assessmentItem");
    Ok((xml.finish(), answered.losses))
}

fn outcome(xml: &mut Xml, identifier: &str, base_type: &str, default: Option<&str>) {
    let attributes = [("identifier", identifier), ("cardinality", "single"), ("baseType", base_type)];
    match default {
        None => xml.empty("outcomeDeclaration", &attributes),
        Some(value) => {
            xml.open("outcomeDeclaration", &attributes);
            xml.open("defaultValue", &[]);
            xml.leaf("value", &[], value);
            xml.close("defaultValue");
            xml.close("outcomeDeclaration");
        }
    }
}
