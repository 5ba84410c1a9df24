//! The fields of the form as the document of a ladder. A field has the JSON pointer of its value as its name, so that a mistake finds its field.
//! What is no number stays the text that was typed: the definition refuses it, and the form shows it again. A row left empty is no row.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::error::Fault;
use crate::web::i18n::Words;

/// What a form sends, by the name of its field.
pub type Fields = BTreeMap<String, String>;

const LANGUAGES: [&str; 2] = ["ja", "en"];
/// Rows in a form, so that nobody sends endless ones.
const MOST_ROWS: usize = 200;

fn typed(fields: &Fields, name: &str) -> Option<String> {
    fields.get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A number as people type it, full-width digits included; else the text.
fn number(text: &str) -> Value {
    let digit = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        other => other,
    };
    let plain: String = text.chars().map(digit).collect();
    plain.parse::<u32>().map_or_else(|_| json!(text), |n| json!(n))
}

fn texts(fields: &Fields, name: &str) -> Option<Value> {
    let said = LANGUAGES.iter().filter_map(|tag| Some(((*tag).to_owned(), typed(fields, &format!("{name}/{tag}"))?)));
    let said: Map<String, Value> = said.map(|(tag, text)| (tag, json!(text))).collect();
    (!said.is_empty()).then_some(Value::Object(said))
}

fn put(map: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        map.insert(name.to_owned(), value);
    }
}

/// The document that the form says.
pub fn said(fields: &Fields, slug: &str) -> Value {
    let mut all = Map::new();
    let slug = if slug.is_empty() { typed(fields, "/slug") } else { Some(slug.to_owned()) };
    put(&mut all, "slug", slug.map(Value::String));
    put(&mut all, "title", texts(fields, "/title"));
    put(&mut all, "description", texts(fields, "/description"));
    let mut points = Map::new();
    let contributions: Vec<Value> = (0..MOST_ROWS).filter_map(|n| contribution(fields, n)).collect();
    put(&mut points, "contributions", Some(contributions).filter(|list| !list.is_empty()).map(Value::Array));
    for of in ["exams", "credentials"] {
        let prefix = format!("/points/{of}/");
        let said = fields.keys().filter_map(|name| Some((name.strip_prefix(&prefix)?, typed(fields, name)?)));
        let said: Map<String, Value> = said.map(|(slug, text)| (slug.to_owned(), number(&text))).collect();
        put(&mut points, of, Some(said).filter(|map| !map.is_empty()).map(Value::Object));
    }
    all.insert("points".to_owned(), Value::Object(points));
    let steps: Vec<Value> = (0..MOST_ROWS).filter_map(|n| step(fields, n)).collect();
    put(&mut all, "steps", Some(steps).filter(|list| !list.is_empty()).map(Value::Array));
    let mut beyond = Map::new();
    put(&mut beyond, "every", typed(fields, "/beyond/every").map(|text| number(&text)));
    put(&mut beyond, "title", texts(fields, "/beyond/title"));
    put(&mut all, "beyond", Some(beyond).filter(|map| !map.is_empty()).map(Value::Object));
    Value::Object(all)
}

fn contribution(fields: &Fields, n: usize) -> Option<Value> {
    let at = |name: &str| format!("/points/contributions/{n}/{name}");
    let mut row = Map::new();
    put(&mut row, "type", typed(fields, &at("type")).map(Value::String));
    put(&mut row, "points", typed(fields, &at("points")).map(|text| number(&text)));
    let sources = typed(fields, &at("sources")).map(|text| {
        let names = text.split([',', '、', '\n', ' ']).map(str::trim).filter(|name| !name.is_empty());
        names.map(|name| json!(name)).collect::<Value>()
    });
    put(&mut row, "sources", sources);
    (!row.is_empty()).then_some(Value::Object(row))
}

