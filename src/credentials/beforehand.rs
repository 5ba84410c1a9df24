//! Who sees what a member will earn: their own choice, made beforehand. Private until they say otherwise.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;

use super::entity::default_visibility;
use super::lifecycle::Visibility;
use crate::access::Principal;
use crate::clock::millis;
use crate::database::{Change, Read};
use crate::error::{Error, Result};
use crate::ids::MemberId;

/// What the member chose for what they will earn.
pub async fn default_visibility(db: &impl Read, member: MemberId) -> Result<Visibility> {
    let Some(row) = default_visibility::Entity::find_by_id(member.to_string()).one(db).await? else {
        return Ok(Visibility::Private);
    };
    Visibility::parse(&row.visibility)
        .ok_or_else(|| Error::internal(format!("the default visibility of {member} is unknown")))
}

/// Sets it, in the name of the member, who asks in person. What they hold already stays as it is. `demo`: whether a token that staff made may speak for them.
pub async fn choose_default(ch: &mut Change<'_>, who: &Principal, demo: bool, visibility: Visibility) -> Result<()> {
    let member = who.in_person(demo)?;
    let row = default_visibility::ActiveModel {
        member: Set(member.to_string()),
        visibility: Set(visibility.as_str().to_owned()),
        chosen_at: Set(millis(ch.now)),
    };
    let columns = [default_visibility::Column::Visibility, default_visibility::Column::ChosenAt];
    default_visibility::Entity::insert(row)
        .on_conflict(OnConflict::column(default_visibility::Column::Member).update_columns(columns).to_owned())
        .exec_without_returning(ch.tx())
        .await?;
    Ok(())
}
