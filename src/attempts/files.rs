//! Files that candidates hand in: capped, known by their first bytes and never by their name, kept by the hash of their
//! bytes. A candidate never gets one back; staff download it as an attachment, whatever it claims to be.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sha2::{Digest, Sha256};
use waymark_assess::attempt::Refused;
use waymark_assess::form::Presented;
use waymark_assess::item::FileKind;

use super::entity::{candidate_file, candidate_file_bytes};
use super::service::{course, form, lock};
use crate::clock::millis;
use crate::database::{Change, Read};
use crate::error::{Error, Result};
use crate::ids::{AttemptId, CandidateFileId, MemberId};

/// Files that one attempt may send: a candidate replaces a file some times, a program for ever.
pub const MOST_FILES: u64 = 30;

/// Why a file was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotTaken {
    /// The attempt is not under way, or the form has no such position.
    Refused(Refused),
    /// The question there is not answered by a file.
    NoFileHere,
    Empty,
    TooLarge(u32),
    /// Not one of these kinds.
    Kind(Vec<FileKind>),
    /// The attempt sent [`MOST_FILES`] already.
    TooMany,
}

/// Keeps `bytes` for the position. The answer is saved with the id that this gives; until then the file counts for nothing.
///
/// # Errors
/// A foreign attempt.
pub async fn keep(
    ch: &mut Change<'_>,
    id: AttemptId,
    member: MemberId,
    position: u32,
    bytes: Vec<u8>,
) -> Result<std::result::Result<CandidateFileId, NotTaken>> {
    let attempt = lock(ch, id, member).await?;
    if let Err(refused) = attempt.life.at_work(ch.now) {
        return Ok(Err(NotTaken::Refused(refused)));
    }
    let form = form(ch.tx(), id).await?;
    let positions = form.positions().len();
    let Some(at) = form.position(position) else {
        return Ok(Err(NotTaken::Refused(Refused::NoSuchPosition { asked: position, positions })));
    };
    // Before anything is said of the question: one that is not open stays unknown.
    if let Err(refused) = attempt.life.may_answer(&course(ch.tx(), &attempt).await?, position, ch.now) {
        return Ok(Err(NotTaken::Refused(refused)));
    }
    let Presented::Upload { kinds, max_bytes } = &at.presented else { return Ok(Err(NotTaken::NoFileHere)) };
    if bytes.is_empty() {
        return Ok(Err(NotTaken::Empty));
    }
    if bytes.len() > usize::try_from(*max_bytes).unwrap_or(usize::MAX) {
        return Ok(Err(NotTaken::TooLarge(*max_bytes)));
    }
    let Some(kind) = FileKind::sniff(&bytes).filter(|kind| kinds.contains(kind)) else {
        return Ok(Err(NotTaken::Kind(kinds.iter().copied().collect())));
    };
    let sent = candidate_file::Entity::find().filter(candidate_file::Column::Attempt.eq(id.to_string()));
    if sent.count(ch.tx()).await? >= MOST_FILES {
        return Ok(Err(NotTaken::TooMany));
    }
    let sha256: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    let file = ch.id::<CandidateFileId>();
    let row = candidate_file::ActiveModel {
        id: Set(file.to_string()),
        attempt: Set(id.to_string()),
        position: Set(i32::try_from(position).map_err(|_| Error::not_found())?),
        sha256: Set(sha256.clone()),
        kind: Set(kind.as_str().to_owned()),
        size: Set(i64::try_from(bytes.len()).map_err(Error::internal)?),
        created_at: Set(millis(ch.now)),
    };
    candidate_file::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    let once = OnConflict::column(candidate_file_bytes::Column::Sha256).do_nothing().to_owned();
    let row = candidate_file_bytes::ActiveModel { sha256: Set(sha256), bytes: Set(bytes) };
    candidate_file_bytes::Entity::insert(row).on_conflict(once).exec_without_returning(ch.tx()).await?;
    Ok(Ok(file))
}

/// Whether the file was handed in for this position of this attempt.
pub(super) async fn belongs(db: &impl Read, id: AttemptId, position: u32, file: &str) -> Result<bool> {
    let row = candidate_file::Entity::find_by_id(file.to_owned()).one(db).await?;
    Ok(row.is_some_and(|row| row.attempt == id.to_string() && u32::try_from(row.position) == Ok(position)))
}

/// A file as it is downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Made of the id: what the candidate called it is not kept.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The file with this id. For staff who mark.
pub(super) async fn kept(db: &impl Read, file: &str) -> Result<Option<Kept>> {
    let Some(row) = candidate_file::Entity::find_by_id(file.to_owned()).one(db).await? else { return Ok(None) };
    let bytes = candidate_file_bytes::Entity::find_by_id(row.sha256.clone()).one(db).await?;
    let bytes = bytes.ok_or_else(|| Error::internal(format!("{} has no bytes", row.id)))?.bytes;
    let extension = FileKind::parse(&row.kind).map_or("bin", FileKind::extension);
    Ok(Some(Kept { name: format!("{}.{extension}", row.id), bytes }))
}
