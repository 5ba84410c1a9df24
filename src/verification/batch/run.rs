//! Verifying the lines of a list: some at a time, with an end, each line its own answer.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::{Value, json};
use waymark_credential::verify::RecipientAsked;

use super::line::{Line, Subject};
use crate::app::{App, Limit};
use crate::error::{Code, Error};
use crate::ids::MemberId;
use crate::verification::address::{self, Address};
use crate::verification::recipient;
use crate::verification::resolver::Fetched;
use crate::verification::service::{Asked, Checked, Source, counted, verify_beside};
use crate::web::client::Client;

/// How many are verified at a time.
pub const AT_A_TIME: usize = 4;
/// When a list is answered, finished or not.
pub const BUDGET: Duration = Duration::from_secs(20);

/// What is asked in one line, or why nothing can be.
#[derive(Debug, Clone)]
pub struct Item {
    pub at: usize,
    pub given: String,
    pub asked: Result<Asked, &'static str>,
    /// What means the same has the same key.
    pub key: Option<String>,
    /// Whether a wrong one is a guess.
    pub is_guess: bool,
}

/// What came of one line.
pub struct Outcome {
    pub at: usize,
    pub given: String,
    pub found: Result<Checked, Fault>,
    /// The line that asks the same, or is about the same credential.
    pub same_as: Option<usize>,
}

/// Why a line has no report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `line_…`, `fetch_…`, `no_such_number`, … as [`crate::error::Error::reason`] says.
    pub code: String,
    /// When it may be tried again.
    pub seconds: Option<u64>,
}

impl Fault {
    fn of(code: &str) -> Self {
        Self { code: code.to_owned(), seconds: None }
    }

    fn from_error(error: &Error) -> Self {
        let seconds = error.inside().retry_after_seconds;
        match error.code() {
            Code::NoCredential | Code::ValidationFailed => Self::of(error.reason().unwrap_or("no_credential")),
            Code::RateLimited => Self { code: "rate_limited".to_owned(), seconds },
            _ => {
                // One that we could not check says nothing about the others.
                tracing::warn!(%error, "a line of a list could not be verified");
                Self::of("unavailable")
            }
        }
    }

    pub fn json(&self) -> Value {
        match self.seconds {
            Some(seconds) => json!({"code": self.code, "retry_after_seconds": seconds}),
            None => json!({"code": self.code}),
        }
    }
}

/// The lines of a list as questions. Foreign addresses are asked only with `look_up`.
pub fn items(app: &App, lines: Vec<Line>, look_up: bool) -> Vec<Item> {
    let item = |line: Line| {
        let asked = match &line.meaning {
            Err(fault) => Err(fault.as_str()),
            Ok(Subject::Address(url)) => match address::read(&app.links, url) {
                Address::Foreign(_) if !look_up => Err("line_other_site"),
                Address::Unreadable | Address::Refused => Err("fetch_refused"),
                _ => Ok(Source::Url(url.clone())),
            },
            Ok(subject) => Ok(subject.source()),
        };
        let recipient = line.name.as_deref().and_then(|name| match recipient::of_one_field(name) {
            Some(RecipientAsked { name, .. }) if name.is_some() => Some(RecipientAsked { email: None, name }),
            _ => None,
        });
        let subject = line.meaning.ok();
        Item {
            at: line.at,
            given: line.given,
            key: subject.as_ref().map(|subject| match subject {
                Subject::Address(url) => match address::read(&app.links, url) {
                    Address::Own(share_id) => format!("c {share_id}"),
                    _ => subject.key(),
                },
                other => other.key(),
            }),
            is_guess: subject.as_ref().is_some_and(Subject::is_guess),
            asked: asked.map(|source| Asked { source, recipient, look_up }),
        }
    };
    lines.into_iter().map(item).collect()
}

