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

use super::{Form, Plan, Position, Seed, arrange::Arranger, words::Words};
use crate::blueprint::Drawable;

/// The number of the rules above.
pub const ALGORITHM: u32 = 1;

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
