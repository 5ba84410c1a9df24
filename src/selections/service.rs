//! Making, publishing and ending selections. Every verb asks for the member in person.

use sea_orm::ActiveValue::Set;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;

use super::entity::{entry, selection};
use super::step::Step;
use crate::access::Principal;
use crate::clock::{Timestamp, from_millis, millis};
use crate::credentials::{self, Credential, Visibility};
use crate::database::{Change, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::{CredentialId, MemberId, SelectionId};
use crate::web::input::disturbs;

/// Credentials in one selection: each is verified at each look.
pub const MOST_ENTRIES: usize = 20;
/// Selections of one member that have not ended.
const MOST_OPEN: usize = 50;
/// Characters of the note.
const LONGEST_NOTE: usize = 1_000;

/// Several credentials for one reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    pub id: SelectionId,
    pub member: MemberId,
    /// 128 random bits; nothing leads from a credential to it.
    pub share_id: String,
    /// What the member says to the reader; may be empty.
    pub note: String,
    /// The last moment at which it opens.
    pub until: Option<Timestamp>,
    pub created_at: Timestamp,
    pub opened_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

/// How far a selection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Its member alone sees it.
    Draft,
    /// Whoever has the link reads it.
    Open,
    /// The link answers as if it had never been.
    Ended,
}

impl Selection {
    pub fn stage(&self, now: Timestamp) -> Stage {
        match (self.ended_at, self.opened_at) {
            (Some(_), _) => Stage::Ended,
            _ if self.until.is_some_and(|until| until < now) => Stage::Ended,
            (None, Some(_)) => Stage::Open,
            (None, None) => Stage::Draft,
        }
    }
}

/// What a member asks for.
pub struct Wanted {
    pub credentials: Vec<String>,
    pub note: String,
    pub until: Option<Timestamp>,
    /// Whether the member said that the reader sees private ones among them.
    pub private_too: bool,
}

