//! From the description of a form and what it holds to what a page shows.

use std::collections::BTreeMap;

use super::{Cell, FieldView, Pick, RowView, RowsView, Shape};
use crate::authoring::form::{Field, Form, Kind, Mark, Part, Rows, Texts, Typed, UNSAID, Values, parts};
use crate::authoring::sentences;
use crate::web::i18n::Words;

/// The longest line that can be typed without a language.
const LONGEST_LINE: usize = 4_000;
/// The longest name.
const LONGEST_NAME: usize = 64;

/// What is wrong, by the field of the form.
pub type Wrong = BTreeMap<String, Vec<String>>;

/// The form as a page shows it.
pub struct Built {
    pub parts: Vec<(Part, Vec<FieldView>)>,
    /// Where on the page each field is, for links to it.
    pub targets: BTreeMap<String, String>,
    /// What each field is called, with the row that it stands in.
    pub labels: BTreeMap<String, String>,
}

/// The parts of the form, with what is wrong beside its field.
pub fn built(w: Words, form: &Form, action: &str, wrong: &Wrong) -> Built {
    let mut builder = Builder { w, form, action, wrong, targets: BTreeMap::new(), labels: BTreeMap::new() };
    let shown = parts(form.item_type).map(|(part, fields)| (part, builder.fields(fields, &form.values, "", None)));
    Built { parts: shown.into(), targets: builder.targets, labels: builder.labels }
}

struct Builder<'f> {
    w: Words,
    form: &'f Form,
    action: &'f str,
    wrong: &'f Wrong,
    targets: BTreeMap<String, String>,
    labels: BTreeMap<String, String>,
}

