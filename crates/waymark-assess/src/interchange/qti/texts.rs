//! Gaps in a text and what is typed into them.

use super::{body::gap_name, declarations::Mapping, entries, interactions::Reader, processing::How};
use crate::{
    interchange::{
        draft::{Fill, Gap, Kind, Range},
        losses,
        numbers::decimal,
        tree::Element,
    },
    mistake::Mistake,
    rational::Rational,
};

impl Reader<'_> {
    pub(super) fn gaps(&mut self, interactions: &[&Element]) -> Result<Kind, Mistake> {
        let mut gaps = Vec::new();
        for interaction in interactions {
            let name = gap_name(interaction.attribute("responseIdentifier").unwrap_or_default());
            let fill = match interaction.name.as_str() {
                "textEntryInteraction" => self.entry(interaction)?,
                "inlineChoiceInteraction" => match self.choice(interaction, "inlineChoice")? {
                    Kind::Choice { answers, .. } => {
                        let right = answers.iter().position(|a| a.right).ok_or_else(losses::no_right_answer)?;
                        Fill::Choice { options: answers.into_iter().map(|a| a.text).collect(), right }
                    }
                    _ => return Err(losses::no_right_answer()),
                },
                _ => return Err(losses::several_interactions()),
            };
            gaps.push(Gap { name, fill });
        }
        Ok(Kind::Gaps { gaps, pool: Vec::new(), per_part: !self.scored.is_together() })
    }

    /// What a text entry accepts: numbers by their declared type, else texts.
    pub(super) fn entry(&mut self, interaction: &Element) -> Result<Fill, Mistake> {
        let declaration = self.declaration(interaction)?;
        if interaction.attribute("patternMask").is_some() {
            self.lose(losses::pattern_mask());
        }
        let mapped = self.is_mapped(&declaration);
        if mapped {
            let mapping = declaration.mapping.clone().unwrap_or_default();
            self.lose_of(&Mapping { entries: Vec::new(), ..mapping });
        }
        if matches!(declaration.base_type.as_str(), "float" | "integer") {
            let right = self.right(&declaration)?;
            let (tolerance, relative, inclusive) = match self.scored.how(&declaration.identifier) {
                Some(How::Equal { relative, tolerance, inclusive }) => (tolerance.clone(), *relative, *inclusive),
                _ => ("0".to_owned(), false, true),
            };
            let range = |text: &String| {
                let (tolerance, share) = (tolerance.clone(), Rational::ONE);
                Some(Range { value: decimal(text)?, tolerance, relative, inclusive, share })
            };
            let ranges: Option<Vec<Range>> = right.iter().map(range).collect();
            return ranges.map(Fill::Number).ok_or_else(losses::no_right_answer);
        }
        Ok(Fill::Words(entries::words(&declaration, mapped).ok_or_else(losses::no_right_answer)?))
    }
}
