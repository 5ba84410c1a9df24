//! `/admin/tracks` and `/admin/tracks/{slug}/plan`.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::designer::summary;
use super::effect::Effect;
use super::fairness::By;
use super::plan::{self, hash_of};
use crate::access::{May, Permission, Posted, PublishTracks, ReadProgram};
use crate::app::App;
use crate::database::pagination::Listed;
use crate::error::{Error, Result};
use crate::tracks::{self, Managed, TrackDefinition};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::{credentials, issuer, members};

/// People on a page of a plan.
const ON_A_PAGE: u64 = 50;

struct Card {
    slug: String,
    title: String,
    kind: String,
    goal: String,
    /// How many hold it, against the target where there is one.
    held: String,
    owner: Option<String>,
    level: Option<String>,
    files: bool,
    draft: bool,
}

#[derive(Template)]
#[template(path = "planning/tracks.html")]
struct TracksPage {
    shell: Shell,
    cards: Vec<Card>,
    /// Slugs and titles of what was never published.
    drafts: Vec<(String, String)>,
    may_publish: bool,
}

/// `GET /admin/tracks`: every track with its goal and who writes it, and what is being written.
pub async fn tracks_page(staff: May<ReadProgram>, State(app): State<App>) -> Result<impl IntoResponse> {
    let (db, shell) = (app.db.read(), staff.shell());
    let w = shell.w;
    let mut drafts = tracks::drafts(db).await?;
    let mut cards = vec![];
    for version in tracks::current(db).await? {
        let definition = version.definition;
        let held = credentials::count_held(db, version.track, app.db.now()).await?;
        let goal = definition.goal.as_ref();
        cards.push(Card {
            title: w.pick(&definition.title).to_owned(),
            kind: w.t(&format!("track-kind-{}", definition.kind.as_str())),
            goal: goal.map_or_else(String::new, |goal| w.pick(&goal.text).to_owned()),
            held: match goal {
                Some(goal) => w.with2("tracks-held-of", "n", held, "target", goal.target),
                None => w.with1("tracks-held", "n", held),
            },
            owner: goal.and_then(|goal| goal.owner.clone()),
            level: definition.level.map(|level| w.with2("tracks-level", "ladder", level.ladder, "step", level.step)),
            files: version.managed == Managed::Files,
            draft: drafts.iter().any(|draft| draft.slug == definition.slug),
            slug: definition.slug,
        });
    }
    drafts.retain(|draft| !cards.iter().any(|card| card.slug == draft.slug));
    let named = |draft: tracks::Draft| {
        let title = draft.document["title"][w.lang()].as_str().unwrap_or(&draft.slug).to_owned();
        (draft.slug, title)
    };
    let may_publish = staff.principal.holds(PublishTracks::ROLES);
    Ok(Page(TracksPage { cards, drafts: drafts.into_iter().map(named).collect(), may_publish, shell }))
}

/// One way of going, as a tab.
struct Tab {
    word: &'static str,
    name: String,
    n: u64,
    on: bool,
}

struct PersonRow {
    id: String,
    name: String,
    before: String,
    crossed: String,
    holds: bool,
}

struct GroupRow {
    name: String,
    members: u64,
    before: String,
    after: String,
}

struct GroupTable {
    id: &'static str,
    title: String,
    rows: Vec<GroupRow>,
}

struct PlanView {
    running: bool,
    cancelled: bool,
    done: u64,
    total: u64,
    counted_at: String,
    /// The draft was changed since.
    stale: bool,
    tabs: Vec<Tab>,
    neither: u64,
    effect: &'static str,
    people: Vec<PersonRow>,
    next: Option<String>,
    groups: Vec<GroupTable>,
}

#[derive(Template)]
#[template(path = "planning/plan.html")]
struct PlanPage {
    shell: Shell,
    slug: String,
    title: String,
    told: String,
    view: Option<PlanView>,
    has_draft: bool,
}

#[derive(Debug, Default, Deserialize)]
pub struct PlanQuery {
    #[serde(default)]
    effect: String,
    #[serde(default)]
    cursor: Option<String>,
}

