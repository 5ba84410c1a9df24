//! What was counted in this process and is not yet written down: sums by day, credential and kind. Nothing of whoever asked is in them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::ids::{CredentialId, MemberId, TrackId};

/// Whose figures a look goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    pub credential: CredentialId,
    pub track: TrackId,
    /// Its holder, whose own looks are none.
    pub holder: MemberId,
    /// Whether it is private at this moment.
    pub private: bool,
}

/// One sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Counted {
    pub credential: CredentialId,
    pub track: TrackId,
    /// Days since 1970-01-01 in UTC.
    pub day: i32,
    /// The stable name of what was counted.
    pub what: &'static str,
    pub private: bool,
}

/// The sums. From [`Counts::is_full`] on they should be taken away; at twice that, what would need a place of its own is dropped, and how
/// much that was is told with the next [`Counts::take`].
pub struct Counts {
    most: usize,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    sums: HashMap<Counted, u64>,
    dropped: u64,
}

/// Sums, about a hundred bytes each.
const MOST: usize = 10_000;

impl Default for Counts {
    fn default() -> Self {
        Self::of(MOST)
    }
}

impl Counts {
    /// One that is full with `most` sums.
    pub fn of(most: usize) -> Self {
        Self { most, inside: Mutex::default() }
    }

    /// Counts one.
    pub fn add(&self, counted: Counted) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let Inside { sums, dropped } = &mut *inside;
        if let Some(sum) = sums.get_mut(&counted) {
            *sum += 1;
        } else if sums.len() < self.most * 2 {
            sums.insert(counted, 1);
        } else {
            *dropped += 1;
        }
    }

    pub fn is_full(&self) -> bool {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).sums.len() >= self.most
    }

    /// Takes all sums away, in one order everywhere, and how many looks found no place.
    pub fn take(&self) -> (Vec<(Counted, u64)>, u64) {
        let Inside { sums, dropped } = std::mem::take(&mut *self.inside.lock().unwrap_or_else(PoisonError::into_inner));
        let mut sums: Vec<_> = sums.into_iter().collect();
        sums.sort_unstable();
        (sums, dropped)
    }

    /// Puts back what could not be written.
    pub fn put_back(&self, taken: &[(Counted, u64)]) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        for (counted, sum) in taken {
            *inside.sums.entry(*counted).or_default() += sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use waymark_criteria::PrefixedId as _;

    use super::*;

    fn on(day: i32) -> Counted {
        let (credential, track) = (CredentialId::from_bits(1), TrackId::from_bits(2));
        Counted { credential, track, day, what: "view", private: false }
    }

    #[test]
    fn the_memory_is_bounded_and_says_what_it_dropped() {
        let counts = Counts::of(2);
        counts.add(on(1));
        assert!(!counts.is_full());
        counts.add(on(2));
        assert!(counts.is_full(), "it asks to be emptied before anything is dropped");
        for day in [3, 4, 5, 6, 1] {
            counts.add(on(day));
        }
        assert_eq!(counts.take(), (vec![(on(1), 2), (on(2), 1), (on(3), 1), (on(4), 1)], 2));
        assert_eq!(counts.take(), (vec![], 0), "what was taken is gone");
    }

    #[test]
    fn what_is_put_back_adds_up() {
        let counts = Counts::of(2);
        counts.add(on(1));
        let (taken, _) = counts.take();
        counts.add(on(1));
        counts.put_back(&taken);
        assert_eq!(counts.take().0, [(on(1), 2)]);
    }
}
