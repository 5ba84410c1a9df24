//! Which options keep their place when the others are shuffled.

use crate::{
    interchange::{
        report::{FixedOption, FixedWhy},
        speaks_of_others::{Speaks, speaks},
    },
    text::Text,
};
use std::collections::BTreeSet;

/// An option that keeps its place, before the report says of which item.
pub(in crate::interchange) struct Kept {
    option: usize,
    text: String,
    why: FixedWhy,
}

impl Kept {
    pub fn of(self, item: &str, line: usize) -> FixedOption {
        FixedOption { item: item.to_owned(), line, option: self.option, text: self.text, why: self.why }
    }
}

/// Which options keep their place: those the author names, else those that speak of others.
pub(super) fn places(texts: &[Text], stated: Option<BTreeSet<usize>>) -> (BTreeSet<usize>, Vec<Kept>) {
    let words = |place: usize| texts[place].entries().next().map(|(_, text)| text.to_owned()).unwrap_or_default();
    if let Some(stated) = stated {
        let stated: BTreeSet<usize> = stated.into_iter().filter(|place| *place < texts.len()).collect();
        let kept =
            stated.iter().map(|place| Kept { option: *place, text: words(*place), why: FixedWhy::Stated }).collect();
        return (stated, kept);
    }
    let spoken = |text: &Text| text.entries().filter_map(|(_, words)| speaks(words)).max();
    let spoken: Vec<Option<Speaks>> = texts.iter().map(spoken).collect();
    let reach = |(place, speaks): (usize, &Option<Speaks>)| {
        // "All of the above" with an ordinary option below it would speak of that one too, once it is shuffled upwards.
        let above_some = *speaks == Some(Speaks::OfThoseAbove) && spoken[place..].iter().any(Option::is_none);
        let whole_order = *speaks == Some(Speaks::ByLetter) || above_some;
        speaks.map(|_| (place, if whole_order { FixedWhy::NamesPlaces } else { FixedWhy::SpeaksOfTheOthers }))
    };
    let speaking: Vec<(usize, FixedWhy)> = spoken.iter().enumerate().filter_map(reach).collect();
    let whole_order = speaking.iter().any(|(_, why)| *why == FixedWhy::NamesPlaces);
    let fixed =
        if whole_order { (0..texts.len()).collect() } else { speaking.iter().map(|(place, _)| *place).collect() };
    (fixed, speaking.into_iter().map(|(option, why)| Kept { option, text: words(option), why }).collect())
}
