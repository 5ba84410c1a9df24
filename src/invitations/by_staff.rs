//! What staff do about invitations, by page or by call: each in one audited change.

use serde::Deserialize;
use serde_json::json;

use super::lifecycle::State;
use super::service::{self, Invitation};
use crate::actor::Actor;
use crate::app::App;
use crate::database::{AuditEntry, Change, Kind};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{InvitationId, MemberId};
use crate::members;
use crate::web::i18n::Locale;

/// What becomes of a link: mailed by the worker, or shown once to whoever invites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    Mail,
    Link,
}

impl How {
    /// # Errors
    /// There is no mail here.
    pub fn checked(self, app: &App) -> Result<Self> {
        if self == Self::Mail && app.config.mail.host.is_empty() {
            let detail = "no mail is set here: use link";
            return Err(Error::invalid(vec![Fault::new("/how", "no_mail", detail)]));
        }
        Ok(self)
    }
}

/// Invites in this change, with a link to show where that is wanted. The audit row is written here.
async fn invite_in(ch: &mut Change<'_>, member: MemberId, how: How) -> Result<(Invitation, Option<String>)> {
    let made = service::invite(ch, member, None).await?;
    let token = match how {
        How::Mail => {
            service::send(ch, made.id).await?;
            None
        }
        How::Link => Some(service::link(ch, made.id, false).await?),
    };
    ch.audit(AuditEntry::new("invitation.make", made.id, json!({"member": made.member, "mailed": how == How::Mail})))
        .await?;
    Ok((service::find(ch.tx(), made.id).await?, token))
}

/// Sends one again: a new link in the place of the one before. One that was withdrawn begins anew; whoever declined or came in is left in peace.
pub(super) async fn again(app: &App, actor: Actor, id: InvitationId, how: How) -> Result<(Invitation, Option<String>)> {
    let known = service::find(app.db.read(), id).await?;
    if matches!(known.state, State::Accepted | State::Declined) {
        return Err(Error::new(Code::Conflict));
    }
    if how == How::Mail {
        app.limits.letter(&members::find(app.db.read(), known.member).await?.email)?;
    }
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    let made = invite_in(&mut ch, known.member, how).await?;
    ch.commit().await?;
    Ok(made)
}

pub(super) async fn take_back(app: &App, actor: Actor, id: InvitationId) -> Result<()> {
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    service::withdraw(&mut ch, id).await?;
    ch.audit(AuditEntry::new("invitation.withdraw", id, json!({}))).await?;
    ch.commit().await
}

/// Finds or enrols, and invites, in one change.
pub(super) async fn invite_one(
    app: &App,
    actor: Actor,
    email: &str,
    name: &str,
    locale: Locale,
    how: How,
) -> Result<(Invitation, Option<String>)> {
    let mut ch = app.db.change(actor, Kind::Privileged).await?;
    let member = members::find_or_enrol(&mut ch, email, name, locale).await?;
    let made = invite_in(&mut ch, member.id, how).await?;
    ch.commit().await?;
    Ok(made)
}
