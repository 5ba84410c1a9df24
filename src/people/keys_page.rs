//! `/admin/api-keys`: keys for programs. One is shown on the answer that made it and nowhere else.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::access_page::who;
use super::staff_page::choice;
use crate::access::{self, ManageApiKeys, May, NotKept, Posted, Principal, Role};
use crate::app::App;
use crate::database::Kind;
use crate::error::{Error, Result};
use crate::ids::ApiKeyId;
use crate::web::form::{Field, Shape, Wrong};
use crate::web::page::{Page, Shell, see_other};
use crate::{contributions, exams, issuer};

struct Line {
    id: String,
    name: String,
    role: String,
    source: Option<String>,
    made: String,
    ended: Option<String>,
    may_end: bool,
}

#[derive(Template)]
#[template(path = "people/api_keys.html")]
struct KeysPage {
    shell: Shell,
    rows: Vec<Line>,
    fields: Vec<Field>,
    wrong: Wrong,
    /// The key that was made just now.
    key: Option<String>,
    done: Option<String>,
}

/// The form as it was filled in.
#[derive(Debug, Default, Deserialize)]
pub struct KeyForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    exams: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
    /// The source that a key is to be made for.
    #[serde(default)]
    source: String,
}

const LONGEST_NAME: usize = 120;
const MOST_EXAMS: usize = 50;

/// `GET /admin/api-keys`.
pub async fn api_keys_page(
    staff: May<ManageApiKeys>,
    State(app): State<App>,
    Query(done): Query<Done>,
) -> Result<impl IntoResponse> {
    let form = KeyForm { role: Role::Source.as_str().to_owned(), source: done.source, ..KeyForm::default() };
    let mut page = page(&app, staff.shell(), &staff.principal, form, Wrong::default()).await?;
    page.done = ["ended", "source", "source-unproved"]
        .contains(&&*done.done)
        .then(|| page.shell.w.t(&format!("apikeys-done-{}", done.done)));
    Ok(Page(page))
}

async fn page(app: &App, shell: Shell, principal: &Principal, form: KeyForm, wrong: Wrong) -> Result<KeysPage> {
    let (db, w) = (app.db.read(), shell.w);
    let zone = issuer::zone(db).await?;
    let mut rows = vec![];
    for key in access::api_keys(db).await? {
        let by = who(app, &shell, key.made_by.as_deref()).await?;
        rows.push(Line {
            id: key.id.to_string(),
            role: w.t(&format!("role-{}", key.role.as_str())),
            made: w.with2("apikeys-made", "date", zone.date(w, key.made_at), "by", by),
            may_end: key.ended_at.is_none() && principal.reaches(&[key.role]).is_ok(),
            ended: key.ended_at.map(|at| zone.instant(w, at)),
            name: key.name,
            source: key.source,
        });
    }
    let mut sources = vec![(String::new(), w.t("apikeys-source-none"))];
    sources.extend(contributions::sources(db).await?.into_iter().map(|source| {
        let title = w.pick(&source.title).to_owned();
        (source.source, title)
    }));
    let fields = vec![
        Field::new(w, "apikeys", "name", &form.name, &wrong).required().at_most(LONGEST_NAME),
        Field::new(w, "apikeys", "role", &form.role, &wrong).of(choice(w, principal, &Role::ALL)),
        Field::new(w, "apikeys", "source", &form.source, &wrong).of(Shape::Choice(sources)),
        Field::new(w, "apikeys", "exams", &form.exams, &wrong).at_most(1000),
    ];
    Ok(KeysPage { rows, fields, wrong, key: None, done: None, shell })
}

/// `POST /admin/api-keys`.
pub async fn make_key_post(
    staff: May<ManageApiKeys>,
    State(app): State<App>,
    Posted(form): Posted<KeyForm>,
) -> Result<Response> {
    let (db, w) = (app.db.read(), staff.shell().w);
    let mut wrong = Wrong::default();
    let name = form.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        wrong.note(w, "apikeys", "name");
    }
    let role = Role::parse(&form.role);
    match role {
        None => wrong.note(w, "apikeys", "role"),
        Some(role) => staff.principal.reaches(&[role])?,
    }
    let source = form.source.trim();
    let source = match role {
        Some(Role::Source) => {
            if contributions::sources(db).await?.iter().all(|known| known.source != source) {
                wrong.note(w, "apikeys", "source");
            }
            Some(source)
        }
        _ => None,
    };
    let slugs: Vec<String> =
        form.exams.split([',', '、', ' ']).map(str::trim).filter(|slug| !slug.is_empty()).map(str::to_owned).collect();
    if role == Some(Role::Proctor) {
        let mut known = !slugs.is_empty() && slugs.len() <= MOST_EXAMS;
        for slug in slugs.iter().take(MOST_EXAMS) {
            known = known && exams::find(db, slug).await?.is_some();
        }
        if !known {
            wrong.note(w, "apikeys", "exams");
        }
    }
    let Some(role) = role.filter(|_| wrong.is_empty()) else {
        let page = page(&app, staff.shell(), &staff.principal, form, wrong).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    };
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let (_, key) = match role {
        Role::Proctor => access::create_proctor_key(&mut ch, &name, &slugs).await?,
        role => access::create_api_key(&mut ch, &name, role, source).await?,
    };
    ch.commit().await?;
    let fresh = KeyForm { role: Role::Source.as_str().to_owned(), ..KeyForm::default() };
    let mut page = page(&app, staff.shell(), &staff.principal, fresh, Wrong::default()).await?;
    page.key = Some(key);
    Ok((Extension(NotKept), Page(page)).into_response())
}

#[derive(Deserialize)]
pub struct Nothing {}

/// `POST /admin/api-keys/{id}/end`.
pub async fn end_key_post(
    staff: May<ManageApiKeys>,
    State(app): State<App>,
    Path(id): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response> {
    let id: ApiKeyId = id.parse().map_err(|_| Error::not_found())?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    if access::end_api_key(&mut ch, &staff.principal, id).await? {
        ch.commit().await?;
    } else {
        ch.undo().await?;
    }
    Ok(see_other("/admin/api-keys?done=ended"))
}
