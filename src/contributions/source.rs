//! What `sources/*.yaml` says about a source: its language, which events it may send, which names of members count, when its silence is a fault.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::adapter::{self, Adapter, Rule};
use super::entity::{contribution, source as row};
use super::lifecycle::{HeldBecause, State};
use super::own;
use super::secret::{self, SecretPlace};
use super::subject::{Named, Subject};
use crate::clock::millis;
use crate::database::{Change, Read};
use crate::document::{Faults, Fields};
use crate::domain_event::DomainEvent;
use crate::error::{Error, Fault, Result};
use crate::tracks::Managed;

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
    /// Its name in addresses: `/hooks/{slug}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    pub title: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Adapter::is_plain")]
    pub adapter: Adapter,
    /// The event types it may send.
    pub types: Vec<String>,
    pub subjects: Vec<SubjectForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<SecretPlace>,
    /// What of the other system counts; everything that it delivers where this is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub map: Vec<Rule>,
    /// What a contribution of a type weighs where a track asks for a sum; 1 where it is not said.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub weights: BTreeMap<String, u32>,
    /// After so many days without an event something is wrong with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_days: Option<u32>,
    /// What one member can be credited with in a day from here; more is held for a person to look at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_member_per_day: Option<u32>,
}

const LONGEST_TYPE: usize = 100;
const MOST_WEIGHT: u32 = 1000;
const MOST_QUIET: u32 = 365;

impl SourceDefinition {
    /// Reads one source file, with every mistake at once.
    pub fn from_value(value: &Value) -> std::result::Result<Self, Faults> {
        let mut faults = vec![];
        let mut fields = Fields::of(value, "", &mut faults);
        let source = fields.required_text("source", &mut faults);
        let title = fields.required_texts("title", &mut faults);
        let adapter = fields.word("adapter", Adapter::WORDS, &mut faults).unwrap_or_default();
        let slug = match adapter.is_hook() || fields.value("slug").is_some() {
            true => Some(fields.slug("slug", &mut faults)),
            false => None,
        };
        let map = adapter::map(&mut fields, adapter, &mut faults);
        let types = types(&mut fields, adapter, &map, &mut faults);
        let subjects = subjects(&mut fields, &mut faults);
        let secret = secret::place(&mut fields, adapter, &mut faults);
        let from = adapter::from(&mut fields, adapter, &mut faults);
        let weights = weights(&mut fields, &types, &mut faults);
        let quiet_days = fields.number("quiet_days", 1, MOST_QUIET, &mut faults);
        let per_member_per_day = fields.number("per_member_per_day", 1, 10_000, &mut faults);
        if own::is_reserved(&source) {
            let detail = "names that begin with `waymark:` are Waymark's own: choose another";
            faults.push(Fault::new("/source", "reserved_source", detail));
        }
        fields.refuse_unknown(&mut faults);
        let read = Self {
            source,
            slug,
            title,
            adapter,
            types,
            subjects,
            secret,
            from,
            map,
            weights,
            quiet_days,
            per_member_per_day,
        };
        if faults.is_empty() { Ok(read) } else { Err(faults) }
    }

    /// What a contribution of this type weighs.
    pub fn weight(&self, kind: &str) -> u32 {
        self.weights.get(kind).copied().unwrap_or(1)
    }
}

