//! A posted form with one file.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::{FromRequest as _, Multipart, Request};

use crate::app::App;
use crate::error::{Error, Result};
use crate::web::input;

/// What was posted. Whoever acts on it checks `csrf` among the fields first.
#[derive(Debug, Default)]
pub struct Uploaded {
    pub fields: BTreeMap<String, String>,
    /// The file's name, for people.
    pub name: String,
    pub file: Vec<u8>,
}

impl Uploaded {
    /// A field without what surrounds it; empty where it is not there.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |text| text.trim())
    }
}

/// Reads a multipart form whose file stands under `file`, of at most `most` bytes in all.
pub async fn uploaded(request: Request, app: &App, most: usize) -> Result<Uploaded> {
    let (parts, bytes) = input::upload(request, most).await?;
    let whole = Request::from_parts(parts, Body::from(bytes));
    let mut parts = Multipart::from_request(whole, app).await.map_err(|e| Error::malformed(e.body_text()))?;
    let mut form = Uploaded::default();
    while let Some(part) = parts.next_field().await.map_err(|e| input::unread_part(&e))? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            let shown = part.file_name().unwrap_or_default().chars().filter(|c| !c.is_control()).take(120);
            form.name = shown.collect();
            form.file = part.bytes().await.map_err(|e| input::unread_part(&e))?.to_vec();
        } else {
            let text = input::part_text(&name, part.text().await.map_err(|e| input::unread_part(&e))?)?;
            form.fields.insert(name, text);
        }
    }
    Ok(form)
}
