//! The affiliations on a member's access page: one more, or the end of one.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::access_page::{member_id, page};
use crate::access::{EnrolMembers, May, Posted};
use crate::app::App;
use crate::database::{AuditEntry, Kind, Read};
use crate::error::{Code, Error, Fault, Result};
use crate::ids::MemberId;
use crate::issuer;
use crate::members::{self, Affiliation};
use crate::web::form::{Field, Shape, Wrong};
use crate::web::i18n::Words;
use crate::web::page::{Page, see_other};
use crate::web::zone::Zone;

/// One tie, as it is listed.
pub(super) struct Tie {
    pub seq: i64,
    pub organization: String,
    pub title: Option<String>,
    pub from: String,
    /// The day on which it ended.
    pub until: Option<String>,
}

/// A further affiliation as it was filled in. `until` is for the end of one.
#[derive(Debug, Default, Deserialize)]
pub struct AffiliationForm {
    #[serde(default)]
    organization: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    from: String,
}

/// The last day, as it was filled in: today where it is left empty.
#[derive(Debug, Default, Deserialize)]
pub struct EndForm {
    #[serde(default)]
    until: String,
}

pub(super) async fn ties(db: &impl Read, w: Words, zone: &Zone, member: MemberId) -> Result<Vec<Tie>> {
    let ties = members::affiliations(db, member).await?.into_iter().map(|(seq, tie)| Tie {
        seq,
        organization: tie.organization,
        title: tie.title,
        from: zone.date(w, tie.from),
        until: tie.until.map(|at| zone.date(w, at)),
    });
    Ok(ties.collect())
}

pub(super) fn fields(w: Words, form: &AffiliationForm, wrong: &Wrong) -> Vec<Field> {
    vec![
        Field::new(w, "enrol", "organization", &form.organization, wrong).required().at_most(120),
        Field::new(w, "enrol", "title", &form.title, wrong).at_most(120),
        Field::new(w, "enrol", "from", &form.from, wrong).of(Shape::Line("date")),
    ]
}

/// `POST /admin/members/{id}/affiliations`.
pub async fn add_affiliation_post(
    staff: May<EnrolMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<AffiliationForm>,
) -> Result<Response> {
    let id = members::find(app.db.read(), member_id(&id)?).await?.id;
    let (zone, w) = (issuer::zone(app.db.read()).await?, staff.shell().w);
    let mut wrong = Wrong::default();
    let from = match form.from.trim() {
        "" => Some(app.db.now()),
        day => zone.day(day).map(|(first, _)| first),
    };
    if from.is_none() {
        wrong.note(w, "enrol", "from");
    }
    let tie = Affiliation {
        organization: form.organization.clone(),
        title: Some(form.title.clone()).filter(|title| !title.trim().is_empty()),
        from: from.unwrap_or(app.db.now()),
        until: None,
    };
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    match members::affiliate(&mut ch, id, tie).await {
        Ok(()) if wrong.is_empty() => {
            ch.audit(AuditEntry::new("affiliation.add", id, json!({}))).await?;
            ch.commit().await?;
            return Ok(see_other(&format!("/admin/members/{id}/access?done=tied")));
        }
        Ok(()) => ch.undo().await?,
        Err(refused) => {
            ch.undo().await?;
            if refused.code() != Code::ValidationFailed {
                return Err(refused);
            }
            let title = refused.faults().iter().any(|fault| fault.pointer == "/affiliation/title");
            wrong.note(w, "enrol", if title { "title" } else { "organization" });
        }
    }
    let page = page(&app, staff.shell(), &staff.principal, id, Some((form, wrong))).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// `POST /admin/members/{id}/affiliations/{seq}/end`.
pub async fn end_affiliation_post(
    staff: May<EnrolMembers>,
    State(app): State<App>,
    Path((id, seq)): Path<(String, String)>,
    Posted(form): Posted<EndForm>,
) -> Result<Response> {
    let id = members::find(app.db.read(), member_id(&id)?).await?.id;
    let seq: i64 = seq.parse().map_err(|_| Error::not_found())?;
    let (zone, w) = (issuer::zone(app.db.read()).await?, staff.shell().w);
    let until = match form.until.trim() {
        "" => Some(app.db.now()),
        day => zone.day(day).map(|(_, last)| last),
    };
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let outcome = match until {
        Some(until) => members::end_affiliation(&mut ch, id, seq, until).await,
        None => Err(Error::invalid(vec![Fault::new("/until", "invalid_time", "use a date such as 2026-04-01")])),
    };
    match outcome {
        Ok(true) => ch.commit().await?,
        Ok(false) => ch.undo().await?,
        Err(refused) => {
            ch.undo().await?;
            if refused.code() != Code::ValidationFailed {
                return Err(refused);
            }
            let wrong = Wrong(vec![("ties", w.t("entry-wrong-until"))]);
            let filled = Some((AffiliationForm::default(), wrong));
            let page = page(&app, staff.shell(), &staff.principal, id, filled).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
        }
    }
    Ok(see_other(&format!("/admin/members/{id}/access?done=untied")))
}
