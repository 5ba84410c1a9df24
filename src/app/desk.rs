//! Where files of items are read and written: heavy work that anybody in charge of banks may ask for. A few at a time; whoever
//! finds every place taken is asked to come back. When the server stops, the desk closes, and what is under way there is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{Code, Error, Result};

/// Files that are worked on at once. Each may take 128 MiB while it is unpacked.
const PLACES: usize = 3;
/// After how many seconds somebody who found no place should ask again.
const COME_BACK: u64 = 5;

pub struct Desk {
    places: Arc<Semaphore>,
    closed: Arc<AtomicBool>,
}

impl Default for Desk {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(PLACES)), closed: Arc::default() }
    }
}

impl Desk {
    /// A place, for as long as it or any work done at it lasts.
    ///
    /// # Errors
    /// [`Code::Unavailable`]: all are taken, or the server stops.
    pub fn place(&self) -> Result<Place> {
        let permit = self.places.clone().try_acquire_owned().map_err(|_| busy())?;
        Ok(Place { permit: Arc::new(permit), closed: self.closed.clone() })
    }

    /// Lets nobody in any more, and has work leave off.
    pub fn close(&self) {
        self.places.close();
        self.closed.store(true, Ordering::Release);
    }
}

pub struct Place {
    permit: Arc<OwnedSemaphorePermit>,
    closed: Arc<AtomicBool>,
}

impl Place {
    /// Does `work` on a thread of its own. It asks now and then whether to leave off, and answers nothing where it did. It keeps the place even where
    /// nobody waits for it any longer.
    ///
    /// # Errors
    /// [`Code::Unavailable`]: it left off. It panicked.
    pub async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Fn() -> bool) -> Option<T> + Send + 'static,
    ) -> Result<T> {
        let (permit, closed) = (self.permit.clone(), self.closed.clone());
        let work = move || {
            let done = work(&|| closed.load(Ordering::Acquire));
            drop(permit);
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?.ok_or_else(busy)
    }
}

fn busy() -> Error {
    Error::new(Code::Unavailable).retry_after(COME_BACK)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use futures_util::FutureExt as _;

    use super::*;

    fn code<T>(result: Result<T>) -> Code {
        result.err().expect("refused").code()
    }

    #[tokio::test]
    async fn whoever_finds_no_place_comes_back_later() {
        let desk = Desk::default();
        let taken: Vec<Place> = (0..PLACES).map(|_| desk.place().expect("free")).collect();
        assert_eq!(code(desk.place()), Code::Unavailable);
        drop(taken);
        assert!(desk.place().is_ok());
    }

    #[tokio::test]
    async fn work_keeps_its_place_when_nobody_waits_for_it() {
        let desk = Desk::default();
        let others: Vec<Place> = (1..PLACES).map(|_| desk.place().expect("free")).collect();
        let (go, waits) = channel::<()>();
        let place = desk.place().expect("free");
        let mut work = Box::pin(place.work(move |_| Some(waits.recv())));
        assert!((&mut work).now_or_never().is_none(), "under way");
        drop(work);
        drop(place);
        assert_eq!(code(desk.place()), Code::Unavailable, "a client that left does not make room");
        drop(go);
        drop(others);
    }

    #[tokio::test]
    async fn a_closed_desk_has_work_leave_off() {
        let desk = Desk::default();
        let place = desk.place().expect("free");
        let (began, seen) = channel();
        let work = place.work(move |stop| {
            let _ = began.send(());
            while !stop() {
                std::thread::yield_now();
            }
            None::<()>
        });
        let close = async {
            while seen.try_recv().is_err() {
                tokio::task::yield_now().await;
            }
            desk.close();
        };
        assert_eq!(code(tokio::join!(work, close).0), Code::Unavailable);
        assert_eq!(code(desk.place()), Code::Unavailable, "and nobody comes in");
    }
}
