//! Reading a program out of its files. Every mistake is reported at once, each with file, line and column.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use waymark_assess::ExamSpec;
use waymark_assess::blueprint::Drawable;
use waymark_assess::interchange::{self, Format};

use super::countable;
use super::files::FileSet;
use super::fixtures::Fixtures;
use super::published::PublishedHere;
use super::reading::{Found, Mistake, Reading};
use crate::contributions::{self, SourceDefinition};
use crate::document::is_slug;
use crate::document::yaml::Document;
use crate::error::Fault;
use crate::issuer::IssuerProfile;
use crate::ranks::LadderDefinition;
use crate::tracks::TrackDefinition;
use crate::web::zone::Zone;

/// A bank of the program: its file, as it will be imported.
#[derive(Debug, Clone)]
pub struct BankFile {
    pub slug: String,
    /// Inside `banks/`.
    pub file: String,
    pub format: Format,
}

/// A program whose files are free of mistakes.
#[derive(Debug, Clone)]
pub struct Program {
    pub issuer: IssuerProfile,
    pub sources: Vec<SourceDefinition>,
    pub banks: Vec<BankFile>,
    pub exams: Vec<ExamSpec>,
    pub tracks: Vec<TrackDefinition>,
    /// What brings points, and the ranks that they reach.
    pub ladders: Vec<LadderDefinition>,
    /// Tests of tracks: the file, the line of each case, what it says.
    pub fixtures: Vec<(String, Vec<usize>, Fixtures)>,
    /// Own badge templates by name.
    pub badges: BTreeMap<String, String>,
    pub files: FileSet,
    /// What is worth knowing but stops nothing: rejected items of a bank, options kept in place.
    pub notes: Vec<Mistake>,
}

/// Reads every file; answers the program, or all mistakes in order of file and line. What the files name stands in them.
pub fn validate(files: FileSet) -> Result<Program, Vec<Mistake>> {
    validate_beside(files, &PublishedHere::default())
}

/// The same for files that may also name what is `published` on the server; each such name is noted.
pub fn validate_beside(files: FileSet, published: &PublishedHere) -> Result<Program, Vec<Mistake>> {
    let mut reading = Reading { files: &files, published, mistakes: vec![], notes: vec![], unread: vec![] };
    let issuer = reading.issuer();
    let sources = reading.each("sources", SourceDefinition::from_value);
    let (banks, drawables) = reading.banks();
    let exams = reading.each("exams", |value| {
        ExamSpec::from_value(value)
            .map_err(|wrong| wrong.into_iter().map(|m| Fault::new(m.pointer, m.code, m.message)).collect())
    });
    let tracks = reading.each("tracks", TrackDefinition::from_value);
    let ladders = reading.each("ladders", LadderDefinition::from_value);
    let zone = issuer.as_ref().map_or_else(Zone::utc, IssuerProfile::zone);
    let fixtures = reading.each("tracks/tests", |value| Fixtures::from_value(value, &zone));
    let badges = reading.badges();
    reading.same_twice(&exams, "/slug");
    reading.same_twice(&tracks, "/slug");
    reading.same_twice(&ladders, "/slug");
    reading.same_twice(&sources, "/source");
    reading.same_twice(&sources, "/slug");
    for exam in &exams {
        reading.feasible(exam, &drawables);
    }
    reading.levels(&tracks);
    reading.tested(&fixtures, &tracks);
    for track in &tracks {
        reading.references(track, &exams, &tracks);
        reading.never_counted(track, &sources);
        reading.never_given(track);
    }
    for ladder in &ladders {
        reading.brings_points(ladder, &exams, &tracks);
        reading.never_brings(ladder, &sources);
    }
    let (mut mistakes, notes) = (reading.mistakes, reading.notes);
    match (mistakes.is_empty(), issuer) {
        (true, Some(issuer)) => Ok(Program {
            issuer,
            sources: sources.into_iter().filter_map(|found| found.read).collect(),
            banks,
            exams: exams.into_iter().filter_map(|found| found.read).collect(),
            tracks: tracks.into_iter().filter_map(|found| found.read).collect(),
            ladders: ladders.into_iter().filter_map(|found| found.read).collect(),
            fixtures: fixtures.into_iter().filter_map(placed).collect(),
            badges,
            files,
            notes,
        }),
        _ => {
            mistakes.sort();
            mistakes.dedup();
            Err(mistakes)
        }
    }
}

