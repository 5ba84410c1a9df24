//! Who came after whom: replacements under one number, and the terms of one track.

use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;

use crate::credentials::entity::credential;
use crate::credentials::find::{self, Credential};
use crate::credentials::lifecycle::{Basis, Stage, Status};
use crate::credentials::reviews;
use crate::database::Read;
use crate::error::{Error, Result};
use crate::ids::{CredentialId, DecisionId};

/// What stands around a credential. Whether a visitor may see the others is for the caller to say: each has a visibility of its own.
#[derive(Debug, Clone, Default)]
pub struct Succession {
    /// The one that stands in its place today, over any number of replacements.
    pub replaced_by: Option<Credential>,
    /// The one in whose place it came.
    pub replaces: Option<Credential>,
    /// The next term that the member was awarded and that is not revoked.
    pub renewed_by: Option<Credential>,
    /// The term before.
    pub renews: Option<Credential>,
}

pub async fn succession(db: &impl Read, known: &Credential) -> Result<Succession> {
    let replaces = match known.replaces {
        Some(id) => Some(find::find(db, id).await?),
        None => None,
    };
    // What never held has no place among the terms.
    let terms = if known.status == Status::Revoked { vec![] } else { terms(db, known).await? };
    Ok(Succession {
        replaced_by: last_of(db, known).await?,
        replaces,
        renews: terms.iter().rfind(|other| other.term < known.term).cloned(),
        renewed_by: terms.into_iter().find(|other| other.term > known.term),
    })
}

/// The released credentials of the same member and track that are not revoked, by term.
async fn terms(db: &impl Read, known: &Credential) -> Result<Vec<Credential>> {
    let rows = credential::Entity::find()
        .filter(credential::Column::Member.eq(known.member.to_string()))
        .filter(credential::Column::Track.eq(known.track.to_string()))
        .filter(credential::Column::Live.is_not_null())
        .filter(credential::Column::Stage.eq(Stage::Released.as_str()))
        .order_by_asc(credential::Column::Term)
        .all(db)
        .await?;
    rows.into_iter().map(find::read).collect()
}

/// The credential that stands at the end of the replacements; none where it was not replaced.
pub async fn last_of(db: &impl Read, known: &Credential) -> Result<Option<Credential>> {
    let mut last: Option<Credential> = None;
    loop {
        let id = last.as_ref().map_or(known.id, |credential| credential.id);
        let next = credential::Entity::find().filter(credential::Column::Replaces.eq(id.to_string())).one(db).await?;
        match next {
            Some(row) => last = Some(find::read(row)?),
            None => return Ok(last),
        }
    }
}

/// What stands today in the place of a credential that was replaced: the released one at the end of its replacements. Any other stands for itself.
pub async fn standing_for(db: &impl Read, known: Credential) -> Result<Credential> {
    if known.status != Status::Revoked {
        return Ok(known);
    }
    Ok(last_of(db, &known).await?.filter(Credential::is_released).unwrap_or(known))
}

/// The credential itself and those before it under the same number, the latest first.
pub(in crate::credentials) async fn line_before(db: &impl Read, known: &Credential) -> Result<Vec<CredentialId>> {
    let mut line = vec![known.id];
    let mut before = known.replaces;
    while let Some(id) = before {
        line.push(id);
        before = find::find(db, id).await?.replaces;
    }
    Ok(line)
}

/// What it rests on in the end: a decision or an approval, which a replacement has from the one before it.
pub async fn resting_on(db: &impl Read, known: &Credential) -> Result<Basis> {
    let mut basis = known.basis;
    while let Basis::Replaces(id) = basis {
        if let Some(says) = reviews::replaced_on(db, id).await? {
            return Ok(Basis::Decided(says));
        }
        basis = find::find(db, id).await?.basis;
    }
    Ok(basis)
}

/// The decision that it rests on, where it rests on one.
pub async fn decision_of(db: &impl Read, known: &Credential) -> Result<Option<DecisionId>> {
    match resting_on(db, known).await? {
        Basis::Decided(id) => Ok(Some(id)),
        Basis::Approved(_) => Ok(None),
        Basis::Replaces(id) => Err(Error::internal(format!("{id} leads to no basis"))),
    }
}
