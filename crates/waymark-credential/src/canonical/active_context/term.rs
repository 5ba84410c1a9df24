//! Term definitions (JSON-LD API §4.2): what a name stands for, and how its values are read.

use super::{Defining, ExpandError, unsupported};
use serde_json::{Map, Value};
use std::sync::Arc;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::canonical) enum Mapping {
    Id,
    Type,
    Iri(Arc<str>),
}

/// How a string under the term is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::canonical) enum Coercion {
    None,
    Id,
    Vocabulary,
    Json,
    Datatype(Arc<str>),
}

/// What an array under the term means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::canonical) enum Container {
    /// No container, or `@set`: the same in RDF.
    Set,
    List,
    Graph,
    /// Texts by their language.
    Language,
}

/// A context that holds inside a term.
#[derive(Debug)]
pub(in crate::canonical) struct Scope {
    pub(in crate::canonical) definition: Value,
}

#[derive(Debug)]
pub(in crate::canonical) struct Term {
    pub(in crate::canonical) mapping: Mapping,
    pub(in crate::canonical) coercion: Coercion,
    pub(in crate::canonical) container: Container,
    pub(in crate::canonical) scope: Option<Arc<Scope>>,
    /// Whether `term:suffix` is shorthand for its IRI with a suffix.
    pub(in crate::canonical) prefix: bool,
    protected: bool,
}

impl Term {
    /// The same but for protection: then redefining a protected term is no change (§4.2.2 step 27).
    fn same(&self, other: &Self) -> bool {
        let scope = |term: &Self| term.scope.as_ref().map(|scope| scope.definition.clone());
        self.mapping == other.mapping
            && self.coercion == other.coercion
            && self.container == other.container
            && self.prefix == other.prefix
            && scope(self) == scope(other)
    }
}

impl<'a> Defining<'a> {
    /// §4.2.2, Create Term Definition.
    pub(super) fn define(&mut self, name: &'a str) -> Result<(), ExpandError> {
        if self.made.terms.contains_key(name) {
            return Ok(());
        }
        if self.under_way.contains(&name) {
            return Err(unsupported(name, "defined by itself"));
        }
        if name.is_empty() || name.contains(':') || name.contains('/') {
            return Err(unsupported(name, "a term must be a plain name"));
        }
        self.under_way.push(name);
        let term = self.read(name)?;
        self.under_way.pop();
        let before = self.made.below.as_ref().and_then(|below| below.definition(name));
        let term = match (before, term) {
            (Some(Some(old)), new) if old.protected && !self.overrides => match new {
                Some(new) if old.same(&new) => Some(Arc::clone(old)),
                _ => return Err(ExpandError::ProtectedTerm(name.to_owned())),
            },
            (_, new) => new.map(Arc::new),
        };
        self.made.terms.insert(name.to_owned(), term);
        Ok(())
    }

    fn read(&mut self, name: &'a str) -> Result<Option<Term>, ExpandError> {
        let local: &'a Map<String, Value> = self.local;
        let (id, definition) = match &local[name] {
            Value::Null => return Ok(None),
            Value::String(id) => (Some(id.as_str()), None),
            Value::Object(definition) => match definition.get("@id") {
                Some(Value::Null) => return Ok(None),
                Some(Value::String(id)) => (Some(id.as_str()), Some(definition)),
                None => (None, Some(definition)),
                Some(_) => return Err(unsupported(name, "@id is not text")),
            },
            _ => return Err(unsupported(name, "a term is text or an object")),
        };
        let mapping = match id {
            Some("@id") => Mapping::Id,
            Some("@type") => Mapping::Type,
            Some(keyword) if keyword.starts_with('@') => return Err(unsupported(name, "an alias of another keyword")),
            Some(id) if id != name => Mapping::Iri(self.iri(id)?),
            _ => match &self.made.vocabulary {
                Some(vocabulary) => Mapping::Iri(format!("{vocabulary}{name}").into()),
                None => return Err(unsupported(name, "no IRI")),
            },
        };
        let simple = definition.is_none();
        let ends_like_a_prefix = |iri: &Arc<str>| iri.ends_with([':', '/', '?', '#', '[', ']', '@']);
        let mut term = Term {
            prefix: simple && matches!(&mapping, Mapping::Iri(iri) if ends_like_a_prefix(iri)),
            mapping,
            coercion: Coercion::None,
            container: Container::Set,
            scope: None,
            protected: self.protected,
        };
        for (key, value) in definition.into_iter().flatten() {
            match (key.as_str(), value) {
                ("@id", _) => {}
                ("@type", Value::String(coercion)) => term.coercion = self.coercion(name, coercion)?,
                ("@container", Value::String(container)) => term.container = Self::container(name, container)?,
                ("@container", Value::Array(containers)) => match containers.as_slice() {
                    [Value::String(container)] => term.container = Self::container(name, container)?,
                    _ => return Err(unsupported(name, "several containers")),
                },
                ("@protected", Value::Bool(protected)) => term.protected = *protected,
                ("@prefix", Value::Bool(prefix)) => term.prefix = *prefix,
                ("@context", definition) => term.scope = Some(Arc::new(Scope { definition: definition.clone() })),
                _ => return Err(unsupported(name, "an entry that is not understood here")),
            }
        }
        Ok(Some(term))
    }

    fn container(name: &str, container: &str) -> Result<Container, ExpandError> {
        match container {
            "@set" => Ok(Container::Set),
            "@list" => Ok(Container::List),
            "@graph" => Ok(Container::Graph),
            "@language" => Ok(Container::Language),
            _ => Err(unsupported(name, "a container that is not understood here")),
        }
    }

    fn coercion(&mut self, name: &str, coercion: &'a str) -> Result<Coercion, ExpandError> {
        Ok(match coercion {
            "@id" => Coercion::Id,
            "@vocab" => Coercion::Vocabulary,
            "@json" => Coercion::Json,
            "@none" => Coercion::None,
            keyword if keyword.starts_with('@') => return Err(unsupported(name, "an unknown @type keyword")),
            datatype => Coercion::Datatype(self.iri(datatype)?),
        })
    }

    /// §5.2, IRI Expansion with a local context: a name of this definition is made first.
    fn iri(&mut self, value: &'a str) -> Result<Arc<str>, ExpandError> {
        let local = self.local;
        let needs = value.split_once(':').map_or(value, |(prefix, _)| prefix);
        if let Some((name, _)) = local.get_key_value(needs) {
            self.define(name)?;
        }
        match self.made.expand_iri(value, true) {
            Some(iri) if crate::model::Iri::parse(&*iri).is_ok() => Ok(iri),
            _ => Err(unsupported(value, "does not become an absolute IRI")),
        }
    }
}
