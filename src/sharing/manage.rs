//! `/me/credentials/{id}`: the holder's own page of a credential, where they decide who sees it and take it along.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::around::{self, Around};
use super::linkedin::{self, Certification};
use super::particulars::Particulars;
use super::switches::{self, Switches};
use super::{documents, embed, own, page};
use crate::access::{Posted, SignedIn};
use crate::app::App;
use crate::credentials::{self, Status, Visibility};
use crate::database::Kind;
use crate::error::{Error, Fault, Result};
use crate::ids::CredentialId;
use crate::impact::{self, Period, Plot, What};
use crate::verification::{Asked, ReportView, Source, verify};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::{issuer, selections, tracks};

#[derive(Template)]
#[template(path = "sharing/manage.html")]
struct ManagePage {
    shell: Shell,
    report: ReportView,
    id: String,
    share_id: String,
    address: String,
    holder: String,
    /// In the reader's language where the achievement has it.
    title: String,
    language: &'static str,
    /// What the credential itself is written in, and its title there where that is another.
    document_language: &'static str,
    written_as: Option<String>,
    number: String,
    check_code: String,
    issuer: String,
    awarded: String,
    valid_until: Option<String>,
    track_id: String,
    visibility: &'static str,
    shown: bool,
    /// How often it was looked at, for its holder.
    plots: Vec<Plot>,
    /// Codes to copy into other sites: a frame, and a picture that is a link.
    embed_frame: String,
    embed_badge: String,
    public_reason: Option<String>,
    /// What was saved a moment ago, in words.
    saved: Option<String>,
    revoked: bool,
    /// What the signed file says beyond the facts of every credential, and what of it the page shows.
    particulars: Particulars,
    switches: Switches,
    /// How many open selections show it although it is private.
    read_through: usize,
    /// Whether another came in its place.
    replaced: bool,
    around: Vec<Around>,
    /// Whom to ask: the issuer's address, and a link to it.
    ask: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Saved {
    #[serde(default)]
    saved: String,
}

pub async fn manage_page(
    me: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(saved): Query<Saved>,
) -> Result<impl IntoResponse> {
    let db = app.db.read();
    let credential = own(db, &id, me.member).await?;
    let shell = me.shell();
    let issuer = issuer::find(db, credential.issuer).await?;
    let zone = issuer.profile.zone();
    let version = tracks::version(db, credential.track_version).await?;
    let document = Words::new(credential.locale);
    let signed_title = document.pick(&version.definition.title).to_owned();
    let (title, language) = shell.w.pick_tagged(&version.definition.title);
    let address = app.links.share(&credential.share_id);
    let bytes = credentials::signed_json(db, &credential).await?.into_bytes();
    let checked = verify(&app, Asked { source: Source::Bytes(bytes), recipient: None, look_up: false }).await?;
    let report = ReportView::of(&checked, shell.w, &zone);
    Ok(Page(ManagePage {
        id: credential.id.to_string(),
        share_id: credential.share_id.clone(),
        embed_frame: embed::frame(&app, &credential, &signed_title, embed::WIDTH, embed::HEIGHT),
        embed_badge: embed::linked_badge(&app, &credential, &signed_title),
        plots: {
            let period = Period::last(Period::USUAL, app.db.now());
            Plot::all(&impact::of_credential(db, credential.id, period, true).await?, shell.w)
        },
        particulars: Particulars::all(&checked.report, &report),
        report,
        switches: switches::switches_of(db, credential.id).await?,
        read_through: match credential.visibility {
            Visibility::Private => selections::showing_private(db, me.member, credential.id, app.db.now()).await?.len(),
            Visibility::Link | Visibility::Public => 0,
        },
        address,
        holder: credential.name.clone(),
        title: title.to_owned(),
        language,
        document_language: document.lang(),
        written_as: Some(signed_title).filter(|signed| signed != title),
        number: credential.number.clone(),
        check_code: credential.check_code.clone(),
        issuer: shell.w.pick(&issuer.profile.name).to_owned(),
        awarded: zone.date(shell.w, credential.awarded_at),
        valid_until: credential.valid_until.map(|t| zone.date(shell.w, t)),
        track_id: credential.track.to_string(),
        visibility: credential.visibility.as_str(),
        shown: credential.visibility != Visibility::Private,
        public_reason: credential.public_reason.clone(),
        saved: match Visibility::parse(&saved.saved) {
            Some(known) if known == credential.visibility => {
                Some(shell.w.t(&format!("manage-saved-{}", known.as_str())))
            }
            None if saved.saved == "switches" => Some(shell.w.t("manage-saved-switches")),
            _ => None,
        },
        replaced: credentials::last_of(db, &credential).await?.is_some(),
        around: around::for_holder(&app, shell.w, &credential, &zone).await?,
        revoked: credential.status == Status::Revoked,
        ask: issuer.profile.email.clone().unwrap_or_default(),
        shell,
    }))
}

#[derive(Deserialize)]
pub struct VisibilityForm {
    visibility: String,
}

/// `POST /me/credentials/{id}/visibility`.
pub async fn set_visibility(
    me: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<VisibilityForm>,
) -> Result<Response> {
    let id: CredentialId = id.parse().map_err(|_| Error::not_found())?;
    let visibility = Visibility::parse(&form.visibility).ok_or_else(|| {
        Error::invalid(vec![Fault::new("/visibility", "unknown_word", "use private, link or public")])
    })?;
    let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
    credentials::show_to(&mut ch, id, &me.principal, app.config.demo, visibility).await?;
    ch.commit().await?;
    Ok(see_other(&format!("/me/credentials/{id}?saved={}", visibility.as_str())))
}

/// `GET /me/credentials/{id}/linkedin`: counts that its holder goes on to LinkedIn's form, and leads there; nowhere else, since the address is made here.
pub async fn to_linkedin(
    me: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    method: Method,
) -> Result<Response> {
    let db = app.db.read();
    let credential = own(db, &id, me.member).await?;
    if credential.visibility == Visibility::Private || credential.status == Status::Revoked {
        return Ok(see_other(&format!("/me/credentials/{}", credential.id)));
    }
    let issuer = issuer::find(db, credential.issuer).await?;
    let version = tracks::version(db, credential.track_version).await?;
    let document = Words::new(credential.locale);
    let form = linkedin::add_to_profile(
        &Certification {
            title: document.pick(&version.definition.title),
            organization: document.pick(&issuer.profile.name),
            organization_id: issuer.profile.linkedin_organization.as_deref(),
            awarded_at: credential.awarded_at,
            valid_until: credential.valid_until,
            url: &app.links.share(&credential.share_id),
            number: &credential.number,
        },
        &issuer.profile.zone(),
    );
    if method == Method::GET {
        impact::count(&app, &impact::subject(&credential), What::LinkedIn, Some(me.member));
    }
    Ok(see_other(&form))
}

/// `GET /me/credentials/{id}/files/{form}`: the documents for the holder, whatever the visibility.
pub async fn own_document(
    me: SignedIn,
    State(app): State<App>,
    Path((id, name)): Path<(String, String)>,
    headers: axum::http::HeaderMap,
) -> Result<Response> {
    let credential = own(app.db.read(), &id, me.member).await?;
    let (_, wanted) = super::address::read(&format!("own.{name}")).ok_or_else(Error::not_found)?;
    documents::document(&app, &credential, wanted.ok_or_else(Error::not_found)?, &headers).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchesForm {
    #[serde(default)]
    score: Option<String>,
    #[serde(default)]
    evidence: Option<String>,
    #[serde(default)]
    listed: Option<String>,
}

/// `POST /me/credentials/{id}/switches`: what of it others see beside the verdict.
pub async fn set_switches(
    me: SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<SwitchesForm>,
) -> Result<Response> {
    let wanted =
        Switches { score: form.score.is_some(), evidence: form.evidence.is_some(), listed: form.listed.is_some() };
    let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
    let id = switches::set(&mut ch, &id, &me.principal, app.config.demo, wanted).await?;
    ch.commit().await?;
    Ok(see_other(&format!("/me/credentials/{id}?saved=switches")))
}

/// `GET /me/credentials/{id}/preview`: the public page as others see it, or would if it were not private.
pub async fn preview_page(me: SignedIn, State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let credential = own(app.db.read(), &id, me.member).await?;
    page::preview(&app, me.shell(), credential).await
}
