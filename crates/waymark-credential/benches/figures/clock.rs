//! CPU time of this thread, and rounds in turn: on a machine that others use too, only ratios of one run mean something.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// CPU time that this thread has used.
fn used() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).expect("CPU time is not negative")
}

/// One thing to be measured.
pub struct Work<'w> {
    pub name: &'static str,
    run: Box<dyn FnMut() + 'w>,
    count: u32,
    /// The least of all rounds, in nanoseconds each.
    pub best: f64,
}

impl<'w> Work<'w> {
    pub fn new<T>(name: &'static str, mut run: impl FnMut() -> T + 'w) -> Self {
        let run = Box::new(move || {
            std::hint::black_box(run());
        });
        Self { name, run, count: 1, best: f64::INFINITY }
    }

    fn round(&mut self) -> Duration {
        let start = used();
        for _ in 0..self.count {
            (self.run)();
        }
        let took = used() - start;
        self.best = self.best.min(took.as_nanos() as f64 / f64::from(self.count));
        took
    }
}

/// Runs all works in turn, `rounds` times, each for about `each` a round.
pub fn interleave(works: &mut [Work<'_>], rounds: u32, each: Duration) {
    for work in works.iter_mut() {
        loop {
            let took = work.round();
            if took * 2 > each {
                break;
            }
            work.count *= 2;
        }
    }
    for _ in 0..rounds {
        works.iter_mut().for_each(|work| {
            work.round();
        });
    }
}
