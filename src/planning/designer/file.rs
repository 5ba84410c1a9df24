//! `/admin/tracks/{slug}/file`: the same document as the file that the command line reads, to look at and to write.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::notice::Notice;
use super::typed::Fields;
use super::words::title;
use super::work::Work;
use super::{Kept, keep};
use crate::access::{May, Posted, PublishTracks};
use crate::app::App;
use crate::error::{Code, Error, Fault, Result};
use crate::planning::check::checked;
use crate::program::document_of_track;
use crate::tracks::TrackDefinition;
use crate::web::page::{Page, Shell, see_other};
use crate::web::written::{FileForm, Line, typed};

#[derive(Template)]
#[template(path = "planning/file.html")]
struct FilePage {
    shell: Shell,
    slug: String,
    title: String,
    text: String,
    seen: String,
    wrong: Vec<Line>,
    notice: Notice,
    good: bool,
    locked: bool,
}

impl FilePage {
    /// Where the file stands in the folder of a program.
    fn name(&self) -> String {
        format!("tracks/{}.yaml", self.slug)
    }
}

fn page(shell: Shell, work: &Work, text: String) -> FilePage {
    FilePage {
        title: title(shell.w, &work.base(), &work.slug),
        slug: work.slug.clone(),
        seen: work.seen(),
        wrong: vec![],
        notice: Notice::None,
        good: false,
        locked: work.is_locked(),
        text,
        shell,
    }
}

/// `GET /admin/tracks/{slug}/file`.
pub async fn file_page(
    staff: May<PublishTracks>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    let work = Work::found(&app, &slug).await?;
    let document = work.base();
    let whole = TrackDefinition::from_value(&document).map_or(document, |definition| definition.as_file());
    Ok(Page(page(staff.shell(), &work, document_of_track(whole))))
}

/// `POST /admin/tracks/{slug}/file`: checks, keeps as a draft, or publishes. What is no YAML is not kept, and stays in the field.
pub async fn file_post(
    staff: May<PublishTracks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(form): Posted<FileForm>,
) -> Result<Response> {
    let work = Work::found(&app, &slug).await?;
    if work.is_locked() {
        return Err(Error::new(Code::ManagedByFiles));
    }
    let shell = staff.shell();
    let w = shell.w;
    let mut page = page(shell, &work, form.text.clone());
    let again = |page: FilePage, status: StatusCode| Ok((status, Page(page)).into_response());
    let document = match typed(&form.text, &slug, w, ("designer-file-no-mapping", "designer-file-slug")) {
        Ok(document) => document,
        Err(wrong) => {
            page.wrong = vec![wrong];
            return again(page, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let value = document.value.clone();
    let found = checked(app.db.read(), &value).await?;
    let line = |fault: &Fault| Line::at(&document, &fault.pointer, fault.detail.clone());
    page.wrong = found.faults.iter().map(line).collect();
    page.good = found.good().is_some();
    if !matches!(form.step.as_str(), "draft" | "publish") {
        return again(page, StatusCode::OK);
    }
    let value = found.good().map_or(value, TrackDefinition::as_file);
    let fields: Fields = form.seen.into_iter().map(|seen| ("seen".to_owned(), seen)).collect();
    match keep(&staff, &app, &work, &value, &form.step, &fields).await? {
        Kept::There(path) => Ok(see_other(&path)),
        Kept::Not(notice, status) => {
            page.notice = notice;
            again(page, status)
        }
    }
}
