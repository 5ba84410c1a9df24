//! Names: `/me/name`, where a member asks for another one, and the staff's side of it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::person::Shown;
use super::portal::calendar;
use crate::access::{self, May, Posted, ReadMembers, RenameMembers, SignedIn};
use crate::app::App;
use crate::database::Kind;
use crate::database::pagination::{Listed, PageQuery};
use crate::error::{Code, Error, Result};
use crate::ids::MemberId;
use crate::members;
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};

#[derive(Template)]
#[template(path = "home/my_name.html")]
struct MyNamePage {
    shell: Shell,
    name: String,
    /// What they asked for, and since when it waits.
    waiting: Option<(String, String)>,
    form: NameForm,
    wrong: Vec<(&'static str, String)>,
    asked: bool,
}

#[derive(Debug, Default, Deserialize)]
pub struct NameForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    note: String,
    /// `decline` on the staff's form.
    #[serde(default)]
    step: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    asked: String,
}

async fn my_name(app: &App, me: &SignedIn, form: NameForm) -> Result<MyNamePage> {
    let shell = me.shell();
    let member = members::find(app.db.read(), me.member).await?;
    let zone = calendar(app).await?;
    let waiting = members::name_request_of(app.db.read(), member.id).await?;
    let waiting = waiting.map(|asked| (asked.name, zone.date(shell.w, asked.asked_at)));
    Ok(MyNamePage { name: member.name, waiting, form, wrong: vec![], asked: false, shell })
}

/// `GET /me/name`.
pub async fn my_name_page(
    me: SignedIn,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse> {
    let mut page = my_name(&app, &me, NameForm::default()).await?;
    page.asked = asked.asked == "yes" && page.waiting.is_some();
    Ok(Page(page))
}

/// `POST /me/name`: the name waits for staff.
pub async fn my_name_post(me: SignedIn, State(app): State<App>, Posted(form): Posted<NameForm>) -> Result<Response> {
    let mut ch = app.db.change(me.actor(), Kind::Ordinary).await?;
    let note = form.note.replace("\r\n", "\n");
    match members::ask_for_name(&mut ch, me.member, &form.name, Some(&note)).await {
        Ok(()) => {
            ch.commit().await?;
            Ok(see_other("/me/name?asked=yes"))
        }
        Err(e) if e.code() == Code::ValidationFailed => {
            drop(ch);
            let mut page = my_name(&app, &me, form).await?;
            page.wrong = wrong(page.shell.w, &e);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(e) => Err(e),
    }
}

fn wrong(w: Words, e: &Error) -> Vec<(&'static str, String)> {
    let told = e.faults().iter().map(|fault| match (fault.pointer.as_str(), fault.code) {
        ("/note", _) => ("note", w.t("name-wrong-note")),
        (_, "unchanged") => ("name", w.t("name-wrong-unchanged")),
        _ => ("name", w.t("name-wrong-name")),
    });
    told.collect()
}

struct NameLine {
    member: String,
    name: String,
    wanted: String,
    note: Option<String>,
    since: String,
}

#[derive(Template)]
#[template(path = "home/names.html")]
struct NamesPage {
    shell: Shell,
    rows: Vec<NameLine>,
    next: Option<String>,
}

const ON_A_PAGE: u64 = 25;

/// `GET /admin/names`: who waits for another name.
pub async fn names_page(
    staff: May<ReadMembers>,
    State(app): State<App>,
    Query(page): Query<PageQuery>,
) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let after = page.cursor.as_deref().map(str::parse).transpose().map_err(|_| Error::not_found())?;
    let found = members::name_requests(app.db.read(), after, ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, ON_A_PAGE, |asked| asked.id.to_string());
    let zone = calendar(&app).await?;
    let mut rows = vec![];
    for asked in listed.data {
        rows.push(NameLine {
            member: asked.member.to_string(),
            name: members::find(app.db.read(), asked.member).await?.name,
            wanted: asked.name,
            note: asked.note,
            since: zone.date(shell.w, asked.asked_at),
        });
    }
    Ok(Page(NamesPage { shell, rows, next: listed.next_cursor }))
}

/// `POST /admin/members/{id}/name`: changes it, or declines what was asked for.
pub async fn rename_post(
    staff: May<RenameMembers>,
    State(app): State<App>,
    Path(id): Path<String>,
    Posted(form): Posted<NameForm>,
) -> Result<Response> {
    let id: MemberId = id.parse().map_err(|_| Error::not_found())?;
    let id = members::find(app.db.read(), id).await?.id;
    let back = |done: &str| see_other(&format!("/admin/members/{id}?done={done}#name"));
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    if form.step == "decline" {
        if members::close_request(&mut ch, id).await? {
            ch.commit().await?;
        }
        return Ok(back("declined"));
    }
    staff.principal.reaches(&access::roles_of(ch.tx(), id).await?)?;
    match members::rename(&mut ch, id, &form.name).await {
        Ok(true) => ch.commit().await?,
        Ok(false) => drop(ch),
        Err(e) if e.code() == Code::ValidationFailed => {
            drop(ch);
            let shell = staff.shell();
            let text = shell.w.t("name-wrong-name");
            let wrong = Some((form.name, text));
            let page = super::person::member(&app, shell, &staff.principal, id, &Shown::default(), wrong).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        Err(e) => return Err(e),
    }
    Ok(back("renamed"))
}
