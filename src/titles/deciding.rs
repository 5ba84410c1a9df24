//! The steps of those who decide, as pages and calls take them: each is one change.

use super::find::TitleTerm;
use super::{holding, service};
use crate::actor::Actor;
use crate::app::App;
use crate::database::Kind;
use crate::error::Result;
use crate::ids::TitleTermId;

/// What is done to a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Record(Record),
    /// Its credential is suspended.
    Hold,
    Lift,
}

/// A step that the record of the term takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Record {
    Confirm,
    Refuse,
    Withdraw,
    End,
}

impl Step {
    pub const CONFIRM: Self = Self::Record(Record::Confirm);
    pub const REFUSE: Self = Self::Record(Record::Refuse);
    pub const WITHDRAW: Self = Self::Record(Record::Withdraw);
    pub const END: Self = Self::Record(Record::End);

    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "confirm" => Some(Self::CONFIRM),
            "refuse" => Some(Self::REFUSE),
            "withdraw" => Some(Self::WITHDRAW),
            "end" => Some(Self::END),
            "hold" => Some(Self::Hold),
            "lift" => Some(Self::Lift),
            _ => None,
        }
    }
}

/// Takes the step. Of `reason` and `public` it reads what it needs: why, and what whoever sees the credential reads.
pub(super) async fn decide(
    app: &App,
    actor: Actor,
    id: TitleTermId,
    step: Step,
    (reason, public): (&str, Option<&str>),
) -> Result<TitleTerm> {
    let step = match step {
        Step::Record(step) => step,
        Step::Hold => return holding::hold(app, actor, id, reason, public).await,
        Step::Lift => return holding::lift(app, actor, id, reason).await,
    };
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    let decided = match step {
        Record::Confirm => service::confirm(&mut ch, id).await,
        Record::Refuse => service::refuse(&mut ch, id, reason).await,
        Record::Withdraw => service::withdraw(&mut ch, id).await,
        Record::End => service::end(&mut ch, id, reason).await,
    };
    match decided {
        Ok(term) => ch.commit().await.map(|()| term),
        Err(e) => {
            ch.undo().await?;
            Err(e)
        }
    }
}
