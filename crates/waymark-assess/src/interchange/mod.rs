//! Item banks from files and to files: CSV, JSON and YAML, and what other systems write: QTI packages, Moodle XML, GIFT,
//! Aiken. Every item of a file is answered for by itself, so that one damaged item
//! never takes the others down; nothing is dropped without a word.
//!
//! Fields of an item: `id`, `question`, `answers`, `correct` (counts from 0; a list for multiple choice), and optionally
//! `correct_letter` (must agree), `type`, `choose`, `fixed`, `refs`, `domain`, `tags`, `rationale`, `figure` (a PNG or JPEG
//! beside the file) and `figure_alt`. `question`, `answers`, `rationale` and `figure_alt` may be texts by language tag. In
//! CSV the answers are columns `a` to `z`, a language is a suffix (`question_ja`, `a_ja`), and lists are separated by `;`.
//! `type` names one of the other types of items, each with fields of its own; `scoring`, `enemies` and `stimulus` go with any.

mod aiken;
mod archive;
mod bundle;
mod csv_columns;
mod csv_rows;
mod draft;
mod entities;
mod entries;
mod export;
mod exported;
mod format;
mod from_version;
mod gift;
pub(crate) mod html;
mod item_fields;
mod json_elements;
mod losses;
mod moodle;
mod numbers;
mod pack;
mod prose;
mod qti;
mod report;
mod speaks_of_others;
mod strict_json;
mod tex;
pub(crate) mod tree;
mod written;
mod yaml_entries;
mod yaml_value;

pub use entries::{MAX_ITEMS, Stop};
pub use export::export;
pub use exported::{Export, ExportFormat};
pub use format::Format;
pub use item_fields::{FIELDS as ITEM_FIELDS, item_from_value, item_to_value};
pub use pack::archive_of;
pub use report::{FixedOption, FixedWhy, ItemOutcome, ItemReport, Loss, Report, Warning};

use crate::{
    item::{Interaction, ItemContent, ItemKey, ItemVersion, Rule, Scoring, VersionHash},
    mistake::Mistake,
};
use entries::{About, Entries, Entry, Lines, MAX_DAMAGE, MAX_DEPTH, not_utf8, picture_name, without_mark};
use item_fields::{Figures, Taken};
use std::{borrow::Cow, collections::BTreeMap};

/// Larger files are refused.
pub const MAX_FILE: usize = 16 * 1024 * 1024;

/// What an import found. Nothing is stored yet.
#[derive(Debug, Default)]
pub struct Import {
    /// The accepted versions with what they are to the bank; `Rejected` does not occur here.
    pub accepted: Vec<(ItemOutcome, ItemVersion)>,
    /// The bytes of every figure that an accepted version names, by SHA-256 in hexadecimal.
    pub figures: BTreeMap<String, Vec<u8>>,
    pub report: Report,
}

/// Reads a bank file, or a ZIP of one with its pictures.
///
/// `figure` is asked for files beside it, by plain name, and for an item of QTI also by plain steps below its folder (never
/// one up, never from the root); `current` for the version that the bank holds
/// under an id, so that the report can tell new from changed from unchanged.
pub fn import(
    bytes: &[u8],
    format: Format,
    figure: &dyn Fn(&str) -> Option<Vec<u8>>,
    current: &dyn Fn(&str) -> Option<VersionHash>,
) -> Import {
    import_until(bytes, format, figure, current, &|| false).expect("nobody stops it")
}

/// The same, unless `stop` says to leave off: then nothing.
pub fn import_until(
    bytes: &[u8],
    format: Format,
    figure: &dyn Fn(&str) -> Option<Vec<u8>>,
    current: &dyn Fn(&str) -> Option<VersionHash>,
    stop: Stop<'_>,
) -> Option<Import> {
    let mut import = Import::default();
    if let Err(mistake) = whole_file(bytes) {
        import.report.broken.push((1, mistake));
        return Some(import);
    }
    let bundle = match bundle::open(bytes, format).transpose() {
        Ok(bundle) => bundle,
        Err(mistake) => {
            import.report.broken.push((1, mistake));
            return Some(import);
        }
    };
    let mut file = match &bundle {
        Some(bundle) => read_as(without_mark(&bundle.bytes), bundle.format, &|name| bundle.figure(name), stop),
        None => read_as(without_mark(bytes), format, figure, stop),
    };
    let inside = std::mem::take(&mut file.pictures);
    let beside = |name: &str| match &bundle {
        Some(bundle) => bundle.figure(name),
        None => figure(name),
    };
    let figure = |name: &str| inside.get(name).cloned().or_else(|| beside(name));
    if let Some(bundle) = &bundle {
        file.entries.iter_mut().for_each(|entry| entry.about.file = Some(bundle.name.clone()));
    }
    if file.entries.len() > MAX_ITEMS {
        let line = file.entries[MAX_ITEMS].line;
        file.entries.truncate(MAX_ITEMS);
        file.broken.push((line, too_many_items()));
    }
    if file.entries.is_empty() && file.broken.is_empty() {
        file.broken.push((1, no_items()));
    }
    import.report.broken = file.broken;
    import.report.warnings = file.warnings;
    let mut figures = Figures::new(&figure);
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for (n, entry) in file.entries.into_iter().enumerate() {
        if stop() {
            return None;
        }
        let id = entry.fields.as_ref().ok().and_then(item_fields::id_of);
        let earlier = id.as_ref().and_then(|id| lines.get(id).copied());
        let Entry { line, fields, about } = entry;
        let name = id.clone().or(about.name).unwrap_or_else(|| format!("#{}", n + 1));
        let taken = match (fields, earlier) {
            (Err(mistake), _) => Err([vec![mistake], about.more].concat()),
            (Ok(_), Some(line)) => Err(vec![duplicate(&name, line)]),
            (Ok(fields), None) => item_fields::take(&fields, &mut figures)
                .and_then(|taken| answered(taken, about.answered, about.per_part)),
        };
        if let Some(id) = id {
            lines.entry(id).or_insert(line);
        }
        if taken.is_ok() {
            let loss = |text| Loss { item: name.clone(), line: Some(line), text };
            import.report.losses.extend(about.losses.into_iter().map(loss));
        }
        import.add(name, (line, about.file), taken, current);
    }
    import.keep_figures(figures.into_bytes());
    Some(import)
}

