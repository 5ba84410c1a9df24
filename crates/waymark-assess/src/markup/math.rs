//! Formulas in presentation `MathML`. What an author wrote is never shown as it stands: it is taken apart and written anew
//! from a list of elements and attributes (`MathML` Core, without what runs, links, embeds or hides another language), so
//! that a browser meets nothing else. What cannot be written so is no formula here, and shows as the text that it is.

use super::PRIVATE;
use crate::interchange::{
    html,
    tree::{Element, Node},
};
use std::ops::Range;

/// Deeper formulas are refused.
const MAX_DEPTH: usize = 40;
/// Longest value of an attribute: lengths, names, numbers.
const MAX_VALUE: usize = 40;
/// Longest description of a formula in words.
const MAX_ALT: usize = 500;

const OPEN: &str = "<math";
const CLOSE: &str = "</math>";

/// How many children an element has.
enum Holds {
    Text,
    Nothing,
    Any,
    Exactly(usize),
}

fn holds(name: &str) -> Option<Holds> {
    Some(match name {
        "mi" | "mn" | "mo" | "ms" | "mtext" => Holds::Text,
        "mspace" | "none" | "mprescripts" => Holds::Nothing,
        "mrow" | "mstyle" | "msqrt" | "mpadded" | "mphantom" | "mtable" | "mtr" | "mtd" | "mmultiscripts" => Holds::Any,
        "mfrac" | "mroot" | "msub" | "msup" | "munder" | "mover" => Holds::Exactly(2),
        "msubsup" | "munderover" => Holds::Exactly(3),
        _ => return None,
    })
}

/// Attributes that change how a formula is read; others only dress it, and go.
const ATTRIBUTES: [&str; 29] = [
    "accent",
    "accentunder",
    "columnalign",
    "columnspan",
    "depth",
    "dir",
    "display",
    "displaystyle",
    "fence",
    "form",
    "height",
    "largeop",
    "linethickness",
    "lquote",
    "lspace",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "rowalign",
    "rowspan",
    "rquote",
    "rspace",
    "scriptlevel",
    "separator",
    "stretchy",
    "symmetric",
    "voffset",
    "width",
];

/// The formulas of a text as they may be shown, each with where it stands. One behind a backslash is meant as text.
pub(crate) fn formulas(text: &str) -> Vec<(Range<usize>, String)> {
    let next = |mark: &str, from: usize| text[from..].find(mark).map(|n| from + n);
    let (mut found, mut begins, mut ends) = (Vec::new(), next(OPEN, 0), next(CLOSE, 0));
    while let (Some(start), Some(end)) = (begins, ends) {
        if end < start {
            ends = next(CLOSE, start);
            continue;
        }
        // The last beginning before an end is the one that it ends.
        begins = next(OPEN, start + OPEN.len());
        if begins.is_some_and(|later| later < end) {
            continue;
        }
        let place = start..end + CLOSE.len();
        let quoted = text[..start].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
        if !quoted && let [Node::Element(formula)] = html::parse(&text[place.clone()]).as_slice() {
            found.extend(written(formula).map(|html| (place, html)));
        }
    }
    found
}

/// The formula in elements and attributes of the list; nothing where it holds others.
pub(crate) fn written(formula: &Element) -> Option<String> {
    if formula.name != "math" {
        return None;
    }
    let mut out = String::from("<math");
    if formula.attribute("display") == Some("block") {
        out.push_str(" display=\"block\"");
    }
    if let Some(alt) = formula.attribute("alttext").map(str::trim).filter(|alt| !alt.is_empty()) {
        let alt: String = alt.chars().filter(|c| !c.is_control() && !PRIVATE.contains(c)).take(MAX_ALT).collect();
        out.push_str(&format!(" alttext=\"{}\"", super::escape(&alt)));
    }
    out.push('>');
    let before = out.len();
    for child in children(formula)? {
        write(child, &mut out, 1)?;
    }
    (out.len() > before).then(|| out + CLOSE)
}

fn write(element: &Element, out: &mut String, depth: usize) -> Option<()> {
    if depth > MAX_DEPTH {
        return None;
    }
    let inside = |out: &mut String| {
        for child in children(element)? {
            write(child, out, depth + 1)?;
        }
        Some(())
    };
    match element.name.as_str() {
        // The formula itself comes first; what follows says it again for programs.
        "semantics" => return write(children(element)?.first()?, out, depth + 1),
        "mfenced" => return fenced(element, out, depth),
        _ => {}
    }
    let holds = holds(&element.name)?;
    let name = element.name.as_str();
    out.push('<');
    out.push_str(name);
    for (attribute, value) in &element.attributes {
        let harmless = |c: char| c.is_ascii_alphanumeric() || ".+-% ".contains(c);
        let quotes = matches!(attribute.as_str(), "lquote" | "rquote") && value.chars().count() <= 2;
        if ATTRIBUTES.contains(&attribute.as_str())
            && (quotes || value.len() <= MAX_VALUE && value.chars().all(harmless))
        {
            out.push_str(&format!(" {attribute}=\"{}\"", super::escape(value)));
        }
    }
    out.push('>');
    match holds {
        Holds::Text => {
            let text = element.text();
            if element.elements().next().is_some() || text.contains(PRIVATE) {
                return None;
            }
            let text: String = text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect();
            out.push_str(&super::escape(text.split_whitespace().collect::<Vec<_>>().join(" ").as_str()));
        }
        Holds::Nothing => {}
        Holds::Any => inside(out)?,
        Holds::Exactly(count) => {
            if children(element)?.len() != count {
                return None;
            }
            inside(out)?;
        }
    }
    out.push_str(&format!("</{name}>"));
    Some(())
}

