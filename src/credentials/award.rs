//! Awarding (T1): check the basis, give it a number and a place, store what will be signed, write the audit row. Nothing is signed here.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use serde_json::{Value, json};
use waymark_credential::model::Credential as Complete;
use waymark_credential::proof::{Suite, ToBeSigned, prepare};

use super::beforehand::default_visibility;
use super::document::{self, GivenEvidence, GivenResult, Parts};
use super::entity::{credential, document as rows};
use super::find::{self, Credential, live_key};
use super::lifecycle::{Basis, Stage, Status, Visibility};
use super::{glyphs, history, lists, numbering, standing};
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{AuditEntry, Change};
use crate::decisions::Decided;
use crate::domain_event::DomainEvent;
use crate::error::{Error, Result};
use crate::ids::{CredentialId, FactId, IntentId, MemberId, TrackVersionId};
use crate::issuer::{self, Signer};
use crate::members::{self, Member};
use crate::signing::{self, Purpose};
use crate::tracks;
use crate::web::i18n::Locale;

/// What is to be awarded, and why.
#[derive(Debug, Clone)]
pub struct Award {
    pub basis: Basis,
    pub member: MemberId,
    pub version: TrackVersionId,
    /// From 1; 1 where the track knows no terms.
    pub term: u32,
    /// When it was earned; not after now.
    pub awarded_at: Timestamp,
    /// The end, where it is not the one that the track's validity gives.
    pub valid_until: Option<Timestamp>,
    pub evidence: Vec<GivenEvidence>,
    pub results: Vec<GivenResult>,
}

impl Award {
    /// What was decided, with the end that the track's validity gives.
    pub fn on(decided: &Decided) -> Self {
        Self {
            basis: Basis::Decided(decided.id),
            member: decided.member,
            version: decided.track_version,
            term: decided.term,
            awarded_at: decided.decided_at,
            valid_until: None,
            evidence: vec![],
            results: vec![],
        }
    }
}

/// What came of it.
#[derive(Debug, Clone)]
pub enum Awarded {
    /// Stored, waiting for its signatures. `document` is what they will stand under.
    New { credential: CredentialId, document: Value },
    /// The member holds it already; nothing was written.
    Held(Box<Credential>),
}

/// Awards. The change must be privileged: the audit row is written here, once the award is new, and says where somebody awards to themselves. Two
/// awards at once: one of the two changes fails with a conflict, and asking again answers the other's.
pub async fn award(app: &App, ch: &mut Change<'_>, award: Award) -> Result<Awarded> {
    let member = members::find(ch.tx(), members::resolve(ch.tx(), award.member).await?).await?;
    let version = tracks::version(ch.tx(), award.version).await?;
    if let Some(held) = find::live(ch.tx(), member.id, version.track, award.term).await? {
        return Ok(Awarded::Held(Box::new(held)));
    }
    let locale = issuer::find(ch.tx(), version.issuer).await?.profile.language(Some(member.locale));
    let written = write_down(app, ch, &award, &member, locale, None).await?;
    history::note(ch, written.credential, "award").await?;
    let mut told = json!({"member": member.id, "track_version": version.id, "term": award.term, "basis": award.basis,
                          "number": written.number, "hashes": written.hashes});
    if standing::is_own(ch, member.id).await? {
        told["own"] = json!(true);
    }
    ch.audit(AuditEntry::new("credential.award", written.credential, told)).await?;
    Ok(Awarded::New { credential: written.credential, document: written.document })
}

/// What a credential takes over from the one in whose place it comes.
pub(super) struct Heritage {
    pub replaces: CredentialId,
    pub number: String,
    pub check_code: String,
    /// The holder's own choice for the other.
    pub visibility: Visibility,
    /// What the ledger says until this one is released.
    pub fact: Option<FactId>,
}

/// A credential that waits for its signatures.
pub(super) struct WrittenDown {
    pub credential: CredentialId,
    pub number: String,
    pub document: Value,
    pub hashes: [String; 2],
}

