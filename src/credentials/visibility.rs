//! Who sees a credential: the member's choice alone.

use sea_orm::entity::prelude::*;

use super::entity::credential;
use super::find::{self, Credential};
use super::history;
use super::lifecycle::Visibility;
use crate::access::Principal;
use crate::database::Change;
use crate::error::{Error, Result};
use crate::ids::CredentialId;

/// Sets who sees the credential, in the name of the member who holds it and asks in person; to anybody else it does not exist. Until it is
/// released there is nothing to show. `demo`: whether a token that staff made may speak for the member.
pub async fn show_to(
    ch: &mut Change<'_>,
    id: CredentialId,
    who: &Principal,
    demo: bool,
    visibility: Visibility,
) -> Result<Credential> {
    let holder = who.in_person(demo)?;
    let known = find::find(ch.tx(), id).await?;
    if known.member != holder || !known.is_released() {
        return Err(Error::not_found());
    }
    if known.visibility != visibility {
        credential::Entity::update_many()
            .col_expr(credential::Column::Visibility, Expr::value(visibility.as_str()))
            .filter(credential::Column::Id.eq(id.to_string()))
            .exec(ch.tx())
            .await?;
        history::note(ch, id, &format!("visibility.{}", visibility.as_str())).await?;
    }
    Ok(Credential { visibility, ..known })
}
