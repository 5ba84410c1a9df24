//! Randomness as an argument: ids, tokens, seeds and status indices all come from one [`Entropy`].

use std::sync::Mutex;

use sha2::{Digest, Sha256};

/// A source of bytes that nobody can guess.
pub trait Entropy: Send + Sync {
    fn fill(&self, out: &mut [u8]);
}

/// The generator of the operating system.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for randomness")]
    fn fill(&self, out: &mut [u8]) {
        getrandom::fill(out).expect("a system without randomness cannot run a signing server");
    }
}

/// A repeatable stream (SHA-256 over seed and counter) for tests. Never used by `serve`.
pub struct SeededEntropy(Mutex<(Vec<u8>, u64)>);

impl SeededEntropy {
    pub fn new(seed: &[u8]) -> Self {
        Self(Mutex::new((seed.to_vec(), 0)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, out: &mut [u8]) {
        let mut state = self.0.lock().expect("no thread panics while it holds this lock");
        for chunk in out.chunks_mut(32) {
            let block = Sha256::new().chain_update(&state.0).chain_update(state.1.to_be_bytes()).finalize();
            state.1 += 1;
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

/// `N` fresh bytes.
pub fn bytes<const N: usize>(from: &dyn Entropy) -> [u8; N] {
    let mut out = [0; N];
    from.fill(&mut out);
    out
}

/// A uniformly random number below `bound` (rejection sampling, no modulo bias).
pub fn below(from: &dyn Entropy, bound: u32) -> u32 {
    assert!(bound > 0, "a choice needs at least one candidate");
    let zone = u32::MAX - (u32::MAX % bound);
    loop {
        let n = u32::from_be_bytes(bytes(from));
        if n < zone {
            return n % bound;
        }
    }
}
