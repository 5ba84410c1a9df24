//! The page of the editor: the form part by part, the preview and what changed beside it.

use askama::Template;
use std::collections::BTreeMap;
use waymark_assess::item::ItemContent;

use super::diff::{Difference, differences};
use super::preview::{Shown, sentence, shown};
use super::question::{AnswerView, Drawn};
use super::view::{Built, FieldView, Wrong, built};
use super::{item_path, languages, title};
use crate::app::App;
use crate::authoring::api::picture;
use crate::authoring::form::{Form, Part, Texts, UNSAID};
use crate::authoring::sentences;
use crate::banks::{self, Bank, Item, Piece};
use crate::error::Result;
use crate::web::page::Shell;

/// A part of the form, with its heading.
pub struct PartView {
    pub part: Part,
    pub heading: String,
    pub fields: Vec<FieldView>,
    /// Whether it is folded away, since nothing in it is said or wrong.
    pub folded: Option<bool>,
}

/// One line of what is wrong.
struct Trouble {
    /// The id of the field.
    field: String,
    /// What it is called; empty where the whole form is meant.
    label: String,
    /// What to do about it.
    words: String,
}

#[derive(Template)]
#[template(path = "authoring/edit.html")]
pub struct EditPage {
    shell: Shell,
    bank: String,
    bank_title: String,
    /// None for a new item.
    item: Option<Item>,
    action: String,
    path: String,
    item_type: &'static str,
    type_name: String,
    writes: bool,
    /// Carried along unseen.
    kept: Vec<FieldView>,
    /// The id, given once.
    named: Vec<FieldView>,
    /// What was changed, said to the reviewer.
    noted: Vec<FieldView>,
    parts: Vec<PartView>,
    /// What texts without a language can be said to be in.
    spoken: Vec<(String, String)>,
    spoken_now: String,
    /// SHA-256 of the picture; empty where there is none.
    figure: String,
    size: (String, String),
    shown: Vec<Shown>,
    missing: Vec<String>,
    /// Nobody has filled it in yet.
    is_new: bool,
    changes: Option<Vec<Difference>>,
    wrong: Vec<Trouble>,
    changed: bool,
    domains: Vec<String>,
    cases: Vec<String>,
}

impl EditPage {
    fn is_wrong(&self, id: &str) -> bool {
        self.wrong.iter().any(|trouble| trouble.field == id)
    }

    fn errors_at<'p>(&'p self, id: &'p str) -> impl Iterator<Item = &'p String> {
        self.wrong.iter().filter(move |trouble| trouble.field == id).map(|trouble| &trouble.words)
    }
}

/// A form under way.
pub struct Editing {
    pub bank: Bank,
    pub item: Option<Item>,
    pub form: Form,
    /// Nobody has filled in anything yet: nothing is wrong with it.
    pub is_new: bool,
    pub writes: bool,
    /// Somebody else changed the item meanwhile.
    pub changed: bool,
    wrong: Wrong,
    domains: Vec<String>,
    cases: BTreeMap<String, Texts>,
}

impl Editing {
    pub async fn of(app: &App, slug: &str, item: Option<Item>, form: Form) -> Result<Self> {
        let bank = banks::bank(app.db.read(), slug).await?;
        let listed = banks::items(app.db.read(), bank.id).await?;
        let mut domains: Vec<String> = listed.iter().filter_map(|listing| listing.content.domain.clone()).collect();
        domains.sort();
        domains.dedup();
        let case = |content: ItemContent| {
            let texts =
                |text: &waymark_assess::Text| text.entries().map(|(t, text)| (t.to_owned(), text.to_owned())).collect();
            content.stimulus.map(|case| (case.id, texts(&case.text)))
        };
        let cases = listed.into_iter().filter_map(|listing| case(listing.content)).collect();
        Ok(Self { bank, item, form, is_new: false, writes: true, changed: false, wrong: Wrong::new(), domains, cases })
    }

    /// What is wrong with a field; with no field, with the whole.
    pub fn say(&mut self, path: &str, words: String) {
        let said = self.wrong.entry(path.to_owned()).or_default();
        if !said.contains(&words) {
            said.push(words);
        }
    }

