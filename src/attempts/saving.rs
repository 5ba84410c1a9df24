//! Saving answers: what arrives at the same moment is written together.
//!
//! Promises: each save is judged by itself, by the time of the change that writes it, and is acknowledged only once that change is durable. One that is
//! refused, or that the store does not take, leaves the others alone. A round costs a few statements however many saves it holds, so that an exam in which
//! everybody answers at once does not wait for the store.

mod one;
mod round;

pub use one::{Outcome, Saving};

use std::sync::Arc;

use self::one::Seat;
use crate::actor::Actor;
use crate::app::{App, Kept, Together};
use crate::database::Kind;
use crate::error::{Code, Error, Result};

/// Stores an answer, or says why not. The deadline is judged by the time of the change that would hold it.
///
/// # Errors
/// A foreign attempt; more saves than one attempt may make; the store is away.
pub async fn save(app: &App, saving: Saving) -> Result<Outcome> {
    let desk = app.own.of::<SaveDesk>();
    let (own, rounds) = (app.clone(), Arc::clone(&desk.rounds));
    let round = move |savings| async move { write_all(&own, &desk.seats, savings).await };
    let unfinished = || Err(Error::internal("the saves of this moment were not finished"));
    rounds.ask(saving, round).await.unwrap_or_else(unfinished)
}

/// Saves of one round: the store's own statements stay short.
const A_ROUND: usize = 64;
/// Attempts whose frozen form is kept at hand, a few kilobytes each.
const SEATS: usize = 2048;

struct SaveDesk {
    seats: Kept<Seat>,
    rounds: Arc<Together<Saving, Result<Outcome>>>,
}

impl Default for SaveDesk {
    fn default() -> Self {
        Self { seats: Kept::new(SEATS), rounds: Arc::new(Together::new(A_ROUND)) }
    }
}

/// All in one change; where that fails, each in one of its own, so that only the one at fault is. A save that was written although the answer got
/// lost on the way is found again by its operation.
async fn write_all(app: &App, seats: &Kept<Seat>, savings: Vec<Saving>) -> Vec<Result<Outcome>> {
    let alone = match write(app, seats, &savings).await {
        Ok(outcomes) => return outcomes,
        Err(e) if savings.len() == 1 => return vec![Err(e)],
        Err(e) => {
            tracing::warn!(error = %e, saves = savings.len(), "saves could not be written together; each is tried alone");
            savings
        }
    };
    let mut outcomes: Vec<Result<Outcome>> = Vec::with_capacity(alone.len());
    let mut away = false;
    for saving in &alone {
        let outcome = if away {
            Err(Error::new(Code::Unavailable))
        } else {
            write(app, seats, std::slice::from_ref(saving)).await.and_then(|mut one| one.remove(0))
        };
        away = matches!(&outcome, Err(e) if e.code() == Code::Unavailable);
        outcomes.push(outcome);
    }
    outcomes
}

/// One change, in as many rounds as one attempt has saves among them: each builds on what the one before it wrote.
async fn write(app: &App, seats: &Kept<Seat>, savings: &[Saving]) -> Result<Vec<Result<Outcome>>> {
    let mut ch = app.db.change(Actor::System("attempts"), Kind::Ordinary).await?;
    let mut outcomes: Vec<Option<Result<Outcome>>> = savings.iter().map(|_| None).collect();
    loop {
        let mut places: Vec<usize> = vec![];
        for (place, saving) in savings.iter().enumerate() {
            let taken = places.iter().any(|taken| savings[*taken].attempt == saving.attempt);
            if outcomes[place].is_none() && !taken {
                places.push(place);
            }
        }
        if places.is_empty() {
            break;
        }
        let part: Vec<&Saving> = places.iter().map(|place| &savings[*place]).collect();
        for (place, outcome) in places.into_iter().zip(round::write(&mut ch, seats, &part).await?) {
            outcomes[place] = Some(outcome);
        }
    }
    ch.commit().await?;
    Ok(outcomes.into_iter().flatten().collect())
}
