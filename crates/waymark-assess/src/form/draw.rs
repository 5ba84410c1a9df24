//! Drawing a form from a seed. These rules are [`ALGORITHM`] 1 and never change; other rules get another number.
//!
//! * Random words are those of `ChaCha20` (64-bit block counter from 0) with the seed as key, read as little-endian 32-bit
//!   words, in three streams: 0 chooses items and their order, 1 orders options, 2 makes handles.
//! * `below(n)`: take a word, again if it is not less than the largest multiple of `n` that fits 2³², and reduce it
//!   modulo `n`. Every number below `n` is equally likely.
//! * Drawing `k` of a list: for `i` in `0..k` swap place `i` with place `i + below(len - i)`; the first `k` are drawn, in
//!   that order.
//! * Sections in the order of their names (by code point), pools in the order of their ids.
//! * Options that are not fixed are drawn all, and fill the places that fixed ones leave.
//! * A handle is two words, the first one in front, as 16 hexadecimal digits; one that the form has already is drawn again.
//! * Items of other families than choice are arranged by the rules of `arrange`, from streams of their own.

use super::{Form, Handle, Plan, Position, Seed, arrange::Arranger};
use crate::blueprint::Drawable;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use std::collections::BTreeSet;

/// The number of the rules above.
pub const ALGORITHM: u32 = 1;

/// Random words of one stream.
pub(super) struct Words(ChaCha20Rng);

impl Words {
    pub fn stream(seed: Seed, number: u64) -> Self {
        let mut rng = ChaCha20Rng::from_seed(seed.0);
        rng.set_stream(number);
        Self(rng)
    }

    fn below(&mut self, n: u32) -> u32 {
        let limit = (1_u64 << 32) / u64::from(n) * u64::from(n);
        loop {
            let word = self.0.next_u32();
            if u64::from(word) < limit {
                return word % n;
            }
        }
    }

    pub fn draw<T>(&mut self, from: &mut [T], k: usize) {
        for i in 0..k {
            let left = u32::try_from(from.len() - i).expect("pools and option lists are far shorter than 2^32");
            let step = usize::try_from(self.below(left)).expect("usize holds 32 bits on every platform served");
            from.swap(i, i + step);
        }
    }

    pub fn handle(&mut self, taken: &mut BTreeSet<String>) -> Handle {
        loop {
            let handle = format!("{:08x}{:08x}", self.0.next_u32(), self.0.next_u32());
            if taken.insert(handle.clone()) {
                return Handle(handle);
            }
        }
    }
}

impl Plan {
    pub(super) fn draw_plain(&self, seed: Seed) -> Form {
        let (mut items, mut arranger) = (Words::stream(seed, 0), Arranger::new(seed));
        let mut positions = Vec::new();
        for section in &self.sections {
            let mut pool: Vec<&Drawable> = section.pool.iter().collect();
            let take = usize::try_from(section.take).expect("a form has at most 500 positions").min(pool.len());
            items.draw(&mut pool, take);
            for item in &pool[..take] {
                positions.push(Position {
                    number: u32::try_from(positions.len() + 1).expect("a form has at most 500 positions"),
                    item: item.hash,
                    slug: item.slug.clone(),
                    section: section.name.clone(),
                    scored: true,
                    presented: arranger.arrange(&item.arrangement),
                });
            }
        }
        Form { algorithm: ALGORITHM, seed, name: None, relaxed: vec![], positions }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8439 §2.3.2 uses another nonce; this is the key-and-nonce-zero key stream of RFC 8439 A.1, test vector 1.
    #[test]
    fn words_are_those_of_chacha20() {
        let mut words = Words::stream(Seed([0; 32]), 0);
        let first = [words.0.next_u32(), words.0.next_u32(), words.0.next_u32()];
        assert_eq!(
            first.map(u32::to_le_bytes).concat(),
            [0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90, 0x40, 0x5d, 0x6a, 0xe5]
        );
    }

    #[test]
    fn below_favours_no_number() {
        let mut words = Words::stream(Seed([8; 32]), 0);
        // Three quarters of all words: reduced without drawing again, the lowest third would come up half of the time.
        let low = (0..3_000).filter(|_| words.below(3 << 30) < 1 << 30).count();
        assert!((920..1_080).contains(&low), "{low}");
    }

    #[test]
    fn every_place_is_about_equally_likely() {
        let mut words = Words::stream(Seed([7; 32]), 0);
        let mut counts = [[0_u32; 5]; 5];
        for _ in 0..20_000 {
            let mut list = [0, 1, 2, 3, 4];
            words.draw(&mut list, 5);
            list.iter().enumerate().for_each(|(place, item)| counts[place][*item] += 1);
        }
        // Expected 4000 with a standard deviation of 57; the seed is fixed, so this never flickers.
        assert!(counts.iter().flatten().all(|n| (3_750..4_250).contains(n)), "{counts:?}");
    }
}
