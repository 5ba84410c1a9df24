//! An item as its form holds it: between the fields of a version and what a browser posts. Nothing that was typed is lost on the way, right or wrong.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use waymark_assess::Mistake;
use waymark_assess::interchange::item_from_value;
use waymark_assess::item::ItemVersion;

/// A text by language, as far as it is written.
pub type Texts = BTreeMap<String, String>;

/// The language of texts that name none.
pub const UNSAID: &str = "und";
const MOST_ROWS: usize = 26;
/// Empty rows for further options.
const SPARE_ROWS: usize = 2;

/// One option of a choice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OptionRow {
    pub texts: Texts,
    pub right: bool,
    pub fixed: bool,
}

/// The whole form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    pub item_type: String,
    pub id: String,
    /// The columns of the form.
    pub languages: Vec<String>,
    pub question: Texts,
    pub options: Vec<OptionRow>,
    pub choose: String,
    pub domain: String,
    /// Separated by `;`.
    pub tags: String,
    /// Separated by `;`.
    pub enemies: String,
    /// One a line.
    pub refs: String,
    pub rationale: Texts,
    /// SHA-256 of the picture; empty where there is none.
    pub figure: String,
    pub figure_alt: Texts,
    /// Whether the form shows which options keep their place; else reading finds them.
    pub fixed_stated: bool,
    /// The language that texts without one are said to be in now.
    pub spoken: String,
    pub note: String,
    /// The state of the item that this was made from; 0 for a new one.
    pub revision: i64,
}

impl Draft {
    /// An empty form for an item of this type.
    pub fn new(item_type: &str, languages: Vec<String>) -> Self {
        let mut draft = Self { item_type: item_type.to_owned(), languages, ..Self::default() };
        draft.add_rows();
        draft
    }

    /// Whether this form can write items of the type.
    pub fn writes(item_type: &str) -> bool {
        TYPES.contains(&item_type)
    }

    pub fn is_multiple(&self) -> bool {
        self.item_type == "multiple_choice"
    }

    /// The form of a version.
    pub fn of(fields: &Value, programs: &[String], revision: i64) -> Self {
        let texts = |name: &str| read_texts(&fields[name]);
        let text = |name: &str| fields[name].as_str().unwrap_or_default().to_owned();
        let listed = |name: &str, between: &str| {
            let list = fields[name].as_array().into_iter().flatten();
            list.filter_map(Value::as_str).collect::<Vec<_>>().join(between)
        };
        let marks = |name: &str, place: usize| match &fields[name] {
            Value::Array(places) => places.contains(&json!(place)),
            one => *one == json!(place),
        };
        let answers = fields["answers"].as_array().into_iter().flatten().enumerate();
        let question = texts("question");
        // A text that is in a language of its own has its column too: what a form does not show it would take away.
        let mut all = question.clone();
        all.extend(texts("rationale"));
        all.extend(texts("figure_alt"));
        let mut draft = Self {
            item_type: text("type"),
            id: text("id"),
            languages: columns(&all, programs),
            question,
            options: answers
                .map(|(place, answer)| OptionRow {
                    texts: read_texts(answer),
                    right: marks("correct", place),
                    fixed: marks("fixed", place),
                })
                .collect(),
            choose: fields["choose"].as_u64().map(|n| n.to_string()).unwrap_or_default(),
            domain: text("domain"),
            tags: listed("tags", "; "),
            enemies: listed("enemies", "; "),
            refs: listed("refs", "\n"),
            rationale: texts("rationale"),
            figure: text("figure"),
            figure_alt: texts("figure_alt"),
            fixed_stated: true,
            revision,
            ..Self::default()
        };
        draft.add_rows();
        draft
    }

    /// What a browser posted.
    pub fn posted(pairs: &[(String, String)], programs: &[String]) -> Self {
        let mut draft = Self::default();
        let mut rows: BTreeMap<usize, OptionRow> = BTreeMap::new();
        for (name, value) in pairs {
            let value = value.replace("\r\n", "\n");
            let mut path = name.split('.');
            let place = |text: &str| text.parse().ok().filter(|n| *n < MOST_ROWS + SPARE_ROWS);
            match (path.next().unwrap_or_default(), path.next(), path.next()) {
                ("question", Some(tag), None) => drop(draft.question.insert(tag.to_owned(), value)),
                ("rationale", Some(tag), None) => drop(draft.rationale.insert(tag.to_owned(), value)),
                ("figure_alt", Some(tag), None) => drop(draft.figure_alt.insert(tag.to_owned(), value)),
                ("answer", Some(row), Some(tag)) => {
                    if let Some(row) = place(row) {
                        rows.entry(row).or_default().texts.insert(tag.to_owned(), value);
                    }
                }
                ("correct", None, None) => {
                    if let Some(row) = place(&value) {
                        rows.entry(row).or_default().right = true;
                    }
                }
                ("fixed", None, None) => {
                    if let Some(row) = place(&value) {
                        rows.entry(row).or_default().fixed = true;
                    }
                }
                (name, None, None) => draft.take(name, value),
                _ => {}
            }
        }
        draft.languages = columns(&draft.question, programs);
        draft.options = rows.into_values().collect();
        draft
    }

