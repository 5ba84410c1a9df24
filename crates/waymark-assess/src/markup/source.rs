//! A text whose formulas have been taken out before Markdown reads it: Markdown knows nothing of `MathML`, and would take signs
//! in it for its own. A sign for each stands in its place, and is filled in again, in code with what the author wrote.

use super::{FORMULA, math};

pub(super) struct Source {
    pub text: String,
    formulas: Vec<Formula>,
}

pub(super) struct Formula {
    written: String,
    pub html: String,
}

pub(super) enum Part<'s> {
    Text(&'s str),
    Formula(&'s Formula),
}

impl Source {
    pub fn of(text: &str) -> Self {
        let text: String = text.chars().filter(|c| !FORMULA.contains(c)).collect();
        let (mut out, mut formulas, mut at) = (String::with_capacity(text.len()), Vec::new(), 0);
        for (place, html) in math::formulas(&text) {
            out.push_str(&text[at..place.start]);
            out.extend([FORMULA[0].to_string(), formulas.len().to_string(), FORMULA[1].to_string()]);
            at = place.end;
            formulas.push(Formula { written: text[place].to_owned(), html });
        }
        out.push_str(&text[at..]);
        Self { text: out, formulas }
    }

    /// A piece of the text, taken apart at its formulas.
    pub fn parts<'s>(&'s self, piece: &'s str) -> Vec<Part<'s>> {
        let mut parts = Vec::new();
        for (n, text) in piece.split(FORMULA[0]).enumerate() {
            let numbered = text.split_once(FORMULA[1]).filter(|_| n > 0);
            let formula = numbered.and_then(|(number, _)| self.formulas.get(number.parse::<usize>().ok()?));
            parts.extend(formula.map(Part::Formula));
            parts.push(Part::Text(numbered.map_or(text, |(_, after)| after)));
        }
        parts
    }

    /// A piece of the text with its formulas as they were written.
    pub fn as_written(&self, piece: &str) -> String {
        let part = |part: &Part<'_>| match part {
            Part::Text(text) => (*text).to_owned(),
            Part::Formula(formula) => formula.written.clone(),
        };
        self.parts(piece).iter().map(part).collect()
    }
}
