//! Writing, publishing and ending a profile. Every verb asks for the member in person.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

use super::entity::{entry, handle as handles, profile};
use super::handle::{self, Unfit};
use crate::access::Principal;
use crate::clock::{Timestamp, from_millis, millis};
use crate::credentials::own;
use crate::credentials::{self, Credential, Visibility};
use crate::database::{Change, Read};
use crate::error::{Error, Fault, Result};
use crate::ids::{CredentialId, MemberId};
use crate::selections::Step;
use crate::web::input::disturbs;

/// Handles that one member may take over time; each stays theirs.
const MOST_HANDLES: u64 = 5;
/// Characters of the text.
const LONGEST_ABOUT: usize = 1_000;
/// Credentials on one profile.
const MOST_ENTRIES: usize = 60;

/// A member's public face, published or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub member: MemberId,
    pub handle: Option<String>,
    /// What the member says; may be empty.
    pub about: String,
    /// Whether search engines may find it.
    pub found: bool,
    pub published_at: Option<Timestamp>,
}

/// The member's profile; an empty one that nobody sees where there is none yet.
pub async fn of_member(db: &impl Read, member: MemberId) -> Result<Profile> {
    let row = profile::Entity::find_by_id(member.to_string()).one(db).await?;
    let none = Profile { member, handle: None, about: String::new(), found: false, published_at: None };
    row.map_or(Ok(none), read)
}

/// The published profile under this handle. Unknown, never published and ended take the same one look.
pub async fn published(db: &impl Read, handle: &str) -> Result<Option<Profile>> {
    profile::Entity::find()
        .filter(profile::Column::Handle.eq(handle))
        .filter(profile::Column::PublishedAt.is_not_null())
        .one(db)
        .await?
        .map(read)
        .transpose()
}

/// What the member put there, in their order, as far as others may see it now.
pub async fn shown(db: &impl Read, member: MemberId) -> Result<Vec<Credential>> {
    let today = standing(db, &chosen(db, member).await?).await?;
    let mut shown: Vec<Credential> = vec![];
    for (_, c) in today {
        if c.member == member && c.visibility != Visibility::Private && shown.iter().all(|other| other.id != c.id) {
            shown.push(c);
        }
    }
    Ok(shown)
}

/// Each chosen one with what stands in its place today: a corrected credential does not leave the holder with a withdrawn one on show.
pub async fn standing(db: &impl Read, chosen: &[CredentialId]) -> Result<Vec<(CredentialId, Credential)>> {
    let mut found = vec![];
    for c in credentials::these(db, chosen).await? {
        found.push((c.id, credentials::standing_for(db, c).await?));
    }
    Ok(found)
}

/// What the member put there, in their order, whatever became of it.
pub async fn chosen(db: &impl Read, member: MemberId) -> Result<Vec<CredentialId>> {
    let rows = entry::Entity::find()
        .filter(entry::Column::Member.eq(member.to_string()))
        .order_by_asc(entry::Column::Place)
        .all(db)
        .await?;
    rows.into_iter().map(|row| row.credential.parse().map_err(Error::internal)).collect()
}

/// Sets handle, text and whether it may be found. A handle that looks like somebody else's is refused; nothing says whose.
pub async fn write(
    ch: &mut Change<'_>,
    who: &Principal,
    demo: bool,
    name: &str,
    about: &str,
    found: bool,
) -> Result<()> {
    let member = who.in_person(demo)?;
    let about = about.replace("\r\n", "\n").trim().to_owned();
    let mut faults = vec![];
    if about.chars().count() > LONGEST_ABOUT || about.chars().any(disturbs) {
        let detail = format!("write at most {LONGEST_ABOUT} characters of plain text");
        faults.push(Fault::new("/about", "invalid_text", detail));
    }
    let name = match handle::read(name) {
        Ok(name) => take(ch, member, name).await?.map_err(|fault| faults.push(fault)).ok(),
        Err(unfit) => {
            faults.push(match unfit {
                Unfit::Form => {
                    Fault::new("/handle", "invalid_handle", "write 3 to 30 of a-z, 0-9 and -, with a letter")
                }
                Unfit::Reserved => {
                    Fault::new("/handle", "reserved_handle", "this name could be taken for the site itself")
                }
            });
            None
        }
    };
    let Some(name) = name.filter(|_| faults.is_empty()) else { return Err(Error::invalid(faults)) };
    let columns = [profile::Column::Handle, profile::Column::About, profile::Column::Found];
    keep(ch, member, &columns, |row| {
        row.handle = Set(Some(name));
        row.about = Set(about);
        row.found = Set(found);
    })
    .await
}

