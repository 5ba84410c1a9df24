//! The texts that a text entry accepts.

use super::declarations::Declaration;
use crate::{interchange::draft::Words, rational::Rational};

/// From the mapping where that counts (each value as a share of the best), else the correct response. Whether case counts
/// differs between the two (trap c): an entry of a mapping says so itself, a correct response is matched to the letter.
pub(super) fn words(declaration: &Declaration, mapped: bool) -> Option<Words> {
    if !mapped {
        let correct = declaration.correct.as_ref()?.iter().filter(|text| !text.is_empty());
        let accepted: Vec<_> = correct.map(|text| (text.clone(), Rational::ONE)).collect();
        return (!accepted.is_empty()).then_some(Words { accepted, case_sensitive: true });
    }
    let mapping = declaration.mapping.as_ref()?;
    let most = mapping.positive().map(|entry| entry.value).max()?;
    let inverse = Rational::new(most.denominator(), most.numerator())?;
    let share = |value: Rational| value.checked_mul(inverse);
    let accepted =
        mapping.positive().map(|entry| Some((entry.key.clone(), share(entry.value)?))).collect::<Option<Vec<_>>>()?;
    let case_sensitive = mapping.positive().any(|entry| entry.case_sensitive);
    Some(Words { accepted, case_sensitive })
}
