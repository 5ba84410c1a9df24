//! Status lists: a random place for every signed document, and the signed list that says which places are set.
//!
//! A place is used once (primary key) and never given again; a bit that is set stays set. A list is signed anew when a bit was set and before half of
//! its validity has passed, so that no verifier meets a stale one.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{ExprTrait as _, QuerySelect};
use time::Duration;
use waymark_credential::model::{
    BitstringStatusList, Contexts, CredentialKinds, DateTime, Iri, Is, OneOrMany, ReferenceOr, StatusListCredential,
};
use waymark_credential::proof::{Suite, ToBeSigned, prepare_status_list};
use waymark_credential::status_list::{MIN_ENTRIES, StatusList};

use super::entity::{entry, list};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, from_millis, millis};
use crate::database::{Change, Kind, Read};
use crate::entropy;
use crate::error::{Error, Result};
use crate::ids::{CredentialId, IntentId, IssuerId, SigningKeyId, StatusListId};
use crate::issuer;
use crate::signing::{self, Purpose};

/// How long a signed list holds.
const VALIDITY: Duration = Duration::hours(24);
/// It is signed anew once it is this old.
const RENEWED_AFTER: Duration = Duration::hours(12);
/// For how many seconds a copy may be kept.
pub(super) const FRESH_SECONDS: u32 = 300;

/// A new random place in the issuer's open list. A list is closed when half of it is used, so that a free place is found at once.
pub(super) async fn take_place(
    ch: &Change<'_>,
    issuer: IssuerId,
    credential: CredentialId,
) -> Result<(StatusListId, u32)> {
    let open = list::Entity::find().filter(list::Column::OpenFor.eq(issuer.to_string())).one(ch.tx()).await?;
    let row = match open {
        Some(row) if row.used < row.entries / 2 => row,
        Some(full) => {
            list::Entity::update_many()
                .col_expr(list::Column::OpenFor, Expr::value(Option::<String>::None))
                .filter(list::Column::Id.eq(full.id))
                .exec(ch.tx())
                .await?;
            begin(ch, issuer).await?
        }
        None => begin(ch, issuer).await?,
    };
    // Taking the row's lock first makes concurrent awards choose one after the other.
    list::Entity::update_many()
        .col_expr(list::Column::Used, Expr::col(list::Column::Used).add(1))
        .filter(list::Column::Id.eq(&row.id))
        .exec(ch.tx())
        .await?;
    let entries = u32::try_from(row.entries).map_err(Error::internal)?;
    loop {
        let place = entropy::below(ch.entropy(), entries);
        if entry::Entity::find_by_id((row.id.clone(), i64::from(place))).one(ch.tx()).await?.is_some() {
            continue;
        }
        let taken = entry::ActiveModel {
            list: Set(row.id.clone()),
            place: Set(i64::from(place)),
            credential: Set(credential.to_string()),
            at: Set(millis(ch.now)),
            set_at: Set(None),
        };
        entry::Entity::insert(taken).exec_without_returning(ch.tx()).await?;
        return Ok((row.id.parse().map_err(Error::internal)?, place));
    }
}

/// Closes every open list, so that the next place is taken in a new one: after a restore nobody knows which places were given since the backup.
pub(super) async fn close_all(ch: &Change<'_>) -> Result<()> {
    list::Entity::update_many()
        .col_expr(list::Column::OpenFor, Expr::value(Option::<String>::None))
        .filter(list::Column::OpenFor.is_not_null())
        .exec(ch.tx())
        .await?;
    Ok(())
}

async fn begin(ch: &Change<'_>, issuer: IssuerId) -> Result<list::Model> {
    let row = list::Model {
        id: ch.id::<StatusListId>().to_string(),
        issuer: issuer.to_string(),
        open_for: Some(issuer.to_string()),
        entries: i64::try_from(MIN_ENTRIES).map_err(Error::internal)?,
        used: 0,
        version: 0,
        intent: None,
        signed_version: None,
        signed_at: None,
        created_at: millis(ch.now),
    };
    list::Entity::insert(list::ActiveModel::from(row.clone()).reset_all()).exec_without_returning(ch.tx()).await?;
    Ok(row)
}

/// Sets the bits of all documents that the credential ever had. There is no way back.
pub(super) async fn set_bits(ch: &Change<'_>, credential: CredentialId) -> Result<()> {
    let places = entry::Entity::find()
        .filter(entry::Column::Credential.eq(credential.to_string()))
        .filter(entry::Column::SetAt.is_null())
        .all(ch.tx())
        .await?;
    for place in places {
        entry::Entity::update_many()
            .col_expr(entry::Column::SetAt, Expr::value(millis(ch.now)))
            .filter(entry::Column::List.eq(&place.list))
            .filter(entry::Column::Place.eq(place.place))
            .exec(ch.tx())
            .await?;
        list::Entity::update_many()
            .col_expr(list::Column::Version, Expr::col(list::Column::Version).add(1))
            .filter(list::Column::Id.eq(&place.list))
            .exec(ch.tx())
            .await?;
    }
    Ok(())
}

/// The signed list as it is served: JSON text with its embedded proof. It is signed now if it is due; where that cannot be done, the
/// last one is answered, and verifiers see how old it is.
pub async fn status_list(app: &App, id: StatusListId) -> Result<String> {
    if let Err(e) = refresh(app, id).await {
        let row = find(app.db.read(), id).await?;
        if row.intent.is_none() {
            return Err(e);
        }
        tracing::warn!(list = %id, error = %e, "a status list could not be signed anew");
    }
    let row = find(app.db.read(), id).await?;
    let intent: IntentId = row.intent.ok_or_else(Error::not_found)?.parse().map_err(Error::internal)?;
    signing::signed(app.db.read(), intent).await
}