/// Stores the credential with its intents, and tells the others. Whether it may be, its line in the history and the audit row are the caller's.
pub(super) async fn write_down(
    app: &App,
    ch: &mut Change<'_>,
    award: &Award,
    member: &Member,
    locale: Locale,
    heritage: Option<Heritage>,
) -> Result<WrittenDown> {
    let version = tracks::version(ch.tx(), award.version).await?;
    let issuer = issuer::find(ch.tx(), version.issuer).await?;
    let identity = issuer::identity(ch.tx(), &app.config).await?;
    let signer = identity.signer(Purpose::Credential)?;
    let awarded_at = whole_seconds(award.awarded_at);
    let months = version.definition.validity.map(|v| v.months);
    let valid_until = match (award.valid_until, months) {
        (Some(until), _) => Some(until),
        (None, Some(months)) => issuer.profile.zone().end_after_months(awarded_at, months),
        (None, None) => None,
    }
    .map(whole_seconds);

    let name = member.name.clone();
    let id: CredentialId = ch.id();
    let heritage = match heritage {
        Some(heritage) => heritage,
        None => Heritage {
            replaces: id,
            number: numbering::next(ch, &issuer, ch.now).await?,
            check_code: numbering::check_code(ch.entropy()),
            visibility: default_visibility(ch.tx(), member.id).await?,
            fact: None,
        },
    };
    let replaces = (heritage.replaces != id).then_some(heritage.replaces);
    let (list, place) = lists::take_place(ch, issuer.id, id).await?;
    let uuid = numbering::urn_uuid(ch.entropy());
    let document = document::write(
        &Parts {
            uuid: &uuid,
            subject: numbering::urn_uuid(ch.entropy()),
            issuer: &issuer,
            identity: &identity,
            version: &version,
            locale,
            name: &name,
            valid_from: ch.now,
            awarded_at,
            valid_until,
            evidence: &award.evidence,
            results: &award.results,
            status_list: app.links.status_list(&list.to_string()),
            place,
        },
        &app.links,
    )?;
    let intents = intend(ch, id, &document, &signer).await?;
    let row = credential::ActiveModel {
        id: Set(id.to_string()),
        member: Set(member.id.to_string()),
        issuer: Set(issuer.id.to_string()),
        track: Set(version.track.to_string()),
        track_version: Set(version.id.to_string()),
        term: Set(i32::try_from(award.term).map_err(Error::internal)?),
        live: Set(Some(live_key(member.id, version.track, award.term))),
        basis: Set(serde_json::to_string(&award.basis)?),
        uuid: Set(uuid),
        share_id: Set(numbering::share_id(ch.entropy())),
        number: Set(heritage.number.clone()),
        check_code: Set(heritage.check_code),
        name: Set(name.clone()),
        locale: Set(locale.as_str().to_owned()),
        stage: Set(Stage::Intended.as_str().to_owned()),
        status: Set(Status::Valid.as_str().to_owned()),
        visibility: Set(heritage.visibility.as_str().to_owned()),
        generation: Set(0),
        awarded_at: Set(millis(awarded_at)),
        valid_until: Set(valid_until.map(millis)),
        intended_at: Set(millis(ch.now)),
        released_at: Set(None),
        status_changed_at: Set(None),
        reason_code: Set(None),
        public_reason: Set(None),
        fact: Set(heritage.fact.map(|fact| fact.to_string())),
        replaces: Set(replaces.map(|other| other.to_string())),
        cancelled_at: Set(None),
    };
    credential::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    let placed = Placed { list: list.to_string(), place, generation: 1 };
    keep_document(ch, id, &placed, &intents).await?;
    glyphs::note(ch, id, &name).await?;
    if replaces.is_none() && heritage.visibility != Visibility::Private {
        history::note(ch, id, &format!("visibility.{}", heritage.visibility.as_str())).await?;
    }
    ch.tell(&DomainEvent::CredentialIntended { credential: id, member: member.id }).await?;
    Ok(WrittenDown {
        credential: id,
        number: heritage.number,
        document: serde_json::to_value(document.document())?,
        hashes: intents.hashes,
    })
}

/// The two intents of a document, one for each form in which it is signed.
pub(super) struct Intents {
    json: IntentId,
    jwt: IntentId,
    hashes: [String; 2],
}

impl Intents {
    pub(super) fn hashes(&self) -> &[String; 2] {
        &self.hashes
    }

    /// That of the JSON form, then that of the JWT.
    pub(super) fn ids(&self) -> [IntentId; 2] {
        [self.json, self.jwt]
    }
}

/// Where a document's status bit is.
pub(super) struct Placed {
    pub list: String,
    pub place: u32,
    pub generation: i32,
}

/// Stores what both forms will have signed.
pub(super) async fn intend(
    ch: &mut Change<'_>,
    id: CredentialId,
    document: &Complete,
    signer: &Signer,
) -> Result<Intents> {
    let prepared =
        |suite, key| -> Result<ToBeSigned> { prepare(document, suite, key, ch.now).map_err(Error::internal) };
    let json = prepared(Suite::EddsaRdfc2022, &signer.embedded)?;
    let jwt = prepared(Suite::VcJwt, &signer.jwt)?;
    Ok(Intents {
        hashes: [signing::payload_hash(&json), signing::payload_hash(&jwt)],
        json: signing::intend(ch, Purpose::Credential, signer.key, &json, id).await?,
        jwt: signing::intend(ch, Purpose::Credential, signer.key, &jwt, id).await?,
    })
}

/// Notes a document that waits for its signatures.
pub(super) async fn keep_document(ch: &Change<'_>, id: CredentialId, placed: &Placed, intents: &Intents) -> Result<()> {
    let row = rows::ActiveModel {
        credential: Set(id.to_string()),
        generation: Set(placed.generation),
        list: Set(placed.list.clone()),
        place: Set(i64::from(placed.place)),
        valid_from: Set(millis(ch.now)),
        json_intent: Set(intents.json.to_string()),
        jwt_intent: Set(intents.jwt.to_string()),
        released_at: Set(None),
    };
    rows::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(())
}

pub(super) fn whole_seconds(t: Timestamp) -> Timestamp {
    from_millis(millis(t).div_euclid(1000) * 1000)
}
