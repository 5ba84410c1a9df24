//! Embedded files under `/assets/`, named with the hash of their content so that browsers may keep them for ever. Scripts that import one
//! another stand in a folder, which carries one hash for all of them: `import './jwt.mjs'` then leads to the file beside.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

#[derive(RustEmbed)]
#[folder = "assets"]
#[exclude = "*.md"]
struct Assets;

/// The folders of scripts that import one another.
const FOLDERS: [&str; 2] = ["device", "player"];

/// Their names with the hash of all that lies in each: `device.0123456789ab`.
static HASHED_FOLDERS: LazyLock<[String; 2]> = LazyLock::new(|| FOLDERS.map(hashed));

fn hashed(folder: &str) -> String {
    let mut names: Vec<_> =
        Assets::iter().filter(|name| within(name).is_some_and(|(at, _)| FOLDERS[at] == folder)).collect();
    names.sort_unstable();
    let mut all = Sha256::new();
    for file in names.iter().filter_map(|name| Assets::get(name).map(|file| (name, file))) {
        all.update(file.0.as_bytes());
        all.update(file.1.metadata.sha256_hash());
    }
    format!("{folder}.{}", tag(&all.finalize().into()))
}

/// Which folder, and the path inside it.
fn within(name: &str) -> Option<(usize, &str)> {
    let (folder, rest) = name.split_once('/')?;
    FOLDERS.iter().position(|known| *known == folder).map(|at| (at, rest))
}

/// `waymark.css` → `/assets/waymark.0123456789ab.css`; `device/page.mjs` → `/assets/device.0123456789ab/page.mjs`.
pub fn url(name: &str) -> String {
    if let Some((at, rest)) = within(name) {
        return format!("/assets/{}/{rest}", HASHED_FOLDERS[at]);
    }
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
    let (name, file) = named(&asked).ok_or_else(Error::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type(&name))),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    Ok((StatusCode::OK, headers, file.data.into_owned()).into_response())
}

/// The file that a hashed name means.
fn named(asked: &str) -> Option<(String, EmbeddedFile)> {
    for (folder, hashed) in FOLDERS.iter().zip(HASHED_FOLDERS.iter()) {
        if let Some(rest) = asked.strip_prefix(hashed.as_str()).and_then(|rest| rest.strip_prefix('/')) {
            let name = format!("{folder}/{rest}");
            return Assets::get(&name).map(|file| (name, file));
        }
    }
    let mut pieces: Vec<&str> = asked.split('.').collect();
    if pieces.len() < 3 {
        return None;
    }
    let hash = pieces.remove(pieces.len() - 2);
    let name = pieces.join(".");
    let file = Assets::get(&name).filter(|f| tag(&f.metadata.sha256_hash()) == hash)?;
    Some((name, file))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("LICENSE") => "text/plain; charset=utf-8",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
