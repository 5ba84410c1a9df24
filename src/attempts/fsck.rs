//! Every attempt read again: its log follows event by event, its form is the one that was frozen, and its score is what form, keys and answers give.

use std::collections::BTreeSet;

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde::Serialize;
use waymark_assess::Form;
use waymark_assess::attempt::Attempt as Life;

use super::beginning::form_hash;
use super::closing::{SCORED, run, score, terms};
use super::entity::{attempt, form, voided_item};
use super::log::{self, chain};
use super::service::{Attempt, read};
use crate::app::App;
use crate::database::Read;
use crate::error::Result;
use crate::exams;

/// What does not hold, and of which attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Damage {
    pub object: String,
    pub problem: String,
}

/// What was read.
#[derive(Debug, Default, Serialize)]
pub struct Examined {
    pub attempts: u64,
    pub events: u64,
    /// Scores that were counted again. One that waits for a person or for an item that is being voided is not.
    pub scores: u64,
    pub damage: Vec<Damage>,
}

impl Examined {
    fn found(&mut self, object: &str, problem: impl Into<String>) {
        self.damage.push(Damage { object: object.to_owned(), problem: problem.into() });
    }
}

const AT_ONCE: u64 = 200;

/// Reads every attempt again. Nothing is changed.
pub async fn examine(app: &App) -> Result<Examined> {
    let db = app.db.read();
    let mut examined = Examined::default();
    let waiting: Vec<String> = voided_item::Entity::find()
        .select_only()
        .column(voided_item::Column::Exam)
        .filter(voided_item::Column::DoneAt.is_null())
        .into_tuple()
        .all(db)
        .await?;
    let waiting: BTreeSet<String> = waiting.into_iter().collect();
    let mut after = String::new();
    loop {
        let page = attempt::Entity::find()
            .filter(attempt::Column::Id.gt(&after))
            .order_by_asc(attempt::Column::Id)
            .limit(AT_ONCE)
            .all(db)
            .await?;
        let Some(last) = page.last().map(|row| row.id.clone()) else { return Ok(examined) };
        for row in page {
            examined.attempts += 1;
            let id = row.id.clone();
            match read(row) {
                Ok(attempt) => one(db, &attempt, &waiting, &mut examined).await?,
                Err(_) => examined.found(&id, "its row contradicts itself"),
            }
        }
        after = last;
    }
}

async fn one(db: &impl Read, attempt: &Attempt, waiting: &BTreeSet<String>, examined: &mut Examined) -> Result<()> {
    let id = attempt.id.to_string();
    events(db, attempt, examined).await?;
    let frozen = form::Entity::find_by_id(id.clone()).one(db).await?;
    let Some(frozen) = frozen else {
        examined.found(&id, "it has no form");
        return Ok(());
    };
    let same = Form::from_stored(&frozen.stored).is_ok_and(|form| form_hash(&form) == frozen.hash);
    if !same {
        examined.found(&id, "its form is not the one that was frozen");
        return Ok(());
    }
    let Life::Closed(closed) = attempt.life else { return Ok(()) };
    let Some(stored) = run(db, attempt.id).await? else {
        examined.found(&id, "it is over and has no score");
        return Ok(());
    };
    if stored.state != SCORED || waiting.contains(&attempt.exam.to_string()) {
        return Ok(());
    }
    examined.scores += 1;
    let exam = exams::by_id(db, attempt.exam, attempt.exam_version).await?;
    match score(db, attempt, &closed, &exam, terms(db, &exam).await?).await {
        Ok(again) if again.to_stored() == stored.stored => {}
        Ok(_) => examined.found(&id, "its score is not what its form, the keys and its answers give"),
        Err(e) => examined.found(&id, format!("it cannot be scored again: {e}")),
    }
    Ok(())
}

async fn events(db: &impl Read, attempt: &Attempt, examined: &mut Examined) -> Result<()> {
    let id = attempt.id.to_string();
    let log = match log::of_attempt(db, attempt.id).await {
        Ok(log) => log,
        Err(e) => {
            examined.found(&id, format!("its log cannot be read: {e}"));
            return Ok(());
        }
    };
    examined.events += log.events.len() as u64;
    if let Err(broken) = chain::verify(&log) {
        examined.found(&id, format!("its log: {broken}"));
    }
    // Cut off at its end, a chain still follows; but every attempt that is over has an event that says so.
    let over = matches!(attempt.life, Life::Closed(_));
    if over && log.events.iter().all(|event| event.kind != log::Kind::Closed.as_str()) {
        examined.found(&id, "its log lacks the event of its end");
    }
    Ok(())
}
