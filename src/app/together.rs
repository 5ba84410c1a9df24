//! Work of one kind that many ask for at the same moment, done for all of them at once.
//!
//! Promises: whoever asks is answered with what became of their own part; nobody waits longer than for the round under way and the one they are in; a
//! caller that goes away takes nothing from the others of its round.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

type Waiting<A, R> = VecDeque<(A, oneshot::Sender<R>)>;

pub struct Together<A, R> {
    /// How many parts one round takes.
    most: usize,
    waiting: Mutex<Waiting<A, R>>,
    /// First come, first served: held by the round under way.
    turn: tokio::sync::Mutex<()>,
}

impl<A: Send + 'static, R: Send + 'static> Together<A, R> {
    pub fn new(most: usize) -> Self {
        Self { most, waiting: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }

    /// Hands in a part and waits for what became of it. `work` does a round: it answers each part in the order given. None where a round did not end.
    pub async fn ask<W, F>(self: &Arc<Self>, part: A, work: W) -> Option<R>
    where
        W: FnOnce(Vec<A>) -> F + Send + 'static,
        F: Future<Output = Vec<R>> + Send,
    {
        let (tell, hear) = oneshot::channel();
        self.lock().push_back((part, tell));
        let own = Arc::clone(self);
        tokio::spawn(async move {
            let turn = own.turn.lock().await;
            let (parts, told): (Vec<_>, Vec<_>) = own.next().into_iter().unzip();
            if parts.is_empty() {
                return;
            }
            let answers = work(parts).await;
            drop(turn);
            for (tell, answer) in told.into_iter().zip(answers) {
                // Nobody listens any more where a caller went away.
                let _ = tell.send(answer);
            }
        });
        hear.await.ok()
    }

    fn next(&self) -> Waiting<A, R> {
        let mut waiting = self.lock();
        let rest = waiting.len().min(self.most);
        waiting.drain(..rest).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting<A, R>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use futures_util::future::join_all;

    use super::*;

    async fn doubled(parts: Vec<u32>) -> Vec<(usize, u32)> {
        let size = parts.len();
        tokio::task::yield_now().await;
        parts.into_iter().map(|part| (size, part * 2)).collect()
    }

    #[tokio::test]
    async fn everybody_gets_their_own_answer_and_few_rounds_are_needed() {
        let together = Arc::new(Together::new(4));
        let answers = join_all((0..10).map(|n| together.ask(n, doubled))).await;
        let answers: Vec<_> = answers.into_iter().map(|answer| answer.expect("worked")).collect();
        assert!(answers.iter().enumerate().all(|(n, (_, twice))| *twice == 2 * n as u32), "{answers:?}");
        assert!(answers.iter().all(|(size, _)| *size <= 4), "{answers:?}");
        assert!(answers.iter().any(|(size, _)| *size == 4), "those that waited went together: {answers:?}");
    }

    #[tokio::test]
    async fn who_goes_away_takes_nothing_from_the_others() {
        let together = Arc::new(Together::new(4));
        let mut gone = Box::pin(together.ask(1, doubled));
        assert!((&mut gone).now_or_never().is_none());
        drop(gone);
        assert_eq!(together.ask(2, doubled).await.map(|(_, twice)| twice), Some(4));
    }

    #[tokio::test]
    async fn a_round_that_breaks_off_answers_nobody_and_the_next_goes_on() {
        let together = Arc::new(Together::<u32, u32>::new(4));
        let broken = together.ask(1, |_| async { panic!("a fault in the work") }).await;
        assert_eq!(broken, None);
        assert_eq!(together.ask(2, |parts| async { parts }).await, Some(2));
    }
}
