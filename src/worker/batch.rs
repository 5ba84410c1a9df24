//! A batch of events. What listeners only write goes into one change with what the others write, in order; what needs a signature, a letter or changes
//! of its own is done between two such changes, and settled by the next.
//!
//! Promises: what is written for an event becomes durable together with the note that it was dealt with. An event that fails takes no other along:
//! those of its change are taken one by one, and it alone is put off with its error. While it waits, so do the later ones of its member.

use std::collections::{HashSet, VecDeque};
use std::slice;

use time::Duration;

use super::{Learned, Listener, listeners};
use crate::actor::Actor;
use crate::app::App;
use crate::database::outbox::{self, Claimed};
use crate::database::{Change, Kind};
use crate::domain_event::{DomainEvent, Heard};
use crate::error::{Error, Result};

/// How much is dealt with at a time.
#[derive(Debug, Clone, Copy)]
pub struct Batch {
    /// How many events are claimed together, at most.
    pub most: u64,
    /// How long one change takes further events up: on SQLite, whoever else writes waits for it.
    pub change: Duration,
    /// After how long the rest is given back: long work waits for it, and so does the end of the program. Well within the lease.
    pub whole: Duration,
}

impl Batch {
    pub const USUAL: Self = Self { most: 64, change: Duration::milliseconds(50), whole: Duration::seconds(2) };
}

const WORKER: Actor = Actor::System("worker");

/// Deals with a batch of events, if any is due. Answers whether there was one.
pub async fn step(app: &App, size: Batch) -> Result<bool> {
    let mut ch = app.db.change(WORKER, Kind::Ordinary).await?;
    let claimed = outbox::claim(&mut ch, size.most).await?;
    if claimed.is_empty() {
        return Ok(false);
    }
    ch.commit().await?;
    let run = Run { app, size, open: claimed.into(), alone: 0, delivered: None, back: vec![], failing: HashSet::new() };
    run.work_off().await?;
    Ok(true)
}

struct Run<'a> {
    app: &'a App,
    size: Batch,
    /// Still to be dealt with, in order.
    open: VecDeque<Claimed>,
    /// So many of them, in front, one by one.
    alone: usize,
    /// Dealt with between two changes, and not settled yet.
    delivered: Option<Claimed>,
    /// Not begun, and to be given back.
    back: Vec<Claimed>,
    /// Members one of whose events failed.
    failing: HashSet<String>,
}

/// Why a change took no further event up.
enum Stop {
    /// There is none, or the time of the change is over.
    Full,
    /// For these listeners something is left to do after the change.
    Apart(Claimed, DomainEvent, Vec<Listener>),
    /// It failed before, or cannot be read.
    Alone(Claimed),
    Failed(Claimed),
}

