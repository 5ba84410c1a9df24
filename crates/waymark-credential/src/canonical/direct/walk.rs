//! One pass over a typed document: a `serde` serializer that writes statements instead of JSON.

use super::super::active_context::{Coercion, Container};
use super::super::quads::write_quoted;
use super::compiled::{Compiled, Means, Name};
use super::dataset::{Dataset, Object};
use crate::model::is_absolute_iri;
use serde::ser::{Impossible, Serialize, SerializeSeq, SerializeStruct, Serializer};
use serde_json::Number;
use std::fmt;

const RDF_TYPE: &str = " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ";
const RDF_FIRST: &str = " <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> ";
const RDF_REST: &str = " <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> ";
const RDF_NIL: &str = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>";
const XSD_BOOLEAN: &str = "^^<http://www.w3.org/2001/XMLSchema#boolean>";
const XSD_INTEGER: &str = "^^<http://www.w3.org/2001/XMLSchema#integer>";
const XSD_DOUBLE: &str = "^^<http://www.w3.org/2001/XMLSchema#double>";

/// Something that only the long way can deal with.
#[derive(Debug)]
pub(super) struct NotPlain;

impl fmt::Display for NotPlain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not plain")
    }
}

impl std::error::Error for NotPlain {}

impl serde::ser::Error for NotPlain {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

type Done = Result<(), NotPlain>;

/// Writes the statements of `document`, whose top has neither `@context` nor `without`.
pub(super) fn top(document: &impl Serialize, context: &'static Compiled, without: &str, dataset: &mut Dataset) -> Done {
    let node = dataset.node(None);
    let place = Place::Top { without };
    document.serialize(Value { dataset, context, place, subject: node })
}

/// Where a value stands.
#[derive(Clone, Copy)]
enum Place<'w> {
    Top {
        without: &'w str,
    },
    /// The id of the subject.
    Id,
    /// A type of the subject, or the list of its types.
    Type,
    /// Under a property, in an array of it if `listed`.
    Under {
        name: &'static Name,
        predicate: &'static str,
        datatype: &'static str,
        listed: bool,
    },
}

struct Value<'d, 'w> {
    dataset: &'d mut Dataset,
    /// The context of the node that `subject` is.
    context: &'static Compiled,
    place: Place<'w>,
    subject: u32,
}

impl<'d, 'w> Value<'d, 'w> {
    /// A number or a boolean: its lexical form, and the datatype that it has where the term gives none.
    fn literal(self, lexical: &str, otherwise: &str) -> Done {
        let Place::Under { name, predicate, datatype, .. } = self.place else { return Err(NotPlain) };
        let datatype = match name.coercion() {
            Coercion::None => otherwise,
            Coercion::Datatype(_) => datatype,
            Coercion::Id | Coercion::Vocabulary | Coercion::Json => return Err(NotPlain),
        };
        self.context.at_scalar(name).ok_or(NotPlain)?;
        let start = self.dataset.begin();
        write_quoted(lexical, &mut self.dataset.text);
        self.dataset.text.push_str(datatype);
        self.dataset.state_written(self.subject, predicate, start);
        Ok(())
    }

    fn number(self, number: &Number) -> Done {
        let Place::Under { datatype, .. } = self.place else { return Err(NotPlain) };
        let (lexical, is_double) = super::super::number::rdf(number, datatype == XSD_DOUBLE);
        self.literal(&lexical, if is_double { XSD_DOUBLE } else { XSD_INTEGER })
    }
}

/// Whether a person can see the text: not blank, and no control characters but line feed and tab.
fn is_visible(text: &str) -> bool {
    // C1 controls begin with c2 in UTF-8. No early exit: compilers make this sixteen bytes at a time.
    let (hidden, seen) = text.bytes().fold((false, false), |(hidden, seen), b| {
        (hidden | (b < b' ') | (b == 0x7f) | (b == 0xc2), seen | ((b > b' ') & (b < 0x7f)))
    });
    match seen && !hidden {
        true => true,
        false => !text.trim().is_empty() && !text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'),
    }
}

