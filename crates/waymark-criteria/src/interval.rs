//! Half-open stretches of time, and the one law by which the tree combines them: at least n of them at once.

use crate::Timestamp;

/// From a moment, up to but not at another, or without end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interval {
    pub from: Timestamp,
    pub to: Option<Timestamp>,
}

impl Interval {
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && self.to.is_none_or(|to| at < to)
    }
}

/// The stretches during which at least `n` of the given ones hold: sorted, apart from one another, none empty.
///
/// All of k children is `n = k`, any is `n = 1`, three contributions is `n = 3` over the stretches in which each counts.
pub(crate) fn at_least(n: u32, given: impl IntoIterator<Item = Interval>) -> Vec<Interval> {
    weighing(n.into(), given.into_iter().map(|interval| (interval, 1)))
}

/// The same where each stretch has a weight: when those that hold weigh `n` or more together.
pub(crate) fn weighing(n: u64, given: impl IntoIterator<Item = (Interval, u64)>) -> Vec<Interval> {
    let mut turns: Vec<(Timestamp, i128)> = Vec::new();
    for (Interval { from, to }, weight) in given {
        if to.is_none_or(|to| from < to) {
            turns.push((from, weight.into()));
            turns.extend(to.map(|to| (to, -i128::from(weight))));
        }
    }
    turns.sort_unstable();
    let mut result: Vec<Interval> = Vec::new();
    let mut holding = 0_i128;
    for turn in turns.chunk_by(|a, b| a.0 == b.0) {
        let before = holding >= i128::from(n);
        holding += turn.iter().map(|(_, change)| *change).sum::<i128>();
        let now = holding >= i128::from(n);
        match (before, now) {
            (false, true) => result.push(Interval { from: turn[0].0, to: None }),
            (true, false) => {
                if let Some(open) = result.last_mut() {
                    open.to = Some(turn[0].0);
                }
            }
            _ => {}
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(from: i64, to: Option<i64>) -> Interval {
        let at = |second| Timestamp::from_unix_timestamp(second).unwrap();
        Interval { from: at(from), to: to.map(at) }
    }

    #[test]
    fn touching_stretches_join_and_empty_ones_vanish() {
        let given = [interval(5, Some(9)), interval(1, Some(5)), interval(20, Some(20)), interval(30, None)];
        assert_eq!(at_least(1, given), [interval(1, Some(9)), interval(30, None)]);
        let ends_before_it_begins = interval(9, Some(5));
        assert_eq!(at_least(1, [interval(0, None), ends_before_it_begins]), [interval(0, None)]);
    }

    #[test]
    fn n_must_hold_at_once() {
        let given = [interval(0, Some(10)), interval(5, Some(15)), interval(9, Some(20))];
        assert_eq!(at_least(2, given), [interval(5, Some(15))]);
        assert_eq!(at_least(3, given), [interval(9, Some(10))]);
        assert_eq!(at_least(4, given), []);
    }

    #[test]
    fn weights_add_up_and_go_again() {
        let given = [(interval(0, Some(10)), 2), (interval(5, Some(15)), 5), (interval(9, None), u64::MAX)];
        assert_eq!(weighing(7, given), [interval(5, None)]);
        assert_eq!(weighing(7, given.into_iter().take(2)), [interval(5, Some(10))]);
        assert_eq!(weighing(u64::MAX, given), [interval(9, None)]);
    }

    #[test]
    fn the_end_is_outside() {
        assert!(interval(1, Some(2)).contains(interval(1, None).from));
        assert!(!interval(1, Some(2)).contains(interval(2, None).from));
    }
}
