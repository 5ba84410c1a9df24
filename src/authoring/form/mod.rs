//! An item as its form holds it: between the fields of a version and what a browser posts. One description of fields per type, and what the form writes is what a
//! bank file would hold.

mod areas;
mod catalogue;
mod choices;
mod described;
mod gaps;
mod given;
mod marked;
mod opened;
mod pairs;
mod pixels;
#[cfg(test)]
mod tests;
mod typed;
mod values;
mod writer;
mod written;

pub use catalogue::{Part, parts};
pub use described::{Field, Kind, Mark, Rows, Typed};
pub use pixels::size_of;
pub use values::{Texts, UNSAID, Values};
pub use written::Written;

use serde_json::Value;
use waymark_assess::item::ItemType;

/// The longest former version that is compared with what is typed.
const LONGEST_FORMER: usize = 256 * 1024;

/// The whole form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub item_type: ItemType,
    /// The columns of the form.
    pub languages: Vec<String>,
    pub values: Values,
}

impl Form {
    /// An empty form for an item of this type.
    pub fn new(item_type: ItemType, languages: Vec<String>) -> Self {
        let mut values = Values::default();
        for (_, fields) in parts(item_type) {
            fields.iter().for_each(|field| values.set_usual(field));
        }
        values.set("revision", "0");
        let mut form = Self { item_type, languages, values };
        form.fill();
        form
    }

    /// The form of a version, from its fields.
    pub fn of(item_type: ItemType, fields: &Value, programs: &[String], revision: i64) -> Self {
        let mut values = opened::values(item_type, fields);
        values.set("revision", revision.to_string());
        values.set("former", fields.to_string());
        let languages = columns(&values, programs);
        let mut form = Self { item_type, languages, values };
        form.fill();
        form
    }

    /// What a browser posted, with what was done to its rows. None where no such type is.
    pub fn posted(pairs: &[(String, String)], programs: &[String]) -> Option<Self> {
        let said = |wanted: &str| pairs.iter().rev().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
        let item_type = ItemType::parse(said("type")?)?;
        let mut values = Values::default();
        for (name, value) in pairs {
            let value = value.replace("\r\n", "\n");
            for (_, fields) in parts(item_type) {
                values.take(fields, name, &value);
            }
        }
        for (_, fields) in parts(item_type) {
            values.act(fields, said("go").unwrap_or_default());
        }
        if values.is_on("no_figure") {
            values.set("figure", "");
            values.set("no_figure", "");
            values.set_texts("figure_alt", Texts::new());
        }
        let languages = columns(&values, programs);
        Some(Self { item_type, languages, values })
    }

    /// Rows that a new item begins with, where there are fewer.
    fn fill(&mut self) {
        for (_, fields) in parts(self.item_type) {
            self.values.fill(fields);
        }
    }

    pub fn figure(&self) -> &str {
        self.values.one("figure")
    }

    /// The state of the item that this was made from; 0 for a new one.
    pub fn revision(&self) -> i64 {
        self.values.one("revision").parse().unwrap_or_default()
    }

    /// The fields of the version that this was made from.
    pub fn former(&self) -> Option<Value> {
        let former = Some(self.values.raw("former")).filter(|text| text.len() <= LONGEST_FORMER)?;
        serde_json::from_str(former).ok().filter(Value::is_object)
    }

    /// A row for every `{{gap}}` of the text that has none yet.
    pub fn add_gaps(&mut self) {
        let Some(rows) = catalogue::list(self.item_type, &["gaps"]) else { return };
        let marks: Vec<String> = self.values.texts("text").values().flat_map(|text| gaps::marks(text)).collect();
        for mark in marks {
            let known = self.values.rows("gaps").iter().any(|row| row.values.one("id") == mark);
            if known || self.values.rows("gaps").len() >= rows.most {
                continue;
            }
            self.values.name_gap(rows, mark);
        }
    }

    /// What a bank file would hold, and where it stands in the form.
    pub fn written(&self) -> Written {
        written::write(self.item_type, &self.values)
    }
}

/// The languages of the program, and further ones that the item is in; texts without a language stand alone.
fn columns(values: &Values, programs: &[String]) -> Vec<String> {
    let found = values.languages();
    if found.iter().any(|tag| tag == UNSAID) {
        return found;
    }
    let mut columns = programs.to_vec();
    columns.extend(found.into_iter().filter(|tag| !programs.contains(tag)));
    columns
}