macro_rules! not_plain {
    ($($method:ident($($argument:ty),*) $(-> $done:ty)?;)*) => {$(
        fn $method(self $(, _: $argument)*) -> Result<not_plain!(@ $($done)?), NotPlain> {
            Err(NotPlain)
        }
    )*};
    (@) => { () };
    (@ $done:ty) => { $done };
}

impl<'d, 'w> Serializer for Value<'d, 'w> {
    type Ok = ();
    type Error = NotPlain;
    type SerializeSeq = Sequence<'d>;
    type SerializeStruct = Node<'d, 'w>;
    type SerializeTuple = Impossible<(), NotPlain>;
    type SerializeTupleStruct = Impossible<(), NotPlain>;
    type SerializeTupleVariant = Impossible<(), NotPlain>;
    type SerializeMap = Impossible<(), NotPlain>;
    type SerializeStructVariant = Impossible<(), NotPlain>;

    fn serialize_str(self, text: &str) -> Done {
        self.dataset.texts_visible &= is_visible(text);
        match self.place {
            Place::Top { .. } => Err(NotPlain),
            Place::Id => {
                let named = is_absolute_iri(text) && self.dataset.name(self.subject, text);
                named.then_some(()).ok_or(NotPlain)
            }
            Place::Type => {
                let class = self.context.name(text).filter(|class| !class.iri.is_empty()).ok_or(NotPlain)?;
                self.dataset.state(self.subject, RDF_TYPE, Object::Fixed(&class.iri));
                let second = class.is_scoped() && self.dataset.scoped.replace(class).is_some();
                if second { Err(NotPlain) } else { Ok(()) }
            }
            Place::Under { name, predicate, datatype, .. } => {
                let start = self.dataset.begin();
                let context = self.context.at_scalar(name).ok_or(NotPlain)?;
                match name.coercion() {
                    Coercion::Json => return Err(NotPlain),
                    Coercion::Id => {
                        if !is_absolute_iri(text) {
                            return Err(NotPlain);
                        }
                        let out = &mut self.dataset.text;
                        out.push('<');
                        out.push_str(text);
                        out.push('>');
                    }
                    Coercion::Vocabulary => {
                        let value = &context.name(text).filter(|value| !value.iri.is_empty()).ok_or(NotPlain)?.iri;
                        self.dataset.state(self.subject, predicate, Object::Fixed(value));
                        return Ok(());
                    }
                    Coercion::None | Coercion::Datatype(_) => {
                        write_quoted(text, &mut self.dataset.text);
                        self.dataset.text.push_str(datatype);
                    }
                }
                self.dataset.state_written(self.subject, predicate, start);
                Ok(())
            }
        }
    }

    fn serialize_bool(self, value: bool) -> Done {
        self.literal(if value { "true" } else { "false" }, XSD_BOOLEAN)
    }

    fn serialize_i64(self, value: i64) -> Done {
        self.number(&value.into())
    }

    fn serialize_u64(self, value: u64) -> Done {
        self.number(&value.into())
    }

