//! Releasing (S, T2 and R): seal both forms of a document, then store them and let the credential be seen, in one step. [`resume`] finishes what
//! a crash left.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use time::Duration;
use waymark_criteria::{Amount, Detail};

use super::another_key::intend_anew;
use super::entity::{credential, document};
use super::find::{self, Credential};
use super::history;
use super::lifecycle::{Stage, Status};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{Timestamp, millis};
use crate::database::{Change, Kind};
use crate::domain_event::{DomainEvent, Standing};
use crate::error::{Code, Error, Result};
use crate::facts::{self, NewFact};
use crate::ids::{CredentialId, FactId};
use crate::signing::Sealed;
use crate::{issuer, tracks};

/// What has waited this long was left by a crash; what is younger is being worked on.
const LEFT_BEHIND: Duration = Duration::seconds(30);
const AT_ONCE: u64 = 200;

/// Seals and releases the newest document of a credential, from the stored bytes. Answers false where there was nothing left to do.
pub async fn release(app: &App, id: CredentialId) -> Result<bool> {
    let known = find::find(app.db.read(), id).await?;
    let Some(mut waiting) = find::unreleased(app.db.read(), id).await? else { return Ok(false) };
    if known.status == Status::Revoked {
        return Ok(false);
    }
    let (json, jwt) = match seal(app, &waiting).await {
        // the key that it was written for may have been given up in the meantime
        Err(e) if e.code() == Code::IssuingOff && issuer::keyring(app).await.is_ok() => {
            if !intend_anew(app, id).await? {
                return Err(e);
            }
            let Some(again) = find::unreleased(app.db.read(), id).await? else { return Ok(false) };
            waiting = again;
            seal(app, &waiting).await?
        }
        sealed => sealed?,
    };

    let mut ch = app.db.change(Actor::System("credentials"), Kind::Ordinary).await?;
    let claimed = document::Entity::update_many()
        .col_expr(document::Column::ReleasedAt, Expr::value(millis(ch.now)))
        .filter(document::Column::Credential.eq(id.to_string()))
        .filter(document::Column::Generation.eq(waiting.generation))
        .filter(document::Column::JsonIntent.eq(waiting.json_intent.to_string()))
        .filter(document::Column::ReleasedAt.is_null())
        .exec(ch.tx())
        .await?;
    let known = find::find(ch.tx(), id).await?;
    if claimed.rows_affected == 0 || known.status == Status::Revoked {
        ch.undo().await?;
        return Ok(false);
    }
    json.store(&mut ch).await?;
    jwt.store(&mut ch).await?;
    let fact = record_held(&mut ch, &known, None, &format!("held:{}", waiting.generation)).await?;
    let mut update = credential::Entity::update_many()
        .col_expr(credential::Column::Generation, Expr::value(waiting.generation))
        .col_expr(credential::Column::Fact, Expr::value(fact.to_string()))
        .filter(credential::Column::Id.eq(id.to_string()));
    let (member, first) = (known.member, known.stage == Stage::Intended);
    if first {
        // What the ledger said of the credential in whose place this one comes.
        take_back(&mut ch, &known, "replaced").await?;
        update = update
            .col_expr(credential::Column::Stage, Expr::value(Stage::Released.as_str()))
            .col_expr(credential::Column::ReleasedAt, Expr::value(millis(ch.now)));
    } else {
        take_back(&mut ch, &known, "reinstated").await?;
        update = update
            .col_expr(credential::Column::Status, Expr::value(Status::Valid.as_str()))
            .col_expr(credential::Column::StatusChangedAt, Expr::value(millis(ch.now)))
            .col_expr(credential::Column::ReasonCode, Expr::value(Option::<String>::None))
            .col_expr(credential::Column::PublicReason, Expr::value(Option::<String>::None));
    }
    update.exec(ch.tx()).await?;
    history::note(&ch, id, "release").await?;
    ch.tell(&match first {
        true => DomainEvent::CredentialReleased { credential: id, member },
        false => DomainEvent::CredentialStatusChanged { credential: id, member, to: Some(Standing::Valid) },
    })
    .await?;
    ch.commit().await?;
    Ok(true)
}

async fn seal(app: &App, waiting: &find::Document) -> Result<(Sealed, Sealed)> {
    Ok((issuer::seal(app, waiting.json_intent).await?, issuer::seal(app, waiting.jwt_intent).await?))
}

/// Releases what a crash left between intent and release: at start and every minute. Answers how many.
pub async fn resume(app: &App) -> Result<usize> {
    let before = millis(app.db.now() - LEFT_BEHIND);
    // What was found not to verify waits for a person; it must not stand in the way of the others.
    let aside: Vec<String> = match issuer::keyring(app).await {
        Ok(keys) => keys.all_aside().iter().map(ToString::to_string).collect(),
        Err(_) => vec![],
    };
    let left: Vec<String> = document::Entity::find()
        .select_only()
        .column(document::Column::Credential)
        .filter(document::Column::ReleasedAt.is_null())
        .filter(document::Column::ValidFrom.lte(before))
        .filter(document::Column::JsonIntent.is_not_in(aside.clone()))
        .filter(document::Column::JwtIntent.is_not_in(aside))
        .order_by_asc(document::Column::ValidFrom)
        .limit(AT_ONCE)
        .into_tuple()
        .all(app.db.read())
        .await?;
    let mut finished = 0;
    for id in left {
        let id: CredentialId = id.parse().map_err(Error::internal)?;
        match release(app, id).await {
            Ok(true) => finished += 1,
            Ok(false) => {}
            Err(e) => {
                tracing::error!(credential = %id, error = %e, "a credential that was left unfinished could not be released");
            }
        }
    }
    Ok(finished)
}

/// Records in the ledger that the credential is held, or was until `ended_at`.
pub(super) async fn record_held(
    ch: &mut Change<'_>,
    known: &Credential,
    ended_at: Option<Timestamp>,
    step: &str,
) -> Result<FactId> {
    let track = tracks::version(ch.tx(), known.track_version).await?.definition.slug;
    let detail = Detail::Credential {
        track,
        credential: Some(known.id.to_string()),
        // The ledger's end is exclusive, the document's last second is not.
        valid_until: known.valid_until.map(|until| until + Duration::seconds(1)),
        ended_at,
    };
    let fact = NewFact {
        member: known.member,
        happened_at: known.awarded_at,
        object: None,
        giver: None,
        amount: Amount::ONE,
        detail,
        origin: format!("credential:{}:{step}", known.id),
    };
    facts::record(ch, fact).await
}

/// Takes back what the ledger says about the credential so far.
pub(super) async fn take_back(ch: &mut Change<'_>, known: &Credential, why: &str) -> Result<()> {
    if let Some(fact) = known.fact {
        facts::void(ch, fact, why).await?;
    }
    Ok(())
}