fn step(fields: &Fields, n: usize) -> Option<Value> {
    let mut row = Map::new();
    put(&mut row, "at", typed(fields, &format!("/steps/{n}/at")).map(|text| number(&text)));
    put(&mut row, "title", texts(fields, &format!("/steps/{n}/title")));
    (!row.is_empty()).then_some(Value::Object(row))
}

/// One field as the page draws it.
pub struct Control {
    /// Its name, too.
    pub id: String,
    pub label: String,
    pub value: String,
    pub hint: Option<String>,
    pub errors: Vec<String>,
    pub number: bool,
    /// The language of what is written there.
    pub lang: &'static str,
    /// The list of suggestions beside it.
    pub list: &'static str,
}

/// The fields of one row.
pub struct Row {
    pub title: String,
    pub controls: Vec<Control>,
}

/// One mistake as the page tells it.
pub struct Wrong {
    /// The id of its field; empty where the form has none.
    pub field: String,
    /// What the field is called; empty likewise.
    pub label: String,
    pub text: String,
}

/// The whole form.
pub struct Form {
    pub names: Vec<Control>,
    pub contributions: Vec<Row>,
    pub exams: Vec<Control>,
    pub credentials: Vec<Control>,
    pub steps: Vec<Row>,
    pub beyond: Vec<Control>,
    pub wrong: Vec<Wrong>,
}

/// What can bring points here: slugs and titles.
pub struct Known {
    pub exams: Vec<(String, String)>,
    pub tracks: Vec<(String, String)>,
    /// The languages in which the program writes.
    pub languages: Vec<String>,
}

struct Drawing<'d> {
    w: Words,
    document: &'d Value,
    languages: &'d [String],
}

impl Drawing<'_> {
    fn value(&self, pointer: &str) -> String {
        match self.document.pointer(pointer) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            _ => String::new(),
        }
    }

    fn control(&self, id: impl Into<String>, label: String) -> Control {
        let id = id.into();
        let value = self.value(&id);
        Control { id, label, value, hint: None, errors: vec![], number: false, lang: "", list: "" }
    }

    fn hinted(&self, id: impl Into<String>, key: &str) -> Control {
        let hint = format!("{key}-hint");
        let control = self.control(id, self.w.t(key));
        Control { hint: self.w.has(&hint).then(|| self.w.t(&hint)), ..control }
    }

    fn number(&self, id: impl Into<String>, key: &str) -> Control {
        Control { number: true, ..self.hinted(id, key) }
    }

    /// A field for each language of the program, and for each other one in which something is said.
    fn texts(&self, pointer: &str, key: &str) -> impl Iterator<Item = Control> {
        let fields = LANGUAGES
            .map(|tag| Control { lang: tag, ..self.hinted(format!("{pointer}/{tag}"), &format!("{key}-{tag}")) });
        let own = |tag: &str| self.languages.iter().any(|known| known == tag);
        fields.into_iter().filter(move |field| own(field.lang) || !field.value.is_empty())
    }

    fn contribution(&self, n: usize) -> Row {
        let at = |name: &str| format!("/points/contributions/{n}/{name}");
        let kind = Control { list: "types", ..self.hinted(at("type"), "ladder-type") };
        let controls =
            vec![kind, self.number(at("points"), "ladder-points"), self.hinted(at("sources"), "ladder-sources")];
        Row { title: self.w.with1("ladder-contribution-n", "n", n + 1), controls }
    }

    fn step(&self, n: usize) -> Row {
        let mut controls = vec![self.number(format!("/steps/{n}/at"), "ladder-at")];
        controls.extend(self.texts(&format!("/steps/{n}/title"), "ladder-step-title"));
        Row { title: self.w.with1("ladder-step-n", "n", n + 1), controls }
    }

    /// A field for each of what is known, and of what the document names besides.
    fn by_slug(&self, of: &str, known: &[(String, String)]) -> Vec<Control> {
        let said = self.document.pointer(&format!("/points/{of}")).and_then(Value::as_object);
        let others = said.into_iter().flat_map(Map::keys).filter(|slug| !known.iter().any(|(name, _)| name == *slug));
        let others = others.map(|slug| (slug.clone(), slug.clone()));
        let all = known.iter().cloned().chain(others);
        let field = |(slug, title)| Control { number: true, ..self.control(format!("/points/{of}/{slug}"), title) };
        all.map(field).collect()
    }
}

