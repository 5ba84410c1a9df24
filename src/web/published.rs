//! Answers that belong to nobody: keys, lists, issuer and achievement documents, badge pictures. Any cache may keep them for a while and any
//! site may read them.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// A body that anyone may have, with its type and for how many seconds it may be kept.
#[derive(Debug, Clone)]
pub struct Published {
    content_type: &'static str,
    max_age: u32,
    body: Vec<u8>,
    varies: Option<&'static str>,
}

impl Published {
    pub fn new(content_type: &'static str, max_age: u32, body: Vec<u8>) -> Self {
        Self { content_type, max_age, body, varies: None }
    }

    /// The body depends on the visitor's language.
    #[must_use]
    pub fn by_language(self) -> Self {
        self.varies_by("Accept-Language, Cookie")
    }

    /// The body or its type depends on these request headers.
    #[must_use]
    pub fn varies_by(self, headers: &'static str) -> Self {
        Self { varies: Some(headers), ..self }
    }
}

/// The answer: 304 where the visitor has these very bytes.
pub fn published(asked: &HeaderMap, what: Published) -> Response {
    let tag: String = Sha256::digest(&what.body)[..16].iter().map(|b| format!("{b:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let known = asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .any(|t| matches!(t.trim().trim_start_matches("W/"), t if t == tag || t == "*"));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, HeaderValue::from_static(what.content_type))], Body::from(what.body)).into_response()
    };
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::ETAG, &tag);
    set(header::CACHE_CONTROL, &format!("public, max-age={}", what.max_age));
    set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    set(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
    if let Some(varies) = what.varies {
        set(header::VARY, varies);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_are_not_sent_twice() {
        let list = || Published::new("application/vc", 300, b"{}".to_vec());
        let first = published(&HeaderMap::new(), list());
        assert_eq!(first.status(), StatusCode::OK);
        let mut asked = HeaderMap::new();
        asked.insert(header::IF_NONE_MATCH, first.headers()[header::ETAG].clone());
        assert_eq!(published(&asked, list()).status(), StatusCode::NOT_MODIFIED);
        let other = published(&asked, Published::new("application/vc", 300, b"[]".to_vec()));
        assert_eq!(other.status(), StatusCode::OK);
    }
}
