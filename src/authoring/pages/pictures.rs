//! The picture of an item: put in by staff, shown to staff.

use axum::extract::multipart::Field;
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use waymark_assess::Text;
use waymark_assess::item::{Figure, MAX_FIGURE_BYTES};

use super::editor::{Trouble, edit_again};
use super::{found, item_path};
use crate::access::{AuthorBanks, May, ReadBanks, check_multipart};
use crate::app::App;
use crate::banks;
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::web::input;
use crate::web::page::see_other;

/// The largest body of the form: a picture and what is written about it.
pub const FIGURE_LIMIT: usize = MAX_FIGURE_BYTES + 64 * 1024;

/// `GET /admin/figures/{sha256}`: a picture as staff see it, in an attempt or not.
pub async fn figure(
    _: May<ReadBanks>,
    State(app): State<App>,
    Path(sha256): Path<String>,
) -> Result<impl IntoResponse> {
    let picture = banks::figure(app.db.read(), &sha256).await?.ok_or_else(Error::not_found)?;
    let media_type = HeaderValue::from_str(&picture.media_type).map_err(Error::internal)?;
    let kept = HeaderValue::from_static("private, max-age=31536000, immutable");
    Ok(([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, kept)], picture.bytes))
}

/// `POST /admin/banks/{slug}/items/{id}/figure`: another picture, as a new version.
pub async fn figure_post(
    staff: May<AuthorBanks>,
    State(app): State<App>,
    Path((slug, id)): Path<(String, String)>,
    request: Request,
) -> Result<Response> {
    input::require_type(request.headers(), &["multipart/form-data"])?;
    let item = found(&app, &slug, &id).await?;
    let mut form = Multipart::from_request(request, &app).await.map_err(|e| Error::malformed(e.body_text()))?;
    let (mut csrf, mut revision, mut bytes, mut alt) = (String::new(), 0, vec![], BTreeMap::new());
    while let Some(part) = form.next_field().await.map_err(|e| input::unread_part(&e))? {
        let name = part.name().unwrap_or_default().to_owned();
        match name.split_once('.') {
            _ if name == "file" => bytes = part.bytes().await.map_err(|e| input::unread_part(&e))?.to_vec(),
            _ if name == "csrf" => csrf = text(&name, part).await?,
            _ if name == "revision" => revision = text(&name, part).await?.parse().unwrap_or_default(),
            Some(("alt", tag)) => {
                let words = text(&name, part).await?;
                if !words.trim().is_empty() {
                    alt.insert(tag.to_owned(), words);
                }
            }
            _ => {}
        }
    }
    check_multipart(&staff.principal, &csrf)?;
    let w = staff.shell().w;
    let again = |words: String| vec![("file".to_owned(), words)];
    if bytes.is_empty() {
        return edit_again(&staff, &app, &item, again(w.t("item-no-picture")), Trouble::Wrong).await;
    }
    let alt = match alt.remove("und") {
        Some(plain) => Text::plain(&plain).map(Some),
        None if alt.is_empty() => Ok(None),
        None => Text::in_languages(alt).map(Some),
    };
    let alt = match alt {
        Ok(alt) => alt,
        Err(e) => {
            let words = if staff.shell().is_ja() { e.in_japanese() } else { e.to_string() };
            return edit_again(&staff, &app, &item, vec![("alt".to_owned(), words)], Trouble::Wrong).await;
        }
    };
    let figure = match Figure::from_bytes(&bytes, alt) {
        Ok(figure) => figure,
        Err(e) => {
            let why = if staff.shell().is_ja() { e.in_japanese().to_owned() } else { format!(" {e}") };
            return edit_again(&staff, &app, &item, again(w.with1("item-bad-picture", "why", why)), Trouble::Wrong)
                .await;
        }
    };
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    match banks::with_figure(&mut ch, item.id, revision, figure, bytes).await {
        Ok(Some(_)) => ch.commit().await?,
        Ok(None) => ch.undo().await?,
        Err(e) if e.code() == Code::PreconditionFailed => {
            drop(ch);
            return edit_again(&staff, &app, &item, vec![], Trouble::Changed).await;
        }
        Err(e) => return Err(e),
    }
    Ok(see_other(&format!("{}/edit", item_path(&item))))
}

async fn text(name: &str, part: Field<'_>) -> Result<String> {
    input::part_text(name, part.text().await.map_err(|e| input::unread_part(&e))?)
}
