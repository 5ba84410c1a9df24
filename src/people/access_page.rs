//! `/admin/members/{id}/access`: how a member gets in, and where they stood. A sign-in link is shown on the answer that made it and nowhere else.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::affiliation_forms::{self, AffiliationForm, Tie};
use super::service;
use crate::access::{self, EnrolMembers, ManageAccounts, May, NotKept, Permission as _, Posted, Principal};
use crate::app::App;
use crate::database::Kind;
use crate::error::{Error, Result};
use crate::ids::MemberId;
use crate::web::form::{Field, Wrong};
use crate::web::page::{Page, Shell, see_other};
use crate::{issuer, members};

#[derive(Template)]
#[template(path = "people/access.html")]
pub(super) struct AccessPage {
    shell: Shell,
    id: String,
    name: String,
    email: String,
    /// When they first signed in.
    claimed: Option<String>,
    /// How many sessions there are, and since when the latest.
    sessions: usize,
    latest: Option<String>,
    /// What they hold as staff.
    roles: Vec<String>,
    /// Whether the visitor makes links and ends sessions; and whether of this member.
    manages: bool,
    reaches: bool,
    /// The link that was made just now.
    link: Option<String>,
    minutes: i64,
    /// When links were made lately, and by whom.
    handed: Vec<String>,
    ties: Vec<Tie>,
    tie: Vec<Field>,
    pub(super) wrong: Wrong,
    done: Option<String>,
}

/// Links that were handed over are listed for so long.
const LISTED_FOR: time::Duration = time::Duration::days(30);
const MOST_LISTED: usize = 5;

#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

pub(super) fn member_id(text: &str) -> Result<MemberId> {
    text.parse().map_err(|_| Error::not_found())
}

/// `GET /admin/members/{id}/access`.
pub async fn access_page(
    staff: May<EnrolMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<impl IntoResponse> {
    let id = member_id(&id)?;
    let mut page = page(&app, staff.shell(), &staff.principal, id, None).await?;
    page.done = ["enrolled", "out", "tied", "untied"]
        .contains(&&*done.done)
        .then(|| page.shell.w.t(&format!("entry-done-{}", done.done)));
    Ok(Page(page))
}

/// The page, with the affiliation as it was filled in and what is wrong with it.
pub(super) async fn page(
    app: &App,
    shell: Shell,
    principal: &Principal,
    id: MemberId,
    filled: Option<(AffiliationForm, Wrong)>,
) -> Result<AccessPage> {
    let (db, w, now) = (app.db.read(), shell.w, app.db.now());
    let member = members::find(db, id).await?;
    let zone = issuer::zone(db).await?;
    let (sessions, latest) = access::sign_ins(db, member.id, now).await?;
    let roles = access::roles_of(db, member.id).await?;
    let mut handed = vec![];
    for (at, by) in access::links_of(db, member.id, now - LISTED_FOR).await?.into_iter().take(MOST_LISTED) {
        let by = who(app, &shell, Some(&by)).await?;
        handed.push(w.with2("entry-handed", "at", zone.instant(w, at), "by", by));
    }
    let (form, wrong) = filled.unwrap_or_default();
    Ok(AccessPage {
        id: member.id.to_string(),
        name: member.name,
        email: member.email,
        claimed: members::claimed_at(db, member.id).await?.map(|at| zone.instant(w, at)),
        sessions,
        latest: latest.map(|at| zone.instant(w, at)),
        reaches: principal.reaches(&roles).is_ok(),
        roles: roles.iter().map(|role| w.t(&format!("role-{}", role.as_str()))).collect(),
        manages: principal.holds(ManageAccounts::ROLES),
        link: None,
        minutes: access::LOGIN_LINK.whole_minutes(),
        handed,
        ties: affiliation_forms::ties(db, w, &zone, member.id).await?,
        tie: affiliation_forms::fields(w, &form, &wrong),
        wrong,
        done: None,
        shell,
    })
}

/// Who is named in an audit row, in words: a member by name, the operator, or a key.
pub(super) async fn who(app: &App, shell: &Shell, by: Option<&str>) -> Result<String> {
    let db = app.db.read();
    let Some(by) = by else { return Ok(shell.w.t("people-by-unknown")) };
    if let Ok(member) = by.parse::<MemberId>() {
        return Ok(members::find(db, member).await?.name);
    }
    if let Ok(key) = by.parse() {
        let name = access::api_key_name(db, key).await?.unwrap_or_else(|| by.to_owned());
        return Ok(shell.w.with1("people-by-key", "name", name));
    }
    Ok(shell.w.t("people-by-operator"))
}

#[derive(Deserialize)]
pub struct Nothing {}

/// `POST /admin/members/{id}/access/link`.
pub async fn hand_link_post(
    staff: May<ManageAccounts>,
    State(app): State<App>,
    Path(id): Path<String>,
    _: Posted<Nothing>,
) -> Result<impl IntoResponse> {
    let id = member_id(&id)?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let token = service::hand_link(&mut ch, &staff.principal, id).await?;
    ch.commit().await?;
    let mut page = page(&app, staff.shell(), &staff.principal, id, None).await?;
    page.link = Some(app.links.login(&token));
    Ok((Extension(NotKept), Page(page)))
}

/// `POST /admin/members/{id}/access/sign-out`.
pub async fn sign_out_post(
    staff: May<ManageAccounts>,
    State(app): State<App>,
    Path(id): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response> {
    let id = member_id(&id)?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    service::sign_out(&mut ch, &staff.principal, id).await?;
    ch.commit().await?;
    Ok(see_other(&format!("/admin/members/{id}/access?done=out")))
}
