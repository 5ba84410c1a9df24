//! The `type` member, and the two places where JSON-LD lets one value stand for a list of one.

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// A name that a `type` member must carry.
pub trait Kind {
    const NAME: &'static str;
    /// Whether we write it as a bare string; Open Badges wants that for four small classes, an array for all others.
    const BARE: bool = false;
}

/// A `type` that is exactly `K::NAME`, alone or in an array of one; the form read is the form written.
pub struct Is<K> {
    bare: bool,
    kind: PhantomData<fn() -> K>,
}

impl<K: Kind> Default for Is<K> {
    fn default() -> Self {
        Self { bare: K::BARE, kind: PhantomData }
    }
}

impl<K> Clone for Is<K> {
    fn clone(&self) -> Self {
        Self { bare: self.bare, kind: PhantomData }
    }
}

impl<K> PartialEq for Is<K> {
    fn eq(&self, other: &Self) -> bool {
        self.bare == other.bare
    }
}

impl<K: Kind> fmt::Debug for Is<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(K::NAME)
    }
}

impl<K: Kind> Serialize for Is<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.bare { serializer.serialize_str(K::NAME) } else { serializer.collect_seq([K::NAME]) }
    }
}

impl<'de, K: Kind> Deserialize<'de> for Is<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (bare, found) = match OneOrMany::<String>::deserialize(deserializer)? {
            OneOrMany::One(name) => (true, name),
            OneOrMany::Many(mut names) if names.len() == 1 => (false, names.remove(0)),
            OneOrMany::Many(names) => {
                return Err(de::Error::custom(format_args!("type {names:?}: expected [{:?}]", K::NAME)));
            }
        };
        if found == K::NAME {
            Ok(Self { bare, kind: PhantomData })
        } else {
            Err(de::Error::custom(format_args!("type {found:?}: expected {:?}", K::NAME)))
        }
    }
}

/// One value, or an array of at least one. Which of the two is kept, because the signed bytes may depend on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

impl<T: Serialize> Serialize for OneOrMany<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(one) => one.serialize(serializer),
            Self::Many(many) => many.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<fn() -> T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = OneOrMany<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("one value or an array of at least one")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                T::deserialize(de::value::StrDeserializer::new(text)).map(OneOrMany::One)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(de::value::MapAccessDeserializer::new(map)).map(OneOrMany::One)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                let many = Vec::deserialize(de::value::SeqAccessDeserializer::new(seq))?;
                if many.is_empty() { Err(de::Error::invalid_length(0, &self)) } else { Ok(OneOrMany::Many(many)) }
            }
        }
        deserializer.deserialize_any(Either(PhantomData))
    }
}

/// An object, or its id alone.
#[derive(Debug, Clone, PartialEq)]
pub enum ReferenceOr<T> {
    Reference(super::Iri),
    Object(T),
}

impl<T: Serialize> Serialize for ReferenceOr<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Reference(id) => id.serialize(serializer),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ReferenceOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<fn() -> T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = ReferenceOr<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a URI or an object")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                super::Iri::parse(text).map(ReferenceOr::Reference).map_err(E::custom)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(de::value::MapAccessDeserializer::new(map)).map(ReferenceOr::Object)
            }
        }
        deserializer.deserialize_any(Either(PhantomData))
    }
}

/// The names themselves, as types.
pub mod kinds {
    macro_rules! kinds {
        ($($name:ident $(= $bare:literal)?),+ $(,)?) => {$(
            #[doc = concat!("`type` = `", stringify!($name), "`.")]
            pub enum $name {}
            impl super::Kind for $name {
                const NAME: &'static str = stringify!($name);
                $(const BARE: bool = $bare;)?
            }
        )+};
    }
    kinds! {
        Achievement, AchievementSubject, Address, Alignment, BitstringStatusList = true, DataIntegrityProof = true,
        EndorsementSubject, Evidence, GeoCoordinates = true, IdentifierEntry = true, IdentityObject = true, Image = true,
        Profile, Related, Result, ResultDescription, RubricCriterionLevel,
    }
}
