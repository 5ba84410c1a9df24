//! `/admin/keys`: the key history, and the three things that can be done to a key. What each would do is said before it can be done.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::identity::{NotIssuing, keyring};
use super::keys::{IssuerKey, KeyState, find_key, keys};
use super::rotation::{self, compromise_key, resting_on, retire_key, rotate_key};
use super::service::zone;
use crate::access::{ManageKeys, May, Posted};
use crate::app::App;
use crate::clock::Timestamp;
use crate::error::{Code, Error, Result};
use crate::signing::{KeyringError, Purpose};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;

/// What can be done to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Rotate,
    Retire,
    Compromise,
}

impl Step {
    const ALL: [Self; 3] = [Self::Rotate, Self::Retire, Self::Compromise];

    fn as_str(self) -> &'static str {
        match self {
            Self::Rotate => "rotate",
            Self::Retire => "retire",
            Self::Compromise => "compromise",
        }
    }

    fn parse(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == text).ok_or_else(Error::not_found)
    }

    fn is_possible(self, state: KeyState) -> bool {
        match self {
            Self::Rotate | Self::Retire => state == KeyState::Active,
            Self::Compromise => state != KeyState::Compromised,
        }
    }
}

struct Line {
    kid: String,
    purpose: String,
    /// The name of icon and colour.
    look: &'static str,
    state: String,
    /// Made, retired, known to others: each with its word.
    dates: Vec<(String, String)>,
    why: Option<String>,
    steps: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "issuer/keys.html")]
struct KeysPage {
    shell: Shell,
    rows: Vec<Line>,
    /// Why nothing is issued now.
    off: Option<String>,
    did_key: bool,
    done: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    done: String,
}

/// `GET /admin/keys`.
pub async fn keys_page(
    staff: May<ManageKeys>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let (w, zone) = (shell.w, zone(app.db.read()).await?);
    let did_key = rotation::may_change(&app).is_err();
    let mut known = keys(app.db.read()).await?;
    known.retain(|key| key.purpose != Purpose::Conformance);
    known.reverse();
    let rows = known.into_iter().map(|key| line(w, &zone, key, did_key)).collect();
    let off = match keyring(&app).await {
        Ok(_) => None,
        Err(NotIssuing::Keyring(KeyringError::Sealed(_))) => Some(w.t("keys-sealed")),
        Err(why) => Some(w.with1("keys-off", "why", why.to_string())),
    };
    let done = Step::parse(&asked.done).ok().map(|step| w.t(&format!("keys-done-{}", step.as_str())));
    Ok(Page(KeysPage { shell, rows, off, did_key, done }))
}

fn line(w: Words, zone: &Zone, key: IssuerKey, did_key: bool) -> Line {
    let dated = |word: &str, at: Option<Timestamp>| at.map(|at| (w.t(word), zone.instant(w, at)));
    let dates = [
        dated("keys-created", Some(key.created_at)),
        dated("keys-retired", key.retired_at),
        dated("keys-revoked", key.revoked_at),
    ];
    let steps = Step::ALL.into_iter().filter(|step| !did_key && step.is_possible(key.state));
    Line {
        purpose: purpose(w, key.purpose, did_key),
        look: match key.state {
            KeyState::Active => "valid",
            KeyState::Retired => "expired",
            KeyState::Compromised => "revoked",
        },
        state: w.t(&format!("keys-state-{}", key.state.as_str())),
        dates: dates.into_iter().flatten().collect(),
        steps: steps.map(|step| (step.as_str(), w.t(&format!("keys-{}", step.as_str())))).collect(),
        why: key.revoked_why,
        kid: key.kid,
    }
}

fn purpose(w: Words, purpose: Purpose, did_key: bool) -> String {
    w.t(match purpose {
        Purpose::Credential if did_key => "keys-for-all",
        Purpose::Credential => "keys-for-credential",
        Purpose::StatusList => "keys-for-status-list",
        Purpose::Conformance => "keys-for-conformance",
    })
}

