//! One item: as the candidate sees it, where it stands, what can be done, its versions and its steps.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use waymark_assess::item::ItemVersion;

use super::preview::{Shown, shown};
use super::question::{AnswerView, Drawn};
use super::revealed::{Revealed, revealed};
use super::{broken, found, item_path, languages, title};
use crate::access::{AuthorBanks, May, Permission, Posted, ReadBanks, ReadKeys, ReviewItems};
use crate::app::App;
use crate::authoring::sentences::{self, Names};
use crate::banks::lifecycle::Verb;
use crate::banks::{self, Item, LONGEST_NOTE};
use crate::database::Kind;
use crate::error::{Code, Error, Result};
use crate::ids::ItemId;
use crate::issuer;
use crate::web::page::{Page, Shell, see_other};

struct VersionRow {
    number: u32,
    written: String,
    author: String,
    in_use: bool,
    proposed: bool,
    /// The comparison with the version before.
    diff: Option<String>,
}

struct StepRow {
    at: String,
    what: String,
    who: String,
    note: Option<String>,
    version: Option<u32>,
}

#[derive(Template)]
#[template(path = "authoring/item.html")]
struct ItemPage {
    shell: Shell,
    item: Item,
    path: String,
    bank_title: String,
    chips: Vec<(&'static str, String)>,
    type_name: String,
    domain: Option<String>,
    tags: Vec<String>,
    refs: Vec<String>,
    has: Vec<String>,
    missing: Vec<String>,
    shown: Vec<Shown>,
    revealed: Option<Revealed>,
    may_reveal: bool,
    may_edit: bool,
    /// The approval is offered beside the key: here stands where the key is.
    review: Option<String>,
    /// What was done just now.
    done: Option<String>,
    /// What else waits for the visitor, after a step of theirs: address and id.
    next: Option<(String, String)>,
    /// Verb, words, whether it takes something away.
    steps: Vec<(&'static str, String, bool)>,
    /// It waits, and the visitor had a hand in it.
    own: bool,
    /// The steps that take a reason, in words; empty where none does.
    reason_due: String,
    longest: usize,
    reason: String,
    wrong: Vec<(&'static str, String)>,
    changed: bool,
    versions: Vec<VersionRow>,
    history: Vec<StepRow>,
    broken: Vec<(String, String)>,
}

/// Whether the key is shown.
#[derive(Debug, Default, Deserialize)]
pub struct Reveal {
    #[serde(default)]
    key: Option<String>,
    /// The step that was taken just now.
    #[serde(default)]
    done: Option<String>,
}

/// `GET /admin/banks/{slug}/items/{id}`, with `?key=show` the key: a look that is audited.
pub async fn item_page(
    staff: May<ReadBanks>,
    State(app): State<App>,
    Path((slug, id)): Path<(String, String)>,
    Query(reveal): Query<Reveal>,
) -> Result<impl IntoResponse> {
    let item = found(&app, &slug, &id).await?;
    let mut version = None;
    if reveal.key.is_some() {
        if !staff.principal.holds(ReadKeys::ROLES) {
            return Err(Error::new(Code::Forbidden).with("needs", ReadKeys::NAME).member("needs", ReadKeys::NAME));
        }
        let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
        version = Some(banks::open_key(&mut ch, &item, item.working()).await?);
        ch.commit().await?;
    }
    let done = reveal.done.as_deref();
    let mut page = page(&app, &staff, item, version).await?;
    // Two outcomes of the form are no steps of an item's life.
    if let Some(kept @ ("written" | "same")) = done {
        page.done = Some(page.shell.w.t(&format!("item-done-{kept}")));
    }
    if let Some(verb) = done.and_then(Verb::parse) {
        page.done = Some(page.shell.w.t(&format!("item-done-{}", verb.as_str())));
        if verb != Verb::Edit {
            page.next = next_for(&app, &staff, page.item.id).await?;
        }
    }
    Ok(Page(page))
}

/// Another item that waits for a review by this visitor.
async fn next_for(app: &App, staff: &May<ReadBanks>, but: ItemId) -> Result<Option<(String, String)>> {
    if !staff.principal.holds(ReviewItems::ROLES) {
        return Ok(None);
    }
    let me = staff.actor().to_string();
    for (item, _) in banks::waiting(app.db.read()).await? {
        if item.id != but && !banks::hands(app.db.read(), &item).await?.contains(&me) {
            return Ok(Some((format!("{}?key=show", item_path(&item)), item.slug)));
        }
    }
    Ok(None)
}

async fn page(app: &App, staff: &May<ReadBanks>, item: Item, opened: Option<ItemVersion>) -> Result<ItemPage> {
    let shell = staff.shell();
    let (w, db) = (shell.w, app.db.read());
    let may = |roles| staff.principal.holds(roles);
    let (may_edit, may_review) = (may(AuthorBanks::ROLES), may(ReviewItems::ROLES));
    let content = banks::content_of(db, item.working()).await?;
    let own = banks::hands(db, &item).await?.contains(&staff.actor().to_string());
    // Whoever approves has the key before them.
    let unseen = opened.is_none() && may(ReadKeys::ROLES);
    let offered: Vec<Verb> = item
        .standing
        .steps()
        .filter(|verb| *verb != Verb::Edit && if verb.is_authoring() { may_edit } else { may_review })
        // One's own work is taken back, not sent back.
        .filter(|verb| !(own && (verb.needs_another() || *verb == Verb::SendBack)))
        .collect();
    let review = (unseen && offered.contains(&Verb::Approve)).then(|| format!("{}?key=show#key", item_path(&item)));
    let steps: Vec<Verb> = offered.into_iter().filter(|verb| !(unseen && *verb == Verb::Approve)).collect();
    let due: Vec<String> =
        steps.iter().filter(|verb| verb.needs_reason()).map(|verb| sentences::verb(w, *verb)).collect();
    let wanted = languages(app, w.lang()).await?;
    let (has, plain) = (content.languages(), issuer::language(db).await?.as_str());
    let zone = issuer::zone(db).await?;
    let mut names = Names::default();
    let lines = banks::versions_of(db, item.id).await?;
    let mut versions = vec![];
    for line in &lines {
        let author = match &line.author {
            Some(author) => names.of(db, w, author).await?,
            None => String::new(),
        };
        let diff = (line.number > 1)
            .then(|| format!("{}/diff?from={}&to={}", item_path(&item), line.number - 1, line.number))
            .filter(|_| may(ReadKeys::ROLES));
        versions.push(VersionRow {
            number: line.number,
            written: zone.instant(w, line.written_at),
            author,
            in_use: line.id == item.version && !item.standing.state.is_new(),
            proposed: Some(line.id) == item.proposed,
            diff,
        });
    }
    let mut history = vec![];
    for step in banks::history(db, item.id).await? {
        history.push(StepRow {
            at: zone.instant(w, step.at),
            what: sentences::done(w, &step.verb),
            who: names.of(db, w, &step.actor).await?,
            note: step.note,
            version: lines.iter().find(|line| Some(line.id) == step.version).map(|line| line.number),
        });
    }
    Ok(ItemPage {
        path: item_path(&item),
        bank_title: title(&item.bank),
        chips: sentences::standing(w, item.standing),
        type_name: sentences::item_type(w, banks::type_name(content.item_type())),
        shown: shown(w, &content)?,
        revealed: opened.as_ref().map(|version| revealed(w, version)),
        may_reveal: may(ReadKeys::ROLES),
        may_edit,
        review,
        done: None,
        next: None,
        reason_due: due.join(w.t("list-comma").as_str()),
        own: own && item.standing.waits(),
        steps: steps.iter().map(|verb| (verb.as_str(), sentences::verb(w, *verb), is_grave(*verb))).collect(),
        missing: wanted
            .iter()
            .filter(|tag| banks::lacks(&content, tag, Some(plain)))
            .map(|tag| sentences::language(w, tag))
            .collect(),
        has: has.iter().map(|tag| sentences::language(w, tag)).collect(),
        domain: content.domain,
        tags: content.tags.into_iter().collect(),
        refs: content.refs,
        longest: LONGEST_NOTE,
        reason: String::new(),
        wrong: vec![],
        changed: false,
        versions,
        history,
        broken: broken(app, &item.bank.slug, w.lang()).await?,
        item,
        shell,
    })
}

fn is_grave(verb: Verb) -> bool {
    matches!(verb, Verb::Withdraw | Verb::Retire | Verb::Discard)
}

/// The step that was pressed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepForm {
    verb: String,
    revision: i64,
    #[serde(default)]
    reason: String,
}

/// `POST /admin/banks/{slug}/items/{id}/step`.
pub async fn step_post(
    staff: May<ReadBanks>,
    State(app): State<App>,
    Path((slug, id)): Path<(String, String)>,
    Posted(form): Posted<StepForm>,
) -> Result<Response> {
    let item = found(&app, &slug, &id).await?;
    let verb = Verb::parse(&form.verb).filter(|verb| *verb != Verb::Edit).ok_or_else(Error::not_found)?;
    let (roles, needs) = match verb.is_authoring() {
        true => (AuthorBanks::ROLES, AuthorBanks::NAME),
        false => (ReviewItems::ROLES, ReviewItems::NAME),
    };
    if !staff.principal.holds(roles) {
        return Err(Error::new(Code::Forbidden).with("needs", needs).member("needs", needs));
    }
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let refused = match banks::step(&mut ch, item.id, form.revision, verb, &form.reason).await {
        Ok(item) => {
            ch.commit().await?;
            return Ok(see_other(&format!("{}?done={}", item_path(&item), verb.as_str())));
        }
        Err(e) => e,
    };
    drop(ch);
    let changed = matches!(refused.code(), Code::PreconditionFailed | Code::ItemStateConflict);
    if !changed && refused.code() != Code::ValidationFailed {
        return Err(refused);
    }
    let now = banks::item(app.db.read(), item.id).await?;
    let mut page = page(&app, &staff, now, None).await?;
    page.reason = form.reason;
    page.changed = changed;
    if !changed {
        page.wrong = vec![("reason", page.shell.w.with1("item-wrong-reason", "most", LONGEST_NOTE))];
    }
    let status = if changed { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Page(page)).into_response())
}
