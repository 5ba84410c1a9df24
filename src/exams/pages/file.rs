//! `/admin/exams/{slug}/settings/file`: the same document as the file that the command line reads, to look at and to write.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::notice::{Notice, title};
use super::steps::Step;
use super::{Kept, keep};
use crate::access::{May, Posted, PublishExams};
use crate::app::App;
use crate::error::Result;
use crate::exams::checking::checked;
use crate::exams::work::Work;
use crate::exams::written::{as_file, written};
use crate::web::page::{Page, Shell, see_other};
use crate::web::written::{FileForm, Line, typed};

#[derive(Template)]
#[template(path = "exams/file.html")]
struct FilePage {
    shell: Shell,
    slug: String,
    title: String,
    text: String,
    seen: String,
    wrong: Vec<Line>,
    notice: Notice,
    good: bool,
}

impl FilePage {
    /// Where the file stands in the folder of a program.
    fn name(&self) -> String {
        format!("exams/{}.yaml", self.slug)
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
        text,
        shell,
    }
}

/// `GET /admin/exams/{slug}/settings/file`.
pub async fn file_page(
    staff: May<PublishExams>,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    let work = Work::found(app.db.read(), &slug).await?;
    let document = work.base();
    let text = match waymark_assess::ExamSpec::from_value(&document) {
        Ok(spec) => written(&spec),
        Err(_) => as_file(document),
    };
    Ok(Page(page(staff.shell(), &work, text)))
}

/// `POST /admin/exams/{slug}/settings/file`: checks, keeps as a draft, or publishes. What is no YAML is not kept, and stays in the field.
pub async fn file_post(
    staff: May<PublishExams>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(form): Posted<FileForm>,
) -> Result<Response> {
    let work = Work::found(app.db.read(), &slug).await?;
    let shell = staff.shell();
    let w = shell.w;
    let mut page = page(shell, &work, form.text.clone());
    let again = |page: FilePage, status: StatusCode| Ok((status, Page(page)).into_response());
    let document = match typed(&form.text, &slug, w, ("exam-file-no-mapping", "exam-file-slug")) {
        Ok(document) => document,
        Err(wrong) => {
            page.wrong = vec![wrong];
            return again(page, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let mut value = document.value.clone();
    let found = checked(app.db.read(), &value).await?;
    let line = |mistake: &waymark_assess::Mistake| {
        Line::at(&document, &mistake.pointer, mistake.message_in(w.lang()).to_owned())
    };
    page.wrong = found.mistakes.iter().map(line).collect();
    page.good = found.good().is_some();
    let step = match form.step.as_str() {
        "draft" => Step::Draft,
        "publish" => Step::Publish,
        _ => return again(page, StatusCode::OK),
    };
    if let Some(spec) = found.good() {
        value = spec.to_value();
    }
    match keep(&staff, &app, &work, &value, &step, form.seen.as_ref()).await? {
        Kept::There(path) => Ok(see_other(&path)),
        Kept::Not(notice, status) => {
            page.notice = notice;
            again(page, status)
        }
    }
}
