//! The documents behind a credential's page, as they were signed: JSON, JWT, baked PNG and SVG, QR code.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use waymark_credential::bake;

use super::address::Form;
use crate::app::App;
use crate::credentials::{self, Credential};
use crate::error::{Error, Result};
use crate::{badges, issuer, tracks};

/// Answers the document, or 304 when the reader has it already.
pub async fn document(app: &App, credential: &Credential, form: Form, headers: &HeaderMap) -> Result<Response> {
    let (media_type, suffix, bytes) = match form {
        Form::Json => {
            ("application/vc", "json", credentials::signed_json(app.db.read(), credential).await?.into_bytes())
        }
        Form::Jwt => {
            ("application/vc+jwt", "jwt", credentials::signed_jwt(app.db.read(), credential).await?.into_bytes())
        }
        Form::Png | Form::Svg => baked(app, credential, form).await?,
        Form::Qr | Form::Page => ("image/svg+xml", "qr.svg", qr(app, credential)?.into_bytes()),
    };
    let tag = format!("\"{}\"", Sha256::digest(&bytes)[..12].iter().map(|b| format!("{b:02x}")).collect::<String>());
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.split(',').any(|t| t.trim() == tag));
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { bytes.into_response() };
    let out = response.headers_mut();
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            out.insert(name, value);
        }
    };
    put(header::ETAG, &tag);
    put(header::CACHE_CONTROL, "no-cache");
    put(header::VARY, "accept");
    put(header::CONTENT_TYPE, media_type);
    put(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    put(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
    if !matches!(form, Form::Qr) {
        put(header::CONTENT_DISPOSITION, &format!("inline; filename=\"{}.{suffix}\"", credential.number));
    }
    Ok(response)
}

async fn baked(app: &App, credential: &Credential, form: Form) -> Result<(&'static str, &'static str, Vec<u8>)> {
    let db = app.db.read();
    let json = credentials::signed_json(db, credential).await?;
    let version = tracks::version(db, credential.track_version).await?;
    let issuer = issuer::find(db, credential.issuer).await?;
    let picture = badges::picture(db, &issuer, &version, credential.locale).await?;
    if form == Form::Png {
        let png = bake::png::bake(&picture.png, &json).map_err(Error::internal)?;
        Ok(("image/png", "png", png))
    } else {
        let svg = bake::svg::bake(&picture.svg, &json).map_err(Error::internal)?;
        Ok(("image/svg+xml", "svg", svg.into_bytes()))
    }
}

/// The QR code of a page of ours, as a picture.
pub fn qr_image(address: &str) -> Result<Response> {
    let svg = waymark_rendering::qr_svg(&address.to_uppercase()).map_err(Error::internal)?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response())
}

/// Upper case makes the code smaller: letters, digits and `:/.-` only.
pub fn qr(app: &App, credential: &Credential) -> Result<String> {
    waymark_rendering::qr_svg(&app.links.share(&credential.share_id).to_uppercase()).map_err(Error::internal)
}
