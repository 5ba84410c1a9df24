//! The first step: a posted form with one file, and those that were handed in before.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::{FromRequest as _, Multipart, Request};

use super::TABLE_LIMIT;
use super::import::Import;
use crate::access::{Principal, check_multipart};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::ids::JobId;
use crate::jobs;
use crate::web::i18n::Words;
use crate::web::input;
use crate::web::zone::Zone;

/// Earlier tables that are listed.
const EARLIER: u64 = 10;

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
async fn uploaded(request: Request, app: &App, most: usize) -> Result<Uploaded> {
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

/// A posted form with a file, once it is known to come from a page of ours; none where it is too large.
pub async fn sent(request: Request, app: &App, by: &Principal) -> Result<Option<Uploaded>> {
    let posted = match uploaded(request, app, TABLE_LIMIT).await {
        Err(e) if e.code() == Code::TooLarge => return Ok(None),
        other => other?,
    };
    check_multipart(by, posted.fields.get("csrf").map_or("", String::as_str))?;
    Ok(Some(posted))
}

/// A table that was handed in before.
pub struct Earlier {
    pub id: JobId,
    pub address: String,
    pub name: String,
    pub when: String,
    pub state: String,
}

/// The last ones.
pub async fn earlier<I: Import>(app: &App, w: Words, zone: &Zone) -> Result<Vec<Earlier>> {
    let recent = jobs::recent(app.db.read(), I::KIND, EARLIER).await?;
    let earlier = recent.into_iter().map(|job| Earlier {
        address: I::address(&job),
        name: job.input["name"].as_str().filter(|n| !n.is_empty()).map_or_else(|| job.id.to_string(), str::to_owned),
        when: zone.instant(w, job.created_at),
        state: w.t(&format!("job-{}", job.state.as_str())),
        id: job.id,
    });
    Ok(earlier.collect())
}
