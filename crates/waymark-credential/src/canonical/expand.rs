//! A JSON document under embedded contexts → quads: JSON-LD expansion (JSON-LD API §5.1) and deserialization to RDF (§8.2) in one walk.
//!
//! Everything in the document is in the quads, or it is an error: a name without a definition, a relative reference, a `null`, an
//! empty array. JSON-LD lets those fall away, and then they are shown without being signed. Keywords may not stand in a document
//! (an `@context` that lists embedded contexts may), nor may names with a colon.
//!
//! [`expand_open`] reads documents of any kind: they may bring contexts of their own along, and texts with their language. What the base contexts
//! name may then bear no other name.

mod disguise;
mod language;
mod refusal;

use super::active_context::{ActiveContext, Coercion, Container, Mapping, Term};
use super::quads::{Node, Object, Quad, Text, XSD_STRING};
use super::refused::ExpandError;
use crate::work::Work;
pub(crate) use language::is_language_tag;
use refusal::{Place, no_trace, not_allowed, relative};
use serde_json::{Map, Value};
use std::sync::Arc;

const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const RDF_FIRST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first";
const RDF_REST: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest";
const RDF_NIL: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil";
const RDF_JSON: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON";
const XSD_BOOLEAN: &str = "http://www.w3.org/2001/XMLSchema#boolean";
const XSD_INTEGER: &str = "http://www.w3.org/2001/XMLSchema#integer";
const XSD_DOUBLE: &str = "http://www.w3.org/2001/XMLSchema#double";

/// The quads of `document` under the embedded contexts `urls`. An `@context` at the top of the document is not looked at.
pub fn expand<'a>(document: &'a Value, urls: &[&str]) -> Result<Vec<Quad<'a>>, ExpandError> {
    let Value::Object(members) = document else {
        return Err(not_allowed(&Place::Top, "anything but an object"));
    };
    let mut walk = Walk { quads: Vec::with_capacity(64), blanks: 0, open: false, left: OPEN_WORK };
    walk.node(&ActiveContext::listed(urls)?, members, None, &Place::Top)?;
    Ok(walk.quads)
}

/// The quads of a document of any kind under `contexts`, the value of an `@context`; an `@context` at the top of the document is not
/// looked at. Also answers the node that the document is about. On top of what [`expand`] takes there may be definitions in an
/// `@context`, texts with language and direction (`@value`, VCDM 2.0 §11.1), and empty arrays, which state nothing.
pub fn expand_open<'a>(document: &'a Value, contexts: &Value) -> Result<(Node<'a>, Vec<Quad<'a>>), ExpandError> {
    expand_open_within(document, contexts, &mut Work::default())
}

/// The same on the account of `work`.
pub(crate) fn expand_open_within<'a>(
    document: &'a Value,
    contexts: &Value,
    work: &mut Work,
) -> Result<(Node<'a>, Vec<Quad<'a>>), ExpandError> {
    let Value::Object(members) = document else {
        return Err(not_allowed(&Place::Top, "anything but an object"));
    };
    let may = OPEN_WORK.min(work.left().terms);
    let mut walk = Walk { quads: Vec::with_capacity(64), blanks: 0, open: true, left: may };
    let top = walk.node(&ActiveContext::listed(&[])?.after_own(contexts)?, members, None, &Place::Top);
    work.terms += may - walk.left;
    Ok((top?, walk.quads))
}

struct Walk<'a> {
    quads: Vec<Quad<'a>>,
    blanks: u32,
    open: bool,
    /// How many terms of scoped and own contexts may still be made.
    left: usize,
}

/// A document that brings contexts along may have them made anew at every node: so many terms, and it is refused. The embedded contexts come
/// to a few dozen a node.
const OPEN_WORK: usize = 400_000;

