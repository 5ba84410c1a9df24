//! A posted form of an item, with the picture that came along: by a browser as parts, by a script or a program as pairs.

use axum::extract::{FromRequest as _, Multipart, Request};
use waymark_assess::item::{Figure, MAX_FIGURE_BYTES};

use crate::access::{AuthorBanks, May, Posted, check_multipart};
use crate::app::App;
use crate::authoring::form::{Form, size_of};
use crate::banks;
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::web::i18n::Words;
use crate::web::input;
use crate::web::input::BODY_LIMIT;

/// The largest body of the form: a picture, and what is written.
pub const FORM_LIMIT: usize = MAX_FIGURE_BYTES + BODY_LIMIT;
/// More fields than any form has.
const MOST_PARTS: usize = 8_000;

/// What was sent.
pub struct Sent {
    pub pairs: Vec<(String, String)>,
    picture: Vec<u8>,
}

impl Sent {
    /// # Errors
    /// Another kind of body; a wrong token; too much of it.
    pub async fn read(staff: &May<AuthorBanks>, app: &App, request: Request) -> Result<Self> {
        if !input::content_type(request.headers()).eq_ignore_ascii_case("multipart/form-data") {
            let Posted(pairs) = Posted::from_request(request, app).await?;
            return Ok(Self { pairs, picture: vec![] });
        }
        let mut parts = Multipart::from_request(request, app).await.map_err(|e| Error::malformed(e.body_text()))?;
        let (mut csrf, mut pairs, mut picture) = (String::new(), vec![], vec![]);
        while let Some(part) = parts.next_field().await.map_err(|e| input::unread_part(&e))? {
            let name = part.name().unwrap_or_default().to_owned();
            if name == "file" {
                picture = part.bytes().await.map_err(|e| input::unread_part(&e))?.to_vec();
                continue;
            }
            let text = input::part_text(&name, part.text().await.map_err(|e| input::unread_part(&e))?)?;
            match name.as_str() {
                "csrf" => csrf = text,
                _ if pairs.len() == MOST_PARTS => return Err(Error::new(Code::TooLarge)),
                _ => pairs.push((name, text)),
            }
        }
        check_multipart(&staff.principal, &csrf)?;
        Ok(Self { pairs, picture })
    }

    /// The button that was pressed.
    pub fn pressed(&self) -> &str {
        self.pairs.iter().rev().find(|(name, _)| name == "go").map_or("save", |(_, value)| value)
    }

    /// Keeps the picture under its hash and names it in the form, so that it is not lost when something else is wrong.
    ///
    /// # Errors
    /// Inside: why the file is no picture, in the reader's language.
    pub async fn keep_picture(
        &self,
        staff: &May<AuthorBanks>,
        app: &App,
        form: &mut Form,
        w: Words,
    ) -> Result<std::result::Result<(), String>> {
        if self.picture.is_empty() {
            return Ok(Ok(()));
        }
        let figure = match Figure::from_bytes(&self.picture, None) {
            Ok(figure) => figure,
            Err(e) => {
                let why = if w.lang() == "ja" { e.in_japanese().to_owned() } else { format!(" {e}") };
                return Ok(Err(w.with1("item-bad-picture", "why", why)));
            }
        };
        let ch = app.db.change(staff.actor(), Kind::Ordinary).await?;
        banks::keep_picture(&ch, &figure, self.picture.clone()).await?;
        ch.commit().await?;
        form.values.set("figure", figure.sha256());
        let unsaid = form.values.one("width").is_empty() && form.values.one("height").is_empty();
        if let Some((width, height)) = size_of(&self.picture).filter(|_| unsaid) {
            form.values.set("width", width.to_string());
            form.values.set("height", height.to_string());
        }
        Ok(Ok(()))
    }
}
