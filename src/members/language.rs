//! The language in which a member is written to and in which what they earn from now on is written.

use sea_orm::entity::prelude::*;

use super::entity::member;
use super::service::resolve;
use crate::database::Change;
use crate::error::Result;
use crate::ids::MemberId;
use crate::web::i18n::Locale;

/// Notes the member's choice. What is signed keeps its language.
pub async fn choose_language(ch: &mut Change<'_>, id: MemberId, locale: Locale) -> Result<()> {
    let id = resolve(ch.tx(), id).await?;
    member::Entity::update_many()
        .col_expr(member::Column::Locale, Expr::value(locale.as_str()))
        .filter(member::Column::Id.eq(id.to_string()))
        .exec(ch.tx())
        .await?;
    Ok(())
}