impl<'a> Walk<'a> {
    fn blank(&mut self) -> Node<'a> {
        self.blanks += 1;
        Node::Blank(self.blanks - 1)
    }

    /// A node object (§5.1.2 steps 9 to 14). `active` is already the one for this node but for its own contexts and types.
    fn node(
        &mut self,
        active: &Arc<ActiveContext>,
        members: &'a Map<String, Value>,
        graph: Option<&Node<'a>>,
        place: &Place<'_>,
    ) -> Result<Node<'a>, ExpandError> {
        let mut active = Arc::clone(active);
        if let (Some(own), false) = (members.get("@context"), matches!(place, Place::Top)) {
            self.spend(own, place)?;
            active = if self.open { active.after_own(own)? } else { active.after_listed(&listed(own, place)?)? };
        }
        let outside = Arc::clone(&active);
        let (mut id, mut types) = (None, Vec::new());
        for (name, value) in members {
            let place = Place::Member(place, name);
            match outside.term(name).map(|term| &term.mapping) {
                Some(mapping) if self.open && disguise::is_alias(name, mapping) => {
                    return Err(not_allowed(&place, "an id or a type under another name"));
                }
                Some(Mapping::Id) if id.is_none() => id = Some(reference(&outside, value, &place)?),
                Some(Mapping::Type) if types.is_empty() => types = texts(value, &place)?,
                Some(Mapping::Id | Mapping::Type) => return Err(not_allowed(&place, "a second id or type")),
                _ => {}
            }
        }
        let subject = id.unwrap_or_else(|| self.blank());
        let mut sorted: Vec<&str> = types.clone();
        sorted.sort_unstable();
        for scope in sorted.into_iter().filter_map(|name| outside.term(name)?.scope.as_ref()) {
            self.spend(&scope.definition, place)?;
            active = active.in_type(scope)?;
        }
        for name in types {
            let Some(iri) = outside.expand_iri(name, true).filter(|iri| crate::model::is_absolute_iri(iri)) else {
                return Err(ExpandError::UndefinedType { pointer: place.to_string(), name: name.to_owned() });
            };
            if self.open && disguise::is_disguised(name, &iri) {
                return Err(not_allowed(&Place::Member(place, "type"), "a type of the base contexts by another name"));
            }
            self.push(&subject, Text::Borrowed(RDF_TYPE), Object::Node(Node::Iri(Text::Shared(iri))), graph);
        }
        for (name, value) in members {
            let place = Place::Member(place, name);
            if name == "@context" {
                continue;
            }
            if name.starts_with('@') {
                return Err(not_allowed(&place, "a JSON-LD keyword"));
            }
            if name.contains(':') {
                return Err(not_allowed(&place, "a name with a colon"));
            }
            match active.term(name) {
                Some(term) if !matches!(term.mapping, Mapping::Iri(_)) => {
                    // Read above, if it is an id or a type outside the types too; no embedded context makes a difference there.
                    if outside.term(name).is_none_or(|other| other.mapping != term.mapping) {
                        return Err(not_allowed(&place, "an id or a type under a name that only its own type defines"));
                    }
                }
                Some(term) => self.member(&active, term, value, &subject, graph, &place)?,
                None => match active.expand_iri(name, true) {
                    Some(predicate) => self.plain(&active, &predicate, value, &subject, graph, &place)?,
                    None => return Err(ExpandError::UndefinedTerm { pointer: place.to_string(), name: name.clone() }),
                },
            }
        }
        Ok(subject)
    }

    /// A member with a term definition.
    fn member(
        &mut self,
        active: &Arc<ActiveContext>,
        term: &Arc<Term>,
        value: &'a Value,
        subject: &Node<'a>,
        graph: Option<&Node<'a>>,
        place: &Place<'_>,
    ) -> Result<(), ExpandError> {
        let Mapping::Iri(predicate) = &term.mapping else { return Ok(()) };
        self.undisguised(predicate, place)?;
        let predicate = || Text::Shared(Arc::clone(predicate));
        if term.coercion == Coercion::Json {
            let value = Text::Owned(super::canonical_json(value));
            let literal = Object::Literal { value, datatype: Text::Borrowed(RDF_JSON), language: None };
            self.push(subject, predicate(), literal, graph);
            return Ok(());
        }
        let elements = match value {
            Value::Array(elements) => elements.as_slice(),
            single => std::slice::from_ref(single),
        };
        let at = |index: usize| if value.is_array() { Place::Element(place, index) } else { *place };
        match term.container {
            Container::List => {
                let mut items = Vec::with_capacity(elements.len());
                for (index, element) in elements.iter().enumerate() {
                    items.push(self.value(active, Some(term), element, graph, &at(index))?);
                }
                let head = self.list(items, graph);
                self.push(subject, predicate(), Object::Node(head), graph);
                return Ok(());
            }
            _ if elements.is_empty() => return self.nothing(place),
            Container::Language => {
                for literal in language::by_language(value, place)? {
                    self.push(subject, predicate(), literal, graph);
                }
            }
            Container::Graph => {
                for (index, element) in elements.iter().enumerate() {
                    let Value::Object(members) = element else {
                        return Err(not_allowed(&at(index), "anything but an object"));
                    };
                    let name = self.blank();
                    self.push(subject, predicate(), Object::Node(name.clone()), graph);
                    let inside = inside(active, Some(term))?;
                    self.node(&inside, members, Some(&name), &at(index))?;
                }
            }
            Container::Set => {
                for (index, element) in elements.iter().enumerate() {
                    let object = self.value(active, Some(term), element, graph, &at(index))?;
                    self.push(subject, predicate(), object, graph);
                }
            }
        }
        Ok(())
    }

    /// A member that only a vocabulary gives a meaning.
    fn plain(
        &mut self,
        active: &Arc<ActiveContext>,
        predicate: &Arc<str>,
        value: &'a Value,
        subject: &Node<'a>,
        graph: Option<&Node<'a>>,
        place: &Place<'_>,
    ) -> Result<(), ExpandError> {
        self.undisguised(predicate, place)?;
        let elements = match value {
            Value::Array(elements) if elements.is_empty() => return self.nothing(place),
            Value::Array(elements) => elements.as_slice(),
            single => std::slice::from_ref(single),
        };
        for (index, element) in elements.iter().enumerate() {
            let at = if value.is_array() { Place::Element(place, index) } else { *place };
            let object = self.value(active, None, element, graph, &at)?;
            self.push(subject, Text::Shared(Arc::clone(predicate)), object, graph);
        }
        Ok(())
    }

    /// Counts the terms of a context that is about to be made.
    fn spend(&mut self, definition: &Value, place: &Place<'_>) -> Result<(), ExpandError> {
        if !self.open {
            return Ok(());
        }
        let terms = |definition: &Value| definition.as_object().map_or(1, |terms| terms.len() + 1);
        let cost = definition.as_array().map_or_else(|| terms(definition), |items| items.iter().map(terms).sum());
        self.left =
            self.left.checked_sub(cost).ok_or_else(|| not_allowed(place, "so many contexts in one document"))?;
        Ok(())
    }

    /// Refuses a member that states by another name what the base contexts name.
    fn undisguised(&self, predicate: &str, place: &Place<'_>) -> Result<(), ExpandError> {
        match place {
            Place::Member(_, name) if self.open && disguise::is_disguised_predicate(name, predicate) => {
                Err(not_allowed(place, "a word of the base contexts by another name"))
            }
            _ => Ok(()),
        }
    }

    /// An empty array states nothing: in a closed shape it has no place.
    fn nothing(&self, place: &Place<'_>) -> Result<(), ExpandError> {
        if self.open { Ok(()) } else { Err(no_trace(place, "an empty array")) }
    }

    /// One value: a nested node, or a scalar by the term's coercion (§5.3 Value Expansion, §8.6 Object to RDF).
    fn value(
        &mut self,
        active: &Arc<ActiveContext>,
        term: Option<&Arc<Term>>,
        value: &'a Value,
        graph: Option<&Node<'a>>,
        place: &Place<'_>,
    ) -> Result<Object<'a>, ExpandError> {
        let coercion = term.map_or(&Coercion::None, |term| &term.coercion);
        let typed = |value: Text<'a>, otherwise: &'static str| {
            let datatype = match coercion {
                Coercion::Datatype(datatype) => Text::Shared(Arc::clone(datatype)),
                _ => Text::Borrowed(otherwise),
            };
            Object::Literal { value, datatype, language: None }
        };
        if let Some(scope) = term.and_then(|term| term.scope.as_ref()) {
            self.spend(&scope.definition, place)?;
        }
        let scalar = matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_));
        let active = match term.and_then(|term| term.scope.as_ref()).filter(|_| scalar) {
            Some(scope) => &active.at_scalar(scope)?,
            None => active,
        };
        Ok(match value {
            Value::Null => return Err(no_trace(place, "null")),
            Value::Array(_) => return Err(not_allowed(place, "an array inside an array")),
            Value::Object(members) if self.open && members.contains_key("@value") => language::literal(members, place)?,
            Value::Object(members) => Object::Node(self.node(&inside(active, term)?, members, graph, place)?),
            Value::String(text) => match coercion {
                Coercion::Id => Object::Node(reference(active, value, place)?),
                Coercion::Vocabulary => {
                    match active.expand_iri(text, true).filter(|iri| crate::model::is_absolute_iri(iri)) {
                        Some(iri) => Object::Node(Node::Iri(Text::Shared(iri))),
                        None => return Err(relative(text, place)),
                    }
                }
                _ => typed(Text::Borrowed(text), XSD_STRING),
            },
            _ if matches!(coercion, Coercion::Id | Coercion::Vocabulary) => {
                return Err(not_allowed(place, "a number or a boolean in place of a URI"));
            }
            Value::Bool(boolean) => typed(Text::Borrowed(if *boolean { "true" } else { "false" }), XSD_BOOLEAN),
            Value::Number(number) => {
                let double = matches!(coercion, Coercion::Datatype(datatype) if **datatype == *XSD_DOUBLE);
                let (lexical, is_double) = super::number::rdf(number, double);
                typed(Text::Owned(lexical), if is_double { XSD_DOUBLE } else { XSD_INTEGER })
            }
        })
    }

    /// List to RDF (§8.5).
    fn list(&mut self, items: Vec<Object<'a>>, graph: Option<&Node<'a>>) -> Node<'a> {
        let nil = Node::Iri(Text::Borrowed(RDF_NIL));
        items.into_iter().rev().fold(nil, |rest, item| {
            let cell = self.blank();
            self.push(&cell, Text::Borrowed(RDF_FIRST), item, graph);
            self.push(&cell, Text::Borrowed(RDF_REST), Object::Node(rest), graph);
            cell
        })
    }

    fn push(&mut self, subject: &Node<'a>, predicate: Text<'a>, object: Object<'a>, graph: Option<&Node<'a>>) {
        self.quads.push(Quad { subject: subject.clone(), predicate, object, graph: graph.cloned() });
    }
}

