//! `/me/links`: what a member handed in, where it stands, and the form.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::api::own;
use super::lifecycle::{Disclosure, LinkState};
use super::service::{self, NewLink, Submission};
use crate::access::{Posted, SignedIn};
use crate::app::App;
use crate::contributions::lifecycle::State as ContributionState;
use crate::contributions::own::LINK_TYPES;
use crate::contributions::quarantine;
use crate::contributions::told::told;
use crate::contributions::{find, gatherings};
use crate::database::Kind;
use crate::error::{Error, Result};
use crate::issuer;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::web::zone::Zone;

const SHOWN: u64 = 100;

struct Line {
    id: String,
    title: String,
    url: String,
    kind: String,
    happened: String,
    disclosure: String,
    state: &'static str,
    state_word: String,
    /// What the member should know: why it was refused or taken back, or what happens next.
    note: Option<String>,
    can_answer: bool,
    can_withdraw: bool,
}

struct Choice {
    value: &'static str,
    word: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "giving/links.html")]
struct LinksPage {
    shell: Shell,
    rows: Vec<Line>,
    /// Why something may not count at once: strikes that stand.
    strikes: Vec<String>,
    /// Where the member said that they were there, and nobody has confirmed it yet, or somebody did not.
    gatherings: Vec<String>,
    kinds: Vec<Choice>,
    disclosures: Vec<Choice>,
    form: LinkForm,
    wrong: Option<String>,
}

/// `GET /me/links`.
pub async fn links_page(who: SignedIn, State(app): State<App>) -> Result<Response> {
    page(&app, &who, LinkForm::default(), None).await
}

async fn page(app: &App, who: &SignedIn, form: LinkForm, wrong: Option<String>) -> Result<Response> {
    let shell = who.shell();
    let w = shell.w;
    let db = app.db.read();
    let zone = issuer::zone(db).await?;
    let mut rows = vec![];
    for link in service::of_member(db, who.member, SHOWN).await? {
        rows.push(line(app, w, &zone, link).await?);
    }
    let strikes = quarantine::standing(db, who.member, app.db.now()).await?;
    let told = |s: &quarantine::Strike| {
        let until = zone.date(w, s.expires_at);
        w.with2("strikes-told", "reason", s.reason.as_str(), "until", until)
    };
    let kinds = LINK_TYPES.into_iter().map(|kind| Choice {
        value: kind,
        word: kind_word(w, kind),
        chosen: form.r#type == kind,
    });
    let disclosures = Disclosure::ALL.iter().map(|d| Choice {
        value: d.as_str(),
        word: w.t(&format!("links-disclosure-{}", d.as_str())),
        chosen: form.disclosure == d.as_str(),
    });
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = LinksPage {
        strikes: strikes.iter().map(told).collect(),
        gatherings: gatherings::open_of_member(app, w, who.member).await?,
        kinds: kinds.collect(),
        disclosures: disclosures.collect(),
        rows,
        form,
        wrong,
        shell,
    };
    Ok((status, Page(page)).into_response())
}

/// An event type in words.
pub(super) fn kind_word(w: Words, kind: &str) -> String {
    let key = format!("kind-{}", kind.replace(['.', '_'], "-"));
    if w.has(&key) { w.t(&key) } else { kind.to_owned() }
}

async fn line(app: &App, w: Words, zone: &Zone, s: Submission) -> Result<Line> {
    let mut state = s.state.as_str();
    let mut note = match s.state {
        LinkState::Waiting => Some(w.t("links-note-waiting")),
        LinkState::Refused => s.reason.as_deref().map(|reason| w.with1("links-note-refused", "reason", reason)),
        LinkState::Accepted => Some(w.t("links-note-accepted")),
        LinkState::Withdrawn => None,
    };
    if let Some(id) = s.contribution.as_deref().and_then(|id| id.parse().ok()) {
        let contribution = find(app.db.read(), id).await?;
        if contribution.state == ContributionState::Voided {
            state = "voided";
            let reason = contribution.void_reason.unwrap_or_default();
            note = Some(w.with1("links-note-voided", "reason", reason));
        }
    }
    Ok(Line {
        id: s.id.to_string(),
        title: s.sentence,
        url: s.url,
        kind: kind_word(w, &s.kind),
        happened: zone.date(w, s.happened_at),
        disclosure: w.t(&format!("links-disclosure-{}", s.disclosure.as_str())),
        state_word: w.t(&format!("links-state-{state}")),
        state,
        note,
        can_answer: s.state == LinkState::Refused,
        can_withdraw: matches!(s.state, LinkState::Waiting | LinkState::Refused),
    })
}

#[derive(Default, Deserialize)]
pub struct LinkForm {
    url: String,
    r#type: String,
    happened_on: String,
    sentence: String,
    #[serde(default)]
    disclosure: String,
}

/// `POST /me/links`.
pub async fn link_post(who: SignedIn, State(app): State<App>, Posted(form): Posted<LinkForm>) -> Result<Response> {
    let new = NewLink {
        url: form.url.clone(),
        kind: form.r#type.clone(),
        happened_on: form.happened_on.clone(),
        sentence: form.sentence.clone(),
        disclosure: form.disclosure.clone(),
    };
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    match service::submit(&mut ch, who.member, new).await {
        Ok(link) => {
            ch.commit().await?;
            Ok(see_other(&format!("/me/links#{}", link.id)))
        }
        Err(e) => {
            drop(ch);
            let text = told(who.shell().w, e)?;
            page(&app, &who, form, Some(text)).await
        }
    }
}

#[derive(Deserialize)]
pub struct StepForm {
    step: String,
    #[serde(default)]
    text: String,
}

/// `POST /me/links/{id}`: answer a refusal, or take the link back.
pub async fn link_step_post(
    who: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<StepForm>,
) -> Result<Response> {
    let id = own(&app, &who, &id).await?;
    let mut ch = app.db.change(who.actor(), Kind::Ordinary).await?;
    let outcome = match form.step.as_str() {
        "answer" => service::answer(&mut ch, id, &form.text).await,
        "withdraw" => service::withdraw(&mut ch, id).await,
        _ => return Err(Error::not_found()),
    };
    match outcome {
        Ok(_) => {
            ch.commit().await?;
            Ok(see_other("/me/links"))
        }
        Err(e) => {
            drop(ch);
            let text = told(who.shell().w, e)?;
            page(&app, &who, LinkForm::default(), Some(text)).await
        }
    }
}
