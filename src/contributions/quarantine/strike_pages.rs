//! `/admin/members/{id}/strikes`.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::strikes::{self, Strike};
use crate::access::{May, Permission as _, Posted, RecordStrikes, WatchContributions};
use crate::app::App;
use crate::clock::rfc3339;
use crate::contributions::told::told;
use crate::database::{AuditEntry, Kind};
use crate::error::{Error, Fault, Result};
use crate::ids::{MemberId, StrikeId};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;
use crate::{issuer, members};

struct Line {
    id: String,
    reason: String,
    recorded: String,
    until: String,
    stands: bool,
    lifted: Option<String>,
}

#[derive(Template)]
#[template(path = "giving/strikes.html")]
struct StrikesPage {
    shell: Shell,
    member: String,
    name: String,
    rows: Vec<Line>,
    may_record: bool,
    /// Whether the reader is the member.
    own: bool,
    reason: String,
    wrong: Option<String>,
}

/// `GET /admin/members/{id}/strikes`.
pub async fn strikes_page(
    may: May<WatchContributions>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let id: MemberId = id.parse().map_err(|_| Error::not_found())?;
    let may_record = may.principal.holds(RecordStrikes::ROLES);
    page(&app, may.shell(), id, (may_record, may.principal.member()), (String::new(), None)).await
}

async fn page(
    app: &App,
    shell: Shell,
    id: MemberId,
    (may_record, reader): (bool, Option<MemberId>),
    (reason, wrong): (String, Option<String>),
) -> Result<Response> {
    let db = app.db.read();
    let member = members::find(db, id).await?;
    let zone = issuer::zone(db).await?;
    let rows = strikes::of_member(db, member.id).await?.into_iter();
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = StrikesPage {
        rows: rows.map(|s| line(app, shell.w, &zone, s)).collect(),
        own: reader == Some(member.id),
        member: member.id.to_string(),
        name: member.name,
        may_record,
        reason,
        wrong,
        shell,
    };
    Ok((status, Page(page)).into_response())
}

fn line(app: &App, w: Words, zone: &Zone, s: Strike) -> Line {
    let lifted = s.lifted_at.map(|at| {
        let reason = s.lift_reason.clone().unwrap_or_default();
        w.with2("strikes-lifted", "date", zone.date(w, at), "reason", reason)
    });
    Line {
        stands: s.stands(app.db.now()),
        recorded: zone.date(w, s.recorded_at),
        until: zone.date(w, s.expires_at),
        id: s.id.to_string(),
        reason: s.reason,
        lifted,
    }
}

#[derive(Deserialize)]
pub struct StrikeForm {
    reason: String,
    days: String,
}

/// `POST /admin/members/{id}/strikes`.
pub async fn strike_post(
    may: May<RecordStrikes>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<StrikeForm>,
) -> Result<Response> {
    let id: MemberId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    let outcome = match form.days.trim().parse() {
        Ok(days) => strikes::record(&mut ch, id, &form.reason, days, None).await,
        Err(_) => Err(Error::invalid(vec![Fault::new("/days", "invalid_days", "write a whole number from 1 to 365")])),
    };
    match outcome {
        Ok(strike) => {
            let said = json!({"strike": strike.id, "reason": strike.reason, "expires_at": rfc3339(strike.expires_at)});
            ch.audit(AuditEntry::new("strike.record", strike.member, said)).await?;
            ch.commit().await?;
            Ok(see_other(&format!("/admin/members/{id}/strikes")))
        }
        Err(e) => {
            drop(ch);
            let shell = may.shell();
            let text = told(shell.w, e)?;
            page(&app, shell, id, (true, may.principal.member()), (form.reason, Some(text))).await
        }
    }
}

#[derive(Deserialize)]
pub struct LiftForm {
    reason: String,
}

/// `POST /admin/strikes/{id}/lift`.
pub async fn strike_lift_post(
    may: May<RecordStrikes>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<LiftForm>,
) -> Result<Response> {
    let id: StrikeId = id.parse().map_err(|_| Error::not_found())?;
    let member = strikes::find_strike(app.db.read(), id).await?.member;
    let mut ch = app.db.change(may.actor(), Kind::Privileged).await?;
    match strikes::lift(&ch, id, &form.reason).await {
        Ok(strike) => {
            let said = json!({"strike": id, "reason": strike.lift_reason});
            ch.audit(AuditEntry::new("strike.lift", member, said)).await?;
            ch.commit().await?;
            Ok(see_other(&format!("/admin/members/{member}/strikes")))
        }
        Err(e) => {
            drop(ch);
            let shell = may.shell();
            let text = told(shell.w, e)?;
            page(&app, shell, member, (true, may.principal.member()), (String::new(), Some(text))).await
        }
    }
}
