//! `/admin/banks` and `/admin/banks/{slug}`: the banks, and the items of one.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use waymark_assess::item::ItemType;

use super::{broken, languages, title};
use crate::access::{ApplyProgram, AuthorBanks, May, Permission, Posted, ReadBanks, ReviewItems};
use crate::app::App;
use crate::authoring::sentences;
use crate::banks::lifecycle::State as ItemState;
use crate::banks::{self, Filter, Listing};
use crate::database::Kind;
use crate::error::{Code, Result};
use crate::web::i18n::Words;
use crate::web::page::{Page, Shell, see_other};
use crate::{exams, issuer};

const ON_A_PAGE: usize = 50;

struct BankLine {
    slug: String,
    title: String,
    items: u64,
    in_use: u64,
}

#[derive(Template)]
#[template(path = "authoring/banks.html")]
struct BanksPage {
    shell: Shell,
    rows: Vec<BankLine>,
    /// How many items wait for a review.
    waiting: u64,
    may_write: bool,
    may_review: bool,
    given: BankForm,
    wrong: Vec<(&'static str, String)>,
}

#[derive(Debug, Default, Deserialize)]
pub struct BankForm {
    slug: String,
    #[serde(default)]
    title: String,
}

async fn listed(app: &App, staff: Shell, may_write: bool, may_review: bool) -> Result<BanksPage> {
    let banks = banks::banks(app.db.read()).await?;
    let rows = banks.into_iter().map(|(bank, states)| BankLine {
        title: title(&bank),
        items: states.values().sum(),
        in_use: states.iter().filter(|(state, _)| state.is_drawn()).map(|(_, items)| items).sum(),
        slug: bank.slug,
    });
    Ok(BanksPage {
        rows: rows.collect(),
        waiting: banks::count_waiting(app.db.read()).await?,
        shell: staff,
        may_write,
        may_review,
        given: BankForm::default(),
        wrong: vec![],
    })
}

/// `GET /admin/banks`.
pub async fn banks_page(staff: May<ReadBanks>, State(app): State<App>) -> Result<impl IntoResponse> {
    let may = |roles| staff.principal.holds(roles);
    listed(&app, staff.shell(), may(AuthorBanks::ROLES), may(ReviewItems::ROLES)).await.map(Page)
}

/// `POST /admin/banks`: another bank.
pub async fn open_bank_post(
    staff: May<AuthorBanks>,
    State(app): State<App>,
    Posted(form): Posted<BankForm>,
) -> Result<Response> {
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let refused = match banks::open_bank(&mut ch, form.slug.trim(), &form.title).await {
        Ok(bank) => {
            ch.commit().await?;
            return Ok(see_other(&format!("/admin/banks/{}", bank.slug)));
        }
        Err(e) if matches!(e.code(), Code::ValidationFailed | Code::Conflict) => e,
        Err(e) => return Err(e),
    };
    drop(ch);
    let may_review = staff.principal.holds(ReviewItems::ROLES);
    let mut page = listed(&app, staff.shell(), true, may_review).await?;
    let w = page.shell.w;
    page.wrong = match refused.code() {
        Code::Conflict => vec![("slug", w.t("banks-wrong-twice"))],
        _ => ["slug", "title"]
            .into_iter()
            .filter(|field| refused.faults().iter().any(|fault| fault.pointer == format!("/{field}")))
            .map(|field| (field, w.t(&format!("banks-wrong-{field}"))))
            .collect(),
    };
    page.given = form;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
}

/// What the list of items is narrowed by; an empty field asks for nothing.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    text: String,
    #[serde(default)]
    state: String,
    #[serde(default, rename = "type")]
    item_type: String,
    #[serde(default)]
    domain: String,
    #[serde(default)]
    tag: String,
    #[serde(default)]
    missing: String,
    #[serde(default)]
    page: usize,
}

impl Wanted {
    fn filter(&self, plain: &str) -> Filter {
        let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Filter {
            text: said(&self.text),
            state: ItemState::parse(&self.state),
            item_type: said(&self.item_type),
            domain: said(&self.domain),
            tag: said(&self.tag),
            missing: said(&self.missing),
            plain: Some(plain.to_owned()),
        }
    }

    fn is_narrowed(&self) -> bool {
        [&self.text, &self.state, &self.item_type, &self.domain, &self.tag, &self.missing].iter().any(|s| !s.is_empty())
    }

    /// The same list at another page.
    fn at(&self, slug: &str, page: usize) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("text", &self.text),
            ("state", &self.state),
            ("type", &self.item_type),
            ("domain", &self.domain),
            ("tag", &self.tag),
            ("missing", &self.missing),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.append_pair("page", &page.to_string());
        format!("/admin/banks/{slug}?{}", query.finish())
    }
}

/// One choice of a filter: its value, its words, whether it is chosen.
struct Choice {
    value: String,
    words: String,
    chosen: bool,
}

struct ItemLine {
    path: String,
    slug: String,
    question: String,
    question_language: Option<String>,
    item_type: String,
    domain: String,
    languages: String,
    chips: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "authoring/bank.html")]