/// Makes a draft. A private credential is taken only where the member said in so many words that the reader sees it.
pub async fn begin(ch: &mut Change<'_>, who: &Principal, demo: bool, wanted: &Wanted) -> Result<SelectionId> {
    let member = who.in_person(demo)?;
    let note = wanted.note.replace("\r\n", "\n").trim().to_owned();
    let mut faults = vec![];
    if note.chars().count() > LONGEST_NOTE || note.chars().any(disturbs) {
        faults.push(Fault::new(
            "/note",
            "invalid_text",
            format!("write at most {LONGEST_NOTE} characters of plain text"),
        ));
    }
    if wanted.until.is_some_and(|until| until < ch.now) {
        faults.push(Fault::new("/until", "in_the_past", "choose a day that is not over"));
    }
    let mut chosen: Vec<Credential> = vec![];
    for id in &wanted.credentials {
        let known = credentials::own(ch.tx(), id, member).await?;
        if !chosen.contains(&known) {
            chosen.push(known);
        }
    }
    let is_private = |c: &Credential| c.visibility == Visibility::Private;
    if chosen.is_empty() {
        faults.push(Fault::new("/credential", "nothing_chosen", "choose at least one credential"));
    } else if chosen.len() > MOST_ENTRIES {
        faults.push(Fault::new("/credential", "too_many", format!("choose at most {MOST_ENTRIES}")));
    }
    if chosen.iter().any(is_private) && !wanted.private_too {
        let detail = "some of them are private: say that the reader of this selection may see them, or leave them out";
        faults.push(Fault::new("/private_too", "private", detail));
    }
    let open = of_member(ch.tx(), member).await?.iter().filter(|s| s.stage(ch.now) != Stage::Ended).count();
    if open >= MOST_OPEN {
        faults.push(Fault::new("", "too_many_selections", format!("end one first: at most {MOST_OPEN} at a time")));
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let id: SelectionId = ch.id();
    let row = selection::ActiveModel {
        id: Set(id.to_string()),
        member: Set(member.to_string()),
        share_id: Set(credentials::share_id(ch.entropy())),
        note: Set(note),
        until_at: Set(wanted.until.map(millis)),
        created_at: Set(millis(ch.now)),
        opened_at: Set(None),
        ended_at: Set(None),
    };
    selection::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    let entries: Vec<(CredentialId, bool)> = chosen.iter().map(|c| (c.id, is_private(c))).collect();
    put(ch, id, &entries).await?;
    Ok(id)
}

/// Publishes a draft: from now on whoever has the link reads it. What ended stays ended.
pub async fn publish(ch: &mut Change<'_>, who: &Principal, demo: bool, id: &str) -> Result<Selection> {
    let known = of(ch.tx(), id, who.in_person(demo)?).await?;
    if known.stage(ch.now) == Stage::Ended {
        return Err(Error::new(Code::Conflict));
    }
    set(ch, known.id, selection::Column::OpenedAt).await?;
    Ok(known)
}

/// Ends it for good: its link answers like one that never was, its file too. A draft is ended the same way.
pub async fn end(ch: &mut Change<'_>, who: &Principal, demo: bool, id: &str) -> Result<Selection> {
    let known = of(ch.tx(), id, who.in_person(demo)?).await?;
    set(ch, known.id, selection::Column::EndedAt).await?;
    Ok(known)
}

/// Moves one of its credentials up or down.
pub async fn order(
    ch: &mut Change<'_>,
    who: &Principal,
    demo: bool,
    id: &str,
    credential: &str,
    step: Step,
) -> Result<Selection> {
    let known = of(ch.tx(), id, who.in_person(demo)?).await?;
    let credential: CredentialId = credential.parse().map_err(|_| Error::not_found())?;
    let mut entries = entries_of(ch.tx(), known.id).await?;
    let which = entries.iter().find(|(id, _)| *id == credential).copied().ok_or_else(Error::not_found)?;
    if step.apply(&mut entries, &which) {
        put(ch, known.id, &entries).await?;
    }
    Ok(known)
}

/// Writes the present into a column that is still empty.
async fn set(ch: &mut Change<'_>, id: SelectionId, column: selection::Column) -> Result<()> {
    selection::Entity::update_many()
        .col_expr(column, Expr::value(millis(ch.now)))
        .filter(selection::Column::Id.eq(id.to_string()))
        .filter(column.is_null())
        .exec(ch.tx())
        .await?;
    Ok(())
}

async fn put(ch: &mut Change<'_>, id: SelectionId, entries: &[(CredentialId, bool)]) -> Result<()> {
    entry::Entity::delete_many().filter(entry::Column::Selection.eq(id.to_string())).exec(ch.tx()).await?;
    let rows = entries.iter().zip(0..).map(|((credential, private_too), place)| entry::ActiveModel {
        selection: Set(id.to_string()),
        credential: Set(credential.to_string()),
        place: Set(place),
        private_too: Set(*private_too),
    });
    entry::Entity::insert_many(rows).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// The member's selection with this id; to anybody else it does not exist.
pub async fn of(db: &impl Read, id: &str, member: MemberId) -> Result<Selection> {
    let id: SelectionId = id.parse().map_err(|_| Error::not_found())?;
    let row = selection::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?;
    let known = read(row)?;
    if known.member == member { Ok(known) } else { Err(Error::not_found()) }
}

/// The member's selections, newest first.
pub async fn of_member(db: &impl Read, member: MemberId) -> Result<Vec<Selection>> {
    let rows = selection::Entity::find()
        .filter(selection::Column::Member.eq(member.to_string()))
        .order_by_desc(selection::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// The selection under this share id, while it is open.
pub async fn open_now(db: &impl Read, share_id: &str, now: Timestamp) -> Result<Option<Selection>> {
    let row = selection::Entity::find().filter(selection::Column::ShareId.eq(share_id)).one(db).await?;
    Ok(row.map(read).transpose()?.filter(|known| known.stage(now) == Stage::Open))
}

/// The member's open selections that show this credential although it is private.
pub async fn showing_private(
    db: &impl Read,
    member: MemberId,
    credential: CredentialId,
    now: Timestamp,
) -> Result<Vec<Selection>> {
    let rows = entry::Entity::find()
        .filter(entry::Column::Credential.eq(credential.to_string()))
        .filter(entry::Column::PrivateToo.eq(true))
        .all(db)
        .await?;
    let mut open = of_member(db, member).await?;
    open.retain(|s| s.stage(now) == Stage::Open && rows.iter().any(|row| row.selection == s.id.to_string()));
    Ok(open)
}

/// What the reader sees, in the member's order: the member's own, and private ones only where the member said so when choosing them.
pub async fn readable(db: &impl Read, selection: &Selection) -> Result<Vec<Credential>> {
    Ok(standing(db, selection).await?.into_iter().filter_map(|(_, c, is_read)| is_read.then_some(c)).collect())
}

/// What the member chose, in order: the id that was chosen, what stands in its place today, and whether the reader sees it.
pub async fn standing(db: &impl Read, selection: &Selection) -> Result<Vec<(CredentialId, Credential, bool)>> {
    let entries = entries_of(db, selection.id).await?;
    let ids: Vec<CredentialId> = entries.iter().map(|(id, _)| *id).collect();
    let mut found: Vec<(CredentialId, Credential, bool)> = vec![];
    for chosen in credentials::these(db, &ids).await? {
        let id = chosen.id;
        let private_too = entries.iter().any(|(entry, private_too)| *entry == id && *private_too);
        let c = credentials::standing_for(db, chosen).await?;
        let is_read = c.member == selection.member
            && (c.visibility != Visibility::Private || private_too)
            && found.iter().all(|(_, other, _)| other.id != c.id);
        found.push((id, c, is_read));
    }
    Ok(found)
}

/// What the member chose, in order, each with whether it is shown although it is private.
async fn entries_of(db: &impl Read, id: SelectionId) -> Result<Vec<(CredentialId, bool)>> {
    let rows = entry::Entity::find()
        .filter(entry::Column::Selection.eq(id.to_string()))
        .order_by_asc(entry::Column::Place)
        .all(db)
        .await?;
    rows.into_iter().map(|row| Ok((row.credential.parse().map_err(Error::internal)?, row.private_too))).collect()
}

fn read(row: selection::Model) -> Result<Selection> {
    Ok(Selection {
        id: row.id.parse().map_err(Error::internal)?,
        member: row.member.parse().map_err(Error::internal)?,
        share_id: row.share_id,
        note: row.note,
        until: row.until_at.map(from_millis),
        created_at: from_millis(row.created_at),
        opened_at: row.opened_at.map(from_millis),
        ended_at: row.ended_at.map(from_millis),
    })
}
