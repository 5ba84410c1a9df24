//! Property tests draw the same cases each time, so that a red one is red for everybody. `WAYMARK_LONG=1` draws many more, and
//! others each time.

use proptest::{prelude::ProptestConfig, test_runner::RngSeed};

pub(crate) fn cases(count: u32) -> ProptestConfig {
    let usual = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    match std::env::var_os("WAYMARK_LONG") {
        Some(_) => ProptestConfig { cases: count.saturating_mul(50), ..usual },
        None => ProptestConfig { cases: count, rng_seed: RngSeed::Fixed(2_026), ..usual },
    }
}