fn read_as(bytes: &[u8], format: Format, beside: &dyn Fn(&str) -> Option<Vec<u8>>, stop: Stop<'_>) -> Entries {
    if let Err(mistake) = whole_file(bytes) {
        return Entries { broken: vec![(1, mistake)], ..Entries::default() };
    }
    match format {
        Format::Csv => csv_rows::read(bytes),
        Format::Json => json_elements::read(bytes),
        Format::Yaml => yaml_entries::read(bytes),
        Format::Qti if bytes.starts_with(b"PK") => qti::read_package(bytes, stop),
        Format::Qti => qti::read_xml(bytes, beside),
        Format::Moodle => moodle::read(bytes, stop),
        Format::Gift => gift::read(&with_line_feeds(bytes), stop),
        Format::Aiken => aiken::read(&with_line_feeds(bytes)),
    }
}

/// Lines that end as they did on old machines, with a carriage return alone.
fn with_line_feeds(bytes: &[u8]) -> Cow<'_, [u8]> {
    if bytes.contains(&b'\n') {
        return Cow::Borrowed(bytes);
    }
    bytes.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect()
}

/// What was taken, with what its fields do not say.
fn answered(taken: Taken, answered: Option<(Interaction, ItemKey)>, per_part: bool) -> Result<Taken, Vec<Mistake>> {
    let (interaction, key) = match answered {
        Some(answered) => answered,
        None if per_part => {
            let scoring = Scoring { rule: Rule::PerPart, ..Scoring::default() };
            (taken.version.content().interaction.clone(), taken.version.key().clone().scored(scoring))
        }
        None => return Ok(taken),
    };
    let content = ItemContent { interaction, ..taken.version.content().clone() };
    let version = ItemVersion::new(content, key, taken.version.rationale().cloned())?;
    Ok(Taken { version, ..taken })
}

impl Import {
    fn add(
        &mut self,
        name: String,
        (line, file): (usize, Option<String>),
        taken: Result<Taken, Vec<Mistake>>,
        current: &dyn Fn(&str) -> Option<VersionHash>,
    ) {
        let outcome = match taken {
            Err(mistakes) => ItemOutcome::Rejected(mistakes),
            Ok(taken) => {
                let outcome = match current(taken.version.slug()) {
                    None => ItemOutcome::Imported,
                    Some(hash) if hash == taken.version.hash() => ItemOutcome::Unchanged,
                    Some(_) => ItemOutcome::Updated,
                };
                let at = |text: Mistake| Warning { item: Some(name.clone()), line, text };
                self.report.warnings.extend(taken.unknown.into_iter().map(at));
                if tex::is_in(&taken.version) {
                    self.report.warnings.push(at(tex::shown_as_typed()));
                }
                self.report.fixed_options.extend(taken.fixed.into_iter().map(|fixed| fixed.of(&name, line)));
                self.accepted.push((outcome.clone(), taken.version));
                outcome
            }
        };
        self.report.items.push(ItemReport { item: name, file, line, outcome });
    }

    fn keep_figures(&mut self, mut found: BTreeMap<String, Vec<u8>>) {
        let named = self.accepted.iter().filter_map(|(_, version)| version.content().figure.as_ref());
        let named: std::collections::BTreeSet<String> = named.map(crate::item::Figure::sha256).collect();
        found.retain(|sha256, _| named.contains(sha256));
        self.figures = found;
    }
}

fn whole_file(bytes: &[u8]) -> Result<(), Mistake> {
    if bytes.len() > MAX_FILE {
        return Err(Mistake::new(
            "",
            "file_too_large",
            "the file is larger than 16 MiB: split it",
            "ファイルが16 MiBを超えています。分けてください",
        ));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Mistake::new(
            "",
            "not_utf8",
            "the file is UTF-16: save it as UTF-8 (in Excel: \"CSV UTF-8\")",
            "ファイルがUTF-16です。UTF-8で保存し直してください(Excelでは「CSV UTF-8」)",
        ));
    }
    Ok(())
}

fn too_many_items() -> Mistake {
    Mistake::new(
        "",
        "too_many_items",
        format!("the file has more than {MAX_ITEMS} items: those from here on were not read; split the file"),
        format!("設問が{MAX_ITEMS}問を超えています。ここから先は読んでいません。ファイルを分けてください"),
    )
}

fn no_items() -> Mistake {
    Mistake::new(
        "",
        "no_items",
        "the file holds no item: write a list of items",
        "設問が1つもありません。設問のリストを書いてください",
    )
}

fn duplicate(id: &str, line: usize) -> Mistake {
    Mistake::new(
        "/id",
        "duplicate_id",
        format!(
            "the id `{id}` is already used by the item at line {line}: give each item its own; the first one counts"
        ),
        format!("id「{id}」は{line}行目の設問で使われています。別のidにしてください(先の設問を優先します)"),
    )
}
