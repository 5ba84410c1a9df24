//! `/admin/quarantine`: what is held, by reason.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::service;
use crate::access::{May, Permission as _, Posted, ReleaseContributions, VoidContributions, WatchContributions};
use crate::app::App;
use crate::contributions::find::Contribution;
use crate::contributions::lifecycle::HeldBecause;
use crate::contributions::said;
use crate::contributions::service::void;
use crate::contributions::told::told;
use crate::database::pagination::Listed;
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Result};
use crate::ids::ContributionId;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::{issuer, members};

const ON_A_PAGE: u64 = 50;

struct Tab {
    word: String,
    value: &'static str,
    count: u64,
    chosen: bool,
}

struct Line {
    id: String,
    title: String,
    url: Option<String>,
    source: String,
    subject: String,
    /// Who it is, where that is known: id and name.
    member: Option<(String, String)>,
    happened: String,
    received: String,
    own: bool,
}

#[derive(Template)]
#[template(path = "giving/quarantine.html")]
struct QuarantinePage {
    shell: Shell,
    tabs: Vec<Tab>,
    why: &'static str,
    means: String,
    /// Whether these wait for a decision; the others wait for their member to become known.
    waits: bool,
    /// Whether these wait for a person, and the reader is one who may say.
    releasable: bool,
    may_void: bool,
    rows: Vec<Line>,
    next: Option<String>,
    wrong: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub struct QuarantineQuery {
    #[serde(default)]
    why: String,
    #[serde(default)]
    cursor: Option<String>,
}

/// `GET /admin/quarantine`.
pub async fn quarantine_page(
    may: May<WatchContributions>,
    State(app): State<App>,
    Query(query): Query<QuarantineQuery>,
) -> Result<Response> {
    page(&app, &may, &query, None).await
}

async fn page(
    app: &App,
    may: &May<WatchContributions>,
    query: &QuarantineQuery,
    wrong: Option<String>,
) -> Result<Response> {
    let shell = may.shell();
    let w = shell.w;
    let db = app.db.read();
    let counts = service::counts(db).await?;
    // Without a choice: the first reason that somebody must look at, else the first that holds anything.
    let held = || counts.iter().filter(|(_, n)| *n > 0).map(|(why, _)| *why);
    let first = held().find(|why| why.waits_for_a_person()).or_else(|| held().next());
    let why = HeldBecause::parse(&query.why).or(first).unwrap_or(HeldBecause::Suspicious);
    let after = query.cursor.as_deref().map(str::parse).transpose().map_err(|_| Error::not_found())?;
    let found = service::list(db, why, after, ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, ON_A_PAGE, |c| c.id.to_string());
    let mut rows = vec![];
    for held in listed.data {
        let own = held.member.is_some() && held.member == may.principal.member();
        rows.push(line(app, w, held, own).await?);
    }
    let tabs = counts.into_iter().map(|(each, count)| Tab {
        word: word(w, each, ""),
        value: each.as_str(),
        count,
        chosen: each == why,
    });
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = QuarantinePage {
        tabs: tabs.collect(),
        why: why.as_str(),
        means: word(w, why, "-means"),
        waits: why.waits_for_a_person(),
        releasable: why.waits_for_a_person() && may.principal.holds(ReleaseContributions::ROLES),
        may_void: may.principal.holds(VoidContributions::ROLES),
        rows,
        next: listed.next_cursor,
        wrong,
        shell,
    };
    Ok((status, Page(page)).into_response())
}

fn word(w: Words, why: HeldBecause, end: &str) -> String {
    w.t(&format!("quarantine-{}{end}", why.as_str().replace('_', "-")))
}

async fn line(app: &App, w: Words, c: Contribution, own: bool) -> Result<Line> {
    let db = app.db.read();
    let zone = issuer::zone(db).await?;
    let member = match c.member {
        Some(id) => Some((id.to_string(), members::find(db, id).await?.name)),
        None => None,
    };
    let kind_key = format!("kind-{}", c.kind.replace(['.', '_'], "-").to_lowercase());
    let kind = if w.has(&kind_key) { w.t(&kind_key) } else { c.kind.clone() };
    Ok(Line {
        title: Some(w.pick(&c.titles).to_owned()).filter(|t| !t.is_empty()).unwrap_or(kind),
        happened: zone.date(w, c.happened_at),
        received: zone.instant(w, c.received_at),
        id: c.id.to_string(),
        url: c.url,
        source: c.source,
        subject: c.subject,
        member,
        own,
    })
}

#[derive(Deserialize)]
pub struct DecideForm {
    step: String,
    why: String,
    #[serde(default)]
    reason: String,
}

/// `POST /admin/quarantine/{id}`: release it, or take it back.
pub async fn quarantine_post(
    may: May<WatchContributions>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<DecideForm>,
) -> Result<Response> {
    let id: ContributionId = id.parse().map_err(|_| Error::not_found())?;
    let allowed = match form.step.as_str() {
        "release" => may.principal.holds(ReleaseContributions::ROLES),
        "void" => may.principal.holds(VoidContributions::ROLES),
        _ => return Err(Error::not_found()),
    };
    if !allowed {
        return Err(Error::not_found());
    }
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let (action, outcome) = match form.step.as_str() {
        "release" => ("contribution.release", service::release(&mut ch, id).await),
        _ => {
            let outcome = match said::reason(&form.reason) {
                Ok(reason) => void(&mut ch, id, &reason).await,
                Err(e) => Err(e),
            };
            ("contribution.void", outcome)
        }
    };
    let query = QuarantineQuery { why: form.why, cursor: None };
    match outcome {
        Ok(known) => {
            ch.audit(AuditEntry::new(action, id, json!({"member": known.member, "reason": known.void_reason}))).await?;
            ch.commit().await?;
            let why = HeldBecause::parse(&query.why).map_or("", HeldBecause::as_str);
            Ok(see_other(&format!("/admin/quarantine?why={why}")))
        }
        Err(e) => {
            drop(ch);
            let text = told(may.shell().w, e)?;
            page(&app, &may, &query, Some(text)).await
        }
    }
}
