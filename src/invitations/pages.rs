//! `/admin/invitations`: who is invited and how it stands; inviting one person, sending again, taking back.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::by_staff::{How, again, invite_one, take_back};
use super::service::{self, Filter, INVITATION, Invitation};
use crate::access::{EnrolMembers, May, Posted};
use crate::app::App;
use crate::database::pagination::Listed;
use crate::error::{Code, Error, Fault, Result};
use crate::ids::InvitationId;
use crate::web::i18n::{Locale, Words};
use crate::web::page::{Page, Shell, see_other};
use crate::{issuer, members};

const ON_A_PAGE: u64 = 50;

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    cursor: Option<String>,
    #[serde(default)]
    done: String,
}

struct Tab {
    value: &'static str,
    word: String,
    count: u64,
    here: bool,
}

struct Line {
    id: String,
    member: String,
    name: String,
    email: String,
    word: String,
    chip: &'static str,
    by: Option<String>,
    sent: Option<String>,
    until: String,
    ended: Option<String>,
    sendable: bool,
    withdrawable: bool,
}

#[derive(Template)]
#[template(path = "invitations/list.html")]
struct ListPage {
    shell: Shell,
    tabs: Vec<Tab>,
    state: &'static str,
    lines: Vec<Line>,
    next: Option<String>,
    mail: bool,
    done: &'static str,
    form: InviteForm,
    wrong: BTreeMap<&'static str, String>,
}

/// `GET /admin/invitations`.
pub async fn invitations_page(
    staff: May<EnrolMembers>,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse> {
    Ok(Page(list_page(&app, staff.shell(), &asked).await?))
}

async fn list_page(app: &App, shell: Shell, asked: &Asked) -> Result<ListPage> {
    let (w, db, now) = (shell.w, app.db.read(), app.db.now());
    let filter = Filter::parse(&asked.state).unwrap_or(Filter::Open);
    let before = match asked.cursor.as_deref() {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| Error::not_found())?),
    };
    let found = service::list(db, now, Some(filter), before, ON_A_PAGE + 1).await?;
    let found = Listed::cut(found, ON_A_PAGE, |invitation| invitation.id.to_string());
    let mut lines = vec![];
    for invitation in &found.data {
        lines.push(line(app, w, invitation).await?);
    }
    let mut tabs = vec![];
    for each in Filter::ALL {
        tabs.push(Tab {
            value: each.as_str(),
            word: w.t(&format!("invitations-{}", each.as_str())),
            count: each.count(db, now).await?,
            here: each == filter,
        });
    }
    let done = ["sent", "withdrawn"].into_iter().find(|word| asked.done == *word).unwrap_or_default();
    let language = issuer::language(db).await?.as_str().to_owned();
    Ok(ListPage {
        tabs,
        state: filter.as_str(),
        lines,
        next: found.next_cursor,
        mail: !app.config.mail.host.is_empty(),
        done,
        form: InviteForm { language, ..InviteForm::default() },
        wrong: BTreeMap::new(),
        shell,
    })
}

async fn line(app: &App, w: Words, invitation: &Invitation) -> Result<Line> {
    let db = app.db.read();
    let member = members::find(db, invitation.member).await?;
    let standing = invitation.standing(db, app.db.now()).await?;
    let zone = issuer::zone(db).await?;
    let chip = match standing.as_str() {
        "accepted" => "valid",
        "open" => "info",
        "expired" => "expired",
        _ => "unknown",
    };
    Ok(Line {
        id: invitation.id.to_string(),
        member: member.id.to_string(),
        name: member.name,
        email: member.email,
        word: w.t(&format!("invitations-{}", standing.as_str())),
        chip,
        by: invitation.inviter(db).await?,
        sent: invitation.sent_at.map(|at| zone.instant(w, at)),
        until: zone.date(w, invitation.expires_at),
        ended: invitation.ended_at.map(|at| zone.instant(w, at)),
        sendable: standing.can_be_sent(),
        withdrawable: standing.can_be_withdrawn(),
    })
}

#[derive(Debug, Default, Deserialize)]
pub struct InviteForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    how: String,
}

fn how(text: &str) -> Result<How> {
    match text {
        "mail" => Ok(How::Mail),
        "link" => Ok(How::Link),
        _ => Err(Error::invalid(vec![Fault::new("/how", "unknown_word", "use mail or link")])),
    }
}

/// `POST /admin/invitations`: one person, by name and address. Who is known by that address already is invited as they are known.
pub async fn invite_post(
    staff: May<EnrolMembers>,
    State(app): State<App>,
    Posted(form): Posted<InviteForm>,
) -> Result<Response> {
    let how = how(&form.how)?.checked(&app)?;
    let locale = Locale::parse(&form.language);
    if how == How::Mail {
        app.limits.letter(&form.email)?;
    }
    let made = match locale {
        None => Err(Error::invalid(vec![Fault::new("/language", "unknown_locale", "use `ja` or `en`")])),
        Some(locale) => invite_one(&app, staff.actor(), &form.email, &form.name, locale, how).await,
    };
    match made {
        Ok((made, Some(token))) => shown(&app, staff.shell(), &made, &token).await,
        Ok((_, None)) => Ok(see_other("/admin/invitations?done=sent")),
        Err(e) if matches!(e.code(), Code::ValidationFailed | Code::AlreadyClaimed) => {
            let mut page = list_page(&app, staff.shell(), &Asked::default()).await?;
            page.wrong = wrong(page.shell.w, &e);
            page.form = form;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(e) => Err(e),
    }
}

fn wrong(w: Words, e: &Error) -> BTreeMap<&'static str, String> {
    if e.code() == Code::AlreadyClaimed {
        return BTreeMap::from([("email", w.t("invitations-wrong-claimed"))]);
    }
    let told = e.faults().iter().map(|fault| match fault.pointer.as_str() {
        "/email" => ("email", w.t("bulk-why-invalid-email")),
        "/language" => ("language", w.t("bulk-why-unknown-locale")),
        _ => ("name", w.t("bulk-why-invalid-name")),
    });
    told.collect()
}

#[derive(Template)]
#[template(path = "invitations/link.html")]
struct LinkPage {
    shell: Shell,
    name: String,
    link: String,
    days: i64,
}

async fn shown(app: &App, shell: Shell, made: &Invitation, token: &str) -> Result<Response> {
    let name = members::find(app.db.read(), made.member).await?.name;
    let page = LinkPage { name, link: app.links.invitation(token), days: INVITATION.whole_days(), shell };
    Ok(Page(page).into_response())
}

#[derive(Deserialize)]
pub struct Step {
    step: String,
}

/// `POST /admin/invitations/{id}`: send again, make a link to hand over, take back.
pub async fn invitation_post(
    staff: May<EnrolMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<Step>,
) -> Result<Response> {
    let id: InvitationId = id.parse().map_err(|_| Error::not_found())?;
    service::find(app.db.read(), id).await?;
    if form.step == "withdraw" {
        take_back(&app, staff.actor(), id).await?;
        return Ok(see_other("/admin/invitations?state=withdrawn&done=withdrawn"));
    }
    let how = how(&form.step)?.checked(&app)?;
    match again(&app, staff.actor(), id, how).await? {
        (made, Some(token)) => shown(&app, staff.shell(), &made, &token).await,
        _ => Ok(see_other("/admin/invitations?done=sent")),
    }
}
