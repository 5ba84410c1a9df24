//! Reading what one node asks.

use serde_json::Value;

use super::{Place, Reader};
use crate::{
    HeldAt, Mistake, NodeKind, Requirement, ScoreAtLeast, Span,
    mistake::{nearest, quoted, step},
};

/// A hundred years of days: more is a slip of the finger.
pub(super) const MOST_DAYS: u32 = 36_525;
const MOST_MONTHS: u32 = 1_200;
const MOST_POINTS: u32 = 1_000_000;

impl Reader {
    pub(super) fn requirement(
        &mut self,
        kind: NodeKind,
        value: &Value,
        pointer: &str,
        place: &Place,
    ) -> Option<Requirement> {
        Some(match kind {
            NodeKind::All => Requirement::All(self.children(value, pointer, place)?),
            NodeKind::Any => Requirement::Any(self.children(value, pointer, place)?),
            NodeKind::AtLeast => self.at_least(value, pointer, place)?,
            NodeKind::Exam => {
                let exam = self.object(value, pointer, &["slug", "score"])?;
                let score = match exam.get("score") {
                    Some(score) => self.score(score, &step(pointer, "score")).map(Some),
                    None => Some(None),
                };
                Requirement::Exam { slug: self.slug_in(exam, pointer, "slug")?, score: score? }
            }
            NodeKind::Contributions => Requirement::Contributions(self.contributions(value, pointer)?),
            NodeKind::Held => {
                let held = self.object(value, pointer, &["track", "at"])?;
                let at = held.get("at").map_or(Some(HeldAt::Now), |at| self.held_at(at, &step(pointer, "at")));
                Requirement::Held { track: self.slug_in(held, pointer, "track")?, at: at? }
            }
            NodeKind::Tenure => Requirement::Tenure(self.tenure(value, pointer)?),
            NodeKind::Attested => {
                let attested = self.object(value, pointer, &["role"])?;
                Requirement::Attested { role: self.slug_in(attested, pointer, "role")? }
            }
            NodeKind::Panel => {
                let panel = self.object(value, pointer, &["title"])?;
                Requirement::Panel { title: self.slug_in(panel, pointer, "title")? }
            }
        })
    }

    /// `score: {points: 30}`, `{percent: 80}` or `{scaled: 700}`.
    fn score(&mut self, value: &Value, pointer: &str) -> Option<ScoreAtLeast> {
        type Sort = (&'static str, u32, fn(u32) -> ScoreAtLeast);
        const SORTS: [Sort; 3] = [
            ("points", MOST_POINTS, ScoreAtLeast::Points),
            ("percent", 100, ScoreAtLeast::Percent),
            ("scaled", MOST_POINTS, ScoreAtLeast::Scaled),
        ];
        let score = self.object(value, pointer, &SORTS.map(|(word, ..)| word))?;
        let mut said = SORTS.into_iter().filter_map(|sort| Some((sort, score.get(sort.0)?)));
        match (said.next(), said.next()) {
            (Some(((word, most, of), least)), None) => self.count(least, &step(pointer, word), 1..=most).map(of),
            _ => {
                let message = "say the score to reach in one way";
                let expected = "{points: 30}, {percent: 80} or {scaled: 700}";
                self.say(Mistake::new(pointer, "missing_field", message).expecting(expected));
                None
            }
        }
    }

    fn held_at(&mut self, value: &Value, pointer: &str) -> Option<HeldAt> {
        let word = self.string(value, pointer, "now or ever")?;
        match word {
            "now" => Some(HeldAt::Now),
            "ever" => Some(HeldAt::Ever),
            _ => {
                let message = format!("{} does not say when the credential must be held", quoted(word));
                let suggestion = nearest(word, ["now", "ever"]);
                let mistake = Mistake::new(pointer, "unknown_word", message).expecting("now or ever");
                self.say(mistake.suggesting(suggestion));
                None
            }
        }
    }

    fn tenure(&mut self, value: &Value, pointer: &str) -> Option<Span> {
        let tenure = self.object(value, pointer, &["days", "months"])?;
        match (tenure.get("days"), tenure.get("months")) {
            (Some(days), None) => self.count(days, &step(pointer, "days"), 1..=MOST_DAYS).map(Span::Days),
            (None, Some(months)) => self.count(months, &step(pointer, "months"), 1..=MOST_MONTHS).map(Span::Months),
            _ => {
                let message = "say how long, either in days or in months";
                self.say(Mistake::new(pointer, "missing_field", message).expecting("{days: 365} or {months: 12}"));
                None
            }
        }
    }
}