/// `GET /admin/tracks/{slug}/plan`: how far the dry run has come, who gains, loses and keeps, and whom the change reaches.
pub async fn plan_page(
    staff: May<PublishTracks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<PlanQuery>,
) -> Result<impl IntoResponse> {
    let (db, shell) = (app.db.read(), staff.shell());
    let draft = tracks::draft(db, &slug).await?;
    let known = tracks::by_slug(db, &slug).await?;
    let document = match (&draft, &known) {
        (Some(draft), _) => draft.document.clone(),
        (None, Some(version)) => version.definition.as_file(),
        (None, None) => return Err(Error::not_found()),
    };
    let own = document["title"][shell.w.lang()].as_str().or_else(|| document["title"].as_str());
    Ok(Page(PlanPage {
        title: own.unwrap_or(&slug).to_owned(),
        told: summary(db, shell.w, &document).await?,
        view: view(&app, shell.w, &slug, draft.as_ref().map(|draft| &draft.document), &asked).await?,
        has_draft: draft.is_some(),
        slug,
        shell,
    }))
}

async fn view(
    app: &App,
    w: Words,
    slug: &str,
    draft: Option<&serde_json::Value>,
    asked: &PlanQuery,
) -> Result<Option<PlanView>> {
    let db = app.db.read();
    let Some(made) = plan::latest(db, slug).await? else { return Ok(None) };
    let zone = issuer::zone(db).await?;
    let effect = Effect::NAMED.into_iter().find(|effect| effect.as_str() == asked.effect).unwrap_or(Effect::Gain);
    let found = plan::people(db, made.job, effect, asked.cursor.as_deref(), ON_A_PAGE + 1).await?;
    let listed = Listed::cut(found, ON_A_PAGE, |person| person.member.to_string());
    let date = |at: Option<crate::clock::Timestamp>| at.map_or_else(|| w.t("plan-no-date"), |at| zone.date(w, at));
    let mut people = vec![];
    for person in listed.data {
        people.push(PersonRow {
            name: members::find(db, person.member).await?.name,
            id: person.member.to_string(),
            before: date(person.line.before_at),
            crossed: date(person.line.crossed_at),
            holds: person.line.holds,
        });
    }
    let tab = |of: Effect| Tab {
        word: of.as_str(),
        name: w.t(&format!("plan-{}", of.as_str())),
        n: made.of(of),
        on: of == effect,
    };
    let tables = By::ALL.into_iter().map(|by| GroupTable {
        id: by.as_str(),
        title: w.t(&format!("plan-by-{}", by.as_str())),
        rows: made.groups.get(&by).into_iter().flatten().map(|(name, share)| group(w, by, name, *share)).collect(),
    });
    let draft = draft.and_then(|document| TrackDefinition::from_value(document).ok());
    Ok(Some(PlanView {
        running: !made.has_ended(),
        cancelled: made.state == crate::jobs::JobState::Cancelled,
        done: made.rows.0,
        total: made.rows.1,
        counted_at: zone.instant(w, made.counted_at),
        stale: draft.is_some_and(|draft| hash_of(&draft) != made.hash),
        tabs: Effect::NAMED.map(tab).into(),
        neither: made.of(Effect::Neither),
        effect: effect.as_str(),
        people,
        next: listed.next_cursor,
        groups: tables.collect(),
    }))
}

fn group(w: Words, by: By, name: &str, share: super::fairness::Share) -> GroupRow {
    let (before, after) = share.rates();
    let rate = |tenths: u64, n: u64| w.with2("plan-rate", "rate", format!("{}.{}", tenths / 10, tenths % 10), "n", n);
    GroupRow {
        name: match by {
            _ if name.is_empty() => w.t("plan-group-none"),
            By::Language => w.t(&format!("designer-language-{name}")),
            By::Joined => w.with1("plan-group-year", "year", name),
            By::Affiliation => name.to_owned(),
        },
        members: share.members,
        before: rate(before, share.before),
        after: rate(after, share.after),
    }
}

#[derive(Debug, Deserialize)]
pub struct Nothing {}

/// `POST /admin/tracks/{slug}/plan`: counts the draft that is kept anew.
pub async fn plan_post(
    staff: May<PublishTracks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Posted(_): Posted<Nothing>,
) -> Result<Response> {
    let draft = tracks::draft(app.db.read(), &slug).await?.ok_or_else(Error::not_found)?;
    let found = super::check::checked(app.db.read(), &draft.document).await?;
    // What cannot be published cannot be counted: the form says what is wrong.
    let Some(definition) = found.good() else { return Ok(see_other(&format!("/admin/tracks/{slug}"))) };
    plan::begin(&app, staff.actor(), definition).await?;
    Ok(see_other(&format!("/admin/tracks/{slug}/plan")))
}
