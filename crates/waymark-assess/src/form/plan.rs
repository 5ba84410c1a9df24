//! What forms are drawn from: the bank, sorted by a blueprint.

use super::{Assembled, PlannedSection};

/// A bank sorted by blueprint, ready to draw any number of forms: each section has enough items.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) sections: Vec<PlannedSection>,
    /// What is needed to assemble by ALGORITHM 2; None for ALGORITHM 1.
    pub(crate) assembled: Option<Assembled>,
}

impl Plan {
    /// How many positions a form has; of fixed forms, the longest.
    pub fn positions(&self) -> u32 {
        let fixed = self.assembled.iter().flat_map(|planned| &planned.forms).map(|(_, list)| list.len()).max();
        match fixed {
            Some(longest) => u32::try_from(longest).expect("a form has at most 500 positions"),
            None => self.scored() + self.assembled.as_ref().map_or(0, |planned| planned.pretest),
        }
    }

    /// How many positions of a form count; of fixed forms, in the one with the fewest.
    pub fn scored(&self) -> u32 {
        self.forms().map(|(_, scored)| scored).min().unwrap_or_else(|| self.sections.iter().map(|s| s.take).sum())
    }

    /// Fixed forms: name, and how many positions count.
    pub fn forms(&self) -> impl Iterator<Item = (&str, u32)> {
        self.assembled.iter().flat_map(|planned| {
            planned.forms.iter().map(|(name, list)| {
                let scored = list.iter().filter(|n| planned.items[**n].scored).count();
                (name.as_str(), u32::try_from(scored).expect("a form has at most 500 positions"))
            })
        })
    }

    /// The fewest and the most points that a form may be worth, over all forms that can be drawn; of fixed forms, over these.
    pub fn points(&self) -> (u32, u32) {
        let fixed: Vec<u32> = self.forms_worth().map(|(_, points)| points).collect();
        if let (Some(least), Some(most)) = (fixed.iter().min(), fixed.iter().max()) {
            return (*least, *most);
        }
        self.sections.iter().map(PlannedSection::points).fold((0, 0), |(least, most), (low, high)| {
            (u32::saturating_add(least, low), u32::saturating_add(most, high))
        })
    }

    /// Fixed forms: name, and how many points they are worth.
    pub fn forms_worth(&self) -> impl Iterator<Item = (&str, u32)> {
        self.assembled.iter().flat_map(|planned| {
            planned.forms.iter().map(|(name, list)| {
                let entries = list.iter().map(|n| &planned.items[*n]).filter(|entry| entry.scored);
                (name.as_str(), entries.map(|entry| entry.item.points).fold(0, u32::saturating_add))
            })
        })
    }

    /// Per section: its name, how many items are drawn, how many there are.
    pub fn sections(&self) -> impl Iterator<Item = (&str, u32, usize)> {
        self.sections.iter().map(|section| (section.name.as_str(), section.take, section.pool.len()))
    }

    /// Sections of which fewer items than a form needs are below the cap on exposure: name, how many are, how many a form needs.
    pub fn used_up(&self, used: &std::collections::BTreeMap<String, u32>) -> Vec<(String, u32, u32)> {
        self.assembled.as_ref().map_or_else(Vec::new, |planned| planned.used_up(&self.sections, used))
    }

    /// Whether forms depend on how often items were used.
    pub fn caps_exposure(&self) -> bool {
        self.assembled.as_ref().is_some_and(|planned| planned.exposure.is_some())
    }

    /// The cap on exposure.
    pub fn exposure(&self) -> Option<u32> {
        self.assembled.as_ref().and_then(|planned| planned.exposure)
    }

    /// From how many of the candidate's last forms nothing is drawn.
    pub fn avoids(&self) -> u32 {
        self.assembled.as_ref().map_or(0, |planned| planned.avoid_last)
    }
}