    fn take(&mut self, name: &str, value: String) {
        match name {
            "type" => self.item_type = value,
            "id" => self.id = value,
            "choose" => self.choose = value,
            "domain" => self.domain = value,
            "tags" => self.tags = value,
            "enemies" => self.enemies = value,
            "refs" => self.refs = value,
            "figure" => self.figure = value,
            "no_figure" => self.figure = String::new(),
            "fixed_stated" => self.fixed_stated = true,
            "spoken" => self.spoken = value,
            "note" => self.note = value,
            "revision" => self.revision = value.parse().unwrap_or_default(),
            _ => {}
        }
    }

    /// Room for further options.
    pub fn add_rows(&mut self) {
        let filled = self.options.iter().rposition(|row| !is_blank(&row.texts)).map_or(0, |last| last + 1);
        let rows = (filled + SPARE_ROWS).clamp(4, MOST_ROWS);
        if self.options.len() < rows {
            self.options.resize(rows, OptionRow::default());
        }
    }

    /// The fields of a bank file that say the same. Empty options fall away; the places of the others move up.
    pub fn fields(&self) -> Value {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| {
            if !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty()) {
                fields.insert(name.to_owned(), value);
            }
        };
        put("id", json!(self.id.trim()));
        put("type", json!(self.item_type));
        put("question", self.text(&self.question));
        let rows: Vec<&OptionRow> = self.options.iter().filter(|row| !is_blank(&row.texts)).collect();
        let places = |marked: &dyn Fn(&OptionRow) -> bool| -> Vec<usize> {
            rows.iter().enumerate().filter(|(_, row)| marked(row)).map(|(place, _)| place).collect()
        };
        let right = places(&|row| row.right);
        if !rows.is_empty() {
            put("answers", rows.iter().map(|row| self.text(&row.texts)).collect());
        }
        match (self.is_multiple(), right.as_slice()) {
            (_, []) => {}
            (false, [one]) => put("correct", json!(one)),
            (_, several) => put("correct", json!(several)),
        }
        if self.is_multiple() {
            let choose = self.choose.trim();
            put("choose", choose.parse::<u32>().map_or_else(|_| json!(choose), |n| json!(n)));
        }
        if self.fixed_stated {
            put("fixed", json!(places(&|row| row.fixed)));
        }
        put("domain", json!(self.domain.trim()));
        put("tags", names(&self.tags));
        if !self.enemies.trim().is_empty() {
            put("enemies", names(&self.enemies));
        }
        put("refs", self.refs.lines().map(str::trim).filter(|line| !line.is_empty()).collect());
        put("rationale", self.text(&self.rationale));
        put("figure", json!(self.figure));
        if !self.figure.is_empty() {
            put("figure_alt", self.text(&self.figure_alt));
        }
        Value::Object(fields)
    }

    /// The version that this form describes. `picture` is the picture that it names.
    ///
    /// # Errors
    /// All mistakes, with pointers into the fields of a bank file.
    pub fn read(&self, picture: Option<&[u8]>) -> Result<ItemVersion, Vec<Mistake>> {
        item_from_value(&self.fields(), &|name| picture.filter(|_| name == self.figure).map(<[u8]>::to_vec))
    }

    fn text(&self, texts: &Texts) -> Value {
        let named =
            |tag: &String| if tag == UNSAID && !self.spoken.is_empty() { self.spoken.clone() } else { tag.clone() };
        let written: Texts = texts
            .iter()
            .filter(|(_, text)| !text.trim().is_empty())
            .map(|(tag, text)| (named(tag), text.clone()))
            .collect();
        match (written.len(), written.get(UNSAID)) {
            (0, _) => Value::Null,
            (1, Some(text)) => json!(text),
            _ => json!(written),
        }
    }
}

