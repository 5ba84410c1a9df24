//! `/admin/settings/source`: a source that speaks CloudEvents, added by form (`source_edit` changes it). Those of other systems have secrets on the server, and are files.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::access::{ApplyProgram, May, Posted};
use crate::app::App;
use crate::contributions::{self, SourceDefinition, SubjectForm};
use crate::database::Kind;
use crate::error::Result;
use crate::program;
use crate::web::form::{Field, Shape, Wrong};
use crate::web::i18n::Words;
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
    pub(super) source: String,
    pub(super) title_ja: String,
    pub(super) title_en: String,
    pub(super) kinds: Vec<String>,
    pub(super) mailto: String,
    /// The button of the form that changes a source.
    pub(super) step: String,
}

pub(super) struct Tick {
    pub kind: String,
    pub words: String,
    pub on: bool,
    /// Whether it is kept for figures and counts for nobody.
    pub activity: bool,
}

/// Each kind that can be said, and those that the source says beside them.
pub(super) fn ticks(w: Words, chosen: &[String], said: &[String]) -> Vec<Tick> {
    let others = said.iter().map(String::as_str).filter(|kind| !KINDS.contains(kind));
    let tick = |kind: &str| {
        let key = format!("kind-{}", kind.replace(['.', '_'], "-").to_lowercase());
        Tick {
            words: if w.has(&key) { w.t(&key) } else { kind.to_owned() },
            on: chosen.iter().any(|one| one == kind),
            activity: contributions::is_activity(kind),
            kind: kind.to_owned(),
        }
    };
    KINDS.iter().copied().chain(others).map(tick).collect()
}

#[derive(Template)]
#[template(path = "people/source.html")]
struct SourcePage {
    shell: Shell,
    fields: Vec<Field>,
    kinds: Vec<Tick>,
    why_kinds: Option<String>,
    mailto: Field,
    /// Where no mail is set up: what becomes of events that name an address.
    unproved: Option<String>,
    wrong: Wrong,
}

/// What becomes of events that name members by their address where no mail is set up: nobody can prove an address by a link.
pub(super) fn unproved(app: &App, w: Words) -> Option<String> {
    (!app.post.is_set()).then(|| w.t("newsource-unproved"))
}

impl SourcePage {
    fn of(shell: Shell, form: &SourceForm, wrong: Wrong, unproved: Option<String>) -> Self {
        let w = shell.w;
        let field = |id, value: &str| Field::new(w, "newsource", id, value, &wrong);
        Self {
            fields: vec![
                field("source", &form.source).required().at_most(500),
                field("title_ja", &form.title_ja).at_most(120).written_in("ja"),
                field("title_en", &form.title_en).at_most(120).written_in("en"),
            ],
            kinds: ticks(w, &form.kinds, &[]),
            why_kinds: wrong.of("kinds"),
            mailto: field("mailto", &form.mailto).of(Shape::Tick),
            unproved,
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
        let mut document = json!({"source": self.source});
        self.write(&mut document);
        checked(&document, wrong)
    }

    /// The source with what the form says of it; what the form does not show stays as it is.
    pub(super) fn changed(&self, known: &SourceDefinition) -> std::result::Result<SourceDefinition, Vec<&'static str>> {
        let wrong = if self.kinds.is_empty() && self.step != "end" { vec!["kinds"] } else { vec![] };
        let mut document = serde_json::to_value(known).unwrap_or_default();
        self.write(&mut document);
        if let Some(weights) = document.get_mut("weights").and_then(Value::as_object_mut) {
            weights.retain(|kind, _| self.kinds.contains(kind));
        }
        if let Some(map) = document.as_object_mut().filter(|_| self.kinds.is_empty()) {
            // What takes nothing is silent without a fault.
            map.remove("quiet_days");
        }
        checked(&document, wrong)
    }

    fn write(&self, document: &mut Value) {
        let titles = [("ja", &self.title_ja), ("en", &self.title_en)];
        let titles = titles.into_iter().filter(|(_, title)| !title.trim().is_empty());
        let title: Map<String, Value> = titles.map(|(tag, title)| (tag.to_owned(), json!(title))).collect();
        let mut subjects = vec!["member", "handle"];
        if self.mailto == "yes" {
            subjects.push("mailto");
        }
        document["title"] = Value::Object(title);
        document["types"] = json!(self.kinds);
        document["subjects"] = json!(subjects);
    }
}

/// Reads the document, and names the fields that are wrong beside those already found.
fn checked(document: &Value, mut wrong: Vec<&'static str>) -> std::result::Result<SourceDefinition, Vec<&'static str>> {
    match SourceDefinition::from_value(document) {
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

/// `GET /admin/settings/source`.
pub async fn source_page(staff: May<ApplyProgram>, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let unproved = unproved(&app, shell.w);
    Ok(Page(SourcePage::of(shell, &SourceForm::default(), Wrong::default(), unproved)))
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
                let by_mail = source.subjects.contains(&SubjectForm::Mailto);
                let done = if by_mail && !app.post.is_set() { "source-unproved" } else { "source" };
                let asked = url::form_urlencoded::Serializer::new(String::new())
                    .append_pair("done", done)
                    .append_pair("source", &source.source)
                    .finish();
                return Ok(see_other(&format!("/admin/api-keys?{asked}#make")));
            }
        }
    }
    let unproved = unproved(&app, shell.w);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(SourcePage::of(shell, &form, wrong, unproved))).into_response())
}
