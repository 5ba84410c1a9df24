//! The search that tells apart blank nodes whose own quads look alike (RDFC-1.0 §4.7, §4.8), and its budget.

use super::{Hash, HashAlgorithm, Quad, RdfcError, text, write_label};
use std::collections::{BTreeMap, HashMap};

/// Deepest recursion; every level holds a stack frame and a copy of the identifiers.
const DEPTH_LIMIT: usize = 64;

/// Numbers blank nodes in the order in which they are asked for (RDFC-1.0 §4.5).
#[derive(Debug, Clone, Default)]
pub(super) struct Issuer {
    order: Vec<u32>,
    numbers: HashMap<u32, u32>,
}

impl Issuer {
    pub(super) fn number(&self, blank: u32) -> Option<u32> {
        self.numbers.get(&blank).copied()
    }

    pub(super) fn issue(&mut self, blank: u32) -> u32 {
        let next = super::index(self.order.len());
        let number = *self.numbers.entry(blank).or_insert(next);
        if number == next {
            self.order.push(blank);
        }
        number
    }

    pub(super) fn issued(&self) -> &[u32] {
        &self.order
    }
}

pub(super) struct Search<'s, 'q> {
    pub(super) algorithm: HashAlgorithm,
    pub(super) quads: &'s [Quad<'q>],
    pub(super) mentions: &'s [Vec<usize>],
    pub(super) first_degree: &'s [Hash],
    pub(super) canonical: Issuer,
    pub(super) work: usize,
    /// How much of it there may be.
    pub(super) limit: usize,
}

impl Search<'_, '_> {
    fn spend(&mut self, steps: usize) -> Result<(), RdfcError> {
        self.work = self.work.saturating_add(steps);
        if self.work > self.limit { Err(RdfcError::WorkLimit) } else { Ok(()) }
    }

    /// RDFC-1.0 §4.8, Hash N-Degree Quads.
    pub(super) fn hash(&mut self, blank: u32, mut issuer: Issuer, depth: usize) -> Result<(Hash, Issuer), RdfcError> {
        if depth > DEPTH_LIMIT {
            return Err(RdfcError::WorkLimit);
        }
        let mut data = String::new();
        for (related_hash, related) in self.related(blank, &issuer)? {
            data.push_str(text(&related_hash));
            let (path, chosen) = self.shortest_path(related, &issuer, depth)?;
            data.push_str(&path);
            issuer = chosen;
        }
        Ok((self.algorithm.hex(&data), issuer))
    }

    /// Step 3: the neighbours of `blank`, grouped by the hash of how they are tied to it.
    fn related(&mut self, blank: u32, issuer: &Issuer) -> Result<BTreeMap<Hash, Vec<u32>>, RdfcError> {
        let mut groups: BTreeMap<Hash, Vec<u32>> = BTreeMap::new();
        let quads = self.quads;
        for at in &self.mentions[blank as usize] {
            for (position, other) in quads[*at].blanks().filter(|(_, other)| *other != blank) {
                self.spend(1)?;
                groups.entry(self.related_hash(other, &quads[*at], issuer, position)).or_default().push(other);
            }
        }
        Ok(groups)
    }

    /// RDFC-1.0 §4.7, Hash Related Blank Node.
    fn related_hash(&self, related: u32, quad: &Quad<'_>, issuer: &Issuer, position: char) -> Hash {
        let mut input = String::from(position);
        if position != 'g' {
            input.push('<');
            input.push_str(quad.predicate.as_str());
            input.push('>');
        }
        if let Some(number) = self.canonical.number(related) {
            write_label("c14n", number, &mut input);
        } else if let Some(number) = issuer.number(related) {
            write_label("b", number, &mut input);
        } else {
            input.push_str(text(&self.first_degree[related as usize]));
        }
        self.algorithm.hex(&input)
    }

    /// Step 5.4: over every order of `related`, the least path, and the issuer that made it.
    fn shortest_path(
        &mut self,
        mut related: Vec<u32>,
        issuer: &Issuer,
        depth: usize,
    ) -> Result<(String, Issuer), RdfcError> {
        let mut chosen: Option<(String, Issuer)> = None;
        related.sort_unstable();
        loop {
            self.spend(related.len() + issuer.issued().len() / 8)?;
            if let Some(path) =
                self.path(&related, issuer.clone(), depth, chosen.as_ref().map(|(path, _)| path.as_str()))?
            {
                chosen = Some(path);
            }
            if !next_permutation(&mut related) {
                return Ok(chosen.expect("the first order is always taken"));
            }
        }
    }

    /// Steps 5.4.1 to 5.4.6: the path for one order, or `None` once it cannot become the least.
    fn path(
        &mut self,
        order: &[u32],
        mut issuer: Issuer,
        depth: usize,
        least: Option<&str>,
    ) -> Result<Option<(String, Issuer)>, RdfcError> {
        let loses = |path: &str| least.is_some_and(|least| path.len() >= least.len() && path > least);
        let mut path = String::new();
        let mut unvisited = Vec::new();
        for related in order {
            if let Some(number) = self.canonical.number(*related) {
                write_label("c14n", number, &mut path);
            } else {
                if issuer.number(*related).is_none() {
                    unvisited.push(*related);
                }
                write_label("b", issuer.issue(*related), &mut path);
            }
            if loses(&path) {
                return Ok(None);
            }
        }
        for related in unvisited {
            let (hash, deeper) = self.hash(related, issuer.clone(), depth + 1)?;
            write_label("b", issuer.issue(related), &mut path);
            path.push('<');
            path.push_str(text(&hash));
            path.push('>');
            issuer = deeper;
            if loses(&path) {
                return Ok(None);
            }
        }
        Ok(least.is_none_or(|least| path.as_str() < least).then_some((path, issuer)))
    }
}

/// The next order in lexicographic sequence; equal elements are not told apart. `false` after the last.
fn next_permutation(order: &mut [u32]) -> bool {
    let Some(pivot) = order.windows(2).rposition(|pair| pair[0] < pair[1]) else { return false };
    let successor = order.iter().rposition(|other| *other > order[pivot]).expect("the one after the pivot is greater");
    order.swap(pivot, successor);
    order[pivot + 1..].reverse();
    true
}
