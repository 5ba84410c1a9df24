//! Strict input: a JSON body must say that it is JSON, hold no duplicate keys, nest no deeper than 32, and have no field that the call
//! does not know. Every refusal names the place by JSON pointer.
//!
//! The character U+0000 is refused wherever it comes in: no name has it, and PostgreSQL stores no text with it.

use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use futures_util::StreamExt as _;
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::deadline::TooSlow;

use crate::app::App;
use crate::error::{Code, Error, Fault, Result};

/// The largest body of a request unless a route says otherwise: 1 MiB.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// A JSON body. The type should carry `#[serde(deny_unknown_fields)]`.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self> {
        require_type(request.headers(), &["application/json"])?;
        let bytes = body(request, app).await?;
        parse(&bytes).map(Self)
    }
}

/// The whole body, under the size cap of the route.
pub async fn body(request: Request, app: &App) -> Result<Bytes> {
    Bytes::from_request(request, app).await.map_err(|e| match e.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::new(Code::TooLarge),
        _ => unread(&e),
    })
}

/// What is read and thrown away of an upload that is too large: a client shows no answer before it has sent everything.
const READ_PAST: usize = 32 * 1024 * 1024;

/// A body of at most `most` bytes, once it is there in full.
pub async fn upload(request: Request, most: usize) -> Result<(Parts, Vec<u8>)> {
    let (parts, body) = request.into_parts();
    let (mut chunks, mut bytes, mut length) = (body.into_data_stream(), vec![], 0);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|e| unread(&e))?;
        length += chunk.len();
        if length <= most {
            bytes.extend_from_slice(&chunk);
        } else if length > READ_PAST {
            break;
        }
    }
    if length > most { Err(Error::new(Code::TooLarge)) } else { Ok((parts, bytes)) }
}

/// Why a body could not be read, where it was not too large.
pub fn unread(error: &(dyn std::error::Error + 'static)) -> Error {
    match TooSlow::is_behind(error) {
        true => Error::new(Code::TooSlow),
        false => Error::malformed("the body could not be read to its end"),
    }
}

/// Why a part of a multipart form could not be read.
pub fn unread_part(error: &MultipartError) -> Error {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::new(Code::TooLarge),
        _ if TooSlow::is_behind(error) => Error::new(Code::TooSlow),
        _ => Error::malformed(error.body_text()),
    }
}

/// Refuses any content type but the listed ones (parameters such as charset are ignored).
pub fn require_type(headers: &HeaderMap, expected: &[&str]) -> Result<()> {
    let given = content_type(headers);
    if expected.iter().any(|e| given.eq_ignore_ascii_case(e)) {
        return Ok(());
    }
    Err(Error::new(Code::UnsupportedType).with("expected", expected.join(", ")))
}

/// The media type without its parameters; empty when there is none.
pub fn content_type(headers: &HeaderMap) -> &str {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .map_or("", |v| v.split(';').next().unwrap_or_default().trim())
}

/// Strictly parses JSON bytes into `T`.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    if bytes.len() > BODY_LIMIT {
        return Err(Error::new(Code::TooLarge));
    }
    let value =
        waymark_credential::strict_json::parse(bytes, BODY_LIMIT).map_err(|e| Error::malformed(e.to_string()))?;
    match nul_in(&value) {
        Some(pointer) => Err(nul(pointer)),
        None => from_value(value),
    }
}

fn nul(pointer: impl Into<String>) -> Error {
    Error::invalid(vec![Fault::new(pointer, "forbidden_character", "leave out the character U+0000")])
}

/// Refuses U+0000 in a path (nothing is there) and in a query.
pub fn check_address(uri: &Uri) -> Result<()> {
    if percent_decode_str(uri.path()).any(|byte| byte == 0) {
        return Err(Error::not_found());
    }
    check_pairs(uri.query().unwrap_or_default().as_bytes())
}

/// Refuses U+0000 in the names and values of a query or a posted form.
pub fn check_pairs(encoded: &[u8]) -> Result<()> {
    let found = url::form_urlencoded::parse(encoded).find(|(name, value)| name.contains('\0') || value.contains('\0'));
    match found {
        Some((name, _)) => Err(nul(format!("/{}", escaped(&name.replace('\0', ""))))),
        None => Ok(()),
    }
}

/// The text of a part of a multipart form, U+0000 refused.
pub fn part_text(name: &str, text: String) -> Result<String> {
    if text.contains('\0') { Err(nul(format!("/{}", escaped(name)))) } else { Ok(text) }
}

/// Where in a document U+0000 stands, as a JSON pointer; a name that has it is left out of the pointer.
pub fn nul_in(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(entries) => {
            entries.iter().enumerate().find_map(|(n, entry)| nul_in(entry).map(|rest| format!("/{n}{rest}")))
        }
        Value::Object(members) => members.iter().find_map(|(name, member)| match name.contains('\0') {
            true => Some(String::new()),
            false => nul_in(member).map(|rest| format!("/{}{rest}", escaped(name))),
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// A name as a segment of a JSON pointer (RFC 6901 §3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Reads `T` out of JSON that was parsed strictly already.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|e| {
        let pointer: String = e
            .path()
            .iter()
            .map(|segment| match segment {
                serde_path_to_error::Segment::Seq { index } => format!("/{index}"),
                serde_path_to_error::Segment::Map { key } => format!("/{}", escaped(key)),
                serde_path_to_error::Segment::Enum { variant } => format!("/{variant}"),
                serde_path_to_error::Segment::Unknown => String::new(),
            })
            .collect();
        let detail = e.into_inner().to_string();
        let code = if detail.starts_with("unknown field") {
            "unknown_field"
        } else if detail.starts_with("missing field") {
            "missing_field"
        } else {
            "invalid_value"
        };
        Error::invalid(vec![Fault::new(pointer, code, detail)])
    })
}

/// Whether a character of a text on several lines would disturb what stands around it.
pub fn disturbs(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}
