//! What a proctoring service may do by its key: pause, let go on what it paused itself, send a message and end, each with a reason, and only in
//! the exams that the key names. The attempt's log says that it was the service, and which.

use serde_json::{Value, json};

use crate::access::{self, GuideAttempts, Permission, Principal};
use crate::attempts::log::{self, Kind};
use crate::attempts::service::hold_for_staff;
use crate::database::Change;
use crate::error::{Code, Error, Result};
use crate::exams;
use crate::ids::{ApiKeyId, AttemptId};

/// Lets a step pass, `message` being one. Staff pass as they are. A proctoring service's step is written into the attempt's log first, right
/// before the step's own entry.
///
/// # Errors
/// To a service, attempts at other exams do not exist; other steps are forbidden, and so is going on after somebody else's pause.
pub async fn admit(ch: &mut Change<'_>, who: &Principal, id: AttemptId, step: &str) -> Result<()> {
    if who.holds(GuideAttempts::ROLES) {
        return Ok(());
    }
    let Principal::Key { id: key, .. } = who else { return Err(forbidden()) };
    let attempt = hold_for_staff(ch, id).await?;
    let exam = exams::by_id(ch.tx(), attempt.exam, attempt.exam_version).await?;
    if !access::exams_of(ch.tx(), *key).await?.contains(&exam.spec.slug) {
        return Err(Error::not_found());
    }
    let may = match step {
        "pause" | "end" | "message" => true,
        "continue" => paused_it(ch, id, *key).await?,
        _ => false,
    };
    if !may {
        return Err(forbidden());
    }
    log::append(ch, id, Kind::Proctor, json!({"key": key, "step": step})).await
}

fn forbidden() -> Error {
    Error::new(Code::Forbidden).with("needs", GuideAttempts::NAME).member("needs", GuideAttempts::NAME)
}

/// Whether the last pause by staff was this key's.
async fn paused_it(ch: &Change<'_>, id: AttemptId, key: ApiKeyId) -> Result<bool> {
    let events = log::of_attempt(ch.tx(), id).await?.events;
    let last = events.iter().rposition(|event| event.kind == Kind::Paused.as_str());
    let before = last.and_then(|last| last.checked_sub(1)).and_then(|before| events.get(before));
    Ok(before.is_some_and(|event| {
        event.kind == Kind::Proctor.as_str()
            && event.payload.get("key").and_then(Value::as_str) == Some(&key.to_string())
    }))
}