impl Run<'_> {
    async fn work_off(mut self) -> Result<()> {
        let begun = self.app.db.now();
        while !self.open.is_empty() || self.delivered.is_some() {
            if self.alone > 0 {
                self.alone -= 1;
                if let Some(claimed) = self.open.pop_front() {
                    self.take_alone(claimed).await?;
                }
            } else {
                self.take_together().await?;
            }
            if self.app.db.now() - begun >= self.size.whole {
                self.alone = 0;
                self.back.extend(self.open.drain(..));
            }
        }
        if self.back.is_empty() {
            return Ok(());
        }
        let mut ch = self.change().await?;
        outbox::give_back(&mut ch, &self.back).await?;
        ch.commit().await
    }

    async fn change(&self) -> Result<Change<'_>> {
        self.app.db.change(WORKER, Kind::Ordinary).await
    }

    /// Takes what stands in front into one change, as far as its time and its kind allow.
    async fn take_together(&mut self) -> Result<()> {
        let app = self.app;
        let mut ch = app.db.change(WORKER, Kind::Ordinary).await?;
        let (mut heard, mut learned) = (vec![], Learned::default());
        let stop = loop {
            let Some(claimed) = self.next() else { break Stop::Full };
            let event = match &claimed.event {
                Ok(event) if claimed.attempts == 1 => event.clone(),
                _ => break Stop::Alone(claimed),
            };
            match hear(app, &mut ch, &mut learned, &claimed, &event).await {
                Ok(apart) if apart.is_empty() => heard.push(claimed),
                Ok(apart) => break Stop::Apart(claimed, event, apart),
                Err(_) => break Stop::Failed(claimed),
            }
            if app.db.now() - ch.now >= self.size.change {
                break Stop::Full;
            }
        };
        let written = match &stop {
            Stop::Failed(_) => {
                drop(ch);
                false
            }
            _ => {
                let all: Vec<Claimed> = self.delivered.iter().chain(&heard).cloned().collect();
                settled(ch, &all).await.is_ok()
            }
        };
        if !written {
            self.settle_delivered().await?;
            heard.extend(match stop {
                Stop::Full => None,
                Stop::Apart(claimed, ..) | Stop::Alone(claimed) | Stop::Failed(claimed) => Some(claimed),
            });
            self.alone = heard.len();
            for claimed in heard.into_iter().rev() {
                self.open.push_front(claimed);
            }
            return Ok(());
        }
        self.delivered = None;
        match stop {
            Stop::Apart(claimed, event, apart) => match deliver(app, &claimed, &event, &apart).await {
                Ok(()) => self.delivered = Some(claimed),
                Err(why) => self.put_off(claimed, &why).await?,
            },
            Stop::Alone(claimed) => self.take_alone(claimed).await?,
            Stop::Full | Stop::Failed(_) => {}
        }
        Ok(())
    }

    /// The next in order; those behind one of their member that failed are given back.
    fn next(&mut self) -> Option<Claimed> {
        while let Some(claimed) = self.open.pop_front() {
            if !self.is_behind(&claimed) {
                return Some(claimed);
            }
            self.back.push(claimed);
        }
        None
    }

    fn is_behind(&self, claimed: &Claimed) -> bool {
        claimed.member.as_ref().is_some_and(|member| self.failing.contains(member))
    }

    /// What was delivered between two changes is not delivered again because the second one failed.
    async fn settle_delivered(&mut self) -> Result<()> {
        let Some(claimed) = self.delivered.take() else { return Ok(()) };
        if let Err(why) = settled(self.change().await?, slice::from_ref(&claimed)).await {
            tracing::warn!(event = ?claimed.event, error = %why, "what was delivered could not be noted");
        }
        Ok(())
    }

    /// Takes one event in a change of its own; it is put off where it fails.
    async fn take_alone(&mut self, claimed: Claimed) -> Result<()> {
        if self.is_behind(&claimed) {
            self.back.push(claimed);
            return Ok(());
        }
        match self.try_alone(&claimed).await {
            Ok(()) => Ok(()),
            Err(why) => self.put_off(claimed, &why).await,
        }
    }

    async fn try_alone(&self, claimed: &Claimed) -> Result<()> {
        let event = claimed.event.as_ref().map_err(Error::internal)?;
        let mut ch = self.change().await?;
        // A commit whose outcome was unknown may have happened.
        if !outbox::is_open(ch.tx(), claimed).await? {
            return Ok(());
        }
        let apart = hear(self.app, &mut ch, &mut Learned::default(), claimed, event).await?;
        if !apart.is_empty() {
            ch.commit().await?;
            deliver(self.app, claimed, event, &apart).await?;
            ch = self.change().await?;
        }
        settled(ch, slice::from_ref(claimed)).await
    }

    /// It is tried again later, and holds back the later ones of its member until then.
    async fn put_off(&mut self, claimed: Claimed, why: &Error) -> Result<()> {
        tracing::warn!(event = ?claimed.event, attempt = claimed.attempts, error = %why, "a listener failed; it will be asked again");
        let mut ch = self.change().await?;
        outbox::postpone(&mut ch, &claimed, &why.to_string()).await?;
        ch.commit().await?;
        self.failing.extend(claimed.member);
        Ok(())
    }
}

/// Notes that these were dealt with, and makes durable what was written for them.
async fn settled(mut ch: Change<'_>, done: &[Claimed]) -> Result<()> {
    outbox::settle(&mut ch, done).await?;
    ch.commit().await
}

/// Tells the event to all who listen to it, inside the change. Answers those for whom something is left to do after it.
async fn hear(
    app: &App,
    ch: &mut Change<'_>,
    learned: &mut Learned,
    claimed: &Claimed,
    event: &DomainEvent,
) -> Result<Vec<Listener>> {
    let all = listeners(event);
    let mut apart = vec![];
    for listener in all {
        // Who listens alone has dealt with it once it is settled; among several, one may fail where another did not.
        if all.len() > 1 && outbox::delivered(ch.tx(), claimed, listener.name()).await? {
            continue;
        }
        match listener.hear(app, ch, learned, claimed, event).await? {
            Heard::Apart => apart.push(*listener),
            Heard::Whole if all.len() > 1 => outbox::record_delivery(ch, claimed, listener.name()).await?,
            Heard::Whole => {}
        }
    }
    Ok(apart)
}

/// Does what is left to do for these listeners. Each is noted at once but the last, with whom the event is settled.
async fn deliver(app: &App, claimed: &Claimed, event: &DomainEvent, apart: &[Listener]) -> Result<()> {
    for (at, listener) in apart.iter().enumerate() {
        listener.deliver(app, claimed, event).await?;
        if at + 1 < apart.len() {
            let mut ch = app.db.change(WORKER, Kind::Ordinary).await?;
            outbox::record_delivery(&mut ch, claimed, listener.name()).await?;
            ch.commit().await?;
        }
    }
    Ok(())
}
