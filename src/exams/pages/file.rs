//! `/admin/exams/{slug}/settings/file`: the same document as the file that the command line reads, to look at and to write.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::notice::{Notice, title};
use super::steps::Step;
use super::{Kept, keep};
use crate::access::{May, Posted, PublishExams};
use crate::app::App;
use crate::document::yaml::Document;
use crate::error::Result;
use crate::exams::checking::checked;
use crate::exams::work::Work;
use crate::exams::written::{as_file, written};
use crate::web::page::{Page, Shell, see_other};

/// One mistake of the file.
struct Line {
    line: usize,
    column: usize,
    text: String,
}

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileForm {
    text: String,
    #[serde(default)]
    seen: Option<String>,
    #[serde(default)]
    step: String,
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
    let document = match Document::parse(&form.text) {
        Ok(document) if document.value.is_object() => document,
        Ok(_) => {
            page.wrong = vec![Line { line: 1, column: 1, text: w.t("exam-file-no-mapping") }];
            return again(page, StatusCode::UNPROCESSABLE_ENTITY);
        }
        Err(broken) => {
            page.wrong = vec![Line { line: broken.line, column: broken.column, text: broken.detail }];
            return again(page, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let mut value = document.value.clone();
    if value["slug"] != json!(slug) {
        let (line, column) = document.place("/slug");
        page.wrong = vec![Line { line, column, text: w.with1("exam-file-slug", "slug", slug.as_str()) }];
        return again(page, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let found = checked(app.db.read(), &value).await?;
    let line = |mistake: &waymark_assess::Mistake| {
        let (line, column) = document.place(&mistake.pointer);
        Line { line, column, text: mistake.message_in(w.lang()).to_owned() }
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