/// Signs the list anew if a bit was set since, or it grows old.
pub(super) async fn refresh(app: &App, id: StatusListId) -> Result<()> {
    if !is_due(&find(app.db.read(), id).await?, app.db.now()) {
        return Ok(());
    }
    let mut ch = app.db.change(Actor::System("credentials"), Kind::Ordinary).await?;
    let row = find(ch.tx(), id).await?;
    if !is_due(&row, ch.now) {
        return ch.undo().await;
    }
    let (key, payload) = prepared(app, &ch, &row).await?;
    let intent = signing::intend(&mut ch, Purpose::StatusList, key, &payload, id).await?;
    let (version, at) = (row.version, ch.now);
    ch.commit().await?;

    let sealed = issuer::seal(app, intent).await?;

    let mut ch = app.db.change(Actor::System("credentials"), Kind::Ordinary).await?;
    sealed.store(&mut ch).await?;
    let older = list::Column::SignedVersion.is_null().or(list::Column::SignedVersion.lte(version));
    list::Entity::update_many()
        .col_expr(list::Column::Intent, Expr::value(intent.to_string()))
        .col_expr(list::Column::SignedVersion, Expr::value(version))
        .col_expr(list::Column::SignedAt, Expr::value(millis(at)))
        .filter(list::Column::Id.eq(id.to_string()))
        .filter(older)
        .exec(ch.tx())
        .await?;
    ch.commit().await
}

/// Whether every bit that was set for the credential stands in a signed list.
pub(super) async fn are_published(db: &impl Read, credential: CredentialId) -> Result<bool> {
    let set = entry::Entity::find()
        .filter(entry::Column::Credential.eq(credential.to_string()))
        .filter(entry::Column::SetAt.is_not_null())
        .all(db)
        .await?;
    for place in set {
        let row = find(db, place.list.parse().map_err(Error::internal)?).await?;
        if row.signed_version != Some(row.version) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Signs every list that is due.
pub(super) async fn refresh_all(app: &App) -> Result<()> {
    let ids: Vec<String> =
        list::Entity::find().select_only().column(list::Column::Id).into_tuple().all(app.db.read()).await?;
    for id in ids {
        refresh(app, id.parse().map_err(Error::internal)?).await?;
    }
    Ok(())
}

/// Has every list signed anew whose signature is by this key. Done again it changes nothing: what was signed since names another key.
pub(super) async fn leave_key(app: &App, key: SigningKeyId) -> Result<()> {
    for row in list::Entity::find().all(app.db.read()).await? {
        let Some(intent) = row.intent else { continue };
        let intent: IntentId = intent.parse().map_err(Error::internal)?;
        if signing::key_of(app.db.read(), intent).await? != key {
            continue;
        }
        let ch = app.db.change(Actor::System("credentials"), Kind::Ordinary).await?;
        list::Entity::update_many()
            .col_expr(list::Column::Version, Expr::col(list::Column::Version).add(1))
            .filter(list::Column::Id.eq(&row.id))
            .filter(list::Column::Intent.eq(intent.to_string()))
            .exec(ch.tx())
            .await?;
        ch.commit().await?;
    }
    refresh_all(app).await
}

fn is_due(row: &list::Model, now: Timestamp) -> bool {
    let Some(signed_at) = row.signed_at.map(from_millis) else { return true };
    let age = now - signed_at;
    row.signed_version != Some(row.version) || age >= RENEWED_AFTER || age < -RENEWED_AFTER
}

async fn prepared(app: &App, ch: &Change<'_>, row: &list::Model) -> Result<(SigningKeyId, ToBeSigned)> {
    let mut bits = StatusList::new(u64::try_from(row.entries).map_err(Error::internal)?).map_err(Error::internal)?;
    let set: Vec<i64> = entry::Entity::find()
        .select_only()
        .column(entry::Column::Place)
        .filter(entry::Column::List.eq(&row.id))
        .filter(entry::Column::SetAt.is_not_null())
        .into_tuple()
        .all(ch.tx())
        .await?;
    for place in set {
        bits.set(u64::try_from(place).map_err(Error::internal)?).map_err(Error::internal)?;
    }
    let identity = issuer::identity(ch.tx(), &app.config).await?;
    let signer = identity.signer(Purpose::StatusList)?;
    let iri = |text: String| Iri::parse(text).map_err(Error::internal);
    let url = app.links.status_list(&row.id);
    let document = StatusListCredential {
        context: Contexts::Credentials,
        kinds: CredentialKinds::status_list(),
        name: None,
        description: None,
        issuer: ReferenceOr::Reference(iri(identity.did().to_owned())?),
        valid_from: Some(DateTime::seconds(ch.now)),
        valid_until: Some(DateTime::seconds(ch.now + VALIDITY)),
        credential_subject: BitstringStatusList {
            id: Some(iri(format!("{url}#list"))?),
            kind: Is::default(),
            status_purpose: OneOrMany::One("revocation".to_owned()),
            encoded_list: bits.encode(),
            ttl: Some(u64::from(FRESH_SECONDS) * 1000),
        },
        proof: None,
        id: iri(url)?,
    };
    let payload =
        prepare_status_list(&document, Suite::EddsaRdfc2022, &signer.embedded, ch.now).map_err(Error::internal)?;
    Ok((signer.key, payload))
}

async fn find(db: &impl Read, id: StatusListId) -> Result<list::Model> {
    list::Entity::find_by_id(id.to_string()).one(db).await?.ok_or_else(Error::not_found)
}
