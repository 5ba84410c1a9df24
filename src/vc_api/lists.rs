//! The conformance surface's own status lists. A place is random and given once; a revocation stays, a suspension may be lifted.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{ExprTrait as _, QueryOrder as _, QuerySelect as _};
use serde_json::{Value, json};
use time::Duration;
use waymark_credential::model::{Cryptosuite, DateTime};
use waymark_credential::open::{ProofOptions, prepare_open};
use waymark_credential::status_list::{MIN_ENTRIES, StatusList};

use super::entity::{entry, list};
use super::signer::{invalid, sealed, signer};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{from_millis, millis};
use crate::database::{Change, Kind};
use crate::entropy;
use crate::error::{Error, Result};
use crate::ids::{ConformanceListId, IntentId};
use crate::signing::{self, Purpose as KeyPurpose};

/// For how many seconds a copy may be kept: suites read a list at once after a change.
pub(super) const FRESH_SECONDS: u32 = 1;
const VALIDITY: Duration = Duration::hours(24);
const RENEWED_AFTER: Duration = Duration::hours(12);

/// What a bit says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Revocation,
    Suspension,
}

impl Purpose {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Revocation => "revocation",
            Self::Suspension => "suspension",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Revocation, Self::Suspension].into_iter().find(|purpose| purpose.as_str() == text)
    }
}

/// A new place for the credential, as the entry that it carries.
pub(super) async fn take_place(app: &App, ch: &Change<'_>, credential: &str, purpose: Purpose) -> Result<Value> {
    ch.take_turn("vc_api lists").await?;
    let entries = i64::try_from(MIN_ENTRIES).map_err(Error::internal)?;
    let open = list::Entity::find()
        .filter(list::Column::Purpose.eq(purpose.as_str()))
        .filter(list::Column::Used.lt(entries / 2))
        .order_by_asc(list::Column::Id)
        .one(ch.tx())
        .await?;
    let list = match open {
        Some(row) => row.id,
        None => begin(ch, purpose).await?,
    };
    list::Entity::update_many()
        .col_expr(list::Column::Used, Expr::col(list::Column::Used).add(1))
        .filter(list::Column::Id.eq(&list))
        .exec(ch.tx())
        .await?;
    let place = loop {
        let place = i64::from(entropy::below(ch.entropy(), u32::try_from(entries).map_err(Error::internal)?));
        if entry::Entity::find_by_id((list.clone(), place)).one(ch.tx()).await?.is_none() {
            break place;
        }
    };
    let taken = entry::ActiveModel {
        list: Set(list.clone()),
        place: Set(place),
        credential: Set(credential.to_owned()),
        is_set: Set(false),
        at: Set(millis(ch.now)),
    };
    entry::Entity::insert(taken).exec_without_returning(ch.tx()).await?;
    let url = app.links.conformance_list(&list);
    Ok(json!({"id": format!("{url}#{place}"), "type": "BitstringStatusListEntry", "statusPurpose": purpose.as_str(),
        "statusListIndex": place.to_string(), "statusListCredential": url}))
}

async fn begin(ch: &Change<'_>, purpose: Purpose) -> Result<String> {
    let id = ch.id::<ConformanceListId>().to_string();
    let row = list::ActiveModel {
        id: Set(id.clone()),
        purpose: Set(purpose.as_str().to_owned()),
        used: Set(0),
        version: Set(0),
        intent: Set(None),
        signed_version: Set(None),
        signed_at: Set(None),
        created_at: Set(millis(ch.now)),
    };
    list::Entity::insert(row).exec_without_returning(ch.tx()).await?;
    Ok(id)
}

/// Why a status stays as it is.
pub(super) enum Kept {
    /// There is no such credential here, or none with a bit of this purpose.
    Unknown,
    /// A revocation is for good.
    Revoked,
}

