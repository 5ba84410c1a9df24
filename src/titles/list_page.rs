//! `/admin/titles`: the titles there are, and what waits for a second person.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;

use super::find::{self, Wanted};
use super::lifecycle::State as TermState;
use super::told;
use crate::access::{DecideTitles, May};
use crate::app::App;
use crate::error::Result;
use crate::issuer;
use crate::tracks::{self, Kind as TrackKind};
use crate::web::page::{Page, Shell};

/// Proposals that the page names; the page of a title shows all of its own.
const SHOWN: u64 = 50;

struct Card {
    slug: String,
    title: String,
    criteria: String,
    held: String,
}

struct Waiting {
    slug: String,
    id: String,
    title: String,
    name: String,
    term: String,
    by: String,
}

#[derive(Template)]
#[template(path = "titles/titles.html")]
struct TitlesPage {
    shell: Shell,
    cards: Vec<Card>,
    waiting: Vec<Waiting>,
}

/// `GET /admin/titles`.
pub async fn titles_page(staff: May<DecideTitles>, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let (w, db) = (shell.w, app.db.read());
    let zone = issuer::zone(db).await?;
    let mut cards = vec![];
    for version in tracks::current(db).await?.into_iter().filter(|v| v.definition.kind == TrackKind::Title) {
        let held = find::count_current(db, version.track, app.db.now()).await?;
        cards.push(Card {
            title: w.pick(&version.definition.title).to_owned(),
            criteria: w.pick(&version.definition.criteria).to_owned(),
            held: w.with1("titles-held", "n", held),
            slug: version.definition.slug,
        });
    }
    let wanted = Wanted { state: Some(TermState::Proposed), ..Wanted::default() };
    let mut waiting = vec![];
    for term in find::list(db, wanted, None, SHOWN).await? {
        let definition = tracks::find(db, term.track).await?.definition;
        let (by, date) = (told::name_of(db, term.proposed.person).await?, zone.date(w, term.proposed.at));
        waiting.push(Waiting {
            id: term.id.to_string(),
            title: w.pick(&definition.title).to_owned(),
            name: told::name_of(db, term.member).await?,
            term: told::span(w, &zone, &term),
            by: w.with2("titles-proposed-by", "name", by, "date", date),
            slug: definition.slug,
        });
    }
    Ok(Page(TitlesPage { cards, waiting, shell }))
}