struct BankPage {
    shell: Shell,
    slug: String,
    title: String,
    wanted: Wanted,
    states: Vec<Choice>,
    types: Vec<Choice>,
    domains: Vec<Choice>,
    tags: Vec<Choice>,
    missing: Vec<Choice>,
    rows: Vec<ItemLine>,
    all: usize,
    found: usize,
    previous: Option<String>,
    next: Option<String>,
    may_write: bool,
    /// Imports bring items into use, past the review.
    may_import: bool,
    writable: Vec<(&'static str, String)>,
    exams: Vec<String>,
    broken: Vec<(String, String)>,
    /// Items that are approved and not in use, where the visitor may put them into use.
    approved: usize,
    /// How many were put into use just now.
    operated: Option<usize>,
}

/// What was done just now, for the page that it leads to.
#[derive(Debug, Default, Deserialize)]
pub struct Operated {
    #[serde(default)]
    operated: Option<usize>,
}

/// `GET /admin/banks/{slug}`: its items, narrowed by what the query says.
pub async fn bank_page(
    staff: May<ReadBanks>,
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(wanted): Query<Wanted>,
    Query(done): Query<Operated>,
) -> Result<impl IntoResponse> {
    let shell = staff.shell();
    let w = shell.w;
    let bank = banks::bank(app.db.read(), &slug).await?;
    let items = banks::items(app.db.read(), bank.id).await?;
    let plain = issuer::language(app.db.read()).await?.as_str();
    let filter = wanted.filter(plain);
    let found: Vec<&Listing> = items.iter().filter(|listing| filter.lets_through(listing)).collect();
    let page = wanted.page.min(found.len().saturating_sub(1) / ON_A_PAGE);
    let shown = found.iter().skip(page * ON_A_PAGE).take(ON_A_PAGE);
    let mut spoken: BTreeSet<String> = languages(&app, w.lang()).await?.into_iter().collect();
    spoken.extend(items.iter().flat_map(|listing| listing.content.languages()).filter(|tag| tag != "und"));
    let exams = exams::list(app.db.read()).await?.into_iter().filter(|exam| exam.spec.bank == slug);
    Ok(Page(BankPage {
        title: title(&bank),
        states: counted(items.iter().map(|l| l.state.as_str().to_owned()), &wanted.state, |name| {
            ItemState::parse(name).map_or_else(String::new, |state| sentences::state(w, state))
        }),
        types: counted(
            items.iter().map(|l| banks::type_name(l.content.item_type()).to_owned()),
            &wanted.item_type,
            |name| sentences::item_type(w, name),
        ),
        domains: counted(items.iter().filter_map(|l| l.content.domain.clone()), &wanted.domain, str::to_owned),
        tags: counted(items.iter().flat_map(|l| l.content.tags.iter().cloned()), &wanted.tag, str::to_owned),
        missing: counted(
            items.iter().flat_map(|l| {
                spoken.iter().filter(|tag| banks::lacks(&l.content, tag, Some(plain))).cloned().collect::<Vec<_>>()
            }),
            &wanted.missing,
            |tag| sentences::language(w, tag),
        ),
        rows: shown.map(|listing| line(w, &slug, listing)).collect(),
        all: items.len(),
        found: found.len(),
        previous: (page > 0).then(|| wanted.at(&slug, page - 1)),
        next: ((page + 1) * ON_A_PAGE < found.len()).then(|| wanted.at(&slug, page + 1)),
        may_write: staff.principal.holds(AuthorBanks::ROLES),
        may_import: staff.principal.holds(ApplyProgram::ROLES),
        writable: ItemType::ALL.map(|known| (known.as_str(), sentences::item_type(w, known.as_str()))).into(),
        exams: exams.map(|exam| exam.spec.slug).collect(),
        broken: broken(&app, &slug, w.lang()).await?,
        approved: match staff.principal.holds(ReviewItems::ROLES) {
            true => items.iter().filter(|listing| listing.state == ItemState::Approved).count(),
            false => 0,
        },
        operated: done.operated,
        shell,
        slug,
        wanted,
    }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// `POST /admin/banks/{slug}/operate`: everything that is approved goes into use.
pub async fn operate_approved_post(
    staff: May<ReviewItems>,
    State(app): State<App>,
    Path(slug): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response> {
    let bank = banks::bank(app.db.read(), &slug).await?;
    let mut ch = app.db.change(staff.actor(), Kind::Privileged).await?;
    let operated = banks::operate_approved(&mut ch, &bank).await?;
    ch.commit().await?;
    Ok(see_other(&format!("/admin/banks/{slug}?operated={operated}")))
}

/// Each value with how often it is there.
fn counted(values: impl Iterator<Item = String>, chosen: &str, words: impl Fn(&str) -> String) -> Vec<Choice> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    if !chosen.is_empty() {
        counts.entry(chosen.to_owned()).or_default();
    }
    let choice = |(value, count): (String, usize)| Choice {
        words: format!("{} ({count})", words(&value)),
        chosen: value == chosen,
        value,
    };
    counts.into_iter().map(choice).collect()
}

fn line(w: Words, slug: &str, listing: &Listing) -> ItemLine {
    let content = &listing.content;
    let (tag, question) = content.stem.pick(w.lang());
    let mut chips = vec![(sentences::chip(listing.state), sentences::state(w, listing.state))];
    chips.extend(listing.proposal.map(|is| ("chip chip--info", sentences::proposal(w, is))));
    let languages: Vec<String> = content.languages().iter().map(|tag| sentences::language(w, tag)).collect();
    ItemLine {
        path: format!("/admin/banks/{slug}/items/{}", listing.id),
        slug: listing.slug.clone(),
        question: sentences::question(question),
        question_language: Some(tag.to_owned()).filter(|tag| tag != "und"),
        item_type: sentences::item_type(w, banks::type_name(content.item_type())),
        domain: content.domain.clone().unwrap_or_default(),
        languages: languages.join(", "),
        chips,
    }
}
