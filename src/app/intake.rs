//! How many events may be under way or wait for their turn to be written. Whoever comes when that is full is told to come back, before their events are
//! written or even read: nothing that was answered for is ever lost, and nobody waits without end.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{Code, Error, Result};

/// The places.
pub struct Intake {
    free: Arc<Semaphore>,
    places: u32,
}

/// Places that are taken; given back when this is dropped.
#[derive(Debug)]
pub struct Admitted {
    _places: OwnedSemaphorePermit,
}

/// Seconds after which to come back.
const COME_BACK: u64 = 1;

impl Intake {
    /// `places`: events that may be under way at once.
    pub fn new(places: u32) -> Self {
        let places = places.max(1);
        Self { free: Arc::new(Semaphore::new(places as usize)), places }
    }

    /// Takes a place for each of `events`; a call that is larger than all places takes them all.
    ///
    /// # Errors
    /// There are not so many free: `unavailable`, with when to come back.
    pub fn admit(&self, events: usize) -> Result<Admitted> {
        let wanted = u32::try_from(events).unwrap_or(u32::MAX).clamp(1, self.places);
        match Arc::clone(&self.free).try_acquire_many_owned(wanted) {
            Ok(permit) => Ok(Admitted { _places: permit }),
            Err(_) => Err(full()),
        }
    }

    /// Whether there is a place at all: asked before a body is read.
    ///
    /// # Errors
    /// There is none.
    pub fn check(&self) -> Result<()> {
        if self.free() == 0 { Err(full()) } else { Ok(()) }
    }

    /// Places that nobody has.
    pub fn free(&self) -> usize {
        self.free.available_permits()
    }
}

fn full() -> Error {
    Error::new(Code::Unavailable).retry_after(COME_BACK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_when_it_is_full_is_told_when_to_come_back() {
        let intake = Intake::new(3);
        let first = intake.admit(2).expect("there is room");
        let refused = intake.admit(2).expect_err("one place is left");
        assert_eq!((refused.code(), refused.inside().retry_after_seconds), (Code::Unavailable, Some(COME_BACK)));
        let second = intake.admit(1).expect("the last place");
        assert!(intake.check().is_err());
        drop((first, second));
        assert_eq!(intake.free(), 3);
        let _all = intake.admit(1000).expect("a large call takes all places");
        assert!(intake.admit(1).is_err());
    }
}
