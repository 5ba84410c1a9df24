//! Finding credentials: what other rooms and the pages read.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ExprTrait as _, QueryOrder, QuerySelect};

use super::entity::{credential, document, history};
use super::life;
use super::lifecycle::{Basis, ReasonCode, Stage, Status, Visibility};
use crate::clock::{Timestamp, from_millis};
use crate::database::Read;
use crate::error::{Error, Result};
use crate::ids::{
    CredentialId, DecisionId, FactId, IntentId, IssuerId, MemberId, StatusListId, TrackId, TrackVersionId,
};
use crate::signing;
use crate::web::i18n::Locale;

/// One credential in our records. The signed bytes are read by [`signed_json`] and [`signed_jwt`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub id: CredentialId,
    pub member: MemberId,
    pub issuer: IssuerId,
    pub track: TrackId,
    pub track_version: TrackVersionId,
    /// From 1; 1 where the track knows no terms.
    pub term: u32,
    pub basis: Basis,
    /// `urn:uuid:…`, the `id` of the signed document.
    pub uuid: String,
    /// 26 characters of lower-case Crockford base32: 128 random bits.
    pub share_id: String,
    /// What people read out: `EG-2026-000042`.
    pub number: String,
    /// Six characters that go with the number.
    pub check_code: String,
    /// The name that the member appears under in the document.
    pub name: String,
    /// The language of the document.
    pub locale: Locale,
    pub stage: Stage,
    pub status: Status,
    pub visibility: Visibility,
    /// When the requirements were met.
    pub awarded_at: Timestamp,
    /// The inclusive end, in whole seconds.
    pub valid_until: Option<Timestamp>,
    pub intended_at: Timestamp,
    pub released_at: Option<Timestamp>,
    pub status_changed_at: Option<Timestamp>,
    /// Why it stands as it stands, where it is not valid.
    pub reason: Option<ReasonCode>,
    pub public_reason: Option<String>,
    /// The credential in whose place this one came.
    pub replaces: Option<CredentialId>,
    /// When it was withdrawn, before its member ever signed in.
    pub cancelled_at: Option<Timestamp>,
    pub(super) generation: i32,
    pub(super) fact: Option<FactId>,
}

impl Credential {
    pub fn is_released(&self) -> bool {
        self.stage == Stage::Released
    }

    /// Names the signed document that stands; another one has another name.
    pub fn edition(&self) -> String {
        format!("{}/{}", self.id, self.generation)
    }

    /// Whether the validity has ended by `now`. Says nothing about revocation.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.valid_until.is_some_and(|until| until < now)
    }
}

/// One line of a credential's history, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    pub at: Timestamp,
    /// An id, `operator` or `system:…`.
    pub actor: String,
    /// `award`, `replacement`, `release`, `revoke`, `replace`, `cancel`, `suspend`, `reinstate`, `renew`, `visibility.…`.
    pub what: String,
    pub reason: Option<ReasonCode>,
    pub public_reason: Option<String>,
    /// For staff only.
    pub internal_note: Option<String>,
}

/// One signed document of a credential; reinstating makes a further one with a place of its own in a status list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    pub generation: i32,
    pub list: StatusListId,
    pub place: u32,
    pub json_intent: IntentId,
    pub jwt_intent: IntentId,
    pub released_at: Option<Timestamp>,
}

/// The credential with this id, whatever its stage.
pub async fn find(db: &impl Read, id: CredentialId) -> Result<Credential> {
    read(credential::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)?)
}

/// The released credential under this share id, in any case of letters. Whether the visitor may see it is for the caller to say.
pub async fn by_share_id(db: &impl Read, share_id: &str) -> Result<Option<Credential>> {
    one_released(db, credential::Column::ShareId.eq(share_id.to_ascii_lowercase())).await
}

/// The released credential with this number (upper or lower case); of those that took each other's place, the last.
pub async fn by_number(db: &impl Read, number: &str) -> Result<Option<Credential>> {
    let upper = Expr::expr(sea_orm::sea_query::Func::upper(Expr::col(credential::Column::Number)));
    one_released(db, upper.eq(number.trim().to_uppercase())).await
}

/// The released credential whose document has this id (`urn:uuid:…`).
pub async fn by_uuid(db: &impl Read, uuid: &str) -> Result<Option<Credential>> {
    one_released(db, credential::Column::Uuid.eq(uuid)).await
}

