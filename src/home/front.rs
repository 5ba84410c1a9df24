//! `/` and `/p/{slug}`: what one can earn here, for anyone.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use waymark_criteria::Standing;

use super::called::titles as titles_of;
use super::requirement::{Asked, asked};
use crate::access::Public;
use crate::app::App;
use crate::error::{Error, Result};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell};
use crate::{credentials, issuer, titles, tracks};

struct Card {
    slug: String,
    title: String,
    kind: String,
    badge: String,
    criteria: String,
}

#[derive(Template)]
#[template(path = "home/front.html")]
struct FrontPage {
    shell: Shell,
    issuer: Option<String>,
    cards: Vec<Card>,
}

/// `GET /`.
pub async fn front_page(visitor: Public, State(app): State<App>) -> Result<impl IntoResponse> {
    let shell = visitor.shell();
    let w = shell.w;
    let cards = tracks::current(app.db.read()).await?.into_iter().map(|version| Card {
        kind: w.t(&format!("track-kind-{}", version.definition.kind.as_str())),
        badge: format!("/achievements/{}/badge.svg", version.track),
        title: w.pick(&version.definition.title).to_owned(),
        criteria: w.pick(&version.definition.criteria).to_owned(),
        slug: version.definition.slug,
    });
    let issuer = issuer::default_issuer(app.db.read()).await?.map(|issuer| w.pick(&issuer.profile.name).to_owned());
    Ok(Page(FrontPage { issuer, cards: cards.collect(), shell }))
}

#[derive(Template)]
#[template(path = "home/track.html")]
struct TrackPage {
    shell: Shell,
    slug: String,
    title: String,
    kind: String,
    badge: String,
    description: String,
    criteria: String,
    rule: Option<String>,
    asked: Vec<Asked>,
    /// The heading and the sentence of how long it holds.
    holds: (String, String),
    /// What it is for, and how many hold it.
    goal: String,
    held: String,
    level: Option<String>,
    renews: Vec<Asked>,
    /// Whether it has a board of the season.
    board: bool,
    issuer: String,
    issuer_url: String,
}

/// `GET /p/{slug}`.
pub async fn track_page(
    visitor: Public,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<impl IntoResponse> {
    let shell = visitor.shell();
    let w = shell.w;
    let version = tracks::by_slug(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let issuer = issuer::find(app.db.read(), version.issuer).await?.profile;
    let named = titles_of(&app, w).await?;
    let board = titles::board::has_board(&version);
    let definition = version.definition;
    let (rule, asks) = asked(w, &definition.requirements(), &named, &definition.slug);
    let renews =
        definition.renewal.as_ref().map(|renewal| asked(w, &renewal.requirements(), &named, &definition.slug).1);
    let holds = holds(w, definition.requirements().standing(), definition.validity.map(|validity| validity.months));
    let held = credentials::count_held(app.db.read(), version.track, app.db.now()).await?;
    Ok(Page(TrackPage {
        title: w.pick(&definition.title).to_owned(),
        kind: w.t(&format!("track-kind-{}", definition.kind.as_str())),
        badge: format!("/achievements/{}/badge.svg", version.track),
        description: w.pick(&definition.description).to_owned(),
        criteria: w.pick(&definition.criteria).to_owned(),
        rule,
        asked: asks,
        goal: definition.goal.as_ref().map_or_else(String::new, |goal| w.pick(&goal.text).to_owned()),
        held: w.with1("tracks-held", "n", held),
        level: definition.level.map(|level| w.with2("tracks-level", "ladder", level.ladder, "step", level.step)),
        renews: renews.unwrap_or_default(),
        board,
        holds,
        issuer: w.pick(&issuer.name).to_owned(),
        issuer_url: issuer.url,
        slug: definition.slug,
        shell,
    }))
}

/// How long it holds: a term where there are terms, else as long as the credential is valid.
fn holds(w: Words, standing: Standing, months: Option<u32>) -> (String, String) {
    let valid = months.map(|n| w.with1("track-holds-months", "n", n));
    match standing {
        Standing::Decided => {
            let usual = months.map(|n| w.with1("track-term-usual", "n", n));
            let said: Vec<String> = [Some(w.t("track-term-decided")), usual].into_iter().flatten().collect();
            (w.t("track-term"), w.sentences(&said))
        }
        Standing::Term { months } => {
            let said: Vec<String> =
                [Some(w.with1("track-term-months", "n", months)), valid].into_iter().flatten().collect();
            (w.t("track-term"), w.sentences(&said))
        }
        Standing::Earned | Standing::Current => (w.t("track-holds"), valid.unwrap_or_else(|| w.t("track-holds-ever"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use waymark_criteria::Criteria;

    use super::super::called::{TrackTitles, exam_key};
    use super::*;
    use crate::web::i18n::Locale;

    #[test]
    fn an_exam_is_asked_for_by_its_title() {
        let exam = |slug: &str| json!({"id": slug, "exam": {"slug": slug}});
        let criteria = Criteria::from_value(&json!({"all": [exam("network-exam"), exam("untitled")]})).expect("valid");
        let titles = TrackTitles::from([(exam_key("network-exam"), "ネットワーク基礎".to_owned())]);
        let (_, rows) = asked(Words::new(Locale::Ja), &criteria, &titles, "own");
        let told = rows.iter().map(|row| row.render().expect("written")).collect::<Vec<_>>();
        assert!(told[0].contains("試験「ネットワーク基礎」に合格する"), "{}", told[0]);
        assert!(told[1].contains("試験「untitled」に合格する"), "{}", told[1]);
    }
}
