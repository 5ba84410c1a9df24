//! The letter that tells somebody of an award whom we have never met.

use super::links::link_for;
use crate::actor::Actor;
use crate::app::App;
use crate::credentials::find::{self, Credential};
use crate::credentials::lifecycle::Status;
use crate::domain_event::{DomainEvent, Heard};
use crate::error::{Code, Result};
use crate::web::i18n::Words;
use crate::{issuer, members, tracks};

/// A letter, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub body: String,
}

/// Whether a letter may have to be written: nothing of that is done inside a change.
pub fn needs_letter(app: &App, event: &DomainEvent) -> Heard {
    let told = matches!(event, DomainEvent::CredentialReleased { .. });
    if told && !app.config.mail.host.is_empty() { Heard::Apart } else { Heard::Whole }
}

/// What is released goes by mail to a recipient who never signed in, where mail is set. Told at least once: a second letter has a new link.
pub async fn on_event(app: &App, event: &DomainEvent) -> Result<()> {
    let DomainEvent::CredentialReleased { credential, .. } = event else { return Ok(()) };
    if needs_letter(app, event) == Heard::Whole {
        return Ok(());
    }
    let known = find::find(app.db.read(), *credential).await?;
    if known.status == Status::Revoked || !members::may_be_claimed(app.db.read(), known.member).await? {
        return Ok(());
    }
    if tracks::version(app.db.read(), known.track_version).await?.is_quiet_about(known.awarded_at) {
        return Ok(());
    }
    send(app, Actor::System("credentials"), &known).await
}

/// Makes a new link and sends it. Nobody reads the letter but its recipient: it says whose link it is.
pub(super) async fn send(app: &App, actor: Actor, known: &Credential) -> Result<()> {
    let letter = match award_letter(app, actor, known).await {
        // They signed in this very moment.
        Err(e) if e.code() == Code::AlreadyClaimed && matches!(actor, Actor::System(_)) => return Ok(()),
        other => other?,
    };
    app.post.send(&letter.to, &letter.subject, &letter.body);
    Ok(())
}

/// The letter for a credential, with a link made for it, in its recipient's language.
pub async fn award_letter(app: &App, actor: Actor, known: &Credential) -> Result<Letter> {
    let db = app.db.read();
    let member = members::find(db, known.member).await?;
    let title = tracks::version(db, known.track_version).await?.definition.title;
    let issuer = issuer::find(db, known.issuer).await?.profile;
    let words = Words::new(member.locale);
    let link = link_for(app, actor, known, true).await?;
    let (title, by) = (words.pick(&title).to_owned(), words.pick(&issuer.name).to_owned());
    Ok(Letter {
        to: member.email,
        subject: words.with2("mail-award-subject", "title", title.as_str(), "issuer", by.as_str()),
        body: words.with(
            "mail-award-body",
            &[
                ("name", &known.name),
                ("title", &title),
                ("issuer", &by),
                ("link", &link),
                ("days", &members::CLAIM_LINK.whole_days()),
            ],
        ),
    })
}
