//! The form, and what its two presses do.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::form::{Asked, IssueForm, Refused, member};
use super::look;
use crate::access::{IssueCredentials, May, Posted};
use crate::app::App;
use crate::credentials::award::Awarded;
use crate::credentials::issue::issue_apart;
use crate::credentials::lifecycle::Basis;
use crate::credentials::release::release;
use crate::error::{Code, Error, Result};
use crate::ids::ProposalId;
use crate::issuer;
use crate::tracks::{self, Kind};
use crate::web::form::{Field, Shape, Wrong};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

#[derive(Template)]
#[template(path = "credentials/issue.html")]
struct IssuePage {
    shell: Shell,
    /// None where no track can be issued by hand.
    track: Option<Field>,
    to: Field,
    /// The member who was found: id, name and address.
    chosen: Option<(String, String, String)>,
    /// Those whom the search means, to choose from.
    several: Vec<(String, String, String)>,
    new: Vec<Field>,
    /// Whether something was typed about somebody new.
    newly: bool,
    evidence: Vec<Field>,
    /// Whether evidence was typed.
    evident: bool,
    days: Vec<Field>,
    wrong: Wrong,
    /// Nothing can be signed: there is no key.
    off: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    member: String,
    track: String,
}

/// `GET /admin/credentials/issue?member=…&track=…`.
pub async fn issue_page(
    staff: May<IssueCredentials>,
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    if !wanted.member.is_empty() && member(&app, &wanted.member).await?.is_none() {
        return Err(Error::not_found());
    }
    let locale = issuer::language(app.db.read()).await?.as_str().to_owned();
    let form = IssueForm { track: wanted.track, member: wanted.member, locale, ..IssueForm::default() };
    Ok(Page(page(&app, staff.shell(), &form, Refused::default()).await?).into_response())
}

/// `POST /admin/credentials/issue`: shows what would be issued, or issues it, or leads back to the form.
pub async fn issue_post(
    staff: May<IssueCredentials>,
    State(app): State<App>,
    Posted(mut form): Posted<IssueForm>,
) -> Result<Response> {
    let w = staff.shell().w;
    if matches!(form.step.as_str(), "edit" | "other") {
        if form.step == "other" {
            form.member.clear();
        }
        return Ok(Page(page(&app, staff.shell(), &form, Refused::default()).await?).into_response());
    }
    let outcome = match form.read(&app, w).await? {
        Ok(asked) => press(&app, &staff, &form, asked).await,
        Err(refused) => return again(&app, staff.shell(), &form, refused).await,
    };
    match outcome {
        Err(e) => match Refused::told(w, &e) {
            Some(refused) => again(&app, staff.shell(), &form, refused).await,
            None => Err(e),
        },
        done => done,
    }
}

/// Shows what would be issued; with the key of such a page, issues it.
async fn press(app: &App, staff: &May<IssueCredentials>, form: &IssueForm, asked: Asked) -> Result<Response> {
    let key = form.key.parse::<ProposalId>().ok().filter(|_| form.step == "issue");
    let (ch, awarded) = issue_apart(app, staff.actor(), &asked.request, key).await?;
    let id = match (awarded, key) {
        (Awarded::New { credential, .. }, Some(_)) => {
            ch.commit().await?;
            credential
        }
        // Pressed twice: what came of the first time.
        (Awarded::Held(held), Some(key)) if held.basis == Basis::Approved(key) => {
            ch.undo().await?;
            held.id
        }
        (awarded, _) => {
            ch.undo().await?;
            return Ok(Page(look::page(app, staff.shell(), form.clone(), asked, awarded).await?).into_response());
        }
    };
    // What is written down is signed once there is a key.
    if let Err(e) = release(app, id).await
        && e.code() != Code::IssuingOff
    {
        return Err(e);
    }
    Ok(see_other(&format!("/admin/credentials/{id}/issued")))
}

/// The form with what was typed, and what is wrong with it.
async fn again(app: &App, shell: Shell, form: &IssueForm, refused: Refused) -> Result<Response> {
    let status = if refused.off { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Page(page(app, shell, form, refused).await?)).into_response())
}

async fn page(app: &App, shell: Shell, form: &IssueForm, refused: Refused) -> Result<IssuePage> {
    let (w, wrong) = (shell.w, refused.wrong);
    let tracks = offered(app, w).await?;
    let field = |id, value: &str| Field::new(w, "issue", id, value, &wrong);
    let day = |id, value: &str| field(id, value).of(Shape::Line("date"));
    let languages = ["ja", "en"].map(|tag| (tag.to_owned(), w.t(&format!("people-language-{tag}"))));
    let chosen = member(app, &form.member).await?.map(|member| (member.id.to_string(), member.name, member.email));
    let several = refused.several.into_iter().map(|member| (member.id.to_string(), member.name, member.email));
    Ok(IssuePage {
        track: (tracks.len() > 1).then(|| field("track", &form.track).required().of(Shape::Choice(tracks))),
        to: field("to", &form.to),
        chosen,
        several: several.collect(),
        new: vec![
            field("name", &form.name).at_most(120),
            field("email", &form.email).at_most(254).of(Shape::Line("email")),
            field("locale", &form.locale).of(Shape::Choice(Vec::from(languages))),
        ],
        newly: form.names_somebody_new(),
        evidence: vec![
            field("url", &form.url).at_most(2_000).of(Shape::Line("url")),
            field("text", &form.text).at_most(2_000).of(Shape::Lines(3)),
            day("dated", &form.dated),
        ],
        evident: form.names_evidence(),
        days: vec![day("awarded", &form.awarded), day("until", &form.until)],
        off: refused.off,
        wrong,
        shell,
    })
}

/// The tracks that one call may issue, behind a first choice that is none. Titles are decided by two people elsewhere.
async fn offered(app: &App, w: Words) -> Result<Vec<(String, String)>> {
    let current = tracks::current(app.db.read()).await?;
    let by_hand = current.into_iter().filter(|version| version.definition.kind != Kind::Title).map(|version| {
        let title = w.pick(&version.definition.title).to_owned();
        (version.definition.slug.clone(), format!("{title} ({})", version.definition.slug))
    });
    Ok([(String::new(), w.t("issue-choose"))].into_iter().chain(by_hand).collect())
}
