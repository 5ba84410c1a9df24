//! Work that keeps a processor busy, apart from the threads that answer requests: what a stranger sends may take its time, and nobody else waits.

use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// As many pieces of work at a time as there are places; the others wait in line.
pub struct Workbench(Arc<Semaphore>);

impl Workbench {
    pub fn new(places: usize) -> Self {
        Self(Arc::new(Semaphore::new(places)))
    }

    /// A place for each processor.
    pub fn for_this_machine() -> Self {
        Self::new(available_parallelism().map_or(2, NonZero::get))
    }

    /// Does `work` on a thread of its own. It is finished even where nobody waits for it any longer, and keeps its place until then.
    ///
    /// # Errors
    /// It panicked.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let place = self.0.clone().acquire_owned().await.map_err(Error::internal)?;
        let work = move || {
            let done = work();
            drop(place);
            done
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread;

    use futures_util::FutureExt as _;
    use tokio::join;

    use super::*;

    #[tokio::test]
    async fn requests_go_on_while_work_is_done_elsewhere() {
        let bench = Workbench::new(1);
        assert_ne!(bench.run(|| thread::current().id()).await.expect("done"), thread::current().id());
        // On one thread: the work waits for the request, which could not come were it done here.
        let (request, waits) = channel();
        let (done, ()) = join!(bench.run(move || waits.recv()), async { request.send(7).expect("heard") });
        assert_eq!(done.expect("done"), Ok(7));
    }

    #[tokio::test]
    async fn no_more_is_done_at_a_time_than_there_are_places() {
        let bench = Workbench::new(1);
        let (go, waits) = channel::<()>();
        let mut first = Box::pin(bench.run(move || waits.recv()));
        assert!((&mut first).now_or_never().is_none(), "under way");
        drop(first);
        let (began, seen) = channel();
        let mut second = Box::pin(bench.run(move || began.send(())));
        assert!((&mut second).now_or_never().is_none());
        assert_eq!(bench.0.available_permits(), 0, "a client that left does not make room");
        assert!(seen.try_recv().is_err());
        drop(go);
        second.await.expect("done").expect("seen");
        assert!(bench.run(|| panic!("in the work")).await.is_err());
        assert_eq!(bench.0.available_permits(), 1, "a panic gives its place back");
    }
}
