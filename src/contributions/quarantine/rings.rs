//! Pairs who give to each other, and rings who give around. Pure: counts in, groups out.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::MemberId;

/// How often one gave to another.
pub type Given = BTreeMap<(MemberId, MemberId), u32>;

/// Two or more who give to each other more than to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub members: Vec<MemberId>,
    /// What they gave to each other.
    pub inside: u32,
    /// What they received from anybody.
    pub received: u32,
    /// Each who gave to whom, how often, at the threshold or above.
    pub edges: Vec<(MemberId, MemberId, u32)>,
}

impl Group {
    /// How many hundredths of what they received came from among them.
    pub fn share(&self) -> u32 {
        (self.inside * 100).checked_div(self.received).unwrap_or_default()
    }
}

/// Groups within which everybody can be reached from everybody by gifts of at least `threshold` each: pairs and rings. The largest share of
/// themselves first. What somebody gave to themselves counts nowhere.
pub fn groups(given: &Given, threshold: u32) -> Vec<Group> {
    let strong = |n: u32| n >= threshold.max(1);
    let edges: Vec<(MemberId, MemberId, u32)> =
        given.iter().filter(|((a, b), n)| a != b && strong(**n)).map(|((a, b), n)| (*a, *b, *n)).collect();
    let mut found: Vec<Group> = components(&edges).into_iter().map(|members| group(given, &edges, members)).collect();
    found.sort_by(|a, b| b.share().cmp(&a.share()).then(b.inside.cmp(&a.inside)).then(a.members.cmp(&b.members)));
    found
}

fn group(given: &Given, edges: &[(MemberId, MemberId, u32)], members: BTreeSet<MemberId>) -> Group {
    let (mut inside, mut received) = (0, 0);
    for ((from, _), n) in given.iter().filter(|((from, to), _)| from != to && members.contains(to)) {
        received += n;
        if members.contains(from) {
            inside += n;
        }
    }
    let own = edges.iter().filter(|(from, to, _)| members.contains(from) && members.contains(to)).copied();
    Group { inside, received, edges: own.collect(), members: members.into_iter().collect() }
}

/// Strongly connected components of two and more (Kosaraju: who comes last in one direction is taken first in the other). Without recursion, since a
/// chain may be as long as there are members.
fn components(edges: &[(MemberId, MemberId, u32)]) -> Vec<BTreeSet<MemberId>> {
    let mut forward: BTreeMap<MemberId, Vec<MemberId>> = BTreeMap::new();
    let mut back: BTreeMap<MemberId, Vec<MemberId>> = BTreeMap::new();
    for (from, to, _) in edges {
        forward.entry(*from).or_default().push(*to);
        back.entry(*to).or_default().push(*from);
    }
    let mut seen = BTreeSet::new();
    let mut order = vec![];
    for start in forward.keys() {
        walk(*start, &forward, &mut seen, &mut order);
    }
    let mut seen = BTreeSet::new();
    let mut found = vec![];
    for start in order.into_iter().rev() {
        let mut members = vec![];
        walk(start, &back, &mut seen, &mut members);
        if members.len() > 1 {
            found.push(members.into_iter().collect());
        }
    }
    found
}

/// Everybody who can be reached and was not seen, in the order in which they are left.
fn walk(
    start: MemberId,
    edges: &BTreeMap<MemberId, Vec<MemberId>>,
    seen: &mut BTreeSet<MemberId>,
    left: &mut Vec<MemberId>,
) {
    if !seen.insert(start) {
        return;
    }
    let mut way = vec![(start, 0)];
    while let Some((at, next)) = way.last_mut() {
        let to = edges.get(at).and_then(|list| list.get(*next)).copied();
        *next += 1;
        match to {
            Some(to) if seen.insert(to) => way.push((to, 0)),
            Some(_) => {}
            None => {
                left.push(*at);
                way.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use waymark_criteria::PrefixedId as _;

    use super::*;

    fn given(list: &[(u128, u128, u32)]) -> Given {
        list.iter().map(|(a, b, n)| ((MemberId::from_bits(*a), MemberId::from_bits(*b)), *n)).collect()
    }

    fn members(found: &[Group]) -> Vec<Vec<u128>> {
        let bits = |m: &MemberId| m.to_string().parse::<MemberId>().expect("an id");
        found
            .iter()
            .map(|g| {
                g.members
                    .iter()
                    .map(|m| (0..100).find(|n| MemberId::from_bits(*n) == bits(m)).expect("small"))
                    .collect()
            })
            .collect()
    }

    #[test]
    fn a_pair_gives_both_ways() {
        let all = given(&[(1, 2, 5), (2, 1, 4), (3, 1, 9), (4, 4, 50)]);
        let found = groups(&all, 4);
        assert_eq!(members(&found), [[1, 2]]);
        assert_eq!((found[0].inside, found[0].received, found[0].share()), (9, 18, 50));
        assert!(groups(&all, 5).is_empty(), "one direction is too weak");
    }

    #[test]
    fn a_ring_closes_and_a_chain_does_not() {
        let ring = given(&[(1, 2, 3), (2, 3, 3), (3, 4, 3), (4, 1, 3), (5, 1, 3)]);
        assert_eq!(members(&groups(&ring, 3)), [[1, 2, 3, 4]]);
        let chain = given(&[(1, 2, 3), (2, 3, 3), (3, 4, 3)]);
        assert!(groups(&chain, 3).is_empty());
    }

    #[test]
    fn groups_are_told_apart_and_the_closest_stands_first() {
        let all = given(&[(1, 2, 3), (2, 1, 3), (9, 1, 30), (5, 6, 3), (6, 7, 3), (7, 5, 3), (2, 5, 3)]);
        assert_eq!(members(&groups(&all, 3)), [vec![5, 6, 7], vec![1, 2]]);
    }

    #[test]
    fn a_long_chain_does_not_exhaust_the_stack() {
        let mut long: Vec<(u128, u128, u32)> = (0..50_000).map(|n| (n, n + 1, 1)).collect();
        long.push((50_000, 0, 1));
        assert_eq!(groups(&given(&long), 1)[0].members.len(), 50_001);
    }
}
