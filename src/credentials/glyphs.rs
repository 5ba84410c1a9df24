//! Characters that the fonts here cannot draw: refused before anything is issued by hand, noted where a decision awards. An award that was earned
//! is never lost to a font.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use super::entity::{credential, history};
use super::history as lines;
use super::lifecycle::Status;
use crate::badges;
use crate::database::{Change, Read};
use crate::error::{Error, Fault, Result};
use crate::ids::CredentialId;
use crate::issuer;
use crate::members::Member;
use crate::tracks::TrackVersion;
use crate::web::i18n::Words;

/// What the history of a credential says.
const NOTED: &str = "glyphs.missing";
/// As many as somebody can see to at a time.
const MOST: u64 = 100;

/// Refuses where name, achievement or issuer have a character that cannot be drawn; `named` points to the name in the request.
pub(super) async fn require(db: &impl Read, version: &TrackVersion, member: &Member, named: &str) -> Result<()> {
    let issuer = issuer::find(db, version.issuer).await?;
    let words = Words::new(issuer.profile.language(Some(member.locale)));
    let printed = format!("{}{}", words.pick(&version.definition.title), words.pick(&issuer.profile.name));
    let mut faults = vec![];
    for (pointer, text) in [(named, member.name.as_str()), ("/track", &printed)] {
        let missing = badges::missing_glyphs(text)?;
        if !missing.is_empty() {
            let detail = format!(
                "the fonts here cannot draw {}: a certificate would have gaps; ask how it may be written with other characters",
                named_characters(&missing)
            );
            faults.push(Fault::new(pointer, "glyphs_missing", detail));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// Notes an award whose name cannot be drawn.
pub(super) async fn note(ch: &Change<'_>, id: CredentialId, name: &str) -> Result<()> {
    if badges::missing_glyphs(name)?.is_empty() {
        return Ok(());
    }
    lines::note(ch, id, NOTED).await
}

/// Credentials whose name cannot be drawn today, with the characters: newest first, 100 at most. Revoked ones are left out.
pub async fn undrawable(db: &impl Read) -> Result<Vec<(String, Vec<char>)>> {
    let noted: Vec<String> = history::Entity::find()
        .select_only()
        .column(history::Column::Credential)
        .filter(history::Column::What.eq(NOTED))
        .order_by_desc(history::Column::Seq)
        .limit(MOST)
        .into_tuple()
        .all(db)
        .await?;
    let rows = credential::Entity::find()
        .filter(credential::Column::Id.is_in(noted))
        .filter(credential::Column::Status.ne(Status::Revoked.as_str()))
        .order_by_desc(credential::Column::Id)
        .all(db)
        .await?;
    let mut found = vec![];
    for row in rows {
        let missing = badges::missing_glyphs(&row.name)?;
        if !missing.is_empty() {
            found.push((row.number, missing));
        }
    }
    Ok(found)
}

/// `“𛀁” (U+1B001)`, one after the other.
pub(super) fn named_characters(characters: &[char]) -> String {
    let named: Vec<String> = characters.iter().map(|c| format!("“{c}” (U+{:04X})", u32::from(*c))).collect();
    named.join(", ")
}