/// The context for a node nested under `term`: back out of the types, then into the property (§5.1.2 steps 7, 8).
fn inside(active: &Arc<ActiveContext>, term: Option<&Arc<Term>>) -> Result<Arc<ActiveContext>, ExpandError> {
    let nested = active.nested();
    match term.and_then(|term| term.scope.as_ref()) {
        Some(scope) => nested.in_property(scope),
        None => Ok(nested),
    }
}

/// An id: absolute as it stands, or by a prefix.
fn reference<'a>(active: &ActiveContext, value: &'a Value, place: &Place<'_>) -> Result<Node<'a>, ExpandError> {
    let Value::String(text) = value else { return Err(not_allowed(place, "anything but one text")) };
    match active.expand_iri(text, false) {
        Some(iri) if crate::model::is_absolute_iri(&iri) => {
            Ok(Node::Iri(if *iri == **text { Text::Borrowed(text) } else { Text::Shared(iri) }))
        }
        _ => Err(relative(text, place)),
    }
}

fn texts<'a>(value: &'a Value, place: &Place<'_>) -> Result<Vec<&'a str>, ExpandError> {
    let elements = match value {
        Value::Array(elements) if elements.is_empty() => return Err(no_trace(place, "an empty array")),
        Value::Array(elements) => elements.as_slice(),
        single => std::slice::from_ref(single),
    };
    elements.iter().map(|e| e.as_str().ok_or_else(|| not_allowed(place, "a type that is not text"))).collect()
}

fn listed<'a>(own: &'a Value, place: &Place<'_>) -> Result<Vec<&'a str>, ExpandError> {
    texts(own, place).map_err(|_| not_allowed(place, "an @context that is not a list of embedded contexts"))
}
