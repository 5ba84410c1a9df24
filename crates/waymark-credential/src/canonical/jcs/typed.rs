//! The canonical text of a typed value without a tree between: a `serde` serializer that sorts the members of an object when it ends.

use super::super::number::ecmascript;
use super::quote;
use serde::ser::{Error as _, Impossible, Serialize, SerializeSeq, SerializeStruct, Serializer};
use serde_json::{Error, Number};

/// The same as [`super::canonical_json`] of `value` as JSON, where the member `without` is left out at the top.
///
/// # Errors
/// For what the closed types do not hold: maps, tuples, variants, bytes.
pub fn canonical_typed(value: &impl Serialize, without: &str) -> Result<String, Error> {
    let mut out = String::with_capacity(4096);
    value.serialize(Writer { out: &mut out, without: Some(without) })?;
    Ok(out)
}

struct Writer<'o, 'w> {
    out: &'o mut String,
    /// At the top only.
    without: Option<&'w str>,
}

impl Writer<'_, '_> {
    fn number(self, number: &Number) -> Result<(), Error> {
        self.out.push_str(&ecmascript(number));
        Ok(())
    }
}

fn foreign<T>() -> Result<T, Error> {
    Err(Error::custom("the closed types hold objects, arrays, texts, numbers and booleans"))
}

macro_rules! foreign {
    ($($method:ident($($argument:ty),*) $(-> $done:ty)?;)*) => {$(
        fn $method(self $(, _: $argument)*) -> Result<foreign!(@ $($done)?), Error> {
            foreign()
        }
    )*};
    (@) => { () };
    (@ $done:ty) => { $done };
}

impl<'o, 'w> Serializer for Writer<'o, 'w> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Array<'o>;
    type SerializeStruct = Object<'o, 'w>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;
    type SerializeStructVariant = Impossible<(), Error>;

    fn serialize_str(self, text: &str) -> Result<(), Error> {
        quote(text, self.out);
        Ok(())
    }

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.out.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Error> {
        self.number(&value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        self.number(&value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        Number::from_f64(value).map_or_else(foreign, |number| self.number(&number))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Array<'o>, Error> {
        self.out.push('[');
        Ok(Array { out: self.out, empty: true })
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Object<'o, 'w>, Error> {
        let start = self.out.len();
        Ok(Object { out: self.out, without: self.without, start, members: Vec::with_capacity(length) })
    }

    foreign! {
        serialize_i8(i8); serialize_i16(i16); serialize_i32(i32); serialize_u8(u8); serialize_u16(u16); serialize_u32(u32);
        serialize_f32(f32); serialize_char(char); serialize_bytes(&[u8]); serialize_none(); serialize_unit();
        serialize_unit_struct(&'static str); serialize_unit_variant(&'static str, u32, &'static str);
        serialize_tuple(usize) -> Impossible<(), Error>;
        serialize_tuple_struct(&'static str, usize) -> Impossible<(), Error>;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Impossible<(), Error>;
        serialize_map(Option<usize>) -> Impossible<(), Error>;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Impossible<(), Error>;
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Error> {
        foreign()
    }
}

struct Array<'o> {
    out: &'o mut String,
    empty: bool,
}

impl SerializeSeq for Array<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        if !std::mem::replace(&mut self.empty, false) {
            self.out.push(',');
        }
        value.serialize(Writer { out: self.out, without: None })
    }

    fn end(self) -> Result<(), Error> {
        self.out.push(']');
        Ok(())
    }
}

/// The members in the order in which they come, and where each one stands, `"name":value`.
struct Object<'o, 'w> {
    out: &'o mut String,
    without: Option<&'w str>,
    start: usize,
    members: Vec<(&'static str, usize, usize)>,
}

impl SerializeStruct for Object<'_, '_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        if self.without == Some(name) {
            return Ok(());
        }
        let start = self.out.len();
        quote(name, self.out);
        self.out.push(':');
        value.serialize(Writer { out: self.out, without: None })?;
        self.members.push((name, start, self.out.len()));
        Ok(())
    }

    fn end(mut self) -> Result<(), Error> {
        // Names of the closed types are ASCII, of which UTF-16 and bytes have the same order.
        self.members.sort_unstable_by_key(|(name, ..)| *name);
        let end = self.out.len();
        self.out.reserve(end - self.start + self.members.len() + 2);
        self.out.push('{');
        for (at, (_, from, to)) in self.members.iter().enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            self.out.extend_from_within(*from..*to);
        }
        self.out.push('}');
        self.out.drain(self.start..end);
        Ok(())
    }
}
