//! What a button of the form asks for. Buttons that add, move or take away rows keep nothing: the form comes back with what was typed.

use super::pointed::Fields;
use super::rows::{LISTS, arrange, count, typed};

/// What to do with the form.
pub enum Step {
    /// Show it again; with what is missing where somebody asked for that.
    Look(bool),
    Draft,
    Publish,
    Discard,
}

impl Step {
    pub fn of(fields: &Fields) -> Self {
        match fields.get("step").map_or("check", String::as_str) {
            "draft" => Self::Draft,
            "publish" => Self::Publish,
            "discard" => Self::Discard,
            "check" => Self::Look(true),
            _ => Self::Look(false),
        }
    }
}

/// Rows added, moved and taken away: `add:/sections`, `up:/sections:2`, `remove:/sections:2`, `add:form`, `pick`.
pub fn rearrange(fields: &mut Fields, step: &Step) {
    if !matches!(step, Step::Look(_)) {
        return;
    }
    let asked = fields.get("step").cloned().unwrap_or_default();
    if asked == "pick" {
        pick(fields);
        return;
    }
    let Some((verb, rest)) = asked.split_once(':') else { return };
    let (list, row) = rest.rsplit_once(':').map_or((rest, None), |(list, row)| (list, row.parse::<usize>().ok()));
    if !LISTS.contains(&list) && list != "form" {
        return;
    }
    let rows = count(fields, list).unwrap_or(0);
    let mut order: Vec<usize> = (0..rows).collect();
    match (verb, row) {
        // A row that was not there has no fields yet.
        ("add", _) => order.push(rows),
        ("remove", Some(row)) if row < rows => {
            order.remove(row);
        }
        ("up", Some(row)) if row > 0 && row < rows => order.swap(row - 1, row),
        _ => return,
    }
    arrange(fields, list, &order);
}

/// Puts the items that were ticked at the end of a fixed form: of the one that was chosen, else of a new one.
fn pick(fields: &mut Fields) {
    // In the order of the list: as text, 10 would come before 2.
    let ticked = fields.iter().filter_map(|(name, slug)| Some((name.strip_prefix("pick/")?, slug)));
    let mut ticked: Vec<(usize, String)> =
        ticked.map(|(row, slug)| (row.parse().unwrap_or(usize::MAX), slug.clone())).collect();
    ticked.sort_by_key(|(row, _)| *row);
    let picked: Vec<String> = ticked.into_iter().map(|(_, slug)| slug).collect();
    fields.retain(|name, _| !name.starts_with("pick/"));
    if picked.is_empty() {
        return;
    }
    let rows = count(fields, "form").unwrap_or(0);
    let row = typed(fields, "pick-into").and_then(|row| row.parse::<usize>().ok()).filter(|row| *row < rows);
    let row = row.unwrap_or_else(|| {
        fields.insert("rows:form".to_owned(), (rows + 1).to_string());
        rows
    });
    let items = fields.entry(format!("form/{row}/items")).or_default();
    for slug in picked {
        if !items.lines().any(|line| line.trim() == slug) {
            if !items.trim().is_empty() {
                items.push('\n');
            }
            items.push_str(&slug);
        }
    }
}
