//! Random words from a seed, as both algorithms of drawing use them: `ChaCha20`, a stream a purpose. The rules stand in `draw`.

use super::{Handle, Seed};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use std::collections::BTreeSet;

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