/// A file of tests with the lines of its cases.
fn placed(found: Found<Fixtures>) -> Option<(String, Vec<usize>, Fixtures)> {
    let fixtures = found.read?;
    let lines = fixtures.cases.iter().map(|case| found.document.place(&case.pointer).0).collect();
    Some((found.file, lines, fixtures))
}

impl Reading<'_> {
    fn document(&mut self, file: &str, bytes: &[u8]) -> Option<Document> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            self.wrong(file, (1, 1), "not_utf8", "the file is not UTF-8: save it as UTF-8");
            return None;
        };
        match Document::parse(text.trim_start_matches('\u{feff}')) {
            Ok(document) => Some(document),
            Err(b) => {
                self.wrong(file, (b.line, b.column), b.code, b.detail);
                None
            }
        }
    }

    fn issuer(&mut self) -> Option<IssuerProfile> {
        const FILE: &str = "program.yaml";
        let Some(bytes) = self.files.get(FILE) else {
            self.wrong(FILE, (1, 1), "missing_file", "program.yaml is missing: it names the issuer and the time zone");
            return None;
        };
        let document = self.document(FILE, bytes)?;
        match IssuerProfile::from_value(&document.value) {
            Ok(profile) => Some(profile),
            Err(faults) => {
                self.faults(FILE, &document, faults);
                None
            }
        }
    }

    fn faults(&mut self, file: &str, document: &Document, faults: Vec<Fault>) {
        for fault in faults {
            self.wrong(file, document.place(&fault.pointer), fault.code, fault.detail);
        }
    }

    /// Every YAML file of a folder.
    fn each<T>(&mut self, folder: &'static str, read: impl Fn(&Value) -> Result<T, Vec<Fault>>) -> Vec<Found<T>> {
        let mut found = vec![];
        for (name, bytes) in self.files.inside(folder).collect::<Vec<_>>() {
            let file = format!("{folder}/{name}");
            if !name.ends_with(".yaml") && !name.ends_with(".yml") {
                self.wrong(
                    &file,
                    (1, 1),
                    "unknown_file",
                    format!("files in {folder}/ end in .yaml; move this one elsewhere"),
                );
                continue;
            }
            let Some(document) = self.document(&file, bytes) else {
                self.unread.push(file);
                continue;
            };
            let read = read(&document.value).map_err(|faults| self.faults(&file, &document, faults)).ok();
            found.push(Found { read, file, document });
        }
        found
    }

    fn same_twice<T>(&mut self, all: &[Found<T>], name: &str) {
        let mut first: BTreeMap<&str, &str> = BTreeMap::new();
        for one in all {
            let Some(said) = one.said(name) else { continue };
            match first.get(said) {
                Some(other) => {
                    let message = format!("`{said}` stands in {other} already: give it another name");
                    self.wrong(&one.file, one.document.place(name), "duplicate", message);
                }
                None => {
                    first.insert(said, &one.file);
                }
            }
        }
    }

    /// Bank files with what forms can be drawn from; figures are read from beside them.
    fn banks(&mut self) -> (Vec<BankFile>, BTreeMap<String, Vec<Drawable>>) {
        let (mut banks, mut drawables) = (vec![], BTreeMap::new());
        for (name, bytes) in self.files.inside("banks").collect::<Vec<_>>() {
            let Some((slug, extension)) = name.rsplit_once('.') else { continue };
            if !matches!(extension, "csv" | "json" | "yaml" | "yml" | "gift" | "xml" | "zip") {
                continue;
            }
            let file = format!("banks/{name}");
            if !is_slug(slug) {
                self.wrong(
                    &file,
                    (1, 1),
                    "invalid_slug",
                    "a bank's file is named with a-z, 0-9 and -: the name is its slug",
                );
                continue;
            }
            if drawables.contains_key(slug) {
                self.wrong(
                    &file,
                    (1, 1),
                    "duplicate",
                    format!("there is another file for the bank `{slug}`: keep one"),
                );
                continue;
            }
            let format = match Format::detect(name, bytes) {
                Ok(format) => format,
                Err(m) => {
                    self.wrong(&file, (1, 1), m.code, m.message);
                    continue;
                }
            };
            let files = self.files;
            let import = interchange::import(
                bytes,
                format,
                &|figure| files.get(&format!("banks/{figure}")).map(<[u8]>::to_vec),
                &|_| None,
            );
            for (line, m) in &import.report.broken {
                self.wrong(&file, (*line, 1), m.code, m.message.clone());
            }
            for (item, mistakes) in import.report.rejected() {
                for m in mistakes {
                    self.wrong(&file, (item.line, 1), m.code, format!("item {}: {}", item.item, m.message));
                }
            }
            for warning in &import.report.warnings {
                let message = warning.item.as_ref().map_or(String::new(), |item| format!("item {item}: "))
                    + &warning.text.message;
                self.notes.push(Mistake {
                    file: file.clone(),
                    line: warning.line,
                    column: 1,
                    code: warning.text.code,
                    message,
                });
            }
            drawables
                .insert(slug.to_owned(), import.accepted.iter().map(|(_, version)| Drawable::from(version)).collect());
            banks.push(BankFile { slug: slug.to_owned(), file, format });
        }
        (banks, drawables)
    }

    fn never_counted(&mut self, track: &Found<TrackDefinition>, sources: &[Found<SourceDefinition>]) {
        let Some(definition) = &track.read else { return };
        let reads = definition.requirements().reads();
        let (line, column) = track.document.place("/requires");
        for (code, message) in countable::never_counted(&reads.contribution_types, &listed(sources)) {
            self.note(&track.file, (line, column), code, message);
        }
    }

    /// A title of which nobody is asked to decide could never be given under its name.
    fn never_given(&mut self, track: &Found<TrackDefinition>) {
        if track.read.as_ref().is_some_and(TrackDefinition::is_undecided_title) {
            let message =
                "nobody can be given this title: ask for the decision on it (`panel`), or choose another kind";
            self.note(&track.file, track.document.place("/kind"), "title_not_decided", message.to_owned());
        }
    }

    fn never_brings(&mut self, ladder: &Found<LadderDefinition>, sources: &[Found<SourceDefinition>]) {
        let Some(definition) = &ladder.read else { return };
        let types = definition.points.contributions.iter().map(|one| one.r#type.clone()).collect();
        for (code, message) in countable::never_counted(&types, &listed(sources)) {
            self.note(&ladder.file, ladder.document.place("/points/contributions"), code, message);
        }
    }

    fn badges(&mut self) -> BTreeMap<String, String> {
        let mut badges = BTreeMap::new();
        for (name, bytes) in self.files.inside("badges").collect::<Vec<_>>() {
            let file = format!("badges/{name}");
            let (Some(slug), Ok(svg)) = (name.strip_suffix(".svg").filter(|s| is_slug(s)), std::str::from_utf8(bytes))
            else {
                self.wrong(
                    &file,
                    (1, 1),
                    "unknown_file",
                    "badges/ holds SVG templates in UTF-8, named with a-z, 0-9 and -",
                );
                continue;
            };
            match waymark_rendering::Template::parse(svg) {
                Ok(_) => {
                    badges.insert(slug.to_owned(), svg.to_owned());
                }
                Err(mistakes) => self.wrong(&file, (1, 1), "invalid_template", mistakes.to_string()),
            }
        }
        badges
    }
}

/// The types that any source of the program may send, and those that need no file.
fn listed(sources: &[Found<SourceDefinition>]) -> BTreeSet<&str> {
    let in_files = sources.iter().filter_map(|s| s.read.as_ref()).flat_map(|s| s.types.iter().map(String::as_str));
    in_files.chain(contributions::own_types().map(|t| -> &str { t })).collect()
}
