//! What the staff's page of a member says about their name.

use super::portal::calendar;
use crate::app::App;
use crate::credentials::{self, Status};
use crate::error::Result;
use crate::members;
use crate::tracks;
use crate::web::i18n::Words;

/// What the staff's page of a member says about their name.
pub(super) struct NameCard {
    /// The name they asked for, their note and since when it waits.
    pub asked: Option<(String, Option<String>, String)>,
    /// Credentials that stand under another name: id, number, title, name.
    pub elsewhere: Vec<(String, String, String, String)>,
    pub may: bool,
    /// What was wrong with the form.
    pub wrong: Option<String>,
    /// What was written.
    pub written: String,
}

impl NameCard {
    pub async fn of(app: &App, w: Words, member: &members::Member, may: bool) -> Result<Self> {
        let db = app.db.read();
        let zone = calendar(app).await?;
        let asked = members::name_request_of(db, member.id).await?;
        let mut elsewhere = vec![];
        for known in credentials::of_member(db, member.id).await? {
            if known.status == Status::Valid && !known.has_expired(app.db.now()) && known.name != member.name {
                let version = tracks::version(db, known.track_version).await?;
                let title = w.pick(&version.definition.title).to_owned();
                elsewhere.push((known.id.to_string(), known.number, title, known.name));
            }
        }
        Ok(Self {
            written: asked.as_ref().map_or_else(|| member.name.clone(), |asked| asked.name.clone()),
            asked: asked.map(|asked| (asked.name, asked.note, zone.date(w, asked.asked_at))),
            elsewhere,
            may,
            wrong: None,
        })
    }
}
