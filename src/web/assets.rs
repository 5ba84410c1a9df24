//! Embedded files under `/assets/`, named with the hash of their content so that browsers may keep them for ever.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::error::{Error, Result};

#[derive(RustEmbed)]
#[folder = "assets"]
#[exclude = "*.md"]
struct Assets;

/// `waymark.css` → `/assets/waymark.0123456789ab.css`.
pub fn url(name: &str) -> String {
    let Some(file) = Assets::get(name) else { return format!("/assets/missing/{name}") };
    let hash = tag(&file.metadata.sha256_hash());
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("/assets/{stem}.{hash}.{extension}"),
        None => format!("/assets/{name}.{hash}"),
    }
}

fn tag(sha256: &[u8; 32]) -> String {
    sha256[..6].iter().map(|b| format!("{b:02x}")).collect()
}

/// `GET /assets/{*name}`: the file when name and hash agree, else 404.
pub async fn serve(Path(asked): Path<String>) -> Result<Response> {
    let mut pieces: Vec<&str> = asked.split('.').collect();
    if pieces.len() < 3 {
        return Err(Error::not_found());
    }
    let hash = pieces.remove(pieces.len() - 2);
    let name = pieces.join(".");
    let file = Assets::get(&name).filter(|f| tag(&f.metadata.sha256_hash()) == hash).ok_or_else(Error::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type(&name))),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    Ok((StatusCode::OK, headers, file.data.into_owned()).into_response())
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
