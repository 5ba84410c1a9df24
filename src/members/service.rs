//! Enrolling and finding members.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};
use serde::Serialize;
use serde_json::json;

use super::entity::{affiliation, alias, handle, member};
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{AuditEntry, Change, Read};
use crate::domain_event::DomainEvent;
use crate::error::{Code, Error, Fault, Result};
use crate::ids::MemberId;
use crate::web::i18n::Locale;

/// One person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub id: MemberId,
    pub email: String,
    pub name: String,
    pub locale: Locale,
    pub joined_at: Timestamp,
}

/// A tie to an organization, from a day on, until one where it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Affiliation {
    pub organization: String,
    pub title: Option<String>,
    #[serde(skip)]
    pub from: Timestamp,
    #[serde(skip)]
    pub until: Option<Timestamp>,
}

/// Who is to be enrolled.
#[derive(Debug, Clone)]
pub struct NewMember {
    pub email: String,
    pub name: String,
    pub locale: Locale,
    pub handle: Option<String>,
    pub affiliation: Option<Affiliation>,
    /// When they joined; now where not said.
    pub joined_at: Option<Timestamp>,
}

const LONGEST_EMAIL: usize = 254;
const LONGEST_NAME: usize = 120;
const LONGEST_HANDLE: usize = 40;

/// The address in the form in which it is stored and compared, or why it is none.
pub fn email_address(text: &str) -> std::result::Result<String, &'static str> {
    let email = text.trim().to_lowercase();
    let (local, domain) = email.rsplit_once('@').ok_or("write an e-mail address such as name@example.org")?;
    let plain = |s: &str| {
        !s.is_empty() && s.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"@".contains(c))
    };
    if email.len() > LONGEST_EMAIL
        || !plain(local)
        || !plain(domain)
        || !domain.contains('.')
        || domain.starts_with('.')
        || domain.ends_with('.')
    {
        return Err("write an e-mail address such as name@example.org");
    }
    Ok(email)
}

/// The name as it will be shown, or why it cannot be.
pub fn shown_name(text: &str) -> std::result::Result<String, &'static str> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(disturbs) {
        return Err(
            "write a name of 1 to 120 characters, without line breaks and without characters that steer the direction of writing",
        );
    }
    Ok(name.to_owned())
}

/// The name, or a part of one, as names are looked up: whichever form of a character was typed, 高橋 finds 髙橋.
pub(super) fn folded(text: &str) -> String {
    waymark_credential::fold::name(text)
}

/// Whether a character moves what stands around it: a control, a line or paragraph break, an embedding or override of the writing direction
/// (UAX #9 §2), or a mark at the start of a file.
fn disturbs(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The handle as it is stored and compared, or why it is none.
pub fn valid_handle(text: &str) -> std::result::Result<String, &'static str> {
    let text = text.trim();
    let plain = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
    if text.is_empty() || text.len() > LONGEST_HANDLE || !plain {
        return Err("a handle is 1 to 40 of a-z, 0-9, - and _");
    }
    Ok(text.to_owned())
}

/// Enrols a person. An e-mail that belongs to somebody is a conflict that names their id.
pub async fn enrol(ch: &mut Change<'_>, new: NewMember) -> Result<Member> {
    let mut faults = vec![];
    let mut keep = |pointer: &str, code, outcome: std::result::Result<String, &'static str>| match outcome {
        Ok(text) => text,
        Err(detail) => {
            faults.push(Fault::new(pointer, code, detail));
            String::new()
        }
    };
    let email = keep("/email", "invalid_email", email_address(&new.email));
    let name = keep("/name", "invalid_name", shown_name(&new.name));
    let own_handle = new.handle.as_deref().map(|h| keep("/handle", "invalid_handle", valid_handle(h)));
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    if let Some(known) = by_email(ch.tx(), &email).await? {
        return Err(Error::new(Code::MemberExists).member("id", known.id.to_string()));
    }
    let id: MemberId = ch.id();
    let joined_at = new.joined_at.unwrap_or(ch.now);
    let row = member::ActiveModel {
        id: Set(id.to_string()),
        email: Set(email.clone()),
        name: Set(name.clone()),
        name_folded: Set(folded(&name)),
        locale: Set(new.locale.as_str().to_owned()),
        joined_at: Set(millis(joined_at)),
        email_verified_at: Set(None),
    };
    member::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    if let Some(own) = own_handle {
        link_handle(ch, id, &own).await?;
    }
    if let Some(tie) = new.affiliation {
        affiliate(ch, id, tie).await?;
    }
    ch.tell(&DomainEvent::MemberEnrolled { member: id }).await?;
    Ok(Member { id, email, name, locale: new.locale, joined_at })
}