/// `types`; those of the map where an adapter has one and they are left out.
fn types(fields: &mut Fields<'_>, adapter: Adapter, map: &[Rule], faults: &mut Faults) -> Vec<String> {
    if adapter == Adapter::CloudEvents {
        fields.required("types", faults);
    }
    let said = fields.list("types", faults);
    let mapped: BTreeSet<&str> = map.iter().map(|rule| rule.r#type.as_str()).collect();
    let types = said.unwrap_or_else(|| mapped.iter().map(|kind| (*kind).to_owned()).collect());
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
    for (n, rule) in map.iter().enumerate().filter(|(_, rule)| !types.contains(&rule.r#type)) {
        let detail = format!("`types` does not list `{}`: list it there too, or leave `types` out", rule.r#type);
        faults.push(Fault::new(format!("/map/{n}/type"), "type_not_listed", detail));
    }
    types
}

fn subjects(fields: &mut Fields<'_>, faults: &mut Faults) -> Vec<SubjectForm> {
    let Some(words) = fields.list("subjects", faults) else { return vec![SubjectForm::Member, SubjectForm::Handle] };
    let mut subjects = vec![];
    for (n, word) in words.iter().enumerate() {
        match FORMS.iter().find(|(name, _)| name == word) {
            Some((_, form)) => subjects.push(*form),
            None => {
                faults.push(Fault::new(format!("/subjects/{n}"), "unknown_word", "use member, handle or mailto"));
            }
        }
    }
    subjects
}

fn weights(fields: &mut Fields<'_>, types: &[String], faults: &mut Faults) -> BTreeMap<String, u32> {
    let Some(value) = fields.value("weights") else { return BTreeMap::new() };
    let Some(said) = value.as_object() else {
        faults.push(Fault::new("/weights", "not_a_mapping", "write type: weight here, such as {talk.given: 5}"));
        return BTreeMap::new();
    };
    let mut weights = BTreeMap::new();
    for (kind, weight) in said {
        let at = format!("/weights/{}", kind.replace('~', "~0").replace('/', "~1"));
        if !types.contains(kind) {
            faults.push(Fault::new(&at, "type_not_listed", format!("`types` does not list `{kind}`")));
        }
        match weight.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| (1..=MOST_WEIGHT).contains(n)) {
            Some(weight) => drop(weights.insert(kind.clone(), weight)),
            None => {
                faults.push(Fault::new(at, "invalid_number", format!("write a whole number from 1 to {MOST_WEIGHT}")));
            }
        }
    }
    weights
}

/// Keeps the definition of a file; answers whether anything changed.
pub async fn keep_source(ch: &mut Change<'_>, definition: &SourceDefinition) -> Result<bool> {
    keep_source_as(ch, definition, Managed::Files).await
}

/// Keeps a source's definition, written by these from now on; answers whether anything changed. Where nothing did, it stays whose it was.
pub async fn keep_source_as(ch: &mut Change<'_>, definition: &SourceDefinition, by: Managed) -> Result<bool> {
    let text = serde_json::to_string(definition)?;
    match row::Entity::find_by_id(definition.source.clone()).one(ch.tx()).await? {
        Some(known) if known.definition == text => Ok(false),
        Some(_) => {
            row::Entity::update_many()
                .col_expr(row::Column::Definition, Expr::value(text))
                .col_expr(row::Column::ChangedAt, Expr::value(millis(ch.now)))
                .col_expr(row::Column::Managed, Expr::value(by.as_str()))
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
                managed: Set(by.as_str().to_owned()),
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

/// Who writes a source that is configured.
pub async fn source_managed(db: &impl Read, name: &str) -> Result<Managed> {
    let known = row::Entity::find_by_id(name.to_owned()).one(db).await?.ok_or_else(Error::not_found)?;
    Managed::parse(&known.managed)
}

/// Every source, by name.
pub async fn sources(db: &impl Read) -> Result<Vec<SourceDefinition>> {
    let rows = row::Entity::find().order_by_asc(row::Column::Source).all(db).await?;
    rows.iter().map(|r| Ok(serde_json::from_str(&r.definition)?)).collect()
}

/// Those of these that are configured, or need no file.
pub(super) async fn sources_named(
    db: &impl Read,
    names: impl Iterator<Item = &str>,
) -> Result<BTreeMap<String, SourceDefinition>> {
    let (own, others): (Vec<&str>, Vec<&str>) = names.partition(|name| own::is_reserved(name));
    let rows = row::Entity::find().filter(row::Column::Source.is_in(others.iter().copied())).all(db).await?;
    let kept = rows.into_iter().map(|r| Ok((r.source, serde_json::from_str(&r.definition)?)));
    let mut known = kept.collect::<Result<BTreeMap<String, SourceDefinition>>>()?;
    for name in own.into_iter().chain(others) {
        if let Some(definition) = own::definition(name) {
            known.entry(name.to_owned()).or_insert(definition);
        }
    }
    Ok(known)
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

/// Every source with its name in addresses, which is its slug or, where it has none, drawn from its address; by name of source. Never twice the same.
pub async fn named_sources(db: &impl Read) -> Result<Vec<(String, SourceDefinition)>> {
    let all = sources(db).await?;
    let mut taken: BTreeSet<String> = all.iter().filter_map(|source| source.slug.clone()).collect();
    let mut named = vec![];
    for source in all {
        let name = source.slug.clone().unwrap_or_else(|| {
            let plain = plain_name(&source.source);
            let mut tries = (1..).map(|n| if n == 1 { plain.clone() } else { format!("{plain}-{n}") });
            tries.find(|name| taken.insert(name.clone())).unwrap_or_default()
        });
        named.push((name, source));
    }
    Ok(named)
}

/// `https://community.example/demo` → `community-example-demo`: for files and addresses.
pub fn plain_name(source: &str) -> String {
    let rest = source.split_once("://").map_or(source, |(_, rest)| rest).to_lowercase();
    let letters = rest.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect::<String>();
    let name: String = letters.split_whitespace().collect::<Vec<_>>().join("-").chars().take(60).collect();
    if name.is_empty() { "source".to_owned() } else { name }
}