    fn serialize_f64(self, value: f64) -> Done {
        self.number(&Number::from_f64(value).ok_or(NotPlain)?)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Sequence<'d>, NotPlain> {
        let (kind, after) = match self.place {
            Place::Top { .. } | Place::Id | Place::Under { listed: true, .. } => return Err(NotPlain),
            Place::Type => (Place::Type, After::Something),
            Place::Under { name, predicate, datatype, listed: false } => {
                let inside = |predicate| Place::Under { name, predicate, datatype, listed: true };
                match name.container() {
                    Container::Graph | Container::Language => return Err(NotPlain),
                    Container::Set => (inside(predicate), After::Something),
                    Container::List => (inside(RDF_FIRST), After::Cell(self.subject, predicate)),
                }
            }
        };
        let Self { dataset, context, subject, .. } = self;
        Ok(Sequence { dataset, context, subject, place: kind, after, empty: true })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Node<'d, 'w>, NotPlain> {
        let (outside, subject, without) = match self.place {
            Place::Top { without } => (self.context, self.subject, Some(without)),
            Place::Id | Place::Type => return Err(NotPlain),
            Place::Under { name, predicate, .. } => {
                if name.container() == Container::Graph || *name.coercion() == Coercion::Json {
                    return Err(NotPlain);
                }
                let subject = self.dataset.node(Some((self.subject, predicate)));
                (self.context.inside(name).ok_or(NotPlain)?, subject, None)
            }
        };
        Ok(Node { dataset: self.dataset, context: outside, subject, without, before_members: true })
    }

    not_plain! {
        serialize_i8(i8); serialize_i16(i16); serialize_i32(i32); serialize_u8(u8); serialize_u16(u16); serialize_u32(u32);
        serialize_f32(f32); serialize_char(char); serialize_bytes(&[u8]); serialize_none(); serialize_unit();
        serialize_unit_struct(&'static str); serialize_unit_variant(&'static str, u32, &'static str);
        serialize_tuple(usize) -> Impossible<(), NotPlain>;
        serialize_tuple_struct(&'static str, usize) -> Impossible<(), NotPlain>;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Impossible<(), NotPlain>;
        serialize_map(Option<usize>) -> Impossible<(), NotPlain>;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Impossible<(), NotPlain>;
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(self, _: &'static str, _: u32, _: &'static str, _: &T) -> Done {
        Err(NotPlain)
    }
}

/// An array: a set of values, or an RDF list, one cell for each value.
struct Sequence<'d> {
    dataset: &'d mut Dataset,
    context: &'static Compiled,
    subject: u32,
    place: Place<'static>,
    after: After,
    empty: bool,
}

/// What the next value hangs on.
enum After {
    Something,
    /// A new cell, by this predicate of this node.
    Cell(u32, &'static str),
}

impl SerializeSeq for Sequence<'_> {
    type Ok = ();
    type Error = NotPlain;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.empty = false;
        let subject = match self.after {
            After::Something => self.subject,
            After::Cell(from, predicate) => {
                let cell = self.dataset.node(Some((from, predicate)));
                self.after = After::Cell(cell, RDF_REST);
                cell
            }
        };
        let (dataset, context) = (&mut *self.dataset, self.context);
        value.serialize(Value { dataset, context, place: self.place, subject })
    }

    fn end(self) -> Done {
        match self.after {
            After::Cell(last, predicate) => self.dataset.state(last, predicate, Object::Fixed(RDF_NIL)),
            // An empty array would leave no trace.
            After::Something if self.empty => return Err(NotPlain),
            After::Something => {}
        }
        Ok(())
    }
}

/// An object: one node. Its id and its types come before its other members, as the closed types have them.
struct Node<'d, 'w> {
    dataset: &'d mut Dataset,
    context: &'static Compiled,
    subject: u32,
    /// At the top, the member that is left out beside `@context`.
    without: Option<&'w str>,
    before_members: bool,
}

impl SerializeStruct for Node<'_, '_> {
    type Ok = ();
    type Error = NotPlain;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Done {
        if self.without.is_some_and(|without| key == without || key == "@context") {
            return Ok(());
        }
        let name = self.context.name(key).ok_or(NotPlain)?;
        let place = match &name.means {
            Means::Property(property) => {
                self.before_members = false;
                let (predicate, datatype) = (property.predicate, &*property.datatype);
                Place::Under { name, predicate, datatype, listed: false }
            }
            _ if !self.before_members => return Err(NotPlain),
            Means::Id => Place::Id,
            Means::Type => Place::Type,
        };
        let (dataset, context, subject) = (&mut *self.dataset, self.context, self.subject);
        value.serialize(Value { dataset, context, place, subject })?;
        if matches!(name.means, Means::Type) {
            self.before_members = false;
            if let Some(scoped) = self.dataset.scoped.take() {
                self.context = context.in_type(scoped).ok_or(NotPlain)?;
            }
        }
        Ok(())
    }

    fn end(self) -> Done {
        Ok(())
    }
}
