//! What goes from one member to another, seen from the giver's side.

use sea_orm::entity::prelude::*;
use waymark_criteria::{AcceptedBy, Amount, Detail, Fact, FactKind};

use super::document::read;
use super::entity::fact;
use crate::database::Read;
use crate::error::{Error, Result};
use crate::ids::{FactId, MemberId};

/// What a source says of a contribution, with what it need not be told: nobody accepts or gives to themselves.
pub(super) fn honest(detail: Detail, member: MemberId, giver: Option<MemberId>) -> Detail {
    match detail {
        Detail::Contribution { r#type, source, own, accepted_by, stranger } => {
            let by_themselves = accepted_by == Some(AcceptedBy::Member(member));
            Detail::Contribution {
                r#type,
                source,
                own: own || by_themselves || giver == Some(member),
                accepted_by: accepted_by.filter(|_| !by_themselves),
                stranger,
            }
        }
        other => other,
    }
}

/// The contributions that others received from this member, without those that were taken back.
pub(super) async fn given_by(db: &impl Read, giver: MemberId) -> Result<Vec<Fact>> {
    let rows = fact::Entity::find()
        .filter(fact::Column::Giver.eq(giver.to_string()))
        .filter(fact::Column::Kind.eq(FactKind::Contribution.as_str()))
        .filter(fact::Column::Member.ne(giver.to_string()))
        .filter(fact::Column::VoidedBy.is_null())
        .all(db)
        .await?;
    let mut given = vec![];
    for row in rows {
        let to = row.member.parse().map_err(Error::internal)?;
        let received = read(row)?;
        if let Detail::Contribution { r#type, .. } = received.detail {
            let detail = Detail::Given { r#type, to };
            given.push(Fact { detail, object: None, giver: None, amount: Amount::ONE, ..received });
        }
    }
    Ok(given)
}

/// The other member whom a fact concerns: who gave it, where that is somebody else.
pub async fn giver_of(db: &impl Read, fact: FactId) -> Result<Option<MemberId>> {
    let row = fact::Entity::find_by_id(fact.to_string()).one(db).await?;
    let Some(row) = row.filter(|row| row.giver.as_ref().is_some_and(|giver| *giver != row.member)) else {
        return Ok(None);
    };
    row.giver.map(|giver| giver.parse().map_err(Error::internal)).transpose()
}
