//! What staff may do to an attempt from the monitor, each with a reason and a row in the audit log: a message, and the steps of [`StaffStep`].

use waymark_assess::attempt::Refused;

use crate::actor::Actor;
use crate::app::App;
use crate::attempts::lease;
use crate::attempts::staff::{self, StaffStep};
use crate::database::Kind;
use crate::error::{Error, Fault, Result};
use crate::ids::AttemptId;

pub use crate::attempts::staff::LONGEST_REASON;

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Message,
    /// What moves the clock or ends the attempt.
    Life(StaffStep),
}

impl Step {
    pub const MESSAGE: &str = "message";

    /// A step by its name and the minutes as they were typed.
    ///
    /// # Errors
    /// No such step is not found; minutes that do not fit.
    pub fn parse(name: &str, minutes: &str) -> Result<Self> {
        if name == Self::MESSAGE {
            return Ok(Self::Message);
        }
        // What is no number is refused as one that does not fit.
        let minutes = Some(minutes.trim()).filter(|text| !text.is_empty()).map(|text| text.parse().unwrap_or_default());
        StaffStep::parse(name, minutes).map(Self::Life)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => Self::MESSAGE,
            Self::Life(step) => step.as_str(),
        }
    }
}

/// The reason of a step, which each of them needs.
///
/// # Errors
/// An empty or too long one.
pub fn reason(text: &str) -> Result<String> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Error::invalid(vec![Fault::new("/reason", "missing", "say why: it stands in the audit log")])),
        length if length > LONGEST_REASON => {
            let detail = format!("shorten it to {LONGEST_REASON} characters");
            Err(Error::invalid(vec![Fault::new("/reason", "too_long", detail)]))
        }
        _ => Ok(text.to_owned()),
    }
}

/// Takes a step. `what` is the text of a message. The inner error says why the attempt does not take it.
///
/// # Errors
/// No reason; what the step itself refuses.
pub async fn take(
    app: &App,
    actor: Actor,
    attempt: AttemptId,
    step: Step,
    what: &str,
    why: &str,
) -> Result<Result<(), Refused>> {
    let why = reason(why)?;
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    match step {
        Step::Message => lease::send(&mut ch, attempt, what, &why).await.map(drop)?,
        Step::Life(step) => {
            if let Err(refused) = staff::take(&mut ch, attempt, step, &why).await? {
                ch.undo().await?;
                return Ok(Err(refused));
            }
        }
    }
    ch.commit().await?;
    Ok(Ok(()))
}