async fn one_released(db: &impl Read, which: impl sea_orm::sea_query::IntoCondition) -> Result<Option<Credential>> {
    let found = credential::Entity::find()
        .filter(which.into_condition())
        .filter(credential::Column::Stage.eq(Stage::Released.as_str()))
        .order_by_desc(credential::Column::Id)
        .one(db)
        .await?;
    found.map(read).transpose()
}

/// The released credentials of a member, newest first. What was cancelled before they signed in is not among them: they never saw it.
pub async fn of_member(db: &impl Read, member: MemberId) -> Result<Vec<Credential>> {
    let rows = credential::Entity::find()
        .filter(credential::Column::Member.eq(member.to_string()))
        .filter(credential::Column::Stage.eq(Stage::Released.as_str()))
        .filter(credential::Column::CancelledAt.is_null())
        .order_by_desc(credential::Column::AwardedAt)
        .order_by_desc(credential::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// Those of the credentials that are released, in the order of the ids given. Whether the visitor may see them is for the caller to say.
pub async fn these(db: &impl Read, ids: &[CredentialId]) -> Result<Vec<Credential>> {
    let wanted = ids.iter().map(ToString::to_string);
    let rows = credential::Entity::find()
        .filter(credential::Column::Id.is_in(wanted))
        .filter(credential::Column::Stage.eq(Stage::Released.as_str()))
        .all(db)
        .await?;
    let mut found = rows.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    found.sort_by_key(|c| ids.iter().position(|id| *id == c.id));
    Ok(found)
}

/// The credential of the member for the track and term that is not revoked.
pub async fn live(db: &impl Read, member: MemberId, track: TrackId, term: u32) -> Result<Option<Credential>> {
    let key = live_key(member, track, term);
    credential::Entity::find().filter(credential::Column::Live.eq(key)).one(db).await?.map(read).transpose()
}

pub(super) fn live_key(member: MemberId, track: TrackId, term: u32) -> String {
    format!("{member}/{track}/{term}")
}

/// The highest term in which the member was awarded the track, whatever became of it.
pub(super) async fn last_term(db: &impl Read, member: MemberId, track: TrackId) -> Result<Option<Credential>> {
    credential::Entity::find()
        .filter(credential::Column::Member.eq(member.to_string()))
        .filter(credential::Column::Track.eq(track.to_string()))
        .order_by_desc(credential::Column::Term)
        .order_by_desc(credential::Column::Id)
        .one(db)
        .await?
        .map(read)
        .transpose()
}

/// Up to `limit` credentials, newest first, below `before`; `search` looks into name, number and share id.
pub async fn search(
    db: &impl Read,
    search: Option<&str>,
    before: Option<CredentialId>,
    limit: u64,
) -> Result<Vec<Credential>> {
    let mut find = credential::Entity::find().order_by_desc(credential::Column::Id).limit(limit);
    if let Some(before) = before {
        find = find.filter(credential::Column::Id.lt(before.to_string()));
    }
    if let Some(text) = search.map(str::trim).filter(|text| !text.is_empty()) {
        let held = |column| Expr::expr(sea_orm::sea_query::Func::lower(Expr::col(column)));
        let like = sea_orm::sea_query::LikeExpr::new(format!("%{}%", escaped(&text.to_lowercase()))).escape('\\');
        find = find.filter(
            Condition::any()
                .add(held(credential::Column::Name).like(like.clone()))
                .add(held(credential::Column::Number).like(like.clone()))
                .add(credential::Column::ShareId.like(like)),
        );
    }
    find.all(db).await?.into_iter().map(read).collect()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// What happened to the credential, oldest first.
pub async fn history_of(db: &impl Read, id: CredentialId) -> Result<Vec<HistoryEntry>> {
    let rows = history::Entity::find()
        .filter(history::Column::Credential.eq(id.to_string()))
        .order_by_asc(history::Column::Seq)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| HistoryEntry {
            at: from_millis(row.at),
            actor: row.actor,
            what: row.what,
            reason: row.reason_code.as_deref().and_then(ReasonCode::parse),
            public_reason: row.public_reason,
            internal_note: row.internal_note,
        })
        .collect())
}

/// The signed document as JSON text with its embedded proof (`application/vc`): the bytes that were signed, never rebuilt.
pub async fn signed_json(db: &impl Read, credential: &Credential) -> Result<String> {
    let document = standing(db, credential).await?;
    signing::signed(db, document.json_intent).await
}

/// The signed document as a compact JWS (`application/vc+jwt`).
pub async fn signed_jwt(db: &impl Read, credential: &Credential) -> Result<String> {
    let document = standing(db, credential).await?;
    signing::signed(db, document.jwt_intent).await
}

/// The document that stands today; a credential that is not released yet has none.
pub(super) async fn standing(db: &impl Read, credential: &Credential) -> Result<Document> {
    document_of(db, credential.id, credential.generation).await?.ok_or_else(Error::not_found)
}

pub(super) async fn document_of(db: &impl Read, id: CredentialId, generation: i32) -> Result<Option<Document>> {
    document::Entity::find_by_id((id.to_string(), generation)).one(db).await?.as_ref().map(read_document).transpose()
}

/// The newest document of a credential, where it waits for its signatures.
pub(super) async fn unreleased(db: &impl Read, id: CredentialId) -> Result<Option<Document>> {
    document::Entity::find()
        .filter(document::Column::Credential.eq(id.to_string()))
        .filter(document::Column::ReleasedAt.is_null())
        .order_by_desc(document::Column::Generation)
        .one(db)
        .await?
        .as_ref()
        .map(read_document)
        .transpose()
}

fn read_document(row: &document::Model) -> Result<Document> {
    Ok(Document {
        generation: row.generation,
        list: row.list.parse().map_err(Error::internal)?,
        place: u32::try_from(row.place).map_err(Error::internal)?,
        json_intent: row.json_intent.parse().map_err(Error::internal)?,
        jwt_intent: row.jwt_intent.parse().map_err(Error::internal)?,
        released_at: row.released_at.map(from_millis),
    })
}

pub(super) fn read(row: credential::Model) -> Result<Credential> {
    let word = |name: &str| Error::internal(format!("the credential {} has an unknown {name}", row.id));
    Ok(Credential {
        id: row.id.parse().map_err(Error::internal)?,
        member: row.member.parse().map_err(Error::internal)?,
        issuer: row.issuer.parse().map_err(Error::internal)?,
        track: row.track.parse().map_err(Error::internal)?,
        track_version: row.track_version.parse().map_err(Error::internal)?,
        term: u32::try_from(row.term).map_err(Error::internal)?,
        basis: serde_json::from_str(&row.basis)?,
        stage: Stage::parse(&row.stage).ok_or_else(|| word("stage"))?,
        status: Status::parse(&row.status).ok_or_else(|| word("status"))?,
        visibility: Visibility::parse(&row.visibility).ok_or_else(|| word("visibility"))?,
        locale: Locale::parse(&row.locale).ok_or_else(|| word("locale"))?,
        fact: row.fact.as_deref().map(str::parse).transpose().map_err(Error::internal)?,
        uuid: row.uuid,
        share_id: row.share_id,
        number: row.number,
        check_code: row.check_code,
        name: row.name,
        awarded_at: from_millis(row.awarded_at),
        valid_until: row.valid_until.map(from_millis),
        intended_at: from_millis(row.intended_at),
        released_at: row.released_at.map(from_millis),
        status_changed_at: row.status_changed_at.map(from_millis),
        reason: row.reason_code.as_deref().and_then(ReasonCode::parse),
        public_reason: row.public_reason,
        replaces: row.replaces.as_deref().map(str::parse).transpose().map_err(Error::internal)?,
        cancelled_at: row.cancelled_at.map(from_millis),
        generation: row.generation,
    })
}

/// The newest credential that was awarded on one of these decisions, or what took its place since, whatever became of it.
pub(super) async fn awarded_on(db: &impl Read, decisions: &[DecisionId]) -> Result<Option<Credential>> {
    let basis = |id: &DecisionId| serde_json::to_string(&Basis::Decided(*id));
    let bases = decisions.iter().map(basis).collect::<std::result::Result<Vec<_>, _>>()?;
    let first = credential::Entity::find()
        .filter(credential::Column::Basis.is_in(bases))
        .order_by_desc(credential::Column::Id)
        .one(db)
        .await?
        .map(read)
        .transpose()?;
    match first {
        None => Ok(None),
        Some(first) => Ok(Some(life::last_of(db, &first).await?.unwrap_or(first))),
    }
}

/// The released credential with this id, held by this member; to anybody else it does not exist.
pub async fn own(db: &impl Read, id: &str, member: MemberId) -> Result<Credential> {
    let known = find(db, id.parse().map_err(|_| Error::not_found())?).await?;
    if known.member == member && known.is_released() { Ok(known) } else { Err(Error::not_found()) }
}