/// Takes the handle for good, where it is free; the fault otherwise.
async fn take(ch: &mut Change<'_>, member: MemberId, name: String) -> Result<std::result::Result<String, Fault>> {
    let close = handle::skeleton(&name);
    ch.take_turn(&format!("profile handle {close}")).await?;
    let near = handles::Entity::find().filter(handles::Column::Skeleton.eq(&close)).one(ch.tx()).await?;
    if let Some(row) = near {
        // One's own, and no other that merely looks like it: an old address must lead where it led.
        let taken =
            || Fault::new("/handle", "taken_handle", "this name, or one that looks like it, is taken: choose another");
        return Ok(if row.member == member.to_string() && row.handle == name { Ok(name) } else { Err(taken()) });
    }
    let own = handles::Entity::find().filter(handles::Column::Member.eq(member.to_string())).count(ch.tx()).await?;
    if own >= MOST_HANDLES {
        let detail = format!("you have taken {MOST_HANDLES} names already; choose one of them again");
        return Ok(Err(Fault::new("/handle", "too_many_handles", detail)));
    }
    let row = handles::ActiveModel {
        handle: Set(name.clone()),
        skeleton: Set(close),
        member: Set(member.to_string()),
        taken_at: Set(millis(ch.now)),
    };
    handles::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(Ok(name))
}

/// Sets what stands on the profile: credentials of the member's own that others may see. Those that stood there keep their order, new ones follow.
pub async fn choose(ch: &mut Change<'_>, who: &Principal, demo: bool, ids: &[String]) -> Result<()> {
    let member = who.in_person(demo)?;
    let mut wanted = vec![];
    for id in ids {
        let known = own(ch.tx(), id, member).await?;
        if known.visibility == Visibility::Private {
            let detail = "this one is private: let others see it first, or leave it off your profile";
            return Err(Error::invalid(vec![Fault::new("/credential", "private", detail)]));
        }
        if !wanted.contains(&known.id) {
            wanted.push(known.id);
        }
    }
    if wanted.len() > MOST_ENTRIES {
        let detail = format!("choose at most {MOST_ENTRIES}");
        return Err(Error::invalid(vec![Fault::new("/credential", "too_many", detail)]));
    }
    let before = chosen(ch.tx(), member).await?;
    wanted.sort_by_key(|id| before.iter().position(|known| known == id).unwrap_or(usize::MAX));
    put(ch, member, &wanted).await
}

/// Moves one of them up or down.
pub async fn order(ch: &mut Change<'_>, who: &Principal, demo: bool, id: &str, step: Step) -> Result<()> {
    let member = who.in_person(demo)?;
    let id: CredentialId = id.parse().map_err(|_| Error::not_found())?;
    let mut ids = chosen(ch.tx(), member).await?;
    if !ids.contains(&id) {
        return Err(Error::not_found());
    }
    if step.apply(&mut ids, &id) { put(ch, member, &ids).await } else { Ok(()) }
}

async fn put(ch: &mut Change<'_>, member: MemberId, ids: &[CredentialId]) -> Result<()> {
    entry::Entity::delete_many().filter(entry::Column::Member.eq(member.to_string())).exec(ch.tx()).await?;
    let rows = ids.iter().zip(0..).map(|(id, place)| entry::ActiveModel {
        member: Set(member.to_string()),
        credential: Set(id.to_string()),
        place: Set(place),
    });
    if !ids.is_empty() {
        entry::Entity::insert_many(rows).exec_without_returning(ch.tx()).await?;
    }
    Ok(())
}

/// Publishes it. It needs a handle.
pub async fn publish(ch: &mut Change<'_>, who: &Principal, demo: bool) -> Result<()> {
    let member = who.in_person(demo)?;
    if of_member(ch.tx(), member).await?.handle.is_none() {
        let detail = "choose a name for the address first";
        return Err(Error::invalid(vec![Fault::new("/handle", "no_handle", detail)]));
    }
    let at = millis(ch.now);
    keep(ch, member, &[profile::Column::PublishedAt], |row| row.published_at = Set(Some(at))).await
}

/// Ends it: from now on its address answers like one that never was. Handle, text and order stay for the member.
pub async fn end(ch: &mut Change<'_>, who: &Principal, demo: bool) -> Result<()> {
    let member = who.in_person(demo)?;
    keep(ch, member, &[profile::Column::PublishedAt], |row| row.published_at = Set(None)).await
}

/// Writes these columns and no other: what somebody else changes meanwhile, the end of the profile above all, stays as they left it.
async fn keep(
    ch: &mut Change<'_>,
    member: MemberId,
    columns: &[profile::Column],
    set: impl FnOnce(&mut profile::ActiveModel),
) -> Result<()> {
    let mut row = profile::ActiveModel {
        member: Set(member.to_string()),
        handle: Set(None),
        about: Set(String::new()),
        found: Set(false),
        published_at: Set(None),
        changed_at: Set(millis(ch.now)),
    };
    set(&mut row);
    let changed = columns.iter().copied().chain([profile::Column::ChangedAt]);
    let again = OnConflict::column(profile::Column::Member).update_columns(changed).to_owned();
    profile::Entity::insert(row).on_conflict(again).exec_without_returning(ch.tx()).await?;
    Ok(())
}

fn read(row: profile::Model) -> Result<Profile> {
    Ok(Profile {
        member: row.member.parse().map_err(Error::internal)?,
        handle: row.handle,
        about: row.about,
        found: row.found,
        published_at: row.published_at.map(from_millis),
    })
}
