//! The terms of a title: each ends when the people who decided on it said, and follows the one before it.

use time::Duration;

use super::refused;
use crate::app::App;
use crate::credentials::award::{Award, Awarded, award};
use crate::credentials::find;
use crate::credentials::history;
use crate::credentials::lifecycle::Status;
use crate::database::Change;
use crate::decisions::{self, Decided};
use crate::domain_event::DomainEvent;
use crate::error::Result;

/// Awards what was decided. A title that people decided on ends with the term that they named, and renews the term before where it follows it
/// without a gap. The change must be privileged: the audit row is written by the award.
///
/// # Errors
/// [`Code::NotReplaceable`](crate::error::Code::NotReplaceable) where the title was put on hold after this was decided, and that was not lifted: what two
/// people decide afterwards counts.
pub(in crate::credentials) async fn award_term(app: &App, ch: &mut Change<'_>, decided: &Decided) -> Result<Awarded> {
    let Some(term) = decisions::term_of(ch.tx(), decided).await? else {
        return award(app, ch, Award::on(decided)).await;
    };
    let before = find::last_term(ch.tx(), decided.member, decided.track).await?.filter(|last| last.term < decided.term);
    let held_since = |last: &find::Credential| last.status_changed_at.filter(|_| last.status == Status::Suspended);
    if before.as_ref().and_then(held_since).is_some_and(|since| term.decided_at <= since) {
        return Err(refused("suspended"));
    }
    // The end of a term is outside; what a document says is its last second.
    let last_second = term.until - Duration::seconds(1);
    let awarded = award(app, ch, Award { valid_until: Some(last_second), ..Award::on(decided) }).await?;
    let follows = |until| until + Duration::seconds(1) >= decided.decided_at;
    if let (Awarded::New { credential, .. }, Some(last)) = (&awarded, before)
        && last.status == Status::Valid
        && last.valid_until.is_some_and(follows)
    {
        history::note(ch, last.id, "renew").await?;
        let renewed = DomainEvent::CredentialRenewed { credential: last.id, by: *credential, member: last.member };
        ch.tell(&renewed).await?;
    }
    Ok(awarded)
}
