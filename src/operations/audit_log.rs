//! The audit log as people and programs read it: newest first, by who did it, what was done and to what. Nothing is changed here; whether the chain
//! holds is for `waymark audit verify` to say.

use std::collections::HashMap;

use askama::Template;
use axum::Json as Answered;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::access::{May, ReadAudit};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::{from_millis, rfc3339};
use crate::database::audit::{self, AuditFilter, AuditRow};
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Error, Fault, Result};
use crate::ids::MemberId;
use crate::issuer;
use crate::members;
use crate::web::page::{Page, Shell};

/// Which rows are asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuditQuery {
    limit: Option<u64>,
    cursor: Option<String>,
    /// A member's or a key's id, or `operator`.
    actor: Option<String>,
    /// `credential.revoke`, or `credential` for all that was done to credentials.
    action: Option<String>,
    /// The id or slug of what was changed.
    object: Option<String>,
}

/// One row as programs read it.
#[derive(Debug, Serialize)]
pub struct AuditEntryRead {
    seq: i64,
    at: String,
    actor: String,
    action: String,
    object: String,
    detail: Value,
    hash: String,
}

impl AuditEntryRead {
    pub fn of(row: AuditRow) -> Self {
        Self {
            seq: row.seq,
            at: rfc3339(from_millis(row.at)),
            actor: row.actor,
            action: row.action,
            object: row.object,
            detail: serde_json::from_str(&row.detail).unwrap_or(Value::String(row.detail)),
            hash: row.hash,
        }
    }
}

impl AuditQuery {
    fn said(text: Option<&String>) -> Option<&str> {
        text.map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    async fn rows(&self, app: &App) -> Result<Listed<AuditRow>> {
        let before = self.cursor.as_deref().map(str::parse).transpose().map_err(|_| {
            Error::invalid(vec![Fault::new("/cursor", "invalid_cursor", "take `next_cursor` of the page before")])
        })?;
        let limit = PageQuery { limit: self.limit, cursor: None }.limit();
        let filter = AuditFilter {
            actor: Self::said(self.actor.as_ref()),
            action: Self::said(self.action.as_ref()),
            object: Self::said(self.object.as_ref()),
        };
        let found = audit::found(app.db.read(), &filter, before, limit + 1).await?;
        Ok(Listed::cut(found, limit, |row| row.seq.to_string()))
    }
}

/// `GET /api/v1/audit`, also `?actor=`, `?action=`, `?object=`.
pub async fn list_audit(
    _: May<ReadAudit>,
    State(app): State<App>,
    Query(asked): Query<AuditQuery>,
) -> Result<impl IntoResponse> {
    let Listed { data, next_cursor, has_more } = asked.rows(&app).await?;
    Ok(Answered(Listed { data: data.into_iter().map(AuditEntryRead::of).collect::<Vec<_>>(), next_cursor, has_more }))
}

struct Line {
    seq: i64,
    at: String,
    by: String,
    actor: String,
    action: String,
    object: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "operations/audit.html")]
struct AuditPage {
    shell: Shell,
    rows: Vec<Line>,
    actor: String,
    action: String,
    object: String,
    /// The address of the next page.
    next: Option<String>,
}

impl AuditPage {
    fn is_filtered(&self) -> bool {
        [&self.actor, &self.action, &self.object].iter().any(|text| !text.is_empty())
    }
}

/// `GET /admin/audit`.
pub async fn audit_page(
    staff: May<ReadAudit>,
    State(app): State<App>,
    Query(asked): Query<AuditQuery>,
) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let listed = asked.rows(&app).await?;
    let zone = issuer::zone(app.db.read()).await?;
    let people: Vec<_> = listed.data.iter().filter_map(|row| member_of(&row.actor)).collect();
    let names: HashMap<_, _> = members::names_of(app.db.read(), &people).await?;
    let rows = listed.data.into_iter().map(|row| Line {
        seq: row.seq,
        at: zone.instant(shell.w, from_millis(row.at)),
        by: match Actor::parse(&row.actor) {
            Some(Actor::Member(id)) => names.get(&id).cloned().unwrap_or_else(|| row.actor.clone()),
            Some(Actor::Operator) => shell.w.t("record-operator"),
            _ => row.actor.clone(),
        },
        actor: row.actor,
        action: row.action,
        object: row.object,
        detail: if row.detail == "{}" { String::new() } else { row.detail },
    });
    let rows = rows.collect();
    let said = |text: Option<&String>| text.map(|text| text.trim().to_owned()).unwrap_or_default();
    let page = AuditPage {
        actor: said(asked.actor.as_ref()),
        action: said(asked.action.as_ref()),
        object: said(asked.object.as_ref()),
        next: None,
        rows,
        shell,
    };
    let next = listed.next_cursor.map(|cursor| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("actor", &page.actor), ("action", &page.action), ("object", &page.object)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("/admin/audit?{}", query.append_pair("cursor", &cursor).finish())
    });
    Ok(Page(AuditPage { next, ..page }))
}

fn member_of(actor: &str) -> Option<MemberId> {
    match Actor::parse(actor) {
        Some(Actor::Member(id)) => Some(id),
        _ => None,
    }
}
