//! What tracks and exams are called.

use std::collections::BTreeMap;

use crate::app::App;
use crate::error::Result;
use crate::web::i18n::Words;
use crate::{exams, tracks};

/// Titles of tracks by slug, and of exams by `exam/` and their slug, in one language.
pub(super) type TrackTitles = BTreeMap<String, String>;

/// Where the title of an exam stands among [`TrackTitles`]: no track has a slug with a slash.
pub(super) fn exam_key(slug: &str) -> String {
    format!("exam/{slug}")
}

/// What tracks and exams are called.
pub(super) async fn titles(app: &App, w: Words) -> Result<TrackTitles> {
    let tracks = tracks::current(app.db.read()).await?.into_iter();
    let tracks = tracks.map(|v| (v.definition.slug.clone(), w.pick(&v.definition.title).to_owned()));
    let exams = exams::list(app.db.read()).await?.into_iter();
    let exams = exams
        .filter_map(|exam| Some((exam_key(&exam.spec.slug), exam.spec.title.as_ref()?.pick(w.lang()).1.to_owned())));
    Ok(tracks.chain(exams).collect())
}
