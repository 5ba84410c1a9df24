//! HTML of ours where only text can stand, as in the choices of a menu: without its tags, and with formulas on one line.

use super::escape;
use crate::interchange::{
    html,
    tree::{Element, Node},
};

/// The text alone, escaped as it was. A formula reads as people type one: `(a+1)/2`, `x^2`, `√2`; or as its author described it.
pub(crate) fn without_tags(html: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(html.len()), html);
    while let Some((before, formula)) = rest.split_once("<math") {
        let Some((inside, after)) = formula.split_once("</math>") else { break };
        out.push_str(&stripped(before));
        if let [Node::Element(formula)] = html::parse(&format!("<math{inside}</math>")).as_slice() {
            let described = formula.attribute("alttext").map(|alt| alt.trim().to_owned());
            out.push_str(&escape(&described.unwrap_or_else(|| on_one_line(formula))));
        }
        rest = after;
    }
    out + &stripped(rest)
}

fn stripped(html: &str) -> String {
    let (mut out, mut in_tag) = (String::with_capacity(html.len()), false);
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            _ if !in_tag => out.push(c),
            _ => {}
        }
    }
    out
}

fn on_one_line(element: &Element) -> String {
    let parts: Vec<String> = element.elements().map(on_one_line).collect();
    let part = |n: usize| parts.get(n).map(|part| grouped(part)).unwrap_or_default();
    match element.name.as_str() {
        "mi" | "mn" | "mo" | "ms" | "mtext" => element.text(),
        "mfrac" => format!("{}/{}", part(0), part(1)),
        "msqrt" => format!("√{}", grouped(&parts.concat())),
        "mroot" => format!("{}√{}", part(1), part(0)),
        "msub" | "munder" => format!("{}_{}", part(0), part(1)),
        "msup" | "mover" => format!("{}^{}", part(0), part(1)),
        "msubsup" | "munderover" => format!("{}_{}^{}", part(0), part(1), part(2)),
        "mspace" => " ".to_owned(),
        "mtable" => format!("[{}]", parts.join("; ")),
        "mtr" => parts.join(", "),
        _ => parts.concat(),
    }
}

/// In brackets, unless it is one word or number.
fn grouped(part: &str) -> String {
    if part.chars().all(char::is_alphanumeric) || part.chars().count() == 1 {
        part.to_owned()
    } else {
        format!("({part})")
    }
}

#[cfg(test)]
mod tests {
    use super::without_tags;

    #[test]
    fn a_formula_keeps_its_meaning_on_one_line() {
        for (html, text) in [
            ("<em>R&amp;D</em>, x &lt; 5", "R&amp;D, x &lt; 5"),
            ("a <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> b", "a 1/2 b"),
            (
                "<math><mfrac><mrow><mi>a</mi><mo>&lt;</mo><mn>1</mn></mrow><msup><mi>x</mi><mn>2</mn></msup></mfrac></math>",
                "(a&lt;1)/(x^2)",
            ),
            ("<math><msqrt><mn>2</mn></msqrt><mroot><mi>x</mi><mn>3</mn></mroot></math>", "√23√x"),
            ("<math><munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover></math>", "∑_i^n"),
            ("<math><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr></mtable></math>", "[1, 0]"),
            ("<math alttext=\"one &lt; half\"><mi>x</mi></math>", "one &lt; half"),
            ("<math><mi>x</mi>", "x"),
        ] {
            assert_eq!(without_tags(html), text, "{html}");
        }
    }
}
