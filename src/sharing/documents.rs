//! The documents behind a credential's page: JSON and JWT as they were signed, baked PNG and SVG, certificate, preview, QR code.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use waymark_credential::bake;

use super::address::{Form, Wanted};
use super::picture::picture;
use super::{certificate, preview};
use crate::app::{App, HotDocument, Seen};
use crate::credentials::{self, Credential};
use crate::error::{Error, Result};
use crate::impact;

/// Answers the document, or 304 when the reader has it already.
pub async fn document(app: &App, credential: &Credential, wanted: Wanted, headers: &HeaderMap) -> Result<Response> {
    let db = app.db.read();
    let (suffix, bytes) = match wanted.form {
        Form::Json => ("json", credentials::signed_json(db, credential).await?.into_bytes()),
        Form::Jwt => ("jwt", credentials::signed_jwt(db, credential).await?.into_bytes()),
        Form::Png => ("png", baked_png(app, credential).await?),
        Form::Svg => ("svg", baked_svg(app, credential).await?),
        Form::Pdf => ("pdf", certificate::pdf(app, credential).await?),
        Form::Preview => ("og.png", preview::png(app, credential).await?),
        Form::Qr | Form::Page => ("qr.svg", qr(app, credential)?.into_bytes()),
    };
    let tag = tag(&bytes)?;
    Ok(answer(wanted.media_type, Bytes::from(bytes), &tag, &named(credential, suffix)?, headers))
}

/// The signed JSON of a credential that may be seen, answered again from memory for as long as that is known.
pub async fn hot_json(
    app: &App,
    credential: &Credential,
    seen: Seen,
    wanted: Wanted,
    headers: &HeaderMap,
) -> Result<Response> {
    let edition = credential.edition();
    let known = app.hot.bytes(&credential.share_id, &edition);
    let document = match known {
        Some(known) => known.again(seen),
        None => {
            let json = credentials::signed_json(app.db.read(), credential).await?.into_bytes();
            let tag = tag(&json)?;
            let (body, name) = (Bytes::from(json), named(credential, "json")?);
            HotDocument::new(body, tag, name, edition, impact::subject(credential), seen)
        }
    };
    let response = again(&document, wanted.media_type, headers);
    app.hot.keep(credential.share_id.clone(), document.into());
    Ok(response)
}

/// The answer from a document that is kept.
pub fn again(document: &HotDocument, media_type: &'static str, headers: &HeaderMap) -> Response {
    answer(media_type, document.body.clone(), &document.tag, &document.disposition, headers)
}

fn answer(
    media_type: &'static str,
    body: Bytes,
    tag: &HeaderValue,
    disposition: &HeaderValue,
    asked: &HeaderMap,
) -> Response {
    let known = asked.get_all(header::IF_NONE_MATCH).iter().any(|line| {
        let listed = |text: &str| {
            text.split(',').any(|t| matches!(t.trim().trim_start_matches("W/"), t if t == tag || t == "*"))
        };
        line == tag || line.to_str().is_ok_and(listed)
    });
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { body.into_response() };
    let out = response.headers_mut();
    out.insert(header::ETAG, tag.clone());
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    out.insert(header::VARY, HeaderValue::from_static("accept"));
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    out.insert(header::CONTENT_DISPOSITION, disposition.clone());
    out.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    out.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    response
}

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

fn tag(bytes: &[u8]) -> Result<HeaderValue> {
    let hash: String = Sha256::digest(bytes)[..12].iter().map(|b| format!("{b:02x}")).collect();
    HeaderValue::from_str(&format!("\"{hash}\"")).map_err(Error::internal)
}

/// Under which name the document is saved. A number may hold any character; a file name holds only plain ones.
fn named(credential: &Credential, suffix: &str) -> Result<HeaderValue> {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let number: String = credential.number.chars().map(plain).collect();
    HeaderValue::from_str(&format!("inline; filename=\"{number}.{suffix}\"")).map_err(Error::internal)
}

async fn baked_png(app: &App, credential: &Credential) -> Result<Vec<u8>> {
    let json = credentials::signed_json(app.db.read(), credential).await?;
    bake::png::bake(&picture(app, credential).await?.png, &json).map_err(Error::internal)
}

async fn baked_svg(app: &App, credential: &Credential) -> Result<Vec<u8>> {
    let json = credentials::signed_json(app.db.read(), credential).await?;
    let baked = bake::svg::bake(&picture(app, credential).await?.svg, &json).map_err(Error::internal)?;
    Ok(baked.into_bytes())
}

/// The QR code of a page of ours, as a picture.
pub fn qr_image(address: &str) -> Result<Response> {
    let svg = waymark_rendering::qr_svg(&address.to_uppercase()).map_err(Error::internal)?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response())
}

/// Upper case makes the code smaller: letters, digits and `:/.-` only.
pub fn qr(app: &App, credential: &Credential) -> Result<String> {
    waymark_rendering::qr_svg(&qr_text(app, credential)).map_err(Error::internal)
}

pub fn qr_text(app: &App, credential: &Credential) -> String {
    app.links.share(&credential.share_id).to_uppercase()
}
