//! Contexts with everything looked up beforehand: what each name becomes in N-Quads, and which context holds inside it.

use super::super::active_context::{ActiveContext, Coercion, Container, Mapping, Term};
use super::super::quads::XSD_STRING;
use crate::model::Contexts;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

/// The most contexts that are kept compiled, for the life of the program. The closed types reach some forty.
const KEPT: usize = 256;

/// An active context as a flat table.
pub(super) struct Compiled {
    active: Arc<ActiveContext>,
    names: HashMap<Box<str>, Name, BuildHasherDefault<Fnv>>,
}

/// What a name stands for.
pub(super) struct Name {
    term: Arc<Term>,
    pub(super) means: Means,
    /// As a class or a vocabulary value: `<iri>`.
    pub(super) iri: Box<str>,
    inside: OnceLock<Option<&'static Compiled>>,
    at_scalar: OnceLock<Option<&'static Compiled>>,
    in_type: OnceLock<Option<&'static Compiled>>,
}

pub(super) enum Means {
    Id,
    Type,
    Property(Property),
}

pub(super) struct Property {
    /// ` <iri> `.
    pub(super) predicate: &'static str,
    /// What follows the closing quote of a text: nothing, or `^^<datatype>`.
    pub(super) datatype: Box<str>,
}

impl Name {
    pub(super) fn coercion(&self) -> &Coercion {
        &self.term.coercion
    }

    pub(super) fn container(&self) -> Container {
        self.term.container
    }

    /// Whether the name, as a type, brings a context of its own.
    pub(super) fn is_scoped(&self) -> bool {
        self.term.scope.is_some()
    }
}

impl Compiled {
    pub(super) fn name(&self, name: &str) -> Option<&Name> {
        self.names.get(name)
    }

    /// The context of a node under the property `name` (JSON-LD API §5.1.2 steps 7, 8).
    pub(super) fn inside(&self, name: &'static Name) -> Option<&'static Self> {
        *name.inside.get_or_init(|| {
            let nested = self.active.nested();
            match &name.term.scope {
                Some(scope) => compile(nested.in_property(scope).ok()?),
                None => compile(nested),
            }
        })
    }

    /// The context by which a text under the property `name` is read.
    pub(super) fn at_scalar(&'static self, name: &'static Name) -> Option<&'static Self> {
        match &name.term.scope {
            None => Some(self),
            Some(scope) => *name.at_scalar.get_or_init(|| compile(self.active.at_scalar(scope).ok()?)),
        }
    }

    /// The context of a node of the type `name`, the only one of its types that brings a context.
    pub(super) fn in_type(&self, name: &'static Name) -> Option<&'static Self> {
        *name.in_type.get_or_init(|| compile(self.active.in_type(name.term.scope.as_ref()?).ok()?))
    }
}

/// The compiled form of a known `@context` array.
pub(super) fn root(contexts: Contexts) -> Option<&'static Compiled> {
    static ROOTS: [OnceLock<Option<&'static Compiled>>; 3] = [const { OnceLock::new() }; 3];
    let at = Contexts::ALL.iter().position(|known| *known == contexts)?;
    *ROOTS[at].get_or_init(|| compile(ActiveContext::listed(contexts.urls()).ok()?))
}

fn compile(active: Arc<ActiveContext>) -> Option<&'static Compiled> {
    static KNOWN: Mutex<Vec<&'static Compiled>> = Mutex::new(Vec::new());
    // A poisoned lock only means that another thread panicked between two whole operations on the list.
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.iter().find(|known| Arc::ptr_eq(&known.active, &active)) {
        return Some(found);
    }
    // A prefix would make references other than they look; no known array of contexts defines one.
    if known.len() >= KEPT || active.definitions().any(|(_, term)| term.prefix) {
        return None;
    }
    let names = active.definitions().map(|(name, term)| (name.into(), Name::new(term))).collect();
    let compiled = Compiled { names, active };
    // Kept for the life of the program; `KEPT` bounds how many.
    let compiled: &'static Compiled = Box::leak(Box::new(compiled));
    known.push(compiled);
    Some(compiled)
}

impl Name {
    fn new(term: &Arc<Term>) -> Self {
        let (means, iri) = match &term.mapping {
            Mapping::Id => (Means::Id, String::new()),
            Mapping::Type => (Means::Type, String::new()),
            Mapping::Iri(iri) => {
                let datatype = match &term.coercion {
                    Coercion::Datatype(datatype) if **datatype != *XSD_STRING => format!("^^<{datatype}>"),
                    _ => String::new(),
                };
                let property = Property { predicate: predicate(iri), datatype: datatype.into() };
                (Means::Property(property), format!("<{iri}>"))
            }
        };
        Self {
            term: Arc::clone(term),
            means,
            iri: iri.into(),
            inside: OnceLock::new(),
            at_scalar: OnceLock::new(),
            in_type: OnceLock::new(),
        }
    }
}

/// ` <iri> `, one text for each IRI, so that equal predicates mostly stand at one address.
fn predicate(iri: &str) -> &'static str {
    static KNOWN: LazyLock<Mutex<HashMap<String, &'static str>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(iri.to_owned()).or_insert_with(|| Box::leak(format!(" <{iri}> ").into_boxed_str()))
}

/// FNV-1a: names are short, and only those of the embedded contexts are in a table.
pub(super) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
