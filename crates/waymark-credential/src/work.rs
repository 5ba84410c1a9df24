//! What it costs to read and judge one document, counted as it is spent. Counts are the same on every machine; time is not.

use crate::{
    canonical::limits::{SIZE_LIMIT, WORK_LIMIT},
    status_list::MAX_BYTES,
    verify::MAX_LIST,
};

/// Work that was done, of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Definitions of terms made from contexts, for documents of any kind.
    pub terms: usize,
    /// Bytes of statements that were canonicalized.
    pub bytes: usize,
    /// Steps of the search among blank nodes that look alike.
    pub steps: usize,
    /// Signatures that were checked.
    pub signatures: usize,
    /// Bytes of status lists that were read, as they came and unpacked.
    pub lists: usize,
}

impl Work {
    /// The most for one document with its proofs and status lists. What would take more is not checked.
    pub const OF_ONE: Self = Self {
        terms: 1_600_000,
        bytes: 4 * SIZE_LIMIT,
        steps: 4 * WORK_LIMIT as usize,
        signatures: 40,
        lists: crate::verify::MOST_LISTS * (MAX_LIST + MAX_BYTES),
    };
    /// The most for a credential with the endorsements in it that are looked at, and for a presentation with all that is in it.
    pub const LIMIT: Self = Self::OF_ONE.times(1 + crate::verify::MOST_ENDORSEMENTS);

    const fn times(self, n: usize) -> Self {
        Self {
            terms: self.terms * n,
            bytes: self.bytes * n,
            steps: self.steps * n,
            signatures: self.signatures * n,
            lists: self.lists * n,
        }
    }

