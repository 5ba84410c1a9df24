//! What `sources/*.yaml` says about a source: which events it may send, and which names of members count.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::entity::{contribution, source as row};
use super::lifecycle::{HeldBecause, State};
use super::own;
use super::subject::{Named, Subject};
use crate::clock::millis;
use crate::database::{Change, Read};
use crate::document::{Faults, Fields};
use crate::domain_event::DomainEvent;
use crate::error::{Fault, Result};

/// A form in which an event's `subject` names a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubjectForm {
    /// `mem_…`
    Member,
    /// `handle:…`
    Handle,
    /// `mailto:…`, trusted only from sources that list it.
    Mailto,
}

const FORMS: &[(&str, SubjectForm)] =
    &[("member", SubjectForm::Member), ("handle", SubjectForm::Handle), ("mailto", SubjectForm::Mailto)];

/// One source of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceDefinition {
    /// Equals the CloudEvents `source` attribute.
    pub source: String,
    pub title: BTreeMap<String, String>,
    /// The event types it may send.
    pub types: Vec<String>,
    pub subjects: Vec<SubjectForm>,
    /// What one member can be credited with in a day from here; more is held for a person to look at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_member_per_day: Option<u32>,
}

const LONGEST_TYPE: usize = 100;

impl SourceDefinition {
    /// Reads one source file, with every mistake at once.
    pub fn from_value(value: &Value) -> std::result::Result<Self, Faults> {
        let mut faults = vec![];
        let mut fields = Fields::of(value, "", &mut faults);
        let source = fields.required_text("source", &mut faults);
        let title = fields.required_texts("title", &mut faults);
        fields.required("types", &mut faults);
        let types = fields.list("types", &mut faults).unwrap_or_default();
        for (n, name) in types.iter().enumerate() {
            let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
            if !plain || name.len() > LONGEST_TYPE {
                faults.push(Fault::new(
                    format!("/types/{n}"),
                    "invalid_type",
                    "an event type is letters, digits, dots, - and _, such as change.merged",
                ));
            }
        }
        let mut subjects = vec![];
        match fields.list("subjects", &mut faults) {
            None => subjects = vec![SubjectForm::Member, SubjectForm::Handle],
            Some(words) => {
                for (n, word) in words.iter().enumerate() {
                    match FORMS.iter().find(|(name, _)| name == word) {
                        Some((_, form)) => subjects.push(*form),
                        None => faults.push(Fault::new(
                            format!("/subjects/{n}"),
                            "unknown_word",
                            "use member, handle or mailto",
                        )),
                    }
                }
            }
        }
        let per_member_per_day = fields.number("per_member_per_day", 1, 10_000, &mut faults);
        if own::is_reserved(&source) {
            let detail = "names that begin with `waymark:` are Waymark's own: choose another";
            faults.push(Fault::new("/source", "reserved_source", detail));
        }
        fields.refuse_unknown(&mut faults);
        if faults.is_empty() { Ok(Self { source, title, types, subjects, per_member_per_day }) } else { Err(faults) }
    }
}

/// Keeps a source's definition; answers whether anything changed.
pub async fn keep_source(ch: &mut Change<'_>, definition: &SourceDefinition) -> Result<bool> {
    let text = serde_json::to_string(definition)?;
    match row::Entity::find_by_id(definition.source.clone()).one(ch.tx()).await? {
        Some(known) if known.definition == text => Ok(false),
        Some(_) => {
            row::Entity::update_many()
                .col_expr(row::Column::Definition, Expr::value(text))
                .col_expr(row::Column::ChangedAt, Expr::value(millis(ch.now)))
                .filter(row::Column::Source.eq(&definition.source))
                .exec(ch.tx())
                .await?;
            tell_whom_it_names(ch, definition).await?;
            Ok(true)
        }
        None => {
            let new = row::ActiveModel {
                source: Set(definition.source.clone()),
                definition: Set(text),
                changed_at: Set(millis(ch.now)),
            };
            row::Entity::insert(new).exec_without_returning(ch.tx()).await?;
            Ok(true)
        }
    }
}

/// A source that lists a further form of subject now names members for whom events are held: each hears of it and is credited.
async fn tell_whom_it_names(ch: &mut Change<'_>, definition: &SourceDefinition) -> Result<()> {
    let subjects: Vec<String> = contribution::Entity::find()
        .select_only()
        .column(contribution::Column::Subject)
        .distinct()
        .filter(contribution::Column::Source.eq(&definition.source))
        .filter(contribution::Column::State.eq(State::Held.as_str()))
        .filter(contribution::Column::HeldBecause.eq(HeldBecause::FormNotListed.as_str()))
        .into_tuple()
        .all(ch.tx())
        .await?;
    for text in subjects {
        let Ok(subject) = Subject::read(&text) else { continue };
        if let Named::Member(member) = subject.named(ch.tx(), definition).await? {
            ch.tell(&DomainEvent::HandleLinked { member }).await?;
        }
    }
    Ok(())
}

/// Every source, by name.
pub async fn sources(db: &impl Read) -> Result<Vec<SourceDefinition>> {
    let rows = row::Entity::find().order_by_asc(row::Column::Source).all(db).await?;
    rows.iter().map(|r| Ok(serde_json::from_str(&r.definition)?)).collect()
}

/// The source of this name, from a file or one that needs none.
pub async fn source(db: &impl Read, name: &str) -> Result<Option<SourceDefinition>> {
    if own::is_reserved(name) {
        return Ok(own::definition(name));
    }
    let known = row::Entity::find_by_id(name.to_owned()).one(db).await?;
    match known {
        Some(row) => Ok(Some(serde_json::from_str(&row.definition)?)),
        None => Ok(own::definition(name)),
    }
}
