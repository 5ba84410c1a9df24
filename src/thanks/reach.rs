//! Whom a giver means. Only the whole of what they know leads to a person, and who tries names is stopped: this is no list of members.

use crate::actor::Actor;
use crate::app::{About, App};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::MemberId;
use crate::members;

/// Longer texts name nobody.
const LONGEST: usize = 200;

/// Somebody, and how the giver called them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    pub member: MemberId,
    pub called: String,
}

/// The member with this id, this handle (with or without `@`), or, where one member alone has it, exactly this name. Nobody, and more than one, answer alike.
///
/// # Errors
/// Nobody is meant, or whoever asks has named too many who are not here.
pub async fn reach(app: &App, asker: Actor, text: &str) -> Result<Reached> {
    let (db, text) = (app.db.read(), text.trim());
    if let Ok(id) = text.parse::<MemberId>() {
        // Ids cannot be guessed: whoever has one was shown the person.
        let known = members::find(db, id).await.map_err(|e| if e.code() == Code::NotFound { nobody() } else { e })?;
        return Ok(Reached { member: known.id, called: known.name });
    }
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(nobody());
    }
    let asker = asker.to_string();
    app.limits.try_at(About::Addressee(&asker))?;
    let handle = text.strip_prefix('@').unwrap_or(text).to_lowercase();
    let by_handle = members::by_handle(db, &handle).await?;
    let by_name = if text.starts_with('@') { vec![] } else { members::bearers_of(db, text, 2).await? };
    let reached = match (by_handle, by_name.as_slice()) {
        (Some(member), []) => Reached { member, called: format!("@{handle}") },
        (None, [member]) => Reached { member: *member, called: text.to_owned() },
        (Some(one), [other]) if one == *other => Reached { member: one, called: text.to_owned() },
        _ => return Err(nobody()),
    };
    app.limits.was_no_guess(About::Addressee(&asker));
    Ok(Reached { member: members::resolve(db, reached.member).await?, ..reached })
}

fn nobody() -> Error {
    let detail = "nobody alone is called exactly so: write the whole handle, or the whole name as it appears";
    Error::invalid(vec![Fault::new("/to", "nobody", detail)])
}
