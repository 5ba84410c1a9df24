//! What lies around every route: a request id, the security headers, the size cap, the catch for panics, and the rendering of errors.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use super::i18n::Words;
use super::page::see_other;
use super::visitor::{self, LANGUAGE_COOKIE, Recognized, Visitor};
use super::{deadline, input, paging, problem};
use crate::app::App;
use crate::entropy;
use crate::error::{Code, Error};

/// The largest body that carries a file: the largest picture that is read (2 MiB), and the form around it.
pub const UPLOAD_LIMIT: usize = 2 * 1024 * 1024 + 64 * 1024;

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
                   form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The same for a page that may read from other sites, which scripts do only where a person asks for it.
pub const CSP_WITH_OTHERS: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                   connect-src 'self' https:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The id of this request, for logs and for the person who reports a problem.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The outermost layer.
pub async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id: String = entropy::bytes::<9>(app.db.entropy.as_ref()).iter().map(|b| format!("{b:02x}")).collect();
    let id = format!("req_{id}");
    request.extensions_mut().insert(RequestId(id.clone()));
    let recognized = Recognized::default();
    request.extensions_mut().insert(recognized.clone());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let html = visitor::wants_html(&path, request.headers());
    // What other sites embed leaves nothing with their readers.
    let chosen = visitor::asked_language(request.uri()).filter(|_| !path.starts_with("/embed/"));
    let (parts, body) = request.into_parts();
    let visitor = Visitor::of(&parts);
    let listed = (method == Method::GET && path.starts_with("/api/v1/")).then(|| parts.uri.clone());
    let refused = input::check_address(&parts.uri).err();
    let request = Request::from_parts(parts, deadline::within(app.config.body_time, body));

    let response = match refused {
        Some(refused) => refused.into_response(),
        None => AssertUnwindSafe(next.run(request))
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Error::internal("a handler panicked").into_response()),
    };
    let (response, said) = what_was_said(response).await;
    let mut response = finish(response, said, &method, &visitor, &recognized, &id, html);
    if let Some(uri) = listed {
        response = paging::linked(response, &uri, &app.links).await;
    }
    // A page that was asked for in a language, never a picture on it: a badge speaks its credential's language, not the reader's.
    if let Some(locale) = chosen.filter(|_| html) {
        let cookie = format!("{LANGUAGE_COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", locale.as_str());
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    headers(&mut response, &id, app.config.base_url.scheme() == "https");
    response
}

/// Renders what failed, whether a handler of ours or axum itself refused.
fn finish(
    mut response: Response,
    said: Option<String>,
    method: &Method,
    visitor: &Visitor,
    recognized: &Recognized,
    id: &str,
    html: bool,
) -> Response {
    if let Some(error) = response.extensions_mut().remove::<Arc<Error>>() {
        if let Some(source) = &error.inside().source {
            tracing::error!(request_id = id, code = error.code().as_str(), source, "a request failed");
        }
        if html && method == Method::GET && error.code() == Code::SignInRequired {
            let next: String = url::form_urlencoded::byte_serialize(visitor.path.as_bytes()).collect();
            return see_other(&format!("/login?next={next}"));
        }
        let mut rendered = problem::render(&error, visitor, recognized, id, html);
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            rendered.headers_mut().append(header::SET_COOKIE, cookie.clone());
        }
        return rendered;
    }
    let is =
        |kind: &[u8]| response.headers().get(header::CONTENT_TYPE).is_some_and(|is| is.as_bytes().starts_with(kind));
    let plain = match response.status() {
        StatusCode::METHOD_NOT_ALLOWED => Some(Error::new(Code::MethodNotAllowed)),
        // A page says it in its own words.
        StatusCode::PAYLOAD_TOO_LARGE if !is(b"text/html") => Some(Error::new(Code::TooLarge)),
        StatusCode::BAD_REQUEST => said.map(|said| Error::malformed(not_taken_apart(&said, visitor.words))),
        _ => None,
    };
    match plain {
        Some(error) => {
            let mut rendered = problem::render(&error, visitor, recognized, id, html);
            if let Some(allow) = response.headers().get(header::ALLOW) {
                rendered.headers_mut().insert(header::ALLOW, allow.clone());
            }
            rendered
        }
        None => response,
    }
}

/// What axum says of a request is one line.
const SAID_LIMIT: usize = 4 * 1024;

/// The text with which axum itself refused a request.
async fn what_was_said(mut response: Response) -> (Response, Option<String>) {
    let plain = response.headers().get(header::CONTENT_TYPE).is_some_and(|is| is.as_bytes().starts_with(b"text/plain"));
    if !plain || response.status() != StatusCode::BAD_REQUEST {
        return (response, None);
    }
    let body = std::mem::take(response.body_mut());
    let said = axum::body::to_bytes(body, SAID_LIMIT).await.unwrap_or_default();
    (response, Some(String::from_utf8_lossy(&said).into_owned()))
}

/// In the reader's words why axum could not take a request apart: a value of the query, a form without a boundary, a path that is no UTF-8.
fn not_taken_apart(said: &str, words: Words) -> String {
    let query = said.strip_prefix("Failed to deserialize query string: ");
    let is_name =
        |name: &&str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.[]".contains(&b));
    match query.map(|why| why.split_once(": ").map(|(name, _)| name).filter(is_name)) {
        Some(Some(name)) => words.with1("problem-why-query-value", "name", name),
        Some(None) => words.t("problem-why-query"),
        None if said.contains("boundary") => words.t("problem-why-boundary"),
        None => words.t("problem-why-address"),
    }
}

fn headers(response: &mut Response, id: &str, https: bool) {
    let headers = response.headers_mut();
    let mut keep_or = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    keep_or(header::CONTENT_SECURITY_POLICY, CSP);
    keep_or(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    keep_or(header::REFERRER_POLICY, "same-origin");
    keep_or(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    keep_or(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    keep_or(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    keep_or(HeaderName::from_static("x-robots-tag"), "noindex, noarchive");
    keep_or(header::CACHE_CONTROL, "no-store");
    if https {
        keep_or(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}
