//! A section of a plan: how many items are drawn from which.

use crate::blueprint::Drawable;

#[derive(Debug, Clone)]
pub(crate) struct PlannedSection {
    pub name: String,
    pub take: u32,
    /// Sorted by slug.
    pub pool: Vec<Drawable>,
}

impl PlannedSection {
    /// The fewest and the most points of what is drawn from it.
    pub(super) fn points(&self) -> (u32, u32) {
        let mut worth: Vec<u32> = self.pool.iter().filter(|item| !item.pretest).map(|item| item.points).collect();
        worth.sort_unstable();
        let take = usize::try_from(self.take).unwrap_or(usize::MAX).min(worth.len());
        let sum = |some: &[u32]| some.iter().copied().fold(0, u32::saturating_add);
        (sum(&worth[..take]), sum(&worth[worth.len() - take..]))
    }
}