/// Verifies them all, in their order; what is not ready when the time is up says so.
pub async fn run(app: &App, client: &Client, items: Vec<Item>) -> Vec<Outcome> {
    let fetched = Fetched::default();
    let asked: Vec<_> = items.iter().map(|item| (item.asked.clone(), item.is_guess)).collect();
    let answer = |(asked, is_guess): (Result<Asked, &'static str>, bool)| {
        let fetched = &fetched;
        async move { one(app, client, asked, is_guess, fetched).await }
    };
    let found = within(BUDGET, asked.into_iter().map(answer)).await;
    let mut outcomes: Vec<Outcome> = vec![];
    let (mut by_key, mut by_id) = (HashMap::new(), HashMap::new());
    for (item, found) in items.into_iter().zip(found) {
        let found = found.unwrap_or_else(|| Err(Fault::of("out_of_time")));
        let id = found.as_ref().ok().and_then(|checked| Some(checked.report.shown()?.credential().id.to_string()));
        let mut same_as = None;
        for (seen, key) in [(&mut by_key, item.key), (&mut by_id, id)] {
            if let Some(key) = key {
                let first = *seen.entry(key).or_insert(item.at);
                same_as = [same_as, (first != item.at).then_some(first)].into_iter().flatten().min();
            }
        }
        outcomes.push(Outcome { at: item.at, given: item.given, found, same_as });
    }
    outcomes
}

/// Counts that they were verified; what stands in a list twice counts once.
///
/// # Errors
/// The store does not answer.
pub async fn count(app: &App, client: &Client, outcomes: &[Outcome], by: Option<MemberId>) -> crate::error::Result<()> {
    for outcome in outcomes.iter().filter(|outcome| outcome.same_as.is_none()) {
        if let Ok(checked) = &outcome.found {
            counted(app, client, checked, by).await?;
        }
    }
    Ok(())
}

async fn one(
    app: &App,
    client: &Client,
    asked: Result<Asked, &'static str>,
    is_guess: bool,
    fetched: &Fetched,
) -> Result<Checked, Fault> {
    let asked = asked.map_err(Fault::of)?;
    if is_guess {
        client.spend(app, Limit::Guessable).map_err(|e| Fault::from_error(&e))?;
    }
    let found = verify_beside(app, asked, fetched).await.map_err(|e| Fault::from_error(&e));
    if is_guess && found.is_ok() {
        client.give_back(app, Limit::Guessable);
    }
    found
}

/// Does `work`, [`AT_A_TIME`] at a time, in order, for no longer than `budget`; what is not done by then is none.
async fn within<T, F: Future<Output = T>>(budget: Duration, work: impl Iterator<Item = F>) -> Vec<Option<T>> {
    let numbered = work.enumerate().map(|(n, work)| async move { (n, work.await) });
    let numbered: Vec<_> = numbered.collect();
    let mut done: Vec<Option<T>> = std::iter::repeat_with(|| None).take(numbered.len()).collect();
    let mut running = stream::iter(numbered).buffer_unordered(AT_A_TIME);
    let all = async {
        while let Some((n, value)) = running.next().await {
            done[n] = Some(value);
        }
    };
    // What was not done in time stays undone; there is nothing else to say about it.
    let _ = tokio::time::timeout(budget, all).await;
    done
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use futures_util::future::Either;

    use super::*;

    #[tokio::test]
    async fn what_never_ends_holds_up_nobody_else() {
        let soon = Duration::from_millis(5);
        let work = |n: usize| if n % 4 == 1 { Either::Left(pending()) } else { Either::Right(ready(n)) };
        let done = within(soon, (0..12).map(work)).await;
        let expected: Vec<Option<usize>> = (0..12).map(|n| (n % 4 != 1).then_some(n)).collect();
        assert_eq!(done, expected);
        let stuck =
            within(soon, (0..12).map(|n| if n < 4 { Either::Left(pending()) } else { Either::Right(ready(n)) })).await;
        assert_eq!(stuck, vec![None; 12], "four that never end hold their places");
    }

    #[tokio::test]
    async fn never_more_than_a_few_at_a_time() {
        let (now, most) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
        let work = |_| async {
            now.set(now.get() + 1);
            most.set(most.get().max(now.get()));
            tokio::task::yield_now().await;
            now.set(now.get() - 1);
        };
        assert_eq!(within(BUDGET, (0..50).map(work)).await.len(), 50);
        assert_eq!(most.get(), AT_A_TIME);
    }
}
