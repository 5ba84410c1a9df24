//! `/admin/settings/source`: a source that speaks CloudEvents, added by form. Those of other systems have secrets on the server, and are files.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::access::{ApplyProgram, May, Posted};
use crate::app::App;
use crate::contributions::{self, SourceDefinition};
use crate::database::Kind;
use crate::error::Result;
use crate::program;
use crate::web::form::{Field, Shape, Wrong};
use crate::web::page::{Page, Shell, see_other};

/// What a source can be said to send; a file may name others.
const KINDS: &[&str] = &[
    "question.asked",
    "answer.posted",
    "answer.accepted",
    "idea.submitted",
    "idea.supported",
    "idea.shipped",
    "content.published",
    "content.viewed",
    "event.held",
    "event.attended",
    "talk.given",
    "review.published",
    "referral.made",
    "mentoring.session",
    "thanks.given",
    "change.merged",
];

/// The form as it was filled in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SourceForm {
    source: String,
    title_ja: String,
    title_en: String,
    kinds: Vec<String>,
    mailto: String,
}

struct Tick {
    kind: &'static str,
    words: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "people/source.html")]
struct SourcePage {
    shell: Shell,
    fields: Vec<Field>,
    kinds: Vec<Tick>,
    why_kinds: Option<String>,
    mailto: Field,
    wrong: Wrong,
}

impl SourcePage {
    fn of(shell: Shell, form: &SourceForm, wrong: Wrong) -> Self {
        let w = shell.w;
        let field = |id, value: &str| Field::new(w, "newsource", id, value, &wrong);
        let tick = |kind: &&'static str| Tick {
            kind,
            words: w.t(&format!("kind-{}", kind.replace('.', "-"))),
            on: form.kinds.iter().any(|chosen| chosen == kind),
        };
        Self {
            fields: vec![
                field("source", &form.source).required().at_most(500),
                field("title_ja", &form.title_ja).at_most(120).written_in("ja"),
                field("title_en", &form.title_en).at_most(120).written_in("en"),
            ],
            kinds: KINDS.iter().map(tick).collect(),
            why_kinds: wrong.of("kinds"),
            mailto: field("mailto", &form.mailto).of(Shape::Tick),
            wrong,
            shell,
        }
    }
}

impl SourceForm {
    /// The source, read by the code that reads `sources/*.yaml`, or every field that is wrong.
    fn read(&self) -> std::result::Result<SourceDefinition, Vec<&'static str>> {
        let mut wrong = vec![];
        if url::Url::parse(self.source.trim()).is_err() {
            wrong.push("source");
        }
        if self.kinds.is_empty() || self.kinds.len() > KINDS.len() {
            wrong.push("kinds");
        }
        let titles = [("ja", &self.title_ja), ("en", &self.title_en)];
        let titles = titles.into_iter().filter(|(_, title)| !title.trim().is_empty());
        let title: Map<String, Value> = titles.map(|(tag, title)| (tag.to_owned(), json!(title))).collect();
        let mut subjects = vec!["member", "handle"];
        if self.mailto == "yes" {
            subjects.push("mailto");
        }
        let document = json!({"source": self.source, "title": title, "types": self.kinds, "subjects": subjects});
        match SourceDefinition::from_value(&document) {
            Ok(source) if wrong.is_empty() => Ok(source),
            Ok(_) => Err(wrong),
            Err(faults) => {
                wrong.extend(faults.iter().map(|fault| match fault.pointer.as_str() {
                    at if at.starts_with("/title/en") => "title_en",
                    at if at.starts_with("/title") => "title_ja",
                    at if at.starts_with("/types") => "kinds",
                    _ => "source",
                }));
                Err(wrong)
            }
        }
    }
}

/// `GET /admin/settings/source`.
pub async fn source_page(staff: May<ApplyProgram>) -> Result<impl IntoResponse> {
    Ok(Page(SourcePage::of(staff.shell(), &SourceForm::default(), Wrong::default())))
}

/// `POST /admin/settings/source`. One that is there is left as it is.
pub async fn source_post(
    staff: May<ApplyProgram>,
    State(app): State<App>,
    Posted(form): Posted<SourceForm>,
) -> Result<Response> {
    let shell = staff.shell();
    let mut wrong = Wrong::default();
    match form.read() {
        Err(fields) => fields.into_iter().for_each(|field| wrong.note(shell.w, "newsource", field)),
        Ok(source) => {
            let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
            if contributions::source(ch.tx(), &source.source).await?.is_some() {
                ch.undo().await?;
                wrong.0.push(("source", shell.w.t("newsource-known")));
            } else {
                program::apply_source(&mut ch, &source).await?;
                ch.commit().await?;
                return Ok(see_other("/admin/api-keys?done=source"));
            }
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(SourcePage::of(shell, &form, wrong))).into_response())
}
