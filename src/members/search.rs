//! Looking members up by a part of their name, address or handle.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Func, LikeExpr, Query};
use sea_orm::{Condition, ExprTrait as _, QueryOrder, QuerySelect};

use super::entity::{handle, member};
use super::service::{self, Member};
use crate::database::Read;
use crate::error::Result;
use crate::ids::MemberId;

/// Of what is looked for so much is read.
pub const LONGEST_SEARCH: usize = 100;

/// Up to `limit` members in whose name, address or a handle the text stands, in order of id after `after`; all of them where there is no text.
/// `%` and `_` stand for themselves.
pub async fn search(db: &impl Read, text: &str, after: Option<MemberId>, limit: u64) -> Result<Vec<Member>> {
    let text: String = text.trim().chars().take(LONGEST_SEARCH).collect();
    if text.is_empty() {
        return service::list(db, after, limit).await;
    }
    let small = like(&text.to_lowercase());
    let named = Query::select()
        .column(handle::Column::Member)
        .from(handle::Entity)
        .and_where(Expr::col(handle::Column::Handle).like(small.clone()))
        .take();
    let mut find = member::Entity::find().order_by_asc(member::Column::Id).limit(limit).filter(
        Condition::any()
            // Lower-casing in SQLite knows ASCII alone: what was typed as it stands is looked for too.
            .add(Expr::col(member::Column::Name).like(like(&text)))
            .add(Expr::expr(Func::lower(Expr::col(member::Column::Name))).like(small.clone()))
            .add_option(by_folded_name(&text))
            .add(Expr::col(member::Column::Email).like(small))
            .add(Expr::col(member::Column::Id).in_subquery(named)),
    );
    if let Some(after) = after {
        find = find.filter(member::Column::Id.gt(after.to_string()));
    }
    find.all(db).await?.into_iter().map(service::read).collect()
}

/// A part of the text that names hold in any form of their characters; none where nothing of the text is part of a name.
pub(super) fn by_folded_name(text: &str) -> Option<Expr> {
    let folded = service::folded(text);
    (!folded.is_empty()).then(|| Expr::col(member::Column::NameFolded).like(like(&folded)))
}

/// Where the text stands anywhere; `%` and `_` are themselves.
pub(super) fn like(text: &str) -> LikeExpr {
    LikeExpr::new(format!("%{}%", escaped(text))).escape('\\')
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