/// The form of a document, with `spare` empty rows for more.
pub fn drawn(w: Words, document: &Value, known: &Known, is_new: bool, spare: usize, faults: &[Fault]) -> Form {
    let d = Drawing { w, document, languages: &known.languages };
    let rows = |pointer: &str| document.pointer(pointer).and_then(Value::as_array).map_or(0, Vec::len);
    let mut names = vec![];
    if is_new {
        names.push(d.hinted("/slug", "ladder-slug"));
    }
    names.extend(d.texts("/title", "ladder-title"));
    names.extend(d.texts("/description", "ladder-description"));
    let mut beyond = vec![d.number("/beyond/every", "ladder-every")];
    beyond.extend(d.texts("/beyond/title", "ladder-beyond-title"));
    let most = |n: usize| (n + spare).min(MOST_ROWS);
    let mut form = Form {
        names,
        contributions: (0..most(rows("/points/contributions"))).map(|n| d.contribution(n)).collect(),
        exams: d.by_slug("exams", &known.exams),
        credentials: d.by_slug("credentials", &known.tracks),
        steps: (0..most(rows("/steps"))).map(|n| d.step(n)).collect(),
        beyond,
        wrong: vec![],
    };
    form.tell(w, faults);
    form
}

impl Form {
    fn controls(&mut self) -> impl Iterator<Item = (Option<&str>, &mut Control)> {
        let rows = self.contributions.iter_mut().chain(&mut self.steps);
        let in_rows = rows.flat_map(|row| {
            let Row { title, controls } = row;
            let title = title.as_str();
            controls.iter_mut().map(move |control| (Some(title), control))
        });
        let plain = self.names.iter_mut().chain(&mut self.exams).chain(&mut self.credentials).chain(&mut self.beyond);
        plain.map(|control| (None, control)).chain(in_rows)
    }

    /// Puts each mistake beside the nearest field that there is.
    fn tell(&mut self, w: Words, faults: &[Fault]) {
        let mut told = BTreeSet::new();
        for fault in faults {
            let text = sentence(w, fault);
            let pointer = place(fault);
            let mut wrong = Wrong { field: String::new(), label: String::new(), text: text.clone() };
            let nearest = |id: &str| id == pointer || id.starts_with(&format!("{pointer}/"));
            if let Some((row, control)) = self.controls().find(|(_, control)| nearest(&control.id)) {
                if !told.insert((control.id.clone(), text.clone())) {
                    continue;
                }
                control.errors.push(text);
                wrong.field.clone_from(&control.id);
                wrong.label = match row {
                    Some(row) => w.with2("ladder-field-of", "row", row, "field", control.label.as_str()),
                    None => control.label.clone(),
                };
            }
            self.wrong.push(wrong);
        }
    }
}

/// Where the mistake is to be set right: what is missing is named in the sentence and looked for below its place.
fn place(fault: &Fault) -> String {
    match fault.detail.split('`').nth(1).filter(|_| fault.code == "missing_field") {
        Some(name) => format!("{}/{name}", fault.pointer),
        None if matches!(fault.code, "no_points") => "/points/contributions".to_owned(),
        None if matches!(fault.code, "no_steps") => "/steps".to_owned(),
        None => fault.pointer.clone(),
    }
}

/// In the language of the reader. The sentences of the definition speak of its file, in English; those are for the file.
fn sentence(w: Words, fault: &Fault) -> String {
    let key = format!("ladder-wrong-{}", fault.code.replace('_', "-"));
    if w.has(&key) { w.t(&key) } else { w.with1("track-wrong-other", "code", fault.code) }
}
