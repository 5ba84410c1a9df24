//! Requests that change something must come from this site: `Sec-Fetch-Site` (or Origin where a browser sends none) is checked for every
//! request that carries a session, and forms and scripts carry a token derived from the session's secret.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Method, Uri};
use serde::de::DeserializeOwned;
use subtle::ConstantTimeEq;

use super::principal::Principal;
use super::resolving::resolve;
use super::same_site::{changes, same_site};
use crate::app::App;
use crate::error::{Code, Error, Fault, Result};
use crate::web::input;

/// The header in which scripts send the token.
pub const HEADER: &str = "x-csrf-token";

/// For JSON calls with a session: the token must stand in the header.
/// A form on a page carries it as a field instead, which its handler checks; no call of the API does.
pub(super) fn require_header(method: &Method, uri: &Uri, headers: &HeaderMap, principal: &Principal) -> Result<()> {
    let Principal::Session { csrf, .. } = principal else { return Ok(()) };
    if !changes(method) || is_form_of_page(method, uri, headers) {
        return Ok(());
    }
    let given = headers.get(HEADER).and_then(|v| v.to_str().ok()).unwrap_or_default();
    check(given, csrf)
}

fn check(given: &str, expected: &str) -> Result<()> {
    if bool::from(given.as_bytes().ct_eq(expected.as_bytes())) { Ok(()) } else { Err(Error::new(Code::CrossSite)) }
}

/// Whether this is a form that a page sends, with a file or without. Forms are for browsers, and the API has rules that forms do not repeat.
pub(super) fn is_form_of_page(method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    let form = matches!(input::content_type(headers), "application/x-www-form-urlencoded" | "multipart/form-data");
    form && changes(method) && !uri.path().starts_with("/api/")
}

/// A posted HTML form whose `csrf` field is the session's token. Without a session (sign-in) the request must still come from this site. The guard has
/// refused keys and tokens.
pub struct Posted<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Posted<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self> {
        input::require_type(request.headers(), &["application/x-www-form-urlencoded"])?;
        same_site(request.method(), request.headers(), &app.links)?;
        let (mut parts, body) = request.into_parts();
        let principal = resolve(&mut parts, app).await?;
        let bytes = input::body(Request::from_parts(parts, body), app).await?;
        input::check_pairs(&bytes)?;
        let mut given = String::new();
        let mut rest = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in url::form_urlencoded::parse(&bytes) {
            if name == "csrf" {
                given = value.into_owned();
            } else {
                rest.append_pair(&name, &value);
            }
        }
        if let Principal::Session { csrf, .. } = &principal {
            check(&given, csrf)?;
        }
        let form = serde_html_form::from_str(&rest.finish())
            .map_err(|e| Error::invalid(vec![Fault::new("", "invalid_form", e.to_string())]))?;
        Ok(Self(form))
    }
}

/// Whether a multipart form's `csrf` field is right; multipart handlers read their parts themselves and must call this before they act.
pub fn check_multipart(principal: &Principal, given: &str) -> Result<()> {
    match principal {
        Principal::Session { csrf, .. } => check(given, csrf),
        _ => Ok(()),
    }
}
