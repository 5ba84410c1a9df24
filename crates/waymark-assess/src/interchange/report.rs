//! What an import did, item by item, for a person to read and for `--json`.

use crate::mistake::Mistake;
use serde::{Serialize, Serializer, ser::SerializeMap};

/// The report of an import. As JSON: `{imported, updated, unchanged, rejected: [{item, file?, line, reason, errors}], fixed_options,
/// losses, warnings, broken}`; the first three are numbers.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Report {
    /// In the order of the file.
    pub items: Vec<ItemReport>,
    pub fixed_options: Vec<FixedOption>,
    /// What the file says of an item that is not kept.
    pub losses: Vec<Loss>,
    /// What was left unread although the item was taken.
    pub warnings: Vec<Warning>,
    /// Damage to the file itself, with its line.
    pub broken: Vec<(usize, Mistake)>,
}

/// One item of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemReport {
    /// Its id, or `#3` for the third item where the id cannot be read.
    pub item: String,
    /// The file of a package that it stands in.
    pub file: Option<String>,
    /// Where it begins, counting from 1.
    pub line: usize,
    pub outcome: ItemOutcome,
}

/// What became of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemOutcome {
    Imported,
    /// The bank holds another version under this id.
    Updated,
    /// The bank holds this very version.
    Unchanged,
    /// Pointers are into the item.
    Rejected(Vec<Mistake>),
}

/// An option that keeps its place because it speaks of the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FixedOption {
    pub item: String,
    pub line: usize,
    /// Counting from 0, like `correct`.
    pub option: usize,
    pub text: String,
    pub why: FixedWhy,
}

/// How far an option's words reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FixedWhy {
    /// It speaks of all others: it stays, they are shuffled.
    SpeaksOfTheOthers,
    /// It names others by letter, or those above it while some stand below: no option of the item moves.
    NamesPlaces,
    /// The file says so.
    Stated,
}

/// Something in the file that was not understood and not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Absent where it concerns the whole file, such as an unknown column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    pub line: usize,
    #[serde(flatten)]
    pub text: Mistake,
}

/// Something that did not come over, though its item did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loss {
    pub item: String,
    /// Where the item begins in the file that was read; absent where a file was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    #[serde(flatten)]
    pub text: Mistake,
}

impl Report {
    pub fn imported(&self) -> usize {
        self.count(&ItemOutcome::Imported)
    }

    pub fn updated(&self) -> usize {
        self.count(&ItemOutcome::Updated)
    }

    pub fn unchanged(&self) -> usize {
        self.count(&ItemOutcome::Unchanged)
    }

    /// The rejected items with all that is wrong with each.
    pub fn rejected(&self) -> impl Iterator<Item = (&ItemReport, &[Mistake])> {
        self.items.iter().filter_map(|item| match &item.outcome {
            ItemOutcome::Rejected(mistakes) => Some((item, mistakes.as_slice())),
            _ => None,
        })
    }

    /// Whether every item of the file was taken and the file was whole.
    pub fn is_complete(&self) -> bool {
        self.broken.is_empty() && self.rejected().next().is_none()
    }

    fn count(&self, outcome: &ItemOutcome) -> usize {
        self.items.iter().filter(|item| item.outcome == *outcome).count()
    }
}

#[derive(Serialize)]
struct Rejected<'r> {
    item: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'r str>,
    line: usize,
    reason: String,
    errors: &'r [Mistake],
}

#[derive(Serialize)]
struct Broken<'r> {
    line: usize,
    #[serde(flatten)]
    mistake: &'r Mistake,
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rejected: Vec<_> = self
            .rejected()
            .map(|(item, errors)| Rejected {
                item: &item.item,
                file: item.file.as_deref(),
                line: item.line,
                reason: errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
                errors,
            })
            .collect();
        let broken: Vec<_> = self.broken.iter().map(|(line, mistake)| Broken { line: *line, mistake }).collect();
        let mut map = serializer.serialize_map(Some(8))?;
        map.serialize_entry("imported", &self.imported())?;
        map.serialize_entry("updated", &self.updated())?;
        map.serialize_entry("unchanged", &self.unchanged())?;
        map.serialize_entry("rejected", &rejected)?;
        map.serialize_entry("fixed_options", &self.fixed_options)?;
        map.serialize_entry("losses", &self.losses)?;
        map.serialize_entry("warnings", &self.warnings)?;
        map.serialize_entry("broken", &broken)?;
        map.end()
    }
}
