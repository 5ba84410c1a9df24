//! Reading a program out of its files. Every mistake is reported at once, each with file, line and column.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;
use waymark_assess::ExamSpec;
use waymark_assess::blueprint::Drawable;
use waymark_assess::interchange::{self, Format};

use super::countable;
use super::files::FileSet;
use super::yaml::Document;
use crate::contributions::SourceDefinition;
use crate::document::is_slug;
use crate::error::Fault;
use crate::issuer::IssuerProfile;
use crate::tracks::TrackDefinition;

/// What is wrong, and where: line and column count from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Mistake {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub code: &'static str,
    pub message: String,
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}: {} [{}]", self.file, self.line, self.column, self.message, self.code)
    }
}

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
    /// Own badge templates by name.
    pub badges: BTreeMap<String, String>,
    pub files: FileSet,
    /// What is worth knowing but stops nothing: rejected items of a bank, options kept in place.
    pub notes: Vec<Mistake>,
}

/// Templates that need no file.
pub const BUILT_IN_TEMPLATES: &[&str] = &["hexagon", "ribbon", "seal"];

/// Reads every file; answers the program, or all mistakes in order of file and line.
pub fn validate(files: FileSet) -> Result<Program, Vec<Mistake>> {
    let mut reading = Reading { files: &files, mistakes: vec![], notes: vec![] };
    let issuer = reading.issuer();
    let sources = reading.each("sources", SourceDefinition::from_value);
    let (banks, drawables) = reading.banks();
    let exams = reading.each("exams", |value| {
        ExamSpec::from_value(value)
            .map_err(|wrong| wrong.into_iter().map(|m| Fault::new(m.pointer, m.code, m.message)).collect())
    });
    let tracks = reading.each("tracks", TrackDefinition::from_value);
    let badges = reading.badges();
    reading.same_twice(&exams, |e| &e.slug);
    reading.same_twice(&tracks, |t| &t.slug);
    reading.same_twice(&sources, |s| &s.source);
    for exam in &exams {
        reading.feasible(exam, &drawables);
    }
    for track in &tracks {
        reading.references(track, &exams, &tracks, &badges);
        reading.never_counted(track, &sources);
    }
    let (mut mistakes, notes) = (reading.mistakes, reading.notes);
    match (mistakes.is_empty(), issuer) {
        (true, Some(issuer)) => Ok(Program {
            issuer,
            sources: sources.into_iter().map(|r| r.read).collect(),
            banks,
            exams: exams.into_iter().map(|r| r.read).collect(),
            tracks: tracks.into_iter().map(|r| r.read).collect(),
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

/// Something read, with the file that it came from.
struct Read<T> {
    read: T,
    file: String,
    document: Document,
}

impl<T> std::ops::Deref for Read<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.read
    }
}

struct Reading<'f> {
    files: &'f FileSet,
    mistakes: Vec<Mistake>,
    notes: Vec<Mistake>,
}

impl Reading<'_> {
    fn wrong(&mut self, file: &str, (line, column): (usize, usize), code: &'static str, message: impl Into<String>) {
        self.mistakes.push(Mistake { file: file.to_owned(), line, column, code, message: message.into() });
    }

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
    fn each<T>(&mut self, folder: &'static str, read: impl Fn(&Value) -> Result<T, Vec<Fault>>) -> Vec<Read<T>> {
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
            let Some(document) = self.document(&file, bytes) else { continue };
            match read(&document.value) {
                Ok(read) => found.push(Read { read, file, document }),
                Err(faults) => self.faults(&file, &document, faults),
            }
        }
        found
    }

    fn same_twice<T>(&mut self, all: &[Read<T>], name: impl Fn(&T) -> &String) {
        let mut first: BTreeMap<&String, &str> = BTreeMap::new();
        let mut twice = vec![];
        for one in all {
            match first.get(name(&one.read)) {
                Some(other) => {
                    twice.push((one, format!("`{}` stands in {other} already: give it another name", name(&one.read))));
                }
                None => {
                    first.insert(name(&one.read), &one.file);
                }
            }
        }
        for (one, message) in twice {
            let place = one.document.place("/slug");
            self.wrong(&one.file, place, "duplicate", message);
        }
    }

    /// Bank files with what forms can be drawn from; figures are read from beside them.
    fn banks(&mut self) -> (Vec<BankFile>, BTreeMap<String, Vec<Drawable>>) {
        let (mut banks, mut drawables) = (vec![], BTreeMap::new());
        for (name, bytes) in self.files.inside("banks").collect::<Vec<_>>() {
            let Some((slug, extension)) = name.rsplit_once('.') else { continue };
            if !matches!(extension, "csv" | "json" | "yaml" | "yml") {
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

    fn feasible(&mut self, exam: &Read<ExamSpec>, banks: &BTreeMap<String, Vec<Drawable>>) {
        let Some(bank) = banks.get(&exam.bank) else {
            let known: Vec<&str> = banks.keys().map(String::as_str).collect();
            let message = format!(
                "there is no bank `{}` in banks/ (there: {})",
                exam.bank,
                if known.is_empty() { "none".to_owned() } else { known.join(", ") }
            );
            self.wrong(&exam.file, exam.document.place("/bank"), "unknown_bank", message);
            return;
        };
        if let Err(wrong) = exam.plan(bank.iter().cloned()) {
            for m in wrong {
                self.wrong(&exam.file, exam.document.place(&m.pointer), m.code, m.message);
            }
        }
    }

    fn references(
        &mut self,
        track: &Read<TrackDefinition>,
        exams: &[Read<ExamSpec>],
        tracks: &[Read<TrackDefinition>],
        badges: &BTreeMap<String, String>,
    ) {
        let reads = track.requirements().reads();
        let exam_slugs: BTreeSet<&str> = exams.iter().map(|e| e.slug.as_str()).collect();
        let track_slugs: BTreeSet<&str> = tracks.iter().map(|t| t.slug.as_str()).collect();
        for slug in reads.exams.iter().filter(|slug| !exam_slugs.contains(slug.as_str())) {
            let place = place_of(track, "exam", "slug", slug);
            self.wrong(&track.file, place, "unknown_exam", format!("there is no exam `{slug}` in exams/"));
        }
        for slug in reads.tracks.iter().filter(|slug| !track_slugs.contains(slug.as_str())) {
            let place = place_of(track, "held", "track", slug);
            self.wrong(&track.file, place, "unknown_track", format!("there is no track `{slug}` in tracks/"));
        }
        if !BUILT_IN_TEMPLATES.contains(&track.template.as_str()) && !badges.contains_key(&track.template) {
            let message = format!(
                "there is no template `{}`: use {}, or put badges/{}.svg beside the tracks",
                track.template,
                BUILT_IN_TEMPLATES.join(", "),
                track.template
            );
            self.wrong(&track.file, track.document.place("/template"), "unknown_template", message);
        }
    }

    fn never_counted(&mut self, track: &Read<TrackDefinition>, sources: &[Read<SourceDefinition>]) {
        let reads = track.requirements().reads();
        let listed: BTreeSet<&str> = sources.iter().flat_map(|s| s.types.iter().map(String::as_str)).collect();
        let (line, column) = track.document.place("/requires");
        for (code, message) in countable::never_counted(&reads, &listed) {
            self.notes.push(Mistake { file: track.file.clone(), line, column, code, message });
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

/// Where the tree names `slug` under `kind.field`.
fn place_of(track: &Read<TrackDefinition>, kind: &str, field: &str, slug: &str) -> (usize, usize) {
    fn search(value: &Value, pointer: &str, kind: &str, field: &str, slug: &str) -> Option<String> {
        match value {
            Value::Object(map) => {
                if map.get(kind).and_then(|inner| inner.get(field)).and_then(Value::as_str) == Some(slug) {
                    return Some(format!("{pointer}/{kind}/{field}"));
                }
                map.iter().find_map(|(name, inner)| search(inner, &format!("{pointer}/{name}"), kind, field, slug))
            }
            Value::Array(entries) => entries
                .iter()
                .enumerate()
                .find_map(|(n, inner)| search(inner, &format!("{pointer}/{n}"), kind, field, slug)),
            _ => None,
        }
    }
    let pointer = search(&track.document.value, "", kind, field, slug).unwrap_or_else(|| "/requires".to_owned());
    track.document.place(&pointer)
}