/// Enrols a person on the word of staff. The change must be privileged: the audit row is written here, with the handle and without the name.
pub async fn enrol_by_staff(ch: &mut Change<'_>, new: NewMember) -> Result<Member> {
    let detail = new.handle.as_ref().map_or_else(|| json!({}), |handle| json!({"handle": handle}));
    let member = enrol(ch, new).await?;
    ch.audit(AuditEntry::new("member.enrol", member.id, detail)).await?;
    Ok(member)
}

/// Finds the member with this address, or enrols one who has not claimed their account yet.
pub async fn find_or_enrol(ch: &mut Change<'_>, email: &str, name: &str, locale: Locale) -> Result<Member> {
    if let Ok(address) = email_address(email)
        && let Some(known) = by_email(ch.tx(), &address).await?
    {
        return Ok(known);
    }
    enrol(
        ch,
        NewMember {
            email: email.to_owned(),
            name: name.to_owned(),
            locale,
            handle: None,
            affiliation: None,
            joined_at: None,
        },
    )
    .await
}

/// Notes that the handle is this member's; the rooms that hold events for it are told.
pub async fn link_handle(ch: &mut Change<'_>, member: MemberId, text: &str) -> Result<()> {
    let text =
        valid_handle(text).map_err(|detail| Error::invalid(vec![Fault::new("/handle", "invalid_handle", detail)]))?;
    if let Some(row) = handle::Entity::find_by_id(text.clone()).one(ch.tx()).await? {
        return if row.member == member.to_string() { Ok(()) } else { Err(Error::new(Code::Conflict)) };
    }
    let row =
        handle::ActiveModel { handle: Set(text), member: Set(member.to_string()), linked_at: Set(millis(ch.now)) };
    handle::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    ch.tell(&DomainEvent::HandleLinked { member }).await
}

