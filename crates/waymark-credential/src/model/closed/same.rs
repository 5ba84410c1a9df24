//! Whether a typed value says what a JSON value says: a `serde` serializer that compares instead of writing.

use serde::ser::{Impossible, Serialize, SerializeSeq, SerializeStruct, Serializer};
use serde_json::{Number, Value};
use std::fmt;

/// Whether `typed`, written as JSON, is `value`: every member, every entry, every text, nothing more and nothing less.
pub(super) fn says(typed: &impl Serialize, value: &Value) -> bool {
    typed.serialize(Against(value)).is_ok()
}

#[derive(Debug)]
pub(super) struct Differs;

impl fmt::Display for Differs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("differs")
    }
}

impl std::error::Error for Differs {}

impl serde::ser::Error for Differs {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

fn only_if(same: bool) -> Result<(), Differs> {
    if same { Ok(()) } else { Err(Differs) }
}

struct Against<'v>(&'v Value);

impl Against<'_> {
    fn number(self, number: Option<Number>) -> Result<(), Differs> {
        only_if(matches!((self.0, number), (Value::Number(there), Some(here)) if *there == here))
    }
}

macro_rules! differs {
    ($($method:ident($($argument:ty),*) $(-> $done:ty)?;)*) => {$(
        fn $method(self $(, _: $argument)*) -> Result<differs!(@ $($done)?), Differs> {
            Err(Differs)
        }
    )*};
    (@) => { () };
    (@ $done:ty) => { $done };
}

impl<'v> Serializer for Against<'v> {
    type Ok = ();
    type Error = Differs;
    type SerializeSeq = Entries<'v>;
    type SerializeStruct = Members<'v>;
    type SerializeTuple = Impossible<(), Differs>;
    type SerializeTupleStruct = Impossible<(), Differs>;
    type SerializeTupleVariant = Impossible<(), Differs>;
    type SerializeMap = Impossible<(), Differs>;
    type SerializeStructVariant = Impossible<(), Differs>;

    fn serialize_str(self, text: &str) -> Result<(), Differs> {
        only_if(self.0 == text)
    }

    fn serialize_bool(self, value: bool) -> Result<(), Differs> {
        only_if(*self.0 == Value::Bool(value))
    }

    fn serialize_i64(self, value: i64) -> Result<(), Differs> {
        self.number(Some(value.into()))
    }

    fn serialize_u64(self, value: u64) -> Result<(), Differs> {
        self.number(Some(value.into()))
    }

    fn serialize_f64(self, value: f64) -> Result<(), Differs> {
        self.number(Number::from_f64(value))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Differs> {
        value.serialize(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Differs> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Entries<'v>, Differs> {
        self.0.as_array().map(|entries| Entries(entries)).ok_or(Differs)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'v>, Differs> {
        self.0.as_object().map(|members| Members { left: members.len(), members }).ok_or(Differs)
    }

    differs! {
        serialize_i8(i8); serialize_i16(i16); serialize_i32(i32); serialize_u8(u8); serialize_u16(u16); serialize_u32(u32);
        serialize_f32(f32); serialize_char(char); serialize_bytes(&[u8]); serialize_none(); serialize_unit();
        serialize_unit_struct(&'static str); serialize_unit_variant(&'static str, u32, &'static str);
        serialize_tuple(usize) -> Impossible<(), Differs>;
        serialize_tuple_struct(&'static str, usize) -> Impossible<(), Differs>;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Impossible<(), Differs>;
        serialize_map(Option<usize>) -> Impossible<(), Differs>;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Impossible<(), Differs>;
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Differs> {
        Err(Differs)
    }
}

/// The entries that are not compared yet.
struct Entries<'v>(&'v [Value]);

impl SerializeSeq for Entries<'_> {
    type Ok = ();
    type Error = Differs;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Differs> {
        let (first, rest) = self.0.split_first().ok_or(Differs)?;
        self.0 = rest;
        value.serialize(Against(first))
    }

    fn end(self) -> Result<(), Differs> {
        only_if(self.0.is_empty())
    }
}

struct Members<'v> {
    members: &'v serde_json::Map<String, Value>,
    left: usize,
}

impl SerializeStruct for Members<'_> {
    type Ok = ();
    type Error = Differs;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Differs> {
        self.left = self.left.checked_sub(1).ok_or(Differs)?;
        value.serialize(Against(self.members.get(name).ok_or(Differs)?))
    }

    fn end(self) -> Result<(), Differs> {
        only_if(self.left == 0)
    }
}
