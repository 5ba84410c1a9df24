//! Shares of a form as counts: the method of the largest remainder (Hamilton).

use std::collections::BTreeMap;

/// All shares of a form, in hundredths of a percent.
pub const WHOLE: u32 = 10_000;

/// How many of `items` each name gets by its share (hundredths of a percent that add up to [`WHOLE`]). Each gets the whole part of its due; what is left
/// over goes, one each, to the largest remainders. Of equal remainders the larger share comes first, then the earlier name (by code point).
pub fn by_largest_remainder(shares: &BTreeMap<String, u32>, items: u32) -> BTreeMap<String, u32> {
    let due = |share: u32| u64::from(share) * u64::from(items);
    let whole = u64::from(WHOLE);
    let mut counts: BTreeMap<String, u32> = shares
        .iter()
        .map(|(name, share)| (name.clone(), u32::try_from(due(*share) / whole).expect("at most `items`")))
        .collect();
    let given: u32 = counts.values().sum();
    let mut order: Vec<(&String, u32)> = shares.iter().map(|(name, share)| (name, *share)).collect();
    order.sort_by(|(a, x), (b, y)| (due(*y) % whole).cmp(&(due(*x) % whole)).then(y.cmp(x)).then(a.cmp(b)));
    let left = usize::try_from(items.saturating_sub(given)).expect("usize holds 32 bits on every platform served");
    for (name, _) in order.into_iter().take(left) {
        *counts.get_mut(name).expect("a count for every share") += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counts(shares: &[(&str, u32)], items: u32) -> Vec<u32> {
        let shares = shares.iter().map(|(name, share)| ((*name).to_owned(), *share)).collect();
        by_largest_remainder(&shares, items).into_values().collect()
    }

    #[test]
    fn what_is_left_over_goes_to_the_largest_remainders() {
        assert_eq!(counts(&[("a", 3_000), ("b", 2_600), ("c", 2_400), ("d", 2_000)], 65), [19, 17, 16, 13]);
        assert_eq!(counts(&[("a", 3_333), ("b", 3_333), ("c", 3_334)], 10), [3, 3, 4]);
        assert_eq!(counts(&[("a", 5_000), ("b", 5_000)], 3), [2, 1], "equal shares: the earlier name");
        assert_eq!(
            counts(&[("a", 1_250), ("b", 3_750), ("c", 5_000)], 4),
            [0, 2, 2],
            "equal remainders: the larger share"
        );
    }

    proptest! {
        #[test]
        fn everything_is_given_and_nobody_is_off_by_one_or_more(raw in proptest::collection::vec(1_u32..1_000, 1..12), items in 1_u32..500) {
            let total: u32 = raw.iter().sum();
            let mut shares: BTreeMap<String, u32> = raw.iter().enumerate().map(|(n, r)| (format!("d{n:02}"), r * WHOLE / total)).collect();
            let rest = WHOLE - shares.values().sum::<u32>();
            *shares.get_mut("d00").unwrap() += rest;
            let counts = by_largest_remainder(&shares, items);
            prop_assert_eq!(counts.values().sum::<u32>(), items);
            for (name, share) in &shares {
                let due = u64::from(*share) * u64::from(items);
                let got = u64::from(counts[name]) * u64::from(WHOLE);
                prop_assert!(got < due + u64::from(WHOLE) && due < got + u64::from(WHOLE));
            }
        }
    }
}
