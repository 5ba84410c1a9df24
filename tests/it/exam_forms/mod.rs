//! An exam by form: everything that its file says, drafts, mistakes beside their fields, and a person who never opens a terminal.

pub mod browser;
mod drafts;
mod picker;
mod story;
mod views;
mod windows;

use std::collections::BTreeMap;

use browser::controls;

use crate::item_bank::{Answer, Desk, Person};

/// What a form sends, to be filled in.
type Filled = BTreeMap<String, String>;

/// The form of an exam as it is on the page.
async fn opened(desk: &Desk, path: &str) -> Filled {
    let page = desk.get(&desk.author, path).await;
    assert_eq!(page.status, 200, "{}", page.text);
    controls(&page.text, path.split('?').next().expect("a path"))
}

fn fill(form: &mut Filled, fields: &[(&str, &str)]) {
    form.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
}

/// Sends a form by one of its buttons.
async fn press(desk: &Desk, who: &Person, path: &str, form: &Filled, step: &str) -> Answer {
    let mut pairs: Vec<(&str, &str)> =
        form.iter().filter(|(name, _)| *name != "csrf").map(|(name, value)| (name.as_str(), value.as_str())).collect();
    pairs.push(("step", step));
    desk.post(who, path, &pairs).await
}

/// The row of a table whose name is this one.
fn row(form: &Filled, rows: &str, name: &str) -> String {
    let found = form
        .iter()
        .find(|(field, value)| field.starts_with(&format!("{rows}/")) && field.ends_with("/name") && *value == name);
    let (field, _) = found.unwrap_or_else(|| panic!("no {rows} {name} in {form:#?}"));
    field.trim_end_matches("/name").to_owned()
}
