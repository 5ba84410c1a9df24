//! Strict input: a JSON body must say that it is JSON, hold no duplicate keys, nest no deeper than 32, and have no field that the call
//! does not know. Every refusal names the place by JSON pointer.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::error::{Code, Error, Fault, Result};

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
        axum::http::StatusCode::PAYLOAD_TOO_LARGE => Error::new(Code::TooLarge),
        _ => Error::malformed("the body could not be read to its end"),
    })
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
    let value = waymark_credential::strict_json::parse(bytes, super::layers::BODY_LIMIT)
        .map_err(|e| Error::malformed(e.to_string()))?;
    from_value(value)
}

/// Reads `T` out of JSON that was parsed strictly already.
pub fn from_value<T: DeserializeOwned>(value: serde_json::Value) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|e| {
        let pointer: String = e
            .path()
            .iter()
            .map(|segment| match segment {
                serde_path_to_error::Segment::Seq { index } => format!("/{index}"),
                serde_path_to_error::Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
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