    /// The text of a case that another item has, where this one gives its id alone.
    pub fn fill_case(&mut self) {
        let id = self.form.values.one("stimulus_id").to_owned();
        let blank = self.form.values.texts("stimulus_text").values().all(|text| text.trim().is_empty());
        if let Some(texts) = self.cases.get(&id).filter(|_| blank) {
            self.form.values.set_texts("stimulus_text", texts.clone());
        }
    }

    fn action(&self) -> String {
        match &self.item {
            Some(item) => format!("{}/edit", item_path(item)),
            None => format!("/admin/banks/{}/new", self.bank.slug),
        }
    }

    pub async fn page(self, app: &App, shell: Shell) -> Result<EditPage> {
        let w = shell.w;
        let named = |tag: &String| (tag.clone(), sentences::language(w, tag));
        let spoken = if self.form.languages.iter().any(|tag| tag == UNSAID) {
            languages(app, w.lang()).await?.iter().map(named).collect()
        } else {
            vec![]
        };
        let picture = picture(app.db.read(), Some(self.form.figure())).await?;
        let (shown, missing, changes) = match self.form.written().read(picture.as_deref()) {
            Ok(version) => {
                let former = self.form.former();
                let changes = former.map(|former| differences(w, &former, &banks::fields(&version)));
                (shown(w, version.content())?, vec![], changes)
            }
            // Nothing is wrong with a form that nobody has filled in yet.
            Err(_) if self.is_new => (vec![], vec![], None),
            Err(mistakes) => (vec![], mistakes.iter().map(|mistake| sentence(w, mistake)).collect(), None),
        };
        let action = self.action();
        let Built { parts: fields, targets, labels } = built(w, &self.form, &action, &self.wrong);
        let (mut kept, mut named_by, mut noted) = (vec![], vec![], vec![]);
        let mut parts = vec![];
        for (part, views) in fields {
            if part != Part::Head {
                parts.push((part, views));
                continue;
            }
            for view in views {
                match view.name.as_str() {
                    "id" => named_by.push(view),
                    "note" => noted.push(view),
                    // Chosen from a list of its own, where there is something to say.
                    "spoken" => {}
                    _ => kept.push(view),
                }
            }
        }
        let target = |path: &String| match path.as_str() {
            "figure" => "file".to_owned(),
            path => targets.get(path).cloned().unwrap_or_else(|| "form".to_owned()),
        };
        let mut wrong = vec![];
        for (path, said) in &self.wrong {
            let label = match path.as_str() {
                "figure" => w.t("item-figure-file"),
                path => labels.get(path).cloned().unwrap_or_default(),
            };
            let trouble = |words: &String| Trouble { field: target(path), label: label.clone(), words: words.clone() };
            wrong.extend(said.iter().map(trouble));
        }
        let values = &self.form.values;
        let says = |part: Part| match part {
            Part::Scoring => values.one("scoring_rule") == "per_part" || !values.one("scoring_points").is_empty(),
            _ => !values.one("stimulus_id").is_empty() || values.texts("stimulus_text").values().any(|t| !t.is_empty()),
        };
        let prefix = |part: Part| if part == Part::Scoring { "scoring" } else { "stimulus" };
        let part = |(part, fields): (Part, Vec<FieldView>)| PartView {
            folded: matches!(part, Part::Scoring | Part::Case)
                .then(|| !says(part) && !self.wrong.keys().any(|path| path.starts_with(prefix(part)))),
            heading: w.t(&format!("editor-part-{}", part.as_str())),
            fields,
            part,
        };
        Ok(EditPage {
            kept,
            named: named_by,
            noted,
            parts: parts.into_iter().filter(|(_, fields)| !fields.is_empty()).map(part).collect(),
            bank: self.bank.slug.clone(),
            bank_title: title(&self.bank),
            path: self.item.as_ref().map_or_else(|| format!("/admin/banks/{}", self.bank.slug), item_path),
            action,
            item_type: self.form.item_type.as_str(),
            type_name: sentences::item_type(w, self.form.item_type.as_str()),
            writes: self.writes,
            spoken,
            spoken_now: values.one("spoken").to_owned(),
            figure: values.one("figure").to_owned(),
            size: (values.one("width").to_owned(), values.one("height").to_owned()),
            shown,
            missing,
            is_new: self.is_new,
            changes,
            wrong,
            changed: self.changed,
            domains: self.domains.clone(),
            cases: self.cases.keys().cloned().collect(),
            item: self.item.clone(),
            shell,
        })
    }
}
