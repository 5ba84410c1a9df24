//! Contexts made ready for use: JSON-LD 1.1 context processing (JSON-LD API §4.1, §4.2) for the part of the language that the
//! embedded contexts use, and a little more for those that a document brings along. Anything else in a context is an error, so that no
//! definition is half understood.

mod term;

use super::refused::ExpandError;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
pub(super) use term::{Coercion, Container, Mapping, Scope, Term};

/// The terms that hold at one place of a document. Contexts are layers: a lookup goes from the newest to the oldest.
#[derive(Debug, Default)]
pub(super) struct ActiveContext {
    terms: HashMap<String, Option<Arc<Term>>>,
    below: Option<Arc<ActiveContext>>,
    vocabulary: Option<Arc<str>>,
    /// What to go back to on entering a nested node: set by type-scoped contexts, which do not reach down (§4.1.2, propagate).
    previous: Option<Arc<ActiveContext>>,
    /// Steps from the empty context.
    steps: usize,
    derived: Mutex<HashMap<Step, Arc<ActiveContext>>>,
}

/// One processing step, by which derived contexts are found again. It holds the scope, so that its address stays its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Step {
    Listed(Vec<String>),
    Property(ScopeByAddress),
    PropertyOfScalar(ScopeByAddress),
    Type(ScopeByAddress),
}

#[derive(Debug, Clone)]
struct ScopeByAddress(Arc<Scope>);

impl PartialEq for ScopeByAddress {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for ScopeByAddress {}

impl std::hash::Hash for ScopeByAddress {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}

/// How many steps away from the empty context, and how many a context, derived contexts are kept; beyond that they are made anew each
/// time. Documents of known kinds take two steps; the bounds hold what hostile ones can make us keep to some tens of megabytes.
const KEPT_STEPS: usize = 3;
const KEPT_EACH: usize = 32;
/// How many terms a context that a document brings along may define.
const INLINE_TERMS: usize = 256;

static EMPTY: LazyLock<Arc<ActiveContext>> = LazyLock::new(Arc::default);

impl ActiveContext {
    /// The context that the listed embedded contexts make, one after the other.
    pub(super) fn listed(urls: &[&str]) -> Result<Arc<Self>, ExpandError> {
        EMPTY.after_listed(urls)
    }

    /// This context with further listed ones on top (a node with an `@context` of its own).
    pub(super) fn after_listed(self: &Arc<Self>, urls: &[&str]) -> Result<Arc<Self>, ExpandError> {
        self.step(Step::Listed(urls.iter().map(|url| (*url).to_owned()).collect()), |active| {
            let (steps, mut active) = (active.steps + 1, Arc::clone(active));
            for url in urls {
                let text =
                    crate::contexts::embedded(url).ok_or_else(|| ExpandError::UnknownContext((*url).to_owned()))?;
                let document: Value = serde_json::from_str(text).map_err(|e| unsupported(url, &e.to_string()))?;
                let definition = document.get("@context").unwrap_or(&Value::Null);
                active = Arc::new(ActiveContext { steps, ..process(&active, definition, false)? });
            }
            Ok(active)
        })
    }

    /// This context with what a document's own `@context` brings: addresses of embedded contexts, definitions, or an array of both.
    pub(super) fn after_own(self: &Arc<Self>, own: &Value) -> Result<Arc<Self>, ExpandError> {
        let items = match own {
            Value::Array(items) => items.as_slice(),
            single => std::slice::from_ref(single),
        };
        let mut active = Arc::clone(self);
        for item in items {
            active = match item {
                Value::String(url) => active.after_listed(&[url.as_str()])?,
                Value::Object(definition) => {
                    // Some write the definition as it would stand in a file of its own.
                    let inside = definition.get("@context").filter(|_| definition.len() == 1).unwrap_or(item);
                    let Value::Object(terms) = inside else {
                        return Err(unsupported("@context", "an @context in place of a definition"));
                    };
                    if terms.len() > INLINE_TERMS {
                        return Err(unsupported("@context", "more than 256 terms in one place"));
                    }
                    Arc::new(process(&active, inside, false)?)
                }
                _ => return Err(unsupported("@context", "neither an address nor a definition")),
            };
        }
        Ok(active)
    }

    /// This context inside a property whose term carries a context; it may redefine protected terms (§5.1.2 step 8).
    pub(super) fn in_property(self: &Arc<Self>, scope: &Arc<Scope>) -> Result<Arc<Self>, ExpandError> {
        self.step(Step::Property(ScopeByAddress(Arc::clone(scope))), |active| {
            Ok(Arc::new(process(active, &scope.definition, true)?))
        })
    }

    /// The same where the property's value is no node: there protected terms stay as they are (§5.1.2 step 4.2).
    pub(super) fn at_scalar(self: &Arc<Self>, scope: &Arc<Scope>) -> Result<Arc<Self>, ExpandError> {
        self.step(Step::PropertyOfScalar(ScopeByAddress(Arc::clone(scope))), |active| {
            Ok(Arc::new(process(active, &scope.definition, false)?))
        })
    }