    /// Whether nothing exceeds `limit`.
    pub const fn is_within(&self, limit: &Self) -> bool {
        self.terms <= limit.terms
            && self.bytes <= limit.bytes
            && self.steps <= limit.steps
            && self.signatures <= limit.signatures
            && self.lists <= limit.lists
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            terms: self.terms + other.terms,
            bytes: self.bytes + other.bytes,
            steps: self.steps + other.steps,
            signatures: self.signatures + other.signatures,
            lists: self.lists + other.lists,
        }
    }

    /// The account of one document among several that share a limit, of which `left` is left: as much spent as leaves no more than that, nor more
    /// than one document may spend.
    pub(crate) const fn with_at_most(self, left: Self) -> Self {
        const fn larger(a: usize, b: usize) -> usize {
            if a > b { a } else { b }
        }
        let kept = Self::OF_ONE.less(left);
        Self {
            terms: larger(self.terms, kept.terms),
            bytes: larger(self.bytes, kept.bytes),
            steps: larger(self.steps, kept.steps),
            signatures: larger(self.signatures, kept.signatures),
            lists: larger(self.lists, kept.lists),
        }
    }

    /// Without `other`, of each kind at least nothing.
    pub(crate) const fn less(self, other: Self) -> Self {
        Self {
            terms: self.terms.saturating_sub(other.terms),
            bytes: self.bytes.saturating_sub(other.bytes),
            steps: self.steps.saturating_sub(other.steps),
            signatures: self.signatures.saturating_sub(other.signatures),
            lists: self.lists.saturating_sub(other.lists),
        }
    }

    /// Writes down so many bytes of a status list; false where they are more than is left. Then nothing is left.
    pub(crate) fn reads_list(&mut self, bytes: usize) -> bool {
        let left = self.left().lists;
        self.lists += bytes.min(left);
        bytes <= left
    }

    /// What one document may still spend.
    pub(crate) const fn left(&self) -> Self {
        Self::OF_ONE.less(*self)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::canonical::{CanonicalError, RdfcError, canonical_n_quads_open_within, expand_open_within};

    /// Two nodes that look alike, each under a context of its own.
    fn alike() -> (Value, Value) {
        let node = json!({"within": {"@context": {"says": "urn:says"}, "says": "x", "next": {"says": "y"}}});
        (json!({"many": [node, node]}), json!({"many": "urn:many", "within": "urn:within", "next": "urn:next"}))
    }

    /// The cost of the document, what comes of it where exactly that is left, and where one less is.
    fn at_the_limit(kind: fn(&mut Work) -> &mut usize) -> [Result<String, CanonicalError>; 2] {
        let (document, contexts) = alike();
        let mut cost = Work::default();
        canonical_n_quads_open_within(&document, &contexts, &mut cost).expect("it is small");
        assert!(*kind(&mut cost) > 1, "{cost:?}");
        let (mut most, cost) = (Work::OF_ONE, *kind(&mut cost));
        [0, 1].map(|over| {
            let mut work = Work::default();
            *kind(&mut work) = *kind(&mut most) - cost + over;
            canonical_n_quads_open_within(&document, &contexts, &mut work)
        })
    }

    #[test]
    fn where_nothing_is_left_it_ends() {
        let [whole, cut] = at_the_limit(|work| &mut work.terms);
        assert!(whole.is_ok() && matches!(cut, Err(CanonicalError::Expand(_))), "{cut:?}");
        let [whole, cut] = at_the_limit(|work| &mut work.bytes);
        assert!(whole.is_ok() && cut == Err(CanonicalError::Rdfc(RdfcError::SizeLimit)), "{cut:?}");
        let [whole, cut] = at_the_limit(|work| &mut work.steps);
        assert!(whole.is_ok() && cut == Err(CanonicalError::Rdfc(RdfcError::WorkLimit)), "{cut:?}");
    }

    #[test]
    fn what_was_spent_is_written_down_even_where_it_was_too_much() {
        let (document, contexts) = alike();
        let mut work = Work { terms: Work::OF_ONE.terms - 1, ..Work::default() };
        assert!(expand_open_within(&document, &contexts, &mut work).is_err());
        assert!(work.terms <= Work::OF_ONE.terms);
        let mut twice = Work::default();
        for _ in 0..2 {
            canonical_n_quads_open_within(&document, &contexts, &mut twice).expect("it is small");
        }
        let mut once = Work::default();
        canonical_n_quads_open_within(&document, &contexts, &mut once).expect("it is small");
        assert_eq!(twice, once.and(once));
    }

    #[test]
    fn every_kind_is_compared_and_added() {
        let one = Work { terms: 1, bytes: 1, steps: 1, signatures: 1, lists: 1 };
        assert_eq!(one.and(one), one.times(2));
        assert!(one.is_within(&one));
        for more in [
            Work { terms: 2, ..one },
            Work { bytes: 2, ..one },
            Work { steps: 2, ..one },
            Work { signatures: 2, ..one },
            Work { lists: 2, ..one },
        ] {
            assert!(!more.is_within(&one), "{more:?}");
        }
        assert_eq!(Work::OF_ONE.left(), Work::default());
        assert_eq!(Work::default().left(), Work::OF_ONE);
    }

    #[test]
    fn lists_that_are_too_much_use_up_what_is_left() {
        let mut work = Work { lists: Work::OF_ONE.lists - 10, ..Work::default() };
        assert!(work.reads_list(4) && work.reads_list(6));
        assert!(!work.reads_list(1));
        assert_eq!(work.lists, Work::OF_ONE.lists);
        let mut work = Work { lists: Work::OF_ONE.lists - 10, ..Work::default() };
        assert!(!work.reads_list(11) && !work.reads_list(1), "what was read all the same is written down");
    }

    #[test]
    fn what_several_share_leaves_each_no_more_than_that() {
        let one = Work { terms: 1, bytes: 2, steps: 3, signatures: 4, lists: 5 };
        assert_eq!(Work::default().with_at_most(one).left(), one);
        assert_eq!(Work::default().with_at_most(Work::LIMIT), Work::default(), "and no more than is its own");
        let spent = Work { bytes: Work::OF_ONE.bytes, ..Work::default() };
        assert_eq!(spent.with_at_most(one).left(), Work { bytes: 0, ..one });
        assert_eq!(one.less(Work { terms: 0, bytes: 3, ..one }), Work { terms: 1, ..Work::default() });
    }
}
