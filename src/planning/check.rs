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

/// Reads the document exactly as `waymark program apply` reads a file, and holds it against what this installation knows.
pub async fn checked(db: &impl Read, document: &Value) -> Result<Checked> {
    let (definition, mut faults) = match TrackDefinition::from_value(document) {
        Ok(definition) => (Some(definition), vec![]),
        Err(faults) => (None, faults),
    };
    faults.extend(unknown_names(db, document, definition.as_ref()).await?);
    only_activities(document, "", &mut faults);
    faults.extend(unknown_template(db, document).await?);
    if let Some(definition) = &definition {
        faults.extend(taken_level(db, definition).await?);
    }
    Ok(Checked { definition, faults })
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

/// Contributions of which every type is an activity credit nobody: the count would stand at nothing for ever.
fn only_activities(value: &Value, pointer: &str, faults: &mut Vec<Fault>) {
    match value {
        Value::Object(map) => {
            for (field, inner) in map {
                let at = format!("{pointer}/{field}");
                let mut types = inner["types"].as_array().into_iter().flatten().map(Value::as_str).peekable();
                if field == "contributions" && types.peek().is_some() && types.all(|kind| kind.is_some_and(is_activity))
                {
                    let detail = "these are activities, which credit nobody: name a type that is a contribution";
                    faults.push(Fault::new(format!("{at}/types"), "activity_counted", detail));
                }
                only_activities(inner, &at, faults);
            }
        }
        Value::Array(entries) => {
            entries.iter().enumerate().for_each(|(n, inner)| only_activities(inner, &format!("{pointer}/{n}"), faults));
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
