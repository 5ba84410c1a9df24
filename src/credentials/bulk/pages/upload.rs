//! The first step: a file and a track.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::access::{IssueCredentials, May};
use crate::app::App;
use crate::credentials::bulk::sheet::{self, Format, Settings};
use crate::error::Result;
use crate::issuer;
use crate::jobs;
use crate::tables::{self, Earlier, Encoding, FileSettings, Finding, Head, Import as _, Uploaded};
use crate::tracks::{self, Kind};
use crate::web::i18n::{Locale, Words};
use crate::web::page::{Page, Shell, see_other};

struct TrackChoice {
    slug: String,
    title: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "bulk/upload.html")]
struct UploadPage {
    shell: Shell,
    head: Head,
    tracks: Vec<TrackChoice>,
    locale: String,
    encoding: String,
    problems: Vec<String>,
    /// With what each came to.
    earlier: Vec<(Earlier, String)>,
    mail: bool,
}

/// `GET /admin/credentials/bulk`.
pub async fn bulk_page(may: May<IssueCredentials>, State(app): State<App>) -> Result<impl IntoResponse> {
    page(&app, may.shell(), &Uploaded::default(), vec![]).await
}

async fn page(app: &App, shell: Shell, form: &Uploaded, problems: Vec<String>) -> Result<Response> {
    let (w, db) = (shell.w, app.db.read());
    let offered = tracks::current(db).await?.into_iter().filter(|v| v.definition.kind != Kind::Title);
    let tracks = offered.map(|v| TrackChoice {
        title: w.pick(&v.definition.title).to_owned(),
        chosen: v.definition.slug == form.field("track"),
        slug: v.definition.slug,
    });
    let zone = issuer::zone(db).await?;
    let mut earlier = vec![];
    for table in tables::earlier::<Settings>(app, w, &zone).await? {
        let counts = jobs::counts(db, table.id).await?;
        earlier.push((table, w.with2("bulk-counts", "done", counts.done, "failed", counts.failed)));
    }
    let default = issuer::default_issuer(db).await?.map(|i| i.profile.language(None).as_str().to_owned());
    let locale = match form.field("locale") {
        "" => default.unwrap_or_default(),
        said => said.to_owned(),
    };
    let mail = !app.config.mail.host.is_empty();
    let refused = !problems.is_empty();
    let page = UploadPage {
        head: Head::of::<Settings>(w, "bulk-step-file", 1),
        tracks: tracks.collect(),
        locale,
        encoding: form.field("encoding").to_owned(),
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
    let Some(form) = tables::sent(request, &app, &may.principal).await? else {
        let problem = may.shell().w.t("bulk-why-too-large");
        let mut response = page(&app, may.shell(), &Uploaded::default(), vec![problem]).await?;
        *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return Ok(response);
    };
    let w = may.shell().w;
    let settings = match settings(&app, &form, w).await? {
        Ok(settings) => settings,
        Err(problems) => return page(&app, may.shell(), &form, problems).await,
    };
    let id = tables::prepare(&app, may.actor(), &settings, form.file, None).await?;
    Ok(see_other(&format!("{}/{id}", Settings::FIRST)))
}

/// The file as far as it can be judged without its columns.
async fn settings(app: &App, form: &Uploaded, w: Words) -> Result<std::result::Result<Settings, Vec<String>>> {
    if form.file.is_empty() {
        return Ok(Err(vec![w.t("bulk-why-no-file")]));
    }
    let encoding = Encoding::parse(form.field("encoding"));
    let name = form.name.to_lowercase();
    let lines = [".ndjson", ".jsonl"].iter().any(|end| name.ends_with(end));
    let format = if lines || form.file.first() == Some(&b'{') { Format::Ndjson } else { Format::Csv };
    let settings = Settings {
        format,
        track: Some(form.field("track").to_owned()).filter(|t| !t.is_empty()),
        locale: Locale::parse(form.field("locale")).map(|l| l.as_str().to_owned()),
        file: FileSettings::of(&form.name, encoding, &form.file),
    };
    let (bytes, how) = (form.file.clone(), settings.clone());
    let read = tables::apart(app, move |place| match format {
        Format::Csv => tables::open(place, &bytes, encoding).map(|_| ()).map_err(|f| vec![f]),
        Format::Ndjson => sheet::read(place, &bytes, &how).map(|_| ()),
    });
    let told = |wrong: Vec<Finding>| wrong.iter().map(|f| f.told(w)).collect::<Vec<_>>();
    Ok(read.await?.map(|()| settings).map_err(told))
}
