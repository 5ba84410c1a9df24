//! The page of one ladder: its form, what is wrong with it, who would stand where.

use std::collections::BTreeSet;

use askama::Template;
use serde_json::Value;

use super::definition::{LadderDefinition, Texts, written};
use super::form::{self, Form, Known};
use super::preview::{self, MOST_MEMBERS, Preview};
use super::service::LadderVersion;
use crate::app::App;
use crate::error::{Fault, Result};
use crate::tracks::{self, Managed};
use crate::web::i18n::Words;
use crate::web::page::Shell;
use crate::{contributions, exams, issuer};

/// What the page says above the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    None,
    Published,
    Same,
    Good,
    NotYet,
    SlugTaken,
    Changed,
}

impl Notice {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Published => "ladder-done-published",
            Self::Same => "ladder-done-same",
            Self::Good => "ladder-good",
            Self::NotYet => "ladder-not-yet",
            Self::SlugTaken => "ladder-slug-taken",
            Self::Changed => "designer-changed",
        }
    }

    pub(super) fn is_bad(self) -> bool {
        matches!(self, Self::NotYet | Self::SlugTaken | Self::Changed)
    }
}

/// The preview, in the reader's words.
pub(super) struct Told {
    counted: String,
    steps: Vec<(String, u64)>,
    people: Vec<PersonLine>,
}

pub(super) struct PersonLine {
    id: String,
    name: String,
    points: u64,
    rank: String,
    today: String,
}

#[derive(Template)]
#[template(path = "ranks/ladder.html")]
pub(super) struct LadderPage {
    shell: Shell,
    /// Empty for a new ladder.
    slug: String,
    title: String,
    /// The version that the writer saw; 0 where there is none.
    seen: i32,
    form: Form,
    types: Vec<String>,
    /// Types that bring points here and that no source sends.
    unsent: Vec<String>,
    spare: usize,
    pub notice: Notice,
    pub told: Option<Told>,
    /// The ladder as a file, once it is free of mistakes.
    file: Option<String>,
    locked: bool,
}

impl LadderPage {
    fn action(&self) -> String {
        let name = if self.slug.is_empty() { "new" } else { self.slug.as_str() };
        format!("/admin/ladders/{name}")
    }
}

/// What a page is drawn from.
pub(super) struct Drawn<'d> {
    pub known: Option<&'d LadderVersion>,
    pub document: &'d Value,
    pub spare: usize,
    pub faults: &'d [Fault],
}

pub(super) async fn page(app: &App, shell: Shell, of: Drawn<'_>) -> Result<LadderPage> {
    let (db, w) = (app.db.read(), shell.w);
    let tracks = tracks::current(db).await?.into_iter();
    let exams = exams::list(db).await?.into_iter();
    let exam_title = |spec: &waymark_assess::ExamSpec| {
        spec.title.as_ref().map_or_else(|| spec.slug.clone(), |title| title.pick(w.lang()).1.to_owned())
    };
    let known = Known {
        exams: exams.map(|exam| (exam.spec.slug.clone(), exam_title(&exam.spec))).collect(),
        tracks: tracks.map(|v| (v.definition.slug.clone(), w.pick(&v.definition.title).to_owned())).collect(),
        languages: issuer::languages(db).await?,
    };
    let from_files = contributions::sources(db).await?.into_iter().flat_map(|source| source.types);
    let mut types: Vec<String> = from_files.chain(contributions::own_types().map(str::to_owned)).collect();
    types.sort();
    types.dedup();
    let asked = of.document["points"]["contributions"].as_array().into_iter().flatten();
    let asked = asked.filter_map(|row| row["type"].as_str()).map(str::trim);
    let unsent: BTreeSet<&str> =
        asked.filter(|kind| !kind.is_empty() && !types.iter().any(|known| known == kind)).collect();
    let unsent = unsent.into_iter().map(|kind| w.with1("ladder-unsent", "type", kind)).collect();
    let title = of.document["title"][w.lang()].as_str().or_else(|| of.document["title"].as_str());
    let title = title.or(of.known.map(|known| w.pick(&known.definition.title)));
    Ok(LadderPage {
        slug: of.known.map_or_else(String::new, |known| known.slug().to_owned()),
        title: title.map_or_else(|| w.t("ladders-new"), str::to_owned),
        seen: of.known.map_or(0, |known| known.number),
        form: form::drawn(w, of.document, &known, of.known.is_none(), of.spare, of.faults),
        types,
        unsent,
        spare: of.spare,
        notice: Notice::None,
        told: None,
        file: LadderDefinition::from_value(of.document).ok().map(|definition| written(&definition)),
        locked: of.known.is_some_and(|known| known.managed == Managed::Files),
        shell,
    })
}

/// The preview in the reader's words.
pub(super) fn told(w: Words, made: Preview) -> Told {
    let key = if made.more { "ladder-preview-first" } else { "ladder-preview-all" };
    let name = |titles: Option<Texts>| match titles {
        Some(titles) => w.pick(&titles).to_owned(),
        None => w.t("ladder-preview-below"),
    };
    let person = |person: preview::Person| PersonLine {
        id: person.id.to_string(),
        name: person.name,
        points: person.points,
        rank: name(person.rank),
        today: person.points_today.map_or_else(|| w.t("ladder-preview-none"), |points| points.to_string()),
    };
    Told {
        counted: w.with1(key, "n", if made.more { MOST_MEMBERS } else { made.members }),
        steps: made.steps.into_iter().map(|(titles, n)| (name(titles), n)).collect(),
        people: made.people.into_iter().map(person).collect(),
    }
}
