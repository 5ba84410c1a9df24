//! What is wrong with a document that should be a track: its own mistakes, and names of what is not there.

use serde_json::Value;

use crate::contributions::is_activity;
use crate::database::Read;
use crate::document::is_slug;
use crate::error::{Fault, Result};
use crate::exams;
use crate::program::{BUILT_IN_TEMPLATES, Name, search, unknown_title};
use crate::tracks::{self, TrackDefinition};

/// A document as it was read.
pub struct Checked {
    definition: Option<TrackDefinition>,
    pub faults: Vec<Fault>,
}

impl Checked {
    /// The track, where nothing is wrong with it.
    pub fn good(&self) -> Option<&TrackDefinition> {
        self.definition.as_ref().filter(|_| self.faults.is_empty())
    }
}

/// What a node of a draft keeps although something else that was chosen makes it void, by the name of its place below the node:
/// `{"contributions/window/days": 30}`. No file has it, and a draft with it is not good.
pub const UNUSED: &str = "unused";

/// Reads the document exactly as `waymark program apply` reads a file, and holds it against what this installation knows.
pub async fn checked(db: &impl Read, document: &Value) -> Result<Checked> {
    let (mut said, mut void) = (document.clone(), vec![]);
    for part in ["requires", "renewal"] {
        if let Some(tree) = said.get_mut(part) {
            take_unused(tree, &format!("/{part}"), &mut void);
        }
    }
    let (definition, mut faults) = match TrackDefinition::from_value(&said) {
        Ok(definition) => (Some(definition), vec![]),
        Err(faults) => (None, faults),
    };
    faults.iter_mut().for_each(|fault| say_missing(&said, fault));
    faults.extend(void);
    faults.extend(unknown_names(db, &said, definition.as_ref()).await?);
    activities(&said, "", &mut faults);
    faults.extend(unknown_template(db, &said).await?);
    if let Some(definition) = &definition {
        if definition.is_undecided_title() {
            let detail = "people decide on a title: ask for the decision on it (`panel`), or choose another kind";
            faults.push(Fault::new("/kind", "title_not_decided", detail));
        }
        faults.extend(taken_level(db, definition).await?);
    }
    Ok(Checked { definition, faults })
}

/// Takes what is void out of the tree: each is a mistake at its own place, until its writer decides.
fn take_unused(value: &mut Value, pointer: &str, void: &mut Vec<Fault>) {
    match value {
        Value::Object(map) => {
            if map.get(UNUSED).is_some_and(Value::is_object)
                && let Some(Value::Object(kept)) = map.remove(UNUSED)
            {
                let detail = "this does not apply with what was chosen beside it: empty it, or choose otherwise";
                void.extend(kept.keys().map(|name| Fault::new(format!("{pointer}/{name}"), "does_not_apply", detail)));
            }
            map.iter_mut().for_each(|(field, inner)| take_unused(inner, &format!("{pointer}/{field}"), void));
        }
        Value::Array(entries) => {
            let entries = entries.iter_mut().enumerate();
            entries.for_each(|(n, inner)| take_unused(inner, &format!("{pointer}/{n}"), void));
        }
        _ => {}
    }
}

/// What is of a wrong shape because nothing is written there is missing.
fn say_missing(document: &Value, fault: &mut Fault) {
    let empty = match document.pointer(&fault.pointer) {
        Some(Value::String(text)) => text.trim().is_empty(),
        Some(Value::Array(entries)) => entries.is_empty(),
        _ => false,
    };
    if empty && matches!(fault.code, "wrong_type" | "bad_slug" | "bad_type") {
        fault.code = "missing_field";
        "nothing is written here yet: fill it in".clone_into(&mut fault.detail);
    }
}

async fn unknown_names(db: &impl Read, document: &Value, read: Option<&TrackDefinition>) -> Result<Vec<Fault>> {
    let mut names = vec![];
    for part in ["requires", "renewal"] {
        if let Some(tree) = document.get(part) {
            search(tree, &format!("/{part}"), &mut names);
        }
    }
    let mut faults = vec![];
    for Name { pointer, kind, slug } in names {
        if !is_slug(&slug) {
            continue;
        }
        if kind == "title" {
            let given = match read.filter(|own| own.slug == slug) {
                Some(own) => own.is_decided_title(),
                // Of a track that has mistakes, its kind is all that can be asked.
                None if document["slug"] == slug.as_str() => document["kind"] == "title",
                None => tracks::by_slug(db, &slug).await?.is_some_and(|found| found.definition.is_decided_title()),
            };
            if !given {
                faults.push(Fault::new(pointer, "unknown_title", unknown_title(&slug)));
            }
            continue;
        }
        let (known, code) = match kind {
            "exam" => (exams::find(db, &slug).await?.is_some(), "unknown_exam"),
            _ => (tracks::by_slug(db, &slug).await?.is_some(), "unknown_track"),
        };
        if kind == "track" && document["slug"] == slug.as_str() && pointer.starts_with("/requires") {
            let detail = "a track cannot ask for its own credential: name another one";
            faults.push(Fault::new(pointer, "own_track", detail));
        } else if !known {
            faults.push(Fault::new(pointer, code, format!("there is no {kind} `{slug}` that is published")));
        }
    }
    Ok(faults)
}

/// Types of contributions that are activities, which credit nobody: none of them would ever count.
fn activities(value: &Value, pointer: &str, faults: &mut Vec<Fault>) {
    match value {
        Value::Object(map) => {
            for (field, inner) in map {
                let at = format!("{pointer}/{field}");
                let types = inner["types"].as_array().into_iter().flatten().enumerate();
                let named = types.filter_map(|(n, kind)| Some((n, kind.as_str().filter(|kind| is_activity(kind))?)));
                for (n, kind) in named.filter(|_| field == "contributions") {
                    let detail = format!("`{kind}` is an activity, which credits nobody and never counts: take it out");
                    faults.push(Fault::new(format!("{at}/types/{n}"), "activity_counted", detail));
                }
                activities(inner, &at, faults);
            }
        }
        Value::Array(entries) => {
            entries.iter().enumerate().for_each(|(n, inner)| activities(inner, &format!("{pointer}/{n}"), faults));
        }
        _ => {}
    }
}

async fn unknown_template(db: &impl Read, document: &Value) -> Result<Vec<Fault>> {
    let Some(name) = document["template"].as_str() else { return Ok(vec![]) };
    if BUILT_IN_TEMPLATES.contains(&name) || tracks::badge(db, name).await?.is_some() {
        return Ok(vec![]);
    }
    let detail =
        format!("there is no template `{name}`: use {}, or one of the program's own", BUILT_IN_TEMPLATES.join(", "));
    Ok(vec![Fault::new("/template", "unknown_template", detail)])
}

/// Two tracks cannot be the same step of one ladder.
async fn taken_level(db: &impl Read, definition: &TrackDefinition) -> Result<Vec<Fault>> {
    let Some(level) = &definition.level else { return Ok(vec![]) };
    let others = tracks::current(db).await?;
    let other =
        others.iter().find(|v| v.definition.slug != definition.slug && v.definition.level.as_ref() == Some(level));
    Ok(other.map_or_else(Vec::new, |other| {
        let detail = format!(
            "`{}` is step {} of the ladder `{}` already: give this track another step",
            other.definition.slug, level.step, level.ladder
        );
        vec![Fault::new("/level/step", "same_level", detail)]
    }))
}
