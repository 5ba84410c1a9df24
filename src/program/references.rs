//! What only the whole program can tell: whether what one file names stands in another, and whether a bank can fill an exam. Files that have
//! mistakes of their own are held against the others too, so that nothing is told only in a second round.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use waymark_assess::ExamSpec;
use waymark_assess::blueprint::{Blueprint, Drawable};

use super::fixtures::Fixtures;
use super::reading::{Found, Reading};
use crate::document::is_slug;
use crate::ranks::LadderDefinition;
use crate::tracks::TrackDefinition;

/// Templates that need no file.
pub const BUILT_IN_TEMPLATES: &[&str] = &["hexagon", "ribbon", "seal"];

impl Reading<'_> {
    pub(super) fn feasible(&mut self, exam: &Found<ExamSpec>, banks: &BTreeMap<String, Vec<Drawable>>) {
        let Some(name) = exam.said("/bank").filter(|name| is_slug(name)) else { return };
        let Some(bank) = banks.get(name) else {
            let known: Vec<&str> = banks.keys().map(String::as_str).collect();
            let message = format!(
                "there is no bank `{name}` in banks/ (there: {})",
                if known.is_empty() { "none".to_owned() } else { known.join(", ") }
            );
            self.wrong(&exam.file, exam.document.place("/bank"), "unknown_bank", message);
            return;
        };
        let planned = match (&exam.read, exam.document.value.get("blueprint").map(Blueprint::from_value)) {
            (Some(spec), _) => spec.plan(bank.iter().cloned()).err(),
            (None, Some(Ok(blueprint))) => {
                let wrong = blueprint.plan(bank.iter().cloned()).err();
                wrong.map(|wrong| wrong.into_iter().map(|m| m.under("/blueprint")).collect())
            }
            (None, _) => None,
        };
        for m in planned.into_iter().flatten() {
            self.wrong(&exam.file, exam.document.place(&m.pointer), m.code, m.message);
        }
    }

    pub(super) fn references(
        &mut self,
        track: &Found<TrackDefinition>,
        exams: &[Found<ExamSpec>],
        tracks: &[Found<TrackDefinition>],
    ) {
        let titles = self.titles(tracks);
        let (exams, tracks) = (self.named("exams", exams), self.named("tracks", tracks));
        let mut names = vec![];
        for part in ["requires", "renewal"] {
            if let Some(tree) = track.document.value.get(part) {
                search(tree, &format!("/{part}"), &mut names);
            }
        }
        for Name { pointer, kind, slug } in names {
            let known = match kind {
                "exam" => &exams,
                "title" => &titles,
                _ => &tracks,
            };
            self.known_or_published(&track.file, track.document.place(&pointer), kind, &slug, known);
        }
        let Some(template) = track.said("/template") else { return };
        let own = self.files.get(&format!("badges/{template}.svg")).is_some();
        if !own && !BUILT_IN_TEMPLATES.contains(&template) {
            let message = format!(
                "there is no template `{template}`: use {}, or put badges/{template}.svg beside the tracks",
                BUILT_IN_TEMPLATES.join(", ")
            );
            self.wrong(&track.file, track.document.place("/template"), "unknown_template", message);
        }
    }

    /// What a ladder gives points for stands in the program, or is published on this server.
    pub(super) fn brings_points(
        &mut self,
        ladder: &Found<LadderDefinition>,
        exams: &[Found<ExamSpec>],
        tracks: &[Found<TrackDefinition>],
    ) {
        for (kind, part, known) in
            [("exam", "exams", self.named("exams", exams)), ("track", "credentials", self.named("tracks", tracks))]
        {
            let pointer = format!("/points/{part}");
            let said = ladder.document.value.pointer(&pointer).and_then(Value::as_object);
            for slug in said.into_iter().flat_map(|map| map.keys()).filter(|slug| is_slug(slug)) {
                self.known_or_published(
                    &ladder.file,
                    ladder.document.place(&format!("{pointer}/{slug}")),
                    kind,
                    slug,
                    &known,
                );
            }
        }
    }

    /// A name that stands in no file is of this server, which is noted, or a mistake.
    fn known_or_published(
        &mut self,
        file: &str,
        place: (usize, usize),
        kind: &str,
        slug: &str,
        known: &BTreeSet<String>,
    ) {
        if known.contains(slug) {
            return;
        }
        let folder = if kind == "exam" { "exams" } else { "tracks" };
        if self.published.has(kind, slug) {
            let message = format!(
                "the {kind} `{slug}` is not in {folder}/; that of this server is meant, and `waymark program export` writes it to a file"
            );
            self.note(file, place, "on_this_server", message);
            return;
        }
        if kind == "title" {
            self.wrong(file, place, "unknown_title", unknown_title(slug));
            return;
        }
        let code = if kind == "exam" { "unknown_exam" } else { "unknown_track" };
        self.wrong(file, place, code, format!("there is no {kind} `{slug}` in {folder}/"));
    }

    /// Two tracks cannot be the same step of one ladder.
    pub(super) fn levels(&mut self, tracks: &[Found<TrackDefinition>]) {
        let mut first: BTreeMap<(&str, u32), &str> = BTreeMap::new();
        for track in tracks {
            let Some(level) = track.read.as_ref().and_then(|definition| definition.level.as_ref()) else { continue };
            if let Some(other) = first.insert((&level.ladder, level.step), &track.file) {
                let message = format!(
                    "{other} is step {} of the ladder `{}` already: give this track another step",
                    level.step, level.ladder
                );
                self.wrong(&track.file, track.document.place("/level/step"), "same_level", message);
            }
        }
    }

    /// A test is of a track that there is, and of requirements that it has.
    pub(super) fn tested(&mut self, fixtures: &[Found<Fixtures>], tracks: &[Found<TrackDefinition>]) {
        for tests in fixtures {
            let Some(read) = &tests.read else { continue };
            if !self.named("tracks", tracks).contains(&read.track) {
                let message = format!("there is no track `{}` in tracks/", read.track);
                self.wrong(&tests.file, tests.document.place("/track"), "unknown_track", message);
                continue;
            }
            let same = |found: &&Found<TrackDefinition>| found.read.as_ref().is_some_and(|t| t.slug == read.track);
            let Some(track) = tracks.iter().find(same).and_then(|found| found.read.as_ref()) else { continue };
            let criteria = track.requirements();
            let known: Vec<&str> = criteria.nodes().iter().map(|node| node.id.as_str()).collect();
            for case in &read.cases {
                for name in case.expect.requirements.keys().filter(|name| !known.contains(&name.as_str())) {
                    let at = tests.document.place(&format!("{}/expect/requirements/{name}", case.pointer));
                    let message = format!("`{}` has no requirement `{name}` (there: {})", read.track, known.join(", "));
                    self.wrong(&tests.file, at, "unknown_requirement", message);
                }
            }
        }
    }

    /// The tracks of which people decide who holds them; a track that has mistakes, and may become one, is taken for one.
    fn titles(&self, found: &[Found<TrackDefinition>]) -> BTreeSet<String> {
        let decided = |one: &&Found<TrackDefinition>| match &one.read {
            Some(definition) => definition.is_decided_title(),
            None => one.said("/kind").is_none_or(|kind| kind == "title"),
        };
        let said: BTreeSet<String> =
            found.iter().filter(decided).filter_map(|one| one.said("/slug")).map(str::to_owned).collect();
        let others = self.named("tracks", &[] as &[Found<TrackDefinition>]);
        said.into_iter().chain(others).collect()
    }

    /// The slugs of a folder; for a file that could not be read at all, the name that it most likely has.
    fn named<T>(&self, folder: &str, found: &[Found<T>]) -> BTreeSet<String> {
        let unread =
            self.unread.iter().filter_map(|file| file.strip_prefix(folder)?.strip_prefix('/')?.rsplit_once('.'));
        let said = found.iter().filter_map(|one| one.said("/slug"));
        said.map(str::to_owned).chain(unread.map(|(stem, _)| stem.to_owned())).collect()
    }
}