    /// This context inside a node of a type whose term carries a context; it does not reach nested nodes (§5.1.2 step 11).
    pub(super) fn in_type(self: &Arc<Self>, scope: &Arc<Scope>) -> Result<Arc<Self>, ExpandError> {
        self.step(Step::Type(ScopeByAddress(Arc::clone(scope))), |active| {
            let mut inside = process(active, &scope.definition, false)?;
            inside.previous = Some(active.previous.clone().unwrap_or_else(|| Arc::clone(active)));
            Ok(Arc::new(inside))
        })
    }

    /// What holds in a nested node: the context before the type-scoped ones.
    pub(super) fn nested(self: &Arc<Self>) -> Arc<Self> {
        self.previous.clone().unwrap_or_else(|| Arc::clone(self))
    }

    /// The definition of `name`, if it has one that is not null.
    pub(super) fn term(&self, name: &str) -> Option<&Arc<Term>> {
        self.definition(name)?.as_ref()
    }

    /// Every name with a definition that is not null.
    pub(super) fn definitions(&self) -> impl Iterator<Item = (&str, &Arc<Term>)> {
        std::iter::successors(Some(self), |layer| layer.below.as_deref())
            .flat_map(|layer| layer.terms.keys())
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .filter_map(|name| Some((name.as_str(), self.term(name)?)))
    }

    fn definition(&self, name: &str) -> Option<&Option<Arc<Term>>> {
        let mut layer = self;
        loop {
            match (layer.terms.get(name), &layer.below) {
                (Some(definition), _) => return Some(definition),
                (None, Some(below)) => layer = below,
                (None, None) => return None,
            }
        }
    }

    /// IRI expansion of a value in a document (§5.2): `vocabulary` for types and `@vocab` values, else ids.
    pub(super) fn expand_iri(&self, value: &str, vocabulary: bool) -> Option<Arc<str>> {
        if vocabulary && let Some(definition) = self.definition(value) {
            return match &definition.as_ref()?.mapping {
                Mapping::Iri(iri) => Some(Arc::clone(iri)),
                Mapping::Id | Mapping::Type => None,
            };
        }
        if let Some((prefix, suffix)) = value.split_once(':') {
            if prefix == "_" {
                return None;
            }
            if !suffix.starts_with("//")
                && let Some(term) = self.term(prefix)
                && let (true, Mapping::Iri(iri)) = (term.prefix, &term.mapping)
            {
                return Some(format!("{iri}{suffix}").into());
            }
            return Some(value.into());
        }
        let vocabulary = self.vocabulary.as_ref().filter(|_| vocabulary)?;
        Some(format!("{vocabulary}{value}").into())
    }

    fn step(
        self: &Arc<Self>,
        step: Step,
        make: impl FnOnce(&Arc<Self>) -> Result<Arc<Self>, ExpandError>,
    ) -> Result<Arc<Self>, ExpandError> {
        // A poisoned lock only means that another thread panicked between two whole operations on the map.
        let kept = |context: &Self| context.derived.lock().unwrap_or_else(PoisonError::into_inner).get(&step).cloned();
        if let Some(found) = kept(self) {
            return Ok(found);
        }
        let made = make(self)?;
        let mut derived = self.derived.lock().unwrap_or_else(PoisonError::into_inner);
        if self.steps < KEPT_STEPS && derived.len() < KEPT_EACH {
            derived.insert(step, Arc::clone(&made));
        }
        Ok(made)
    }
}

/// Context processing (§4.1) of one context definition. `overrides` lets it redefine protected terms.
fn process(active: &Arc<ActiveContext>, definition: &Value, overrides: bool) -> Result<ActiveContext, ExpandError> {
    let local = match definition {
        Value::Null => return Ok(ActiveContext::default()),
        Value::Object(local) => local,
        _ => return Err(unsupported("@context", "a scoped context must be null or an object")),
    };
    let mut made = ActiveContext {
        below: Some(Arc::clone(active)),
        vocabulary: active.vocabulary.clone(),
        previous: active.previous.clone(),
        steps: active.steps + 1,
        ..ActiveContext::default()
    };
    let mut protected = false;
    for (name, value) in local.iter().filter(|(name, _)| name.starts_with('@')) {
        match (name.as_str(), value) {
            ("@protected", Value::Bool(all)) => protected = *all,
            ("@version", version) if version.as_f64() == Some(1.1) => {}
            ("@vocab", Value::String(vocabulary)) if crate::model::Iri::parse(vocabulary).is_ok() => {
                made.vocabulary = Some(vocabulary.as_str().into());
            }
            ("@vocab", Value::Null) => made.vocabulary = None,
            _ => return Err(unsupported(name, "not understood here")),
        }
    }
    let mut defining = Defining { local, overrides, protected, made, under_way: Vec::new() };
    for name in local.keys().filter(|name| !name.starts_with('@')) {
        defining.define(name)?;
    }
    Ok(defining.made)
}

/// A context definition while its terms are being made; a term may need another one first.
struct Defining<'a> {
    local: &'a Map<String, Value>,
    overrides: bool,
    protected: bool,
    made: ActiveContext,
    under_way: Vec<&'a str>,
}

fn unsupported(what: &str, why: &str) -> ExpandError {
    ExpandError::UnsupportedContext(format!("{what}: {why}"))
}
