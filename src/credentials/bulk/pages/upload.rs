//! The first step: a file and a track.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::access::{IssueCredentials, May, check_multipart};
use crate::app::App;
use crate::credentials::bulk::sheet::{self, Format, Settings};
use crate::credentials::bulk::work;
use crate::error::{Code, Result};
use crate::issuer;
use crate::jobs::{self, JobKind};
use crate::tables::{self, Encoding, Finding, TABLE_LIMIT};
use crate::tracks::{self, Kind};
use crate::web::i18n::{Locale, Words};
use crate::web::page::{Page, Shell, see_other};

/// Earlier tables that are listed.
const EARLIER: u64 = 10;

struct TrackChoice {
    slug: String,
    title: String,
    chosen: bool,
}

struct Earlier {
    address: String,
    name: String,
    when: String,
    state: String,
    counts: String,
}

#[derive(Template)]
#[template(path = "bulk/upload.html")]
struct UploadPage {
    shell: Shell,
    tracks: Vec<TrackChoice>,
    locale: String,
    encoding: String,
    problems: Vec<String>,
    earlier: Vec<Earlier>,
    mail: bool,
}

/// `GET /admin/credentials/bulk`.
pub async fn bulk_page(may: May<IssueCredentials>, State(app): State<App>) -> Result<impl IntoResponse> {
    page(&app, may.shell(), &Form::default(), vec![]).await
}

#[derive(Default)]
struct Form {
    csrf: String,
    track: String,
    locale: String,
    encoding: String,
    name: String,
    file: Vec<u8>,
}

async fn page(app: &App, shell: Shell, form: &Form, problems: Vec<String>) -> Result<Response> {
    let (w, db) = (shell.w, app.db.read());
    let offered = tracks::current(db).await?.into_iter().filter(|v| v.definition.kind != Kind::Title);
    let tracks = offered.map(|v| TrackChoice {
        title: w.pick(&v.definition.title).to_owned(),
        chosen: v.definition.slug == form.track,
        slug: v.definition.slug,
    });
    let zone = issuer::zone(db).await?;
    let mut earlier = vec![];
    for job in jobs::recent(db, JobKind::BulkIssue, EARLIER).await? {
        let counts = jobs::counts(db, job.id).await?;
        earlier.push(Earlier {
            address: super::address(&job),
            name: job.input["name"]
                .as_str()
                .filter(|n| !n.is_empty())
                .map_or_else(|| job.id.to_string(), str::to_owned),
            when: zone.instant(w, job.created_at),
            state: w.t(&format!("job-{}", job.state.as_str())),
            counts: w.with2("bulk-counts", "done", counts.done, "failed", counts.failed),
        });
    }
    let default = issuer::default_issuer(db).await?.map(|i| i.profile.language(None).as_str().to_owned());
    let locale = if form.locale.is_empty() { default.unwrap_or_default() } else { form.locale.clone() };
    let mail = !app.config.mail.host.is_empty();
    let refused = !problems.is_empty();
    let page = UploadPage {
        tracks: tracks.collect(),
        locale,
        encoding: form.encoding.clone(),
        problems,
        earlier,
        mail,
        shell,
    };
    let mut response = Page(page).into_response();
    if refused {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// `POST /admin/credentials/bulk`: reads the file, keeps it, and leads to the columns. Nothing is issued.
pub async fn upload_bulk(may: May<IssueCredentials>, State(app): State<App>, request: Request) -> Result<Response> {
    let form = match uploaded(request, &app).await {
        Err(e) if e.code() == Code::TooLarge => {
            let problem = may.shell().w.t("bulk-why-too-large");
            let mut response = page(&app, may.shell(), &Form::default(), vec![problem]).await?;
            *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
            return Ok(response);
        }
        other => other?,
    };
    check_multipart(&may.principal, &form.csrf)?;
    let w = may.shell().w;
    let settings = match settings(&app, &form, w).await? {
        Ok(settings) => settings,
        Err(problems) => return page(&app, may.shell(), &form, problems).await,
    };
    let id = work::prepare(&app, may.actor(), &settings, form.file, None).await?;
    Ok(see_other(&format!("/admin/credentials/bulk/{id}")))
}

/// The file as far as it can be judged without its columns.
async fn settings(app: &App, form: &Form, w: Words) -> Result<std::result::Result<Settings, Vec<String>>> {
    if form.file.is_empty() {
        return Ok(Err(vec![w.t("bulk-why-no-file")]));
    }
    let encoding = Encoding::parse(&form.encoding);
    let name = form.name.to_lowercase();
    let lines = [".ndjson", ".jsonl"].iter().any(|end| name.ends_with(end));
    let format = if lines || form.file.first() == Some(&b'{') { Format::Ndjson } else { Format::Csv };
    let settings = Settings {
        format,
        track: Some(form.track.trim().to_owned()).filter(|t| !t.is_empty()),
        locale: Locale::parse(&form.locale).map(|l| l.as_str().to_owned()),
        encoding,
        columns: None,
        name: form.name.chars().filter(|c| !c.is_control()).take(120).collect(),
        sha256: tables::hash_of(&form.file),
    };
    let (bytes, how) = (form.file.clone(), settings.clone());
    let read = tables::apart(app, move |place| match format {
        Format::Csv => tables::open(place, &bytes, encoding).map(|_| ()).map_err(|f| vec![f]),
        Format::Ndjson => sheet::read(place, &bytes, &how).map(|_| ()),
    });
    let told = |wrong: Vec<Finding>| wrong.iter().map(|f| f.told(w)).collect::<Vec<_>>();
    Ok(read.await?.map(|()| settings).map_err(told))
}

async fn uploaded(request: Request, app: &App) -> Result<Form> {
    let posted = tables::uploaded(request, app, TABLE_LIMIT).await?;
    let said = |name: &str| posted.fields.get(name).cloned().unwrap_or_default();
    Ok(Form {
        csrf: said("csrf"),
        track: said("track"),
        locale: said("locale"),
        encoding: said("encoding"),
        name: posted.name.clone(),
        file: posted.file,
    })
}