/// Sets or lifts the bit of a credential; of the purpose given, or of the only one it has.
pub(super) async fn set(app: &App, credential: &str, purpose: Option<Purpose>, on: bool) -> Result<Result<(), Kept>> {
    let ch = app.db.change(Actor::System("vc_api"), Kind::Ordinary).await?;
    let places = entry::Entity::find().filter(entry::Column::Credential.eq(credential)).all(ch.tx()).await?;
    for place in places {
        let Some(row) = list::Entity::find_by_id(&place.list).one(ch.tx()).await? else { continue };
        let of = Purpose::parse(&row.purpose);
        if purpose.is_some() && purpose != of {
            continue;
        }
        if place.is_set && !on && of == Some(Purpose::Revocation) {
            return Ok(Err(Kept::Revoked));
        }
        entry::Entity::update_many()
            .col_expr(entry::Column::IsSet, Expr::value(on))
            .filter(entry::Column::List.eq(&place.list))
            .filter(entry::Column::Place.eq(place.place))
            .exec(ch.tx())
            .await?;
        list::Entity::update_many()
            .col_expr(list::Column::Version, Expr::col(list::Column::Version).add(1))
            .filter(list::Column::Id.eq(&place.list))
            .exec(ch.tx())
            .await?;
        ch.commit().await?;
        return Ok(Ok(()));
    }
    Ok(Err(Kept::Unknown))
}

/// The signed list as it is served, signed anew where it is due.
pub(super) async fn document(app: &App, id: &str) -> Result<String> {
    let id: ConformanceListId = id.parse().map_err(|_| Error::not_found())?;
    let row = find(app, id).await?;
    let now = app.db.now();
    let age = row.signed_at.map(|at| now - from_millis(at));
    let fresh = age.is_some_and(|age| age < RENEWED_AFTER && age > -RENEWED_AFTER);
    if let (Some(intent), true, true) = (&row.intent, fresh, row.signed_version == Some(row.version)) {
        return signing::signed(app.db.read(), intent.parse::<IntentId>().map_err(Error::internal)?).await;
    }
    sign(app, row).await
}

async fn sign(app: &App, row: list::Model) -> Result<String> {
    let mut bits = StatusList::new(MIN_ENTRIES).map_err(Error::internal)?;
    let places: Vec<i64> = entry::Entity::find()
        .select_only()
        .column(entry::Column::Place)
        .filter(entry::Column::List.eq(&row.id))
        .filter(entry::Column::IsSet.eq(true))
        .into_tuple()
        .all(app.db.read())
        .await?;
    for place in places {
        bits.set(u64::try_from(place).map_err(Error::internal)?).map_err(Error::internal)?;
    }
    let signer = signer(app).await?;
    let now = app.db.now();
    let url = app.links.conformance_list(&row.id);
    let unsigned = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": signer.public.controller(),
        "validFrom": DateTime::seconds(now),
        "validUntil": DateTime::seconds(now + VALIDITY),
        "credentialSubject": {"id": format!("{url}#list"), "type": "BitstringStatusList",
            "statusPurpose": row.purpose, "encodedList": bits.encode(), "ttl": u64::from(FRESH_SECONDS) * 1000},
    });
    let payload = prepare_open(&unsigned, Cryptosuite::EddsaRdfc2022, &signer.public, now, &ProofOptions::default())
        .map_err(invalid)?;
    let mut ch = app.db.change(Actor::System("vc_api"), Kind::Ordinary).await?;
    let intent = signing::intend(&mut ch, KeyPurpose::Conformance, signer.key, &payload, &row.id).await?;
    ch.commit().await?;
    let text = sealed(app, intent).await?;
    let ch = app.db.change(Actor::System("vc_api"), Kind::Ordinary).await?;
    list::Entity::update_many()
        .col_expr(list::Column::Intent, Expr::value(intent.to_string()))
        .col_expr(list::Column::SignedVersion, Expr::value(row.version))
        .col_expr(list::Column::SignedAt, Expr::value(millis(now)))
        .filter(list::Column::Id.eq(&row.id))
        .filter(list::Column::SignedVersion.is_null().or(list::Column::SignedVersion.lte(row.version)))
        .exec(ch.tx())
        .await?;
    ch.commit().await?;
    Ok(text)
}

async fn find(app: &App, id: ConformanceListId) -> Result<list::Model> {
    list::Entity::find_by_id(id.to_string()).one(app.db.read()).await?.ok_or_else(Error::not_found)
}