#[derive(Template)]
#[template(path = "issuer/step.html")]
struct StepPage {
    shell: Shell,
    kid: String,
    purpose: String,
    step: &'static str,
    title: String,
    /// What happens, one sentence each.
    effects: Vec<String>,
    /// What breaks, or must be done afterwards.
    warnings: Vec<String>,
    at: String,
    reason: String,
    /// The field and what is wrong with it.
    wrong: Vec<(&'static str, String)>,
}

/// `GET /admin/keys/{kid}/{step}`: what it would do, and the button.
pub async fn key_step_page(
    staff: May<ManageKeys>,
    State(app): State<App>,
    Path((kid, step)): Path<(String, String)>,
) -> Result<impl IntoResponse> {
    let (key, step) = asked_for(&app, &kid, &step).await?;
    Ok(Page(page(&app, staff.shell(), &key, step, &StepForm::default()).await?))
}

#[derive(Debug, Default, Deserialize)]
pub struct StepForm {
    #[serde(default)]
    at: String,
    #[serde(default)]
    reason: String,
}

/// `POST /admin/keys/{kid}/{step}`.
pub async fn change_key(
    staff: May<ManageKeys>,
    State(app): State<App>,
    Path((kid, step)): Path<(String, String)>,
    Posted(form): Posted<StepForm>,
) -> Result<Response> {
    let (key, step) = asked_for(&app, &kid, &step).await?;
    let done = match step {
        Step::Rotate => rotate_key(&app, staff.actor(), key.purpose).await.map(drop),
        Step::Retire => retire_key(&app, staff.actor(), &key).await.map(drop),
        Step::Compromise => match since(&app, &form.at, &key).await? {
            Ok(at) => compromise_key(&app, staff.actor(), &key, at, form.reason.trim()).await.map(drop),
            Err(wrong) => {
                let mut page = page(&app, staff.shell(), &key, step, &form).await?;
                page.wrong = vec![("at", page.shell.w.t(wrong))];
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
            }
        },
    };
    match done.map_err(Error::from) {
        Ok(()) => Ok(see_other(&format!("/admin/keys?done={}", step.as_str()))),
        Err(e) if e.code() == Code::ValidationFailed => {
            let mut page = page(&app, staff.shell(), &key, step, &form).await?;
            let w = page.shell.w;
            let told = |pointer: &str| match pointer {
                "/reason" => ("reason", w.t("keys-wrong-reason")),
                _ => ("at", w.t("keys-wrong-at")),
            };
            page.wrong = e.faults().iter().map(|fault| told(&fault.pointer)).collect();
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(e) => Err(e),
    }
}

/// The key and what is to be done to it; a step that is not open to it is a conflict.
async fn asked_for(app: &App, kid: &str, step: &str) -> Result<(IssuerKey, Step)> {
    let (key, step) = (find_key(app.db.read(), kid).await?, Step::parse(step)?);
    rotation::may_change(app)?;
    if !step.is_possible(key.state) {
        return Err(rotation::NotChanged::Already { kid: key.kid, state: key.state }.into());
    }
    Ok((key, step))
}

/// The beginning of the day that was named, and not before the key; now, where none was.
async fn since(app: &App, day: &str, key: &IssuerKey) -> Result<Result<Timestamp, &'static str>> {
    if day.trim().is_empty() {
        return Ok(Ok(app.db.now()));
    }
    let zone = zone(app.db.read()).await?;
    Ok(match zone.day(day.trim()) {
        // on its first day the key was made some time later
        Some((from, to)) if to > key.created_at => Ok(from.max(key.created_at)),
        _ => Err("keys-wrong-at"),
    })
}

async fn page(app: &App, shell: Shell, key: &IssuerKey, step: Step, form: &StepForm) -> Result<StepPage> {
    let w = shell.w;
    let resting = resting_on(app.db.read(), key).await?;
    let lists = key.purpose == Purpose::StatusList;
    let n = if lists { resting.lists } else { resting.credentials };
    let kind = if lists { "list" } else { "credential" };
    let counted = |text: &str| w.with1(&format!("keys-{text}-{kind}"), "n", n);
    let (mut effects, mut warnings) = (vec![], vec![]);
    match step {
        Step::Rotate => {
            effects.extend([w.t("keys-rotate-new"), counted("keeps")]);
        }
        Step::Retire => {
            effects.push(counted("keeps"));
            warnings.push(w.t(&format!("keys-retire-stops-{kind}")));
        }
        Step::Compromise => {
            if key.state == KeyState::Active {
                effects.push(w.t("keys-compromise-new"));
            }
            effects.push(counted("compromise-own"));
            warnings.push(counted("compromise-others"));
        }
    }
    if resting.waiting > 0 && step != Step::Retire {
        effects.push(w.with1("keys-waiting", "n", resting.waiting));
    }
    Ok(StepPage {
        kid: key.kid.clone(),
        purpose: purpose(w, key.purpose, false),
        step: step.as_str(),
        title: w.t(&format!("keys-{}-title", step.as_str())),
        effects,
        warnings,
        at: form.at.chars().take(40).collect(),
        reason: form.reason.chars().take(600).collect(),
        wrong: vec![],
        shell,
    })
}
