//! Setting and reading the switches.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, QuerySelect};

use super::entity::switch;
use crate::access::Principal;
use crate::clock::millis;
use crate::credentials::Visibility;
use crate::database::{Change, Read};
use crate::error::{Error, Fault, Result};
use crate::ids::{CredentialId, TrackId};
use crate::sharing::own;

/// What the holder allows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Switches {
    /// Results, on the public page.
    pub score: bool,
    /// Evidence, on the public page.
    pub evidence: bool,
    /// A line in the track's list of holders, while the credential is public.
    pub listed: bool,
}

/// Sets all switches of a credential, in the name of the member who holds it and asks in person. The list of holders takes public ones only.
pub async fn set(
    ch: &mut Change<'_>,
    id: &str,
    who: &Principal,
    demo: bool,
    switches: Switches,
) -> Result<CredentialId> {
    let known = own(ch.tx(), id, who.in_person(demo)?).await?;
    if switches.listed && known.visibility != Visibility::Public {
        let detail = "only a credential that everyone may see can stand in the list of holders";
        return Err(Error::invalid(vec![Fault::new("/listed", "not_public", detail)]));
    }
    let row = switch::ActiveModel {
        credential: Set(known.id.to_string()),
        track: Set(known.track.to_string()),
        score: Set(switches.score),
        evidence: Set(switches.evidence),
        listed: Set(switches.listed),
        changed_at: Set(millis(ch.now)),
    };
    let columns = [switch::Column::Score, switch::Column::Evidence, switch::Column::Listed, switch::Column::ChangedAt];
    switch::Entity::insert(row)
        .on_conflict(OnConflict::column(switch::Column::Credential).update_columns(columns).to_owned())
        .exec_without_returning(ch.tx())
        .await?;
    Ok(known.id)
}

/// The switches of a credential.
pub async fn switches_of(db: &impl Read, id: CredentialId) -> Result<Switches> {
    let row = switch::Entity::find_by_id(id.to_string()).one(db).await?;
    Ok(row.map_or_else(Switches::default, |row| Switches {
        score: row.score,
        evidence: row.evidence,
        listed: row.listed,
    }))
}

/// Up to `limit` credentials of the track whose holders asked to be listed, newest first, below `before`. Whether they may still be shown is for the
/// caller to say.
pub async fn listed(
    db: &impl Read,
    track: TrackId,
    before: Option<CredentialId>,
    limit: u64,
) -> Result<Vec<CredentialId>> {
    let mut find = switch::Entity::find()
        .filter(switch::Column::Track.eq(track.to_string()))
        .filter(switch::Column::Listed.eq(true))
        .order_by_desc(switch::Column::Credential)
        .limit(limit);
    if let Some(before) = before {
        find = find.filter(switch::Column::Credential.lt(before.to_string()));
    }
    find.all(db).await?.into_iter().map(|row| row.credential.parse().map_err(Error::internal)).collect()
}
