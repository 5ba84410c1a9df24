//! The answers of each type of Moodle question.

use super::{MOST_ANSWERS, Reader};
use crate::{
    interchange::{
        draft::{Answer, Fill, Gap, Kind, Pool, Range, Words},
        losses,
        numbers::{decimal, percent},
        tree::Element,
    },
    mistake::Mistake,
    rational::Rational,
};

impl Reader<'_> {
    pub(super) fn kind(&mut self, kind: &str) -> Result<Kind, Mistake> {
        match kind {
            "truefalse" => self.true_or_false(),
            "multichoice" => self.choice(),
            "shortanswer" => self.short_answer(),
            "numerical" => self.numerical(),
            "matching" => self.matching(),
            "ordering" => self.ordering(),
            "essay" => Ok(self.essay()),
            "cloze" | "multianswer" => Err(losses::no_right_answer()),
            "gapselect" => self.gaps("selectoption"),
            "ddwtos" => self.gaps("dragbox"),
            other => Err(losses::unsupported(other)),
        }
    }

    fn is_set(&self, name: &str, default: bool) -> bool {
        match self.question.child(name).map(|child| child.text().trim().to_owned()).as_deref() {
            Some("true" | "1") => true,
            Some("false" | "0") => false,
            // An empty element (`<shownumcorrect/>`) says yes.
            Some(_) => true,
            None => default,
        }
    }

    fn fraction(answer: &Element) -> Result<Rational, Mistake> {
        let text = answer.attribute("fraction").unwrap_or("0");
        percent(text).ok_or_else(|| {
            Mistake::new(
                "/correct",
                "not_a_fraction",
                "a fraction is no number from -100 to 100: correct it",
                "fraction が-100から100までの数ではありません。直してください",
            )
        })
    }

    /// The answers with their fractions, each text read.
    fn graded(&mut self) -> Result<Vec<(String, Rational)>, Mistake> {
        let question = self.question;
        if question.all("answer").count() > MOST_ANSWERS {
            return Err(losses::no_question(MOST_ANSWERS));
        }
        let mut graded = Vec::new();
        for answer in question.all("answer") {
            graded.push((self.option(answer), Self::fraction(answer)?));
        }
        if graded.iter().any(|(_, share)| *share < Rational::ZERO) {
            self.lose(losses::penalty());
        }
        Ok(graded)
    }

    fn true_or_false(&mut self) -> Result<Kind, Mistake> {
        for answer in self.question.all("answer") {
            if Self::fraction(answer)? == Rational::ONE {
                let text = answer.child("text").map(Element::text).unwrap_or_default();
                match text.trim() {
                    "true" => return Ok(Kind::TrueFalse(true)),
                    "false" => return Ok(Kind::TrueFalse(false)),
                    _ => {}
                }
            }
        }
        Err(losses::no_right_answer())
    }

    fn choice(&mut self) -> Result<Kind, Mistake> {
        let multiple = !self.is_set("single", true);
        let shuffled = self.is_set("shuffleanswers", true);
        let graded = self.graded()?;
        let most = graded.iter().map(|(_, share)| *share).max().unwrap_or(Rational::ZERO);
        if most <= Rational::ZERO {
            return Err(losses::no_right_answer());
        }
        let right = |share: Rational| if multiple { share > Rational::ZERO } else { share == most };
        if !multiple && graded.iter().any(|(_, share)| *share > Rational::ZERO && *share < most) {
            self.lose(losses::partial_credit());
        }
        if multiple && graded.iter().any(|(_, share)| *share > Rational::ZERO && *share != most) {
            self.lose(losses::uneven_weights());
        }
        let answers =
            graded.into_iter().map(|(text, share)| Answer { text, right: right(share), fixed: !shuffled }).collect();
        Ok(Kind::Choice { multiple, answers, choose: None, stated: !shuffled, per_part: multiple })
    }

    fn short_answer(&mut self) -> Result<Kind, Mistake> {
        let case_sensitive = self.is_set("usecase", false);
        let mut accepted = Vec::new();
        for answer in self.question.all("answer") {
            let text = answer.child("text").map(Element::text).unwrap_or_default();
            let share = Self::fraction(answer)?;
            if share > Rational::ZERO {
                accepted.push((text.trim().to_owned(), share));
            }
        }
        let (accepted, patterns) = losses::without_patterns(accepted)?;
        if patterns {
            self.lose(losses::wildcard());
        }
        Ok(Kind::Words(Words { accepted, case_sensitive }))
    }

    fn numerical(&mut self) -> Result<Kind, Mistake> {
        let mut ranges = Vec::new();
        for answer in self.question.all("answer") {
            let share = Self::fraction(answer)?;
            if share <= Rational::ZERO {
                continue;
            }
            let text = answer.child("text").map(Element::text).unwrap_or_default();
            let tolerance = answer.child("tolerance").map(Element::text).filter(|t| !t.trim().is_empty());
            let read = (decimal(text.trim()), decimal(tolerance.as_deref().unwrap_or("0")));
            let (Some(value), Some(tolerance)) = read else {
                return Err(Mistake::new(
                    "/correct",
                    "not_a_number",
                    "the answer or its tolerance is no number of up to 18 digits: write plain decimals with a point",
                    "解答か許容誤差が18桁までの数ではありません。小数点「.」を使った数で書いてください",
                ));
            };
            ranges.push(Range { value, tolerance, relative: false, inclusive: true, share });
        }
        if ranges.iter().all(|range: &Range| range.share < Rational::ONE) {
            Err(losses::no_right_answer())
        } else {
            Ok(Kind::Number(ranges))
        }
    }

    fn matching(&mut self) -> Result<Kind, Mistake> {
        let (mut sources, mut targets, mut pairs) = (Vec::new(), Pool::default(), Vec::new());
        let question = self.question;
        if question.all("subquestion").count() > MOST_ANSWERS {
            return Err(losses::no_question(MOST_ANSWERS));
        }
        for part in question.all("subquestion") {
            let source = self.option(part);
            let target = part.child("answer").map(|answer| self.option(answer)).unwrap_or_default();
            if target.is_empty() {
                return Err(losses::no_right_answer());
            }
            let place = targets.place(target);
            if !source.is_empty() {
                pairs.push((sources.len(), place));
                sources.push(source);
            }
        }
        Ok(Kind::Match { sources, targets: targets.into_texts(), pairs, per_part: true })
    }

    fn ordering(&mut self) -> Result<Kind, Mistake> {
        let question = self.question;
        if question.all("answer").count() > MOST_ANSWERS {
            return Err(losses::no_question(MOST_ANSWERS));
        }
        let options = question.all("answer").map(|answer| self.option(answer)).collect();
        let grading = self.question.child("gradingtype").map(|g| g.text().trim().to_owned()).unwrap_or_default();
        Ok(Kind::Order { options, per_part: !matches!(grading.as_str(), "ALL_OR_NOTHING" | "-1") })
    }

    fn essay(&mut self) -> Kind {
        let question = self.question;
        let rubric = question.child("graderinfo").map(|info| self.words(info, false).0).filter(|text| !text.is_empty());
        let format = question.child("responseformat").map(|f| f.text().trim().to_owned()).unwrap_or_default();
        if format == "noinline" { Kind::Upload } else { Kind::Essay { rubric } }
    }

    /// `[[1]]` in the text names the first box, which is what belongs there; boxes of its group are to choose from.
    fn gaps(&mut self, name: &str) -> Result<Kind, Mistake> {
        let question = self.question;
        if question.all(name).count() > MOST_ANSWERS {
            return Err(losses::no_question(MOST_ANSWERS));
        }
        let mut boxes = Vec::new();
        for element in question.all(name) {
            let group = element.child("group").map(|g| g.text().trim().to_owned()).unwrap_or_default();
            boxes.push((self.option(element), group));
        }
        let (mut gaps, mut stem) = (Vec::new(), String::new());
        let text = self.draft.stem.replace("\\[", "[").replace("\\]", "]");
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once("[[") {
            let (number, after) = after.split_once("]]").ok_or_else(losses::no_right_answer)?;
            let place: usize = number.trim().parse().map_err(|_| losses::no_right_answer())?;
            let right = place.checked_sub(1).filter(|n| *n < boxes.len()).ok_or_else(losses::no_right_answer)?;
            let gap = format!("g{}", gaps.len() + 1);
            stem.push_str(&format!("{before}{{{{{gap}}}}}"));
            let fill = if name == "dragbox" {
                Fill::Pooled(right)
            } else {
                let own: Vec<usize> = (0..boxes.len()).filter(|n| boxes[*n].1 == boxes[right].1).collect();
                let options = own.iter().map(|n| boxes[*n].0.clone()).collect();
                Fill::Choice { options, right: own.iter().position(|n| *n == right).unwrap_or_default() }
            };
            gaps.push(Gap { name: gap, fill });
            rest = after;
            if gaps.len() > MOST_ANSWERS {
                return Err(losses::no_question(MOST_ANSWERS));
            }
        }
        stem.push_str(rest);
        if gaps.is_empty() {
            return Err(losses::no_right_answer());
        }
        self.draft.stem = stem;
        let pool = if name == "dragbox" { boxes.into_iter().map(|(text, _)| text).collect() } else { Vec::new() };
        Ok(Kind::Gaps { gaps, pool, per_part: true })
    }
}
