//! The `Link` header of lists (RFC 8288): where the next page is, for whoever follows links instead of reading `next_cursor`.

use axum::body::{Body, HttpBody as _};
use axum::http::{HeaderValue, Uri, header};
use axum::response::Response;
use serde::Deserialize;

use crate::links::Links;

/// A page of a list is smaller; what is larger is handed on unread.
const LARGEST: u64 = 4 * 1024 * 1024;

/// What tells that there is another page.
const MARK: &[u8] = b"\"next_cursor\":\"";

#[derive(Deserialize)]
struct Tail {
    next_cursor: Option<String>,
}

/// Adds the link where the answer to a call at `uri` is a page that another one follows. The body stays as it was.
pub(super) async fn linked(response: Response, uri: &Uri, links: &Links) -> Response {
    let is_json = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    let size = response.body().size_hint().exact();
    if !is_json || !response.status().is_success() || size.is_none_or(|size| size > LARGEST) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
        return Response::from_parts(parts, Body::empty());
    };
    if bytes.windows(MARK.len()).any(|window| window == MARK)
        && let Ok(Tail { next_cursor: Some(cursor) }) = serde_json::from_slice(&bytes)
        && let Ok(link) = HeaderValue::from_str(&format!("<{}{}>; rel=\"next\"", links.base(), next(uri, &cursor)))
    {
        parts.headers.insert(header::LINK, link);
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// The same call for the page after `cursor`.
fn next(uri: &Uri, cursor: &str) -> String {
    let asked = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    pairs.extend_pairs(asked.filter(|(name, _)| name != "cursor"));
    format!("{}?{}", uri.path(), pairs.append_pair("cursor", cursor).finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_asked_for_as_this_one_was() {
        let uri = Uri::from_static("/api/v1/tracks?limit=1&cursor=trk_1&kind=a%20b");
        assert_eq!(next(&uri, "https://a.example"), "/api/v1/tracks?limit=1&kind=a+b&cursor=https%3A%2F%2Fa.example");
    }
}
