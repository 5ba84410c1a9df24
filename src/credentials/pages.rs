//! `/admin/credentials/{id}`: one credential with its history and the steps that can be taken.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::find::{self, Credential, HistoryEntry};
use super::history::Reason;
use super::life;
use super::lifecycle::{ReasonCode, Stage, Status, StatusChange};
use super::lists;
use super::release::release;
use super::reviews;
use super::standing::{change_status, publish_status};
use crate::access::{self, ChangeStatus, IssueCredentials, May, Permission, Posted, ReadCredentials};
use crate::app::App;
use crate::clock::Timestamp;
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::ids::{CredentialId, MemberId};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;
use crate::{issuer, members, tracks};

struct Told {
    at: String,
    what: String,
    by: String,
    reason: Option<String>,
    public_reason: Option<String>,
    internal_note: Option<String>,
}

struct Choice {
    value: &'static str,
    word: String,
    means: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "credentials/one.html")]
struct OnePage {
    shell: Shell,
    id: String,
    member: String,
    name: String,
    title: String,
    number: String,
    check_code: String,
    awarded: String,
    issued: Option<String>,
    valid_until: Option<String>,
    basis: String,
    share: Option<String>,
    standing: &'static str,
    word: String,
    history: Vec<Told>,
    /// Empty where nothing can be done, or the visitor may not do it.
    steps: Vec<Choice>,
    reasons: Vec<Choice>,
    public_reason: String,
    internal_note: String,
    /// What was wrong with the form: the field and the text.
    wrong: Vec<(&'static str, String)>,
    done: Option<String>,
    /// Whether the page asks if a revocation is meant.
    confirm: bool,
    /// Whether the signed lists do not say yet what the record says.
    unpublished: bool,
    /// The open review of it.
    review: Option<String>,
    /// What can follow it: replace, renew, cancel.
    follow: Vec<Choice>,
    /// Those around it, each with a sentence: its id, its number.
    around: Vec<(String, String, String)>,
    /// Whether its recipient never signed in.
    unclaimed: bool,
    /// Whether the visitor may make them a link to do so.
    may_link: bool,
    /// Whether mail is set, so that it can be sent.
    mail: bool,
}

/// The steps that have a page of their own.
const FOLLOW: [&str; 3] = ["replace", "renew", "cancel"];

#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// `GET /admin/credentials/{id}`.
pub async fn credential_page(
    staff: May<ReadCredentials>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<impl IntoResponse> {
    let known = find::find(app.db.read(), id.parse().map_err(|_| Error::not_found())?).await?;
    let may = staff.principal.holds(ChangeStatus::ROLES);
    let mut page = page(&app, staff.shell(), &known, may, &StepForm::default()).await?;
    page.may_link = staff.principal.holds(IssueCredentials::ROLES);
    if done.done == "claim-mailed" {
        page.done = Some(page.shell.w.t("claim-mailed"));
    }
    if StatusChange::parse(&done.done).is_some() || FOLLOW.contains(&done.done.as_str()) {
        page.done = Some(page.shell.w.with1(&format!("standing-done-{}", done.done), "number", page.number.as_str()));
    }
    Ok(Page(page))
}

#[derive(Debug, Default, Deserialize)]
pub struct StepForm {
    #[serde(default)]
    step: String,
    #[serde(default)]
    reason_code: String,
    #[serde(default)]
    public_reason: String,
    #[serde(default)]
    internal_note: String,
    /// `yes` on the second page, which asks whether it is meant.
    #[serde(default)]
    confirm: String,
}

/// `POST /admin/credentials/{id}/standing`.
pub async fn change_standing(
    staff: May<ChangeStatus>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<StepForm>,
) -> Result<Response> {
    let id: CredentialId = id.parse().map_err(|_| Error::not_found())?;
    let wrong = match (StatusChange::parse(&form.step), ReasonCode::parse(&form.reason_code)) {
        (Some(StatusChange::Revoke), Some(_)) if form.confirm != "yes" => {
            let known = find::find(app.db.read(), id).await?;
            let mut page = page(&app, staff.shell(), &known, true, &form).await?;
            // Once it is revoked there is nothing to ask.
            if page.steps.iter().any(|step| step.value == StatusChange::Revoke.as_str()) {
                page.confirm = true;
                return Ok(Page(page).into_response());
            }
            return Ok(see_other(&format!("/admin/credentials/{id}?done={}", StatusChange::Revoke.as_str())));
        }
        (Some(step), Some(code)) => {
            let said = |text: &str| Some(text.trim().replace("\r\n", "\n")).filter(|t| !t.is_empty());
            let reason = Reason { code, public: said(&form.public_reason), internal: said(&form.internal_note) };
            match take(&app, &staff, id, step, &reason).await {
                Ok(()) => return Ok(see_other(&format!("/admin/credentials/{id}?done={}", step.as_str()))),
                Err(e) if e.code() == Code::ValidationFailed => pointed(&e),
                Err(e) => return Err(e),
            }
        }
        (step, code) => {
            let missing = [(step.is_none(), "step"), (code.is_none(), "reason_code")];
            missing.into_iter().filter(|(is, _)| *is).map(|(_, field)| (field, None)).collect()
        }
    };
    let known = find::find(app.db.read(), id).await?;
    let mut page = page(&app, staff.shell(), &known, true, &form).await?;
    let w = page.shell.w;
    page.wrong = wrong
        .into_iter()
        .map(|(field, detail)| {
            (field, detail.unwrap_or_else(|| w.t(&format!("standing-wrong-{}", field.replace('_', "-")))))
        })
        .collect();
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// The fields that the service refused; a fault without a field belongs to the step.
fn pointed(e: &Error) -> Vec<(&'static str, Option<String>)> {
    e.faults()
        .iter()
        .map(|fault| match fault.pointer.as_str() {
            "/public_reason" => ("public_reason", None),
            "/internal_note" => ("internal_note", None),
            _ if fault.code == "expired" => ("expired", None),
            _ => ("step", Some(fault.detail.clone())),
        })
        .collect()
}

async fn take(
    app: &App,
    staff: &May<ChangeStatus>,
    id: CredentialId,
    step: StatusChange,
    reason: &Reason,
) -> Result<()> {
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    if !change_status(app, &mut ch, id, step, reason).await? {
        return Ok(());
    }
    ch.commit().await?;
    if step == StatusChange::Reinstate {
        release(app, id).await?;
    }
    publish_status(app, id).await;
    Ok(())
}

async fn page(app: &App, shell: Shell, known: &Credential, may: bool, form: &StepForm) -> Result<OnePage> {
    let (w, db) = (shell.w, app.db.read());
    let zone = issuer::find(db, known.issuer).await?.profile.zone();
    let version = tracks::version(db, known.track_version).await?;
    let mut history = vec![];
    for entry in find::history_of(db, known.id).await? {
        history.push(told(app, w, &zone, entry).await?);
    }
    let can = |step: &&StatusChange| {
        may && step.from(known.status).is_some() && (known.is_released() || **step == StatusChange::Revoke)
    };
    let steps = StatusChange::ALL.iter().filter(can).map(|step| Choice {
        value: step.as_str(),
        word: w.t(&format!("standing-step-{}", step.as_str())),
        means: w.t(&format!("standing-step-{}-means", step.as_str())),
        chosen: form.step == step.as_str(),
    });
    let reasons = ReasonCode::ALL.iter().map(|code| Choice {
        value: code.as_str(),
        word: reason_word(w, *code),
        means: String::new(),
        chosen: form.reason_code == code.as_str(),
    });
    let standing = standing(known, app.db.now());
    let unclaimed = access::first_sign_in(db, members::resolve(db, known.member).await?).await?.is_none();
    let follow = FOLLOW.iter().filter(|step| {
        may && match **step {
            "replace" => standing == "valid",
            "renew" => matches!(standing, "valid" | "expired") && known.valid_until.is_some(),
            _ => unclaimed && known.status != Status::Revoked,
        }
    });
    let follow = follow.map(|step| Choice {
        value: step,
        word: w.t(&format!("follow-{step}")),
        means: w.t(&format!("follow-{step}-means")),
        chosen: false,
    });
    let found = life::succession(db, known).await?;
    let others = [
        ("replaced-by", found.replaced_by),
        ("replaces", found.replaces),
        ("renewed-by", found.renewed_by),
        ("renews", found.renews),
    ];
    let told = |(how, other): (&str, Option<Credential>)| {
        other.map(|other| (w.t(&format!("around-{how}")), other.id.to_string(), other.number))
    };
    Ok(OnePage {
        follow: follow.collect(),
        around: others.into_iter().filter_map(told).collect(),
        id: known.id.to_string(),
        member: known.member.to_string(),
        name: known.name.clone(),
        title: w.pick(&version.definition.title).to_owned(),
        number: known.number.clone(),
        check_code: known.check_code.clone(),
        awarded: zone.date(w, known.awarded_at),
        issued: known.released_at.map(|at| zone.instant(w, at)),
        valid_until: known.valid_until.map(|at| zone.date(w, at)),
        basis: w.t(match life::resting_on(db, known).await? {
            super::Basis::Decided(_) => "credential-basis-decided",
            _ => "credential-basis-approved",
        }),
        share: (known.is_released() && known.visibility != super::Visibility::Private).then(|| known.share_id.clone()),
        standing,
        word: w.t(&format!("standing-{standing}")),
        history,
        steps: steps.collect(),
        reasons: reasons.collect(),
        public_reason: form.public_reason.clone(),
        internal_note: form.internal_note.clone(),
        wrong: vec![],
        done: None,
        confirm: false,
        unpublished: !lists::are_published(db, known.id).await?,
        review: reviews::open_of(db, known.id).await?.map(|review| review.id.to_string()),
        unclaimed: known.status != Status::Revoked && members::may_be_claimed(db, known.member).await?,
        may_link: false,
        mail: !app.config.mail.host.is_empty(),
        shell,
    })
}

/// The one word for where it stands: also the icon and the colour.
pub(super) fn standing(known: &Credential, now: Timestamp) -> &'static str {
    match (known.stage, known.status) {
        (_, Status::Revoked) => "revoked",
        (Stage::Intended, _) => "waiting",
        (_, Status::Suspended) => "suspended",
        (_, Status::Valid) if known.has_expired(now) => "expired",
        (_, Status::Valid) => "valid",
    }
}

fn reason_word(w: Words, code: ReasonCode) -> String {
    w.t(&format!("reason-{}", code.as_str().replace('_', "-")))
}

async fn told(app: &App, w: Words, zone: &Zone, entry: HistoryEntry) -> Result<Told> {
    let by = match entry.actor.parse::<MemberId>() {
        Ok(id) => match members::find(app.db.read(), id).await {
            Ok(member) => member.name,
            Err(e) if e.code() == Code::NotFound => entry.actor,
            Err(e) => return Err(e),
        },
        Err(_) if entry.actor.starts_with("system:") => w.t("actor-system"),
        Err(_) if entry.actor == "operator" => w.t("actor-operator"),
        Err(_) => {
            let name = match entry.actor.parse() {
                Ok(id) => access::api_key_name(app.db.read(), id).await?,
                Err(_) => None,
            };
            w.with1("actor-key", "name", name.unwrap_or(entry.actor))
        }
    };
    Ok(Told {
        at: zone.instant(w, entry.at),
        what: w.t(&format!("history-{}", entry.what.replace('.', "-"))),
        by,
        reason: entry.reason.map(|code| reason_word(w, code)),
        public_reason: entry.public_reason,
        internal_note: entry.internal_note,
    })
}
