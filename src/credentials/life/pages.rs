//! `/admin/credentials/{id}/replace`, `/renew` and `/cancel`: each a page that says what will be, with one button that does it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::cancel::{cancel, cancel_now};
use super::renew::{Renewal, Renewed, renew, renew_now};
use super::replace::{Correction, Dating, Replaced, replace, replace_now};
use crate::access::{ChangeStatus, IssueCredentials, May, Posted};
use crate::app::App;
use crate::credentials::find::{self, Credential};
use crate::credentials::history::Reason;
use crate::credentials::lifecycle::ReasonCode;
use crate::credentials::standing::publish_status;
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::ids::CredentialId;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;
use crate::{clock, issuer, tracks};

/// One line of what will be different.
struct Row {
    what: String,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "credentials/follow.html")]
struct FollowPage {
    shell: Shell,
    /// `replace`, `renew` or `cancel`.
    step: &'static str,
    id: String,
    number: String,
    name: String,
    title: String,
    rows: Vec<Row>,
    /// Why it cannot be, in words; then there is no form.
    refused: Option<String>,
    /// What was wrong with the form: the field and the text.
    wrong: Vec<(&'static str, String)>,
    reasons: Vec<(&'static str, String, bool)>,
    form: FollowForm,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct FollowForm {
    #[serde(default)]
    reason_code: String,
    #[serde(default)]
    public_reason: String,
    #[serde(default)]
    internal_note: String,
    #[serde(default)]
    valid_until: String,
}

fn said(text: &str) -> Option<String> {
    Some(text.trim().replace("\r\n", "\n")).filter(|text| !text.is_empty())
}

impl FollowForm {
    fn correction(&self) -> Correction {
        let code = ReasonCode::parse(&self.reason_code).unwrap_or(ReasonCode::Superseded);
        Correction {
            valid_until: said(&self.valid_until),
            ..Correction::because(Reason {
                code,
                public: said(&self.public_reason),
                internal: said(&self.internal_note),
            })
        }
    }

    fn renewal(&self) -> Renewal {
        Renewal { valid_until: said(&self.valid_until), ..Renewal::default() }
    }
}

async fn page(app: &App, shell: Shell, step: &'static str, known: Credential, form: FollowForm) -> Result<FollowPage> {
    let version = tracks::version(app.db.read(), known.track_version).await?;
    let chosen = ReasonCode::parse(&form.reason_code).unwrap_or(ReasonCode::Superseded);
    let reason = |code: ReasonCode| {
        let word = shell.w.t(&format!("reason-{}", code.as_str().replace('_', "-")));
        (code.as_str(), word, code == chosen)
    };
    Ok(FollowPage {
        step,
        id: known.id.to_string(),
        title: shell.w.pick(&version.definition.title).to_owned(),
        number: known.number,
        name: known.name,
        rows: vec![],
        refused: None,
        wrong: vec![],
        reasons: vec![reason(ReasonCode::Superseded), reason(ReasonCode::KeyCompromise)],
        form,
        shell,
    })
}

impl FollowPage {
    /// A text of this step.
    fn text(&self, name: &str) -> String {
        self.shell.w.t(&format!("follow-{}-{name}", self.step))
    }

    fn is(&self, step: &str) -> bool {
        self.step == step
    }

    /// Says why it cannot be; an error that is none of the visitor's goes on.
    fn refuse(&mut self, e: Error) -> Result<()> {
        let w = self.shell.w;
        match e.code() {
            Code::NotReplaceable => {
                self.refused = Some(w.t(&format!("follow-refused-{}", e.reason().unwrap_or("revoked"))));
            }
            Code::Claimed => self.refused = Some(w.t("follow-refused-claimed")),
            Code::ValidationFailed if e.faults().iter().any(|fault| fault.code == "title") => {
                self.refused = Some(w.t("follow-refused-title"));
            }
            Code::ValidationFailed => {
                let field = |pointer: &str| match pointer {
                    "/public_reason" => ("public_reason", "standing-wrong-public-reason"),
                    "/internal_note" => ("internal_note", "standing-wrong-internal-note"),
                    "/reason_code" => ("reason_code", "standing-wrong-reason-code"),
                    // The request names a day that is none; the document would end before it begins.
                    _ => ("valid_until", "follow-wrong-valid-until"),
                };
                let told = e.faults().iter().map(|fault| field(&fault.pointer));
                self.wrong = told.map(|(name, key)| (name, w.t(key))).collect();
            }
            _ => return Err(e),
        }
        Ok(())
    }

    fn row(&mut self, what: &str, before: String, after: String) {
        let what = self.shell.w.t(&format!("follow-row-{}", what.replace('_', "-")));
        self.rows.push(Row { what, before, after });
    }
}

async fn of_path(app: &App, id: &str) -> Result<Credential> {
    find::find(app.db.read(), id.parse().map_err(|_| Error::not_found())?).await
}

/// The page with what was typed and why it was not done.
async fn once_more(
    app: &App,
    shell: Shell,
    step: &'static str,
    id: CredentialId,
    form: FollowForm,
    why: Error,
) -> Result<Response> {
    let mut page = page(app, shell, step, find::find(app.db.read(), id).await?, form).await?;
    page.refuse(why)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// The page before anything is done.
async fn first(app: &App, shell: Shell, step: &'static str, known: &Credential) -> Result<(FollowPage, Zone)> {
    let zone = issuer::find(app.db.read(), known.issuer).await?.profile.zone();
    Ok((page(app, shell, step, known.clone(), FollowForm::default()).await?, zone))
}

/// `GET /admin/credentials/{id}/replace`: what the other one would say differently. Nothing is written.
pub async fn replace_page(
    staff: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let known = of_path(&app, &id).await?;
    let (mut page, zone) = first(&app, staff.shell(), "replace", &known).await?;
    let (outcome, now) = {
        let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
        let correction = page.form.correction();
        (replace(&app, &mut ch, known.id, &correction, Dating::Reviewed).await, ch.now)
    };
    match outcome {
        Ok(Replaced::New(new)) => {
            for line in new.differences {
                let told = |text: Option<String>| told(&page.shell, &zone, line.what, text);
                let (before, after) = (told(line.before.clone()), told(line.after.clone()));
                page.row(line.what, before, after);
            }
            let (before, after) = (zone.instant(page.shell.w, known.intended_at), zone.instant(page.shell.w, now));
            page.row("signed", before, after);
        }
        Ok(Replaced::Already(_)) => page.refused = Some(page.shell.w.t("follow-refused-replaced")),
        Err(e) => page.refuse(e)?,
    }
    Ok(Page(page))
}

fn told(shell: &Shell, zone: &Zone, what: &str, text: Option<String>) -> String {
    let Some(text) = text else { return shell.w.t("fact-no-end") };
    match (what, clock::parse_rfc3339(&text)) {
        ("awarded_at", Some(at)) => zone.instant(shell.w, at),
        ("valid_until", Some(at)) => zone.date(shell.w, at),
        _ => text,
    }
}

/// `POST /admin/credentials/{id}/replace`.
pub async fn replace_post(
    staff: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<FollowForm>,
) -> Result<Response> {
    let id: CredentialId = id.parse().map_err(|_| Error::not_found())?;
    match replace_now(&app, staff.actor(), id, &form.correction(), Dating::Reviewed).await {
        Ok((new, _)) => {
            publish_status(&app, id).await;
            Ok(see_other(&format!("/admin/credentials/{}?done=replace", new.id)))
        }
        Err(e) => once_more(&app, staff.shell(), "replace", id, form, e).await,
    }
}

/// `GET /admin/credentials/{id}/renew`.
pub async fn renew_page(
    staff: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let known = of_path(&app, &id).await?;
    let (mut page, zone) = first(&app, staff.shell(), "renew", &known).await?;
    let outcome = {
        let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
        match renew(&app, &mut ch, known.id, &Renewal::default()).await {
            Ok(Renewed::New { credential, .. }) => Ok(Some(find::find(ch.tx(), credential).await?)),
            Ok(Renewed::Held(_)) => Ok(None),
            Err(e) => Err(e),
        }
    };
    match outcome {
        Ok(Some(next)) => {
            let w = page.shell.w;
            let end = |until: Option<clock::Timestamp>| until.map_or_else(|| w.t("fact-no-end"), |at| zone.date(w, at));
            page.row("term", known.term.to_string(), next.term.to_string());
            page.row("valid_until", end(known.valid_until), end(next.valid_until));
            if known.name != next.name {
                page.row("name", known.name, next.name);
            }
        }
        Ok(None) => page.refused = Some(page.shell.w.t("follow-refused-renewed")),
        Err(e) => page.refuse(e)?,
    }
    Ok(Page(page))
}

/// `POST /admin/credentials/{id}/renew`.
pub async fn renew_post(
    staff: May<IssueCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<FollowForm>,
) -> Result<Response> {
    let id: CredentialId = id.parse().map_err(|_| Error::not_found())?;
    match renew_now(&app, staff.actor(), id, &form.renewal()).await {
        Ok((next, _)) => Ok(see_other(&format!("/admin/credentials/{}?done=renew", next.id))),
        Err(e) => once_more(&app, staff.shell(), "renew", id, form, e).await,
    }
}

/// `GET /admin/credentials/{id}/cancel`.
pub async fn cancel_page(
    staff: May<ChangeStatus>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse> {
    let known = of_path(&app, &id).await?;
    let (mut page, _) = first(&app, staff.shell(), "cancel", &known).await?;
    let outcome = {
        let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
        cancel(&mut ch, known.id, None).await
    };
    match outcome {
        Ok(true) => {}
        Ok(false) => page.refused = Some(page.shell.w.t("follow-refused-cancelled")),
        Err(e) => page.refuse(e)?,
    }
    Ok(Page(page))
}

/// `POST /admin/credentials/{id}/cancel`.
pub async fn cancel_post(
    staff: May<ChangeStatus>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<FollowForm>,
) -> Result<Response> {
    let id: CredentialId = id.parse().map_err(|_| Error::not_found())?;
    match cancel_now(&app, staff.actor(), id, said(&form.internal_note)).await {
        Ok(_) => Ok(see_other(&format!("/admin/credentials/{id}?done=cancel"))),
        Err(e) => once_more(&app, staff.shell(), "cancel", id, form, e).await,
    }
}