/// Records a tie to an organization. A tie that stood open ends where the new one begins.
pub async fn affiliate(ch: &mut Change<'_>, member: MemberId, tie: Affiliation) -> Result<()> {
    let organization = shown_name(&tie.organization)
        .map_err(|detail| Error::invalid(vec![Fault::new("/affiliation/organization", "invalid_name", detail)]))?;
    let title = tie.title.as_deref().map(shown_name).transpose();
    let title =
        title.map_err(|detail| Error::invalid(vec![Fault::new("/affiliation/title", "invalid_title", detail)]))?;
    affiliation::Entity::update_many()
        .col_expr(affiliation::Column::UntilAt, Expr::value(millis(tie.from)))
        .filter(affiliation::Column::Member.eq(member.to_string()))
        .filter(affiliation::Column::UntilAt.is_null())
        .filter(affiliation::Column::FromAt.lt(millis(tie.from)))
        .exec(ch.tx())
        .await?;
    let row = affiliation::ActiveModel {
        member: Set(member.to_string()),
        organization: Set(organization),
        title: Set(title),
        from_at: Set(millis(tie.from)),
        until_at: Set(tie.until.map(millis)),
        stated_by: Set(ch.actor.to_string()),
        ..Default::default()
    };
    affiliation::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

/// Where the member stood at `at`.
pub async fn affiliation_at(db: &impl Read, member: MemberId, at: Timestamp) -> Result<Option<Affiliation>> {
    let row = affiliation::Entity::find()
        .filter(affiliation::Column::Member.eq(member.to_string()))
        .filter(affiliation::Column::FromAt.lte(millis(at)))
        .filter(
            Condition::any()
                .add(affiliation::Column::UntilAt.is_null())
                .add(affiliation::Column::UntilAt.gt(millis(at))),
        )
        .order_by_desc(affiliation::Column::FromAt)
        .one(db)
        .await?;
    Ok(row.map(|r| Affiliation {
        organization: r.organization,
        title: r.title,
        from: from_millis(r.from_at),
        until: r.until_at.map(from_millis),
    }))
}

/// Every tie of the member, the latest first, each with who stated it.
pub async fn affiliations_of(db: &impl Read, member: MemberId) -> Result<Vec<(Affiliation, String)>> {
    let rows = affiliation::Entity::find()
        .filter(affiliation::Column::Member.eq(member.to_string()))
        .order_by_desc(affiliation::Column::FromAt)
        .order_by_desc(affiliation::Column::Seq)
        .all(db)
        .await?;
    let tie = |row: affiliation::Model| {
        let (from, until) = (from_millis(row.from_at), row.until_at.map(from_millis));
        (Affiliation { organization: row.organization, title: row.title, from, until }, row.stated_by)
    };
    Ok(rows.into_iter().map(tie).collect())
}

/// The member with this id, following a merge; not found otherwise.
pub async fn find(db: &impl Read, id: MemberId) -> Result<Member> {
    let id = resolve(db, id).await?;
    let row = member::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?;
    read(row)
}

/// The id that stands for this one today.
pub async fn resolve(db: &impl Read, id: MemberId) -> Result<MemberId> {
    match alias::Entity::find_by_id(id.to_string()).one(db).await? {
        Some(row) => row.kept.parse().map_err(Error::internal),
        None => Ok(id),
    }
}

pub async fn by_email(db: &impl Read, email: &str) -> Result<Option<Member>> {
    member::Entity::find()
        .filter(member::Column::Email.eq(email.trim().to_lowercase()))
        .one(db)
        .await?
        .map(read)
        .transpose()
}

/// Notes that the member proved that their address is theirs; the rooms that hold events for it are told.
pub async fn verify_email(ch: &mut Change<'_>, id: MemberId) -> Result<()> {
    let verified = member::Entity::update_many()
        .col_expr(member::Column::EmailVerifiedAt, Expr::value(millis(ch.now)))
        .filter(member::Column::Id.eq(id.to_string()))
        .filter(member::Column::EmailVerifiedAt.is_null())
        .exec(ch.tx())
        .await?;
    if verified.rows_affected == 1 { ch.tell(&DomainEvent::HandleLinked { member: id }).await } else { Ok(()) }
}

/// The member's address, once they have proved that it is theirs.
pub async fn verified_email(db: &impl Read, id: MemberId) -> Result<Option<String>> {
    let row = member::Entity::find_by_id(id.to_string()).one(db).await?;
    Ok(row.filter(|r| r.email_verified_at.is_some()).map(|r| r.email))
}

/// The member who has proved that this address is theirs.
pub async fn by_verified_email(db: &impl Read, email: &str) -> Result<Option<MemberId>> {
    let row = member::Entity::find()
        .filter(member::Column::Email.eq(email.trim().to_lowercase()))
        .filter(member::Column::EmailVerifiedAt.is_not_null())
        .one(db)
        .await?;
    row.map(|r| r.id.parse().map_err(Error::internal)).transpose()
}

/// Whether there is a member with exactly this id.
pub async fn exists(db: &impl Read, id: MemberId) -> Result<bool> {
    Ok(member::Entity::find_by_id(id.to_string()).one(db).await?.is_some())
}

pub async fn by_handle(db: &impl Read, text: &str) -> Result<Option<MemberId>> {
    let row = handle::Entity::find_by_id(text.to_owned()).one(db).await?;
    row.map(|r| r.member.parse().map_err(Error::internal)).transpose()
}

pub async fn handles_of(db: &impl Read, id: MemberId) -> Result<Vec<String>> {
    let rows = handle::Entity::find()
        .filter(handle::Column::Member.eq(id.to_string()))
        .order_by_asc(handle::Column::Handle)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|r| r.handle).collect())
}

/// All members in order of id, after `after`.
pub async fn list(db: &impl Read, after: Option<MemberId>, limit: u64) -> Result<Vec<Member>> {
    let mut find = member::Entity::find().order_by_asc(member::Column::Id).limit(limit);
    if let Some(after) = after {
        find = find.filter(member::Column::Id.gt(after.to_string()));
    }
    find.all(db).await?.into_iter().map(read).collect()
}

pub async fn count(db: &impl Read) -> Result<u64> {
    Ok(member::Entity::find().count(db).await?)
}

pub(super) fn read(row: member::Model) -> Result<Member> {
    Ok(Member {
        id: row.id.parse().map_err(Error::internal)?,
        email: row.email,
        name: row.name,
        locale: Locale::parse(&row.locale).unwrap_or(Locale::En),
        joined_at: from_millis(row.joined_at),
    })
}