/// What to do about a `panel` whose title nobody can give.
pub fn unknown_title(slug: &str) -> String {
    format!(
        "nobody can give the title `{slug}`: name a track of kind title whose own requirement is `panel` with its own slug, held for the terms that people decide on"
    )
}

/// A place of a requirement tree that names an exam, a track or a title.
pub struct Name {
    pub pointer: String,
    /// `exam`, `track`, or `title`: a track of which people decide who holds it.
    pub kind: &'static str,
    pub slug: String,
}

/// Finds them at `pointer` and below.
pub fn search(value: &Value, pointer: &str, names: &mut Vec<Name>) {
    match value {
        Value::Object(map) => {
            for (field, inner) in map {
                let at = format!("{pointer}/{}", field.replace('~', "~0").replace('/', "~1"));
                let named = [
                    ("exam", "slug", "exam"),
                    ("held", "track", "track"),
                    ("since", "award", "track"),
                    ("panel", "title", "title"),
                ];
                let of_field = named.into_iter().find(|(name, ..)| name == field);
                match of_field.and_then(|(_, inside, kind)| Some((inside, kind, inner.get(inside)?.as_str()?))) {
                    Some((inside, kind, slug)) => {
                        names.push(Name { pointer: format!("{at}/{inside}"), kind, slug: slug.to_owned() });
                    }
                    None => search(inner, &at, names),
                }
            }
        }
        Value::Array(entries) => {
            entries.iter().enumerate().for_each(|(n, inner)| search(inner, &format!("{pointer}/{n}"), names));
        }
        _ => {}
    }
}
