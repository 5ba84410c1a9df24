//! Errors as answers: RFC 9457 problem+json for programs, a page for people, both in the visitor's language.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::i18n::{Arg, Words};
use super::page::{Page, Shell};
use super::told_in;
use super::visitor::{Recognized, Visitor};
use crate::error::{Code, Error, Fault, Inside};

/// The problem document: `type, title, status, detail, code, request_id, errors[]`.
pub fn document(error: &Error, words: Words, request_id: &str) -> Value {
    let inside = error.inside();
    let mut problem = Map::new();
    problem.insert("type".into(), json!(format!("https://waymark.example/problems/{}", inside.code.as_str())));
    problem.insert("title".into(), json!(title(inside, words)));
    problem.insert("status".into(), json!(inside.code.status().as_u16()));
    problem.insert("detail".into(), json!(detail(inside, words)));
    problem.insert("code".into(), json!(inside.code.as_str()));
    problem.insert("request_id".into(), json!(request_id));
    if !inside.faults.is_empty() {
        problem.insert("errors".into(), json!(faults(inside, words)));
    }
    for (name, value) in &inside.members {
        problem.insert((*name).to_owned(), value.clone());
    }
    Value::Object(problem)
}

/// The wrong fields, each with what to do about it in the reader's language.
fn faults(inside: &Inside, words: Words) -> Vec<Fault> {
    inside.faults.iter().map(|fault| Fault { detail: told_in::detail(fault, words), ..fault.clone() }).collect()
}

fn key(code: Code) -> String {
    format!("problem-{}", code.as_str().replace('_', "-"))
}

fn said(inside: &Inside, words: Words, key: &str) -> String {
    // What is needed is told in words (`needs-…`); a permission without words stands for itself.
    let worded = inside.args.iter().map(|(name, value)| {
        let key = format!("needs-{}", value.replace('.', "-"));
        let value = if *name == "needs" && words.has(&key) { words.t(&key) } else { value.clone() };
        (*name, value)
    });
    let worded: Vec<(&str, String)> = worded.collect();
    let args: Vec<(&str, &dyn Arg)> = worded.iter().map(|(name, value)| (*name, value as &dyn Arg)).collect();
    words.with(key, &args)
}

fn title(inside: &Inside, words: Words) -> String {
    said(inside, words, &key(inside.code))
}

fn detail(inside: &Inside, words: Words) -> String {
    let key = format!("{}-detail", key(inside.code));
    if words.has(&key) { said(inside, words, &key) } else { title(inside, words) }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    shell: Shell,
    status: u16,
    title: String,
    detail: String,
    faults: Vec<String>,
    request_id: String,
}

/// Writes the body of a failed answer. `html`: whether a person asked.
pub fn render(error: &Error, visitor: &Visitor, recognized: &Recognized, request_id: &str, html: bool) -> Response {
    let inside = error.inside();
    let mut response = if html {
        Page(ProblemPage {
            shell: {
                let (who, csrf) = recognized.get();
                Shell::new(visitor, who, csrf)
            },
            status: inside.code.status().as_u16(),
            title: title(inside, visitor.words),
            detail: detail(inside, visitor.words),
            faults: faults(inside, visitor.words).into_iter().map(|f| f.detail).collect(),
            request_id: request_id.to_owned(),
        })
        .into_response()
    } else {
        let body = document(error, visitor.words, request_id).to_string();
        (
            [
                (header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json")),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ],
            body,
        )
            .into_response()
    };
    *response.status_mut() = inside.code.status();
    if let Some(seconds) = inside.retry_after_seconds {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if inside.code.status() == axum::http::StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}