impl Builder<'_> {
    fn fields(
        &mut self,
        fields: &'static [Field],
        values: &Values,
        before: &str,
        within: Option<&str>,
    ) -> Vec<FieldView> {
        fields.iter().map(|field| self.field(field, fields, values, before, within)).collect()
    }

    fn field(
        &mut self,
        field: &'static Field,
        beside: &'static [Field],
        values: &Values,
        before: &str,
        within: Option<&str>,
    ) -> FieldView {
        let name = format!("{before}{}", field.name);
        let id = name.replace('.', "-");
        let hint = format!("editor-{}-hint", field.key);
        let shape = match field.only {
            Some((decider, says)) if values.one(decider) != says => {
                Shape::Hidden(values.pairs(std::slice::from_ref(field), before))
            }
            _ => self.shape(field, beside, values, &name),
        };
        let target = match &shape {
            Shape::Words { cells, .. } => cells.first().map_or_else(|| id.clone(), |cell| format!("{id}-{}", cell.tag)),
            _ => id.clone(),
        };
        self.targets.insert(name.clone(), target);
        let seen = !matches!(shape, Shape::Hidden(_));
        let label = if seen { self.w.t(&format!("editor-{}", field.key)) } else { String::new() };
        if seen {
            let whole = match within {
                Some(row) => self.w.with2("editor-field-of", "row", row, "field", label.as_str()),
                None => label.clone(),
            };
            self.labels.insert(name.clone(), whole);
        }
        FieldView {
            label,
            within: within.map(str::to_owned),
            hint: self.w.has(&hint).then(|| self.w.t(&hint)),
            errors: self.wrong.get(&name).cloned().unwrap_or_default(),
            shape,
            name,
            id,
        }
    }

    fn shape(&mut self, field: &'static Field, beside: &[Field], values: &Values, name: &str) -> Shape {
        let w = self.w;
        let words = |value: &str| match value {
            "" => w.t("editor-none"),
            value => w.t(&format!("editor-{}-{}", field.key, value.replace('_', "-"))),
        };
        match &field.kind {
            Kind::Words(lines) => Shape::Words { cells: self.cells(values.texts(field.name)), lines: *lines },
            Kind::Typed(typed) => {
                let (mode, class, most) = match typed {
                    Typed::Name => ("text", "input--short", LONGEST_NAME),
                    Typed::Line => ("text", "", LONGEST_LINE),
                    Typed::Whole => ("numeric", "input--short", LONGEST_NAME),
                    Typed::Number => ("decimal", "input--short", LONGEST_NAME),
                    Typed::Code => ("text", "input--code", LONGEST_LINE),
                };
                let list = match field.name {
                    "domain" => Some("domains"),
                    "stimulus_id" => Some("cases"),
                    _ => None,
                };
                Shape::Typed { value: values.raw(field.name).to_owned(), mode, class, most, list }
            }
            Kind::Lines => Shape::Lines { value: values.raw(field.name).to_owned() },
            Kind::Select(options) => {
                let pick = |value: &&str| Pick {
                    value: (*value).to_owned(),
                    words: words(value),
                    on: values.one(field.name) == *value,
                };
                let reshapes = beside.iter().any(|other| other.only.is_some_and(|(decider, _)| decider == field.name));
                Shape::Select { picks: options.iter().map(pick).collect(), reshapes }
            }
            Kind::Ticks(options) => {
                let pick = |value: &&str| Pick {
                    value: (*value).to_owned(),
                    words: words(value),
                    on: values.all(field.name).iter().any(|ticked| ticked == value),
                };
                Shape::Ticks { picks: options.iter().map(pick).collect() }
            }
            Kind::Flag => Shape::Flag { on: values.is_on(field.name), reshapes: field.name == "several" },
            // Marks stand in their row: see `row`.
            Kind::Mark(_) => Shape::Hidden(vec![]),
            Kind::Kept => Shape::Hidden(
                values.pairs(std::slice::from_ref(field), name.strip_suffix(field.name).unwrap_or_default()),
            ),
            Kind::Picks(list) => self.picks(list, values.all(field.name)),
            Kind::Rows(rows) => Shape::Rows(self.rows(field, rows, values, name)),
        }
    }

    fn cells(&self, texts: &Texts) -> Vec<Cell> {
        let cell = |tag: &String| Cell {
            lang: Some(tag.clone()).filter(|tag| tag != UNSAID),
            language: sentences::language(self.w, tag),
            value: texts.get(tag).cloned().unwrap_or_default(),
            tag: tag.clone(),
        };
        self.form.languages.iter().map(cell).collect()
    }

    /// The rows of another list, by their numbers in the form; one of them where only one can be right.
    fn picks(&self, list: &str, picked: &[String]) -> Shape {
        let rows = self.form.values.rows(list).iter().zip(1..);
        let picks: Vec<Pick> = rows
            .map(|(row, n): (_, usize)| {
                let text = sentences::excerpt(self.w.pick(row.values.texts("text")));
                Pick {
                    value: row.key.to_string(),
                    words: format!("{n}. {text}"),
                    on: picked.contains(&row.key.to_string()),
                }
            })
            .collect();
        let several =
            list != "targets" || self.form.values.is_on("several") || picks.iter().filter(|p| p.on).count() > 1;
        Shape::Picks { one: !several, picks, none: self.w.t("editor-none") }
    }

    fn rows(&mut self, field: &'static Field, rows: &'static Rows, values: &Values, name: &str) -> RowsView {
        let list = values.rows(field.name);
        let marked = |mark: &str| list.iter().filter(|row| row.values.is_on(mark)).count();
        let mut shown = vec![];
        for (row, n) in list.iter().zip(1..) {
            let path = format!("{name}.{}", row.key);
            let title = self.w.with1(&format!("editor-{}-row", field.key), "n", n);
            let mut fields = self.fields(rows.fields, &row.values, &format!("{path}."), Some(&title));
            for (view, described) in fields.iter_mut().zip(rows.fields) {
                let Kind::Mark(mark) = &described.kind else { continue };
                let many = match mark {
                    Mark::One => false,
                    Mark::Many => true,
                    Mark::If(flag) => self.form.values.is_on(flag),
                };
                view.name = format!("{name}.{}", described.name);
                // Two marks in a list of one are a mistake to be seen, not one to be lost.
                let many = many || marked(described.name) > 1;
                view.shape = Shape::Mark { many, key: row.key, on: row.values.is_on(described.name) };
                view.label = self.w.t(&format!("editor-{}", described.key));
            }
            let id = path.replace('.', "-");
            self.targets.insert(path.clone(), id.clone());
            self.labels.insert(path.clone(), title.clone());
            let errors = self.wrong.get(&path).cloned().unwrap_or_default();
            shown.push(RowView { key: row.key, id, title, errors, fields });
        }
        let fixed = rows.fewest == rows.most;
        RowsView {
            rows: shown,
            action: format!("{}#{}", self.action, name.replace('.', "-")),
            add: (!fixed && list.len() < rows.most).then(|| self.w.t(&format!("editor-{}-add", field.key))),
            up: rows.ordered.then(|| self.w.t("editor-up")),
            remove: (!fixed).then(|| self.w.t("editor-remove")),
        }
    }
}