/// The elements of an element that holds no text of its own.
fn children(element: &Element) -> Option<Vec<&Element>> {
    let text = |node: &Node| matches!(node, Node::Text(text) if !text.trim().is_empty());
    (!element.children.iter().any(text)).then(|| element.elements().collect())
}

/// Brackets around parts and signs between them, which browsers show only where they are written out.
fn fenced(element: &Element, out: &mut String, depth: usize) -> Option<()> {
    let sign = |name: &str, usual: &str| {
        let given = element.attribute(name).unwrap_or(usual);
        given.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(10).collect::<String>()
    };
    let separators: Vec<char> = sign("separators", ",").chars().collect();
    let put = |sign: &str, kind: &str, out: &mut String| {
        if !sign.is_empty() {
            out.push_str(&format!("<mo {kind}=\"true\">{}</mo>", super::escape(sign)));
        }
    };
    out.push_str("<mrow>");
    put(&sign("open", "("), "fence", out);
    for (n, child) in children(element)?.into_iter().enumerate() {
        if let Some(between) = n.checked_sub(1).and_then(|n| separators.get(n).or(separators.last())) {
            put(&between.to_string(), "separator", out);
        }
        write(child, out, depth + 1)?;
    }
    put(&sign("close", ")"), "fence", out);
    out.push_str("</mrow>");
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Option<String> {
        formulas(text).pop().map(|(_, html)| html)
    }

    #[test]
    fn a_formula_is_written_anew() {
        for (text, html) in [
            ("<math><mi>x</mi></math>", "<math><mi>x</mi></math>"),
            (
                "<math xmlns='http://www.w3.org/1998/Math/MathML' display='block' class='c' onclick='f()'>\n <msup><mi>c</mi> <mn>2</mn></msup></math>",
                "<math display=\"block\"><msup><mi>c</mi><mn>2</mn></msup></math>",
            ),
            ("<math><mo>&lt;</mo><mi>&pi;</mi></math>", "<math><mo>&lt;</mo><mi>π</mi></math>"),
            (
                "<math alttext='a \"b\"'><mfrac linethickness='0' href='x'><mn>1</mn><mspace width='1em'/></mfrac></math>",
                "<math alttext=\"a &quot;b&quot;\"><mfrac linethickness=\"0\"><mn>1</mn><mspace width=\"1em\"></mspace></mfrac></math>",
            ),
            (
                "<math><mfenced open='['><mi>a</mi><mi>b</mi></mfenced></math>",
                "<math><mrow><mo fence=\"true\">[</mo><mi>a</mi><mo separator=\"true\">,</mo><mi>b</mi><mo fence=\"true\">)</mo></mrow></math>",
            ),
            (
                "<math><semantics><mi>x</mi><annotation encoding='application/x-tex'>x</annotation></semantics></math>",
                "<math><mi>x</mi></math>",
            ),
        ] {
            assert_eq!(one(text).as_deref(), Some(html), "{text}");
        }
        let two = formulas("a <math><mi>x</mi></math> b <math><mi>y</mi></math>");
        assert_eq!(two.len(), 2);
        assert_eq!(two[1].0, 28..51);
    }

    #[test]
    fn what_is_no_formula_stays_a_text() {
        for text in [
            "<math></math>",
            "<math>x</math>",
            "<mathx><mi>x</mi></math>",
            "\\<math><mi>x</mi></math>",
            "<math><mi>x",
            "<math><mfrac><mn>1</mn></mfrac></math>",
            "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
            "<math><mi><script>alert(1)</script></mi><script>alert(1)</script><a href='x'>y</a></math>",
            "<math><annotation-xml encoding='text/html'><p>x</p></annotation-xml></math>",
            "<math><semantics><annotation>x</annotation></semantics></math>",
            "<math><maction><mi>a</mi><mi>b</mi></maction></math>",
            "<math><mglyph src='x'/></math>",
            "<math><apply><plus/><ci>x</ci></apply></math>",
            "<math><mi>\u{e000}0\u{e001}</mi></math>",
        ] {
            assert_eq!(one(text), None, "{text}");
        }
        let deep = format!("<math>{}<mi>x</mi>{}</math>", "<mrow>".repeat(60), "</mrow>".repeat(60));
        assert_eq!(one(&deep), None);
        assert_eq!(one("<math><math><mi>x</mi></math>").as_deref(), Some("<math><mi>x</mi></math>"));
        assert_eq!(formulas(&"<math>".repeat(20_000)).len(), 0);
    }
}
