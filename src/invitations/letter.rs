//! The letter with which somebody is invited, written by the worker where mail is set.

use serde_json::json;

use super::lifecycle::Standing;
use super::service::{self, Invitation};
use crate::actor::Actor;
use crate::app::App;
use crate::database::{AuditEntry, Kind, Read};
use crate::domain_event::{DomainEvent, Heard};
use crate::error::{Code, Result};
use crate::web::i18n::Words;
use crate::{issuer, members};

/// A letter, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub body: String,
}

/// A letter is never written inside a change; without mail there is nothing to do.
pub fn hear(app: &App) -> Heard {
    if app.config.mail.host.is_empty() { Heard::Whole } else { Heard::Apart }
}

/// Sends the letter, unless the invitation ended in the meantime. Told at least once: a second letter has a new link.
pub async fn on_event(app: &App, event: &DomainEvent) -> Result<()> {
    let DomainEvent::MemberInvited { invitation, .. } = event else { return Ok(()) };
    if hear(app) == Heard::Whole {
        return Ok(());
    }
    let known = service::find(app.db.read(), *invitation).await?;
    if known.standing(app.db.read(), app.db.now()).await? != Standing::Open {
        return Ok(());
    }
    match letter_for(app, &known).await {
        // It ended this very moment.
        Err(e) if matches!(e.code(), Code::AlreadyClaimed | Code::Conflict) => Ok(()),
        Err(e) => Err(e),
        Ok(letter) => {
            app.post.send(&letter.to, &letter.subject, &letter.body);
            Ok(())
        }
    }
}

/// The letter, with a link made for it, in its reader's language.
pub async fn letter_for(app: &App, known: &Invitation) -> Result<Letter> {
    let db = app.db.read();
    let member = members::find(db, known.member).await?;
    let words = Words::new(member.locale);
    let program = program(app, db, words).await?;
    let by = said_by(words, &program, known.inviter(db).await?.as_deref());
    let mut ch = app.db.change(Actor::System("invitations"), Kind::Privileged).await?;
    let token = service::link(&mut ch, known.id, true).await?;
    ch.audit(AuditEntry::new("invitation.link", known.id, json!({"mailed": true}))).await?;
    ch.commit().await?;
    let link = app.links.invitation(&token);
    Ok(Letter {
        to: member.email,
        subject: words.with1("mail-invitation-subject", "program", program.as_str()),
        body: words.with(
            "mail-invitation-body",
            &[
                ("name", &member.name),
                ("program", &program),
                ("by", &by),
                ("link", &link),
                ("days", &service::INVITATION.whole_days()),
            ],
        ),
    })
}

/// What the program calls itself; its address before it has a name.
pub(super) async fn program(app: &App, db: &impl Read, words: Words) -> Result<String> {
    let named = issuer::default_issuer(db).await?.map(|issuer| words.pick(&issuer.profile.name).to_owned());
    Ok(named.unwrap_or_else(|| app.links.host().to_owned()))
}

/// Who invites, in a sentence.
pub(super) fn said_by(words: Words, program: &str, inviter: Option<&str>) -> String {
    match inviter {
        Some(name) => words.with2("invitation-by", "name", name, "program", program),
        None => words.with1("invitation-by-program", "program", program),
    }
}