/// The types that the form can write.
pub const TYPES: [&str; 2] = ["single_choice", "multiple_choice"];

/// Whether items can be kept apart by enemy sets.
pub static KEEPS_ENEMIES_APART: LazyLock<bool> = LazyLock::new(|| {
    let item = json!({"id": "x", "question": "?", "answers": ["a", "b"], "correct": 0, "enemies": ["set"]});
    item_from_value(&item, &|_| None).is_ok()
});

fn names(text: &str) -> Value {
    text.split([';', '；', '、', ',']).map(str::trim).filter(|name| !name.is_empty()).collect()
}

fn is_blank(texts: &Texts) -> bool {
    texts.values().all(|text| text.trim().is_empty())
}

fn read_texts(value: &Value) -> Texts {
    match value {
        Value::String(text) => Texts::from([(UNSAID.to_owned(), text.clone())]),
        Value::Object(map) => {
            map.iter().filter_map(|(tag, text)| Some((tag.clone(), text.as_str()?.to_owned()))).collect()
        }
        _ => Texts::new(),
    }
}

/// The languages of the program, and further ones that the item is in; texts without a language stand alone.
fn columns(texts: &Texts, programs: &[String]) -> Vec<String> {
    if texts.contains_key(UNSAID) {
        return texts.keys().cloned().collect();
    }
    let mut columns = programs.to_vec();
    columns.extend(texts.keys().filter(|tag| !programs.contains(tag)).cloned());
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::banks;

    fn languages() -> Vec<String> {
        vec!["ja".to_owned(), "en".to_owned()]
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_posted_form_is_an_item() {
        let posted = pairs(&[
            ("type", "multiple_choice"),
            ("id", " q1 "),
            ("question.ja", "どれ？"),
            ("question.en", ""),
            ("answer.0.ja", "甲"),
            ("answer.1.ja", ""),
            ("answer.2.ja", "乙"),
            ("answer.3.ja", "丙"),
            ("correct", "2"),
            ("correct", "3"),
            ("choose", "2"),
            ("tags", "x; y、z"),
            ("refs", "Book\r\n\r\nOther"),
            ("domain", "alpha"),
            ("rationale.ja", "なぜなら"),
        ]);
        let draft = Draft::posted(&posted, &languages());
        let expected = json!({
            "id": "q1", "type": "multiple_choice", "question": {"ja": "どれ？"}, "answers": [{"ja": "甲"}, {"ja": "乙"}, {"ja": "丙"}],
            "correct": [1, 2], "choose": 2, "tags": ["x", "y", "z"], "refs": ["Book", "Other"], "domain": "alpha", "rationale": {"ja": "なぜなら"},
        });
        assert_eq!(draft.fields(), expected, "what is empty falls away, and the key moves with its options");
        assert!(draft.read(None).is_ok());
    }

    #[test]
    fn a_version_goes_through_the_form_unchanged() {
        for item in [
            json!({"id": "a1", "question": "One?", "answers": ["yes", "All of the above"], "correct": 0}),
            json!({"id": "a2", "type": "multiple_choice", "question": {"ja": "どれ？", "de": "Was?"}, "answers": [{"ja": "甲", "de": "A"}, {"ja": "乙", "de": "B"}],
                "correct": [0, 1], "choose": 2, "fixed": [1], "refs": ["Book"], "tags": ["x"], "rationale": "Because"}),
        ] {
            let version = item_from_value(&item, &|_| None).expect("an item");
            let draft = Draft::of(&banks::fields(&version).expect("fields"), &languages(), 1);
            assert_eq!(draft.read(None).expect("the same").hash(), version.hash(), "{item}");
        }
    }

    #[test]
    fn texts_get_the_language_that_they_are_said_to_be_in() {
        let posted = pairs(&[
            ("type", "single_choice"),
            ("id", "a"),
            ("question.und", "何？"),
            ("answer.0.und", "甲"),
            ("spoken", "ja"),
        ]);
        let fields = Draft::posted(&posted, &languages()).fields();
        assert_eq!((&fields["question"], &fields["answers"][0]), (&json!({"ja": "何？"}), &json!({"ja": "甲"})));
    }

    #[test]
    fn hostile_names_make_no_rows() {
        let posted =
            pairs(&[("answer.99999999999.ja", "x"), ("answer.70.ja", "x"), ("correct", "-1"), ("answer..", "x")]);
        assert!(Draft::posted(&posted, &languages()).options.is_empty());
    }
}
