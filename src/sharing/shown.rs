//! One credential as a line in a list: what it is, by whom, how it stands.

use crate::clock::Timestamp;
use crate::credentials::{Credential, Status, Visibility};
use crate::database::Read;
use crate::error::Result;
use crate::web::i18n::Words;
use crate::web::zone::Zone;
use crate::{issuer, tracks};

/// A line of a profile, a selection, a list of holders, or of the member's own choice.
pub struct ShownCredential {
    pub id: String,
    pub title: String,
    /// The language that the title is in.
    pub language: &'static str,
    pub badge: String,
    pub holder: String,
    pub issuer: String,
    pub number: String,
    pub awarded: String,
    pub valid_until: Option<String>,
    /// Part of a class name, and of an icon's.
    pub state: &'static str,
    pub icon: &'static str,
    pub word: String,
    /// Its own page, where it has one that others can open.
    pub href: Option<String>,
    /// Whether the holder alone sees it otherwise.
    pub private: bool,
}

/// How it stands by our record: status and dates.
pub fn state_of(c: &Credential, now: Timestamp) -> &'static str {
    match c.status {
        Status::Revoked => "revoked",
        Status::Suspended => "suspended",
        Status::Valid if c.has_expired(now) => "expired",
        Status::Valid => "valid",
    }
}

/// The line for whoever it is shown to: the title as it was signed, the state by our record.
pub async fn line(db: &impl Read, words: Words, c: &Credential, now: Timestamp) -> Result<ShownCredential> {
    titled(db, words, c, now, Words::new(c.locale)).await
}

/// The line for its holder: the title in the language of their pages where the achievement has it.
pub async fn own_line(db: &impl Read, words: Words, c: &Credential, now: Timestamp) -> Result<ShownCredential> {
    titled(db, words, c, now, words).await
}

async fn titled(
    db: &impl Read,
    words: Words,
    c: &Credential,
    now: Timestamp,
    title_in: Words,
) -> Result<ShownCredential> {
    let version = tracks::version(db, c.track_version).await?;
    let issuer = issuer::find(db, c.issuer).await?;
    let zone: Zone = issuer.profile.zone();
    let (title, language) = title_in.pick_tagged(&version.definition.title);
    let state = state_of(c, now);
    let private = c.visibility == Visibility::Private;
    Ok(ShownCredential {
        id: c.id.to_string(),
        title: title.to_owned(),
        language,
        badge: format!("/achievements/{}/badge.svg?lang={}", c.track, c.locale.as_str()),
        holder: c.name.clone(),
        issuer: words.pick(&issuer.profile.name).to_owned(),
        number: c.number.clone(),
        awarded: zone.date(words, c.awarded_at),
        valid_until: c.valid_until.map(|t| zone.date(words, t)),
        state,
        icon: state,
        word: words.t(&format!("shelf-{state}")),
        href: (!private).then(|| format!("/c/{}", c.share_id)),
        private,
    })
}

/// The lines of several, for their holder.
pub async fn own_lines(
    db: &impl Read,
    words: Words,
    of: &[Credential],
    now: Timestamp,
) -> Result<Vec<ShownCredential>> {
    let mut lines = vec![];
    for c in of {
        lines.push(own_line(db, words, c, now).await?);
    }
    Ok(lines)
}

/// The lines of several, for others.
pub async fn lines(db: &impl Read, words: Words, of: &[Credential], now: Timestamp) -> Result<Vec<ShownCredential>> {
    let mut lines = vec![];
    for c in of {
        lines.push(line(db, words, c, now).await?);
    }
    Ok(lines)
}
