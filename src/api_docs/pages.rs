//! `/api/docs`: the document for people, without a script.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use serde_json::Value;

use super::document::document;
use crate::access::Public;
use crate::app::App;
use crate::error::Result;
use crate::web::i18n::Locale;
use crate::web::page::{Page, Shell};

struct Call {
    id: String,
    method: String,
    path: String,
    summary: String,
    /// In English: details for whoever writes the client.
    description: Option<String>,
    public: bool,
    /// What is sent and what is answered: a media type or status, and the schema.
    sent: Vec<(String, String)>,
    answers: Vec<(String, String, String)>,
}

struct Group {
    tag: String,
    title: String,
    calls: Vec<Call>,
}

#[derive(Template)]
#[template(path = "api_docs/docs.html")]
struct DocsPage {
    shell: Shell,
    groups: Vec<Group>,
    /// Every named schema, as JSON.
    schemas: Vec<(String, String)>,
}

/// `GET /api/docs`.
pub async fn docs_page(visitor: Public, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = visitor.shell();
    let document = document(app.links.base())?;
    let mut groups: Vec<Group> = vec![];
    for (path, calls) in document["paths"].as_object().into_iter().flatten() {
        for (method, call) in calls.as_object().into_iter().flatten() {
            let tag = text(&call["tags"][0]);
            let call = described(path, method, call, shell.w.locale);
            match groups.iter_mut().find(|group| group.tag == tag) {
                Some(group) => group.calls.push(call),
                None => groups.push(Group { title: shell.w.t(&format!("api-tag-{tag}")), tag, calls: vec![call] }),
            }
        }
    }
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    let schemas = schemas.map(|(name, schema)| (name.clone(), pretty(schema))).collect();
    Ok(Page(DocsPage { shell, groups, schemas }))
}

fn described(path: &str, method: &str, call: &Value, locale: Locale) -> Call {
    let summary = match locale {
        Locale::Ja => &call["x-summary-ja"],
        Locale::En => &call["summary"],
    };
    let sent = call["requestBody"]["content"].as_object().into_iter().flatten();
    let answers = call["responses"].as_object().into_iter().flatten().filter(|(status, _)| *status != "default");
    Call {
        id: text(&call["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(summary),
        description: call["description"].as_str().map(str::to_owned),
        public: call["security"].as_array().is_some_and(Vec::is_empty),
        sent: sent.map(|(kind, body)| (kind.clone(), shown(&body["schema"]))).collect(),
        answers: answers
            .map(|(status, answer)| {
                let content = answer["content"].as_object().and_then(|kinds| kinds.values().next());
                let schema = content.map(|body| shown(&body["schema"])).unwrap_or_default();
                (status.clone(), text(&answer["description"]), schema)
            })
            .collect(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The name of a schema that has one, else the schema.
fn shown(schema: &Value) -> String {
    match schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        Some(name) => name.to_owned(),
        None => pretty(schema),
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
